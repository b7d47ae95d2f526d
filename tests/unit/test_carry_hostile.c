// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One device of the desk in wrong hands, or the relay: what it may say and what it may leave out, the others go on,
 * and are told. "bad" says whatever its key can sign.
 */
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "carry/asks.h"
#include "carry/captured.h"
#include "carry/day_keys.h"
#include "carry/due.h"
#include "carry/feed.h"
#include "carry/keys.h"
#include "carry/membership.h"
#include "carry/opening.h"
#include "carry/retention.h"
#include "carry/state_tables.h"
#include "lib/many.h"

struct scene {
	struct many *m;
	struct many_device *admin, *bad, *other;
	uint8_t case_id[OP_ID_BYTES], contact[OP_ID_BYTES];
};

static void
say_note(struct many_device *d, const uint8_t c[OP_ID_BYTES], const char *text)
{
	many_note(d, c, text);
	many_settle(d->desk);
}

static bool
reads_note(struct many_device *d, const uint8_t c[OP_ID_BYTES], const char *text)
{
	struct view view;
	bool there = false;

	assert_ok(view_make(d->carry, &view, c, many_now(d)));
	for (size_t i = view.fold->timeline; i < view.fold->count; i++)
		there = there ||
		    (view.fold->items[i].value.size == strlen(text) &&
			memcmp(view.fold->items[i].value.text, text, strlen(text)) == 0);
	view_end(&view);
	return there;
}

static int
scene_set(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));

	s->m = many_new("case");
	s->admin = &s->m->devices[0];
	s->bad = many_join(s->m, "intake,case");
	s->other = many_join(s->m, "intake");
	many_settle(s->m);
	many_contact(s->m, s->contact, s->case_id);
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

/* What is said is said, whatever this device itself thinks of it. */
static void
bad_says(struct scene *s, enum op_type type, const void *body)
{
	assert_ok(carry_say(s->bad->carry, carry_desk_compartment, type, body, s->m->now, NULL));
	many_settle(s->m);
}

/* A record of these bytes as operations, under keys that bad has. */
static void
bad_appends(struct scene *s, const uint8_t id[OP_ID_BYTES], const void *ops, size_t bytes, uint32_t inner_days)
{
	static uint8_t record[FEED_RECORD_MAX];
	struct carry_compartment desk, c;
	struct cairn_feed_head head = {.seq = s->m->feed.record_count};
	struct feed_envelope envelope = {.inner = {ops, bytes}};
	uint8_t desk_key[32], key[CAIRN_XWING_PUBLIC_BYTES];
	struct query q;
	size_t size;

	assert_ok(compartment_at(s->bad->carry, &desk, CARRY_DESK));
	assert_ok(compartment_get(s->bad->carry, &c, id));
	memcpy(head.prev, s->m->feed.records[head.seq - 1].hash, sizeof(head.prev));
	memcpy(head.device, s->bad->self.device, OP_ID_BYTES);
	memcpy(envelope.compartment, id, OP_ID_BYTES);
	head.gen = desk.gen;
	head.day = carry_day(s->m->now);
	envelope.gen = c.k > 0 ? FEED_GEN_THRESHOLD : c.gen;
	envelope.day = head.day + inner_days;
	assert_ok(key_of_day(s->bad->carry, desk_key, CARRY_DESK, head.gen, head.day));
	if (c.k > 0) {
		q = carry_query(s->bad->carry, CARRY_COMPARTMENT_PUBLIC);
		bind_int(&q, c.n);
		assert_true(query_row(&q));
		query_bytes(&q, 0, key, sizeof(key));
		assert_ok(query_end(&q));
	} else {
		assert_ok(key_of_day(s->bad->carry, key, c.n, envelope.gen, envelope.day));
	}
	assert_ok(feed_record_make(record, &size, s->m->desk_id, &head, &envelope, desk_key,
	    feed_is_desk(id) ? NULL : key, s->bad->self.sign_secret));
	/* As its own program would, it knows what it has sent. */
	q = carry_query(s->bad->carry, CARRY_POSTING_PUT);
	bind_int(&q, head.seq);
	bind_int(&q, 0);
	bind_int(&q, 0);
	assert_ok(query_run(&q));
	paper_feed_append(&s->m->feed, record, size);
	many_settle(s->m);
}

static void
bad_appends_op(struct scene *s, const uint8_t id[OP_ID_BYTES], enum op_type type, const void *body)
{
	static uint8_t room[FEED_DESK_OPS_MAX];
	struct writer w;

	writer_init(&w, room, sizeof(room));
	assert_ok(say_into(s->bad->carry, &w, type, body, s->m->now, NULL));
	bad_appends(s, id, room, w.used, 0);
}

