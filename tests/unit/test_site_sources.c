// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "site/address.h"
#include "site/entry.h"
#include "site/gathering.h"
#include "site/manifest.h"
#include "site/markdown.h"
#include "site/svg.h"
#include "site/text.h"
#include "site/words.h"

#define HEAD "---\ndate: 2017-04-01\ntitle: T\n"

static int
read_text(const char *text, struct site_fault *fault)
{
	struct entry entry = {.file = strdup("entries/a.md")};
	struct cairn_span body;
	int err = entry_read(&entry, &body, fault, text_of(text));

	entry_clear(&entry);
	return err;
}

static void
an_entry_that_is_not_as_it_should_be_is_told_by_its_line(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
	} bad[] = {
		{"", 0}, {"no head", 1}, {"---\n", 2}, {"---\ntitle: T\n---\n", 1}, {HEAD "colour: red\n---\n", 4},
		{HEAD "title: again\n---\n", 4}, {"---\ndate: 2017-02-30\ntitle: T\n---\n", 2},
		    {HEAD "nonsense\n---\n", 4},
		{HEAD "tags: A, b\n---\n", 4}, {HEAD "source: javascript:alert(1) | x\n---\n", 4},
		    {HEAD "mood: \n---\n", 4},
		{HEAD "summary: a\xe2\x80\xae" "b\n---\n", 4}, {HEAD "lang: e\n---\n", 4}, {HEAD "up: ../x\n---\n",
		    4},
	};
	struct site_fault fault;

	(void)state;
	assert_ok(read_text(HEAD "---\ntext", &fault));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_err(read_text(bad[i].text, &fault), CAIRN_ERR_FORMAT);
		assert_int_equal(fault.line, bad[i].line);
		assert_string_not_equal(fault.text, "");
	}
	assert_err(read_text(HEAD "---\n\xff", &fault), CAIRN_ERR_FORMAT);
}

static char *
rendered(const char *text)
{
	static char out[4096];
	GString *html = g_string_new(NULL);

	assert_ok(markdown_render(html, NULL, text_of(text), "../../"));
	(void)g_strlcpy(out, html->str, sizeof out);
	g_string_free(html, TRUE);
	return out;
}

static void
markdown_lets_no_html_and_no_strange_link_through(void **state)
{
	(void)state;
	assert_string_equal(rendered("a <b onclick=x>b</b> c"), "<p>a b c</p>\n");
	assert_string_equal(rendered("<script>alert(1)</script>"), "");
	assert_string_equal(rendered("[x](javascript:alert(1))"), "<p>x</p>\n");
	assert_string_equal(rendered("[x](JaVaScRiPt:alert(1))"), "<p>x</p>\n");
	assert_string_equal(rendered("[x](data:text/html,x)"), "<p>x</p>\n");
	assert_string_equal(rendered("[x](//evil.example/)"), "<p>x</p>\n");
	assert_string_equal(rendered("[x](../../../etc)"), "<p>x</p>\n");
	assert_string_equal(rendered("<javascript:alert(1)>"), "<p>javascript:alert(1)</p>\n");
	assert_string_equal(rendered("![p](https://evil.example/x.png)"), "<p>p</p>\n");
	assert_string_equal(rendered("[x]: javascript:a\n\n[x]"), "<p>x</p>\n");
}

static void
markdown_keeps_what_is_meant(void **state)
{
	(void)state;
	assert_string_equal(rendered("[x](https://a.example/?q=1&r=2)"),
	    "<p><a href=\"https://a.example/?q=1&amp;r=2\">x</a></p>\n");
	assert_string_equal(rendered("[x](other.html)"), "<p><a href=\"other.html\">x</a></p>\n");
	assert_string_equal(rendered("[x](mailto:a@b.example)"), "<p><a href=\"mailto:a@b.example\">x</a></p>\n");
	assert_string_equal(rendered("![p](files/a.png)"), "<p><img src=\"../../files/a.png\" alt=\"p\"></p>\n");
	assert_string_equal(rendered("# H\n\n---"), "<h2>H</h2>\n<hr>\n");
}

