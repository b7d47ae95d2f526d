// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CAMPAIGN_H
#define CAIRN_CAMPAIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/span.h"
#include "cairn/tlv.h"

/*
 * What anybody may seal to the campaign door: a petition's signature and its withdrawal, a comment, a gathering that
 * is suggested (docs/protocol.md, section 12). All views look into the record's value.
 */

#define CAIRN_SLUG_MAX 64U /* name of a petition or an entry */
#define CAIRN_CODE_BYTES 16U
#define CAIRN_MARK_BYTES 32U
#define CAIRN_BLIND_BYTES 16U
#define CAIRN_GATHERING_TIME_BYTES 16U /* "2017-05-12T18:00" */

/* 1 to CAIRN_SLUG_MAX of a to z, 0 to 9 and hyphens, none of these first or last. */
bool cairn_slug_ok(struct cairn_span slug);

/*
 * What stands for a signature in public: H("cairn/1 petition" || petition || code). code is 16 random bytes that the
 * signer keeps: secret, it takes the signature back. CAIRN_ERR_FORMAT: petition is no slug.
 */
CAIRN_NODISCARD int cairn_petition_mark(uint8_t mark[CAIRN_MARK_BYTES], struct cairn_span petition,
    const uint8_t code[CAIRN_CODE_BYTES]);

/*
 * What a proof of who comments is bound to, and so holds for no other comment:
 * H("cairn/1 comment" || blind || entry || 0x00 || name || 0x00 || words). entry is a slug, name as it goes along,
 * empty where none does. blind is NULL (16 zero bytes) for a home page. For an issuer it is random, and secret until
 * the comment arrives: without it who knows the hash could find the words, and who wrote them, should they be
 * published without a name in the end.
 */
void cairn_comment_hash(uint8_t hash[CAIRN_HASH_BYTES], const uint8_t blind[CAIRN_BLIND_BYTES],
    struct cairn_span entry, struct cairn_span name, struct cairn_span words);

struct cairn_signature {
	uint8_t mark[CAIRN_MARK_BYTES];
	struct cairn_span petition;
};
struct cairn_withdrawal {
	uint8_t code[CAIRN_CODE_BYTES];
	struct cairn_span petition;
};
struct cairn_gathering {
	struct cairn_span begins; /* CAIRN_GATHERING_TIME_BYTES, a day and time that there are */
	struct cairn_span zone;   /* as "Europe/Berlin": well-formed, perhaps unknown */
};
enum cairn_proof_kind {
	CAIRN_PROOF_OPENID = 1, /* an ID token */
	CAIRN_PROOF_PAGE = 2,   /* a home page's address */
};
struct cairn_proof {
	enum cairn_proof_kind kind;
	uint8_t blind[CAIRN_BLIND_BYTES]; /* that the token's nonce was made with; zeros beside a page */
	struct cairn_span value;          /* printable ASCII without blanks */
};

/* Records of those types. CAIRN_ERR_FORMAT for one that cairn_tlv_check() would refuse; the output is untouched. */
CAIRN_NODISCARD int cairn_signature_read(struct cairn_signature *out, const struct cairn_record *record);
CAIRN_NODISCARD int cairn_withdrawal_read(struct cairn_withdrawal *out, const struct cairn_record *record);
CAIRN_NODISCARD int cairn_gathering_read(struct cairn_gathering *out, const struct cairn_record *record);
CAIRN_NODISCARD int cairn_proof_read(struct cairn_proof *out, const struct cairn_record *record);

#endif
