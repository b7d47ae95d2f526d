// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include "site/openid.h"

/*
 * ID tokens as a stranger may seal them to the desk: whoever can make the desk name somebody who did not write speaks
 * in his name, in public. Each test begins with a token that is good and changes one thing.
 */

#define ISSUER "https://op.example"
#define CLIENT "the-site"
#define NOW UINT64_C(1780000000)
#define NONCE "0101010101010101010101010101010101010101010101010101010101010101"
#define TOKEN_ROOM 20000

enum { RS,
	ES,
	ED,
	KEYS };
static const char *const algs[KEYS] = {"RS256", "ES256", "EdDSA"};

static EVP_PKEY *keys[KEYS], *strangers[KEYS];
static struct issuer issuer;
static GPtrArray *issuers;
static struct openid_wanted wanted;
static const char *why;
static char name[OPENID_NAME_MAX + 1];

/* ---- keys ---- */

static char *
base64url(const void *bytes, size_t size)
{
	size_t room = sodium_base64_encoded_len(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);

	return sodium_bin2base64(malloc(room), room, bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void
put_number(json_t *jwk, const char *member, EVP_PKEY *key, const char *param, int bytes)
{
	uint8_t room[1024];
	BIGNUM *number = NULL;
	char *text;
	int used;

	assert_true(EVP_PKEY_get_bn_param(key, param, &number) == 1);
	used = bytes > 0 ? BN_bn2binpad(number, room, bytes) : BN_bn2bin(number, room);
	assert_true(used > 0);
	text = base64url(room, (size_t)used);
	json_object_set_new(jwk, member, json_string(text));
	free(text);
	BN_free(number);
}

static json_t *
jwk_of(int kind, EVP_PKEY *key)
{
	static const char *const types[KEYS] = {"RSA", "EC", "OKP"};
	json_t *jwk = json_pack("{s:s, s:s}", "kty", types[kind], "kid", algs[kind]);
	uint8_t x[32];
	size_t bytes = sizeof x;
	char *text;

	if (kind == RS) {
		put_number(jwk, "n", key, OSSL_PKEY_PARAM_RSA_N, 0);
		put_number(jwk, "e", key, OSSL_PKEY_PARAM_RSA_E, 0);
	} else if (kind == ES) {
		json_object_set_new(jwk, "crv", json_string("P-256"));
		put_number(jwk, "x", key, OSSL_PKEY_PARAM_EC_PUB_X, 32);
		put_number(jwk, "y", key, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
	} else {
		assert_true(EVP_PKEY_get_raw_public_key(key, x, &bytes) == 1);
		text = base64url(x, bytes);
		json_object_set_new(jwk, "crv", json_string("Ed25519"));
		json_object_set_new(jwk, "x", json_string(text));
		free(text);
	}
	return jwk;
}

static void
make_keys(EVP_PKEY *out[KEYS])
{
	out[RS] = EVP_RSA_gen(2048);
	out[ES] = EVP_EC_gen("P-256");
	out[ED] = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	for (int i = 0; i < KEYS; i++)
		assert_non_null(out[i]);
}

/* ---- tokens ---- */

/* r and s of 32 bytes each, out of what OpenSSL gives. */
static size_t
raw_signature(uint8_t *sig, size_t bytes)
{
	const uint8_t *at = sig;
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)bytes);
	const BIGNUM *r, *s;

	assert_non_null(pair);
	ECDSA_SIG_get0(pair, &r, &s);
	assert_true(BN_bn2binpad(r, sig, 32) == 32 && BN_bn2binpad(s, sig + 32, 32) == 32);
	ECDSA_SIG_free(pair);
	return 64;
}

static size_t
sign(uint8_t sig[1024], int kind, EVP_PKEY *key, const char *text)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t bytes = 1024;

	assert_true(EVP_DigestSignInit_ex(context, NULL, kind == ED ? NULL : "SHA256", NULL, NULL, key, NULL) == 1);
	assert_true(EVP_DigestSign(context, sig, &bytes, (const uint8_t *)text, strlen(text)) == 1);
	EVP_MD_CTX_free(context);
	return kind == ES ? raw_signature(sig, bytes) : bytes;
}

static char token[TOKEN_ROOM];

