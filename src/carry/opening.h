// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_OPENING_H
#define CAIRN_CARRY_OPENING_H

#include "carry/asks.h"
#include "carry/carry.h"

/*
 * Threshold compartments (docs/carry.md): made so that nobody alone opens them; opened, when enough members have
 * consented by hand, for one hour.
 */

/* The key, while it is open. CAIRN_ERR_DENIED: it is not. To be cleared. Secret. */
CAIRN_NODISCARD int opening_key(struct carry *carry, struct cairn_xwing_key *key, uint64_t c, uint64_t now);

/* Asks: the others are shown reason. ask is filled in. Takes effect with the next sync. */
CAIRN_NODISCARD int carry_ask(struct carry *carry, uint8_t ask[OP_ID_BYTES], enum ask_what what,
    const uint8_t compartment[OP_ID_BYTES], struct cairn_span reason, uint64_t now);

/*
 * Consents, by hand. For an opening this device's share goes, in a box, to whoever asked. CAIRN_ERR_UNKNOWN: no such
 * ask; CAIRN_ERR_STALE: asked more than an hour ago; CAIRN_ERR_DENIED: not this device's to give.
 */
CAIRN_NODISCARD int carry_consent(struct carry *carry, const uint8_t ask[OP_ID_BYTES], uint64_t now);

/* Builds the keys of what enough shares have come for, and erases those whose hour is over. */
CAIRN_NODISCARD int openings_turn(struct carry *carry, uint64_t now);

#endif
