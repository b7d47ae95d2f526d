// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_LOG_H
#define CAIRN_CARRY_LOG_H

#include "carry/compartments.h"

/*
 * The operations of a compartment that this device has: those of the feed, in its order, then those that wait to be
 * sent. Secret all through.
 */
struct log_ops {
	struct op *ops;
	size_t count;
	uint8_t *bytes; /* what their bodies look into */
	size_t used;
	size_t room;
	size_t op_room;
};

/*
 * key opens a threshold compartment's (opening.h); NULL for others. To be ended with log_end(), also after a failure.
 * CAIRN_ERR_DENIED: a threshold compartment without its key.
 */
CAIRN_NODISCARD int log_read(struct carry *carry, struct log_ops *ret, const struct carry_compartment *c,
    const struct cairn_xwing_key *key);
/* Wipes and frees. */
void log_end(struct log_ops *log);

#endif
