// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include "carry/asks.h"
#include "carry/captured.h"
#include "carry/due.h"
#include "carry/exposure.h"
#include "carry/keys.h"
#include "carry/lifecycle.h"
#include "carry/membership.h"
#include "carry/opening.h"
#include "carry/publisher.h"
#include "carry/tasks.h"
#include "lib/many.h"

/* When a device or a person is taken; and what needs more than one. */

struct scene {
	struct many *m;
	struct many_device *admin, *security1, *security2, *driver, *host;
	uint8_t case_id[OP_ID_BYTES], contact[OP_ID_BYTES], leg[OP_ID_BYTES], stay[OP_ID_BYTES];
};

static int
scene_set(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));

	s->m = many_new("case");
	s->admin = &s->m->devices[0];
	s->security1 = many_join(s->m, "security");
	s->security2 = many_join(s->m, "security");
	s->driver = many_join(s->m, "transport,publish");
	s->host = many_join(s->m, "shelter");
	many_settle(s->m);
	assert_ok(carry_open(s->admin->carry, s->contact, KIND_CONTACT, s->case_id, NULL, 0, false, s->m->now));
	many_settle(s->m);
	assert_ok(carry_open(s->admin->carry, s->leg, KIND_LEG, s->case_id,
	    (const uint8_t(*)[OP_ID_BYTES])s->driver->self.device, 1, true, s->m->now));
	assert_ok(carry_open(s->admin->carry, s->stay, KIND_STAY, s->case_id,
	    (const uint8_t(*)[OP_ID_BYTES])s->host->self.device, 1, true, s->m->now));
	many_settle(s->m);
	*state = s;
	return 0;
}

static int
scene_end(void **state)
{
	struct scene *s = *state;

	many_free(s->m);
	free(s);
	return 0;
}

static void
suspend(struct scene *s, enum cairn_suspended_kind kind, const uint8_t id[OP_ID_BYTES])
{
	struct cairn_suspended named = {.kind = kind};
	struct captured_ask *asks;
	size_t count;

	memcpy(named.id, id, OP_ID_BYTES);
	assert_ok(captured_say(s->security1->carry, &named, 1, s->m->now));
	many_settle(s->m);
	assert_ok(captured_asks(s->security2->carry, &asks, &count));
	assert_int_equal(count, 1);
	assert_memory_equal(asks[0].named[0].id, id, OP_ID_BYTES);
	assert_ok(captured_confirm(s->security2->carry, asks[0].n, s->m->now));
	free(asks);
}

static struct carry_device
row_of(struct many_device *at, struct many_device *of)
{
	struct carry_device d;

	assert_ok(device_get(at->carry, &d, of->self.device));
	return d;
}

static void
whoever_opens_a_leg_for_another_keeps_nothing_of_it(void **state)
{
	struct scene *s = *state;
	struct carry_compartment c;
	struct view view;
	uint32_t gen, day;

	assert_ok(compartment_get(s->admin->carry, &c, s->leg));
	assert_err(key_held(s->admin->carry, c.n, &gen, &day), CAIRN_ERR_UNKNOWN);
	assert_err(view_make(s->admin->carry, &view, s->leg, s->m->now), CAIRN_ERR_DENIED);
	view_end(&view);
	assert_ok(view_make(s->driver->carry, &view, s->leg, s->m->now));
	view_end(&view);
	assert_int_equal(c.gen, 2);
}

static void
a_device_that_sees_the_leg_may_not_see_the_stay(void **state)
{
	struct scene *s = *state;
	struct many_device *both = many_join(s->m, "transport,shelter");

	many_settle(s->m);
	assert_ok(carry_member_add(s->driver->carry, s->leg, both->self.device, false, s->m->now));
	many_settle(s->m);
	assert_err(carry_member_add(s->host->carry, s->stay, both->self.device, false, s->m->now),
	    CAIRN_ERR_CONFLICT);
	assert_ok(carry_member_add(s->host->carry, s->stay, both->self.device, true, s->m->now));
	many_settle(s->m);
	{
		struct exposure e;
		uint64_t n = row_of(s->admin, both).n;

		assert_ok(exposure_of(s->admin->carry, &e, &n, 1));
		assert_int_equal(e.count, 2);
		assert_true(e.list[0].together || e.list[1].together);
		exposure_end(&e);
	}
}

