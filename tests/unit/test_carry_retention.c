// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "carry/membership.h"
#include "carry/retention.h"

#define HOUR 3600U
#define DAY (24U * HOUR)
#define T0 1700000000U

static uint64_t at;

/* One mark at T0, and what happened to the case. */
static enum retention_when
due(uint8_t kind, uint8_t mark, const struct retention_change *changes, size_t count, uint32_t chosen)
{
	const struct retention_mark marks[] = {{mark, T0}};

	return retention_due(&at, kind, marks, 1, changes, count, chosen);
}

static void
no_time_runs_until_an_officer_marks_it(void **state)
{
	(void)state;
	for (uint8_t kind = 0; kind <= KIND_COUNT; kind++) {
		assert_int_equal(retention_due(&at, kind, NULL, 0, NULL, 0, 0), RETENTION_NEVER);
		assert_int_equal(at, 0);
	}
}

static void
each_row_counts_from_its_mark(void **state)
{
	(void)state;
	for (size_t i = 0; i < retention_count; i++) {
		const struct retention_row *row = &retention_table[i];

		assert_int_equal(due(row->kind, row->mark, NULL, 0, RETENTION_AS_TABLE), RETENTION_AT);
		assert_int_equal(at, T0 + (uint64_t)row->hours * HOUR);
		assert_true(row->least <= row->hours);
	}
	assert_int_equal(due(KIND_CONTACT, MARK_CLOSED, NULL, 0, RETENTION_AS_TABLE), RETENTION_AT);
	assert_int_equal(at, T0 + 30 * DAY);
	assert_int_equal(due(KIND_LEG, MARK_ARRIVED, NULL, 0, RETENTION_AS_TABLE), RETENTION_AT);
	assert_int_equal(at, T0 + 72 * HOUR);
}

static void
a_mark_that_means_nothing_to_the_kind_starts_nothing(void **state)
{
	(void)state;
	assert_int_equal(due(KIND_CONTACT, MARK_ARRIVED, NULL, 0, RETENTION_AS_TABLE), RETENTION_NEVER);
	assert_int_equal(due(KIND_LEG, 0, NULL, 0, RETENTION_AS_TABLE), RETENTION_NEVER);
}

static void
testimony_and_record_outlive_the_case(void **state)
{
	(void)state;
	assert_int_equal(due(KIND_TESTIMONY, MARK_CLOSED, NULL, 0, 0), RETENTION_NEVER);
	assert_int_equal(due(KIND_RECORD, MARK_CLOSED, NULL, 0, 0), RETENTION_NEVER);
	assert_int_equal(due(KIND_DESK, MARK_CLOSED, NULL, 0, 0), RETENTION_NEVER);
	assert_int_equal(due(KIND_TESTIMONY, MARK_WITHDRAWN, NULL, 0, RETENTION_AS_TABLE), RETENTION_AT);
}

static void
silent_coerced_and_captured_stop_it(void **state)
{
	const uint8_t stops[] = {CASE_SILENT, CASE_COERCION, CASE_CAPTURED, 77};

	(void)state;
	for (size_t i = 0; i < sizeof(stops); i++) {
		const struct retention_change before[] = {{stops[i], T0 - DAY}}, after[] = {{stops[i], T0 + DAY}};

		assert_int_equal(due(KIND_CONTACT, MARK_CLOSED, before, 1, 24), RETENTION_HELD);
		assert_int_equal(due(KIND_CONTACT, MARK_CLOSED, after, 1, 24), RETENTION_HELD);
		assert_int_equal(at, 0);
	}
}

static void
withdrawing_and_going_home_do_not_stop_it(void **state)
{
	const struct retention_change changes[] = {{CASE_WITHDREW, T0 + HOUR}, {CASE_RETURNED, T0 + 2 * HOUR}};

	(void)state;
	assert_int_equal(due(KIND_CONTACT, MARK_CLOSED, changes, 2, RETENTION_AS_TABLE), RETENTION_AT);
	assert_int_equal(at, T0 + 30 * DAY);
}

static void
when_it_goes_on_it_counts_anew(void **state)
{
	const struct retention_change changes[] = {{CASE_SILENT, T0 + DAY}, {CASE_CAPTURED, T0 + 5 * DAY},
	    {CASE_OPEN, T0 + 29 * DAY}, {CASE_WITHDREW, T0 + 31 * DAY}};

	(void)state;
	assert_int_equal(due(KIND_CONTACT, MARK_CLOSED, changes, 4, RETENTION_AS_TABLE), RETENTION_AT);
	assert_int_equal(at, T0 + 59 * DAY);
}

