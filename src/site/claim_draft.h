// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_CLAIM_DRAFT_H
#define CAIRN_SITE_CLAIM_DRAFT_H

#include <jansson.h>

#include "site/claim.h"
#include "site/claim_secrets.h"

/*
 * A claim as staff write it, in JSON (data/schema/claim-draft.json): what is to be said, and the accounts behind it
 * by code and SHA-256. It is secret like the accounts' codes.
 */
#define CLAIM_DRAFT_BYTES_MAX (1U << 20)
#define CLAIM_FAULT_BYTES 160U

struct claim_draft {
	json_t *root; /* what claim's views look into */
	struct claim claim; /* without desk, id, day and commitments, for the caller to set */
	struct claim_secrets *secrets; /* the accounts; in memory of its own, wiped */
};

/*
 * fault gets, in words for staff, what refused it. CAIRN_ERR_FORMAT; CAIRN_ERR_NOMEM. What the numbers and words may
 * be is for claim_rules_check() to say. draft is zeros then.
 */
CAIRN_NODISCARD int claim_draft_read(struct claim_draft *draft, char fault[CLAIM_FAULT_BYTES], const void *bytes,
    size_t size);
void claim_draft_release(struct claim_draft *draft);

#endif
