// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/relay_store_contract.h"

#include "lib/test.h"

#include <limits.h>
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

/* --- feeds --- */

#define RECORD_BYTES 1024U

static void
make_record(uint8_t record[RECORD_BYTES], uint8_t hash[32], unsigned n)
{
	memset(record, (int)n, RECORD_BYTES);
	put_u32(record, n);
	cairn_hash(hash, record, RECORD_BYTES);
}

static uint8_t last_hash[2][1024][32]; /* of what each desk's feed has */

static uint8_t *
hash_of(const uint8_t *desk, uint64_t seq)
{
	static uint8_t none[32];

	return seq < 1024 ? last_hash[desk == other][seq] : none;
}

static int
append_after(const uint8_t *desk, const uint8_t *prev, uint64_t seq, unsigned n, uint64_t quota, uint64_t *ret_head)
{
	uint8_t record[RECORD_BYTES], hash[32];
	struct store_append append = {.desk = desk, .seq = seq, .prev = prev, .hash = hash, .bytes = record,
	    .size = sizeof record, .quota = quota};
	int err;

	make_record(record, hash, n);
	err = store_feed_append(store, &append);
	if (err == CAIRN_OK)
		memcpy(hash_of(desk, seq), hash, sizeof hash);
	if (ret_head != NULL)
		*ret_head = append.head;
	return err;
}

static int
append_for(const uint8_t *desk, uint64_t seq, unsigned n, uint64_t quota, uint64_t *ret_head)
{
	return append_after(desk, hash_of(desk, seq - 1), seq, n, quota, ret_head);
}

static int
append(uint64_t seq, unsigned n)
{
	return append_for(one, seq, n, 1000000, NULL);
}

struct records {
	uint64_t next;
	unsigned numbers[64]; /* UINT_MAX: deleted */
	unsigned count;
	unsigned most;
};

static bool
see_record(void *arg, const struct store_record *record)
{
	struct records *seen = arg;
	uint8_t bytes[RECORD_BYTES], hash[32];
	unsigned n = record->bytes == NULL ? UINT_MAX : get_u32(record->bytes);

	assert_int_equal(record->seq, seen->next++);
	assert_int_equal(record->size, RECORD_BYTES);
	if (record->bytes != NULL) {
		make_record(bytes, hash, n);
		assert_memory_equal(record->bytes, bytes, sizeof bytes);
		assert_memory_equal(record->hash, hash, 32);
	}
	seen->numbers[seen->count++] = n;
	return seen->count < seen->most;
}

static struct records
read_feed(const uint8_t *desk, uint64_t from, uint64_t *ret_head)
{
	struct records seen = {.next = from, .most = 64};
	uint64_t head;

	assert_ok(store_feed_visit(store, &head, desk, from, see_record, &seen));
	if (ret_head != NULL)
		*ret_head = head;
	return seen;
}

static void
tidy_feeds(void)
{
	int err;

	while ((err = store_feed_tidy(store)) == CAIRN_ERR_BUSY)
		continue;
	assert_ok(err);
}

static void
a_feed_is_read_as_it_was_appended_also_after_closing(void **state)
{
	struct records seen;
	uint64_t head;

	(void)state;
	for (unsigned n = 0; n < 10; n++)
		assert_ok(append(n, 100 + n));
	for (int round = 0; round < 2; round++) {
		seen = read_feed(one, 3, &head);
		assert_int_equal(head, 10);
		assert_int_equal(seen.count, 7);
		for (unsigned n = 0; n < 7; n++)
			assert_int_equal(seen.numbers[n], 103 + n);
		reopen(HOUR);
	}
	seen = read_feed(one, 10, &head);
	assert_int_equal(seen.count, 0);
	assert_int_equal(read_feed(one, 11, NULL).count, 0);
}

static void
only_the_next_record_is_appended(void **state)
{
	uint64_t head = 9;

	(void)state;
	assert_err(append_for(one, 1, 5, 10000, &head), CAIRN_ERR_CONFLICT);
	assert_int_equal(head, 0);
	assert_ok(append_for(one, 0, 5, 10000, &head));
	assert_int_equal(head, 1);
	assert_err(append_for(one, 0, 6, 10000, &head), CAIRN_ERR_CONFLICT);
	assert_int_equal(head, 1);
	assert_ok(append_for(one, 0, 5, 10000, &head));
	assert_int_equal(head, 1);
	reopen(HOUR);
	assert_ok(append_for(one, 0, 5, 10000, &head));
	assert_err(append_for(one, 0, 6, 10000, &head), CAIRN_ERR_CONFLICT);
	assert_int_equal(read_feed(one, 0, NULL).count, 1);
}

