// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <sodium.h>

#include "desk/tags.h"
#include "lib/staffed.h"

#define TODAY 20779U /* month 692, its day 19 */
#define MONTH (TODAY / CAIRN_MONTH_DAYS)
#define CONV 7U

static struct staffed s;
static uint8_t root[CAIRN_KEY_BYTES];

static int
begin(void **state)
{
	(void)state;
	staffed_init(&s);
	randombytes_buf(root, sizeof(root));
	return 0;
}

static int
end(void **state)
{
	(void)state;
	staffed_release(&s);
	return 0;
}

/* What a hello of root gives on that day, taken in on another. */
static enum tags_result
take(uint32_t day, uint32_t today, bool proven)
{
	uint8_t key[CAIRN_KEY_BYTES];
	struct cairn_hello hello = {.day = day, .tag_key = key};
	enum tags_result result;

	cairn_tag_key(key, root, day / CAIRN_MONTH_DAYS, day);
	assert_ok(db_begin(s.desk->state));
	assert_ok(db_end(s.desk->state, tags_take(s.desk->state, &result, CONV, &hello, NULL, proven, today)));
	return result;
}

/* The tag that the desk would use on that day must be the one that the person looks for. */
static void
expect_tag(uint32_t today, uint32_t month, uint32_t day, uint16_t n)
{
	uint8_t key[CAIRN_KEY_BYTES], expected[CAIRN_TAG_BYTES], tag[CAIRN_TAG_BYTES];
	uint32_t for_day;

	cairn_tag_key(key, root, month, day);
	cairn_tag(expected, key, 0, n);
	assert_ok(tags_next(s.desk->state, tag, &for_day, CONV, 0, today));
	assert_int_equal(for_day, day);
	assert_memory_equal(tag, expected, sizeof(tag));
}

static void
turn(uint32_t today)
{
	size_t moved;

	assert_ok(db_begin(s.desk->state));
	assert_ok(db_end(s.desk->state, tags_turn(s.desk->state, today, &moved)));
}

static void
a_hello_gives_the_tags_of_its_day(void **state)
{
	(void)state;
	assert_int_equal(take(TODAY, TODAY, true), TAGS_NEW);
	expect_tag(TODAY, MONTH, TODAY, 0);
	expect_tag(TODAY, MONTH, TODAY, 1);
}

static void
a_hello_that_lay_in_the_drop_for_days_is_moved_on(void **state)
{
	(void)state;
	assert_int_equal(take(TODAY - 3, TODAY, true), TAGS_NEW);
	expect_tag(TODAY, MONTH, TODAY, 0);
}

static void
keys_move_on_each_day_and_past_the_end_of_the_month(void **state)
{
	(void)state;
	(void)take(TODAY, TODAY, true);
	for (uint32_t day = TODAY + 1; day < TODAY + 40; day++) {
		turn(day);
		expect_tag(day, MONTH, day, 0);
	}
}

static void
the_key_of_yesterday_is_nowhere_in_the_file(void **state)
{
	const struct sealed_row row = {"tag", CONV, MONTH, TODAY};
	uint8_t key[CAIRN_KEY_BYTES], opened[CAIRN_KEY_BYTES], sealed[ERASURE_SEALED_BYTES];
	struct query q = query(s.desk->state, SQL_TAG_GET);

	(void)state;
	(void)take(TODAY, TODAY, true);
	cairn_tag_key(key, root, MONTH, TODAY);
	bind_int(&q, CONV);
	bind_int(&q, MONTH);
	assert_true(query_row(&q));
	query_sealed(&q, 1, opened, row);
	query_bytes(&q, 1, sealed, sizeof(sealed));
	assert_ok(query_end(&q));
	assert_memory_equal(opened, key, sizeof(key));
	assert_false(staffed_file_holds(&s, key, sizeof(key)));
	turn(TODAY + 1);
	assert_ok(desk_forget(s.desk));
	/* Nor does a copy of its row open any more. */
	assert_err(staffed_unseal(&s, opened, sealed, row), CAIRN_ERR_FORMAT);
	assert_false(staffed_file_holds(&s, key, sizeof(key)));
}

