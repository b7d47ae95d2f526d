// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_TLV_H
#define CAIRN_TLV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"

/*
 * What stands inside a cell: records of u16 type, u16 length, value, ended by a type 0 without a length
 * and zeros to the end (docs/protocol.md, section 12). The table below is that section; reader,
 * writer, tests and fuzz target come from it.
 */

#define CAIRN_DROP_PLAIN_BYTES 7048U
#define CAIRN_REPLY_PLAIN_BYTES 2952U
#define CAIRN_MSGID_BYTES 16U
#define CAIRN_TLV_CRITICAL 0x8000U
#define CAIRN_TEXT_HEAD_BYTES 10U /* group[8], part, parts */

/* Who sends a record. */
#define CAIRN_FROM_PERSON 1U
#define CAIRN_FROM_DESK 2U
#define CAIRN_FROM_BOTH 3U
#define CAIRN_FROM_CAMPAIGN 4U /* anybody, at the campaign door alone (cairn/campaign.h) */

/* X(type, name, "name with hyphens", from, once, least bytes, most bytes) */
#define CAIRN_TLV_TABLE(X)                                                        \
	X(0x8001, hello, "hello", CAIRN_FROM_PERSON, true, 1316, 1316)            \
	X(0x8003, msgid, "msgid", CAIRN_FROM_BOTH, true, 16, 16)                  \
	X(0x0004, seen, "seen", CAIRN_FROM_PERSON, true, 44, 44)                  \
	X(0x0005, text, "text", CAIRN_FROM_BOTH, true, 11, 7002)                  \
	X(0x0006, language, "language", CAIRN_FROM_BOTH, true, 2, 35)             \
	X(0x0007, answer_window, "answer-window", CAIRN_FROM_PERSON, false, 5, 5) \
	X(0x0008, need, "need", CAIRN_FROM_PERSON, true, 1, 16)                   \
	X(0x0009, urgency, "urgency", CAIRN_FROM_PERSON, true, 1, 1)              \
	X(0x000a, file, "file", CAIRN_FROM_PERSON, false, 79, 203)                \
	X(0x800b, second, "second", CAIRN_FROM_PERSON, true, 1284, 1284)          \
	X(0x000c, statement, "statement", CAIRN_FROM_PERSON, false, 2, 1025)      \
	X(0x000d, check_in, "check-in", CAIRN_FROM_PERSON, true, 4, 4)            \
	X(0x000e, all_clear, "all-clear", CAIRN_FROM_PERSON, true, 1, 256)        \
	X(0x800f, retraction, "retraction", CAIRN_FROM_PERSON, false, 16, 16)     \
	X(0x0010, answer, "answer", CAIRN_FROM_PERSON, false, 3, 1026)            \
	X(0x0020, question, "question", CAIRN_FROM_DESK, false, 3, 1026)          \
	X(0x0021, pass, "pass", CAIRN_FROM_DESK, false, 16, 16)                   \
	X(0x0022, received, "received", CAIRN_FROM_DESK, false, 16, 16)           \
	X(0x0023, check_in_due, "check-in-due", CAIRN_FROM_DESK, true, 4, 4)      \
	X(0x0024, answer_by, "answer-by", CAIRN_FROM_DESK, true, 4, 4)            \
	X(0x8040, signature, "signature", CAIRN_FROM_CAMPAIGN, true, 33, 96)      \
	X(0x0041, name, "name", CAIRN_FROM_CAMPAIGN, true, 1, 200)                \
	X(0x0042, country, "country", CAIRN_FROM_CAMPAIGN, true, 2, 2)            \
	X(0x0043, e_mail, "e-mail", CAIRN_FROM_CAMPAIGN, true, 3, 254)            \
	X(0x8044, comment, "comment", CAIRN_FROM_CAMPAIGN, true, 1, 64)           \
	X(0x0045, proof, "proof", CAIRN_FROM_CAMPAIGN, true, 2, 4096)             \
	X(0x8046, gathering, "gathering", CAIRN_FROM_CAMPAIGN, true, 17, 80)      \
	X(0x0047, place, "place", CAIRN_FROM_CAMPAIGN, true, 1, 300)              \
	X(0x0048, title, "title", CAIRN_FROM_CAMPAIGN, true, 1, 200)              \
	X(0x8049, withdrawal, "withdrawal", CAIRN_FROM_CAMPAIGN, true, 17, 80)

