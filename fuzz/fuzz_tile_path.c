// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "cairn/tlog.h"
#include "fuzz.h"

/* There is one way of writing a path. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char again[CAIRN_TILE_PATH_MAX];
	unsigned width = 0;
	uint64_t n = 0;
	int level = 0;

	if (cairn_tile_path_read(&level, &n, &width, (struct cairn_span){(const char *)bytes, size}) != CAIRN_OK)
		return 0;
	FUZZ_CHECK(level >= CAIRN_TILE_ENTRIES && level <= (int)CAIRN_TILE_LEVEL_MAX);
	FUZZ_CHECK(width >= 1 && width <= CAIRN_TILE_WIDTH && n <= CAIRN_TREE_SIZE_MAX);
	FUZZ_CHECK(cairn_tile_path(again, level, n, width) == size && memcmp(again, bytes, size) == 0);
	FUZZ_CHECK(cairn_tile_width(CAIRN_TREE_SIZE_MAX, level, n) <= CAIRN_TILE_WIDTH);
	return 0;
}
