// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_TICK_H
#define CAIRN_DESK_TICK_H

#include "carry/sync.h"
#include "desk/desk.h"
#include "desk/files.h"
#include "desk/publish.h"
#include "desk/receive.h"

/* One round of an open desk: everything that is due, in the order that loses nothing. */

#define TICK_TRUST_DAYS 7U /* a jump of the clock of more than this erases nothing until the relay agrees with it */

enum tick_step { TICK_ROSTER,
	TICK_SYNC,
	TICK_COLLECT,
	TICK_FILES,
	TICK_TURN,
	TICK_PUBLISH,
	TICK_ERASE,
	TICK_FORGET,
	TICK_ROOM,
	TICK_STEPS };

struct tick {
	bool roster_put;        /* in and out: a roster is with the relay, */
	uint64_t roster_serial; /* of this serial */
	struct sync sync;       /* of the feed */
	struct received received;
	struct files_tally files;
	size_t moved; /* tag keys moved on to today */
	struct published published;
	size_t erased;                  /* epoch keys */
	uint32_t warn_day;              /* UINT32_MAX, or the day of a key that will have to go undrained */
	bool unpublished;               /* nobody publishes: whoever did has stopped, or is the desk's no more */
	uint32_t card_days;             /* that the card still holds, today counted; 0: it has run out */
	char said[DESK_TROUBLE_MAX];    /* by the room above, for staff; may be empty */
	int err;                        /* the first that went wrong, */
	enum tick_step failed;          /* in this step, */
	char trouble[DESK_TROUBLE_MAX]; /* with its sentence */
};

/* err and trouble say what went wrong; all that could be done was done. progress is that of files_fetch(). */
void desk_tick(struct desk *desk, struct tick *tick, uint64_t now, files_progress *progress, void *arg);

/*
 * Moves the tag keys on to today, once a day. A clock that is ahead would throw away keys that are
 * still needed, so that a jump is obeyed only once a signed request has shown that the relay's
 * clock agrees (CAIRN_ERR_CLOCK until then).
 */
CAIRN_NODISCARD int desk_turn(struct desk *desk, size_t *ret_moved, uint64_t now);

/* Makes what was dropped since unrecoverable, if anything was: once, at the end of a round. */
CAIRN_NODISCARD int desk_forget(struct desk *desk);

/* Days that the card still holds, today counted. */
CAIRN_NODISCARD int desk_card_days(struct desk *desk, uint32_t *ret_days, uint64_t now);

#endif
