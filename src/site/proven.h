// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_PROVEN_H
#define CAIRN_SITE_PROVEN_H

#include "site/claim_file.h"
#include "site/model.h"

/*
 * What the desk claims of its own accounts: claims/NAME.claim beside claims/NAME.json, as "cairn claim publish" wrote
 * it. It is held against the desk's card (desk.card) at each build, so that no page shows what a visitor's own check
 * would refuse.
 */
#define PROVEN_ENDING ".claim"
#define PROVEN_CARD "desk.card"
#define PROVEN_CHAIN "desk.identity" /* where the desk has had several identity keys */

struct proven {
	char *file; /* what found looks into */
	size_t bytes;
	struct claim_check found;
};

/*
 * Gives site->claims theirs, site->card and chain what it takes to check them, and holds claims to what they need.
 * CAIRN_ERR_FORMAT with site->fault: there is no such claim, no card that holds today, or a proof that does not hold.
 */
CAIRN_NODISCARD int proven_load(struct site *site);
void proven_free(struct proven *proven);

/* What the claim says, in that language or else the first. */
const struct claim_saying *proven_says(const struct proven *proven, const struct language *language);
/* What is said of an item in one sentence: its "statement", or else what its proof says. */
struct cairn_span proven_statement(const struct item *item, const struct language *language);

#endif
