// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/publish.h"

#include <sodium.h>

#include "base/writer.h"
#include "desk/alarm.h"

/* Signing what was decided, sending it, and learning what the relay made of it. */

#define SECTION_CHECKPOINT 1U
#define CHECKPOINT_NOTE_MAX 1024U

/* One row of the log, on its way to the relay. */
struct appending {
	struct desk *desk;
	uint64_t size;
	uint32_t hour;
	uint8_t root[32];
	bool done;
	uint8_t *body;
	size_t bytes;
};

static int
append_body(struct appending *a, struct cairn_span text, struct cairn_span sections)
{
	char origin[CAIRN_KEY_NAME_BYTES];
	uint8_t note[CHECKPOINT_NOTE_MAX];
	struct writer w;
	size_t note_bytes;
	int err;

	/* The one place that signs a checkpoint: a text that the log holds, durably, and no other. */
	err = cairn_note_sign(note, sizeof(note), &note_bytes, text,
	    cairn_key_name(origin, a->desk->self.desk_id, "board"), a->desk->self.board_secret);
	if (err != CAIRN_OK)
		return err;
	a->bytes = 5 + note_bytes + sections.size;
	a->body = malloc(a->bytes);
	if (a->body == NULL)
		return CAIRN_ERR_NOMEM;
	writer_init(&w, a->body, a->bytes);
	write_u8(&w, SECTION_CHECKPOINT);
	write_u32(&w, (uint32_t)note_bytes);
	write_bytes(&w, note, note_bytes);
	write_bytes(&w, sections.text, sections.size);
	return writer_end(&w, NULL);
}

/* CAIRN_ERR_UNKNOWN: no such size, or its append is not kept any more. */
static int
append_read(struct appending *a, uint64_t size)
{
	struct query q = query(a->desk->state, SQL_BOARD_AT);
	struct cairn_span sections;
	int err = CAIRN_ERR_UNKNOWN;

	a->size = size;
	a->body = NULL;
	bind_int(&q, size);
	if (query_row(&q)) {
		a->hour = (uint32_t)query_int(&q, 0);
		query_bytes(&q, 1, a->root, sizeof(a->root));
		sections = query_span(&q, 3);
		if (sections.text != NULL)
			err = append_body(a, query_span(&q, 2), sections);
	}
	return query_end(&q) == CAIRN_OK ? err : q.err;
}

static int
append_send(struct appending *a, int *ret_status, const uint8_t **body, size_t *bytes)
{
	struct cairn_request request = {.method = "POST",
	    .body = a->body,
	    .body_bytes = a->bytes,
	    .staff = true,
	    .answer_max = CAIRN_NOTE_BYTES_MAX};

	snprintf(request.path, sizeof(request.path), "board/append?size=%llu", (unsigned long long)a->size - 1);
	return desk_exchange(a->desk, &request, ret_status, body, bytes);
}

/* It is on the board. Replies of a batch too late for its day are queued again, under their msgid. */
static int
append_done(struct appending *a, uint64_t now)
{
	struct desk *desk = a->desk;
	bool late = desk_day(now) > a->hour / 24 + 1;
	struct query q;
	int err = db_begin(desk->state);

	if (err != CAIRN_OK)
		return desk_state_trouble(desk, err);
	q = query(desk->state, SQL_BOARD_DONE);
	bind_int(&q, a->size);
	err = query_run(&q);
	if (err == CAIRN_OK) {
		q = query(desk->state, SQL_REPLY_PUBLISHED);
		bind_int(&q, late ? 0 : 2);
		err = query_run(&q);
	}
	if (err == CAIRN_OK) {
		q = query(desk->state, SQL_BOARD_THIN);
		bind_int(&q, desk_hour(now) < PUBLISH_KEEP_HOURS ? 0 : desk_hour(now) - PUBLISH_KEEP_HOURS);
		err = query_run(&q);
	}
	return desk_state_trouble(desk, db_end(desk->state, err));
}

static int
conflict(struct desk *desk, uint64_t theirs, uint64_t ours, uint64_t now)
{
	struct alarm alarm = {now, 0, ALARM_BOARD, theirs, ours};
	int err = alarm_raise(desk->state, &alarm);

	if (err != CAIRN_OK)
		return desk_state_trouble(desk, err);
	alarm_text(desk->trouble, &alarm);
	return CAIRN_ERR_CONFLICT;
}

