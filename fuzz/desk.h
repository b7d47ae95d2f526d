// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FUZZ_DESK_H
#define FUZZ_DESK_H

#include <string.h>

#include <sodium.h>

#include "cairn/desk_keys.h"
#include "fuzz.h"

/*
 * What stands behind a signature is out of a fuzzer's reach: so the bytes are taken as a text, and signed with the
 * keys of the desk of tests/vectors/cairn-v1.json, of which the seeds are.
 */

#define FUZZ_IDENTITY_SEED "3159e11c4588aef2b2d6741741f437b8b6cfad2bbf7d52db36f738dda3cbb0a2"
#define FUZZ_BOARD_SEED "b46182b910fb9957ae3d54d7873ee77c3cf1b4994ff33e8587f2016ba8de6c2c"

static inline void
fuzz_key(uint8_t key[32], uint8_t secret[64], const char *seed_hex)
{
	uint8_t seed[32];

	FUZZ_CHECK(sodium_hex2bin(seed, sizeof(seed), seed_hex, 64, NULL, NULL, NULL) == 0);
	crypto_sign_seed_keypair(key, secret, seed);
}

static inline void
fuzz_desk_id(uint8_t desk_id[CAIRN_HASH_BYTES])
{
	uint8_t key[32], secret[64];

	fuzz_key(key, secret, FUZZ_IDENTITY_SEED);
	cairn_hash(desk_id, key, sizeof(key));
}

/* The note of that text by that role's key, in a block of its very size; NULL where it is no note's text. */
static inline uint8_t *
fuzz_sign(size_t *ret_bytes, const uint8_t *text, size_t size, const char *role)
{
	static uint8_t room[2 * CAIRN_NOTE_BYTES_MAX];
	uint8_t desk_id[CAIRN_HASH_BYTES], key[32], secret[64], *note;
	char name[CAIRN_KEY_NAME_BYTES];

	fuzz_desk_id(desk_id);
	fuzz_key(key, secret, strcmp(role, "board") == 0 ? FUZZ_BOARD_SEED : FUZZ_IDENTITY_SEED);
	if (cairn_note_sign(room, sizeof(room), ret_bytes, (struct cairn_span){(const char *)text, size},
	        cairn_key_name(name, desk_id, role), secret) != CAIRN_OK)
		return NULL;
	note = malloc(*ret_bytes);
	FUZZ_CHECK(note != NULL);
	memcpy(note, room, *ret_bytes);
	return note;
}

/* Does a view look into these bytes and nowhere else? */
static inline bool
fuzz_within(struct cairn_span view, const uint8_t *bytes, size_t size)
{
	const char *begin = (const char *)bytes;

	return view.size == 0 || (view.text >= begin && view.text + view.size <= begin + size);
}

#endif
