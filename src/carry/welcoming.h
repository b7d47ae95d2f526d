// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_WELCOMING_H
#define CAIRN_CARRY_WELCOMING_H

#include "carry/carry.h"

/*
 * Admitting a device: the desk's tables, as they are at one record of the feed, go into the feed for it (OP_STATE);
 * it reads them as joining.h says.
 */

/*
 * Admits a device: says DEVICE and ROSTER. When a sync has sent them, carry_welcome() says the state and gives what
 * the welcome has to hold; welcome->key is secret. CAIRN_ERR_STATE: not at the head, or not sent yet.
 */
CAIRN_NODISCARD int carry_admit(struct carry *carry, const struct op_device *device, struct cairn_span roster,
    uint64_t now);
/* The same in the caller's transaction, in which the roster is made. */
CAIRN_NODISCARD int admit_say(struct carry *carry, const struct op_device *device, struct cairn_span roster,
    uint64_t now);
CAIRN_NODISCARD int carry_welcome(struct carry *carry, struct carry_welcome *welcome,
    const uint8_t device[OP_ID_BYTES], uint64_t now);

#endif
