// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "carry/join.h"
#include "carry/join_wire.h"

#define NOTE "cairn roster 1\n"
#define SAMPLES 400U

struct message {
	uint8_t bytes[JOIN_MESSAGE_MAX];
	size_t size;
};

static const uint8_t desk_id[CAIRN_HASH_BYTES] = {7}, admin_id[OP_ID_BYTES] = {8}, root[JOIN_ROOT_BYTES] = {9};
static uint8_t admin_key[32], admin_secret[64];
static uint8_t seeds[OP_DAY_KEYS_MAX][CAIRN_XWING_SEED_BYTES];
static struct join_keys keys;
static struct join newcomer, admin;
static struct message m1, m2, m3, m4;
static struct join_welcome welcome, got;
static uint8_t room[JOIN_MESSAGE_MAX];

static int
setup(void **state)
{
	struct cairn_xwing_key key;
	uint8_t secret[64];

	(void)state;
	crypto_sign_keypair(admin_key, admin_secret);
	crypto_sign_keypair(keys.sign_key, secret);
	randombytes_buf(keys.device, sizeof(keys.device));
	randombytes_buf(seeds, sizeof(seeds));
	for (size_t i = 0; i < OP_DAY_KEYS_MAX; i++) {
		cairn_xwing_key_init(&key, seeds[i]);
		memcpy(keys.day_keys[i], key.public_key, sizeof(key.public_key));
	}
	memcpy(keys.receive_key, keys.day_keys[0], sizeof(keys.receive_key));
	keys.first_day = 20000;
	memcpy(keys.alias, "otter", 5);
	keys.alias_bytes = 5;
	welcome = (struct join_welcome){.gen = 3, .day = 20001, .seq = 77, .note = {NOTE, sizeof(NOTE) - 1}};
	randombytes_buf(welcome.ck, sizeof(welcome.ck));
	welcome.next = (struct next_key){4, 20000, {5}, {6}};
	return 0;
}

static void
committed(void)
{
	assert_ok(join_new_begin(&newcomer, desk_id, root, &keys, m1.bytes, &m1.size));
	join_admin_begin(&admin, desk_id, root, admin_id, admin_key);
}

static void
compared(void)
{
	committed();
	assert_ok(join_admin_answer(&admin, m1.bytes, m1.size, m2.bytes, &m2.size));
	assert_ok(join_new_answer(&newcomer, m2.bytes, m2.size, m3.bytes, &m3.size));
	assert_ok(join_admin_keys(&admin, m3.bytes, m3.size));
}

static void
confirmed(void)
{
	compared();
	assert_ok(join_new_confirm(&newcomer));
	assert_ok(join_admin_confirm(&admin));
}

static int
welcomed(uint32_t today)
{
	int err = join_admin_welcome(&admin, &welcome, today, admin_secret, m4.bytes, &m4.size);

	return err == CAIRN_OK ? join_new_welcome(&newcomer, m4.bytes, m4.size, seeds, &got, room) : err;
}

static void
a_device_joins(void **state)
{
	(void)state;
	confirmed();
	assert_string_equal(newcomer.sas, admin.sas);
	assert_int_equal(strlen(admin.sas), 13);
	assert_int_equal(strspn(admin.sas, "0123456789 "), 13);
	assert_memory_equal(&admin.keys, &keys, sizeof(keys));
	assert_ok(welcomed(20002));
	assert_memory_equal(got.ck, welcome.ck, sizeof(got.ck));
	assert_int_equal(got.gen, 3);
	assert_memory_equal(&got.next, &welcome.next, sizeof(got.next));
	assert_int_equal(got.seq, 77);
	assert_memory_equal(got.note.text, NOTE, got.note.size);
	assert_int_equal(got.note.size, sizeof(NOTE) - 1);
	assert_true(sodium_is_zero((uint8_t *)&newcomer, sizeof(newcomer)));
	assert_true(sodium_is_zero((uint8_t *)&admin, sizeof(admin)));
}

