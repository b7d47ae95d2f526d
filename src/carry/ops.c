// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/ops.h"

#include <string.h>

#include "base/reader.h"
#include "base/text.h"

#define FIELD_ROW(S, kind, name, most) {#name, OP_##kind, most, offsetof(S, name)},
#define FIELD_ROWS(NAME, name, code, scope, text) \
	static const struct op_field fields_##name[] = {OP_FIELDS_##name(FIELD_ROW, struct op_##name)};
OPERATIONS(FIELD_ROWS)

#define TABLE_ROW(NAME, name, code, scope, text)                                            \
	{OP_##NAME, #name, OP_SCOPE_##scope, text, sizeof(struct op_##name), fields_##name, \
	    sizeof(fields_##name) / sizeof(fields_##name[0])},
const struct op_def op_table[] = {OPERATIONS(TABLE_ROW)};
const size_t op_count = sizeof(op_table) / sizeof(op_table[0]);

/* The bytes of kinds whose length is fixed; as they stand in the struct, but for integers. */
static const size_t fixed_bytes[] = {
    [OP_id] = OP_ID_BYTES, [OP_hash] = CAIRN_HASH_BYTES, [OP_key] = CAIRN_XWING_PUBLIC_BYTES, [OP_bytes] = 0};

const struct op_def *
op_find(uint16_t type)
{
	for (size_t i = 0; i < op_count; i++)
		if (op_table[i].type == type)
			return &op_table[i];
	return NULL;
}

int
op_next(struct op *op, struct cairn_span inner, size_t *at)
{
	struct reader r;
	uint32_t length = 0;

	memset(op, 0, sizeof(*op));
	reader_init(&r, inner.text + *at, inner.size - *at);
	take_u16(&r, &op->type);
	take_u64(&r, &op->counter);
	take_u64(&r, &op->lamport);
	take_u64(&r, &op->time);
	take_u32(&r, &length);
	if (r.failed || length > OP_BODY_MAX)
		return CAIRN_ERR_FORMAT;
	op->body = (struct cairn_span){(const char *)take_view(&r, length), length};
	if (r.failed || op->counter > OP_NUMBER_MAX || op->lamport > OP_NUMBER_MAX || op->time > OP_NUMBER_MAX)
		return CAIRN_ERR_FORMAT;
	*at = inner.size - r.left;
	return CAIRN_OK;
}

void
op_write(struct writer *w, const struct op *op)
{
	write_u16(w, op->type);
	write_u64(w, op->counter);
	write_u64(w, op->lamport);
	write_u64(w, op->time);
	write_u32(w, (uint32_t)op->body.size);
	write_bytes(w, op->body.text, op->body.size);
	w->failed = w->failed || op->body.size > OP_BODY_MAX;
}

static void
take_span(struct reader *r, const struct op_field *field, struct cairn_span *out)
{
	uint32_t size = 0;
	uint16_t short_size = 0;

	if (field->kind == OP_text) {
		take_u16(r, &short_size);
		size = short_size;
	} else {
		take_u32(r, &size);
	}
	r->failed = r->failed || size > field->most;
	*out = (struct cairn_span){(const char *)take_view(r, size), r->failed ? 0 : size};
	if (field->kind == OP_text && !r->failed && !text_is_utf8((const uint8_t *)out->text, out->size))
		r->failed = true;
}

static void
take_field(struct reader *r, const struct op_field *field, void *at)
{
	switch (field->kind) {
	case OP_u8:
		take_u8(r, at);
		break;
	case OP_u16:
		take_u16(r, at);
		break;
	case OP_u32:
		take_u32(r, at);
		break;
	case OP_u64:
		take_u64(r, at);
		r->failed = r->failed || *(uint64_t *)at > INT64_MAX;
		break;
	case OP_text:
	case OP_bytes:
		take_span(r, field, at);
		break;
	default:
		take_bytes(r, at, fixed_bytes[field->kind]);
	}
}

int
op_body_read(void *out, size_t out_bytes, const struct op *op)
{
	const struct op_def *def = op_find(op->type);
	struct reader r;

	memset(out, 0, out_bytes);
	if (def == NULL || def->bytes != out_bytes)
		return CAIRN_ERR_UNKNOWN;
	reader_init(&r, op->body.text, op->body.size);
	for (size_t i = 0; i < def->field_count; i++)
		take_field(&r, &def->fields[i], (uint8_t *)out + def->fields[i].offset);
	if (reader_end(&r) != CAIRN_OK) {
		memset(out, 0, out_bytes);
		return CAIRN_ERR_FORMAT;
	}
	return CAIRN_OK;
}

static void
write_span(struct writer *w, const struct op_field *field, const struct cairn_span *span)
{
	if (field->kind == OP_text)
		write_u16(w, (uint16_t)span->size);
	else
		write_u32(w, (uint32_t)span->size);
	write_bytes(w, span->text, span->size);
	w->failed = w->failed || span->size > field->most ||
	    (field->kind == OP_text && !text_is_utf8((const uint8_t *)span->text, span->size));
}

void
op_body_write(struct writer *w, enum op_type type, const void *in)
{
	const struct op_def *def = op_find((uint16_t)type);

	for (size_t i = 0; def != NULL && i < def->field_count; i++) {
		const struct op_field *field = &def->fields[i];
		const void *at = (const uint8_t *)in + field->offset;

		switch (field->kind) {
		case OP_u8:
			write_u8(w, *(const uint8_t *)at);
			break;
		case OP_u16:
			write_u16(w, *(const uint16_t *)at);
			break;
		case OP_u32:
			write_u32(w, *(const uint32_t *)at);
			break;
		case OP_u64:
			write_u64(w, *(const uint64_t *)at);
			break;
		case OP_text:
		case OP_bytes:
			write_span(w, field, at);
			break;
		default:
			write_bytes(w, at, fixed_bytes[field->kind]);
		}
	}
}
