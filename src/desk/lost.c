// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/lost.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/compartments.h"
#include "carry/devices.h"
#include "carry/keys.h"
#include "carry/leave.h"
#include "carry/say.h"
#include "carry/tasks.h"
#include "desk/roster.h"

/* Whoever is concerned by that compartment has to change what the device knew. */
static int
tasks_in(struct desk *desk, uint64_t c, const struct carry_device *lost, uint64_t now)
{
	uint64_t owners[DEVICES_MAX];
	struct op_task said = {.kind = TASK_DEVICE_TAKEN};
	struct carry_compartment compartment;
	struct carry_device device;
	size_t count = 0;
	int err = compartment_at(desk->carry, &compartment, c);

	if (err == CAIRN_OK)
		err = tasks_owners(desk->carry, owners, &count, c, lost->n);
	memcpy(said.compartment, compartment.id, sizeof(said.compartment));
	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		randombytes_buf(said.task, sizeof(said.task));
		err = device_at(desk->carry, &device, owners[i]);
		memcpy(said.device, device.id, sizeof(said.device));
		if (err == CAIRN_OK)
			err = say(desk->carry, carry_desk_compartment, OP_TASK, &said, now, NULL);
	}
	return err;
}

/* Before the roster, after which it is in nothing any more. If it was captured they are raised already. */
static int
tasks_say(struct desk *desk, const uint8_t id[CAIRN_DEVICE_ID_BYTES], uint64_t now)
{
	struct carry_device lost;
	uint64_t *of = NULL;
	size_t count = 0;
	int err = device_get(desk->carry, &lost, id);

	if (err == CAIRN_ERR_UNKNOWN || (err == CAIRN_OK && lost.suspended != 0))
		return CAIRN_OK;
	if (err == CAIRN_OK)
		err = member_of(desk->carry, &of, &count, lost.n);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		if (of[i] != CARRY_DESK)
			err = tasks_in(desk, of[i], &lost, now);
	free(of);
	return err;
}

/* Roster and what is said of it stand or fall together. */
static int
roster_without(struct desk *desk, const uint8_t device[CAIRN_DEVICE_ID_BYTES], const struct share *a,
    const struct share *b, uint64_t now)
{
	int err = db_begin(desk->state);

	if (err != CAIRN_OK)
		return desk_state_trouble(desk, err);
	desk->trouble[0] = '\0';
	err = tasks_say(desk, device, now);
	if (err == CAIRN_OK)
		err = roster_say(desk, &(struct roster_change){.drop = device}, a, b, now);
	err = db_end(desk->state, err);
	return err == CAIRN_OK || desk->trouble[0] != '\0' ? err : desk_state_trouble(desk, err);
}

int
desk_lost(struct desk *desk, const uint8_t device[CAIRN_DEVICE_ID_BYTES], const struct share *a,
    const struct share *b, uint64_t now)
{
	int err;

	if (memcmp(device, desk->self.device_id, CAIRN_DEVICE_ID_BYTES) == 0)
		return desk_trouble(desk, CAIRN_ERR_RANGE,
		    "this is the device itself: say it on another one");
	err = roster_without(desk, device, a, b, now);
	return err == CAIRN_OK ? roster_put(desk) : err;
}
