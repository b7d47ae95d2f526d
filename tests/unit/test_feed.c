// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

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

/* --- a record, as the relay looks at it --- */

#define NOON (UINT64_C(20700) * 86400 + 43200)

static struct {
	uint8_t desk_id[32], device[16], key[32], secret[64];
	struct cairn_feed_head head;
	struct cairn_feed_place place;
	uint8_t bytes[1024];
} rec;

/* One that is right, of that day, at noon. */
static void
record_make(void)
{
	memset(&rec, 0, sizeof rec);
	memset(rec.desk_id, 7, sizeof rec.desk_id);
	memset(rec.device, 8, sizeof rec.device);
	crypto_sign_keypair(rec.key, rec.secret);
	rec.head = (struct cairn_feed_head){.seq = 5, .prev = {1}, .gen = 3, .day = 20700};
	memcpy(rec.head.device, rec.device, sizeof rec.device);
	rec.place = (struct cairn_feed_place){rec.desk_id, rec.device, rec.key, 5, NOON};
}

static int
record_check(void)
{
	struct cairn_feed_head head;

	cairn_feed_record_head_write(rec.bytes, &rec.head);
	cairn_feed_record_sign(rec.bytes, sizeof rec.bytes, rec.desk_id, rec.secret);
	return cairn_feed_record_check(&head, rec.bytes, sizeof rec.bytes, &rec.place);
}

static void
a_record_says_where_it_stands_and_whose_it_is(void **state)
{
	const uint8_t other[32] = {0};

	(void)state;
	record_make();
	assert_ok(record_check());
	rec.place.seq = 6;
	assert_err(record_check(), CAIRN_ERR_RANGE);
	rec.place.seq = 5;
	rec.place.device = other;
	assert_err(record_check(), CAIRN_ERR_DENIED);
	rec.place.device = rec.device;
	rec.place.desk_id = other;
	assert_err(record_check(), CAIRN_ERR_CRYPTO);
}

static void
a_record_of_another_version_or_size_is_none(void **state)
{
	struct cairn_feed_head head;

	(void)state;
	record_make();
	assert_ok(record_check());
	rec.bytes[0] = 2;
	assert_err(cairn_feed_record_check(&head, rec.bytes, sizeof rec.bytes, &rec.place), CAIRN_ERR_FORMAT);
	rec.bytes[0] = 1;
	assert_err(cairn_feed_record_check(&head, rec.bytes, 1000, &rec.place), CAIRN_ERR_FORMAT);
}

static void
a_record_that_was_altered_is_not_its_device_s(void **state)
{
	struct cairn_feed_head head;

	(void)state;
	record_make();
	assert_ok(record_check());
	for (size_t at = 9; at < sizeof rec.bytes; at += 97) {
		rec.bytes[at] ^= 1;
		assert_true(cairn_feed_record_check(&head, rec.bytes, sizeof rec.bytes, &rec.place) != CAIRN_OK);
		rec.bytes[at] ^= 1;
	}
}

/* By the clock that is a minute ahead of the relay's, as far as it lets one in. */
static void
a_record_is_of_the_day_or_the_one_before(void **state)
{
	static const struct {
		uint64_t now;
		uint32_t first, last;
	} rows[] = {
	    {NOON, 20699, 20700},
	    {NOON + 43139, 20699, 20700},
	    {NOON + 43140, 20700, 20701},
	    {NOON + 43200, 20700, 20701},
	};

	(void)state;
	record_make();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		rec.place.now = rows[i].now;
		for (rec.head.day = 20690; rec.head.day < 20710; rec.head.day++)
			assert_err(record_check(),
			    rec.head.day < rows[i].first || rec.head.day > rows[i].last ? CAIRN_ERR_CLOCK : CAIRN_OK);
		rec.head.day = UINT32_MAX;
		assert_err(record_check(), CAIRN_ERR_CLOCK);
		rec.head.day = 0;
		assert_err(record_check(), CAIRN_ERR_CLOCK);
	}
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
	    cmocka_unit_test(a_record_says_where_it_stands_and_whose_it_is),
	    cmocka_unit_test(a_record_of_another_version_or_size_is_none),
	    cmocka_unit_test(a_record_that_was_altered_is_not_its_device_s),
	    cmocka_unit_test(a_record_is_of_the_day_or_the_one_before),
	};

	return RUN_TESTS(tests);
}
