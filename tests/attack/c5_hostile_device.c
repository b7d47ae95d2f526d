// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * C5, the other way round: a device of the desk in the hands of somebody who holds all that it holds, every role
 * included, and says whatever its key can sign. He stops nobody: what all can see of a record the relay refuses,
 * and what only devices can see all of them pass over alike, and name him. The relay is honest; one that is not
 * can stop a desk by itself.
 */
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/compartments.h"
#include "carry/day_keys.h"
#include "carry/faults.h"
#include "carry/joining.h"
#include "carry/keys.h"
#include "carry/membership.h"
#include "carry/notes.h"
#include "carry/rotation.h"
#include "lib/many.h"
#include "sim/chance.h"

#define RANDOM_RECORDS 300U
#define IDS 8U

struct scene {
	struct many *m;
	struct many_device *admin, *bad, *other;
	uint8_t case_id[OP_ID_BYTES], contact[OP_ID_BYTES];
	uint8_t record[FEED_RECORD_MAX];
	size_t bytes;
};

/* What a record is to be, before it is sealed and signed. */
struct made {
	struct cairn_feed_head head;
	struct feed_envelope envelope;
};

static int
scene_set(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));

	s->m = many_new("case");
	s->admin = &s->m->devices[0];
	s->bad = many_join(s->m, "intake,case,documentation,security,publish,admin");
	s->other = many_join(s->m, "intake,case");
	many_settle(s->m);
	many_contact(s->m, s->contact, s->case_id);
	s->bad->cut_off = true; /* from now on nothing in it is honest */
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

/* --- what he does --- */

/* As an honest device would begin it. */
static struct made
made(struct scene *s, const uint8_t compartment[OP_ID_BYTES], const void *ops, size_t bytes)
{
	struct made r = {.head = {.seq = s->m->feed.record_count, .day = carry_day(s->m->now)}};
	struct carry_compartment desk, c;

	assert_ok(compartment_at(s->bad->carry, &desk, CARRY_DESK));
	assert_ok(compartment_get(s->bad->carry, &c, compartment));
	memcpy(r.head.prev, s->m->feed.records[r.head.seq - 1].hash, sizeof(r.head.prev));
	memcpy(r.head.device, s->bad->self.device, OP_ID_BYTES);
	r.head.gen = desk.gen;
	memcpy(r.envelope.compartment, compartment, OP_ID_BYTES);
	r.envelope.gen = c.gen;
	r.envelope.day = r.head.day;
	r.envelope.inner = (struct cairn_span){ops, bytes};
	return r;
}

/* The desk's key of that generation and day, the next one included. */
static int
desk_key_of(struct carry *carry, uint8_t key[CAIRN_KEY_BYTES], const struct cairn_feed_head *head)
{
	struct rotation r;

	if (key_of_day(carry, key, CARRY_DESK, head->gen, head->day) == CAIRN_OK)
		return CAIRN_OK;
	assert_ok(rotation_get(carry, &r));
	return rotation_key(carry, key, r.promise, head->gen, head->day);
}

/* Under the keys that he has, moved on to whatever day it says; what he has no key for he seals to anything. */
static void
seal(struct scene *s, const struct made *r)
{
	uint8_t desk_key[32], key[32];
	struct carry_compartment c;

	if (desk_key_of(s->bad->carry, desk_key, &r->head) != CAIRN_OK)
		randombytes_buf(desk_key, sizeof(desk_key));
	if (compartment_get(s->bad->carry, &c, r->envelope.compartment) != CAIRN_OK ||
	    key_of_day(s->bad->carry, key, c.n, r->envelope.gen, r->envelope.day) != CAIRN_OK)
		randombytes_buf(key, sizeof(key));
	assert_ok(feed_record_make(s->record, &s->bytes, s->m->desk_id, &r->head, &r->envelope, desk_key, key,
	    s->bad->self.sign_secret));
}

