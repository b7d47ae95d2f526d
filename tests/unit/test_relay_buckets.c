// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "relay/buckets.h"

static void
so_many_a_minute_and_address(void **state)
{
	static struct buckets b;

	(void)state;
	buckets_init(&b);
	for (int i = 0; i < 5; i++)
		assert_true(buckets_take(&b, "10.0.0.1", 8, 7, 5));
	assert_false(buckets_take(&b, "10.0.0.1", 8, 7, 5));
	assert_true(buckets_take(&b, "10.0.0.2", 8, 7, 5));
	assert_true(buckets_take(&b, "10.0.0.1", 8, 8, 5));
	buckets_clear(&b);
}

static void
nothing_of_a_minute_is_left_in_the_next(void **state)
{
	static struct buckets b;
	uint8_t key[sizeof b.key];

	(void)state;
	buckets_init(&b);
	for (uint32_t i = 0; i < 1000; i++)
		buckets_take(&b, &i, sizeof i, 7, 5);
	memcpy(key, b.key, sizeof key);
	buckets_take(&b, "a", 1, 8, 5);
	assert_memory_not_equal(key, b.key, sizeof key);
	uint32_t sum = 0;

	for (size_t i = 0; i < BUCKETS; i++)
		sum += b.counts[i];
	assert_int_equal(sum, 1);
	buckets_clear(&b);
}

static void
counters_do_not_run_over(void **state)
{
	static struct buckets b;

	(void)state;
	buckets_init(&b);
	for (uint32_t i = 0; i < 70000; i++)
		buckets_take(&b, "a", 1, 7, UINT16_MAX);
	assert_false(buckets_take(&b, "a", 1, 7, UINT16_MAX));
	buckets_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(so_many_a_minute_and_address),
	    cmocka_unit_test(nothing_of_a_minute_is_left_in_the_next),
	    cmocka_unit_test(counters_do_not_run_over),
	};

	if (sodium_init() < 0)
		return 1;
	return RUN_TESTS(tests);
}
