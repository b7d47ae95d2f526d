// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_COLLECTING_H
#define CAIRN_DESK_COLLECTING_H

#include "desk/desk.h"
#include "desk/receive.h"

/*
 * Empties one door: lease, open and keep in one transaction, and only then delete. Whatever breaks
 * off in between, the cells come again after their lease, and those that were kept are known by
 * their msgid. Adds to tally.
 */
CAIRN_NODISCARD int desk_collect(struct desk *desk, enum cairn_door door, struct received *tally, uint64_t now);

#endif
