// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "cairn/conversation.h"
#include "cairn/tlv.h"

#define DAY 20002U
#define END_BYTES 2U

static uint8_t plain[CAIRN_DROP_PLAIN_BYTES];
static size_t used;
static uint8_t hello[CAIRN_HELLO_BLOCK_BYTES + CAIRN_MAC_BYTES];
static const uint8_t msgid[CAIRN_MSGID_BYTES] = {1};
static const uint8_t some[8192];

/* Each test begins with an empty plaintext and the hello block of one conversation. */
static int
begin(void **state)
{
	static const uint8_t root[CAIRN_KEY_BYTES] = {7};
	struct cairn_conversation conv;

	(void)state;
	memset(plain, 0, sizeof plain);
	memset(hello, 0, sizeof hello);
	used = 0;
	cairn_conversation_init(&conv, root);
	cairn_hello_block(hello, &conv, DAY);
	return 0;
}

/* As cairn_tlv_put(), but asks nothing. */
static void
put(uint16_t type, const void *value, size_t bytes)
{
	put_u16(plain + used, type);
	put_u16(plain + used + 2, (uint16_t)bytes);
	memcpy(plain + used + 4, value, bytes);
	used += 4 + bytes;
}

static void
put_msgid(void)
{
	put(CAIRN_TLV_msgid, msgid, sizeof msgid);
}

static int
check(enum cairn_tlv_place place)
{
	size_t bytes = place == CAIRN_PLACE_REPLY ? CAIRN_REPLY_PLAIN_BYTES : CAIRN_DROP_PLAIN_BYTES;

	return cairn_tlv_check(plain, bytes, place, DAY);
}

/* A campaign cell of a msgid and one more record. */
static int
check_one(uint16_t type, const void *value, size_t bytes)
{
	begin(NULL);
	put_msgid();
	put(type, value, bytes);
	return check(CAIRN_PLACE_CAMPAIGN);
}

static int
check_reply(uint16_t type, const void *value, size_t bytes)
{
	begin(NULL);
	put_msgid();
	put(type, value, bytes);
	return check(CAIRN_PLACE_REPLY);
}

static void
msgid_alone_is_a_cell_for_campaign_and_for_a_person(void **state)
{
	(void)state;
	put_msgid();
	assert_ok(check(CAIRN_PLACE_CAMPAIGN));
	assert_ok(check(CAIRN_PLACE_REPLY));
}

static void
every_cell_has_one_msgid(void **state)
{
	(void)state;
	assert_err(check(CAIRN_PLACE_CAMPAIGN), CAIRN_ERR_FORMAT);
	assert_err(check(CAIRN_PLACE_REPLY), CAIRN_ERR_FORMAT);
	put(CAIRN_TLV_hello, hello, sizeof hello);
	assert_err(check(CAIRN_PLACE_INTAKE), CAIRN_ERR_FORMAT);
	put_msgid();
	assert_ok(check(CAIRN_PLACE_INTAKE));
	put_msgid();
	assert_err(check(CAIRN_PLACE_INTAKE), CAIRN_ERR_FORMAT);
}

static void
intake_asks_for_hello(void **state)
{
	(void)state;
	put_msgid();
	assert_err(check(CAIRN_PLACE_INTAKE), CAIRN_ERR_FORMAT);
}

static void
hello_stands_first_or_nowhere(void **state)
{
	(void)state;
	put_msgid();
	put(CAIRN_TLV_hello, hello, sizeof hello);
	assert_err(check(CAIRN_PLACE_INTAKE), CAIRN_ERR_FORMAT);
	assert_err(check(CAIRN_PLACE_CAMPAIGN), CAIRN_ERR_FORMAT);
}

static void
an_unknown_record_in_front_of_hello_is_one_too_many(void **state)
{
	(void)state;
	put(0x7ff1, some, 3);
	put(CAIRN_TLV_hello, hello, sizeof hello);
	put_msgid();
	assert_err(check(CAIRN_PLACE_INTAKE), CAIRN_ERR_FORMAT);
}