static void
put_parts(const char *head, size_t head_bytes, const char *claims, size_t claim_bytes)
{
	char *a = base64url(head, head_bytes), *b = base64url(claims, claim_bytes);

	assert_true(snprintf(token, sizeof token, "%s.%s", a, b) < (int)sizeof token);
	free(a);
	free(b);
}

static void
put_signature(const uint8_t *sig, size_t bytes)
{
	char *text = base64url(sig, bytes);
	size_t used = strlen(token);

	assert_true(snprintf(token + used, sizeof token - used, ".%s", text) < (int)(sizeof token - used));
	free(text);
}

static void
make_token(int kind, EVP_PKEY *key, const char *head, const char *claims)
{
	uint8_t sig[1024];

	put_parts(head, strlen(head), claims, strlen(claims));
	put_signature(sig, sign(sig, kind, key, token));
}

static int
check(void)
{
	const struct issuer *found = NULL;
	int err = openid_check(name, &found, &why, issuers, (struct cairn_span){token, strlen(token)}, &wanted);

	assert_true((err == CAIRN_OK) == (found == &issuer) && (err == CAIRN_OK) == (name[0] != '\0'));
	return err;
}

#define HEAD(alg) "{\"alg\":\"" alg "\",\"kid\":\"" alg "\"}"
#define ABOUT "\"iss\":\"" ISSUER "\",\"sub\":\"1\","
#define FOR "\"aud\":\"" CLIENT "\","
#define TIMES "\"iat\":1779999900,\"exp\":1780003600,"
#define ONCE "\"nonce\":\"" NONCE "\","
#define NAMED "\"preferred_username\":\"maria\""
#define GOOD "{" ABOUT FOR TIMES ONCE NAMED "}"

/* Those claims, well signed. */
static int
claims(const char *text)
{
	make_token(ED, keys[ED], HEAD("EdDSA"), text);
	return check();
}

/* Good claims under that head, signed with a key of that kind. */
static int
head(int kind, EVP_PKEY *key, const char *text)
{
	make_token(kind, key, text, GOOD);
	return check();
}

static int
set_up(void **state)
{
	static const struct issuer_claim username = {"preferred_username", "openid profile"};

	(void)state;
	issuer = (struct issuer){.address = (char *)(uintptr_t)ISSUER, .client = (char *)(uintptr_t)CLIENT,
	    .claim = &username, .keys = json_array()};
	for (int i = 0; i < KEYS; i++)
		json_array_append_new(issuer.keys, jwk_of(i, keys[i]));
	issuers = g_ptr_array_new();
	g_ptr_array_add(issuers, &issuer);
	wanted = (struct openid_wanted){.from_s = NOW - 3600, .to_s = NOW + 3600};
	memset(wanted.hash, 1, sizeof wanted.hash);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	g_ptr_array_free(issuers, TRUE);
	json_decref(issuer.keys);
	return 0;
}

/* ---- algorithms and keys ---- */

static void
each_algorithm_names_who_wrote(void **state)
{
	static const char *const heads[KEYS] = {HEAD("RS256"), HEAD("ES256"), HEAD("EdDSA")};

	(void)state;
	for (int i = 0; i < KEYS; i++) {
		assert_ok(head(i, keys[i], heads[i]));
		assert_string_equal(name, "maria");
	}
}

static void
a_token_that_nobody_signed_names_nobody(void **state)
{
	static const char *const none[] = {"none", "None", "nOnE", "NONE", "", "RS256", "EdDSA"};

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		char text[64];
		size_t used;

		snprintf(text, sizeof text, "{\"alg\":\"%s\"}", none[i]);
		put_parts(text, strlen(text), GOOD, strlen(GOOD));
		assert_err(check(), CAIRN_ERR_FORMAT);
		used = strlen(token);
		memcpy(token + used, ".", 2);
		assert_err(check(), CAIRN_ERR_FORMAT);
		memcpy(token + used, ".AAAA", 6);
		assert_true(check() != CAIRN_OK);
	}
	make_token(ED, keys[ED], "{\"kid\":\"EdDSA\"}", GOOD);
	assert_err(check(), CAIRN_ERR_FORMAT);
	make_token(ED, keys[ED], "{\"alg\":1}", GOOD);
	assert_err(check(), CAIRN_ERR_FORMAT);
}