/* It has said its one record that is to come before bad's next, and not yet changed the key. */
static void
said_and_no_more(struct many_device *d)
{
	struct paper_feed *feed = &d->desk->feed;
	size_t before = feed->record_count;
	struct sync sync;

	d->cut_after = 3; /* what is there, the record, and then nothing */
	(void)many_sync(d, &sync);
	assert_int_equal(feed->record_count, before + 1);
	d->cut_after = 0;
	d->cut_off = false;
}

static void
who_is_no_member_any_more_says_nothing_under_the_key_that_is_left(void **state)
{
	struct scene *s = *state;
	struct op_note said = {.text = {"it is safe, come", 16}};

	s->bad->cut_off = true;
	assert_ok(carry_member_remove(s->other->carry, s->contact, s->bad->self.device, s->m->now));
	said_and_no_more(s->other);
	bad_appends_op(s, s->contact, OP_NOTE, &said);
	assert_false(reads_note(s->admin, s->contact, "it is safe, come"));
	assert_false(reads_note(s->other, s->contact, "it is safe, come"));
}

static void
who_is_suspended_says_nothing_under_the_key_that_is_left(void **state)
{
	struct scene *s = *state;
	struct many_device *one = many_join(s->m, "security"), *two = many_join(s->m, "security");
	struct cairn_suspended named = {.kind = CAIRN_SUSPENDED_DEVICE};
	struct op_ask said = {.what = ASK_EXPORT, .reason = {"all", 3}};
	struct captured_ask *asks;
	struct ask_line *open;
	size_t count;

	many_settle(s->m);
	memcpy(named.id, s->bad->self.device, OP_ID_BYTES);
	assert_ok(captured_say(one->carry, &named, 1, s->m->now));
	many_settle(s->m);
	s->bad->cut_off = true;
	assert_ok(captured_asks(two->carry, &asks, &count));
	assert_ok(captured_confirm(two->carry, asks[0].n, s->m->now));
	free(asks);
	said_and_no_more(two);
	bad_appends_op(s, carry_desk_compartment, OP_ASK, &said);
	assert_ok(asks_open(s->admin->carry, &open, &count, s->m->now));
	free(open);
	assert_int_equal(count, 0);
}

static void
who_did_not_give_what_went_before_cannot_say_it_is_given(void **state)
{
	struct scene *s = *state;
	struct many_device *late = many_join(s->m, "case");
	struct op_given said;

	say_note(s->admin, s->contact, "heron");
	assert_ok(carry_member_add(s->other->carry, s->contact, late->self.device, false, s->m->now));
	said_and_no_more(s->other);
	memcpy(said.compartment, s->contact, OP_ID_BYTES);
	memcpy(said.device, late->self.device, OP_ID_BYTES);
	s->bad->cut_off = true;
	bad_appends_op(s, carry_desk_compartment, OP_GIVEN, &said);
	assert_true(reads_note(late, s->contact, "heron"));
}

/* What the new member then said would be sealed under a key that whoever gave it has. */
static void
who_is_no_member_gives_nobody_a_key(void **state)
{
	struct scene *s = *state;
	struct many_device *driver = many_join(s->m, "transport"), *late = many_join(s->m, "case");
	struct box_grant grant = {.what = BOX_KEY, .kind = KIND_CONTACT, .gen = 1, .day = carry_day(s->m->now)};
	uint8_t room[BOX_ROOM_BYTES], public_key[CAIRN_XWING_PUBLIC_BYTES];
	struct carry_device d;
	struct op_box box;

	many_settle(s->m);
	say_note(s->admin, s->contact, "heron");
	assert_ok(carry_member_add(s->other->carry, s->contact, late->self.device, false, s->m->now));
	said_and_no_more(s->other);
	memcpy(grant.id, s->contact, OP_ID_BYTES);
	memcpy(grant.case_id, s->case_id, OP_ID_BYTES);
	assert_ok(device_get(driver->carry, &d, late->self.device));
	assert_ok(day_key_of(driver->carry, public_key, d.n, grant.day));
	assert_ok(box_seal(&box, room, s->m->desk_id, driver->self.device, late->self.device, grant.day, &grant, 1,
	    public_key));
	driver->cut_off = true;
	s->bad = driver;
	bad_appends_op(s, carry_desk_compartment, OP_BOX, &box);
	assert_true(reads_note(late, s->contact, "heron"));
}

