// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/hash.h"

#include <string.h>

#include <sodium.h>

static const char derive_prefix[8] = "cairn/1 ";

void
cairn_hash(uint8_t out[CAIRN_HASH_BYTES], const void *bytes, size_t size)
{
	if (crypto_generichash_blake2b(out, CAIRN_HASH_BYTES, bytes, size, NULL, 0) != 0)
		sodium_misuse();
}

void
cairn_derive(uint8_t out[CAIRN_HASH_BYTES], const uint8_t key[CAIRN_KEY_BYTES], const char *label,
    const void *context, size_t context_bytes)
{
	uint8_t input[sizeof derive_prefix + CAIRN_DERIVE_LABEL_MAX + 1 + CAIRN_DERIVE_CONTEXT_MAX];
	size_t label_bytes = strlen(label);
	size_t used = sizeof derive_prefix;

	if (label_bytes > CAIRN_DERIVE_LABEL_MAX || context_bytes > CAIRN_DERIVE_CONTEXT_MAX)
		sodium_misuse();
	memcpy(input, derive_prefix, used);
	memcpy(input + used, label, label_bytes + 1); /* with its zero, which ends the label */
	used += label_bytes + 1;
	if (context_bytes > 0)
		memcpy(input + used, context, context_bytes);
	used += context_bytes;
	if (crypto_generichash_blake2b(out, CAIRN_HASH_BYTES, input, used, key, CAIRN_KEY_BYTES) != 0)
		sodium_misuse();
	sodium_memzero(input, used);
}
