// SPDX-License-Identifier: GPL-3.0-or-later
/* Request lines, names of board files, ranges: all that is read out of a request's head. */
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "cairn/tlog.h"
#include "relay/append.h"
#include "relay/board_name.h"
#include "relay/range.h"
#include "relay/routes.h"
#include "relay/tiles.h"

#define DESK "abababababababababababababababababababababababababababababababab"

static struct route_match match;

static bool
fits(const char *pattern, const char *target)
{
	return route_fits(&match, pattern, (struct cairn_span){target, strlen(target)});
}

static void
a_pattern_takes_what_it_names(void **state)
{
	(void)state;
	assert_true(fits("drop/<door>", "/d/" DESK "/drop/campaign"));
	assert_int_equal(match.door, CAIRN_DOOR_CAMPAIGN);
	assert_int_equal(match.desk[31], 0xab);
	assert_true(fits("drop/<door>/blob/<id>", "/d/" DESK "/drop/intake/blob/" DESK));
	assert_int_equal(match.id[0], 0xab);
	assert_true(fits("drop/<door>/lease?max=<number>", "/d/" DESK "/drop/intake/lease?max=64"));
	assert_int_equal(match.number, 64);
	assert_true(fits("board/<rest>", "/d/" DESK "/board/tile/0/x001/067"));
	assert_int_equal(match.rest.size, strlen("tile/0/x001/067"));
	assert_true(fits("roster?key=<id>", "/d/" DESK "/roster?key=" DESK));
	assert_true(fits("feed?from=<number>&wait=<seconds>", "/d/" DESK "/feed?from=7&wait=60"));
	assert_int_equal(match.number, 7);
	assert_int_equal(match.seconds, 60);
	assert_true(fits("join/<slot>/<part>", "/d/" DESK "/join/cdababababababababababababababab/4"));
	assert_int_equal(match.slot[0], 0xcd);
	assert_int_equal(match.number, 4);
}

static void
a_pattern_takes_nothing_else(void **state)
{
	(void)state;
	assert_false(fits("drop/<door>", ""));
	assert_false(fits("drop/<door>", "/"));
	assert_false(fits("drop/<door>", "/d/" DESK));
	assert_false(fits("drop/<door>", "d/" DESK "/drop/intake"));
	assert_false(fits("drop/<door>", "/e/" DESK "/drop/intake"));
	assert_false(fits("drop/<door>", "/d/" DESK "/drop"));
	assert_false(fits("drop/<door>", "/d/" DESK "/drop/"));
	assert_false(fits("drop/<door>", "/d/" DESK "/drop/intake/"));
	assert_false(fits("drop/<door>", "/d/" DESK "/drop/intake?"));
	assert_false(fits("drop/<door>", "/d/ab/drop/intake"));
	assert_false(fits("drop/<door>/lease?max=<number>", "/d/" DESK "/drop/intake/lease"));
	assert_false(fits("drop/<door>/lease?max=<number>", "/d/" DESK "/drop/intake/lease?max"));
	assert_false(fits("drop/<door>/lease?max=<number>", "/d/" DESK "/drop/intake/lease?max=01"));
	assert_false(fits("drop/<door>/lease?max=<number>", "/d/" DESK "/drop/intake/lease?min=1"));
	assert_false(fits("drop/<door>/lease?max=<number>", "/d/" DESK "/drop/intake/lease?max=1&a=b"));
	assert_false(fits("feed?from=<number>&wait=<seconds>", "/d/" DESK "/feed?from=7"));
	assert_false(fits("feed?from=<number>&wait=<seconds>", "/d/" DESK "/feed?from=7&"));
	assert_false(fits("feed?from=<number>&wait=<seconds>", "/d/" DESK "/feed?from=7&wait"));
	assert_false(fits("feed?from=<number>&wait=<seconds>", "/d/" DESK "/feed?wait=7&from=7"));
	assert_false(fits("feed?from=<number>&wait=<seconds>", "/d/" DESK "/feed?from=7&wait=7&a=1"));
	assert_false(fits("join/<slot>/<part>", "/d/" DESK "/join/cdab/1"));
	assert_false(fits("join/<slot>/<part>", "/d/" DESK "/join/cdababababababababababababababab/0"));
	assert_false(fits("join/<slot>/<part>", "/d/" DESK "/join/cdababababababababababababababab/5"));
}

static bool
named(const char *rest, struct board_name *name)
{
	return board_name_read(name, (struct cairn_span){rest, strlen(rest)}) == CAIRN_OK;
}

static void
board_files_have_one_name_each(void **state)
{
	static const char *const wrong[] = {
	    "",
	    "x",
	    "checkpoint/",
	    "Card",
	    "head",
	    "batch",
	    "batch/",
	    "batch/01",
	    "batch/-1",
	    "batch/1/2",
	    "batch/9007199254740992",
	    "epoch/intake",
	    "epoch/intake/1",
	    "epoch/intake/1.",
	    "epoch/intake/1.0.0",
	    "epoch/intake/01.0",
	    "epoch/intake/4294967296.0",
	    "epoch/intake/1.65536",
	    "epoch/back/1.0",
	    "tile/0",
	    "tile/0/1",
	    "tile/7/000",
	    "tile/-1/000",
	    "tile/0/000.p/0",
	    "tile/0/000.p/256",
	    "tile/0/000.p/01",
	    "tile/0/../../x",
	    "tile/x000/000",
	    "tile/0/x000/000",
	};
	struct board_name name;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		if (named(wrong[i], &name))
			print_message("taken: %s\n", wrong[i]);
		assert_false(named(wrong[i], &name));
	}
	assert_true(named("checkpoint", &name));
	assert_true(named("epoch/campaign/20000.3", &name));
	assert_int_equal(name.gen, 3);
	assert_true(named("tile/entries/x001/067.p/5", &name));
	assert_int_equal(name.n, 1067);
	assert_int_equal(name.width, 5);
}