static void
a_record_under_the_desk_s_last_key_stops_nobody(void **state)
{
	struct scene *s = *state;
	struct many_device *leaves = many_join(s->m, "shelter");
	struct carry_compartment desk;

	many_settle(s->m);
	s->bad->cut_off = true;
	leaves->gone = leaves->cut_off = true;
	many_roster(s->m);
	many_settle(s->m);
	assert_ok(compartment_at(s->admin->carry, &desk, CARRY_DESK));
	assert_int_equal(desk.gen, 2);
	bad_appends(s, carry_desk_compartment, "", 0, 0);
	say_note(s->admin, s->contact, "after");
	assert_true(reads_note(s->other, s->contact, "after"));
}

static void
bytes_that_are_no_record_stop_nobody(void **state)
{
	struct scene *s = *state;
	static uint8_t bytes[1024];

	randombytes_buf(bytes, sizeof(bytes));
	paper_feed_append(&s->m->feed, bytes, sizeof(bytes));
	many_settle(s->m);
	say_note(s->admin, s->contact, "after");
	assert_true(reads_note(s->other, s->contact, "after"));
	many_join(s->m, "case");
}

static void
a_record_that_another_device_did_not_sign_is_not_taken_for_its_own(void **state)
{
	struct scene *s = *state;
	struct paper_record *last;

	s->admin->cut_off = true;
	say_note(s->other, s->contact, "heron");
	s->admin->cut_off = false;
	last = &s->m->feed.records[s->m->feed.record_count - 1];
	last->bytes[last->size - 1] ^= 1;
	cairn_hash(last->hash, last->bytes, last->size);
	assert_int_equal(many_sync(s->admin, &(struct sync){0}), CAIRN_OK);
	assert_false(reads_note(s->admin, s->contact, "heron"));
}

static void
a_record_that_does_not_read_takes_nothing_from_a_compartment(void **state)
{
	struct scene *s = *state;

	say_note(s->admin, s->contact, "before");
	bad_appends(s, s->contact, "\2\4not an operation", 18, 0);
	say_note(s->admin, s->contact, "after");
	assert_true(reads_note(s->other, s->contact, "before"));
	assert_true(reads_note(s->other, s->contact, "after"));
}

static void
a_compartment_s_day_does_not_run_ahead_of_the_feed_s(void **state)
{
	struct scene *s = *state;

	bad_appends(s, s->contact, "", 0, 3000);
	bad_appends(s, s->contact, "", 0, 1);
	say_note(s->admin, s->contact, "after");
	assert_true(reads_note(s->other, s->contact, "after"));
}

static void
a_lamport_time_that_leaps_is_passed_over(void **state)
{
	struct scene *s = *state;
	uint8_t room[256];
	struct op op = {.type = OP_SET,
	    .counter = 1000,
	    .lamport = OP_NUMBER_MAX,
	    .time = s->m->now,
	    .body = {"\0\1\0\0\0\3bad", 9}};
	struct op_set set = {.field = 1, .value = {"good", 4}};
	struct feed_position position;
	struct writer w;
	struct view view;
	char text[32];

	writer_init(&w, room, sizeof(room));
	op_write(&w, &op);
	bad_appends(s, s->contact, room, w.used, 0);
	assert_ok(feed_position_get(s->other->carry, &position));
	assert_true(position.lamport < OP_NUMBER_MAX / 2);
	assert_ok(carry_say(s->other->carry, s->contact, OP_SET, &set, s->m->now, NULL));
	many_settle(s->m);
	assert_ok(view_make(s->admin->carry, &view, s->contact, s->m->now));
	view_text(&view, 1, text, sizeof(text));
	view_end(&view);
	assert_string_equal(text, "good");
}

static void
a_case_takes_no_more_compartments_than_can_be_looked_through(void **state)
{
	struct scene *s = *state;
	struct op_close closed = {.mark = MARK_CLOSED, .officer = {"Vera", 4}};

	for (unsigned i = 0; i < COMPARTMENTS_OF_CASE_MAX + 8; i++) {
		struct op_compartment said = {.kind = KIND_LEG};
		uint8_t entry[OP_ID_BYTES + 1];

		memcpy(entry, s->bad->self.device, OP_ID_BYTES);
		entry[OP_ID_BYTES] = NO_LANE;
		randombytes_buf(said.compartment, OP_ID_BYTES);
		memcpy(said.case_id, s->case_id, OP_ID_BYTES);
		said.members = (struct cairn_span){(const char *)entry, sizeof(entry)};
		assert_ok(carry_say(s->bad->carry, carry_desk_compartment, OP_COMPARTMENT, &said, s->m->now, NULL));
	}
	many_settle(s->m);
	memcpy(closed.case_id, s->case_id, OP_ID_BYTES);
	assert_ok(carry_say(s->admin->carry, carry_desk_compartment, OP_CLOSE, &closed, s->m->now, NULL));
	many_settle(s->m);
}

