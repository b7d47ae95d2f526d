// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wordlist.h"

#include <string.h>

#include <sodium.h>

#include "cairn/passphrase.h"

/* A changed list locks people out of their conversations: the hashes are pinned here and in tests/unit. */
static const struct cairn_wordlist english = {
    .name = "english",
    .language = "en",
    .words = words_english,
    .size = WORDS_ENGLISH,
    .count = 6,
    .hash = {0x32, 0x36, 0x06, 0xb3, 0x63, 0xeb, 0xde, 0xdf, 0xf9, 0xf5, 0x62, 0xcb, 0x84, 0xc5, 0x0d, 0xf1,
	0xa2, 0x1c, 0xbd, 0x4b, 0x59, 0x7f, 0xf4, 0x56, 0x6d, 0xf9, 0x2b, 0xb9, 0xf2, 0xce, 0xfd, 0xfd},
};

static const struct cairn_wordlist russian = {
    .name = "russian",
    .language = "ru",
    .words = words_russian,
    .size = WORDS_RUSSIAN,
    .count = 7,
    .hash = {0xe8, 0x51, 0x3a, 0x55, 0x3e, 0xe4, 0x05, 0x06, 0xec, 0x77, 0x87, 0x8a, 0x6c, 0x16, 0x22, 0x9b,
	0xfa, 0xa0, 0x9f, 0xc4, 0xdd, 0x88, 0x2c, 0xd0, 0x0b, 0x40, 0x66, 0xff, 0xa6, 0xc3, 0x83, 0x7f},
};

const struct cairn_wordlist *const cairn_wordlists[] = {&english, &russian, NULL};

const struct cairn_wordlist *
cairn_wordlist_find(const char *name)
{
	for (size_t i = 0; cairn_wordlists[i] != NULL; i++)
		if (strcmp(cairn_wordlists[i]->name, name) == 0 || strcmp(cairn_wordlists[i]->language, name) == 0)
			return cairn_wordlists[i];
	return NULL;
}

void
cairn_wordlist_begin(struct cairn_wordlist_walk *walk, const struct cairn_wordlist *list)
{
	walk->rest = list->words;
	walk->word[0] = '\0';
	walk->bytes = 0;
}

/* A byte below a space is no part of a word: it begins the next one. */
static bool
goes_on(char byte)
{
	return (uint8_t)byte >= ' ';
}

bool
cairn_wordlist_next(struct cairn_wordlist_walk *walk)
{
	size_t shared;

	if (*walk->rest == '\0')
		return false;
	shared = (size_t)(uint8_t)*walk->rest++ - 1;
	if (shared < walk->bytes)
		walk->bytes = shared;
	while (goes_on(*walk->rest) && walk->bytes < CAIRN_WORD_BYTES_MAX)
		walk->word[walk->bytes++] = *walk->rest++;
	walk->word[walk->bytes] = '\0';
	return true;
}

void
cairn_wordlist_hash(uint8_t out[CAIRN_HASH_BYTES], const struct cairn_wordlist *list)
{
	crypto_generichash_blake2b_state state;
	struct cairn_wordlist_walk walk;

	crypto_generichash_blake2b_init(&state, NULL, 0, CAIRN_HASH_BYTES);
	cairn_wordlist_begin(&walk, list);
	while (cairn_wordlist_next(&walk)) {
		walk.word[walk.bytes] = '\n';
		crypto_generichash_blake2b_update(&state, (const uint8_t *)walk.word, walk.bytes + 1);
	}
	crypto_generichash_blake2b_final(&state, out, CAIRN_HASH_BYTES);
}
