// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "relay/mailbox.h"

#define NOW 1000000U

static struct mailbox *mailbox;
static uint8_t out[MAILBOX_MESSAGE_BYTES_MAX];

static int
set_up(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : mailbox_new(&mailbox);
}

static int
tear_down(void **state)
{
	(void)state;
	mailbox_free(mailbox);
	return 0;
}

static int
open_at(uint8_t desk, uint8_t slot, uint64_t now)
{
	const uint8_t d[CAIRN_HASH_BYTES] = {desk}, s[MAILBOX_SLOT_BYTES] = {slot};

	return mailbox_open(mailbox, d, s, now);
}

static int
put(uint8_t desk, uint8_t slot, unsigned n, const char *text, uint64_t now)
{
	const uint8_t d[CAIRN_HASH_BYTES] = {desk}, s[MAILBOX_SLOT_BYTES] = {slot};

	return mailbox_put(mailbox, d, s, n, (const uint8_t *)text, strlen(text), now);
}

static int
get(uint8_t desk, uint8_t slot, unsigned n, uint64_t now)
{
	const uint8_t d[CAIRN_HASH_BYTES] = {desk}, s[MAILBOX_SLOT_BYTES] = {slot};
	size_t size;

	return mailbox_get(mailbox, out, &size, d, s, n, now);
}

static void
a_slot_is_open_for_half_an_hour(void **state)
{
	(void)state;
	assert_err(put(1, 1, 1, "a", NOW), CAIRN_ERR_UNKNOWN);
	assert_ok(open_at(1, 1, NOW));
	assert_ok(put(1, 1, 1, "a", NOW));
	/* Opening it again does not make it longer. */
	assert_ok(open_at(1, 1, NOW + MAILBOX_OPEN_MS - 1));
	assert_ok(get(1, 1, 1, NOW + MAILBOX_OPEN_MS - 1));
	assert_err(get(1, 1, 1, NOW + MAILBOX_OPEN_MS), CAIRN_ERR_UNKNOWN);
	/* And what was in it is gone, also before anybody has tidied. */
	assert_ok(open_at(1, 1, NOW + MAILBOX_OPEN_MS));
	assert_err(get(1, 1, 1, NOW + MAILBOX_OPEN_MS), CAIRN_ERR_STATE);
}

static void
messages_follow_each_other_and_stay(void **state)
{
	(void)state;
	assert_ok(open_at(1, 1, NOW));
	assert_err(get(1, 1, 1, NOW), CAIRN_ERR_STATE);
	assert_err(put(1, 1, 2, "b", NOW), CAIRN_ERR_CONFLICT);
	assert_ok(put(1, 1, 1, "a", NOW));
	assert_ok(put(1, 1, 1, "a", NOW));
	assert_err(put(1, 1, 1, "b", NOW), CAIRN_ERR_CONFLICT);
	assert_err(put(1, 1, 1, "aa", NOW), CAIRN_ERR_CONFLICT);
	assert_ok(put(1, 1, 2, "b", NOW));
	assert_ok(get(1, 1, 1, NOW));
	assert_int_equal(out[0], 'a');
	assert_err(put(1, 1, 0, "a", NOW), CAIRN_ERR_RANGE);
	assert_err(put(1, 1, 5, "a", NOW), CAIRN_ERR_RANGE);
	assert_err(put(1, 1, 3, "", NOW), CAIRN_ERR_RANGE);
}

static void
slots_of_desks_are_apart(void **state)
{
	(void)state;
	assert_ok(open_at(1, 1, NOW));
	assert_err(put(2, 1, 1, "a", NOW), CAIRN_ERR_UNKNOWN);
	assert_ok(open_at(2, 1, NOW));
	assert_ok(put(2, 1, 1, "a", NOW));
	assert_err(get(1, 1, 1, NOW), CAIRN_ERR_STATE);
}

static void
a_desk_has_four_and_all_desks_have_128(void **state)
{
	uint8_t desk = 1;

	(void)state;
	for (; desk <= MAILBOX_SLOTS / MAILBOX_DESK_SLOTS; desk++) {
		for (uint8_t slot = 0; slot < MAILBOX_DESK_SLOTS; slot++)
			assert_ok(open_at(desk, slot, NOW));
		assert_err(open_at(desk, 99, NOW), CAIRN_ERR_BUSY);
	}
	assert_err(open_at(desk, 1, NOW), CAIRN_ERR_BUSY);
	assert_ok(open_at(desk, 1, NOW + MAILBOX_OPEN_MS));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_slot_is_open_for_half_an_hour, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(messages_follow_each_other_and_stay, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(slots_of_desks_are_apart, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_desk_has_four_and_all_desks_have_128, set_up, tear_down),
	};

	return RUN_TESTS(tests);
}
