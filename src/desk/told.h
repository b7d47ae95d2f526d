// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_TOLD_H
#define CAIRN_DESK_TOLD_H

#include "desk/desk.h"

/*
 * What this device is told by the others, and the keys that travel between them: what the engine calls while it
 * applies the feed. All in its transaction.
 */

/* An operation of a contact compartment, of another device; also one that is given again to a new member. */
CAIRN_NODISCARD int told_op(struct desk *desk, const struct op *op, const uint8_t compartment[OP_ID_BYTES]);

/* Nothing of that compartment may stay: conversation, words, files, keys. */
CAIRN_NODISCARD int told_destroyed(struct desk *desk, const uint8_t compartment[OP_ID_BYTES]);

/* Epoch keys, tag keys: what a device is to get, what came, what was given. */
CAIRN_NODISCARD int told_owed(struct desk *desk, const uint8_t device[OP_ID_BYTES], struct box_grant *out,
    size_t room, size_t *ret_count);
CAIRN_NODISCARD int told_take(struct desk *desk, const struct box_grant *grant, const uint8_t from[OP_ID_BYTES]);
CAIRN_NODISCARD int told_granted(struct desk *desk, const uint8_t device[OP_ID_BYTES], const struct box_name *name);

/* That device has none of them: it is to be given all again. */
CAIRN_NODISCARD int told_wanted(struct desk *desk, const uint8_t device[OP_ID_BYTES]);

#endif
