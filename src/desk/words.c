// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/words.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "desk/sealed.h"

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES

static struct sealed_row
rest_row(uint64_t conv)
{
	return (struct sealed_row){"words", conv, 0, 0};
}

static int
key_find(struct db *state, uint8_t key[CAIRN_KEY_BYTES], uint64_t conv, bool *ret_found)
{
	struct query q = query(state, SQL_CONV_REST);

	bind_int(&q, conv);
	*ret_found = query_row(&q) && query_span(&q, 0).size > 0;
	if (*ret_found)
		query_sealed(&q, 0, key, rest_row(conv));
	return query_end(&q);
}

static int
key_make(struct db *state, uint8_t key[CAIRN_KEY_BYTES], uint64_t conv)
{
	uint8_t sealed[ERASURE_SEALED_BYTES];
	struct query q;
	int err;

	randombytes_buf(key, CAIRN_KEY_BYTES);
	err = sealed_make(state, sealed, key, rest_row(conv));
	if (err != CAIRN_OK)
		return err;
	q = query(state, SQL_CONV_REST_PUT);
	bind_int(&q, conv);
	bind_bytes(&q, sealed, sizeof(sealed));
	return query_run(&q);
}

int
words_seal(struct db *state, uint8_t *out, uint64_t conv, const void *plain, size_t bytes)
{
	uint8_t key[CAIRN_KEY_BYTES];
	bool found;
	int err = key_find(state, key, conv, &found);

	if (err == CAIRN_OK && !found)
		err = key_make(state, key, conv);
	if (err == CAIRN_OK) {
		randombytes_buf(out, NONCE_BYTES);
		crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE_BYTES, NULL, plain, bytes, NULL, 0, NULL, out,
		    key);
	}
	sodium_memzero(key, sizeof(key));
	return err;
}

int
words_open(struct query *q, int column, uint8_t **ret, size_t *ret_bytes, uint64_t conv, size_t more)
{
	struct cairn_span sealed = query_span(q, column);
	const uint8_t *in = (const uint8_t *)sealed.text;
	uint8_t key[CAIRN_KEY_BYTES];
	bool found;
	int err = key_find(q->db, key, conv, &found);

	*ret = NULL;
	*ret_bytes = 0;
	if (err == CAIRN_OK && (!found || sealed.size < WORDS_COST))
		err = CAIRN_ERR_FORMAT;
	if (err == CAIRN_OK && (*ret = calloc(1, sealed.size + more)) == NULL)
		err = CAIRN_ERR_NOMEM;
	if (err == CAIRN_OK &&
	    crypto_aead_xchacha20poly1305_ietf_decrypt(*ret, NULL, NULL, in + NONCE_BYTES, sealed.size - NONCE_BYTES,
		NULL, 0, in, key) != 0)
		err = CAIRN_ERR_FORMAT;
	sodium_memzero(key, sizeof(key));
	if (err == CAIRN_OK) {
		*ret_bytes = sealed.size - WORDS_COST;
	} else {
		free(*ret);
		*ret = NULL;
	}
	return err;
}
