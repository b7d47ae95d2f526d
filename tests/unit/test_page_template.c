// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/page_template.h"
#include "lib/test.h"

static const uint8_t id[32] = {0xab}, key[32] = {0xcd};

static const char *
fill(const char *template, const char *name)
{
	static char out[8192], long_ask[PAGE_ASK_BYTES_MAX + 1];
	struct page_values values = {
		.desk_id = id,
		.identity_key = key,
		.name = {name, strlen(name)},
		.base = {"d/x/", 4},
		.exit = {"https://a.example/", 18},
		.relays = {"https://r.example", 17},
		.asks = {{"your \"name\"", 11}, {long_ask, sizeof long_ask}, {"a, b", 4}},
		.ask_count = 3,
	};
	struct writer w;

	memset(out, 0, sizeof out);
	memset(long_ask, 'x', sizeof long_ask);
	writer_init(&w, out, sizeof out - 1);
	page_template_fill(&w, (struct cairn_span){template, strlen(template)}, &values);
	assert_ok(writer_end(&w, NULL));
	return out;
}

static void
fills_every_place(void **state)
{
	(void)state;
	assert_string_equal(fill("<a href=\"@EXIT@\">@BASE@page.js|@RELAYS@|@NOSCRIPT@|", "x"),
	    "<a href=\"https://a.example/\">d/x/page.js|https://r.example||");
	assert_non_null(strstr(fill("@DESK@", "x"), "desk=ab0000"));
	assert_non_null(strstr(fill("@DESK@", "x"), " identity=cd0000"));
	assert_non_null(strstr(fill("@DESK@", "x"), " languages=reviewed name=x"));
}

static void
leaves_every_other_at_sign(void **state)
{
	(void)state;
	assert_string_equal(
	    fill("@media (x) {} a@b @@ @EXITS@ @exit@ @", "x"), "@media (x) {} a@b @@ @EXITS@ @exit@ @");
	assert_string_equal(fill("@@EXIT@@", "x"), "@https://a.example/@");
}

static void
a_name_cannot_leave_its_attribute(void **state)
{
	(void)state;
	assert_non_null(strstr(fill("@DESK@", "\"><script>@EXIT@"), "name=%22%3E%3Cscript%3E%40EXIT%40"));
	assert_non_null(strstr(fill("@DESK@", "\xd0\x9c\xd0\xb0"), "name=%D0%9C%D0%B0"));
}

static void
what_is_never_asked_stands_there_whole_or_not_at_all(void **state)
{
	(void)state;
	assert_non_null(strstr(fill("@DESK@|", "x"), " asks=your%20%22name%22,a%2C%20b|"));
}

static void
a_long_name_is_cut_between_characters(void **state)
{
	char name[302];

	(void)state;
	for (size_t i = 0; i < 300; i += 2)
		memcpy(name + i, "\xd0\x9c", 2);
	name[300] = '\0';
	memmove(name + 1, name, 301);
	name[0] = 'x';
	assert_int_equal(strlen(strstr(fill("@DESK@", name), "name=x") + 6),
	    3 * 198 + strlen(" asks=your%20%22name%22,a%2C%20b"));
}

static void
an_address_has_no_quote_or_bracket(void **state)
{
	static const char *const bad[] = {
	    "https://a/\"", "https://a/<", "https://a/ ", "https://a/'", "https://a/&", "https://\xc3\xa4"};

	(void)state;
	assert_true(page_address_ok((struct cairn_span){"https://a.example:8080/x?y=1", 28}));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(page_address_ok((struct cairn_span){bad[i], strlen(bad[i])}));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fills_every_place),
	    cmocka_unit_test(leaves_every_other_at_sign),
	    cmocka_unit_test(a_name_cannot_leave_its_attribute),
	    cmocka_unit_test(what_is_never_asked_stands_there_whole_or_not_at_all),
	    cmocka_unit_test(a_long_name_is_cut_between_characters),
	    cmocka_unit_test(an_address_has_no_quote_or_bracket),
	};

	return RUN_TESTS(tests);
}
