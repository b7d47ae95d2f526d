// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include "relay/allowance.h"

#define SLOTS 64U
#define DAY 20700U
#define MIB ((size_t)1 << 20)

static struct allowance *allowance;
static uint8_t desk[CAIRN_HASH_BYTES], other[CAIRN_HASH_BYTES] = {1};

static int
set_up(void **state)
{
	(void)state;
	return allowance_new(&allowance, SLOTS);
}

static int
tear_down(void **state)
{
	(void)state;
	allowance_free(allowance);
	return 0;
}

static bool
has(const uint8_t *of, uint8_t device, uint32_t day, size_t bytes, uint64_t quota)
{
	const uint8_t id[CAIRN_DEVICE_ID_BYTES] = {device};

	return allowance_has(allowance, of, id, day, bytes, quota);
}

static void
take(const uint8_t *of, uint8_t device, size_t bytes)
{
	const uint8_t id[CAIRN_DEVICE_ID_BYTES] = {device};

	allowance_take(allowance, of, id, DAY, bytes);
}

static void
a_device_has_so_much_a_day_and_no_more(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 64; i++) {
		assert_true(has(desk, 1, DAY, MIB, 0));
		take(desk, 1, MIB);
	}
	assert_false(has(desk, 1, DAY, 1, 0));
	assert_true(has(desk, 1, DAY + 1, MIB, 0));
}

static void
each_device_of_each_desk_has_its_own(void **state)
{
	(void)state;
	take(desk, 1, 64 * MIB);
	assert_true(has(desk, 2, DAY, MIB, 0));
	assert_true(has(other, 1, DAY, MIB, 0));
	assert_false(has(desk, 1, DAY, MIB, 0));
}

static void
a_large_feed_leaves_each_a_sixteenth_a_day(void **state)
{
	(void)state;
	take(desk, 1, 64 * MIB);
	assert_true(has(desk, 1, DAY, MIB, 4096ULL << 20));
	take(desk, 1, 192 * MIB);
	assert_false(has(desk, 1, DAY, MIB, 4096ULL << 20));
}

static void
where_there_is_no_room_to_count_nobody_is_held_back(void **state)
{
	(void)state;
	for (unsigned device = 0; device < 256; device++)
		take(desk, (uint8_t)device, 64 * MIB);
	for (unsigned device = 0, held = 0; device < 256; device++) {
		held += !has(desk, (uint8_t)device, DAY, 1, 0);
		assert_true(held <= SLOTS);
	}
	take(desk, 1, MIB);
}

int
main(void)
{
#define FRESH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    FRESH(a_device_has_so_much_a_day_and_no_more),
	    FRESH(each_device_of_each_desk_has_its_own),
	    FRESH(a_large_feed_leaves_each_a_sixteenth_a_day),
	    FRESH(where_there_is_no_room_to_count_nobody_is_held_back),
	};

	return RUN_TESTS(tests);
}
