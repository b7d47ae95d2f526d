// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "base/fold.h"
#include "cairn/passphrase.h"

static void
assert_pinned(const char *name, const char *pin)
{
	const struct cairn_wordlist *list = cairn_wordlist_find(name);
	uint8_t hash[CAIRN_HASH_BYTES];
	char hex[2 * sizeof hash + 1];

	assert_non_null(list);
	cairn_wordlist_hash(hash, list);
	assert_memory_equal(hash, list->hash, sizeof hash);
	sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
	assert_string_equal(hex, pin);
}

/* Never mend these two by changing the hash: whoever had a word that moved could not get in again. */
static void
the_english_list_is_the_one_it_has_always_been(void **state)
{
	(void)state;
	assert_pinned("english", "323606b363ebdedff9f562cb84c50df1a21cbd4b597ff4566df92bb9f2cefdfd");
}

static void
the_russian_list_is_the_one_it_has_always_been(void **state)
{
	(void)state;
	assert_pinned("russian", "e8513a553ee40506ec77878a6c16229bfaa09fc4dd882cd00b4066ffa6c3837f");
}

static void
lists_are_found_by_name_and_by_language(void **state)
{
	(void)state;
	assert_ptr_equal(cairn_wordlist_find("english"), cairn_wordlist_find("en"));
	assert_ptr_equal(cairn_wordlist_find("russian"), cairn_wordlist_find("ru"));
	assert_ptr_not_equal(cairn_wordlist_find("ru"), cairn_wordlist_find("en"));
	assert_null(cairn_wordlist_find("klingon"));
	assert_null(cairn_wordlist_find(""));
}

static void
a_new_passphrase_has_77_bits(void **state)
{
	(void)state;
	for (size_t i = 0; cairn_wordlists[i] != NULL; i++) {
		/* 7776 ^ 6 and 2048 ^ 7 are both at least 2 ^ 77. */
		bool large = cairn_wordlists[i]->size == 7776 && cairn_wordlists[i]->count == 6;
		bool small = cairn_wordlists[i]->size == 2048 && cairn_wordlists[i]->count == 7;

		assert_true(large || small);
	}
}

static void
a_list_has_as_many_words_as_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; cairn_wordlists[i] != NULL; i++) {
		struct cairn_wordlist_walk walk;
		size_t count = 0;

		cairn_wordlist_begin(&walk, cairn_wordlists[i]);
		while (cairn_wordlist_next(&walk))
			count++;
		assert_int_equal(count, cairn_wordlists[i]->size);
	}
}

static bool
stands_after(struct cairn_wordlist_walk walk)
{
	struct cairn_wordlist_walk rest = walk;

	while (cairn_wordlist_next(&rest))
		if (strcmp(rest.word, walk.word) == 0)
			return true;
	return false;
}

static void
no_word_stands_twice(void **state)
{
	(void)state;
	for (size_t i = 0; cairn_wordlists[i] != NULL; i++) {
		struct cairn_wordlist_walk walk;

		cairn_wordlist_begin(&walk, cairn_wordlists[i]);
		while (cairn_wordlist_next(&walk))
			if (stands_after(walk))
				fail_msg("%s", walk.word);
	}
}

static void
every_word_is_as_folding_leaves_it_and_fits(void **state)
{
	(void)state;
	for (size_t i = 0; cairn_wordlists[i] != NULL; i++) {
		struct cairn_wordlist_walk walk;

		cairn_wordlist_begin(&walk, cairn_wordlists[i]);
		while (cairn_wordlist_next(&walk)) {
			char out[FOLD_ROOM];
			size_t bytes = 0;

			assert_in_range(walk.bytes, 3, CAIRN_WORD_BYTES_MAX - 1);
			assert_ok(fold_text(out, sizeof out, &bytes, (struct cairn_span){walk.word, walk.bytes}));
			assert_int_equal(bytes, walk.bytes);
			assert_memory_equal(out, walk.word, bytes);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_english_list_is_the_one_it_has_always_been),
	    cmocka_unit_test(the_russian_list_is_the_one_it_has_always_been),
	    cmocka_unit_test(lists_are_found_by_name_and_by_language),
	    cmocka_unit_test(a_new_passphrase_has_77_bits),
	    cmocka_unit_test(a_list_has_as_many_words_as_it_says),
	    cmocka_unit_test(no_word_stands_twice),
	    cmocka_unit_test(every_word_is_as_folding_leaves_it_and_fits),
	};

	return RUN_TESTS(tests);
}
