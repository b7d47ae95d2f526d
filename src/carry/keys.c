// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/keys.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "carry/feed_record.h"

/* What a sealed row means: which key of which compartment, generation and day. */
#define AAD_BYTES 20U

static void
aad_of(uint8_t aad[AAD_BYTES], const char what[4], uint64_t c, uint32_t gen, uint32_t day)
{
	memcpy(aad, what, 4);
	put_u64(aad + 4, c);
	put_u32(aad + 12, gen);
	put_u32(aad + 16, day);
}

static int
seal(struct carry *carry, uint8_t out[ERASURE_SEALED_BYTES], const uint8_t key[CAIRN_KEY_BYTES], const char what[4],
    uint64_t c, uint32_t gen, uint32_t day)
{
	uint8_t aad[AAD_BYTES];

	aad_of(aad, what, c, gen, day);
	return erasure_seal(carry->erasure, out, key, aad, sizeof(aad));
}

static int
row_put(struct carry *carry, uint64_t c, uint32_t gen, uint32_t day, const uint8_t *sealed,
    const uint8_t rest[ERASURE_SEALED_BYTES])
{
	struct query q = carry_query(carry, CARRY_KEY_PUT);

	bind_int(&q, c);
	bind_int(&q, gen);
	bind_int(&q, day);
	bind_bytes(&q, sealed, ERASURE_SEALED_BYTES);
	bind_bytes(&q, rest, ERASURE_SEALED_BYTES);
	return query_run(&q);
}

/* The rest key as it lies in its row, or a fresh one. */
static int
rest_sealed(struct carry *carry, uint8_t out[ERASURE_SEALED_BYTES], uint64_t c)
{
	struct query q = carry_query(carry, CARRY_KEY_GET);
	uint8_t rest[CAIRN_KEY_BYTES];
	bool there;
	int err;

	bind_int(&q, c);
	there = query_row(&q);
	if (there)
		query_bytes(&q, 3, out, ERASURE_SEALED_BYTES);
	err = query_end(&q);
	if (err != CAIRN_OK || there)
		return err;
	randombytes_buf(rest, sizeof(rest));
	err = seal(carry, out, rest, "rest", c, 0, 0);
	sodium_memzero(rest, sizeof(rest));
	return err;
}

int
key_put(struct carry *carry, uint64_t c, uint32_t gen, uint32_t day, const uint8_t key[CAIRN_KEY_BYTES])
{
	uint8_t sealed[ERASURE_SEALED_BYTES], rest[ERASURE_SEALED_BYTES];
	int err = rest_sealed(carry, rest, c);

	if (err == CAIRN_OK)
		err = seal(carry, sealed, key, "key ", c, gen, day);
	if (err == CAIRN_OK)
		err = row_put(carry, c, gen, day, sealed, rest);
	return err == CAIRN_OK ? erasure_owe(carry->erasure) : err;
}

int
key_put_rest(struct carry *carry, uint64_t c)
{
	uint8_t rest[ERASURE_SEALED_BYTES];
	uint32_t gen, day;
	int err = key_held(carry, c, &gen, &day);

	if (err != CAIRN_ERR_UNKNOWN)
		return err;
	err = rest_sealed(carry, rest, c);
	return err == CAIRN_OK ? row_put(carry, c, 0, 0, NULL, rest) : err;
}

int
key_held(struct carry *carry, uint64_t c, uint32_t *ret_gen, uint32_t *ret_day)
{
	struct query q = carry_query(carry, CARRY_KEY_GET);
	bool there;
	int err;

	*ret_gen = *ret_day = 0;
	bind_int(&q, c);
	there = query_row(&q) && query_span(&q, 2).size > 0;
	if (there) {
		*ret_gen = (uint32_t)query_int(&q, 0);
		*ret_day = (uint32_t)query_int(&q, 1);
	}
	err = query_end(&q);
	return err == CAIRN_OK && !there ? CAIRN_ERR_UNKNOWN : err;
}

/* The key as it is held. */
static int
key_read(struct carry *carry, uint8_t key[CAIRN_KEY_BYTES], uint64_t c, uint32_t *ret_gen, uint32_t *ret_day)
{
	struct query q = carry_query(carry, CARRY_KEY_GET);
	uint8_t sealed[ERASURE_SEALED_BYTES], aad[AAD_BYTES];
	int err = CAIRN_ERR_UNKNOWN;
	int end;

	memset(key, 0, CAIRN_KEY_BYTES);
	bind_int(&q, c);
	if (query_row(&q) && query_span(&q, 2).size > 0) {
		*ret_gen = (uint32_t)query_int(&q, 0);
		*ret_day = (uint32_t)query_int(&q, 1);
		query_bytes(&q, 2, sealed, sizeof(sealed));
		aad_of(aad, "key ", c, *ret_gen, *ret_day);
		err = erasure_open(carry->erasure, key, sealed, aad, sizeof(aad));
	}
	end = query_end(&q);
	return end != CAIRN_OK ? end : err;
}

