// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/bytes.h"
#include "cairn/board.h"
#include "cairn/drop.h"
#include "carry/apply.h"
#include "carry/publisher.h"
#include "carry/say.h"

/* Who publishes, and what waits to be published. */

#define CELL_NAME_BYTES (OP_ID_BYTES + 8U)

int
publisher_now(struct carry *carry, struct publisher *ret)
{
	struct query q = carry_query(carry, CARRY_PUBLISHER_LAST);

	memset(ret, 0, sizeof(*ret));
	if (query_row(&q)) {
		ret->term = (uint32_t)query_int(&q, 0);
		query_bytes(&q, 1, ret->device, sizeof(ret->device));
		ret->size = query_int(&q, 2);
		ret->stopped = query_int(&q, 3) != 0;
		ret->gone = query_int(&q, 4) == 0 || query_int(&q, 5) != 0;
	}
	return query_end(&q);
}

/* The next term, once the one before has stopped, or its device is the desk's no more. */
static int
may_follow(struct carry *carry, struct carry_device *device, const struct op_publisher *said, uint32_t day)
{
	struct publisher now;
	int err = publisher_now(carry, &now);

	if (err == CAIRN_OK && (said->term != now.term + 1 || (now.term > 0 && !now.stopped && !now.gone)))
		err = CAIRN_ERR_DENIED;
	if (err == CAIRN_OK)
		err = apply_refused(device_get(carry, device, said->device));
	if (err == CAIRN_OK && (!device_valid(device, day) || !device_has_role(device, "publish")))
		err = CAIRN_ERR_DENIED;
	return err;
}

int
apply_publisher(struct applying *a, const void *body)
{
	const struct op_publisher *said = body;
	struct carry_device device;
	struct query q;
	int err = may_follow(a->carry, &device, said, a->head->day);

	if (err != CAIRN_OK)
		return err;
	q = carry_query(a->carry, CARRY_PUBLISHER_PUT);
	bind_int(&q, said->term);
	bind_int(&q, device.n);
	return query_run(&q);
}

int
carry_publisher_next(struct carry *carry, const uint8_t device[OP_ID_BYTES], uint64_t now)
{
	struct op_publisher said;
	struct publisher before;
	struct carry_device row;
	int err = publisher_now(carry, &before);

	said.term = before.term + 1;
	memcpy(said.device, device, OP_ID_BYTES);
	if (err == CAIRN_OK)
		err = desk_op_allowed(carry, OP_PUBLISHER);
	if (err == CAIRN_OK)
		err = may_follow(carry, &row, &said, carry_day(now));
	return err == CAIRN_OK ? carry_say(carry, carry_desk_compartment, OP_PUBLISHER, &said, now, NULL) : err;
}

int
carry_publisher_stop(struct carry *carry, uint64_t size, uint64_t now)
{
	struct op_publisher_stop said = {.size = size};
	struct publisher before;
	int err = publisher_now(carry, &before);

	if (err == CAIRN_OK && (before.term == 0 || memcmp(before.device, carry->self.device, OP_ID_BYTES) != 0))
		err = CAIRN_ERR_DENIED;
	if (err == CAIRN_OK && before.stopped)
		err = CAIRN_ERR_STALE;
	said.term = before.term;
	return err == CAIRN_OK ? carry_say(carry, carry_desk_compartment, OP_PUBLISHER_STOP, &said, now, NULL) : err;
}

static int
author_publishes(struct applying *a, struct publisher *now)
{
	int err = publisher_now(a->carry, now);

	if (err == CAIRN_OK && (now->term == 0 || memcmp(now->device, a->author.id, OP_ID_BYTES) != 0))
		err = CAIRN_ERR_DENIED;
	return err;
}

int
apply_publisher_stop(struct applying *a, const void *body)
{
	const struct op_publisher_stop *said = body;
	struct publisher now;
	struct query q;
	int err = author_publishes(a, &now);

	if (err == CAIRN_OK && said->term != now.term)
		err = CAIRN_ERR_DENIED;
	if (err != CAIRN_OK)
		return err;
	q = carry_query(a->carry, CARRY_PUBLISHER_STOPPED);
	bind_int(&q, said->term);
	bind_int(&q, said->size);
	return query_run(&q);
}

int
apply_cell(struct applying *a, const void *body)
{
	const struct op_cell *said = body;
	struct query q;

	if (said->cell.size != CAIRN_REPLY_CELL_BYTES)
		return CAIRN_ERR_DENIED;
	q = carry_query(a->carry, CARRY_CELL_ADD);
	bind_int(&q, a->author.n);
	bind_int(&q, a->op.counter);
	bind_int(&q, said->day);
	bind_bytes(&q, said->cell.text, said->cell.size);
	return query_run(&q);
}

int
apply_cells_out(struct applying *a, const void *body)
{
	const struct op_cells_out *said = body;
	struct publisher now;
	int err = author_publishes(a, &now);

	for (size_t at = 0; at + CELL_NAME_BYTES <= said->cells.size && err == CAIRN_OK; at += CELL_NAME_BYTES) {
		const uint8_t *name = (const uint8_t *)said->cells.text + at;
		struct carry_device device;
		struct query q;

		if (device_get(a->carry, &device, name) != CAIRN_OK || get_u64(name + OP_ID_BYTES) > INT64_MAX)
			continue;
		q = carry_query(a->carry, CARRY_CELL_OUT);
		bind_int(&q, device.n);
		bind_int(&q, get_u64(name + OP_ID_BYTES));
		bind_int(&q, said->size);
		err = query_run(&q);
	}
	return err;
}

int
apply_epoch(struct applying *a, const void *body)
{
	const struct op_epoch *said = body;
	struct publisher now;
	struct query q;
	int err = author_publishes(a, &now);

	if (err != CAIRN_OK)
		return err;
	q = carry_query(a->carry, CARRY_EPOCH_ADD);
	bind_int(&q, said->door);
	bind_int(&q, said->day);
	bind_int(&q, said->gen);
	bind_bytes(&q, said->key_hash, sizeof(said->key_hash));
	return query_run(&q);
}

/* By who empties that door, and not of a day that is not yet. What follows is the desk's (carry_hooks). */
int
apply_drained(struct applying *a, const void *body)
{
	const struct op_drained *said = body;
	const char *role = said->door == CAIRN_DOOR_INTAKE ? "intake" : said->door == CAIRN_DOOR_CAMPAIGN ? "publish"
													  : NULL;

	if (role == NULL || !device_has_role(&a->author, role) || said->at / CARRY_DAY_S > a->head->day)
		return CAIRN_ERR_DENIED;
	return CAIRN_OK;
}
