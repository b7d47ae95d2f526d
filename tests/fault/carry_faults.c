// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The crash rule of docs/protocol.md, section 8, for the engine: a round with something to do of every kind is run
 * with its k-th commit failing, then its k-th exchange lost before it is done, then after, for k = 1, 2, 3, ... until
 * it gets through. Then the device begins again and goes on; all others too. What comes of it is what comes of a
 * round without a fault: the same desk on all devices, the same notes once each, every key where it belongs, nothing
 * waiting.
 */
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>
#include <sqlite3.h>

#include "carry/captured.h"
#include "carry/keys.h"
#include "carry/membership.h"
#include "carry/opening.h"
#include "carry/retention.h"
#include "lib/many.h"

enum fault {
	FAULT_COMMIT,
	FAULT_REQUEST, /* it does not get there */
	FAULT_ANSWER,  /* it is done, and its answer lost */
	FAULTS
};

/* One counts down while the round runs. */
static struct {
	bool armed;
	enum fault fault;
	unsigned left;
	bool struck;
} run;

static bool
strikes(enum fault fault)
{
	if (!run.armed || run.struck || run.fault != fault || --run.left > 0)
		return false;
	run.struck = true;
	return true;
}

static int
commit_hook(void *arg)
{
	(void)arg;
	return strikes(FAULT_COMMIT);
}

static int
opened(sqlite3 *db, char **error, const void *api)
{
	(void)error;
	(void)api;
	sqlite3_commit_hook(db, commit_hook, NULL);
	return SQLITE_OK;
}

static int (*exchange)(void *arg, const struct cairn_request *request, const uint8_t **body, size_t *bytes);

static int
flaky_exchange(void *arg, const struct cairn_request *request, const uint8_t **body, size_t *bytes)
{
	int status;

	if (strikes(FAULT_REQUEST))
		return CAIRN_NO_ANSWER;
	status = exchange(arg, request, body, bytes);
	return strikes(FAULT_ANSWER) ? CAIRN_NO_ANSWER : status;
}

/* ---- a desk, and what may be to do in it ---- */

struct scene {
	struct many *m;
	struct many_device *admin, *one, *two, *driver, *acts; /* acts: whose round it is */
	uint8_t case_id[OP_ID_BYTES], contact[OP_ID_BYTES], plan[OP_ID_BYTES], house[OP_ID_BYTES], ask[OP_ID_BYTES];
	struct carry_welcome welcome;
	struct many_device *new;
};

struct story {
	const char *name;
	void (*prepare)(struct scene *s); /* so that acts has something to do */
	void (*check)(struct scene *s);   /* that it was done */
};

static void
note(struct scene *s, struct many_device *d, const uint8_t c[OP_ID_BYTES], const char *text)
{
	struct op_note said = {.text = {text, strlen(text)}};

	assert_ok(carry_say(d->carry, c, OP_NOTE, &said, s->m->now, NULL));
}

static size_t
notes(struct scene *s, struct many_device *d, const uint8_t c[OP_ID_BYTES], const char *text)
{
	struct view view;
	size_t count = 0;

	assert_ok(view_make(d->carry, &view, c, s->m->now));
	for (size_t i = view.fold->timeline; i < view.fold->count; i++)
		count += view.fold->items[i].value.size == strlen(text) &&
		    memcmp(view.fold->items[i].value.text, text, strlen(text)) == 0;
	view_end(&view);
	return count;
}

static struct carry_compartment
compartment(struct many_device *d, const uint8_t id[OP_ID_BYTES])
{
	struct carry_compartment c;

	assert_ok(compartment_get(d->carry, &c, id));
	return c;
}

static void
says_prepare(struct scene *s)
{
	s->acts = s->admin;
	note(s, s->admin, s->contact, "first");
	note(s, s->admin, s->plan, "second");
	note(s, s->admin, s->contact, "third");
}

