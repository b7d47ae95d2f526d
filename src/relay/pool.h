// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_POOL_H
#define CAIRN_RELAY_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "cairn/err.h"

/* So many threads, so many jobs waiting at most: what comes beyond is told to come later. */
struct pool;

/* Stands in the caller's own struct, which lives until run has returned. */
struct pool_job {
	struct pool_job *next;
	void (*run)(struct pool_job *job);
};

CAIRN_NODISCARD int pool_new(struct pool **ret, unsigned threads, size_t waiting_max);
/* false: full, or ending; the job is the caller's still. */
bool pool_put(struct pool *pool, struct pool_job *job);
/* Does what still waits, then takes no more: pool_put() may still be called. NULL is fine. */
void pool_end(struct pool *pool);
/* The same, where that was not done, and frees. NULL is fine. */
void pool_free(struct pool *pool);

#endif