/* Appends what was sealed, as the device that he has: the status. */
static int
post(struct scene *s)
{
	const struct paper_asker asker = {s->m->desk_id, s->bad->self.device, s->bad->self.sign_secret + 32,
	    s->m->now};
	struct cairn_request request = {.method = "POST", .staff = true, .body = s->record, .body_bytes = s->bytes};
	const uint8_t *body;
	size_t bytes;

	snprintf(request.path, sizeof(request.path), "feed?seq=%zu", s->m->feed.record_count);
	return paper_feed_do(&s->m->feed, &asker, &request, &body, &bytes);
}

static int
post_made(struct scene *s, const struct made *r)
{
	seal(s, r);
	return post(s);
}

/* --- what the others do --- */

/* Of all that devices have alike. */
static void
state_hash(struct many_device *d, uint8_t hash[CAIRN_HASH_BYTES])
{
#define ALL(table) "SELECT * FROM " #table
	static const char *const tables[] = {ALL(device), ALL(day_key), ALL(compartment), ALL(member),
	    ALL(case_change), ALL(mark), ALL(retention), ALL(publisher), ALL(cell), ALL(suspend_ask), ALL(task),
	    ALL(ask), ALL(consent), ALL(epoch_made), ALL(record_of)};
	crypto_generichash_state h;

	crypto_generichash_init(&h, NULL, 0, CAIRN_HASH_BYTES);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		struct query q = db_query(d->db, tables[i]);

		while (query_row(&q))
			for (int c = 0; c < query_columns(&q); c++) {
				enum query_kind kind = query_kind(&q, c);
				uint64_t number = kind == QUERY_INT ? query_int(&q, c) : 0;
				struct cairn_span span = {(const char *)&number, sizeof(number)};

				if (kind == QUERY_BYTES || kind == QUERY_TEXT)
					span = query_span(&q, c);
				crypto_generichash_update(&h, (const uint8_t *)span.text, span.size);
				crypto_generichash_update(&h, (const uint8_t *)"|", 1);
			}
		assert_ok(query_end(&q));
	}
	crypto_generichash_final(&h, hash, CAIRN_HASH_BYTES);
}

/* They read on, they know the same, and a new case goes its way between them. */
static void
goes_on(struct scene *s)
{
	uint8_t id[OP_ID_BYTES], case_id[OP_ID_BYTES] = {0}, a[CAIRN_HASH_BYTES], b[CAIRN_HASH_BYTES];
	struct op_note said = {.text = {"heron", 5}};
	struct view view;

	many_settle(s->m);
	state_hash(s->admin, a);
	state_hash(s->other, b);
	assert_memory_equal(a, b, sizeof(a));
	assert_ok(carry_open(s->admin->carry, id, KIND_CONTACT, case_id, NULL, 0, false, s->m->now));
	many_settle(s->m);
	assert_ok(carry_say(s->admin->carry, id, OP_NOTE, &said, s->m->now, NULL));
	many_settle(s->m);
	assert_ok(view_make(s->other->carry, &view, id, s->m->now));
	assert_int_equal(view.fold->count, 1);
	view_end(&view);
}

/* How many of his records they passed over; they say the same, and blame nobody else. */
static uint64_t
blamed(struct scene *s)
{
	struct many_device *const honest[] = {s->admin, s->other};
	struct fault fault = {0}, last = {0};
	struct carry_device d;

	for (size_t i = 0; i < 2; i++) {
		for (size_t k = 0; k < s->m->count; k++) {
			assert_ok(device_get(honest[i]->carry, &d, s->m->devices[k].self.device));
			assert_ok(faults_of(honest[i]->carry, &fault, d.n));
			assert_true(fault.records == 0 || &s->m->devices[k] == s->bad);
			if (&s->m->devices[k] == s->bad)
				assert_true(i == 0 || fault.records == last.records);
			if (&s->m->devices[k] == s->bad)
				last = fault;
		}
	}
	return last.records;
}

/* --- the attacks --- */