static void
hello_and_second_are_of_the_day_in_the_header(void **state)
{
	(void)state;
	put(CAIRN_TLV_hello, hello, sizeof hello);
	put_msgid();
	assert_err(
	    cairn_tlv_check(plain, sizeof plain, CAIRN_PLACE_INTAKE, DAY + 1), CAIRN_ERR_FORMAT);
	assert_ok(check_one(CAIRN_TLV_second, hello, CAIRN_HELLO_BLOCK_BYTES));
	assert_err(
	    cairn_tlv_check(plain, sizeof plain, CAIRN_PLACE_CAMPAIGN, DAY - 1), CAIRN_ERR_FORMAT);
}

static void
a_public_key_of_low_order_is_refused_in_hello_and_second(void **state)
{
	(void)state;
	memset(hello + CAIRN_XWING_PUBLIC_BYTES, 0, 32);
	put(CAIRN_TLV_hello, hello, sizeof hello);
	put_msgid();
	assert_err(check(CAIRN_PLACE_INTAKE), CAIRN_ERR_KEY);
	begin(NULL);
	memset(hello + CAIRN_XWING_POINT_AT, 0, 32);
	put(CAIRN_TLV_second, hello, CAIRN_HELLO_BLOCK_BYTES);
	put_msgid();
	assert_err(check(CAIRN_PLACE_CAMPAIGN), CAIRN_ERR_KEY);
}

static void
the_top_bit_makes_an_unknown_type_refuse(void **state)
{
	(void)state;
	assert_ok(check_one(0x0002, some, 5));
	assert_err(check_one(0x8002, some, 5), CAIRN_ERR_FORMAT);
	assert_err(check_one(0xffff, some, 0), CAIRN_ERR_FORMAT);
}

static void
a_known_type_with_the_top_bit_flipped_is_another_type(void **state)
{
	(void)state;
	assert_err(check_one(0x8009, "\1", 1), CAIRN_ERR_FORMAT);
	/* 0x0003 is not msgid: it is skipped, and counts for nothing. */
	assert_ok(check_one(0x0003, some, 16));
}

static void
unknown_types_are_skipped_also_twice_and_empty(void **state)
{
	(void)state;
	put(0x7ffe, some, 0);
	put(0x7ffe, some, 9);
	put_msgid();
	put(0x7ffe, some, 100);
	assert_ok(check(CAIRN_PLACE_CAMPAIGN));
}

static void
what_stands_once_is_refused_twice(void **state)
{
	(void)state;
	assert_ok(check_one(CAIRN_TLV_language, "ru", 2));
	put(CAIRN_TLV_language, "ru", 2);
	assert_err(check(CAIRN_PLACE_CAMPAIGN), CAIRN_ERR_FORMAT);
}

static void
what_may_stand_often_does(void **state)
{
	(void)state;
	assert_ok(check_one(CAIRN_TLV_retraction, some, 16));
	put(CAIRN_TLV_retraction, some, 16);
	put(CAIRN_TLV_retraction, msgid, 16);
	assert_ok(check(CAIRN_PLACE_CAMPAIGN));
}

static void
a_desk_sends_nothing_that_is_a_persons(void **state)
{
	(void)state;
	assert_ok(check_one(CAIRN_TLV_urgency, "\1", 1));
	assert_err(check_reply(CAIRN_TLV_urgency, "\1", 1), CAIRN_ERR_FORMAT);
	assert_err(check_reply(CAIRN_TLV_retraction, some, 16), CAIRN_ERR_FORMAT);
}

static void
a_person_sends_nothing_that_is_a_desks(void **state)
{
	(void)state;
	assert_ok(check_reply(CAIRN_TLV_pass, some, 16));
	assert_err(check_one(CAIRN_TLV_pass, some, 16), CAIRN_ERR_FORMAT);
	assert_err(check_one(CAIRN_TLV_answer_by, some, 4), CAIRN_ERR_FORMAT);
}

