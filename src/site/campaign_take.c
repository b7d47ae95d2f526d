// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/campaign_take.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "desk/words.h"
#include "site/letter.h"
#include "site/petition_sql.h"

/* One letter; its words are wiped. */
struct taking {
	struct db *state;
	const struct petition_rules *rules;
	struct campaign_tally *tally;
	uint64_t row;
	uint8_t msgid[CAIRN_MSGID_BYTES];
	uint32_t day;
	uint8_t *records; /* ended by a zero type */
	size_t bytes;     /* with it */
	bool keep;        /* it stays */
};

static int
taking_next(struct taking *t, bool *ret_found)
{
	struct query q = petition_query(t->state, PETITION_SQL_DOOR_NEXT);

	bind_int(&q, t->row);
	*ret_found = query_row(&q);
	t->records = NULL;
	t->bytes = 0;
	t->keep = false;
	if (*ret_found) {
		t->row = query_int(&q, 0);
		query_bytes(&q, 1, t->msgid, sizeof(t->msgid));
		t->day = (uint32_t)query_int(&q, 2);
		if (q.err == CAIRN_OK)
			q.err = words_open(&q, 3, &t->records, &t->bytes, 0, 2);
		t->bytes += 2; /* zeros, as words_open() leaves them */
	}
	return query_end(&q);
}

static const struct petition_rule *
rule_of(const struct petition_rules *rules, struct cairn_span name)
{
	for (size_t i = 0; i < rules->count; i++)
		if (span_same(rules->list[i].name, name))
			return &rules->list[i];
	return NULL;
}

static struct cairn_span
value_of(const struct taking *t, uint16_t type)
{
	struct cairn_record record;

	if (!cairn_tlv_find(t->records, t->bytes, type, &record))
		return (struct cairn_span){"", 0};
	return (struct cairn_span){(const char *)record.value, record.bytes};
}

static int
take_signature(struct taking *t, const struct cairn_record *record)
{
	struct petition_signature given = {.day = t->day, .name = value_of(t, CAIRN_TLV_name),
	    .country = value_of(t, CAIRN_TLV_country), .e_mail = value_of(t, CAIRN_TLV_e_mail)};
	const struct petition_rule *rule = NULL;
	struct cairn_signature signature;
	enum petition_taken taken;
	int err = cairn_signature_read(&signature, record);

	if (err == CAIRN_OK)
		rule = rule_of(t->rules, signature.petition);
	t->keep = rule == NULL;
	if (rule == NULL)
		return CAIRN_OK;
	memcpy(given.mark, signature.mark, sizeof(given.mark));
	err = petition_sign(t->state, &taken, t->rules, rule, &given);
	if (err == CAIRN_OK)
		t->tally->signatures[taken]++;
	return err;
}

static int
take_withdrawal(struct taking *t, const struct cairn_record *record)
{
	struct cairn_withdrawal withdrawal;
	bool fresh = false;
	int err = cairn_withdrawal_read(&withdrawal, record);

	t->keep = err != CAIRN_OK || rule_of(t->rules, withdrawal.petition) == NULL;
	if (t->keep)
		return CAIRN_OK;
	err = petition_withdraw(t->state, &fresh, withdrawal.petition, withdrawal.code);
	t->tally->withdrawn += fresh;
	sodium_memzero(&withdrawal, sizeof(withdrawal));
	return err;
}

static int
take_letter(struct taking *t, const struct cairn_record *record)
{
	int err = letter_add(t->state, t->msgid, t->day, t->records, t->bytes - 2);

	(void)record;
	t->tally->letters += err == CAIRN_OK;
	return err;
}

static const struct {
	uint16_t type;
	int (*take)(struct taking *t, const struct cairn_record *record);
} kinds[] = {
    {CAIRN_TLV_signature, take_signature},
    {CAIRN_TLV_withdrawal, take_withdrawal},
    {CAIRN_TLV_comment, take_letter},
    {CAIRN_TLV_gathering, take_letter},
};

static int
take_records(struct taking *t)
{
	struct cairn_record record;

	/* A file is fetched by the letter that it came with. */
	t->keep = cairn_tlv_find(t->records, t->bytes, CAIRN_TLV_file, &record);
	for (size_t i = 0; !t->keep && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (cairn_tlv_find(t->records, t->bytes, kinds[i].type, &record))
			return kinds[i].take(t, &record);
	t->keep = true;
	return CAIRN_OK;
}

static int
take_one(struct taking *t, bool *ret_found)
{
	struct query q;
	int err = taking_next(t, ret_found);

	if (err == CAIRN_OK && *ret_found)
		err = take_records(t);
	if (t->records != NULL)
		sodium_memzero(t->records, t->bytes);
	free(t->records);
	if (err != CAIRN_OK || !*ret_found || t->keep)
		return err;
	q = petition_query(t->state, PETITION_SQL_DOOR_DROP);
	bind_int(&q, t->row);
	return query_run(&q);
}

static int
take_some(struct taking *t, bool *ret_found)
{
	struct campaign_tally before = *t->tally;
	int err = db_begin(t->state);

	if (err != CAIRN_OK)
		return err;
	*ret_found = true;
	for (size_t i = 0; i < CAMPAIGN_AT_ONCE && err == CAIRN_OK && *ret_found; i++)
		err = take_one(t, ret_found);
	err = db_end(t->state, err);
	if (err != CAIRN_OK)
		*t->tally = before;
	return err;
}

/*
 * What is unread is counted anew. Once nothing is left under it, the key of the conversation goes: then nothing that
 * the disk kept of them opens.
 */
static int
settle_door(struct db *state, struct campaign_tally *tally)
{
	struct query q = petition_query(state, PETITION_SQL_DOOR_LEFT);
	uint64_t left, files = 0;
	int err = query_number(&q, &left);

	if (err == CAIRN_OK) {
		q = petition_query(state, PETITION_SQL_DOOR_FILES);
		err = query_number(&q, &files);
	}
	tally->left = (size_t)left;
	if (err == CAIRN_OK) {
		q = petition_query(state, PETITION_SQL_DOOR_UNREAD);
		err = query_run(&q);
	}
	tally->erased = err == CAIRN_OK && left == 0 && files == 0;
	if (!tally->erased)
		return err;
	q = petition_query(state, PETITION_SQL_DOOR_KEY_DROP);
	err = query_run(&q);
	return err == CAIRN_OK ? erasure_owe(erasure_of(state)) : err;
}

int
campaign_take(struct db *state, struct campaign_tally *tally, const struct petition_rules *rules)
{
	struct taking t = {.state = state, .rules = rules, .tally = tally};
	bool found = true;
	int err = CAIRN_OK;

	*tally = (struct campaign_tally){.left = 0};
	while (err == CAIRN_OK && found)
		err = take_some(&t, &found);
	sodium_memzero(t.msgid, sizeof(t.msgid));
	if (err == CAIRN_OK && (err = db_begin(state)) == CAIRN_OK)
		err = db_end(state, settle_door(state, tally));
	return err == CAIRN_OK ? erasure_settle(erasure_of(state)) : err;
}
