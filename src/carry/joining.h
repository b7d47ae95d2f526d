// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_JOINING_H
#define CAIRN_CARRY_JOINING_H

#include "carry/apply.h"

/*
 * How a new device comes by the state of the desk, which whoever admits it says (welcoming.h). It reads from the
 * record on at which that was taken, twice: first only for those pieces, which fill its tables; then, set back,
 * everything, like all others.
 */

/* Empties the tables: for a device that is admitted, also one that was here before. In the caller's transaction. */
CAIRN_NODISCARD int joining_clear(struct carry *carry);

/* Notes the key of the desk that is to come, which the welcome brought. In the caller's transaction. */
CAIRN_NODISCARD int joining_next(struct carry *carry, const struct next_key *next);

/* Is this device still filling its tables? */
bool joining(struct carry *carry);
/* The next record, while it is. */
CAIRN_NODISCARD int joining_record(struct carry *carry, struct applied *tally, const uint8_t *record, size_t bytes);

#endif
