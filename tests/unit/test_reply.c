// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "cairn/board.h"

#define DAY 20002U

static const uint8_t desk_id[CAIRN_HASH_BYTES] = {0xde};
static const uint8_t eseed[CAIRN_XWING_ESEED_BYTES] = {0x5e};
static const uint8_t tag[CAIRN_TAG_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8};
static const uint8_t zeros[CAIRN_REPLY_CELL_BYTES];

static struct cairn_xwing_key reply;
static uint8_t plain[CAIRN_REPLY_PLAIN_BYTES];
static uint8_t opened[CAIRN_REPLY_PLAIN_BYTES];
static uint8_t cell[CAIRN_REPLY_CELL_BYTES];

static int
begin(void **state)
{
	static const uint8_t seed[CAIRN_XWING_SEED_BYTES] = {8}, msgid[CAIRN_MSGID_BYTES] = {0x1d};
	struct cairn_tlv_writer w;

	(void)state;
	cairn_xwing_key_init(&reply, seed);
	cairn_tlv_begin(&w, plain, sizeof plain);
	cairn_tlv_put(&w, CAIRN_TLV_msgid, msgid, sizeof msgid);
	assert_ok(cairn_tlv_end(&w));
	memset(opened, 0xff, sizeof opened);
	return cairn_reply_seal(cell, plain, desk_id, DAY, tag, reply.public_key, eseed);
}

static void
a_cell_bears_its_tag_in_front(void **state)
{
	(void)state;
	assert_memory_equal(cell, tag, sizeof tag);
}

static void
a_cell_opens_to_what_was_sealed(void **state)
{
	(void)state;
	assert_ok(cairn_reply_open(opened, cell, desk_id, DAY, &reply));
	assert_memory_equal(opened, plain, sizeof plain);
}

static void
a_cell_is_of_one_desk_and_day(void **state)
{
	static const uint8_t other[CAIRN_HASH_BYTES] = {0xdf};

	(void)state;
	assert_err(cairn_reply_open(opened, cell, other, DAY, &reply), CAIRN_ERR_CRYPTO);
	assert_err(cairn_reply_open(opened, cell, desk_id, DAY + 1, &reply), CAIRN_ERR_CRYPTO);
	assert_memory_equal(opened, zeros, sizeof opened);
}

static void
a_changed_bit_anywhere_does_not_open(void **state)
{
	static const size_t at[] = {0, 7, 8, 8 + 1087, 8 + 1088, 1128, 4095};

	(void)state;
	for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
		cell[at[i]] ^= 1;
		assert_err(cairn_reply_open(opened, cell, desk_id, DAY, &reply), CAIRN_ERR_CRYPTO);
		assert_memory_equal(opened, zeros, sizeof opened);
		cell[at[i]] ^= 1;
	}
}

static void
records_of_a_person_are_refused_in_a_reply(void **state)
{
	struct cairn_tlv_writer w = {plain, sizeof plain, 20, CAIRN_OK};

	(void)state;
	cairn_tlv_put_u8(&w, CAIRN_TLV_urgency, 1);
	assert_ok(cairn_tlv_end(&w));
	assert_ok(cairn_reply_seal(cell, plain, desk_id, DAY, tag, reply.public_key, eseed));
	assert_err(cairn_reply_open(opened, cell, desk_id, DAY, &reply), CAIRN_ERR_FORMAT);
	assert_memory_equal(opened, zeros, sizeof opened);
}

static void
a_reply_key_that_must_not_be_used_is_refused(void **state)
{
	uint8_t bad[CAIRN_XWING_PUBLIC_BYTES];

	(void)state;
	memcpy(bad, reply.public_key, sizeof bad);
	memset(bad + CAIRN_XWING_POINT_AT, 0, 32);
	assert_err(cairn_reply_seal(cell, plain, desk_id, DAY, tag, bad, eseed), CAIRN_ERR_KEY);
	assert_memory_equal(cell, zeros, sizeof cell);
}

static void
filler_is_zeros_sealed_to_its_throwaway_key(void **state)
{
	uint8_t randomness[CAIRN_FILLER_RANDOM_BYTES], want[CAIRN_REPLY_CELL_BYTES];
	struct cairn_xwing_key throwaway;

	(void)state;
	randombytes_buf(randomness, sizeof randomness);
	cairn_reply_filler(cell, desk_id, DAY, randomness);
	cairn_xwing_key_init(&throwaway, randomness);
	assert_ok(cairn_reply_seal(
	    want, zeros, desk_id, DAY, randomness + 96, throwaway.public_key, randomness + 32));
	assert_memory_equal(cell, want, sizeof cell);
}

static void
nobody_opens_filler(void **state)
{
	uint8_t randomness[CAIRN_FILLER_RANDOM_BYTES] = {4};

	(void)state;
	cairn_reply_filler(cell, desk_id, DAY, randomness);
	assert_err(cairn_reply_open(opened, cell, desk_id, DAY, &reply), CAIRN_ERR_CRYPTO);
}

#define CASE(name) cmocka_unit_test_setup(name, begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_cell_bears_its_tag_in_front),
	    CASE(a_cell_opens_to_what_was_sealed),
	    CASE(a_cell_is_of_one_desk_and_day),
	    CASE(a_changed_bit_anywhere_does_not_open),
	    CASE(records_of_a_person_are_refused_in_a_reply),
	    CASE(a_reply_key_that_must_not_be_used_is_refused),
	    CASE(filler_is_zeros_sealed_to_its_throwaway_key),
	    CASE(nobody_opens_filler),
	};

	return sodium_init() < 0 ? 1 : RUN_TESTS(tests);
}
