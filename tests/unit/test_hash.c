// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "cairn/hash.h"

static void
assert_hex(const uint8_t hash[CAIRN_HASH_BYTES], const char *expected)
{
	char hex[2 * CAIRN_HASH_BYTES + 1];

	sodium_bin2hex(hex, sizeof hex, hash, CAIRN_HASH_BYTES);
	assert_string_equal(hex, expected);
}

/* b2sum -l 256 of the same bytes. */
static void
hash_is_blake2b_with_32_bytes(void **state)
{
	uint8_t hash[CAIRN_HASH_BYTES];

	(void)state;
	cairn_hash(hash, "", 0);
	assert_hex(hash, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
	cairn_hash(hash, "cairn", 5);
	assert_hex(hash, "3b991a0445791cd81841e6e768c0db4c62b36f9f23ac1059bb41991ca224be38");
}

static void
derive_is_keyed_blake2b_over_prefix_label_zero_context(void **state)
{
	static const char input[] = "cairn/1 label\0context";
	uint8_t key[CAIRN_KEY_BYTES];
	uint8_t expected[CAIRN_HASH_BYTES];
	uint8_t found[CAIRN_HASH_BYTES];

	(void)state;
	memset(key, 7, sizeof key);
	crypto_generichash_blake2b(
	    expected, sizeof expected, (const uint8_t *)input, sizeof input - 1, key, sizeof key);
	cairn_derive(found, key, "label", "context", 7);
	assert_memory_equal(found, expected, sizeof found);
}

static void
derive_tells_label_and_context_apart(void **state)
{
	uint8_t key[CAIRN_KEY_BYTES] = {0};
	uint8_t a[CAIRN_HASH_BYTES];
	uint8_t b[CAIRN_HASH_BYTES];

	(void)state;
	cairn_derive(a, key, "tag", "s", 1);
	cairn_derive(b, key, "tags", NULL, 0);
	assert_memory_not_equal(a, b, sizeof a);
}

static void
derive_into_its_own_key_gives_the_same(void **state)
{
	uint8_t key[CAIRN_KEY_BYTES] = {1, 2, 3};
	uint8_t apart[CAIRN_HASH_BYTES];

	(void)state;
	cairn_derive(apart, key, "day", NULL, 0);
	cairn_derive(key, key, "day", NULL, 0);
	assert_memory_equal(key, apart, sizeof key);
}

static void
derive_takes_label_and_context_up_to_their_maximum(void **state)
{
	uint8_t key[CAIRN_KEY_BYTES] = {0};
	uint8_t context[CAIRN_DERIVE_CONTEXT_MAX];
	uint8_t a[CAIRN_HASH_BYTES];
	uint8_t b[CAIRN_HASH_BYTES];

	(void)state;
	memset(context, 1, sizeof context);
	cairn_derive(a, key, "0123456789abcdef", context, sizeof context);
	context[sizeof context - 1] ^= 1;
	cairn_derive(b, key, "0123456789abcdef", context, sizeof context);
	assert_memory_not_equal(a, b, sizeof a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hash_is_blake2b_with_32_bytes),
	    cmocka_unit_test(derive_is_keyed_blake2b_over_prefix_label_zero_context),
	    cmocka_unit_test(derive_tells_label_and_context_apart),
	    cmocka_unit_test(derive_into_its_own_key_gives_the_same),
	    cmocka_unit_test(derive_takes_label_and_context_up_to_their_maximum),
	};

	return sodium_init() < 0 || RUN_TESTS(tests);
}
