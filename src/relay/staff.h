// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_STAFF_H
#define CAIRN_RELAY_STAFF_H

#include "relay/request.h"

/*
 * Requests of the desk's devices (docs/protocol.md, section 8). Every fault of theirs is one and the same 401.
 */

/* At the headers: device, role and clock, so that nobody else gets to send a body. 0 or a status. */
unsigned staff_begin(struct request *request);

/*
 * In the keeper's thread, with the whole body: the device once more, signature and nonce, then the route's finish;
 * then it wakes, unless it waits.
 */
void staff_finish(struct request *request);

/* In the keeper's thread, after it has waited: is the device still what it was at the beginning? */
bool staff_still(struct request *request);

#endif
