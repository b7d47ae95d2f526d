// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_APPLY_H
#define CAIRN_CARRY_APPLY_H

#include "carry/carry.h"
#include "carry/devices.h"
#include "carry/feed_record.h"

/*
 * What a record of the feed does here. Every device applies the same records in the same order and comes to the same
 * state; what one of them refuses all refuse. All in the caller's transaction.
 */

struct applied {
	size_t records;
	size_t operations;
	size_t refused; /* records and operations that were passed over: a fault or an attack of a device */
};

/*
 * The next record. One that no device of the desk has signed is passed over, and counted as refused.
 * CAIRN_ERR_CONFLICT: it does not go on from the one before (a fork, or a relay that reorders); CAIRN_ERR_CLOCK: it
 * is dated days ahead; CAIRN_ERR_STALE: it is sealed to a key that is gone here. These stop the reading, with a
 * sentence in carry->trouble.
 */
CAIRN_NODISCARD int apply_record(struct carry *carry, struct applied *tally, const uint8_t *record, size_t bytes);

/* The next record was deleted, says the relay: it must be accounted for later. */
CAIRN_NODISCARD int apply_deleted(struct carry *carry, uint64_t seq, const uint8_t hash[CAIRN_HASH_BYTES]);

/* Before the first record: the founder's own row; a roster that came with a welcome. */
CAIRN_NODISCARD int apply_founder(struct carry *carry, const struct op_device *device, struct cairn_span roster);
CAIRN_NODISCARD int apply_roster_note(struct carry *carry, struct cairn_span roster);

/* An operation of the desk, and who said it where. */
struct applying {
	struct carry *carry;
	const struct cairn_feed_head *head;
	struct carry_device author;
	struct op op;
	struct applied *tally;
};

/*
 * Handlers of desk operations: body is the struct of the type, checked by the table. CAIRN_ERR_DENIED: refused, by
 * all; nothing was changed. Any other error is one of this device, and stops.
 */
typedef int apply_op(struct applying *a, const void *body);

apply_op apply_device, apply_day_keys, apply_roster;
apply_op apply_compartment, apply_member_add, apply_member_remove, apply_rotate, apply_keys_wanted, apply_given;
apply_op apply_threshold;
apply_op apply_box;
apply_op apply_close, apply_reopen, apply_case_state, apply_retention, apply_destroy;
apply_op apply_publisher, apply_publisher_stop, apply_cell, apply_cells_out, apply_epoch, apply_drained;
apply_op apply_suspend_ask, apply_suspension, apply_task, apply_task_done, apply_ask, apply_consent;
apply_op apply_state;

/* Leaves the sentence that says why this device has not the desk's key: CAIRN_ERR_DENIED, CAIRN_ERR_STALE. */
int desk_key_gone(struct carry *carry);

/* Do this device's roles let it say that of the desk? CAIRN_ERR_DENIED: all would pass it over. */
CAIRN_NODISCARD int desk_op_allowed(struct carry *carry, enum op_type type);

/* Finds the row of one of the desk operations and does it. CAIRN_OK also for one that was refused. */
CAIRN_NODISCARD int apply_desk_op(struct applying *a);

/*
 * When something was said, as far as it counts for what is destroyed or allowed later: by the device's clock, but on
 * the day of its record. A clock that is wrong, or lies, can neither make a time run out at once nor hold it for
 * ever.
 */
static inline uint64_t
applied_time(const struct applying *a)
{
	uint64_t first = (uint64_t)a->head->day * CARRY_DAY_S, last = first + CARRY_DAY_S - 1;

	return a->op.time < first ? first : a->op.time > last ? last
							      : a->op.time;
}

/* What is not there is refused; other errors stay what they are. */
static inline int
apply_refused(int err)
{
	return err == CAIRN_ERR_UNKNOWN ? CAIRN_ERR_DENIED : err;
}

#endif