/* Said by a device that does not look itself. */
static void
the_others_take_no_member_who_must_stay_apart(void **state)
{
	struct scene *s = *state;
	struct many_device *both = many_join(s->m, "transport,shelter");
	struct op_member_add said = {.lane = NO_LANE};
	struct carry_compartment c;
	bool member;

	many_settle(s->m);
	assert_ok(carry_member_add(s->driver->carry, s->leg, both->self.device, false, s->m->now));
	many_settle(s->m);
	memcpy(said.compartment, s->stay, OP_ID_BYTES);
	memcpy(said.device, both->self.device, OP_ID_BYTES);
	assert_ok(carry_say(s->host->carry, carry_desk_compartment, OP_MEMBER_ADD, &said, s->m->now, NULL));
	many_settle(s->m);
	assert_ok(compartment_get(s->admin->carry, &c, s->stay));
	assert_ok(member_is(s->admin->carry, &member, c.n, row_of(s->admin, both).n));
	assert_false(member);
}

static void
nobody_makes_himself_a_member(void **state)
{
	struct scene *s = *state;
	struct op_member_add said = {.lane = NO_LANE};
	struct carry_compartment c;
	bool member;

	memcpy(said.compartment, s->stay, OP_ID_BYTES);
	memcpy(said.device, s->driver->self.device, OP_ID_BYTES);
	assert_ok(carry_say(s->driver->carry, carry_desk_compartment, OP_MEMBER_ADD, &said, s->m->now, NULL));
	many_settle(s->m);
	assert_ok(compartment_get(s->host->carry, &c, s->stay));
	assert_ok(member_is(s->host->carry, &member, c.n, row_of(s->host, s->driver).n));
	assert_false(member);
}

static void
exposure_tells_cases_legs_and_the_device_that_exposes_most(void **state)
{
	struct scene *s = *state;
	struct exposure e;
	struct exposure_most most;
	uint64_t n = row_of(s->security1, s->driver).n;
	uint8_t other[OP_ID_BYTES] = {0}, id[OP_ID_BYTES];

	assert_ok(exposure_of(s->security1->carry, &e, &n, 1));
	assert_int_equal(e.count, 1);
	assert_int_equal(e.cases, 1);
	assert_int_equal(e.legs, 1);
	exposure_end(&e);
	assert_ok(carry_open(s->admin->carry, id, KIND_PLAN, other, NULL, 0, false, s->m->now));
	many_settle(s->m);
	assert_ok(exposure_most(s->security1->carry, &most));
	assert_int_equal(most.people, 2);
	assert_int_equal(most.one, row_of(s->security1, s->admin).n);
	assert_int_equal(most.one_exposes, 2);
	assert_int_equal(most.two_expose, 2);
}

static void
a_taken_device_is_out_at_once_and_its_compartments_have_new_keys(void **state)
{
	struct scene *s = *state;
	struct many_device *second = many_join(s->m, "transport");
	struct carry_compartment c;
	struct sync sync;
	struct task *tasks;
	struct view view;
	size_t count;

	many_settle(s->m);
	assert_ok(carry_member_add(s->driver->carry, s->leg, second->self.device, false, s->m->now));
	many_settle(s->m);
	suspend(s, CAIRN_SUSPENDED_DEVICE, s->driver->self.device);
	s->driver->cut_off = true; /* it is in other hands; the relay refuses it */
	many_settle(s->m);
	assert_ok(compartment_get(second->carry, &c, s->leg));
	assert_int_equal(c.gen, 3);
	assert_ok(tasks_open(second->carry, &tasks, &count, row_of(second, second).n));
	assert_int_equal(count, 1);
	assert_int_equal(tasks[0].kind, TASK_DEVICE_TAKEN);
	free(tasks);
	/* With a relay that helps it, it still reads nothing new, and what it says changes nothing. */
	s->driver->cut_off = false;
	(void)many_sync(s->driver, &sync);
	assert_true(view_make(s->driver->carry, &view, s->leg, s->m->now) != CAIRN_OK);
	view_end(&view);
	s->driver->cut_off = true;
	many_settle(s->m);
}

