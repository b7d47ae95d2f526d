// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "lib/recorded.h"
#include "record/apply.h"

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

/* ---- two devices, one entity ---- */

static const uint8_t the_id[RECORD_ID_BYTES] = {5};

static void
emit(struct recorded *r, struct record_item item)
{
	struct record_sink sink = recorded_sink(r);
	struct record_change change;

	record_change_init(&change, record_kind(RECORD_event), the_id, NULL);
	assert_ok(record_change_add(&change, &item));
	assert_ok(record_emit(r->db, &sink, &change));
	record_change_clear(&change);
}

static void
put(struct recorded *r, const char *text)
{
	emit(r, (struct record_item){.action = RECORD_PUT, .field = RECORD_event_title, .text = span(text)});
}

static void
add(struct recorded *r, const char *text)
{
	emit(r, (struct record_item){.action = RECORD_ADD, .field = RECORD_event_places, .text = span(text)});
}

static void
load(struct recorded *r, struct record_change *change, struct record_head *head)
{
	struct record_head *heads;
	size_t count;

	assert_ok(record_list(r->db, NULL, &heads, &count));
	assert_int_equal(count, 1);
	*head = heads[0];
	free(heads);
	assert_ok(record_load(r->db, head, change));
}

static void
drop(struct recorded *r, const char *text)
{
	uint8_t dots[RECORD_DOTS_MAX * RECORD_DOT_BYTES];
	struct record_change change;
	struct record_head head;
	size_t count;

	load(r, &change, &head);
	record_change_clear(&change);
	assert_ok(record_dots(r->db, &head, RECORD_event_places, span(text), dots, &count));
	emit(r, (struct record_item){.action = RECORD_DROP, .field = RECORD_event_places, .text = span(text),
	            .dots = dots, .dot_count = count});
}

/* b hears all that a has said from its n-th operation on. */
static void
hear(struct recorded *b, const struct recorded *a, size_t from)
{
	for (size_t i = from; i < a->count; i++)
		assert_ok(recorded_take(b, &a->ops[i]));
}

static bool
has(struct recorded *r, const char *text)
{
	struct record_change change;
	struct record_head head;
	bool there;

	load(r, &change, &head);
	there = record_change_has(&change, RECORD_event_places, span(text));
	record_change_clear(&change);
	return there;
}

static void
two(struct recorded **a, struct recorded **b)
{
	*a = recorded_new();
	*b = recorded_new();
	(*b)->device = 2;
}

static void
the_later_put_wins_on_both(void **state)
{
	struct record_change change;
	struct record_head head;
	struct recorded *a, *b;

	(void)state;
	two(&a, &b);
	put(a, "first");
	put(b, "second"); /* at the same lamport: the higher device wins */
	hear(b, a, 0);
	hear(a, b, 0);
	for (int i = 0; i < 2; i++) {
		load(i == 0 ? a : b, &change, &head);
		assert_memory_equal(record_change_text(&change, RECORD_event_title).text, "second", 6);
		record_change_clear(&change);
	}
	recorded_free(a);
	recorded_free(b);
}

static void
an_add_that_a_drop_has_not_seen_stays(void **state)
{
	struct recorded *a, *b;
	size_t seen;

	(void)state;
	two(&a, &b);
	add(a, "Grozny");
	hear(b, a, 0);
	seen = a->count;
	drop(b, "Grozny");
	add(a, "Grozny"); /* at the same time, again */
	hear(a, b, 0);
	hear(b, a, seen);
	assert_true(has(a, "Grozny"));
	assert_true(has(b, "Grozny"));
	recorded_free(a);
	recorded_free(b);
}

static void
a_drop_that_comes_before_its_add_holds(void **state)
{
	struct recorded *a, *b, *c;

	(void)state;
	two(&a, &b);
	c = recorded_new();
	add(a, "Grozny");
	hear(b, a, 0);
	drop(b, "Grozny");
	assert_false(has(b, "Grozny"));
	hear(c, b, 0);
	hear(c, a, 0);
	assert_false(has(c, "Grozny"));
	recorded_free(a);
	recorded_free(b);
	recorded_free(c);
}

static void
a_retraction_marks_and_a_later_value_is_free_of_it(void **state)
{
	struct record_change change;
	struct record_head head;
	struct recorded *a = recorded_new();

	(void)state;
	put(a, "first");
	emit(a,
	    (struct record_item){
		.action = RECORD_RETRACT, .field = RECORD_event_title, .flag = 1, .text = span("no")});
	load(a, &change, &head);
	assert_memory_equal(record_change_text(&change, RECORD_event_title).text, "first", 5);
	assert_non_null(record_change_find(&change, RECORD_event_title, RECORD_RETRACT));
	record_change_clear(&change);
	put(a, "second");
	load(a, &change, &head);
	assert_null(record_change_find(&change, RECORD_event_title, RECORD_RETRACT));
	record_change_clear(&change);
	recorded_free(a);
}

