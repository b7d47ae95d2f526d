// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stdint.h>

#include "lib/relay_desk.h"

/*
 * Posts cells, each another one, over so many connections kept open, one request at a time on each, until count
 * were acknowledged. Returns the seconds that took. first is the number of the first cell. tick, if not
 * NULL, is called after each 1,000.
 */
double load_drop(const struct relay_desk *desk, unsigned connections, uint64_t first, uint64_t count,
    void (*tick)(void *arg), void *arg);

#endif