/* As a relay does whose disk fails, or what stands before it while it starts. */
static void
a_relay_that_had_a_fault_is_told_of_a_suspension_again(void **state)
{
	struct scene *s = *state;
	struct sync sync;

	suspend(s, CAIRN_SUSPENDED_DEVICE, s->driver->self.device);
	s->driver->cut_off = true;
	s->m->feed.suspension_status = 502;
	assert_true(many_sync(s->security2, &sync) != CAIRN_OK);
	assert_int_equal(s->m->feed.suspensions, 0);
	assert_ok(many_sync(s->security2, &sync));
	assert_int_equal(s->m->feed.suspensions, 1);
}

/* Any device can have a record deleted. Who misses it stops, but lets no taken device in for that. */
static void
a_device_that_misses_a_record_still_tells_the_relay_of_a_suspension(void **state)
{
	struct scene *s = *state;
	struct paper_record *last;
	struct sync sync;

	suspend(s, CAIRN_SUSPENDED_DEVICE, s->driver->self.device);
	s->driver->cut_off = true;
	s->m->feed.suspension_status = 502;
	assert_true(many_sync(s->security2, &sync) != CAIRN_OK);
	many_note(s->admin, s->contact, "heron");
	many_synced(s->admin);
	s->m->feed.suspensions = 0;
	last = &s->m->feed.records[s->m->feed.record_count - 1];
	free(last->bytes);
	last->bytes = NULL;
	assert_err(many_sync(s->security2, &sync), CAIRN_ERR_CONFLICT);
	assert_err(many_sync(s->security2, &sync), CAIRN_ERR_CONFLICT);
	assert_int_equal(s->m->feed.suspensions, 1);
}

static void
a_suspension_that_the_relay_refuses_stops_nobody(void **state)
{
	struct scene *s = *state;
	struct sync sync;

	suspend(s, CAIRN_SUSPENDED_DEVICE, s->driver->self.device);
	s->driver->cut_off = true;
	s->m->feed.suspension_status = 400;
	assert_ok(many_sync(s->security2, &sync));
	assert_int_equal(s->m->feed.suspensions, 0);
	assert_ok(many_sync(s->security2, &sync));
	assert_int_equal(s->m->feed.suspensions, 0);
}

/* The driver was alone in his leg: whoever accompanies the person changes the meeting point. */
static void
what_only_the_taken_device_was_in_is_a_task_of_whoever_has_the_plan_else_the_contact(void **state)
{
	struct scene *s = *state;
	struct many_device *officer = many_join(s->m, "case");
	struct carry_compartment c;
	struct task *tasks;
	uint8_t plan[OP_ID_BYTES];
	size_t count;

	many_settle(s->m);
	assert_ok(carry_open(s->admin->carry, plan, KIND_PLAN, s->case_id,
	    (const uint8_t(*)[OP_ID_BYTES])officer->self.device, 1, true, s->m->now));
	many_settle(s->m);
	suspend(s, CAIRN_SUSPENDED_DEVICE, s->driver->self.device);
	s->driver->cut_off = true;
	many_settle(s->m);
	assert_ok(compartment_get(officer->carry, &c, s->leg));
	assert_ok(tasks_open(s->host->carry, &tasks, &count, 0));
	assert_int_equal(count, 1);
	assert_int_equal(tasks[0].device, row_of(s->host, officer).n);
	assert_int_equal(tasks[0].c, c.n);
	free(tasks);
	suspend(s, CAIRN_SUSPENDED_DEVICE, officer->self.device);
	officer->cut_off = true;
	many_settle(s->m);
	assert_ok(tasks_open(s->admin->carry, &tasks, &count, row_of(s->admin, s->admin).n));
	assert_int_equal(count, 1);
	assert_int_equal(tasks[0].kind, TASK_DEVICE_TAKEN);
	free(tasks);
}

