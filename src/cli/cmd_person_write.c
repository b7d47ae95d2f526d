// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/text.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/details.h"
#include "cli/exit.h"
#include "net/letters.h"
#include "cli/lists.h"
#include "cli/output.h"
#include "cli/person.h"
#include "cli/secret.h"

#define NEEDS_MAX 16U
#define STATEMENT_SLOTS 4U
#define SHORT_TEXT_MAX 1024U
#define ALL_CLEAR_MAX 256U

struct write_options {
	struct reach_options reach;
	int passphrase_fd;
	bool new;
	const char *list;
	int text_fd;
	bool no_text;
	const char *language;
	struct option_list need;
	const char *urgency;
	struct option_list window;
	struct option_list statement;
	const char *check_in;
	bool all_clear;
	int all_clear_fd;
	struct option_list retract;
	struct option_list answer;
	const char *receipt;
	bool json;
};

#define W struct write_options
static const struct option_def defs[] = {
    REACH_OPTIONS(W, reach),
    OPTION(FD, W, passphrase_fd, "passphrase-fd", "N", "read the passphrase from this open file"),
    OPTION(FLAG, W, new, "new", "", "make a new passphrase, show it, and begin with it"),
    OPTION(TEXT, W, list, "list", "NAME", "with --new: english, russian or digits"),
    OPTION(FD, W, text_fd, "text-fd", "N", "read the text from this open file"),
    OPTION(FLAG, W, no_text, "no-text", "", "send no text, only what the options below say"),
    OPTION(TEXT, W, language, "language", "TAG", "language of the text: en, ru, ar, ..."),
    OPTION(LIST, W, need, "need", "WHAT", "shelter, way-out, doctor, lawyer, money, papers, talk, somebody-else"),
    OPTION(TEXT, W, urgency, "urgency", "WHEN", "week, today or now"),
    OPTION(LIST, W, window, "answer-window", "TIMES", "when an answer is safe, in UTC: 18:00-20:30@mon,tue"),
    OPTION(LIST, W, statement, "statement", "SLOT[:FD]", "leave a private statement, 0 to 3 (asked for, or from FD)"),
    OPTION(TEXT, W, check_in, "check-in", "HOUR", "by when the next message comes, UTC: 2026-11-24T18 or +48"),
    OPTION(FLAG, W, all_clear, "all-clear", "", "ask for the agreed words"),
    OPTION(FD, W, all_clear_fd, "all-clear-fd", "N", "read the agreed words from this open file"),
    OPTION(LIST, W, retract, "retract", "LETTER", "take back a letter by its number, or all"),
    OPTION(LIST, W, answer, "answer", "ID[:FD]", "answer the desk's question ID (asked for, or from FD)"),
    OPTION(TEXT, W, receipt, "receipt", "FILE", "save the relay's receipts (the file tells that something was sent)"),
    OPTION(FLAG, W, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table person_write_options = {defs, sizeof(W)};

/* What is put together: the letters, and room for the texts. Secret. */
struct draft {
	struct letters letters;
	uint32_t hour;
	size_t text_bytes;
	char small[SHORT_TEXT_MAX + 1];
	char text[LETTERS_TEXT_MAX];
};

/* ---- records, in the order of the options ---- */

static int
put_needs(struct draft *d, const W *o)
{
	uint8_t needs[NEEDS_MAX];

	for (size_t i = 0; i < o->need.count; i++)
		if (!need_read(&needs[i], o->need.items[i]))
			return fail(CAIRN_EXIT_USAGE, "--need is %s", need_names);
	if (o->need.count > 0)
		letters_put(&d->letters, CAIRN_TLV_need, needs, o->need.count);
	return CAIRN_EXIT_OK;
}

static int
put_urgency(struct draft *d, const W *o)
{
	uint8_t urgency;

	if (o->urgency == NULL)
		return CAIRN_EXIT_OK;
	if (!urgency_read(&urgency, o->urgency))
		return fail(CAIRN_EXIT_USAGE, "--urgency is week, today or now");
	letters_put(&d->letters, CAIRN_TLV_urgency, &urgency, 1);
	return CAIRN_EXIT_OK;
}

static int
put_language(struct draft *d, const W *o)
{
	if (o->language != NULL)
		letters_put(&d->letters, CAIRN_TLV_language, o->language, strlen(o->language));
	return d->letters.err == CAIRN_OK ? CAIRN_EXIT_OK
	                                  : fail(CAIRN_EXIT_USAGE, "--language wants a tag such as en, ru or ar");
}

static int
put_check_in(struct draft *d, const W *o)
{
	uint8_t value[4];
	uint32_t hour;

	if (o->check_in == NULL)
		return CAIRN_EXIT_OK;
	if (!hour_read(&hour, o->check_in, d->hour))
		return fail(CAIRN_EXIT_USAGE, "--check-in wants 2026-11-24T18 (UTC), or +48 for hours from now");
	put_u32(value, hour);
	letters_put(&d->letters, CAIRN_TLV_check_in, value, sizeof(value));
	return CAIRN_EXIT_OK;
}

static int
put_all_clear(struct draft *d, const W *o)
{
	size_t bytes;
	int code;

	if (!o->all_clear && o->all_clear_fd < 0)
		return CAIRN_EXIT_OK;
	code = ask_text(o->all_clear_fd, false, "the agreed words", d->small, ALL_CLEAR_MAX, &bytes);
	if (code == CAIRN_EXIT_OK && bytes > 0)
		letters_put(&d->letters, CAIRN_TLV_all_clear, d->small, bytes);
	return code;
}

static int
put_windows(struct draft *d, const W *o)
{
	uint8_t value[ANSWER_WINDOW_BYTES];

	for (size_t i = 0; i < o->window.count; i++) {
		if (!window_read(value, o->window.items[i]))
			return fail(CAIRN_EXIT_USAGE, "--answer-window wants 18:00-20:30 or 18:00-20:30@mon,tue");
		letters_put(&d->letters, CAIRN_TLV_answer_window, value, sizeof(value));
	}
	return CAIRN_EXIT_OK;
}

static int
put_statements(struct draft *d, const W *o)
{
	for (size_t i = 0; i < o->statement.count; i++) {
		uint16_t slot;
		size_t bytes;
		int fd, code;

		if (!numbered_read(&slot, &fd, o->statement.items[i], STATEMENT_SLOTS - 1))
			return fail(CAIRN_EXIT_USAGE, "--statement wants a slot from 0 to 3, or 0:5 to read "
			    "its text from descriptor 5; never the text itself");
		code = ask_text(fd, false, "the private statement", d->small + 1, SHORT_TEXT_MAX, &bytes);
		if (code != CAIRN_EXIT_OK)
			return code;
		d->small[0] = (char)slot;
		if (bytes > 0)
			letters_put(&d->letters, CAIRN_TLV_statement, d->small, bytes + 1);
	}
	return CAIRN_EXIT_OK;
}

static int
put_answers(struct draft *d, const W *o)
{
	for (size_t i = 0; i < o->answer.count; i++) {
		uint16_t id;
		size_t bytes;
		int fd, code;

		if (!numbered_read(&id, &fd, o->answer.items[i], UINT16_MAX))
			return fail(CAIRN_EXIT_USAGE, "--answer wants the question's number, or 3:5 to read "
			    "the answer from descriptor 5; never the answer itself");
		code = ask_text(fd, false, "the answer", d->small, SHORT_TEXT_MAX, &bytes);
		if (code != CAIRN_EXIT_OK)
			return code;
		if (bytes > 0)
			letters_put_numbered(&d->letters, CAIRN_TLV_answer, id, d->small, bytes);
	}
	return CAIRN_EXIT_OK;
}

static int
put_retractions(struct draft *d, const W *o)
{
	uint8_t msgid[CAIRN_MSGID_BYTES];

	for (size_t i = 0; i < o->retract.count; i++) {
		if (!retraction_read(msgid, o->retract.items[i]))
			return fail(CAIRN_EXIT_USAGE, "--retract wants a letter's 32 hex digits, or all");
		letters_put(&d->letters, CAIRN_TLV_retraction, msgid, sizeof(msgid));
	}
	return CAIRN_EXIT_OK;
}

static int
put_text(struct draft *d, const W *o)
{
	int code = CAIRN_EXIT_OK;

	/* Stdin is the text's, unless the passphrase comes on it. */
	if (!o->no_text)
		code = ask_text(o->text_fd, o->passphrase_fd != 0, "the message", d->text, sizeof(d->text),
		    &d->text_bytes);
	if (code == CAIRN_EXIT_OK)
		letters_text(&d->letters, d->text, d->text_bytes);
	return code;
}

/* Those that may stand once in a cell come first: together they surely fit the first one. */
static int
compose(struct draft *d, const W *o)
{
	static int (*const put[])(struct draft *, const W *) = {
	    put_language, put_needs, put_urgency, put_check_in, put_all_clear, put_windows,
	    put_statements, put_answers, put_retractions, put_text,
	};
	int code = CAIRN_EXIT_OK;

	letters_begin(&d->letters);
	for (size_t i = 0; i < sizeof(put) / sizeof(put[0]) && code == CAIRN_EXIT_OK; i++)
		code = put[i](d, o);
	if (code != CAIRN_EXIT_OK)
		return code;
	switch (letters_end(&d->letters, d->hour / 24)) {
	case CAIRN_OK:
		break;
	case CAIRN_ERR_SPACE:
		return fail(CAIRN_EXIT_USAGE, "this is too long to be sent at once");
	default:
		return fail(CAIRN_EXIT_USAGE, "the desk would not take this: is the language tag right?");
	}
	if (d->letters.count == 1 && d->letters.list[0].bytes == 0)
		return fail(CAIRN_EXIT_USAGE, "there is nothing to send");
	return CAIRN_EXIT_OK;
}

/* ---- the command ---- */

static int
ask_for(struct cairn_passphrase *pass, const W *o)
{
	const struct cairn_wordlist *list;

	if (!o->new)
		return ask_passphrase(pass, o->passphrase_fd, "Passphrase");
	if (o->passphrase_fd >= 0)
		return fail(CAIRN_EXIT_USAGE, "--new shows a passphrase on the terminal. Without one: "
		    "\"cairn person new\" makes it, --passphrase-fd takes it");
	if (!list_choose(&list, o->list))
		return fail(CAIRN_EXIT_USAGE, "--list is english, russian or digits");
	return ask_passphrase_new(pass, list,
	    "Whoever has it can read the answers. Without it nobody can, you neither.");
}

static int
send_draft(struct person *person, struct draft *d, const W *o)
{
	struct cairn_send *send;
	int code;

	d->hour = person->reach.client.hour;
	code = compose(d, o);
	if (code == CAIRN_EXIT_OK)
		code = person_send(person, d->letters.list, d->letters.count, &send);
	if (code != CAIRN_EXIT_OK)
		return code;
	code = person_report(person, send, d->letters.list, o->receipt, o->json);
	secret_free(send);
	return code;
}

int
cmd_person_write(const void *options, int argc, char **argv)
{
	const W *o = options;
	struct cairn_passphrase pass;
	struct person *person = NULL;
	struct draft *draft;
	int code;

	(void)argc;
	(void)argv;
	if (o->reach.desk == NULL)
		return fail(CAIRN_EXIT_USAGE, "which desk? Give --desk with the address that it gave out");
	draft = secret_new(sizeof(*draft));
	if (draft == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	code = ask_for(&pass, o);
	if (code == CAIRN_EXIT_OK)
		code = person_new(&person, &o->reach, &pass);
	if (code == CAIRN_EXIT_OK)
		code = send_draft(person, draft, o);
	person_free(person);
	secret_free(draft);
	return code;
}
