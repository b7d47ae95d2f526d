// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/hpke.h"

#include <string.h>

#include <sodium.h>

#include "core/ct.h"
#include "core/hpke_schedule.h"

int
cairn_hpke_seal(uint8_t enc[CAIRN_XWING_ENC_BYTES], uint8_t *ct, const uint8_t *plain,
    size_t plain_bytes, const uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES], const uint8_t *info,
    size_t info_bytes, const uint8_t eseed[CAIRN_XWING_ESEED_BYTES])
{
	struct hpke_context context;
	uint8_t shared[CAIRN_XWING_SHARED_BYTES];
	int err = CAIRN_ERR_RANGE;

	memset(enc, 0, CAIRN_XWING_ENC_BYTES);
	if (info_bytes <= CAIRN_HPKE_INFO_MAX)
		err = cairn_xwing_encapsulate(enc, shared, public_key, eseed);
	if (err != CAIRN_OK) {
		memset(ct, 0, plain_bytes + CAIRN_HPKE_TAG_BYTES);
		return err;
	}
	hpke_schedule(&context, HPKE_KEM_XWING, shared, info, info_bytes);
	/* One message each: the sequence number is 0, so the base nonce is the nonce. */
	crypto_aead_chacha20poly1305_ietf_encrypt(
	    ct, NULL, plain, plain_bytes, NULL, 0, NULL, context.base_nonce, context.key);
	sodium_memzero(shared, sizeof shared);
	sodium_memzero(&context, sizeof context);
	return CAIRN_OK;
}

int
cairn_hpke_open(uint8_t *plain, const uint8_t enc[CAIRN_XWING_ENC_BYTES], const uint8_t *ct,
    size_t ct_bytes, const struct cairn_xwing_key *key, const uint8_t *info, size_t info_bytes)
{
	struct hpke_context context;
	uint8_t shared[CAIRN_XWING_SHARED_BYTES];
	int failed;

	if (ct_bytes < CAIRN_HPKE_TAG_BYTES)
		return CAIRN_ERR_CRYPTO;
	memset(plain, 0, ct_bytes - CAIRN_HPKE_TAG_BYTES);
	if (info_bytes > CAIRN_HPKE_INFO_MAX || cairn_xwing_decapsulate(shared, enc, key) != CAIRN_OK)
		return CAIRN_ERR_CRYPTO;
	hpke_schedule(&context, HPKE_KEM_XWING, shared, info, info_bytes);
	failed = crypto_aead_chacha20poly1305_ietf_decrypt(
	    plain, NULL, NULL, ct, ct_bytes, NULL, 0, context.base_nonce, context.key);
	/*
	 * Whether it opened is what the caller is told, and nobody else by the time it takes: under a wrong
	 * tag nothing is decrypted, so the same stream is made and thrown away.
	 */
	CT_PUBLIC(&failed, sizeof failed);
	if (failed != 0)
		crypto_stream_chacha20_ietf(plain, ct_bytes - CAIRN_HPKE_TAG_BYTES, context.base_nonce, context.key);
	sodium_memzero(shared, sizeof shared);
	sodium_memzero(&context, sizeof context);
	if (failed == 0)
		return CAIRN_OK;
	sodium_memzero(plain, ct_bytes - CAIRN_HPKE_TAG_BYTES);
	return CAIRN_ERR_CRYPTO;
}
