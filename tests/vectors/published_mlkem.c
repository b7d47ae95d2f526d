// SPDX-License-Identifier: GPL-3.0-or-later
#include "vectors/published.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "cairn/xwing.h"
#include "common/fips202.h"
#include "crypto_kem/ml-kem-768/clean/kem.h"

#define EK_BYTES PQCLEAN_MLKEM768_CLEAN_CRYPTO_PUBLICKEYBYTES
#define DK_BYTES PQCLEAN_MLKEM768_CLEAN_CRYPTO_SECRETKEYBYTES
#define CT_BYTES PQCLEAN_MLKEM768_CLEAN_CRYPTO_CIPHERTEXTBYTES
#define SS_BYTES 32

/* The library's check of public keys, with a good X25519 half behind. */
static int
check_ek(const struct bytes *ek)
{
	uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES];

	assert_int_equal(ek->size, EK_BYTES);
	memcpy(public_key, ek->at, EK_BYTES);
	memset(public_key + CAIRN_XWING_POINT_AT, 9, 32);
	return cairn_xwing_public_check(public_key);
}

static void
check_decaps(const struct bytes *dk, const struct bytes *c, const struct bytes *shared)
{
	uint8_t ss[SS_BYTES];

	assert_int_equal(dk->size, DK_BYTES);
	assert_int_equal(c->size, CT_BYTES);
	PQCLEAN_MLKEM768_CLEAN_crypto_kem_dec(ss, c->at, dk->at);
	assert_bytes(shared, ss, sizeof ss);
}

static void
check_encaps(const struct bytes *ek, const struct bytes *m, const struct bytes *c, const struct bytes *shared)
{
	uint8_t ct[CT_BYTES];
	uint8_t ss[SS_BYTES];

	assert_ok(check_ek(ek));
	PQCLEAN_MLKEM768_CLEAN_crypto_kem_enc_derand(ct, ss, ek->at, m->at);
	assert_bytes(c, ct, sizeof ct);
	assert_bytes(shared, ss, sizeof ss);
}

static void
check_seed_row(const json_t *group, const json_t *row)
{
	struct bytes seed = published_bytes(row, "seed");
	struct bytes c = published_bytes(row, "c");
	struct bytes shared = published_bytes(row, "K");
	uint8_t ek[EK_BYTES];
	uint8_t dk_bytes[DK_BYTES];
	struct bytes dk = {dk_bytes, sizeof dk_bytes};

	(void)group;
	if (published_is(row, "result", "valid")) {
		struct bytes expected = published_bytes(row, "ek");

		PQCLEAN_MLKEM768_CLEAN_crypto_kem_keypair_derand(ek, dk_bytes, seed.at);
		assert_bytes(&expected, ek, sizeof ek);
		assert_ok(check_ek(&expected));
		check_decaps(&dk, &c, &shared);
		free(expected.at);
	} else {
		/* Our types have the sizes: what is wrong in these rows cannot be handed over. */
		assert_true(seed.size != 64 || c.size != CT_BYTES);
	}
	free(seed.at);
	free(c.at);
	free(shared.at);
}

static void
wycheproof_keys_from_seeds_and_decapsulation(void **state)
{
	(void)state;
	published_wycheproof("wycheproof_mlkem_768.json", check_seed_row);
}

static void
check_keygen_row(const json_t *group, const json_t *row)
{
	struct bytes seed = published_bytes(row, "seed");
	struct bytes ek = published_bytes(row, "ek");
	struct bytes dk = published_bytes(row, "dk");
	uint8_t made_ek[EK_BYTES];
	uint8_t made_dk[DK_BYTES];

	(void)group;
	assert_int_equal(seed.size, 64);
	PQCLEAN_MLKEM768_CLEAN_crypto_kem_keypair_derand(made_ek, made_dk, seed.at);
	assert_bytes(&ek, made_ek, sizeof made_ek);
	assert_bytes(&dk, made_dk, sizeof made_dk);
	assert_ok(check_ek(&ek));
	free(seed.at);
	free(ek.at);
	free(dk.at);
}

static void
wycheproof_key_generation(void **state)
{
	(void)state;
	published_wycheproof("wycheproof_mlkem_768_keygen_seed.json", check_keygen_row);
}

static void
check_encaps_row(const json_t *group, const json_t *row)
{
	struct bytes ek = published_bytes(row, "ek");
	struct bytes m = published_bytes(row, "m");
	struct bytes c = published_bytes(row, "c");
	struct bytes shared = published_bytes(row, "K");

	(void)group;
	if (published_is(row, "result", "valid"))
		check_encaps(&ek, &m, &c, &shared);
	else if (ek.size == EK_BYTES)
		assert_err(check_ek(&ek), CAIRN_ERR_KEY);
	free(ek.at);
	free(m.at);
	free(c.at);
	free(shared.at);
}

static void
wycheproof_encapsulation_and_modulus_check(void **state)
{
	(void)state;
	published_wycheproof("wycheproof_mlkem_768_encaps.json", check_encaps_row);
}

/* Expanded keys never come from outside, so the invalid rows, which are about reading one, have no counterpart. */
static void
check_expanded_row(const json_t *group, const json_t *row)
{
	struct bytes dk, c, shared;

	(void)group;
	if (!published_is(row, "result", "valid"))
		return;
	dk = published_bytes(row, "dk");
	c = published_bytes(row, "c");
	shared = published_bytes(row, "K");
	check_decaps(&dk, &c, &shared);
	free(dk.at);
	free(c.at);
	free(shared.at);
}

