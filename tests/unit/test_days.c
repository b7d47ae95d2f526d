// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include "base/bytes.h"
#include "cairn/board.h"

#define ROWS 3U
#define SIZE 10U
#define CHECKPOINT_HOUR (105U * 24 + 5)

/* Day 100 begins with batch 0, day 101 with 4, day 105 with 7; of ten batches. */
static uint8_t file[ROWS * CAIRN_DAYS_ROW_BYTES];
static uint32_t hours[SIZE];
static struct cairn_days days;

static void
row(size_t i, uint32_t day, uint64_t first)
{
	put_u32(file + i * CAIRN_DAYS_ROW_BYTES, day);
	put_u64(file + i * CAIRN_DAYS_ROW_BYTES + 4, first);
}

static int
begin(void **state)
{
	(void)state;
	row(0, 100, 0);
	row(1, 101, 4);
	row(2, 105, 7);
	for (uint32_t i = 0; i < SIZE; i++)
		hours[i] = (i < 4 ? 100U : i < 7 ? 101U
						 : 105U) *
			24 +
		    i / 2;
	return cairn_days_read(&days, file, sizeof file, SIZE);
}

/* Does the board stand, read from the batch at which that day begins? */
static int
walk_from(uint32_t day)
{
	struct cairn_days_walk walk;
	uint64_t first;
	int err;

	if ((err = cairn_days_read(&days, file, sizeof file, SIZE)) != CAIRN_OK)
		return err;
	first = cairn_days_from(&days, day, SIZE);
	cairn_days_walk_begin(&walk, &days, first, CHECKPOINT_HOUR);
	for (uint64_t n = first; n < SIZE; n++)
		if ((err = cairn_days_walk_entry(&walk, hours[n])) != CAIRN_OK)
			return err;
	return cairn_days_walk_end(&walk, SIZE);
}

static void
rows_come_back(void **state)
{
	(void)state;
	assert_int_equal(days.count, ROWS);
	assert_int_equal(cairn_days_day(&days, 2), 105);
	assert_int_equal(cairn_days_first(&days, 2), 7);
}

static void
a_file_is_of_whole_rows(void **state)
{
	(void)state;
	assert_err(cairn_days_read(&days, file, sizeof file - 1, SIZE), CAIRN_ERR_FORMAT);
	assert_err(cairn_days_read(&days, file, 1, SIZE), CAIRN_ERR_FORMAT);
}

static void
the_first_row_begins_with_batch_0(void **state)
{
	(void)state;
	row(0, 100, 1);
	assert_err(cairn_days_read(&days, file, sizeof file, SIZE), CAIRN_ERR_FORMAT);
}

static void
days_and_batches_ascend(void **state)
{
	(void)state;
	row(1, 100, 4);
	assert_err(cairn_days_read(&days, file, sizeof file, SIZE), CAIRN_ERR_FORMAT);
	row(1, 101, 0);
	assert_err(cairn_days_read(&days, file, sizeof file, SIZE), CAIRN_ERR_FORMAT);
	row(1, 101, 7);
	assert_err(cairn_days_read(&days, file, sizeof file, SIZE), CAIRN_ERR_FORMAT);
	row(1, 106, 4);
	assert_err(cairn_days_read(&days, file, sizeof file, SIZE), CAIRN_ERR_FORMAT);
}

static void
no_day_begins_behind_the_board(void **state)
{
	(void)state;
	assert_ok(cairn_days_read(&days, file, sizeof file, 8));
	assert_err(cairn_days_read(&days, file, sizeof file, 7), CAIRN_ERR_FORMAT);
	assert_err(cairn_days_read(&days, file, sizeof file, 0), CAIRN_ERR_FORMAT);
}

static void
only_an_empty_board_has_no_days(void **state)
{
	(void)state;
	assert_ok(cairn_days_read(&days, NULL, 0, 0));
	assert_err(cairn_days_read(&days, NULL, 0, 1), CAIRN_ERR_FORMAT);
}

static void
a_day_without_batches_begins_with_the_next(void **state)
{
	(void)state;
	assert_int_equal(cairn_days_from(&days, 0, SIZE), 0);
	assert_int_equal(cairn_days_from(&days, 101, SIZE), 4);
	assert_int_equal(cairn_days_from(&days, 102, SIZE), 7);
	assert_int_equal(cairn_days_from(&days, 106, SIZE), SIZE);
}

