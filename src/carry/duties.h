// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_DUTIES_H
#define CAIRN_CARRY_DUTIES_H

#include "carry/sync.h"

/*
 * What is owed because of what was said (docs/carry.md): computed from the state when this device has read the feed
 * to its head, and done by whoever comes first. Nothing of it is stored: a crash, or another device that was quicker,
 * changes the state, and then nothing is owed any more.
 *
 * CAIRN_ERR_BUSY: somebody was quicker; pull, and begin again. *ret_any: something was done or said.
 */
CAIRN_NODISCARD int duties_do(struct carry *carry, struct sync *ret, bool *ret_any);

/* What the relay is to do: let a suspended device or person in no more, delete records that may go. */
CAIRN_NODISCARD int duty_suspend(struct carry *carry);
CAIRN_NODISCARD int duty_delete(struct carry *carry);

#endif
