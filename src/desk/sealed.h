// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_SEALED_H
#define CAIRN_DESK_SEALED_H

#include "desk/state.h"

/*
 * Erasable keys in the desk's rows (vault/erasure.h): which row each belongs to is sealed with it. Dropping or
 * overwriting one is followed, in the same transaction, by erasure_owe(erasure_of(state)).
 */
struct sealed_row {
	const char *what; /* the column: "epoch", "tag", "file" */
	uint64_t a, b, c; /* what tells the row apart in it */
};

/* In a transaction. key is secret. */
CAIRN_NODISCARD int sealed_make(struct db *state, uint8_t out[ERASURE_SEALED_BYTES],
    const uint8_t key[ERASURE_KEY_BYTES], struct sealed_row row);

/* The key in this column of the row that q stands at. What does not open is q's error, and key is zeros. */
void query_sealed(struct query *q, int column, uint8_t key[ERASURE_KEY_BYTES], struct sealed_row row);

#endif
