// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_FAULTS_H
#define CAIRN_CARRY_FAULTS_H

#include "carry/carry.h"

/*
 * Records that this device passed over, by the device that signed them. No honest device appends one: it is broken,
 * or in wrong hands, and staff are told which (docs/protocol.md, section 8).
 */
struct fault {
	uint64_t records; /* 0: none */
	uint64_t seq;     /* of the last */
	uint32_t day;     /* of the last */
};

/* device is its row. *ret_first: the first of that day. In a transaction. */
CAIRN_NODISCARD int fault_note(struct carry *carry, bool *ret_first, uint64_t device, uint64_t seq, uint32_t day);
CAIRN_NODISCARD int faults_of(struct carry *carry, struct fault *ret, uint64_t device);

#endif
