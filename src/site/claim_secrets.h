// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_CLAIM_SECRETS_H
#define CAIRN_SITE_CLAIM_SECRETS_H

#include "site/claim.h"

/*
 * What stands behind the commitments of one claim (docs/protocol.md, section 16). All of it is secret: whoever has
 * it, and the accounts, knows which commitment is whose. Whoever loses it can open nothing.
 */
#define CLAIM_CODE_BYTES 33U
#define CLAIM_BLINDING_BYTES 32U
#define CLAIM_SECRETS_TEXT_MAX (256U << 10)

struct claim_secret {
	bool dummy; /* no account: code and account are empty */
	char code[CLAIM_CODE_BYTES]; /* of the account, as the desk names it; never a name */
	uint8_t account[CAIRN_SHA256_BYTES]; /* SHA-256 of the account as it is sealed among the evidence */
	uint8_t blinding[CLAIM_BLINDING_BYTES];
};

/* Large, and secret: to be allocated, and wiped. */
struct claim_secrets {
	uint8_t desk_id[CAIRN_HASH_BYTES];
	uint8_t claim_id[CLAIM_ID_BYTES];
	size_t count;
	struct claim_secret items[CLAIM_COMMITMENTS_MAX];
};

/* H("cairn/1 account" || claim id || blinding || account), or H("cairn/1 dummy" || claim id || blinding). */
void claim_commit(uint8_t out[CLAIM_COMMITMENT_BYTES], const uint8_t claim_id[CLAIM_ID_BYTES],
    const struct claim_secret *secret);

/*
 * Fills up the accounts that are there (code and account set, any number up to CLAIM_COMMITMENTS_MAX) to as many as
 * the step of accounts wants, in random order, all with fresh blindings; where there are more accounts than that,
 * some of them are taken at random. Gives the commitments, ascending. CAIRN_ERR_RANGE: accounts is no step, or there
 * are fewer accounts; CAIRN_ERR_CONFLICT: an account twice, by code or by what it is. CAIRN_ERR_FORMAT: a code that
 * is none.
 */
CAIRN_NODISCARD int claim_secrets_fill(struct claim_secrets *secrets, uint32_t accounts,
    uint8_t (*commitments)[CLAIM_COMMITMENT_BYTES]);

/*
 * As text, secret: "cairn claim-secrets 1", desk, claim, then "account <code> <hash> <blinding>", "dummy <blinding>".
 */
CAIRN_NODISCARD int claim_secrets_write(uint8_t *out, size_t room, size_t *ret_bytes,
    const struct claim_secrets *secrets);
/* CAIRN_ERR_FORMAT; secrets is zeros then. */
CAIRN_NODISCARD int claim_secrets_read(struct claim_secrets *secrets, struct cairn_span text);

/* Are these the secrets of that claim, of every commitment of it? CAIRN_ERR_CONFLICT when not. */
CAIRN_NODISCARD int claim_secrets_match(const struct claim_secrets *secrets, const struct claim *claim);

bool claim_code_ok(struct cairn_span code);

#endif
