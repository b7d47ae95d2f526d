// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/fields.h"
#include "carry/fold.h"

#define OPS_MAX 256U
#define ROUNDS 2000U

/* Operations whose bodies lie in a room of their own. */
static struct op ops[OPS_MAX];
static uint8_t bodies[OPS_MAX][512];
static size_t count;
static uint8_t random_seed[randombytes_SEEDBYTES];

static int
fresh(void **state)
{
	(void)state;
	count = 0;
	return 0;
}

static struct op *
say(uint8_t device, uint64_t counter, uint64_t lamport, uint16_t type, const void *body)
{
	struct op *op = &ops[count];
	struct writer w;
	size_t bytes;

	*op = (struct op){
	    .type = type, .device = {device}, .counter = counter, .lamport = lamport, .time = 1000 + lamport};
	writer_init(&w, bodies[count], sizeof(bodies[count]));
	op_body_write(&w, type, body);
	assert_ok(writer_end(&w, &bytes));
	op->body = (struct cairn_span){(const char *)bodies[count++], bytes};
	return op;
}

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

static void
set(uint8_t device, uint64_t counter, uint64_t lamport, uint16_t field, const char *value)
{
	const struct op_set body = {field, span(value)};

	say(device, counter, lamport, OP_SET, &body);
}

static void
add(uint8_t device, uint64_t counter, uint64_t lamport, uint16_t field, const char *value)
{
	const struct op_add body = {field, span(value)};

	say(device, counter, lamport, OP_ADD, &body);
}

static void
take_out(uint8_t device, uint64_t counter, uint64_t lamport, uint8_t of, uint64_t which)
{
	const struct op_remove body = {{of}, which};

	say(device, counter, lamport, OP_REMOVE, &body);
}

static void
retract(uint8_t device, uint64_t counter, uint64_t lamport, uint8_t of, uint64_t which, const char *reason)
{
	const struct op_retract body = {{of}, which, span(reason)};

	say(device, counter, lamport, OP_RETRACT, &body);
}

static void
note(uint8_t device, uint64_t counter, uint64_t lamport, const char *text)
{
	const struct op_note body = {span(text)};

	say(device, counter, lamport, OP_NOTE, &body);
}

/* op, given again by giver. */
static void
give_again(uint8_t giver, uint64_t counter, const struct op *op)
{
	struct op_again body = {
	    .counter = op->counter, .lamport = op->lamport, .time = op->time, .type = op->type, .body = op->body};

	memcpy(body.device, op->device, sizeof(body.device));
	say(giver, counter, op->lamport + 9, OP_AGAIN, &body);
}

static struct fold *
made(void)
{
	struct fold *fold;

	assert_ok(fold_make(&fold, ops, count));
	return fold;
}

static void
assert_register(const struct fold *fold, uint16_t field, const char *value)
{
	const struct fold_item *item = fold_register(fold, field);

	assert_non_null(item);
	assert_int_equal(item->value.size, strlen(value));
	assert_memory_equal(item->value.text, value, strlen(value));
}

static void
nothing_said_is_an_empty_state(void **state)
{
	struct fold *fold = made();
	size_t n;

	(void)state;
	assert_int_equal(fold->count, 0);
	assert_null(fold_register(fold, 1));
	assert_null(fold_elements(fold, 1, &n));
	assert_int_equal(n, 0);
	fold_free(fold);
}

static void
the_last_value_of_a_register_counts(void **state)
{
	struct fold *fold;

	(void)state;
	set(1, 5, 3, FIELD_LEG_POINT, "bridge");
	set(2, 1, 4, FIELD_LEG_POINT, "station");
	set(1, 1, 1, FIELD_LEG_POINT, "harbour");
	set(1, 6, 9, FIELD_LEG_WORDS, "amber");
	fold = made();
	assert_register(fold, FIELD_LEG_POINT, "station");
	assert_register(fold, FIELD_LEG_WORDS, "amber");
	assert_int_equal(fold->count, 2);
	fold_free(fold);
}

