// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "carry/threshold.h"

static uint8_t seed[THRESHOLD_SECRET_BYTES];
static struct cairn_xwing_key key;
static struct threshold_share shares[THRESHOLD_MOST];

static int
setup(void **state)
{
	(void)state;
	randombytes_buf(seed, sizeof(seed));
	cairn_xwing_key_init(&key, seed);
	return 0;
}

/* Every choice of k of the n shares, as bits. */
static void
assert_all_choices_join(uint8_t k, uint8_t n)
{
	for (uint32_t bits = 0; bits < 1U << n; bits++) {
		struct threshold_share some[THRESHOLD_MOST];
		uint8_t again[THRESHOLD_SECRET_BYTES];
		size_t count = 0;

		for (uint8_t i = 0; i < n; i++)
			if ((bits & 1U << i) != 0)
				some[count++] = shares[i];
		if (count == 0)
			continue;
		assert_ok(threshold_join(again, some, count));
		assert_true((memcmp(again, seed, sizeof(seed)) == 0) == (count >= k));
	}
}

static void
any_k_give_the_secret_back_and_fewer_do_not(void **state)
{
	(void)state;
	for (uint8_t n = 2; n <= 6; n++)
		for (uint8_t k = 2; k <= n; k++) {
			assert_ok(threshold_split(shares, k, n, seed));
			assert_all_choices_join(k, n);
		}
}

static void
sixteen_of_sixteen_join(void **state)
{
	uint8_t again[THRESHOLD_SECRET_BYTES];

	(void)state;
	assert_ok(threshold_split(shares, 16, 16, seed));
	assert_ok(threshold_join(again, shares, 16));
	assert_memory_equal(again, seed, sizeof(seed));
	assert_ok(threshold_join(again, shares, 15));
	assert_memory_not_equal(again, seed, sizeof(seed));
}

static void
the_joined_key_is_held_against_its_public_key(void **state)
{
	struct cairn_xwing_key joined;

	(void)state;
	assert_ok(threshold_split(shares, 3, 5, seed));
	assert_ok(threshold_join_key(&joined, shares + 1, 3, key.public_key));
	assert_memory_equal(&joined, &key, sizeof(key));
	assert_err(threshold_join_key(&joined, shares + 1, 2, key.public_key), CAIRN_ERR_CRYPTO);
	assert_true(sodium_is_zero((uint8_t *)&joined, sizeof(joined)));
	shares[2].bytes[7] ^= 1;
	assert_err(threshold_join_key(&joined, shares + 1, 3, key.public_key), CAIRN_ERR_CRYPTO);
}

static void
numbers_out_of_range_or_twice_are_refused(void **state)
{
	uint8_t again[THRESHOLD_SECRET_BYTES];

	(void)state;
	assert_err(threshold_split(shares, 1, 3, seed), CAIRN_ERR_RANGE);
	assert_err(threshold_split(shares, 4, 3, seed), CAIRN_ERR_RANGE);
	assert_err(threshold_split(shares, 2, 17, seed), CAIRN_ERR_RANGE);
	assert_ok(threshold_split(shares, 2, 3, seed));
	assert_err(threshold_join(again, shares, 0), CAIRN_ERR_RANGE);
	assert_err(threshold_join(again, shares, 17), CAIRN_ERR_RANGE);
	shares[1].number = 1;
	assert_err(threshold_join(again, shares, 2), CAIRN_ERR_RANGE);
	shares[1].number = 0;
	assert_err(threshold_join(again, shares, 2), CAIRN_ERR_RANGE);
	shares[1].number = 17;
	assert_err(threshold_join(again, shares, 2), CAIRN_ERR_RANGE);
	assert_true(sodium_is_zero(again, sizeof(again)));
}

static void
no_two_splits_are_alike(void **state)
{
	struct threshold_share again[3];

	(void)state;
	assert_ok(threshold_split(shares, 2, 3, seed));
	assert_ok(threshold_split(again, 2, 3, seed));
	for (size_t i = 0; i < 3; i++)
		assert_memory_not_equal(again[i].bytes, shares[i].bytes, sizeof(seed));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(any_k_give_the_secret_back_and_fewer_do_not),
	    cmocka_unit_test(sixteen_of_sixteen_join),
	    cmocka_unit_test(the_joined_key_is_held_against_its_public_key),
	    cmocka_unit_test(numbers_out_of_range_or_twice_are_refused),
	    cmocka_unit_test(no_two_splits_are_alike),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests_name("test_carry_threshold.c", tests, setup, NULL);
}
