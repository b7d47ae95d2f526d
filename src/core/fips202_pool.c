// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fips202_pool.h"

#include <stdbool.h>

#include <sodium.h>

/*
 * The one exception in the core to "no globals": PQClean's calls have no argument in which a work area
 * could be handed down. It holds nothing between two calls of ours, and each thread has its own.
 */
static _Thread_local struct {
	uint64_t state[FIPS202_POOL_SLOTS][FIPS202_POOL_SLOT_BYTES / sizeof(uint64_t)];
	bool taken[FIPS202_POOL_SLOTS];
} pool;

void *
fips202_pool_take(size_t size)
{
	if (size > FIPS202_POOL_SLOT_BYTES)
		sodium_misuse();
	for (size_t i = 0; i < FIPS202_POOL_SLOTS; i++)
		if (!pool.taken[i]) {
			pool.taken[i] = true;
			return pool.state[i];
		}
	sodium_misuse();
}

void
fips202_pool_give(void *slot)
{
	for (size_t i = 0; i < FIPS202_POOL_SLOTS; i++)
		if (slot == pool.state[i] && pool.taken[i]) {
			sodium_memzero(pool.state[i], sizeof pool.state[i]);
			pool.taken[i] = false;
			return;
		}
	sodium_misuse();
}

void
fips202_pool_exit(int status)
{
	(void)status;
	sodium_misuse();
}

int
PQCLEAN_randombytes(uint8_t *out, size_t size)
{
	(void)out;
	(void)size;
	sodium_misuse();
}

size_t
fips202_pool_used(void)
{
	size_t used = 0;

	for (size_t i = 0; i < FIPS202_POOL_SLOTS; i++)
		used += pool.taken[i];
	return used;
}
