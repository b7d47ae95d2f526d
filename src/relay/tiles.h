// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_TILES_H
#define CAIRN_RELAY_TILES_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/tlog.h"

/*
 * The tree of a board in files: one per tile, which grows until it is full. What stands behind the shown size is
 * never read, and is written over by the next append: so a crash in the middle of one does not matter.
 */
#define TILE_BYTES (CAIRN_TILE_WIDTH * 32U)
#define BUNDLE_BYTES_MAX (CAIRN_TILE_WIDTH * (2U + 65535U))

/* The right edge of the tree of that size. CAIRN_ERR_FORMAT: files are missing or too short. */
CAIRN_NODISCARD int tiles_edge(struct cairn_tree *tree, int data, const uint8_t desk[CAIRN_HASH_BYTES],
    uint64_t size);

/* Puts entry number size behind a tree of that size: entry bundle, and tiles of every level that grows. */
CAIRN_NODISCARD int tiles_append(int data, const uint8_t desk[CAIRN_HASH_BYTES], uint64_t size,
    const uint8_t *entry, size_t entry_bytes);

/* How many bytes the first width entries of a bundle take. CAIRN_ERR_FORMAT: it has fewer. */
CAIRN_NODISCARD int tiles_bundle_prefix(size_t *ret_bytes, const uint8_t *bundle, size_t bytes, unsigned width);

#endif
