// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef VECTORS_WASM_PTHREAD_H
#define VECTORS_WASM_PTHREAD_H

/* There is one thread: for src/relay/nonces.c, which the rows of requests go through. */

#include <sys/types.h>

static inline int
pthread_mutex_init(pthread_mutex_t *mutex, const void *attr)
{
	(void)attr;
	(void)mutex;
	return 0;
}

static inline int
pthread_mutex_lock(pthread_mutex_t *mutex)
{
	(void)mutex;
	return 0;
}

static inline int
pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	(void)mutex;
	return 0;
}

static inline int
pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	(void)mutex;
	return 0;
}

#endif
