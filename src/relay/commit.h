// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_COMMIT_H
#define CAIRN_RELAY_COMMIT_H

#include <stdbool.h>

#include "relay/store.h"

/*
 * Cells of many connections go to disk together: one thread puts all that wait, in random order, into one
 * transaction, and tells each when it is on disk or has failed.
 */
#define COMMIT_CELLS_MAX 64U

struct commit;

/* Stands in the caller's own struct, which lives until done has returned. done is called from the writing thread. */
struct commit_cell {
	struct commit_cell *next;
	struct store_put put;
	void (*done)(struct commit_cell *cell);
};

CAIRN_NODISCARD int commit_new(struct commit **ret, struct store *store);
/* false: ending. */
bool commit_put(struct commit *commit, struct commit_cell *cell);
/* Writes what still waits, then takes no more: commit_put() may still be called. NULL is fine. */
void commit_end(struct commit *commit);
/* The same, where that was not done, and frees. NULL is fine. */
void commit_free(struct commit *commit);

#endif
