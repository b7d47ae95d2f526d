// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <sodium.h>

#include "base/bytes.h"
#include "relay/leases.h"

static struct leases *leases;

static int
set_up(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : leases_new(&leases, 64);
}

static int
tear_down(void **state)
{
	(void)state;
	leases_free(leases);
	return 0;
}

static int
add(uint8_t desk, uint32_t cell, uint64_t now, uint64_t until)
{
	uint8_t d[32] = {desk}, c[32] = {0};

	put_u32(c, cell);
	return leases_add(leases, d, c, now, until);
}

static bool
out(uint8_t desk, uint32_t cell, uint64_t now)
{
	uint8_t d[32] = {desk}, c[32] = {0};

	put_u32(c, cell);
	return leases_out(leases, d, c, now);
}

static void
a_lease_lasts_until_its_time(void **state)
{
	(void)state;
	assert_false(out(1, 1, 100));
	assert_ok(add(1, 1, 100, 700));
	assert_true(out(1, 1, 100));
	assert_true(out(1, 1, 699));
	assert_false(out(1, 1, 700));
}

static void
the_same_cell_of_two_desks_is_two(void **state)
{
	(void)state;
	assert_ok(add(1, 1, 100, 700));
	assert_false(out(2, 1, 100));
}

static void
a_dropped_lease_is_over(void **state)
{
	uint8_t d[32] = {1}, c[32] = {0};

	(void)state;
	put_u32(c, 5);
	assert_ok(add(1, 5, 100, 700));
	leases_drop(leases, d, c);
	assert_false(out(1, 5, 100));
	leases_drop(leases, d, c);
	assert_ok(add(1, 5, 100, 700));
	assert_true(out(1, 5, 100));
}

static void
when_too_many_are_out_no_more_are_given_until_they_end(void **state)
{
	uint32_t n = 0;

	(void)state;
	while (add(1, n, 100, 700) == CAIRN_OK)
		n++;
	assert_int_equal(n, 48);
	assert_err(add(1, n, 100, 700), CAIRN_ERR_BUSY);
	for (uint32_t i = 0; i < n; i++)
		assert_true(out(1, i, 699));
	assert_ok(add(1, n, 700, 1300));
	assert_true(out(1, n, 700));
	assert_false(out(1, 0, 700));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_lease_lasts_until_its_time, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_same_cell_of_two_desks_is_two, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_dropped_lease_is_over, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(when_too_many_are_out_no_more_are_given_until_they_end, set_up,
		tear_down),
	};

	return RUN_TESTS(tests);
}
