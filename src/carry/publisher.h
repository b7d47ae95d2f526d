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

#endif
