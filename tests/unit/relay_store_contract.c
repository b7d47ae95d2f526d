// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/relay_store_contract.h"

#include "lib/test.h"

#include <string.h>

#include "base/bytes.h"
#include "cairn/hash.h"

#define HOUR 500000U
#define DAY (HOUR / 24U)
#define CELLS 200U

static const struct store_maker *maker;
static struct store *store;
static uint8_t cells[CELLS][CAIRN_DROP_CELL_BYTES];
static uint8_t hashes[CELLS][32];
static const uint8_t one[32] = {1}, other[32] = {2};

static int
set_up(void **state)
{
	(void)state;
	for (unsigned n = 0; n < CELLS; n++) {
		memset(cells[n], (int)n, sizeof cells[n]);
		cairn_hash(hashes[n], cells[n], sizeof cells[n]);
	}
	maker->reset();
	return maker->open(&store, HOUR);
}

static int
tear_down(void **state)
{
	(void)state;
	store_close(store);
	store = NULL;
	return 0;
}

static void
reopen(uint32_t hour)
{
	store_close(store);
	assert_ok(maker->open(&store, hour));
}

/* Puts cell n; the hour that it is kept as of, 0 for none. */
static uint32_t
put_for(const uint8_t *desk, enum cairn_door door, unsigned n, uint32_t hour, uint64_t quota)
{
	struct store_put put = {.desk = desk, .door = door, .day = DAY, .hash = hashes[n], .cell = cells[n],
	    .quota = quota};
	struct store_put *list[] = {&put};

	assert_ok(store_put(store, list, 1, hour));
	assert_true(put.err == CAIRN_OK || put.err == CAIRN_ERR_BUSY);
	return put.err == CAIRN_OK ? put.hour : 0;
}

static uint32_t
put(unsigned n, uint32_t hour)
{
	return put_for(one, CAIRN_DOOR_INTAKE, n, hour, 1000);
}

static void
turn(uint32_t hour)
{
	int err;

	while ((err = store_turn(store, hour)) == CAIRN_ERR_BUSY)
		continue;
	assert_ok(err);
}

struct seen {
	unsigned count;
	unsigned numbers[CELLS + 1];
	unsigned most;
};

static bool
see(void *arg, const uint8_t *hash, const uint8_t *cell)
{
	struct seen *seen = arg;
	unsigned n = cell[0];

	assert_memory_equal(cell, cells[n], CAIRN_DROP_CELL_BYTES);
	assert_memory_equal(hash, hashes[n], 32);
	assert_true(seen->count < CELLS);
	seen->numbers[seen->count++] = n;
	return seen->count < seen->most;
}

static struct seen
look_at(const uint8_t *desk, enum cairn_door door)
{
	struct seen seen = {.most = CELLS + 1};

	assert_ok(store_visit_cells(store, desk, door, see, &seen));
	return seen;
}

static unsigned
waiting(void)
{
	return look_at(one, CAIRN_DOOR_INTAKE).count;
}

static void
take_away(unsigned n)
{
	assert_ok(store_remove(store, one, CAIRN_DOOR_INTAKE, (const uint8_t(*)[32])hashes[n], 1));
}

static void
what_is_put_is_there_also_after_closing(void **state)
{
	(void)state;
	assert_int_equal(put(1, HOUR), HOUR);
	assert_int_equal(waiting(), 1);
	reopen(HOUR);
	assert_int_equal(waiting(), 1);
	turn(HOUR + 1);
	assert_int_equal(waiting(), 1);
	reopen(HOUR + 1);
	assert_int_equal(waiting(), 1);
}

static void
the_same_cell_is_kept_once_and_keeps_its_hour(void **state)
{
	(void)state;
	put(1, HOUR);
	assert_int_equal(put(1, HOUR), HOUR);
	assert_int_equal(put(1, HOUR + 1), HOUR);
	turn(HOUR + 2);
	assert_int_equal(put(1, HOUR + 2), HOUR);
	assert_int_equal(waiting(), 1);
	reopen(HOUR + 3);
	assert_int_equal(put(1, HOUR + 3), HOUR);
	assert_int_equal(waiting(), 1);
}

static void
the_same_cell_twice_in_one_batch_is_kept_once(void **state)
{
	struct store_put puts[2] = {
	    {.desk = one, .door = CAIRN_DOOR_INTAKE, .day = DAY, .hash = hashes[1], .cell = cells[1], .quota = 9},
	};
	struct store_put *list[] = {&puts[0], &puts[1]};

	(void)state;
	puts[1] = puts[0];
	assert_ok(store_put(store, list, 2, HOUR));
	assert_ok(puts[0].err);
	assert_ok(puts[1].err);
	assert_int_equal(waiting(), 1);
	take_away(1);
	assert_int_equal(waiting(), 0);
}

