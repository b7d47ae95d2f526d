// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/claim_rules.h"

#include <stdio.h>

#define RECENT_DAYS 60U
#define REGION_LEAST 20U

static bool
too_few(const struct claim_case *c, char *detail, size_t room)
{
	(void)snprintf(detail, room, "%llu", (unsigned long long)c->real);
	return claim_step(c->real) == 0;
}

static bool
no_step(const struct claim_case *c, char *detail, size_t room)
{
	(void)snprintf(detail, room, "%u; the next below is %u", c->claim->accounts, claim_step(c->claim->accounts));
	return claim_commitments_of(c->claim->accounts) == 0;
}

static bool
more_than_there_are(const struct claim_case *c, char *detail, size_t room)
{
	(void)snprintf(detail, room, "%u of %llu", c->claim->accounts, (unsigned long long)c->real);
	return c->claim->accounts > c->real;
}

static bool
one_way(const struct claim_case *c, char *detail, size_t room)
{
	(void)snprintf(detail, room, "%u", c->claim->ways);
	return c->claim->ways < CLAIM_LEAST_WAYS;
}

static bool
more_ways_than_accounts(const struct claim_case *c, char *detail, size_t room)
{
	(void)detail;
	(void)room;
	return c->claim->ways > c->claim->accounts;
}

static bool
more_ways_than_computed(const struct claim_case *c, char *detail, size_t room)
{
	(void)snprintf(detail, room, "%u, computed are %u", c->claim->ways, c->graph_ways);
	return c->has_graph && c->claim->ways > c->graph_ways;
}

static bool
ways_not_computed(const struct claim_case *c, char *detail, size_t room)
{
	(void)detail;
	(void)room;
	return !c->has_graph;
}

static bool
without_consent(const struct claim_case *c, char *detail, size_t room)
{
	(void)snprintf(detail, room, "%zu of %llu", c->without_consent, (unsigned long long)c->real);
	return c->without_consent > 0;
}

static bool
not_sealed(const struct claim_case *c, char *detail, size_t room)
{
	(void)snprintf(detail, room, "%zu of %llu", c->not_sealed, (unsigned long long)c->real);
	return c->not_sealed > 0;
}

static bool
record_not_asked(const struct claim_case *c, char *detail, size_t room)
{
	(void)detail;
	(void)room;
	return !c->has_record;
}

static bool
no_coarse_date(const struct claim_case *c, char *detail, size_t room)
{
	uint32_t day;

	(void)detail;
	(void)room;
	return !claim_before_day(&day, c->claim->before);
}

static bool
not_past(const struct claim_case *c, char *detail, size_t room)
{
	uint32_t day = 0;

	(void)detail;
	(void)room;
	return claim_before_day(&day, c->claim->before) && day > c->claim->day;
}

static bool
recent(const struct claim_case *c, char *detail, size_t room)
{
	uint32_t day = 0;

	(void)detail;
	(void)room;
	return claim_before_day(&day, c->claim->before) && day <= c->claim->day && c->claim->day - day < RECENT_DAYS;
}

static bool
small_place(const struct claim_case *c, char *detail, size_t room)
{
	(void)detail;
	(void)room;
	return c->claim->place_level == CLAIM_REGION && c->claim->accounts < REGION_LEAST;
}

static bool
number_in_place(const struct claim_case *c, char *detail, size_t room)
{
	(void)detail;
	(void)room;
	for (size_t i = 0; i < c->claim->place.size; i++)
		if ((c->claim->place.text[i] >= '0' && c->claim->place.text[i] <= '9') ||
		    c->claim->place.text[i] == ',')
			return true;
	return false;
}

/* The rules that look at words alone. */
#define WORDS_RULE(name, call)                                              \
	static bool name(const struct claim_case *c, char *detail, size_t room) \
	{                                                                   \
		return call(c->claim, detail, room);                        \
	}
WORDS_RULE(has_contact, claim_contact)
WORDS_RULE(has_quotation, claim_quotation)
WORDS_RULE(has_number, claim_number)
WORDS_RULE(has_name, claim_name_like)
WORDS_RULE(has_single, claim_single_word)

static const struct claim_rule rules[] = {
	{CLAIM_REFUSE, too_few, "so few accounts are held back: each of them could be somebody's"},
	{CLAIM_REFUSE, no_step, "the number is no step: two exact numbers can be subtracted down to one person"},
	{CLAIM_REFUSE, more_than_there_are, "more accounts are claimed than there are"},
	{CLAIM_REFUSE, one_way, "one way alone: whoever that is stands for all, and can be found"},
	{CLAIM_REFUSE, more_ways_than_accounts, "more ways are claimed than accounts"},
	{CLAIM_REFUSE, more_ways_than_computed, "more ways are claimed than the sources have"},
	{CLAIM_WARN, ways_not_computed, "the ways were not computed: give the graph of sources"},
	{CLAIM_REFUSE, without_consent, "accounts whose givers do not allow publication without a name, or took it "
		"back, or that this record does not have"},
	{CLAIM_REFUSE, not_sealed, "accounts that are no original among the evidence here: no court could be shown "
	    "them"},
	{CLAIM_WARN, record_not_asked, "the record was not asked for consent: give the desk's folder"},
	{CLAIM_REFUSE, no_coarse_date, "the date is no month or quarter, as 2017-05 or 2017-Q2"},
	{CLAIM_REFUSE, not_past, "the date is not past"},
	{CLAIM_WARN, recent, "the date is so recent that whoever was released since then is asked first"},
	{CLAIM_WARN, small_place, "few accounts for a region: name the country alone"},
	{CLAIM_REFUSE, number_in_place, "the place is finer than a region"},
	{CLAIM_REFUSE, has_contact, "there is an address in the words"},
	{CLAIM_WARN, has_quotation, "somebody's own words: those who asked him know them"},
	{CLAIM_WARN, has_number, "a number in the words: an age, a day, a count below the step"},
	{CLAIM_WARN, has_name, "a word like a name"},
	{CLAIM_WARN, has_single, "a word that singles somebody out"},
};

size_t
claim_rules_check(struct claim_finding findings[CLAIM_FINDINGS_MAX], bool *ret_refused, const struct claim_case *c)
{
	size_t count = 0;

	*ret_refused = false;
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		struct claim_finding *f = &findings[count];

		f->rule = &rules[i];
		f->detail[0] = '\0';
		if (!rules[i].broken(c, f->detail, sizeof f->detail))
			continue;
		*ret_refused |= rules[i].weight == CLAIM_REFUSE;
		count++;
	}
	return count;
}
