// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "cairn/passphrase.h"

#define LATIN 7776U

/* The list of the published rows: word i is i in base 6, with the digits a to f. */
static char latin_words[6 * LATIN + 1];
static struct cairn_wordlist latin = {
    .name = "latin", .language = "x", .words = latin_words, .size = LATIN, .count = 6};

static const struct cairn_wordlist *
latin_list(void)
{
	for (size_t i = 0; i < LATIN; i++) {
		char *word = latin_words + 6 * i;

		word[0] = 1;
		for (size_t at = 5, left = i; at > 0; at--, left /= 6)
			word[at] = (char)('a' + left % 6);
	}
	cairn_wordlist_hash(latin.hash, &latin);
	return &latin;
}

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

static void
assert_input(const struct cairn_passphrase *pass, const char *hex)
{
	char found[2 * sizeof pass->input + 1];

	sodium_bin2hex(found, sizeof found, pass->input, pass->bytes);
	assert_string_equal(found, hex);
}

static void
assert_cleared(const struct cairn_passphrase *pass)
{
	assert_true(sodium_is_zero((const unsigned char *)pass, sizeof *pass));
}

static void
words_become_kind_list_and_indexes(void **state)
{
	struct cairn_passphrase pass;

	(void)state;
	assert_ok(cairn_passphrase_words(
	    &pass, latin_list(), span("cdbcb ebcdd decae fbaba ecaae fcadc"), NULL));
	assert_input(&pass, "013f290f740cd9157512dc1a2e15f41b14");
	assert_ok(cairn_passphrase_words(
	    &pass, latin_list(), span("ccebe fadaa cfdfb bcbbb bafcb aeafa defaf"), NULL));
	assert_input(&pass, "013f290f740c6a19bc0ee306eb05d1037e1349");
}

static void
white_space_of_any_script_separates_words(void **state)
{
	struct cairn_passphrase pass;

	(void)state;
	assert_ok(cairn_passphrase_words(&pass, latin_list(),
	    span("\xc2\xa0 cdbcb\xe3\x80\x80"
		 "ebcdd\tdecae\r\nfbaba\xe2\x80\xa8"
		 "ecaae\xe1\x9a\x80 fcadc\n\n"),
	    NULL));
	assert_input(&pass, "013f290f740cd9157512dc1a2e15f41b14");
}

static void
an_unknown_word_is_pointed_out_by_its_place(void **state)
{
	struct cairn_passphrase pass;
	size_t word = 99;

	(void)state;
	assert_err(cairn_passphrase_words(&pass, latin_list(), span("aaaaa aaaab zzzzz aaaad"), &word),
	    CAIRN_ERR_UNKNOWN);
	assert_int_equal(word, 2);
	assert_cleared(&pass);
}

static void
a_beginning_of_a_word_is_no_word(void **state)
{
	struct cairn_passphrase pass;
	size_t word = 99;

	(void)state;
	assert_err(cairn_passphrase_words(&pass, latin_list(), span("aaaa"), &word), CAIRN_ERR_UNKNOWN);
	assert_int_equal(word, 0);
	assert_err(cairn_passphrase_words(&pass, latin_list(), span("aaaaaa"), &word), CAIRN_ERR_UNKNOWN);
}

static void
five_and_eight_words_refuse(void **state)
{
	static const char *const texts[] = {"", " ", "aaaaa aaaab aaaac aaaad aaaae",
	    "aaaaa aaaab aaaac aaaad aaaae aaaaf aaaba aaabb"};
	struct cairn_passphrase pass;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_err(cairn_passphrase_words(&pass, latin_list(), span(texts[i]), NULL), CAIRN_ERR_RANGE);
		assert_cleared(&pass);
	}
}

