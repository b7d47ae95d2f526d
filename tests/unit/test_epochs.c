// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "cairn/desk_keys.h"
#include "lib/signed.h"

#define COUNT 4U

static struct signer board, stranger;
static uint8_t desk_id[CAIRN_HASH_BYTES] = {1, 2, 3};
static struct cairn_epoch rows[COUNT];
static struct signed_note note;
static struct cairn_epochs epochs;

static int
set_up(void **state)
{
	(void)state;
	signer_init(&board, 1);
	signer_init(&stranger, 2);
	rows[0] = (struct cairn_epoch){.door = CAIRN_DOOR_INTAKE, .day = 20000, .gen = 0, .key_hash = {1}};
	rows[1] = (struct cairn_epoch){.door = CAIRN_DOOR_INTAKE, .day = 20001, .gen = 65535, .key_hash = {2}};
	rows[2] = (struct cairn_epoch){.door = CAIRN_DOOR_CAMPAIGN, .day = 20000, .gen = 3, .key_hash = {3}};
	rows[3] = (struct cairn_epoch){.door = CAIRN_DOOR_CAMPAIGN, .day = UINT32_MAX, .key_hash = {4}};
	return cairn_epochs_write(note.bytes, sizeof note.bytes, &note.size, desk_id, 480001, rows, COUNT,
	    board.secret);
}

static int
open_it(void)
{
	return cairn_epochs_open(&epochs, note.bytes, note.size, desk_id, board.key);
}

/* What a note with one thing changed, signed anew, opens to. */
static int
open_changed(const char *old, const char *new)
{
	static char text[8192];

	memcpy(text, note.bytes, note.size);
	text[note.size] = '\0';
	strstr(text, "\n\n")[1] = '\0';
	assert_int_equal(replace(text, sizeof text, old, new), 0);
	assert_ok(sign_as(&note, text, &board, desk_id, "board"));
	return open_it();
}

static void
a_list_is_read_as_it_was_written(void **state)
{
	struct cairn_epoch epoch;
	size_t at = 0;

	(void)state;
	assert_ok(open_it());
	assert_int_equal(epochs.hour, 480001);
	for (size_t i = 0; i < COUNT; i++) {
		assert_true(cairn_epochs_next(&epochs, &at, &epoch));
		assert_int_equal(epoch.door, rows[i].door);
		assert_int_equal(epoch.day, rows[i].day);
		assert_int_equal(epoch.gen, rows[i].gen);
		assert_memory_equal(epoch.key_hash, rows[i].key_hash, 32);
	}
	assert_false(cairn_epochs_next(&epochs, &at, &epoch));
}

static void
an_empty_list_is_a_list(void **state)
{
	struct cairn_epoch epoch;
	size_t at = 0;

	(void)state;
	assert_ok(cairn_epochs_write(note.bytes, sizeof note.bytes, &note.size, desk_id, 1, NULL, 0,
	    board.secret));
	assert_ok(open_it());
	assert_false(cairn_epochs_next(&epochs, &at, &epoch));
}

static void
a_key_is_found_by_door_and_day(void **state)
{
	struct cairn_epoch epoch;

	(void)state;
	assert_ok(open_it());
	assert_ok(cairn_epochs_find(&epoch, &epochs, CAIRN_DOOR_CAMPAIGN, 20000));
	assert_int_equal(epoch.gen, 3);
	assert_err(cairn_epochs_find(&epoch, &epochs, CAIRN_DOOR_CAMPAIGN, 20001), CAIRN_ERR_UNKNOWN);
	assert_err(cairn_epochs_find(&epoch, &epochs, CAIRN_DOOR_INTAKE, 19999), CAIRN_ERR_UNKNOWN);
}

static void
only_the_board_key_may_sign_a_list(void **state)
{
	(void)state;
	assert_err(cairn_epochs_open(&epochs, note.bytes, note.size, desk_id, stranger.key), CAIRN_ERR_CRYPTO);
}

static void
a_list_of_another_desk_is_refused(void **state)
{
	uint8_t other[CAIRN_HASH_BYTES] = {9};

	(void)state;
	assert_int_not_equal(cairn_epochs_open(&epochs, note.bytes, note.size, other, board.key), CAIRN_OK);
}

