// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_BOARD_NAME_H
#define CAIRN_RELAY_BOARD_NAME_H

#include <stdint.h>

#include "cairn/drop.h"
#include "cairn/err.h"
#include "cairn/span.h"
#include "relay/files.h"

/*
 * What stands behind board/ in a path, taken apart. Paths on disk are made from this and never from what came
 * in. One name has one form, so its bytes are a key: always begin with all zeros.
 */
enum board_kind {
	BOARD_CHECKPOINT = 1,
	BOARD_CARD,
	BOARD_IDENTITY,
	BOARD_DAYS,
	BOARD_EPOCHS,
	BOARD_EPOCH_KEY,
	BOARD_TILE,
	BOARD_BATCH,
};

struct board_name {
	uint64_t n;        /* of tile or batch */
	uint32_t day;      /* of an epoch key */
	uint16_t gen;
	uint16_t width;    /* of a tile, 1 to 256 */
	uint8_t kind;
	uint8_t door;
	int8_t level;      /* of a tile, CAIRN_TILE_ENTRIES for entries */
	uint8_t zero[5];
};

CAIRN_NODISCARD int board_name_read(struct board_name *name, struct cairn_span rest);

/* Where it lies, for those kinds that have a file of their own. A tile is one file, however wide. */
CAIRN_NODISCARD int board_name_path(char out[FILES_PATH_MAX], const struct board_name *name,
    const uint8_t desk[CAIRN_HASH_BYTES]);

#endif
