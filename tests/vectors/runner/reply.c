// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/writer.h"
#include "cells.h"
#include "run.h"

/* reply_cells. */

/* Which message a row speaks of, with its tag. */
struct message {
	uint32_t day;
	uint8_t tag[CAIRN_TAG_BYTES];
};

static struct message
field_message(struct run *r, const json_t *row)
{
	const uint32_t month = (uint32_t)field_number(r, row, "month", UINT32_MAX / CAIRN_MONTH_DAYS);
	uint8_t key[CAIRN_KEY_BYTES];
	struct message message = {.day = (uint32_t)field_number(r, row, "day", UINT32_MAX)};

	expect(r, message.day >= month * CAIRN_MONTH_DAYS, "a day from the month's first on");
	cairn_tag_key(key, r->person.root, month, message.day);
	cairn_tag(message.tag, key, (uint8_t)field_number(r, row, "lane", CAIRN_LANES - 1),
	    (uint16_t)field_number(r, row, "n", CAIRN_LANE_TAGS - 1));
	return message;
}

static void
reply_ok(struct run *r, const json_t *row)
{
	const struct message message = field_message(r, row);
	const struct bytes cell = field_base64(r, row, "cell_b64");
	uint8_t *plain = row_alloc(r, CAIRN_REPLY_PLAIN_BYTES);
	uint8_t *sealed = row_alloc(r, CAIRN_REPLY_CELL_BYTES);

	records_write(r, row, plain, CAIRN_REPLY_PLAIN_BYTES);
	expect_ok(r, cairn_reply_seal(sealed, plain, r->desk.id, message.day, message.tag,
	    r->person.reply.public_key, field_hex_of(r, row, "eseed", CAIRN_XWING_ESEED_BYTES)),
	    "records that can be sealed");
	expect_bytes(r, "cell", sealed, CAIRN_REPLY_CELL_BYTES, cell);
	expect_ok(r, cairn_reply_open(plain, cell.at, r->desk.id, message.day, &r->person.reply),
	    "a cell that opens");
	records_expect(r, row, plain, CAIRN_REPLY_PLAIN_BYTES);
}

/* A reader takes a cell of one size, under the tag it looked for, and opens it as of that day. */
static void
reply_refuse(struct run *r, const json_t *row)
{
	const struct message message = field_message(r, row);
	const struct bytes cell = field_base64(r, row, "cell_b64");
	uint8_t *plain = row_alloc(r, CAIRN_REPLY_PLAIN_BYTES);

	if (cell.size != CAIRN_REPLY_CELL_BYTES || memcmp(cell.at, message.tag, CAIRN_TAG_BYTES) != 0)
		return;
	memset(plain, 1, CAIRN_REPLY_PLAIN_BYTES);
	expect(r, cairn_reply_open(plain, cell.at, r->desk.id, message.day, &r->person.reply) != CAIRN_OK,
	    "refused");
	expect(r, sodium_is_zero(plain, CAIRN_REPLY_PLAIN_BYTES), "no plaintext of a refused cell");
}

/* Seals without the library's own checks, as an attacker would. */
static void
seal_anything(struct run *r, uint8_t *cell, const uint8_t *plain, const struct message *message,
    const uint8_t *eseed)
{
	uint8_t info[64];
	size_t size = 0;
	struct writer w;

	writer_init(&w, info, sizeof(info));
	write_text(&w, "cairn/1 reply");
	write_bytes(&w, r->desk.id, CAIRN_HASH_BYTES);
	write_u32(&w, message->day);
	write_bytes(&w, message->tag, CAIRN_TAG_BYTES);
	expect_ok(r, writer_end(&w, &size), "an info");
	memcpy(cell, message->tag, CAIRN_TAG_BYTES);
	expect_ok(r, cairn_hpke_seal(cell + CAIRN_TAG_BYTES, cell + CAIRN_TAG_BYTES + CAIRN_XWING_ENC_BYTES, plain,
	    CAIRN_REPLY_PLAIN_BYTES, r->person.reply.public_key, info, size, eseed),
	    "a plaintext that can be sealed");
}

static void
reply_refuse_plaintext(struct run *r, const json_t *row)
{
	const struct message message = field_message(r, row);
	const uint8_t *plain = plaintext_filled(r, row, CAIRN_REPLY_PLAIN_BYTES);
	uint8_t *cell = row_alloc(r, CAIRN_REPLY_CELL_BYTES);
	uint8_t *opened = row_alloc(r, CAIRN_REPLY_PLAIN_BYTES);

	seal_anything(r, cell, plain, &message, field_hex_of(r, row, "eseed", CAIRN_XWING_ESEED_BYTES));
	expect(r, cairn_reply_open(opened, cell, r->desk.id, message.day, &r->person.reply) != CAIRN_OK,
	    "refused");
	expect(r, cairn_tlv_check(plain, CAIRN_REPLY_PLAIN_BYTES, CAIRN_PLACE_REPLY, message.day) != CAIRN_OK,
	    "the plaintext refused");
}

static const struct member reply_cells[] = {
	{"ok", MEMBER_ROWS, reply_ok}, {"refuse", MEMBER_ROWS, reply_refuse},
	{"refuse_plaintexts", MEMBER_ROWS, reply_refuse_plaintext},
};
const struct section section_reply_cells = SECTION("reply_cells", reply_cells);