static void
a_head_that_is_not_right_never_comes_into_the_feed(void **state)
{
	struct scene *s = *state;
	size_t before = s->m->feed.record_count;
	struct made r = made(s, carry_desk_compartment, "", 0);

	r.head.prev[0] ^= 1;
	assert_int_equal(post_made(s, &r), 400);
	r = made(s, carry_desk_compartment, "", 0);
	r.head.day += 2;
	assert_int_equal(post_made(s, &r), 400);
	r.head.day -= 5; /* whoever has moved its keys on could not open it */
	assert_int_equal(post_made(s, &r), 400);
	r = made(s, carry_desk_compartment, "", 0);
	r.head.seq += 1;
	assert_int_equal(post_made(s, &r), 400);
	r = made(s, carry_desk_compartment, "", 0);
	memcpy(r.head.device, s->admin->self.device, OP_ID_BYTES);
	assert_int_equal(post_made(s, &r), 400);
	r = made(s, carry_desk_compartment, "", 0);
	seal(s, &r);
	s->record[0] = 2;
	cairn_feed_record_sign(s->record, s->bytes, s->m->desk_id, s->bad->self.sign_secret);
	assert_int_equal(post(s), 400);
	assert_int_equal(s->m->feed.record_count, before);
	goes_on(s);
	assert_int_equal(blamed(s), 0);
}

/* The day before is taken, since a sync may go on past midnight, and everybody can still open it. */
static void
a_record_of_yesterday_stops_nobody_who_has_moved_on(void **state)
{
	struct scene *s = *state;
	struct made r;

	s->m->now += 40 * 86400;
	many_settle(s->m);
	s->m->now += 86400;
	many_settle(s->m);
	s->m->now += 43100 - s->m->now % 86400; /* close to noon */
	r = made(s, carry_desk_compartment, "", 0);
	r.head.day -= 1;
	assert_int_equal(post_made(s, &r), 204);
	goes_on(s);
}

static void
an_envelope_that_does_not_open_is_passed_over_by_all(void **state)
{
	struct scene *s = *state;
	struct made r = made(s, carry_desk_compartment, "", 0);

	seal(s, &r);
	randombytes_buf(s->record + FEED_HEAD_BYTES, s->bytes - FEED_HEAD_BYTES - FEED_SIGNATURE_BYTES);
	cairn_feed_record_sign(s->record, s->bytes, s->m->desk_id, s->bad->self.sign_secret);
	assert_int_equal(post(s), 204);
	r = made(s, carry_desk_compartment, "", 0);
	r.head.gen = 77;
	assert_int_equal(post_made(s, &r), 204);
	goes_on(s);
	assert_int_equal(blamed(s), 2);
}

static void
a_record_of_no_compartment_or_of_another_day_or_generation_is_passed_over_by_all(void **state)
{
	struct scene *s = *state;
	struct made r = made(s, s->contact, "", 0);

	r.envelope.compartment[0] ^= 1;
	assert_int_equal(post_made(s, &r), 204);
	r = made(s, s->contact, "", 0);
	r.envelope.day += 3000;
	assert_int_equal(post_made(s, &r), 204);
	r = made(s, s->contact, "", 0);
	r.envelope.day -= 1;
	assert_int_equal(post_made(s, &r), 204);
	r = made(s, s->contact, "", 0);
	r.envelope.gen += 1;
	assert_int_equal(post_made(s, &r), 204);
	goes_on(s);
	assert_int_equal(blamed(s), 4);
}