static void
who_is_in_nothing_of_a_case_adds_nothing_to_it(void **state)
{
	struct scene *s = *state;
	struct many_device *driver = many_join(s->m, "transport,case");
	uint8_t id[OP_ID_BYTES], entry[OP_ID_BYTES + 1];
	struct op_compartment said = {.kind = KIND_LEG};
	struct carry_compartment c;

	assert_err(carry_open(driver->carry, id, KIND_LEG, s->case_id, NULL, 0, false, s->m->now), CAIRN_ERR_DENIED);
	memcpy(entry, driver->self.device, OP_ID_BYTES);
	entry[OP_ID_BYTES] = NO_LANE;
	randombytes_buf(said.compartment, OP_ID_BYTES);
	memcpy(said.case_id, s->case_id, OP_ID_BYTES);
	said.members = (struct cairn_span){(const char *)entry, sizeof(entry)};
	assert_ok(carry_say(driver->carry, carry_desk_compartment, OP_COMPARTMENT, &said, s->m->now, NULL));
	many_settle(s->m);
	assert_err(compartment_get(s->admin->carry, &c, said.compartment), CAIRN_ERR_UNKNOWN);
}

static void
a_mark_from_long_ago_counts_from_the_day_it_is_said(void **state)
{
	struct scene *s = *state;
	struct op_close closed = {.mark = MARK_CLOSED, .officer = {"Vera", 4}};
	struct carry_compartment c;

	memcpy(closed.case_id, s->case_id, OP_ID_BYTES);
	memcpy(closed.compartment, s->contact, OP_ID_BYTES);
	assert_ok(carry_say(s->bad->carry, carry_desk_compartment, OP_CLOSE, &closed, 1, NULL));
	many_settle(s->m);
	assert_ok(compartment_get(s->other->carry, &c, s->contact));
	assert_false(c.destroyed);
	s->m->now += 31 * 86400;
	many_settle(s->m);
	assert_ok(compartment_get(s->other->carry, &c, s->contact));
	assert_true(c.destroyed);
}

static void
a_state_from_the_far_future_does_not_hold_a_case_for_ever(void **state)
{
	struct scene *s = *state;
	struct op_close closed = {.mark = MARK_CLOSED, .officer = {"Vera", 4}};
	struct op_case_state open = {.state = CASE_OPEN}, silent = {.state = CASE_SILENT};
	struct carry_compartment c;

	memcpy(closed.case_id, s->case_id, OP_ID_BYTES);
	memcpy(closed.compartment, s->contact, OP_ID_BYTES);
	memcpy(open.case_id, s->case_id, OP_ID_BYTES);
	memcpy(silent.case_id, s->case_id, OP_ID_BYTES);
	assert_ok(carry_say(s->admin->carry, carry_desk_compartment, OP_CLOSE, &closed, s->m->now, NULL));
	assert_ok(carry_say(s->bad->carry, carry_desk_compartment, OP_CASE_STATE, &silent, OP_NUMBER_MAX, NULL));
	assert_ok(carry_say(s->bad->carry, carry_desk_compartment, OP_CASE_STATE, &open, OP_NUMBER_MAX, NULL));
	many_settle(s->m);
	s->m->now += 32 * 86400;
	many_settle(s->m);
	assert_ok(compartment_get(s->other->carry, &c, s->contact));
	assert_true(c.destroyed);
}

static void
a_roster_that_is_said_again_ends_no_suspension(void **state)
{
	struct scene *s = *state;
	struct many_device *one = many_join(s->m, "security"), *two = many_join(s->m, "security");
	struct cairn_suspended named = {.kind = CAIRN_SUSPENDED_DEVICE};
	struct op_roster again = {.note = {(const char *)s->m->roster, s->m->roster_bytes}};
	struct captured_ask *asks;
	struct carry_device d;
	size_t count;

	many_settle(s->m);
	memcpy(named.id, s->bad->self.device, OP_ID_BYTES);
	assert_ok(captured_say(one->carry, &named, 1, s->m->now));
	many_settle(s->m);
	assert_ok(captured_asks(two->carry, &asks, &count));
	assert_ok(captured_confirm(two->carry, asks[0].n, s->m->now));
	free(asks);
	s->bad->cut_off = true;
	many_settle(s->m);
	assert_ok(carry_say(s->other->carry, carry_desk_compartment, OP_ROSTER, &again, s->m->now, NULL));
	many_settle(s->m);
	assert_ok(device_get(s->admin->carry, &d, s->bad->self.device));
	assert_true(d.suspended != 0);
	assert_false(device_valid(&d, carry_day(s->m->now)));
}

