// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * C5: one staff device, unlocked, in the hands of an adversary who has also recorded all that ever went over the
 * feed, and who goes on recording. He reads what the device was a member of, and nothing else: no other case, no
 * other compartment, nothing from before the day that its keys are of, and nothing from after two devices have
 * suspended it.
 */
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "attack/thief.h"
#include "carry/captured.h"
#include "carry/membership.h"
#include "lib/many.h"

struct scene {
	struct many *m;
	struct many_device *admin, *security1, *security2, *taken, *other;
	uint8_t case_id[OP_ID_BYTES], his[OP_ID_BYTES], others[OP_ID_BYTES];
	struct thief *a;
};

static void
note(struct many_device *d, const uint8_t c[OP_ID_BYTES], const char *text)
{
	struct op_note said = {.text = {text, strlen(text)}};

	assert_ok(carry_say(d->carry, c, OP_NOTE, &said, d->desk->now, NULL));
	many_settle(d->desk);
}

static int
scene_set(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));

	s->m = many_new("case,transport");
	s->admin = &s->m->devices[0];
	s->security1 = many_join(s->m, "security");
	s->security2 = many_join(s->m, "security");
	s->taken = many_join(s->m, "transport");
	s->other = many_join(s->m, "transport");
	many_settle(s->m);
	assert_ok(carry_open(s->admin->carry, s->his, KIND_LEG, s->case_id,
	    (const uint8_t(*)[OP_ID_BYTES])s->taken->self.device, 1, false, s->m->now));
	many_settle(s->m);
	assert_ok(carry_open(s->admin->carry, s->others, KIND_LEG, s->case_id,
	    (const uint8_t(*)[OP_ID_BYTES])s->other->self.device, 1, false, s->m->now));
	many_settle(s->m);
	s->a = thief_new(s->m);
	*state = s;
	return 0;
}

static int
scene_end(void **state)
{
	struct scene *s = *state;

	many_free(s->m);
	thief_free(s->a);
	free(s);
	return 0;
}

/* Of all that came over the feed. */
static size_t
reads(struct scene *s, size_t from, const uint8_t *of)
{
	thief_record(s->a, s->m);
	return thief_reads(s->a, from, of, NULL, NULL);
}

static void
suspend(struct scene *s)
{
	struct cairn_suspended named = {.kind = CAIRN_SUSPENDED_DEVICE};
	struct captured_ask *asks;
	size_t count;

	memcpy(named.id, s->taken->self.device, OP_ID_BYTES);
	assert_ok(captured_say(s->security1->carry, &named, 1, s->m->now));
	s->taken->cut_off = true;
	many_settle(s->m);
	assert_ok(captured_asks(s->security2->carry, &asks, &count));
	assert_ok(captured_confirm(s->security2->carry, asks[0].n, s->m->now));
	free(asks);
	many_settle(s->m);
}

static void
he_reads_what_the_device_is_in_from_its_day_on(void **state)
{
	struct scene *s = *state;

	thief_steal(s->a, s->taken);
	note(s->admin, s->his, "read by him");
	assert_true(reads(s, 0, s->his) > 0); /* else the others show nothing */
}

static void
he_reads_nothing_of_another_compartment(void **state)
{
	struct scene *s = *state;

	note(s->admin, s->others, "not for him");
	thief_steal(s->a, s->taken);
	note(s->other, s->others, "nor this");
	assert_int_equal(reads(s, 0, s->others), 0);
}

static void
he_reads_nothing_from_before_the_day_of_its_keys(void **state)
{
	struct scene *s = *state;

	note(s->admin, s->his, "the day before yesterday");
	thief_record(s->a, s->m); /* and nothing from then on */
	s->m->now += 3 * 86400;
	many_settle(s->m);
	thief_steal(s->a, s->taken);
	assert_int_equal(thief_reads(s->a, 0, NULL, NULL, NULL), 0);
}

static void
he_reads_nothing_from_after_it_was_suspended(void **state)
{
	struct scene *s = *state;
	size_t from;

	thief_steal(s->a, s->taken);
	suspend(s);
	from = s->m->feed.record_count;
	note(s->admin, s->his, "after");
	note(s->other, s->others, "after");
	s->m->now += 86400;
	many_settle(s->m);
	(void)reads(s, 0, NULL); /* every box that ever came */
	assert_int_equal(reads(s, from, NULL), 0);
}

static void
what_he_says_with_it_afterwards_changes_nothing(void **state)
{
	struct scene *s = *state;
	struct op_member_add said = {.lane = 255};
	struct carry_compartment c;
	struct carry_device d;
	struct sync sync;
	bool member;

	memcpy(said.compartment, s->others, OP_ID_BYTES);
	memcpy(said.device, s->taken->self.device, OP_ID_BYTES);
	suspend(s);
	s->taken->cut_off = false; /* the relay helps him */
	assert_ok(carry_say(s->taken->carry, carry_desk_compartment, OP_MEMBER_ADD, &said, s->m->now, NULL));
	(void)many_sync(s->taken, &sync);
	s->taken->cut_off = true;
	many_settle(s->m);
	assert_ok(compartment_get(s->other->carry, &c, s->others));
	assert_ok(device_get(s->other->carry, &d, s->taken->self.device));
	assert_ok(member_is(s->other->carry, &member, c.n, d.n));
	assert_false(member);
}

int
main(void)
{
#define SCENE(test) cmocka_unit_test_setup_teardown(test, scene_set, scene_end)
	const struct CMUnitTest tests[] = {
	    SCENE(he_reads_what_the_device_is_in_from_its_day_on),
	    SCENE(he_reads_nothing_of_another_compartment),
	    SCENE(he_reads_nothing_from_before_the_day_of_its_keys),
	    SCENE(he_reads_nothing_from_after_it_was_suspended),
	    SCENE(what_he_says_with_it_afterwards_changes_nothing),
	};
	return RUN_TESTS(tests);
}
