// SPDX-License-Identifier: GPL-3.0-or-later
#include "vectors/published.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "cairn/conversation.h"
#include "cairn/hash.h"
#include "core/hkdf.h"

/* libsodium as it is installed here, and what is ours on top of it. */

static void
check_x25519(const json_t *group, const json_t *row)
{
	struct bytes point = published_bytes(row, "public");
	struct bytes secret = published_bytes(row, "private");
	struct bytes shared = published_bytes(row, "shared");
	uint8_t product[32];
	uint8_t mac[CAIRN_MAC_BYTES];
	static const uint8_t header[8], msgid[16];

	(void)group;
	assert_int_equal(point.size, 32);
	if (sodium_is_zero(shared.at, shared.size)) {
		assert_err(cairn_x25519_public_check(point.at), CAIRN_ERR_KEY);
		assert_err(cairn_hello_mac(mac, secret.at, point.at, header, msgid), CAIRN_ERR_KEY);
	} else {
		assert_ok(cairn_x25519_public_check(point.at));
		assert_int_equal(crypto_scalarmult_curve25519(product, secret.at, point.at), 0);
		assert_bytes(&shared, product, sizeof product);
		assert_ok(cairn_hello_mac(mac, secret.at, point.at, header, msgid));
	}
	free(point.at);
	free(secret.at);
	free(shared.at);
}

static void
wycheproof_x25519_and_zero_products(void **state)
{
	(void)state;
	published_wycheproof("wycheproof_x25519.json", check_x25519);
}

static void
check_hkdf(const json_t *group, const json_t *row)
{
	struct bytes ikm = published_bytes(row, "ikm");
	struct bytes salt = published_bytes(row, "salt");
	struct bytes info = published_bytes(row, "info");
	struct bytes okm = published_bytes(row, "okm");
	size_t size = (size_t)json_integer_value(json_object_get(row, "size"));
	uint8_t prk[HKDF_BYTES];
	uint8_t out[HKDF_EXPAND_MAX];

	(void)group;
	if (published_is(row, "result", "valid")) {
		assert_true(size <= sizeof out);
		hkdf_extract(prk, salt.at, salt.size, &(struct hkdf_piece){ikm.at, ikm.size}, 1);
		hkdf_expand(out, size, prk, &(struct hkdf_piece){info.at, info.size}, 1);
		assert_bytes(&okm, out, size);
	} else {
		assert_true(size > HKDF_EXPAND_MAX); /* which aborts */
	}
	free(ikm.at);
	free(salt.at);
	free(info.at);
	free(okm.at);
}

static void
wycheproof_hkdf(void **state)
{
	(void)state;
	published_wycheproof("wycheproof_hkdf_sha256.json", check_hkdf);
}

static void
check_hmac(const json_t *group, const json_t *row)
{
	struct bytes key = published_bytes(row, "key");
	struct bytes text = published_bytes(row, "msg");
	struct bytes tag = published_bytes(row, "tag");
	size_t size = (size_t)json_integer_value(json_object_get(group, "tagSize")) / 8;
	uint8_t prk[HKDF_BYTES];

	/* Extract is one HMAC: the key is the salt. */
	hkdf_extract(prk, key.at, key.size, &(struct hkdf_piece){text.at, text.size}, 1);
	assert_int_equal(tag.size == size && sodium_memcmp(prk, tag.at, size) == 0,
	    published_is(row, "result", "valid"));
	free(key.at);
	free(text.at);
	free(tag.at);
}

static void
wycheproof_hmac(void **state)
{
	(void)state;
	published_wycheproof("wycheproof_hmac_sha256.json", check_hmac);
}

typedef int (*open_function)(unsigned char *, unsigned char *, const unsigned char *, unsigned long long,
    const unsigned char *, const unsigned char *, unsigned long long, const unsigned char *,
    const unsigned char *);

