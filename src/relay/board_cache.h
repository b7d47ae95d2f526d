// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_BOARD_CACHE_H
#define CAIRN_RELAY_BOARD_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <microhttpd.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "relay/board_name.h"

/*
 * Board files in memory, each with an answer that is ready to be sent, so that a file which many fetch costs no look
 * at the disk. Bounded in bytes; what was not asked for longest goes first.
 */
struct board_cache;

/* One file. Whoever got it from the functions below ends it with board_file_release(). */
struct board_file {
	const uint8_t *bytes;
	size_t size;
	struct MHD_Response *response; /* the whole, 200 */
};

CAIRN_NODISCARD int board_cache_new(struct board_cache **ret, size_t bytes_max);
void board_cache_free(struct board_cache *cache);

/* NULL: not there. */
struct board_file *board_cache_get(struct board_cache *cache, const uint8_t desk[CAIRN_HASH_BYTES],
    const struct board_name *name);

/*
 * Before reading a file: the time, to be given back with it. If the board has changed since, the file is not
 * kept, as it may be of the old one.
 */
uint64_t board_cache_time(struct board_cache *cache);

/* Takes bytes (from malloc) over in any case. lasting: it never changes while it is there. NULL: out of memory. */
struct board_file *board_cache_put(struct board_cache *cache, const uint8_t desk[CAIRN_HASH_BYTES],
    const struct board_name *name, uint8_t *bytes, size_t size, bool lasting, uint64_t time);
void board_file_release(struct board_file *file);

/* The board of that desk has changed, or gone. */
void board_cache_forget(struct board_cache *cache, const uint8_t desk[CAIRN_HASH_BYTES]);

#endif
