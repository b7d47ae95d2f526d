// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "record/date.h"

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

static void
expect(const char *text, enum record_precision precision, uint32_t first, uint32_t last)
{
	struct record_date date;

	assert_ok(record_date_read(&date, span(text)));
	assert_int_equal(date.precision, precision);
	assert_int_equal(date.first, first);
	assert_int_equal(date.last, last);
}

static void
each_precision_says_which_days_it_may_mean(void **state)
{
	(void)state;
	expect("2017-04-01", RECORD_DATE_DAY, 20170401, 20170401);
	expect("2017-02", RECORD_DATE_MONTH, 20170201, 20170228);
	expect("2016-02", RECORD_DATE_MONTH, 20160201, 20160229);
	expect("2017", RECORD_DATE_YEAR, 20170101, 20171231);
	expect("2017-04~", RECORD_DATE_ABOUT, 20170401, 20170430);
	expect("../2017-04", RECORD_DATE_BEFORE, 0, 20170430);
	expect("2017-04/..", RECORD_DATE_AFTER, 20170401, UINT32_MAX);
	expect("2017-02/2017-04", RECORD_DATE_BETWEEN, 20170201, 20170430);
	expect("XXXX", RECORD_DATE_UNKNOWN, 0, UINT32_MAX);
}

static void
a_day_that_does_not_exist_is_refused(void **state)
{
	struct record_date date;

	(void)state;
	assert_err(record_date_read(&date, span("2017-02-29")), CAIRN_ERR_RANGE);
	assert_err(record_date_read(&date, span("1900-02-29")), CAIRN_ERR_RANGE);
	assert_err(record_date_read(&date, span("2017-13")), CAIRN_ERR_RANGE);
	assert_err(record_date_read(&date, span("2017-00-01")), CAIRN_ERR_RANGE);
	assert_err(record_date_read(&date, span("0017")), CAIRN_ERR_RANGE);
}

static void
an_interval_that_ends_before_it_begins_is_refused(void **state)
{
	struct record_date date;

	(void)state;
	assert_err(record_date_read(&date, span("2017-04/2017-02")), CAIRN_ERR_RANGE);
}

static void
other_forms_are_refused(void **state)
{
	static const char *const bad[] = {"", "17", "2017-4-1", "2017/", "/2017", "../..", "~", "2017~~",
	    "2017-04-01 ", "2017-04-01T10:00", "about 2017", "2017/2018/2019", "20170401", "XXXX~", "-017",
	    "2017-04/XXXX"};
	struct record_date date;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_not_equal(record_date_read(&date, span(bad[i])), CAIRN_OK);
}

static void
words_are_taken_for_what_they_mean(void **state)
{
	static const char *const rows[][2] = {
	    {"about 2017-04", "2017-04~"},
	    {"Before 2017-04-01", "../2017-04-01"},
	    {"by 2017", "../2017"},
	    {"since 2017-02", "2017-02/.."},
	    {"between 2017-02 and 2017-04", "2017-02/2017-04"},
	    {"2017-02 to 2017-04", "2017-02/2017-04"},
	    {" unknown ", "XXXX"},
	    {"2017-04", "2017-04"},
	};
	char out[RECORD_DATE_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_ok(record_date_typed(out, span(rows[i][0])));
		assert_string_equal(out, rows[i][1]);
	}
	assert_int_not_equal(record_date_typed(out, span("yesterday")), CAIRN_OK);
	assert_int_not_equal(record_date_typed(out, span("about")), CAIRN_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_precision_says_which_days_it_may_mean),
	    cmocka_unit_test(a_day_that_does_not_exist_is_refused),
	    cmocka_unit_test(an_interval_that_ends_before_it_begins_is_refused),
	    cmocka_unit_test(other_forms_are_refused),
	    cmocka_unit_test(words_are_taken_for_what_they_mean),
	};

	return RUN_TESTS(tests);
}
