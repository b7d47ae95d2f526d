// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_CAMPAIGN_TAKE_H
#define CAIRN_SITE_CAMPAIGN_TAKE_H

#include "site/petition.h"

/*
 * Takes what came to the campaign door (conversation 0 of the desk's state) to where it belongs: signatures and
 * withdrawals to their petitions, comments and gatherings to the letters that wait for a person. Letters of any
 * other kind, and signatures of petitions that the sources do not have, stay where they are.
 */
#define CAMPAIGN_AT_ONCE 2000U /* letters to a transaction */

struct campaign_tally {
	size_t signatures[PETITION_TAKEN_COUNT];
	size_t withdrawn; /* signatures that were counted */
	size_t letters;   /* comments and gatherings that now wait */
	size_t left;      /* that stay in the conversation */
	bool erased;      /* nothing stays, and the key that they lay under is gone */
};

/* Outside of transactions; what was taken before an error stays taken. */
CAIRN_NODISCARD int campaign_take(struct db *state, struct campaign_tally *tally, const struct petition_rules *rules);

#endif
