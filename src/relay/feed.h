// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_FEED_H
#define CAIRN_RELAY_FEED_H

#include "relay/request.h"

/* The desk's feed (docs/http.md): staff's alone, and all in the keeper's thread. */

void feed_post(struct request *request);
void feed_get(struct request *request);
void feed_delete(struct request *request);

/* Devices of that desk may have lost their right to wait: they are asked for it again. */
void feed_wake(struct relay *relay, const uint8_t desk[CAIRN_HASH_BYTES]);

#endif
