// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef VECTORS_BOARD_H
#define VECTORS_BOARD_H

#include "run.h"

/* The board of the file, its batches made anew by the recipe. */
struct board {
	bool whole; /* made to the end */
	size_t batch_cells;
	size_t batch_bytes;
	size_t entry_bytes;
	size_t size;      /* entries */
	uint8_t *entries; /* as they stand in the file */
	uint8_t *batches;
};

/* Made at the first call; fails the row when the file has none that can be made. */
const struct board *board_of(struct run *r);
void board_free(struct board *board);

const uint8_t *board_entry(const struct board *board, size_t n);
const uint8_t *board_batch(const struct board *board, size_t n);
uint32_t board_day(const struct board *board, size_t n);

/* The files of a board of the first size entries. */
struct bytes board_days_file(struct run *r, const struct board *board, size_t size);
struct bytes board_tile(struct run *r, const struct board *board, size_t size, int level, uint64_t n,
    unsigned width);
void board_root(struct run *r, uint8_t out[32], const struct board *board, size_t size);
/* The root of the complete subtree of 2^level leaves that begins at leaf index << level. */
void board_subtree(uint8_t out[32], const struct board *board, unsigned level, uint64_t index);

#endif
