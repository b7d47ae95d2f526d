// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_HEAD_H
#define CAIRN_RELAY_HEAD_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/desk_keys.h"
#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/note.h"
#include "cairn/opening.h"
#include "cairn/span.h"

/*
 * A board's head: all that changes together with its checkpoint lies in one file, desks/<desk_id>/board/head, and
 * is replaced in one step. So a crash leaves the old board or the new one, never a checkpoint beside another
 * days file. Tiles, batches and epoch keys lie beside it and only ever grow.
 *
 * File: "cairn head 1\n", u64 size, u32 hour, u64 serial of the card, SHA-256 of its text, then the five parts in
 * the order below, each u32 bytes and value.
 */
#define HEAD_BYTES_MAX (128U + 4U * CAIRN_NOTE_BYTES_MAX + CAIRN_DAYS_BYTES_MAX)

struct head {
	uint64_t size; /* of the tree: how many batches are shown */
	uint32_t hour;
	struct cairn_card_seen seen;  /* the card's, so that no older one is taken */
	struct cairn_span checkpoint; /* empty: there is no board yet */
	struct cairn_span card;
	struct cairn_span identity;
	struct cairn_span days;
	struct cairn_span epochs;
	uint8_t *file; /* what the spans look into, where it was loaded */
};

/* A board that is not there is an empty head, and no error. head_clear() in any case. */
CAIRN_NODISCARD int head_load(struct head *head, int data, const uint8_t desk[CAIRN_HASH_BYTES]);
void head_clear(struct head *head);
/* Only how far the board goes; 0 where there is none. */
CAIRN_NODISCARD int head_size(uint64_t *ret_size, int data, const uint8_t desk[CAIRN_HASH_BYTES]);
/* The step that shows the new board. */
CAIRN_NODISCARD int head_replace(const struct head *head, int data, const uint8_t desk[CAIRN_HASH_BYTES]);

#endif