static void
six_words_of_a_list_that_asks_for_seven_refuse(void **state)
{
	struct cairn_wordlist seven = *latin_list();
	struct cairn_passphrase pass;

	(void)state;
	seven.count = 7;
	assert_err(cairn_passphrase_words(&pass, &seven, span("cdbcb ebcdd decae fbaba ecaae fcadc"), NULL),
	    CAIRN_ERR_RANGE);
}

static void
more_text_than_any_passphrase_has_refuses(void **state)
{
	char text[CAIRN_PASSPHRASE_TEXT_MAX + 1];
	struct cairn_passphrase pass;

	(void)state;
	memset(text, ' ', sizeof text);
	memcpy(text, "cdbcb ebcdd decae fbaba ecaae fcadc", 35);
	assert_ok(cairn_passphrase_words(
	    &pass, latin_list(), (struct cairn_span){text, CAIRN_PASSPHRASE_TEXT_MAX}, NULL));
	assert_err(cairn_passphrase_words(&pass, latin_list(), (struct cairn_span){text, sizeof text}, NULL),
	    CAIRN_ERR_RANGE);
	memset(text, ' ', sizeof text);
	memcpy(text, "123456789012345678901234", 24);
	assert_err(cairn_passphrase_digits(&pass, (struct cairn_span){text, sizeof text}), CAIRN_ERR_RANGE);
}

static void
digits_of_any_script_are_folded(void **state)
{
	static const char *const texts[] = {
	    "987654321098765432100119",
	    "  9876 5432 1098\t7654\xc2\xa0"
	    "3210\xe3\x80\x80"
	    "0119\n",
	    /* right-to-left mark, Arabic-Indic, Devanagari, mathematical,
	     * full width, Newa, Adlam, Sharada, Persian */
	    "\xe2\x80\x8f\xd9\xa9\xd9\xa8\xd9\xa7\xd9\xa6 \xe0\xa5\xab\xe0\xa5\xaa\xe0\xa5\xa9\xe0\xa5\xa8 "
	    "\xf0\x9d\x9f\x99\xf0\x9d\x9f\x98\xf0\x9d\x9f\x97\xf0\x9d\x9f\x96 "
	    "\xef\xbc\x97\xef\xbc\x96\xef\xbc\x95\xef\xbc\x94 3210 \xf0\x91\x91\x90\xf0\x9e\xa5\x91\xe2\x80\x8b"
	    "\xf0\x91\x87\x91\xdb\xb9\xef\xbb\xbf",
	};
	struct cairn_passphrase pass;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_ok(cairn_passphrase_digits(&pass, span(texts[i])));
		assert_input(&pass, "02393837363534333231303938373635343332313030313139");
	}
}

static void
what_is_no_decimal_digit_refuses(void **state)
{
	static const char *const texts[] = {"12345678901234567890123x", "1234-5678-9012-3456-7890-1234",
	    "12345678901234567890123\xc2\xbd", "12345678901234567890123\xc2\xb2",
	    "12345678901234567890123\xe2\x85\xa7", "12345678901234567890123\xe4\xb8\x80",
	    "12345678901234567890123\xff"};
	struct cairn_passphrase pass;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_err(cairn_passphrase_digits(&pass, span(texts[i])), CAIRN_ERR_FORMAT);
		assert_cleared(&pass);
	}
}

static void
other_than_24_digits_refuse(void **state)
{
	static const char *const texts[] = {"", "12345678901234567890123", "1234567890123456789012345"};
	struct cairn_passphrase pass;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_err(cairn_passphrase_digits(&pass, span(texts[i])), CAIRN_ERR_RANGE);
		assert_cleared(&pass);
	}
}

static void
a_new_passphrase_reads_back_as_written(void **state)
{
	uint8_t entropy[32];
	char text[CAIRN_PASSPHRASE_TEXT_MAX];

	(void)state;
	for (uint8_t round = 0; round < 20; round++)
		for (size_t i = 0; i == 0 || cairn_wordlists[i - 1] != NULL; i++) {
			struct cairn_passphrase made;
			struct cairn_passphrase typed;

			memset(entropy, round, sizeof entropy);
			cairn_passphrase_new(&made, cairn_wordlists[i], entropy);
			assert_ok(cairn_passphrase_write(text, sizeof text, &made));
			assert_ok(cairn_passphrase_read(&typed, span(text), span(text), NULL));
			assert_memory_equal(&made, &typed, sizeof made);
		}
}

