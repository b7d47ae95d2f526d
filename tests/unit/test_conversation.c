// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "cairn/conversation.h"

#define DAY 20002U /* of the month 666, which begins on day 19980 */

static struct cairn_conversation conv;
static uint8_t block[CAIRN_HELLO_BLOCK_BYTES];

static int
make_conversation(void **state)
{
	uint8_t root[CAIRN_KEY_BYTES];

	(void)state;
	memset(root, 0x42, sizeof root);
	cairn_conversation_init(&conv, root);
	cairn_hello_block(block, &conv, DAY);
	return 0;
}

static void
a_hello_block_reads_back(void **state)
{
	struct cairn_hello hello;
	uint8_t tag_key[CAIRN_KEY_BYTES];

	(void)state;
	cairn_tag_key(tag_key, conv.root, DAY / CAIRN_MONTH_DAYS, DAY);
	assert_ok(cairn_hello_read(&hello, block));
	assert_memory_equal(hello.reply_key, conv.reply.public_key, CAIRN_XWING_PUBLIC_BYTES);
	assert_memory_equal(hello.auth_key, conv.auth_key, 32);
	assert_int_equal(hello.day, DAY);
	assert_memory_equal(hello.tag_key, tag_key, sizeof tag_key);
	assert_memory_equal(hello.conv_id, conv.id, sizeof conv.id);
}

static void
a_hello_block_holds_nothing_that_opens_a_reply(void **state)
{
	uint8_t seed[CAIRN_XWING_SEED_BYTES];

	(void)state;
	cairn_derive(seed, conv.root, "reply", NULL, 0);
	assert_null(memmem(block, sizeof block, seed, 16));
	assert_null(memmem(block, sizeof block, conv.root, 16));
	assert_null(memmem(block, sizeof block, conv.auth_secret, 16));
	assert_null(memmem(block, sizeof block, conv.reply.x25519, 16));
	assert_null(memmem(block, sizeof block, conv.reply.mlkem, 64));
}

static void
a_hello_with_a_bad_reply_key_refuses_and_gives_nothing(void **state)
{
	struct cairn_hello hello;

	(void)state;
	memset(block, 0xff, 2);
	assert_err(cairn_hello_read(&hello, block), CAIRN_ERR_KEY);
	assert_null(hello.reply_key);
	make_conversation(NULL);
	memset(block + CAIRN_XWING_POINT_AT, 0, 32);
	assert_err(cairn_hello_read(&hello, block), CAIRN_ERR_KEY);
}

static void
a_hello_with_an_auth_key_of_low_order_refuses(void **state)
{
	struct cairn_hello hello;

	(void)state;
	memset(block + CAIRN_XWING_PUBLIC_BYTES, 0, 32);
	assert_err(cairn_hello_read(&hello, block), CAIRN_ERR_KEY);
	block[CAIRN_XWING_PUBLIC_BYTES] = 1;
	block[CAIRN_XWING_PUBLIC_BYTES + 31] = 0x80;
	assert_err(cairn_hello_read(&hello, block), CAIRN_ERR_KEY);
}

static void
a_step_of_the_chain_is_the_next_day(void **state)
{
	uint8_t moved[CAIRN_KEY_BYTES];
	uint8_t found[CAIRN_KEY_BYTES];

	(void)state;
	cairn_tag_key_first(moved, conv.root, 666);
	for (uint32_t day = 19980; day < 19980 + 100; day++) {
		cairn_tag_key(found, conv.root, 666, day);
		assert_memory_equal(found, moved, sizeof found);
		cairn_tag_key_step(moved);
	}
}

static void
a_chain_goes_on_past_its_month(void **state)
{
	uint8_t old_month[CAIRN_KEY_BYTES];
	uint8_t new_month[CAIRN_KEY_BYTES];

	(void)state;
	cairn_tag_key(old_month, conv.root, 666, 20010);
	cairn_tag_key(new_month, conv.root, 667, 20010);
	assert_memory_not_equal(old_month, new_month, sizeof old_month);
	cairn_tag_key_first(old_month, conv.root, 667);
	assert_memory_equal(old_month, new_month, sizeof old_month);
}

static void
the_last_month_of_all_begins_like_any(void **state)
{
	uint8_t out[CAIRN_KEY_BYTES];
	uint8_t first[CAIRN_KEY_BYTES];
	uint32_t month = UINT32_MAX / CAIRN_MONTH_DAYS;

	(void)state;
	cairn_tag_key(out, conv.root, month, month * CAIRN_MONTH_DAYS);
	cairn_tag_key_first(first, conv.root, month);
	assert_memory_equal(out, first, sizeof out);
}