static void
says_check(struct scene *s)
{
	assert_int_equal(notes(s, s->one, s->contact, "first"), 1);
	assert_int_equal(notes(s, s->one, s->contact, "third"), 1);
	assert_int_equal(notes(s, s->admin, s->plan, "second"), 1);
}

static void
opens_prepare(struct scene *s)
{
	s->acts = s->admin;
	assert_ok(carry_open(s->admin->carry, s->house, KIND_LEG, s->case_id,
	    (const uint8_t(*)[OP_ID_BYTES])s->driver->self.device, 1, true, s->m->now));
}

static void
opens_check(struct scene *s)
{
	uint32_t gen, day;

	assert_int_equal(compartment(s->driver, s->house).gen, 2); /* whoever opened it has left */
	assert_err(key_held(s->admin->carry, compartment(s->admin, s->house).n, &gen, &day), CAIRN_ERR_UNKNOWN);
	assert_ok(key_held(s->driver->carry, compartment(s->driver, s->house).n, &gen, &day));
	assert_int_equal(gen, 2);
}

static void
adds_prepare(struct scene *s)
{
	s->acts = s->admin;
	note(s, s->admin, s->plan, "before");
	many_settle(s->m);
	assert_ok(carry_member_add(s->admin->carry, s->plan, s->two->self.device, false, s->m->now));
}

static void
adds_check(struct scene *s)
{
	assert_int_equal(notes(s, s->two, s->plan, "before"), 1);
}

static void
removes_prepare(struct scene *s)
{
	s->acts = s->admin;
	assert_ok(carry_member_remove(s->admin->carry, s->contact, s->one->self.device, s->m->now));
	note(s, s->admin, s->contact, "not for one");
}

static void
removes_check(struct scene *s)
{
	uint32_t gen, day;

	assert_int_equal(compartment(s->two, s->contact).gen, 2);
	assert_int_equal(notes(s, s->two, s->contact, "not for one"), 1);
	assert_err(key_held(s->one->carry, compartment(s->one, s->contact).n, &gen, &day), CAIRN_ERR_UNKNOWN);
}

static void
destroys_prepare(struct scene *s)
{
	struct op_close closed = {.mark = MARK_CLOSED, .officer = {"Vera", 4}};

	s->acts = s->admin;
	note(s, s->admin, s->plan, "soon gone");
	many_settle(s->m);
	memcpy(closed.case_id, s->case_id, OP_ID_BYTES);
	memcpy(closed.compartment, s->plan, OP_ID_BYTES);
	assert_ok(carry_say(s->admin->carry, carry_desk_compartment, OP_CLOSE, &closed, s->m->now, NULL));
}

/* No E of before is left, and no record of it on the relay. */
static void
destroys_check(struct scene *s)
{
	struct query q;
	uint64_t owed;
	uint32_t gen, day;

	assert_true(compartment(s->admin, s->plan).destroyed);
	assert_true(s->m->feed.deleted > 0);
	assert_err(key_held(s->admin->carry, compartment(s->admin, s->plan).n, &gen, &day), CAIRN_ERR_UNKNOWN);
	q = db_query(s->admin->db, "SELECT owed + (SELECT count(*) FROM delete_owed) FROM erasure");
	assert_ok(query_number(&q, &owed));
	assert_int_equal(owed, 0);
}

static void
day_prepare(struct scene *s)
{
	s->acts = s->one;
	s->m->now += 4 * 86400;
	note(s, s->one, s->contact, "days later");
}

static void
day_check(struct scene *s)
{
	uint32_t gen, day;

	assert_int_equal(notes(s, s->admin, s->contact, "days later"), 1);
	assert_ok(key_held(s->one->carry, compartment(s->one, s->contact).n, &gen, &day));
	assert_true(day + 1 >= carry_day(s->m->now));
}

