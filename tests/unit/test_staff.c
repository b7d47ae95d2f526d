// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "cairn/staff.h"

#define NOW 1728000000U
#define SPAN(text) ((struct cairn_span){text, sizeof(text) - 1})

static const uint8_t relay_key[32] = {1}, desk_id[CAIRN_HASH_BYTES] = {2};
static uint8_t key[32], secret[64];
static struct cairn_staff_request request;
static struct cairn_authorization auth;
static char header[CAIRN_AUTHORIZATION_MAX];

static int
begin(void **state)
{
	static const uint8_t seed[32] = {3};

	(void)state;
	crypto_sign_seed_keypair(key, secret, seed);
	request = (struct cairn_staff_request){
	    relay_key, desk_id, SPAN("POST"), SPAN("/d/x/board/append?size=300"), {4}};
	auth = (struct cairn_authorization){{0xd}, NOW, {0xe}, {0}};
	return cairn_authorization_make(header, &auth, &request, secret);
}

static int
read_header(struct cairn_authorization *read, const char *text)
{
	return cairn_authorization_read(read, (struct cairn_span){text, strlen(text)});
}

static int
check(uint64_t now)
{
	return cairn_authorization_check(&auth, &request, key, now);
}

static void
a_header_comes_back_as_written(void **state)
{
	struct cairn_authorization read;

	(void)state;
	assert_ok(read_header(&read, header));
	assert_memory_equal(read.device, auth.device, sizeof read.device);
	assert_true(read.created == NOW);
	assert_memory_equal(read.nonce, auth.nonce, sizeof read.nonce);
	assert_memory_equal(read.signature, auth.signature, sizeof read.signature);
	assert_ok(cairn_authorization_check(&read, &request, key, NOW));
}

static void
the_window_is_a_minute_to_either_side(void **state)
{
	(void)state;
	assert_ok(check(NOW + 60));
	assert_ok(check(NOW - 60));
	assert_err(check(NOW + 61), CAIRN_ERR_STALE);
	assert_err(check(NOW - 61), CAIRN_ERR_STALE);
	assert_err(check(UINT64_MAX), CAIRN_ERR_STALE);
	assert_err(check(0), CAIRN_ERR_STALE);
}

static void
every_field_is_signed(void **state)
{
	static const uint8_t other[32] = {9};

	(void)state;
	request.relay_key = other;
	assert_err(check(NOW), CAIRN_ERR_CRYPTO);
	begin(NULL);
	request.desk_id = other;
	assert_err(check(NOW), CAIRN_ERR_CRYPTO);
	begin(NULL);
	request.method = SPAN("PUT");
	assert_err(check(NOW), CAIRN_ERR_CRYPTO);
	begin(NULL);
	request.target.size--;
	assert_err(check(NOW), CAIRN_ERR_CRYPTO);
	begin(NULL);
	request.body_hash[31] ^= 1;
	assert_err(check(NOW), CAIRN_ERR_CRYPTO);
	begin(NULL);
	auth.device[0] ^= 1;
	assert_err(check(NOW), CAIRN_ERR_CRYPTO);
	begin(NULL);
	auth.created++;
	assert_err(check(NOW), CAIRN_ERR_CRYPTO);
	begin(NULL);
	auth.nonce[15] ^= 1;
	assert_err(check(NOW), CAIRN_ERR_CRYPTO);
}

static void
another_device_did_not_sign_it(void **state)
{
	(void)state;
	key[0] ^= 1;
	assert_err(check(NOW), CAIRN_ERR_CRYPTO);
}

static void
a_line_cannot_be_put_into_a_target(void **state)
{
	(void)state;
	request.target = SPAN("/d/x\n00");
	assert_err(cairn_authorization_make(header, &auth, &request, secret), CAIRN_ERR_RANGE);
	assert_err(check(NOW), CAIRN_ERR_CRYPTO);
	request.target = SPAN("");
	assert_err(cairn_authorization_make(header, &auth, &request, secret), CAIRN_ERR_RANGE);
}

static void
method_and_target_have_a_ceiling(void **state)
{
	static char target[CAIRN_STAFF_TARGET_MAX + 1];

	(void)state;
	memset(target, '/', sizeof target);
	request.method = SPAN("ABCDEFGHIJKLMNOP");
	request.target = (struct cairn_span){target, CAIRN_STAFF_TARGET_MAX};
	assert_ok(cairn_authorization_make(header, &auth, &request, secret));
	request.target.size++;
	assert_err(cairn_authorization_make(header, &auth, &request, secret), CAIRN_ERR_RANGE);
	request.target.size--;
	request.method = SPAN("ABCDEFGHIJKLMNOPQ");
	assert_err(cairn_authorization_make(header, &auth, &request, secret), CAIRN_ERR_RANGE);
}

static void
the_longest_header_fits(void **state)
{
	(void)state;
	auth.created = UINT64_MAX;
	assert_ok(cairn_authorization_make(header, &auth, &request, secret));
}

#define DEVICE "Cairn device=0d000000000000000000000000000000"
#define NONCE ",nonce=0e000000000000000000000000000000"
#define SIG60 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define SIG ",sig=" SIG60 "AAAAAAAAAAAAAAAAAAAAAAAAAA=="

static void
any_other_form_is_refused(void **state)
{
	static const char *const wrong[] = {
	    "",
	    "Cairn ",
	    "cairn device=0d000000000000000000000000000000,created=1" NONCE SIG,
	    "Cairn device=0D000000000000000000000000000000,created=1" NONCE SIG,
	    DEVICE "0,created=1" NONCE SIG,
	    DEVICE ",created=01" NONCE SIG,
	    DEVICE ",created=" NONCE SIG,
	    DEVICE ", created=1" NONCE SIG,
	    DEVICE ",created=1.5" NONCE SIG,
	    DEVICE ",created=18446744073709551616" NONCE SIG,
	    DEVICE NONCE ",created=1" SIG,
	    DEVICE ",created=1" SIG,
	    DEVICE ",created=1" NONCE,
	    DEVICE ",created=1" NONCE SIG ",",
	    DEVICE ",created=1" NONCE SIG " ",
	    DEVICE ",created=1" NONCE SIG ",x=1",
	    DEVICE ",created=1" NONCE ",sig=",
	    DEVICE ",created=1" NONCE ",sig=" SIG60,
	    DEVICE ",created=1" NONCE ",sig=" SIG60 "AAAAAAAAAAAAAAAAAAAAAAAAAB==",
	};
	struct cairn_authorization read;

	(void)state;
	assert_ok(read_header(&read, DEVICE ",created=1" NONCE SIG));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_err(read_header(&read, wrong[i]), CAIRN_ERR_FORMAT);
}

#define CASE(name) cmocka_unit_test_setup(name, begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_header_comes_back_as_written),
	    CASE(the_window_is_a_minute_to_either_side),
	    CASE(every_field_is_signed),
	    CASE(another_device_did_not_sign_it),
	    CASE(a_line_cannot_be_put_into_a_target),
	    CASE(method_and_target_have_a_ceiling),
	    CASE(the_longest_header_fits),
	    CASE(any_other_form_is_refused),
	};

	return sodium_init() < 0 ? 1 : RUN_TESTS(tests);
}
