// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "relay/nonces.h"

#define NOW 1000000U

static struct nonces *nonces;

static int
set_up(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : nonces_new(&nonces, 256);
}

static int
tear_down(void **state)
{
	(void)state;
	nonces_free(nonces);
	return 0;
}

static int
use(uint8_t device, uint32_t nonce, uint64_t created, uint64_t now)
{
	uint8_t d[CAIRN_DEVICE_ID_BYTES] = {device}, n[CAIRN_NONCE_BYTES] = {0};

	put_u32(n, nonce);
	return nonces_use(nonces, d, n, created, now);
}

static void
a_nonce_is_used_once(void **state)
{
	(void)state;
	assert_ok(use(1, 1, NOW, NOW));
	assert_err(use(1, 1, NOW, NOW), CAIRN_ERR_DENIED);
	assert_err(use(1, 1, NOW + 30, NOW + 60), CAIRN_ERR_DENIED);
}

static void
each_device_has_its_own(void **state)
{
	(void)state;
	assert_ok(use(1, 2, NOW, NOW));
	assert_ok(use(2, 2, NOW, NOW));
}

static void
outside_the_window_is_stale_and_uses_nothing(void **state)
{
	(void)state;
	assert_err(use(1, 3, NOW - 61, NOW), CAIRN_ERR_STALE);
	assert_err(use(1, 3, NOW + 61, NOW), CAIRN_ERR_STALE);
	assert_err(use(1, 3, 0, NOW), CAIRN_ERR_STALE);
	assert_err(use(1, 3, UINT64_MAX, NOW), CAIRN_ERR_STALE);
	assert_ok(use(1, 3, NOW - 60, NOW));
	assert_ok(use(1, 4, NOW + 60, NOW));
}

static void
full_of_nonces_that_count_it_forgets_none(void **state)
{
	uint32_t n = 0;

	(void)state;
	while (use((uint8_t)(n / 16), n, NOW, NOW) == CAIRN_OK)
		n++;
	assert_int_equal(n, 128);
	assert_err(use(200, n, NOW, NOW), CAIRN_ERR_BUSY);
	for (uint32_t i = 0; i < n; i++)
		assert_err(use((uint8_t)(i / 16), i, NOW, NOW), CAIRN_ERR_DENIED);
	/* When they no longer count there is room again. */
	assert_ok(use(200, n, NOW + 61, NOW + 61));
}

static void
one_device_cannot_take_all_the_room(void **state)
{
	uint32_t n = 0;

	(void)state;
	while (use(1, n, NOW, NOW) == CAIRN_OK)
		n++;
	assert_int_equal(n, 32);
	assert_ok(use(2, 0, NOW, NOW));
}

static void
a_device_at_its_share_may_go_on_a_minute_later(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < 32; n++)
		assert_ok(use(1, n, NOW, NOW));
	assert_err(use(1, 32, NOW, NOW), CAIRN_ERR_BUSY);
	assert_err(use(1, 32, NOW + 60, NOW + 60), CAIRN_ERR_BUSY);
	assert_ok(use(1, 32, NOW + 61, NOW + 61));
}

static void
sizes_are_powers_of_two(void **state)
{
	struct nonces *n;

	(void)state;
	assert_err(nonces_new(&n, 0), CAIRN_ERR_RANGE);
	assert_err(nonces_new(&n, 8), CAIRN_ERR_RANGE);
	assert_err(nonces_new(&n, 100), CAIRN_ERR_RANGE);
	nonces_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_nonce_is_used_once, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(each_device_has_its_own, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(outside_the_window_is_stale_and_uses_nothing, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(full_of_nonces_that_count_it_forgets_none, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(one_device_cannot_take_all_the_room, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_device_at_its_share_may_go_on_a_minute_later, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(sizes_are_powers_of_two, set_up, tear_down),
	};

	return RUN_TESTS(tests);
}