static void
the_end_mark_must_be_there(void **state)
{
	(void)state;
	put_msgid();
	put(0x7ffe, some, sizeof plain - used - 4 - END_BYTES);
	assert_ok(check(CAIRN_PLACE_CAMPAIGN));
	for (size_t more = 1; more <= END_BYTES; more++) {
		begin(NULL);
		put_msgid();
		put(0x7ffe, some, sizeof plain - used - 4 - END_BYTES + more);
		assert_err(check(CAIRN_PLACE_CAMPAIGN), CAIRN_ERR_FORMAT);
	}
}

static void
a_record_that_runs_past_the_end_is_refused(void **state)
{
	(void)state;
	put_msgid();
	put_u16(plain + used, 0x7ffe);
	put_u16(plain + used + 2, 0xffff);
	assert_err(check(CAIRN_PLACE_CAMPAIGN), CAIRN_ERR_FORMAT);
}

static void
every_byte_behind_the_end_is_zero(void **state)
{
	(void)state;
	for (size_t at = 20 + END_BYTES; at < sizeof plain; at += 7023) {
		begin(NULL);
		put_msgid();
		plain[at] = 1;
		assert_err(check(CAIRN_PLACE_CAMPAIGN), CAIRN_ERR_FORMAT);
	}
}

static void
lengths_outside_the_table_are_refused(void **state)
{
	static const struct {
		uint16_t type;
		size_t least, most;
	} rows[] = {
	    {CAIRN_TLV_seen, 44, 44},
	    {CAIRN_TLV_need, 1, 16},
	    {CAIRN_TLV_urgency, 1, 1},
	    {CAIRN_TLV_check_in, 4, 4},
	    {CAIRN_TLV_retraction, 16, 16},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_err(check_one(rows[i].type, some, rows[i].least - 1), CAIRN_ERR_FORMAT);
		assert_ok(check_one(rows[i].type, some, rows[i].least));
		assert_ok(check_one(rows[i].type, some, rows[i].most));
		assert_err(check_one(rows[i].type, some, rows[i].most + 1), CAIRN_ERR_FORMAT);
	}
}

static void
hello_has_one_length(void **state)
{
	(void)state;
	put(CAIRN_TLV_hello, hello, CAIRN_HELLO_BLOCK_BYTES);
	put_msgid();
	assert_err(check(CAIRN_PLACE_INTAKE), CAIRN_ERR_FORMAT);
	assert_err(check_one(CAIRN_TLV_second, hello, sizeof hello), CAIRN_ERR_FORMAT);
}

static void
a_text_is_a_part_of_so_many(void **state)
{
	(void)state;
	assert_ok(check_one(CAIRN_TLV_text, "group678\0\1x", 11));
	assert_ok(check_one(CAIRN_TLV_text, "group678\376\377x", 11));
	assert_err(check_one(CAIRN_TLV_text, "group678\1\1x", 11), CAIRN_ERR_FORMAT);
	assert_err(check_one(CAIRN_TLV_text, "group678\0\0x", 11), CAIRN_ERR_FORMAT);
	assert_err(check_one(CAIRN_TLV_text, "group678\0\1", 10), CAIRN_ERR_FORMAT);
}

static void
each_part_of_a_text_is_whole_utf8(void **state)
{
	(void)state;
	assert_ok(check_one(CAIRN_TLV_text, "group678\0\2\xd0\xb6", 12));
	assert_err(check_one(CAIRN_TLV_text, "group678\0\2x\xd0", 12), CAIRN_ERR_FORMAT);
	assert_err(check_one(CAIRN_TLV_text, "group678\1\2\xb6x", 12), CAIRN_ERR_FORMAT);
	assert_err(check_one(CAIRN_TLV_text, "group678\0\1\xed\xa0\x80", 13), CAIRN_ERR_FORMAT);
}

