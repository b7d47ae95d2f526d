// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/key.h"

#include <string.h>

void
key_bytes(struct key *key, const void *bytes, size_t size)
{
	key_number(key, size);
	if (size > 0)
		crypto_generichash_update(&key->state, bytes, size);
}

void
key_number(struct key *key, uint64_t number)
{
	uint8_t bytes[8];

	memcpy(bytes, &number, sizeof bytes);
	crypto_generichash_update(&key->state, bytes, sizeof bytes);
}

void
key_begin(struct key *key, const char *kind)
{
	crypto_generichash_init(&key->state, NULL, 0, KEY_BYTES);
	key_bytes(key, kind, strlen(kind));
}

void
key_span(struct key *key, struct cairn_span text)
{
	key_bytes(key, text.text, text.size);
}

void
key_end(struct key *key, uint8_t out[KEY_BYTES])
{
	crypto_generichash_final(&key->state, out, KEY_BYTES);
}
