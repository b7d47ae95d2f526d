// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wordlist.h"

#include <string.h>

#include <sodium.h>

#include "cairn/passphrase.h"

/* A changed list locks people out of their conversations: these hashes are pinned here and in tests/unit. */
static const struct cairn_wordlist english = {
    .name = "english",
    .language = "en",
    .words = words_english,
    .size = WORDS_ENGLISH,
    .count = 6,
    .hash = {0x32, 0x36, 0x06, 0xb3, 0x63, 0xeb, 0xde, 0xdf, 0xf9, 0xf5, 0x62, 0xcb, 0x84, 0xc5, 0x0d, 0xf1,
	0xa2, 0x1c, 0xbd, 0x4b, 0x59, 0x7f, 0xf4, 0x56, 0x6d, 0xf9, 0x2b, 0xb9, 0xf2, 0xce, 0xfd, 0xfd},
};

const struct cairn_wordlist *const cairn_wordlists[] = {&english, NULL};

const struct cairn_wordlist *
cairn_wordlist_find(const char *name)
{
	for (size_t i = 0; cairn_wordlists[i] != NULL; i++)
		if (strcmp(cairn_wordlists[i]->name, name) == 0 || strcmp(cairn_wordlists[i]->language, name) == 0)
			return cairn_wordlists[i];
	return NULL;
}

void
cairn_wordlist_hash(uint8_t out[CAIRN_HASH_BYTES], const char *const *words, size_t size)
{
	crypto_generichash_blake2b_state state;

	crypto_generichash_blake2b_init(&state, NULL, 0, CAIRN_HASH_BYTES);
	for (size_t i = 0; i < size; i++) {
		crypto_generichash_blake2b_update(&state, (const uint8_t *)words[i], strlen(words[i]));
		crypto_generichash_blake2b_update(&state, (const uint8_t *)"\n", 1);
	}
	crypto_generichash_blake2b_final(&state, out, CAIRN_HASH_BYTES);
}
