// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_SEEN_H
#define CAIRN_DESK_SEEN_H

#include "desk/desk.h"

/*
 * Holds what a person was shown (the record seen: size, root, hour) against what this device has
 * published. Only people can tell the desk that a relay shows them another board, or an old one.
 * day is the day of their cell.
 */
CAIRN_NODISCARD int seen_check(struct desk *desk, size_t *alarms, uint64_t conv, uint32_t day,
    const uint8_t seen[44], uint64_t now);

#endif
