// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_ALLOWANCE_H
#define CAIRN_RELAY_ALLOWANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/desk_keys.h"
#include "cairn/err.h"
#include "cairn/hash.h"

/*
 * How much each device has appended to its desk's feed on a day: one in wrong hands must not fill it, so that all
 * others could say nothing more. Counted in memory of a fixed size, and anew when the relay begins anew; where that
 * is full, nobody is held back. For one thread.
 */
#define ALLOWANCE_LEAST ((uint64_t)64 << 20) /* bytes a day, and a sixteenth of the feed where that is more */

struct allowance;

/* slots: a power of two. CAIRN_ERR_NOMEM. */
CAIRN_NODISCARD int allowance_new(struct allowance **ret, size_t slots);
void allowance_free(struct allowance *allowance); /* NULL is fine */

/* May that device append so many bytes more on that day, to a feed that may hold so many in all? */
bool allowance_has(const struct allowance *allowance, const uint8_t desk[CAIRN_HASH_BYTES],
    const uint8_t device[CAIRN_DEVICE_ID_BYTES], uint32_t day, size_t bytes, uint64_t quota);
/* It has. */
void allowance_take(struct allowance *allowance, const uint8_t desk[CAIRN_HASH_BYTES],
    const uint8_t device[CAIRN_DEVICE_ID_BYTES], uint32_t day, size_t bytes);

#endif