static void
the_welcome_is_sealed_to_a_day_that_is_still_there(void **state)
{
	(void)state;
	confirmed();
	assert_ok(welcomed(19990));
	confirmed();
	assert_ok(welcomed(20013));
	confirmed();
	assert_err(welcomed(20014), CAIRN_ERR_STALE);
}

static void
no_two_joinings_have_the_same_digits(void **state)
{
	char first[JOIN_SAS_MAX];

	(void)state;
	compared();
	memcpy(first, admin.sas, sizeof(first));
	compared();
	assert_string_not_equal(first, admin.sas);
}

static void
nothing_goes_out_of_order(void **state)
{
	(void)state;
	compared();
	assert_err(join_admin_answer(&admin, m1.bytes, m1.size, m2.bytes, &m2.size), CAIRN_ERR_STATE);
	assert_err(join_admin_keys(&admin, m3.bytes, m3.size), CAIRN_ERR_STATE);
	assert_err(join_new_answer(&newcomer, m2.bytes, m2.size, m3.bytes, &m3.size), CAIRN_ERR_STATE);
	assert_err(join_new_welcome(&newcomer, m4.bytes, m4.size, seeds, &got, room), CAIRN_ERR_STATE);
	assert_err(join_admin_welcome(&admin, &welcome, 20000, admin_secret, m4.bytes, &m4.size), CAIRN_ERR_STATE);
	assert_ok(join_admin_confirm(&admin));
	assert_err(join_admin_confirm(&admin), CAIRN_ERR_STATE);
	assert_err(join_new_confirm(&admin), CAIRN_ERR_STATE);
	join_clear(&admin);
	assert_err(join_admin_answer(&admin, m1.bytes, m1.size, m2.bytes, &m2.size), CAIRN_ERR_STATE);
}

static void
a_message_of_somebody_without_the_code_changes_nothing(void **state)
{
	const uint8_t other_root[JOIN_ROOT_BYTES] = {1};
	struct join other;
	struct message foreign;

	(void)state;
	committed();
	assert_ok(join_new_begin(&other, desk_id, other_root, &keys, foreign.bytes, &foreign.size));
	assert_err(join_admin_answer(&admin, foreign.bytes, foreign.size, m2.bytes, &m2.size), CAIRN_ERR_CRYPTO);
	assert_err(join_admin_answer(&admin, foreign.bytes, 3, m2.bytes, &m2.size), CAIRN_ERR_CRYPTO);
	assert_err(join_admin_answer(&admin, foreign.bytes, SIZE_MAX, m2.bytes, &m2.size), CAIRN_ERR_CRYPTO);
	m1.bytes[m1.size - 1] ^= 1;
	assert_err(join_admin_answer(&admin, m1.bytes, m1.size, m2.bytes, &m2.size), CAIRN_ERR_CRYPTO);
	m1.bytes[m1.size - 1] ^= 1;
	assert_ok(join_admin_answer(&admin, m1.bytes, m1.size, m2.bytes, &m2.size));
}

static void
a_message_does_not_stand_in_for_another_or_for_another_desk(void **state)
{
	const uint8_t other_desk[CAIRN_HASH_BYTES] = {6};

	(void)state;
	compared();
	assert_ok(join_new_begin(&newcomer, desk_id, root, &keys, m1.bytes, &m1.size));
	assert_err(join_new_answer(&newcomer, m1.bytes, m1.size, m3.bytes, &m3.size), CAIRN_ERR_CRYPTO);
	join_admin_begin(&admin, other_desk, root, admin_id, admin_key);
	assert_err(join_admin_answer(&admin, m1.bytes, m1.size, m2.bytes, &m2.size), CAIRN_ERR_CRYPTO);
}

/* Opens a message as somebody with the code, changes it, and seals it again. */
static void
alter(struct message *m, uint8_t number, size_t at, uint8_t bits)
{
	uint8_t plain[JOIN_MESSAGE_MAX];
	struct join between = {.state = JOIN_OVER};

	memcpy(between.desk_id, desk_id, sizeof(desk_id));
	cairn_derive(between.key, root, "join", NULL, 0);
	assert_ok(join_open(&between, number, plain, m->bytes, m->size));
	plain[at] ^= bits;
	memcpy(m->bytes + 24, plain, m->size - JOIN_SEAL_BYTES);
	join_seal(&between, number, m->bytes, m->size - JOIN_SEAL_BYTES, &m->size);
}

