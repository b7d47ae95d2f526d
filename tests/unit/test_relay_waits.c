// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "relay/waits.h"

#define MOST 200U

/* One that waits, and what became of it. */
struct waiter {
	struct wait wait;
	unsigned woken;
};

static struct waits *waits;
static struct waiter waiters[MOST + 1];

static void
woken(struct wait *wait)
{
	((struct waiter *)(void *)((char *)wait - offsetof(struct waiter, wait)))->woken++;
}

static int
set_up(void **state)
{
	(void)state;
	memset(waiters, 0, sizeof waiters);
	return waits_new(&waits, MOST);
}

static int
tear_down(void **state)
{
	(void)state;
	waits_end(waits);
	waits_free(waits);
	return 0;
}

static int
add(unsigned n, uint8_t key, uint8_t who, uint64_t until)
{
	waiters[n].wait = (struct wait){.key = {key}, .who = {who}, .until_ms = until, .wake = woken};
	return waits_add(waits, &waiters[n].wait);
}

static void
wake(uint8_t key)
{
	const uint8_t bytes[WAITS_KEY_BYTES] = {key};

	waits_wake(waits, bytes);
}

static void
all_who_wait_for_it_are_woken_once(void **state)
{
	(void)state;
	assert_ok(add(0, 1, 1, 100));
	assert_ok(add(1, 2, 1, 100));
	assert_ok(add(2, 1, 2, 100));
	wake(1);
	wake(1);
	assert_int_equal(waiters[0].woken, 1);
	assert_int_equal(waiters[1].woken, 0);
	assert_int_equal(waiters[2].woken, 1);
}

static void
whose_time_is_over_is_woken(void **state)
{
	(void)state;
	assert_ok(add(0, 1, 1, 100));
	assert_ok(add(1, 1, 2, 200));
	waits_expire(waits, 99);
	assert_int_equal(waiters[0].woken, 0);
	waits_expire(waits, 100);
	assert_int_equal(waiters[0].woken, 1);
	assert_int_equal(waiters[1].woken, 0);
}

static void
a_devices_oldest_makes_room(void **state)
{
	(void)state;
	for (unsigned n = 0; n < WAITS_EACH_MAX; n++)
		assert_ok(add(n, 1, 1, 100));
	assert_ok(add(WAITS_EACH_MAX, 1, 2, 100));
	assert_int_equal(waiters[0].woken, 0);
	assert_ok(add(WAITS_EACH_MAX + 1, 1, 1, 100));
	assert_int_equal(waiters[0].woken, 1);
	assert_int_equal(waiters[1].woken, 0);
	assert_int_equal(waiters[WAITS_EACH_MAX].woken, 0);
}

static void
for_one_thing_and_in_all_so_many_wait(void **state)
{
	unsigned n = 0;

	(void)state;
	for (; n < WAITS_KEY_MAX; n++)
		assert_ok(add(n, 1, (uint8_t)(n + 1), 100));
	assert_err(add(n, 1, 250, 100), CAIRN_ERR_BUSY);
	for (; n < MOST; n++)
		assert_ok(add(n, (uint8_t)(n / 2), (uint8_t)n, 100));
	assert_err(add(n, 251, 1, 100), CAIRN_ERR_BUSY);
	assert_int_equal(waiters[n].woken, 0);
	wake(1);
	assert_ok(add(n, 251, 1, 100));
}

static void
at_the_end_all_are_woken_and_none_is_taken(void **state)
{
	(void)state;
	assert_ok(add(0, 1, 1, 100));
	assert_ok(add(1, 2, 1, 100));
	waits_end(waits);
	assert_int_equal(waiters[0].woken, 1);
	assert_int_equal(waiters[1].woken, 1);
	assert_err(add(2, 1, 1, 100), CAIRN_ERR_BUSY);
	waits_end(NULL);
	waits_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(all_who_wait_for_it_are_woken_once, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(whose_time_is_over_is_woken, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_devices_oldest_makes_room, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(for_one_thing_and_in_all_so_many_wait, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(at_the_end_all_are_woken_and_none_is_taken, set_up, tear_down),
	};

	return RUN_TESTS(tests);
}
