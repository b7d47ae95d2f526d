// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "cairn/board.h"
#include "fuzz.h"

/* The input is an entry; the batch is made to fit, with the entry's own tags. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static uint8_t batch[CAIRN_BATCH_CELLS_MAX * CAIRN_REPLY_CELL_BYTES];
	uint8_t made[CAIRN_ENTRY_BYTES_MAX];
	size_t cells, batch_bytes;

	if (cairn_entry_cells(&cells, size) != CAIRN_OK) {
		FUZZ_CHECK(cairn_batch_check(bytes, size, batch, sizeof batch) == CAIRN_ERR_CRYPTO);
		return 0;
	}
	FUZZ_CHECK(cells >= 1 && cells <= CAIRN_BATCH_CELLS_MAX && cairn_entry_bytes(cells) == size);
	for (size_t i = 0; i < cells; i++)
		memcpy(batch + i * CAIRN_REPLY_CELL_BYTES, cairn_entry_tag(bytes, i), CAIRN_TAG_BYTES);
	batch_bytes = cells * CAIRN_REPLY_CELL_BYTES;
	cairn_entry_make(made, cairn_entry_hour(bytes), batch, cells);
	FUZZ_CHECK(memcmp(made, bytes, size - CAIRN_SHA256_BYTES) == 0);
	FUZZ_CHECK(cairn_batch_check(made, size, batch, batch_bytes) == CAIRN_OK);
	(void)!cairn_batch_check(bytes, size, batch, batch_bytes);
	return 0;
}
