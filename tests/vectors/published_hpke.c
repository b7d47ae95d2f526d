// SPDX-License-Identifier: GPL-3.0-or-later
#include "vectors/published.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "cairn/hpke.h"
#include "core/hpke_schedule.h"

#define PQ "hpke_pq_xwing_hkdfsha256_chacha20poly1305.json"
#define RFC9180 "hpke_rfc9180_x25519_hkdfsha256_chacha20poly1305.json"
#define KEM_X25519 0x0020U
#define MODE_BASE 0

static void
assert_field(const json_t *row, const char *key, const void *found, size_t size)
{
	struct bytes expected = published_bytes(row, key);

	assert_bytes(&expected, found, size);
	free(expected.at);
}

/* The context of a row, by its shared secret and info, and compared with the row. */
static void
schedule(struct hpke_context *context, const json_t *row)
{
	struct bytes shared = published_bytes(row, "shared_secret");
	struct bytes info = published_bytes(row, "info");
	uint16_t kem = (uint16_t)json_integer_value(json_object_get(row, "kem_id"));

	hpke_schedule(context, kem, shared.at, info.at, info.size);
	assert_field(row, "key", context->key, sizeof context->key);
	assert_field(row, "base_nonce", context->base_nonce, sizeof context->base_nonce);
	assert_field(row, "exporter_secret", context->exporter_secret, sizeof context->exporter_secret);
	free(shared.at);
	free(info.at);
}

static void
check_encryptions(const struct hpke_context *context, const json_t *list, uint32_t sequence)
{
	json_t *row;
	size_t i;

	json_array_foreach(list, i, row) {
		struct bytes plain = published_bytes(row, "pt");
		struct bytes aad = published_bytes(row, "aad");
		uint8_t ct[256];
		uint8_t nonce[HPKE_NONCE_BYTES];

		assert_true(plain.size + CAIRN_HPKE_TAG_BYTES <= sizeof ct);
		memcpy(nonce, context->base_nonce, sizeof nonce);
		put_u32(nonce + 8, get_u32(nonce + 8) ^ (sequence + (uint32_t)i));
		assert_field(row, "nonce", nonce, sizeof nonce);
		crypto_aead_chacha20poly1305_ietf_encrypt(ct, NULL, plain.at, plain.size, aad.at, aad.size, NULL,
		    nonce, context->key);
		assert_field(row, "ct", ct, plain.size + CAIRN_HPKE_TAG_BYTES);
		free(plain.at);
		free(aad.at);
	}
}

static void
check_exports(const struct hpke_context *context, const json_t *group)
{
	uint16_t kem = (uint16_t)json_integer_value(json_object_get(group, "kem_id"));
	uint8_t suite[HPKE_SUITE_BYTES];
	json_t *row;
	size_t i;

	hpke_suite(suite, kem);
	json_array_foreach(json_object_get(group, "exports"), i, row) {
		struct bytes info = published_bytes(row, "exporter_context");
		size_t size = (size_t)json_integer_value(json_object_get(row, "L"));
		uint8_t out[64];

		assert_true(size <= sizeof out);
		hpke_expand(out, size, suite, sizeof suite, context->exporter_secret, "sec", info.at, info.size);
		assert_field(row, "exported_value", out, size);
		free(info.at);
	}
}

/* Groups of base mode of a file; the library seals in no other mode. */
static void
with_each_group(const char *name, void (*check)(const json_t *group))
{
	json_t *file = published_json(name);
	json_t *group;
	size_t i, groups = 0;

	json_array_foreach(file, i, group) {
		if (json_integer_value(json_object_get(group, "mode")) != MODE_BASE)
			continue;
		check(group);
		groups++;
	}
	assert_true(groups > 0);
	json_decref(file);
}

static void
check_group(const json_t *group)
{
	struct hpke_context context;

	schedule(&context, group);
	check_encryptions(&context, json_object_get(group, "encryptions"), 0);
	check_encryptions(&context, json_object_get(group, "encryptions_255_256"), 255);
	check_exports(&context, group);
}

static void
key_schedule_of_rfc_9180(void **state)
{
	(void)state;
	with_each_group(RFC9180, check_group);
}

static void
key_schedule_with_xwing(void **state)
{
	(void)state;
	with_each_group(PQ, check_group);
}

