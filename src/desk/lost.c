// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/lost.h"

#include <stdlib.h>
#include <string.h>

#include "carry/say.h"
#include "desk/roster.h"

/* Roster and what is said of it stand or fall together. */
static int
roster_without(struct desk *desk, const uint8_t device[CAIRN_DEVICE_ID_BYTES], const struct share *a,
    const struct share *b, uint64_t now)
{
	const struct roster_change change = {.drop = device};
	struct op_roster said;
	uint8_t *bytes = NULL;
	size_t size = 0;
	int err = db_begin(desk->state);

	if (err != CAIRN_OK)
		return desk_state_trouble(desk, err);
	desk->trouble[0] = '\0';
	err = roster_renew(desk, &change, a, b, now);
	if (err == CAIRN_OK)
		err = state_note_get(desk->state, "roster", &bytes, &size, NULL);
	said.note = (struct cairn_span){(const char *)bytes, size};
	if (err == CAIRN_OK)
		err = say(desk->carry, carry_desk_compartment, OP_ROSTER, &said, now, NULL);
	free(bytes);
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
		    "this is the device itself: say it on another one, with the role admin");
	err = roster_without(desk, device, a, b, now);
	return err == CAIRN_OK ? roster_put(desk) : err;
}