static void
taken_prepare(struct scene *s)
{
	struct cairn_suspended named = {.kind = CAIRN_SUSPENDED_DEVICE};
	struct captured_ask *asks;
	size_t count;

	s->acts = s->two;
	memcpy(named.id, s->driver->self.device, OP_ID_BYTES);
	assert_ok(captured_say(s->one->carry, &named, 1, s->m->now));
	many_settle(s->m);
	assert_ok(captured_asks(s->two->carry, &asks, &count));
	assert_ok(captured_confirm(s->two->carry, asks[0].n, s->m->now));
	free(asks);
	s->driver->cut_off = true;
}

static void
taken_check(struct scene *s)
{
	struct carry_device d;

	assert_ok(device_get(s->admin->carry, &d, s->driver->self.device));
	assert_true(d.suspended > 0);
	assert_int_equal(compartment(s->admin, carry_desk_compartment).gen, 2);
}

static void
house_prepare(struct scene *s)
{
	uint8_t devices[2][OP_ID_BYTES];

	s->acts = s->one;
	memcpy(devices[0], s->one->self.device, OP_ID_BYTES);
	memcpy(devices[1], s->two->self.device, OP_ID_BYTES);
	assert_ok(carry_open_threshold(s->admin->carry, s->house, KIND_VERIFICATION, s->case_id,
	    (const uint8_t(*)[OP_ID_BYTES])devices, 2, 2, s->m->now));
	many_settle(s->m);
	note(s, s->admin, s->house, "by the river");
	assert_ok(carry_ask(s->one->carry, s->ask, ASK_OPEN, s->house, (struct cairn_span){"tonight", 7}, s->m->now));
	many_settle(s->m);
	assert_ok(carry_consent(s->two->carry, s->ask, s->m->now));
	many_synced(s->two);
	note(s, s->one, s->house, "read it");
}

static void
house_check(struct scene *s)
{
	assert_int_equal(notes(s, s->one, s->house, "by the river"), 1);
	assert_int_equal(notes(s, s->one, s->house, "read it"), 1);
}

static void
consents_prepare(struct scene *s)
{
	house_prepare(s);
	s->m->now += 7200;
	many_settle(s->m);
	assert_ok(carry_ask(s->one->carry, s->ask, ASK_OPEN, s->house, (struct cairn_span){"again", 5}, s->m->now));
	many_settle(s->m);
	s->acts = s->two;
	assert_ok(carry_consent(s->two->carry, s->ask, s->m->now));
}

static void
admits_prepare(struct scene *s)
{
	s->acts = s->admin;
	s->new = many_admit(s->m, "case", &s->welcome);
}

static void
joins_prepare(struct scene *s)
{
	admits_prepare(s);
	many_synced(s->admin);
	s->acts = s->new;
	assert_ok(carry_join(s->new->carry, &s->welcome,
	    (struct cairn_span){(const char *)s->m->roster, s->m->roster_bytes}));
	s->new->joined = true;
}

static void
joins_check(struct scene *s)
{
	struct carry_device d;

	if (!s->new->joined) {
		assert_ok(carry_join(s->new->carry, &s->welcome,
		    (struct cairn_span){(const char *)s->m->roster, s->m->roster_bytes}));
		s->new->joined = true;
		many_settle(s->m);
	}
	assert_ok(device_get(s->new->carry, &d, s->driver->self.device));
	assert_ok(carry_member_add(s->admin->carry, s->plan, s->new->self.device, false, s->m->now));
	note(s, s->admin, s->plan, "for the new one");
	many_settle(s->m);
	assert_int_equal(notes(s, s->new, s->plan, "for the new one"), 1);
}

static void
scene_begin(struct scene *s)
{
	memset(s, 0, sizeof(*s));
	s->m = many_new("case");
	s->admin = &s->m->devices[0];
	s->one = many_join(s->m, "security,intake");
	s->two = many_join(s->m, "security,case");
	s->driver = many_join(s->m, "transport");
	many_settle(s->m);
	assert_ok(carry_open(s->admin->carry, s->contact, KIND_CONTACT, s->case_id, NULL, 0, false, s->m->now));
	many_settle(s->m);
	assert_ok(carry_open(s->admin->carry, s->plan, KIND_PLAN, s->case_id, NULL, 0, false, s->m->now));
	many_settle(s->m);
}

