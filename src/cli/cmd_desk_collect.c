// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/desk_report.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "desk/collecting.h"
#include "desk/tell.h"
#include "desk/tick.h"

struct collect_options {
	struct desk_options desk;
	bool json;
};

#define C struct collect_options
static const struct option_def defs[] = {
    DESK_OPTIONS(C, desk),
    OPTION(FLAG, C, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table desk_collect_options = {defs, sizeof(C)};

static bool
on_piece(void *arg, uint32_t piece, uint32_t count)
{
	struct progress *p = arg;

	p->total = count;
	progress_at(p, piece);
	return true;
}

static int
collect(struct desk *desk, struct received *received, struct files_tally *files)
{
	struct progress p;
	int err = CAIRN_OK;

	/* Whoever has not the keys of a door would empty it for nothing. */
	if (self_has_role(desk, "intake"))
		err = desk_collect(desk, CAIRN_DOOR_INTAKE, received, desk_now());
	if (err == CAIRN_OK && self_has_role(desk, "publish"))
		err = desk_collect(desk, CAIRN_DOOR_CAMPAIGN, received, desk_now());
	if (err != CAIRN_OK)
		return err;
	progress_begin(&p, "fetching files", 0);
	err = files_fetch(desk, files, on_piece, &p);
	progress_end(&p);
	return err == CAIRN_OK ? desk_forget(desk) : err;
}

int
cmd_desk_collect(const void *options, int argc, char **argv)
{
	const C *o = options;
	struct received received = {.kept = 0};
	struct files_tally files = {.kept = 0};
	const struct published none = {.appended = false};
	struct desk_session s;
	int code = desk_session_reach(&s, &o->desk);
	int err = CAIRN_OK;

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK) {
		err = collect(s.desk, &received, &files);
		if (o->json) {
			code = print_json(report_json(&received, &files, &none));
		} else if (err == CAIRN_OK || received.kept + files.kept > 0) {
			report_received(&received, &files);
			putchar('\n');
		}
		if (err != CAIRN_OK)
			code = desk_fail(s.desk, err);
	}
	desk_session_end(&s);
	return code;
}
