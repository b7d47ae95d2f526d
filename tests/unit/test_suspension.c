// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "cairn/suspension.h"
#include "lib/signed.h"

#define TODAY 150U
#define SERIAL 10U

/* Devices by number: 1 to 3 have the role, 4 has not, 5 has it no longer, 6 has it and the key of 1. */
#define DEVICES 6U

static struct signer signers[DEVICES + 1];
static uint8_t desk_id[CAIRN_HASH_BYTES] = {1, 2, 3};
static char roster_text[4096];
static struct cairn_roster roster;
static uint8_t note[CAIRN_SUSPENSION_BYTES_MAX];
static size_t bytes;
static struct cairn_suspension suspension;

static const uint8_t *
id_of(uint8_t n)
{
	static uint8_t ids[16][CAIRN_DEVICE_ID_BYTES]; /* 9 is nobody's */

	memset(ids[n % 16], n, sizeof ids[0]);
	return ids[n % 16];
}

static void
add_device(uint8_t n, const char *roles, const char *until)
{
	char key[64], id[2 * CAIRN_DEVICE_ID_BYTES + 1];
	size_t used = strlen(roster_text);

	signer_init(&signers[n], n == 6 ? 1 : n);
	sodium_bin2base64(key, sizeof key, signers[n].key, 32, sodium_base64_VARIANT_ORIGINAL);
	sodium_bin2hex(id, sizeof id, id_of(n), CAIRN_DEVICE_ID_BYTES);
	snprintf(roster_text + used, sizeof roster_text - used, "device %s %s %064d %s 100 %s\n", id, key, 0, roles,
	    until);
}

static int
set_up(void **state)
{
	(void)state;
	roster_text[0] = '\0';
	add_device(1, "security", "-");
	add_device(2, "case,security", "-");
	add_device(3, "security", "150");
	add_device(4, "case", "-");
	add_device(5, "security", "149");
	add_device(6, "security", "-");
	roster = (struct cairn_roster){.lines = span_of(roster_text), .serial = SERIAL};
	return 0;
}

static struct cairn_suspended
device(uint8_t n)
{
	struct cairn_suspended named = {.kind = CAIRN_SUSPENDED_DEVICE};

	memcpy(named.id, id_of(n), sizeof named.id);
	return named;
}

/* A note that suspends one device, by two; second 0: by one alone. */
static void
make(uint8_t suspended, uint8_t first, uint8_t second)
{
	const struct cairn_suspended named = device(suspended);

	assert_ok(cairn_suspension_write(note, sizeof note, &bytes, desk_id, SERIAL, 3600, &named, 1, id_of(first),
	    signers[first].secret));
	if (second != 0)
		assert_ok(cairn_suspension_sign(note, sizeof note, &bytes, desk_id, SERIAL, id_of(second),
		    signers[second].secret));
}

static int
open_after(const struct cairn_suspended_devices *before)
{
	return cairn_suspension_open(&suspension, note, bytes, desk_id, &roster, before, TODAY);
}

static int
open_note(void)
{
	return open_after(&(struct cairn_suspended_devices){NULL, 0});
}

static void
two_of_the_role_suspend_devices_and_cases(void **state)
{
	const struct cairn_suspended named[] = {device(4), {CAIRN_SUSPENDED_CASE, {7}}, device(9)};
	struct cairn_suspended got;
	size_t at = 0;

	(void)state;
	assert_ok(cairn_suspension_write(note, sizeof note, &bytes, desk_id, SERIAL, 3600, named, 3, id_of(1),
	    signers[1].secret));
	assert_ok(cairn_suspension_sign(note, sizeof note, &bytes, desk_id, SERIAL, id_of(3), signers[3].secret));
	assert_ok(open_note());
	assert_int_equal(suspension.serial, SERIAL);
	assert_int_equal(suspension.hour, 3600);
	for (size_t i = 0; i < 3; i++) {
		assert_true(cairn_suspension_next(&suspension, &at, &got));
		assert_int_equal(got.kind, named[i].kind);
		assert_memory_equal(got.id, named[i].id, sizeof got.id);
	}
	assert_false(cairn_suspension_next(&suspension, &at, &got));
	assert_true(cairn_suspension_names(&suspension, CAIRN_SUSPENDED_CASE, named[1].id));
	assert_false(cairn_suspension_names(&suspension, CAIRN_SUSPENDED_DEVICE, named[1].id));
}

