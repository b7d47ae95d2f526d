// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hkdf.h"

#include <string.h>

#include <sodium.h>

static void
update(crypto_auth_hmacsha256_state *mac, const struct hkdf_piece *pieces, size_t count)
{
	for (size_t i = 0; i < count; i++)
		crypto_auth_hmacsha256_update(mac, pieces[i].bytes, pieces[i].size);
}

void
hkdf_extract(uint8_t prk[HKDF_BYTES], const void *salt, size_t salt_bytes,
    const struct hkdf_piece *pieces, size_t count)
{
	crypto_auth_hmacsha256_state mac;

	/* libsodium wants a pointer for an empty salt too. */
	crypto_auth_hmacsha256_init(&mac, salt_bytes > 0 ? salt : (const void *)"", salt_bytes);
	update(&mac, pieces, count);
	crypto_auth_hmacsha256_final(&mac, prk);
	sodium_memzero(&mac, sizeof mac);
}

void
hkdf_expand(uint8_t *out, size_t size, const uint8_t prk[HKDF_BYTES], const struct hkdf_piece *info,
    size_t count)
{
	crypto_auth_hmacsha256_state mac;
	uint8_t block[HKDF_BYTES];
	uint8_t number = 0;

	if (size > HKDF_EXPAND_MAX)
		sodium_misuse();
	while (size > 0) {
		size_t piece = size < sizeof block ? size : sizeof block;

		crypto_auth_hmacsha256_init(&mac, prk, HKDF_BYTES);
		if (number > 0)
			crypto_auth_hmacsha256_update(&mac, block, sizeof block);
		update(&mac, info, count);
		number++;
		crypto_auth_hmacsha256_update(&mac, &number, 1);
		crypto_auth_hmacsha256_final(&mac, block);
		memcpy(out, block, piece);
		out += piece;
		size -= piece;
	}
	sodium_memzero(block, sizeof block);
	sodium_memzero(&mac, sizeof mac);
}