static void
words_are_folded_in_every_script_and_stand_once(void **state)
{
	GString *out = g_string_new(NULL);

	(void)state;
	words_of(out, text_of("The THE a the-end 2017 x"));
	assert_string_equal(out->str, "the\nend\n2017\n");
	g_string_truncate(out, 0);
	words_of(out, text_of("\xd0\x93\xd0\xb0\xd0\xb7\xd0\xb5\xd1\x82\xd0\xb0, e\xcc\x81t\xc3\xa9"));
	assert_string_equal(out->str, "\xd0\xb3\xd0\xb0\xd0\xb7\xd0\xb5\xd1\x82\xd0\xb0\n\xc3\xa9t\xc3\xa9\n");
	g_string_free(out, TRUE);
}

#define ADDRESSES "country,name,salutation,e-mail,post,languages,source,checked\n"

static int
read_addresses(const char *rows, struct site_fault *fault, guint *count)
{
	char *text = g_strconcat(ADDRESSES, rows, NULL);
	GPtrArray *list;
	int err = addresses_read(&list, fault, "a.csv", text_of(text));

	*count = list->len;
	g_ptr_array_free(list, TRUE);
	g_free(text);
	return err;
}

static void
an_address_without_source_and_date_is_refused(void **state)
{
	static const char *const bad[] = {
		"DE,N,S,a@b.example,,,,2026-01-01\n", "DE,N,S,a@b.example,,,https://s.example/,\n",
		"DE,N,S,a@b.example,,,https://s.example/,yesterday\n", "DE,N,S,,,,https://s.example/,2026-01-01\n",
		"de,N,S,a@b.example,,,https://s.example/,2026-01-01\n",
		    "DE,,S,a@b.example,,,https://s.example/,2026-01-01\n",
		"DE,N,S,a@b.example?cc=c@d.example,,,https://s.example/,2026-01-01\n",
		"DE,N,S,a@b.example,,,javascript:x,2026-01-01\n",
	};
	struct site_fault fault;
	guint count;

	(void)state;
	assert_ok(read_addresses("DE,N,S,a@b.example,,,https://s.example/,2026-01-01\n", &fault, &count));
	assert_int_equal(count, 1);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_err(read_addresses(bad[i], &fault, &count), CAIRN_ERR_FORMAT);
		assert_int_equal(fault.line, 2);
	}
}

static void
csv_is_taken_in_its_one_strict_form(void **state)
{
	static const char *const bad[] = {"DE\n", "DE,N,S,a@b.example,,,https://s.example/,2026-01-01,more\n",
	    "DE,\"N,S,a@b.example,,,https://s.example/,2026-01-01\n",
	    "DE,N\"x\",S,a@b.example,,,https://s.example/,2026-01-01\n",
	    "DE,\"N\"x,S,a@b.example,,,https://s.example/,2026-01-01\n", "\n"};
	struct site_fault fault;
	guint count;

	(void)state;
	assert_ok(read_addresses("DE,\"A, \"\"B\"\"\",S,,\"1 Street\nTown\",,https://s.example/,2026-01-01\r\n"
				 "FR,N,S,a@b.example,,,https://s.example/,2026-01-01",
	    &fault, &count));
	assert_int_equal(count, 2);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_err(read_addresses(bad[i], &fault, &count), CAIRN_ERR_FORMAT);
	assert_err(addresses_read(&(GPtrArray *){NULL}, &fault, "a.csv", text_of("other,columns\n")),
	    CAIRN_ERR_FORMAT);
}