int
key_forward(uint8_t key[CAIRN_KEY_BYTES], uint32_t from, uint32_t to)
{
	int err = to < from ? CAIRN_ERR_STALE : to - from > KEY_STEP_DAYS_MAX ? CAIRN_ERR_RANGE
									      : CAIRN_OK;

	for (; err == CAIRN_OK && from < to; from++)
		feed_key_next_day(key);
	if (err != CAIRN_OK)
		sodium_memzero(key, CAIRN_KEY_BYTES);
	return err;
}

int
key_of_day(struct carry *carry, uint8_t key[CAIRN_KEY_BYTES], uint64_t c, uint32_t gen, uint32_t day)
{
	uint32_t held_gen, held_day;
	int err = key_read(carry, key, c, &held_gen, &held_day);

	if (err != CAIRN_OK)
		return err;
	if (held_gen == gen)
		return key_forward(key, held_day, day);
	sodium_memzero(key, CAIRN_KEY_BYTES);
	return CAIRN_ERR_UNKNOWN;
}

static int
key_row_move(struct carry *carry, uint64_t c, uint32_t gen, uint32_t day, const uint8_t key[CAIRN_KEY_BYTES])
{
	uint8_t sealed[ERASURE_SEALED_BYTES];
	struct query q;
	int err = seal(carry, sealed, key, "key ", c, gen, day);

	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_KEY_MOVE);
	bind_int(&q, c);
	bind_int(&q, day);
	bind_bytes(&q, sealed, sizeof(sealed));
	err = query_run(&q);
	return err == CAIRN_OK ? erasure_owe(carry->erasure) : err;
}

int
key_move(struct carry *carry, uint64_t c, uint32_t day)
{
	uint8_t key[CAIRN_KEY_BYTES];
	uint32_t gen, held_day;
	int err = key_held(carry, c, &gen, &held_day);

	if (err == CAIRN_ERR_UNKNOWN || (err == CAIRN_OK && held_day >= day))
		return CAIRN_OK;
	if (err == CAIRN_OK)
		err = key_of_day(carry, key, c, gen, day);
	if (err == CAIRN_OK)
		err = key_row_move(carry, c, gen, day, key);
	sodium_memzero(key, sizeof(key));
	return err;
}

int
keys_turn(struct carry *carry, uint32_t day, size_t *ret_moved)
{
	uint64_t behind[256];
	size_t count;

	*ret_moved = 0;
	do {
		struct query q = carry_query(carry, CARRY_KEY_BEHIND);
		int err;

		bind_int(&q, day);
		for (count = 0; count < 256 && query_row(&q); count++)
			behind[count] = query_int(&q, 0);
		err = query_end(&q);
		for (size_t i = 0; i < count && err == CAIRN_OK; i++)
			err = key_move(carry, behind[i], day);
		if (err != CAIRN_OK)
			return err;
		*ret_moved += count;
	} while (count == 256);
	return CAIRN_OK;
}

int
key_rest(struct carry *carry, uint8_t rest[CAIRN_KEY_BYTES], uint64_t c)
{
	struct query q = carry_query(carry, CARRY_KEY_GET);
	uint8_t sealed[ERASURE_SEALED_BYTES], aad[AAD_BYTES];
	int err = CAIRN_ERR_UNKNOWN;
	int end;

	memset(rest, 0, CAIRN_KEY_BYTES);
	bind_int(&q, c);
	if (query_row(&q)) {
		query_bytes(&q, 3, sealed, sizeof(sealed));
		aad_of(aad, "rest", c, 0, 0);
		err = erasure_open(carry->erasure, rest, sealed, aad, sizeof(aad));
	}
	end = query_end(&q);
	return end != CAIRN_OK ? end : err;
}

int
key_erase(struct carry *carry, uint64_t c)
{
	struct query q = carry_query(carry, CARRY_KEY_ERASE);
	int err;

	bind_int(&q, c);
	err = query_run(&q);
	return err == CAIRN_OK ? erasure_owe(carry->erasure) : err;
}

int
rest_seal(struct carry *carry, uint8_t *out, uint64_t c, const void *plain, size_t bytes)
{
	uint8_t rest[CAIRN_KEY_BYTES], aad[8];
	int err = key_rest(carry, rest, c);

	put_u64(aad, c);
	if (err == CAIRN_OK) {
		randombytes_buf(out, 24);
		crypto_aead_xchacha20poly1305_ietf_encrypt(out + 24, NULL, plain, bytes, aad, sizeof(aad), NULL, out,
		    rest);
	}
	sodium_memzero(rest, sizeof(rest));
	return err;
}

int
rest_open(struct carry *carry, uint8_t *out, size_t *ret_bytes, uint64_t c, const void *sealed, size_t bytes)
{
	const uint8_t *in = sealed;
	uint8_t rest[CAIRN_KEY_BYTES], aad[8];
	int err = bytes < KEY_REST_COST ? CAIRN_ERR_FORMAT : key_rest(carry, rest, c);

	*ret_bytes = 0;
	if (err != CAIRN_OK)
		return err;
	put_u64(aad, c);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, in + 24, bytes - 24, aad, sizeof(aad), in,
		rest) != 0)
		err = CAIRN_ERR_CRYPTO;
	else
		*ret_bytes = bytes - KEY_REST_COST;
	sodium_memzero(rest, sizeof(rest));
	return err;
}
