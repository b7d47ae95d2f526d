// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/xwing.h"

#include <string.h>

#include <sodium.h>

#include "common/fips202.h"
#include "core/ct.h"
#include "crypto_kem/ml-kem-768/clean/kem.h"

#define MLKEM_Q 3329U
#define MLKEM_COEFFICIENT_BYTES 1152U /* of a public key: 768 coefficients of 12 bits, then rho */
#define MLKEM_CT_BYTES 1088U
#define MLKEM_SEED_BYTES 64U /* d, then z */
#define POINT_BYTES 32U

/* PQClean leaves what it computed on the stack, about 15 KB deep; tests/unit/test_residue.c looks. */
#define MLKEM_STACK_BYTES (32U * 1024U)

static const uint8_t label[6] = {'\\', '.', '/', '/', '^', '\\'};

/* Points of low order, in every encoding without the top bit: 0, 1, two of order 8, p-1, p, p+1. */
static const uint8_t low_order[7][POINT_BYTES] = {
    {0x00},
    {0x01},
    {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
	0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
    {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b,
	0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
};

int
cairn_x25519_public_check(const uint8_t point[POINT_BYTES])
{
	uint8_t plain[POINT_BYTES];
	unsigned found = 0;

	memcpy(plain, point, sizeof plain);
	plain[POINT_BYTES - 1] &= 0x7f;
	for (size_t i = 0; i < sizeof low_order / sizeof low_order[0]; i++)
		found |= sodium_memcmp(plain, low_order[i], POINT_BYTES) == 0;
	return found ? CAIRN_ERR_KEY : CAIRN_OK;
}

int
cairn_xwing_public_check(const uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES])
{
	unsigned over = 0;

	for (size_t i = 0; i < MLKEM_COEFFICIENT_BYTES; i += 3) {
		unsigned first = public_key[i] | (public_key[i + 1] & 0x0fU) << 8;
		unsigned second = public_key[i + 1] >> 4 | (unsigned)public_key[i + 2] << 4;

		over |= first >= MLKEM_Q;
		over |= second >= MLKEM_Q;
	}
	if (over)
		return CAIRN_ERR_KEY;
	return cairn_x25519_public_check(public_key + CAIRN_XWING_POINT_AT);
}

void
cairn_xwing_key_init(struct cairn_xwing_key *key, const uint8_t seed[CAIRN_XWING_SEED_BYTES])
{
	uint8_t spread[MLKEM_SEED_BYTES + POINT_BYTES];

	shake256(spread, sizeof spread, seed, CAIRN_XWING_SEED_BYTES);
	PQCLEAN_MLKEM768_CLEAN_crypto_kem_keypair_derand(key->public_key, key->mlkem, spread);
	memcpy(key->x25519, spread + MLKEM_SEED_BYTES, POINT_BYTES);
	crypto_scalarmult_curve25519_base(key->public_key + CAIRN_XWING_POINT_AT, key->x25519);
	sodium_memzero(spread, sizeof spread);
	sodium_stackzero(MLKEM_STACK_BYTES);
}

void
cairn_xwing_key_clear(struct cairn_xwing_key *key)
{
	sodium_memzero(key, sizeof *key);
}

/* X25519; CAIRN_ERR_KEY, and zeros, where the product is zero. */
static int
multiply(uint8_t product[POINT_BYTES], const uint8_t secret[POINT_BYTES], const uint8_t point[POINT_BYTES])
{
	int failed = crypto_scalarmult_curve25519(product, secret, point);

	/* Whether the product is zero follows from the point alone, which is public. */
	CT_PUBLIC(&failed, sizeof failed);
	if (failed == 0)
		return CAIRN_OK;
	sodium_memzero(product, POINT_BYTES);
	return CAIRN_ERR_KEY;
}

/* SHA3-256(ss of ML-KEM || ss of X25519 || ciphertext of X25519 || public key of X25519 || label) */
static void
combine(uint8_t shared[CAIRN_XWING_SHARED_BYTES], const uint8_t mlkem_shared[32],
    const uint8_t product[POINT_BYTES], const uint8_t sent[POINT_BYTES], const uint8_t point[POINT_BYTES])
{
	uint8_t input[4 * 32 + sizeof label];

	memcpy(input, mlkem_shared, 32);
	memcpy(input + 32, product, 32);
	memcpy(input + 64, sent, 32);
	memcpy(input + 96, point, 32);
	memcpy(input + 128, label, sizeof label);
	sha3_256(shared, input, sizeof input);
	sodium_memzero(input, sizeof input);
}

int
cairn_xwing_encapsulate(uint8_t enc[CAIRN_XWING_ENC_BYTES], uint8_t shared[CAIRN_XWING_SHARED_BYTES],
    const uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES], const uint8_t eseed[CAIRN_XWING_ESEED_BYTES])
{
	const uint8_t *point = public_key + CAIRN_XWING_POINT_AT;
	const uint8_t *secret = eseed + 32;
	uint8_t mlkem_shared[32];
	uint8_t product[POINT_BYTES];
	int err = cairn_xwing_public_check(public_key);

	if (err == CAIRN_OK)
		err = multiply(product, secret, point);
	if (err != CAIRN_OK) {
		memset(enc, 0, CAIRN_XWING_ENC_BYTES);
		memset(shared, 0, CAIRN_XWING_SHARED_BYTES);
		return err;
	}
	PQCLEAN_MLKEM768_CLEAN_crypto_kem_enc_derand(enc, mlkem_shared, public_key, eseed);
	crypto_scalarmult_curve25519_base(enc + MLKEM_CT_BYTES, secret);
	combine(shared, mlkem_shared, product, enc + MLKEM_CT_BYTES, point);
	sodium_memzero(mlkem_shared, sizeof mlkem_shared);
	sodium_memzero(product, sizeof product);
	sodium_stackzero(MLKEM_STACK_BYTES);
	return CAIRN_OK;
}

int
cairn_xwing_decapsulate(uint8_t shared[CAIRN_XWING_SHARED_BYTES],
    const uint8_t enc[CAIRN_XWING_ENC_BYTES], const struct cairn_xwing_key *key)
{
	const uint8_t *sent = enc + MLKEM_CT_BYTES;
	uint8_t mlkem_shared[32];
	uint8_t product[POINT_BYTES];
	int err = multiply(product, key->x25519, sent);

	if (err != CAIRN_OK) {
		memset(shared, 0, CAIRN_XWING_SHARED_BYTES);
		return err;
	}
	PQCLEAN_MLKEM768_CLEAN_crypto_kem_dec(mlkem_shared, enc, key->mlkem);
	combine(shared, mlkem_shared, product, sent, key->public_key + CAIRN_XWING_POINT_AT);
	sodium_memzero(mlkem_shared, sizeof mlkem_shared);
	sodium_memzero(product, sizeof product);
	sodium_stackzero(MLKEM_STACK_BYTES);
	return CAIRN_OK;
}
