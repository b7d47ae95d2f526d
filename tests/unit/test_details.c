// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "cli/details.h"
#include "cli/media_type.h"
#include "cli/reach.h"

#define SPAN(literal) ((struct cairn_span){(literal), sizeof(literal) - 1})

static void
days_are_counted_as_the_calendar_has_them(void **state)
{
	uint32_t day;

	(void)state;
	assert_true(day_read(&day, SPAN("1970-01-01")));
	assert_int_equal(day, 0);
	assert_true(day_read(&day, SPAN("2000-03-01")));
	assert_int_equal(day, 11017);
	assert_true(day_read(&day, SPAN("2024-02-29")));
	assert_int_equal(day, 19782);
	assert_true(day_read(&day, SPAN("2026-11-22")));
	assert_int_equal(day, 20779);
}

static void
days_that_do_not_exist_are_refused(void **state)
{
	static const char *const wrong[] = {
		"2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-04-31", "1969-12-31",
		"2026-1-01", "22.11.2026", "2026-11-2x", "+026-11-22", "", "2026-11-221",
	};
	uint32_t day;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		if (day_read(&day, (struct cairn_span){wrong[i], strlen(wrong[i])}))
			fail_msg("taken: %s", wrong[i]);
}

static void
needs_have_the_numbers_of_the_protocol(void **state)
{
	uint8_t need;

	(void)state;
	assert_true(need_read(&need, "shelter"));
	assert_int_equal(need, 1);
	assert_true(need_read(&need, "somebody-else"));
	assert_int_equal(need, 8);
	assert_false(need_read(&need, "Shelter"));
	assert_false(need_read(&need, ""));
	assert_string_equal(need_name(3), "doctor");
	assert_string_equal(need_name(0), "other");
	assert_string_equal(need_name(200), "other");
}

static void
an_urgency_that_is_not_known_is_now(void **state)
{
	uint8_t urgency;

	(void)state;
	assert_true(urgency_read(&urgency, "week"));
	assert_int_equal(urgency, 1);
	assert_true(urgency_read(&urgency, "now"));
	assert_int_equal(urgency, 3);
	assert_false(urgency_read(&urgency, "soon"));
	assert_string_equal(urgency_name(9), "now");
}

static void
windows_are_minutes_of_the_day_and_weekdays(void **state)
{
	static const uint8_t evening[] = {0x04, 0x38, 0x04, 0xce, 0x7f};
	static const uint8_t night[] = {0x05, 0x82, 0x00, 0x1e, 0x41};
	uint8_t value[ANSWER_WINDOW_BYTES];

	(void)state;
	assert_true(window_read(value, "18:00-20:30"));
	assert_memory_equal(value, evening, sizeof value);
	assert_true(window_read(value, "23:30-00:30@mon,sun"));
	assert_memory_equal(value, night, sizeof value);
}

static void
windows_that_are_none_are_refused(void **state)
{
	static const char *const wrong[] = {
		"", "18:00", "18:00-", "18-20", "24:00-25:00", "18:60-19:00", "18:00-20:00@", "18:00-20:00@moon",
		"18:00-20:00@mon,", "8:00-9:00", "18:00-20:00 ",
	};
	uint8_t value[ANSWER_WINDOW_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		if (window_read(value, wrong[i]))
			fail_msg("taken: %s", wrong[i]);
}

static void
hours_are_dates_or_from_now(void **state)
{
	uint32_t hour;

	(void)state;
	assert_true(hour_read(&hour, "2026-11-22T18", 5));
	assert_int_equal(hour, 20779 * 24 + 18);
	assert_true(hour_read(&hour, "+48", 1000));
	assert_int_equal(hour, 1048);
	assert_true(hour_read(&hour, "0", 1000));
	assert_int_equal(hour, 0);
	assert_false(hour_read(&hour, "2026-11-22T24", 5));
	assert_false(hour_read(&hour, "2026-11-22 18", 5));
	assert_false(hour_read(&hour, "+", 5));
	assert_false(hour_read(&hour, "+100000", 5));
	assert_false(hour_read(&hour, "-3", 5));
}

static void
a_retraction_names_a_letter_or_all(void **state)
{
	static const uint8_t zeros[CAIRN_MSGID_BYTES];
	uint8_t msgid[CAIRN_MSGID_BYTES];

	(void)state;
	assert_true(retraction_read(msgid, "all"));
	assert_memory_equal(msgid, zeros, sizeof msgid);
	assert_true(retraction_read(msgid, "000102030405060708090a0b0c0d0e0f"));
	assert_int_equal(msgid[15], 15);
	assert_false(retraction_read(msgid, "000102"));
	assert_false(retraction_read(msgid, "All"));
}

static void
a_number_may_name_a_descriptor_but_never_a_text(void **state)
{
	uint16_t n;
	int fd;

	(void)state;
	assert_true(numbered_read(&n, &fd, "3", 3));
	assert_int_equal(n, 3);
	assert_int_equal(fd, -1);
	assert_true(numbered_read(&n, &fd, "0:5", 3));
	assert_int_equal(fd, 5);
	assert_false(numbered_read(&n, &fd, "4", 3));
	assert_false(numbered_read(&n, &fd, "1:my cousin", 3));
	assert_false(numbered_read(&n, &fd, "1:", 3));
	assert_false(numbered_read(&n, &fd, "", 3));
}

static void
a_media_type_comes_from_the_ending(void **state)
{
	(void)state;
	assert_string_equal(media_type_of("a/b.c/photo.JPG"), "image/jpeg");
	assert_string_equal(media_type_of("photo"), "application/octet-stream");
	assert_string_equal(media_type_of("a.unknown"), "application/octet-stream");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_are_counted_as_the_calendar_has_them),
		cmocka_unit_test(days_that_do_not_exist_are_refused),
		cmocka_unit_test(needs_have_the_numbers_of_the_protocol),
		cmocka_unit_test(an_urgency_that_is_not_known_is_now),
		cmocka_unit_test(windows_are_minutes_of_the_day_and_weekdays),
		cmocka_unit_test(windows_that_are_none_are_refused),
		cmocka_unit_test(hours_are_dates_or_from_now),
		cmocka_unit_test(a_retraction_names_a_letter_or_all),
		cmocka_unit_test(a_number_may_name_a_descriptor_but_never_a_text),
		cmocka_unit_test(a_media_type_comes_from_the_ending),
	};

	return RUN_TESTS(tests);
}