/* Each field at random, or one of the ids that there are, so that much of it is well said. */
static void
random_field(struct scene *s, const struct op_field *field, uint8_t *at)
{
	static uint8_t room[4][4200];
	static unsigned turn;
	const uint8_t *ids[IDS] = {s->contact, s->case_id, s->admin->self.device, s->bad->self.device,
	    s->other->self.device, carry_desk_compartment, room[0], room[1]};
	uint64_t number = chance(3) == 0 ? randombytes_random() : chance(8);
	struct cairn_span *span = (struct cairn_span *)(void *)at;

	switch (field->kind) {
	case OP_u8:
		*at = (uint8_t)number;
		return;
	case OP_u16:
		memcpy(at, &(uint16_t){(uint16_t)number}, 2);
		return;
	case OP_u32:
		memcpy(at, &(uint32_t){chance(2) == 0 ? carry_day(s->m->now) : (uint32_t)number}, 4);
		return;
	case OP_u64:
		memcpy(at, &number, 8);
		return;
	case OP_id:
		memcpy(at, ids[chance(IDS)], OP_ID_BYTES);
		return;
	case OP_text:
	case OP_bytes:
		*span = (struct cairn_span){(const char *)room[turn % 4], chance(200)};
		memset(room[turn % 4], 'a', sizeof(room[0]));
		if (field->kind == OP_bytes)
			randombytes_buf(room[turn % 4], 200);
		if (chance(3) == 0)
			memcpy(room[turn % 4], ids[chance(IDS - 2)], OP_ID_BYTES);
		turn++;
		span->size = span->size > field->most ? field->most : span->size;
		return;
	default:
		randombytes_buf(at, field->kind == OP_hash ? CAIRN_HASH_BYTES : CAIRN_XWING_PUBLIC_BYTES);
	}
}

static void
random_op(struct scene *s, struct writer *w, const struct op_def *def)
{
	static union op_any said;
	static uint8_t body[OP_BODY_MAX];
	struct op op = {.type = (uint16_t)def->type, .counter = 5000 + chance(1000), .time = s->m->now};
	struct writer b;

	op.lamport = chance(4) == 0 ? OP_NUMBER_MAX : chance(1000);
	memset(&said, 0, sizeof(said));
	for (size_t i = 0; i < def->field_count; i++)
		random_field(s, &def->fields[i], (uint8_t *)&said + def->fields[i].offset);
	writer_init(&b, body, sizeof(body));
	op_body_write(&b, def->type, &said);
	if (b.failed)
		return;
	op.body = (struct cairn_span){(const char *)body, chance(8) == 0 ? b.used / 2 : b.used};
	if (op.body.size + OP_HEAD_BYTES < w->size - w->used)
		op_write(w, &op);
}

static void
whatever_he_says_nobody_stops_and_all_know_the_same(void **state)
{
	struct scene *s = *state;
	static uint8_t ops[FEED_CASE_OPS_MAX];

	for (unsigned i = 0; i < RANDOM_RECORDS; i++) {
		enum op_scope scope = i % 3 == 0 ? OP_SCOPE_CASE : OP_SCOPE_DESK;
		struct writer w;
		struct made r;

		writer_init(&w, ops, sizeof(ops));
		for (unsigned k = 0; k < 8; k++) {
			const struct op_def *def = &op_table[chance((uint32_t)op_count)];

			if (def->scope == scope)
				random_op(s, &w, def);
		}
		r = made(s, scope == OP_SCOPE_CASE ? s->contact : carry_desk_compartment, ops, w.used);
		assert_int_equal(post_made(s, &r), 204);
		if (i % 50 == 49)
			goes_on(s);
	}
	goes_on(s);
}

