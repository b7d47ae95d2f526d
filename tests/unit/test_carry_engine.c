// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdio.h>
#include <string.h>

#include "carry/due.h"
#include "carry/fields.h"
#include "carry/keys.h"
#include "carry/membership.h"
#include "lib/many.h"

static void
say_text(struct many_device *d, const uint8_t c[OP_ID_BYTES], uint16_t field, const char *text)
{
	struct op_set said = {.field = field, .value = {text, strlen(text)}};

	assert_ok(carry_say(d->carry, c, OP_SET, &said, many_now(d), NULL));
}

static void
expect_text(struct many_device *d, const uint8_t c[OP_ID_BYTES], uint16_t field, const char *text)
{
	struct view view;
	char got[256];

	assert_ok(view_make(d->carry, &view, c, many_now(d)));
	view_text(&view, field, got, sizeof(got));
	view_end(&view);
	assert_string_equal(got, text);
}

static void
what_one_member_says_the_others_read(void **state)
{
	struct many *m = many_new("");
	struct many_device *b = many_join(m, "intake");
	uint8_t c[OP_ID_BYTES], case_id[OP_ID_BYTES];

	(void)state;
	many_contact(m, c, case_id);
	say_text(&m->devices[0], c, 1, "heron");
	many_settle(m);
	expect_text(b, c, 1, "heron");
	say_text(b, c, 1, "amber heron");
	expect_text(b, c, 1, "amber heron");
	many_settle(m);
	expect_text(&m->devices[0], c, 1, "amber heron");
	many_free(m);
}

static void
a_device_that_is_no_member_has_neither_key_nor_operations(void **state)
{
	struct many *m = many_new("");
	struct many_device *b = many_join(m, "transport");
	uint8_t c[OP_ID_BYTES], case_id[OP_ID_BYTES];
	struct carry_compartment compartment;
	struct view view;
	uint32_t gen, day;

	(void)state;
	many_contact(m, c, case_id);
	say_text(&m->devices[0], c, 1, "heron");
	many_settle(m);
	assert_ok(compartment_get(b->carry, &compartment, c));
	assert_err(key_held(b->carry, compartment.n, &gen, &day), CAIRN_ERR_UNKNOWN);
	assert_err(view_make(b->carry, &view, c, m->now), CAIRN_ERR_DENIED);
	view_end(&view);
	many_free(m);
}

static void
a_new_member_is_told_what_went_before(void **state)
{
	struct many *m = many_new("");
	struct many_device *b = many_join(m, "case");
	uint8_t c[OP_ID_BYTES], case_id[OP_ID_BYTES];

	(void)state;
	many_contact(m, c, case_id);
	say_text(&m->devices[0], c, 1, "heron");
	many_settle(m);
	assert_ok(carry_member_add(m->devices[0].carry, c, b->self.device, false, m->now));
	many_settle(m);
	expect_text(b, c, 1, "heron");
	many_free(m);
}

static void
who_leaves_reads_nothing_that_comes_after(void **state)
{
	struct many *m = many_new("");
	struct many_device *b = many_join(m, "intake");
	uint8_t c[OP_ID_BYTES], case_id[OP_ID_BYTES];
	struct carry_compartment compartment;
	struct view view;
	uint32_t gen, day;

	(void)state;
	many_contact(m, c, case_id);
	assert_ok(carry_member_remove(m->devices[0].carry, c, b->self.device, m->now));
	many_settle(m);
	say_text(&m->devices[0], c, 1, "heron");
	many_settle(m);
	assert_ok(compartment_get(b->carry, &compartment, c));
	assert_int_equal(compartment.gen, 2);
	assert_err(key_held(b->carry, compartment.n, &gen, &day), CAIRN_ERR_UNKNOWN);
	assert_err(view_make(b->carry, &view, c, m->now), CAIRN_ERR_DENIED);
	view_end(&view);
	expect_text(&m->devices[0], c, 1, "heron");
	many_free(m);
}

static void
a_device_that_joins_late_knows_the_desk(void **state)
{
	struct many *m = many_new("");
	struct many_device *b;
	uint8_t c[OP_ID_BYTES], case_id[OP_ID_BYTES];
	struct carry_device d;

	(void)state;
	many_join(m, "intake");
	many_contact(m, c, case_id);
	say_text(&m->devices[0], c, 1, "heron");
	many_settle(m);
	b = many_join(m, "case,security");
	many_settle(m);
	assert_ok(device_get(b->carry, &d, m->devices[1].self.device));
	assert_true(device_has_role(&d, "intake"));
	assert_ok(carry_member_add(m->devices[1].carry, c, b->self.device, false, m->now));
	many_settle(m);
	expect_text(b, c, 1, "heron");
	many_free(m);
}

static void
days_go_by_and_all_still_understand_each_other(void **state)
{
	struct many *m = many_new("");
	struct many_device *b = many_join(m, "intake");
	uint8_t c[OP_ID_BYTES], case_id[OP_ID_BYTES];
	char text[32];

	(void)state;
	many_contact(m, c, case_id);
	for (unsigned day = 0; day < 40; day++) {
		m->now += 86400;
		snprintf(text, sizeof(text), "day %u", day);
		say_text(day % 2 == 0 ? b : &m->devices[0], c, 1, text);
		many_settle(m);
		expect_text(b, c, 1, text);
		expect_text(&m->devices[0], c, 1, text);
	}
	many_free(m);
}

