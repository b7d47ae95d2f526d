// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/demo.h"
#include "cli/demo_process.h"
#include "cli/demo_screen.h"
#include "cli/exit.h"
#include "cli/output.h"

#define DEFAULT_PORT 8437U
#define DEFAULT_TICK_S 30U
#define TEXT_LEAST 8U /* shorter ones stand somewhere by chance */
#define TEXT_MAX 30000U
#define ANSWER_MAX 10000U

static const char invented_text[] =
    "I cannot go home. They came to my flat yesterday and asked for me by name.\n"
    "I am at a friend's until tomorrow evening. Я могу писать и по-русски.\n"
    "Is there somewhere I can go?";
static const char invented_answer[] =
    "We have read this, two of us. Stay where you are tonight and tell nobody of us.\n"
    "Look again tomorrow before noon: by then we shall know of a place. Мы рядом.";

struct demo_options {
	const char *dir;
	const char *text;
	const char *answer;
	bool ask;
	uint64_t port;
	uint64_t tick;
	bool stop;
};

#define D struct demo_options
static const struct option_def defs[] = {
    OPTION(TEXT, D, dir, "dir", "DIR", "where the folders of all runs lie (demo)"),
    OPTION(TEXT, D, text, "text", "TEXT", "what the person writes, instead of something invented"),
    OPTION(TEXT, D, answer, "answer", "TEXT", "what the desk answers"),
    OPTION(FLAG, D, ask, "ask", "", "ask for both on the terminal"),
    OPTION(NUMBER, D, port, "port", "N", "port of the relay on 127.0.0.1 (8437, or another where that is taken)"),
    OPTION(NUMBER, D, tick, "tick", "SECONDS", "the desk's tick once the story is told (30)"),
    OPTION(FLAG, D, stop, "stop", "", "stop what the last run left running"),
    OPTIONS_END,
};
const struct option_table demo_options = {defs, sizeof(D)};

struct asked {
	char text[TEXT_MAX + 1];
	char answer[ANSWER_MAX + 1];
};

static int
ask(struct asked *asked)
{
	size_t bytes;
	int code = ask_text(-1, false, "what the person writes", asked->text, TEXT_MAX, &bytes);

	asked->text[bytes] = '\0';
	if (code != CAIRN_EXIT_OK)
		return code;
	code = ask_text(-1, false, "what the desk answers", asked->answer, ANSWER_MAX, &bytes);
	asked->answer[bytes] = '\0';
	return code;
}

static int
check_text(const char *what, const char *text, size_t most)
{
	size_t bytes = strlen(text);

	if (bytes < TEXT_LEAST || bytes > most)
		return fail(CAIRN_EXIT_USAGE, "%s must be %u to %zu bytes long", what, TEXT_LEAST, most);
	if (!text_is_utf8((const uint8_t *)text, bytes))
		return fail(CAIRN_EXIT_USAGE, "%s is not UTF-8", what);
	return CAIRN_EXIT_OK;
}

static const char *
given(const char *text, const char *invented)
{
	return text == NULL ? invented : text;
}

static int
choose_texts(struct demo *d, struct asked *asked, const D *o)
{
	int code = o->ask ? ask(asked) : CAIRN_EXIT_OK;

	d->text = o->ask ? asked->text : given(o->text, invented_text);
	d->answer = o->ask ? asked->answer : given(o->answer, invented_answer);
	d->text_invented = d->text == invented_text;
	d->answer_invented = d->answer == invented_answer;
	if (code == CAIRN_EXIT_OK)
		code = check_text("the text", d->text, TEXT_MAX);
	return code == CAIRN_EXIT_OK ? check_text("the answer", d->answer, ANSWER_MAX) : code;
}

static int
stop(const char *dir)
{
	bool any;

	if (!demo_stop_running(dir, &any))
		return fail(CAIRN_EXIT_INTERNAL, "something does not stop: see %s/running", dir);
	puts(any ? "Relay and desk are stopped." : "Nothing was running.");
	return CAIRN_EXIT_OK;
}

static void
introduce(const struct demo *d)
{
	puts("The main job of Cairn, from beginning to end, with the real programs, on this machine:");
	puts("a person and a desk talk through a relay that knows nothing.");
	if (d->text_invented && d->answer_invented)
		puts("Text and answer are invented. --ask lets them be typed, --text and --answer give others.");
	printf("All of it lies in %s.\n\n", screen_path(d->folder));
}

static int
run(struct demo *d, const D *o)
{
	bool any;
	int code = CAIRN_EXIT_OK;

	if (!demo_stop_running(d->dir, &any))
		return fail(CAIRN_EXIT_INTERNAL, "an earlier run does not stop: see %s/running", d->dir);
	code = demo_prepare(d);
	if (code != CAIRN_EXIT_OK)
		return code;
	if (any)
		puts("What an earlier run had left running is stopped.");
	d->port = demo_free_port(o->port == 0 ? DEFAULT_PORT : (unsigned)o->port);
	d->tick_s = o->tick == 0 ? DEFAULT_TICK_S : (unsigned)o->tick;
	introduce(d);
	code = demo_tell(d);
	if (code == CAIRN_EXIT_OK) {
		demo_farewell(d);
		return CAIRN_EXIT_OK;
	}
	(void)demo_stop_running(d->dir, &any);
	complain("the demonstration did not get to its end. The logs are %s and %s", d->relay_log, d->desk_log);
	return code;
}

int
cmd_demo(const void *options, int argc, char **argv)
{
	const D *o = options;
	const char *dir = o->dir == NULL ? "demo" : o->dir;
	struct asked *asked;
	struct demo *d;
	int code;

	(void)argc;
	(void)argv;
	if (strlen(dir) >= sizeof(d->dir) || o->port > 65535 || o->tick > 3600)
		return fail(CAIRN_EXIT_USAGE, "--dir is too long, --port over 65535, or --tick over 3600");
	if (o->stop)
		return stop(dir);
	d = calloc(1, sizeof(*d));
	asked = calloc(1, sizeof(*asked));
	code = d == NULL || asked == NULL ? fail(CAIRN_EXIT_MEMORY, "out of memory") : choose_texts(d, asked, o);
	if (code == CAIRN_EXIT_OK) {
		memcpy(d->dir, dir, strlen(dir) + 1);
		code = run(d, o);
	}
	free(asked);
	free(d);
	return code;
}