static void
a_removed_cell_stays_away(void **state)
{
	(void)state;
	put(1, HOUR);
	put(2, HOUR);
	take_away(1);
	assert_int_equal(put(1, HOUR), HOUR);
	assert_int_equal(waiting(), 1);
	turn(HOUR + 1);
	assert_int_equal(waiting(), 1);
	take_away(2);
	assert_int_equal(put(1, HOUR + 1), HOUR);
	assert_int_equal(put(2, HOUR + 1), HOUR);
	reopen(HOUR + 2);
	turn(HOUR + 3);
	assert_int_equal(waiting(), 0);
}

static void
removing_while_the_hour_turns_is_for_good(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 150; n++)
		put(n, HOUR);
	assert_err(store_turn(store, HOUR + 1), CAIRN_ERR_BUSY);
	assert_int_equal(waiting(), 150);
	for (unsigned n = 0; n < 150; n += 2)
		take_away(n);
	assert_int_equal(waiting(), 75);
	turn(HOUR + 1);
	assert_int_equal(waiting(), 75);
	reopen(HOUR + 1);
	assert_int_equal(waiting(), 75);
}

static void
a_turn_that_was_cut_short_goes_on_after_opening(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 150; n++)
		put(n, HOUR);
	assert_err(store_turn(store, HOUR + 1), CAIRN_ERR_BUSY);
	reopen(HOUR + 1);
	turn(HOUR + 1);
	assert_int_equal(waiting(), 150);
	/* Counted once: room for one more, and for no second. */
	assert_int_equal(put_for(one, CAIRN_DOOR_INTAKE, 160, HOUR + 1, 151), HOUR + 1);
	assert_int_equal(put_for(one, CAIRN_DOOR_INTAKE, 161, HOUR + 1, 151), 0);
}

static void
desks_and_doors_are_apart(void **state)
{
	(void)state;
	put(1, HOUR);
	assert_int_equal(put_for(other, CAIRN_DOOR_INTAKE, 1, HOUR, 9), HOUR);
	assert_int_equal(put_for(one, CAIRN_DOOR_CAMPAIGN, 2, HOUR, 9), HOUR);
	assert_int_equal(waiting(), 1);
	assert_int_equal(look_at(other, CAIRN_DOOR_INTAKE).count, 1);
	assert_int_equal(look_at(one, CAIRN_DOOR_CAMPAIGN).count, 1);
	assert_int_equal(look_at(other, CAIRN_DOOR_CAMPAIGN).count, 0);
	take_away(1);
	assert_int_equal(look_at(other, CAIRN_DOOR_INTAKE).count, 1);
}

static void
a_full_door_takes_no_more_until_some_are_removed(void **state)
{
	(void)state;
	assert_int_equal(put_for(one, CAIRN_DOOR_INTAKE, 1, HOUR, 2), HOUR);
	assert_int_equal(put_for(one, CAIRN_DOOR_INTAKE, 2, HOUR, 2), HOUR);
	assert_int_equal(put_for(one, CAIRN_DOOR_INTAKE, 3, HOUR, 2), 0);
	assert_int_equal(put_for(one, CAIRN_DOOR_INTAKE, 1, HOUR, 2), HOUR);
	assert_int_equal(put_for(one, CAIRN_DOOR_CAMPAIGN, 5, HOUR, 2), HOUR);
	turn(HOUR + 1);
	assert_int_equal(put_for(one, CAIRN_DOOR_INTAKE, 3, HOUR + 1, 2), 0);
	take_away(1);
	assert_int_equal(put_for(one, CAIRN_DOOR_INTAKE, 3, HOUR + 1, 2), HOUR + 1);
	reopen(HOUR + 1);
	assert_int_equal(put_for(one, CAIRN_DOOR_INTAKE, 4, HOUR + 1, 2), 0);
}

static void
a_quota_holds_within_one_batch(void **state)
{
	struct store_put puts[3];
	struct store_put *list[3];

	(void)state;
	for (unsigned n = 0; n < 3; n++) {
		puts[n] = (struct store_put){.desk = one, .door = CAIRN_DOOR_INTAKE, .day = DAY, .hash = hashes[n],
		    .cell = cells[n], .quota = 2};
		list[n] = &puts[n];
	}
	assert_ok(store_put(store, list, 3, HOUR));
	assert_ok(puts[0].err);
	assert_ok(puts[1].err);
	assert_err(puts[2].err, CAIRN_ERR_BUSY);
	assert_int_equal(waiting(), 2);
}

static void
older_hours_come_first_else_the_order_is_by_hash(void **state)
{
	struct seen seen;

	(void)state;
	for (unsigned n = 0; n < 20; n++)
		put(n, HOUR);
	turn(HOUR + 1);
	for (unsigned n = 20; n < 40; n++)
		put(n, HOUR + 1);
	turn(HOUR + 2);
	for (unsigned n = 40; n < 60; n++)
		put(n, HOUR + 2);
	seen = look_at(one, CAIRN_DOOR_INTAKE);
	assert_int_equal(seen.count, 60);
	for (unsigned i = 0; i < 60; i++) {
		assert_int_equal(seen.numbers[i] / 20, i / 20);
		if (i % 20 > 0)
			assert_true(memcmp(hashes[seen.numbers[i - 1]], hashes[seen.numbers[i]], 32) < 0);
	}
}