/* The checkpoint that the relay has: size 0 where it has none. */
static int
relay_checkpoint(struct desk *desk, struct cairn_checkpoint *checkpoint, const uint8_t *body, size_t bytes)
{
	char origin[CAIRN_KEY_NAME_BYTES];
	struct cairn_note_key key = {.type = CAIRN_KEY_ED25519};
	int err;

	memset(checkpoint, 0, sizeof(*checkpoint));
	if (bytes == 0)
		return CAIRN_OK;
	key.name = cairn_key_name(origin, desk->self.desk_id, "board");
	memcpy(key.key, desk->self.board_secret + 32, sizeof(key.key));
	err = cairn_checkpoint_open(checkpoint, NULL, body, bytes, &key, 1);
	if (err != CAIRN_OK)
		return desk_trouble(desk, err,
		    "the relay says that the board is another, but shows no checkpoint of this "
		    "desk: tell its operator");
	return CAIRN_OK;
}

static int
root_at(struct desk *desk, uint8_t root[32], uint64_t size)
{
	struct query q = query(desk->state, SQL_BOARD_AT);

	if (size == 0) {
		cairn_tree_empty(root);
		return query_end(&q);
	}
	bind_int(&q, size);
	if (query_row(&q))
		query_bytes(&q, 1, root, 32);
	else if (q.err == CAIRN_OK)
		q.err = CAIRN_ERR_FORMAT;
	return query_end(&q);
}

/* The relay lost its newest batches (an old backup): give it those that it lacks, the very same bytes. */
static int
resend(struct desk *desk, struct published *ret, uint64_t from, uint64_t to)
{
	struct appending a = {.desk = desk};

	for (uint64_t size = from; size <= to; size++) {
		int status;
		int err = append_read(&a, size);

		if (err == CAIRN_ERR_UNKNOWN)
			return desk_trouble(desk, err,
			    "the relay lost batches that are too old to be sent again: the "
			    "board needs a new board key");
		if (err == CAIRN_OK)
			err = append_send(&a, &status, NULL, NULL);
		free(a.body);
		if (err == CAIRN_ERR_CONFLICT)
			return desk_trouble(desk, err, "the relay takes back no batch that it "
						       "lost: tell its operator");
		if (err != CAIRN_OK)
			return desk->trouble[0] == '\0' ? desk_state_trouble(desk, err) : err;
		ret->resent++;
	}
	return CAIRN_OK;
}

/* 409: the relay has another size than this append extends. */
static int
append_conflict(struct appending *a, struct published *ret, const uint8_t *body, size_t bytes, uint64_t now)
{
	struct desk *desk = a->desk;
	struct cairn_checkpoint theirs;
	uint8_t root[32];
	int err = relay_checkpoint(desk, &theirs, body, bytes);

	if (err != CAIRN_OK)
		return err;
	if (theirs.size > a->size)
		return conflict(desk, theirs.size, a->size, now);
	err = root_at(desk, root, theirs.size);
	if (err != CAIRN_OK)
		return desk_state_trouble(desk, err);
	if (bytes > 0 && memcmp(root, theirs.root, sizeof(root)) != 0)
		return conflict(desk, theirs.size, a->size, now);
	return theirs.size == a->size ? CAIRN_OK : resend(desk, ret, theirs.size + 1, a->size);
}

static int
pending_size(struct desk *desk, uint64_t *size, bool *pending)
{
	struct query q = query(desk->state, SQL_BOARD_HEAD);

	*size = 0;
	*pending = false;
	if (query_row(&q)) {
		*size = query_int(&q, 0);
		*pending = query_int(&q, 4) == 0;
	}
	return desk_state_trouble(desk, query_end(&q));
}

int
publish_finish(struct desk *desk, struct published *ret, uint64_t now)
{
	struct appending a = {.desk = desk};
	const uint8_t *body = NULL;
	size_t bytes = 0;
	bool pending;
	int status;
	int err = pending_size(desk, &ret->size, &pending);

	if (err != CAIRN_OK || !pending)
		return err;
	desk->trouble[0] = '\0';
	err = append_read(&a, ret->size);
	if (err == CAIRN_OK)
		err = append_send(&a, &status, &body, &bytes);
	if (err == CAIRN_ERR_CONFLICT)
		err = append_conflict(&a, ret, body, bytes, now);
	free(a.body);
	if (err != CAIRN_OK)
		return desk->trouble[0] == '\0' ? desk_state_trouble(desk, err) : err;
	ret->appended = true;
	return append_done(&a, now);
}

int
desk_publish(struct desk *desk, struct published *ret, uint64_t now)
{
	int err;

	memset(ret, 0, sizeof(*ret));
	err = publish_prepare(desk, ret, now);
	return err == CAIRN_OK ? publish_finish(desk, ret, now) : err;
}
