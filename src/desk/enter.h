// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_ENTER_H
#define CAIRN_DESK_ENTER_H

#include "carry/join.h"
#include "desk/desk.h"

/*
 * Joining a desk (docs/protocol.md, section 8): the side of the new device. The other side is admit.h. A device that
 * was away for so long that the feed has gone on without it comes in the same way, with its id and keys.
 */

/* Which desk; all of it given out with the desk's address, but for the relay's key. */
struct enter_desk {
	uint8_t desk_id[CAIRN_HASH_BYTES];
	uint8_t identity_key[32];
	const char *relay_url;
	uint8_t relay_key[32];
};

/* A new device's keys and what it knows of the desk, kept in a state that holds no desk yet. */
CAIRN_NODISCARD int enter_prepare(struct db *state, const struct enter_desk *of, uint64_t now);

struct entering {
	struct desk *desk;
	uint8_t slot[JOIN_SLOT_BYTES];
	struct join join; /* join.sas: the digits */
	bool admitted;    /* the welcome was taken: the state is a device's of the desk from then on */
	struct join_keys keys;
	uint8_t seeds[OP_DAY_KEYS_MAX][CAIRN_XWING_SEED_BYTES];
	uint8_t message[JOIN_MESSAGE_MAX];
	size_t bytes;
	uint8_t room[JOIN_MESSAGE_MAX];
};

/*
 * With the code that was typed, and what staff will call this device, to the point where there are digits to compare.
 * In locked memory. All leave a sentence in desk->trouble. CAIRN_ERR_FORMAT: no code.
 */
CAIRN_NODISCARD int enter_begin(struct entering **ret, struct desk *desk, struct cairn_span code,
    struct cairn_span alias, uint64_t now);

/*
 * People said that the digits are the same: takes the welcome, checks that the roster in it is signed by the desk's
 * identity key and names both devices as they are, and reads the feed until this device knows what the others do.
 */
CAIRN_NODISCARD int enter_finish(struct entering *e, uint64_t (*clock)(void));

/* Wipes. NULL is fine. */
void enter_end(struct entering *e);

#endif