static void
a_device_joins_whatever_he_puts_between(void **state)
{
	struct scene *s = *state;
	struct op_state lie = {.table = 2, .rows = {"\1\1\0\0\0\0\0\0\0\1", 10}};
	struct carry_welcome welcome;
	struct many_device *new = many_admit(s->m, "intake", &welcome);
	static uint8_t ops[4096], body[1024];
	struct op op = {.type = OP_STATE, .counter = 9000, .lamport = 1, .time = s->m->now};
	struct carry_device d;
	struct writer w, b;
	struct made r;

	/* Rows for its tables, as another admin's device; a record that does not open; one of a later generation. */
	lie.seq = welcome.seq;
	memcpy(lie.device, new->self.device, OP_ID_BYTES);
	writer_init(&b, body, sizeof(body));
	op_body_write(&b, OP_STATE, &lie);
	op.body = (struct cairn_span){(const char *)body, b.used};
	writer_init(&w, ops, sizeof(ops));
	op_write(&w, &op);
	r = made(s, carry_desk_compartment, ops, w.used);
	assert_int_equal(post_made(s, &r), 204);
	r = made(s, carry_desk_compartment, "", 0);
	r.head.gen = 2;
	assert_int_equal(post_made(s, &r), 204);
	r = made(s, carry_desk_compartment, "", 0);
	seal(s, &r);
	s->record[500] ^= 1;
	cairn_feed_record_sign(s->record, s->bytes, s->m->desk_id, s->bad->self.sign_secret);
	assert_int_equal(post(s), 204);
	many_synced(s->admin);
	assert_ok(carry_join(new->carry, &welcome,
	    (struct cairn_span){(const char *)s->m->roster, s->m->roster_bytes}));
	new->joined = true;
	many_settle(s->m);
	assert_false(joining(new->carry));
	assert_ok(device_get(new->carry, &d, s->other->self.device));
	goes_on(s);
}

/* --- the desk's next key --- */

static void
op_put(struct scene *s, struct writer *w, enum op_type type, const void *said)
{
	static uint8_t body[OP_BODY_MAX];
	static uint64_t counter = 20000;
	struct op op = {.type = (uint16_t)type, .counter = counter++, .lamport = 1, .time = s->m->now};
	struct writer b;

	writer_init(&b, body, sizeof(body));
	op_body_write(&b, type, said);
	op.body = (struct cairn_span){(const char *)body, b.used};
	op_write(w, &op);
}

/* A key for that device that is not the one that was promised. */
static void
false_box(struct scene *s, struct writer *w, const struct many_device *to)
{
	static uint8_t room[BOX_ROOM_BYTES];
	struct box_grant grant = {.what = BOX_KEY, .kind = KIND_DESK, .gen = 2, .day = carry_day(s->m->now)};
	uint8_t key[CAIRN_XWING_PUBLIC_BYTES];
	struct carry_device d;
	struct op_box box;

	randombytes_buf(grant.secret, sizeof(grant.secret));
	assert_ok(device_get(s->bad->carry, &d, to->self.device));
	assert_ok(day_key_of(s->bad->carry, key, d.n, grant.day));
	assert_ok(box_seal(&box, room, s->m->desk_id, s->bad->self.device, d.id, grant.day, &grant, 1, key));
	op_put(s, w, OP_BOX, &box);
}

/* Somebody leaves, and he is the first to make the next key: for nobody, or with false ones for the others. */
static void
makes_next_key(struct scene *s, bool leaves, bool boxes)
{
	static uint8_t ops[FEED_DESK_OPS_MAX];
	struct op_rotate rotate = {.from_gen = 1, .day = carry_day(s->m->now), .promise = {7}};
	struct op_roster roster = {.note = {(const char *)s->m->roster, s->m->roster_bytes}};
	struct writer w;
	struct made r;

	writer_init(&w, ops, sizeof(ops));
	if (leaves)
		op_put(s, &w, OP_ROSTER, &roster);
	op_put(s, &w, OP_ROTATE, &rotate);
	if (boxes) {
		false_box(s, &w, s->admin);
		false_box(s, &w, s->other);
	}
	r = made(s, carry_desk_compartment, ops, w.used);
	assert_int_equal(post_made(s, &r), 204);
}

static void
desk_gen_is(struct scene *s, uint32_t gen)
{
	struct many_device *const honest[] = {s->admin, s->other};
	struct carry_compartment desk;

	for (size_t i = 0; i < 2; i++) {
		assert_ok(compartment_at(honest[i]->carry, &desk, CARRY_DESK));
		assert_int_equal(desk.gen, gen);
	}
}

