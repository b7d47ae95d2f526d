// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "cairn/board.h"

#define DAY_TAGS 256U

static const uint8_t root[CAIRN_KEY_BYTES] = {7};
static struct cairn_look_tag tags[CAIRN_LOOK_TAGS_MAX + 1];

static void
assert_window(uint32_t hour, const uint32_t *named, uint32_t want_first, uint32_t want_last)
{
	uint32_t first, last;

	cairn_window(&first, &last, hour, named);
	assert_int_equal(first, want_first);
	assert_int_equal(last, want_last);
}

static void
a_window_is_seven_days_unless_named(void **state)
{
	(void)state;
	assert_window(20010 * 24 + 16, NULL, 20004, 20010);
}

static void
a_named_day_is_kept_within_30_days_and_the_last(void **state)
{
	static const uint32_t named[] = {0, 19979, 19980, 20010, 20011, UINT32_MAX};
	static const uint32_t first[] = {19980, 19980, 19980, 20010, 20010, 20010};

	(void)state;
	for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
		assert_window(20010 * 24, &named[i], first[i], 20010);
}

static void
a_window_does_not_begin_before_1970(void **state)
{
	(void)state;
	assert_window(3 * 24, NULL, 0, 3);
}

static bool
among(size_t count, const uint8_t tag[CAIRN_TAG_BYTES], uint32_t day)
{
	for (size_t i = 0; i < count; i++)
		if (tags[i].day == day && memcmp(tags[i].tag, tag, CAIRN_TAG_BYTES) == 0)
			return true;
	return false;
}

/* Is the tag of month, day, lane 15 and n 15 among those of a look of the days 20004 to 20010? */
static bool
looked_for(uint32_t month, uint32_t day)
{
	size_t count = cairn_look_tags(tags, root, 20004, 20010);
	uint8_t key[CAIRN_KEY_BYTES], tag[CAIRN_TAG_BYTES];

	cairn_tag_key(key, root, month, day);
	cairn_tag(tag, key, 15, 15);
	return among(count, tag, day);
}

static void
a_look_reaches_from_the_day_before_to_the_day_after(void **state)
{
	(void)state;
	assert_true(looked_for(666, 20003));
	assert_true(looked_for(666, 20011));
	assert_false(looked_for(666, 20002));
	assert_false(looked_for(666, 20012));
}

static void
a_look_reaches_13_months(void **state)
{
	(void)state;
	assert_true(looked_for(667, 20011)); /* the month of the day after the last */
	assert_true(looked_for(655, 20011));
	assert_false(looked_for(654, 20011));
}

static void
a_count_needs_no_room(void **state)
{
	(void)state;
	assert_int_equal(cairn_look_tags(NULL, root, 20004, 20010), cairn_look_tags(tags, root, 20004, 20010));
	assert_int_equal(cairn_look_tags(NULL, root, 20004, 20010), 28160);
}

static void
a_chain_begins_with_its_month(void **state)
{
	(void)state;
	/* Days 59 to 61, months 0 to 2: day 59 has no tags of month 2. */
	assert_int_equal(cairn_look_tags(NULL, root, 60, 60), (3 + 3 + 2) * DAY_TAGS);
	/* Nothing before 1970. */
	assert_int_equal(cairn_look_tags(NULL, root, 0, 0), 2 * DAY_TAGS);
}

static void
the_longest_window_fits(void **state)
{
	(void)state;
	memset(tags + CAIRN_LOOK_TAGS_MAX, 0xee, sizeof tags[0]);
	for (uint32_t last = 20010; last < 20040; last++)
		assert_in_range(cairn_look_tags(NULL, root, last - 30, last), 1, CAIRN_LOOK_TAGS_MAX);
	assert_in_range(cairn_look_tags(tags, root, 0, 20010), 1, CAIRN_LOOK_TAGS_MAX);
	assert_int_equal(cairn_look_tags(NULL, root, 0, 20010), cairn_look_tags(NULL, root, 19980, 20010));
}

static void
no_tag_comes_twice(void **state)
{
	size_t count = cairn_look_tags(tags, root, 20010, 20010);

	(void)state;
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j += 97)
			assert_memory_not_equal(tags[i].tag, tags[j].tag, CAIRN_TAG_BYTES);
}

static void
decoys_are_the_persons_own(void **state)
{
	uint8_t a[CAIRN_KEY_BYTES], b[CAIRN_KEY_BYTES], rank[CAIRN_HASH_BYTES], other[CAIRN_HASH_BYTES];
	uint8_t other_root[CAIRN_KEY_BYTES] = {8};

	(void)state;
	cairn_decoy_key(a, root);
	cairn_decoy_key(b, other_root);
	cairn_decoy_rank(rank, a, 5);
	cairn_decoy_rank(other, b, 5);
	assert_memory_not_equal(rank, other, sizeof rank);
	cairn_decoy_rank(other, a, 6);
	assert_memory_not_equal(rank, other, sizeof rank);
	cairn_decoy_rank(other, a, 5);
	assert_memory_equal(rank, other, sizeof rank);
}

int
main(void)
{
	const struct CMUnitTest cases[] = {
	    cmocka_unit_test(a_window_is_seven_days_unless_named),
	    cmocka_unit_test(a_named_day_is_kept_within_30_days_and_the_last),
	    cmocka_unit_test(a_window_does_not_begin_before_1970),
	    cmocka_unit_test(a_look_reaches_from_the_day_before_to_the_day_after),
	    cmocka_unit_test(a_look_reaches_13_months),
	    cmocka_unit_test(a_count_needs_no_room),
	    cmocka_unit_test(a_chain_begins_with_its_month),
	    cmocka_unit_test(the_longest_window_fits),
	    cmocka_unit_test(no_tag_comes_twice),
	    cmocka_unit_test(decoys_are_the_persons_own),
	};

	return sodium_init() < 0 ? 1 : RUN_TESTS(cases);
}
