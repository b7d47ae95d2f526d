// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/relay_key.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "cairn/hash.h"
#include "relay/files.h"

static void
spread(struct relay_key *key, const uint8_t seed[32])
{
	crypto_sign_seed_keypair(key->public_key, key->secret, seed);
	cairn_derive(key->challenges, seed, "challenges", NULL, 0);
}

static int
make(struct relay_key *key, int data)
{
	uint8_t seed[32];
	int err;

	randombytes_buf(seed, sizeof seed);
	err = file_replace(data, RELAY_KEY_FILE, seed, sizeof seed);
	if (err == CAIRN_OK)
		spread(key, seed);
	sodium_memzero(seed, sizeof seed);
	return err;
}

static int
load(struct relay_key *key, bool *ret_fresh, int data)
{
	size_t bytes;
	uint8_t *seed;
	int err = file_read(&seed, &bytes, data, RELAY_KEY_FILE, 32);

	if (err == CAIRN_ERR_UNKNOWN) {
		*ret_fresh = true;
		return make(key, data);
	}
	if (err != CAIRN_OK)
		return err;
	if (bytes == 32)
		spread(key, seed);
	sodium_memzero(seed, bytes);
	free(seed);
	return bytes == 32 ? CAIRN_OK : CAIRN_ERR_RANGE;
}

int
relay_key_load(struct relay_key **ret, bool *ret_fresh, int data)
{
	struct relay_key *key = sodium_malloc(sizeof *key);
	int err;

	*ret = NULL;
	*ret_fresh = false;
	if (key == NULL)
		return CAIRN_ERR_NOMEM;
	err = load(key, ret_fresh, data);
	if (err != CAIRN_OK) {
		sodium_free(key);
		return err;
	}
	sodium_mprotect_readonly(key);
	*ret = key;
	return CAIRN_OK;
}

void
relay_key_free(struct relay_key *key)
{
	sodium_free(key);
}

void
relay_key_challenge(uint8_t out[CAIRN_CHALLENGE_BYTES], const struct relay_key *key,
    const uint8_t desk[CAIRN_HASH_BYTES], enum cairn_door door, uint32_t hour)
{
	uint8_t context[CAIRN_HASH_BYTES + 5];
	uint8_t all[CAIRN_HASH_BYTES];

	memcpy(context, desk, CAIRN_HASH_BYTES);
	context[CAIRN_HASH_BYTES] = (uint8_t)door;
	put_u32(context + CAIRN_HASH_BYTES + 1, hour);
	cairn_derive(all, key->challenges, "challenge", context, sizeof context);
	memcpy(out, all, CAIRN_CHALLENGE_BYTES);
}
