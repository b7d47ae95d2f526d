// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_CLAIM_OPENING_H
#define CAIRN_SITE_CLAIM_OPENING_H

#include "cairn/xwing.h"
#include "site/claim_secrets.h"

/*
 * Chosen commitments of a claim opened to a court, and to nobody else: sealed by HPKE to the court's X-Wing key,
 * padded so that its size does not tell how many (docs/protocol.md, section 16). It says which account stands behind
 * a commitment; the account itself travels apart.
 */
#define CLAIM_OPENED_MAX 512U
#define CLAIM_OPENING_PAD 4096U
#define CLAIM_OPENING_HEAD (1U + CAIRN_HASH_BYTES + CLAIM_ID_BYTES)
#define CLAIM_OPENING_MAX (CLAIM_OPENING_HEAD + CAIRN_XWING_ENC_BYTES + 16U * CLAIM_OPENING_PAD + 16U)

struct claim_opened {
	uint8_t commitment[CLAIM_COMMITMENT_BYTES];
	uint8_t blinding[CLAIM_BLINDING_BYTES];
	uint8_t account[CAIRN_SHA256_BYTES];
};

/* Secret to all but the court. */
struct claim_opening {
	uint8_t desk_id[CAIRN_HASH_BYTES];
	uint8_t claim_id[CLAIM_ID_BYTES];
	size_t count;
	struct claim_opened items[CLAIM_OPENED_MAX];
};

/*
 * Seals the accounts of these codes. eseed is fresh. CAIRN_ERR_UNKNOWN: a code that no account of the claim has,
 * given in *ret_missing; CAIRN_ERR_RANGE: none, or too many; CAIRN_ERR_CONFLICT: a code twice; CAIRN_ERR_KEY: the
 * court's key must not be used; CAIRN_ERR_SPACE.
 */
CAIRN_NODISCARD int claim_opening_seal(uint8_t *out, size_t room, size_t *ret_bytes, size_t *ret_missing,
    const struct claim_secrets *secrets, const char *const *codes, size_t count,
    const uint8_t court[CAIRN_XWING_PUBLIC_BYTES], const uint8_t eseed[CAIRN_XWING_ESEED_BYTES]);

/* CAIRN_ERR_FORMAT, CAIRN_ERR_CRYPTO: not sealed to this key, or altered. opening is zeros then. */
CAIRN_NODISCARD int claim_opening_open(struct claim_opening *opening, const uint8_t *bytes, size_t size,
    const struct cairn_xwing_key *court);

/*
 * Does each opened commitment follow from its account, and stand in the claim? CAIRN_ERR_CONFLICT: of another claim;
 * or one is not in it, or is the account of another one as well (its number in *ret_bad), since one account that
 * stands behind two commitments is one account. CAIRN_ERR_CRYPTO: one does not follow.
 */
CAIRN_NODISCARD int claim_opening_check(const struct claim_opening *opening, const struct claim *claim,
    size_t *ret_bad);

/* The number of the opened commitment whose account has that SHA-256, or opening->count. */
size_t claim_opening_find(const struct claim_opening *opening, const uint8_t account[CAIRN_SHA256_BYTES]);

#endif