/* The oldest of them: a public key, known to all, taken as the secret of an HMAC. */
static void
a_public_key_is_no_shared_secret(void **state)
{
	json_t *jwk = jwk_of(RS, keys[RS]);
	char *whole = json_dumps(jwk, JSON_COMPACT);
	const char *const secrets[] = {json_string_value(json_object_get(jwk, "n")), whole, ""};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		uint8_t sig[32];
		unsigned bytes = sizeof sig;

		put_parts("{\"alg\":\"HS256\",\"kid\":\"RS256\"}", 29, GOOD, strlen(GOOD));
		assert_non_null(HMAC(EVP_sha256(), secrets[i], (int)strlen(secrets[i]), (const uint8_t *)token,
		    strlen(token), sig, &bytes));
		put_signature(sig, bytes);
		assert_err(check(), CAIRN_ERR_KEY);
	}
	free(whole);
	json_decref(jwk);
}

static void
a_key_signs_by_its_own_algorithm_only(void **state)
{
	(void)state;
	for (int key = 0; key < KEYS; key++)
		for (int alg = 0; alg < KEYS; alg++) {
			char text[80];

			snprintf(text, sizeof text, "{\"alg\":\"%s\",\"kid\":\"%s\"}", algs[alg], algs[key]);
			assert_err(head(key, keys[key], text), key == alg ? CAIRN_OK : CAIRN_ERR_KEY);
			/* Without a name it is the algorithm that finds the key, and that is another. */
			snprintf(text, sizeof text, "{\"alg\":\"%s\"}", algs[alg]);
			assert_err(head(key, keys[key], text), key == alg ? CAIRN_OK : CAIRN_ERR_CRYPTO);
		}
	assert_err(head(RS, keys[RS], "{\"alg\":\"RS512\",\"kid\":\"RS256\"}"), CAIRN_ERR_KEY);
	assert_err(head(RS, keys[RS], "{\"alg\":\"rs256\",\"kid\":\"RS256\"}"), CAIRN_ERR_KEY);
}

static void
a_strangers_key_names_nobody(void **state)
{
	static const char *const heads[KEYS] = {HEAD("RS256"), HEAD("ES256"), HEAD("EdDSA")};

	(void)state;
	for (int i = 0; i < KEYS; i++)
		assert_err(head(i, strangers[i], heads[i]), CAIRN_ERR_CRYPTO);
}

static void
keys_that_a_token_brings_along_are_not_looked_at(void **state)
{
	json_t *own = jwk_of(ED, strangers[ED]);
	char *jwk = json_dumps(own, JSON_COMPACT), text[700];

	(void)state;
	snprintf(text, sizeof text,
	    "{\"alg\":\"EdDSA\",\"kid\":\"EdDSA\",\"jwk\":%s,\"jku\":\"https://x.example\",\"x5u\":"
				    "\"https://x.example\",\"x5c\":[\"AAAA\"]}",
	    jwk);
	assert_err(head(ED, strangers[ED], text), CAIRN_ERR_CRYPTO);
	snprintf(text, sizeof text, "{\"alg\":\"EdDSA\",\"kid\":\"mine\",\"jwk\":%s}", jwk);
	assert_err(head(ED, strangers[ED], text), CAIRN_ERR_KEY);
	free(jwk);
	json_decref(own);
}

static void
a_key_is_found_by_its_name_and_never_guessed(void **state)
{
	static const char *const wrong[] = {"{\"alg\":\"EdDSA\",\"kid\":\"other\"}", "{\"alg\":\"EdDSA\",\"kid\":0}",
	    "{\"alg\":\"EdDSA\",\"kid\":[\"EdDSA\"]}", "{\"alg\":\"EdDSA\",\"kid\":null}",
	    "{\"alg\":\"EdDSA\",\"kid\":\"\"}",
	    "{\"alg\":\"EdDSA\",\"kid\":\"../../../dev/null\"}", "{\"alg\":\"EdDSA\",\"kid\":\"' OR 1=1\"}"};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_err(head(ED, keys[ED], wrong[i]), CAIRN_ERR_KEY);
	/* A second key of that kind: now a name is needed, and finds the right one. */
	json_array_append_new(issuer.keys, jwk_of(ED, strangers[ED]));
	assert_err(head(ED, keys[ED], "{\"alg\":\"EdDSA\"}"), CAIRN_ERR_KEY);
	assert_err(head(ED, keys[ED], HEAD("EdDSA")), CAIRN_ERR_KEY);
	json_object_set_new(json_array_get(issuer.keys, KEYS), "kid", json_string("second"));
	assert_ok(head(ED, keys[ED], HEAD("EdDSA")));
	assert_err(head(ED, strangers[ED], HEAD("EdDSA")), CAIRN_ERR_CRYPTO);
	assert_ok(head(ED, strangers[ED], "{\"alg\":\"EdDSA\",\"kid\":\"second\"}"));
}

