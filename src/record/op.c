// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/op.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/reader.h"
#include "base/text.h"
#include "base/writer.h"
#include "cairn/hash.h"

#define OP_VERSION 1
#define ITEM_HEAD_BYTES 7U

bool
record_text_good(struct cairn_span text, bool lines)
{
	for (size_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.text[i];

		if (c == 0x7f || (c < 0x20 && !(lines && (c == '\n' || c == '\t'))))
			return false;
	}
	return text_is_utf8((const uint8_t *)text.text, text.size);
}

void
record_note_id(uint8_t out[RECORD_ID_BYTES], const struct record_item *note)
{
	uint8_t head[10], hash[CAIRN_HASH_BYTES];
	crypto_generichash_state state;
	struct writer w;

	writer_init(&w, head, sizeof(head));
	write_u16(&w, note->field);
	write_u64(&w, note->at);
	crypto_generichash_init(&state, NULL, 0, sizeof(hash));
	crypto_generichash_update(&state, head, sizeof(head));
	crypto_generichash_update(&state, (const uint8_t *)note->text.text, note->text.size);
	crypto_generichash_final(&state, hash, sizeof(hash));
	memcpy(out, hash, RECORD_ID_BYTES);
}

/* ---- reading ---- */

static void
take_text(struct cairn_span *text, struct reader *r, size_t size)
{
	text->text = (const char *)take_view(r, size);
	text->size = text->text == NULL ? 0 : size;
}

static bool
dots_sorted(const uint8_t *dots, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (memcmp(dots + (i - 1) * RECORD_DOT_BYTES, dots + i * RECORD_DOT_BYTES, RECORD_DOT_BYTES) >= 0)
			return false;
	return true;
}

static bool
read_drop(struct record_item *item, struct reader *r)
{
	uint16_t size;

	take_u16(r, &size);
	take_text(&item->text, r, size);
	item->dot_count = r->left / RECORD_DOT_BYTES;
	item->dots = take_view(r, item->dot_count * RECORD_DOT_BYTES);
	return size > 0 && item->dot_count > 0 && item->dot_count <= RECORD_DOTS_MAX && item->dots != NULL &&
	    dots_sorted(item->dots, item->dot_count);
}

static bool
read_retract(struct record_item *item, struct reader *r)
{
	take_u8(r, &item->flag);
	take_u64(r, &item->at);
	take_bytes(r, item->note, sizeof(item->note));
	take_text(&item->text, r, r->left);
	return item->flag <= 1 && item->text.size <= RECORD_REASON_MAX && item->at <= RECORD_AT_MAX;
}

static bool
read_value(struct record_item *item, struct reader *r)
{
	switch (item->action) {
	case RECORD_PUT:
		take_text(&item->text, r, r->left);
		return item->text.size <= RECORD_TEXT_MAX;
	case RECORD_ADD:
		take_text(&item->text, r, r->left);
		return item->text.size > 0 && item->text.size <= RECORD_LINE_MAX;
	case RECORD_DROP:
		return read_drop(item, r) && item->text.size <= RECORD_LINE_MAX;
	case RECORD_NOTE:
		take_u64(r, &item->at);
		take_text(&item->text, r, r->left);
		return item->text.size > 0 && item->text.size <= RECORD_TEXT_MAX && item->at <= RECORD_AT_MAX;
	case RECORD_RETRACT:
		return read_retract(item, r);
	case RECORD_MARK:
		take_u8(r, &item->flag);
		return true;
	default:
		return false;
	}
}

