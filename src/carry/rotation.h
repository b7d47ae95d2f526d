// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_ROTATION_H
#define CAIRN_CARRY_ROTATION_H

#include "carry/apply.h"
#include "carry/compartments.h"

/*
 * The next generation of the desk compartment's key (docs/protocol.md, section 8). Whoever makes it could give it to
 * nobody, or to each another one, and then nobody could write or read any more. So it comes in force only with a
 * record under it by another device; until then the one before holds, and whoever has not been given the
 * key that was promised makes another. Each device has one try. All in the caller's transaction.
 */
struct rotation {
	bool there;
	uint32_t gen;                    /* that is to come */
	uint8_t author[OP_ID_BYTES];     /* of the last try */
	uint8_t promise[CAIRN_HASH_BYTES];
	size_t tries;
	uint8_t tried[DEVICES_MAX][OP_ID_BYTES];
};

/* What a try says of its key: derive(ck, "generation", u32 gen || u32 day). */
void rotation_promise(uint8_t promise[CAIRN_HASH_BYTES], const uint8_t key[CAIRN_KEY_BYTES], uint32_t gen,
    uint32_t day);

CAIRN_NODISCARD int rotation_get(struct carry *carry, struct rotation *ret);
/* Has that device had its try? */
bool rotation_tried(const struct rotation *r, const uint8_t device[OP_ID_BYTES]);

/* A try, of the desk compartment, where one is owed. CAIRN_ERR_DENIED: a second one. */
CAIRN_NODISCARD int rotation_say(struct applying *a, const struct op_rotate *said,
    const struct carry_compartment *desk);
/* A key of it that came in a box: kept if it is the one that was promised. */
CAIRN_NODISCARD int rotation_take(struct applying *a, const struct box_grant *grant);
/* That key as of a day. CAIRN_ERR_UNKNOWN: not given. Secret. */
CAIRN_NODISCARD int rotation_key(struct carry *carry, uint8_t key[CAIRN_KEY_BYTES],
    const uint8_t promise[CAIRN_HASH_BYTES], uint32_t gen, uint32_t day);
/* Another device has written under it. */
CAIRN_NODISCARD int rotation_enter(struct carry *carry, uint32_t gen);
/* Somebody has left who has that key, too: it is owed anew. */
CAIRN_NODISCARD int rotation_drop(struct carry *carry);

#endif
