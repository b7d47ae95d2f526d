// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_FOUND_H
#define CAIRN_DESK_FOUND_H

#include "desk/card.h"
#include "desk/desk.h"

/* Making a desk: its keys, card, roster and first epoch keys, and the three shares of its identity key. */

struct founding {
	struct db *state; /* by state_create() */
	const char *shares_folder;
	struct card_wish wish; /* name, relay_url, relay_key and a language must be given */
	const char *alias;     /* what staff call this device; NULL: "first" */
	const char *owner;     /* what they call who works on it; NULL: the alias */
	const char *roles;     /* NULL: ROSTER_ROLES_DEFAULT */
	uint32_t batch_cells;  /* 0: CAIRN_BATCH_CELLS */
	uint32_t intake_days;  /* 2 to 7; 0: DESK_INTAKE_DAYS */
};

/* Is all that was given fit for a desk? CAIRN_ERR_RANGE, and trouble says what is not. The state is not looked at. */
CAIRN_NODISCARD int founding_check(const struct founding *founding, char trouble[DESK_TROUBLE_MAX]);

/*
 * All of it or nothing: where it fails, what it has made is taken away again, and trouble says why; the state stays
 * empty. Nothing needs the relay. self is what came out; share_names are the files, in shares_folder.
 */
CAIRN_NODISCARD int desk_found(struct desk_self *self, char share_names[SHARES][SHARE_NAME_MAX],
    const struct founding *founding, uint64_t now, char trouble[DESK_TROUBLE_MAX]);

#endif