static void
a_visit_ends_when_it_has_enough(void **state)
{
	struct seen seen = {.most = 3};

	(void)state;
	for (unsigned n = 0; n < 20; n++)
		put(n, HOUR + n / 7);
	assert_ok(store_visit_cells(store, one, CAIRN_DOOR_INTAKE, see, &seen));
	assert_int_equal(seen.count, 3);
}

static void
an_hour_that_is_over_is_not_opened_again(void **state)
{
	(void)state;
	turn(HOUR + 5);
	assert_int_equal(put(1, HOUR), HOUR + 5);
	assert_int_equal(put(2, HOUR + 6), HOUR + 6);
	assert_int_equal(put(3, HOUR + 5), HOUR + 6);
	assert_int_equal(waiting(), 3);
}

static void
what_no_key_opens_any_more_is_dropped(void **state)
{
	int err;

	(void)state;
	put(1, HOUR);
	turn(HOUR + 1);
	put(2, HOUR + 30);
	turn(HOUR + 31);
	while ((err = store_expire(store, HOUR + STORE_CELL_HOURS)) == CAIRN_ERR_BUSY)
		continue;
	assert_ok(err);
	assert_int_equal(waiting(), 2);
	while ((err = store_expire(store, HOUR + STORE_CELL_HOURS + 1)) == CAIRN_ERR_BUSY)
		continue;
	assert_ok(err);
	assert_int_equal(waiting(), 1);
}

static bool
count_desk(void *arg, const uint8_t *desk)
{
	(void)desk;
	(*(unsigned *)arg)++;
	return true;
}

static void
a_desk_is_forgotten_with_all_it_has(void **state)
{
	unsigned desks = 0;
	int err;

	(void)state;
	put(1, HOUR);
	put_for(other, CAIRN_DOOR_INTAKE, 2, HOUR, 9);
	turn(HOUR + 1);
	while ((err = store_forget(store, one)) == CAIRN_ERR_BUSY)
		continue;
	assert_ok(err);
	assert_int_equal(waiting(), 0);
	assert_int_equal(look_at(other, CAIRN_DOOR_INTAKE).count, 1);
	store_visit_desks(store, count_desk, &desks);
	assert_int_equal(desks, 1);
}

static void
claims_are_kept_until_they_are_given_up(void **state)
{
	bool claimed;

	(void)state;
	assert_ok(store_claim(store, one, CAIRN_DOOR_INTAKE, (const uint8_t(*)[32])hashes, 3));
	assert_ok(store_claim(store, one, CAIRN_DOOR_INTAKE, (const uint8_t(*)[32])hashes, 3));
	reopen(HOUR);
	assert_ok(store_claimed(store, &claimed, one, CAIRN_DOOR_INTAKE, hashes[2]));
	assert_true(claimed);
	assert_ok(store_claimed(store, &claimed, other, CAIRN_DOOR_INTAKE, hashes[2]));
	assert_false(claimed);
	assert_ok(store_claimed(store, &claimed, one, CAIRN_DOOR_CAMPAIGN, hashes[2]));
	assert_false(claimed);
	assert_ok(store_unclaim(store, one, CAIRN_DOOR_INTAKE, (const uint8_t(*)[32])hashes[2], 1));
	assert_ok(store_claimed(store, &claimed, one, CAIRN_DOOR_INTAKE, hashes[2]));
	assert_false(claimed);
	assert_ok(store_claimed(store, &claimed, one, CAIRN_DOOR_INTAKE, hashes[1]));
	assert_true(claimed);
}

#define CONTRACT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
relay_store_contract(const char *name, const struct store_maker *of)
{
	const struct CMUnitTest tests[] = {
	    CONTRACT(what_is_put_is_there_also_after_closing),
	    CONTRACT(the_same_cell_is_kept_once_and_keeps_its_hour),
	    CONTRACT(the_same_cell_twice_in_one_batch_is_kept_once),
	    CONTRACT(a_removed_cell_stays_away),
	    CONTRACT(removing_while_the_hour_turns_is_for_good),
	    CONTRACT(a_turn_that_was_cut_short_goes_on_after_opening),
	    CONTRACT(desks_and_doors_are_apart),
	    CONTRACT(a_full_door_takes_no_more_until_some_are_removed),
	    CONTRACT(a_quota_holds_within_one_batch),
	    CONTRACT(older_hours_come_first_else_the_order_is_by_hash),
	    CONTRACT(a_visit_ends_when_it_has_enough),
	    CONTRACT(an_hour_that_is_over_is_not_opened_again),
	    CONTRACT(what_no_key_opens_any_more_is_dropped),
	    CONTRACT(a_desk_is_forgotten_with_all_it_has),
	    CONTRACT(claims_are_kept_until_they_are_given_up),
	};

	maker = of;
	return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}
