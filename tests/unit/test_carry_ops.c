// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "carry/feed_record.h"
#include "carry/ops.h"

#define MEMBER(NAME, name, code, scope, text) struct op_##name name;
union body {
	OPERATIONS(MEMBER)
};

static union body in, out;
static uint8_t room[OP_BODY_MAX + OP_HEAD_BYTES], again[OP_BODY_MAX + OP_HEAD_BYTES];
static char filling[OP_BODY_MAX + 1];

static int
setup(void **state)
{
	(void)state;
	memset(filling, 'z', sizeof(filling));
	return 0;
}

/* Sets every field of in to something of its own; texts and bytes to size, or to their most where size is over. */
static void
fill(const struct op_def *def, size_t size)
{
	memset(&in, 0, sizeof(in));
	for (size_t i = 0; i < def->field_count; i++) {
		const struct op_field *field = &def->fields[i];
		uint8_t *at = (uint8_t *)&in + field->offset;

		switch (field->kind) {
		case OP_text:
		case OP_bytes:
			*(struct cairn_span *)(void *)at =
			    (struct cairn_span){filling, size < field->most ? size : field->most};
			break;
		case OP_u8:
			*at = (uint8_t)(i + 1);
			break;
		case OP_u16:
			*(uint16_t *)(void *)at = (uint16_t)(i + 0x102);
			break;
		case OP_u32:
			*(uint32_t *)(void *)at = (uint32_t)(i + 0x1020304);
			break;
		case OP_u64:
			*(uint64_t *)(void *)at = i + 0x102030405060708U;
			break;
		case OP_id:
			memset(at, (int)(i + 1), OP_ID_BYTES);
			break;
		case OP_hash:
			memset(at, (int)(i + 1), CAIRN_HASH_BYTES);
			break;
		case OP_key:
			memset(at, (int)(i + 1), CAIRN_XWING_PUBLIC_BYTES);
			break;
		}
	}
}

static struct op
write_body(const struct op_def *def)
{
	struct op op = {.type = (uint16_t)def->type};
	struct writer w;
	size_t bytes;

	writer_init(&w, room, sizeof(room));
	op_body_write(&w, def->type, &in);
	assert_ok(writer_end(&w, &bytes));
	op.body = (struct cairn_span){(const char *)room, bytes};
	return op;
}

static void
every_row_reads_what_it_writes(void **state)
{
	static const size_t sizes[] = {0, 1, 300, SIZE_MAX};

	(void)state;
	for (size_t i = 0; i < op_count; i++)
		for (size_t j = 0; j < 4; j++) {
			struct op op;
			struct writer w;

			fill(&op_table[i], sizes[j]);
			op = write_body(&op_table[i]);
			assert_ok(op_body_read(&out, op_table[i].bytes, &op));
			memcpy(&in, &out, op_table[i].bytes);
			writer_init(&w, again, sizeof(again));
			op_body_write(&w, op_table[i].type, &in);
			assert_int_equal(w.used, op.body.size);
			assert_memory_equal(again, room, w.used);
		}
}

static void
every_row_fits_a_body_and_a_record_at_its_most(void **state)
{
	(void)state;
	for (size_t i = 0; i < op_count; i++) {
		fill(&op_table[i], SIZE_MAX);
		assert_true(write_body(&op_table[i]).body.size <= OP_BODY_MAX);
	}
	assert_true(OP_BODY_MAX + OP_HEAD_BYTES <= FEED_THRESHOLD_OPS_MAX);
}

static void
every_field_over_its_maximum_is_not_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < op_count; i++)
		for (size_t j = 0; j < op_table[i].field_count; j++) {
			const struct op_field *field = &op_table[i].fields[j];
			struct writer w;

			if (field->kind != OP_text && field->kind != OP_bytes)
				continue;
			fill(&op_table[i], 0);
			((struct cairn_span *)(void *)((uint8_t *)&in + field->offset))->text = filling;
			((struct cairn_span *)(void *)((uint8_t *)&in + field->offset))->size = field->most + 1;
			writer_init(&w, room, sizeof(room));
			op_body_write(&w, op_table[i].type, &in);
			assert_true(w.failed);
		}
}

/* Where the length of a field stands in a body whose texts and bytes are empty. */
static size_t
length_at(const struct op_def *def, size_t which)
{
	static const size_t bytes[] = {
	    [OP_u8] = 1, [OP_u16] = 2, [OP_u32] = 4, [OP_u64] = 8, [OP_id] = 16, [OP_hash] = 32, [OP_key] = 1216,
	    [OP_text] = 2, [OP_bytes] = 4};
	size_t at = 0;

	for (size_t i = 0; i < which; i++)
		at += bytes[def->fields[i].kind];
	return at;
}

static void
every_field_over_its_maximum_is_not_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < op_count; i++)
		for (size_t j = 0; j < op_table[i].field_count; j++) {
			const struct op_field *field = &op_table[i].fields[j];
			size_t at = length_at(&op_table[i], j), width = field->kind == OP_text ? 2 : 4;
			size_t over = field->most + 1;
			struct op op;

			if (field->kind != OP_text && field->kind != OP_bytes)
				continue;
			fill(&op_table[i], 0);
			op = write_body(&op_table[i]);
			memcpy(again, room, at);
			for (size_t k = 0; k < width; k++)
				again[at + k] = (uint8_t)(over >> 8 * (width - 1 - k));
			memset(again + at + width, 'z', over);
			memcpy(again + at + width + over, room + at + width, op.body.size - at - width);
			op.body = (struct cairn_span){(const char *)again, op.body.size + over};
			assert_err(op_body_read(&out, op_table[i].bytes, &op), CAIRN_ERR_FORMAT);
			assert_true(sodium_is_zero((uint8_t *)&out, op_table[i].bytes));
		}
}

