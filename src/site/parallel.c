// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "cairn/err.h"

#define THREADS_MAX 64U
#define AT_ONCE 8U

struct run {
	int (*work)(void *arg, size_t i);
	void *arg;
	size_t count;
	atomic_size_t next;
	atomic_int err;
};

static void *
go(void *arg)
{
	struct run *run = arg;

	for (;;) {
		size_t first = atomic_fetch_add(&run->next, AT_ONCE);

		for (size_t i = first; i < first + AT_ONCE; i++) {
			int none = CAIRN_OK, err;

			if (i >= run->count || atomic_load(&run->err) != CAIRN_OK)
				return NULL;
			err = run->work(run->arg, i);
			if (err != CAIRN_OK)
				(void)atomic_compare_exchange_strong(&run->err, &none, err);
		}
	}
}

int
parallel(unsigned threads, size_t count, int (*work)(void *arg, size_t i), void *arg)
{
	struct run run = {.work = work, .arg = arg, .count = count};
	pthread_t started[THREADS_MAX];
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned n = 0;

	if (threads == 0)
		threads = processors < 1 ? 1 : (unsigned)processors;
	if (threads > THREADS_MAX)
		threads = THREADS_MAX;
	/* This one works too; where no other can be started, alone. */
	while (n + 1 < threads && (size_t)n * AT_ONCE < count && pthread_create(&started[n], NULL, go, &run) == 0)
		n++;
	(void)go(&run);
	while (n > 0)
		pthread_join(started[--n], NULL);
	return run.err;
}
