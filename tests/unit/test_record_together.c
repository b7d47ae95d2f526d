// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/cases.h"
#include "carry/devices.h"
#include "carry/membership.h"
#include "carry/opening.h"
#include "carry/retention.h"
#include "carry/say.h"
#include "lib/recorded.h"
#include "lib/second.h"
#include "record/together.h"

/* The record of one desk on several devices: the first founded it, the second joined. */
static struct staffed s;
static struct desk *second;
static struct dice dice;

static void
ready(struct desk *desk)
{
	assert_ok(evidence_prepare(desk->state));
	assert_ok(record_prepare(desk->state));
	desk->room = &record_room;
}

/* Until all have all: who is asked first says last. */
static void
settle(void)
{
	for (unsigned i = 0; i < 3; i++) {
		second_tick(&s, s.desk);
		if (second != NULL)
			second_tick(&s, second);
	}
}

static int
set_up_alone(void **state)
{
	(void)state;
	second = NULL;
	dice = (struct dice){7};
	staffed_init(&s);
	ready(s.desk);
	second_tick(&s, s.desk);
	return 0;
}

static int
set_up(void **state)
{
	set_up_alone(state);
	second = second_join(&s, "second", "intake,documentation", 1);
	ready(second);
	settle();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	desk_close(second);
	staffed_release(&s);
	return 0;
}

static char *
dump(struct desk *desk)
{
	struct recorded *r = calloc(1, sizeof(*r));
	char *text;

	assert_non_null(r);
	r->db = desk->state;
	text = recorded_dump(r);
	free(r);
	return text;
}

static void
same_on(struct desk *a, struct desk *b)
{
	char *one = dump(a), *other = dump(b);

	assert_true(strlen(one) > 0);
	assert_string_equal(one, other);
	free(one);
	free(other);
}

static void
emit(struct desk *desk, struct record_change *change)
{
	struct record_local local = {desk, s.now};
	struct record_sink sink = record_local_sink(&local);

	assert_ok(record_emit(desk->state, &sink, change));
	record_change_clear(change);
}

static void
enter(struct desk *desk, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct record_change change;

		dice_change(&dice, &change, false);
		emit(desk, &change);
	}
}

static void
title(struct desk *desk, const uint8_t id[RECORD_ID_BYTES], const char *text, const uint8_t *compartment)
{
	const struct record_kind *kind = record_kind_named((struct cairn_span){"event", 5});
	const struct record_field *field = record_field(kind, RECORD_event_title);
	struct record_change change;

	record_change_init(&change, kind, id, compartment);
	assert_ok(record_change_value(&change, field, (struct cairn_span){text, strlen(text)}));
	emit(desk, &change);
}

static void
what_one_enters_the_other_shows(void **state)
{
	(void)state;
	enter(s.desk, 20);
	enter(second, 20);
	settle();
	same_on(s.desk, second);
}

static void
what_both_change_at_once_is_the_same_in_the_end(void **state)
{
	uint8_t id[RECORD_ID_BYTES] = {1};

	(void)state;
	title(s.desk, id, "one", NULL);
	settle();
	for (unsigned i = 0; i < 8; i++) {
		title(i % 2 == 0 ? s.desk : second, id, "two", NULL);
		title(i % 2 == 0 ? second : s.desk, id, "three", NULL);
		settle();
		same_on(s.desk, second);
	}
}

static void
what_was_entered_before_there_was_anybody_reaches_who_joins(void **state)
{
	struct desk *third;

	(void)state;
	enter(s.desk, 30);
	second_tick(&s, s.desk);
	second = second_join(&s, "second", "documentation", 1);
	ready(second);
	settle();
	same_on(s.desk, second);
	enter(second, 5);
	settle();
	third = second_join(&s, "third", "documentation", 2);
	ready(third);
	settle();
	second_tick(&s, third);
	settle();
	second_tick(&s, third);
	same_on(s.desk, third);
	desk_close(third);
}

static void
what_is_not_as_it_was_signed_is_passed_over(void **state)
{
	uint8_t id[RECORD_ID_BYTES] = {2};
	char *text;

	(void)state;
	title(s.desk, id, "as it was", NULL);
	assert_ok(db_script(s.desk->state,
	    "UPDATE record_untold SET bytes = CAST(replace(CAST(bytes AS TEXT), 'as it was', 'otherwise') AS BLOB)"));
	title(s.desk, id, "later", NULL);
	settle();
	text = dump(second);
	assert_null(strstr(text, "otherwise"));
	assert_non_null(strstr(text, "later"));
	free(text);
}

static void
one_that_has_no_role_in_the_record_is_told_nothing(void **state)
{
	uint64_t count;
	struct query q;

	(void)state;
	second = second_join(&s, "second", "intake,case", 1);
	ready(second);
	enter(s.desk, 5);
	settle();
	q = db_query(second->state, "SELECT count(*) FROM record_op");
	assert_ok(query_number(&q, &count));
	assert_int_equal(count, 0);
	q = db_query(s.desk->state, "SELECT count(*) FROM record_untold");
	assert_ok(query_number(&q, &count));
	assert_int_equal(count, 0);
}

