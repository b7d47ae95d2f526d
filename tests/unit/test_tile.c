// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "cairn/tlog.h"
#include "lib/signed.h"

static void
paths_are_written_as_tlog_tiles_says(void **state)
{
	static const struct {
		int level;
		uint64_t n;
		unsigned width;
		const char *path;
	} rows[] = {
		{0, 0, 1, "tile/0/000.p/1"},
		{0, 0, 256, "tile/0/000"},
		{1, 7, 255, "tile/1/007.p/255"},
		{6, 999, 256, "tile/6/999"},
		{2, 1000, 256, "tile/2/x001/000"},
		{0, 1234067, 256, "tile/0/x001/x234/067"},
		{CAIRN_TILE_ENTRIES, 1234067, 8, "tile/entries/x001/x234/067.p/8"},
		{CAIRN_TILE_ENTRIES, CAIRN_TREE_SIZE_MAX, 255,
		"tile/entries/x009/x007/x199/x254/x740/991.p/255"},
	};
	char path[CAIRN_TILE_PATH_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(cairn_tile_path(path, rows[i].level, rows[i].n, rows[i].width),
		    strlen(rows[i].path));
		assert_string_equal(path, rows[i].path);
	}
}

static void
a_path_is_read_as_it_is_written(void **state)
{
	static const uint64_t numbers[] = {0, 1, 255, 999, 1000, 1001, 65536, 999999, 1000000,
	    CAIRN_TREE_SIZE_MAX};
	char path[CAIRN_TILE_PATH_MAX];

	(void)state;
	for (int level = CAIRN_TILE_ENTRIES; level <= (int)CAIRN_TILE_LEVEL_MAX; level++)
		for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
			for (unsigned width = 1; width <= CAIRN_TILE_WIDTH; width += 51) {
				int got_level = 9;
				uint64_t n = 9;
				unsigned got_width = 9;
				size_t size = cairn_tile_path(path, level, numbers[i], width);

				assert_ok(cairn_tile_path_read(&got_level, &n, &got_width,
				    (struct cairn_span){path, size}));
				assert_int_equal(got_level, level);
				assert_int_equal(n, numbers[i]);
				assert_int_equal(got_width, width);
			}
}

static void
any_other_way_of_writing_a_path_is_refused(void **state)
{
	static const char *const wrong[] = {
		"", "tile", "tile/", "tile/0", "tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000",
		"tile/0/x000/000",
		"tile/0/001/000", "tile/0/x001", "tile/0/x001/", "tile/0/x1/000", "tile/0/x001/00",
		"tile/0/x0001/000",
		"tile/00/000", "tile/7/000", "tile/-1/000", "tile/x/000", "tile/entry/000", "/tile/0/000",
		"tile//000",
		"tile/0/000/", "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/00",
		"tile/0/000.p/256",
		"tile/0/000.p/01", "tile/0/000.p/1/", "tile/0/000.P/1", "tile/0/000.pp/1", "tile/0/000/1",
		"tile/0/x000.p/1",
		"tile/0/00a", "tile/0/ 00", "tile/0/000 ", "Tile/0/000", "tile/0/../000", "tile/0/000.p/-1",
		"tile/0/x009/x007/x199/x254/x740/992", "tile/0/x999/x999/x999/x999/x999/x999/999",
	};
	int level = 9;
	uint64_t n = 9;
	unsigned width = 9;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_err(cairn_tile_path_read(&level, &n, &width, span_of(wrong[i])), CAIRN_ERR_FORMAT);
	assert_true(level == 9 && n == 9 && width == 9);
}

static void
widths_follow_the_size_of_the_tree(void **state)
{
	static const struct {
		uint64_t size;
		int level;
		uint64_t n;
		unsigned width;
	} rows[] = {
		{0, 0, 0, 0}, {1, 0, 0, 1}, {255, 0, 0, 255}, {255, 1, 0, 0}, {256, 0, 0, 256}, {256, 0, 1, 0},
		{256, 1, 0, 1}, {300, 0, 1, 44}, {300, 1, 0, 1}, {300, CAIRN_TILE_ENTRIES, 1, 44}, {300, 0,
		2, 0},
		{65536, 1, 0, 256}, {65536, 2, 0, 1}, {65535, 2, 0, 0}, {300, 0, UINT64_MAX, 0},
		{CAIRN_TREE_SIZE_MAX, 6, 0, 31}, {CAIRN_TREE_SIZE_MAX, 7, 0, 0}, {CAIRN_TREE_SIZE_MAX, 8, 0, 0},
		{CAIRN_TREE_SIZE_MAX, 63, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(cairn_tile_width(rows[i].size, rows[i].level, rows[i].n), rows[i].width);
}

static void
a_bundle_gives_its_entries_in_order(void **state)
{
	static const uint8_t bundle[] = {0, 3, 'o', 'n', 'e', 0, 0, 0, 1, '2'};
	const uint8_t *entry = NULL, *at = bundle;
	size_t bytes = 0, left = sizeof bundle;

	(void)state;
	assert_ok(cairn_bundle_next(&entry, &bytes, &at, &left));
	assert_int_equal(bytes, 3);
	assert_memory_equal(entry, "one", 3);
	assert_ok(cairn_bundle_next(&entry, &bytes, &at, &left));
	assert_int_equal(bytes, 0);
	assert_ok(cairn_bundle_next(&entry, &bytes, &at, &left));
	assert_int_equal(bytes, 1);
	assert_int_equal(left, 0);
}

static void
a_broken_bundle_is_refused_and_moves_nothing(void **state)
{
	static const uint8_t bundle[] = {0, 3, 'o', 'n'};
	const uint8_t *entry = NULL, *at = bundle;
	size_t bytes = 7, left;

	(void)state;
	for (size_t size = 0; size <= sizeof bundle; size++) {
		left = size;
		assert_err(cairn_bundle_next(&entry, &bytes, &at, &left), CAIRN_ERR_FORMAT);
		assert_true(entry == NULL && bytes == 7 && at == bundle && left == size);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_written_as_tlog_tiles_says),
		cmocka_unit_test(a_path_is_read_as_it_is_written),
		cmocka_unit_test(any_other_way_of_writing_a_path_is_refused),
		cmocka_unit_test(widths_follow_the_size_of_the_tree),
		cmocka_unit_test(a_bundle_gives_its_entries_in_order),
		cmocka_unit_test(a_broken_bundle_is_refused_and_moves_nothing),
	};

	return RUN_TESTS(tests);
}
