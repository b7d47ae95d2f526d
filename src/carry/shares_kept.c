// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/shares_kept.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "carry/compartments.h"

#define AAD_BYTES 13U

static void
aad_of(uint8_t aad[AAD_BYTES], uint64_t c, uint8_t number)
{
	memcpy(aad, "shar", 4);
	put_u64(aad + 4, c);
	aad[12] = number;
}

int
share_keep(struct carry *carry, uint64_t c, uint64_t from, uint8_t number, const uint8_t bytes[32])
{
	uint8_t sealed[ERASURE_SEALED_BYTES], aad[AAD_BYTES];
	struct query q;
	int err;

	aad_of(aad, c, number);
	err = erasure_seal(carry->erasure, sealed, bytes, aad, sizeof(aad));
	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_SHARE_PUT);
	bind_int(&q, c);
	bind_int(&q, from);
	bind_int(&q, number);
	bind_bytes(&q, sealed, sizeof(sealed));
	return query_run(&q);
}

/* In the record that made the compartment it is this device's own; later it is somebody's consent. */
int
share_take(struct applying *a, const struct box_grant *grant)
{
	struct carry_compartment c;
	struct carry_device self;
	bool from = false, to = false;
	int err = compartment_get(a->carry, &c, grant->id);

	if (err == CAIRN_OK)
		err = device_self(a->carry, &self);
	if (err == CAIRN_OK)
		err = member_is(a->carry, &from, c.n, a->author.n);
	if (err == CAIRN_OK)
		err = member_is(a->carry, &to, c.n, self.n);
	if (err != CAIRN_OK || !from || !to || c.k == 0)
		return err;
	return share_keep(a->carry, c.n, a->head->seq == c.created ? self.n : a->author.n, grant->number,
	    grant->secret);
}

static int
share_columns(struct carry *carry, struct threshold_share *share, struct query *q, int from, uint64_t c)
{
	uint8_t sealed[ERASURE_SEALED_BYTES], aad[AAD_BYTES];

	share->number = (uint8_t)query_int(q, from);
	query_bytes(q, from + 1, sealed, sizeof(sealed));
	aad_of(aad, c, share->number);
	return erasure_open(carry->erasure, share->bytes, sealed, aad, sizeof(aad));
}

int
share_mine(struct carry *carry, struct threshold_share *ret, uint64_t c)
{
	struct carry_device self;
	struct query q;
	int err = device_self(carry, &self);
	int end;

	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_SHARE_MINE);
	bind_int(&q, c);
	bind_int(&q, self.n);
	err = query_row(&q) ? share_columns(carry, ret, &q, 0, c) : CAIRN_ERR_UNKNOWN;
	end = query_end(&q);
	return end != CAIRN_OK ? end : err;
}

int
shares_here(struct carry *carry, struct threshold_share *out, size_t room, size_t *ret_count, uint64_t c)
{
	struct query q = carry_query(carry, CARRY_SHARE_OF);
	int err = CAIRN_OK;
	int end;

	*ret_count = 0;
	bind_int(&q, c);
	while (err == CAIRN_OK && *ret_count < room && query_row(&q))
		err = share_columns(carry, &out[(*ret_count)++], &q, 1, c);
	end = query_end(&q);
	return end != CAIRN_OK ? end : err;
}

int
shares_give_back(struct carry *carry, uint64_t c)
{
	struct carry_device self;
	struct query q;
	int err = device_self(carry, &self);

	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_SHARES_OF_OTHERS);
	bind_int(&q, c);
	bind_int(&q, self.n);
	err = query_run(&q);
	return err == CAIRN_OK ? erasure_owe(carry->erasure) : err;
}
