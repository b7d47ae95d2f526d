// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/evidence_session.h"
#include "cli/exit.h"
#include "cli/output.h"

/* Acts that are a line of the log and little else: handing over, erasing. */

struct act_options {
	struct desk_options desk;
	const char *to;
	const char *note;
};

#define H struct act_options
static const struct option_def hand_over_defs[] = {
    OPTION(TEXT, H, to, "to", "WHO", "who has it now"),
    OPTION(TEXT, H, note, "note", "TEXT", "on what, for what, under which conditions"),
    DESK_DIR_OPTION(H, desk),
    OPTIONS_END,
};
const struct option_table evidence_give_options = {hand_over_defs, sizeof(H)};

static const struct option_def erase_defs[] = {
    OPTION(TEXT, H, note, "note", "TEXT", "why, for the log"),
    DESK_DIR_OPTION(H, desk),
    OPTIONS_END,
};
const struct option_table evidence_erase_options = {erase_defs, sizeof(H)};

static int
hand_over(struct evidence *ev, const struct evidence_item *item, const H *o)
{
	return evidence_note_act(ev, item, EVIDENCE_HANDED_OVER, o->to, o->note, desk_now());
}

static int
erase(struct evidence *ev, const struct evidence_item *item, const H *o)
{
	return evidence_erase(ev, item, o->note, desk_now());
}

static int
act(const H *o, const char *id, int (*what)(struct evidence *ev, const struct evidence_item *item, const H *o))
{
	struct evidence_session s;
	struct evidence_item item;
	int code = evidence_session_begin(&s, &o->desk), err;

	if (code == CAIRN_EXIT_OK)
		code = evidence_session_item(&s, &item, id);
	if (code == CAIRN_EXIT_OK) {
		err = what(s.ev, &item, o);
		code = err == CAIRN_OK ? CAIRN_EXIT_OK : evidence_fail(s.ev, err);
	}
	evidence_session_end(&s);
	return code;
}

int
cmd_evidence_give(const void *options, int argc, char **argv)
{
	const H *o = options;

	(void)argc;
	if (o->to == NULL)
		return fail(CAIRN_EXIT_USAGE, "say with --to who has it now");
	return act(o, argv[0], hand_over);
}

int
cmd_evidence_erase(const void *options, int argc, char **argv)
{
	(void)argc;
	return act(options, argv[0], erase);
}