/* DHKEM(X25519, HKDF-SHA256) of RFC 9180, 4.1, on the labeled HKDF of the library. */
static void
dhkem(uint8_t shared[32], const uint8_t *own_secret, const uint8_t *other, const struct bytes *enc,
    const struct bytes *pk)
{
	static const uint8_t suite[5] = {'K', 'E', 'M', 0x00, KEM_X25519};
	uint8_t context[64];
	uint8_t product[32];
	uint8_t prk[HPKE_SECRET_BYTES];

	assert_int_equal(crypto_scalarmult_curve25519(product, own_secret, other), 0);
	memcpy(context, enc->at, 32);
	memcpy(context + 32, pk->at, 32);
	hpke_extract(prk, suite, sizeof suite, NULL, "eae_prk", product, sizeof product);
	hpke_expand(shared, 32, suite, sizeof suite, prk, "shared_secret", context, sizeof context);
}

static void
check_dhkem(const json_t *group)
{
	struct bytes enc = published_bytes(group, "enc");
	struct bytes pk = published_bytes(group, "pkRm");
	struct bytes sk = published_bytes(group, "skRm");
	struct bytes ephemeral = published_bytes(group, "skEm");
	uint8_t shared[32];

	dhkem(shared, sk.at, enc.at, &enc, &pk);
	assert_field(group, "shared_secret", shared, sizeof shared);
	dhkem(shared, ephemeral.at, pk.at, &enc, &pk);
	assert_field(group, "shared_secret", shared, sizeof shared);
	free(enc.at);
	free(pk.at);
	free(sk.at);
	free(ephemeral.at);
}

static void
labeled_hkdf_makes_the_shared_secret_of_rfc_9180(void **state)
{
	(void)state;
	with_each_group(RFC9180, check_dhkem);
}

static void
check_xwing(const json_t *group)
{
	struct bytes seed = published_bytes(group, "skRm");
	struct bytes eseed = published_bytes(group, "ikmE");
	struct cairn_xwing_key key;
	uint8_t enc[CAIRN_XWING_ENC_BYTES];
	uint8_t shared[CAIRN_XWING_SHARED_BYTES];

	cairn_xwing_key_init(&key, seed.at);
	assert_field(group, "pkRm", key.public_key, sizeof key.public_key);
	assert_ok(cairn_xwing_encapsulate(enc, shared, key.public_key, eseed.at));
	assert_field(group, "enc", enc, sizeof enc);
	assert_field(group, "shared_secret", shared, sizeof shared);
	sodium_memzero(shared, sizeof shared);
	assert_ok(cairn_xwing_decapsulate(shared, enc, &key));
	assert_field(group, "shared_secret", shared, sizeof shared);
	free(seed.at);
	free(eseed.at);
}

static void
xwing_as_the_kem_of_hpke(void **state)
{
	(void)state;
	with_each_group(PQ, check_xwing);
}

/* The published messages have an aad and ours none: enc, key and nonce are the row's, the box is made here. */
static void
check_single_shot(const json_t *group)
{
	static const uint8_t plain[] = "what the row does not have";
	struct bytes seed = published_bytes(group, "skRm");
	struct bytes eseed = published_bytes(group, "ikmE");
	struct bytes pk = published_bytes(group, "pkRm");
	struct bytes info = published_bytes(group, "info");
	struct hpke_context context;
	struct cairn_xwing_key key;
	uint8_t enc[CAIRN_XWING_ENC_BYTES];
	uint8_t ct[sizeof plain + CAIRN_HPKE_TAG_BYTES];
	uint8_t expected[sizeof ct];
	uint8_t opened[sizeof plain];

	schedule(&context, group);
	crypto_aead_chacha20poly1305_ietf_encrypt(
	    expected, NULL, plain, sizeof plain, NULL, 0, NULL, context.base_nonce, context.key);
	assert_ok(cairn_hpke_seal(enc, ct, plain, sizeof plain, pk.at, info.at, info.size, eseed.at));
	assert_field(group, "enc", enc, sizeof enc);
	assert_memory_equal(ct, expected, sizeof ct);
	cairn_xwing_key_init(&key, seed.at);
	assert_ok(cairn_hpke_open(opened, enc, expected, sizeof expected, &key, info.at, info.size));
	assert_memory_equal(opened, plain, sizeof plain);
	free(seed.at);
	free(eseed.at);
	free(pk.at);
	free(info.at);
}

static void
single_shot_seals_and_opens_under_the_published_key(void **state)
{
	(void)state;
	with_each_group(PQ, check_single_shot);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(key_schedule_of_rfc_9180),
	    cmocka_unit_test(key_schedule_with_xwing),
	    cmocka_unit_test(labeled_hkdf_makes_the_shared_secret_of_rfc_9180),
	    cmocka_unit_test(xwing_as_the_kem_of_hpke),
	    cmocka_unit_test(single_shot_seals_and_opens_under_the_published_key),
	};

	return sodium_init() < 0 || RUN_TESTS(tests);
}
