// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "core/language.h"

static bool
is_tag(const char *text)
{
	return language_is_tag((struct cairn_span){text, strlen(text)});
}

static void
tags_of_the_grammar_are_taken(void **state)
{
	static const char *const tags[] = {"ru", "ckb", "RU", "zh-Hant", "zh-Hant-TW", "es-419", "sl-rozaj-biske",
	    "sl-rozaj-biske-1994", "de-CH-1901", "zh-cmn-Hans-CN", "zh-gan-yue-cmn", "abcd", "abcdefgh",
	    "en-a-bb", "en-a-bbb-x-a-ccc", "de-DE-u-co-phonebk", "en-0-ab-9-cd", "x-whatever", "x-a-b-1",
	    "ru-x-a", "az-Arab-x-AZE-derbend", "abcd-Latn"};

	(void)state;
	for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
		assert_true(is_tag(tags[i]));
}

static void
irregular_tags_of_old_are_taken_in_any_case(void **state)
{
	(void)state;
	assert_true(is_tag("i-klingon"));
	assert_true(is_tag("en-GB-oed"));
	assert_true(is_tag("SGN-be-fr"));
	assert_true(is_tag("art-lojban"));
	assert_true(is_tag("zh-min-nan"));
	assert_false(is_tag("i-klingo"));
	assert_false(is_tag("i-klingonn"));
}

static void
other_text_is_no_tag(void **state)
{
	static const char *const others[] = {"", "r", "1", "ru_RU", "ru-", "-ru", "ru--RU", "ru RU", "abcdefghi",
	    "r1", "123", "ru-R", "en-a", "en-a-b", "en-x", "x", "x-", "x-abcdefghi", "ru-123456789", "de-419-DE",
	    "zh-Hant-Hans", "ru-RU-UA", "a-DE", "zh-aaa-bbb-ccc-ddd", "abcd-eee", "ru-\xd1\x83", "de-12", "i-nix"};

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		assert_false(is_tag(others[i]));
}

static void
a_zero_inside_is_no_tag(void **state)
{
	(void)state;
	assert_false(language_is_tag((struct cairn_span){"ru\0", 3}));
	assert_false(language_is_tag((struct cairn_span){"i-lux\0", 6}));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tags_of_the_grammar_are_taken),
	    cmocka_unit_test(irregular_tags_of_old_are_taken_in_any_case),
	    cmocka_unit_test(other_text_is_no_tag),
	    cmocka_unit_test(a_zero_inside_is_no_tag),
	};

	return RUN_TESTS(tests);
}