static void
the_desk_s_own_key_changes_when_a_device_is_taken(void **state)
{
	struct scene *s = *state;
	struct carry_compartment desk;

	suspend(s, CAIRN_SUSPENDED_DEVICE, s->driver->self.device);
	s->driver->cut_off = true;
	many_settle(s->m);
	assert_ok(compartment_at(s->host->carry, &desk, CARRY_DESK));
	assert_int_equal(desk.gen, 2);
	assert_false(desk.rotate);
}

static void
one_security_device_alone_suspends_nobody(void **state)
{
	struct scene *s = *state;
	struct cairn_suspended named = {.kind = CAIRN_SUSPENDED_DEVICE};
	struct captured_ask *asks;
	size_t count;

	memcpy(named.id, s->driver->self.device, OP_ID_BYTES);
	assert_ok(captured_say(s->security1->carry, &named, 1, s->m->now));
	many_settle(s->m);
	assert_ok(captured_asks(s->security1->carry, &asks, &count));
	assert_err(captured_confirm(s->security1->carry, asks[0].n, s->m->now), CAIRN_ERR_DENIED);
	assert_err(captured_confirm(s->admin->carry, asks[0].n, s->m->now), CAIRN_ERR_DENIED);
	free(asks);
	assert_int_equal(row_of(s->host, s->driver).suspended, 0);
}

static void
a_taken_person_stops_the_clock_and_alarms_everybody_concerned(void **state)
{
	struct scene *s = *state;
	struct op_close closed = {.mark = MARK_ARRIVED, .officer = {"Vera", 4}};
	enum retention_when when;
	struct carry_compartment c;
	struct task *tasks;
	size_t count;
	uint64_t at;

	memcpy(closed.compartment, s->leg, OP_ID_BYTES);
	memcpy(closed.case_id, s->case_id, OP_ID_BYTES);
	assert_ok(carry_say(s->driver->carry, carry_desk_compartment, OP_CLOSE, &closed, s->m->now, NULL));
	many_settle(s->m);
	suspend(s, CAIRN_SUSPENDED_CASE, s->case_id);
	s->m->now += 10 * 86400;
	many_settle(s->m);
	assert_ok(compartment_get(s->driver->carry, &c, s->leg));
	assert_false(c.destroyed);
	assert_ok(compartment_due(s->driver->carry, &when, &at, &c));
	assert_int_equal(when, RETENTION_HELD);
	assert_ok(tasks_open(s->host->carry, &tasks, &count, row_of(s->host, s->host).n));
	assert_int_equal(count, 1);
	assert_int_equal(tasks[0].kind, TASK_PERSON_TAKEN);
	free(tasks);
}

