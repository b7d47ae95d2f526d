// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_ADMIT_H
#define CAIRN_DESK_ADMIT_H

#include "carry/join.h"
#include "desk/desk.h"
#include "desk/shares.h"

/*
 * Admitting a device (docs/protocol.md, section 8): the side of the desk's own device that has the role admin. The
 * other side is enter.h. All leave a sentence in desk->trouble; none goes back: after an error, admit_end() and begin
 * anew.
 */
struct admitting {
	struct desk *desk;
	char code[JOIN_CODE_MAX]; /* to be typed on the new device. Secret until it is used */
	uint8_t slot[JOIN_SLOT_BYTES];
	bool open; /* the slot is */
	struct join join; /* join.sas: the digits; join.keys: what the new device says it is */
	uint8_t message[JOIN_MESSAGE_MAX];
	size_t bytes;
};

/* As what it is admitted. */
struct admit_as {
	struct cairn_span roles; /* roster_roles_ok() */
	struct cairn_span owner; /* what staff call who works on it; empty: its own name */
	const struct share *a;
	const struct share *b;
};

/* Makes the code and opens the mailbox. In locked memory. CAIRN_ERR_DENIED: this device has not the role admin. */
CAIRN_NODISCARD int admit_begin(struct admitting **ret, struct desk *desk, uint64_t now);

/* Waits until the new device has said its keys: then there are digits to compare. */
CAIRN_NODISCARD int admit_keys(struct admitting *a);

/*
 * People said that the digits are the same: makes the roster with the device, tells relay and feed, says the desk's
 * state for it, and sends the welcome. CAIRN_ERR_CONFLICT: another device has that name.
 */
CAIRN_NODISCARD int admit_finish(struct admitting *a, const struct admit_as *as, uint64_t now);

/* Wipes; a mailbox whose joining was broken off is closed. NULL is fine. */
void admit_end(struct admitting *a, bool good);

#endif
