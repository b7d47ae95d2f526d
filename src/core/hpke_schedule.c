// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hpke_schedule.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "core/hkdf.h"

#define MODE_BASE 0x00U

static const char version[7] = "HPKE-v1";

void
hpke_suite(uint8_t suite[HPKE_SUITE_BYTES], uint16_t kem_id)
{
	memcpy(suite, "HPKE", 4);
	put_u16(suite + 4, kem_id);
	put_u16(suite + 6, HPKE_KDF_HKDF_SHA256);
	put_u16(suite + 8, HPKE_AEAD_CHACHA20POLY1305);
}

void
hpke_extract(uint8_t out[HPKE_SECRET_BYTES], const uint8_t *suite, size_t suite_bytes,
    const uint8_t *salt, const char *label, const void *ikm, size_t ikm_bytes)
{
	const struct hkdf_piece pieces[] = {
	    {version, sizeof version},
	    {suite, suite_bytes},
	    {label, strlen(label)},
	    {ikm, ikm_bytes},
	};

	hkdf_extract(out, salt, salt == NULL ? 0 : HPKE_SECRET_BYTES, pieces, 4);
}

void
hpke_expand(uint8_t *out, size_t size, const uint8_t *suite, size_t suite_bytes,
    const uint8_t prk[HPKE_SECRET_BYTES], const char *label, const void *info, size_t info_bytes)
{
	uint8_t length[2];
	const struct hkdf_piece pieces[] = {
	    {length, sizeof length},
	    {version, sizeof version},
	    {suite, suite_bytes},
	    {label, strlen(label)},
	    {info, info_bytes},
	};

	put_u16(length, (uint16_t)size);
	hkdf_expand(out, size, prk, pieces, 5);
}

void
hpke_schedule(struct hpke_context *context, uint16_t kem_id, const uint8_t shared[HPKE_SECRET_BYTES],
    const void *info, size_t info_bytes)
{
	uint8_t suite[HPKE_SUITE_BYTES];
	uint8_t hashes[1 + 2 * HKDF_BYTES]; /* key_schedule_context */
	uint8_t secret[HPKE_SECRET_BYTES];

	hpke_suite(suite, kem_id);
	hashes[0] = MODE_BASE;
	hpke_extract(hashes + 1, suite, sizeof suite, NULL, "psk_id_hash", NULL, 0);
	hpke_extract(hashes + 1 + HKDF_BYTES, suite, sizeof suite, NULL, "info_hash", info, info_bytes);
	hpke_extract(secret, suite, sizeof suite, shared, "secret", NULL, 0);
	hpke_expand(context->key, sizeof context->key, suite, sizeof suite, secret, "key", hashes,
	    sizeof hashes);
	hpke_expand(context->base_nonce, sizeof context->base_nonce, suite, sizeof suite, secret,
	    "base_nonce", hashes, sizeof hashes);
	hpke_expand(context->exporter_secret, sizeof context->exporter_secret, suite, sizeof suite, secret,
	    "exp", hashes, sizeof hashes);
	sodium_memzero(secret, sizeof secret);
}
