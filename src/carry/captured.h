// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_CAPTURED_H
#define CAIRN_CARRY_CAPTURED_H

#include "cairn/suspension.h"
#include "carry/carry.h"

/*
 * "Captured": two devices with the role security say it together, and it holds at once (docs/carry.md): the relay
 * and all devices refuse the device, its compartments get new keys, tasks are raised for whoever depends on what it
 * knew. No identity key is needed.
 */

/*
 * The first of the two. CAIRN_ERR_DENIED: this device has not the role; CAIRN_ERR_RANGE: nothing, too much, or
 * itself.
 */
CAIRN_NODISCARD int captured_say(struct carry *carry, const struct cairn_suspended *named, size_t count,
    uint64_t now);

/* What the first said and nobody has confirmed. *ret is malloc'ed. */
struct captured_ask {
	uint64_t n;
	uint8_t device[OP_ID_BYTES]; /* whose */
	uint64_t at;
	size_t count;
	struct cairn_suspended named[CAIRN_SUSPENSION_NAMES_MAX];
};
CAIRN_NODISCARD int captured_asks(struct carry *carry, struct captured_ask **ret, size_t *ret_count);

/* The second. CAIRN_ERR_UNKNOWN: no such one; CAIRN_ERR_DENIED: not with the role, or it is the first itself. */
CAIRN_NODISCARD int captured_confirm(struct carry *carry, uint64_t n, uint64_t now);

#endif
