// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <sodium.h>

#include "desk/shares.h"

static const uint8_t desk_id[CAIRN_HASH_BYTES] = {0xab, 0xcd, 0xef, 0x01};
static uint8_t seed[SHARE_SEED_BYTES], identity_key[32];
static struct share shares[SHARES];

static int
setup(void **state)
{
	uint8_t secret[64];

	(void)state;
	randombytes_buf(seed, sizeof(seed));
	crypto_sign_seed_keypair(identity_key, secret, seed);
	return shares_split(shares, seed, desk_id);
}

static void
any_two_give_the_key_back(void **state)
{
	uint8_t again[SHARE_SEED_BYTES];

	(void)state;
	for (size_t i = 0; i < SHARES; i++)
		for (size_t j = 0; j < SHARES; j++) {
			if (i == j)
				continue;
			assert_ok(shares_join(again, &shares[i], &shares[j], identity_key));
			assert_memory_equal(again, seed, sizeof(seed));
		}
}

static void
one_twice_is_refused(void **state)
{
	uint8_t again[SHARE_SEED_BYTES];

	(void)state;
	assert_err(shares_join(again, &shares[1], &shares[1], identity_key), CAIRN_ERR_RANGE);
	assert_true(sodium_is_zero(again, sizeof(again)));
}

static void
shares_of_two_desks_are_refused(void **state)
{
	uint8_t again[SHARE_SEED_BYTES];
	struct share other = shares[1];

	(void)state;
	other.desk_id[5] ^= 1;
	assert_err(shares_join(again, &shares[0], &other, identity_key), CAIRN_ERR_CONFLICT);
}

static void
an_altered_share_gives_no_key(void **state)
{
	uint8_t again[SHARE_SEED_BYTES];
	struct share other = shares[1];

	(void)state;
	other.bytes[31] ^= 0x40;
	assert_err(shares_join(again, &shares[0], &other, identity_key), CAIRN_ERR_CRYPTO);
	assert_true(sodium_is_zero(again, sizeof(again)));
}

static void
no_two_splits_are_alike(void **state)
{
	struct share again[SHARES];

	(void)state;
	assert_ok(shares_split(again, seed, desk_id));
	assert_memory_not_equal(again[0].bytes, shares[0].bytes, SHARE_SEED_BYTES);
}

static void
a_file_reads_back(void **state)
{
	char text[SHARE_TEXT_MAX];
	struct share back;
	size_t bytes;

	(void)state;
	for (size_t i = 0; i < SHARES; i++) {
		assert_ok(share_write(text, &bytes, &shares[i], "Северный мост"));
		assert_ok(share_read(&back, text, bytes));
		assert_memory_equal(&back, &shares[i], sizeof(back));
	}
}

static void
a_file_typed_on_another_system_reads_too(void **state)
{
	char text[SHARE_TEXT_MAX], crlf[2 * SHARE_TEXT_MAX];
	struct share back;
	size_t bytes, used = 0;

	(void)state;
	assert_ok(share_write(text, &bytes, &shares[2], "desk"));
	for (size_t i = 0; i < bytes; i++) {
		if (text[i] == '\n')
			crlf[used++] = '\r';
		crlf[used++] = text[i];
	}
	assert_ok(share_read(&back, crlf, used));
	assert_memory_equal(&back, &shares[2], sizeof(back));
}

static void
a_mistyped_digit_is_pointed_out(void **state)
{
	char text[SHARE_TEXT_MAX];
	struct share back;
	size_t bytes;
	char *at;

	(void)state;
	assert_ok(share_write(text, &bytes, &shares[0], "desk"));
	at = strstr(text, "\npart ") + 6;
	*at = *at == '0' ? '1' : '0';
	assert_err(share_read(&back, text, bytes), CAIRN_ERR_CRYPTO);
	assert_true(sodium_is_zero((uint8_t *)&back, sizeof(back)));
}

static void
a_file_that_lacks_a_line_is_no_share(void **state)
{
	char text[SHARE_TEXT_MAX];
	struct share back;
	size_t bytes;

	(void)state;
	assert_ok(share_write(text, &bytes, &shares[0], "desk"));
	assert_err(share_read(&back, text, (size_t)(strstr(text, "\ncheck ") - text)), CAIRN_ERR_FORMAT);
	assert_err(share_read(&back, "", 0), CAIRN_ERR_FORMAT);
}

static void
the_file_name_says_which_and_whose(void **state)
{
	char name[SHARE_NAME_MAX];

	(void)state;
	share_file_name(name, &shares[1]);
	assert_string_equal(name, "cairn-desk-abcdef01-share-2-of-3.txt");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(any_two_give_the_key_back),
	    cmocka_unit_test(one_twice_is_refused),
	    cmocka_unit_test(shares_of_two_desks_are_refused),
	    cmocka_unit_test(an_altered_share_gives_no_key),
	    cmocka_unit_test(no_two_splits_are_alike),
	    cmocka_unit_test(a_file_reads_back),
	    cmocka_unit_test(a_file_typed_on_another_system_reads_too),
	    cmocka_unit_test(a_mistyped_digit_is_pointed_out),
	    cmocka_unit_test(a_file_that_lacks_a_line_is_no_share),
	    cmocka_unit_test(the_file_name_says_which_and_whose),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests_name("test_desk_shares.c", tests, setup, NULL);
}
