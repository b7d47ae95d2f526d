// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/day_keys.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "carry/devices.h"
#include "carry/say.h"

#define AAD_BYTES 8U

static void
aad_of(uint8_t aad[AAD_BYTES], uint32_t day)
{
	memcpy(aad, "dkey", 4);
	put_u32(aad + 4, day);
}

int
day_key_keep(struct carry *carry, uint64_t device, uint32_t day, const uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES])
{
	struct query q = carry_query(carry, CARRY_DAY_KEY_PUT);

	bind_int(&q, device);
	bind_int(&q, day);
	bind_bytes(&q, public_key, CAIRN_XWING_PUBLIC_BYTES);
	return query_run(&q);
}

int
day_key_of(struct carry *carry, uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES], uint64_t device, uint32_t day)
{
	struct query q = carry_query(carry, CARRY_DAY_KEY_GET);
	bool there;
	int err;

	bind_int(&q, device);
	bind_int(&q, day);
	there = query_row(&q);
	if (there)
		query_bytes(&q, 0, public_key, CAIRN_XWING_PUBLIC_BYTES);
	err = query_end(&q);
	return err == CAIRN_OK && !there ? CAIRN_ERR_UNKNOWN : err;
}

static int
seed_of(struct carry *carry, uint8_t seed[CAIRN_XWING_SEED_BYTES], uint32_t day)
{
	struct query q = carry_query(carry, CARRY_MY_DAY_KEY_GET);
	uint8_t sealed[ERASURE_SEALED_BYTES], aad[AAD_BYTES];
	int err = CAIRN_ERR_UNKNOWN;
	int end;

	aad_of(aad, day);
	bind_int(&q, day);
	if (query_row(&q)) {
		query_bytes(&q, 0, sealed, sizeof(sealed));
		err = erasure_open(carry->erasure, seed, sealed, aad, sizeof(aad));
	}
	end = query_end(&q);
	return end != CAIRN_OK ? end : err;
}

static int
seed_put(struct carry *carry, const uint8_t seed[CAIRN_XWING_SEED_BYTES], uint32_t day)
{
	uint8_t sealed[ERASURE_SEALED_BYTES], aad[AAD_BYTES];
	struct query q;
	int err;

	aad_of(aad, day);
	err = erasure_seal(carry->erasure, sealed, seed, aad, sizeof(aad));
	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_MY_DAY_KEY_PUT);
	bind_int(&q, day);
	bind_bytes(&q, sealed, sizeof(sealed));
	return query_run(&q);
}

/* The seed of that day, made where there is none. */
static int
seed_get(struct carry *carry, uint8_t seed[CAIRN_XWING_SEED_BYTES], uint32_t day)
{
	int err = seed_of(carry, seed, day);

	if (err != CAIRN_ERR_UNKNOWN)
		return err;
	randombytes_buf(seed, CAIRN_XWING_SEED_BYTES);
	return seed_put(carry, seed, day);
}

int
day_keys_make(struct carry *carry, uint8_t (*publics)[CAIRN_XWING_PUBLIC_BYTES], uint32_t first, size_t count)
{
	uint8_t seed[CAIRN_XWING_SEED_BYTES];
	struct cairn_xwing_key key;
	int err = CAIRN_OK;

	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		err = seed_get(carry, seed, first + (uint32_t)i);
		if (err != CAIRN_OK)
			break;
		cairn_xwing_key_init(&key, seed);
		memcpy(publics[i], key.public_key, CAIRN_XWING_PUBLIC_BYTES);
		cairn_xwing_key_clear(&key);
	}
	sodium_memzero(seed, sizeof(seed));
	return err;
}

int
day_seed_mine(struct carry *carry, uint8_t seed[CAIRN_XWING_SEED_BYTES], uint32_t day)
{
	return seed_of(carry, seed, day);
}

int
day_key_mine(struct carry *carry, struct cairn_xwing_key *key, uint32_t day)
{
	uint8_t seed[CAIRN_XWING_SEED_BYTES];
	int err = seed_of(carry, seed, day);

	if (err == CAIRN_OK)
		cairn_xwing_key_init(key, seed);
	sodium_memzero(seed, sizeof(seed));
	return err;
}

/*
 * Is what all others take for this device's key of that day not its own? Whoever admitted it may have said another.
 */
static int
day_key_differs(struct carry *carry, bool *ret, uint64_t self, uint32_t day,
    const uint8_t mine[CAIRN_XWING_PUBLIC_BYTES])
{
	uint8_t said[CAIRN_XWING_PUBLIC_BYTES];
	int err = day_key_of(carry, said, self, day);

	*ret = err == CAIRN_ERR_UNKNOWN || (err == CAIRN_OK && memcmp(said, mine, sizeof(said)) != 0);
	return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
}

/*
 * Only from the first that is not out yet: each day one more, so that one may be away for as long as there are keys.
 */
int
day_keys_say(struct carry *carry, bool *ret_said, uint64_t now)
{
	uint8_t publics[DAY_KEYS_AHEAD][CAIRN_XWING_PUBLIC_BYTES];
	struct op_day_keys said = {.first_day = carry_day(now)};
	struct carry_device self;
	uint32_t first = 0;
	bool differs = false;
	int err = device_self(carry, &self);

	*ret_said = false;
	if (err == CAIRN_OK && carry->day_keys_day == said.first_day)
		return CAIRN_OK;
	if (err == CAIRN_OK)
		err = day_keys_make(carry, publics, said.first_day, DAY_KEYS_AHEAD);
	for (; err == CAIRN_OK && first < DAY_KEYS_AHEAD; first++) {
		err = day_key_differs(carry, &differs, self.n, said.first_day + first, publics[first]);
		if (differs)
			break;
	}
	if (err == CAIRN_OK && first == DAY_KEYS_AHEAD)
		carry->day_keys_day = said.first_day;
	if (err != CAIRN_OK || first == DAY_KEYS_AHEAD)
		return err;
	said.first_day += first;
	said.keys = (struct cairn_span){(const char *)publics[first], (DAY_KEYS_AHEAD - first) * sizeof(publics[0])};
	err = say(carry, carry_desk_compartment, OP_DAY_KEYS, &said, now, NULL);
	*ret_said = err == CAIRN_OK;
	return err;
}

int
day_keys_erase(struct carry *carry, uint32_t before)
{
	struct query q = carry_query(carry, CARRY_MY_DAY_KEY_OLD);
	int err;

	bind_int(&q, before);
	err = query_run(&q);
	if (err == CAIRN_OK && db_changes(carry->db) > 0)
		err = erasure_owe(carry->erasure);
	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_DAY_KEY_OLD);
	bind_int(&q, before);
	return query_run(&q);
}
