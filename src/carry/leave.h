// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_LEAVE_H
#define CAIRN_CARRY_LEAVE_H

#include "carry/compartments.h"

/* Leaving a compartment, and its end. In the caller's transaction. */

/*
 * That device is no member any more, and the next generation is owed. On the device itself key, rest key, operations
 * and what waits to be sent of it go.
 */
CAIRN_NODISCARD int leave(struct carry *carry, uint64_t c, uint64_t device);
/* Live compartments that it is a member of, the desk's too, by row; *ret is malloc'ed. */
CAIRN_NODISCARD int member_of(struct carry *carry, uint64_t **ret, size_t *ret_count, uint64_t device);
/* All that it is a member of, the desk's compartment too. */
CAIRN_NODISCARD int leave_all(struct carry *carry, uint64_t device);

/* Erases what this device has of a compartment, and tells other rooms. */
CAIRN_NODISCARD int compartment_erase(struct carry *carry, const struct carry_compartment *c);

#endif
