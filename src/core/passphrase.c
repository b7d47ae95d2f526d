// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/passphrase.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/text.h"
#include "base/writer.h"
#include "core/ct.h"
#include "core/unicode.h"

#define KIND_WORDS 1U
#define KIND_DIGITS 2U
#define LIST_BYTES 4U /* of H(list), which name the list in the input */
#define WORDS_AT (1U + LIST_BYTES)
#define DIGIT_GROUP 4U

#define ARGON2ID_PASSES 3U
#define ARGON2ID_BYTES (64U * 1024U * 1024U)

/* An endless stream of u32 out of the entropy: derive(entropy, "words", u32 block), block by block. */
struct stream {
	const uint8_t *entropy;
	uint8_t block[CAIRN_HASH_BYTES];
	uint32_t blocks;
	size_t used;
};

static uint32_t
stream_next(struct stream *s)
{
	uint8_t context[4];
	uint32_t v;

	if (s->used == sizeof s->block) {
		put_u32(context, s->blocks++);
		cairn_derive(s->block, s->entropy, "words", context, sizeof context);
		s->used = 0;
	}
	v = get_u32(s->block + s->used);
	s->used += 4;
	return v;
}

/* Uniform below size (Lemire): the high half of a product, without the few products that would favour some. */
static uint32_t
stream_below(struct stream *s, uint32_t size)
{
	uint32_t uneven = (uint32_t)(-size) % size;
	uint64_t product;
	bool again;

	do {
		product = (uint64_t)stream_next(s) * size;
		again = (uint32_t)product < uneven;
		/* What is thrown away says nothing about what is kept. */
		CT_PUBLIC(&again, sizeof again);
	} while (again);
	return (uint32_t)(product >> 32);
}

static void
begin_words(struct cairn_passphrase *pass, const struct cairn_wordlist *list)
{
	sodium_memzero(pass, sizeof *pass);
	pass->input[0] = KIND_WORDS;
	memcpy(pass->input + 1, list->hash, LIST_BYTES);
	pass->bytes = WORDS_AT;
}

static void
begin_digits(struct cairn_passphrase *pass)
{
	sodium_memzero(pass, sizeof *pass);
	pass->input[0] = KIND_DIGITS;
	pass->bytes = 1;
}

static void
add_word(struct cairn_passphrase *pass, uint32_t index)
{
	put_u16(pass->input + pass->bytes, (uint16_t)index);
	pass->bytes += 2;
}

static void
add_digit(struct cairn_passphrase *pass, uint32_t digit)
{
	pass->input[pass->bytes++] = (uint8_t)('0' + digit);
}

void
cairn_passphrase_new(struct cairn_passphrase *pass, const struct cairn_wordlist *list,
    const uint8_t entropy[32])
{
	struct stream s = {.entropy = entropy, .used = sizeof s.block};

	if (list != NULL) {
		begin_words(pass, list);
		for (size_t i = 0; i < list->count; i++)
			add_word(pass, stream_below(&s, (uint32_t)list->size));
	} else {
		begin_digits(pass);
		for (size_t i = 0; i < CAIRN_DIGITS; i++)
			add_digit(pass, stream_below(&s, 10));
	}
	sodium_memzero(&s, sizeof s);
}

/* Takes the next word off *rest; it is empty when there is none. */
static struct cairn_span
next_word(struct cairn_span *rest)
{
	struct cairn_span word = {rest->text, 0};

	while (rest->size > 0) {
		struct cairn_span before = *rest;

		if (!unicode_is_space(text_next(rest))) {
			word.size += (size_t)(rest->text - before.text);
			continue;
		}
		if (word.size > 0)
			return word;
		word.text = rest->text;
	}
	return word;
}

/* The index of a word, or list->size. Every word of the list is looked at, wherever the right one is. */
static size_t
index_of(const struct cairn_wordlist *list, struct cairn_span word)
{
	struct cairn_wordlist_walk walk;
	size_t found = list->size;

	cairn_wordlist_begin(&walk, list);
	for (size_t i = 0; cairn_wordlist_next(&walk); i++)
		if (span_same(word, (struct cairn_span){walk.word, walk.bytes}))
			found = i;
	return found;
}

int
cairn_passphrase_words(struct cairn_passphrase *pass, const struct cairn_wordlist *list,
    struct cairn_span text, size_t *ret_word)
{
	struct cairn_span word;
	size_t count = 0;
	int err = text.size > CAIRN_PASSPHRASE_TEXT_MAX ? CAIRN_ERR_RANGE : CAIRN_OK;

	begin_words(pass, list);
	while (err == CAIRN_OK && (word = next_word(&text)).size > 0) {
		size_t index = index_of(list, word);

		if (index == list->size)
			err = CAIRN_ERR_UNKNOWN;
		else if (count < CAIRN_WORDS_MAX)
			add_word(pass, (uint32_t)index);
		count += index != list->size;
	}
	if (err == CAIRN_ERR_UNKNOWN && ret_word != NULL)
		*ret_word = count;
	if (err == CAIRN_OK && (count < list->count || count > CAIRN_WORDS_MAX))
		err = CAIRN_ERR_RANGE;
	if (err != CAIRN_OK)
		cairn_passphrase_clear(pass);
	return err;
}

