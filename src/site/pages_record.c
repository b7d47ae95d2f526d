// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdbool.h>

#include "base/text.h"
#include "site/proven.h"
#include "site/text.h"
#include "site/view.h"

/* What happened, and what is claimed of it: a page each, and a list of either. */

static void
put_objects(struct view *view, const char *list, const json_t *objects, const char *const *members, size_t count)
{
	struct cairn_span cells[8];
	json_t *object;
	size_t i;

	values_list(view->values, list);
	json_array_foreach(objects, i, object) {
		for (size_t j = 0; j < count; j++)
			cells[j] = json_said(object, members[j]);
		cells[count] = view_day(view, cells[0]);
		values_row(view->values, list, cells, count + 1);
	}
}

static void
put_texts(struct view *view, const char *list, const json_t *texts)
{
	json_t *text;
	size_t i;

	values_list(view->values, list);
	json_array_foreach(texts, i, text) {
		struct cairn_span cell = {json_string_value(text), json_string_length(text)};

		values_row(view->values, list, &cell, 1);
	}
}

static void
put_number(struct view *view, const json_t *object, const char *name)
{
	const json_t *number = json_object_get(object, name);
	char *flag = g_strdup_printf("has_%s", name);

	values_flag(view->values, flag, number != NULL);
	values_text(view->values, name, view_format(view, "%lld", (long long)json_integer_value(number)));
	g_free(flag);
}

static void
put_shared(struct view *view, const struct item *item)
{
	static const char *const source[] = {"title", "address", "note", "date", "grade", "relies-on"};
	static const char *const moment[] = {"date", "text", "address"};
	GString *picture = g_string_new(item->picture == NULL ? "" : item->picture);

	put_number(view, item->json, "origins");
	put_number(view, item->json, "ways");
	put_texts(view, "rests_on", json_object_get(item->json, "rests-on"));
	values_flag(view->values, "has_rests_on", json_array_size(json_object_get(item->json, "rests-on")) > 0);
	put_objects(view, "sources", json_object_get(item->json, "sources"), source, 6);
	put_objects(view, "timeline", json_object_get(item->json, "timeline"), moment, 3);
	put_objects(view, "contradicted", json_object_get(item->json, "contradicted"), moment, 3);
	values_flag(view->values, "has_timeline", json_array_size(json_object_get(item->json, "timeline")) > 0);
	values_flag(view->values, "has_contradicted", json_array_size(json_object_get(item->json,
	    "contradicted")) > 0);
	values_html(view->values, "drawing", picture);
	values_flag(view->values, "drawn", item->picture != NULL);
	g_string_free(picture, TRUE);
}

/* Entries that name the item, newest first. */
static bool
names(const struct cairn_span *ids, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (span_is(ids[i], id))
			return true;
	return false;
}

static bool
is_about(const struct entry *entry, const struct item *item, bool claim)
{
	return claim ? names(entry->claims, entry->claim_count, item->id) :
	    names(entry->events, entry->event_count, item->id);
}

static void
put_entries(struct view *view, const struct item *item, bool claim)
{
	size_t count = 0;

	values_list(view->values, "entries");
	for (size_t i = view->language->count; i > 0; i--) {
		if (!is_about(view->language->entries[i - 1], item, claim))
			continue;
		view_entry_row(view, "entries", view->language->entries[i - 1]);
		count++;
	}
	values_flag(view->values, "has_entries", count > 0);
}

/* ---- a claim ---- */

/* A claim's own words and numbers; empty where it has no proof, and the page shows none. */
static void
put_claim(struct view *view, const struct proven *proven)
{
	static const struct claim none;
	const struct claim *claim = proven == NULL ? &none : &proven->found.claim;
	const struct claim_saying *says = proven == NULL ? &none.sayings[0] :
	    proven_says(proven, view->language->said);
	struct values *v = view->values;
	char written[11], before[11];
	uint32_t day = 0;

	(void)claim_before_day(&day, claim->before);
	day_text(before, day);
	day_text(written, claim->day);
	values_text(v, "says", says->text);
	values_text(v, "says_lang", says->lang);
	values_text(v, "n_accounts", view_format(view, "%u", claim->accounts));
	values_text(v, "n_ways", view_format(view, "%u", claim->ways));
	values_text(v, "n_commitments", view_format(view, "%u", claim_commitments_of(claim->accounts)));
	values_text(v, "claim_before", view_day(view, text_of(before)));
	values_text(v, "claim_place", claim->place);
	values_text(v, "claim_day", view_day(view, text_of(written)));
}