static void
a_threshold_compartment_opens_with_consent_and_closes_after_an_hour(void **state)
{
	struct scene *s = *state;
	uint8_t id[OP_ID_BYTES], ask[OP_ID_BYTES], other[OP_ID_BYTES] = {0};
	uint8_t devices[2][OP_ID_BYTES];
	struct op_note said = {.text = {"the house by the river", 22}};
	struct view view;

	memcpy(devices[0], s->security1->self.device, OP_ID_BYTES);
	memcpy(devices[1], s->security2->self.device, OP_ID_BYTES);
	assert_ok(carry_open_threshold(s->admin->carry, id, KIND_VERIFICATION, other,
	    (const uint8_t(*)[OP_ID_BYTES])devices, 2, 2, s->m->now));
	many_settle(s->m);
	assert_ok(carry_say(s->security1->carry, id, OP_NOTE, &said, s->m->now, NULL));
	many_settle(s->m);
	assert_err(view_make(s->security1->carry, &view, id, s->m->now), CAIRN_ERR_DENIED);
	view_end(&view);
	assert_ok(carry_ask(s->security1->carry, ask, ASK_OPEN, id, (struct cairn_span){"tonight", 7}, s->m->now));
	many_settle(s->m);
	assert_err(view_make(s->security1->carry, &view, id, s->m->now), CAIRN_ERR_DENIED);
	view_end(&view);
	assert_ok(carry_consent(s->security2->carry, ask, s->m->now));
	many_settle(s->m);
	assert_ok(view_make(s->security1->carry, &view, id, s->m->now));
	assert_int_equal(view.fold->count - view.fold->timeline, 1);
	view_end(&view);
	assert_err(view_make(s->security2->carry, &view, id, s->m->now), CAIRN_ERR_DENIED);
	view_end(&view);
	s->m->now += 3601;
	assert_err(view_make(s->security1->carry, &view, id, s->m->now), CAIRN_ERR_DENIED);
	view_end(&view);
	many_settle(s->m);
	assert_err(view_make(s->security1->carry, &view, id, s->m->now - 3601), CAIRN_ERR_DENIED);
	view_end(&view);
}

/* The share that came with the one consent is used up by it. */
static void
asking_again_opens_nothing_without_another_consent(void **state)
{
	struct scene *s = *state;
	uint8_t id[OP_ID_BYTES], ask[OP_ID_BYTES], other[OP_ID_BYTES] = {0}, devices[1][OP_ID_BYTES];
	struct view view;

	memcpy(devices[0], s->security2->self.device, OP_ID_BYTES);
	assert_ok(carry_open_threshold(s->security1->carry, id, KIND_VERIFICATION, other,
	    (const uint8_t(*)[OP_ID_BYTES])devices, 1, 2, s->m->now));
	many_settle(s->m);
	assert_ok(carry_ask(s->security1->carry, ask, ASK_OPEN, id, (struct cairn_span){"tonight", 7}, s->m->now));
	many_settle(s->m);
	assert_ok(carry_consent(s->security2->carry, ask, s->m->now));
	many_settle(s->m);
	assert_ok(view_make(s->security1->carry, &view, id, s->m->now));
	view_end(&view);
	s->m->now += 3500;
	assert_ok(carry_ask(s->security1->carry, ask, ASK_OPEN, id, (struct cairn_span){"tonight", 7}, s->m->now));
	many_settle(s->m);
	s->m->now += 200;
	many_settle(s->m);
	assert_err(view_make(s->security1->carry, &view, id, s->m->now), CAIRN_ERR_DENIED);
	view_end(&view);
}

static void
a_threshold_compartment_keeps_the_members_that_have_its_shares(void **state)
{
	struct scene *s = *state;
	uint8_t id[OP_ID_BYTES], other[OP_ID_BYTES] = {0}, devices[2][OP_ID_BYTES];
	struct op_member_add add = {.lane = 255};
	struct op_member_remove remove;
	struct carry_compartment c;
	bool member;

	memcpy(devices[0], s->security1->self.device, OP_ID_BYTES);
	memcpy(devices[1], s->security2->self.device, OP_ID_BYTES);
	assert_ok(carry_open_threshold(s->security1->carry, id, KIND_VERIFICATION, other,
	    (const uint8_t(*)[OP_ID_BYTES])devices + 1, 1, 2, s->m->now));
	many_settle(s->m);
	assert_err(carry_member_add(s->security1->carry, id, s->admin->self.device, false, s->m->now),
	    CAIRN_ERR_STATE);
	assert_err(carry_member_remove(s->security1->carry, id, devices[1], s->m->now), CAIRN_ERR_STATE);
	/* Nor do the others take it from one who says it all the same. */
	memcpy(add.compartment, id, OP_ID_BYTES);
	memcpy(add.device, s->admin->self.device, OP_ID_BYTES);
	memcpy(remove.compartment, id, OP_ID_BYTES);
	memcpy(remove.device, devices[1], OP_ID_BYTES);
	assert_ok(carry_say(s->security1->carry, carry_desk_compartment, OP_MEMBER_ADD, &add, s->m->now, NULL));
	assert_ok(carry_say(s->security1->carry, carry_desk_compartment, OP_MEMBER_REMOVE, &remove, s->m->now, NULL));
	many_settle(s->m);
	assert_ok(compartment_get(s->host->carry, &c, id));
	assert_ok(member_is(s->host->carry, &member, c.n, row_of(s->host, s->admin).n));
	assert_false(member);
	assert_ok(member_is(s->host->carry, &member, c.n, row_of(s->host, s->security2).n));
	assert_true(member);
}

