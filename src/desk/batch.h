// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_BATCH_H
#define CAIRN_DESK_BATCH_H

#include "desk/desk.h"
#include "desk/publish.h"

/*
 * Fills a batch of exactly self.batch_cells cells: what is queued, as far as it can be sealed
 * today, cells of the desk's other devices, then fillers, in random order. Marks the replies taken and the tags used.
 * In the transaction that keeps the batch.
 */
CAIRN_NODISCARD int batch_make(struct desk *desk, uint8_t *batch, struct published *count, uint32_t day,
    uint64_t size, uint64_t now);

/*
 * On a device that does not publish: seals what is queued and hands the cells to the publisher, through the feed;
 * what the publisher did not publish in its days is sealed anew.
 */
CAIRN_NODISCARD int batch_hand_over(struct desk *desk, size_t *ret_cells, uint64_t now);

#endif
