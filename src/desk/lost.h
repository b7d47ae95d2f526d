// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_LOST_H
#define CAIRN_DESK_LOST_H

#include "desk/desk.h"
#include "desk/shares.h"

/*
 * A device that is lost for good (docs/protocol.md, section 8): the next roster, out of two shares, has it no more.
 * Said into the feed and put to the relay, which refuses it from then on; its compartments get new keys with the next
 * sync of whoever comes first, and whoever else is in them has a task: to change what it knew.
 * CAIRN_ERR_UNKNOWN: no such device in the roster; CAIRN_ERR_RANGE: it is this one. CAIRN_ERR_IO: kept and said; what
 * did not get through goes with the next round.
 */
CAIRN_NODISCARD int desk_lost(struct desk *desk, const uint8_t device[CAIRN_DEVICE_ID_BYTES], const struct share *a,
    const struct share *b, uint64_t now);

#endif