static void
of_the_same_lamport_the_higher_device_then_counter_counts(void **state)
{
	struct fold *fold;

	(void)state;
	set(2, 1, 4, 1, "of two");
	set(1, 9, 4, 1, "of one");
	set(1, 10, 5, 2, "later");
	set(1, 2, 5, 2, "sooner");
	fold = made();
	assert_register(fold, 1, "of two");
	assert_register(fold, 2, "later");
	fold_free(fold);
}

static void
fields_do_not_mix(void **state)
{
	struct fold *fold;

	(void)state;
	set(1, 1, 1, FIELD_STAY_FROM, "a");
	set(1, 2, 2, FIELD_LEG_FROM, "b");
	add(1, 3, 3, FIELD_STAY_FROM, "c");
	fold = made();
	assert_register(fold, FIELD_STAY_FROM, "a");
	assert_register(fold, FIELD_LEG_FROM, "b");
	fold_free(fold);
}

static void
an_element_stays_until_its_own_tag_is_taken_out(void **state)
{
	const struct fold_item *first;
	struct fold *fold;
	size_t n;

	(void)state;
	add(1, 1, 1, 7, "bread");
	add(2, 1, 1, 7, "bread"); /* at the same time, by another: it stays */
	add(1, 2, 2, 8, "salt");
	take_out(3, 1, 9, 1, 1);
	fold = made();
	first = fold_elements(fold, 7, &n);
	assert_int_equal(n, 1);
	assert_int_equal(first->op.device[0], 2);
	fold_free(fold);
}

static void
a_removal_before_the_addition_comes_takes_it_out_all_the_same(void **state)
{
	struct fold *fold;
	size_t n;

	(void)state;
	take_out(3, 1, 1, 1, 1);
	fold = made();
	assert_int_equal(fold->count, 1);
	fold_free(fold);
	add(1, 1, 5, 7, "bread");
	fold = made();
	assert_null(fold_elements(fold, 7, &n));
	fold_free(fold);
}

static void
a_removal_touches_no_register_and_no_note(void **state)
{
	struct fold *fold;

	(void)state;
	set(1, 1, 1, 1, "here");
	note(1, 2, 2, "text");
	take_out(2, 1, 3, 1, 1);
	take_out(2, 2, 4, 1, 2);
	fold = made();
	assert_register(fold, 1, "here");
	assert_int_equal(fold->count, 4);
	fold_free(fold);
}

