// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_OPENID_H
#define CAIRN_SITE_OPENID_H

#include <jansson.h>

#include "cairn/hash.h"
#include "site/issuer.h"
#include "site/jwk.h"

/*
 * An ID token (OpenID Connect Core 1.0, section 2; RFC 7519) that came sealed with a comment: whether an issuer that
 * the site lists says there who wrote that comment, and no other. A stranger made all of it.
 */
#define OPENID_TOKEN_MAX 4096U
#define OPENID_NAME_MAX 200U
#define OPENID_SKEW_S 300U /* by which clocks may differ */

struct openid_token {
	json_t *head, *claims;     /* objects */
	struct cairn_span covered; /* what is signed; looks into the token */
	uint8_t signature[JWK_SIGNATURE_MAX];
	size_t signature_bytes;
};

/* What it must be for. */
struct openid_wanted {
	uint8_t hash[CAIRN_HASH_BYTES]; /* of the comment: the nonce */
	uint64_t from_s, to_s;          /* between which it arrived, in Unix seconds */
};

/*
 * The name that the issuer says, and which issuer it is. Errors with *why, for staff: CAIRN_ERR_FORMAT, it is no such
 * token; CAIRN_ERR_UNKNOWN, of no issuer that is listed; CAIRN_ERR_KEY, under no key that was fetched;
 * CAIRN_ERR_CRYPTO, the signature is wrong; CAIRN_ERR_DENIED, it is for another site, comment or time, or has no such
 * name.
 */
CAIRN_NODISCARD int openid_check(char name[OPENID_NAME_MAX + 1], const struct issuer **ret_issuer, const char **why,
    const GPtrArray *issuers, struct cairn_span token, const struct openid_wanted *wanted);

/* ---- parts of it that can be tried alone ---- */

/* openid_clear() in any case. CAIRN_ERR_FORMAT with *why. */
CAIRN_NODISCARD int openid_read(struct openid_token *t, const char **why, struct cairn_span token);
void openid_clear(struct openid_token *t);
CAIRN_NODISCARD int openid_claims(char name[OPENID_NAME_MAX + 1], const struct openid_token *t, const char **why,
    const struct issuer *issuer, const struct openid_wanted *wanted);

#endif