int
cairn_passphrase_digits(struct cairn_passphrase *pass, struct cairn_span text)
{
	size_t count = 0;
	int err = text.size > CAIRN_PASSPHRASE_TEXT_MAX ? CAIRN_ERR_RANGE : CAIRN_OK;

	begin_digits(pass);
	while (err == CAIRN_OK && text.size > 0) {
		uint32_t code = text_next(&text);
		int digit = unicode_digit(code);

		if (digit >= 0 && count++ < CAIRN_DIGITS)
			add_digit(pass, (uint32_t)digit);
		else if (digit < 0 && !unicode_is_space(code) && !unicode_is_invisible(code))
			err = CAIRN_ERR_FORMAT;
	}
	if (err == CAIRN_OK && count != CAIRN_DIGITS)
		err = CAIRN_ERR_RANGE;
	if (err != CAIRN_OK)
		cairn_passphrase_clear(pass);
	return err;
}

static bool
begins_with_digit(struct cairn_span text)
{
	while (text.size > 0) {
		uint32_t code = text_next(&text);

		if (!unicode_is_space(code) && !unicode_is_invisible(code))
			return unicode_digit(code) >= 0;
	}
	return false;
}

/* How many of the words are on the list. */
static size_t
known_words(const struct cairn_wordlist *list, struct cairn_span text)
{
	struct cairn_span word;
	size_t known = 0;

	while ((word = next_word(&text)).size > 0)
		known += index_of(list, word) != list->size;
	return known;
}

/* The built-in list with most of the words, the first one where several have as many. */
__attribute__((returns_nonnull)) static const struct cairn_wordlist *
best_list(struct cairn_span text)
{
	const struct cairn_wordlist *best = cairn_wordlists[0];
	size_t most = 0;

	for (size_t i = 0; cairn_wordlists[i] != NULL; i++) {
		size_t known = known_words(cairn_wordlists[i], text);

		if (known > most) {
			best = cairn_wordlists[i];
			most = known;
		}
	}
	return best;
}

int
cairn_passphrase_read(struct cairn_passphrase *pass, struct cairn_span typed,
    struct cairn_span folded, size_t *ret_word)
{
	const struct cairn_span nothing = {NULL, 0};
	bool too_long = folded.size > CAIRN_PASSPHRASE_TEXT_MAX;

	if (begins_with_digit(typed))
		return cairn_passphrase_digits(pass, typed);
	return cairn_passphrase_words(pass, best_list(too_long ? nothing : folded), folded, ret_word);
}

static const struct cairn_wordlist *
list_of(const struct cairn_passphrase *pass)
{
	for (size_t i = 0; cairn_wordlists[i] != NULL; i++)
		if (pass->bytes >= WORDS_AT &&
		    sodium_memcmp(cairn_wordlists[i]->hash, pass->input + 1, LIST_BYTES) == 0)
			return cairn_wordlists[i];
	return NULL;
}

/* The whole list is walked, wherever the word is. */
static void
write_word(struct writer *w, const struct cairn_wordlist *list, size_t index)
{
	struct cairn_wordlist_walk walk;

	cairn_wordlist_begin(&walk, list);
	for (size_t i = 0; cairn_wordlist_next(&walk); i++)
		if (i == index)
			write_bytes(w, walk.word, walk.bytes);
}

static int
write_words(struct writer *w, const struct cairn_passphrase *pass)
{
	const struct cairn_wordlist *list = list_of(pass);

	if (list == NULL)
		return CAIRN_ERR_UNKNOWN;
	for (size_t at = WORDS_AT; at + 2 <= pass->bytes; at += 2) {
		size_t index = get_u16(pass->input + at);

		if (index >= list->size)
			return CAIRN_ERR_UNKNOWN;
		if (at > WORDS_AT)
			write_text(w, " ");
		write_word(w, list, index);
	}
	return CAIRN_OK;
}

static void
write_digits(struct writer *w, const struct cairn_passphrase *pass)
{
	for (size_t i = 1; i < pass->bytes; i += DIGIT_GROUP) {
		size_t left = pass->bytes - i;

		if (i > 1)
			write_text(w, " ");
		write_bytes(w, pass->input + i, left < DIGIT_GROUP ? left : DIGIT_GROUP);
	}
}

int
cairn_passphrase_write(char *out, size_t room, const struct cairn_passphrase *pass)
{
	struct writer w;
	int err = CAIRN_OK;

	writer_init(&w, out, room);
	if (pass->input[0] == KIND_DIGITS)
		write_digits(&w, pass);
	else
		err = write_words(&w, pass);
	write_u8(&w, 0);
	if (err == CAIRN_OK)
		err = writer_end(&w, NULL);
	if (err != CAIRN_OK)
		sodium_memzero(out, room);
	return err;
}

void
cairn_passphrase_clear(struct cairn_passphrase *pass)
{
	sodium_memzero(pass, sizeof *pass);
}

int
cairn_passphrase_root(uint8_t root[CAIRN_KEY_BYTES], const struct cairn_passphrase *pass,
    const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	static const char person[14] = "cairn/1 person";
	uint8_t input[sizeof person + CAIRN_HASH_BYTES];
	uint8_t salt[CAIRN_HASH_BYTES];

	memcpy(input, person, sizeof person);
	memcpy(input + sizeof person, desk_id, CAIRN_HASH_BYTES);
	cairn_hash(salt, input, sizeof input);
	if (crypto_pwhash_argon2id(root, CAIRN_KEY_BYTES, (const char *)pass->input, pass->bytes, salt,
		ARGON2ID_PASSES, ARGON2ID_BYTES, crypto_pwhash_argon2id_ALG_ARGON2ID13) == 0)
		return CAIRN_OK;
	sodium_memzero(root, CAIRN_KEY_BYTES);
	return CAIRN_ERR_NOMEM;
}
