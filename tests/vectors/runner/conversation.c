// SPDX-License-Identifier: GPL-3.0-or-later
#include "run.h"

/* conversation, hello. */

static void
root(struct run *r, const json_t *value)
{
	expect_bytes(r, "root", r->person.root, CAIRN_KEY_BYTES, hex_of(r, value, "root"));
}

static void
reply_seed(struct run *r, const json_t *value)
{
	uint8_t seed[CAIRN_KEY_BYTES];

	cairn_derive(seed, r->person.root, "reply", NULL, 0);
	expect_bytes(r, "reply_seed", seed, sizeof(seed), hex_of(r, value, "reply_seed"));
}

static void
reply_key(struct run *r, const json_t *value)
{
	expect_bytes(r, "reply key", r->person.reply.public_key, CAIRN_XWING_PUBLIC_BYTES,
	    base64_of(r, value, "reply_key_b64"));
	expect_ok(r, cairn_xwing_public_check(r->person.reply.public_key), "a key that may be used");
}

static void
auth_secret(struct run *r, const json_t *value)
{
	expect_bytes(r, "auth_secret", r->person.auth_secret, 32, hex_of(r, value, "auth_secret"));
}

static void
auth_key(struct run *r, const json_t *value)
{
	expect_bytes(r, "auth_key", r->person.auth_key, 32, hex_of(r, value, "auth_key"));
}

static void
conv_id(struct run *r, const json_t *value)
{
	expect_bytes(r, "conv_id", r->person.id, sizeof(r->person.id), hex_of(r, value, "conv_id"));
}

/* Checks T(month, day), both at once and day by day, and gives it. */
static void
tag_key_row(struct run *r, const json_t *row, uint8_t key[CAIRN_KEY_BYTES])
{
	const uint32_t month = (uint32_t)field_number(r, row, "month", UINT32_MAX / CAIRN_MONTH_DAYS);
	const uint32_t day = (uint32_t)field_number(r, row, "day", UINT32_MAX);
	uint8_t stepped[CAIRN_KEY_BYTES];

	expect(r, day >= month * CAIRN_MONTH_DAYS && day - month * CAIRN_MONTH_DAYS < 10000,
	    "a day from the month's first on");
	cairn_tag_key(key, r->person.root, month, day);
	cairn_tag_key_first(stepped, r->person.root, month);
	for (uint32_t d = month * CAIRN_MONTH_DAYS; d < day; d++)
		cairn_tag_key_step(stepped);
	expect(r, memcmp(key, stepped, sizeof(stepped)) == 0, "the same key day by day");
}

static void
chain_row(struct run *r, const json_t *row)
{
	uint8_t key[CAIRN_KEY_BYTES];

	tag_key_row(r, row, key);
	expect_bytes(r, "tag_key", key, sizeof(key), field_hex(r, row, "tag_key"));
}

static void
day_row(struct run *r, const json_t *row)
{
	const uint32_t day = (uint32_t)field_number(r, row, "day", UINT32_MAX);
	uint8_t block[CAIRN_HELLO_BLOCK_BYTES], hash[CAIRN_SHA256_BYTES];

	expect(r, field_number(r, row, "month", UINT32_MAX) == day / CAIRN_MONTH_DAYS, "the month of the day");
	chain_row(r, row);
	cairn_hello_block(block, &r->person, day);
	crypto_hash_sha256(hash, block, sizeof(block));
	expect_bytes(r, "hello_block_sha256", hash, sizeof(hash), field_hex(r, row, "hello_block_sha256"));
}

static void
tag_row(struct run *r, const json_t *row)
{
	uint8_t key[CAIRN_KEY_BYTES], tag[CAIRN_TAG_BYTES];

	tag_key_row(r, row, key);
	cairn_tag(tag, key, (uint8_t)field_number(r, row, "lane", 15), (uint16_t)field_number(r, row, "n", 15));
	expect_bytes(r, "tag", tag, sizeof(tag), field_hex(r, row, "tag"));
}

static const struct member conversation[] = {
	{"root", MEMBER_ONE, root}, {"reply_seed", MEMBER_ONE, reply_seed},
	{"reply_key_b64", MEMBER_ONE, reply_key}, {"auth_secret", MEMBER_ONE, auth_secret},
	{"auth_key", MEMBER_ONE, auth_key}, {"conv_id", MEMBER_ONE, conv_id},
	{"chains", MEMBER_ROWS, chain_row}, {"days", MEMBER_ROWS, day_row}, {"tags", MEMBER_ROWS, tag_row},
};
const struct section section_conversation = SECTION("conversation", conversation);

static void
hello_ok(struct run *r, const json_t *row)
{
	const struct bytes block = field_base64(r, row, "block_b64");
	struct cairn_hello hello;

	expect(r, block.size == CAIRN_HELLO_BLOCK_BYTES, "a block of %u bytes", CAIRN_HELLO_BLOCK_BYTES);
	expect_ok(r, cairn_hello_read(&hello, block.at), "a hello block");
	expect_bytes(r, "conv_id", hello.conv_id, sizeof(hello.conv_id), field_hex(r, row, "conv_id"));
	expect_bytes(r, "tag_key", hello.tag_key, CAIRN_KEY_BYTES, field_hex(r, row, "tag_key"));
	expect(r, hello.day == field_number(r, row, "day", UINT32_MAX), "the day");
}

static void
hello_refuse(struct run *r, const json_t *row)
{
	const struct bytes block = field_base64(r, row, "block_b64");
	struct cairn_hello hello;

	if (block.size == CAIRN_HELLO_BLOCK_BYTES)
		expect(r, cairn_hello_read(&hello, block.at) != CAIRN_OK, "refused");
}

static const struct member hello[] = {
	{"ok", MEMBER_ROWS, hello_ok}, {"refuse", MEMBER_ROWS, hello_refuse},
};
const struct section section_hello = SECTION("hello", hello);