enum cairn_tlv_type {
#define CAIRN_TLV_ENUM(type, name, text, from, once, least, most) CAIRN_TLV_##name = type,
	CAIRN_TLV_TABLE(CAIRN_TLV_ENUM)
#undef CAIRN_TLV_ENUM
};

/* A view of one record. */
struct cairn_record {
	uint16_t type;
	uint16_t bytes;
	const uint8_t *value;
};

/* Walks the records of a plaintext that was checked. Start with {plain, size}. */
struct cairn_records {
	const uint8_t *next;
	size_t left;
};

/* Where a plaintext is from, which decides what may stand in it. */
enum cairn_tlv_place {
	CAIRN_PLACE_INTAKE,   /* drop cell: hello first, always */
	CAIRN_PLACE_CAMPAIGN, /* drop cell: hello first or nowhere; at most one of cairn/campaign.h's four */
	CAIRN_PLACE_REPLY,    /* reply cell */
};

/*
 * Checks a whole plaintext, records and padding, against the table: sides, lengths, once, msgid, order,
 * UTF-8, well-formed contents, public keys in hello and second (CAIRN_ERR_KEY), the day of both
 * (day is the header's; not looked at for replies). CAIRN_ERR_FORMAT for everything else. The mac of
 * hello is not checked here but by cairn_drop_open().
 */
CAIRN_NODISCARD int cairn_tlv_check(const uint8_t *plain, size_t plain_bytes, enum cairn_tlv_place place,
    uint32_t day);

/* The next record, unknown ones too; false at the end. Only for what cairn_tlv_check() has passed. */
bool cairn_tlv_next(struct cairn_records *at, struct cairn_record *record);

/* The first record of that type; false when there is none. */
bool cairn_tlv_find(const uint8_t *plain, size_t plain_bytes, uint16_t type, struct cairn_record *record);

/* The name of a type in the table, with hyphens ("check-in-due"); NULL for an unknown one. */
const char *cairn_tlv_name(uint16_t type);

/*
 * Writes records into a plaintext that is filled with zeros first. A record that does not fit, or of a
 * length the table does not allow, is not written, and end tells CAIRN_ERR_SPACE or CAIRN_ERR_RANGE.
 */
struct cairn_tlv_writer {
	uint8_t *plain;
	size_t size;
	size_t used;
	int err;
};

void cairn_tlv_begin(struct cairn_tlv_writer *w, uint8_t *plain, size_t plain_bytes);
void cairn_tlv_put(struct cairn_tlv_writer *w, uint16_t type, const void *value, size_t bytes);
void cairn_tlv_put_u8(struct cairn_tlv_writer *w, uint16_t type, uint8_t v);
void cairn_tlv_put_u32(struct cairn_tlv_writer *w, uint16_t type, uint32_t v);
/* u16 id, then text: question and answer. */
void cairn_tlv_put_numbered(struct cairn_tlv_writer *w, uint16_t type, uint16_t id, const void *text,
    size_t bytes);
/* Room that is left for one more value, its head and the closing zero type counted. */
size_t cairn_tlv_room(const struct cairn_tlv_writer *w);
CAIRN_NODISCARD int cairn_tlv_end(struct cairn_tlv_writer *w);

/* The text record, taken apart. text is a view. */
struct cairn_text_part {
	uint8_t group[8];
	uint8_t part;
	uint8_t parts;
	const char *text;
	size_t bytes;
};

CAIRN_NODISCARD int cairn_text_read(struct cairn_text_part *part, const struct cairn_record *record);

/*
 * Cutting a long text: how many bytes of text[size], at most most, make the next part without
 * cutting a character. most is at least 4, size is not 0, text is well-formed UTF-8.
 */
size_t cairn_text_piece(const char *text, size_t size, size_t most);
void cairn_tlv_put_text(struct cairn_tlv_writer *w, const uint8_t group[8], uint8_t part, uint8_t parts,
    const char *text, size_t bytes);

#endif
