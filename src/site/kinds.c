// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/kinds.h"

#include "base/text.h"
#include "site/issuer.h"
#include "site/text.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define TRANSLATED                                                                  \
	{"title", HEAD_NEEDED, NULL, NULL},                                         \
	{"lang", 0, head_is_language, "a language tag, as en"},                     \
	{"translation-of", 0, head_is_slug, "the name of another document"},        \
	{"reviewed-by", 0, NULL, NULL}

/* So many parts at the front, each of them there. What follows them is left in *value. */
static bool
parts_there(struct cairn_span *value, unsigned count)
{
	while (count > 0 && head_part(value, '|').size > 0)
		count--;
	return count == 0;
}

/* "name | value", both there. */
static bool
is_pair(struct cairn_span value)
{
	return parts_there(&value, 2);
}

/* "label | https://..." */
static bool
is_link(struct cairn_span value)
{
	return parts_there(&value, 1) && text_is_web(text_trim(value));
}

/* "when | how much | https://... where it was published" */
static bool
is_sum(struct cairn_span value)
{
	return parts_there(&value, 2) && text_is_web(text_trim(value));
}

static bool
is_desk(struct cairn_span value)
{
	return text_is_web(value);
}

const struct head_key site_keys[] = {
	TRANSLATED,
	{"languages", 0, head_is_languages, "language tags with commas between"},
	{"base", 0, head_is_web, "the site's web address"},
	{"author", 0, NULL, NULL},
	{"desk", 0, is_desk, "the desk's address as people are given it"},
	{"onion", 0, head_is_web, "the desk's onion address"},
	{"hostile", 0, head_is_countries, "countries as two capital letters, with commas between"},
	{"comments", 0, head_is_yes_or_no, "yes or no"},
	{"issuer", HEAD_MANY, issuer_line_ok, "name | what it is called | https address | client id | claim"},
	{"example", 0, head_is_yes_or_no, "yes or no"},
	{"tag", HEAD_MANY, is_pair, "tag | what it is called"},
	{"country", HEAD_MANY, is_pair, "DE | Germany"},
};
const size_t site_key_count = COUNT(site_keys);

const struct head_key petition_keys[] = {
	TRANSLATED,
	{"to", HEAD_NEEDED, NULL, NULL},
	{"opened", HEAD_NEEDED, head_is_day, "a day"},
	{"closes", 0, head_is_day, "a day"},
	{"e-mail", 0, head_is_yes_or_no, "yes or no"},
	{"summary", 0, NULL, NULL},
};
const size_t petition_key_count = COUNT(petition_keys);

const struct head_key letter_keys[] = {
	TRANSLATED,
	{"summary", 0, NULL, NULL},
};
const size_t letter_key_count = COUNT(letter_keys);

const struct head_key give_keys[] = {
	TRANSLATED,
	{"bank", HEAD_MANY, is_pair, "what | value, as IBAN | ..."},
	{"link", HEAD_MANY, is_link, "what | web address"},
	{"reported", HEAD_MANY, is_sum, "when | how much | web address of the report"},
};
const size_t give_key_count = COUNT(give_keys);

static const struct json_field source_fields[] = {
	{"title", 's', true, NULL},
	{"address", 'w', false, NULL},
	{"note", 's', false, NULL},
	{"date", 's', false, NULL},
	{"grade", 's', false, NULL},
	{"relies-on", 's', false, NULL},
	{NULL, 0, false, NULL},
};

static const struct json_field moment_fields[] = {
	{"date", 's', true, NULL},
	{"text", 's', true, NULL},
	{"address", 'w', false, NULL},
	{"kind", 'g', false, NULL},
	{NULL, 0, false, NULL},
};

const struct json_field claim_fields[] = {
	{"title", 's', true, NULL},
	{"statement", 's', false, NULL}, /* both needed without a proof: site/proven.h */
	{"before", 'd', false, NULL},
	{"graph", 's', false, NULL},
	{"origins", 'n', false, NULL},
	{"ways", 'n', false, NULL},
	{"rests-on", 't', false, NULL},
	{"notes", 't', false, NULL},
	{"sources", 'a', true, source_fields},
	{"timeline", 'a', false, moment_fields},
	{"contradicted", 'a', false, moment_fields},
	{NULL, 0, false, NULL},
};

const struct json_field event_fields[] = {
	{"title", 's', true, NULL},
	{"from", 's', true, NULL},
	{"to", 's', false, NULL},
	{"place", 's', false, NULL},
	{"summary", 's', true, NULL},
	{"acts", 't', false, NULL},
	{"graph", 's', false, NULL},
	{"origins", 'n', false, NULL},
	{"ways", 'n', false, NULL},
	{"rests-on", 't', false, NULL},
	{"sources", 'a', true, source_fields},
	{"timeline", 'a', false, moment_fields},
	{"contradicted", 'a', false, moment_fields},
	{NULL, 0, false, NULL},
};

static const struct json_field country_fields[] = {
	{"country", 's', true, NULL},
	{"count", 'n', true, NULL},
	{NULL, 0, false, NULL},
};

/* petition/<name>.json as it is published; whoever counts writes it, and marks/<name>.txt beside it. */
const struct json_field count_fields[] = {
	{"petition", 'g', true, NULL},
	{"count", 'n', true, NULL},
	{"withdrawn", 'n', false, NULL},
	{"as-of", 'd', true, NULL},
	{"closed", 'b', false, NULL},
	{"countries", 'a', false, country_fields},
	{NULL, 0, false, NULL},
};

static const struct json_field comment_fields[] = {
	{"date", 'd', true, NULL},
	{"text", 's', true, NULL},
	{"name", 's', false, NULL},
	{"proof", 's', false, NULL},
	{"proof-address", 'w', false, NULL},
	{"named", 's', false, NULL},
	{"named-by", 's', false, NULL},
	{NULL, 0, false, NULL},
};

const struct json_field comments_fields[] = {
	{"comments", 'a', true, comment_fields},
	{NULL, 0, false, NULL},
};