static void
check_aead(const json_t *row, open_function open, size_t nonce_bytes)
{
	struct bytes key = published_bytes(row, "key");
	struct bytes nonce = published_bytes(row, "iv");
	struct bytes aad = published_bytes(row, "aad");
	struct bytes plain = published_bytes(row, "msg");
	struct bytes ct = published_bytes(row, "ct");
	struct bytes tag = published_bytes(row, "tag");
	bool valid = published_is(row, "result", "valid");
	uint8_t *opened = malloc(ct.size + 1);

	assert_non_null(opened);
	if (nonce.size == nonce_bytes) {
		assert_int_equal(
		    open(opened, NULL, ct.at, ct.size, tag.at, aad.at, aad.size, nonce.at, key.at) == 0, valid);
		if (valid)
			assert_bytes(&plain, opened, ct.size);
	} else {
		assert_false(valid);
	}
	free(opened);
	free(key.at);
	free(nonce.at);
	free(aad.at);
	free(plain.at);
	free(ct.at);
	free(tag.at);
}

static void
check_chacha20(const json_t *group, const json_t *row)
{
	(void)group;
	check_aead(row, crypto_aead_chacha20poly1305_ietf_decrypt_detached,
	    crypto_aead_chacha20poly1305_ietf_NPUBBYTES);
}

static void
wycheproof_chacha20_poly1305(void **state)
{
	(void)state;
	published_wycheproof("wycheproof_chacha20_poly1305.json", check_chacha20);
}

static void
check_xchacha20(const json_t *group, const json_t *row)
{
	(void)group;
	check_aead(row, crypto_aead_xchacha20poly1305_ietf_decrypt_detached,
	    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
}

static void
wycheproof_xchacha20_poly1305(void **state)
{
	(void)state;
	published_wycheproof("wycheproof_xchacha20_poly1305.json", check_xchacha20);
}

static void
check_ed25519(const json_t *group, const json_t *row)
{
	struct bytes key = published_bytes(json_object_get(group, "publicKey"), "pk");
	struct bytes text = published_bytes(row, "msg");
	struct bytes signature = published_bytes(row, "sig");
	bool good = signature.size == crypto_sign_BYTES &&
	    crypto_sign_verify_detached(signature.at, text.at, text.size, key.at) == 0;

	assert_int_equal(good, published_is(row, "result", "valid"));
	free(key.at);
	free(text.at);
	free(signature.at);
}

static void
wycheproof_ed25519(void **state)
{
	(void)state;
	published_wycheproof("wycheproof_ed25519.json", check_ed25519);
}

/* Their salts are shorter than libsodium's, so they go in as the strings that they also come with. */
static void
argon2id_of_the_reference(void **state)
{
	json_t *file = published_json("argon2id_tests.json");
	json_t *row;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(file, "tests"), i, row) {
		const char *password = json_string_value(json_object_get(row, "password"));
		const char *encoded = json_string_value(json_object_get(row, "encoded"));
		char wrong[128];

		if (json_integer_value(json_object_get(row, "parallelism")) != 1)
			continue;
		assert_int_equal(crypto_pwhash_argon2id_str_verify(encoded, password, strlen(password)), 0);
		assert_true(strlen(encoded) < sizeof wrong);
		memcpy(wrong, encoded, strlen(encoded) + 1);
		wrong[strlen(wrong) - 2] ^= 1;
		assert_int_not_equal(crypto_pwhash_argon2id_str_verify(wrong, password, strlen(password)), 0);
	}
	assert_true(i > 0);
	json_decref(file);
}

static void
blake2b_of_the_reference(void **state)
{
	json_t *file = published_json("blake2b_kat.json");
	json_t *row;
	size_t i;

	(void)state;
	json_array_foreach(file, i, row) {
		struct bytes text = published_bytes(row, "in");
		struct bytes key = published_bytes(row, "key");
		struct bytes expected = published_bytes(row, "out");
		uint8_t out[64];

		assert_int_equal(
		    crypto_generichash_blake2b(out, sizeof out, text.at, text.size, key.at, key.size), 0);
		assert_bytes(&expected, out, sizeof out);
		free(text.at);
		free(key.at);
		free(expected.at);
	}
	assert_true(i > 0);
	json_decref(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(wycheproof_x25519_and_zero_products),
	    cmocka_unit_test(wycheproof_hkdf),
	    cmocka_unit_test(wycheproof_hmac),
	    cmocka_unit_test(wycheproof_chacha20_poly1305),
	    cmocka_unit_test(wycheproof_xchacha20_poly1305),
	    cmocka_unit_test(wycheproof_ed25519),
	    cmocka_unit_test(argon2id_of_the_reference),
	    cmocka_unit_test(blake2b_of_the_reference),
	};

	return sodium_init() < 0 || RUN_TESTS(tests);
}
