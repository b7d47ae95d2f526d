// SPDX-License-Identifier: GPL-3.0-or-later
#include "run.h"

/* desk, H, derive. */

static void
key_row(struct run *r, const json_t *value, const uint8_t key[32])
{
	expect_bytes(r, "key", key, 32, hex_of(r, value, "key"));
}

static void
identity_key(struct run *r, const json_t *value)
{
	uint8_t id[CAIRN_HASH_BYTES];

	key_row(r, value, r->desk.identity_key);
	cairn_hash(id, r->desk.identity_key, sizeof(r->desk.identity_key));
	expect_bytes(r, "desk_id", r->desk.id, sizeof(r->desk.id), (struct bytes){id, sizeof(id)});
}

static void
board_key(struct run *r, const json_t *value)
{
	key_row(r, value, r->desk.board_key);
}

static void
relay_key(struct run *r, const json_t *value)
{
	key_row(r, value, r->desk.relay_key);
}

static const struct member desk[] = {
	{"identity_seed", MEMBER_DATA, NULL}, {"identity_key", MEMBER_ONE, identity_key},
	{"desk_id", MEMBER_DATA, NULL}, {"board_seed", MEMBER_DATA, NULL},
	{"board_key", MEMBER_ONE, board_key}, {"relay_seed", MEMBER_DATA, NULL},
	{"relay_key", MEMBER_ONE, relay_key},
};
const struct section section_desk = SECTION("desk", desk);

static void
hash_row(struct run *r, const json_t *row)
{
	const struct bytes input = field_hex(r, row, "input");
	uint8_t out[CAIRN_HASH_BYTES];

	cairn_hash(out, input.at, input.size);
	expect_bytes(r, "out", out, sizeof(out), field_hex(r, row, "out"));
}

static const struct member hash[] = {{NULL, MEMBER_ROWS, hash_row}};
const struct section section_hash = SECTION("H", hash);

static void
derive_row(struct run *r, const json_t *row)
{
	const struct cairn_span label = field_text(r, row, "label");
	const struct bytes context = field_hex(r, row, "context");
	uint8_t out[CAIRN_HASH_BYTES];

	expect(r, label.size <= CAIRN_DERIVE_LABEL_MAX && context.size <= CAIRN_DERIVE_CONTEXT_MAX,
	    "a label and context of the protocol's lengths");
	cairn_derive(out, field_hex_of(r, row, "key", CAIRN_KEY_BYTES), label.text, context.at, context.size);
	expect_bytes(r, "out", out, sizeof(out), field_hex(r, row, "out"));
}

static const struct member derive[] = {{NULL, MEMBER_ROWS, derive_row}};
const struct section section_derive = SECTION("derive", derive);