/* Somebody who has the code and is the relay. Whatever he changes in 2, the two sides show other digits. */
static void
any_change_of_the_admins_message_changes_the_digits(void **state)
{
	(void)state;
	for (size_t at = 0; at < 32U + OP_ID_BYTES + 32U; at++) {
		committed();
		assert_ok(join_admin_answer(&admin, m1.bytes, m1.size, m2.bytes, &m2.size));
		alter(&m2, 2, at, 1);
		assert_ok(join_new_answer(&newcomer, m2.bytes, m2.size, m3.bytes, &m3.size));
		assert_ok(join_admin_keys(&admin, m3.bytes, m3.size));
		assert_string_not_equal(newcomer.sas, admin.sas);
	}
}

/* He cannot change 3 at all: it is no longer what was committed to. Nor keep the machine for a second try. */
static void
keys_cannot_be_chosen_after_the_nonce(void **state)
{
	(void)state;
	for (size_t i = 0; i < 60; i++) {
		size_t at = i < 40 ? i : randombytes_uniform(JOIN_NONCE_BYTES + JOIN_KEYS_BYTES(5) - 7);
		int err;

		committed();
		assert_ok(join_admin_answer(&admin, m1.bytes, m1.size, m2.bytes, &m2.size));
		assert_ok(join_new_answer(&newcomer, m2.bytes, m2.size, m3.bytes, &m3.size));
		alter(&m3, 3, at, 1);
		err = join_admin_keys(&admin, m3.bytes, m3.size);
		assert_true(err == CAIRN_ERR_CRYPTO || err == CAIRN_ERR_FORMAT);
		assert_err(join_admin_keys(&admin, m3.bytes, m3.size), CAIRN_ERR_STATE);
		assert_true(sodium_is_zero((uint8_t *)&admin, sizeof(admin)));
	}
}

static void
another_commitment_refuses_the_keys(void **state)
{
	(void)state;
	committed();
	alter(&m1, 1, 31, 0x80);
	assert_ok(join_admin_answer(&admin, m1.bytes, m1.size, m2.bytes, &m2.size));
	assert_ok(join_new_answer(&newcomer, m2.bytes, m2.size, m3.bytes, &m3.size));
	assert_err(join_admin_keys(&admin, m3.bytes, m3.size), CAIRN_ERR_CRYPTO);
}

/*
 * The whole man in the middle: he is a new device to the admin and an admin to the new device, in either order. The
 * digits differ, and their difference is as if drawn: no place of them is the same oftener than by chance.
 */
static void
somebody_in_between_with_the_code_does_not_meet_the_digits(void **state)
{
	static struct join fake_admin, fake_new;
	unsigned same[14] = {0};

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		committed();
		join_admin_begin(&fake_admin, desk_id, root, admin_id, admin_key);
		assert_ok(join_admin_answer(&fake_admin, m1.bytes, m1.size, m2.bytes, &m2.size));
		assert_ok(join_new_answer(&newcomer, m2.bytes, m2.size, m3.bytes, &m3.size));
		assert_ok(join_admin_keys(&fake_admin, m3.bytes, m3.size));
		assert_ok(join_new_begin(&fake_new, desk_id, root, &keys, m1.bytes, &m1.size));
		assert_ok(join_admin_answer(&admin, m1.bytes, m1.size, m2.bytes, &m2.size));
		assert_ok(join_new_answer(&fake_new, m2.bytes, m2.size, m3.bytes, &m3.size));
		assert_ok(join_admin_keys(&admin, m3.bytes, m3.size));
		assert_string_not_equal(newcomer.sas, admin.sas);
		for (size_t at = 0; at < 13; at++)
			same[at] += newcomer.sas[at] == admin.sas[at];
	}
	for (size_t at = 0; at < 13; at++) /* 40 of 400 by chance, at most once in 10^9 over 90 */
		assert_true(at == 6 || (same[at] > 5 && same[at] < 90));
}

