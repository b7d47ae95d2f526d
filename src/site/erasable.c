// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/erasable.h"

#include <sodium.h>

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES

void
words_under(uint8_t *words, const uint8_t key[ERASURE_KEY_BYTES], struct erasable who, const void *plain,
    size_t bytes)
{
	randombytes_buf(words, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(words + NONCE_BYTES, NULL, plain, bytes, who.who, who.who_bytes,
	    NULL, words, key);
}

int
words_out(uint8_t *out, size_t room, size_t *ret_bytes, const uint8_t key[ERASURE_KEY_BYTES], struct erasable who,
    struct cairn_span words)
{
	const uint8_t *in = (const uint8_t *)words.text;

	*ret_bytes = 0;
	if (words.size < ERASABLE_COST || words.size - ERASABLE_COST > room)
		return CAIRN_ERR_FORMAT;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, in + NONCE_BYTES, words.size - NONCE_BYTES,
		who.who, who.who_bytes, in, key) != 0)
		return CAIRN_ERR_FORMAT;
	*ret_bytes = words.size - ERASABLE_COST;
	return CAIRN_OK;
}

int
erasable_seal(struct db *db, uint8_t key[ERASURE_SEALED_BYTES], uint8_t *words, struct erasable who,
    const void *plain, size_t bytes)
{
	uint8_t fresh[ERASURE_KEY_BYTES];
	int err;

	randombytes_buf(fresh, sizeof(fresh));
	err = erasure_seal(erasure_of(db), key, fresh, who.who, who.who_bytes);
	if (err == CAIRN_OK)
		words_under(words, fresh, who, plain, bytes);
	sodium_memzero(fresh, sizeof(fresh));
	return err;
}

size_t
erasable_open(struct query *q, int key_column, int words_column, struct erasable who, uint8_t *out, size_t room)
{
	uint8_t sealed[ERASURE_SEALED_BYTES], key[ERASURE_KEY_BYTES];
	size_t bytes = 0;

	query_bytes(q, key_column, sealed, sizeof(sealed));
	if (q->err == CAIRN_OK)
		q->err = erasure_open(erasure_of(q->db), key, sealed, who.who, who.who_bytes);
	if (q->err == CAIRN_OK)
		q->err = words_out(out, room, &bytes, key, who, query_span(q, words_column));
	sodium_memzero(key, sizeof(key));
	return bytes;
}