static void
one_alone_is_not_enough(void **state)
{
	(void)state;
	make(4, 1, 0);
	assert_err(open_note(), CAIRN_ERR_CRYPTO);
	make(4, 1, 1);
	assert_err(open_note(), CAIRN_ERR_CRYPTO);
	assert_null(suspension.lines.text);
}

static void
one_key_under_two_names_is_one(void **state)
{
	(void)state;
	make(4, 1, 6);
	assert_err(open_note(), CAIRN_ERR_CRYPTO);
	make(4, 2, 6);
	assert_ok(open_note());
}

static void
the_role_and_the_day_are_asked_for(void **state)
{
	(void)state;
	make(2, 1, 4);
	assert_err(open_note(), CAIRN_ERR_CRYPTO);
	make(2, 1, 5);
	assert_err(open_note(), CAIRN_ERR_CRYPTO);
	make(2, 1, 3);
	assert_ok(open_note());
}

static void
nobody_signs_what_names_him(void **state)
{
	(void)state;
	make(1, 1, 2);
	assert_err(open_note(), CAIRN_ERR_CRYPTO);
	make(2, 1, 2);
	assert_err(open_note(), CAIRN_ERR_CRYPTO);
}

static void
nobody_signs_who_is_suspended_before(void **state)
{
	uint8_t ids[2][CAIRN_DEVICE_ID_BYTES];
	const struct cairn_suspended_devices before = {(const uint8_t(*)[CAIRN_DEVICE_ID_BYTES])ids, 2};

	(void)state;
	memcpy(ids[0], id_of(4), sizeof ids[0]);
	memcpy(ids[1], id_of(2), sizeof ids[1]);
	make(5, 1, 2);
	assert_ok(open_note());
	assert_err(open_after(&before), CAIRN_ERR_CRYPTO);
	make(5, 1, 3);
	assert_ok(open_after(&before));
}

static void
another_roster_makes_it_stale(void **state)
{
	(void)state;
	make(4, 1, 2);
	roster.serial = SERIAL + 1;
	assert_err(open_note(), CAIRN_ERR_STALE);
	roster.serial = SERIAL - 1;
	assert_err(open_note(), CAIRN_ERR_STALE);
}

static void
another_desk_has_no_use_for_it(void **state)
{
	uint8_t other[CAIRN_HASH_BYTES] = {9};

	(void)state;
	make(4, 1, 2);
	assert_err(cairn_suspension_open(&suspension, note, bytes, other, &roster,
		       &(struct cairn_suspended_devices){NULL, 0}, TODAY),
	    CAIRN_ERR_FORMAT);
}

static void
every_flipped_bit_is_refused(void **state)
{
	(void)state;
	make(4, 1, 2);
	for (size_t at = 0; at < bytes; at++) {
		note[at] ^= 1;
		assert_true(open_note() != CAIRN_OK);
		note[at] ^= 1;
	}
	assert_ok(open_note());
}

/* Text that is signed by the first device alone: form is looked at before signatures. */
static void
lines_out_of_form_refuse_it(void **state)
{
	static const struct {
		const char *old, *new;
	} rows[] = {
	    {"suspension 1", "suspension 2"},
	    {"serial 10\n", ""},
	    {"serial 10", "serial 010"},
	    {"hour 3600\n", ""},
	    {"hour 3600", "hour 4294967296"},
	    {"device 0404", "device 04"},
	    {"device 0404", "Device 0404"},
	    {"device 0404", "person 0404"},
	    {"0404\n", "0404 \n"},
	    {"0404\n", "0404\nmore\n"},
	    {"hour 3600\n", "hour 3600\nhour 3600\n"},
	    {"0404\n", "0404\n\n"},
	};
	char name[CAIRN_DEVICE_KEY_NAME_BYTES], text[1024];
	struct cairn_note read;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		make(4, 1, 0);
		assert_ok(cairn_note_read(&read, note, bytes));
		snprintf(text, sizeof text, "%.*s", (int)read.text.size, read.text.text);
		assert_int_equal(replace(text, sizeof text, rows[i].old, rows[i].new), 0);
		assert_ok(cairn_note_sign(note, sizeof note, &bytes, span_of(text),
		    cairn_device_key_name(name, desk_id, id_of(1)), signers[1].secret));
		assert_err(open_note(), CAIRN_ERR_FORMAT);
	}
}

