// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_TAGS_H
#define CAIRN_DESK_TAGS_H

#include "cairn/conversation.h"
#include "carry/box.h"
#include "desk/state.h"

/*
 * Tag keys on the desk's side (docs/protocol.md, section 7): of each conversation T of one day
 * only, of the newest month that a hello gave. Moved on each day; the one before is gone. All of it
 * in the caller's transaction.
 */

#define TAGS_MONTHS 10U      /* sealing under month p goes on while day / 30 <= p + 10 */
#define TAGS_STEP_DAYS 4000U /* a longer way is a broken clock, not a chain */

enum tags_result {
	TAGS_NEW,       /* of a month not given before: kept */
	TAGS_CONTINUES, /* the one that was expected */
	TAGS_BREAKS,    /* another than the chain held for that month: the held one stays, staff are told */
	TAGS_OLDER,     /* of a month that a newer one has replaced: nothing to compare it with */
};

/* What is held of a conversation for the month of a hello, where the caller has read it already. Secret. */
struct tags_held {
	bool found;
	uint32_t day;
	uint8_t key[CAIRN_KEY_BYTES];
	bool proven;
};

/*
 * Takes in the tag key of a hello, of conversation conv; held is NULL where it is to be looked up.
 * proven says that it came in a hello with its mac, not in the record second, which anybody with
 * the other passphrase may have written; what is proven replaces what is not.
 */
CAIRN_NODISCARD int tags_take(struct db *state, enum tags_result *ret, uint64_t conv,
    const struct cairn_hello *hello, const struct tags_held *held, bool proven, uint32_t today);

/* Moves every tag key on to today and erases those that a newer month replaces. *ret_moved counts. */
CAIRN_NODISCARD int tags_turn(struct db *state, uint32_t today, size_t *ret_moved);

/*
 * The next tag that may be used for conv today, under lane: never one that is on the board already.
 * Counts it as used. *ret_day is the day that the cell is sealed for. CAIRN_ERR_UNKNOWN: no tag key
 * that may be used, so that the next hello is waited for; CAIRN_ERR_BUSY: all of the lane's tags of
 * today are used.
 */
CAIRN_NODISCARD int tags_next(struct db *state, uint8_t tag[CAIRN_TAG_BYTES], uint32_t *ret_day, uint64_t conv,
    uint8_t lane, uint32_t today);

/* Is that tag on the board already? */
CAIRN_NODISCARD int tags_on_board(struct db *state, bool *ret, const uint8_t tag[CAIRN_TAG_BYTES]);

/*
 * Tag keys that this device has and that one, a member of the conversation's compartment, has not been given:
 * appended to out[*ret_count]. Secret.
 */
CAIRN_NODISCARD int tags_owed(struct db *state, const uint8_t device[CAIRN_DEVICE_ID_BYTES], struct box_grant *out,
    size_t room, size_t *ret_count);
/* Takes in one that came in a box. What is held of that month stays. */
CAIRN_NODISCARD int tags_given(struct db *state, uint64_t conv, const struct box_grant *grant, uint32_t today);

/* Is there a tag key under which a reply could be sealed today? */
CAIRN_NODISCARD int tags_ready(struct db *state, bool *ret, uint64_t conv, uint32_t today);

#endif