/* The welcome is good from the admin alone whose key is in the digits, and for this joining alone. */
static void
a_welcome_of_somebody_else_is_refused(void **state)
{
	uint8_t other_key[32], other_secret[64];
	struct join twin;

	(void)state;
	crypto_sign_keypair(other_key, other_secret);
	confirmed();
	twin = admin;
	assert_ok(join_admin_welcome(&twin, &welcome, 20000, other_secret, m4.bytes, &m4.size));
	assert_err(join_new_welcome(&newcomer, m4.bytes, m4.size, seeds, &got, room), CAIRN_ERR_CRYPTO);
	assert_true(sodium_is_zero(room, sizeof(room)));
	confirmed();
	assert_ok(join_admin_welcome(&admin, &welcome, 20000, admin_secret, m4.bytes, &m4.size));
	confirmed();
	assert_err(join_new_welcome(&newcomer, m4.bytes, m4.size, seeds, &got, room), CAIRN_ERR_CRYPTO);
}

static void
an_altered_welcome_is_refused(void **state)
{
	static const size_t places[] = {0, 3, 4, 1123, 1124, 1200, 1240};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int err;

		confirmed();
		assert_ok(join_admin_welcome(&admin, &welcome, 20000, admin_secret, m4.bytes, &m4.size));
		alter(&m4, 4, places[i], 1);
		err = join_new_welcome(&newcomer, m4.bytes, m4.size, seeds, &got, room);
		assert_true(err == CAIRN_ERR_CRYPTO || err == CAIRN_ERR_STALE);
		assert_err(join_new_welcome(&newcomer, m4.bytes, m4.size, seeds, &got, room), CAIRN_ERR_STATE);
	}
}

static void
keys_that_must_not_be_used_are_refused_at_the_beginning(void **state)
{
	static struct join_keys bad;

	(void)state;
	bad = keys;
	memset(bad.day_keys[13], 0xff, 64);
	assert_err(join_new_begin(&newcomer, desk_id, root, &bad, m1.bytes, &m1.size), CAIRN_ERR_RANGE);
	bad = keys;
	memset(bad.sign_key, 0, sizeof(bad.sign_key));
	assert_err(join_new_begin(&newcomer, desk_id, root, &bad, m1.bytes, &m1.size), CAIRN_ERR_RANGE);
	bad = keys;
	bad.alias_bytes = 0;
	assert_err(join_new_begin(&newcomer, desk_id, root, &bad, m1.bytes, &m1.size), CAIRN_ERR_RANGE);
	bad.alias_bytes = OP_ALIAS_MAX + 1;
	assert_err(join_new_begin(&newcomer, desk_id, root, &bad, m1.bytes, &m1.size), CAIRN_ERR_RANGE);
	bad.alias_bytes = 5;
	bad.alias[2] = (char)0xff;
	assert_err(join_new_begin(&newcomer, desk_id, root, &bad, m1.bytes, &m1.size), CAIRN_ERR_RANGE);
	bad = keys;
	bad.first_day = UINT32_MAX;
	assert_err(join_new_begin(&newcomer, desk_id, root, &bad, m1.bytes, &m1.size), CAIRN_ERR_RANGE);
}

static void
the_longest_roster_fits_and_a_longer_one_does_not(void **state)
{
	static char note[JOIN_NOTE_MAX + 1];

	(void)state;
	memset(note, 'x', sizeof(note));
	welcome.note = (struct cairn_span){note, JOIN_NOTE_MAX};
	confirmed();
	assert_ok(welcomed(20000));
	assert_true(m4.size <= 32768);
	assert_int_equal(got.note.size, JOIN_NOTE_MAX);
	confirmed();
	welcome.note.size++;
	assert_err(welcomed(20000), CAIRN_ERR_RANGE);
	welcome.note = (struct cairn_span){NOTE, sizeof(NOTE) - 1};
}

