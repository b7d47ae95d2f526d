// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_ADMISSION_H
#define CAIRN_RELAY_ADMISSION_H

#include "relay/request.h"

/* What a door asks of those whom the desk does not know (docs/protocol.md, section 10). */

/* GET drop/<door> */
void admission_get(struct request *request);

/*
 * At the headers of a cell or blob: takes Cairn-Work down. 0, 400 for a header that is none, or 403 where work
 * is asked for and none came.
 */
unsigned admission_begin(struct request *request);

/* Does that door ask for work now? */
bool admission_asks(const struct request *request);

/* Looks at the work for request->hash: a millisecond or two, so not in a thread that serves. */
bool admission_check(const struct request *request);

#endif
