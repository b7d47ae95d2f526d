// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"

static void
assert_folds(const char *typed, const char *expected)
{
	char out[FOLD_ROOM];
	size_t bytes = 0;

	assert_ok(fold_text(out, sizeof out, &bytes, (struct cairn_span){typed, strlen(typed)}));
	assert_int_equal(bytes, strlen(expected));
	assert_memory_equal(out, expected, bytes);
}

static void
capitals_become_small(void **state)
{
	(void)state;
	assert_folds("Abacus ZOOM", "abacus zoom");
	assert_folds("\xd0\x92\xd0\xbe\xd0\x94\xd0\xb0", "\xd0\xb2\xd0\xbe\xd0\xb4\xd0\xb0");
}

static void
full_width_and_mathematical_letters_become_plain(void **state)
{
	(void)state;
	assert_folds("\xef\xbc\xba\xef\xbd\x8f\xef\xbd\x8f\xef\xbd\x8d", "zoom");
	assert_folds("\xf0\x9d\x90\x99oom", "zoom"); /* a capital only after NFKC: order matters */
}

static void
a_letter_and_its_mark_are_put_together(void **state)
{
	(void)state;
	assert_folds("\xd1\x87\xd0\xb0\xd0\xb8\xcc\x86", "\xd1\x87\xd0\xb0\xd0\xb9");
}

static void
the_locale_changes_nothing(void **state)
{
	(void)state;
	setenv("LC_ALL", "tr_TR.UTF-8", 1);
	assert_folds("ISLAND", "island");
}

static void
nothing_stays_nothing(void **state)
{
	(void)state;
	assert_folds("", "");
}

static void
what_is_not_utf8_refuses(void **state)
{
	char out[FOLD_ROOM];
	size_t bytes = 9;

	(void)state;
	assert_err(fold_text(out, sizeof out, &bytes, (struct cairn_span){"a\xff", 2}), CAIRN_ERR_FORMAT);
	assert_int_equal(bytes, 0);
}

static void
too_little_room_refuses_and_leaves_zeros(void **state)
{
	static const char zeros[4];
	char out[4] = "xxxx";
	size_t bytes = 9;

	(void)state;
	assert_err(fold_text(out, sizeof out, &bytes, (struct cairn_span){"ABCDE", 5}), CAIRN_ERR_SPACE);
	assert_memory_equal(out, zeros, sizeof out);
}

static void
the_longest_text_that_grows_the_most_does_not_overflow(void **state)
{
	char typed[FOLD_TEXT_MAX + 1];
	char out[12 * FOLD_TEXT_MAX];
	size_t bytes = 0;

	(void)state;
	for (size_t i = 0; i + 3 <= FOLD_TEXT_MAX; i += 3)
		memcpy(typed + i, "\xef\xb7\xba", 3);
	assert_ok(fold_text(out, sizeof out, &bytes, (struct cairn_span){typed, FOLD_TEXT_MAX / 3 * 3}));
	assert_int_equal(bytes, FOLD_TEXT_MAX / 3 * 33);
	assert_err(fold_text(out, sizeof out, &bytes, (struct cairn_span){typed, sizeof typed}), CAIRN_ERR_RANGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(capitals_become_small),
	    cmocka_unit_test(full_width_and_mathematical_letters_become_plain),
	    cmocka_unit_test(a_letter_and_its_mark_are_put_together),
	    cmocka_unit_test(the_locale_changes_nothing),
	    cmocka_unit_test(nothing_stays_nothing),
	    cmocka_unit_test(what_is_not_utf8_refuses),
	    cmocka_unit_test(too_little_room_refuses_and_leaves_zeros),
	    cmocka_unit_test(the_longest_text_that_grows_the_most_does_not_overflow),
	};

	return RUN_TESTS(tests);
}
