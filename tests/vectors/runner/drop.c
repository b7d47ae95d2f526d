// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bytes.h"
#include "base/writer.h"
#include "cells.h"
#include "run.h"

/* drop, receipts. */

static struct cairn_drop_header
field_header(struct run *r, const json_t *row)
{
	return (struct cairn_drop_header){
		.door = field_door(r, row),
		.gen = (uint16_t)field_number(r, row, "gen", UINT16_MAX),
		.day = (uint32_t)field_number(r, row, "day", UINT32_MAX),
	};
}

/* The epoch key that a header names; NULL when the desk holds none. */
static const struct cairn_xwing_key *
epoch_key(struct run *r, const struct cairn_drop_header *header)
{
	const json_t *epochs = file_member(r, "drop", "epochs");

	for (size_t i = 0; i < json_array_size(epochs); i++) {
		const json_t *row = json_array_get(epochs, i);
		const struct cairn_drop_header it = field_header(r, row);
		struct cairn_xwing_key *key;

		if (it.door != header->door || it.gen != header->gen || it.day != header->day)
			continue;
		key = row_alloc(r, sizeof(*key));
		cairn_xwing_key_init(key, field_hex_of(r, row, "seed", CAIRN_XWING_SEED_BYTES));
		return key;
	}
	return NULL;
}

static const struct cairn_xwing_key *
epoch_key_held(struct run *r, const struct cairn_drop_header *header)
{
	const struct cairn_xwing_key *key = epoch_key(r, header);

	expect(r, key != NULL, "an epoch key of that door, day and gen in drop.epochs");
	return key;
}

static void
epoch_row(struct run *r, const json_t *row)
{
	const struct cairn_drop_header header = field_header(r, row);

	expect_bytes(r, "public key", epoch_key_held(r, &header)->public_key, CAIRN_XWING_PUBLIC_BYTES,
	    field_base64(r, row, "public_key_b64"));
}

/* The library's own writer makes the same plaintext, where it knows all types. */
static void
check_writer(struct run *r, const json_t *row, const uint8_t *plain)
{
	uint8_t *again = row_alloc(r, CAIRN_DROP_PLAIN_BYTES);
	struct cairn_records at = {plain, CAIRN_DROP_PLAIN_BYTES};
	struct cairn_tlv_writer w;
	struct cairn_record record;

	(void)row;
	cairn_tlv_begin(&w, again, CAIRN_DROP_PLAIN_BYTES);
	while (cairn_tlv_next(&at, &record)) {
		if (cairn_tlv_name(record.type) == NULL)
			return;
		cairn_tlv_put(&w, record.type, record.value, record.bytes);
	}
	expect_ok(r, cairn_tlv_end(&w), "records that can be written");
	expect_bytes(r, "written records", again, CAIRN_DROP_PLAIN_BYTES,
	    (struct bytes){plain, CAIRN_DROP_PLAIN_BYTES});
}

static void
drop_ok(struct run *r, const json_t *row)
{
	const struct cairn_drop_header header = field_header(r, row);
	const struct cairn_xwing_key *key = epoch_key_held(r, &header);
	const struct bytes cell = field_base64(r, row, "cell_b64");
	uint8_t *plain = row_alloc(r, CAIRN_DROP_PLAIN_BYTES);
	uint8_t *sealed = row_alloc(r, CAIRN_DROP_CELL_BYTES);
	struct cairn_drop_header read;
	uint8_t hash[CAIRN_HASH_BYTES];

	expect(r, cell.size == CAIRN_DROP_CELL_BYTES, "a cell of %u bytes", CAIRN_DROP_CELL_BYTES);
	expect_ok(r, cairn_drop_header_read(&read, cell.at), "a header");
	expect(r, read.door == header.door && read.gen == header.gen && read.day == header.day,
	    "door, gen and day in the header");
	expect_ok(r, cairn_drop_open(plain, cell.at, r->desk.id, key), "a cell that opens");
	records_expect(r, row, plain, CAIRN_DROP_PLAIN_BYTES);
	records_write(r, row, plain, CAIRN_DROP_PLAIN_BYTES);
	check_writer(r, row, plain);
	expect_ok(r, cairn_drop_seal(sealed, plain, &header, r->desk.id, key->public_key,
	    field_hex_of(r, row, "eseed", CAIRN_XWING_ESEED_BYTES)), "records that can be sealed");
	expect_bytes(r, "cell", sealed, CAIRN_DROP_CELL_BYTES, cell);
	cairn_hash(hash, cell.at, cell.size);
	expect_bytes(r, "cell_hash", hash, sizeof(hash), field_hex(r, row, "cell_hash"));
}

