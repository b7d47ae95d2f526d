// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/claim_record.h"

#include <string.h>

#include "record/evidence.h"
#include "record/read.h"
#include "record/select.h"

/* ---- consent ---- */

static int
allows(struct db *db, bool *ret, const struct record_head *head)
{
	struct record_change account;
	int err = record_load(db, head, &account);

	*ret = err == CAIRN_OK && record_consents(&account, RECORD_PURPOSE_ANONYMOUS, (struct cairn_span){NULL, 0});
	record_change_clear(&account);
	return err;
}

/* By its whole code, as the record writes it: one account under two spellings would count as two. */
static bool
is_written(const struct record_head *head, const char *code)
{
	char whole[RECORD_CODE_TEXT_MAX];

	record_code_write(whole, head->kind, head->id);
	return strcmp(whole, code) == 0;
}

/* What the record does not have by this code has allowed nothing. */
static int
ask_consent(struct db *db, struct claim_case *c, const struct claim_secret *secret)
{
	const struct record_kind *kind = record_kind_named((struct cairn_span){"account", 7});
	struct record_head head;
	bool allowed = false;
	int err = record_code_find(db, &head, kind, (struct cairn_span){secret->code, strlen(secret->code)});

	if (err == CAIRN_OK && is_written(&head, secret->code))
		err = allows(db, &allowed, &head);
	else if (err == CAIRN_ERR_UNKNOWN || err == CAIRN_ERR_FORMAT || err == CAIRN_ERR_CONFLICT)
		err = CAIRN_OK;
	c->without_consent += !allowed;
	return err;
}

/* ---- seals ---- */

struct sealed {
	const struct claim_secrets *secrets;
	bool found[CLAIM_COMMITMENTS_MAX];
};

static int
see_item(void *arg, const struct evidence_item *item)
{
	struct sealed *s = arg;

	for (size_t i = 0; i < s->secrets->count && !item->erased && !item->derived; i++)
		if (memcmp(s->secrets->items[i].account, item->sha256, sizeof(item->sha256)) == 0)
			s->found[i] = true;
	return CAIRN_OK;
}

int
claim_ask_record(struct claim_case *c, const struct claim_secrets *secrets, struct desk *desk)
{
	struct evidence ev = {.options = {.db = desk->state}, .folder = -1};
	struct sealed s = {.secrets = secrets};
	int err = evidence_list(&ev, see_item, &s);

	c->has_record = true;
	for (size_t i = 0; i < secrets->count && err == CAIRN_OK; i++) {
		c->not_sealed += !s.found[i];
		err = ask_consent(desk->state, c, &secrets->items[i]);
	}
	return err;
}
