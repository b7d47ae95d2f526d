// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/snapshot.h"

#include <string.h>

#include "carry/log.h"
#include "carry/say.h"

/* What was said again before keeps its first author. */
static int
say_again(struct carry *carry, const struct carry_compartment *c, const struct op *op, uint64_t now)
{
	struct op_again said = {.counter = op->counter, .lamport = op->lamport, .time = op->time, .type = op->type, .body = op->body};

	memcpy(said.device, op->device, OP_ID_BYTES);
	if (op->type == OP_AGAIN && op_body_read(&said, sizeof(said), op) != CAIRN_OK)
		return CAIRN_OK;
	return say(carry, c->id, OP_AGAIN, &said, now, NULL);
}

int
snapshot_say(struct carry *carry, const struct carry_compartment *c, uint64_t now)
{
	struct log_ops log;
	int err = log_read(carry, &log, c, NULL);

	for (size_t i = 0; i < log.count && err == CAIRN_OK; i++)
		err = say_again(carry, c, &log.ops[i], now);
	log_end(&log);
	return err;
}