static void
an_admin_s_device_cannot_have_others_keys_sealed_to_itself(void **state)
{
	struct scene *s = *state;
	struct op_device said = {.first_day = carry_day(s->m->now), .alias = {"b", 1}, .owner = {"b", 1}};
	static uint8_t own[OP_DAY_KEYS_MAX][CAIRN_XWING_PUBLIC_BYTES];
	uint8_t before[CAIRN_XWING_PUBLIC_BYTES], after[CAIRN_XWING_PUBLIC_BYTES], seed[32];
	struct cairn_xwing_key key;
	struct carry_device d;

	assert_ok(device_get(s->other->carry, &d, s->other->self.device));
	assert_ok(day_key_of(s->admin->carry, before, d.n, carry_day(s->m->now)));
	for (size_t i = 0; i < OP_DAY_KEYS_MAX; i++) {
		randombytes_buf(seed, sizeof(seed));
		cairn_xwing_key_init(&key, seed);
		memcpy(own[i], key.public_key, sizeof(own[i]));
	}
	memcpy(said.device, s->other->self.device, OP_ID_BYTES);
	memcpy(said.sign_key, d.sign_key, sizeof(said.sign_key));
	said.day_keys = (struct cairn_span){(const char *)own, sizeof(own)};
	assert_ok(carry_say(s->admin->carry, carry_desk_compartment, OP_DEVICE, &said, s->m->now, NULL));
	many_settle(s->m);
	assert_ok(day_key_of(s->admin->carry, after, d.n, carry_day(s->m->now)));
	assert_memory_equal(before, after, sizeof(before));
}

static void
a_device_says_its_own_day_keys_where_others_were_given_for_it(void **state)
{
	struct scene *s = *state;
	uint8_t wrong[CAIRN_XWING_PUBLIC_BYTES], now_said[CAIRN_XWING_PUBLIC_BYTES];
	uint32_t today = carry_day(s->m->now);
	struct carry_device d;

	assert_ok(device_get(s->other->carry, &d, s->other->self.device));
	assert_ok(day_key_of(s->other->carry, wrong, d.n, today + 1));
	for (size_t i = 0; i < s->m->count; i++) { /* as if an admin had said so when it joined */
		assert_ok(db_begin(s->m->devices[i].db));
		assert_ok(db_end(s->m->devices[i].db, day_key_keep(s->m->devices[i].carry, d.n, today, wrong)));
	}
	many_restart(s->other);
	many_settle(s->m);
	assert_ok(day_key_of(s->admin->carry, now_said, d.n, today));
	assert_memory_not_equal(wrong, now_said, sizeof(wrong));
}

static void
a_key_changes_only_when_that_is_owed(void **state)
{
	struct scene *s = *state;
	struct op_rotate said = {.from_gen = 1, .day = carry_day(s->m->now)};
	struct carry_compartment desk, contact;

	bad_says(s, OP_ROTATE, &said); /* of the desk's own compartment, and nobody is given the key */
	assert_ok(compartment_at(s->admin->carry, &desk, CARRY_DESK));
	assert_int_equal(desk.gen, 1);
	memcpy(said.compartment, s->contact, OP_ID_BYTES);
	bad_says(s, OP_ROTATE, &said);
	assert_ok(compartment_get(s->admin->carry, &contact, s->contact));
	assert_int_equal(contact.gen, 1);
	say_note(s->admin, s->contact, "after");
	assert_true(reads_note(s->other, s->contact, "after"));
}

static void
a_list_of_what_is_destroyed_takes_no_other_record_from_the_feed(void **state)
{
	struct scene *s = *state;
	struct op_close closed = {.mark = MARK_CLOSED, .officer = {"Vera", 4}};
	struct op_destroy more = {.why = 3};
	uint8_t seqs[8 * 64];
	size_t count = 0, deleted;

	memcpy(closed.case_id, s->case_id, OP_ID_BYTES);
	memcpy(closed.compartment, s->contact, OP_ID_BYTES);
	say_note(s->admin, s->contact, "heron");
	assert_ok(carry_say(s->bad->carry, carry_desk_compartment, OP_CLOSE, &closed, s->m->now, NULL));
	many_settle(s->m);
	s->m->now += 31 * 86400;
	many_settle(s->m);
	deleted = s->m->feed.deleted;
	assert_true(deleted > 0);
	while (count < 64 && count < s->m->feed.record_count) {
		put_u64(seqs + 8 * count, count);
		count++;
	}
	memcpy(more.compartment, s->contact, OP_ID_BYTES);
	more.seqs = (struct cairn_span){(const char *)seqs, 8 * count};
	bad_says(s, OP_DESTROY, &more);
	assert_int_equal(s->m->feed.deleted, deleted);
}

