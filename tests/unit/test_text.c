// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "base/text.h"

#define SPAN(literal) ((struct cairn_span){(literal), sizeof(literal) - 1})

static void
a_span_is_a_text_only_as_a_whole(void **state)
{
	(void)state;
	assert_true(span_is(SPAN("desk"), "desk"));
	assert_false(span_is(SPAN("desks"), "desk"));
	assert_false(span_is(SPAN("des"), "desk"));
	assert_false(span_is(SPAN("desk\0"), "desk"));
	assert_true(span_is(SPAN(""), ""));
}

static void
spans_are_the_same_when_their_bytes_are(void **state)
{
	(void)state;
	assert_true(span_same(SPAN("a"), SPAN("a")));
	assert_false(span_same(SPAN("a"), SPAN("b")));
	assert_false(span_same(SPAN("a"), SPAN("aa")));
	assert_true(span_same((struct cairn_span){NULL, 0}, SPAN("")));
}

static void
cutting_tells_an_empty_piece_from_no_more(void **state)
{
	struct cairn_span rest = SPAN("a  b");

	(void)state;
	assert_true(span_is(span_cut(&rest, ' '), "a"));
	assert_true(span_is(span_cut(&rest, ' '), ""));
	assert_non_null(rest.text);
	assert_true(span_is(span_cut(&rest, ' '), "b"));
	assert_null(rest.text);
	assert_int_equal(rest.size, 0);
}

static void
cutting_at_the_last_byte_leaves_an_empty_rest_that_is_there(void **state)
{
	struct cairn_span rest = SPAN("line\n");

	(void)state;
	assert_true(span_is(span_cut(&rest, '\n'), "line"));
	assert_non_null(rest.text);
	assert_int_equal(rest.size, 0);
}

static void
numbers_have_one_form_only(void **state)
{
	static const char *const wrong[] = {
		"", "00", "01", "+1", "-1", " 1", "1 ", "1a", "0x1", "1.0", "\xd9\xa1",
	};
	uint64_t v = 77;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct cairn_span s = {wrong[i], strlen(wrong[i])};

		assert_err(text_number(&v, s, UINT64_MAX), CAIRN_ERR_FORMAT);
	}
	assert_true(v == 77);
	assert_ok(text_number(&v, SPAN("0"), 0));
	assert_true(v == 0);
	assert_ok(text_number(&v, SPAN("90210"), UINT32_MAX));
	assert_true(v == 90210);
}

static void
numbers_end_at_their_maximum(void **state)
{
	uint64_t v;

	(void)state;
	assert_ok(text_number(&v, SPAN("255"), 255));
	assert_err(text_number(&v, SPAN("256"), 255), CAIRN_ERR_FORMAT);
	assert_err(text_number(&v, SPAN("5"), 4), CAIRN_ERR_FORMAT);
	assert_err(text_number(&v, SPAN("10"), 9), CAIRN_ERR_FORMAT);
	assert_ok(text_number(&v, SPAN("18446744073709551615"), UINT64_MAX));
	assert_true(v == UINT64_MAX);
	assert_err(text_number(&v, SPAN("18446744073709551616"), UINT64_MAX), CAIRN_ERR_FORMAT);
	assert_err(text_number(&v, SPAN("99999999999999999999"), UINT64_MAX), CAIRN_ERR_FORMAT);
	assert_err(text_number(&v, SPAN("100000000000000000000"), UINT64_MAX), CAIRN_ERR_FORMAT);
}

static void
hex_is_lower_case_and_of_the_size_asked_for(void **state)
{
	static const uint8_t want[2] = {0x0f, 0xa0};
	uint8_t out[2];

	(void)state;
	assert_ok(text_hex(out, 2, SPAN("0fa0")));
	assert_memory_equal(out, want, 2);
	assert_err(text_hex(out, 2, SPAN("0FA0")), CAIRN_ERR_FORMAT);
	assert_err(text_hex(out, 2, SPAN("0fa")), CAIRN_ERR_FORMAT);
	assert_err(text_hex(out, 2, SPAN("0fa00")), CAIRN_ERR_FORMAT);
	assert_err(text_hex(out, 2, SPAN("0fag")), CAIRN_ERR_FORMAT);
	assert_err(text_hex(out, 2, SPAN("0f a")), CAIRN_ERR_FORMAT);
	assert_err(text_hex(out, 2, SPAN("0f:a")), CAIRN_ERR_FORMAT);
}

static void
base64_is_taken_in_its_canonical_form_only(void **state)
{
	static const char *const wrong[] = {"Zg", "Zg=", "Zh==", "Zm9=", "Zg==\n", " Zg==", "Zg==Zg==", "Zm-_"};
	uint8_t out[8];
	size_t bytes;

	(void)state;
	assert_ok(text_base64(out, sizeof out, &bytes, SPAN("Zg==")));
	assert_int_equal(bytes, 1);
	assert_int_equal(out[0], 'f');
	assert_ok(text_base64(out, sizeof out, &bytes, SPAN("Zm9vYmFy")));
	assert_int_equal(bytes, 6);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct cairn_span s = {wrong[i], strlen(wrong[i])};

		assert_err(text_base64(out, sizeof out, &bytes, s), CAIRN_ERR_FORMAT);
	}
}

