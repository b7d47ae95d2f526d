// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/feed.h"

#include <string.h>

#include <sodium.h>

int
feed_position_get(struct carry *carry, struct feed_position *ret)
{
	struct query q = carry_query(carry, CARRY_FEED_GET);

	memset(ret, 0, sizeof(*ret));
	if (query_row(&q)) {
		ret->next = query_int(&q, 0);
		query_bytes(&q, 1, ret->prev, sizeof(ret->prev));
		ret->head_day = (uint32_t)query_int(&q, 2);
		ret->lamport = query_int(&q, 3);
		ret->counter = query_int(&q, 4);
	} else if (q.err == CAIRN_OK) {
		q.err = CAIRN_ERR_STATE; /* neither founded nor joined */
	}
	return query_end(&q);
}

int
feed_position_move(struct carry *carry, uint64_t next, const uint8_t prev[CAIRN_HASH_BYTES], uint64_t lamport)
{
	struct query q = carry_query(carry, CARRY_FEED_AT);

	bind_int(&q, next);
	bind_bytes(&q, prev, CAIRN_HASH_BYTES);
	bind_int(&q, lamport);
	return query_run(&q);
}

int
feed_position_head(struct carry *carry, uint32_t day)
{
	struct query q = carry_query(carry, CARRY_FEED_HEAD);

	bind_int(&q, day);
	return query_run(&q);
}

int
feed_position_counted(struct carry *carry, uint64_t counter)
{
	struct query q = carry_query(carry, CARRY_FEED_COUNTED);

	bind_int(&q, counter);
	return query_run(&q);
}

int
feed_position_tick(struct carry *carry, uint64_t *ret_counter, uint64_t *ret_lamport)
{
	struct query q = carry_query(carry, CARRY_FEED_TICK);
	struct feed_position position;
	int err = query_run(&q);

	if (err == CAIRN_OK)
		err = feed_position_get(carry, &position);
	*ret_counter = err == CAIRN_OK ? position.counter : 0;
	*ret_lamport = err == CAIRN_OK ? position.lamport : 0;
	return err;
}

#define LEAP_RANDOM (1U << 19) /* half of what a second has: two lives that begin in one do not meet either */

int
feed_counter_leap(struct db *db, uint64_t now)
{
	struct query q = db_query(db, carry_statements[CARRY_FEED_LEAP]);

	bind_int(&q, now);
	bind_int(&q, randombytes_uniform(LEAP_RANDOM));
	return query_run(&q);
}
