// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_XWING_H
#define CAIRN_XWING_H

#include <stdint.h>

#include "cairn/err.h"

/*
 * X-Wing, the key encapsulation of everything that is sealed to a public key: X25519 and ML-KEM-768
 * under one SHA3-256 (draft-connolly-cfrg-xwing-kem). It holds while either of the two holds.
 */

#define CAIRN_XWING_SEED_BYTES 32U     /* the private key */
#define CAIRN_XWING_PUBLIC_BYTES 1216U /* ML-KEM-768's 1184, then X25519's 32 */
#define CAIRN_XWING_ENC_BYTES 1120U    /* what travels: ML-KEM-768's 1088, then X25519's 32 */
#define CAIRN_XWING_ESEED_BYTES 64U    /* randomness of one encapsulation: m, then X25519's secret */
#define CAIRN_XWING_SHARED_BYTES 32U
#define CAIRN_XWING_POINT_AT 1184U     /* where the X25519 half of a public key begins */

/*
 * A private key spread out from its seed, so that many can be opened without doing it each time.
 * Secret throughout; the caller stores it and ends it with cairn_xwing_key_clear().
 */
struct cairn_xwing_key {
	uint8_t mlkem[2400];
	uint8_t x25519[32];
	uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES];
};

/* Cannot fail: every seed is a key. seed is secret. */
void cairn_xwing_key_init(struct cairn_xwing_key *key, const uint8_t seed[CAIRN_XWING_SEED_BYTES]);
void cairn_xwing_key_clear(struct cairn_xwing_key *key);

/*
 * May this be a public key at all? CAIRN_ERR_KEY when a coefficient is not below q (FIPS 203, 7.2)
 * or when the X25519 point is of low order, in whatever form it is written. Not secret.
 */
CAIRN_NODISCARD int cairn_xwing_public_check(const uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES]);

/* CAIRN_ERR_KEY for one of the X25519 points of low order (their top bit does not count). Not secret. */
CAIRN_NODISCARD int cairn_x25519_public_check(const uint8_t point[32]);

/*
 * Encapsulates to public_key with the randomness eseed, which must be fresh and is secret, like
 * shared. CAIRN_ERR_KEY, and outputs of zeros, when the key does not pass cairn_xwing_public_check().
 */
CAIRN_NODISCARD int cairn_xwing_encapsulate(uint8_t enc[CAIRN_XWING_ENC_BYTES],
    uint8_t shared[CAIRN_XWING_SHARED_BYTES], const uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES],
    const uint8_t eseed[CAIRN_XWING_ESEED_BYTES]);

/*
 * CAIRN_ERR_KEY when the X25519 half comes out as zero. An altered ML-KEM half is no error here: it
 * gives another secret, and what was sealed does not open (implicit rejection).
 */
CAIRN_NODISCARD int cairn_xwing_decapsulate(uint8_t shared[CAIRN_XWING_SHARED_BYTES],
    const uint8_t enc[CAIRN_XWING_ENC_BYTES], const struct cairn_xwing_key *key);

#endif