static void
every_digit_and_word_is_chosen_about_as_often(void **state)
{
	uint32_t digits[10] = {0};
	uint32_t quarters[4] = {0};
	uint8_t entropy[32] = {0};

	(void)state;
	for (uint16_t round = 0; round < 2000; round++) {
		struct cairn_passphrase pass;

		memcpy(entropy, &round, sizeof round);
		cairn_passphrase_new(&pass, NULL, entropy);
		for (size_t i = 0; i < CAIRN_DIGITS; i++)
			digits[pass.input[1 + i] - '0']++;
		cairn_passphrase_new(&pass, latin_list(), entropy);
		assert_int_equal(pass.bytes, 5 + 6 * 2);
		for (size_t i = 5; i < pass.bytes; i += 2) {
			uint32_t index = (uint32_t)pass.input[i] << 8 | pass.input[i + 1];

			assert_true(index < LATIN);
			quarters[index / (LATIN / 4)]++;
		}
	}
	/* 4800 and 3000 expected; five standard deviations are 330 and 240. Fixed entropy: never flaky. */
	for (size_t i = 0; i < 10; i++)
		assert_in_range(digits[i], 4470, 5130);
	for (size_t i = 0; i < 4; i++)
		assert_in_range(quarters[i], 2760, 3240);
}

static void
digits_are_written_in_groups_of_four(void **state)
{
	struct cairn_passphrase pass;
	char text[CAIRN_PASSPHRASE_TEXT_MAX];

	(void)state;
	assert_ok(cairn_passphrase_digits(&pass, span("123456789012345678901234")));
	assert_ok(cairn_passphrase_write(text, sizeof text, &pass));
	assert_string_equal(text, "1234 5678 9012 3456 7890 1234");
}

static void
writing_into_too_little_room_leaves_zeros(void **state)
{
	struct cairn_passphrase pass;
	char text[29];

	(void)state;
	assert_ok(cairn_passphrase_digits(&pass, span("123456789012345678901234")));
	memset(text, 'x', sizeof text);
	assert_err(cairn_passphrase_write(text, sizeof text, &pass), CAIRN_ERR_SPACE);
	assert_true(sodium_is_zero((const unsigned char *)text, sizeof text));
}

static void
words_of_a_list_not_built_in_cannot_be_written(void **state)
{
	struct cairn_passphrase pass;
	char text[CAIRN_PASSPHRASE_TEXT_MAX];

	(void)state;
	assert_ok(cairn_passphrase_words(
	    &pass, latin_list(), span("cdbcb ebcdd decae fbaba ecaae fcadc"), NULL));
	assert_err(cairn_passphrase_write(text, sizeof text, &pass), CAIRN_ERR_UNKNOWN);
}

static void
an_index_beyond_the_list_cannot_be_written(void **state)
{
	struct cairn_passphrase pass = {.input = {1}, .bytes = 5 + 2};
	char text[CAIRN_PASSPHRASE_TEXT_MAX];

	(void)state;
	memcpy(pass.input + 1, cairn_wordlists[0]->hash, 4);
	pass.input[5] = 0xff;
	assert_err(cairn_passphrase_write(text, sizeof text, &pass), CAIRN_ERR_UNKNOWN);
}

static void
reading_takes_digits_from_what_was_typed(void **state)
{
	struct cairn_passphrase pass;
	const char *folded = "123456789012345678901232";

	(void)state;
	assert_ok(cairn_passphrase_read(&pass, span(" \xe2\x80\x8f"
						    "123456789012345678901232"),
	    span(folded), NULL));
	assert_err(cairn_passphrase_read(&pass, span("12345678901234567890123\xc2\xb2"), span(folded), NULL),
	    CAIRN_ERR_FORMAT);
}

