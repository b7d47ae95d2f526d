// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_COUNTS_H
#define CAIRN_RELAY_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/drop.h"
#include "cairn/err.h"
#include "cairn/hash.h"

/* How many cells wait at each door of each desk, sorted by desk and door. Not thread-safe: the store's lock is. */
struct count {
	uint8_t desk[CAIRN_HASH_BYTES];
	enum cairn_door door;
	uint64_t cells;
};

struct counts {
	struct count *list;
	size_t used;
	size_t room;
};

/* The count of that door, made with 0 where there is none; NULL: out of memory. It lives until the next call. */
struct count *counts_at(struct counts *counts, const uint8_t *desk, enum cairn_door door);
CAIRN_NODISCARD int counts_add(struct counts *counts, const uint8_t *desk, enum cairn_door door, uint64_t more);
void counts_less(struct counts *counts, const uint8_t *desk, enum cairn_door door, uint64_t less);
void counts_clear(struct counts *counts);

#endif
