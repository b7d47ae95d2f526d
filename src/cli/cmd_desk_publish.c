// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/desk_report.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "desk/tell.h"

struct publish_options {
	struct desk_options desk;
	bool json;
};

#define P struct publish_options
static const struct option_def defs[] = {
    DESK_OPTIONS(P, desk),
    OPTION(FLAG, P, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table desk_publish_options = {defs, sizeof(P)};

static int
publish(struct desk *desk, struct published *published)
{
	size_t moved;
	int err;

	/* Two that sign contradict each other for all to see: who has stopped, or never began, signs nothing. */
	if (!self_publishes(desk))
		return desk_trouble(desk, CAIRN_ERR_DENIED,
		    "this device does not publish: 'cairn desk publisher' says which one does, or that it has "
		    "stopped");
	err = desk_turn(desk, &moved, desk_now());
	if (err == CAIRN_OK)
		err = desk_forget(desk);
	return err == CAIRN_OK ? desk_publish(desk, published, desk_now()) : err;
}

int
cmd_desk_publish(const void *options, int argc, char **argv)
{
	const P *o = options;
	const struct received received = {.kept = 0};
	const struct files_tally files = {.kept = 0};
	struct published published = {.appended = false};
	struct desk_session s;
	int code = desk_session_reach(&s, &o->desk);
	int err = CAIRN_OK;

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK)
		err = publish(s.desk, &published);
	if (code == CAIRN_EXIT_OK && err != CAIRN_OK) {
		code = desk_fail(s.desk, err);
	} else if (code == CAIRN_EXIT_OK && o->json) {
		code = print_json(report_json(&received, &files, &published));
	} else if (code == CAIRN_EXIT_OK) {
		report_published(&published);
		putchar('\n');
	}
	desk_session_end(&s);
	return code;
}
