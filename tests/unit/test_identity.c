// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "cairn/desk_keys.h"
#include "lib/signed.h"

#define KEYS 4

static struct signer keys[KEYS];
static uint8_t desk_id[CAIRN_HASH_BYTES];
static uint8_t chain[8192];
static size_t size;

static void
add_step(int from, int to)
{
	size_t bytes = 0;

	assert_ok(cairn_identity_step(chain + size, sizeof chain - size, &bytes, desk_id, keys[from].secret,
	    keys[to].key, 20000));
	size += bytes;
}

static int
two_steps(void **state)
{
	(void)state;
	for (int i = 0; i < KEYS; i++)
		signer_init(&keys[i], (uint8_t)(i + 1));
	cairn_hash(desk_id, keys[0].key, 32);
	size = 0;
	add_step(0, 1);
	add_step(1, 2);
	return 0;
}

static int
read_with(const uint8_t *carried)
{
	struct cairn_identity_chain read;

	return cairn_identity_read(&read, chain, size, desk_id, carried);
}

static void
the_last_to_is_the_key_in_force(void **state)
{
	struct cairn_identity_chain read;

	(void)state;
	assert_ok(cairn_identity_read(&read, chain, size, desk_id, NULL));
	assert_int_equal(read.steps, 2);
	assert_memory_equal(read.first, keys[0].key, 32);
	assert_memory_equal(read.now, keys[2].key, 32);
	assert_ok(cairn_identity_is(&read, desk_id, keys[2].key));
}

static void
earlier_keys_and_strangers_are_not_in_force(void **state)
{
	struct cairn_identity_chain read;

	(void)state;
	assert_ok(cairn_identity_read(&read, chain, size, desk_id, NULL));
	assert_err(cairn_identity_is(&read, desk_id, keys[0].key), CAIRN_ERR_CRYPTO);
	assert_err(cairn_identity_is(&read, desk_id, keys[1].key), CAIRN_ERR_CRYPTO);
	assert_err(cairn_identity_is(&read, desk_id, keys[3].key), CAIRN_ERR_CRYPTO);
}

static void
without_successor_the_first_key_is_in_force(void **state)
{
	struct cairn_identity_chain read;

	(void)state;
	assert_ok(cairn_identity_read(&read, NULL, 0, desk_id, NULL));
	assert_int_equal(read.steps, 0);
	assert_ok(cairn_identity_is(&read, desk_id, keys[0].key));
	assert_err(cairn_identity_is(&read, desk_id, keys[1].key), CAIRN_ERR_CRYPTO);
}

static void
a_carried_key_may_stand_anywhere_in_the_chain(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		assert_ok(read_with(keys[i].key));
	assert_err(read_with(keys[3].key), CAIRN_ERR_CRYPTO);
}

static void
a_chain_cut_before_the_carried_key_is_refused(void **state)
{
	(void)state;
	size = 0;
	assert_ok(read_with(keys[0].key));
	assert_err(read_with(keys[1].key), CAIRN_ERR_CRYPTO);
	add_step(0, 1);
	assert_err(read_with(keys[2].key), CAIRN_ERR_CRYPTO);
}

static void
a_chain_that_begins_with_another_key_is_refused(void **state)
{
	(void)state;
	size = 0;
	add_step(3, 1);
	assert_err(read_with(NULL), CAIRN_ERR_CRYPTO);
}

static void
a_step_from_a_key_that_is_not_in_force_is_refused(void **state)
{
	(void)state;
	add_step(0, 3);
	assert_err(read_with(NULL), CAIRN_ERR_CRYPTO);
}

static void
every_bit_of_a_chain_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < size * 8; i++) {
		chain[i / 8] ^= (uint8_t)(1U << i % 8);
		assert_int_not_equal(read_with(keys[2].key), CAIRN_OK);
		chain[i / 8] ^= (uint8_t)(1U << i % 8);
	}
	assert_ok(read_with(keys[2].key));
}

/* A step as the first key would sign it, whatever its text. */
static int
read_step(const char *desk, const char *end)
{
	static struct signed_note note;
	struct cairn_identity_chain read;
	char text[512], from[64], to[64];

	sodium_bin2base64(from, sizeof from, keys[0].key, 32, sodium_base64_VARIANT_ORIGINAL);
	sodium_bin2base64(to, sizeof to, keys[1].key, 32, sodium_base64_VARIANT_ORIGINAL);
	snprintf(text, sizeof text, "cairn identity 1\ndesk %s\nfrom %s\nto %s\n%s", desk, from, to, end);
	assert_ok(sign_as(&note, text, &keys[0], desk_id, "identity"));
	return cairn_identity_read(&read, note.bytes, note.size, desk_id, NULL);
}

static void
a_step_has_its_five_lines_and_no_more(void **state)
{
	char desk[65];

	(void)state;
	sodium_bin2hex(desk, sizeof desk, desk_id, 32);
	assert_ok(read_step(desk, "day 1\n"));
	assert_err(read_step(desk, ""), CAIRN_ERR_FORMAT);
	assert_err(read_step(desk, "day 1\nday 1\n"), CAIRN_ERR_FORMAT);
	assert_err(read_step(desk, "day 01\n"), CAIRN_ERR_FORMAT);
	assert_err(read_step(desk, "day 4294967296\n"), CAIRN_ERR_FORMAT);
	desk[0] ^= 1;
	assert_err(read_step(desk, "day 1\n"), CAIRN_ERR_FORMAT);
}

static void
a_refused_chain_leaves_nothing(void **state)
{
	struct cairn_identity_chain read;
	static const struct cairn_identity_chain nothing;

	(void)state;
	chain[size - 1] = 'x';
	assert_int_not_equal(cairn_identity_read(&read, chain, size, desk_id, NULL), CAIRN_OK);
	assert_memory_equal(&read, &nothing, sizeof read);
}

static void
a_step_needs_its_room(void **state)
{
	uint8_t out[512];
	size_t bytes = 7;

	(void)state;
	assert_err(cairn_identity_step(out, 300, &bytes, desk_id, keys[0].secret, keys[1].key, 1),
	    CAIRN_ERR_SPACE);
	assert_int_equal(bytes, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_last_to_is_the_key_in_force, two_steps),
		cmocka_unit_test_setup(earlier_keys_and_strangers_are_not_in_force, two_steps),
		cmocka_unit_test_setup(without_successor_the_first_key_is_in_force, two_steps),
		cmocka_unit_test_setup(a_carried_key_may_stand_anywhere_in_the_chain, two_steps),
		cmocka_unit_test_setup(a_chain_cut_before_the_carried_key_is_refused, two_steps),
		cmocka_unit_test_setup(a_chain_that_begins_with_another_key_is_refused, two_steps),
		cmocka_unit_test_setup(a_step_from_a_key_that_is_not_in_force_is_refused, two_steps),
		cmocka_unit_test_setup(every_bit_of_a_chain_counts, two_steps),
		cmocka_unit_test_setup(a_step_has_its_five_lines_and_no_more, two_steps),
		cmocka_unit_test_setup(a_refused_chain_leaves_nothing, two_steps),
		cmocka_unit_test_setup(a_step_needs_its_room, two_steps),
	};

	return RUN_TESTS(tests);
}
