// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_SNAPSHOT_H
#define CAIRN_CARRY_SNAPSHOT_H

#include "carry/compartments.h"

/* Says again, to a compartment, all that was said in it: for a new member, who has no key to what went before. */
CAIRN_NODISCARD int snapshot_say(struct carry *carry, const struct carry_compartment *c, uint64_t now);

#endif