/* ---- cases ---- */

static uint64_t
count_in(struct desk *desk, const uint8_t compartment[OP_ID_BYTES])
{
	struct query q = db_query(desk->state, "SELECT count(*) FROM record_op WHERE compartment = ?");
	uint64_t count;

	bind_bytes(&q, compartment, OP_ID_BYTES);
	assert_ok(query_number(&q, &count));
	return count;
}

/* A case with a testimony compartment, in which the second device is or is not. */
static void
testimony_make(uint8_t id[OP_ID_BYTES], uint8_t case_id[OP_ID_BYTES], bool both)
{
	uint8_t members[1][OP_ID_BYTES];
	const uint8_t (*who)[OP_ID_BYTES] = (const uint8_t (*)[OP_ID_BYTES])members;
	struct speaker amina;

	speaker_init(&amina);
	(void)staffed_say(&s, &amina, "an account", NULL);
	settle();
	{
		struct query q = db_query(s.desk->state, "SELECT case_id FROM compartment WHERE kind = 1");

		assert_true(query_row(&q));
		query_bytes(&q, 0, case_id, OP_ID_BYTES);
		assert_ok(query_end(&q));
	}
	memcpy(members[0], second->self.device_id, OP_ID_BYTES);
	assert_ok(carry_open(s.desk->carry, id, KIND_TESTIMONY, case_id, who, both, false, s.now));
	settle();
	{
		uint8_t found[OP_ID_BYTES];

		assert_ok(record_case_of(s.desk, found, staffed_conversation(&s, &amina)));
		assert_memory_equal(found, case_id, sizeof(found));
		assert_ok(record_testimony(s.desk, found, case_id));
		assert_memory_equal(found, id, sizeof(found));
	}
}

static void
what_belongs_to_a_case_goes_to_the_members_of_its_testimony(void **state)
{
	uint8_t id[OP_ID_BYTES], case_id[OP_ID_BYTES], event[RECORD_ID_BYTES] = {3};

	(void)state;
	testimony_make(id, case_id, true);
	title(s.desk, event, "told in confidence", id);
	settle();
	assert_int_equal(count_in(second, id), 1);
	same_on(s.desk, second);
}

static void
what_belongs_to_a_case_goes_to_nobody_else(void **state)
{
	uint8_t id[OP_ID_BYTES], case_id[OP_ID_BYTES], event[RECORD_ID_BYTES] = {3};

	(void)state;
	testimony_make(id, case_id, false);
	title(s.desk, event, "told in confidence", id);
	settle();
	assert_int_equal(count_in(s.desk, id), 1);
	assert_int_equal(count_in(second, id), 0);
}

static void
what_is_taken_back_goes_from_the_record_of_all(void **state)
{
	uint8_t id[OP_ID_BYTES], case_id[OP_ID_BYTES], event[RECORD_ID_BYTES] = {3};
	struct op_close said = {.mark = MARK_WITHDRAWN, .officer = {"Vera", 4}};
	uint64_t counter, lamport, before;

	(void)state;
	testimony_make(id, case_id, true);
	title(s.desk, event, "told in confidence", id);
	settle();
	assert_ok(record_clock(s.desk->state, s.desk->self.device_id, &before, &lamport));
	memcpy(said.compartment, id, sizeof(id));
	memcpy(said.case_id, case_id, sizeof(case_id));
	assert_ok(carry_say(s.desk->carry, carry_desk_compartment, OP_CLOSE, &said, s.now, NULL));
	settle();
	assert_int_equal(count_in(s.desk, id), 0);
	assert_int_equal(count_in(second, id), 0);
	assert_false(staffed_file_holds(&s, "told in confidence", 18));
	assert_ok(record_clock(s.desk->state, s.desk->self.device_id, &counter, &lamport));
	assert_int_equal(counter, before); /* no number is used twice */
}

/* ---- evidence ---- */

static struct evidence *
evidence_of(struct desk *desk)
{
	struct evidence_options options = {.db = desk->state,
	    .erasure = erasure_of(desk->state),
	    .sign_secret = desk->self.sign_secret,
	    .sink = record_evidence_sink,
	    .sink_arg = desk};
	char folder[160], trouble[EVIDENCE_TROUBLE_MAX];
	struct evidence *ev;

	snprintf(folder, sizeof(folder), "%s/evidence-%u", s.folder, (unsigned)desk->self.lane);
	options.folder = folder;
	memcpy(options.desk_id, desk->self.desk_id, sizeof(options.desk_id));
	memcpy(options.device, desk->self.device_id, sizeof(options.device));
	assert_ok(evidence_open(&ev, &options, trouble));
	return ev;
}