static void
lines_out_of_form_refuse_the_list(void **state)
{
	static const struct {
		const char *old, *new;
	} changes[] = {
		{"epochs 1", "epochs 2"}, {"hour 480001\n", ""}, {"hour 480001", "hour 0480001"},
		{"hour 480001", "hour 4294967296"}, {"epoch intake 20000 0", "epoch intake 20000"},
		{"epoch intake 20000 0", "epoch intake 20000 0 0"}, {"epoch intake 20000 0",
		"epoch  intake 20000 0"},
		{"epoch intake 20000 0", "epoch back 20000 0"}, {"epoch intake 20000 0",
		"epoch intake 20000 65536"},
		{"epoch intake 20000 0", "epoch intake 020000 0"}, {"epoch intake 20000 0",
		"Epoch intake 20000 0"},
		{"epoch intake 20000 0", "more\nepoch intake 20000 0"}, {"epoch intake 20000 0",
		"\nepoch intake 20000 0"},
		{"epoch intake 20000 0", "epoch intake 20001 0"}, {"epoch intake 20000 0",
		"epoch intake 20002 0"},
		{"epoch intake 20000 0", "epoch campaign 20000 0"}, {"0100", "010"}, {"0100", "01000"},
		{"0100", "0A00"},
	};

	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		assert_ok(set_up(state));
		assert_err(open_changed(changes[i].old, changes[i].new), CAIRN_ERR_FORMAT);
	}
}

static void
an_unsorted_list_is_not_written(void **state)
{
	struct cairn_epoch swapped[2] = {rows[1], rows[0]}, twice[2] = {rows[0], rows[0]};
	struct cairn_epoch nowhere = {.door = (enum cairn_door)3};
	size_t bytes = 7;

	(void)state;
	assert_err(cairn_epochs_write(note.bytes, 4096, &bytes, desk_id, 1, swapped, 2, board.secret),
	    CAIRN_ERR_RANGE);
	assert_err(cairn_epochs_write(note.bytes, 4096, &bytes, desk_id, 1, twice, 2, board.secret),
	    CAIRN_ERR_RANGE);
	assert_err(cairn_epochs_write(note.bytes, 4096, &bytes, desk_id, 1, &nowhere, 1, board.secret),
	    CAIRN_ERR_RANGE);
	assert_int_equal(bytes, 7);
}

static void
a_key_file_must_be_the_listed_one(void **state)
{
	uint8_t seed[CAIRN_XWING_SEED_BYTES] = {5};
	struct cairn_xwing_key key;
	struct cairn_epoch epoch = {.door = CAIRN_DOOR_INTAKE};

	(void)state;
	cairn_xwing_key_init(&key, seed);
	crypto_hash_sha256(epoch.key_hash, key.public_key, sizeof key.public_key);
	assert_ok(cairn_epoch_key_check(&epoch, key.public_key, sizeof key.public_key));
	assert_err(cairn_epoch_key_check(&epoch, key.public_key, sizeof key.public_key - 1), CAIRN_ERR_CRYPTO);
	crypto_hash_sha256(epoch.key_hash, key.public_key, sizeof key.public_key - 1);
	assert_err(cairn_epoch_key_check(&epoch, key.public_key, sizeof key.public_key - 1), CAIRN_ERR_CRYPTO);
	crypto_hash_sha256(epoch.key_hash, key.public_key, sizeof key.public_key);
	key.public_key[700] ^= 1;
	assert_err(cairn_epoch_key_check(&epoch, key.public_key, sizeof key.public_key), CAIRN_ERR_CRYPTO);
}

static void
a_listed_key_that_must_not_be_used_is_refused(void **state)
{
	uint8_t seed[CAIRN_XWING_SEED_BYTES] = {5};
	struct cairn_xwing_key key;
	struct cairn_epoch epoch = {.door = CAIRN_DOOR_INTAKE};

	(void)state;
	cairn_xwing_key_init(&key, seed);
	memset(key.public_key, 0xff, 3);
	crypto_hash_sha256(epoch.key_hash, key.public_key, sizeof key.public_key);
	assert_err(cairn_epoch_key_check(&epoch, key.public_key, sizeof key.public_key), CAIRN_ERR_KEY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_list_is_read_as_it_was_written, set_up),
		cmocka_unit_test_setup(an_empty_list_is_a_list, set_up),
		cmocka_unit_test_setup(a_key_is_found_by_door_and_day, set_up),
		cmocka_unit_test_setup(only_the_board_key_may_sign_a_list, set_up),
		cmocka_unit_test_setup(a_list_of_another_desk_is_refused, set_up),
		cmocka_unit_test_setup(lines_out_of_form_refuse_the_list, set_up),
		cmocka_unit_test_setup(an_unsorted_list_is_not_written, set_up),
		cmocka_unit_test(a_key_file_must_be_the_listed_one),
		cmocka_unit_test(a_listed_key_that_must_not_be_used_is_refused),
	};

	return RUN_TESTS(tests);
}
