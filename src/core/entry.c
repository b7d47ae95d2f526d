// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "cairn/board.h"

/* An entry: u32 hour, a tag for each cell of the batch, SHA-256 of the batch. */
#define TAGS_AT 4U
#define DAY_HOURS 24U
#define FIXED_BYTES (TAGS_AT + CAIRN_SHA256_BYTES)

size_t
cairn_entry_bytes(size_t batch_cells)
{
	return FIXED_BYTES + batch_cells * CAIRN_TAG_BYTES;
}

void
cairn_entry_make(uint8_t *entry, uint32_t hour, const uint8_t *batch, size_t batch_cells)
{
	uint8_t *at = entry + TAGS_AT;

	put_u32(entry, hour);
	for (size_t i = 0; i < batch_cells; i++, at += CAIRN_TAG_BYTES)
		memcpy(at, batch + i * CAIRN_REPLY_CELL_BYTES, CAIRN_TAG_BYTES);
	crypto_hash_sha256(at, batch, batch_cells * CAIRN_REPLY_CELL_BYTES);
}

int
cairn_entry_cells(size_t *ret_batch_cells, size_t entry_bytes)
{
	size_t tags = entry_bytes - FIXED_BYTES;

	if (entry_bytes <= FIXED_BYTES || entry_bytes > CAIRN_ENTRY_BYTES_MAX || tags % CAIRN_TAG_BYTES != 0)
		return CAIRN_ERR_RANGE;
	*ret_batch_cells = tags / CAIRN_TAG_BYTES;
	return CAIRN_OK;
}

uint32_t
cairn_entry_hour(const uint8_t *entry)
{
	return get_u32(entry);
}

const uint8_t *
cairn_entry_tag(const uint8_t *entry, size_t cell)
{
	return entry + TAGS_AT + cell * CAIRN_TAG_BYTES;
}

int
cairn_batch_check(const uint8_t *entry, size_t entry_bytes, const uint8_t *batch, size_t batch_bytes)
{
	uint8_t made[CAIRN_ENTRY_BYTES_MAX];
	size_t cells;

	if (cairn_entry_cells(&cells, entry_bytes) != CAIRN_OK)
		return CAIRN_ERR_CRYPTO;
	if (batch_bytes != cells * CAIRN_REPLY_CELL_BYTES)
		return CAIRN_ERR_CRYPTO;
	cairn_entry_make(made, cairn_entry_hour(entry), batch, cells);
	return memcmp(made, entry, entry_bytes) == 0 ? CAIRN_OK : CAIRN_ERR_CRYPTO;
}

bool
cairn_batch_stays(uint32_t hour, uint32_t checkpoint_hour)
{
	return hour / DAY_HOURS + CAIRN_BATCH_STAY_DAYS >= checkpoint_hour / DAY_HOURS;
}
