// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/reader.h"
#include "cairn/board.h"
#include "fuzz.h"

#define ENTRIES_MAX 64U

/* A u8 of entries, their hours, a u32 day of the window, then the file. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct cairn_days_walk walk;
	struct cairn_days days;
	struct reader r;
	uint32_t hours[ENTRIES_MAX], day, before = 0;
	uint64_t first;
	uint8_t count;

	reader_init(&r, bytes, size);
	take_u8(&r, &count);
	count %= ENTRIES_MAX;
	for (size_t i = 0; i < count; i++)
		take_u32(&r, &hours[i]);
	take_u32(&r, &day);
	if (r.failed || cairn_days_read(&days, r.next, r.left, count) != CAIRN_OK)
		return 0;
	first = cairn_days_from(&days, day, count);
	FUZZ_CHECK(first <= count);
	cairn_days_walk_begin(&walk, &days, first, UINT32_MAX - 1);
	for (uint64_t n = first; n < count; n++) {
		if (cairn_days_walk_entry(&walk, hours[n]) != CAIRN_OK)
			return 0;
		FUZZ_CHECK(hours[n] >= before && hours[n] / 24 >= day);
		before = hours[n];
	}
	FUZZ_CHECK(cairn_days_walk_end(&walk, count) == CAIRN_OK);
	return 0;
}
