// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_MAILBOX_H
#define CAIRN_DESK_MAILBOX_H

#include "carry/join.h"
#include "desk/desk.h"

/*
 * The relay's mailbox, through which a new device and the one that admits it talk (docs/http.md, join; carry/join.h).
 * It keeps four messages for half an hour, each written once. All leave a sentence in desk->trouble.
 */
#define MAILBOX_WAIT_S 20U  /* a line on which nothing comes for longer is taken for lost */
#define MAILBOX_ROUNDS 90U  /* of them: half an hour, for as long as a slot lives */

/* Opens a slot, as a device of the desk; closing wipes its messages. */
CAIRN_NODISCARD int mailbox_open(struct desk *desk, const uint8_t slot[JOIN_SLOT_BYTES]);
CAIRN_NODISCARD int mailbox_close(struct desk *desk, const uint8_t slot[JOIN_SLOT_BYTES]);

/* CAIRN_ERR_UNKNOWN: no such slot; CAIRN_ERR_CONFLICT: somebody else wrote this message. */
CAIRN_NODISCARD int mailbox_put(struct desk *desk, const uint8_t slot[JOIN_SLOT_BYTES], unsigned number,
    const uint8_t *bytes, size_t size);

/* Waits for a message. CAIRN_ERR_STALE: it did not come. */
CAIRN_NODISCARD int mailbox_get(struct desk *desk, const uint8_t slot[JOIN_SLOT_BYTES], unsigned number,
    uint8_t out[JOIN_MESSAGE_MAX], size_t *ret_bytes);

#endif