static void
a_record_that_is_gone_without_reason_stops_sending_and_is_told(void **state)
{
	struct scene *s = *state;
	struct sync sync;
	size_t seq, before;

	s->other->cut_off = true;
	say_note(s->admin, s->contact, "heron");
	seq = s->m->feed.record_count - 1;
	free(s->m->feed.records[seq].bytes);
	s->m->feed.records[seq].bytes = NULL;
	s->other->cut_off = false;
	assert_ok(carry_say(s->other->carry, s->contact, OP_NOTE, &(struct op_note){.text = {"x", 1}}, s->m->now,
	    NULL));
	before = s->m->feed.record_count;
	assert_err(many_sync(s->other, &sync), CAIRN_ERR_CONFLICT);
	assert_int_equal(sync.hole, seq);
	assert_int_equal(sync.waiting, 1);
	assert_int_equal(s->m->feed.record_count, before);
	assert_non_null(strstr(s->other->carry->trouble, "Nothing is sent"));
}

static void
a_key_that_is_held_is_not_replaced_by_one_that_is_given(void **state)
{
	struct scene *s = *state;
	struct box_grant grant = {.what = BOX_KEY, .kind = KIND_CONTACT, .gen = 1, .day = carry_day(s->m->now) + 1};
	uint8_t *room = malloc(BOX_ROOM_BYTES), key[CAIRN_XWING_PUBLIC_BYTES];
	struct carry_device d;
	struct op_box box;

	memcpy(grant.id, s->contact, OP_ID_BYTES);
	memcpy(grant.case_id, s->case_id, OP_ID_BYTES);
	assert_ok(device_get(s->bad->carry, &d, s->other->self.device));
	assert_ok(day_key_of(s->bad->carry, key, d.n, carry_day(s->m->now)));
	assert_ok(box_seal(&box, room, s->m->desk_id, s->bad->self.device, d.id, carry_day(s->m->now), &grant, 1,
	    key));
	bad_says(s, OP_BOX, &box);
	free(room);
	say_note(s->admin, s->contact, "after");
	assert_true(reads_note(s->other, s->contact, "after"));
}

static size_t
logged(struct many_device *d)
{
	struct carry_compartment c;
	struct log_ops log;
	size_t count;

	assert_ok(compartment_at(d->carry, &c, 2));
	assert_ok(log_read(d->carry, &log, &c, NULL));
	count = log.count;
	log_end(&log);
	return count;
}

static void
what_went_before_is_told_once_to_each_new_member(void **state)
{
	struct scene *s = *state;
	struct op_keys_wanted said;

	say_note(s->admin, s->contact, "heron");
	memcpy(said.compartment, s->contact, OP_ID_BYTES);
	for (unsigned i = 0; i < 8; i++)
		bad_says(s, OP_KEYS_WANTED, &said);
	assert_true(logged(s->admin) <= 1 + 8); /* and not 2 to the 8th */
}

static void
an_operation_too_long_to_be_given_again_stops_nobody(void **state)
{
	struct scene *s = *state;
	static uint8_t room[OP_HEAD_BYTES + OP_BODY_MAX], body[OP_BODY_MAX];
	struct op op = {.type = 0x7777,
	    .counter = 1000,
	    .lamport = 3,
	    .time = s->m->now,
	    .body = {(const char *)body, sizeof(body)}};
	struct many_device *late = many_join(s->m, "case");
	struct writer w;

	say_note(s->admin, s->contact, "heron");
	writer_init(&w, room, sizeof(room));
	op_write(&w, &op);
	assert_false(w.failed);
	bad_appends(s, s->contact, room, w.used, 0);
	assert_ok(carry_member_add(s->admin->carry, s->contact, late->self.device, false, s->m->now));
	many_settle(s->m);
	assert_true(reads_note(late, s->contact, "heron"));
}

static void
the_largest_operations_of_a_case_can_be_given_again(void **state)
{
	struct scene *s = *state;
	static char bytes[OP_BODY_MAX - 64U];
	struct op_record said = {.bytes = {bytes, sizeof(bytes)}};
	struct many_device *late = many_join(s->m, "case");
	struct view view;

	assert_ok(carry_say(s->admin->carry, s->contact, OP_RECORD, &said, s->m->now, NULL));
	many_settle(s->m);
	assert_ok(carry_member_add(s->admin->carry, s->contact, late->self.device, false, s->m->now));
	many_settle(s->m);
	assert_ok(view_make(late->carry, &view, s->contact, s->m->now));
	assert_int_equal(view.fold->count, 1);
	assert_int_equal(view.fold->items[0].op.type, OP_RECORD);
	assert_true(view.fold->items[0].again);
	view_end(&view);
}