static void
the_same_chain_continues_whichever_day_comes_first(void **state)
{
	(void)state;
	assert_int_equal(take(TODAY, TODAY, true), TAGS_NEW);
	assert_int_equal(take(TODAY, TODAY, true), TAGS_CONTINUES);
	assert_int_equal(take(TODAY - 1, TODAY, true), TAGS_CONTINUES);
	assert_int_equal(take(TODAY + 1, TODAY, true), TAGS_CONTINUES);
	expect_tag(TODAY, MONTH, TODAY, 0);
}

static void
another_chain_for_the_same_month_is_told_and_not_taken(void **state)
{
	uint8_t first[CAIRN_KEY_BYTES];

	(void)state;
	(void)take(TODAY, TODAY, true);
	memcpy(first, root, sizeof(first));
	root[0] ^= 1;
	assert_int_equal(take(TODAY, TODAY, true), TAGS_BREAKS);
	memcpy(root, first, sizeof(root));
	expect_tag(TODAY, MONTH, TODAY, 0);
}

/* What was dropped goes from the disk with the next settling, and not only some day. */
static void
expect_owed(void)
{
	assert_int_equal(staffed_number(&s, "SELECT owed FROM erasure"), 1);
	assert_ok(desk_forget(s.desk));
	assert_int_equal(staffed_number(&s, "SELECT owed FROM erasure"), 0);
}

static void
what_is_proven_replaces_what_is_not(void **state)
{
	(void)state;
	(void)take(TODAY, TODAY, false);
	assert_ok(desk_forget(s.desk));
	root[0] ^= 1;
	assert_int_equal(take(TODAY, TODAY, true), TAGS_BREAKS);
	expect_owed();
	expect_tag(TODAY, MONTH, TODAY, 0);
	assert_int_equal(take(TODAY, TODAY, true), TAGS_CONTINUES);
}

static void
a_newer_month_takes_over_and_the_older_key_goes(void **state)
{
	uint32_t first = (MONTH + 1) * CAIRN_MONTH_DAYS;

	(void)state;
	(void)take(TODAY, TODAY, true);
	turn(first + 2);
	assert_ok(desk_forget(s.desk));
	assert_int_equal(take(first + 2, first + 2, true), TAGS_NEW);
	expect_owed();
	assert_int_equal(staffed_number(&s, "SELECT count(*) FROM tag_key"), 1);
	expect_tag(first + 2, MONTH + 1, first + 2, 0);
}

static void
an_older_month_stays_until_the_newer_has_begun(void **state)
{
	uint32_t first = (MONTH + 1) * CAIRN_MONTH_DAYS;

	(void)state;
	(void)take(first - 1, first - 1, true);
	assert_int_equal(take(first, first - 1, true), TAGS_NEW);
	assert_int_equal(staffed_number(&s, "SELECT count(*) FROM tag_key"), 2);
	expect_tag(first - 1, MONTH, first - 1, 0);
	turn(first);
	assert_int_equal(staffed_number(&s, "SELECT count(*) FROM tag_key"), 1);
	expect_tag(first, MONTH + 1, first, 0);
}

static void
an_older_month_does_not_come_back(void **state)
{
	uint32_t first = (MONTH + 1) * CAIRN_MONTH_DAYS;

	(void)state;
	(void)take(first, first, true);
	assert_int_equal(take(first - 1, first, true), TAGS_OLDER);
	assert_int_equal(staffed_number(&s, "SELECT count(*) FROM tag_key"), 1);
}

static void
a_hello_of_tomorrow_is_sealed_for_tomorrow(void **state)
{
	(void)state;
	(void)take(TODAY + 1, TODAY, true);
	expect_tag(TODAY, MONTH, TODAY + 1, 0);
}

