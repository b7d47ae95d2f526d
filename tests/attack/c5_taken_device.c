// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * C5: one staff device, unlocked, in the hands of an adversary who has also recorded all that ever went over the feed,
 * and who goes on recording. He reads what the device was a member of, and nothing else: no other case, no other
 * compartment, nothing from before the day that its keys are of, and nothing from after two devices have suspended it.
 */
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/captured.h"
#include "carry/day_keys.h"
#include "carry/keys.h"
#include "carry/leave.h"
#include "carry/membership.h"
#include "lib/many.h"

#define KEYS_MAX 64U
#define SEEDS_MAX 32U

/* A key of a compartment, of one generation and day. */
struct stolen_key {
	uint8_t id[OP_ID_BYTES];
	uint32_t gen, day;
	uint8_t key[32];
};

struct adversary {
	struct many *m;
	size_t key_count;
	struct stolen_key keys[KEYS_MAX];
	size_t seed_count;
	uint32_t seed_days[SEEDS_MAX];
	struct cairn_xwing_key seeds[SEEDS_MAX];
	uint8_t device[OP_ID_BYTES];
	uint8_t room[2][65536];
};

/* Everything that opens anything, out of the unlocked device. */
static void
steal(struct adversary *a, struct many_device *d)
{
	uint64_t *of;
	size_t count;
	struct carry_device self;

	a->m = d->desk;
	memcpy(a->device, d->self.device, OP_ID_BYTES);
	assert_ok(device_self(d->carry, &self));
	assert_ok(member_of(d->carry, &of, &count, self.n));
	for (size_t i = 0; i < count; i++) {
		struct stolen_key *k = &a->keys[a->key_count];
		struct carry_compartment c;

		assert_ok(compartment_at(d->carry, &c, of[i]));
		if (key_held(d->carry, of[i], &k->gen, &k->day) != CAIRN_OK)
			continue;
		memcpy(k->id, c.id, OP_ID_BYTES);
		assert_ok(key_of_day(d->carry, k->key, of[i], k->gen, k->day));
		assert_true(++a->key_count < KEYS_MAX);
	}
	free(of);
	for (uint32_t day = carry_day(d->desk->now) - 40; day < carry_day(d->desk->now) + 20; day++)
		if (day_key_mine(d->carry, &a->seeds[a->seed_count], day) == CAIRN_OK) {
			a->seed_days[a->seed_count++] = day;
			assert_true(a->seed_count < SEEDS_MAX);
		}
}

static void
learn(struct adversary *a, const uint8_t id[OP_ID_BYTES], uint32_t gen, uint32_t day, const uint8_t key[32])
{
	struct stolen_key *k = &a->keys[a->key_count];

	if (a->key_count + 1 == KEYS_MAX)
		return;
	memcpy(k->id, id, OP_ID_BYTES);
	k->gen = gen;
	k->day = day;
	memcpy(k->key, key, 32);
	a->key_count++;
}

/* Keys go forward by the day, never back. */
static bool
key_for(const struct adversary *a, uint8_t key[32], const uint8_t id[OP_ID_BYTES], uint32_t gen, uint32_t day)
{
	for (size_t i = 0; i < a->key_count; i++) {
		const struct stolen_key *k = &a->keys[i];

		if (memcmp(k->id, id, OP_ID_BYTES) != 0 || k->gen != gen || k->day > day)
			continue;
		memcpy(key, k->key, 32);
		for (uint32_t at = k->day; at < day; at++)
			feed_key_next_day(key);
		return true;
	}
	return false;
}

/* Opens the boxes in it that are sealed to the device, with every seed that is left. */
static void
open_boxes(struct adversary *a, struct cairn_span ops, const uint8_t sender[OP_ID_BYTES])
{
	struct box_grant grants[BOX_GRANTS_MAX];
	struct op op;
	size_t at = 0, count;

	while (at < ops.size && op_next(&op, ops, &at) == CAIRN_OK) {
		struct op_box box;

		if (op.type != OP_BOX || op_body_read(&box, sizeof(box), &op) != CAIRN_OK)
			continue;
		for (size_t i = 0; i < a->seed_count; i++)
			if (a->seed_days[i] == box.day &&
			    box_open(grants, &count, &box, a->m->desk_id, sender, &a->seeds[i]) == CAIRN_OK)
				for (size_t g = 0; g < count; g++)
					if (grants[g].what == BOX_KEY)
						learn(a, grants[g].id, grants[g].gen, grants[g].day, grants[g].secret);
	}
}