static void
wycheproof_decapsulation_with_an_expanded_key(void **state)
{
	(void)state;
	published_wycheproof("wycheproof_mlkem_768_semi_expanded_decaps.json", check_expanded_row);
}

/* The value of the line "name = hex". */
static struct bytes
line(const char *text, const char *name)
{
	size_t size = strlen(name);

	for (const char *at = text; at != NULL; at = strchr(at, '\n')) {
		if (*at == '\n')
			at++;
		if (strncmp(at, name, size) == 0 && strncmp(at + size, " = ", 3) == 0) {
			at += size + 3;
			return published_hex(at, strspn(at, "0123456789abcdef"));
		}
	}
	fail_msg("no line %s", name);
	return (struct bytes){NULL, 0};
}

static void
cctv_comparison_does_not_stop_at_a_zero(void **state)
{
	char *text = published_text("cctv_mlkem768_strcmp.txt");
	struct bytes dk = line(text, "dk");
	struct bytes c = line(text, "c");
	struct bytes shared = line(text, "K");

	(void)state;
	check_decaps(&dk, &c, &shared);
	free(dk.at);
	free(c.at);
	free(shared.at);
	free(text);
}

/* Encapsulation and decapsulation only: the keys were made by the draft's key generation. */
static void
check_cctv_both(const char *name)
{
	char *text = published_text(name);
	struct bytes ek = line(text, "ek");
	struct bytes dk = line(text, "dk");
	struct bytes m = line(text, "m");
	struct bytes c = line(text, "c");
	struct bytes shared = line(text, "K");

	check_encaps(&ek, &m, &c, &shared);
	check_decaps(&dk, &c, &shared);
	free(ek.at);
	free(dk.at);
	free(m.at);
	free(c.at);
	free(shared.at);
	free(text);
}

static void
cctv_sampling_that_takes_many_bytes(void **state)
{
	(void)state;
	check_cctv_both("cctv_mlkem768_unluckysample.txt");
}

static void
cctv_intermediate_values(void **state)
{
	(void)state;
	check_cctv_both("cctv_mlkem768_intermediate.txt");
}

static void
cctv_every_coefficient_out_of_range_is_refused(void **state)
{
	char *text = published_text("cctv_mlkem768_modulus_invalid_ek_sample.txt");
	size_t lines = 0;

	(void)state;
	for (char *at = text; *at != '\0'; at += strspn(at, "\n")) {
		size_t size = strspn(at, "0123456789abcdef");
		struct bytes ek = published_hex(at, size);

		assert_err(check_ek(&ek), CAIRN_ERR_KEY);
		free(ek.at);
		at += size;
		lines++;
	}
	assert_int_equal(lines, 49);
	free(text);
}

/* The rows' hash over 10,000 random keys, encapsulations and decapsulations of nonsense. */
static void
accumulated_hash_of_10000_tests(void **state)
{
	json_t *file = published_json("mlkem768_accumulated.json");
	const json_t *tests = json_object_get(json_object_get(file, "fips203_final"), "tests");
	struct bytes expected = published_bytes(json_array_get(tests, 1), "hash");
	shake128incctx random, sum;
	uint8_t seeds[64 + 32 + CT_BYTES];
	uint8_t ek[EK_BYTES], dk[DK_BYTES], ct[CT_BYTES], ss[SS_BYTES];
	uint8_t hash[32];

	(void)state;
	assert_int_equal(json_integer_value(json_object_get(json_array_get(tests, 1), "count")), 10000);
	shake128_inc_init(&random);
	shake128_inc_finalize(&random);
	shake128_inc_init(&sum);
	for (size_t i = 0; i < 10000; i++) {
		shake128_inc_squeeze(seeds, sizeof seeds, &random);
		PQCLEAN_MLKEM768_CLEAN_crypto_kem_keypair_derand(ek, dk, seeds);
		shake128_inc_absorb(&sum, ek, sizeof ek);
		PQCLEAN_MLKEM768_CLEAN_crypto_kem_enc_derand(ct, ss, ek, seeds + 64);
		shake128_inc_absorb(&sum, ct, sizeof ct);
		shake128_inc_absorb(&sum, ss, sizeof ss);
		PQCLEAN_MLKEM768_CLEAN_crypto_kem_dec(ss, seeds + 96, dk);
		shake128_inc_absorb(&sum, ss, sizeof ss);
	}
	shake128_inc_finalize(&sum);
	shake128_inc_squeeze(hash, sizeof hash, &sum);
	assert_bytes(&expected, hash, sizeof hash);
	shake128_inc_ctx_release(&random);
	shake128_inc_ctx_release(&sum);
	free(expected.at);
	json_decref(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(wycheproof_keys_from_seeds_and_decapsulation),
	    cmocka_unit_test(wycheproof_key_generation),
	    cmocka_unit_test(wycheproof_encapsulation_and_modulus_check),
	    cmocka_unit_test(wycheproof_decapsulation_with_an_expanded_key),
	    cmocka_unit_test(cctv_comparison_does_not_stop_at_a_zero),
	    cmocka_unit_test(cctv_sampling_that_takes_many_bytes),
	    cmocka_unit_test(cctv_intermediate_values),
	    cmocka_unit_test(cctv_every_coefficient_out_of_range_is_refused),
	    cmocka_unit_test(accumulated_hash_of_10000_tests),
	};

	return sodium_init() < 0 || RUN_TESTS(tests);
}
