// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "base/writer.h"
#include "cairn/feed.h"

static uint8_t body[8192];
static struct writer w;
static struct cairn_feed_answer answer;

/* An answer with that head and nothing behind it yet. */
static void
begin(uint64_t head)
{
	writer_init(&w, body, sizeof body);
	write_u64(&w, head);
}

static void
entry(uint64_t seq, uint8_t state, uint32_t bytes)
{
	static const uint8_t zeros[4096];

	write_u64(&w, seq);
	write_u8(&w, state);
	write_u32(&w, bytes);
	write_bytes(&w, zeros, bytes);
}

static int
read_from(uint64_t from)
{
	return cairn_feed_answer_read(&answer, body, w.used, from);
}

static void
records_and_what_is_left_of_them_come_in_order(void **state)
{
	struct cairn_feed_entry got;
	size_t at = 0;

	(void)state;
	begin(9);
	entry(5, 1, 1024);
	entry(6, 0, 32);
	entry(7, 1, 4096);
	assert_ok(read_from(5));
	assert_int_equal(answer.head, 9);
	for (uint64_t seq = 5; seq < 8; seq++) {
		assert_true(cairn_feed_answer_next(&answer, &at, &got));
		assert_int_equal(got.seq, seq);
		assert_int_equal(got.deleted, seq == 6);
		assert_int_equal(got.size, seq == 5 ? 1024 : seq == 6 ? 32
								      : 4096);
	}
	assert_false(cairn_feed_answer_next(&answer, &at, &got));
}

static void
nothing_comes_only_where_there_is_nothing(void **state)
{
	(void)state;
	begin(5);
	assert_ok(read_from(5));
	assert_err(read_from(4), CAIRN_ERR_FORMAT);
	assert_err(read_from(6), CAIRN_ERR_FORMAT);
}

static void
a_gap_another_order_or_more_than_there_is_refuses(void **state)
{
	(void)state;
	begin(9);
	entry(5, 1, 1024);
	assert_err(read_from(4), CAIRN_ERR_FORMAT);
	assert_err(read_from(6), CAIRN_ERR_FORMAT);
	entry(7, 1, 1024);
	assert_err(read_from(5), CAIRN_ERR_FORMAT);
	begin(9);
	entry(5, 1, 1024);
	entry(5, 1, 1024);
	assert_err(read_from(5), CAIRN_ERR_FORMAT);
	begin(5);
	entry(5, 1, 1024);
	assert_err(read_from(5), CAIRN_ERR_FORMAT);
}

static void
entries_have_known_states_and_sizes(void **state)
{
	static const struct {
		uint8_t state;
		uint32_t bytes;
	} rows[] = {{2, 32}, {1, 32}, {0, 1024}, {1, 0}, {1, 1023}, {1, 2048}, {0, 31}, {0, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		begin(9);
		entry(0, rows[i].state, rows[i].bytes);
		assert_err(read_from(0), CAIRN_ERR_FORMAT);
		assert_null(answer.entries);
	}
}

static void
an_answer_that_is_cut_off_refuses(void **state)
{
	(void)state;
	begin(9);
	entry(0, 1, 1024);
	for (size_t bytes = 0; bytes < w.used; bytes++)
		assert_err(cairn_feed_answer_read(&answer, body, bytes, 0), CAIRN_ERR_FORMAT);
	assert_ok(read_from(0));
}

static void
a_head_is_eight_bytes(void **state)
{
	uint64_t head;

	(void)state;
	begin(77);
	assert_ok(cairn_feed_head_read(&head, body, 8));
	assert_int_equal(head, 77);
	assert_err(cairn_feed_head_read(&head, body, 7), CAIRN_ERR_FORMAT);
	assert_err(cairn_feed_head_read(&head, body, 9), CAIRN_ERR_FORMAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(records_and_what_is_left_of_them_come_in_order),
	    cmocka_unit_test(nothing_comes_only_where_there_is_nothing),
	    cmocka_unit_test(a_gap_another_order_or_more_than_there_is_refuses),
	    cmocka_unit_test(entries_have_known_states_and_sizes),
	    cmocka_unit_test(an_answer_that_is_cut_off_refuses),
	    cmocka_unit_test(a_head_is_eight_bytes),
	};

	return RUN_TESTS(tests);
}
