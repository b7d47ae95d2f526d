// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/evidence_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/progress.h"

struct add_options {
	struct desk_options desk;
	const char *from;
	const char *note;
	bool no_name;
	bool json;
};

#define A struct add_options
static const struct option_def defs[] = {
    OPTION(TEXT, A, from, "from", "WHO", "who handed it in, as far as the log is to say: a code, not a name"),
    OPTION(TEXT, A, note, "note", "TEXT", "how it came, in what state"),
    OPTION(FLAG, A, no_name, "no-name", "", "do not keep the file's name, not even sealed"),
    OPTION(FLAG, A, json, "json", "", "print one JSON object"),
    DESK_DIR_OPTION(A, desk),
    OPTIONS_END,
};
const struct option_table evidence_add_options = {defs, sizeof(A)};

struct source {
	int fd;
	uint64_t done;
	struct progress progress;
};

static int
read_source(void *arg, uint8_t *out, size_t room, size_t *ret_bytes)
{
	struct source *s = arg;
	ssize_t n;

	do
		n = read(s->fd, out, room);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return CAIRN_ERR_IO;
	*ret_bytes = (size_t)n;
	s->done += (size_t)n;
	progress_at(&s->progress, s->done);
	return CAIRN_OK;
}

static int
add_open(struct evidence_session *s, struct source *source, const char *path, const A *o)
{
	const char *slash = strrchr(path, '/');
	struct evidence_intake in = {.read = read_source, .arg = source, .party = o->from, .note = o->note};
	uint8_t id[EVIDENCE_ITEM_BYTES];
	struct evidence_item item;
	int err;

	if (!o->no_name)
		in.name = slash == NULL ? path : slash + 1;
	err = evidence_add(s->ev, &in, desk_now(), id);
	progress_end(&source->progress);
	if (err == CAIRN_OK)
		err = evidence_get_item(s->ev, &item, id);
	if (err != CAIRN_OK)
		return evidence_fail(s->ev, err);
	if (o->json)
		return print_json(json_pack("{s:o,s:o,s:o,s:I,s:s}", "item", json_hex(id, sizeof(id)), "sha256",
		    json_hex(item.sha256, 32), "blake2b", json_hex(item.blake2b, 32), "bytes", (json_int_t)item.size,
		    "media", item.media));
	evidence_print_id(id);
	return CAIRN_EXIT_OK;
}

static int
add(struct evidence_session *s, const char *path, const A *o)
{
	struct source source = {.fd = open(path, O_RDONLY | O_CLOEXEC)};
	struct stat st;
	int code;

	if (source.fd < 0 || fstat(source.fd, &st) != 0 || S_ISDIR(st.st_mode)) {
		code = fail(CAIRN_EXIT_STORAGE, "%s: %s", path, source.fd < 0 ? strerror(errno) : "is a folder");
	} else {
		progress_begin(&source.progress, "taking in", (uint64_t)st.st_size);
		code = add_open(s, &source, path, o);
	}
	if (source.fd >= 0)
		close(source.fd);
	return code;
}

int
cmd_evidence_add(const void *options, int argc, char **argv)
{
	const A *o = options;
	struct evidence_session s;
	int code = evidence_session_begin(&s, &o->desk);

	for (int i = 0; i < argc && code == CAIRN_EXIT_OK; i++)
		code = add(&s, argv[i], o);
	if (code == CAIRN_EXIT_OK)
		remark("Where the file came from still has it: the sealed original is the desk's own copy.");
	evidence_session_end(&s);
	return code;
}
