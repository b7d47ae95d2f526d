// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_TAKE_OVER_H
#define CAIRN_DESK_TAKE_OVER_H

#include "desk/desk.h"
#include "desk/shares.h"

/*
 * Taking the board over from another device, which has stopped or is gone (docs/protocol.md, section 4). The board's
 * key never leaves its device, so this one makes a new key, which the next card, out of two shares, puts in force; it
 * reads the board as it stands from the relay, holds it to the last checkpoint that the old key has signed, and goes
 * on behind it. Epoch keys get their next generation. Nothing is taken where the card names this device's key
 * already. That this device is the publisher is said apart (carry/publisher.h).
 *
 * CAIRN_ERR_CRYPTO, CAIRN_ERR_FORMAT: the relay's board is not what its checkpoint says: nothing is changed. It may
 * be called again where it was broken off.
 */
CAIRN_NODISCARD int desk_take_over(struct desk *desk, const struct share *a, const struct share *b, uint64_t now);

/* Is the key on the card, which may have run out, this device's? Only then may it publish, or make the next card. */
CAIRN_NODISCARD int board_key_is_ours(struct desk *desk, bool *ret);

#endif