static void
destroying_before_its_time_needs_a_second_device(void **state)
{
	struct scene *s = *state;
	struct op_destroy said = {.why = 2};
	uint8_t ask[OP_ID_BYTES];
	struct carry_compartment c;

	memcpy(said.compartment, s->leg, OP_ID_BYTES);
	assert_ok(carry_say(s->driver->carry, carry_desk_compartment, OP_DESTROY, &said, s->m->now, NULL));
	many_settle(s->m);
	assert_ok(compartment_get(s->host->carry, &c, s->leg));
	assert_false(c.destroyed);
	assert_ok(carry_ask(s->driver->carry, ask, ASK_DESTROY, s->leg, (struct cairn_span){"searched", 8},
	    s->m->now));
	many_settle(s->m);
	assert_ok(carry_consent(s->security1->carry, ask, s->m->now));
	many_settle(s->m);
	assert_ok(carry_say(s->driver->carry, carry_desk_compartment, OP_DESTROY, &said, s->m->now, NULL));
	many_settle(s->m);
	assert_ok(compartment_get(s->host->carry, &c, s->leg));
	assert_true(c.destroyed);
}

static void
nothing_is_destroyed_before_its_time_whoever_says_that_it_is_over(void **state)
{
	struct scene *s = *state;
	struct op_close closed = {.mark = MARK_ARRIVED, .officer = {"Vera", 4}};
	struct op_destroy said = {.why = DESTROY_BY_TIME};
	struct carry_compartment c;

	memcpy(closed.compartment, s->leg, OP_ID_BYTES);
	memcpy(closed.case_id, s->case_id, OP_ID_BYTES);
	assert_ok(carry_say(s->driver->carry, carry_desk_compartment, OP_CLOSE, &closed, s->m->now, NULL));
	many_settle(s->m);
	memcpy(said.compartment, s->leg, OP_ID_BYTES);
	assert_ok(carry_say(s->driver->carry, carry_desk_compartment, OP_DESTROY, &said, s->m->now, NULL));
	many_settle(s->m);
	assert_ok(compartment_get(s->host->carry, &c, s->leg));
	assert_false(c.destroyed);
}

static void
whoever_asks_does_not_consent_himself(void **state)
{
	struct scene *s = *state;
	struct op_destroy destroy = {.why = 2};
	struct op_consent consent;
	struct carry_compartment c;

	assert_ok(carry_ask(s->driver->carry, consent.ask, ASK_DESTROY, s->leg, (struct cairn_span){"searched", 8},
	    s->m->now));
	many_settle(s->m);
	assert_ok(carry_say(s->driver->carry, carry_desk_compartment, OP_CONSENT, &consent, s->m->now, NULL));
	many_settle(s->m);
	memcpy(destroy.compartment, s->leg, OP_ID_BYTES);
	assert_ok(carry_say(s->driver->carry, carry_desk_compartment, OP_DESTROY, &destroy, s->m->now, NULL));
	many_settle(s->m);
	assert_ok(compartment_get(s->host->carry, &c, s->leg));
	assert_false(c.destroyed);
}

