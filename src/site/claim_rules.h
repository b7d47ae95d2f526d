// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_CLAIM_RULES_H
#define CAIRN_SITE_CLAIM_RULES_H

#include "site/claim.h"

/*
 * What is asked of a claim before it is published, as one table (claim_rules.c). What must not be is refused; what
 * may single somebody out is pointed out, and two people decide. docs/record.md, "Claims".
 */
struct claim_case {
	const struct claim *claim; /* its numbers and words; its commitments are not looked at */
	uint64_t real;             /* accounts that stand behind it */
	bool has_graph;            /* were ways computed? */
	uint32_t graph_ways;
	uint32_t graph_origins;
	bool has_record;           /* was the record asked? Then, of the accounts: */
	size_t without_consent;    /* their givers do not allow it, or the record does not know them */
	size_t not_sealed;         /* no item of evidence is they */
};

enum claim_weight {
	CLAIM_REFUSE,
	CLAIM_WARN,
};

struct claim_rule {
	enum claim_weight weight;
	/* Is it broken? detail says by what, or stays "". */
	bool (*broken)(const struct claim_case *c, char *detail, size_t room);
	const char *words;
};

#define CLAIM_DETAIL_BYTES 96U
#define CLAIM_FINDINGS_MAX 32U

struct claim_finding {
	const struct claim_rule *rule;
	char detail[CLAIM_DETAIL_BYTES];
};

/* How many rules are broken, in the order of the table. *ret_refused: one of them refuses. */
size_t claim_rules_check(struct claim_finding findings[CLAIM_FINDINGS_MAX], bool *ret_refused,
    const struct claim_case *c);

/* ---- words that single somebody out: claim_singles.c ---- */

/* A word of the table in any of the sayings; detail says which and why. */
bool claim_single_word(const struct claim *claim, char *detail, size_t room);
/* A word with a capital letter within a sentence, other than those of the place. */
bool claim_name_like(const struct claim *claim, char *detail, size_t room);
/* A number other than a year. */
bool claim_number(const struct claim *claim, char *detail, size_t room);
/* Somebody's own words between quotation marks. */
bool claim_quotation(const struct claim *claim, char *detail, size_t room);
/* An address, of whatever kind. */
bool claim_contact(const struct claim *claim, char *detail, size_t room);

#endif
