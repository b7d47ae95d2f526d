// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bytes.h"
#include "cairn/board.h"

#define DAY_HOURS 24U

uint32_t
cairn_days_day(const struct cairn_days *days, size_t row)
{
	return get_u32(days->rows + row * CAIRN_DAYS_ROW_BYTES);
}

uint64_t
cairn_days_first(const struct cairn_days *days, size_t row)
{
	return get_u64(days->rows + row * CAIRN_DAYS_ROW_BYTES + 4);
}

/* Does this row come after the one before it? */
static bool
row_ascends(const struct cairn_days *days, size_t row)
{
	if (row == 0)
		return cairn_days_first(days, 0) == 0;
	return cairn_days_day(days, row) > cairn_days_day(days, row - 1) &&
	    cairn_days_first(days, row) > cairn_days_first(days, row - 1);
}

int
cairn_days_read(struct cairn_days *days, const uint8_t *file, size_t file_bytes, uint64_t size)
{
	struct cairn_days read = {file, file_bytes / CAIRN_DAYS_ROW_BYTES};

	/* A board with batches has a day for the first: without it a window would look empty. */
	if (file_bytes % CAIRN_DAYS_ROW_BYTES != 0 || (read.count == 0) != (size == 0))
		return CAIRN_ERR_FORMAT;
	for (size_t i = 0; i < read.count; i++)
		if (!row_ascends(&read, i) || cairn_days_first(&read, i) >= size)
			return CAIRN_ERR_FORMAT;
	*days = read;
	return CAIRN_OK;
}

uint64_t
cairn_days_from(const struct cairn_days *days, uint32_t day, uint64_t size)
{
	for (size_t i = 0; i < days->count; i++)
		if (cairn_days_day(days, i) >= day)
			return cairn_days_first(days, i);
	return size;
}

void
cairn_days_walk_begin(struct cairn_days_walk *walk, const struct cairn_days *days, uint64_t first_batch,
    uint32_t checkpoint_hour)
{
	*walk = (struct cairn_days_walk){days, 0, first_batch, 0, checkpoint_hour};
	while (walk->row < days->count && cairn_days_first(days, walk->row) < first_batch)
		walk->row++;
}

int
cairn_days_walk_entry(struct cairn_days_walk *walk, uint32_t hour)
{
	const struct cairn_days *days = walk->days;

	if (hour < walk->hour || hour > walk->checkpoint_hour)
		return CAIRN_ERR_FORMAT;
	if (walk->row < days->count && cairn_days_first(days, walk->row) == walk->batch)
		walk->row++;
	if (walk->row == 0 || cairn_days_day(days, walk->row - 1) != hour / DAY_HOURS)
		return CAIRN_ERR_FORMAT;
	walk->hour = hour;
	walk->batch++;
	return CAIRN_OK;
}

int
cairn_days_walk_end(const struct cairn_days_walk *walk, uint64_t size)
{
	return walk->batch == size && walk->row == walk->days->count ? CAIRN_OK : CAIRN_ERR_FORMAT;
}