static void
base64_has_64_characters_and_its_padding(void **state)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t out[3];
	char text[4] = "AAAA";
	size_t bytes;

	(void)state;
	for (int c = 0; c < 256; c++) {
		bool good = c != 0 && strchr(alphabet, c) != NULL;

		text[2] = (char)c;
		assert_int_equal(text_base64(out, sizeof out, &bytes, (struct cairn_span){text, 4}),
		    good ? CAIRN_OK : CAIRN_ERR_FORMAT);
	}
}

static void
base64_never_writes_past_its_room(void **state)
{
	uint8_t out[3] = {9, 9, 9};
	size_t bytes;

	(void)state;
	assert_err(text_base64(out, 2, &bytes, SPAN("Zm9v")), CAIRN_ERR_FORMAT);
	assert_int_equal(out[2], 9);
}

static bool
is_utf8(const char *text)
{
	return text_is_utf8((const uint8_t *)text, strlen(text));
}

static void
utf8_of_every_length_is_well_formed(void **state)
{
	(void)state;
	assert_true(is_utf8(""));
	assert_true(is_utf8("stone"));
	assert_true(is_utf8("\xc2\x80\xdf\xbf"));
	assert_true(is_utf8("\xe0\xa0\x80\xef\xbf\xbf"));
	assert_true(is_utf8("\xed\x9f\xbf\xee\x80\x80"));
	assert_true(is_utf8("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"));
	assert_true(text_is_utf8((const uint8_t *)"a\0b", 3));
}

/* Cases after Markus Kuhn's decoder stress test: overlong, surrogates, beyond U+10FFFF, cut, lone. */
static void
utf8_that_is_ill_formed_is_refused(void **state)
{
	static const char *const wrong[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
		"\xfe", "\xff", "\xc2", "\xe1\x80", "\xf1\x80\x80", "\xc2\x41", "\xe1\x80\x41", "a\xcc",
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(is_utf8(wrong[i]));
}

static void
code_points_come_one_by_one(void **state)
{
	struct cairn_span s = SPAN("a\xd1\x8f\xe2\x82\xac\xf0\x9f\xaa\xa8");

	(void)state;
	assert_int_equal(text_next(&s), 'a');
	assert_int_equal(text_next(&s), 0x44f);
	assert_int_equal(text_next(&s), 0x20ac);
	assert_int_equal(text_next(&s), 0x1faa8);
	assert_int_equal(s.size, 0);
}

static void
what_plays_tricks_is_known(void **state)
{
	static const uint32_t tricks[] = {0x1b, 0x7f, 0x202e, 0xfffb, 0xe0041};
	static const uint32_t plain[] = {'\t', '\n', 'a', 0x2067, 0x416, 0xfffd};

	(void)state;
	for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++)
		assert_true(text_is_trick(tricks[i]));
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		assert_false(text_is_trick(plain[i]));
}

static void
blanks_go_at_either_end_and_not_between(void **state)
{
	struct cairn_span s = span_trim((struct cairn_span){" \ta b\t\r", 7});

	(void)state;
	assert_int_equal(s.size, 3);
	assert_memory_equal(s.text, "a b", 3);
	assert_int_equal(span_trim((struct cairn_span){"  ", 2}).size, 0);
	assert_int_equal(span_trim((struct cairn_span){"", 0}).size, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(blanks_go_at_either_end_and_not_between),
		cmocka_unit_test(a_span_is_a_text_only_as_a_whole),
		cmocka_unit_test(spans_are_the_same_when_their_bytes_are),
		cmocka_unit_test(cutting_tells_an_empty_piece_from_no_more),
		cmocka_unit_test(cutting_at_the_last_byte_leaves_an_empty_rest_that_is_there),
		cmocka_unit_test(numbers_have_one_form_only),
		cmocka_unit_test(numbers_end_at_their_maximum),
		cmocka_unit_test(hex_is_lower_case_and_of_the_size_asked_for),
		cmocka_unit_test(base64_is_taken_in_its_canonical_form_only),
		cmocka_unit_test(base64_has_64_characters_and_its_padding),
		cmocka_unit_test(base64_never_writes_past_its_room),
		cmocka_unit_test(utf8_of_every_length_is_well_formed),
		cmocka_unit_test(utf8_that_is_ill_formed_is_refused),
		cmocka_unit_test(code_points_come_one_by_one),
		cmocka_unit_test(what_plays_tricks_is_known),
	};

	return RUN_TESTS(tests);
}
