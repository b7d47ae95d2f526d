// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_BOARD_CHECK_H
#define CAIRN_CLI_BOARD_CHECK_H

#include "cairn/opening.h"
#include "cairn/tlog.h"
#include "cli/board_source.h"

/*
 * Checks a whole board, from the first entry on: what a look checks of its window alone, an auditor checks of
 * everything. Large: allocate it.
 */
#define BOARD_LEVELS 7U /* tiles of 8 levels each over 53 */

struct board_check {
	/* set by the caller */
	struct board_source *source;
	struct cairn_client client;
	void (*progress)(void *arg, uint64_t done, uint64_t total);
	void *progress_arg;

	/* what was found */
	char fault[160]; /* in words, what did not hold; "" while all did */
	struct cairn_opening opening;
	uint64_t entries;
	uint64_t tiles;
	uint64_t batches;
	uint64_t batches_gone; /* those that were to go, after 32 days */
	uint64_t epoch_keys;
	bool extends; /* an earlier checkpoint was given, and the board goes on from it */

	/* the earlier one, where there is one */
	bool has_before;
	struct cairn_checkpoint before;

	/* private */
	struct cairn_memory memory;
	struct cairn_tree tree;
	struct cairn_days_walk walk;
	struct board_level {
		uint64_t tile;
		unsigned count;
		uint8_t hashes[CAIRN_TILE_WIDTH][32];
	} levels[BOARD_LEVELS];
	uint8_t bundle[CAIRN_TILE_WIDTH * (2 + CAIRN_ENTRY_BYTES_MAX)];
};

/* Checkpoint, identity, card, days, epochs. Everything that the caller sets must be set, all else zero. */
CAIRN_NODISCARD int board_check_open(struct board_check *c);

/*
 * The earlier checkpoint, from a file: signed by the same board key. Before board_check_all().
 * CAIRN_ERR_CONFLICT: the two cannot both be of one board: same size and another text, or smaller though
 * signed later.
 */
CAIRN_NODISCARD int board_check_against(struct board_check *c, const uint8_t *note, size_t bytes);

/*
 * Epoch keys, entries, tiles, root, batches. CAIRN_ERR_CONFLICT: the earlier checkpoint's tree is no part of
 * this one.
 */
CAIRN_NODISCARD int board_check_all(struct board_check *c);

#endif