static void
check_shared(struct run *r, const json_t *row, const uint8_t *secret, const uint8_t *point,
    const uint8_t *header, const uint8_t *msgid)
{
	uint8_t shared[32], context[24], mac[CAIRN_MAC_BYTES];

	expect(r, crypto_scalarmult(shared, secret, point) == 0, "a point of full order");
	expect_bytes(r, "shared", shared, sizeof(shared), field_hex(r, row, "shared"));
	memcpy(context, header, 8);
	memcpy(context + 8, msgid, 16);
	cairn_derive(mac, shared, "hello", context, sizeof(context));
	expect_bytes(r, "mac from shared", mac, sizeof(mac), field_hex(r, row, "mac"));
}

static void
mac_side(struct run *r, const json_t *row, const char *secret_name, const char *point_name)
{
	const uint8_t *secret = field_hex_of(r, row, secret_name, 32);
	const uint8_t *point = field_hex_of(r, row, point_name, 32);
	const uint8_t *header = field_hex_of(r, row, "header", CAIRN_DROP_HEADER_BYTES);
	const uint8_t *msgid = field_hex_of(r, row, "msgid", CAIRN_MSGID_BYTES);
	uint8_t mac[CAIRN_MAC_BYTES];

	check_shared(r, row, secret, point, header, msgid);
	expect_ok(r, cairn_hello_mac(mac, secret, point, header, msgid), "a mac");
	expect_bytes(r, "mac", mac, sizeof(mac), field_hex(r, row, "mac"));
}

/* The mac as it stands in the cell of drop.ok of that name. */
static void
mac_row(struct run *r, const json_t *row)
{
	const json_t *cell = named(r, file_member(r, "drop", "ok"), "name", field_text(r, row, "cell"));
	const struct cairn_drop_header header = field_header(r, cell);
	const struct cairn_xwing_key *key = epoch_key_held(r, &header);
	uint8_t *plain = row_alloc(r, CAIRN_DROP_PLAIN_BYTES);
	struct cairn_record hello;

	mac_side(r, row, "auth_secret", "epoch_point");
	mac_side(r, row, "epoch_x25519_secret", "auth_key");
	expect_bytes(r, "epoch_point", key->public_key + CAIRN_XWING_POINT_AT, 32,
	    field_hex(r, row, "epoch_point"));
	expect_bytes(r, "epoch_x25519_secret", key->x25519, 32, field_hex(r, row, "epoch_x25519_secret"));
	records_write(r, cell, plain, CAIRN_DROP_PLAIN_BYTES);
	expect(r, cairn_tlv_find(plain, CAIRN_DROP_PLAIN_BYTES, CAIRN_TLV_hello, &hello) &&
	    hello.bytes == CAIRN_HELLO_BLOCK_BYTES + CAIRN_MAC_BYTES, "a hello in the cell");
	expect_bytes(r, "mac of the cell", hello.value + CAIRN_HELLO_BLOCK_BYTES, CAIRN_MAC_BYTES,
	    field_hex(r, row, "mac"));
}

static void
drop_refuse(struct run *r, const json_t *row)
{
	const struct bytes cell = field_base64(r, row, "cell_b64");
	uint8_t *plain = row_alloc(r, CAIRN_DROP_PLAIN_BYTES);
	const struct cairn_xwing_key *key;
	struct cairn_drop_header header;

	if (cell.size != CAIRN_DROP_CELL_BYTES)
		return; /* the caller's check: it takes whole cells only */
	if (cairn_drop_header_read(&header, cell.at) != CAIRN_OK)
		return;
	key = epoch_key(r, &header);
	if (key == NULL)
		return;
	memset(plain, 1, CAIRN_DROP_PLAIN_BYTES);
	expect(r, cairn_drop_open(plain, cell.at, r->desk.id, key) != CAIRN_OK, "refused");
	expect(r, sodium_is_zero(plain, CAIRN_DROP_PLAIN_BYTES), "no plaintext of a refused cell");
}

/* Seals without the library's own checks, as an attacker would. */
static void
seal_anything(struct run *r, uint8_t *cell, const uint8_t *plain, const struct cairn_drop_header *header,
    const uint8_t *public_key, const uint8_t *eseed)
{
	uint8_t info[64];
	size_t size = 0;
	struct writer w;

	cairn_drop_header_write(cell, header);
	writer_init(&w, info, sizeof(info));
	write_text(&w, "cairn/1 drop");
	write_bytes(&w, r->desk.id, CAIRN_HASH_BYTES);
	write_bytes(&w, cell, CAIRN_DROP_HEADER_BYTES);
	expect_ok(r, writer_end(&w, &size), "an info");
	expect_ok(r, cairn_hpke_seal(cell + 8, cell + 8 + CAIRN_XWING_ENC_BYTES, plain, CAIRN_DROP_PLAIN_BYTES,
	    public_key, info, size, eseed), "a plaintext that can be sealed");
}

