// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/ask.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/text.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/secret.h"
#include "cli/terminal.h"
#include "cli/typed.h"

#define LINE_MAX_BYTES 4096U

int
ask_fd(int fd, const char *what, char *buffer, size_t room, size_t *ret_bytes)
{
	size_t used = 0;
	ssize_t got;
	char beyond;

	while ((got = read(fd, used < room ? buffer + used : &beyond, used < room ? room - used : 1)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(CAIRN_EXIT_STORAGE, "%s cannot be read: %s", what, strerror(errno));
		if (used == room)
			return fail(CAIRN_EXIT_USAGE, "%s is longer than %zu bytes", what, room);
		used += (size_t)got;
	}
	*ret_bytes = used;
	return CAIRN_EXIT_OK;
}

/* ---- passphrases ---- */

/* Why a passphrase that came as a whole is none. Nothing of it is repeated. */
static int
explain(const char *what, int err, size_t word)
{
	switch (err) {
	case CAIRN_ERR_UNKNOWN:
		return fail(CAIRN_EXIT_USAGE, "%s: word %zu is not on the list", what, word + 1);
	case CAIRN_ERR_RANGE:
		return fail(CAIRN_EXIT_USAGE, "%s: too few or too many words or digits", what);
	default:
		return fail(CAIRN_EXIT_USAGE, "%s: this is neither words of a list nor %u digits", what,
		    CAIRN_DIGITS);
	}
}

static int
passphrase_from_fd(struct cairn_passphrase *pass, int fd, const char *what)
{
	char text[CAIRN_PASSPHRASE_TEXT_MAX];
	size_t bytes = 0, word = 0;
	int code = ask_fd(fd, what, text, sizeof(text), &bytes);
	int err;

	if (code == CAIRN_EXIT_OK) {
		err = typed_whole(pass, (struct cairn_span){text, bytes}, &word);
		if (err != CAIRN_OK)
			code = explain(what, err, word);
	}
	sodium_memzero(text, sizeof(text));
	return code;
}

static void
show_event(struct terminal *t, const struct typed *typed, enum typed_event event)
{
	switch (event) {
	case TYPED_WORD:
		fputs(" *", t->out);
		break;
	case TYPED_UNKNOWN:
		fprintf(t->out, "\n  Word %zu is not on the list. Type word %zu again, and go on:\n ",
		    typed->words + 1, typed->words + 1);
		for (size_t i = 0; i < typed->words; i++)
			fputs(" *", t->out);
		break;
	case TYPED_SHORT:
		fprintf(t->out, "\n  These are %zu words so far. Go on with word %zu:\n ", typed->words,
		    typed->words + 1);
		break;
	case TYPED_WRONG:
		fputs("\n  This is no passphrase. Type all of it again:\n ", t->out);
		break;
	case TYPED_NOTHING:
	case TYPED_DONE:
		break;
	}
}

static int
type_it(struct terminal *t, struct typed *typed, const char *what)
{
	enum typed_event event = TYPED_NOTHING;

	if (terminal_quiet(t) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "the terminal does not let its echo be turned off");
	fprintf(t->out, "%s (nothing shows but a * for each right word):\n ", what);
	while (event != TYPED_DONE) {
		int byte = terminal_byte(t);

		if (byte < 0 || byte == 4) {
			terminal_loud(t);
			fputc('\n', t->out);
			return fail(CAIRN_EXIT_USAGE, "no passphrase was given");
		}
		event = typed_byte(typed, (uint8_t)byte);
		show_event(t, typed, event);
	}
	terminal_loud(t);
	fputc('\n', t->out);
	return CAIRN_EXIT_OK;
}

static int
passphrase_from_terminal(struct cairn_passphrase *pass, const char *what)
{
	struct typed *typed;
	struct terminal t;
	int code;

	if (terminal_open(&t) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "there is no terminal to ask on: give it by a descriptor "
		    "(--passphrase-fd, "
					      "or --vault-fd for a vault)");
	typed = secret_new(sizeof(*typed));
	code = typed == NULL ? fail(CAIRN_EXIT_MEMORY, "out of memory") : type_it(&t, typed, what);
	if (code == CAIRN_EXIT_OK)
		*pass = typed->pass;
	secret_free(typed);
	terminal_close(&t);
	return code;
}

int
ask_passphrase(struct cairn_passphrase *pass, int fd, const char *what)
{
	return fd >= 0 ? passphrase_from_fd(pass, fd, what) : passphrase_from_terminal(pass, what);
}

static void
show_new(struct terminal *t, const char *text, const char *meaning)
{
	terminal_screen_enter(t);
	fprintf(t->out, "\nThis is the passphrase. It is shown once, and nowhere kept:\n\n    %s\n\n", text);
	fprintf(t->out, "%s\nLearn it, or write it down where nobody looks. Then press Enter, and type it again.\n",
	    meaning);
	terminal_enter(t, "");
	terminal_screen_leave(t);
}

static int
same_again(const struct cairn_passphrase *pass)
{
	struct cairn_passphrase again;
	int code = ask_passphrase(&again, -1, "The new passphrase");

	if (code == CAIRN_EXIT_OK && (again.bytes != pass->bytes ||
	        sodium_memcmp(again.input, pass->input, pass->bytes) != 0))
		code = CAIRN_EXIT_REFUSED;
	cairn_passphrase_clear(&again);
	return code;
}

int
ask_passphrase_new(struct cairn_passphrase *pass, const struct cairn_wordlist *list, const char *meaning)
{
	char text[CAIRN_PASSPHRASE_TEXT_MAX];
	uint8_t entropy[32];
	struct terminal t;
	int code = CAIRN_EXIT_REFUSED;

	if (terminal_open(&t) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "there is no terminal to show a passphrase on: "
		    "\"cairn person new\" makes one, --passphrase-fd takes it, or --vault-fd for a vault");
	randombytes_buf(entropy, sizeof(entropy));
	cairn_passphrase_new(pass, list, entropy);
	sodium_memzero(entropy, sizeof(entropy));
	if (cairn_passphrase_write(text, sizeof(text), pass) != CAIRN_OK)
		code = fail(CAIRN_EXIT_INTERNAL, "the passphrase cannot be shown");
	while (code == CAIRN_EXIT_REFUSED) {
		show_new(&t, text, meaning);
		code = same_again(pass);
		if (code == CAIRN_EXIT_REFUSED)
			fputs("That was another one.\n", t.out);
	}
	sodium_memzero(text, sizeof(text));
	terminal_close(&t);
	return code;
}

/* ---- texts ---- */

static void
trim(const char *text, size_t *bytes)
{
	while (*bytes > 0 && (text[*bytes - 1] == '\n' || text[*bytes - 1] == '\r'))
		(*bytes)--;
}

/* Lines until one with a single dot. */
static int
text_from_terminal(const char *what, char *text, size_t room, size_t *ret_bytes)
{
	char line[LINE_MAX_BYTES];
	struct terminal t;
	size_t used = 0;
	int code = CAIRN_EXIT_OK, err;

	if (terminal_open(&t) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "there is no terminal to ask for %s on", what);
	fprintf(t.out, "Write %s. A line with a single dot ends it.\n", what);
	while ((err = terminal_line(&t, "> ", line, sizeof(line))) == CAIRN_OK && strcmp(line, ".") != 0) {
		size_t length = strlen(line);

		if (length + 1 > room - used) {
			code = fail(CAIRN_EXIT_USAGE, "%s is longer than %zu bytes", what, room);
			break;
		}
		memcpy(text + used, line, length);
		text[used + length] = '\n';
		used += length + 1;
	}
	if (err == CAIRN_ERR_SPACE)
		code = fail(CAIRN_EXIT_USAGE, "a line is longer than %u bytes", LINE_MAX_BYTES - 1);
	sodium_memzero(line, sizeof(line));
	terminal_close(&t);
	*ret_bytes = used;
	return code;
}

int
ask_text(int fd, bool may_stdin, const char *what, char *text, size_t room, size_t *ret_bytes)
{
	int code;

	*ret_bytes = 0;
	if (fd < 0 && may_stdin && !isatty(STDIN_FILENO))
		fd = STDIN_FILENO;
	code = fd >= 0 ? ask_fd(fd, what, text, room, ret_bytes)
	               : text_from_terminal(what, text, room, ret_bytes);
	if (code != CAIRN_EXIT_OK)
		return code;
	trim(text, ret_bytes);
	if (!text_is_utf8((const uint8_t *)text, *ret_bytes) || memchr(text, '\0', *ret_bytes) != NULL)
		return fail(CAIRN_EXIT_USAGE, "%s is not UTF-8 text", what);
	return CAIRN_EXIT_OK;
}

static int
line_from_terminal(const char *what, char *line, size_t room)
{
	char prompt[128];
	struct terminal t;
	int err;

	if (terminal_open(&t) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "there is no terminal to ask for %s on: give it by a descriptor", what);
	snprintf(prompt, sizeof(prompt), "Type %s: ", what);
	err = terminal_line(&t, prompt, line, room);
	terminal_close(&t);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : fail(CAIRN_EXIT_USAGE, "%s was not given", what);
}

int
ask_line(int fd, const char *what, char *line, size_t room)
{
	struct cairn_span text = {line, 0};
	int code;

	if (fd < 0) {
		code = line_from_terminal(what, line, room);
		text.size = code == CAIRN_EXIT_OK ? strlen(line) : 0;
	} else {
		code = ask_fd(fd, what, line, room - 1, &text.size);
		trim(line, &text.size);
	}
	text = span_trim(text);
	memmove(line, text.text, text.size);
	line[text.size] = '\0';
	return code;
}
