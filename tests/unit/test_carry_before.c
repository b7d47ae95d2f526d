// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include "carry/compartments.h"
#include "lib/many.h"

/*
 * What went before: that whoever should know it comes to know it, whoever is cut off, leaves or is taken meanwhile.
 */

#define STEPS 7U /* requests of one round of sync, and some */

static size_t
notes_read(struct many_device *d, const uint8_t c[OP_ID_BYTES])
{
	struct view view;
	size_t count;

	assert_ok(view_make(d->carry, &view, c, many_now(d)));
	count = view.fold->count - view.fold->timeline;
	view_end(&view);
	return count;
}

static void
round_of_sync(struct many_device *d, unsigned requests)
{
	struct sync sync;

	d->cut_after = requests;
	(void)many_sync(d, &sync); /* cut off or not */
	d->cut_after = 0;
	d->cut_off = true;
}

static bool
is_in(struct many_device *at, const uint8_t id[OP_ID_BYTES], const struct many_device *whom)
{
	struct carry_compartment c;
	struct carry_device d;
	bool member;

	assert_ok(compartment_get(at->carry, &c, id));
	assert_ok(device_get(at->carry, &d, whom->self.device));
	assert_ok(member_is(at->carry, &member, c.n, d.n));
	return member;
}

static void
a_giver_who_is_taken_out_half_way_is_followed_by_another(void **state)
{
	(void)state;
	for (unsigned step = 1; step <= STEPS; step++) {
		struct many *m = many_new("");
		struct many_device *giver = &m->devices[0], *other = many_join(m, "intake"),
				   *late = many_join(m, "case");
		uint8_t c[OP_ID_BYTES], case_id[OP_ID_BYTES];

		many_contact(m, c, case_id);
		many_note(giver, c, "heron");
		many_settle(m);
		assert_ok(carry_member_add(giver->carry, c, late->self.device, false, m->now));
		round_of_sync(giver, step);
		many_settle(m);
		assert_ok(carry_member_remove(other->carry, c, giver->self.device, m->now));
		many_settle(m);
		giver->cut_off = false;
		many_settle(m);
		/* It may have been cut off before anybody knew of the new member; else nothing begins anew. */
		if (!is_in(other, c, late))
			assert_ok(carry_member_add(other->carry, c, late->self.device, false, m->now));
		many_settle(m);
		assert_int_equal(notes_read(late, c), 1);
		many_free(m);
	}
}

/* The key changes when the one who is there has come so far, and the other so far. */
static void
comes_back(unsigned there_after, unsigned away_after)
{
	struct many *m = many_new("");
	struct many_device *away = many_join(m, "intake"), *there = many_join(m, "intake");
	uint8_t c[OP_ID_BYTES], case_id[OP_ID_BYTES];

	away->cut_off = true;
	many_contact(m, c, case_id);
	many_note(there, c, "heron");
	m->now += 20 * 86400;
	many_settle(m);
	assert_ok(carry_member_remove(there->carry, c, m->devices[0].self.device, m->now));
	round_of_sync(there, there_after);
	away->cut_after = away_after;
	many_readmit(away);
	away->cut_after = 0;
	there->cut_off = false;
	many_settle(m);
	away->cut_off = false;
	many_settle(m);
	assert_int_equal(notes_read(there, c), 1);
	assert_int_equal(notes_read(away, c), 1);
	many_free(m);
}

static void
a_device_that_was_away_for_long_reads_what_it_missed_whenever_the_key_changed(void **state)
{
	(void)state;
	for (unsigned there = 1; there <= STEPS; there++)
		for (unsigned away = 1; away <= STEPS; away++)
			comes_back(there, away);
}

static void
a_compartment_whose_only_member_lost_the_key_gets_another(void **state)
{
	struct many *m = many_new("");
	struct many_device *away = many_join(m, "intake");
	uint8_t c[OP_ID_BYTES], case_id[OP_ID_BYTES];

	(void)state;
	many_contact(m, c, case_id);
	many_note(away, c, "heron");
	many_settle(m);
	assert_ok(carry_member_remove(away->carry, c, m->devices[0].self.device, m->now));
	many_settle(m);
	away->cut_off = true;
	m->now += 20 * 86400;
	many_settle(m);
	many_readmit(away);
	many_settle(m);
	many_note(away, c, "amber");
	many_settle(m);
	assert_int_equal(notes_read(away, c), 2);
	assert_ok(carry_member_add(away->carry, c, m->devices[0].self.device, false, m->now));
	many_settle(m);
	assert_int_equal(notes_read(&m->devices[0], c), 2);
	many_free(m);
}

/* All leave at once, and who comes was not told yet: the last one who has it stays until then. */
static void
who_is_the_last_to_have_it_stays(void **state)
{
	struct many *m = many_new("case");
	struct many_device *first = &m->devices[0], *b = many_join(m, "intake"), *late;
	uint8_t c[OP_ID_BYTES], case_id[OP_ID_BYTES];
	struct carry_compartment compartment;
	struct view view;
	bool member;

	(void)state;
	many_contact(m, c, case_id);
	many_note(b, c, "heron");
	many_settle(m);
	late = many_join(m, "case");
	assert_ok(carry_member_add(first->carry, c, late->self.device, false, m->now));
	assert_ok(carry_member_remove(first->carry, c, b->self.device, m->now));
	assert_ok(carry_member_remove(first->carry, c, first->self.device, m->now));
	many_settle(m);
	assert_ok(compartment_get(late->carry, &compartment, c));
	assert_ok(member_is(late->carry, &member, compartment.n, 1));
	assert_true(member);
	assert_ok(view_make(late->carry, &view, c, m->now));
	assert_int_equal(view.fold->count - view.fold->timeline, 1);
	view_end(&view);
	assert_ok(carry_member_remove(first->carry, c, first->self.device, m->now)); /* now it may go */
	many_settle(m);
	assert_ok(member_is(late->carry, &member, compartment.n, 1));
	assert_false(member);
	assert_err(carry_member_remove(late->carry, c, late->self.device, m->now), CAIRN_ERR_BUSY);
	many_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_is_the_last_to_have_it_stays),
	    cmocka_unit_test(a_giver_who_is_taken_out_half_way_is_followed_by_another),
	    cmocka_unit_test(a_device_that_was_away_for_long_reads_what_it_missed_whenever_the_key_changed),
	    cmocka_unit_test(a_compartment_whose_only_member_lost_the_key_gets_another),
	};

	return RUN_TESTS(tests);
}
