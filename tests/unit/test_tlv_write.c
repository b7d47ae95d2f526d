// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "base/bytes.h"
#include "cairn/tlv.h"

static uint8_t plain[CAIRN_REPLY_PLAIN_BYTES];
static const uint8_t some[8192];

static void
records_are_written_one_behind_the_other(void **state)
{
	static const uint8_t want[] = {0x80, 0x0f, 0, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
	    0x00, 0x09, 0, 1, 3, 0x00, 0x0d, 0, 4, 0, 7, 0x53, 0x35, 0, 0};
	struct cairn_tlv_writer w;

	(void)state;
	memset(plain, 0xff, sizeof plain);
	cairn_tlv_begin(&w, plain, sizeof plain);
	cairn_tlv_put(&w, CAIRN_TLV_retraction, want + 4, 16);
	cairn_tlv_put_u8(&w, CAIRN_TLV_urgency, 3);
	cairn_tlv_put_u32(&w, CAIRN_TLV_check_in, 480053);
	assert_ok(cairn_tlv_end(&w));
	assert_memory_equal(plain, want, sizeof want);
}

static void
what_is_not_written_is_zero(void **state)
{
	struct cairn_tlv_writer w;

	(void)state;
	memset(plain, 0xff, sizeof plain);
	cairn_tlv_begin(&w, plain, sizeof plain);
	assert_memory_equal(plain, some, sizeof plain);
}

static void
a_number_goes_before_the_text(void **state)
{
	struct cairn_tlv_writer w;

	(void)state;
	cairn_tlv_begin(&w, plain, sizeof plain);
	cairn_tlv_put_numbered(&w, CAIRN_TLV_question, 0x0102, "who?", 4);
	assert_ok(cairn_tlv_end(&w));
	assert_memory_equal(plain, "\0\x20\0\6\1\2who?\0\0", 12);
}

static void
a_text_goes_behind_its_group_and_place(void **state)
{
	struct cairn_tlv_writer w;

	(void)state;
	cairn_tlv_begin(&w, plain, sizeof plain);
	cairn_tlv_put_text(&w, (const uint8_t *)"group678", 1, 2, "abc", 3);
	assert_ok(cairn_tlv_end(&w));
	assert_memory_equal(plain, "\0\5\0\15group678\1\2abc\0\0", 19);
}

static void
a_value_of_all_the_room_fits_and_one_more_does_not(void **state)
{
	struct cairn_tlv_writer w;

	(void)state;
	for (size_t more = 0; more <= 1; more++) {
		cairn_tlv_begin(&w, plain, sizeof plain);
		cairn_tlv_put_u8(&w, CAIRN_TLV_urgency, 1);
		assert_int_equal(cairn_tlv_room(&w), sizeof plain - 5 - 4 - 2);
		cairn_tlv_put(&w, 0x7ffe, some, cairn_tlv_room(&w) + more);
		assert_err(cairn_tlv_end(&w), more == 0 ? CAIRN_OK : CAIRN_ERR_SPACE);
	}
}

static void
a_full_plaintext_has_no_room_and_takes_no_more(void **state)
{
	struct cairn_tlv_writer w;

	(void)state;
	cairn_tlv_begin(&w, plain, sizeof plain);
	cairn_tlv_put(&w, 0x7ffe, some, cairn_tlv_room(&w));
	assert_int_equal(cairn_tlv_room(&w), 0);
	assert_ok(cairn_tlv_end(&w));
	cairn_tlv_put(&w, 0x7ffe, some, 0);
	assert_err(cairn_tlv_end(&w), CAIRN_ERR_SPACE);
	assert_int_equal(w.used, sizeof plain - 2);
}

static void
a_length_that_the_table_does_not_allow_is_not_written(void **state)
{
	static const struct {
		uint16_t type;
		size_t bytes;
	} rows[] = {
	    {CAIRN_TLV_msgid, 15}, {CAIRN_TLV_msgid, 17}, {CAIRN_TLV_language, 36}, {0, 4}, {0x7ffe, 65536}};
	struct cairn_tlv_writer w;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		cairn_tlv_begin(&w, plain, sizeof plain);
		cairn_tlv_put(&w, rows[i].type, some, rows[i].bytes);
		assert_err(cairn_tlv_end(&w), CAIRN_ERR_RANGE);
		assert_memory_equal(plain, some, sizeof plain);
	}
}

static void
an_empty_text_is_not_written(void **state)
{
	struct cairn_tlv_writer w;

	(void)state;
	cairn_tlv_begin(&w, plain, sizeof plain);
	cairn_tlv_put_text(&w, some, 0, 1, "", 0);
	assert_err(cairn_tlv_end(&w), CAIRN_ERR_RANGE);
	cairn_tlv_begin(&w, plain, sizeof plain);
	cairn_tlv_put_numbered(&w, CAIRN_TLV_question, 1, "", 0);
	assert_err(cairn_tlv_end(&w), CAIRN_ERR_RANGE);
}

static void
a_huge_text_does_not_wrap_around(void **state)
{
	struct cairn_tlv_writer w;

	(void)state;
	cairn_tlv_begin(&w, plain, sizeof plain);
	/* With its two bytes of number, a type without a length of its own: 0. */
	cairn_tlv_put_numbered(&w, 0x7ffe, 1, "x", SIZE_MAX - 1);
	assert_err(cairn_tlv_end(&w), CAIRN_ERR_RANGE);
}

static void
after_an_error_nothing_more_is_written(void **state)
{
	struct cairn_tlv_writer w;

	(void)state;
	cairn_tlv_begin(&w, plain, sizeof plain);
	cairn_tlv_put(&w, CAIRN_TLV_msgid, some, 1);
	cairn_tlv_put_u8(&w, CAIRN_TLV_urgency, 1);
	assert_err(cairn_tlv_end(&w), CAIRN_ERR_RANGE);
	assert_memory_equal(plain, some, sizeof plain);
}

static void
a_piece_never_cuts_a_character(void **state)
{
	static const char text[] = "a\xd0\xb6\xe2\x82\xac\xf0\x9f\x95\x8a"; /* of 1, 2, 3 and 4 bytes */

	(void)state;
	assert_int_equal(cairn_text_piece(text, 10, 10), 10);
	assert_int_equal(cairn_text_piece(text, 10, 100), 10);
	for (size_t most = 6; most <= 9; most++)
		assert_int_equal(cairn_text_piece(text, 10, most), 6);
	assert_int_equal(cairn_text_piece(text, 10, 5), 3);
	assert_int_equal(cairn_text_piece(text, 10, 4), 3);
	assert_int_equal(cairn_text_piece(text + 6, 4, 4), 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(records_are_written_one_behind_the_other),
	    cmocka_unit_test(what_is_not_written_is_zero),
	    cmocka_unit_test(a_number_goes_before_the_text),
	    cmocka_unit_test(a_text_goes_behind_its_group_and_place),
	    cmocka_unit_test(a_value_of_all_the_room_fits_and_one_more_does_not),
	    cmocka_unit_test(a_full_plaintext_has_no_room_and_takes_no_more),
	    cmocka_unit_test(a_length_that_the_table_does_not_allow_is_not_written),
	    cmocka_unit_test(an_empty_text_is_not_written),
	    cmocka_unit_test(a_huge_text_does_not_wrap_around),
	    cmocka_unit_test(after_an_error_nothing_more_is_written),
	    cmocka_unit_test(a_piece_never_cuts_a_character),
	};

	return RUN_TESTS(tests);
}
