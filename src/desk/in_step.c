// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/in_step.h"

#include "desk/roster.h"

/* What came with the feed and concerns the desk's own tables. In the transaction that applies it. */
static int
on_applied(void *arg, const struct op *op, const uint8_t compartment[OP_ID_BYTES])
{
	struct desk *desk = arg;
	struct op_roster roster;

	(void)compartment;
	if (op->type != OP_ROSTER || op_body_read(&roster, sizeof(roster), op) != CAIRN_OK)
		return CAIRN_OK;
	return roster_keep(desk, roster.note);
}

void
in_step_begin(struct desk *desk)
{
	desk->carry->hooks = (struct carry_hooks){.applied = on_applied, .arg = desk};
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
