// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include "record/op.h"

static struct record_op op, again;
static uint8_t bytes[RECORD_OP_MAX + 64];

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

static const uint8_t two_dots[2 * RECORD_DOT_BYTES] = {[0] = 1, [RECORD_DOT_BYTES] = 2};

/* One item of each action. */
static void
fill(void)
{
	memset(&op, 0, sizeof(op));
	op.kind = 1;
	op.id[0] = 7;
	op.items[0] = (struct record_item){.action = RECORD_RETRACT, .flag = 1, .at = 3, .text = span("why")};
	op.items[1] = (struct record_item){.action = RECORD_PUT, .field = 102, .text = span("title")};
	op.items[2] = (struct record_item){.action = RECORD_ADD, .field = 111, .text = span("RU")};
	op.items[3] = (struct record_item){.action = RECORD_NOTE, .field = 65, .at = 9, .text = span("line\nline")};
	op.items[4] = (struct record_item){.action = RECORD_MARK, .field = 102, .flag = 2};
	op.items[5] = (struct record_item){.action = RECORD_DROP, .field = 111, .text = span("DE"), .dots = two_dots,
	    .dot_count = 2};
	op.count = 6;
}

static size_t
written(void)
{
	size_t size;

	assert_ok(record_op_write(bytes, sizeof(bytes), &size, &op));
	return size;
}

static void
what_was_written_is_read_and_written_the_same(void **state)
{
	static uint8_t copy[RECORD_OP_MAX];
	size_t size, size_again;

	(void)state;
	fill();
	size = written();
	assert_ok(record_op_read(&again, bytes, size));
	assert_int_equal(again.count, op.count);
	assert_ok(record_op_write(copy, sizeof(copy), &size_again, &again));
	assert_int_equal(size_again, size);
	assert_memory_equal(copy, bytes, size);
}

static void
cut_anywhere_or_with_a_byte_behind_it_is_refused(void **state)
{
	size_t size;

	(void)state;
	fill();
	size = written();
	/* A cut between two items leaves an operation; not so with bytes behind it. */
	for (size_t cut = 0; cut < size; cut++)
		if (record_op_read(&again, bytes, cut) == CAIRN_OK)
			assert_true(again.count < op.count);
	bytes[size] = 0;
	assert_err(record_op_read(&again, bytes, size + 1), CAIRN_ERR_FORMAT);
}

/* Writes one item and alters a byte of it. */
static int
altered(struct record_item item, size_t at, uint8_t byte)
{
	size_t size;

	memset(&op, 0, sizeof(op));
	op.kind = 1;
	op.count = 1;
	op.items[0] = item;
	size = written();
	bytes[at] = byte;
	return record_op_read(&again, bytes, size);
}

#define VALUE_AT 25U

static void
what_no_action_has_is_refused(void **state)
{
	struct record_item put = {.action = RECORD_PUT, .field = 1, .text = span("x")};
	struct record_item retract = {.action = RECORD_RETRACT, .flag = 1};
	struct record_item drop = {
	    .action = RECORD_DROP, .field = 1, .text = span("x"), .dots = two_dots, .dot_count = 2};

	(void)state;
	assert_ok(altered(put, 0, 1));
	assert_err(altered(put, 0, 2), CAIRN_ERR_FORMAT);           /* version */
	assert_err(altered(put, 1, 0), CAIRN_ERR_FORMAT);           /* kind */
	assert_err(altered(put, 18, 0), CAIRN_ERR_FORMAT);          /* action */
	assert_err(altered(put, 18, 7), CAIRN_ERR_FORMAT);
	assert_err(altered(put, 20, 0), CAIRN_ERR_FORMAT);          /* field 0 */
	assert_err(altered(put, VALUE_AT, 0), CAIRN_ERR_FORMAT);    /* control characters */
	assert_err(altered(put, VALUE_AT, 0x7f), CAIRN_ERR_FORMAT);
	assert_err(altered(put, VALUE_AT, 0xff), CAIRN_ERR_FORMAT); /* not UTF-8 */
	assert_err(altered(retract, VALUE_AT, 2), CAIRN_ERR_FORMAT);
	assert_err(altered(drop, VALUE_AT + 3, 3), CAIRN_ERR_FORMAT); /* dots out of order */
}

static void
items_out_of_order_or_twice_are_refused(void **state)
{
	static const uint8_t item[] = {1, 0, 9, 0, 0, 0, 1, 'x'};
	size_t head = 18;

	(void)state;
	memset(bytes, 0, head);
	bytes[0] = bytes[1] = 1;
	memcpy(bytes + head, item, sizeof(item));
	assert_ok(record_op_read(&again, bytes, head + sizeof(item)));
	memcpy(bytes + head + sizeof(item), item, sizeof(item));
	assert_err(record_op_read(&again, bytes, head + 2 * sizeof(item)), CAIRN_ERR_FORMAT);
	bytes[head + sizeof(item) + 2] = 8;
	assert_err(record_op_read(&again, bytes, head + 2 * sizeof(item)), CAIRN_ERR_FORMAT);
	bytes[head + sizeof(item) + 2] = 10;
	assert_ok(record_op_read(&again, bytes, head + 2 * sizeof(item)));
}

static void
a_length_beyond_the_end_is_refused(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++)
		assert_err(altered((struct record_item){.action = RECORD_PUT, .field = 1, .text = span("x")},
			       21 + i, 0xff),
		    CAIRN_ERR_FORMAT);
}

static void
nothing_and_the_same_twice_are_not_written(void **state)
{
	size_t size;

	(void)state;
	fill();
	op.count = 0;
	assert_err(record_op_write(bytes, sizeof(bytes), &size, &op), CAIRN_ERR_RANGE);
	fill();
	op.items[0] = op.items[1];
	assert_err(record_op_write(bytes, sizeof(bytes), &size, &op), CAIRN_ERR_RANGE);
}

static void
more_than_the_room_is_not_written(void **state)
{
	size_t size;

	(void)state;
	fill();
	assert_err(record_op_write(bytes, 40, &size, &op), CAIRN_ERR_SPACE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_written_is_read_and_written_the_same),
	    cmocka_unit_test(cut_anywhere_or_with_a_byte_behind_it_is_refused),
	    cmocka_unit_test(what_no_action_has_is_refused),
	    cmocka_unit_test(items_out_of_order_or_twice_are_refused),
	    cmocka_unit_test(a_length_beyond_the_end_is_refused),
	    cmocka_unit_test(nothing_and_the_same_twice_are_not_written),
	    cmocka_unit_test(more_than_the_room_is_not_written),
	};

	return RUN_TESTS(tests);
}