static void
notes_stand_in_order_and_all_of_them(void **state)
{
	static const char *const want[] = {"first", "second", "third"};
	struct fold *fold;

	(void)state;
	note(2, 1, 7, "third");
	note(1, 1, 3, "first");
	note(3, 4, 5, "second");
	fold = made();
	assert_int_equal(fold->timeline, 0);
	assert_int_equal(fold->count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_memory_equal(fold->items[i].value.text, want[i], strlen(want[i]));
	fold_free(fold);
}

static void
a_retraction_marks_and_hides_nothing(void **state)
{
	const struct fold_item *item;
	struct fold *fold;

	(void)state;
	set(1, 1, 1, 1, "earlier");
	set(1, 2, 2, 1, "later");
	note(1, 3, 3, "what I saw");
	retract(2, 2, 9, 1, 2, "was forced");
	retract(3, 1, 8, 1, 2, "mistake");
	retract(2, 3, 10, 1, 3, "");
	fold = made();
	item = fold_register(fold, 1);
	assert_register(fold, 1, "later");
	assert_true(item->retracted);
	assert_memory_equal(item->reason.text, "was forced", 10);
	item = &fold->items[fold->timeline];
	assert_int_equal(item->what, FOLD_NOTE);
	assert_true(item->retracted);
	assert_int_equal(item->value.size, strlen("what I saw"));
	assert_int_equal(fold->count, 1 + 1 + 3);
	fold_free(fold);
}

static void
what_is_given_again_is_what_it_was(void **state)
{
	uint8_t before[CAIRN_HASH_BYTES], after[CAIRN_HASH_BYTES];
	struct fold *fold;
	size_t n;

	(void)state;
	set(1, 1, 1, 1, "value");
	add(1, 2, 2, 2, "element");
	note(2, 1, 3, "text");
	retract(2, 2, 4, 2, 1, "no");
	fold = made();
	fold_digest(fold, before);
	assert_false(fold->items[0].again);
	fold_free(fold);
	n = count;
	for (size_t i = 0; i < n; i++)
		give_again(5, i + 1, &ops[i]);
	fold = made();
	fold_digest(fold, after);
	assert_memory_equal(before, after, sizeof(before));
	fold_free(fold);
	/* Somebody new has only what is given again. */
	assert_ok(fold_make(&fold, ops + n, count - n));
	fold_digest(fold, after);
	assert_memory_equal(before, after, sizeof(before));
	assert_true(fold->items[0].again);
	assert_int_equal(fold->items[0].giver[0], 5);
	fold_free(fold);
}

/* A member that gives again what nobody said: where the original is, it counts, and the lie is marked. */
static void
a_forged_one_given_again_changes_nothing_and_shows(void **state)
{
	static const char *const forgeries[] = {"aaa", "zzz"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct op forged;
		struct fold *fold;

		count = 0;
		set(1, 1, 1, 1, forgeries[i]);
		forged = ops[0];
		set(1, 1, 1, 1, "bridge");
		give_again(5, 1, &forged);
		assert_ok(fold_make(&fold, ops + 1, 2));
		assert_register(fold, 1, "bridge");
		assert_true(fold_register(fold, 1)->conflict);
		fold_free(fold);
	}
}

static void
unknown_types_and_ill_formed_bodies_are_kept(void **state)
{
	struct fold *fold;

	(void)state;
	note(1, 1, 1, "text");
	ops[0].type = 0x7777;
	set(1, 2, 2, 1, "value");
	ops[1].body.size--;
	note(1, 3, 3, "x");
	ops[2].type = OP_TASK_DONE; /* not of a case */
	note(1, 4, 4, "y");
	give_again(2, 1, &ops[3]);
	give_again(2, 2, &ops[4]); /* of one given again: not taken apart */
	ops[3] = ops[5];
	count = 4;
	fold = made();
	assert_int_equal(fold->count, 4);
	assert_int_equal(fold->timeline, 0);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(fold->items[i].what, FOLD_UNKNOWN);
		assert_ptr_equal(fold->items[i].value.text, fold->items[i].op.body.text);
	}
	fold_free(fold);
}

static void
messages_and_what_else_belongs_to_a_case_stand_in_the_timeline(void **state)
{
	const struct op_read body = {.conv = {4}, .msgids = {NULL, 0}};
	struct fold *fold;

	(void)state;
	say(1, 1, 4, OP_READ, &body);
	note(1, 2, 3, "before");
	fold = made();
	assert_int_equal(fold->items[0].what, FOLD_NOTE);
	assert_int_equal(fold->items[1].what, FOLD_OTHER);
	assert_int_equal(fold->items[1].op.type, OP_READ);
	fold_free(fold);
}

/* Random numbers that a failing round can be repeated from. */
static uint32_t
dice(uint32_t below)
{
	static uint8_t pool[4096];
	static size_t left;
	uint32_t v;

	if (left == 0) {
		randombytes_buf_deterministic(pool, sizeof(pool), random_seed);
		sodium_increment(random_seed, sizeof(random_seed));
		left = sizeof(pool);
	}
	left -= 4;
	memcpy(&v, pool + left, 4);
	return v % below;
}

static void
say_anything(uint8_t device, uint64_t counter)
{
	static const char *const words[] = {"", "one", "two", "three", "a longer value, not one of the others"};
	const char *word = words[dice(5)];
	uint64_t lamport = 1 + dice(12), other = 1 + dice(20);
	uint8_t of = (uint8_t)(1 + dice(4));

	switch (dice(7)) {
	case 0:
	case 1:
		set(device, counter, lamport, (uint16_t)dice(4), word);
		break;
	case 2:
		add(device, counter, lamport, (uint16_t)dice(4), word);
		break;
	case 3:
		take_out(device, counter, lamport, of, other);
		break;
	case 4:
		retract(device, counter, lamport, of, other, word);
		break;
	case 5:
		note(device, counter, lamport, word);
		break;
	default:
		note(device, counter, lamport, word);
		ops[count - 1].type = (uint16_t)(0x0202 + dice(3) * 0x1000);
	}
}