/* Who takes a device reads nothing older than yesterday with it, also where nobody has said anything since. */
static void
the_key_of_a_quiet_compartment_moves_on_with_the_days(void **state)
{
	struct many *m = many_new("");
	uint8_t c[OP_ID_BYTES], case_id[OP_ID_BYTES];
	struct carry_compartment compartment;
	uint32_t gen, day;

	(void)state;
	many_contact(m, c, case_id);
	m->now += 5 * 86400;
	many_settle(m);
	assert_ok(compartment_get(m->devices[0].carry, &compartment, c));
	assert_ok(key_held(m->devices[0].carry, compartment.n, &gen, &day));
	assert_int_equal(day, carry_day(m->now) - 1);
	many_free(m);
}

static void
a_device_that_was_away_for_a_week_catches_up(void **state)
{
	struct many *m = many_new("");
	struct many_device *b = many_join(m, "intake"), *c3 = many_join(m, "intake");
	uint8_t c[OP_ID_BYTES], case_id[OP_ID_BYTES];

	(void)state;
	many_contact(m, c, case_id);
	b->cut_off = true;
	say_text(b, c, 2, "said while away");
	for (unsigned day = 0; day < 7; day++) {
		m->now += 86400;
		say_text(&m->devices[0], c, 1, "heron");
		if (day == 5)
			assert_ok(carry_member_remove(m->devices[0].carry, c, c3->self.device, m->now));
		many_settle(m);
	}
	b->cut_off = false;
	many_settle(m);
	expect_text(b, c, 1, "heron");
	expect_text(&m->devices[0], c, 2, "said while away");
	many_free(m);
}

static void
a_compartment_goes_when_it_is_due(void **state)
{
	struct many *m = many_new("case");
	struct many_device *b = many_join(m, "intake");
	struct carry *carry = m->devices[0].carry;
	struct op_close said = {.mark = MARK_CLOSED, .officer = {"Vera", 4}};
	uint8_t c[OP_ID_BYTES], case_id[OP_ID_BYTES];
	struct carry_compartment compartment;

	(void)state;
	many_contact(m, c, case_id);
	say_text(b, c, 1, "heron");
	many_settle(m);
	memcpy(said.compartment, c, OP_ID_BYTES);
	memcpy(said.case_id, case_id, OP_ID_BYTES);
	assert_ok(carry_say(carry, carry_desk_compartment, OP_CLOSE, &said, m->now, NULL));
	many_settle(m);
	m->now += 29 * 86400;
	many_settle(m);
	expect_text(b, c, 1, "heron");
	m->now += 2 * 86400;
	many_settle(m);
	assert_ok(compartment_get(b->carry, &compartment, c));
	assert_true(compartment.destroyed);
	assert_true(m->feed.deleted > 0);
	many_free(m);
}

/*
 * The first record after the desk's key changed is of a stay, which is destroyed before a device that is away has
 * read it. It must know all the same which key is in force.
 */
static void
a_device_that_missed_what_is_destroyed_knows_which_key_is_in_force(void **state)
{
	struct many *m = many_new("case,shelter");
	struct many_device *b = many_join(m, "shelter"), *away = many_join(m, "case");
	struct many_device *leaver = many_join(m, "transport"), *late;
	struct op_close left = {.mark = MARK_LEFT, .officer = {"Vera", 4}};
	struct carry_device d;

	(void)state;
	assert_ok(carry_open(m->devices[0].carry, left.compartment, KIND_STAY, left.case_id,
	    (const uint8_t(*)[OP_ID_BYTES])b->self.device, 1, false, m->now));
	many_settle(m);
	away->cut_off = leaver->gone = leaver->cut_off = true;
	many_roster(m);
	many_note(b, left.compartment, "the key lies under the stone");
	many_synced(&m->devices[0]);
	many_synced(b);
	assert_ok(carry_say(m->devices[0].carry, carry_desk_compartment, OP_CLOSE, &left, m->now, NULL));
	many_settle(m);
	assert_true(m->feed.deleted > 0);
	late = many_join(m, "intake");
	away->cut_off = false;
	many_settle(m);
	assert_ok(device_get(away->carry, &d, late->self.device));
	assert_true(d.listed > 0);
	many_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_one_member_says_the_others_read),
	    cmocka_unit_test(a_device_that_is_no_member_has_neither_key_nor_operations),
	    cmocka_unit_test(a_new_member_is_told_what_went_before),
	    cmocka_unit_test(who_leaves_reads_nothing_that_comes_after),
	    cmocka_unit_test(a_device_that_joins_late_knows_the_desk),
	    cmocka_unit_test(days_go_by_and_all_still_understand_each_other),
	    cmocka_unit_test(the_key_of_a_quiet_compartment_moves_on_with_the_days),
	    cmocka_unit_test(a_device_that_was_away_for_a_week_catches_up),
	    cmocka_unit_test(a_compartment_goes_when_it_is_due),
	    cmocka_unit_test(a_device_that_missed_what_is_destroyed_knows_which_key_is_in_force),
	};
	return RUN_TESTS(tests);
}
