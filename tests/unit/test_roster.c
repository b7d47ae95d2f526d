// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "cairn/desk_keys.h"
#include "lib/signed.h"

#define ID1 "00112233445566778899aabbccddeeff"
#define ID2 "ffeeddccbbaa99887766554433221100"
#define KEY "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
#define HASH "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static struct signer identity, stranger;
static uint8_t desk_id[CAIRN_HASH_BYTES] = {1, 2, 3};
static char text[8192];
static struct signed_note note;
static struct cairn_roster roster;

static int
set_up(void **state)
{
	char desk[65];

	(void)state;
	signer_init(&identity, 1);
	signer_init(&stranger, 2);
	sodium_bin2hex(desk, sizeof desk, desk_id, 32);
	snprintf(text, sizeof text,
	    "cairn roster 1\ndesk %s\nserial 10\n"
	    "device " ID1 " " KEY " " HASH " intake,night-shift 100 -\n"
	    "device " ID2 " " KEY " " HASH " security 100 200\n",
	    desk);
	return 0;
}

static int
open_from(uint64_t last_serial)
{
	assert_ok(sign_as(&note, text, &identity, desk_id, "identity"));
	return cairn_roster_open(&roster, note.bytes, note.size, desk_id, identity.key, last_serial);
}

static void
a_roster_lists_its_devices(void **state)
{
	struct cairn_device device;
	size_t at = 0;

	(void)state;
	assert_ok(open_from(0));
	assert_int_equal(roster.serial, 10);
	assert_true(cairn_roster_next(&roster, &at, &device));
	assert_int_equal(device.id[1], 0x11);
	assert_int_equal(device.sign_key[31], 32);
	assert_int_equal(device.xwing_hash[31], 31);
	assert_int_equal(device.since, 100);
	assert_int_equal(device.until, UINT32_MAX);
	assert_true(cairn_roster_next(&roster, &at, &device));
	assert_int_equal(device.until, 200);
	assert_false(cairn_roster_next(&roster, &at, &device));
}

static void
a_device_is_found_on_its_days_only(void **state)
{
	static const uint8_t id[CAIRN_DEVICE_ID_BYTES] = {
		0xff, 0xee, 0xdd, 0xcc, 0xbb, 0xaa, 0x99, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 0x00};
	static const uint8_t nobody[CAIRN_DEVICE_ID_BYTES] = {1};
	struct cairn_device device;

	(void)state;
	assert_ok(open_from(0));
	assert_err(cairn_roster_find(&device, &roster, id, 99), CAIRN_ERR_UNKNOWN);
	assert_ok(cairn_roster_find(&device, &roster, id, 100));
	assert_ok(cairn_roster_find(&device, &roster, id, 200));
	assert_err(cairn_roster_find(&device, &roster, id, 201), CAIRN_ERR_UNKNOWN);
	assert_err(cairn_roster_find(&device, &roster, nobody, 150), CAIRN_ERR_UNKNOWN);
}

static void
a_role_is_had_as_a_whole_word(void **state)
{
	struct cairn_device device;
	size_t at = 0;

	(void)state;
	assert_ok(open_from(0));
	assert_true(cairn_roster_next(&roster, &at, &device));
	assert_true(cairn_device_has_role(&device, "intake"));
	assert_true(cairn_device_has_role(&device, "night-shift"));
	assert_false(cairn_device_has_role(&device, "night"));
	assert_false(cairn_device_has_role(&device, "intake,night-shift"));
	assert_false(cairn_device_has_role(&device, ""));
	assert_false(cairn_device_has_role(&device, "security"));
}

static void
an_older_roster_is_stale(void **state)
{
	(void)state;
	assert_ok(open_from(10));
	assert_err(open_from(11), CAIRN_ERR_STALE);
	assert_null(roster.lines.text);
}

static void
a_roster_without_devices_is_a_roster(void **state)
{
	struct cairn_device device;
	size_t at = 0;

	(void)state;
	*(strstr(text, "device")) = '\0';
	assert_ok(open_from(0));
	assert_false(cairn_roster_next(&roster, &at, &device));
}

static void
only_the_identity_key_may_sign_a_roster(void **state)
{
	(void)state;
	assert_ok(sign_as(&note, text, &stranger, desk_id, "identity"));
	assert_err(cairn_roster_open(&roster, note.bytes, note.size, desk_id, identity.key, 0),
	    CAIRN_ERR_CRYPTO);
	assert_ok(sign_as(&note, text, &identity, desk_id, "board"));
	assert_err(cairn_roster_open(&roster, note.bytes, note.size, desk_id, identity.key, 0),
	    CAIRN_ERR_CRYPTO);
}

static void
lines_out_of_form_refuse_the_roster(void **state)
{
	static const struct {
		const char *old, *new;
	} rows[] = {
		{"roster 1", "roster 2"}, {"serial 10\n", ""}, {"serial 10", "serial 010"}, {"desk 01",
		"desk 11"},
		{"device " ID2, "device " ID1}, {ID1, ID1 "0"}, {ID1, "0A112233445566778899aabbccddeeff"},
		{"intake,night-shift", "intake,,night-shift"}, {"intake,night-shift", ",intake"},
		{"intake,night-shift", "intake,"}, {"intake,night-shift", "Intake"}, {"intake,night-shift",
		"intake2"},
		{"100 -", "100"}, {"100 -", "100 - -"}, {"100 -", "100 --"}, {"100 -", "+100 -"}, {"100 -",
		"0100 -"},
		{"100 200", "100 4294967296"}, {"100 -\n", "100 -\nmore\n"}, {"100 -\n", "100 -\n\n"}, {KEY,
		"AQID"},
		{HASH, "00"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_ok(set_up(state));
		assert_int_equal(replace(text, sizeof text, rows[i].old, rows[i].new), 0);
		assert_err(open_from(0), CAIRN_ERR_FORMAT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_roster_lists_its_devices, set_up),
		cmocka_unit_test_setup(a_device_is_found_on_its_days_only, set_up),
		cmocka_unit_test_setup(a_role_is_had_as_a_whole_word, set_up),
		cmocka_unit_test_setup(an_older_roster_is_stale, set_up),
		cmocka_unit_test_setup(a_roster_without_devices_is_a_roster, set_up),
		cmocka_unit_test_setup(only_the_identity_key_may_sign_a_roster, set_up),
		cmocka_unit_test_setup(lines_out_of_form_refuse_the_roster, set_up),
	};

	return RUN_TESTS(tests);
}
