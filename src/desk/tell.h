// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_TELL_H
#define CAIRN_DESK_TELL_H

#include "carry/sync.h"
#include "desk/desk.h"

/*
 * Conversations, shared among the devices of a desk: each belongs to a case, in whose contact compartment its
 * messages stand. What this device sends is not shared (claim C5): the others learn that there was an answer, not
 * what it said.
 */

/*
 * Opens compartments for conversations that have none, and says what the others were not told: conversations,
 * messages. Syncs as often as that takes. Whoever collects calls it before the drop forgets the cells.
 */
CAIRN_NODISCARD int tell_all(struct desk *desk, uint64_t now);
/* The same, and what the room above has to say. After a sync. */
CAIRN_NODISCARD int tell_everything(struct desk *desk, uint64_t now);

/* Is the time of the compartment over that a conversation is in? Then nothing of it is to be shown. */
CAIRN_NODISCARD int conversation_over(struct desk *desk, bool *ret, uint64_t conv, uint64_t now);

/* Somebody has read what is there up to that message, or answered. In the caller's transaction. */
CAIRN_NODISCARD int tell_read(struct desk *desk, uint64_t conv, uint64_t last_message, uint64_t now);
CAIRN_NODISCARD int tell_answered(struct desk *desk, uint64_t conv, uint32_t answer_by, uint32_t check_in_due,
    bool nothing_needed, uint64_t now);

/* The lane that this device seals under in that conversation; CAIRN_ERR_UNKNOWN where it has none. */
CAIRN_NODISCARD int self_lane(struct desk *desk, uint8_t *ret_lane, uint64_t conv);

/* Roles of this device, as the roster in force says; true for all while it is not known yet. */
bool self_has_role(struct desk *desk, const char *role);
/* Is it the one that publishes? */
bool self_publishes(struct desk *desk);

#endif
