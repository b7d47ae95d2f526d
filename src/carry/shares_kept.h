// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_SHARES_KEPT_H
#define CAIRN_CARRY_SHARES_KEPT_H

#include "carry/apply.h"
#include "carry/threshold.h"

/*
 * Shares of threshold compartments' keys on this device: its own, which came when the compartment was made, and
 * those that others gave by hand for an hour. Erasable; in the caller's transaction.
 */
/* Out of a box. */
CAIRN_NODISCARD int share_take(struct applying *a, const struct box_grant *grant);
/* The compartment's maker keeps his own. */
CAIRN_NODISCARD int share_keep(struct carry *carry, uint64_t c, uint64_t from, uint8_t number,
    const uint8_t bytes[32]);

/* This device's own. CAIRN_ERR_UNKNOWN: none. */
CAIRN_NODISCARD int share_mine(struct carry *carry, struct threshold_share *ret, uint64_t c);
/* All that are here, by number. */
CAIRN_NODISCARD int shares_here(struct carry *carry, struct threshold_share *out, size_t room, size_t *ret_count,
    uint64_t c);
/* Those of others go. */
CAIRN_NODISCARD int shares_give_back(struct carry *carry, uint64_t c);

#endif
