// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_SAY_H
#define CAIRN_CARRY_SAY_H

#include "carry/carry.h"

/*
 * Saying something: an operation, kept durably on this device until the feed has it. An operation of a case shows
 * at once; one of the desk takes effect when it comes back out of the feed.
 *
 * body is the struct of that type. The operation's id is this device's and *ret_counter (may be NULL). In the
 * caller's transaction. CAIRN_ERR_DENIED: this device is no member of that compartment; CAIRN_ERR_STALE: it is
 * destroyed; CAIRN_ERR_UNKNOWN: no such compartment; CAIRN_ERR_RANGE: a field is over its maximum.
 */
CAIRN_NODISCARD int say(struct carry *carry, const uint8_t compartment[OP_ID_BYTES], enum op_type type,
    const void *body, uint64_t now, uint64_t *ret_counter);

/*
 * Appends an operation of this device to w, with the next counter and Lamport time: for a record, or a row of the
 * outbox, that holds several. In the caller's transaction.
 */
CAIRN_NODISCARD int say_into(struct carry *carry, struct writer *w, enum op_type type, const void *body, uint64_t now,
    uint64_t *ret_counter);
/* Such a row, of operations of the desk, which go in one record; first is the counter of the first. */
CAIRN_NODISCARD int say_row(struct carry *carry, const uint8_t *ops, size_t bytes, uint64_t first);

/* The same as say() in a transaction of its own. */
CAIRN_NODISCARD int carry_say(struct carry *carry, const uint8_t compartment[OP_ID_BYTES], enum op_type type,
    const void *body, uint64_t now, uint64_t *ret_counter);

#endif