static void
drop_refuse_plaintext(struct run *r, const json_t *row)
{
	const struct cairn_drop_header header = field_header(r, row);
	const struct cairn_xwing_key *key = epoch_key_held(r, &header);
	const uint8_t *plain = plaintext_filled(r, row, CAIRN_DROP_PLAIN_BYTES);
	uint8_t *cell = row_alloc(r, CAIRN_DROP_CELL_BYTES);
	uint8_t *opened = row_alloc(r, CAIRN_DROP_PLAIN_BYTES);

	seal_anything(r, cell, plain, &header, key->public_key,
	    field_hex_of(r, row, "eseed", CAIRN_XWING_ESEED_BYTES));
	expect(r, cairn_drop_open(opened, cell, r->desk.id, key) != CAIRN_OK, "refused");
	expect(r, sodium_is_zero(opened, CAIRN_DROP_PLAIN_BYTES), "no plaintext of a refused cell");
	expect(r, cairn_drop_plain_check(plain, &header, key) != CAIRN_OK, "the plaintext refused");
}

static void
drop_refuse_key(struct run *r, const json_t *row)
{
	const struct bytes key = field_base64(r, row, "public_key_b64");
	const struct cairn_drop_header header = {.door = CAIRN_DOOR_CAMPAIGN, .gen = 0, .day = 20000};
	uint8_t *plain = row_alloc(r, CAIRN_DROP_PLAIN_BYTES);
	uint8_t *cell = row_alloc(r, CAIRN_DROP_CELL_BYTES);
	uint8_t eseed[CAIRN_XWING_ESEED_BYTES];

	if (key.size != CAIRN_XWING_PUBLIC_BYTES)
		return;
	expect(r, cairn_xwing_public_check(key.at) != CAIRN_OK, "refused as a public key");
	for (int i = 0; i < 3; i++) {
		memset(eseed, i * 0x55, sizeof(eseed));
		expect(r, cairn_drop_seal(cell, plain, &header, r->desk.id, key.at, eseed) != CAIRN_OK,
		    "sealing to fail");
	}
}

static const struct member drop[] = {
	{"epochs", MEMBER_ROWS, epoch_row}, {"ok", MEMBER_ROWS, drop_ok}, {"macs", MEMBER_ROWS, mac_row},
	{"refuse", MEMBER_ROWS, drop_refuse}, {"refuse_plaintexts", MEMBER_ROWS, drop_refuse_plaintext},
	{"refuse_public_keys", MEMBER_ROWS, drop_refuse_key},
};
const struct section section_drop = SECTION("drop", drop);

static const uint8_t *
receipt_cell_hash(struct run *r, const json_t *row)
{
	const json_t *cell = named(r, file_member(r, "drop", "ok"), "name", field_text(r, row, "cell"));

	return field_hex_of(r, cell, "cell_hash", CAIRN_HASH_BYTES);
}

static void
receipt_ok(struct run *r, const json_t *row)
{
	const uint8_t *hash = receipt_cell_hash(r, row);
	const uint32_t hour = (uint32_t)field_number(r, row, "hour", UINT32_MAX);
	const struct bytes receipt = field_hex(r, row, "receipt");
	uint8_t made[CAIRN_RECEIPT_BYTES];
	uint32_t read = 0;

	cairn_receipt_sign(made, r->desk.id, hash, hour, r->desk.relay_secret);
	expect_bytes(r, "receipt", made, sizeof(made), receipt);
	expect_ok(r, cairn_receipt_check(&read, receipt.at, receipt.size, r->desk.id, hash, r->desk.relay_key),
	    "a receipt");
	expect(r, read == hour, "hour %u", hour);
}

static void
receipt_refuse(struct run *r, const json_t *row)
{
	const struct bytes receipt = field_hex(r, row, "receipt");

	expect(r, cairn_receipt_check(NULL, receipt.at, receipt.size, r->desk.id, receipt_cell_hash(r, row),
	    r->desk.relay_key) != CAIRN_OK, "refused");
}

static void
receipt_day(struct run *r, const json_t *row)
{
	const bool want = field_bool(r, row, "accepted");

	expect(r, cairn_drop_day_taken((uint32_t)field_number(r, row, "day", UINT32_MAX),
	    (uint32_t)field_number(r, row, "hour", UINT32_MAX)) == want, "%s", want ? "taken" : "not taken");
}

static const struct member receipts[] = {
	{"ok", MEMBER_ROWS, receipt_ok}, {"refuse", MEMBER_ROWS, receipt_refuse},
	{"days", MEMBER_ROWS, receipt_day},
};
const struct section section_receipts = SECTION("receipts", receipts);
