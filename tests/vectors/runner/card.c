// SPDX-License-Identifier: GPL-3.0-or-later
#include "run.h"

static int
open_card(struct run *r, const json_t *row, struct bytes note, struct cairn_card *card)
{
	const uint8_t *desk_id = field_hex_of(r, row, "desk_id", CAIRN_HASH_BYTES);
	const struct cairn_span file = field_text(r, row, "chain");
	const uint32_t today = (uint32_t)field_number(r, row, "today", UINT32_MAX);
	struct cairn_card_seen seen;
	struct cairn_identity_chain chain;
	const bool has_seen = !field_null(r, row, "seen_serial");
	int err;

	if (has_seen) {
		seen.serial = field_number(r, row, "seen_serial", INT64_MAX);
		memcpy(seen.text_hash, field_hex_of(r, row, "seen_text_sha256", CAIRN_SHA256_BYTES),
		    sizeof(seen.text_hash));
	}
	err = cairn_identity_read(&chain, file.text, file.size, desk_id, NULL);
	if (err != CAIRN_OK)
		return err;
	return cairn_card_open(card, note.at, note.size, desk_id, &chain, today, has_seen ? &seen : NULL);
}

static void
check_lines(struct run *r, const json_t *want, const struct cairn_card *card, const char *keyword)
{
	struct cairn_span value;
	size_t at = 0;

	for (size_t i = 0; i < json_array_size(want); i++) {
		const json_t *line = json_array_get(want, i);

		expect(r, cairn_card_next(card, keyword, &at, &value), "%zu lines %s", json_array_size(want),
		    keyword);
		expect_bytes(r, keyword, value.text, value.size,
		    (struct bytes){(const uint8_t *)json_string_value(line), json_string_length(line)});
	}
	expect(r, !cairn_card_next(card, keyword, &at, &value), "no more lines %s", keyword);
}

/* Lines of a word and a key. */
static void
check_keys(struct run *r, const json_t *want, const struct cairn_card *card, const char *keyword,
    const char *word_name)
{
	struct cairn_span value;
	struct cairn_card_key key;
	size_t at = 0;

	for (size_t i = 0; i < json_array_size(want); i++) {
		const json_t *line = json_array_get(want, i);

		expect(r, cairn_card_next(card, keyword, &at, &value), "%zu lines %s", json_array_size(want),
		    keyword);
		expect_ok(r, cairn_card_key_read(&key, value), "a word and a key");
		expect_bytes(r, word_name, key.word.text, key.word.size,
		    text_bytes(field_text(r, line, word_name)));
		expect_bytes(r, "key", key.key, sizeof(key.key), field_hex(r, line, "key"));
	}
	expect(r, !cairn_card_next(card, keyword, &at, &value), "no more lines %s", keyword);
}

static void
check_single_fields(struct run *r, const json_t *want, const struct cairn_card *card)
{
	expect_bytes(r, "desk", r->desk.id, CAIRN_HASH_BYTES, field_hex(r, want, "desk"));
	expect_bytes(r, "identity", card->identity_key, 32, field_hex(r, want, "identity"));
	expect_bytes(r, "boardKey", card->board_key, 32, field_hex(r, want, "boardKey"));
	expect_bytes(r, "name", card->name.text, card->name.size, text_bytes(field_text(r, want, "name")));
	expect_bytes(r, "free", card->free.text, card->free.size, text_bytes(field_text(r, want, "free")));
	expect(r, card->serial == field_number(r, want, "serial", INT64_MAX), "the serial");
	expect(r, card->not_after == field_number(r, want, "notAfter", UINT32_MAX), "not-after");
	expect(r, card->batch_cells == field_number(r, want, "batch", CAIRN_BATCH_CELLS_MAX), "the batch");
	expect(r, card->min_version == field_number(r, want, "minVersion", INT64_MAX), "min-version");
}

static void
check_doors(struct run *r, const json_t *want, const struct cairn_card *card)
{
	static const enum cairn_door doors[] = {CAIRN_DOOR_INTAKE, CAIRN_DOOR_CAMPAIGN};

	check_lines(r, want, card, "door");
	for (size_t d = 0; d < 2; d++) {
		bool has = false;

		for (size_t i = 0; i < json_array_size(want); i++)
			has |= strcmp(json_string_value(json_array_get(want, i)), cairn_door_name(doors[d])) == 0;
		expect(r, cairn_card_has_door(card, doors[d]) == has, "the doors");
	}
}

/* "fields" are those of the first card. */
static void
fields(struct run *r, const json_t *want)
{
	const json_t *row = json_array_get(file_member(r, "card", "ok"), 0);
	struct cairn_card card;

	expect_ok(r, open_card(r, row, text_bytes(field_text(r, row, "note")), &card), "a card that opens");
	check_single_fields(r, want, &card);
	check_lines(r, field(r, want, "langs"), &card, "lang");
	check_lines(r, field(r, want, "pages"), &card, "page");
	check_lines(r, field(r, want, "neverAsks"), &card, "never-asks");
	check_doors(r, field(r, want, "doors"), &card);
	check_keys(r, field(r, want, "relays"), &card, "relay", "url");
	check_keys(r, field(r, want, "witnesses"), &card, "witness", "name");
}

static void
vkey(struct run *r, const json_t *value)
{
	struct cairn_note_key key = {.type = CAIRN_KEY_ED25519,
	    .name = cairn_key_name(row_alloc(r, CAIRN_KEY_NAME_BYTES), r->desk.id, "identity")};
	char out[256];

	memcpy(key.key, r->desk.identity_key, sizeof(key.key));
	expect_ok(r, cairn_note_vkey_write(out, sizeof(out), &key), "a verifier key");
	expect_bytes(r, "vkey", out, strlen(out),
	    (struct bytes){(const uint8_t *)json_string_value(value), json_string_length(value)});
}

static void
card_ok(struct run *r, const json_t *row)
{
	const struct bytes note = text_bytes(field_text(r, row, "note"));
	uint8_t hash[CAIRN_SHA256_BYTES];
	struct cairn_card card;

	expect_ok(r, open_card(r, row, note, &card), "a card that opens");
	crypto_hash_sha256(hash, note.at, note.size);
	expect_bytes(r, "sha256", hash, sizeof(hash), field_hex(r, row, "sha256"));
	crypto_hash_sha256(hash, (const uint8_t *)card.text.text, card.text.size);
	expect_bytes(r, "hash of the text", card.text_hash, sizeof(card.text_hash),
	    (struct bytes){hash, sizeof(hash)});
}

static void
card_refuse(struct run *r, const json_t *row)
{
	struct cairn_card card;

	expect(r, open_card(r, row, field_base64(r, row, "note_b64"), &card) != CAIRN_OK, "refused");
}

static const struct member card[] = {
	{"vkey", MEMBER_ONE, vkey}, {"fields", MEMBER_ONE, fields}, {"ok", MEMBER_ROWS, card_ok},
	{"refuse", MEMBER_ROWS, card_refuse},
};
const struct section section_card = SECTION("card", card);