static void
a_body_cut_short_or_with_something_behind_it_is_not_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < op_count; i++) {
		struct op op;

		fill(&op_table[i], 5);
		op = write_body(&op_table[i]);
		room[op.body.size++] = 0;
		assert_err(op_body_read(&out, op_table[i].bytes, &op), CAIRN_ERR_FORMAT);
		op.body.size -= 2;
		assert_err(op_body_read(&out, op_table[i].bytes, &op), CAIRN_ERR_FORMAT);
	}
}

static void
text_that_is_no_utf8_is_neither_written_nor_read(void **state)
{
	const uint8_t body[] = {0, 1, 0xff};
	const struct op op = {.type = OP_NOTE, .body = {(const char *)body, sizeof(body)}};
	const struct op_note note = {{"\xff", 1}};
	struct writer w;

	(void)state;
	assert_err(op_body_read(&out, sizeof(struct op_note), &op), CAIRN_ERR_FORMAT);
	writer_init(&w, room, sizeof(room));
	op_body_write(&w, OP_NOTE, &note);
	assert_true(w.failed);
}

static void
another_types_struct_is_refused(void **state)
{
	const struct op op = {.type = OP_NOTE}, none = {.type = 0x7777};

	(void)state;
	assert_err(op_body_read(&out, sizeof(struct op_again), &op), CAIRN_ERR_UNKNOWN);
	assert_err(op_body_read(&out, sizeof(struct op_note), &none), CAIRN_ERR_UNKNOWN);
}

static void
operations_are_taken_one_after_the_other(void **state)
{
	const struct op first = {.type = OP_NOTE, .counter = 5, .lamport = 6, .time = 7, .body = {"\0\1x", 3}};
	const struct op second = {.type = 0x7777, .counter = OP_NUMBER_MAX, .body = {NULL, 0}};
	struct cairn_span inner = {(const char *)room, 0};
	struct writer w;
	struct op op;
	size_t at = 0;

	(void)state;
	writer_init(&w, room, sizeof(room));
	op_write(&w, &first);
	op_write(&w, &second);
	assert_ok(writer_end(&w, &inner.size));
	assert_int_equal(inner.size, 2 * OP_HEAD_BYTES + 3);
	assert_ok(op_next(&op, inner, &at));
	assert_int_equal(op.counter, 5);
	assert_int_equal(op.lamport, 6);
	assert_int_equal(op.time, 7);
	assert_int_equal(op.body.size, 3);
	assert_ok(op_next(&op, inner, &at));
	assert_int_equal(op.type, 0x7777);
	assert_int_equal(at, inner.size);
}

static void
an_operation_cut_short_or_too_long_is_refused(void **state)
{
	const struct op first = {.type = OP_NOTE, .body = {"\0\1x", 3}};
	struct writer w;
	struct op op;
	size_t at;

	(void)state;
	writer_init(&w, room, sizeof(room));
	op_write(&w, &first);
	for (size_t size = 0; size < w.used; size++) {
		at = 0;
		assert_err(op_next(&op, (struct cairn_span){(const char *)room, size}, &at), CAIRN_ERR_FORMAT);
		assert_int_equal(at, 0);
	}
	room[26] = 1; /* a body of 16 MiB */
	at = 0;
	assert_err(op_next(&op, (struct cairn_span){(const char *)room, sizeof(room)}, &at), CAIRN_ERR_FORMAT);
	room[26] = 0;
	room[2] = 0x80; /* a counter of 64 bits */
	at = 0;
	assert_err(op_next(&op, (struct cairn_span){(const char *)room, sizeof(room)}, &at), CAIRN_ERR_FORMAT);
}

static void
types_and_names_are_of_one_operation_each(void **state)
{
	(void)state;
	for (size_t i = 0; i < op_count; i++) {
		assert_ptr_equal(op_find((uint16_t)op_table[i].type), &op_table[i]);
		assert_int_equal(op_table[i].type >> 8, op_table[i].scope == OP_SCOPE_DESK ? 1 : 2);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(op_table[i].name, op_table[j].name);
	}
	assert_null(op_find(0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_row_reads_what_it_writes),
	    cmocka_unit_test(every_row_fits_a_body_and_a_record_at_its_most),
	    cmocka_unit_test(every_field_over_its_maximum_is_not_written),
	    cmocka_unit_test(every_field_over_its_maximum_is_not_read),
	    cmocka_unit_test(a_body_cut_short_or_with_something_behind_it_is_not_read),
	    cmocka_unit_test(text_that_is_no_utf8_is_neither_written_nor_read),
	    cmocka_unit_test(another_types_struct_is_refused),
	    cmocka_unit_test(operations_are_taken_one_after_the_other),
	    cmocka_unit_test(an_operation_cut_short_or_too_long_is_refused),
	    cmocka_unit_test(types_and_names_are_of_one_operation_each),
	};

	return cmocka_run_group_tests_name("test_carry_ops.c", tests, setup, NULL);
}