static void
who_lies_about_what_another_said_is_shown(void **state)
{
	struct scene *s = *state;
	struct op_again lie = {
	    .type = OP_NOTE, .counter = 0, .lamport = 1, .time = s->m->now, .body = {"\0\3lie", 5}};
	uint64_t counter;
	struct op_note said = {.text = {"true", 4}};
	struct view view;

	assert_ok(carry_say(s->admin->carry, s->contact, OP_NOTE, &said, s->m->now, &counter));
	many_settle(s->m);
	memcpy(lie.device, s->admin->self.device, OP_ID_BYTES);
	lie.counter = counter;
	assert_ok(carry_say(s->bad->carry, s->contact, OP_AGAIN, &lie, s->m->now, NULL));
	many_settle(s->m);
	assert_ok(view_make(s->other->carry, &view, s->contact, s->m->now));
	assert_int_equal(view.fold->count, 1);
	assert_true(view.fold->items[0].conflict);
	assert_memory_equal(view.fold->items[0].value.text, "true", 4);
	view_end(&view);
}

static void
a_record_dated_years_ahead_is_not_taken_by_the_relay(void **state)
{
	struct scene *s = *state;
	size_t before = s->m->feed.record_count;

	s->bad->skew = 400LL * 86400;
	assert_err(many_sync(s->bad, &(struct sync){0}), CAIRN_ERR_CONFLICT);
	assert_non_null(strstr(s->bad->carry->trouble, "another day"));
	assert_int_equal(s->m->feed.record_count, before);
}

static void
of_a_record_dated_years_ahead_that_a_relay_has_taken_nothing_is_kept(void **state)
{
	struct scene *s = *state;
	struct carry_compartment desk;

	s->m->now += 400ULL * 86400; /* the relay's clock is his */
	many_synced(s->bad);
	s->m->now -= 400ULL * 86400;
	s->bad->cut_off = true;
	assert_err(many_sync(s->admin, &(struct sync){0}), CAIRN_ERR_CLOCK);
	assert_ok(compartment_at(s->admin->carry, &desk, CARRY_DESK));
	assert_true(desk.day <= carry_day(s->m->now));
}

static void
a_relay_that_shows_another_feed_is_noticed(void **state)
{
	struct scene *s = *state;
	struct paper_record *last;

	say_note(s->admin, s->contact, "heron");
	s->other->cut_off = true;
	say_note(s->admin, s->contact, "stork");
	s->other->cut_off = false;
	last = &s->m->feed.records[s->m->feed.record_count - 1];
	last->bytes[10] ^= 1; /* what stands before it */
	assert_err(many_sync(s->other, &(struct sync){0}), CAIRN_ERR_CONFLICT);
	for (int i = 0; i < 2; i++)
		free(s->m->feed.records[--s->m->feed.record_count].bytes);
	assert_err(many_sync(s->admin, &(struct sync){0}), CAIRN_ERR_CONFLICT);
}

/*
 * A device that comes back after its keys have gone: what was destroyed or taken from it meanwhile, it erases first.
 */
static void
a_device_admitted_again_keeps_nothing_that_it_lost_meanwhile(void **state)
{
	struct scene *s = *state;
	uint8_t kept[OP_ID_BYTES], taken[OP_ID_BYTES], other_case[OP_ID_BYTES] = {0}, third[OP_ID_BYTES] = {0};
	struct op_close closed = {.mark = MARK_CLOSED, .officer = {"Vera", 4}};
	struct query q;
	uint64_t n;

	assert_ok(carry_open(s->admin->carry, kept, KIND_CONTACT, other_case, NULL, 0, false, s->m->now));
	assert_ok(carry_open(s->admin->carry, taken, KIND_CONTACT, third, NULL, 0, false, s->m->now));
	many_settle(s->m);
	say_note(s->admin, s->contact, "gone");
	say_note(s->admin, kept, "before");
	say_note(s->admin, taken, "no more");
	s->other->cut_off = true;
	assert_ok(carry_member_remove(s->admin->carry, taken, s->other->self.device, s->m->now));
	memcpy(closed.compartment, s->contact, OP_ID_BYTES);
	memcpy(closed.case_id, s->case_id, OP_ID_BYTES);
	assert_ok(carry_say(s->admin->carry, carry_desk_compartment, OP_CLOSE, &closed, s->m->now, NULL));
	many_settle(s->m);
	for (unsigned day = 0; day < 40; day++) {
		s->m->now += 86400;
		many_settle(s->m);
	}
	say_note(s->admin, kept, "meanwhile");
	many_readmit(s->other);
	many_settle(s->m);
	assert_true(reads_note(s->other, kept, "before"));
	assert_true(reads_note(s->other, kept, "meanwhile"));
	q = db_query(s->other->db,
	    "SELECT count(*) FROM compartment c WHERE c.n > 1 AND (EXISTS (SELECT 1 FROM log WHERE c = c.n) OR "
	    "EXISTS (SELECT "
	    "1 FROM compartment_key k WHERE k.c = c.n))");
	assert_ok(query_number(&q, &n));
	assert_int_equal(n, 1);
}

