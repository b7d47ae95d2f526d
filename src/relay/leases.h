// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_LEASES_H
#define CAIRN_RELAY_LEASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"

/*
 * Which cells are out on a lease (docs/protocol.md, section 8). In memory only: a restart gives them out again, which
 * a desk notices by their msgid, and nothing on disk tells when a desk collected.
 */
struct leases;

/* slots: a power of two, at least 16; a quarter of them stays free. */
CAIRN_NODISCARD int leases_new(struct leases **ret, size_t slots);
void leases_free(struct leases *leases);

/* Is that cell of that desk out at now (seconds)? */
bool leases_out(struct leases *leases, const uint8_t desk[CAIRN_HASH_BYTES],
    const uint8_t hash[CAIRN_HASH_BYTES], uint64_t now);

/* CAIRN_ERR_BUSY: too many are out. */
CAIRN_NODISCARD int leases_add(struct leases *leases, const uint8_t desk[CAIRN_HASH_BYTES],
    const uint8_t hash[CAIRN_HASH_BYTES], uint64_t now, uint64_t until);

/* The cell was deleted. */
void leases_drop(struct leases *leases, const uint8_t desk[CAIRN_HASH_BYTES],
    const uint8_t hash[CAIRN_HASH_BYTES]);

#endif