static void
no_text_has_a_zero(void **state)
{
	(void)state;
	assert_err(check_one(CAIRN_TLV_text, "group678\0\1a\0b", 13), CAIRN_ERR_FORMAT);
	assert_err(check_one(CAIRN_TLV_statement, "\0a\0", 3), CAIRN_ERR_FORMAT);
	assert_err(check_one(CAIRN_TLV_all_clear, "a\0b", 3), CAIRN_ERR_FORMAT);
	assert_err(check_one(CAIRN_TLV_answer, "\0\1\0", 3), CAIRN_ERR_FORMAT);
	assert_err(check_reply(CAIRN_TLV_question, "\0\1a\0", 4), CAIRN_ERR_FORMAT);
}

static void
numbered_texts_are_utf8_behind_their_number(void **state)
{
	(void)state;
	assert_ok(check_one(CAIRN_TLV_answer, "\xff\xff"
					      "a",
	    3));
	assert_err(check_one(CAIRN_TLV_answer, "\0\1\xff", 3), CAIRN_ERR_FORMAT);
	assert_ok(check_reply(CAIRN_TLV_question, "\0\0?", 3));
	assert_err(check_reply(CAIRN_TLV_question, "\0\1\xc3", 3), CAIRN_ERR_FORMAT);
}

static void
the_all_clear_is_utf8(void **state)
{
	(void)state;
	assert_ok(check_one(CAIRN_TLV_all_clear, "\xd0\xb6", 2));
	assert_err(check_one(CAIRN_TLV_all_clear, "\xb6\xd0", 2), CAIRN_ERR_FORMAT);
}

static void
a_statement_has_one_of_four_slots(void **state)
{
	(void)state;
	assert_ok(check_one(CAIRN_TLV_statement, "\0x", 2));
	assert_ok(check_one(CAIRN_TLV_statement, "\3x", 2));
	assert_err(check_one(CAIRN_TLV_statement, "\4x", 2), CAIRN_ERR_FORMAT);
	assert_err(check_one(CAIRN_TLV_statement, "\3\xc3", 2), CAIRN_ERR_FORMAT);
}

static void
a_language_is_a_tag(void **state)
{
	(void)state;
	assert_ok(check_one(CAIRN_TLV_language, "zh-Hant-TW", 10));
	assert_err(check_one(CAIRN_TLV_language, "r\0", 2), CAIRN_ERR_FORMAT);
	assert_err(check_one(CAIRN_TLV_language, "ru_RU", 5), CAIRN_ERR_FORMAT);
}

static void
an_answer_window_is_of_minutes_of_a_day_and_weekdays(void **state)
{
	(void)state;
	assert_ok(check_one(CAIRN_TLV_answer_window, "\x05\x9f\0\0\x7f", 5));
	assert_ok(check_one(CAIRN_TLV_answer_window, "\0\0\x05\x9f\x01", 5));
	assert_err(check_one(CAIRN_TLV_answer_window, "\x05\xa0\0\0\x7f", 5), CAIRN_ERR_FORMAT);
	assert_err(check_one(CAIRN_TLV_answer_window, "\0\0\x05\xa0\x7f", 5), CAIRN_ERR_FORMAT);
	assert_err(check_one(CAIRN_TLV_answer_window, "\0\0\0\1\x80", 5), CAIRN_ERR_FORMAT);
}

static void
needs_and_urgencies_of_later_versions_are_taken(void **state)
{
	(void)state;
	assert_ok(check_one(CAIRN_TLV_need, "\1\0\xff", 3));
	assert_ok(check_one(CAIRN_TLV_urgency, "\xff", 1));
}

static void
a_file_has_the_blobs_that_its_size_needs(void **state)
{
	uint8_t file[79] = {0};

	(void)state;
	memcpy(file + 76, "a/b", 3);
	file[35] = 1;
	file[43] = 1;
	assert_ok(check_one(CAIRN_TLV_file, file, sizeof file));
	file[35] = 2;
	assert_err(check_one(CAIRN_TLV_file, file, sizeof file), CAIRN_ERR_FORMAT);
}