static void
a_state_of_which_a_piece_was_taken_away_is_not_believed(void **state)
{
	struct scene *s = *state;
	struct many_device *new;
	struct carry_welcome welcome;
	size_t from;

	new = many_admit(s->m, "case", &welcome);
	from = s->m->feed.record_count;
	many_synced(s->admin);
	assert_true(s->m->feed.record_count >= from + 2);
	free(s->m->feed.records[from].bytes);
	s->m->feed.records[from].bytes = NULL;
	assert_ok(carry_join(new->carry, &welcome,
	    (struct cairn_span){(const char *)s->m->roster, s->m->roster_bytes}));
	assert_err(many_sync(new, &(struct sync){0}), CAIRN_ERR_CONFLICT);
}

static void
the_state_comes_from_an_admin_s_device_only(void **state)
{
	struct scene *s = *state;
	struct many_device *new;
	struct carry_welcome welcome;
	struct op_state end = {.table = STATE_END, .rows = {"\0\0\0\0", 4}};

	new = many_admit(s->m, "case", &welcome);
	end.seq = welcome.seq;
	memcpy(end.device, new->self.device, OP_ID_BYTES);
	assert_ok(carry_say(s->bad->carry, carry_desk_compartment, OP_STATE, &end, s->m->now, NULL));
	many_synced(s->bad); /* before what the admin's device says */
	many_synced(s->admin);
	assert_ok(carry_join(new->carry, &welcome,
	    (struct cairn_span){(const char *)s->m->roster, s->m->roster_bytes}));
	new->joined = true;
	many_settle(s->m);
	{
		struct carry_device d;

		assert_ok(device_get(new->carry, &d, s->other->self.device));
	}
}

int
main(void)
{
#define SCENE(test) cmocka_unit_test_setup_teardown(test, scene_set, scene_end)
	const struct CMUnitTest tests[] = {
	    SCENE(who_is_no_member_any_more_says_nothing_under_the_key_that_is_left),
	    SCENE(who_is_suspended_says_nothing_under_the_key_that_is_left),
	    SCENE(who_did_not_give_what_went_before_cannot_say_it_is_given),
	    SCENE(who_is_no_member_gives_nobody_a_key),
	    SCENE(a_record_under_the_desk_s_last_key_stops_nobody),
	    SCENE(bytes_that_are_no_record_stop_nobody),
	    SCENE(a_record_that_another_device_did_not_sign_is_not_taken_for_its_own),
	    SCENE(a_record_that_does_not_read_takes_nothing_from_a_compartment),
	    SCENE(a_compartment_s_day_does_not_run_ahead_of_the_feed_s),
	    SCENE(a_lamport_time_that_leaps_is_passed_over),
	    SCENE(a_case_takes_no_more_compartments_than_can_be_looked_through),
	    SCENE(who_is_in_nothing_of_a_case_adds_nothing_to_it),
	    SCENE(a_mark_from_long_ago_counts_from_the_day_it_is_said),
	    SCENE(a_state_from_the_far_future_does_not_hold_a_case_for_ever),
	    SCENE(a_roster_that_is_said_again_ends_no_suspension),
	    SCENE(an_admin_s_device_cannot_have_others_keys_sealed_to_itself),
	    SCENE(a_device_says_its_own_day_keys_where_others_were_given_for_it),
	    SCENE(a_key_changes_only_when_that_is_owed),
	    SCENE(a_list_of_what_is_destroyed_takes_no_other_record_from_the_feed),
	    SCENE(a_record_that_is_gone_without_reason_stops_sending_and_is_told),
	    SCENE(a_key_that_is_held_is_not_replaced_by_one_that_is_given),
	    SCENE(what_went_before_is_told_once_to_each_new_member),
	    SCENE(an_operation_too_long_to_be_given_again_stops_nobody),
	    SCENE(the_largest_operations_of_a_case_can_be_given_again),
	    SCENE(who_lies_about_what_another_said_is_shown),
	    SCENE(a_record_dated_years_ahead_is_not_taken_by_the_relay),
	    SCENE(of_a_record_dated_years_ahead_that_a_relay_has_taken_nothing_is_kept),
	    SCENE(a_relay_that_shows_another_feed_is_noticed),
	    SCENE(a_device_admitted_again_keeps_nothing_that_it_lost_meanwhile),
	    SCENE(a_state_of_which_a_piece_was_taken_away_is_not_believed),
	    SCENE(the_state_comes_from_an_admin_s_device_only),
	};
	return RUN_TESTS(tests);
}