static void
paths_on_disk_are_made_from_numbers(void **state)
{
	uint8_t desk[32] = {1};
	char path[FILES_PATH_MAX];
	struct board_name name;

	(void)state;
	assert_true(named("tile/0/x001/067.p/5", &name));
	assert_ok(board_name_path(path, &name, desk));
	assert_string_equal(strstr(path, "/board/"), "/board/tile/0/x001/067");
	assert_true(named("batch/12", &name));
	assert_ok(board_name_path(path, &name, desk));
	assert_string_equal(strstr(path, "/board/"), "/board/batch/12");
	assert_true(named("card", &name));
	assert_err(board_name_path(path, &name, desk), CAIRN_ERR_RANGE);
}

static int
range(const char *value, size_t size, size_t *first, size_t *bytes)
{
	struct range r = {0};
	int err = range_read(&r, (struct cairn_span){value, strlen(value)}, size);

	*first = r.first;
	*bytes = r.bytes;
	return err;
}

static void
ranges_are_read_to_the_last_bit(void **state)
{
	size_t first, bytes;

	(void)state;
	assert_err(range("bytes=0-18446744073709551615", 10, &first, &bytes), CAIRN_ERR_FORMAT);
	assert_ok(range("bytes=0-9223372036854775807", 10, &first, &bytes));
	assert_int_equal(bytes, 10);
	assert_ok(range("bytes=9-", 10, &first, &bytes));
	assert_int_equal(first, 9);
	assert_int_equal(bytes, 1);
	assert_ok(range("bytes=-9223372036854775807", 10, &first, &bytes));
	assert_int_equal(bytes, 10);
	assert_ok(range("bytes=003-0004", 10, &first, &bytes));
	assert_int_equal(bytes, 2);
	assert_err(range("bytes=10-", 10, &first, &bytes), CAIRN_ERR_RANGE);
	assert_err(range("bytes=0-", 0, &first, &bytes), CAIRN_ERR_RANGE);
	assert_err(range("bytes=-5", 0, &first, &bytes), CAIRN_ERR_RANGE);
	assert_err(range("", 10, &first, &bytes), CAIRN_ERR_FORMAT);
	assert_err(range("bytes=--1", 10, &first, &bytes), CAIRN_ERR_FORMAT);
	assert_err(range("bytes= 1-2", 10, &first, &bytes), CAIRN_ERR_FORMAT);
}

static void
an_append_has_one_form(void **state)
{
	static const uint8_t good[] = {1, 0, 0, 0, 1, 'a', 3, 0, 0, 0, 1, 'b', 4, 0, 0, 0, 0};
	static const uint8_t twice[] = {1, 0, 0, 0, 1, 'a', 1, 0, 0, 0, 1, 'b'};
	static const uint8_t descending[] = {3, 0, 0, 0, 1, 'a', 1, 0, 0, 0, 1, 'b'};
	static const uint8_t unknown[] = {1, 0, 0, 0, 1, 'a', 7, 0, 0, 0, 1, 'b'};
	static const uint8_t beyond[] = {1, 0xff, 0xff, 0xff, 0xff, 'a'};
	static const uint8_t without[] = {3, 0, 0, 0, 1, 'b'};
	static struct append a;

	(void)state;
	assert_ok(append_read(&a, good, sizeof good));
	assert_int_equal(a.card.text[0], 'b');
	assert_non_null(a.identity.text);
	assert_null(a.epochs.text);
	for (size_t cut = 1; cut < sizeof good; cut++)
		assert_true(append_read(&a, good, sizeof good - cut) == CAIRN_ERR_FORMAT || sizeof good - cut == 6 ||
		    sizeof good - cut == 12);
	assert_err(append_read(&a, twice, sizeof twice), CAIRN_ERR_FORMAT);
	assert_err(append_read(&a, descending, sizeof descending), CAIRN_ERR_FORMAT);
	assert_err(append_read(&a, unknown, sizeof unknown), CAIRN_ERR_FORMAT);
	assert_err(append_read(&a, beyond, sizeof beyond), CAIRN_ERR_FORMAT);
	assert_err(append_read(&a, without, sizeof without), CAIRN_ERR_FORMAT);
	assert_err(append_read(&a, NULL, 0), CAIRN_ERR_FORMAT);
}

static void
the_prefix_of_a_bundle_is_whole_entries(void **state)
{
	static const uint8_t bundle[] = {0, 1, 'a', 0, 2, 'b', 'b', 0, 0, 9};
	size_t bytes;

	(void)state;
	assert_ok(tiles_bundle_prefix(&bytes, bundle, sizeof bundle, 0));
	assert_int_equal(bytes, 0);
	assert_ok(tiles_bundle_prefix(&bytes, bundle, sizeof bundle, 2));
	assert_int_equal(bytes, 7);
	assert_err(tiles_bundle_prefix(&bytes, bundle, sizeof bundle, 5), CAIRN_ERR_FORMAT);
	assert_err(tiles_bundle_prefix(&bytes, NULL, 0, 1), CAIRN_ERR_FORMAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_pattern_takes_what_it_names),
	    cmocka_unit_test(a_pattern_takes_nothing_else),
	    cmocka_unit_test(board_files_have_one_name_each),
	    cmocka_unit_test(paths_on_disk_are_made_from_numbers),
	    cmocka_unit_test(ranges_are_read_to_the_last_bit),
	    cmocka_unit_test(an_append_has_one_form),
	    cmocka_unit_test(the_prefix_of_a_bundle_is_whole_entries),
	};

	return RUN_TESTS(tests);
}
