// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/commands.h"
#include "cli/evidence_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "record/evidence_bundle.h"

struct export_options {
	struct desk_options desk;
	const char *out;
	const char *to;
	const char *note;
	bool sources;
	bool no_content;
};

#define E struct export_options
static const struct option_def defs[] = {
    OPTION(TEXT, E, out, "out", "FOLDER", "a new folder, in which content, custody and a text for people are put"),
    OPTION(TEXT, E, to, "to", "WHO", "whom it is for, for the log"),
    OPTION(TEXT, E, note, "note", "TEXT", "for the log"),
    OPTION(FLAG, E, sources, "sources", "", "for a copy: also the logs of what it was made of"),
    OPTION(FLAG, E, no_content, "no-content", "", "the logs alone"),
    DESK_DIR_OPTION(E, desk),
    OPTIONS_END,
};
const struct option_table evidence_export_options = {defs, sizeof(E)};

#define PATH_ROOM 4096U

static const char readme[] =
    "What this folder is\n"
    "\n"
    "content     the item itself, as the first line of its log describes it\n"
    "custody     its log: who had it when, signed and chained, with time stamps\n"
    "\n"
    "To check it:   cairn verify evidence --desk-id ID --tsa-ca CERTIFICATES .\n"
    "ID is the desk's; take it from somewhere else than this folder. CERTIFICATES are the root certificates of\n"
    "the time-stamping authority, from the authority itself. Without Cairn: \"sha256sum content\" must give the\n"
    "SHA-256 of the first line below.\n"
    "\n"
    "The log, in words:\n"
    "\n";

static FILE *
open_in(const char *folder, const char *name)
{
	char path[PATH_ROOM];

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path)) {
		complain("%s: too long a name", folder);
		return NULL;
	}
	return evidence_new_file(path);
}

static int
finish(struct evidence_session *s, FILE *out, int err)
{
	if (fclose(out) != 0 && err == CAIRN_OK)
		err = CAIRN_ERR_SPACE;
	return err == CAIRN_OK ? CAIRN_EXIT_OK : evidence_fail(s->ev, err);
}

static int
write_content(struct evidence_session *s, const struct evidence_item *item, const char *folder)
{
	FILE *out = open_in(folder, "content");

	return out == NULL ? CAIRN_EXIT_STORAGE
			   : finish(s, out, evidence_content(s->ev, item, evidence_to_file, out));
}

static int
write_custody(struct evidence_session *s, const struct evidence_item *item, const char *folder, bool sources)
{
	struct desk *desk = s->desk.desk;
	struct evidence_desk self = {.identity_key = desk->self.identity_key};
	FILE *out = open_in(folder, "custody");
	uint8_t *chain = NULL;
	size_t bytes = 0;
	int err;

	if (out == NULL)
		return CAIRN_EXIT_STORAGE;
	err = state_note_get(desk->state, "identity", &chain, &bytes, NULL);
	self.chain = (struct cairn_span){(const char *)chain, bytes};
	if (err == CAIRN_OK)
		err = evidence_bundle_write(s->ev, item, &self, sources, evidence_to_file, out);
	free(chain);
	return finish(s, out, err);
}

struct told_log {
	FILE *out;
	size_t lines;
};

static int
tell_entry(void *arg, const uint8_t *bytes, size_t size)
{
	struct told_log *t = arg;
	struct evidence_entry entry;
	int err = evidence_entry_read(&entry, bytes, size);

	if (err == CAIRN_OK)
		evidence_print_entry(t->out, ++t->lines, &entry, "");
	return err;
}

static int
write_readme(struct evidence_session *s, const struct evidence_item *item, const char *folder)
{
	struct told_log t = {open_in(folder, "README.txt"), 0};

	if (t.out == NULL)
		return CAIRN_EXIT_STORAGE;
	fputs(readme, t.out);
	return finish(s, t.out, evidence_log(s->ev, item->id, tell_entry, &t));
}

static int
export_item(struct evidence_session *s, const struct evidence_item *item, const E *o)
{
	int err = o->no_content ? CAIRN_OK : evidence_content_here(s->ev, item), code;

	if (err != CAIRN_OK)
		return evidence_fail(s->ev, err);
	if (mkdir(o->out, 0700) != 0)
		return fail(CAIRN_EXIT_STORAGE, "%s: %s", o->out, strerror(errno));
	err = evidence_note_act(s->ev, item, EVIDENCE_EXPORTED, o->to, o->note, desk_now());
	if (err != CAIRN_OK)
		return evidence_fail(s->ev, err);
	code = o->no_content ? CAIRN_EXIT_OK : write_content(s, item, o->out);
	if (code == CAIRN_EXIT_OK)
		code = write_custody(s, item, o->out, o->sources);
	return code == CAIRN_EXIT_OK ? write_readme(s, item, o->out) : code;
}

int
cmd_evidence_export(const void *options, int argc, char **argv)
{
	const E *o = options;
	struct evidence_session s;
	struct evidence_item item;
	int code;

	(void)argc;
	if (o->out == NULL)
		return fail(CAIRN_EXIT_USAGE, "give --out FOLDER: a new folder");
	code = evidence_session_begin(&s, &o->desk);
	if (code == CAIRN_EXIT_OK)
		code = evidence_session_item(&s, &item, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = export_item(&s, &item, o);
	if (code == CAIRN_EXIT_OK)
		remark("The log names whoever --from, --to and --note named. Read README.txt before the folder goes "
		       "anywhere.");
	evidence_session_end(&s);
	return code;
}