static int
read_item(struct record_item *item, struct reader *r)
{
	struct reader value;
	uint32_t length;
	uint8_t action;

	memset(item, 0, sizeof(*item));
	take_u8(r, &action);
	take_u16(r, &item->field);
	take_u32(r, &length);
	item->action = (enum record_action)action;
	reader_init(&value, take_view(r, length), length);
	if (r->failed || (item->field == 0 && item->action != RECORD_RETRACT))
		return CAIRN_ERR_FORMAT;
	if (!read_value(item, &value) || reader_end(&value) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	return record_text_good(item->text, true) ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

int
record_op_read(struct record_op *op, const void *bytes, size_t size)
{
	struct reader r;
	uint8_t version;
	int err = CAIRN_OK;

	reader_init(&r, bytes, size);
	take_u8(&r, &version);
	take_u8(&r, &op->kind);
	take_bytes(&r, op->id, sizeof(op->id));
	op->count = 0;
	if (size > RECORD_OP_MAX || r.failed || version != OP_VERSION || op->kind == 0 || r.left == 0)
		err = CAIRN_ERR_FORMAT;
	while (err == CAIRN_OK && r.left > 0) {
		struct record_item *item = &op->items[op->count];

		err = op->count == RECORD_ITEMS_MAX ? CAIRN_ERR_FORMAT : read_item(item, &r);
		if (err == CAIRN_OK && op->count > 0 && record_item_compare(item - 1, item) >= 0)
			err = CAIRN_ERR_FORMAT;
		op->count += err == CAIRN_OK;
	}
	if (err != CAIRN_OK)
		op->count = 0;
	return err;
}

/* ---- writing ---- */

static int
compare_bytes(const void *a, size_t a_size, const void *b, size_t b_size)
{
	size_t least = a_size < b_size ? a_size : b_size;
	int order = least == 0 ? 0 : memcmp(a, b, least);

	return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

int
record_item_compare(const struct record_item *a, const struct record_item *b)
{
	int order = (a->field > b->field) - (a->field < b->field);

	if (order == 0)
		order = (a->action > b->action) - (a->action < b->action);
	if (order != 0 || a->action == RECORD_PUT || a->action == RECORD_MARK)
		return order;
	if (a->action == RECORD_RETRACT)
		return memcmp(a->note, b->note, sizeof(a->note));
	if (a->action == RECORD_NOTE && a->at != b->at)
		return a->at > b->at ? 1 : -1;
	return compare_bytes(a->text.text, a->text.size, b->text.text, b->text.size);
}

static int
compare_for_sort(const void *a, const void *b)
{
	return record_item_compare(a, b);
}

static void
write_value(struct writer *w, const struct record_item *item)
{
	switch (item->action) {
	case RECORD_DROP:
		write_u16(w, (uint16_t)item->text.size);
		write_bytes(w, item->text.text, item->text.size);
		write_bytes(w, item->dots, item->dot_count * RECORD_DOT_BYTES);
		break;
	case RECORD_NOTE:
		write_u64(w, item->at);
		write_bytes(w, item->text.text, item->text.size);
		break;
	case RECORD_RETRACT:
		write_u8(w, item->flag);
		write_u64(w, item->at);
		write_bytes(w, item->note, sizeof(item->note));
		write_bytes(w, item->text.text, item->text.size);
		break;
	case RECORD_MARK:
		write_u8(w, item->flag);
		break;
	case RECORD_PUT:
	case RECORD_ADD:
		write_bytes(w, item->text.text, item->text.size);
		break;
	}
}

static size_t
value_bytes(const struct record_item *item)
{
	switch (item->action) {
	case RECORD_DROP:
		return 2 + item->text.size + item->dot_count * RECORD_DOT_BYTES;
	case RECORD_NOTE:
		return 8 + item->text.size;
	case RECORD_RETRACT:
		return 9 + RECORD_ID_BYTES + item->text.size;
	case RECORD_MARK:
		return 1;
	default:
		return item->text.size;
	}
}

int
record_op_write(uint8_t *out, size_t room, size_t *ret_bytes, struct record_op *op)
{
	struct writer w;

	qsort(op->items, op->count, sizeof(op->items[0]), compare_for_sort);
	for (size_t i = 1; i < op->count; i++)
		if (record_item_compare(&op->items[i - 1], &op->items[i]) == 0)
			return CAIRN_ERR_RANGE;
	writer_init(&w, out, room < RECORD_OP_MAX ? room : RECORD_OP_MAX);
	write_u8(&w, OP_VERSION);
	write_u8(&w, op->kind);
	write_bytes(&w, op->id, sizeof(op->id));
	for (size_t i = 0; i < op->count; i++) {
		write_u8(&w, (uint8_t)op->items[i].action);
		write_u16(&w, op->items[i].field);
		write_u32(&w, (uint32_t)value_bytes(&op->items[i]));
		write_value(&w, &op->items[i]);
	}
	return op->count == 0 ? CAIRN_ERR_RANGE : writer_end(&w, ret_bytes);
}
