// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_JOIN_H
#define CAIRN_RELAY_JOIN_H

#include "relay/request.h"

/* The mailbox by which a device joins (docs/http.md): staff opens and closes it, who knows it writes and reads. */

void join_open(struct request *request);
void join_close(struct request *request);
/* At the headers: whoever knows no open slot gets to send no body. */
unsigned join_begin(struct request *request);
void join_put(struct request *request);
void join_get(struct request *request);

#endif