static void
say_a_random_set(void)
{
	size_t each = 1 + dice(20);

	count = 0;
	for (uint8_t device = 1; device <= 4; device++)
		for (uint64_t counter = 1; counter <= each; counter++)
			say_anything(device, counter);
}

static void
assert_same_bytes(const struct op *a, size_t a_count, const struct op *b, size_t b_count)
{
	uint8_t *a_bytes, *b_bytes, digest[CAIRN_HASH_BYTES], hash[CAIRN_HASH_BYTES];
	struct fold *fold;
	size_t a_size, b_size;

	assert_ok(fold_make(&fold, a, a_count));
	assert_ok(fold_bytes(fold, &a_bytes, &a_size));
	fold_digest(fold, digest);
	cairn_hash(hash, a_bytes, a_size);
	assert_memory_equal(digest, hash, sizeof(hash));
	fold_free(fold);
	assert_ok(fold_make(&fold, b, b_count));
	assert_ok(fold_bytes(fold, &b_bytes, &b_size));
	assert_int_equal(a_size, b_size);
	assert_memory_equal(a_bytes, b_bytes, a_size);
	fold_free(fold);
	free(a_bytes);
	free(b_bytes);
}

static void
any_order_and_any_duplicates_give_the_same_bytes(void **state)
{
	static struct op mixed[2 * OPS_MAX];

	(void)state;
	for (size_t round = 0; round < ROUNDS; round++) {
		size_t said, n;

		say_a_random_set();
		said = n = count;
		for (size_t i = 0; i < said / 2; i++)
			give_again((uint8_t)(9 + dice(2)), i, &ops[dice((uint32_t)said)]);
		memcpy(mixed, ops, count * sizeof(*ops));
		for (n = count; n < count + said; n++)
			mixed[n] = ops[dice((uint32_t)count)];
		for (size_t i = n; i > 1; i--) {
			size_t j = dice((uint32_t)i);
			struct op swap = mixed[i - 1];

			mixed[i - 1] = mixed[j];
			mixed[j] = swap;
		}
		assert_same_bytes(ops, said, mixed, n);
	}
}

/* Is a after b, spelled out once more? */
static bool
later(const struct op *a, const struct op *b)
{
	if (a->lamport != b->lamport)
		return a->lamport > b->lamport;
	if (a->device[0] != b->device[0])
		return a->device[0] > b->device[0];
	return a->counter > b->counter;
}

static const struct op *
last_set(uint16_t field)
{
	const struct op *last = NULL;
	struct op_set body;

	for (size_t i = 0; i < count; i++)
		if (ops[i].type == OP_SET && op_body_read(&body, sizeof(body), &ops[i]) == CAIRN_OK &&
		    body.field == field && (last == NULL || later(&ops[i], last)))
			last = &ops[i];
	return last;
}

static bool
is_taken_out(const struct op *element)
{
	struct op_remove body;

	for (size_t i = 0; i < count; i++)
		if (ops[i].type == OP_REMOVE && op_body_read(&body, sizeof(body), &ops[i]) == CAIRN_OK &&
		    body.device[0] == element->device[0] && body.counter == element->counter)
			return true;
	return false;
}

static size_t
elements_in(uint16_t field)
{
	struct op_add body;
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += ops[i].type == OP_ADD && op_body_read(&body, sizeof(body), &ops[i]) == CAIRN_OK &&
		    body.field == field && !is_taken_out(&ops[i]);
	return n;
}

