// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/mail.h"
#include "cli/output.h"
#include "cli/person.h"
#include "cli/progress.h"
#include "cli/secret.h"
#include "cli/terminal.h"
#include "net/drive.h"

/* A board gets a batch every ten minutes; looking more often would only tell that somebody is waiting. */
#define WATCH_MS 600000U
#define WATCH_SPREAD_MS 240000U
/* Three batches that did not come. Hours are all that a board tells. */
#define OLD_HOURS 2U

struct look_options {
	struct reach_options reach;
	int passphrase_fd;
	const char *since;
	bool all;
	bool watch;
	bool wipe;
	bool json;
};

#define L struct look_options
static const struct option_def defs[] = {
    REACH_OPTIONS(L, reach),
    OPTION(FD, L, passphrase_fd, "passphrase-fd", "N", "read the passphrase from this open file"),
    OPTION(TEXT, L, since, "since", "DAY", "look from this day on, at most 30 days back (the last 7)"),
    OPTION(FLAG, L, all, "all", "", "fetch everything of these days: more to move, and nothing is left over"),
    OPTION(FLAG, L, watch, "watch", "", "go on looking, about every ten minutes, until stopped"),
    OPTION(FLAG, L, wipe, "wipe", "", "wait for Enter, then clear screen and scrollback"),
    OPTION(FLAG, L, json, "json", "", "print one JSON object (with --watch, one a look)"),
    OPTIONS_END,
};
const struct option_table person_look_options = {defs, sizeof(L)};

/* One run of the command. */
struct looking {
	const L *options;
	struct person *person;
	struct cairn_look *look;
	struct mail *mail;
	struct progress progress;
	uint64_t steps;
	uint32_t since;
};

static void
on_step(void *arg)
{
	struct looking *l = arg;

	progress_at(&l->progress, ++l->steps);
}

static int
look_once(struct looking *l)
{
	struct net_watch watch = {on_step, l};
	int err;

	cairn_look_init(l->look, &l->person->reach.client, &l->person->conv, &l->person->session,
	    l->options->since == NULL ? NULL : &l->since, l->options->all);
	l->steps = 0;
	progress_begin(&l->progress, "looking", 0);
	err = net_look(l->person->reach.net, l->look, &watch);
	progress_end(&l->progress);
	return err;
}

static json_t *
result_json(struct looking *l)
{
	const struct cairn_look *look = l->look;

	return json_pack("{s:i,s:i,s:i,s:b,s:o}",
	    "board_hour", (int)look->opening.checkpoint.hour,
	    "first_day", (int)look->first_day,
	    "last_day", (int)look->last_day,
	    "more", (int)look->more,
	    "messages", mail_json(l->mail));
}

static void
show_board(const struct looking *l)
{
	const struct cairn_look *look = l->look;
	uint32_t age = cairn_opening_age_hours(&look->opening);
	char board[WHEN_BYTES], first[WHEN_BYTES], last[WHEN_BYTES];

	printf("Board signed %s. Looked at %s to %s.\n", when_hour(board, look->opening.checkpoint.hour),
	    when_day(first, look->first_day), when_day(last, look->last_day));
	if (age >= OLD_HOURS)
		printf("The desk has not been online for about %u hours: what it wrote since then is not here yet.\n",
		    age);
}

/* Wrong words, no answer yet and an empty conversation look the same, and must: nothing here may tell them apart. */
static int
show(struct looking *l)
{
	if (!mail_add(l->mail, l->look))
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	if (l->options->json)
		return print_json(result_json(l));
	show_board(l);
	if (mail_new_count(l->mail) == 0)
		puts("\nNothing new is here for this passphrase.");
	mail_show(l->mail, stdout);
	if (l->look->more)
		puts("\nThere is more: look again in a while, or with --all.");
	return fflush(stdout) == 0 ? CAIRN_EXIT_OK : CAIRN_EXIT_STORAGE;
}

static int
look_and_show(struct looking *l)
{
	int err = look_once(l);
	int code;

	if (err == CAIRN_ERR_CLOCK) {
		code = reach_ask_clock(&l->person->reach, l->look->opening.checkpoint.hour);
		if (code != CAIRN_EXIT_OK)
			return code;
		err = look_once(l);
	}
	code = err == CAIRN_OK ? show(l) : reach_fail(&l->person->reach, &l->look->opening, err);
	cairn_look_clear(l->look);
	return code;
}

/* Goes on over a lost line, since the next look may get through; a board that does not verify ends it. */
static int
watch(struct looking *l)
{
	for (;;) {
		uint32_t hour_before = (uint32_t)(time(NULL) / 3600);
		int code;

		remark("Looking again in about ten minutes. Ctrl-C ends it.");
		net_pause(WATCH_MS - WATCH_SPREAD_MS / 2 + randombytes_uniform(WATCH_SPREAD_MS));
		l->person->reach.client.hour += (uint32_t)(time(NULL) / 3600) - hour_before;
		code = look_and_show(l);
		if (code != CAIRN_EXIT_OK && code != CAIRN_EXIT_NETWORK && code != CAIRN_EXIT_BUSY)
			return code;
	}
}

static void
wipe_screen(void)
{
	struct terminal t;

	if (terminal_open(&t) != CAIRN_OK)
		return;
	terminal_enter(&t, "\nEnter clears the screen and what can be scrolled back to. ");
	terminal_wipe(&t);
	terminal_close(&t);
}

static int
run(struct looking *l)
{
	int code;

	l->look = secret_new(sizeof(*l->look));
	l->mail = mail_new();
	if (l->look == NULL || l->mail == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	code = look_and_show(l);
	if (code == CAIRN_EXIT_OK && l->options->watch)
		code = watch(l);
	if (l->options->wipe)
		wipe_screen();
	return code;
}

int
cmd_person_look(const void *options, int argc, char **argv)
{
	struct looking l = {.options = options};
	const L *o = options;
	struct cairn_passphrase pass;
	int code;

	(void)argc;
	(void)argv;
	if (o->reach.desk == NULL)
		return fail(CAIRN_EXIT_USAGE, "which desk? Give --desk with the address that it gave out");
	if (o->since != NULL && !day_read(&l.since, (struct cairn_span){o->since, strlen(o->since)}))
		return fail(CAIRN_EXIT_USAGE, "--since wants a day as 2026-11-22");
	code = ask_passphrase(&pass, o->passphrase_fd, "Passphrase");
	if (code == CAIRN_EXIT_OK)
		code = person_new(&l.person, &o->reach, &pass);
	if (code == CAIRN_EXIT_OK)
		code = run(&l);
	mail_free(l.mail);
	secret_free(l.look);
	person_free(l.person);
	return code;
}