static void
a_key_for_something_else_signs_nothing(void **state)
{
	json_t *key = json_array_get(issuer.keys, ED);

	(void)state;
	json_object_set_new(key, "use", json_string("enc"));
	assert_err(claims(GOOD), CAIRN_ERR_KEY);
	json_object_set_new(key, "use", json_string("sig"));
	json_object_set_new(key, "alg", json_string("ES256"));
	assert_err(claims(GOOD), CAIRN_ERR_KEY);
	json_object_set_new(key, "alg", json_string("EdDSA"));
	assert_ok(claims(GOOD));
	json_object_set_new(key, "crv", json_string("Ed448"));
	assert_err(claims(GOOD), CAIRN_ERR_CRYPTO);
}

static void
a_changed_letter_breaks_the_signature(void **state)
{
	(void)state;
	assert_ok(claims(GOOD));
	for (size_t i = 0, last = strlen(token); i < last; i++) {
		char was = token[i];

		token[i] = was == 'A' ? 'B' : 'A';
		assert_true(check() != CAIRN_OK);
		token[i] = was;
	}
	assert_ok(check());
}

static void
signatures_of_another_size_are_refused(void **state)
{
	uint8_t sig[1024] = {0}, zero[64] = {0};
	char before[TOKEN_ROOM];
	size_t bytes;

	(void)state;
	put_parts(HEAD("ES256"), strlen(HEAD("ES256")), GOOD, strlen(GOOD));
	memcpy(before, token, sizeof before);
	bytes = sign(sig, ES, keys[ES], token);
	for (size_t size = 1; size <= bytes + 8; size++) {
		memcpy(token, before, sizeof before);
		put_signature(sig, size);
		assert_err(check(), size == bytes ? CAIRN_OK : CAIRN_ERR_CRYPTO);
	}
	memcpy(token, before, sizeof before);
	put_signature(zero, sizeof zero);
	assert_err(check(), CAIRN_ERR_CRYPTO);
}

static void
weak_keys_are_none(void **state)
{
	static const char *const exponents[] = {"AQ", "Ag", "", "AQAB=", "AQ AB"};
	EVP_PKEY *small = EVP_RSA_gen(1024);
	json_t *jwk = jwk_of(RS, small), *copy;

	(void)state;
	assert_null(jwk_public(jwk));
	/* Zeros before it make it longer, and no stronger. */
	put_number(jwk, "n", small, OSSL_PKEY_PARAM_RSA_N, 256);
	assert_null(jwk_public(jwk));
	json_array_set_new(issuer.keys, RS, jwk);
	assert_err(head(RS, small, HEAD("RS256")), CAIRN_ERR_CRYPTO);
	EVP_PKEY_free(small);
	json_array_set_new(issuer.keys, RS, jwk = jwk_of(RS, keys[RS]));
	copy = jwk_public(jwk);
	assert_non_null(copy);
	json_decref(copy);
	for (size_t i = 0; i < sizeof exponents / sizeof exponents[0]; i++) {
		json_object_set_new(jwk, "e", json_string(exponents[i]));
		assert_null(jwk_public(jwk));
	}
}

