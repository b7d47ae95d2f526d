// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_IN_STEP_H
#define CAIRN_DESK_IN_STEP_H

#include "carry/sync.h"
#include "desk/desk.h"

/* Keeping this device in step with the desk's others (carry/carry.h), over the desk's own wire to the relay. */

/* What the engine tells the desk, and asks of it. Once, when the desk is opened. */
void in_step_begin(struct desk *desk);

/* One round, as carry_sync(); its sentence is in desk->trouble. */
CAIRN_NODISCARD int desk_sync(struct desk *desk, struct sync *ret, unsigned wait_s, uint64_t now,
    sync_progress *progress, void *arg);

#endif
