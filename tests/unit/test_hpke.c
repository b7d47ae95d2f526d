// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "cairn/hpke.h"

#define PLAIN 200

static struct cairn_xwing_key key;
static const uint8_t eseed[CAIRN_XWING_ESEED_BYTES] = {3};
static const uint8_t info[] = "info";
static uint8_t plain[PLAIN];
static uint8_t enc[CAIRN_XWING_ENC_BYTES];
static uint8_t ct[PLAIN + CAIRN_HPKE_TAG_BYTES];
static uint8_t opened[PLAIN];

static int
seal_one(void **state)
{
	static const uint8_t seed[CAIRN_XWING_SEED_BYTES] = {1};

	(void)state;
	cairn_xwing_key_init(&key, seed);
	memset(plain, 0x61, sizeof plain);
	memset(opened, 1, sizeof opened);
	return cairn_hpke_seal(enc, ct, plain, sizeof plain, key.public_key, info, sizeof info, eseed);
}

static void
assert_does_not_open(void)
{
	memset(opened, 1, sizeof opened);
	assert_err(cairn_hpke_open(opened, enc, ct, sizeof ct, &key, info, sizeof info), CAIRN_ERR_CRYPTO);
	assert_true(sodium_is_zero(opened, sizeof opened));
}

static void
what_was_sealed_opens(void **state)
{
	(void)state;
	assert_ok(cairn_hpke_open(opened, enc, ct, sizeof ct, &key, info, sizeof info));
	assert_memory_equal(opened, plain, sizeof plain);
}

static void
nothing_at_all_can_be_sealed(void **state)
{
	uint8_t tag[CAIRN_HPKE_TAG_BYTES];

	(void)state;
	assert_ok(cairn_hpke_seal(enc, tag, plain, 0, key.public_key, info, sizeof info, eseed));
	assert_ok(cairn_hpke_open(opened, enc, tag, sizeof tag, &key, info, sizeof info));
}

static void
an_altered_byte_does_not_open(void **state)
{
	static const size_t places[] = {0, PLAIN - 1, PLAIN, PLAIN + CAIRN_HPKE_TAG_BYTES - 1};

	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		ct[places[i]] ^= 0x10;
		assert_does_not_open();
		ct[places[i]] ^= 0x10;
	}
}

static void
an_altered_encapsulation_does_not_open(void **state)
{
	(void)state;
	enc[0] ^= 1;
	assert_does_not_open();
	enc[0] ^= 1;
	enc[CAIRN_XWING_ENC_BYTES - 1] ^= 0x80;
	assert_does_not_open();
}

static void
a_point_of_low_order_in_the_encapsulation_does_not_open(void **state)
{
	(void)state;
	memset(enc + CAIRN_XWING_ENC_BYTES - 32, 0, 32);
	assert_does_not_open();
}

static void
another_info_does_not_open(void **state)
{
	(void)state;
	assert_err(cairn_hpke_open(opened, enc, ct, sizeof ct, &key, info, sizeof info - 1), CAIRN_ERR_CRYPTO);
	assert_err(cairn_hpke_open(opened, enc, ct, sizeof ct, &key, (const uint8_t *)"infp", sizeof info),
	    CAIRN_ERR_CRYPTO);
}

static void
another_key_does_not_open(void **state)
{
	static const uint8_t seed[CAIRN_XWING_SEED_BYTES] = {2};

	(void)state;
	cairn_xwing_key_init(&key, seed);
	assert_does_not_open();
}

static void
what_is_shorter_than_a_tag_does_not_open(void **state)
{
	(void)state;
	for (size_t size = 0; size < CAIRN_HPKE_TAG_BYTES; size++)
		assert_err(cairn_hpke_open(opened, enc, ct, size, &key, info, sizeof info), CAIRN_ERR_CRYPTO);
}

static void
sealing_to_a_bad_key_refuses_and_leaves_zeros(void **state)
{
	uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES];

	(void)state;
	memcpy(public_key, key.public_key, sizeof public_key);
	memset(public_key, 0xff, 2);
	memset(ct, 1, sizeof ct);
	assert_err(cairn_hpke_seal(enc, ct, plain, sizeof plain, public_key, info, sizeof info, eseed),
	    CAIRN_ERR_KEY);
	assert_true(sodium_is_zero(enc, sizeof enc));
	assert_true(sodium_is_zero(ct, sizeof ct));
}

static void
an_info_over_its_maximum_refuses(void **state)
{
	static const uint8_t long_info[CAIRN_HPKE_INFO_MAX + 1];

	(void)state;
	assert_ok(cairn_hpke_seal(
	    enc, ct, plain, PLAIN, key.public_key, long_info, CAIRN_HPKE_INFO_MAX, eseed));
	assert_err(cairn_hpke_seal(enc, ct, plain, PLAIN, key.public_key, long_info, sizeof long_info, eseed),
	    CAIRN_ERR_RANGE);
	assert_true(sodium_is_zero(ct, sizeof ct));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_was_sealed_opens, seal_one),
	    cmocka_unit_test_setup(nothing_at_all_can_be_sealed, seal_one),
	    cmocka_unit_test_setup(an_altered_byte_does_not_open, seal_one),
	    cmocka_unit_test_setup(an_altered_encapsulation_does_not_open, seal_one),
	    cmocka_unit_test_setup(a_point_of_low_order_in_the_encapsulation_does_not_open, seal_one),
	    cmocka_unit_test_setup(another_info_does_not_open, seal_one),
	    cmocka_unit_test_setup(another_key_does_not_open, seal_one),
	    cmocka_unit_test_setup(what_is_shorter_than_a_tag_does_not_open, seal_one),
	    cmocka_unit_test_setup(sealing_to_a_bad_key_refuses_and_leaves_zeros, seal_one),
	    cmocka_unit_test_setup(an_info_over_its_maximum_refuses, seal_one),
	};

	return sodium_init() < 0 || RUN_TESTS(tests);
}