static void
a_point_beside_the_curve_is_no_key(void **state)
{
	json_t *jwk = json_array_get(issuer.keys, ES);

	(void)state;
	json_object_set_new(jwk, "y", json_string("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
	assert_null(jwk_public(jwk));
	assert_err(head(ES, keys[ES], HEAD("ES256")), CAIRN_ERR_CRYPTO);
}

static void
only_what_is_public_of_a_key_is_kept(void **state)
{
	json_t *jwk = json_array_get(issuer.keys, ED), *kept;

	(void)state;
	json_object_set_new(jwk, "d", json_string("secret"));
	json_object_set_new(jwk, "x5c", json_array());
	kept = jwk_public(jwk);
	assert_non_null(json_object_get(kept, "x"));
	assert_non_null(json_object_get(kept, "kid"));
	assert_null(json_object_get(kept, "d"));
	assert_null(json_object_get(kept, "x5c"));
	json_decref(kept);
}

/* ---- what it is for ---- */

static void
a_token_for_another_site_names_nobody(void **state)
{
	static const char *const wrong[] = {"\"aud\":\"other\",", "\"aud\":\"" CLIENT "x\",", "\"aud\":[],",
	    "\"aud\":{},", "",
	    "\"aud\":[\"other\"],", "\"aud\":[\"" CLIENT "\",\"other\"],", "\"aud\":1,", "\"aud\":[1],",
	    "\"aud\":[[\"" CLIENT "\"]],", "\"aud\":\"" CLIENT "\",\"azp\":\"other\",",
	    "\"aud\":\"" CLIENT "\",\"azp\":null,",
	    "\"aud\":\"other\",\"azp\":\"" CLIENT "\",", "\"aud\":[\"other\"],\"azp\":\"" CLIENT "\","};
	static const char *const right[] = {"\"aud\":[\"" CLIENT "\"],",
	    "\"aud\":\"" CLIENT "\",\"azp\":\"" CLIENT "\",",
	    "\"aud\":[\"other\",\"" CLIENT "\"],\"azp\":\"" CLIENT "\","};
	char text[600];

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		snprintf(text, sizeof text, "{" ABOUT "%s" TIMES ONCE NAMED "}", wrong[i]);
		assert_err(claims(text), CAIRN_ERR_DENIED);
	}
	for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
		snprintf(text, sizeof text, "{" ABOUT "%s" TIMES ONCE NAMED "}", right[i]);
		assert_ok(claims(text));
	}
}

static void
a_token_of_another_comment_names_nobody(void **state)
{
	static const char *const wrong[] = {"", "\"nonce\":\"\",", "\"nonce\":1,", "\"nonce\":[\"" NONCE "\"],",
	    "\"nonce\":\"02"
	    "01010101010101010101010101010101010101010101010101010101010101\",",
	    "\"nonce\":\"" NONCE "01\","};
	char text[600];

	(void)state;
	assert_ok(claims(GOOD));
	wanted.hash[31] ^= 1;
	assert_err(check(), CAIRN_ERR_DENIED);
	wanted.hash[31] ^= 1;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		snprintf(text, sizeof text, "{" ABOUT FOR TIMES "%s" NAMED "}", wrong[i]);
		assert_err(claims(text), CAIRN_ERR_DENIED);
	}
}

static void
a_token_of_another_issuer_names_nobody(void **state)
{
	static const char *const wrong[] = {"", "\"iss\":\"" ISSUER "/\",", "\"iss\":\"http://op.example\",",
	    "\"iss\":1,",
	    "\"iss\":\"https://evil.example\",", "\"iss\":[\"" ISSUER "\"],"};
	char text[600];

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		snprintf(text, sizeof text, "{%s" FOR TIMES ONCE NAMED "}", wrong[i]);
		assert_err(claims(text), CAIRN_ERR_UNKNOWN);
	}
	g_ptr_array_set_size(issuers, 0);
	assert_err(claims(GOOD), CAIRN_ERR_UNKNOWN);
}

