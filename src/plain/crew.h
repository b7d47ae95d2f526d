// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_PLAIN_CREW_H
#define CAIRN_PLAIN_CREW_H

#include "plain/turn.h"

/*
 * The processes. A watcher for each slot waits for a message, reads none, and forks: the child takes it, answers, and
 * ends, and with it all that it knew. So a slot does one request at a time, and none can see another's. A
 * watcher that dies is started anew; all end with the one that started them.
 */

/* The slots' sockets are PLAIN_FIRST_FD and those behind it. Comes back when all have closed. */
int crew_run(const struct site *site, unsigned slots);

#endif