static void
a_gathering_has_a_time_a_zone_and_a_word_on_safety(void **state)
{
	static const char head[] = "id,title,country,city,place,begins,ends,zone,safety,link,checked\n";
	static const struct {
		const char *row;
		int err;
	} rows[] = {
		{"a,T,DE,C,P,2037-05-17T18:00,,Europe/Berlin,S,,2026-01-01\n", CAIRN_OK},
		{"a,T,DE,C,P,2037-05-17T18:00,2037-05-17T17:00,Europe/Berlin,S,,2026-01-01\n", CAIRN_ERR_FORMAT},
		{"a,T,DE,C,P,2037-05-17 18:00,,Europe/Berlin,S,,2026-01-01\n", CAIRN_ERR_FORMAT},
		{"a,T,DE,C,P,2037-05-17T18:00,,Europe/Nowhere,S,,2026-01-01\n", CAIRN_ERR_FORMAT},
		{"a,T,DE,C,P,2037-05-17T18:00,,Europe/Berlin,,,2026-01-01\n", CAIRN_ERR_FORMAT},
		{"a,T,DE,C,P,2037-05-17T18:00,,../etc/passwd,S,,2026-01-01\n", CAIRN_ERR_FORMAT},
	};
	struct site_fault fault;
	GPtrArray *list;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *text = g_strconcat(head, rows[i].row, NULL);

		assert_int_equal(gatherings_read(&list, &fault, "g.csv", text_of(text)), rows[i].err);
		g_ptr_array_free(list, TRUE);
		g_free(text);
	}
}

static void
a_drawing_keeps_shapes_and_loses_all_that_runs_or_loads(void **state)
{
	GString *out = g_string_new(NULL);

	(void)state;
	assert_ok(svg_clean(out, text_of("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"x\"><script>a</script>"
	                                 "<a href=\"x\"><text>t</text></a><rect width=\"1\" fill=\"url(http://e/)\" "
	                                 "style=\"x\"/><path d=\"M0 0\" marker-end=\"url(#m)\"/></svg>")));
	assert_string_equal(out->str,
	    "<svg><rect width=\"1\"></rect><path d=\"M0 0\" marker-end=\"url(#m)\"></path></svg>");
	assert_err(svg_clean(out, text_of("<html></html>")), CAIRN_ERR_FORMAT);
	assert_err(svg_clean(out, text_of("<svg>")), CAIRN_ERR_FORMAT);
	g_string_free(out, TRUE);
}

static void
no_path_of_a_manifest_leads_out(void **state)
{
	static const char *const bad[] = {"", "/a", "../a", "a/../b", ".a", "a/.b", "a//b", "a b", "a\\b", "a/"};

	(void)state;
	assert_true(manifest_path_ok(text_of("en/entries/a-1.html")));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(manifest_path_ok(text_of(bad[i])));
}

static void
a_manifest_is_in_order_and_names_nothing_twice(void **state)
{
	static const uint8_t hash[CAIRN_SHA256_BYTES] = {1};
	static const char *const orders[][2] = {{"a", "b"}, {"b", "a"}, {"a", "a"}};
	uint8_t got[CAIRN_SHA256_BYTES];
	struct cairn_span path;
	struct manifest m;
	bool more;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		GString *text = g_string_new(NULL);

		manifest_begin(text, text_of(""));
		manifest_add(text, hash, orders[i][0]);
		manifest_add(text, hash, orders[i][1]);
		assert_ok(manifest_open(&m, (struct cairn_span){text->str, text->len}));
		assert_ok(manifest_next(&m, got, &path, &more));
		assert_int_equal(manifest_next(&m, got, &path, &more), i == 0 ? CAIRN_OK : CAIRN_ERR_FORMAT);
		g_string_free(text, TRUE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_that_is_not_as_it_should_be_is_told_by_its_line),
		cmocka_unit_test(markdown_lets_no_html_and_no_strange_link_through),
		cmocka_unit_test(markdown_keeps_what_is_meant),
		cmocka_unit_test(words_are_folded_in_every_script_and_stand_once),
		cmocka_unit_test(an_address_without_source_and_date_is_refused),
		cmocka_unit_test(csv_is_taken_in_its_one_strict_form),
		cmocka_unit_test(a_gathering_has_a_time_a_zone_and_a_word_on_safety),
		cmocka_unit_test(a_drawing_keeps_shapes_and_loses_all_that_runs_or_loads),
		cmocka_unit_test(no_path_of_a_manifest_leads_out),
		cmocka_unit_test(a_manifest_is_in_order_and_names_nothing_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
