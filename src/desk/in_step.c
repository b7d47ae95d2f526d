// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/in_step.h"

#include <string.h>

#include "base/bytes.h"
#include "carry/feed_record.h"
#include "desk/alarm.h"
#include "desk/epoch.h"
#include "desk/roster.h"
#include "desk/told.h"

/* Cells of this device's that are on the board now. */
static int
on_cells_out(struct desk *desk, const struct op_cells_out *said)
{
	int err = CAIRN_OK;

	for (size_t at = 0; at + OP_ID_BYTES + 8U <= said->cells.size && err == CAIRN_OK; at += OP_ID_BYTES + 8U) {
		const uint8_t *name = (const uint8_t *)said->cells.text + at;
		uint64_t counter = get_u64(name + OP_ID_BYTES);
		struct query q;

		if (memcmp(name, desk->self.device_id, OP_ID_BYTES) != 0 || counter == 0 || counter > INT64_MAX)
			continue;
		q = query(desk->state, SQL_REPLY_OUT);
		bind_int(&q, counter);
		err = query_run(&q);
	}
	return err;
}

/* What came with the feed and concerns the desk's own tables. In the transaction that applies it. */
static int
desk_applied(struct desk *desk, const struct op *op, const uint8_t compartment[OP_ID_BYTES])
{
	union op_any said;

	switch (op->type) {
	case OP_ROSTER:
		return op_body_read(&said.roster, sizeof(said.roster), op) == CAIRN_OK
		    ? roster_keep(desk, said.roster.note)
		    : CAIRN_OK;
	case OP_CELLS_OUT:
		return op_body_read(&said.cells_out, sizeof(said.cells_out), op) == CAIRN_OK
		    ? on_cells_out(desk, &said.cells_out)
		    : CAIRN_OK;
	case OP_DRAINED:
		return op_body_read(&said.drained, sizeof(said.drained), op) == CAIRN_OK
		    ? epoch_drained(desk, &said.drained, carry_day(desk->carry->now))
		    : CAIRN_OK;
	case OP_KEYS_WANTED:
		return op_body_read(&said.keys_wanted, sizeof(said.keys_wanted), op) == CAIRN_OK &&
			feed_is_desk(said.keys_wanted.compartment)
		    ? told_wanted(desk, op->device)
		    : CAIRN_OK;
	default:
		return told_op(desk, op, compartment);
	}
}

static int
on_applied(void *arg, const struct op *op, const uint8_t compartment[OP_ID_BYTES])
{
	struct desk *desk = arg;
	int err = desk_applied(desk, op, compartment);

	if (err == CAIRN_OK && desk->room != NULL && desk->room->applied != NULL)
		err = desk->room->applied(desk, op, compartment);
	return err;
}

static int
on_destroyed(void *arg, const uint8_t compartment[OP_ID_BYTES])
{
	struct desk *desk = arg;
	int err = told_destroyed(desk, compartment);

	if (err == CAIRN_OK && desk->room != NULL && desk->room->destroyed != NULL)
		err = desk->room->destroyed(desk, compartment);
	return err;
}

static int
on_owed(void *arg, const uint8_t device[OP_ID_BYTES], struct box_grant *out, size_t room, size_t *ret_count)
{
	return told_owed(arg, device, out, room, ret_count);
}

static int
on_take(void *arg, const struct box_grant *grant, const uint8_t from[OP_ID_BYTES])
{
	return told_take(arg, grant, from);
}

static int
on_granted(void *arg, const uint8_t device[OP_ID_BYTES], const struct box_name *name)
{
	return told_granted(arg, device, name);
}

static int
on_passed_over(void *arg, const uint8_t device[OP_ID_BYTES], uint64_t seq)
{
	struct desk *desk = arg;
	const struct alarm alarm = {desk->carry->now, 0, ALARM_RECORD, seq, 0};

	(void)device;
	return alarm_raise(desk->state, &alarm);
}

void
in_step_begin(struct desk *desk)
{
	desk->carry->hooks = (struct carry_hooks){
	    .owed = on_owed,
	    .take = on_take,
	    .granted = on_granted,
	    .applied = on_applied,
	    .passed_over = on_passed_over,
	    .destroyed = on_destroyed,
	    .arg = desk,
	};
}

int
desk_sync(struct desk *desk, struct sync *ret, unsigned wait_s, uint64_t now, sync_progress *progress, void *arg)
{
	int err;

	desk->carry->wire = (struct carry_wire){desk->wire.exchange, desk->wire.arg};
	err = carry_sync(desk->carry, ret, wait_s, now, progress, arg);
	if (err == CAIRN_OK) {
		desk->clock_agreed = true;
		return CAIRN_OK;
	}
	return desk->carry->trouble[0] == '\0' ? desk_state_trouble(desk, err)
					       : desk_trouble(desk, err, "%s", desk->carry->trouble);
}
