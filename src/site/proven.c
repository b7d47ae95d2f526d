// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/proven.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "site/fault.h"
#include "site/text.h"

/* The card as of today, with what backs its views. */
struct card {
	char *card, *chain;
	size_t card_bytes, chain_bytes;
	struct cairn_identity_chain keys;
	struct cairn_card opened;
	uint8_t desk_id[CAIRN_HASH_BYTES];
};

void
proven_free(struct proven *proven)
{
	if (proven != NULL)
		free(proven->file);
	g_free(proven);
}

const struct claim_saying *
proven_says(const struct proven *proven, const struct language *language)
{
	const struct claim *claim = &proven->found.claim;

	for (size_t i = 0; i < claim->saying_count; i++)
		if (span_is(claim->sayings[i].lang, language->tag))
			return &claim->sayings[i];
	return &claim->sayings[0];
}

struct cairn_span
proven_statement(const struct item *item, const struct language *language)
{
	struct cairn_span statement = json_said(item->json, "statement");

	return statement.size > 0 || item->proven == NULL ? statement : proven_says(item->proven, language)->text;
}

/* ---- the card ---- */

static int
open_card(struct card *card, struct site *site)
{
	int err = cairn_identity_read(&card->keys, card->chain, card->chain_bytes, card->desk_id, NULL);

	if (err != CAIRN_OK)
		return fault_set(site->fault, CAIRN_ERR_FORMAT, PROVEN_CHAIN, 0,
		    "the chain of identity keys does not hold");
	err = cairn_card_open(&card->opened, card->card, card->card_bytes, card->desk_id, &card->keys,
	    site->options->day, NULL);
	if (err == CAIRN_ERR_STALE)
		return fault_set(site->fault, CAIRN_ERR_FORMAT, PROVEN_CARD, 0,
		    "is past its last day, and nobody could check a claim by it: cairn desk card --out desk.card");
	if (err != CAIRN_OK)
		return fault_set(site->fault, CAIRN_ERR_FORMAT, PROVEN_CARD, 0,
		    "is no card of that desk: cairn desk card --out desk.card");
	return CAIRN_OK;
}

static int
load_card(struct card *card, struct site *site)
{
	int err;

	if (text_hex(card->desk_id, sizeof card->desk_id, text_of(site->desk.id)) != CAIRN_OK)
		return fault_set(site->fault, CAIRN_ERR_FORMAT, site->conf->file, 0,
		    "a site with claims says whose it is: desk");
	card->card = source_file(site->source, PROVEN_CARD, CAIRN_NOTE_BYTES_MAX, &card->card_bytes, &err,
	    site->fault);
	if (err != CAIRN_OK)
		return fault_set(site->fault, CAIRN_ERR_FORMAT, PROVEN_CARD, 0,
		    "claims are checked by it, and it is not there: cairn desk card --out desk.card");
	card->chain = source_file(site->source, PROVEN_CHAIN, CAIRN_NOTE_BYTES_MAX, &card->chain_bytes, &err,
	    site->fault);
	if (err == CAIRN_ERR_UNKNOWN)
		*site->fault = (struct site_fault){0};
	else if (err != CAIRN_OK)
		return err;
	return open_card(card, site);
}

/* ---- claims ---- */

static const char *const faults[] = {
    [CLAIM_STAGE_FORM] = "is no published claim: cairn claim publish",
    [CLAIM_STAGE_DESK] = "is another desk's claim",
    [CLAIM_STAGE_APPROVAL] = "was not agreed to",
    [CLAIM_STAGE_LOG] = "the log's checkpoint in it is not signed by a site key of the card",
    [CLAIM_STAGE_INCLUSION] = "is not in the log of the site, or was altered since",
};

/* Whatever shows the claim is made anew when the claim or the card is another. */
static void
add_to_hash(struct item *item, const struct card *card)
{
	struct key key;

	key_begin(&key, "proven");
	key_bytes(&key, item->hash, sizeof item->hash);
	key_bytes(&key, item->proven->file, item->proven->bytes);
	key_bytes(&key, card->card, card->card_bytes);
	key_bytes(&key, card->chain, card->chain_bytes);
	key_end(&key, item->hash);
}

static struct item *
item_of(const struct site *site, const char *name)
{
	return item_find(site->claims, (struct cairn_span){name, strlen(name) - strlen(PROVEN_ENDING)});
}

static int
load_claim(struct site *site, const char *name, const struct card *card)
{
	char *path = g_strdup_printf("claims/%s", name);
	struct item *item = item_of(site, name);
	struct proven *proven = g_new0(struct proven, 1);
	int err;

	proven->file = source_file(site->source, path, CLAIM_FILE_MAX, &proven->bytes, &err, site->fault);
	if (err == CAIRN_OK &&
	    claim_check(&proven->found, (struct cairn_span){proven->file, proven->bytes}, &card->opened,
		card->desk_id, NULL) != CAIRN_OK)
		err = fault_set(site->fault, CAIRN_ERR_FORMAT, path, 0, "%s", faults[proven->found.stage]);
	g_free(path);
	if (err != CAIRN_OK) {
		proven_free(proven);
		return err;
	}
	item->proven = proven;
	add_to_hash(item, card);
	return CAIRN_OK;
}

static int
load_all(struct site *site, const GPtrArray *names)
{
	struct card *card = g_new0(struct card, 1);
	int err = CAIRN_OK;

	for (guint i = 0; err == CAIRN_OK && i < names->len; i++)
		if (item_of(site, names->pdata[i]) == NULL)
			err = fault_set(site->fault, CAIRN_ERR_FORMAT, names->pdata[i], 0,
			    "a NAME.claim goes with a NAME.json");
	if (err == CAIRN_OK && names->len > 0)
		err = load_card(card, site);
	for (guint i = 0; err == CAIRN_OK && i < names->len; i++)
		err = load_claim(site, names->pdata[i], card);
	if (err == CAIRN_OK && names->len > 0) {
		site->card = g_bytes_new(card->card, card->card_bytes);
		site->chain = card->chain == NULL ? NULL : g_bytes_new(card->chain, card->chain_bytes);
	}
	free(card->card);
	free(card->chain);
	g_free(card);
	return err;
}

/* Who claims nothing of his own says what others said, and when. */
static int
need_statements(const struct site *site)
{
	for (guint i = 0; i < site->claims->len; i++) {
		const struct item *item = site->claims->pdata[i];

		if (item->proven == NULL && (json_said(item->json, "statement").size == 0 ||
		    json_said(item->json, "before").size == 0))
			return fault_set(site->fault, CAIRN_ERR_FORMAT, item->file, 0,
			    "\"statement\" and \"before\" are missing, and there is no .claim beside it");
	}
	return CAIRN_OK;
}

int
proven_load(struct site *site)
{
	GPtrArray *names = source_names(site->source, "claims", PROVEN_ENDING);
	int err = load_all(site, names);

	g_ptr_array_free(names, TRUE);
	return err == CAIRN_OK ? need_statements(site) : err;
}