static void
random_sets_give_what_a_plain_reading_gives(void **state)
{
	(void)state;
	for (size_t round = 0; round < ROUNDS; round++) {
		struct fold *fold;

		say_a_random_set();
		fold = made();
		for (uint16_t field = 0; field < 4; field++) {
			const struct fold_item *item = fold_register(fold, field);
			const struct op *want = last_set(field);
			size_t n;

			assert_true((item == NULL) == (want == NULL));
			if (item != NULL)
				assert_memory_equal(item->op.body.text, want->body.text, want->body.size);
			(void)fold_elements(fold, field, &n);
			assert_int_equal(n, elements_in(field));
		}
		fold_free(fold);
	}
}

static void
another_value_mark_or_order_gives_other_bytes(void **state)
{
	uint8_t digests[4][CAIRN_HASH_BYTES];
	struct fold *fold;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		count = 0;
		set(1, 1, 1 + (i == 1), 1, i == 2 ? "x" : "y");
		note(1, 2, 9, "n");
		if (i == 3)
			retract(1, 3, 10, 1, 1, "");
		fold = made();
		fold_digest(fold, digests[i]);
		fold_free(fold);
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(digests[i], digests[j], CAIRN_HASH_BYTES);
	}
}

static void
values_that_were_set_at_once_stand_beside_each_other(void **state)
{
	struct fold *fold;
	const struct fold_item *item;

	(void)state;
	set(1, 1, 4, 7, "before");
	set(2, 1, 5, 7, "one");
	set(3, 1, 5, 7, "two");
	set(2, 2, 6, 8, "same");
	set(3, 2, 6, 8, "same");
	set(2, 3, 7, 9, "earlier");
	set(3, 3, 8, 9, "later");
	assert_ok(fold_make(&fold, ops, count));
	item = fold_register(fold, 7);
	assert_true(item->at_once);
	assert_memory_equal(item->value.text, "two", 3);
	assert_memory_equal(item->other_value.text, "one", 3);
	assert_int_equal(item->other.device[0], 2);
	assert_false(fold_register(fold, 8)->at_once);
	assert_false(fold_register(fold, 9)->at_once);
	fold_free(fold);
	set(1, 2, 9, 7, "settled");
	assert_ok(fold_make(&fold, ops, count));
	assert_false(fold_register(fold, 7)->at_once);
	fold_free(fold);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(nothing_said_is_an_empty_state, fresh),
	    cmocka_unit_test_setup(the_last_value_of_a_register_counts, fresh),
	    cmocka_unit_test_setup(of_the_same_lamport_the_higher_device_then_counter_counts, fresh),
	    cmocka_unit_test_setup(fields_do_not_mix, fresh),
	    cmocka_unit_test_setup(an_element_stays_until_its_own_tag_is_taken_out, fresh),
	    cmocka_unit_test_setup(a_removal_before_the_addition_comes_takes_it_out_all_the_same, fresh),
	    cmocka_unit_test_setup(a_removal_touches_no_register_and_no_note, fresh),
	    cmocka_unit_test_setup(notes_stand_in_order_and_all_of_them, fresh),
	    cmocka_unit_test_setup(a_retraction_marks_and_hides_nothing, fresh),
	    cmocka_unit_test_setup(what_is_given_again_is_what_it_was, fresh),
	    cmocka_unit_test_setup(a_forged_one_given_again_changes_nothing_and_shows, fresh),
	    cmocka_unit_test_setup(unknown_types_and_ill_formed_bodies_are_kept, fresh),
	    cmocka_unit_test_setup(messages_and_what_else_belongs_to_a_case_stand_in_the_timeline, fresh),
	    cmocka_unit_test_setup(any_order_and_any_duplicates_give_the_same_bytes, fresh),
	    cmocka_unit_test_setup(random_sets_give_what_a_plain_reading_gives, fresh),
	    cmocka_unit_test_setup(another_value_mark_or_order_gives_other_bytes, fresh),
	    cmocka_unit_test_setup(values_that_were_set_at_once_stand_beside_each_other, fresh),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests_name("test_carry_fold.c", tests, NULL, NULL);
}