/* One more device, which leaves: the roster is made, and said by whoever comes first. */
static void
one_leaves(struct scene *s)
{
	struct many_device *leaver = many_join(s->m, "transport");

	s->bad->cut_off = false;
	many_settle(s->m);
	s->bad->cut_off = true;
	leaver->gone = leaver->cut_off = true;
	many_roster(s->m);
}

static void
who_gives_the_desk_s_next_key_to_nobody_stops_nobody(void **state)
{
	struct scene *s = *state;

	one_leaves(s);
	makes_next_key(s, true, false);
	goes_on(s);
	desk_gen_is(s, 2);
}

static void
who_gives_false_ones_of_the_desk_s_next_key_stops_nobody(void **state)
{
	struct scene *s = *state;

	one_leaves(s);
	makes_next_key(s, true, true);
	goes_on(s);
	desk_gen_is(s, 2);
}

static void
he_makes_the_desk_s_next_key_once_and_brings_none_in_force_himself(void **state)
{
	struct scene *s = *state;
	struct made r;

	one_leaves(s);
	makes_next_key(s, true, true);
	r = made(s, carry_desk_compartment, "", 0);
	r.head.gen = 2; /* under what he has made */
	assert_int_equal(post_made(s, &r), 204);
	s->admin->cut_off = true;
	many_settle(s->m); /* the other makes one, and waits for the first */
	desk_gen_is(s, 1);
	makes_next_key(s, false, true); /* again: refused */
	r = made(s, carry_desk_compartment, "", 0);
	r.head.gen = 2; /* under the other's, which he has not been shown to have */
	assert_int_equal(post_made(s, &r), 204);
	s->admin->cut_off = false;
	goes_on(s);
	desk_gen_is(s, 2);
}

/* He was given it, as everybody was. Such a record could be deleted before all have read it. */
static void
a_case_s_record_brings_no_key_of_the_desk_in_force(void **state)
{
	struct scene *s = *state;
	static uint8_t ops[4096];
	struct op_note note = {.text = {"x", 1}};
	struct carry_compartment desk;
	uint8_t key[CAIRN_KEY_BYTES];
	struct sync sync;
	struct writer w;
	struct made r;

	one_leaves(s);
	many_synced(s->admin); /* makes the next key */
	s->bad->cut_off = false;
	s->bad->cut_after = 3; /* he reads, and says nothing */
	assert_err(many_sync(s->bad, &sync), CAIRN_ERR_IO);
	writer_init(&w, ops, sizeof(ops));
	op_put(s, &w, OP_NOTE, &note);
	r = made(s, s->contact, ops, w.used);
	r.head.gen = 2;
	assert_ok(desk_key_of(s->bad->carry, key, &r.head));
	assert_int_equal(post_made(s, &r), 204);
	many_synced(s->admin);
	assert_ok(compartment_at(s->admin->carry, &desk, CARRY_DESK));
	assert_int_equal(desk.gen, 1);
	goes_on(s);
	desk_gen_is(s, 2);
}

int
main(void)
{
#define SCENE(test) cmocka_unit_test_setup_teardown(test, scene_set, scene_end)
	const struct CMUnitTest tests[] = {
	    SCENE(a_head_that_is_not_right_never_comes_into_the_feed),
	    SCENE(a_record_of_yesterday_stops_nobody_who_has_moved_on),
	    SCENE(an_envelope_that_does_not_open_is_passed_over_by_all),
	    SCENE(a_record_of_no_compartment_or_of_another_day_or_generation_is_passed_over_by_all),
	    SCENE(whatever_he_says_nobody_stops_and_all_know_the_same),
	    SCENE(a_device_joins_whatever_he_puts_between),
	    SCENE(who_gives_the_desk_s_next_key_to_nobody_stops_nobody),
	    SCENE(who_gives_false_ones_of_the_desk_s_next_key_stops_nobody),
	    SCENE(he_makes_the_desk_s_next_key_once_and_brings_none_in_force_himself),
	    SCENE(a_case_s_record_brings_no_key_of_the_desk_in_force),
	};

	chance_seed(1);
	return RUN_TESTS(tests);
}