static void
the_same_again_changes_nothing_and_another_in_its_place_is_refused(void **state)
{
	struct recorded *a, *b;
	struct recorded_op forged;
	char *before, *after;

	(void)state;
	two(&a, &b);
	put(a, "first");
	put(b, "other");
	before = recorded_dump(a);
	assert_ok(recorded_take(a, &a->ops[0]));
	forged = b->ops[0];
	memcpy(forged.device, a->ops[0].device, sizeof(forged.device));
	assert_err(recorded_take(a, &forged), CAIRN_ERR_CONFLICT);
	after = recorded_dump(a);
	assert_string_equal(before, after);
	free(before);
	free(after);
	recorded_free(a);
	recorded_free(b);
}

static void
nobody_writes_from_one_compartment_into_another(void **state)
{
	struct record_head *heads;
	struct recorded *a = recorded_new();
	struct recorded_op op;
	size_t count;

	(void)state;
	put(a, "first");
	op = a->ops[0];
	memset(op.device, 9, sizeof(op.device));
	memset(op.compartment, 9, sizeof(op.compartment));
	op.lamport = 100;
	assert_ok(recorded_take(a, &op));
	assert_ok(record_list(a->db, NULL, &heads, &count));
	assert_int_equal(count, 2);
	free(heads);
	recorded_free(a);
}

/* ---- any order ---- */

/* Drops one element of one entity, as this device sees it. */
static void
drop_something(struct dice *d, struct recorded *r, const struct record_sink *sink)
{
	uint8_t dots[RECORD_DOTS_MAX * RECORD_DOT_BYTES];
	struct record_head *heads;
	struct record_change change, dropping;
	const struct record_item *item;
	size_t count;

	assert_ok(record_list(r->db, NULL, &heads, &count));
	count = dice_roll(d, (uint32_t)count);
	assert_ok(record_load(r->db, &heads[count], &change));
	item = &change.items[dice_roll(d, (uint32_t)change.count)];
	record_change_init(&dropping, heads[count].kind, heads[count].id, NULL);
	if (item->action == RECORD_ADD) {
		struct record_item drop = {
		    .action = RECORD_DROP, .field = item->field, .text = item->text, .dots = dots};

		assert_ok(record_dots(r->db, &heads[count], item->field, item->text, dots, &drop.dot_count));
		assert_ok(record_change_add(&dropping, &drop));
		assert_ok(record_emit(r->db, sink, &dropping));
	}
	record_change_clear(&dropping);
	record_change_clear(&change);
	free(heads);
}

static struct recorded *
random_history(struct dice *d, uint8_t device)
{
	struct recorded *r = recorded_new();
	struct record_sink sink = recorded_sink(r);

	r->device = device;
	for (int i = 0; i < 12; i++) {
		struct record_change change;

		dice_change(d, &change, false);
		/* A few ids, so that devices meet. */
		memset(change.id, 0, sizeof(change.id));
		change.id[0] = (uint8_t)dice_roll(d, 2);
		assert_ok(record_emit(r->db, &sink, &change));
		record_change_clear(&change);
		if (dice_roll(d, 3) == 0)
			drop_something(d, r, &sink);
	}
	return r;
}

/* All operations of several, shuffled, some twice. */
static char *
told_in_some_order(struct dice *d, struct recorded *const *from, size_t count)
{
	const struct recorded_op *all[3 * 200];
	struct recorded *r = recorded_new();
	size_t n = 0;
	char *dump;

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < from[i]->count; k++)
			all[n++] = &from[i]->ops[k];
	for (size_t i = n; i > 1; i--) {
		size_t k = dice_roll(d, (uint32_t)i);
		const struct recorded_op *swap = all[i - 1];

		all[i - 1] = all[k];
		all[k] = swap;
	}
	assert_ok(db_begin(r->db));
	for (size_t i = 0; i < n; i++) {
		assert_ok(recorded_take(r, all[i]));
		assert_ok(recorded_take(r, all[dice_roll(d, (uint32_t)i + 1)]));
	}
	assert_ok(db_end(r->db, CAIRN_OK));
	dump = recorded_dump(r);
	recorded_free(r);
	return dump;
}

