// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_PUBLISHER_H
#define CAIRN_CARRY_PUBLISHER_H

#include "carry/carry.h"

/* Which device signs the board (docs/protocol.md, section 4): one at a time, by terms. */
struct publisher {
	uint32_t term; /* 0: none yet */
	uint8_t device[OP_ID_BYTES];
	bool stopped; /* it signs no more behind size */
	uint64_t size;
	bool gone; /* suspended, or the desk's no more: the board key must be replaced */
};

CAIRN_NODISCARD int publisher_now(struct carry *carry, struct publisher *ret);

/*
 * Says that this device, which is the publisher, signs no more behind that size; says which device is the next one.
 * They take effect with the next sync. CAIRN_ERR_DENIED: this one is not the publisher; the one before has not
 * stopped; the next one has not the role, or this one none that may name it. CAIRN_ERR_STALE: stopped already.
 */
CAIRN_NODISCARD int carry_publisher_stop(struct carry *carry, uint64_t size, uint64_t now);
CAIRN_NODISCARD int carry_publisher_next(struct carry *carry, const uint8_t device[OP_ID_BYTES], uint64_t now);

#endif
