// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_DUE_H
#define CAIRN_CARRY_DUE_H

#include "carry/compartments.h"
#include "carry/retention.h"

/* When compartments are to be destroyed, by what officers have marked and how it stands with their cases. */
#define MARKS_MAX 64U
#define CASE_CHANGES_MAX 256U

/* How it stands with a case; open where nobody said otherwise. */
CAIRN_NODISCARD int case_state_now(struct carry *carry, uint8_t *ret_state, const uint8_t case_id[OP_ID_BYTES]);

/* *ret_at with RETENTION_AT. */
CAIRN_NODISCARD int compartment_due(struct carry *carry, enum retention_when *ret, uint64_t *ret_at,
    const struct carry_compartment *c);

/* Is its time over, by what this device knows? Then it shows nothing of it any more. */
CAIRN_NODISCARD int compartment_over(struct carry *carry, bool *ret, const struct carry_compartment *c, uint64_t now);

#endif
