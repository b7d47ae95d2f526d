// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include "carry/feed.h"
#include "carry/keys.h"
#include "lib/many.h"

/* A device whose state is an older one of its own, out of a backup or a copy: no number is used twice. */

static struct many *m;
static struct many_device *d;

static int
set_up(void **state)
{
	(void)state;
	m = many_new("case");
	d = many_join(m, "intake,case");
	many_settle(m);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	many_free(m);
	return 0;
}

static uint64_t
counter(void)
{
	struct feed_position position;

	assert_ok(feed_position_get(d->carry, &position));
	return position.counter;
}

static void
leap(uint64_t now)
{
	assert_ok(db_begin(d->db));
	assert_ok(db_end(d->db, feed_counter_leap(d->db, now)));
}

static void
say_wanted(void)
{
	static const struct op_keys_wanted said = {{0}};

	assert_ok(carry_say(d->carry, carry_desk_compartment, OP_KEYS_WANTED, &said, many_now(d), NULL));
}

static void
it_counts_on_where_no_earlier_life_has_been(void **state)
{
	uint64_t before = counter(), first;

	(void)state;
	leap(m->now);
	first = counter();
	assert_true(first > before + (1ULL << 32));
	assert_int_equal(first >> 20, m->now);
	leap(m->now + 1); /* a second later, out of the same backup */
	assert_true(counter() > first + (1U << 19));
	say_wanted();
	assert_true(counter() < 1ULL << 53);
}

static void
a_clock_that_is_wrong_changes_nothing_in_that(void **state)
{
	uint64_t before = counter(), first;

	(void)state;
	leap(0);
	first = counter();
	assert_true(first > before + (1ULL << 31));
	leap(m->now);
	leap(0);
	assert_true(counter() > (m->now << 20) + (1ULL << 31));
}

static void
two_lives_of_one_second_hardly_meet(void **state)
{
	uint64_t first, second;
	unsigned apart = 0;

	(void)state;
	for (unsigned i = 0; i < 32; i++) {
		assert_ok(db_script(d->db, "UPDATE feed SET counter = 9"));
		leap(m->now);
		first = counter();
		assert_ok(db_script(d->db, "UPDATE feed SET counter = 9"));
		leap(m->now);
		second = counter();
		apart += first > second + 1000 || second > first + 1000;
	}
	assert_true(apart >= 30);
}

/* The state as it is now comes back later, as a folder that was copied. */
static struct db *
copy_made(void)
{
	struct db *copy;

	assert_ok(db_open(&copy, ":memory:", NULL));
	assert_ok(db_copy(copy, d->db));
	return copy;
}

static void
a_copy_that_is_used_is_noticed_and_sends_nothing(void **state)
{
	struct db *copy = copy_made();
	struct feed_position before, after;
	size_t records;

	(void)state;
	say_wanted();
	many_synced(d);
	assert_ok(db_copy(d->db, copy));
	db_close(copy);
	many_restart(d);
	assert_ok(feed_position_get(d->carry, &before));
	say_wanted();
	records = m->feed.record_count;
	assert_err(many_sync(d, &(struct sync){0}), CAIRN_ERR_CONFLICT);
	assert_non_null(strstr(d->carry->trouble, "a copy of it"));
	assert_int_equal(m->feed.record_count, records);
	assert_ok(feed_position_get(d->carry, &after));
	assert_int_equal(after.next, before.next);
}

/* Nobody has said anything since, so that no record tells it. What it would owe is not said again with each sync. */
static void
without_the_desk_s_key_it_is_told_to_be_admitted_again(void **state)
{
	struct sync sync;

	(void)state;
	assert_ok(db_begin(d->db));
	assert_ok(db_end(d->db, key_erase(d->carry, CARRY_DESK)));
	say_wanted();
	for (unsigned i = 0; i < 3; i++) {
		m->now += 86400;
		assert_err(many_sync(d, &sync), CAIRN_ERR_STALE);
		assert_non_null(strstr(d->carry->trouble, "--again"));
		assert_int_equal(sync.waiting, 1);
	}
}

static void
an_answer_that_was_lost_is_no_copy(void **state)
{
	(void)state;
	say_wanted();
	d->answer_lost = true;
	(void)!many_sync(d, &(struct sync){0});
	many_restart(d);
	many_synced(d);
	many_settle(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(it_counts_on_where_no_earlier_life_has_been, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_clock_that_is_wrong_changes_nothing_in_that, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(two_lives_of_one_second_hardly_meet, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_copy_that_is_used_is_noticed_and_sends_nothing, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(without_the_desk_s_key_it_is_told_to_be_admitted_again, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(an_answer_that_was_lost_is_no_copy, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
