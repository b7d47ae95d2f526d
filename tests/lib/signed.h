// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_SIGNED_H
#define TESTS_LIB_SIGNED_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "cairn/desk_keys.h"

/* A desk that signs whatever a test wants read: keys from fixed seeds, notes in one buffer each. */

struct signer {
	uint8_t key[32];
	uint8_t secret[64];
};

struct signed_note {
	uint8_t bytes[CAIRN_NOTE_BYTES_MAX + 1];
	size_t size;
};

static inline void
signer_init(struct signer *signer, uint8_t seed_byte)
{
	uint8_t seed[32];

	memset(seed, seed_byte, sizeof seed);
	crypto_sign_seed_keypair(signer->key, signer->secret, seed);
}

static inline struct cairn_span
span_of(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

/* text under "cairn/<desk_id>/<role>"; whoever's seed it is. */
static inline int
sign_as(struct signed_note *note, const char *text, const struct signer *signer,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const char *role)
{
	char name[CAIRN_KEY_NAME_BYTES];

	note->size = 0;
	return cairn_note_sign(note->bytes, sizeof note->bytes, &note->size, span_of(text),
	    cairn_key_name(name, desk_id, role), signer->secret);
}

/* Takes the first occurrence of old out of text and puts new in its place; text has room for it. */
static inline int
replace(char *text, size_t room, const char *old, const char *new)
{
	char *at = strstr(text, old);
	char rest[CAIRN_NOTE_BYTES_MAX];

	if (at == NULL || strlen(text) - strlen(old) + strlen(new) >= room)
		return -1;
	snprintf(rest, sizeof rest, "%s", at + strlen(old));
	snprintf(at, room - (size_t)(at - text), "%s%s", new, rest);
	return 0;
}

#endif
