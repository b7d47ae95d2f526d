// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "net/letters.h"

#define DAY 20000U

static struct letters *l;

static int
set_up(void **state)
{
	(void)state;
	l = calloc(1, sizeof *l);
	letters_begin(l);
	return l == NULL;
}

static int
tear_down(void **state)
{
	(void)state;
	free(l);
	return 0;
}

/* Puts the parts of the one text together again, over all letters. */
static size_t
joined(char *out, size_t room)
{
	size_t used = 0;

	for (size_t i = 0; i < l->count; i++) {
		struct cairn_records at = {l->list[i].records, l->list[i].bytes};
		struct cairn_record record;
		struct cairn_text_part part;

		while (cairn_tlv_next(&at, &record)) {
			if (record.type != CAIRN_TLV_text)
				continue;
			assert_ok(cairn_text_read(&part, &record));
			assert_true(part.bytes <= room - used);
			memcpy(out + used, part.text, part.bytes);
			used += part.bytes;
		}
	}
	return used;
}

static void
a_short_text_is_one_letter(void **state)
{
	char out[16];

	(void)state;
	letters_text(l, "help", 4);
	assert_ok(letters_end(l, DAY));
	assert_int_equal(l->count, 1);
	assert_int_equal(joined(out, sizeof out), 4);
	assert_memory_equal(out, "help", 4);
}

static void
nothing_is_one_empty_letter(void **state)
{
	(void)state;
	letters_text(l, "", 0);
	assert_ok(letters_end(l, DAY));
	assert_int_equal(l->count, 1);
	assert_int_equal(l->list[0].bytes, 0);
}

static void
a_long_text_is_cut_between_characters_and_comes_together_again(void **state)
{
	static char text[60000], out[60000];
	size_t bytes = 0;

	(void)state;
	/* Three bytes each, so that no room is a multiple of it. */
	while (bytes + 4 <= sizeof text) {
		memcpy(text + bytes, "\xe0\xa4\xa8", 3);
		bytes += 3;
	}
	letters_text(l, text, bytes);
	assert_ok(letters_end(l, DAY));
	assert_true(l->count > 10 && l->count < 12);
	assert_int_equal(joined(out, sizeof out), bytes);
	assert_memory_equal(out, text, bytes);
}

static void
every_letter_fits_a_cell_with_hello_msgid_and_seen(void **state)
{
	static char text[30000];

	(void)state;
	memset(text, 'x', sizeof text);
	letters_put(l, CAIRN_TLV_language, "en", 2);
	letters_text(l, text, sizeof text);
	assert_ok(letters_end(l, DAY));
	for (size_t i = 0; i < l->count; i++)
		assert_true(l->list[i].bytes + 1320 + 20 + 48 + 2 <= CAIRN_DROP_PLAIN_BYTES);
}

static void
many_records_take_several_letters(void **state)
{
	char text[1000];

	(void)state;
	memset(text, 'x', sizeof text);
	for (uint16_t i = 0; i < 12; i++)
		letters_put_numbered(l, CAIRN_TLV_answer, i, text, sizeof text);
	assert_ok(letters_end(l, DAY));
	assert_int_equal(l->count, 3);
}

static void
each_letter_has_a_msgid_of_its_own(void **state)
{
	static char text[12000];

	(void)state;
	memset(text, 'x', sizeof text);
	letters_text(l, text, sizeof text);
	assert_ok(letters_end(l, DAY));
	assert_true(l->count >= 2);
	assert_memory_not_equal(l->list[0].msgid, l->list[1].msgid, CAIRN_MSGID_BYTES);
}

static void
what_the_desk_would_refuse_is_not_sent(void **state)
{
	(void)state;
	letters_put(l, CAIRN_TLV_language, "!!", 2);
	assert_int_equal(letters_end(l, DAY), CAIRN_ERR_FORMAT);
}

static void
a_value_of_a_wrong_length_is_told(void **state)
{
	(void)state;
	letters_put(l, CAIRN_TLV_urgency, "ab", 2);
	assert_int_equal(letters_end(l, DAY), CAIRN_ERR_RANGE);
}

static void
too_much_is_told(void **state)
{
	char text[1000];

	(void)state;
	memset(text, 'x', sizeof text);
	for (uint16_t i = 0; i < 400; i++)
		letters_put_numbered(l, CAIRN_TLV_answer, i, text, sizeof text);
	assert_int_equal(letters_end(l, DAY), CAIRN_ERR_SPACE);
	assert_true(l->count <= CAIRN_SEND_CELLS_MAX);
}

static void
the_longest_text_fits(void **state)
{
	char *text = malloc(LETTERS_TEXT_MAX);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', LETTERS_TEXT_MAX);
	letters_text(l, text, LETTERS_TEXT_MAX);
	assert_ok(letters_end(l, DAY));
	free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_short_text_is_one_letter),
		TEST(nothing_is_one_empty_letter),
		TEST(a_long_text_is_cut_between_characters_and_comes_together_again),
		TEST(every_letter_fits_a_cell_with_hello_msgid_and_seen),
		TEST(many_records_take_several_letters),
		TEST(each_letter_has_a_msgid_of_its_own),
		TEST(what_the_desk_would_refuse_is_not_sent),
		TEST(a_value_of_a_wrong_length_is_told),
		TEST(too_much_is_told),
		TEST(the_longest_text_fits),
	};

	return sodium_init() < 0 ? 1 : RUN_TESTS(tests);
}