static void
records_come_back_in_order_unknown_ones_too(void **state)
{
	struct cairn_records at = {plain, sizeof plain};
	struct cairn_record record;

	(void)state;
	put(0x7ffe, "ab", 2);
	put_msgid();
	assert_true(cairn_tlv_next(&at, &record));
	assert_int_equal(record.type, 0x7ffe);
	assert_int_equal(record.bytes, 2);
	assert_memory_equal(record.value, "ab", 2);
	assert_true(cairn_tlv_next(&at, &record));
	assert_int_equal(record.type, CAIRN_TLV_msgid);
	assert_false(cairn_tlv_next(&at, &record));
}

static void
the_first_record_of_a_type_is_found(void **state)
{
	struct cairn_record record;

	(void)state;
	put_msgid();
	put(CAIRN_TLV_retraction, some, 16);
	put(CAIRN_TLV_retraction, msgid, 16);
	assert_true(cairn_tlv_find(plain, sizeof plain, CAIRN_TLV_retraction, &record));
	assert_memory_equal(record.value, some, 16);
	assert_false(cairn_tlv_find(plain, sizeof plain, CAIRN_TLV_text, &record));
}

static void
a_text_is_taken_apart(void **state)
{
	const struct cairn_record record = {CAIRN_TLV_text, 13, (const uint8_t *)"group678\1\2abc"};
	struct cairn_text_part part;

	(void)state;
	assert_ok(cairn_text_read(&part, &record));
	assert_memory_equal(part.group, "group678", 8);
	assert_int_equal(part.part, 1);
	assert_int_equal(part.parts, 2);
	assert_int_equal(part.bytes, 3);
	assert_memory_equal(part.text, "abc", 3);
}

static void
types_have_names_with_hyphens(void **state)
{
	(void)state;
	assert_string_equal(cairn_tlv_name(CAIRN_TLV_check_in_due), "check-in-due");
	assert_string_equal(cairn_tlv_name(CAIRN_TLV_hello), "hello");
	assert_null(cairn_tlv_name(0x0001));
	assert_null(cairn_tlv_name(0));
}

#define CASE(name) cmocka_unit_test_setup(name, begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(msgid_alone_is_a_cell_for_campaign_and_for_a_person),
	    CASE(every_cell_has_one_msgid),
	    CASE(intake_asks_for_hello),
	    CASE(hello_stands_first_or_nowhere),
	    CASE(an_unknown_record_in_front_of_hello_is_one_too_many),
	    CASE(hello_and_second_are_of_the_day_in_the_header),
	    CASE(a_public_key_of_low_order_is_refused_in_hello_and_second),
	    CASE(the_top_bit_makes_an_unknown_type_refuse),
	    CASE(a_known_type_with_the_top_bit_flipped_is_another_type),
	    CASE(unknown_types_are_skipped_also_twice_and_empty),
	    CASE(what_stands_once_is_refused_twice),
	    CASE(what_may_stand_often_does),
	    CASE(a_desk_sends_nothing_that_is_a_persons),
	    CASE(a_person_sends_nothing_that_is_a_desks),
	    CASE(the_end_mark_must_be_there),
	    CASE(a_record_that_runs_past_the_end_is_refused),
	    CASE(every_byte_behind_the_end_is_zero),
	    CASE(lengths_outside_the_table_are_refused),
	    CASE(hello_has_one_length),
	    CASE(a_text_is_a_part_of_so_many),
	    CASE(each_part_of_a_text_is_whole_utf8),
	    CASE(no_text_has_a_zero),
	    CASE(numbered_texts_are_utf8_behind_their_number),
	    CASE(the_all_clear_is_utf8),
	    CASE(a_statement_has_one_of_four_slots),
	    CASE(a_language_is_a_tag),
	    CASE(an_answer_window_is_of_minutes_of_a_day_and_weekdays),
	    CASE(needs_and_urgencies_of_later_versions_are_taken),
	    CASE(a_file_has_the_blobs_that_its_size_needs),
	    CASE(records_come_back_in_order_unknown_ones_too),
	    CASE(the_first_record_of_a_type_is_found),
	    CASE(a_text_is_taken_apart),
	    CASE(types_have_names_with_hyphens),
	};

	return sodium_init() < 0 ? 1 : RUN_TESTS(tests);
}