/* What the desk claims of its own accounts, and how anybody checks it. */
static void
put_proven(struct view *view, const struct item *item)
{
	const struct proven *proven = item->proven;
	struct values *v = view->values;

	values_flag(v, "proven", proven != NULL);
	values_flag(v, "chained", view->site->chain != NULL);
	values_text(v, "claim_file", view_format(view, "%s" PROVEN_ENDING ".txt", item->id));
	put_claim(view, proven);
	values_text(v, "log_entry",
	    view_format(view, "%llu", (unsigned long long)(proven == NULL ? 0 : proven->found.index)));
	values_text(v, "signatures", view_format(view, "%zu", proven == NULL ? 0 : proven->found.signature_count));
}

static int
render_claim(GString *out, const struct site *site, const struct page *page)
{
	const struct item *item = page->what;
	char *path = g_strdup_printf("claims/%s.html", item->id);
	struct cairn_span before = json_said(item->json, "before");
	struct view view;

	view_begin(&view, site, page);
	view.title = json_said(item->json, "title");
	view.description = proven_statement(item, page->language->said);
	view.type = "article";
	view_everywhere(&view, path);
	g_free(path);
	values_text(view.values, "statement", json_said(item->json, "statement"));
	values_flag(view.values, "stated", json_said(item->json, "statement").size > 0);
	values_text(view.values, "before", view_day(&view, before));
	values_flag(view.values, "has_before", before.size > 0);
	values_flag(view.values, "has_figures", before.size > 0 || json_object_get(item->json, "origins") != NULL);
	put_proven(&view, item);
	put_texts(&view, "notes", json_object_get(item->json, "notes"));
	put_shared(&view, item);
	put_entries(&view, item, true);
	view.data = json_pack("{s:s,s:s,s:o,s:o}", "@context", "https://schema.org", "@type", "Claim", "name",
	    json_stringn_nocheck(view.title.text, view.title.size), "text",
	    json_stringn_nocheck(view.description.text, view.description.size));
	return view_end(out, &view, "claim");
}

/* ---- what happened ---- */

static int
render_event(GString *out, const struct site *site, const struct page *page)
{
	const struct item *item = page->what;
	char *path = g_strdup_printf("events/%s.html", item->id);
	struct cairn_span from = json_said(item->json, "from"), to = json_said(item->json, "to");
	struct view view;

	view_begin(&view, site, page);
	view.title = json_said(item->json, "title");
	view.description = json_said(item->json, "summary");
	view.type = "article";
	view_everywhere(&view, path);
	g_free(path);
	values_text(view.values, "summary", view.description);
	values_text(view.values, "from", view_day(&view, from));
	values_text(view.values, "to", view_day(&view, to));
	values_flag(view.values, "has_to", to.size > 0);
	values_text(view.values, "place", json_said(item->json, "place"));
	values_flag(view.values, "has_place", json_said(item->json, "place").size > 0);
	put_texts(&view, "acts", json_object_get(item->json, "acts"));
	values_flag(view.values, "has_acts", json_array_size(json_object_get(item->json, "acts")) > 0);
	put_shared(&view, item);
	put_entries(&view, item, false);
	view.data = json_pack("{s:s,s:s,s:o,s:o}", "@context", "https://schema.org", "@type", "Event", "name",
	    json_stringn_nocheck(view.title.text, view.title.size), "startDate",
	    json_stringn_nocheck(from.text, from.size));
	return view_end(out, &view, "event");
}

