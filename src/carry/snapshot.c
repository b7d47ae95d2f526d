// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "carry/log.h"
#include "carry/say.h"

/* An operation of the log, by the id of the one that it is or gives again. */
struct said_once {
	uint8_t device[OP_ID_BYTES];
	uint64_t counter, lamport;
	bool again;
	size_t at;
};

/* What was said again before keeps its first author. */
static int
say_again(struct carry *carry, const struct carry_compartment *c, const struct op *op, uint64_t now)
{
	struct op_again said = {
	    .counter = op->counter, .lamport = op->lamport, .time = op->time, .type = op->type, .body = op->body};

	memcpy(said.device, op->device, OP_ID_BYTES);
	if (op->type == OP_AGAIN && op_body_read(&said, sizeof(said), op) != CAIRN_OK)
		return CAIRN_OK;
	return say(carry, c->id, OP_AGAIN, &said, now, NULL);
}

/* By whose and which; what a device said itself before what others gave again. */
static int
by_id(const void *left, const void *right)
{
	const struct said_once *a = left, *b = right;
	int c = memcmp(a->device, b->device, OP_ID_BYTES);

	if (c == 0)
		c = a->counter < b->counter ? -1 : a->counter > b->counter;
	if (c == 0)
		c = (int)a->again - (int)b->again;
	return c != 0 ? c : a->at < b->at ? -1
					  : a->at > b->at;
}

/* What was answered stands behind what it answers. */
static int
by_time(const void *left, const void *right)
{
	const struct said_once *a = left, *b = right;

	return a->lamport != b->lamport ? (a->lamport < b->lamport ? -1 : 1) : by_id(a, b);
}

static int
once_of(struct said_once *once, const struct op *op, size_t at)
{
	struct op_again again;

	*once = (struct said_once){
	    .counter = op->counter, .lamport = op->lamport, .again = op->type == OP_AGAIN, .at = at};
	memcpy(once->device, op->device, OP_ID_BYTES);
	if (!once->again)
		return CAIRN_OK;
	if (op_body_read(&again, sizeof(again), op) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	memcpy(once->device, again.device, OP_ID_BYTES);
	once->counter = again.counter;
	once->lamport = again.lamport;
	return CAIRN_OK;
}

/*
 * Each operation once, however often it was given: else every new member would double what the next one is told. In
 * their order, since other rooms take them one by one: a message goes to a conversation that was begun.
 */
static size_t
all_once(struct said_once *all, const struct log_ops *log)
{
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < log->count; i++)
		count += once_of(&all[count], &log->ops[i], i) == CAIRN_OK;
	qsort(all, count, sizeof(*all), by_id);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || memcmp(all[kept - 1].device, all[i].device, OP_ID_BYTES) != 0 ||
		    all[kept - 1].counter != all[i].counter)
			all[kept++] = all[i];
	qsort(all, kept, sizeof(*all), by_time);
	return kept;
}

int
snapshot_say(struct carry *carry, const struct carry_compartment *c, uint64_t now)
{
	struct log_ops log;
	struct said_once *all = NULL;
	size_t count = 0;
	int err = log_read(carry, &log, c, NULL);

	if (err == CAIRN_OK)
		all = calloc(log.count + 1, sizeof(*all));
	if (err == CAIRN_OK && all == NULL)
		err = CAIRN_ERR_NOMEM;
	if (err == CAIRN_OK)
		count = all_once(all, &log);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		err = say_again(carry, c, &log.ops[all[i].at], now);
		if (err == CAIRN_ERR_RANGE)
			err = CAIRN_OK; /* larger than anything this version says: it stays with those who have it */
	}
	free(all);
	log_end(&log);
	return err;
}
