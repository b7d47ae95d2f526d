// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/jwk.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sodium.h>

#define MODULUS_MIN 256U /* bytes: 2048 bits */
#define MODULUS_MAX 1024U
#define EXPONENT_MAX 8U
#define COORDINATE 32U

static bool
said_is(const json_t *key, const char *member, const char *wanted)
{
	const char *value = json_string_value(json_object_get(key, member));

	return value != NULL && strcmp(value, wanted) == 0;
}

/* base64url without padding, in its one form. Its bytes, 0 where it has none or too many. */
static size_t
number(uint8_t *out, size_t room, const json_t *key, const char *member)
{
	const json_t *value = json_object_get(key, member);
	size_t bytes = 0;

	if (!json_is_string(value) ||
	    sodium_base642bin(out, room, json_string_value(value), json_string_length(value), NULL, &bytes, NULL,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return 0;
	return bytes;
}

/* ---- keys ---- */

static EVP_PKEY *
from_params(const char *type, OSSL_PARAM_BLD *build)
{
	OSSL_PARAM *params = build == NULL ? NULL : OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (params == NULL || context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_free(params);
	return key;
}

static EVP_PKEY *
rsa_key(const json_t *jwk)
{
	uint8_t n[MODULUS_MAX], e[EXPONENT_MAX];
	size_t n_bytes = number(n, sizeof n, jwk, "n"), e_bytes = number(e, sizeof e, jwk, "e");
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BIGNUM *modulus = BN_bin2bn(n, (int)n_bytes, NULL), *exponent = BN_bin2bn(e, (int)e_bytes, NULL);
	EVP_PKEY *key = NULL;

	/* With the exponent 1 a message is its own signature. */
	if (n_bytes >= MODULUS_MIN && e_bytes > 0 && build != NULL && modulus != NULL && exponent != NULL &&
	    BN_num_bits(modulus) >= (int)MODULUS_MIN * 8 && BN_is_odd(exponent) && !BN_is_one(exponent) &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, exponent) == 1)
		key = from_params("RSA", build);
	OSSL_PARAM_BLD_free(build);
	BN_free(modulus);
	BN_free(exponent);
	return key;
}

static EVP_PKEY *
ec_key(const json_t *jwk)
{
	uint8_t point[1 + 2 * COORDINATE] = {POINT_CONVERSION_UNCOMPRESSED};
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;

	if (build != NULL && said_is(jwk, "crv", "P-256") &&
	    number(point + 1, COORDINATE, jwk, "x") == COORDINATE &&
	    number(point + 1 + COORDINATE, COORDINATE, jwk, "y") == COORDINATE &&
	    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point) == 1)
		key = from_params("EC", build);
	OSSL_PARAM_BLD_free(build);
	return key;
}

static EVP_PKEY *
ed_key(const json_t *jwk)
{
	uint8_t x[COORDINATE];

	if (!said_is(jwk, "crv", "Ed25519") || number(x, sizeof x, jwk, "x") != sizeof x)
		return NULL;
	return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, x, sizeof x);
}

/* r and s of 32 bytes each, as OpenSSL wants them. */
static size_t
ec_signature(uint8_t out[JWK_SIGNATURE_MAX], const uint8_t *raw, size_t bytes)
{
	ECDSA_SIG *pair;
	BIGNUM *r, *s;
	int used = 0;

	if (bytes != 2 * COORDINATE)
		return 0;
	pair = ECDSA_SIG_new();
	r = BN_bin2bn(raw, COORDINATE, NULL);
	s = BN_bin2bn(raw + COORDINATE, COORDINATE, NULL);
	if (pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s) == 1) {
		used = i2d_ECDSA_SIG(pair, &out);
	} else {
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(pair);
	return used > 0 ? (size_t)used : 0;
}

static size_t
plain_signature(uint8_t out[JWK_SIGNATURE_MAX], const uint8_t *raw, size_t bytes)
{
	memcpy(out, raw, bytes);
	return bytes;
}

/* Which key an algorithm takes: never what the token would like to. */
static const struct algorithm {
	const char *name, *type;
	EVP_PKEY *(*key)(const json_t *jwk);
	size_t (*signature)(uint8_t out[JWK_SIGNATURE_MAX], const uint8_t *raw, size_t bytes);
	const char *digest;
	const char *members[4]; /* beside those that all have */
} algorithms[] = {
    {"RS256", "RSA", rsa_key, plain_signature, "SHA256", {"n", "e"}},
    {"ES256", "EC", ec_key, ec_signature, "SHA256", {"crv", "x", "y"}},
    {"EdDSA", "OKP", ed_key, plain_signature, NULL, {"crv", "x"}},
};
#define ALGORITHMS (sizeof algorithms / sizeof algorithms[0])

static const struct algorithm *
algorithm_of(const char *name)
{
	for (size_t i = 0; i < ALGORITHMS; i++)
		if (strcmp(algorithms[i].name, name) == 0)
			return &algorithms[i];
	return NULL;
}

/* ---- what others call ---- */

bool
jwk_fits(const json_t *key, const char *alg, const char *kid)
{
	const struct algorithm *algorithm = algorithm_of(alg);

	return algorithm != NULL && said_is(key, "kty", algorithm->type) &&
	    (json_object_get(key, "alg") == NULL || said_is(key, "alg", alg)) &&
	    (json_object_get(key, "use") == NULL || said_is(key, "use", "sig")) &&
	    (kid == NULL || said_is(key, "kid", kid));
}

static json_t *
copy_members(const json_t *key, const struct algorithm *algorithm)
{
	static const char *const common[] = {"kty", "kid", "use", "alg"};
	json_t *out = json_object();

	for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
		if (json_is_string(json_object_get(key, common[i])))
			json_object_set(out, common[i], json_object_get(key, common[i]));
	for (size_t i = 0; algorithm->members[i] != NULL; i++)
		json_object_set(out, algorithm->members[i], json_object_get(key, algorithm->members[i]));
	return out;
}

json_t *
jwk_public(const json_t *key)
{
	for (size_t i = 0; i < ALGORITHMS; i++) {
		EVP_PKEY *made;

		if (!jwk_fits(key, algorithms[i].name, NULL) || (made = algorithms[i].key(key)) == NULL)
			continue;
		EVP_PKEY_free(made);
		return copy_members(key, &algorithms[i]);
	}
	return NULL;
}

int
jwk_verify(const json_t *key, const char *alg, struct cairn_span signed_text, const uint8_t *signature, size_t bytes)
{
	const struct algorithm *algorithm = algorithm_of(alg);
	EVP_PKEY *made = algorithm == NULL ? NULL : algorithm->key(key);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t given[JWK_SIGNATURE_MAX];
	size_t used;
	int err = CAIRN_ERR_KEY;

	if (made != NULL && context != NULL && bytes <= sizeof given) {
		used = algorithm->signature(given, signature, bytes);
		err = used > 0 &&
			EVP_DigestVerifyInit_ex(context, NULL, algorithm->digest, NULL, NULL, made, NULL) == 1 &&
			EVP_DigestVerify(context, given, used, (const uint8_t *)signed_text.text,
			    signed_text.size) == 1
		    ? CAIRN_OK
		    : CAIRN_ERR_CRYPTO;
	}
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(made);
	return err;
}