static void
from_one_to_64_are_named_each_once(void **state)
{
	struct cairn_suspended named[CAIRN_SUSPENSION_NAMES_MAX + 1] = {{0}};

	(void)state;
	for (uint8_t i = 0; i <= CAIRN_SUSPENSION_NAMES_MAX; i++)
		named[i] = (struct cairn_suspended){CAIRN_SUSPENDED_CASE, {i}};
	assert_err(cairn_suspension_write(note, sizeof note, &bytes, desk_id, SERIAL, 1, named, 0, id_of(1),
		       signers[1].secret),
	    CAIRN_ERR_RANGE);
	assert_err(cairn_suspension_write(note, sizeof note, &bytes, desk_id, SERIAL, 1, named,
		       CAIRN_SUSPENSION_NAMES_MAX + 1, id_of(1), signers[1].secret),
	    CAIRN_ERR_RANGE);
	assert_ok(cairn_suspension_write(note, sizeof note, &bytes, desk_id, SERIAL, 1, named,
	    CAIRN_SUSPENSION_NAMES_MAX, id_of(1), signers[1].secret));
	assert_ok(cairn_suspension_sign(note, sizeof note, &bytes, desk_id, SERIAL, id_of(2), signers[2].secret));
	assert_ok(open_note());
	named[1] = named[0];
	assert_err(cairn_suspension_write(note, sizeof note, &bytes, desk_id, SERIAL, 1, named, 2, id_of(1),
		       signers[1].secret),
	    CAIRN_ERR_RANGE);
}

static void
the_second_signs_what_he_was_shown_under_his_own_roster(void **state)
{
	(void)state;
	make(4, 1, 0);
	assert_ok(cairn_suspension_read(&suspension, note, bytes, desk_id));
	assert_true(cairn_suspension_names(&suspension, CAIRN_SUSPENDED_DEVICE, id_of(4)));
	assert_err(cairn_suspension_sign(note, sizeof note, &bytes, desk_id, SERIAL + 1, id_of(2), signers[2].secret),
	    CAIRN_ERR_FORMAT);
	assert_err(cairn_suspension_sign(note, bytes + 10, &bytes, desk_id, SERIAL, id_of(2), signers[2].secret),
	    CAIRN_ERR_SPACE);
	assert_err(open_note(), CAIRN_ERR_CRYPTO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(two_of_the_role_suspend_devices_and_cases, set_up),
	    cmocka_unit_test_setup(one_alone_is_not_enough, set_up),
	    cmocka_unit_test_setup(one_key_under_two_names_is_one, set_up),
	    cmocka_unit_test_setup(the_role_and_the_day_are_asked_for, set_up),
	    cmocka_unit_test_setup(nobody_signs_what_names_him, set_up),
	    cmocka_unit_test_setup(nobody_signs_who_is_suspended_before, set_up),
	    cmocka_unit_test_setup(another_roster_makes_it_stale, set_up),
	    cmocka_unit_test_setup(another_desk_has_no_use_for_it, set_up),
	    cmocka_unit_test_setup(every_flipped_bit_is_refused, set_up),
	    cmocka_unit_test_setup(lines_out_of_form_refuse_it, set_up),
	    cmocka_unit_test_setup(from_one_to_64_are_named_each_once, set_up),
	    cmocka_unit_test_setup(the_second_signs_what_he_was_shown_under_his_own_roster, set_up),
	};

	return RUN_TESTS(tests);
}
