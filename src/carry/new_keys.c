// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/new_keys.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "carry/keys.h"

#define AAD_BYTES (4U + OP_ID_BYTES + 8U)

static void
aad_of(uint8_t aad[AAD_BYTES], const uint8_t id[OP_ID_BYTES], uint32_t gen, uint32_t day)
{
	memcpy(aad, "new ", 4);
	memcpy(aad + 4, id, OP_ID_BYTES);
	put_u32(aad + 4 + OP_ID_BYTES, gen);
	put_u32(aad + 8 + OP_ID_BYTES, day);
}

int
new_key_make(struct carry *carry, uint8_t key[CAIRN_KEY_BYTES], const uint8_t id[OP_ID_BYTES], uint32_t gen,
    uint32_t day)
{
	randombytes_buf(key, CAIRN_KEY_BYTES);
	return new_key_keep(carry, key, id, gen, day);
}

int
new_key_keep(struct carry *carry, const uint8_t key[CAIRN_KEY_BYTES], const uint8_t id[OP_ID_BYTES], uint32_t gen,
    uint32_t day)
{
	uint8_t sealed[ERASURE_SEALED_BYTES], aad[AAD_BYTES];
	struct query q;
	int err;

	aad_of(aad, id, gen, day);
	err = erasure_seal(carry->erasure, sealed, key, aad, sizeof(aad));
	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_NEW_KEY_PUT);
	bind_id(&q, id);
	bind_int(&q, gen);
	bind_int(&q, day);
	bind_bytes(&q, sealed, sizeof(sealed));
	return query_run(&q);
}

int
new_key_get(struct carry *carry, uint8_t key[CAIRN_KEY_BYTES], uint32_t *ret_day, const uint8_t id[OP_ID_BYTES],
    uint32_t gen)
{
	struct query q = carry_query(carry, CARRY_NEW_KEY_GET);
	uint8_t sealed[ERASURE_SEALED_BYTES], aad[AAD_BYTES];
	int err = CAIRN_ERR_UNKNOWN;
	int end;

	bind_id(&q, id);
	if (query_row(&q) && query_int(&q, 0) == gen) {
		*ret_day = (uint32_t)query_int(&q, 1);
		query_bytes(&q, 2, sealed, sizeof(sealed));
		aad_of(aad, id, gen, *ret_day);
		err = erasure_open(carry->erasure, key, sealed, aad, sizeof(aad));
	}
	end = query_end(&q);
	return end != CAIRN_OK ? end : err;
}

int
new_key_take(struct carry *carry, const uint8_t id[OP_ID_BYTES], uint64_t c, uint32_t gen)
{
	uint8_t key[CAIRN_KEY_BYTES];
	struct query q;
	uint32_t day;
	int err = new_key_get(carry, key, &day, id, gen);

	if (err == CAIRN_ERR_UNKNOWN)
		return CAIRN_OK;
	if (err == CAIRN_OK)
		err = key_put(carry, c, gen, day, key);
	sodium_memzero(key, sizeof(key));
	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_NEW_KEY_DROP);
	bind_id(&q, id);
	return query_run(&q);
}
