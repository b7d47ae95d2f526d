// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_WORDS_H
#define CAIRN_DESK_WORDS_H

#include "desk/state.h"

/*
 * What was said in a conversation, as it lies in the database: sealed under a key of that conversation, which is an
 * erasable row (conversation.rest). When it is erased, nothing that the disk still has of the words opens.
 */
#define WORDS_COST 40U /* nonce and tag */

/* nonce[24] || sealed, of bytes + WORDS_COST bytes. The key is made where there is none: in a transaction. */
CAIRN_NODISCARD int words_seal(struct db *state, uint8_t *out, uint64_t conv, const void *plain, size_t bytes);

/* The words in this column of the row that q stands at, malloc'ed, with room behind them for more; to be wiped. */
CAIRN_NODISCARD int words_open(struct query *q, int column, uint8_t **ret, size_t *ret_bytes, uint64_t conv,
    size_t more);

#endif
