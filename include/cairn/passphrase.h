// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_PASSPHRASE_H
#define CAIRN_PASSPHRASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/span.h"

/*
 * What a person has: six or seven words, or 24 digits (docs/protocol.md, section 5). There is no
 * checksum and no account; every passphrase opens a conversation. All of it is secret.
 */

#define CAIRN_WORDS_MAX 7U
#define CAIRN_DIGITS 24U
#define CAIRN_WORD_BYTES_MAX 48U /* of one word, in UTF-8 */
#define CAIRN_PASSPHRASE_TEXT_MAX 512U

/* A list is pinned for ever: a changed one locks people out. Words are sorted as bytes or not, but unique. */
struct cairn_wordlist {
	const char *name;               /* "english", "russian"; also the BCP 47 tag's language below */
	const char *language;           /* "en", "ru" */
	const char *words;              /* size of them, NFKC, lower case; read by cairn_wordlist_next() */
	size_t size;                    /* 7776 or 2048 */
	size_t count;                   /* how many words a new passphrase has, for at least 77 bits */
	uint8_t hash[CAIRN_HASH_BYTES]; /* H(list): over each word and a newline */
};

/* The built-in lists, ended by NULL. */
extern const struct cairn_wordlist *const cairn_wordlists[];

/* By name or language; NULL when there is none. */
const struct cairn_wordlist *cairn_wordlist_find(const char *name);

/*
 * A walk over the words of a list. They are kept short, for the browser: each is a byte, 1 and how many
 * bytes it begins with that the one before it also begins with, and what comes then; a zero ends the list.
 */
struct cairn_wordlist_walk {
	const char *rest;
	char word[CAIRN_WORD_BYTES_MAX + 1]; /* with a zero at the end */
	size_t bytes;                        /* of word */
};

void cairn_wordlist_begin(struct cairn_wordlist_walk *walk, const struct cairn_wordlist *list);

/* The next word; false when there is none. */
bool cairn_wordlist_next(struct cairn_wordlist_walk *walk);

/* H(list) of any list, to check one against its pin. */
void cairn_wordlist_hash(uint8_t out[CAIRN_HASH_BYTES], const struct cairn_wordlist *list);

/* The input to the KDF: not text, so that no two ways of typing differ. */
struct cairn_passphrase {
	uint8_t input[2 + CAIRN_DIGITS];
	size_t bytes;
};

/*
 * A new passphrase. entropy is 32 fresh random bytes; the choice is uniform. Words of list, or digits
 * where list is NULL.
 */
void cairn_passphrase_new(struct cairn_passphrase *pass, const struct cairn_wordlist *list,
    const uint8_t entropy[32]);

/*
 * What a person typed. text must be in NFKC and lower case already (base/fold.h does that natively, the
 * browser by itself); white space of any script separates, around it is ignored.
 * CAIRN_ERR_UNKNOWN: word *ret_word (from 0) is not on the list, to be pointed out at once;
 * CAIRN_ERR_RANGE: wrong number of words. ret_word may be NULL.
 */
CAIRN_NODISCARD int cairn_passphrase_words(struct cairn_passphrase *pass,
    const struct cairn_wordlist *list, struct cairn_span text, size_t *ret_word);

/*
 * 24 decimal digits of any script (Unicode Nd). White space, direction marks and other invisible
 * format characters are ignored. CAIRN_ERR_FORMAT: something else stands there;
 * CAIRN_ERR_RANGE: not 24 of them.
 */
CAIRN_NODISCARD int cairn_passphrase_digits(struct cairn_passphrase *pass, struct cairn_span text);

/*
 * Either: digits where the first visible character typed is one; else the built-in list that knows the
 * most of the words (the first of those that know as many). Errors as above. Digits are read from what
 * was typed, since folding turns a superscript two into a 2; words from the folded text.
 */
CAIRN_NODISCARD int cairn_passphrase_read(struct cairn_passphrase *pass, struct cairn_span typed,
    struct cairn_span folded, size_t *ret_word);

/*
 * As a person would write it down: words with a space between, digits in groups of four. Writes a
 * zero at the end. CAIRN_ERR_SPACE when room is too small, CAIRN_ERR_UNKNOWN for a list not built in.
 */
CAIRN_NODISCARD int cairn_passphrase_write(char *out, size_t room, const struct cairn_passphrase *pass);

void cairn_passphrase_clear(struct cairn_passphrase *pass);

/*
 * root = Argon2id(input, H("cairn/1 person" || desk_id)[0:16]), 64 MiB, 3 passes: the one slow step,
 * about 0.1 s natively. CAIRN_ERR_NOMEM where 64 MiB cannot be had.
 */
CAIRN_NODISCARD int cairn_passphrase_root(uint8_t root[CAIRN_KEY_BYTES],
    const struct cairn_passphrase *pass, const uint8_t desk_id[CAIRN_HASH_BYTES]);

#endif
