// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "relay/site.h"

static int
path(char out[SITE_PATH_MAX], const char *target)
{
	return site_path(out, (struct cairn_span){target, strlen(target)});
}

static void
assert_path(const char *target, const char *expected)
{
	char out[SITE_PATH_MAX];

	assert_ok(path(out, target));
	assert_string_equal(out, expected);
}

static void
files_and_folders_are_found(void **state)
{
	(void)state;
	assert_path("/", "index.html");
	assert_path("/en/", "en/index.html");
	assert_path("/en/entries/a-1.html", "en/entries/a-1.html");
	assert_path("/manifest", "manifest");
	assert_path("/_headers", "_headers");
	assert_path("/en/?from=elsewhere", "en/index.html");
	assert_path("/a.b.c?x/../y", "a.b.c");
}

static void
no_way_leads_up_or_to_what_is_hidden(void **state)
{
	static const char *const bad[] = {"", "?", "x", "//", "/../etc/passwd", "/en/../../x", "/en/..", "/.cache",
	    "/.git/config",
	    "/en/.hidden", "/%2e%2e/x", "/en%2f..%2fx", "/a//b", "/a\\..\\b", "/a b", "/a\x01", "/\xc3\xa4", "/a:b",
	    "*",
	    "http://other/", "/a/./b"};
	char out[SITE_PATH_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_err(path(out, bad[i]), CAIRN_ERR_UNKNOWN);
}

static void
a_long_path_is_none(void **state)
{
	char target[2 * SITE_PATH_MAX], out[SITE_PATH_MAX];

	(void)state;
	memset(target, 'a', sizeof target);
	target[0] = '/';
	for (size_t bytes = SITE_PATH_MAX - 40; bytes < sizeof target; bytes++)
		if (site_path(out, (struct cairn_span){target, bytes}) == CAIRN_OK)
			assert_int_equal(strlen(out), bytes - 1);
	target[sizeof target - 1] = '/';
	assert_err(site_path(out, (struct cairn_span){target, sizeof target}), CAIRN_ERR_UNKNOWN);
}

static void
types_go_by_the_ending(void **state)
{
	(void)state;
	assert_string_equal(site_type("en/index.html"), "text/html; charset=utf-8");
	assert_string_equal(site_type("calendar/all.ics"), "text/calendar; charset=utf-8");
	assert_string_equal(site_type("core.wasm"), "application/wasm");
	assert_string_equal(site_type("x.html.exe"), "application/octet-stream");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_and_folders_are_found),
		cmocka_unit_test(no_way_leads_up_or_to_what_is_hidden),
		cmocka_unit_test(a_long_path_is_none),
		cmocka_unit_test(types_go_by_the_ending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