static void
who_consents_twice_is_counted_once(void **state)
{
	struct scene *s = *state;
	struct op_consent consent;
	struct ask_line *asks;
	size_t count;

	assert_ok(carry_ask(s->driver->carry, consent.ask, ASK_DESTROY, s->leg, (struct cairn_span){"searched", 8},
	    s->m->now));
	many_settle(s->m);
	for (unsigned i = 0; i < 2; i++, s->m->now++) {
		assert_ok(carry_say(s->security1->carry, carry_desk_compartment, OP_CONSENT, &consent, s->m->now,
		    NULL));
		many_settle(s->m);
	}
	assert_ok(asks_open(s->driver->carry, &asks, &count, s->m->now));
	assert_int_equal(count, 1);
	assert_int_equal(asks[0].consents, 1);
	free(asks);
}

/* A note that its first signer signed before it was taken itself, or whoever took it. */
static void
who_is_suspended_suspends_nobody(void **state)
{
	struct scene *s = *state;
	struct cairn_suspended named = {.kind = CAIRN_SUSPENDED_DEVICE};
	struct many_device *third = many_join(s->m, "security"), *taken = s->security1;
	uint8_t note[CAIRN_SUSPENSION_BYTES_MAX];
	struct op_suspension said;
	size_t bytes;

	many_settle(s->m);
	memcpy(named.id, s->host->self.device, OP_ID_BYTES);
	assert_ok(cairn_suspension_write(note, sizeof(note), &bytes, s->m->desk_id, s->m->roster_serial,
	    (uint32_t)(s->m->now / 3600), &named, 1, taken->self.device, taken->self.sign_secret));
	s->security1 = third;
	suspend(s, CAIRN_SUSPENDED_DEVICE, taken->self.device);
	taken->cut_off = true;
	many_settle(s->m);
	assert_ok(cairn_suspension_sign(note, sizeof(note), &bytes, s->m->desk_id, s->m->roster_serial,
	    third->self.device, third->self.sign_secret));
	said.note = (struct cairn_span){(const char *)note, bytes};
	assert_ok(carry_say(third->carry, carry_desk_compartment, OP_SUSPENSION, &said, s->m->now, NULL));
	many_settle(s->m);
	assert_int_equal(row_of(s->admin, s->host).suspended, 0);
}

static uint64_t
erasures_of(struct many_device *d)
{
	struct query q = db_query(d->db, "SELECT generation FROM erasure");
	uint64_t generation;

	assert_ok(query_number(&q, &generation));
	return generation;
}

/* On the same day, when nothing else changes a key. */
static void
what_is_destroyed_is_overwritten_in_the_same_round(void **state)
{
	struct scene *s = *state;
	struct op_destroy said = {.why = 2};
	uint8_t ask[OP_ID_BYTES];
	uint64_t before;

	memcpy(said.compartment, s->leg, OP_ID_BYTES);
	assert_ok(carry_ask(s->driver->carry, ask, ASK_DESTROY, s->leg, (struct cairn_span){"searched", 8},
	    s->m->now));
	many_settle(s->m);
	assert_ok(carry_consent(s->security1->carry, ask, s->m->now));
	many_settle(s->m);
	before = erasures_of(s->driver);
	many_settle(s->m);
	assert_int_equal(erasures_of(s->driver), before);
	assert_ok(carry_say(s->driver->carry, carry_desk_compartment, OP_DESTROY, &said, s->m->now, NULL));
	many_synced(s->driver);
	assert_int_equal(erasures_of(s->driver), before + 1);
}

