// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/safe.h"

#define FSI "\xe2\x81\xa8"
#define PDI "\xe2\x81\xa9"

static void
shows(const char *text, size_t size, const char *expected)
{
	char *got = NULL;
	size_t bytes = 0;
	FILE *out = open_memstream(&got, &bytes);

	assert_non_null(out);
	safe_text(out, (struct cairn_span){text, size}, "> ");
	assert_int_equal(fclose(out), 0);
	assert_string_equal(got, expected);
	free(got);
}

#define SHOWS(literal, expected) shows((literal), sizeof(literal) - 1, (expected))

static void
each_line_is_isolated_behind_its_indent(void **state)
{
	(void)state;
	SHOWS("one", "> " FSI "one" PDI "\n");
	SHOWS("one\ntwo\n", "> " FSI "one" PDI "\n> " FSI "two" PDI "\n");
	SHOWS("one\r\ntwo", "> " FSI "one" PDI "\n> " FSI "two" PDI "\n");
	SHOWS("one\n\ntwo", "> " FSI "one" PDI "\n> " FSI PDI "\n> " FSI "two" PDI "\n");
	SHOWS("", "");
}

static void
every_script_stays_as_it_is(void **state)
{
	(void)state;
	SHOWS("Привет, я жду", "> " FSI "Привет, я жду" PDI "\n");
	SHOWS("أنا بخير\xe2\x80\x8f!", "> " FSI "أنا بخير\xe2\x80\x8f!" PDI "\n");
	SHOWS("नमस्ते 👩‍👧", "> " FSI "नमस्ते 👩‍👧" PDI "\n");
	SHOWS("a\tb", "> " FSI "a\tb" PDI "\n");
}

static void
control_characters_are_shown_and_not_obeyed(void **state)
{
	(void)state;
	SHOWS("\033[2J", "> " FSI "<U+001B>[2J" PDI "\n");
	SHOWS("a\rb", "> " FSI "a<U+000D>b" PDI "\n");
	SHOWS("a\bb", "> " FSI "a<U+0008>b" PDI "\n");
	SHOWS("\302\23331m", "> " FSI "<U+009B>31m" PDI "\n");
	SHOWS("\x7f", "> " FSI "<U+007F>" PDI "\n");
}

static void
what_turns_text_around_is_shown_and_not_obeyed(void **state)
{
	(void)state;
	SHOWS("a\342\200\256b", "> " FSI "a<U+202E>b" PDI "\n");
	SHOWS("a\342\200\252b\342\200\254", "> " FSI "a<U+202A>b<U+202C>" PDI "\n");
}

static void
isolates_close_on_their_own_line(void **state)
{
	(void)state;
	SHOWS("a" FSI "b" PDI "c", "> " FSI "a" FSI "b" PDI "c" PDI "\n");
	SHOWS("a" FSI "b\nc", "> " FSI "a" FSI "b" PDI PDI "\n> " FSI "c" PDI "\n");
	SHOWS("a" PDI PDI "b", "> " FSI "ab" PDI "\n");
}

static void
bytes_that_are_no_text_become_a_mark(void **state)
{
	(void)state;
	SHOWS("a\377b", "> " FSI "a\357\277\275b" PDI "\n");
	SHOWS("a\xc3", "> " FSI "a\xef\xbf\xbd" PDI "\n");
}

static void
inline_text_stays_on_its_line(void **state)
{
	char *got = NULL;
	size_t bytes = 0;
	FILE *out = open_memstream(&got, &bytes);

	(void)state;
	safe_inline(out, (struct cairn_span){"a\nb\033" FSI, 7});
	assert_int_equal(fclose(out), 0);
	assert_string_equal(got, FSI "a b<U+001B>" FSI PDI PDI);
	free(got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_is_isolated_behind_its_indent),
		cmocka_unit_test(every_script_stays_as_it_is),
		cmocka_unit_test(control_characters_are_shown_and_not_obeyed),
		cmocka_unit_test(what_turns_text_around_is_shown_and_not_obeyed),
		cmocka_unit_test(isolates_close_on_their_own_line),
		cmocka_unit_test(bytes_that_are_no_text_become_a_mark),
		cmocka_unit_test(inline_text_stays_on_its_line),
	};

	return RUN_TESTS(tests);
}
