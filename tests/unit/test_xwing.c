// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "cairn/xwing.h"
#include "core/fips202_pool.h"

/* The seven u-coordinates of low order, as the hex of their 32 bytes. */
static const char *const low_order[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};
#define LOW_ORDER (sizeof low_order / sizeof low_order[0])

static struct cairn_xwing_key key;
static uint8_t eseed[CAIRN_XWING_ESEED_BYTES];

static int
make_key(void **state)
{
	uint8_t seed[CAIRN_XWING_SEED_BYTES];

	(void)state;
	memset(seed, 5, sizeof seed);
	memset(eseed, 9, sizeof eseed);
	cairn_xwing_key_init(&key, seed);
	return 0;
}

static void
take_point(uint8_t point[32], size_t which, uint8_t top)
{
	assert_int_equal(sodium_hex2bin(point, 32, low_order[which], 64, NULL, NULL, NULL), 0);
	point[31] |= top;
}

static void
both_sides_get_the_same_secret(void **state)
{
	uint8_t enc[CAIRN_XWING_ENC_BYTES];
	uint8_t here[CAIRN_XWING_SHARED_BYTES];
	uint8_t there[CAIRN_XWING_SHARED_BYTES];

	(void)state;
	assert_ok(cairn_xwing_encapsulate(enc, here, key.public_key, eseed));
	assert_ok(cairn_xwing_decapsulate(there, enc, &key));
	assert_memory_equal(here, there, sizeof here);
	assert_false(sodium_is_zero(here, sizeof here));
}

static void
an_altered_byte_anywhere_gives_another_secret(void **state)
{
	static const size_t places[] = {0, 500, 1087, 1088, 1110, 1119};
	uint8_t enc[CAIRN_XWING_ENC_BYTES];
	uint8_t here[CAIRN_XWING_SHARED_BYTES];
	uint8_t there[CAIRN_XWING_SHARED_BYTES];

	(void)state;
	assert_ok(cairn_xwing_encapsulate(enc, here, key.public_key, eseed));
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		enc[places[i]] ^= 1;
		assert_ok(cairn_xwing_decapsulate(there, enc, &key));
		assert_memory_not_equal(here, there, sizeof here);
		enc[places[i]] ^= 1;
	}
}

/* X-Wing hashes the point as it was sent: its top bit does not count for X25519, but for the secret. */
static void
the_top_bit_of_the_sent_point_is_hashed(void **state)
{
	uint8_t enc[CAIRN_XWING_ENC_BYTES];
	uint8_t here[CAIRN_XWING_SHARED_BYTES];
	uint8_t there[CAIRN_XWING_SHARED_BYTES];

	(void)state;
	assert_ok(cairn_xwing_encapsulate(enc, here, key.public_key, eseed));
	enc[CAIRN_XWING_ENC_BYTES - 1] ^= 0x80;
	assert_ok(cairn_xwing_decapsulate(there, enc, &key));
	assert_memory_not_equal(here, there, sizeof here);
}

static void
points_of_low_order_are_refused_with_and_without_the_top_bit(void **state)
{
	uint8_t point[32];

	(void)state;
	for (size_t i = 0; i < LOW_ORDER; i++) {
		take_point(point, i, 0);
		assert_err(cairn_x25519_public_check(point), CAIRN_ERR_KEY);
		take_point(point, i, 0x80);
		assert_err(cairn_x25519_public_check(point), CAIRN_ERR_KEY);
	}
}

static void
neighbours_of_points_of_low_order_pass(void **state)
{
	uint8_t point[32];

	(void)state;
	for (size_t i = 0; i < LOW_ORDER; i++) {
		take_point(point, i, 0);
		point[16] ^= 4;
		assert_ok(cairn_x25519_public_check(point));
	}
}

static void
a_coefficient_of_q_is_refused_wherever_it_stands(void **state)
{
	uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES];

	(void)state;
	for (size_t i = 0; i < 768; i++) {
		uint8_t *at = public_key + i / 2 * 3;

		memcpy(public_key, key.public_key, sizeof public_key);
		if (i % 2 == 0) { /* 3329 = 0xd01, the low half of three bytes or the high one */
			at[0] = 0x01;
			at[1] = (uint8_t)((at[1] & 0xf0) | 0x0d);
		} else {
			at[1] = (uint8_t)((at[1] & 0x0f) | 0x10);
			at[2] = 0xd0;
		}
		assert_err(cairn_xwing_public_check(public_key), CAIRN_ERR_KEY);
	}
}