static void
a_token_holds_when_its_comment_arrived(void **state)
{
	static const struct {
		int err;
		const char *times;
	} rows[] = {
	    {CAIRN_OK, "\"iat\":1779996401,\"exp\":1779996401,"},
	    {CAIRN_OK, "\"iat\":1779996399,\"exp\":1779996400,"},
	    {CAIRN_OK, "\"iat\":1780003900,\"exp\":1780007500,"},
	    {CAIRN_OK, "\"iat\":1779999900,\"exp\":1780003600,\"nbf\":1779999900,"},
	    {CAIRN_ERR_DENIED, "\"iat\":1779990000,\"exp\":1779996399,"}, /* it had run out */
	    {CAIRN_ERR_DENIED, "\"iat\":1780003901,\"exp\":1780007500,"}, /* it was not yet made */
	    {CAIRN_ERR_DENIED, "\"iat\":1780000000,\"exp\":1779999999,"},
	    {CAIRN_ERR_DENIED, "\"iat\":1779999900,\"exp\":1780003600,\"nbf\":1780003901,"},
	    {CAIRN_ERR_DENIED, "\"iat\":1779999900,\"exp\":1780003600,\"nbf\":\"1\","},
	    {CAIRN_ERR_DENIED, "\"iat\":1779999900,"},
	    {CAIRN_ERR_DENIED, "\"exp\":1780003600,"},
	    {CAIRN_ERR_DENIED, "\"iat\":1779999900,\"exp\":\"1780003600\","},
	    {CAIRN_ERR_DENIED, "\"iat\":1779999900,\"exp\":1e99,"},
	    {CAIRN_ERR_DENIED, "\"iat\":1779999900,\"exp\":-1,"},
	};
	char text[600];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		snprintf(text, sizeof text, "{" ABOUT FOR "%s" ONCE NAMED "}", rows[i].times);
		assert_err(claims(text), rows[i].err);
	}
}

/* ---- names ---- */

static void
a_name_is_one_line_that_plays_no_tricks(void **state)
{
	static const char *const wrong[] = {"", "\"preferred_username\":\"\"", "\"preferred_username\":1",
	    "\"preferred_username\":null", "\"preferred_username\":[\"maria\"]", "\"name\":\"maria\"",
	    "\"preferred_username\":\"a\\nb\"", "\"preferred_username\":\"a\\u202eb\"",
	    "\"preferred_username\":\"\\u200b\"",
	    "\"preferred_username\":\"a\\u001bb\"", "\"preferred_username\":\"  \"",
	    "\"preferred_username\":\"\\u200d\"",
	    "\"preferred_username\":\"ma\\u00adria\""};
	char text[900], *at;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		snprintf(text, sizeof text, "{" ABOUT FOR TIMES "\"nonce\":\"" NONCE "\"%s%s}",
		    wrong[i][0] == '\0' ? "" : ",",
		    wrong[i]);
		assert_err(claims(text), CAIRN_ERR_DENIED);
	}
	at = text + snprintf(text, sizeof text, "{" ABOUT FOR TIMES ONCE "\"preferred_username\":\"");
	memset(at, 'x', OPENID_NAME_MAX + 1);
	memcpy(at + OPENID_NAME_MAX + 1, "\"}", 3);
	assert_err(claims(text), CAIRN_ERR_DENIED);
	memcpy(at + OPENID_NAME_MAX, "\"}", 3);
	assert_ok(claims(text));
	assert_int_equal(strlen(name), OPENID_NAME_MAX);
}

static void
an_address_that_nobody_confirmed_is_no_name(void **state)
{
	static const struct issuer_claim email = {"email", "openid email"};

	(void)state;
	issuer.claim = &email;
	assert_err(claims("{" ABOUT FOR TIMES ONCE "\"email\":\"a@b.example\"}"), CAIRN_ERR_DENIED);
	assert_err(claims("{" ABOUT FOR TIMES ONCE "\"email\":\"a@b.example\",\"email_verified\":false}"),
	    CAIRN_ERR_DENIED);
	assert_err(claims("{" ABOUT FOR TIMES ONCE "\"email\":\"a@b.example\",\"email_verified\":\"true\"}"),
	    CAIRN_ERR_DENIED);
	assert_ok(claims("{" ABOUT FOR TIMES ONCE "\"email\":\"a@b.example\",\"email_verified\":true}"));
	assert_string_equal(name, "a@b.example");
}

/* ---- shapes ---- */

static void
only_one_shape_is_a_token(void **state)
{
	static const char *const bad[] = {"", ".", "..", "...", "a", "a.b", "e30", "e30.e30", "e30.e30.", ".e30.AA",
	    "e30..AA",
	    "e30.e30.AA.AA", "e30.e30.AA==", "e30=.e30.AA", "e30.e30.A", "e30.e30.AB", "e30.e30. AA", "e30.e30.AA\n",
	    "e30.e30.A+", "bnVsbA.e30.AA", "e30.W10.AA", "W10.e30.AA", "e30.MQ.AA", "e30.e3.AA"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		snprintf(token, sizeof token, "%s", bad[i]);
		assert_err(check(), CAIRN_ERR_FORMAT);
	}
}

