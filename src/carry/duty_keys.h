// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_DUTY_KEYS_H
#define CAIRN_CARRY_DUTY_KEYS_H

#include "carry/sync.h"

/* Giving keys: the next generations that are owed, and the boxes of members who do not have theirs. As duties.h. */
CAIRN_NODISCARD int duty_rotate(struct carry *carry, struct sync *ret, bool *ret_any);
CAIRN_NODISCARD int duty_confirm(struct carry *carry, struct sync *ret, bool *ret_any);
CAIRN_NODISCARD int duty_grant(struct carry *carry, struct sync *ret, bool *ret_any);

#endif