static void
the_same_operations_in_any_order_give_the_same_state(void **state)
{
	struct dice d = {.state = 2017};

	(void)state;
	for (int round = 0; round < 12; round++) {
		struct recorded *devices[3];
		char *first, *other;

		for (uint8_t i = 0; i < 3; i++)
			devices[i] = random_history(&d, (uint8_t)(i + 1));
		first = told_in_some_order(&d, devices, 3);
		for (int i = 0; i < 4; i++) {
			other = told_in_some_order(&d, devices, 3);
			assert_string_equal(first, other);
			free(other);
		}
		free(first);
		for (uint8_t i = 0; i < 3; i++)
			recorded_free(devices[i]);
	}
}

static void
a_signature_holds_for_its_operation_alone(void **state)
{
	uint8_t key[32], secret[64], desk[32] = {1}, signature[64];
	struct record_origin origin = {.counter = 1, .lamport = 2, .at = 3};

	(void)state;
	crypto_sign_keypair(key, secret);
	record_sign(signature, &origin, "bytes", 5, desk, secret);
	origin.signature = signature;
	assert_ok(record_verify(&origin, "bytes", 5, desk, key));
	assert_err(record_verify(&origin, "bytez", 5, desk, key), CAIRN_ERR_CRYPTO);
	origin.lamport = 3;
	assert_err(record_verify(&origin, "bytes", 5, desk, key), CAIRN_ERR_CRYPTO);
	origin.lamport = 2;
	origin.compartment[0] = 1;
	assert_err(record_verify(&origin, "bytes", 5, desk, key), CAIRN_ERR_CRYPTO);
}

/* ---- emitting ---- */

static void
what_a_field_does_not_take_is_not_emitted(void **state)
{
	static const struct record_item bad[] = {
	    {.action = RECORD_PUT, .field = RECORD_event_begin, .text = {"yesterday", 9}},
	    {.action = RECORD_PUT, .field = RECORD_event_violation_status, .text = {"77", 2}},
	    {.action = RECORD_PUT, .field = RECORD_event_places, .text = {"x", 1}},
	    {.action = RECORD_ADD, .field = RECORD_event_title, .text = {"x", 1}},
	    {.action = RECORD_PUT, .field = RECORD_event_title, .text = {"a\nb", 3}},
	    {.action = RECORD_PUT, .field = RECORD_act_type, .text = {"01", 2}},
	    {.action = RECORD_NOTE, .field = RECORD_event_title, .text = {"x", 1}},
	    {.action = RECORD_MARK, .field = RECORD_event_title, .flag = 4},
	    {.action = RECORD_DROP, .field = RECORD_event_places, .text = {"x", 1}},
	};
	struct recorded *a = recorded_new();
	struct record_sink sink = recorded_sink(a);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct record_change change;

		record_change_init(&change, record_kind(RECORD_event), the_id, NULL);
		assert_ok(record_change_add(&change, &bad[i]));
		assert_err(record_emit(a->db, &sink, &change), CAIRN_ERR_RANGE);
		record_change_clear(&change);
	}
	assert_int_equal(a->count, 0);
	recorded_free(a);
}

static void
a_change_too_long_for_one_operation_becomes_several(void **state)
{
	static char text[RECORD_TEXT_MAX];
	struct recorded *a = recorded_new();
	struct record_sink sink = recorded_sink(a);
	struct record_change change;
	struct record_head head;

	(void)state;
	memset(text, 'x', sizeof(text));
	record_change_init(&change, record_kind(RECORD_event), the_id, NULL);
	for (uint64_t at = 1; at <= 9; at++)
		assert_ok(record_change_add(&change, &(struct record_item){.action = RECORD_NOTE,
		    .field = RECORD_event_comments, .at = at, .text = {text, sizeof(text)}}));
	assert_ok(record_emit(a->db, &sink, &change));
	record_change_clear(&change);
	assert_true(a->count > 1);
	load(a, &change, &head);
	assert_int_equal(change.count, 9);
	record_change_clear(&change);
	recorded_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_later_put_wins_on_both),
	    cmocka_unit_test(an_add_that_a_drop_has_not_seen_stays),
	    cmocka_unit_test(a_drop_that_comes_before_its_add_holds),
	    cmocka_unit_test(a_retraction_marks_and_a_later_value_is_free_of_it),
	    cmocka_unit_test(the_same_again_changes_nothing_and_another_in_its_place_is_refused),
	    cmocka_unit_test(nobody_writes_from_one_compartment_into_another),
	    cmocka_unit_test(the_same_operations_in_any_order_give_the_same_state),
	    cmocka_unit_test(a_signature_holds_for_its_operation_alone),
	    cmocka_unit_test(what_a_field_does_not_take_is_not_emitted),
	    cmocka_unit_test(a_change_too_long_for_one_operation_becomes_several),
	};

	if (sodium_init() < 0)
		return 1;
	return RUN_TESTS(tests);
}
