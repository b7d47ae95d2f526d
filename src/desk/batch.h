// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_BATCH_H
#define CAIRN_DESK_BATCH_H

#include "desk/desk.h"
#include "desk/publish.h"

/*
 * Fills a batch of exactly self.batch_cells cells: what is queued, as far as it can be sealed
 * today, then fillers, in random order. Marks the replies taken and the tags used. In the
 * transaction that keeps the batch.
 */
CAIRN_NODISCARD int batch_make(struct desk *desk, uint8_t *batch, struct published *count, uint32_t day);

#endif
