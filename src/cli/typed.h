// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_TYPED_H
#define CAIRN_CLI_TYPED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/passphrase.h"

/*
 * A passphrase as it is being typed, byte by byte, without echo: each word is looked up as soon as it ends, so that
 * a slip is pointed out at once and only that word is typed again. No terminal in here. Secret.
 */
struct typed {
	char text[CAIRN_PASSPHRASE_TEXT_MAX]; /* the words that are accepted, folded, with spaces between */
	size_t bytes;
	size_t words;
	bool digits;                          /* begun with a digit: looked at as a whole, at the end */
	char word[CAIRN_PASSPHRASE_TEXT_MAX]; /* the one under way, as typed */
	size_t word_bytes;
	struct cairn_passphrase pass;         /* valid after TYPED_DONE */
};

enum typed_event {
	TYPED_NOTHING, /* go on */
	TYPED_WORD,    /* a word was accepted */
	TYPED_UNKNOWN, /* the word is on no list, or not on that of the words before: dropped, to be typed again */
	TYPED_SHORT,   /* Enter, but not yet enough words or digits; more may follow */
	TYPED_WRONG,   /* Enter, and it cannot be one: all is dropped */
	TYPED_DONE,
};

void typed_clear(struct typed *t);
enum typed_event typed_byte(struct typed *t, uint8_t byte);

/* A whole text at once, as from a file. Errors as cairn_passphrase_read(), *ret_word too. */
CAIRN_NODISCARD int typed_whole(struct cairn_passphrase *pass, struct cairn_span text, size_t *ret_word);

#endif