/* ---- lists of either ---- */

static int
render_items(GString *out, const struct site *site, const struct page *page)
{
	bool claims = page->number == 1;
	const GPtrArray *items = claims ? site->claims : site->events;
	struct view view;

	view_begin(&view, site, page);
	view.title = said(&view, claims ? N_("Claims") : N_("What happened"));
	view_everywhere(&view, claims ? "claims/index.html" : "events/index.html");
	values_flag(view.values, "of_claims", claims);
	values_list(view.values, "items");
	for (guint i = 0; i < items->len; i++) {
		const struct item *item = items->pdata[i];
		const struct cairn_span cells[] = {json_said(item->json, "title"), view_format(&view, "%s.html",
		    item->id),
		    claims ? proven_statement(item, page->language->said) : json_said(item->json, "summary"),
		    claims ? text_of("") : view_day(&view, json_said(item->json, "from"))};

		values_row(view.values, "items", cells, 4);
	}
	return view_end(out, &view, "items");
}

static void
plan_items(struct pages *pages, const struct site_language *language, const GPtrArray *items, bool claims)
{
	const char *folder = claims ? "claims" : "events";
	struct key all, key;

	key_begin(&all, folder);
	for (guint i = 0; i < items->len; i++) {
		const struct item *item = items->pdata[i];

		key_begin(&key, claims ? "claim" : "event");
		key_bytes(&key, item->hash, KEY_BYTES);
		for (size_t j = 0; j < language->count; j++)
			if (is_about(language->entries[j], item, claims))
				key_bytes(&key, language->entries[j]->card, KEY_BYTES);
		(void)pages_add(pages, &key, claims ? render_claim : render_event, language, item, "%s/%s/%s.html",
		    language->said->tag, folder, item->id);
		key_bytes(&all, item->hash, KEY_BYTES);
		key_span(&all, text_of(item->id));
	}
	if (items->len > 0)
		page_set_number(pages_add(pages, &all, render_items, language, NULL, "%s/%s/index.html",
		    language->said->tag,
		    folder),
		    claims);
}

/* ---- what a claim is checked by ---- */

static int
render_proof(GString *out, const struct site *site, const struct page *page)
{
	const struct proven *proven = page->what;

	(void)site;
	g_string_append_len(out, proven->file, (gssize)proven->bytes);
	return CAIRN_OK;
}

static int
render_bytes(GString *out, const struct site *site, const struct page *page)
{
	gsize size;
	const char *bytes = g_bytes_get_data((GBytes *)(uintptr_t)page->what, &size);

	(void)site;
	g_string_append_len(out, bytes, (gssize)size);
	return CAIRN_OK;
}

static void
plan_bytes(struct pages *pages, GBytes *bytes, const char *path)
{
	struct key key;
	gsize size;
	const char *at;

	if (bytes == NULL)
		return;
	at = g_bytes_get_data(bytes, &size);
	key_begin(&key, "bytes");
	key_bytes(&key, at, size);
	(void)pages_add(pages, &key, render_bytes, NULL, bytes, "%s", path);
}

static void
plan_proofs(struct pages *pages)
{
	const struct site *site = pages->site;

	for (guint i = 0; i < site->claims->len; i++) {
		const struct item *item = site->claims->pdata[i];
		struct key key;

		if (item->proven == NULL)
			continue;
		key_begin(&key, "proof");
		key_bytes(&key, item->proven->file, item->proven->bytes);
		(void)pages_add(pages, &key, render_proof, NULL, item->proven, "claims/%s" PROVEN_ENDING ".txt",
		    item->id);
	}
	plan_bytes(pages, site->card, "desk-card.txt");
	plan_bytes(pages, site->chain, "desk-identity.txt");
}

void
plan_record(struct pages *pages)
{
	plan_proofs(pages);
	for (size_t i = 0; i < pages->site->language_count; i++) {
		plan_items(pages, &pages->site->languages[i], pages->site->claims, true);
		plan_items(pages, &pages->site->languages[i], pages->site->events, false);
	}
}
