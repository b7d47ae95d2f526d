// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_HOUSEKEEPER_H
#define CAIRN_RELAY_HOUSEKEEPER_H

#include "cairn/err.h"
#include "relay/relay.h"

/*
 * A thread for what comes due by itself: when the hour turns its order is erased, what is past is removed, and
 * desks that were taken away are forgotten.
 */
struct housekeeper;

CAIRN_NODISCARD int housekeeper_new(struct housekeeper **ret, struct relay *relay);
void housekeeper_free(struct housekeeper *keeper);

/* What is looked at each second: room on the disk, slow connections, desks that came or went. */
void housekeeper_second(struct relay *relay);

#endif
