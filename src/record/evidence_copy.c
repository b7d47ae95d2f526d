// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/evidence_copy.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "record/evidence_making.h"

#define METHOD_MAX 256U

/* What cairn-clean gave, behind the byte that says what it is. */
struct copy_source {
	int fd;
	off_t at;
};

static int
read_copy(void *arg, uint8_t *out, size_t room, size_t *ret_bytes)
{
	struct copy_source *s = arg;
	ssize_t n;

	do
		n = pread(s->fd, out, room, s->at);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return CAIRN_ERR_IO;
	s->at += n;
	*ret_bytes = (size_t)n;
	return CAIRN_OK;
}

static const char *
kind_method(enum clean_kind kind)
{
	switch (kind) {
	case CLEAN_JPEG:
	case CLEAN_PNG:
		return "picture decoded, turned upright, in sRGB on white, encoded anew without any metadata";
	case CLEAN_PDF:
		return "each page drawn as a picture, put into a new PDF without text, scripts, files or metadata";
	case CLEAN_TEXT:
		return "characters alone, without control characters and marks that do not show";
	}
	return "";
}

static void
describe(char out[METHOD_MAX], enum clean_kind kind, const struct evidence_clean_job *job)
{
	const char *base = kind_method(kind);

	if (job->task == CLEAN_COPY)
		snprintf(out, METHOD_MAX, "%s", base);
	else
		snprintf(out, METHOD_MAX, "%zu region%s taken out%s; %s", job->count, job->count == 1 ? "" : "s",
		    kind != CLEAN_TEXT      ? ""
			: job->keep_lengths ? ", their lengths kept"
					    : ", their lengths hidden",
		    base);
}

static int
emit_made(struct evidence *ev, const struct evidence_item *source, struct evidence_making *m,
    enum evidence_action action, const char *method, const char *note, uint64_t now)
{
	struct evidence_entry e = {.action = action};

	memcpy(e.item, source->id, sizeof(e.item));
	evidence_set(&e, EVIDENCE_FIELD_COPY, evidence_making_id(m), EVIDENCE_ITEM_BYTES);
	evidence_set(&e, EVIDENCE_FIELD_COPY_SHA256, evidence_making_sha256(m), 32);
	evidence_set_text(&e, EVIDENCE_FIELD_METHOD, method);
	evidence_set_text(&e, EVIDENCE_FIELD_NOTE, note);
	return evidence_emit(ev, &e, now, NULL);
}

static int
commit_copy(struct evidence *ev, const struct evidence_item *source, struct evidence_making *m, enum clean_kind kind,
    const struct evidence_clean_job *job, const char *note, uint64_t now)
{
	struct evidence_entry root = {.action = EVIDENCE_DERIVED};
	char method[METHOD_MAX];
	int err = db_begin(ev->options.db);

	if (err != CAIRN_OK)
		return err;
	describe(method, kind, job);
	evidence_set(&root, EVIDENCE_FIELD_SOURCE, source->id, sizeof(source->id));
	evidence_set(&root, EVIDENCE_FIELD_SOURCE_SHA256, source->sha256, sizeof(source->sha256));
	evidence_set_text(&root, EVIDENCE_FIELD_METHOD, method);
	err = evidence_making_root(m, &root, evidence_kind_media(kind), NULL, now);
	if (err == CAIRN_OK)
		err = emit_made(
		    ev, source, m, job->task == CLEAN_COPY ? EVIDENCE_COPIED : EVIDENCE_REDACTED, method, note, now);
	return db_end(ev->options.db, err);
}

static int
make(struct evidence *ev, const struct evidence_item *source, const struct evidence_clean_job *job, const char *note,
    uint64_t now, uint8_t ret_id[EVIDENCE_ITEM_BYTES])
{
	struct copy_source from = {-1, 1};
	struct evidence_making *m = NULL;
	const char *why = evidence_not_cleanable(source->media);
	enum clean_kind kind;
	bool tried = false;
	int err;

	if (why != NULL)
		return evidence_trouble(ev, CAIRN_ERR_FORMAT, "%s cannot be cleaned: %s", source->media, why);
	err = evidence_cleaner_run(ev, source, job, &from.fd, &kind);
	if (err == CAIRN_OK)
		err = evidence_making_begin(&m, ev);
	if (err == CAIRN_OK)
		err = evidence_making_stream(m, read_copy, &from);
	if (err == CAIRN_OK) {
		tried = true;
		err = commit_copy(ev, source, m, kind, job, note, now);
	}
	if (err == CAIRN_OK)
		memcpy(ret_id, evidence_making_id(m), EVIDENCE_ITEM_BYTES);
	evidence_making_end(m, tried);
	if (from.fd >= 0)
		close(from.fd);
	return evidence_state_trouble(ev, err);
}

int
evidence_copy(struct evidence *ev, const struct evidence_item *source, const char *note, uint64_t now,
    uint8_t ret_id[EVIDENCE_ITEM_BYTES])
{
	struct evidence_clean_job job = {.task = CLEAN_COPY};

	return make(ev, source, &job, note, now, ret_id);
}

int
evidence_redact(struct evidence *ev, const struct evidence_item *source, const struct evidence_box *boxes,
    size_t count, bool keep_lengths, const char *note, uint64_t now, uint8_t ret_id[EVIDENCE_ITEM_BYTES])
{
	struct evidence_clean_job job = {
	    .task = CLEAN_REDACT, .keep_lengths = keep_lengths, .count = count, .boxes = boxes};

	return make(ev, source, &job, note, now, ret_id);
}