static int
read_once(void *arg, uint8_t *out, size_t room, size_t *ret_bytes)
{
	bool *done = arg;

	*ret_bytes = *done || room < 5 ? 0 : 5;
	memcpy(out, "bytes", *ret_bytes);
	*done = true;
	return CAIRN_OK;
}

static void
take_in(struct desk *desk, uint8_t id[EVIDENCE_ITEM_BYTES])
{
	struct evidence *ev = evidence_of(desk);
	bool done = false;
	struct evidence_intake in = {.read = read_once, .arg = &done, .party = "a courier"};

	assert_ok(evidence_add(ev, &in, s.now, id));
	evidence_close(ev);
}

static int
count_one(void *arg, const uint8_t *bytes, size_t size)
{
	(void)bytes;
	(void)size;
	++*(size_t *)arg;
	return CAIRN_OK;
}

static size_t
entries_of(struct desk *desk, const uint8_t id[EVIDENCE_ITEM_BYTES])
{
	struct evidence *ev = evidence_of(desk);
	size_t count = 0;

	assert_ok(evidence_log(ev, id, count_one, &count));
	evidence_close(ev);
	return count;
}

static void
the_custody_of_an_item_is_known_to_all(void **state)
{
	uint8_t id[EVIDENCE_ITEM_BYTES];
	struct evidence_item item;
	struct evidence *ev;

	(void)state;
	take_in(s.desk, id);
	settle();
	assert_int_equal(entries_of(second, id), 2);
	ev = evidence_of(second);
	assert_ok(evidence_get_item(ev, &item, id));
	assert_false(item.here);
	assert_ok(evidence_note_act(ev, &item, EVIDENCE_VERIFIED, "Vera", NULL, s.now));
	evidence_close(ev);
	settle();
	assert_int_equal(entries_of(s.desk, id), 3);
}

static void
an_entry_that_comes_before_its_own_beginning_waits(void **state)
{
	uint8_t id[EVIDENCE_ITEM_BYTES];

	(void)state;
	take_in(s.desk, id);
	assert_ok(db_script(s.desk->state, "UPDATE record_untold SET n = 1000 - n"));
	settle();
	assert_int_equal(entries_of(second, id), 2);
}

static void
rosters_are_kept_for_those_who_leave(void **state)
{
	uint64_t count;
	struct query q = db_query(s.desk->state, "SELECT count(*) FROM evidence_roster");

	(void)state;
	assert_ok(query_number(&q, &count));
	assert_true(count >= 2);
}

/* ---- two people ---- */

static void
consent_to_one_export_is_none_to_another(void **state)
{
	static const uint8_t none[OP_ID_BYTES];
	const struct cairn_span this = {"export of 2 cases, digest 1", 27},
				that = {"export of 3 cases, digest 2", 27};
	uint8_t ask[OP_ID_BYTES], found[OP_ID_BYTES];

	(void)state;
	assert_err(CAIRN_ERR_UNKNOWN, ask_granted_for(s.desk->carry, found, ASK_EXPORT, this, 1, s.now));
	assert_ok(carry_ask(s.desk->carry, ask, ASK_EXPORT, none, this, s.now));
	settle();
	assert_err(CAIRN_ERR_DENIED, ask_granted_for(s.desk->carry, found, ASK_EXPORT, this, 1, s.now));
	assert_memory_equal(found, ask, sizeof(ask));
	assert_ok(carry_consent(second->carry, ask, s.now));
	settle();
	assert_ok(ask_granted_for(s.desk->carry, found, ASK_EXPORT, this, 1, s.now));
	assert_err(CAIRN_ERR_UNKNOWN, ask_granted_for(s.desk->carry, found, ASK_EXPORT, that, 1, s.now));
	s.now += ASK_HOUR_S + 1;
	assert_err(CAIRN_ERR_UNKNOWN, ask_granted_for(s.desk->carry, found, ASK_EXPORT, this, 1, s.now));
}

int
main(void)
{
#define TOGETHER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define ALONE(test) cmocka_unit_test_setup_teardown(test, set_up_alone, tear_down)
	const struct CMUnitTest tests[] = {
	    TOGETHER(what_one_enters_the_other_shows),
	    TOGETHER(what_both_change_at_once_is_the_same_in_the_end),
	    ALONE(what_was_entered_before_there_was_anybody_reaches_who_joins),
	    TOGETHER(what_is_not_as_it_was_signed_is_passed_over),
	    ALONE(one_that_has_no_role_in_the_record_is_told_nothing),
	    TOGETHER(what_belongs_to_a_case_goes_to_the_members_of_its_testimony),
	    TOGETHER(what_belongs_to_a_case_goes_to_nobody_else),
	    TOGETHER(what_is_taken_back_goes_from_the_record_of_all),
	    TOGETHER(the_custody_of_an_item_is_known_to_all),
	    TOGETHER(an_entry_that_comes_before_its_own_beginning_waits),
	    TOGETHER(rosters_are_kept_for_those_who_leave),
	    TOGETHER(consent_to_one_export_is_none_to_another),
	};
	return RUN_TESTS(tests);
}
