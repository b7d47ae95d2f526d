// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_THRESHOLD_H
#define CAIRN_CARRY_THRESHOLD_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/xwing.h"

/*
 * A secret of 32 bytes in n shares, of which any k give it back and k - 1 tell nothing (Shamir over GF(256),
 * libgfshare): the key of a compartment that opens only with the consent of k of its members (docs/protocol.md,
 * section 8), and the desk's identity key (desk/shares.h). A share is as long as the secret, and as secret.
 */
#define THRESHOLD_SECRET_BYTES 32U
#define THRESHOLD_LEAST 2U
#define THRESHOLD_MOST 16U

struct threshold_share {
	uint8_t number; /* 1 to n */
	uint8_t bytes[THRESHOLD_SECRET_BYTES];
};

/*
 * Splits secret into shares[n] with the numbers 1 to n. CAIRN_ERR_RANGE: not 2 <= k <= n <= 16; CAIRN_ERR_CRYPTO:
 * they did not give it back, which is tried with every share. shares are then zeros.
 */
CAIRN_NODISCARD int threshold_split(struct threshold_share *shares, uint8_t k, uint8_t n,
    const uint8_t secret[THRESHOLD_SECRET_BYTES]);

/*
 * What count shares give, which is the secret only if there are at least k of them and all are right: to be held
 * against something public by the caller. CAIRN_ERR_RANGE: none, more than 16, a number that is no share's, or twice
 * the same. secret is then zeros.
 */
CAIRN_NODISCARD int threshold_join(uint8_t secret[THRESHOLD_SECRET_BYTES], const struct threshold_share *shares,
    size_t count);

/*
 * The X-Wing key that the shares of its seed give, to be ended with cairn_xwing_key_clear(). CAIRN_ERR_RANGE as
 * above; CAIRN_ERR_CRYPTO: too few shares, or a wrong one: it is not the key of public_key. key is then zeros.
 */
CAIRN_NODISCARD int threshold_join_key(struct cairn_xwing_key *key, const struct threshold_share *shares,
    size_t count, const uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES]);

#endif
