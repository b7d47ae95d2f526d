// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_BOARD_H
#define CAIRN_RELAY_BOARD_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "relay/append.h"
#include "relay/head.h"

/*
 * The desk's side of the board. A relay refuses what is not consistent, so that a publisher's fault is seen at
 * once and not by those who look for mail; to trust a board is never asked of anybody.
 */

/*
 * Appends to the board that has that size, all of it durably, shown in one step. CAIRN_OK also for the append that is
 * there already. CAIRN_ERR_CONFLICT: the board has another size, or another checkpoint of this one;
 * CAIRN_ERR_FORMAT and others: refused; CAIRN_ERR_SPACE, _IO, _NOMEM: nothing has changed.
 * One at a time for one desk: the keeper's thread.
 */
CAIRN_NODISCARD int board_append(int data, const uint8_t desk[CAIRN_HASH_BYTES], uint64_t size,
    const struct append *append, uint32_t hour);

/* Removes batches that are over their time, and epoch keys that are not listed any more. */
CAIRN_NODISCARD int board_tidy(int data, const uint8_t desk[CAIRN_HASH_BYTES]);

#endif
