// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_OP_H
#define CAIRN_RECORD_OP_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/desk_keys.h"
#include "cairn/err.h"
#include "cairn/span.h"

/*
 * An operation: what one device says of one entity, in canonical bytes (docs/protocol.md, section 15).
 *
 *	u8 version = 1, u8 kind, id[16], then one item or more:
 *	u8 action, u16 field, u32 length, value
 *
 * Items are sorted by field, action and value, each there once. Values:
 *
 *	1 put     text; none clears the field
 *	2 add     text: an element of a set
 *	3 drop    u16 length, text, then the adds of it that were seen, at least one, sorted: device[16], u64 counter
 *	4 note    u64 when it was written, text
 *	5 retract u8 1 (0 takes the mark back), u64 when, note[16] or zeros, reason; field 0 is the whole entity
 *	6 level   u8: the field's confidentiality
 *
 * A reader knows no kinds and fields: what a later version adds is kept by an older one as well.
 */
#define RECORD_ID_BYTES 16U
#define RECORD_COMPARTMENT_BYTES 16U
#define RECORD_OP_MAX 49152U /* fits a record of the feed with what is around it */
#define RECORD_ITEMS_MAX 512U
#define RECORD_LINE_MAX 512U
#define RECORD_TEXT_MAX 16384U
#define RECORD_REASON_MAX 1024U
#define RECORD_AT_MAX UINT64_C(253402300799) /* the end of the year 9999: what can be written as a time */
#define RECORD_DOT_BYTES 24U
#define RECORD_DOTS_MAX 64U

enum record_action {
	RECORD_PUT = 1,
	RECORD_ADD = 2,
	RECORD_DROP = 3,
	RECORD_NOTE = 4,
	RECORD_RETRACT = 5,
	RECORD_MARK = 6, /* level */
};

struct record_item {
	enum record_action action;
	uint16_t field;
	uint8_t flag;                  /* retract: 1 or 0; level */
	uint64_t at;                   /* note, retract: Unix seconds */
	uint8_t note[RECORD_ID_BYTES]; /* retract: which note, see record_note_id() */
	struct cairn_span text;
	const uint8_t *dots; /* drop: dot_count times RECORD_DOT_BYTES */
	size_t dot_count;
};

struct record_op {
	uint8_t kind;
	uint8_t id[RECORD_ID_BYTES];
	size_t count;
	struct record_item items[RECORD_ITEMS_MAX]; /* views */
};

/* CAIRN_ERR_FORMAT for all that is not canonical. op is some 50 KiB; its views look into bytes. */
CAIRN_NODISCARD int record_op_read(struct record_op *op, const void *bytes, size_t size);

/* Sorts the items and writes them. CAIRN_ERR_SPACE; CAIRN_ERR_RANGE: nothing, twice the same, or too much in one. */
CAIRN_NODISCARD int record_op_write(uint8_t *out, size_t room, size_t *ret_bytes, struct record_op *op);

/* A note is known by its content: H(u16 field, u64 at, text)[0:16]. */
void record_note_id(uint8_t out[RECORD_ID_BYTES], const struct record_item *note);

/* The order of items. */
int record_item_compare(const struct record_item *a, const struct record_item *b);

/* Well-formed UTF-8 without control characters; lines and tabs only where lines is true. */
bool record_text_good(struct cairn_span text, bool lines);

#endif