static void
a_board_that_agrees_stands(void **state)
{
	(void)state;
	assert_ok(walk_from(0));
	assert_ok(walk_from(101));
	assert_ok(walk_from(104));
	assert_ok(walk_from(106));
}

static void
an_hour_that_goes_down_refuses(void **state)
{
	(void)state;
	hours[5]++;
	hours[6] = hours[5] - 1;
	assert_err(walk_from(0), CAIRN_ERR_FORMAT);
}

static void
two_batches_of_one_hour_stand(void **state)
{
	(void)state;
	hours[6] = hours[5];
	assert_ok(walk_from(0));
}

static void
an_hour_above_the_checkpoints_refuses(void **state)
{
	(void)state;
	hours[9] = CHECKPOINT_HOUR;
	assert_ok(walk_from(0));
	hours[9] = CHECKPOINT_HOUR + 1;
	assert_err(walk_from(0), CAIRN_ERR_FORMAT);
}

static void
a_day_that_the_file_leaves_out_refuses(void **state)
{
	(void)state;
	hours[6] = 102 * 24;
	assert_err(walk_from(0), CAIRN_ERR_FORMAT);
}

static void
a_day_that_the_board_leaves_out_refuses(void **state)
{
	(void)state;
	row(1, 102, 4);
	assert_err(walk_from(0), CAIRN_ERR_FORMAT);
}

static void
a_day_that_begins_elsewhere_refuses(void **state)
{
	(void)state;
	row(2, 105, 6);
	assert_err(walk_from(0), CAIRN_ERR_FORMAT);
	row(2, 105, 8);
	assert_err(walk_from(0), CAIRN_ERR_FORMAT);
}

static void
before_the_window_nothing_is_held_against_the_file(void **state)
{
	(void)state;
	hours[2] = 0;
	assert_err(walk_from(0), CAIRN_ERR_FORMAT);
	assert_ok(walk_from(101));
}

static void
a_row_behind_the_last_batch_refuses(void **state)
{
	struct cairn_days_walk walk;

	(void)state;
	cairn_days_walk_begin(&walk, &days, 0, CHECKPOINT_HOUR);
	for (size_t n = 0; n < 7; n++)
		assert_ok(cairn_days_walk_entry(&walk, hours[n]));
	assert_err(cairn_days_walk_end(&walk, 7), CAIRN_ERR_FORMAT);
}

static void
a_walk_ends_with_the_last_batch_and_row(void **state)
{
	struct cairn_days_walk walk;

	(void)state;
	cairn_days_walk_begin(&walk, &days, 7, CHECKPOINT_HOUR);
	assert_err(cairn_days_walk_end(&walk, SIZE), CAIRN_ERR_FORMAT);
	for (size_t n = 7; n < SIZE; n++)
		assert_ok(cairn_days_walk_entry(&walk, hours[n]));
	assert_ok(cairn_days_walk_end(&walk, SIZE));
	assert_err(cairn_days_walk_end(&walk, SIZE + 1), CAIRN_ERR_FORMAT);
}

#define CASE(name) cmocka_unit_test_setup(name, begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(rows_come_back),
	    CASE(a_file_is_of_whole_rows),
	    CASE(the_first_row_begins_with_batch_0),
	    CASE(days_and_batches_ascend),
	    CASE(no_day_begins_behind_the_board),
	    CASE(only_an_empty_board_has_no_days),
	    CASE(a_day_without_batches_begins_with_the_next),
	    CASE(a_board_that_agrees_stands),
	    CASE(an_hour_that_goes_down_refuses),
	    CASE(two_batches_of_one_hour_stand),
	    CASE(an_hour_above_the_checkpoints_refuses),
	    CASE(a_day_that_the_file_leaves_out_refuses),
	    CASE(a_day_that_the_board_leaves_out_refuses),
	    CASE(a_day_that_begins_elsewhere_refuses),
	    CASE(before_the_window_nothing_is_held_against_the_file),
	    CASE(a_row_behind_the_last_batch_refuses),
	    CASE(a_walk_ends_with_the_last_batch_and_row),
	};

	return RUN_TESTS(tests);
}
