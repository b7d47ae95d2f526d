// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_MAILBOX_H
#define CAIRN_RELAY_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"

/*
 * Where a new device and one that admits it leave four messages for each other (docs/protocol.md, section 8). In
 * memory alone, wiped when a slot is closed or its time is over. Times are clock_monotonic_ms().
 */
#define MAILBOX_SLOT_BYTES 16U
#define MAILBOX_MESSAGES 4U
#define MAILBOX_MESSAGE_BYTES_MAX 32768U
#define MAILBOX_DESK_SLOTS 4U   /* open at a time */
#define MAILBOX_SLOTS 128U      /* the same, of all desks */
#define MAILBOX_OPEN_MS (30U * 60U * 1000U)

struct mailbox;

CAIRN_NODISCARD int mailbox_new(struct mailbox **ret);
/* NULL is fine. */
void mailbox_free(struct mailbox *mailbox);

/* One that is open stays as it is. CAIRN_ERR_BUSY: too many are open. */
CAIRN_NODISCARD int mailbox_open(struct mailbox *mailbox, const uint8_t desk[CAIRN_HASH_BYTES],
    const uint8_t slot[MAILBOX_SLOT_BYTES], uint64_t now_ms);
/* One that is not open is no error. */
void mailbox_close(struct mailbox *mailbox, const uint8_t desk[CAIRN_HASH_BYTES],
    const uint8_t slot[MAILBOX_SLOT_BYTES]);
bool mailbox_is_open(struct mailbox *mailbox, const uint8_t desk[CAIRN_HASH_BYTES],
    const uint8_t slot[MAILBOX_SLOT_BYTES], uint64_t now_ms);

/*
 * Leaves message n, 1 to MAILBOX_MESSAGES, of 1 to MAILBOX_MESSAGE_BYTES_MAX bytes. CAIRN_ERR_UNKNOWN: not open;
 * CAIRN_ERR_CONFLICT: another is there, or the one before it is not; CAIRN_ERR_NOMEM.
 */
CAIRN_NODISCARD int mailbox_put(struct mailbox *mailbox, const uint8_t desk[CAIRN_HASH_BYTES],
    const uint8_t slot[MAILBOX_SLOT_BYTES], unsigned n, const uint8_t *bytes, size_t size, uint64_t now_ms);
/* Copies message n. CAIRN_ERR_UNKNOWN: not open; CAIRN_ERR_STATE: not there yet. */
CAIRN_NODISCARD int mailbox_get(struct mailbox *mailbox, uint8_t out[MAILBOX_MESSAGE_BYTES_MAX], size_t *ret_size,
    const uint8_t desk[CAIRN_HASH_BYTES], const uint8_t slot[MAILBOX_SLOT_BYTES], unsigned n, uint64_t now_ms);

/* Wipes those whose time is over. */
void mailbox_expire(struct mailbox *mailbox, uint64_t now_ms);

#endif
