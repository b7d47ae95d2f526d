// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_EVIDENCE_TOKEN_H
#define CAIRN_RECORD_EVIDENCE_TOKEN_H

#include "record/evidence.h"

/*
 * RFC 3161 time stamps, by OpenSSL. What is stamped is the root of a tree (record/evidence_stamp.h): its 32 bytes are
 * the imprint itself, under SHA-256, so that "openssl ts -verify -digest ROOT" checks one too.
 */
#define EVIDENCE_TOKEN_MAX 32768U
#define EVIDENCE_TSA_NAME_MAX 256U

/* A request for root, DER, with a fresh nonce that is to come back. CAIRN_ERR_SPACE, CAIRN_ERR_NOMEM. */
CAIRN_NODISCARD int evidence_token_ask(
    uint8_t *out, size_t room, size_t *ret_bytes, const uint8_t root[32], uint64_t *ret_nonce);

struct evidence_token {
	uint64_t at;                     /* Unix seconds, as the authority says */
	char tsa[EVIDENCE_TSA_NAME_MAX]; /* the name in the certificate that signed; untrusted text */
};

/*
 * Checks an answer for root: granted, of that imprint, signed by a certificate for time stamping that leads to one of
 * the authorities in ca (PEM) at the time that it states (revocation is not looked up). nonce may be NULL.
 * CAIRN_ERR_FORMAT: no answer, or refused; CAIRN_ERR_CRYPTO: another imprint, nonce, or a signature that does not
 * hold; CAIRN_ERR_RANGE: no certificate is in ca. ca empty: all but the signature's way to an authority is checked.
 */
CAIRN_NODISCARD int evidence_token_check(struct evidence_token *token, const uint8_t *answer, size_t size,
    const uint8_t root[32], const uint64_t *nonce, struct cairn_span ca);

/* Is there a certificate in this PEM? */
bool evidence_token_ca_good(struct cairn_span ca);

/* root[32] and the answer, as EVIDENCE_OP_TOKEN has them; form alone is checked. In a transaction. */
CAIRN_NODISCARD int evidence_token_store(struct evidence *ev, const uint8_t *bytes, size_t size);
/* Into out[EVIDENCE_TOKEN_MAX]. CAIRN_ERR_UNKNOWN. */
CAIRN_NODISCARD int evidence_token_get(struct evidence *ev, const uint8_t root[32], uint8_t *out, size_t *ret_bytes);

#endif