/* Does it open, and whose is it? id is zeros for the desk's own. */
static bool
opens(struct adversary *a, const struct paper_record *r, uint8_t id[OP_ID_BYTES])
{
	struct feed_head head;
	struct feed_envelope envelope;
	struct cairn_span ops;
	uint8_t key[32];

	assert_ok(feed_record_head(&head, r->bytes, r->size));
	if (!key_for(a, key, carry_desk_compartment, head.gen, head.day) ||
	    feed_record_open(&envelope, a->room[0], r->bytes, r->size, key) != CAIRN_OK)
		return false;
	memcpy(id, envelope.compartment, OP_ID_BYTES);
	if (feed_is_desk(envelope.compartment)) {
		open_boxes(a, envelope.inner, head.device);
		return true;
	}
	return key_for(a, key, envelope.compartment, envelope.gen, envelope.day) &&
	    feed_inner_open(&ops, a->room[1], a->m->desk_id, &head, &envelope, key) == CAIRN_OK;
}

/* How many of the records from one on he reads of that compartment; NULL: of any. */
static size_t
reads(struct adversary *a, size_t from, const uint8_t *of)
{
	size_t count = 0;
	uint8_t id[OP_ID_BYTES];

	for (unsigned again = 0; again < 2; again++) /* what the boxes gave may open more */
		for (size_t i = from, n = 0; i < a->m->feed.record_count; i++) {
			n += a->m->feed.records[i].bytes != NULL && opens(a, &a->m->feed.records[i], id) &&
			    (of == NULL || memcmp(id, of, OP_ID_BYTES) == 0);
			count = n;
		}
	return count;
}

struct scene {
	struct many *m;
	struct many_device *admin, *security1, *security2, *taken, *other;
	uint8_t case_id[OP_ID_BYTES], his[OP_ID_BYTES], others[OP_ID_BYTES];
	struct adversary *a;
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

	s->m = many_new("case");
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
	s->a = calloc(1, sizeof(*s->a));
	assert_non_null(s->a);
	*state = s;
	return 0;
}

static int
scene_end(void **state)
{
	struct scene *s = *state;

	many_free(s->m);
	free(s->a);
	free(s);
	return 0;
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

	steal(s->a, s->taken);
	note(s->admin, s->his, "read by him");
	assert_true(reads(s->a, 0, s->his) > 0); /* else the others show nothing */
}

static void
he_reads_nothing_of_another_compartment(void **state)
{
	struct scene *s = *state;

	note(s->admin, s->others, "not for him");
	steal(s->a, s->taken);
	note(s->other, s->others, "nor this");
	assert_int_equal(reads(s->a, 0, s->others), 0);
}

static void
he_reads_nothing_from_before_the_day_of_its_keys(void **state)
{
	struct scene *s = *state;
	size_t before, all;

	note(s->admin, s->his, "the day before yesterday");
	before = s->m->feed.record_count;
	s->m->now += 3 * 86400;
	many_settle(s->m);
	steal(s->a, s->taken);
	all = s->m->feed.record_count;
	s->m->feed.record_count = before; /* what he recorded until then */
	assert_int_equal(reads(s->a, 0, NULL), 0);
	s->m->feed.record_count = all;
}

static void
he_reads_nothing_from_after_it_was_suspended(void **state)
{
	struct scene *s = *state;
	size_t from;

	steal(s->a, s->taken);
	suspend(s);
	from = s->m->feed.record_count;
	note(s->admin, s->his, "after");
	note(s->other, s->others, "after");
	s->m->now += 86400;
	many_settle(s->m);
	(void)reads(s->a, 0, NULL); /* every box that ever came */
	assert_int_equal(reads(s->a, from, NULL), 0);
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
