// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_NAMES_H
#define CAIRN_CARRY_NAMES_H

#include "carry/compartments.h"

/*
 * What staff call cases and compartments. A case: by the alias in its contact, where this device may read that, else
 * by the first digits of its id. A compartment: by its kind, from the second of a kind on with its number in the
 * order in which they were made: "leg", "leg 2". Numbers stay when an earlier one is destroyed.
 */
#define CASE_NAME_MAX (OP_ALIAS_MAX + 1U)
#define CASE_DIGITS 8U
#define COMPARTMENT_NAME_MAX 32U

/* Cases that have a compartment left, oldest first. *ret is malloc'ed. */
CAIRN_NODISCARD int case_list(struct carry *carry, uint8_t (**ret)[OP_ID_BYTES], size_t *ret_count);

/* Secret where it is an alias. */
CAIRN_NODISCARD int case_name(struct carry *carry, char out[CASE_NAME_MAX], const uint8_t case_id[OP_ID_BYTES],
    uint64_t now);
/* By alias, or the first digits of its id, at least four. CAIRN_ERR_UNKNOWN: none; CAIRN_ERR_CONFLICT: several. */
CAIRN_NODISCARD int case_named(struct carry *carry, uint8_t case_id[OP_ID_BYTES], const char *name, uint64_t now);

CAIRN_NODISCARD int compartment_name(struct carry *carry, char out[COMPARTMENT_NAME_MAX],
    const struct carry_compartment *c);
/* "leg 2", "leg2", "leg-2"; "leg" and "leg 1" are the first. CAIRN_ERR_UNKNOWN: none such in that case. */
CAIRN_NODISCARD int compartment_named(struct carry *carry, struct carry_compartment *ret,
    const uint8_t case_id[OP_ID_BYTES], const char *name);

/* A device by its alias or the first digits of its id, never longer than OP_ALIAS_MAX; "?" where there is none. */
void device_name(struct carry *carry, char out[OP_ALIAS_MAX + 1], uint64_t n);
void device_name_of(struct carry *carry, char out[OP_ALIAS_MAX + 1], const uint8_t id[OP_ID_BYTES]);

#endif