static void
one_device_publishes_at_a_time(void **state)
{
	struct scene *s = *state;
	struct op_publisher first = {.term = 1}, second = {.term = 2};
	struct op_publisher_stop stop = {.term = 1, .size = 7};
	struct publisher now;

	memcpy(first.device, s->admin->self.device, OP_ID_BYTES);
	memcpy(second.device, s->driver->self.device, OP_ID_BYTES);
	assert_ok(carry_say(s->admin->carry, carry_desk_compartment, OP_PUBLISHER, &first, s->m->now, NULL));
	assert_ok(carry_say(s->admin->carry, carry_desk_compartment, OP_PUBLISHER, &second, s->m->now, NULL));
	many_settle(s->m);
	assert_ok(publisher_now(s->host->carry, &now));
	assert_int_equal(now.term, 1);
	assert_ok(carry_say(s->admin->carry, carry_desk_compartment, OP_PUBLISHER_STOP, &stop, s->m->now, NULL));
	assert_ok(carry_say(s->admin->carry, carry_desk_compartment, OP_PUBLISHER, &second, s->m->now, NULL));
	many_settle(s->m);
	assert_ok(publisher_now(s->host->carry, &now));
	assert_int_equal(now.term, 2);
	assert_memory_equal(now.device, s->driver->self.device, OP_ID_BYTES);
}

static void
who_is_not_in_the_next_roster_is_out(void **state)
{
	struct scene *s = *state;
	struct view view;

	struct many_device *other = many_join(s->m, "shelter");

	s->host->gone = true;
	many_settle(s->m);
	assert_ok(carry_member_add(s->host->carry, s->stay, other->self.device, false, s->m->now));
	many_settle(s->m);
	many_roster(s->m);
	many_synced(s->admin);
	(void)many_sync(s->host, &(struct sync){0});
	assert_true(view_make(s->host->carry, &view, s->stay, s->m->now) != CAIRN_OK);
	view_end(&view);
	s->host->cut_off = true;
	many_settle(s->m);
	assert_int_equal(row_of(s->admin, s->host).listed, 0);
}

int
main(void)
{
#define SCENE(test) cmocka_unit_test_setup_teardown(test, scene_set, scene_end)
	const struct CMUnitTest tests[] = {
	    SCENE(whoever_opens_a_leg_for_another_keeps_nothing_of_it),
	    SCENE(a_device_that_sees_the_leg_may_not_see_the_stay),
	    SCENE(the_others_take_no_member_who_must_stay_apart),
	    SCENE(nobody_makes_himself_a_member),
	    SCENE(exposure_tells_cases_legs_and_the_device_that_exposes_most),
	    SCENE(a_taken_device_is_out_at_once_and_its_compartments_have_new_keys),
	    SCENE(a_relay_that_had_a_fault_is_told_of_a_suspension_again),
	    SCENE(a_device_that_misses_a_record_still_tells_the_relay_of_a_suspension),
	    SCENE(a_suspension_that_the_relay_refuses_stops_nobody),
	    SCENE(what_only_the_taken_device_was_in_is_a_task_of_whoever_has_the_plan_else_the_contact),
	    SCENE(the_desk_s_own_key_changes_when_a_device_is_taken),
	    SCENE(one_security_device_alone_suspends_nobody),
	    SCENE(a_taken_person_stops_the_clock_and_alarms_everybody_concerned),
	    SCENE(a_threshold_compartment_opens_with_consent_and_closes_after_an_hour),
	    SCENE(asking_again_opens_nothing_without_another_consent),
	    SCENE(a_threshold_compartment_keeps_the_members_that_have_its_shares),
	    SCENE(destroying_before_its_time_needs_a_second_device),
	    SCENE(nothing_is_destroyed_before_its_time_whoever_says_that_it_is_over),
	    SCENE(whoever_asks_does_not_consent_himself),
	    SCENE(who_consents_twice_is_counted_once),
	    SCENE(who_is_suspended_suspends_nobody),
	    SCENE(what_is_destroyed_is_overwritten_in_the_same_round),
	    SCENE(one_device_publishes_at_a_time),
	    SCENE(who_is_not_in_the_next_roster_is_out),
	};
	return RUN_TESTS(tests);
}
