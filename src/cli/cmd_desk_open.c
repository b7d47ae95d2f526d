// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "cli/commands.h"
#include "cli/desk_report.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/unlock.h"

#define TICK_LEAST_S 1U
#define TICK_MOST_S 86400U

struct open_options {
	struct desk_options desk;
	bool once;
	uint64_t tick;
	bool json;
};

#define O struct open_options
static const struct option_def defs[] = {
    DESK_OPTIONS(O, desk),
    OPTION(FLAG, O, once, "once", "", "one round, then stop"),
    OPTION(NUMBER, O, tick, "tick", "SECONDS", "time from round to round (600)"),
    OPTION(FLAG, O, json, "json", "", "print one JSON object a round"),
    OPTIONS_END,
};
const struct option_table desk_open_options = {defs, sizeof(O)};

static volatile sig_atomic_t stopped;

static void
on_signal(int number)
{
	(void)number;
	stopped = 1;
}

/* Without SA_RESTART: a sleep ends at once; a request is finished, and the round with it. */
static void
catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

static bool
on_piece(void *arg, uint32_t piece, uint32_t count)
{
	(void)arg;
	(void)piece;
	(void)count;
	return stopped == 0;
}

static int
round_show(const struct tick *tick, const O *o, uint64_t now)
{
	if (!o->json) {
		report_tick(tick, now);
		return CAIRN_EXIT_OK;
	}
	return print_json(json_pack("{s:I, s:o, s:s, s:s, s:I, s:b}", "at", (json_int_t)now, "round",
	    report_json(&tick->received, &tick->files, &tick->published), "besides", tick->said, "trouble",
	    tick->err == CAIRN_OK ? "" : tick->trouble, "card_days", (json_int_t)tick->card_days,
	    "unpublished", (int)tick->unpublished));
}

/* Ticks stand at a fixed pace, whatever a round takes: the board must not tell how busy the desk is. */
static void
wait_until(struct timespec *next, uint64_t seconds)
{
	struct timespec now;

	next->tv_sec += (time_t)seconds;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec > next->tv_sec)
		*next = now;
	while (stopped == 0 && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, next, NULL) == EINTR)
		continue;
}

static int
run(struct desk *desk, const O *o)
{
	struct tick tick = {.roster_put = false};
	struct timespec next;
	int code = CAIRN_EXIT_OK;

	clock_gettime(CLOCK_MONOTONIC, &next);
	while (stopped == 0 && code == CAIRN_EXIT_OK) {
		uint64_t now = desk_now();

		desk_tick(desk, &tick, now, on_piece, NULL);
		code = round_show(&tick, o, now);
		if (o->once)
			return code != CAIRN_EXIT_OK ? code : exit_for(tick.err);
		if (stopped == 0)
			wait_until(&next, o->tick == 0 ? DESK_TICK_S : o->tick);
	}
	if (!o->json)
		puts("The desk is closed. Nothing is lost; people can go on writing for as long as there are keys.");
	return code;
}

int
cmd_desk_open(const void *options, int argc, char **argv)
{
	const O *o = options;
	struct unlock_server *server = NULL;
	struct desk_session s;
	int code = desk_session_reach(&s, &o->desk);

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK && (o->tick > TICK_MOST_S))
		code = fail(CAIRN_EXIT_USAGE, "--tick is %u to %u seconds", TICK_LEAST_S, TICK_MOST_S);
	if (code == CAIRN_EXIT_OK)
		code = unlock_lock_folder(desk_folder(&o->desk));
	if (code == CAIRN_EXIT_OK && !o->once)
		code = unlock_serve(&server, s.vault, desk_folder(&o->desk));
	if (code == CAIRN_EXIT_OK) {
		catch_signals();
		code = run(s.desk, o);
	}
	unlock_stop(server);
	desk_session_end(&s);
	return code;
}
