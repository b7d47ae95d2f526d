// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_JOINING_H
#define CAIRN_CARRY_JOINING_H

#include "carry/apply.h"

/*
 * How a new device comes by the state of the desk. Whoever admits it writes the desk's tables, as they are at record
 * seq, into the feed (OP_STATE). The new one reads from seq on twice: first only for those pieces, which fill its
 * tables; then, set back to seq, everything, like all others.
 */
#define STATE_END 255U /* the table that ends the pieces */

/* Empties the tables: for a device that is admitted, also one that was here before. In the caller's transaction. */
CAIRN_NODISCARD int joining_clear(struct carry *carry);

/* Notes the key of the desk that is to come, which the welcome brought. In the caller's transaction. */
CAIRN_NODISCARD int joining_next(struct carry *carry, const struct next_key *next);

/* Is this device still filling its tables? */
bool joining(struct carry *carry);
/* The next record, while it is. */
CAIRN_NODISCARD int joining_record(struct carry *carry, struct applied *tally, const uint8_t *record, size_t bytes);

/*
 * Admits a device: says DEVICE and ROSTER. When a sync has sent them, carry_welcome() says the state and gives what
 * the welcome has to hold; welcome->key is secret. CAIRN_ERR_STATE: not at the head, or not sent yet.
 */
CAIRN_NODISCARD int carry_admit(struct carry *carry, const struct op_device *device, struct cairn_span roster,
    uint64_t now);
/* The same in the caller's transaction, in which the roster is made. */
CAIRN_NODISCARD int admit_say(struct carry *carry, const struct op_device *device, struct cairn_span roster,
    uint64_t now);
CAIRN_NODISCARD int carry_welcome(struct carry *carry, struct carry_welcome *welcome,
    const uint8_t device[OP_ID_BYTES], uint64_t now);

#endif
