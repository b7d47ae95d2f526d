// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_FEED_H
#define CAIRN_CARRY_FEED_H

#include "carry/carry.h"

/* Where this device stands in the feed, and what it counts by. */
struct feed_position {
	uint64_t next; /* the record to read */
	uint8_t prev[CAIRN_HASH_BYTES];
	uint32_t head_day; /* the day on which the head was last reached; 0: never */
	uint64_t lamport;
	uint64_t counter; /* the last that this device used */
};

CAIRN_NODISCARD int feed_position_get(struct carry *carry, struct feed_position *ret);
/* One record further; lamport is the highest that it held. In a transaction, like all below. */
CAIRN_NODISCARD int feed_position_move(struct carry *carry, uint64_t next, const uint8_t prev[CAIRN_HASH_BYTES],
    uint64_t lamport);
/* The head was reached on that day. */
CAIRN_NODISCARD int feed_position_head(struct carry *carry, uint32_t day);
/* The next counter and Lamport time of an operation of this device. */
CAIRN_NODISCARD int feed_position_tick(struct carry *carry, uint64_t *ret_counter, uint64_t *ret_lamport);
/* The device has used that counter, as the feed shows: after a restore, too, none is used twice. */
CAIRN_NODISCARD int feed_position_counted(struct carry *carry, uint64_t counter);

/*
 * For a state out of a backup: how far its device has counted since is not known, and what it said may be in records
 * that are sealed to this one, or deleted. So it goes on from a number that no earlier life of it has come near: of
 * the second of now, behind anything that the backup knew, and at random within. On the database of a state that no
 * engine is begun on; in a transaction. Nothing where there is no place in a feed yet.
 */
CAIRN_NODISCARD int feed_counter_leap(struct db *db, uint64_t now);

#endif
