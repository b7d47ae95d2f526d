// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/threshold.h"

#include <string.h>

#include <libgfshare.h>
#include <sodium.h>

/* The library asks for unsigned int where libsodium has size_t, and overwrites with it what it frees. */
static void
threshold_random(unsigned char *out, unsigned int size)
{
	randombytes_buf(out, size);
}

static int
numbers_read(uint8_t numbers[THRESHOLD_MOST], const struct threshold_share *shares, size_t count)
{
	if (count == 0 || count > THRESHOLD_MOST)
		return CAIRN_ERR_RANGE;
	for (size_t i = 0; i < count; i++) {
		numbers[i] = shares[i].number;
		if (numbers[i] == 0 || numbers[i] > THRESHOLD_MOST || memchr(numbers, numbers[i], i) != NULL)
			return CAIRN_ERR_RANGE;
	}
	return CAIRN_OK;
}

int
threshold_join(uint8_t secret[THRESHOLD_SECRET_BYTES], const struct threshold_share *shares, size_t count)
{
	uint8_t numbers[THRESHOLD_MOST], part[THRESHOLD_SECRET_BYTES];
	gfshare_ctx *ctx;
	int err;

	sodium_memzero(secret, THRESHOLD_SECRET_BYTES);
	err = numbers_read(numbers, shares, count);
	if (err != CAIRN_OK)
		return err;
	gfshare_fill_rand = threshold_random;
	ctx = gfshare_ctx_init_dec(numbers, (unsigned)count, THRESHOLD_SECRET_BYTES);
	if (ctx == NULL)
		return CAIRN_ERR_NOMEM;
	for (size_t i = 0; i < count; i++) {
		memcpy(part, shares[i].bytes, sizeof(part));
		gfshare_ctx_dec_giveshare(ctx, (unsigned char)i, part);
	}
	gfshare_ctx_dec_extract(ctx, secret);
	gfshare_ctx_free(ctx);
	sodium_memzero(part, sizeof(part));
	return CAIRN_OK;
}

/* Each run of k shares that stand side by side, round the end: every share is tried k times. */
static int
shares_check(const struct threshold_share *shares, uint8_t k, uint8_t n, const uint8_t secret[THRESHOLD_SECRET_BYTES])
{
	struct threshold_share some[THRESHOLD_MOST];
	uint8_t again[THRESHOLD_SECRET_BYTES];
	int err = CAIRN_OK;

	for (size_t first = 0; first < n && err == CAIRN_OK; first++) {
		for (size_t i = 0; i < k; i++)
			some[i] = shares[(first + i) % n];
		err = threshold_join(again, some, k);
		if (err == CAIRN_OK && sodium_memcmp(again, secret, sizeof(again)) != 0)
			err = CAIRN_ERR_CRYPTO;
	}
	sodium_memzero(some, sizeof(some));
	sodium_memzero(again, sizeof(again));
	return err;
}

static int
shares_make(struct threshold_share *shares, uint8_t k, uint8_t n, const uint8_t secret[THRESHOLD_SECRET_BYTES])
{
	uint8_t numbers[THRESHOLD_MOST], copy[THRESHOLD_SECRET_BYTES];
	gfshare_ctx *ctx;

	for (uint8_t i = 0; i < n; i++)
		shares[i].number = numbers[i] = (uint8_t)(i + 1);
	gfshare_fill_rand = threshold_random;
	ctx = gfshare_ctx_init_enc(numbers, n, k, THRESHOLD_SECRET_BYTES);
	if (ctx == NULL)
		return CAIRN_ERR_NOMEM;
	memcpy(copy, secret, sizeof(copy));
	gfshare_ctx_enc_setsecret(ctx, copy);
	for (uint8_t i = 0; i < n; i++)
		gfshare_ctx_enc_getshare(ctx, i, shares[i].bytes);
	gfshare_ctx_free(ctx);
	sodium_memzero(copy, sizeof(copy));
	return CAIRN_OK;
}

int
threshold_split(struct threshold_share *shares, uint8_t k, uint8_t n, const uint8_t secret[THRESHOLD_SECRET_BYTES])
{
	int err;

	if (k < THRESHOLD_LEAST || k > n || n > THRESHOLD_MOST)
		return CAIRN_ERR_RANGE;
	err = shares_make(shares, k, n, secret);
	if (err == CAIRN_OK)
		err = shares_check(shares, k, n, secret);
	if (err != CAIRN_OK)
		sodium_memzero(shares, n * sizeof(*shares));
	return err;
}

int
threshold_join_key(struct cairn_xwing_key *key, const struct threshold_share *shares, size_t count,
    const uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES])
{
	uint8_t seed[CAIRN_XWING_SEED_BYTES];
	int err;

	sodium_memzero(key, sizeof(*key));
	err = threshold_join(seed, shares, count);
	if (err != CAIRN_OK)
		return err;
	cairn_xwing_key_init(key, seed);
	sodium_memzero(seed, sizeof(seed));
	if (memcmp(key->public_key, public_key, CAIRN_XWING_PUBLIC_BYTES) == 0)
		return CAIRN_OK;
	cairn_xwing_key_clear(key);
	return CAIRN_ERR_CRYPTO;
}