static const char *
word_at(const struct cairn_wordlist *list, size_t index, struct cairn_wordlist_walk *walk)
{
	cairn_wordlist_begin(walk, list);
	for (size_t i = 0; i <= index; i++)
		assert_true(cairn_wordlist_next(walk));
	return walk->word;
}

static void
reading_points_out_the_wrong_word_of_the_list_that_fits_best(void **state)
{
	struct cairn_passphrase pass;
	size_t word = 99;

	(void)state;
	for (size_t i = 0; cairn_wordlists[i] != NULL; i++) {
		const struct cairn_wordlist *list = cairn_wordlists[i];
		struct cairn_wordlist_walk a, b, c;
		char text[CAIRN_PASSPHRASE_TEXT_MAX];

		snprintf(text, sizeof text, "%s %s qqq %s", word_at(list, 1, &a), word_at(list, 20, &b),
		    word_at(list, 300, &c));
		assert_err(cairn_passphrase_read(&pass, span(text), span(text), &word), CAIRN_ERR_UNKNOWN);
		assert_int_equal(word, 2);
	}
}

static void
the_root_of_24_zeros_is_that_of_the_vectors(void **state)
{
	static const char desk_hex[] = "112d30b4340f8c91a9981f80f43a4e68944446604bfd4a5d3741ec15e254cc66";
	uint8_t desk_id[CAIRN_HASH_BYTES];
	uint8_t root[CAIRN_KEY_BYTES];
	char hex[2 * sizeof root + 1];
	struct cairn_passphrase pass;

	(void)state;
	sodium_hex2bin(desk_id, sizeof desk_id, desk_hex, sizeof desk_hex - 1, NULL, NULL, NULL);
	assert_ok(cairn_passphrase_digits(&pass, span("000000000000000000000000")));
	assert_ok(cairn_passphrase_root(root, &pass, desk_id));
	sodium_bin2hex(hex, sizeof hex, root, sizeof root);
	assert_string_equal(hex, "809d02592b7cc4b71156e04023c3d5383dd2cd5c9b62407967380fedd77fc2a3");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_become_kind_list_and_indexes),
	    cmocka_unit_test(white_space_of_any_script_separates_words),
	    cmocka_unit_test(an_unknown_word_is_pointed_out_by_its_place),
	    cmocka_unit_test(a_beginning_of_a_word_is_no_word),
	    cmocka_unit_test(five_and_eight_words_refuse),
	    cmocka_unit_test(six_words_of_a_list_that_asks_for_seven_refuse),
	    cmocka_unit_test(more_text_than_any_passphrase_has_refuses),
	    cmocka_unit_test(digits_of_any_script_are_folded),
	    cmocka_unit_test(what_is_no_decimal_digit_refuses),
	    cmocka_unit_test(other_than_24_digits_refuse),
	    cmocka_unit_test(a_new_passphrase_reads_back_as_written),
	    cmocka_unit_test(every_digit_and_word_is_chosen_about_as_often),
	    cmocka_unit_test(digits_are_written_in_groups_of_four),
	    cmocka_unit_test(writing_into_too_little_room_leaves_zeros),
	    cmocka_unit_test(words_of_a_list_not_built_in_cannot_be_written),
	    cmocka_unit_test(an_index_beyond_the_list_cannot_be_written),
	    cmocka_unit_test(reading_takes_digits_from_what_was_typed),
	    cmocka_unit_test(reading_points_out_the_wrong_word_of_the_list_that_fits_best),
	    cmocka_unit_test(the_root_of_24_zeros_is_that_of_the_vectors),
	};

	return sodium_init() < 0 || RUN_TESTS(tests);
}