static void
a_head_that_wants_more_is_refused(void **state)
{
	static const char *const wrong[] = {"{\"alg\":\"EdDSA\",\"kid\":\"EdDSA\",\"crit\":[\"exp\"]}",
	    "{\"alg\":\"EdDSA\",\"kid\":\"EdDSA\",\"crit\":[]}",
	    "{\"alg\":\"EdDSA\",\"kid\":\"EdDSA\",\"typ\":\"at+jwt\"}",
	    "{\"alg\":\"EdDSA\",\"kid\":\"EdDSA\",\"typ\":\"logout+jwt\"}",
	    "{\"alg\":\"EdDSA\",\"kid\":\"EdDSA\",\"typ\":1}"};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_err(head(ED, keys[ED], wrong[i]), CAIRN_ERR_FORMAT);
	assert_ok(head(ED, keys[ED], "{\"alg\":\"EdDSA\",\"kid\":\"EdDSA\",\"typ\":\"JWT\"}"));
}

static void
what_stands_twice_is_refused(void **state)
{
	(void)state;
	assert_err(claims("{" ABOUT FOR TIMES ONCE NAMED ",\"preferred_username\":\"pope\"}"), CAIRN_ERR_FORMAT);
	assert_err(head(ED, keys[ED], "{\"alg\":\"none\",\"alg\":\"EdDSA\",\"kid\":\"EdDSA\"}"), CAIRN_ERR_FORMAT);
}

static void
bad_text_in_json_is_refused(void **state)
{
	(void)state;
	assert_err(claims("{" ABOUT FOR TIMES ONCE "\"preferred_username\":\"a\\u0000b\"}"), CAIRN_ERR_FORMAT);
	assert_err(claims("{" ABOUT FOR TIMES ONCE "\"preferred_username\":\"\xff\"}"), CAIRN_ERR_FORMAT);
	assert_err(claims("{" ABOUT FOR TIMES ONCE "\"preferred_username\":\"\\ud800\"}"), CAIRN_ERR_FORMAT);
	assert_err(claims(GOOD "x"), CAIRN_ERR_FORMAT);
}

static void
deep_and_long_ones_are_refused(void **state)
{
	static char text[12000];
	size_t used = (size_t)snprintf(text, sizeof text, "{" ABOUT FOR TIMES ONCE NAMED ",\"more\":");

	(void)state;
	memset(text + used, '[', 2600);
	text[used + 2600] = '\0';
	assert_err(claims(text), CAIRN_ERR_FORMAT);
	memset(text + used, '[', 600);
	memset(text + used + 600, ']', 600);
	memcpy(text + used + 1200, "}", 2);
	assert_ok(claims(text));
	memset(text + used, ' ', 3000);
	memcpy(text + used + 3000, "1}", 3);
	assert_err(claims(text), CAIRN_ERR_FORMAT);
	memset(token, 'A', sizeof token - 1);
	assert_err(check(), CAIRN_ERR_FORMAT);
}

/* ---- issuers ---- */

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

static void
a_line_of_an_issuer_is_whole(void **state)
{
	static const char *const good[] = {"op | The Sign-in | https://op.example | id | preferred_username",
	    "a-b|B|https://op.example/realms/x|1234.apps.example|email", "op | T | http://127.0.0.1:8080 | id | sub"};
	static const char *const bad[] = {"", "op", "op | T | https://op.example | id",
	    "op | T | http://op.example | id | sub",
	    "Op | T | https://op.example | id | sub", "op | | https://op.example | id | sub",
	    "op | T | op.example | id | sub",
	    "op | T | https://op.example | | sub", "op | T | https://op.example | a b | sub",
	    "op | T | https://op.example | id | phone_number", "op | T | https://op.example | id | sub | more",
	    "op | T | https://op.example;script-src | id | sub", "op | T | https://op.example?x | id | sub",
	    "op | T | https://op.example,x | id | sub", "op | T | https://op.example | \"id\" | sub"};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(issuer_line_ok(span(good[i])));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(issuer_line_ok(span(bad[i])));
}

