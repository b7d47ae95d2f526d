// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_PARALLEL_H
#define CAIRN_SITE_PARALLEL_H

#include <stddef.h>

/*
 * Calls work(arg, i) for each i below count, from several threads at once (0: as many as there are processors). The
 * first that returns something else than CAIRN_OK ends it, and that is returned; arg knows which it was.
 */
int parallel(unsigned threads, size_t count, int (*work)(void *arg, size_t i), void *arg);

#endif
