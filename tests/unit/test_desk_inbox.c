// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include "desk/inbox.h"

/* A Sunday, 12:00 UTC. */
#define NOW (UINT64_C(20779) * 86400 + 43200)
#define MIN UINT64_C(60)
#define HOUR UINT64_C(3600)

static struct inbox_line
line(uint64_t conv, uint32_t urgency, uint64_t waits_for)
{
	uint64_t since = waits_for == 0 ? 0 : NOW - waits_for;

	return (struct inbox_line){.conv = conv, .urgency = urgency, .waits_since = since};
}

/* Sorts lines and expects their numbers in that order. */
static void
expect(struct inbox_line *lines, size_t count, const uint64_t *order)
{
	inbox_sort(lines, count, NOW);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(lines[i].conv, order[i]);
}

static void
who_said_now_comes_first_however_short_they_wait(void **state)
{
	struct inbox_line lines[] = {line(1, 0, 30 * HOUR), line(2, 3, MIN), line(3, 2, 5 * HOUR)};

	(void)state;
	expect(lines, 3, (const uint64_t[]){2, 1, 3});
}

static void
of_two_that_said_now_the_longer_waiting_comes_first(void **state)
{
	struct inbox_line lines[] = {line(1, 3, 2 * MIN), line(2, 3, 9 * MIN)};

	(void)state;
	expect(lines, 2, (const uint64_t[]){2, 1});
}

static void
a_low_urgency_is_not_passed_by_for_ever(void **state)
{
	/* "This week" that waits since yesterday before "today" of ten minutes ago. */
	struct inbox_line lines[] = {line(1, 2, 10 * MIN), line(2, 1, 24 * HOUR)};

	(void)state;
	expect(lines, 2, (const uint64_t[]){2, 1});
}

static void
today_comes_before_this_week_when_both_are_fresh(void **state)
{
	struct inbox_line lines[] = {line(1, 1, 10 * MIN), line(2, 0, 10 * MIN), line(3, 2, 10 * MIN)};

	(void)state;
	expect(lines, 3, (const uint64_t[]){3, 2, 1});
}

static void
who_waits_comes_before_who_does_not(void **state)
{
	struct inbox_line lines[] = {line(1, 3, 0), line(2, 1, MIN)};

	(void)state;
	expect(lines, 2, (const uint64_t[]){2, 1});
}

static void
who_missed_a_check_in_comes_behind_now_and_before_the_rest(void **state)
{
	struct inbox_line lines[] = {line(1, 2, 20 * HOUR), line(2, 0, 0), line(3, 3, MIN), line(4, 0, 0)};

	(void)state;
	lines[1].check_in = (uint32_t)(NOW / HOUR - 2);
	lines[3].check_in_due = (uint32_t)(NOW / HOUR + 2);
	expect(lines, 4, (const uint64_t[]){3, 2, 1, 4});
	assert_int_equal(inbox_class(&lines[1], NOW), INBOX_SILENT);
	assert_int_equal(inbox_class(&lines[3], NOW), INBOX_ANSWERED);
}

static void
the_earlier_of_two_agreed_hours_counts(void **state)
{
	struct inbox_line l = line(1, 0, 0);

	(void)state;
	l.check_in = (uint32_t)(NOW / HOUR + 5);
	l.check_in_due = (uint32_t)(NOW / HOUR - 1);
	assert_int_equal(inbox_class(&l, NOW), INBOX_SILENT);
	assert_int_equal(inbox_due(&l, NOW), NOW - HOUR);
}

static void
nobody_is_lost_in_sorting(void **state)
{
	static struct inbox_line lines[500];
	bool seen[500] = {false};

	(void)state;
	for (uint64_t i = 0; i < 500; i++)
		lines[i] = line(i, (uint32_t)(i * 7 % 4), i * 13 % 50 * HOUR);
	inbox_sort(lines, 500, NOW);
	for (size_t i = 0; i < 500; i++) {
		assert_false(seen[lines[i].conv]);
		seen[lines[i].conv] = true;
		if (i > 0)
			assert_true(inbox_class(&lines[i - 1], NOW) <= inbox_class(&lines[i], NOW));
	}
}

static void
windows(struct inbox_line *l, uint16_t from, uint16_t to, uint8_t weekdays)
{
	l->windows[l->window_count++] = (struct inbox_window){from, to, weekdays};
}

static void
without_a_word_an_answer_is_always_safe(void **state)
{
	struct inbox_line l = line(1, 0, MIN);
	uint64_t next;

	(void)state;
	assert_true(inbox_safe(&l, NOW, &next));
}

static void
a_window_holds_on_its_weekdays_only(void **state)
{
	struct inbox_line l = line(1, 0, MIN);
	uint64_t next;

	(void)state;
	windows(&l, 11 * 60, 13 * 60, 1 << 6); /* Sunday */
	assert_true(inbox_safe(&l, NOW, &next));
	assert_false(inbox_safe(&l, NOW + 2 * HOUR, &next));
	assert_int_equal(next, NOW - HOUR + 7 * 86400);
	assert_false(inbox_safe(&l, NOW + 86400, &next));
}

static void
a_window_may_run_past_midnight(void **state)
{
	struct inbox_line l = line(1, 0, MIN);
	uint64_t next;

	(void)state;
	windows(&l, 22 * 60, 2 * 60, 1 << 6);
	assert_false(inbox_safe(&l, NOW, &next));
	assert_int_equal(next, NOW + 10 * HOUR);
	assert_true(inbox_safe(&l, NOW + 10 * HOUR, &next));
	assert_true(inbox_safe(&l, NOW + 13 * HOUR, &next)); /* Monday, 01:00 */
	assert_false(inbox_safe(&l, NOW + 14 * HOUR, &next));
	assert_false(inbox_safe(&l, NOW - 11 * HOUR, &next)); /* Sunday, 01:00: that night began on Saturday */
}

static void
several_windows_add_up(void **state)
{
	struct inbox_line l = line(1, 0, MIN);
	uint64_t next;

	(void)state;
	windows(&l, 6 * 60, 7 * 60, 0x7f);
	windows(&l, 18 * 60, 19 * 60, 0x7f);
	assert_false(inbox_safe(&l, NOW, &next));
	assert_int_equal(next, NOW + 6 * HOUR);
}

static void
a_window_without_a_weekday_is_never(void **state)
{
	struct inbox_line l = line(1, 0, MIN);
	uint64_t next;

	(void)state;
	windows(&l, 0, 0, 0);
	assert_false(inbox_safe(&l, NOW, &next));
	assert_int_equal(next, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_said_now_comes_first_however_short_they_wait),
	    cmocka_unit_test(of_two_that_said_now_the_longer_waiting_comes_first),
	    cmocka_unit_test(a_low_urgency_is_not_passed_by_for_ever),
	    cmocka_unit_test(today_comes_before_this_week_when_both_are_fresh),
	    cmocka_unit_test(who_waits_comes_before_who_does_not),
	    cmocka_unit_test(who_missed_a_check_in_comes_behind_now_and_before_the_rest),
	    cmocka_unit_test(the_earlier_of_two_agreed_hours_counts),
	    cmocka_unit_test(nobody_is_lost_in_sorting),
	    cmocka_unit_test(without_a_word_an_answer_is_always_safe),
	    cmocka_unit_test(a_window_holds_on_its_weekdays_only),
	    cmocka_unit_test(a_window_may_run_past_midnight),
	    cmocka_unit_test(several_windows_add_up),
	    cmocka_unit_test(a_window_without_a_weekday_is_never),
	};

	return RUN_TESTS(tests);
}