#define DISCOVERY(issuer, authorize, token)                                                                   \
	"{\"issuer\":\"" issuer "\",\"authorization_endpoint\":\"" authorize "\",\"token_endpoint\":\"" token \
	"\",\"jwks_uri\":\"https://op.example/keys\",\"claims_parameter_supported\":true}"

static void
what_an_issuer_says_of_itself_is_checked(void **state)
{
	static const char *const bad[] = {"", "[]", "{}", DISCOVERY("https://evil.example", "https://op.example/a",
	    "https://op.example/t"),
	    DISCOVERY(ISSUER, "javascript:alert(1)", "https://op.example/t"), DISCOVERY(ISSUER,
	    "https://op.example/a", "http://op.example/t"),
	    DISCOVERY(ISSUER, "https://op.example/a", "https://op.example/t;x"), DISCOVERY(ISSUER,
	    "https://op.example/a", "https://op.example/t x"),
	    DISCOVERY(ISSUER, "https://op.example/\\\"a", "https://op.example/t")};
	static const char good[] = DISCOVERY(ISSUER, "https://op.example/a?p=1", "https://op.example/t");
	json_t *set = json_pack("{s:O}", "keys", issuer.keys);
	struct site_fault fault;
	GString *out = g_string_new(NULL);
	char *text, *address;

	(void)state;
	json_object_set_new(json_array_get(issuer.keys, ED), "d", json_string("a-private-half"));
	text = json_dumps(set, 0);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_null(issuer_keys_address(&issuer, span(bad[i]), &fault));
		assert_err(issuer_file(out, &issuer, span(bad[i]), span(text), 20000, &fault), CAIRN_ERR_FORMAT);
	}
	address = issuer_keys_address(&issuer, span(good), &fault);
	assert_string_equal(address, "https://op.example/keys");
	assert_err(issuer_file(out, &issuer, span(good), span("{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"), 20000,
	    &fault),
	    CAIRN_ERR_FORMAT);
	assert_ok(issuer_file(out, &issuer, span(good), span(text), 20000, &fault));
	assert_non_null(strstr(out->str, "\"fetched\": \"2024-10-04\""));
	assert_null(strstr(out->str, "a-private-half"));
	g_free(address);
	g_string_free(out, TRUE);
	free(text);
	json_decref(set);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_algorithm_names_who_wrote),
	    TEST(a_token_that_nobody_signed_names_nobody),
	    TEST(a_public_key_is_no_shared_secret),
	    TEST(a_key_signs_by_its_own_algorithm_only),
	    TEST(a_strangers_key_names_nobody),
	    TEST(keys_that_a_token_brings_along_are_not_looked_at),
	    TEST(a_key_is_found_by_its_name_and_never_guessed),
	    TEST(a_key_for_something_else_signs_nothing),
	    TEST(a_changed_letter_breaks_the_signature),
	    TEST(signatures_of_another_size_are_refused),
	    TEST(weak_keys_are_none),
	    TEST(a_point_beside_the_curve_is_no_key),
	    TEST(only_what_is_public_of_a_key_is_kept),
	    TEST(a_token_for_another_site_names_nobody),
	    TEST(a_token_of_another_comment_names_nobody),
	    TEST(a_token_of_another_issuer_names_nobody),
	    TEST(a_token_holds_when_its_comment_arrived),
	    TEST(a_name_is_one_line_that_plays_no_tricks),
	    TEST(an_address_that_nobody_confirmed_is_no_name),
	    TEST(only_one_shape_is_a_token),
	    TEST(a_head_that_wants_more_is_refused),
	    TEST(what_stands_twice_is_refused),
	    TEST(bad_text_in_json_is_refused),
	    TEST(deep_and_long_ones_are_refused),
	    TEST(a_line_of_an_issuer_is_whole),
	    TEST(what_an_issuer_says_of_itself_is_checked),
	};
	int failed;

	if (sodium_init() < 0)
		return 1;
	make_keys(keys);
	make_keys(strangers);
	failed = RUN_TESTS(tests);
	for (int i = 0; i < KEYS; i++) {
		EVP_PKEY_free(keys[i]);
		EVP_PKEY_free(strangers[i]);
	}
	return failed;
}