static void
ten_months_on_the_desk_still_seals_and_then_waits(void **state)
{
	uint32_t last = (MONTH + 11) * CAIRN_MONTH_DAYS - 1;
	uint8_t tag[CAIRN_TAG_BYTES];
	uint32_t day;
	bool ready;

	(void)state;
	(void)take(TODAY, TODAY, true);
	turn(last);
	expect_tag(last, MONTH, last, 0);
	turn(last + 1);
	assert_err(tags_next(s.desk->state, tag, &day, CONV, 0, last + 1), CAIRN_ERR_UNKNOWN);
	assert_ok(tags_ready(s.desk->state, &ready, CONV, last + 1));
	assert_false(ready);
}

static void
a_lane_has_sixteen_tags_a_day(void **state)
{
	uint8_t tag[CAIRN_TAG_BYTES];
	uint32_t day;

	(void)state;
	(void)take(TODAY, TODAY, true);
	for (uint16_t n = 0; n < CAIRN_LANE_TAGS; n++)
		expect_tag(TODAY, MONTH, TODAY, n);
	assert_err(tags_next(s.desk->state, tag, &day, CONV, 0, TODAY), CAIRN_ERR_BUSY);
	turn(TODAY + 1);
	expect_tag(TODAY + 1, MONTH, TODAY + 1, 0);
}

static void
a_tag_that_is_on_the_board_is_passed_over(void **state)
{
	uint8_t key[CAIRN_KEY_BYTES], tag[CAIRN_TAG_BYTES];
	struct query q;

	(void)state;
	(void)take(TODAY, TODAY, true);
	cairn_tag_key(key, root, MONTH, TODAY);
	cairn_tag(tag, key, 0, 0);
	q = query(s.desk->state, SQL_BOARD_TAG_ADD);
	bind_bytes(&q, tag, sizeof(tag));
	assert_ok(query_run(&q));
	expect_tag(TODAY, MONTH, TODAY, 1);
}

/* --- whose clock may throw keys away --- */

static void
a_small_step_of_the_clock_is_obeyed(void **state)
{
	size_t moved;

	(void)state;
	(void)take(TODAY, TODAY, true);
	assert_ok(desk_turn(s.desk, &moved, s.now + 3 * 86400));
	assert_int_equal(moved, 1);
}

static void
a_jump_of_the_clock_erases_nothing_until_the_relay_agrees(void **state)
{
	size_t moved;

	(void)state;
	(void)take(TODAY, TODAY, true);
	assert_err(desk_turn(s.desk, &moved, s.now + 400 * 86400), CAIRN_ERR_CLOCK);
	expect_tag(TODAY, MONTH, TODAY, 0);
	s.desk->clock_agreed = true;
	assert_ok(desk_turn(s.desk, &moved, s.now + 40 * 86400));
	assert_int_equal(moved, 1);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
	    CASE(a_hello_gives_the_tags_of_its_day),
	    CASE(a_hello_that_lay_in_the_drop_for_days_is_moved_on),
	    CASE(keys_move_on_each_day_and_past_the_end_of_the_month),
	    CASE(the_key_of_yesterday_is_nowhere_in_the_file),
	    CASE(the_same_chain_continues_whichever_day_comes_first),
	    CASE(another_chain_for_the_same_month_is_told_and_not_taken),
	    CASE(what_is_proven_replaces_what_is_not),
	    CASE(a_newer_month_takes_over_and_the_older_key_goes),
	    CASE(an_older_month_stays_until_the_newer_has_begun),
	    CASE(an_older_month_does_not_come_back),
	    CASE(a_hello_of_tomorrow_is_sealed_for_tomorrow),
	    CASE(ten_months_on_the_desk_still_seals_and_then_waits),
	    CASE(a_lane_has_sixteen_tags_a_day),
	    CASE(a_tag_that_is_on_the_board_is_passed_over),
	    CASE(a_small_step_of_the_clock_is_obeyed),
	    CASE(a_jump_of_the_clock_erases_nothing_until_the_relay_agrees),
	};

	return RUN_TESTS(tests);
}
