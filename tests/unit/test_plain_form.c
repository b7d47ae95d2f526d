// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "plain/details.h"
#include "plain/form.h"

static int
read_text(struct form *form, char *text)
{
	return form_read(form, (uint8_t *)text, strlen(text));
}

static void
assert_field(const struct form *form, const char *name, const char *value)
{
	struct cairn_span got = form_get(form, name);

	assert_int_equal(got.size, strlen(value));
	assert_memory_equal(got.text, value, got.size);
}

static void
fields_are_decoded(void **state)
{
	char text[] = "go=send&text=%d0%AF+a%0D%0Ab%26c%3D&empty=";
	struct form form;

	(void)state;
	assert_int_equal(read_text(&form, text), CAIRN_OK);
	assert_field(&form, "go", "send");
	assert_field(&form, "text", "Я a\r\nb&c=");
	assert_field(&form, "empty", "");
	assert_null(form_get(&form, "other").text);
}

static void
the_first_of_a_name_counts(void **state)
{
	char text[] = "go=send&go=look";
	struct form form;

	(void)state;
	assert_int_equal(read_text(&form, text), CAIRN_OK);
	assert_field(&form, "go", "send");
}

static void
an_empty_body_is_a_form(void **state)
{
	struct form form;

	(void)state;
	assert_int_equal(form_read(&form, NULL, 0), CAIRN_OK);
	assert_int_equal(form.count, 0);
}

static void
what_is_no_form_is_refused(void **state)
{
	static const char *const bad[] = {
	    "a", "a=%", "a=%4", "a=%4g", "a=%00", "a=%ff", "a=%ed%a0%80", "a=b&", "%zz=a", "a=b&c"};
	char text[32];
	struct form form;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memcpy(text, bad[i], strlen(bad[i]) + 1);
		assert_int_equal(read_text(&form, text), CAIRN_ERR_FORMAT);
		assert_int_equal(form.count, 0);
	}
}

static void
there_may_be_so_many_fields(void **state)
{
	char text[4 * (FORM_FIELDS_MAX + 1) + 1] = "";
	struct form form;

	(void)state;
	for (size_t i = 0; i < FORM_FIELDS_MAX; i++)
		memcpy(text + 4 * i, "a=b&", 4);
	text[4 * FORM_FIELDS_MAX - 1] = '\0';
	assert_int_equal(read_text(&form, text), CAIRN_OK);
	assert_int_equal(form.count, FORM_FIELDS_MAX);
	for (size_t i = 0; i <= FORM_FIELDS_MAX; i++)
		memcpy(text + 4 * i, "a=b&", 4);
	text[4 * FORM_FIELDS_MAX + 3] = '\0';
	assert_int_equal(read_text(&form, text), CAIRN_ERR_RANGE);
}

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

static void
dates_are_read_as_browsers_send_them(void **state)
{
	uint32_t value = 7;

	(void)state;
	assert_true(day_typed(&value, span("1970-01-02")));
	assert_int_equal(value, 1);
	assert_true(day_typed(&value, span("2026-11-22")));
	assert_int_equal(value, 20779);
	assert_true(hour_typed(&value, span("2026-11-22T18:59"), 0));
	assert_int_equal(value, 20779 * 24 + 18);
}

static void
what_is_no_date_is_refused(void **state)
{
	static const char *const bad[] = {"", "2026-11-2", "2026-02-30", "2026-13-01", "1969-12-31",
	    "2026/11/22", "22-11-2026", "2026-11- 2", "+026-11-22", "9999-01-01"};
	uint32_t value = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(day_typed(&value, span(bad[i])));
	assert_false(hour_typed(&value, span("2026-11-22T24:00"), 0));
	assert_false(hour_typed(&value, span("2026-11-22"), 0));
	assert_false(hour_typed(&value, span("2026-11-22 18:00"), 0));
	assert_int_equal(value, 7);
}

static void
an_hour_is_of_the_zone_that_was_said(void **state)
{
	uint32_t value = 7;

	(void)state;
	assert_true(hour_typed(&value, span("2026-11-22T01:30"), 180));
	assert_int_equal(value, 20778 * 24 + 22);
	assert_true(hour_typed(&value, span("2026-11-22T23:30"), -60));
	assert_int_equal(value, 20780 * 24);
	assert_false(hour_typed(&value, span("1970-01-01T00:30"), 60));
}

static void
a_time_of_day_is_read_in_minutes(void **state)
{
	static const char *const bad[] = {"", "1:30", "24:00", "12:60", "12:3", "12.30", "+1:30", "12:300"};
	unsigned value = 7;

	(void)state;
	assert_true(minutes_typed(&value, span("18:05")));
	assert_int_equal(value, 18 * 60 + 5);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(minutes_typed(&value, span(bad[i])));
	assert_int_equal(value, 18 * 60 + 5);
}

/* Clocks on the wall are some minutes wrong, and times on Earth by quarters of an hour. */
static void
the_clock_on_the_wall_says_the_zone(void **state)
{
	(void)state;
	assert_int_equal(zone_of(12 * 60, 12 * 60), 0);
	assert_int_equal(zone_of(12 * 60 - 5, 12 * 60), 0);
	assert_int_equal(zone_of(15 * 60 + 6, 12 * 60), 180);
	assert_int_equal(zone_of(60, 22 * 60), 180);
	assert_int_equal(zone_of(17 * 60 + 45, 12 * 60), 345);
	assert_int_equal(zone_of(23 * 60, 2 * 60), -180);
	assert_int_equal(zone_of(14 * 60, 0), 840);
	assert_int_equal(zone_of(14 * 60 + 15, 0), -585);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fields_are_decoded),
	    cmocka_unit_test(the_first_of_a_name_counts),
	    cmocka_unit_test(an_empty_body_is_a_form),
	    cmocka_unit_test(what_is_no_form_is_refused),
	    cmocka_unit_test(there_may_be_so_many_fields),
	    cmocka_unit_test(dates_are_read_as_browsers_send_them),
	    cmocka_unit_test(what_is_no_date_is_refused),
	    cmocka_unit_test(an_hour_is_of_the_zone_that_was_said),
	    cmocka_unit_test(a_time_of_day_is_read_in_minutes),
	    cmocka_unit_test(the_clock_on_the_wall_says_the_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
