// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_ISSUER_H
#define CAIRN_SITE_ISSUER_H

#include <glib.h>
#include <jansson.h>

#include "site/head.h"
#include "site/key.h"

/*
 * Who may say who a commenter is: each "issuer" line of site.md (NAME | what it is called | its address | the client
 * id that it gave this site | the claim that is shown), and what the desk fetched of it, issuers/NAME.json, the
 * members of OpenID Connect Discovery that are used here, and its keys.
 */
#define ISSUERS_MAX 8U
#define ISSUER_BYTES_MAX (1U << 18)
#define ISSUER_KEYS_MAX 64U

/* What may be shown of who somebody is, and what is asked of the issuer for it: no more than that. */
struct issuer_claim {
	const char *name, *scope;
};

struct issuer {
	char *name, *title, *address, *client;
	const struct issuer_claim *claim;
	char *authorize, *token; /* addresses, safe in a policy and in an attribute */
	bool says_issuer;        /* its answers name it, and must (RFC 9207) */
	bool takes_claims;       /* it may be asked for one claim in the token alone */
	json_t *keys;            /* an array */
	uint8_t hash[KEY_BYTES]; /* of what a page shows of it */
};

/* A line of site.md, with all its parts. */
bool issuer_line_ok(struct cairn_span value);

/*
 * All of them, in the order of the lines; the array frees them. CAIRN_ERR_FORMAT, CAIRN_ERR_UNKNOWN (a file that is
 * not there), CAIRN_ERR_IO with fault. *ret may be an array after an error, too.
 */
CAIRN_NODISCARD int issuers_load(GPtrArray **ret, int source, const struct head *site, struct site_fault *fault);

/* By its address, exactly; NULL: there is none. address may be NULL. */
const struct issuer *issuer_find(const GPtrArray *issuers, const char *address);

/* One line of site.md by its name, without its file. CAIRN_ERR_UNKNOWN with fault. The caller frees it. */
CAIRN_NODISCARD int issuer_line(struct issuer **ret, const struct head *site, const char *name,
    struct site_fault *fault);
void issuer_free(void *issuer);

/* Where its keys are, out of its discovery document: NULL with fault where that is not the issuer's. g_free() it. */
char *issuer_keys_address(const struct issuer *issuer, struct cairn_span discovery, struct site_fault *fault);
/* issuers/NAME.json out of both: only what is public and used here. CAIRN_ERR_FORMAT with fault. */
CAIRN_NODISCARD int issuer_file(GString *out, const struct issuer *issuer, struct cairn_span discovery,
    struct cairn_span keys, uint32_t today, struct site_fault *fault);

/*
 * Asks the issuer for both (OpenID Connect Discovery 1.0, section 4), through a proxy ("socks5h://..."; NULL:
 * straight), and makes its file. CAIRN_ERR_IO, CAIRN_ERR_RANGE (that proxy may not be), CAIRN_ERR_FORMAT with fault.
 */
CAIRN_NODISCARD int issuer_fetch(GString *out, const struct issuer *issuer, const char *proxy, uint32_t today,
    struct site_fault *fault);

#endif