static void
what_was_over_before_the_mark_changes_nothing(void **state)
{
	const struct retention_change changes[] = {{CASE_SILENT, T0 - 9 * DAY}, {CASE_OPEN, T0 - 8 * DAY}};

	(void)state;
	assert_int_equal(due(KIND_LEG, MARK_ARRIVED, changes, 2, RETENTION_AS_TABLE), RETENTION_AT);
	assert_int_equal(at, T0 + 72 * HOUR);
}

static void
the_earliest_mark_decides(void **state)
{
	const struct retention_mark marks[] = {{MARK_CLOSED, T0 + 10 * HOUR}, {MARK_ARRIVED, T0}, {MARK_LEFT, 1}};

	(void)state;
	assert_int_equal(retention_due(&at, KIND_LEG, marks, 3, NULL, 0, RETENTION_AS_TABLE), RETENTION_AT);
	assert_int_equal(at, T0 + 72 * HOUR);
}

static void
a_desk_may_only_shorten_and_not_below_the_least(void **state)
{
	(void)state;
	assert_ok(retention_choose(KIND_LEG, 24));
	assert_ok(retention_choose(KIND_LEG, 72));
	assert_err(retention_choose(KIND_LEG, 23), CAIRN_ERR_RANGE);
	assert_err(retention_choose(KIND_LEG, 73), CAIRN_ERR_RANGE);
	assert_err(retention_choose(KIND_PLAN, 0), CAIRN_ERR_UNKNOWN);
	assert_err(retention_choose(KIND_RECORD, 10), CAIRN_ERR_UNKNOWN);
	assert_int_equal(due(KIND_LEG, MARK_ARRIVED, NULL, 0, 48), RETENTION_AT);
	assert_int_equal(at, T0 + 48 * HOUR);
	assert_int_equal(due(KIND_LEG, MARK_ARRIVED, NULL, 0, 1), RETENTION_AT);
	assert_int_equal(at, T0 + 24 * HOUR);
	assert_int_equal(due(KIND_LEG, MARK_ARRIVED, NULL, 0, 9999), RETENTION_AT);
	assert_int_equal(at, T0 + 72 * HOUR);
}

static void
a_time_beyond_all_times_does_not_wrap(void **state)
{
	const struct retention_mark marks[] = {{MARK_CLOSED, UINT64_MAX - 5}};

	(void)state;
	assert_int_equal(retention_due(&at, KIND_CONTACT, marks, 1, NULL, 0, RETENTION_AS_TABLE), RETENTION_AT);
	assert_true(at == UINT64_MAX);
}

static void
marks_and_states_have_names(void **state)
{
	const struct cairn_span captured = {"captured", 8}, none = {"gone", 4}, over = {"handed over", 11};
	uint8_t got;

	(void)state;
	assert_ok(case_state_by_name(&got, captured));
	assert_int_equal(got, CASE_CAPTURED);
	assert_string_equal(case_state_name(CASE_RETURNED), "returned home");
	assert_ok(mark_by_name(&got, over));
	assert_string_equal(mark_name(got), "handed over");
	assert_err(mark_by_name(&got, none), CAIRN_ERR_UNKNOWN);
	assert_null(mark_name(0));
	assert_null(case_state_name(77));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_time_runs_until_an_officer_marks_it),
	    cmocka_unit_test(each_row_counts_from_its_mark),
	    cmocka_unit_test(a_mark_that_means_nothing_to_the_kind_starts_nothing),
	    cmocka_unit_test(testimony_and_record_outlive_the_case),
	    cmocka_unit_test(silent_coerced_and_captured_stop_it),
	    cmocka_unit_test(withdrawing_and_going_home_do_not_stop_it),
	    cmocka_unit_test(when_it_goes_on_it_counts_anew),
	    cmocka_unit_test(what_was_over_before_the_mark_changes_nothing),
	    cmocka_unit_test(the_earliest_mark_decides),
	    cmocka_unit_test(a_desk_may_only_shorten_and_not_below_the_least),
	    cmocka_unit_test(a_time_beyond_all_times_does_not_wrap),
	    cmocka_unit_test(marks_and_states_have_names),
	};

	return RUN_TESTS(tests);
}
