// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "cairn/drop.h"

static const uint8_t desk_id[CAIRN_HASH_BYTES] = {1}, cell_hash[CAIRN_HASH_BYTES] = {2};
static uint8_t key[32], secret[64];
static uint8_t receipt[CAIRN_RECEIPT_BYTES];

static int
begin(void **state)
{
	static const uint8_t seed[32] = {3};

	(void)state;
	crypto_sign_seed_keypair(key, secret, seed);
	cairn_receipt_sign(receipt, desk_id, cell_hash, 480053, secret);
	return 0;
}

static void
a_receipt_tells_its_hour(void **state)
{
	uint32_t hour = 0;

	(void)state;
	assert_ok(cairn_receipt_check(&hour, receipt, sizeof receipt, desk_id, cell_hash, key));
	assert_int_equal(hour, 480053);
	assert_ok(cairn_receipt_check(NULL, receipt, sizeof receipt, desk_id, cell_hash, key));
}

static void
the_same_cell_in_the_same_hour_has_the_same_receipt(void **state)
{
	uint8_t again[CAIRN_RECEIPT_BYTES];

	(void)state;
	cairn_receipt_sign(again, desk_id, cell_hash, 480053, secret);
	assert_memory_equal(again, receipt, sizeof again);
}

static void
a_receipt_is_for_one_desk_cell_hour_and_relay(void **state)
{
	uint8_t other[CAIRN_HASH_BYTES] = {9};
	uint32_t hour = 7;

	(void)state;
	assert_err(cairn_receipt_check(&hour, receipt, sizeof receipt, other, cell_hash, key), CAIRN_ERR_CRYPTO);
	assert_err(cairn_receipt_check(&hour, receipt, sizeof receipt, desk_id, other, key), CAIRN_ERR_CRYPTO);
	memcpy(other, key, sizeof other);
	other[0] ^= 1;
	assert_err(
	    cairn_receipt_check(&hour, receipt, sizeof receipt, desk_id, cell_hash, other), CAIRN_ERR_CRYPTO);
	receipt[3] ^= 1;
	assert_err(
	    cairn_receipt_check(&hour, receipt, sizeof receipt, desk_id, cell_hash, key), CAIRN_ERR_CRYPTO);
	assert_int_equal(hour, 7);
}

static void
a_receipt_has_one_size(void **state)
{
	uint8_t longer[CAIRN_RECEIPT_BYTES + 1] = {0};

	(void)state;
	memcpy(longer, receipt, sizeof receipt);
	assert_err(cairn_receipt_check(NULL, longer, sizeof longer, desk_id, cell_hash, key), CAIRN_ERR_FORMAT);
	assert_err(
	    cairn_receipt_check(NULL, receipt, sizeof receipt - 1, desk_id, cell_hash, key), CAIRN_ERR_FORMAT);
	assert_err(cairn_receipt_check(NULL, receipt, 0, desk_id, cell_hash, key), CAIRN_ERR_FORMAT);
}

#define CASE(name) cmocka_unit_test_setup(name, begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_receipt_tells_its_hour),
	    CASE(the_same_cell_in_the_same_hour_has_the_same_receipt),
	    CASE(a_receipt_is_for_one_desk_cell_hour_and_relay),
	    CASE(a_receipt_has_one_size),
	};

	return sodium_init() < 0 ? 1 : RUN_TESTS(tests);
}
