// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_APPEND_H
#define CAIRN_RELAY_APPEND_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/board.h"
#include "cairn/drop.h"
#include "cairn/err.h"
#include "cairn/note.h"
#include "cairn/opening.h"
#include "cairn/span.h"

/* The body of an append (docs/http.md): sections of u8 kind, u32 bytes, value, kinds ascending. */
#define APPEND_KEYS_MAX 128U
#define APPEND_KEY_HEAD_BYTES 7U
#define APPEND_BATCH_BYTES_MAX (CAIRN_BATCH_CELLS_MAX * CAIRN_REPLY_CELL_BYTES)
#define APPEND_BYTES_MAX \
	(5U * 5U + CAIRN_CHECKPOINT_BYTES_MAX + CAIRN_NOTE_BYTES_MAX + CAIRN_IDENTITY_BYTES_MAX + \
	 CAIRN_EPOCHS_BYTES_MAX + APPEND_BATCH_BYTES_MAX + \
	 APPEND_KEYS_MAX * (5U + APPEND_KEY_HEAD_BYTES + CAIRN_XWING_PUBLIC_BYTES))

struct append_key {
	enum cairn_door door;
	uint16_t gen;
	uint32_t day;
	const uint8_t *key; /* [CAIRN_XWING_PUBLIC_BYTES] */
};

/* Views into the body. A section that is not there has a NULL text. */
struct append {
	struct cairn_span checkpoint;
	struct cairn_span batch;
	struct cairn_span card;
	struct cairn_span identity;
	struct cairn_span epochs;
	struct append_key keys[APPEND_KEYS_MAX];
	size_t key_count;
};

/* CAIRN_ERR_FORMAT: not in that form, without a checkpoint, or a section beyond its size. */
CAIRN_NODISCARD int append_read(struct append *append, const uint8_t *body, size_t bytes);

#endif