/* The desk's own state, the same on all, and nothing that still waits. */
static void
check_same(struct scene *s)
{
	static const char sql[] =
	    "SELECT (SELECT group_concat(hex(id) || gen || state || rotate || k) FROM (SELECT * FROM "
	    "compartment ORDER BY"
	    " n)) || (SELECT group_concat(c || ' ' || device || ' ' || removed || granted) FROM (SELECT * FROM "
	    "member ORDER"
	    " BY c, device)) || (SELECT group_concat(hex(id) || listed || suspended) FROM (SELECT * FROM "
	    "device ORDER BY n))"
	    ", (SELECT count(*) FROM outbox) + (SELECT count(*) FROM new_key) + (SELECT count(*) FROM joining)";
	char first[16384] = "", text[16384];

	for (size_t i = 0; i < s->m->count; i++) {
		struct query q = db_query(s->m->devices[i].db, sql);

		if (s->m->devices[i].cut_off || !s->m->devices[i].joined)
			continue;
		assert_true(query_row(&q));
		query_text(&q, 0, text, sizeof(text));
		assert_int_equal(query_int(&q, 1), 0);
		assert_ok(query_end(&q));
		if (first[0] == '\0')
			memcpy(first, text, sizeof(first));
		assert_string_equal(first, text);
	}
}

/* False: the round got through without the fault. */
static bool
round_with(const struct story *story, enum fault fault, unsigned k)
{
	struct scene s;
	struct sync sync;
	bool struck;

	scene_begin(&s);
	story->prepare(&s);
	exchange = s.acts->carry->wire.exchange;
	s.acts->carry->wire.exchange = flaky_exchange;
	run.armed = true;
	run.fault = fault;
	run.left = k;
	run.struck = false;
	(void)many_sync(s.acts, &sync);
	run.armed = false;
	struck = run.struck;
	many_restart(s.acts);
	many_settle(s.m);
	many_settle(s.m);
	check_same(&s);
	story->check(&s);
	many_free(s.m);
	return struck;
}

static const struct story stories[] = {
    {"says", says_prepare, says_check},
    {"opens a compartment for others", opens_prepare, opens_check},
    {"adds a member", adds_prepare, adds_check},
    {"removes a member", removes_prepare, removes_check},
    {"destroys", destroys_prepare, destroys_check},
    {"days later", day_prepare, day_check},
    {"suspends", taken_prepare, taken_check},
    {"opens with shares", house_prepare, house_check},
    {"consents", consents_prepare, house_check},
    {"admits", admits_prepare, joins_check},
    {"joins", joins_prepare, joins_check},
};

static void
story_with(void **state, enum fault fault)
{
	size_t places = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		unsigned k = 1;

		while (round_with(&stories[i], fault, k))
			k++;
		assert_true(k > 1);
		places += k - 1;
	}
	print_message("%zu places\n", places);
}

static void
a_commit_that_fails_anywhere_changes_nothing_of_what_comes_of_it(void **state)
{
	story_with(state, FAULT_COMMIT);
}

static void
a_request_that_does_not_get_there_changes_nothing_of_what_comes_of_it(void **state)
{
	story_with(state, FAULT_REQUEST);
}

static void
an_answer_that_is_lost_changes_nothing_of_what_comes_of_it(void **state)
{
	story_with(state, FAULT_ANSWER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_commit_that_fails_anywhere_changes_nothing_of_what_comes_of_it),
	    cmocka_unit_test(a_request_that_does_not_get_there_changes_nothing_of_what_comes_of_it),
	    cmocka_unit_test(an_answer_that_is_lost_changes_nothing_of_what_comes_of_it),
	};

	sqlite3_auto_extension((void (*)(void))opened);
	return RUN_TESTS(tests);
}
