// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_CLOCK_H
#define CAIRN_RELAY_CLOCK_H

#include <stdint.h>

/*
 * The relay's only clocks. The test build links clock_test.c in place of clock.c, where the first of them can be
 * moved from outside; the daemon as installed has no such thing.
 */
uint64_t clock_seconds(void);      /* since 1970, UTC */
uint64_t clock_monotonic_ms(void); /* for deadlines */

static inline uint32_t
clock_hour(void)
{
	return (uint32_t)(clock_seconds() / 3600);
}

#endif