static void
a_code_is_read_as_people_write_it(void **state)
{
	static const char *const same[] = {"01ab2-cd3ef", "O1AB2 CD3EF", " oiab2cd3ef", "0-l-a-b-2-c-d-3-e-f"};
	uint8_t first[JOIN_ROOT_BYTES], other[JOIN_ROOT_BYTES];

	(void)state;
	assert_ok(join_code_read(first, desk_id, (struct cairn_span){same[0], strlen(same[0])}));
	for (size_t i = 1; i < 4; i++) {
		assert_ok(join_code_read(other, desk_id, (struct cairn_span){same[i], strlen(same[i])}));
		assert_memory_equal(first, other, sizeof(first));
	}
}

static void
another_code_or_desk_has_another_mailbox(void **state)
{
	const uint8_t other_desk[CAIRN_HASH_BYTES] = {6};
	uint8_t roots[3][JOIN_ROOT_BYTES], slots[3][JOIN_SLOT_BYTES];

	(void)state;
	assert_ok(join_code_read(roots[0], desk_id, (struct cairn_span){"01ab2-cd3ef", 11}));
	assert_ok(join_code_read(roots[1], desk_id, (struct cairn_span){"01ab2-cd3eg", 11}));
	assert_ok(join_code_read(roots[2], other_desk, (struct cairn_span){"01ab2-cd3ef", 11}));
	for (size_t i = 0; i < 3; i++) {
		join_slot(slots[i], roots[i]);
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(slots[i], slots[j], sizeof(slots[0]));
	}
}

static void
what_is_no_code_is_refused(void **state)
{
	static const char *const bad[] = {
	    "", "01ab2-cd3e", "01ab2-cd3eff", "01ab2-cd3eu", "01ab2_cd3ef", "01ab2-cd3e\xc3\xa9"};
	uint8_t read[JOIN_ROOT_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_err(join_code_read(read, desk_id, (struct cairn_span){bad[i], strlen(bad[i])}),
		    CAIRN_ERR_FORMAT);
	assert_err(join_code_read(read, desk_id, (struct cairn_span){"01ab2-cd3e\0", 11}), CAIRN_ERR_FORMAT);
}

static void
a_made_code_reads(void **state)
{
	char code[JOIN_CODE_MAX], other[JOIN_CODE_MAX];
	uint8_t read[JOIN_ROOT_BYTES];

	(void)state;
	join_code_make(code);
	join_code_make(other);
	assert_int_equal(strlen(code), 11);
	assert_string_not_equal(code, other);
	assert_ok(join_code_read(read, desk_id, (struct cairn_span){code, strlen(code)}));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_device_joins),
	    cmocka_unit_test(the_welcome_is_sealed_to_a_day_that_is_still_there),
	    cmocka_unit_test(no_two_joinings_have_the_same_digits),
	    cmocka_unit_test(nothing_goes_out_of_order),
	    cmocka_unit_test(a_message_of_somebody_without_the_code_changes_nothing),
	    cmocka_unit_test(a_message_does_not_stand_in_for_another_or_for_another_desk),
	    cmocka_unit_test(any_change_of_the_admins_message_changes_the_digits),
	    cmocka_unit_test(keys_cannot_be_chosen_after_the_nonce),
	    cmocka_unit_test(another_commitment_refuses_the_keys),
	    cmocka_unit_test(somebody_in_between_with_the_code_does_not_meet_the_digits),
	    cmocka_unit_test(a_welcome_of_somebody_else_is_refused),
	    cmocka_unit_test(an_altered_welcome_is_refused),
	    cmocka_unit_test(keys_that_must_not_be_used_are_refused_at_the_beginning),
	    cmocka_unit_test(the_longest_roster_fits_and_a_longer_one_does_not),
	    cmocka_unit_test(a_code_is_read_as_people_write_it),
	    cmocka_unit_test(another_code_or_desk_has_another_mailbox),
	    cmocka_unit_test(what_is_no_code_is_refused),
	    cmocka_unit_test(a_made_code_reads),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests_name("test_carry_join.c", tests, setup, NULL);
}
