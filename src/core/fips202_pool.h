// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CORE_FIPS202_POOL_H
#define CAIRN_CORE_FIPS202_POOL_H

#include <stddef.h>
#include <stdint.h>

/*
 * What PQClean's sources are given in place of malloc, free and exit (the build renames them) and for
 * randomness. A Keccak state lives for one call and never longer; at most two are alive at a time.
 */

#define FIPS202_POOL_SLOTS 4U
#define FIPS202_POOL_SLOT_BYTES 208U

/* One slot, aligned for u64. Too many at once or a larger one is a programming fault and aborts. */
void *fips202_pool_take(size_t size);

/* Wipes the slot and gives it back. */
void fips202_pool_give(void *slot);

/* Never reached: take() does not fail. Aborts. */
void fips202_pool_exit(int status) __attribute__((noreturn));

/* All randomness comes from our caller (the _derand functions). Aborts. */
int PQCLEAN_randombytes(uint8_t *out, size_t size);

/* How many slots are taken, for tests. */
size_t fips202_pool_used(void);

#endif
