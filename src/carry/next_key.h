// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_NEXT_KEY_H
#define CAIRN_CARRY_NEXT_KEY_H

#include <stdint.h>

#include "carry/ops.h"

/* A key of the desk compartment that is to come (rotation.h), as a welcome brings it. */
struct next_key {
	uint32_t gen; /* 0: none; the rest is then zeros */
	uint32_t day;
	uint8_t author[OP_ID_BYTES]; /* who made it */
	uint8_t key[CAIRN_KEY_BYTES]; /* secret */
};

#define NEXT_KEY_BYTES (4U + 4U + OP_ID_BYTES + CAIRN_KEY_BYTES) /* in a welcome */

#endif
