// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_CASES_H
#define CAIRN_CARRY_CASES_H

#include "carry/compartments.h"

/*
 * Making compartments and changing who is in them. All take effect with the next sync, when they come back out of
 * the feed; what the others would refuse is refused here first. Each is a transaction of its own, or part of the
 * caller's.
 */
#define NO_LANE 255U

/*
 * A new compartment, of a new case where case_id is all zeros (it is then filled in). Members are this device, those
 * whose roles the table has in it at once, and devices[count]; leave: this one leaves when another has the key.
 * CAIRN_ERR_DENIED: a device that no role of its allows there, this one too unless it leaves; or this one is in
 * nothing of that case and has opened nothing in it; CAIRN_ERR_CONFLICT: one that must be apart; CAIRN_ERR_RANGE: 128
 * compartments are there; to leave, another member is needed.
 */
CAIRN_NODISCARD int carry_open(struct carry *carry, uint8_t ret_id[OP_ID_BYTES], uint8_t kind,
    uint8_t case_id[OP_ID_BYTES], const uint8_t (*devices)[OP_ID_BYTES], size_t count, bool leave, uint64_t now);

/* The same, sealed so that k of its members must consent to open it. All of them must have a day key today. */
CAIRN_NODISCARD int carry_open_threshold(struct carry *carry, uint8_t ret_id[OP_ID_BYTES], uint8_t kind,
    uint8_t case_id[OP_ID_BYTES], const uint8_t (*devices)[OP_ID_BYTES], size_t count, uint8_t k, uint64_t now);

/*
 * CAIRN_ERR_DENIED, CAIRN_ERR_CONFLICT as above; CAIRN_ERR_RANGE: all sixteen lanes are used. A threshold compartment
 * keeps the members that have a share from its making: CAIRN_ERR_STATE, nobody is added, and nobody taken out where
 * fewer would be left than must consent. CAIRN_ERR_BUSY: nobody else has all that is in it, or has it yet.
 */
CAIRN_NODISCARD int carry_member_add(struct carry *carry, const uint8_t compartment[OP_ID_BYTES],
    const uint8_t device[OP_ID_BYTES], bool together, uint64_t now);
CAIRN_NODISCARD int carry_member_remove(struct carry *carry, const uint8_t compartment[OP_ID_BYTES],
    const uint8_t device[OP_ID_BYTES], uint64_t now);

#endif
