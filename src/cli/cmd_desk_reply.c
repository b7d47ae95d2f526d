// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/details.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "desk/answer.h"

#define REPLY_TEXT_MAX 65536U

struct reply_options {
	struct desk_options desk;
	int text_fd;
	struct option_list questions;
	const char *answer_by;
	const char *check_in_due;
	bool no_text;
	bool json;
};

#define Y struct reply_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(Y, desk),
    OPTION(FD, Y, text_fd, "text-fd", "N", "read the text from this open file"),
    OPTION(FLAG, Y, no_text, "no-text", "", "no text, only what the options say"),
    OPTION(LIST, Y, questions, "question", "FD", "read a question from this open file (at most twice)"),
    OPTION(TEXT, Y, answer_by, "answer-by", "HOUR", "when somebody will answer: 2026-11-24T18, or +3 hours from now"),
    OPTION(TEXT, Y, check_in_due, "check-in-due", "HOUR", "by when the desk waits for word: the same forms"),
    OPTION(FLAG, Y, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table desk_reply_options = {defs, sizeof(Y)};

/* What is being sent; secret. */
struct reply {
	struct answer answer;
	char text[REPLY_TEXT_MAX];
	char questions[ANSWER_QUESTIONS_MAX][ANSWER_QUESTION_BYTES_MAX];
};

static int
reply_hours(struct reply *r, const Y *o)
{
	uint32_t now = desk_hour(desk_now());

	if (o->answer_by != NULL && !hour_read(&r->answer.answer_by, o->answer_by, now))
		return fail(CAIRN_EXIT_USAGE, "--answer-by wants an hour in UTC as 2026-11-24T18, or +3");
	if (o->check_in_due != NULL && !hour_read(&r->answer.check_in_due, o->check_in_due, now))
		return fail(CAIRN_EXIT_USAGE, "--check-in-due wants an hour in UTC as 2026-11-24T18, or +48");
	return CAIRN_EXIT_OK;
}

static int
reply_question(struct reply *r, const char *value, size_t i)
{
	struct cairn_span span = {value, strlen(value)};
	uint64_t fd;
	size_t bytes;
	int code;

	if (text_number(&fd, span, INT32_MAX) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "--question wants the number of an open file, "
					      "since other people on this machine can "
					      "read a command line");
	code = ask_text((int)fd, false, "Question", r->questions[i], sizeof(r->questions[i]), &bytes);
	r->answer.questions[i] = (struct cairn_span){r->questions[i], bytes};
	r->answer.question_count = i + 1;
	return code;
}

static int
reply_gather(struct reply *r, const Y *o)
{
	size_t bytes = 0;
	int code = reply_hours(r, o);

	if (code == CAIRN_EXIT_OK && o->questions.count > ANSWER_QUESTIONS_MAX)
		code = fail(CAIRN_EXIT_USAGE, "at most %u questions at once", ANSWER_QUESTIONS_MAX);
	for (size_t i = 0; i < o->questions.count && code == CAIRN_EXIT_OK; i++)
		code = reply_question(r, o->questions.items[i], i);
	if (code == CAIRN_EXIT_OK && !o->no_text)
		code = ask_text(o->text_fd, true, "Answer", r->text, sizeof(r->text), &bytes);
	r->answer.text = (struct cairn_span){r->text, bytes};
	return code;
}

static void
reply_show(const struct answered *a, const struct inbox_line *line)
{
	printf("Queued for %s, in %zu cell%s: it goes out with the next batch of 'cairn desk "
	       "open', or 'cairn desk publish'.\n",
	    line->alias, a->cells, a->cells == 1 ? "" : "s");
	if (a->received > 0)
		printf("It tells them that %zu of their messages were read.\n", a->received);
	if (a->held)
		puts("It cannot be sealed yet: they have not written for too long. It waits for their next message.");
}

static int
reply_send(struct desk *desk, const struct inbox_line *line, struct reply *r, const Y *o)
{
	struct answered answered;
	int err = desk_answer(desk, &answered, line->conv, &r->answer, desk_now());

	if (err == CAIRN_ERR_RANGE || err == CAIRN_ERR_FORMAT)
		return fail(CAIRN_EXIT_USAGE, "%s", desk->trouble);
	if (err != CAIRN_OK)
		return desk_fail(desk, err);
	if (o->json)
		return print_json(json_pack("{s:I, s:I, s:I, s:I, s:b}", "number", (json_int_t)line->number, "cells",
		    (json_int_t)answered.cells, "received", (json_int_t)answered.received, "first_question",
		    (json_int_t)answered.first_question, "held", (int)answered.held));
	reply_show(&answered, line);
	return CAIRN_EXIT_OK;
}

int
cmd_desk_reply(const void *options, int argc, char **argv)
{
	const Y *o = options;
	struct reply *r = sodium_malloc(sizeof(*r));
	struct inbox_line line;
	struct desk_session s;
	int code = desk_session_begin(&s, &o->desk);

	(void)argc;
	if (r == NULL && code == CAIRN_EXIT_OK)
		code = fail(CAIRN_EXIT_MEMORY, "out of memory");
	if (code == CAIRN_EXIT_OK)
		code = desk_conversation(s.desk, &line, argv[0]);
	if (code == CAIRN_EXIT_OK) {
		memset(r, 0, sizeof(*r));
		code = reply_gather(r, o);
	}
	if (code == CAIRN_EXIT_OK)
		code = reply_send(s.desk, &line, r, o);
	sodium_free(r);
	desk_session_end(&s);
	return code;
}
