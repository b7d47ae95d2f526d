// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "cli/typed.h"

/* Types all of it; the event of the last byte. */
static enum typed_event
type(struct typed *t, const char *text)
{
	enum typed_event event = TYPED_NOTHING;

	for (; *text != '\0'; text++)
		event = typed_byte(t, (uint8_t)*text);
	return event;
}

static void
same_as_whole(const struct typed *t, const char *text)
{
	struct cairn_passphrase pass;

	assert_ok(typed_whole(&pass, (struct cairn_span){text, strlen(text)}, NULL));
	assert_int_equal(pass.bytes, t->pass.bytes);
	assert_memory_equal(pass.input, t->pass.input, pass.bytes);
}

static void
six_words_and_enter_are_a_passphrase(void **state)
{
	struct typed t = {0};

	(void)state;
	assert_int_equal(type(&t, "zoom zoom"), TYPED_NOTHING);
	assert_int_equal(type(&t, " "), TYPED_WORD);
	assert_int_equal(type(&t, "abacus abdomen zoom zoom"), TYPED_NOTHING);
	assert_int_equal(type(&t, "\n"), TYPED_DONE);
	same_as_whole(&t, "zoom zoom abacus abdomen zoom zoom");
}

static void
a_wrong_word_is_pointed_out_at_once_and_dropped(void **state)
{
	struct typed t = {0};

	(void)state;
	assert_int_equal(type(&t, "zoom zooom "), TYPED_UNKNOWN);
	assert_int_equal(t.words, 1);
	assert_int_equal(type(&t, "zoom zoom zoom zoom zoom\n"), TYPED_DONE);
	same_as_whole(&t, "zoom zoom zoom zoom zoom zoom");
}

static void
capitals_and_wide_letters_are_folded(void **state)
{
	struct typed t = {0};

	(void)state;
	assert_int_equal(type(&t, "Zoom ZOOM \xef\xbd\x9aoom zoom  zoom\tzoom\n"), TYPED_DONE);
	same_as_whole(&t, "zoom zoom zoom zoom zoom zoom");
}

static void
enter_before_the_last_word_asks_to_go_on(void **state)
{
	struct typed t = {0};

	(void)state;
	assert_int_equal(type(&t, "zoom zoom\n"), TYPED_SHORT);
	assert_int_equal(t.words, 2);
	assert_int_equal(type(&t, "zoom zoom zoom zoom\n"), TYPED_DONE);
}

static void
eight_words_are_none(void **state)
{
	struct typed t = {0};

	(void)state;
	assert_int_equal(type(&t, "zoom zoom zoom zoom zoom zoom zoom zoom\n"), TYPED_WRONG);
	assert_int_equal(t.words, 0);
	assert_int_equal(t.bytes, 0);
}

static void
backspace_takes_back_a_whole_character(void **state)
{
	struct typed t = {0};

	(void)state;
	(void)type(&t, "zo\xd0\xb6\x7fomm\x08");
	assert_int_equal(type(&t, " "), TYPED_WORD);
	(void)type(&t, "\x7f\x7f");
	assert_int_equal(t.words, 1);
}

static void
digits_are_looked_at_as_a_whole(void **state)
{
	struct typed t = {0};

	(void)state;
	assert_int_equal(type(&t, "1234 5678 9012 3456 7890 1234\n"), TYPED_DONE);
	same_as_whole(&t, "123456789012345678901234");
	typed_clear(&t);
	assert_int_equal(type(&t, "1234 5678\n"), TYPED_WRONG);
}

static void
arabic_digits_are_digits(void **state)
{
	struct typed t = {0};

	(void)state;
	assert_int_equal(type(&t, "١٢٣٤ ٥٦٧٨ ٩٠١٢ ٣٤٥٦ ٧٨٩٠ ١٢٣٤\n"), TYPED_DONE);
	same_as_whole(&t, "123456789012345678901234");
}

static void
a_word_without_end_stays_within_its_room(void **state)
{
	struct typed t = {0};

	(void)state;
	for (int i = 0; i < 5000; i++)
		assert_int_equal(typed_byte(&t, 'a'), TYPED_NOTHING);
	assert_int_equal(typed_byte(&t, ' '), TYPED_UNKNOWN);
	assert_int_equal(t.bytes, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(six_words_and_enter_are_a_passphrase),
		cmocka_unit_test(a_wrong_word_is_pointed_out_at_once_and_dropped),
		cmocka_unit_test(capitals_and_wide_letters_are_folded),
		cmocka_unit_test(enter_before_the_last_word_asks_to_go_on),
		cmocka_unit_test(eight_words_are_none),
		cmocka_unit_test(backspace_takes_back_a_whole_character),
		cmocka_unit_test(digits_are_looked_at_as_a_whole),
		cmocka_unit_test(arabic_digits_are_digits),
		cmocka_unit_test(a_word_without_end_stays_within_its_room),
	};

	return RUN_TESTS(tests);
}