static void
a_coefficient_of_q_minus_1_passes(void **state)
{
	uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES];

	(void)state;
	memcpy(public_key, key.public_key, sizeof public_key);
	for (size_t i = 0; i < 1152; i += 3)
		memcpy(public_key + i, "\x00\x0d\xd0", 3);
	assert_ok(cairn_xwing_public_check(public_key));
}

static void
sealing_to_a_bad_key_refuses_and_leaves_zeros(void **state)
{
	uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES];
	uint8_t enc[CAIRN_XWING_ENC_BYTES];
	uint8_t shared[CAIRN_XWING_SHARED_BYTES];

	(void)state;
	memcpy(public_key, key.public_key, sizeof public_key);
	for (size_t i = 0; i <= LOW_ORDER; i++) {
		if (i < LOW_ORDER)
			take_point(public_key + CAIRN_XWING_POINT_AT, i, 0);
		else
			memset(public_key, 0xff, 2);
		memset(enc, 1, sizeof enc);
		memset(shared, 1, sizeof shared);
		assert_err(cairn_xwing_encapsulate(enc, shared, public_key, eseed), CAIRN_ERR_KEY);
		assert_true(sodium_is_zero(enc, sizeof enc));
		assert_true(sodium_is_zero(shared, sizeof shared));
	}
}

static void
opening_what_makes_a_zero_product_refuses_and_leaves_zeros(void **state)
{
	uint8_t enc[CAIRN_XWING_ENC_BYTES];
	uint8_t shared[CAIRN_XWING_SHARED_BYTES];

	(void)state;
	assert_ok(cairn_xwing_encapsulate(enc, shared, key.public_key, eseed));
	for (size_t i = 0; i < LOW_ORDER; i++) {
		take_point(enc + CAIRN_XWING_ENC_BYTES - 32, i, (uint8_t)(i % 2 * 0x80));
		memset(shared, 1, sizeof shared);
		assert_err(cairn_xwing_decapsulate(shared, enc, &key), CAIRN_ERR_KEY);
		assert_true(sodium_is_zero(shared, sizeof shared));
	}
}

static void
the_pool_is_empty_after_every_call(void **state)
{
	uint8_t enc[CAIRN_XWING_ENC_BYTES];
	uint8_t shared[CAIRN_XWING_SHARED_BYTES];

	(void)state;
	make_key(NULL);
	assert_int_equal(fips202_pool_used(), 0);
	assert_ok(cairn_xwing_encapsulate(enc, shared, key.public_key, eseed));
	assert_int_equal(fips202_pool_used(), 0);
	assert_ok(cairn_xwing_decapsulate(shared, enc, &key));
	assert_int_equal(fips202_pool_used(), 0);
}

static void
a_slot_given_back_is_wiped(void **state)
{
	uint8_t *slot = fips202_pool_take(200);

	(void)state;
	memset(slot, 7, 200);
	fips202_pool_give(slot);
	assert_ptr_equal(fips202_pool_take(200), slot);
	assert_true(sodium_is_zero(slot, 200));
	fips202_pool_give(slot);
}

static void
clearing_a_key_leaves_zeros(void **state)
{
	struct cairn_xwing_key other = key;

	(void)state;
	cairn_xwing_key_clear(&other);
	assert_true(sodium_is_zero((const unsigned char *)&other, sizeof other));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_sides_get_the_same_secret),
	    cmocka_unit_test(an_altered_byte_anywhere_gives_another_secret),
	    cmocka_unit_test(the_top_bit_of_the_sent_point_is_hashed),
	    cmocka_unit_test(points_of_low_order_are_refused_with_and_without_the_top_bit),
	    cmocka_unit_test(neighbours_of_points_of_low_order_pass),
	    cmocka_unit_test(a_coefficient_of_q_is_refused_wherever_it_stands),
	    cmocka_unit_test(a_coefficient_of_q_minus_1_passes),
	    cmocka_unit_test(sealing_to_a_bad_key_refuses_and_leaves_zeros),
	    cmocka_unit_test(opening_what_makes_a_zero_product_refuses_and_leaves_zeros),
	    cmocka_unit_test(the_pool_is_empty_after_every_call),
	    cmocka_unit_test(a_slot_given_back_is_wiped),
	    cmocka_unit_test(clearing_a_key_leaves_zeros),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests_name(__FILE_NAME__, tests, make_key, NULL);
}
