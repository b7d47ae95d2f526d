// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/evidence_session.h"
#include "cli/exit.h"
#include "cli/output.h"

struct open_options {
	struct desk_options desk;
	const char *out;
	const char *note;
};

#define O struct open_options
static const struct option_def defs[] = {
    OPTION(TEXT, O, out, "out", "PATH", "where to put the content: a new file"),
    OPTION(TEXT, O, note, "note", "TEXT", "what for"),
    DESK_DIR_OPTION(O, desk),
    OPTIONS_END,
};
const struct option_table evidence_open_options = {defs, sizeof(O)};

/* The log comes first: nothing is given out that it does not tell of. */
static int
open_item(struct evidence_session *s, const struct evidence_item *item, const O *o)
{
	int err = evidence_content_here(s->ev, item);
	FILE *out;

	if (err == CAIRN_OK)
		err = evidence_note_act(s->ev, item, EVIDENCE_OPENED, NULL, o->note, desk_now());
	if (err != CAIRN_OK)
		return evidence_fail(s->ev, err);
	out = evidence_new_file(o->out);
	if (out == NULL)
		return CAIRN_EXIT_STORAGE;
	err = evidence_content(s->ev, item, evidence_to_file, out);
	if (fclose(out) != 0 && err == CAIRN_OK)
		err = CAIRN_ERR_SPACE;
	if (err == CAIRN_OK)
		return CAIRN_EXIT_OK;
	/* A part of it would pass for the whole. */
	(void)unlink(o->out);
	return evidence_fail(s->ev, err);
}

int
cmd_evidence_open(const void *options, int argc, char **argv)
{
	const O *o = options;
	struct evidence_session s;
	struct evidence_item item;
	int code;

	(void)argc;
	if (o->out == NULL)
		return fail(CAIRN_EXIT_USAGE, "give --out PATH: a new file for the content");
	code = evidence_session_begin(&s, &o->desk);
	if (code == CAIRN_EXIT_OK)
		code = evidence_session_item(&s, &item, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = open_item(&s, &item, o);
	if (code == CAIRN_EXIT_OK && !item.derived)
		remark("It comes from outside and may attack whatever opens it: open it "
		       "on a machine that holds nothing else.");
	evidence_session_end(&s);
	return code;
}
