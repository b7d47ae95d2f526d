// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "cairn/board.h"

#define CELLS 2U

static uint8_t batch[CELLS * CAIRN_REPLY_CELL_BYTES + 1];
static uint8_t entry[CAIRN_ENTRY_BYTES_MAX];
static const size_t batch_bytes = CELLS * (size_t)CAIRN_REPLY_CELL_BYTES;
static size_t entry_bytes;

static int
begin(void **state)
{
	(void)state;
	memset(batch, 'b', sizeof batch);
	memset(batch, 1, CAIRN_TAG_BYTES);
	memset(batch + CAIRN_REPLY_CELL_BYTES, 2, CAIRN_TAG_BYTES);
	cairn_entry_make(entry, 480053, batch, CELLS);
	entry_bytes = cairn_entry_bytes(CELLS);
	return 0;
}

static void
an_entry_is_hour_tags_and_hash(void **state)
{
	uint8_t hash[CAIRN_SHA256_BYTES];

	(void)state;
	assert_int_equal(entry_bytes, 4 + 2 * 8 + 32);
	assert_int_equal(cairn_entry_hour(entry), 480053);
	assert_memory_equal(cairn_entry_tag(entry, 0), batch, 8);
	assert_memory_equal(cairn_entry_tag(entry, 1), batch + CAIRN_REPLY_CELL_BYTES, 8);
	crypto_hash_sha256(hash, batch, batch_bytes);
	assert_memory_equal(entry + 20, hash, sizeof hash);
}

static void
the_size_of_an_entry_tells_its_cells(void **state)
{
	size_t cells = 0;

	(void)state;
	for (size_t i = 1; i <= CAIRN_BATCH_CELLS_MAX; i++) {
		assert_ok(cairn_entry_cells(&cells, cairn_entry_bytes(i)));
		assert_int_equal(cells, i);
	}
}

static void
sizes_of_no_batch_are_refused(void **state)
{
	static const size_t sizes[] = {0, 4, 35, 36, 37, 43, 45, 548 + 1, 548 + 8, SIZE_MAX, SIZE_MAX - 3};
	size_t cells;

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		assert_err(cairn_entry_cells(&cells, sizes[i]), CAIRN_ERR_RANGE);
}

static void
a_batch_is_the_one_that_its_entry_stands_for(void **state)
{
	(void)state;
	assert_ok(cairn_batch_check(entry, entry_bytes, batch, batch_bytes));
}

static void
a_changed_cell_or_tag_is_another_batch(void **state)
{
	(void)state;
	batch[5000] ^= 1;
	assert_err(cairn_batch_check(entry, entry_bytes, batch, batch_bytes), CAIRN_ERR_CRYPTO);
	batch[5000] ^= 1;
	entry[4] ^= 1;
	assert_err(cairn_batch_check(entry, entry_bytes, batch, batch_bytes), CAIRN_ERR_CRYPTO);
}

static void
a_batch_of_another_size_is_another_batch(void **state)
{
	(void)state;
	assert_err(cairn_batch_check(entry, entry_bytes, batch, batch_bytes - 1), CAIRN_ERR_CRYPTO);
	assert_err(cairn_batch_check(entry, entry_bytes, batch, batch_bytes + 1), CAIRN_ERR_CRYPTO);
	assert_err(
	    cairn_batch_check(entry, entry_bytes, batch, CAIRN_REPLY_CELL_BYTES), CAIRN_ERR_CRYPTO);
	assert_err(cairn_batch_check(entry, entry_bytes - 8, batch, batch_bytes), CAIRN_ERR_CRYPTO);
	assert_err(cairn_batch_check(entry, 3, batch, batch_bytes), CAIRN_ERR_CRYPTO);
}

static void
a_batch_stays_for_32_days_behind_the_checkpoints(void **state)
{
	(void)state;
	assert_true(cairn_batch_stays(68 * 24, 100 * 24 + 23));
	assert_false(cairn_batch_stays(67 * 24 + 23, 100 * 24));
	assert_true(cairn_batch_stays(0, 0));
	assert_true(cairn_batch_stays(UINT32_MAX, UINT32_MAX));
}

#define CASE(name) cmocka_unit_test_setup(name, begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(an_entry_is_hour_tags_and_hash),
	    CASE(the_size_of_an_entry_tells_its_cells),
	    CASE(sizes_of_no_batch_are_refused),
	    CASE(a_batch_is_the_one_that_its_entry_stands_for),
	    CASE(a_changed_cell_or_tag_is_another_batch),
	    CASE(a_batch_of_another_size_is_another_batch),
	    CASE(a_batch_stays_for_32_days_behind_the_checkpoints),
	};

	return sodium_init() < 0 ? 1 : RUN_TESTS(tests);
}