static void
a_record_goes_on_from_the_one_before_it(void **state)
{
	const uint8_t none[32] = {0};
	const uint64_t last = 1;

	(void)state;
	assert_ok(append(0, 5));
	assert_err(append_after(one, none, 1, 6, 10000, NULL), CAIRN_ERR_STALE);
	assert_ok(append(1, 6));
	assert_err(append_after(one, hash_of(one, 0), 2, 7, 10000, NULL), CAIRN_ERR_STALE);
	assert_ok(store_feed_delete(store, one, &last, 1));
	reopen(HOUR);
	assert_err(append_after(one, none, 2, 7, 10000, NULL), CAIRN_ERR_STALE);
	assert_ok(append(2, 7));
	assert_int_equal(read_feed(one, 0, NULL).count, 3);
	assert_err(append_after(other, hash_of(one, 0), 0, 1, 10000, NULL), CAIRN_ERR_STALE);
}

static void
feeds_of_desks_are_apart(void **state)
{
	(void)state;
	assert_ok(append(0, 1));
	assert_ok(append_for(other, 0, 2, 10000, NULL));
	assert_ok(append(1, 3));
	assert_int_equal(read_feed(one, 0, NULL).count, 2);
	assert_int_equal(read_feed(other, 0, NULL).numbers[0], 2);
}

static void
a_visit_of_a_feed_ends_when_it_has_enough(void **state)
{
	struct records seen = {.most = 2};
	uint64_t head;

	(void)state;
	for (unsigned n = 0; n < 5; n++)
		assert_ok(append(n, n));
	assert_ok(store_feed_visit(store, &head, one, 0, see_record, &seen));
	assert_int_equal(seen.count, 2);
}

static void
a_deleted_record_leaves_its_place(void **state)
{
	const uint64_t middle[] = {1, 3}, ahead[] = {0, 5};
	struct records seen;

	(void)state;
	for (unsigned n = 0; n < 5; n++)
		assert_ok(append(n, n));
	assert_err(store_feed_delete(store, one, ahead, 2), CAIRN_ERR_RANGE);
	assert_int_equal(read_feed(one, 0, NULL).numbers[0], 0);
	assert_ok(store_feed_delete(store, one, middle, 2));
	assert_ok(store_feed_delete(store, one, middle, 2));
	tidy_feeds();
	reopen(HOUR);
	seen = read_feed(one, 0, NULL);
	assert_int_equal(seen.count, 5);
	for (unsigned n = 0; n < 5; n++)
		assert_int_equal(seen.numbers[n], n == 1 || n == 3 ? UINT_MAX : n);
	/* The same again is still the same, and it goes on at the end. */
	assert_ok(append(1, 1));
	assert_err(append(1, 7), CAIRN_ERR_CONFLICT);
	assert_ok(append(5, 5));
}

static void
deleting_makes_room_in_a_full_feed(void **state)
{
	const uint64_t first = 0;
	uint64_t room = 2 * (RECORD_BYTES + STORE_RECORD_COST) + STORE_RECORD_COST;

	(void)state;
	assert_ok(append_for(one, 0, 1, room, NULL));
	assert_ok(append_for(one, 1, 2, room, NULL));
	assert_err(append_for(one, 2, 3, room, NULL), CAIRN_ERR_BUSY);
	assert_ok(append_for(one, 1, 2, room, NULL));
	assert_ok(append_for(other, 0, 3, room, NULL));
	assert_ok(store_feed_delete(store, one, &first, 1));
	assert_ok(store_feed_delete(store, one, &first, 1));
	reopen(HOUR);
	assert_ok(append_for(one, 2, 3, room, NULL));
	assert_err(append_for(one, 3, 4, room, NULL), CAIRN_ERR_BUSY);
}

static void
a_forgotten_desk_has_no_feed_and_may_begin_anew(void **state)
{
	unsigned desks = 0;
	uint64_t head;
	int err;

	(void)state;
	for (unsigned n = 0; n < 600; n++)
		assert_ok(append(n, n));
	assert_ok(append_for(other, 0, 9, 10000, NULL));
	store_visit_desks(store, count_desk, &desks);
	assert_int_equal(desks, 2);
	assert_err(store_forget(store, one), CAIRN_ERR_BUSY);
	assert_err(append(600, 1), CAIRN_ERR_BUSY);
	reopen(HOUR);
	while ((err = store_forget(store, one)) == CAIRN_ERR_BUSY)
		continue;
	assert_ok(err);
	assert_int_equal(read_feed(one, 0, &head).count, 0);
	assert_int_equal(head, 0);
	assert_ok(append(0, 3));
	assert_int_equal(read_feed(one, 0, NULL).numbers[0], 3);
	assert_int_equal(read_feed(other, 0, NULL).numbers[0], 9);
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
	    CONTRACT(a_feed_is_read_as_it_was_appended_also_after_closing),
	    CONTRACT(only_the_next_record_is_appended),
	    CONTRACT(a_record_goes_on_from_the_one_before_it),
	    CONTRACT(feeds_of_desks_are_apart),
	    CONTRACT(a_visit_of_a_feed_ends_when_it_has_enough),
	    CONTRACT(a_deleted_record_leaves_its_place),
	    CONTRACT(deleting_makes_room_in_a_full_feed),
	    CONTRACT(a_forgotten_desk_has_no_feed_and_may_begin_anew),
	};

	maker = of;
	return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}