static void
tags_of_all_lanes_and_numbers_differ(void **state)
{
	uint8_t tags[CAIRN_LANES * CAIRN_LANE_TAGS][CAIRN_TAG_BYTES];
	size_t count = 0;

	(void)state;
	for (uint8_t lane = 0; lane < CAIRN_LANES; lane++)
		for (uint16_t n = 0; n < CAIRN_LANE_TAGS; n++)
			cairn_tag(tags[count++], conv.root, lane, n);
	for (size_t a = 0; a < count; a++)
		for (size_t b = a + 1; b < count; b++)
			assert_memory_not_equal(tags[a], tags[b], CAIRN_TAG_BYTES);
}

static void
both_sides_make_the_same_mac(void **state)
{
	static const uint8_t header[8] = {1, 1}, msgid[16] = {7}, epoch_seed[32] = {8};
	struct cairn_xwing_key epoch;
	uint8_t person[CAIRN_MAC_BYTES];
	uint8_t desk[CAIRN_MAC_BYTES];

	(void)state;
	cairn_xwing_key_init(&epoch, epoch_seed);
	assert_ok(cairn_hello_mac(person, conv.auth_secret, epoch.public_key + CAIRN_XWING_POINT_AT, header, msgid));
	assert_ok(cairn_hello_mac(desk, epoch.x25519, conv.auth_key, header, msgid));
	assert_memory_equal(person, desk, sizeof person);
}

static void
a_mac_covers_header_and_msgid(void **state)
{
	static const uint8_t header[8] = {1, 1}, msgid[16] = {7}, other_header[8] = {1, 2}, other_msgid[16] = {8};
	static const uint8_t point[32] = {9};
	uint8_t mac[CAIRN_MAC_BYTES];
	uint8_t other[CAIRN_MAC_BYTES];

	(void)state;
	assert_ok(cairn_hello_mac(mac, conv.auth_secret, point, header, msgid));
	assert_ok(cairn_hello_mac(other, conv.auth_secret, point, other_header, msgid));
	assert_memory_not_equal(mac, other, sizeof mac);
	assert_ok(cairn_hello_mac(other, conv.auth_secret, point, header, other_msgid));
	assert_memory_not_equal(mac, other, sizeof mac);
}

static void
a_mac_with_a_zero_product_refuses_and_leaves_zeros(void **state)
{
	static const uint8_t header[8], msgid[16], point[32] = {1};
	uint8_t mac[CAIRN_MAC_BYTES];

	(void)state;
	memset(mac, 1, sizeof mac);
	assert_err(cairn_hello_mac(mac, conv.auth_secret, point, header, msgid), CAIRN_ERR_KEY);
	assert_true(sodium_is_zero(mac, sizeof mac));
}

static void
clearing_leaves_zeros(void **state)
{
	(void)state;
	cairn_conversation_clear(&conv);
	assert_true(sodium_is_zero((const unsigned char *)&conv, sizeof conv));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_hello_block_reads_back, make_conversation),
	    cmocka_unit_test_setup(a_hello_block_holds_nothing_that_opens_a_reply, make_conversation),
	    cmocka_unit_test_setup(a_hello_with_a_bad_reply_key_refuses_and_gives_nothing, make_conversation),
	    cmocka_unit_test_setup(a_hello_with_an_auth_key_of_low_order_refuses, make_conversation),
	    cmocka_unit_test_setup(a_step_of_the_chain_is_the_next_day, make_conversation),
	    cmocka_unit_test_setup(a_chain_goes_on_past_its_month, make_conversation),
	    cmocka_unit_test_setup(the_last_month_of_all_begins_like_any, make_conversation),
	    cmocka_unit_test_setup(tags_of_all_lanes_and_numbers_differ, make_conversation),
	    cmocka_unit_test_setup(both_sides_make_the_same_mac, make_conversation),
	    cmocka_unit_test_setup(a_mac_covers_header_and_msgid, make_conversation),
	    cmocka_unit_test_setup(a_mac_with_a_zero_product_refuses_and_leaves_zeros, make_conversation),
	    cmocka_unit_test_setup(clearing_leaves_zeros, make_conversation),
	};

	return sodium_init() < 0 || RUN_TESTS(tests);
}
