// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "site/fault.h"
#include "site/text.h"
#include "site/view.h"

#define MARK_DIGITS 32U     /* the first 16 bytes of a mark, in hex */
#define SHARD_LINES 1024U   /* at most about so many to a file */
#define MARKS_BYTES_MAX (64U << 20)

/* The petition's page, its published count, and the marks by which each signer finds his own. */

static int
render_petition(GString *out, const struct site *site, const struct page *page)
{
	const struct document *d = page->what;
	const struct item *count = item_find(site->counts, d->id);
	struct cairn_span closes = head_value(&d->head, "closes"), hostile = head_value(&site->conf->head, "hostile");
	bool closed = count != NULL && json_is_true(json_object_get(count->json, "closed"));
	uint32_t day = 0;
	struct view view;
	int err, filled;

	view_begin(&view, site, page);
	view.title = head_value(&d->head, "title");
	view.description = head_value(&d->head, "summary");
	view.campaign = site->desk.id[0] != '\0';
	view_everywhere(&view, view_format(&view, "help/petition-%.*s.html", (int)d->id.size, d->id.text).text);
	closed = closed || (text_is_day(closes, &day) && day < site->options->day);
	values_text(view.values, "id", d->id);
	values_text(view.values, "to", head_value(&d->head, "to"));
	values_text(view.values, "closes", view_day(&view, closes));
	values_flag(view.values, "has_closes", closes.size > 0);
	values_flag(view.values, "closed", closed);
	values_flag(view.values, "open", !closed && view.campaign);
	values_flag(view.values, "counted", count != NULL);
	values_text(view.values, "count", view_format(&view, "%lld",
	    count == NULL ? 0LL : (long long)json_integer_value(json_object_get(count->json, "count"))));
	values_text(view.values, "as_of", count == NULL ? text_of("") : view_day(&view, json_said(count->json,
	    "as-of")));
	values_text(view.values, "hostile", hostile);
	values_flag(view.values, "has_hostile", hostile.size > 0);
	values_flag(view.values, "asks_e_mail", span_is(head_value(&d->head, "e-mail"), "yes"));
	err = view_markdown(&view, "about", d->head.body);
	filled = view_end(out, &view, "petition");
	return err != CAIRN_OK ? err : filled;
}

/* ---- what is published of the signatures ---- */

static char *
load_marks(const struct site *site, const char *id, size_t *ret_bytes, struct site_fault *fault)
{
	char *file = g_strdup_printf("petitions/%s.marks", id);
	int err;
	char *text = source_file(site->source, file, MARKS_BYTES_MAX, ret_bytes, &err, fault);

	g_free(file);
	return text;
}

/* Lines of MARK_DIGITS hex digits, ascending, the last with its newline: nothing else is let out. */
static bool
marks_ok(struct cairn_span text)
{
	struct cairn_span before = {"", 0};

	if (text.size > 0 && text.text[text.size - 1] != '\n')
		return false;
	while (text.size > 0) {
		struct cairn_span line = span_cut(&text, '\n');

		if (line.size != MARK_DIGITS || strspn(line.text, "0123456789abcdef") < MARK_DIGITS)
			return false;
		if (before.size > 0 && memcmp(before.text, line.text, MARK_DIGITS) >= 0)
			return false;
		before = line;
	}
	return true;
}

static unsigned
shard_digits(size_t lines)
{
	unsigned digits = 0;

	for (size_t shards = 1; lines / shards > SHARD_LINES && digits < 3; shards *= 16)
		digits++;
	return digits;
}

static int
render_count(GString *out, const struct site *site, const struct page *page)
{
	const struct item *item = page->what;
	json_t *object = json_deep_copy(item->json);
	char *text;

	(void)site;
	json_object_set_new(object, "cairn", json_string("petition 1"));
	json_object_set_new(object, "shard-digits", json_integer((json_int_t)page->number));
	text = json_dumps(object, JSON_SORT_KEYS | JSON_INDENT(1));
	json_decref(object);
	if (text == NULL)
		return CAIRN_ERR_NOMEM;
	g_string_append_printf(out, "%s\n", text);
	free(text);
	return CAIRN_OK;
}

static int
render_marks(GString *out, const struct site *site, const struct page *page)
{
	(void)site;
	g_string_append(out, page->text);
	return CAIRN_OK;
}

/* The lines at the front that begin with name: they are sorted, so all of it is one piece. */
static struct cairn_span
take_shard(struct cairn_span *rest, const char *name)
{
	struct cairn_span shard = {rest->text, 0};
	size_t digits = strcmp(name, "all") == 0 ? 0 : strlen(name);

	while (rest->size > MARK_DIGITS && memcmp(rest->text, name, digits) == 0) {
		shard.size += MARK_DIGITS + 1;
		*rest = (struct cairn_span){rest->text + MARK_DIGITS + 1, rest->size - MARK_DIGITS - 1};
	}
	return shard;
}

static void
plan_shards(struct pages *pages, const struct item *item, struct cairn_span marks, unsigned digits)
{
	char name[4] = "all";

	for (unsigned i = 0; i < 1U << (4 * digits); i++) {
		struct cairn_span shard;
		struct key key;

		if (digits > 0)
			(void)snprintf(name, sizeof name, "%0*x", (int)digits, i);
		shard = take_shard(&marks, name);
		key_begin(&key, "marks");
		key_span(&key, shard);
		page_set_text(pages_add(pages, &key, render_marks, NULL, item, "petition/%s/%s.txt", item->id, name),
		    g_strndup(shard.text, shard.size));
	}
}

static void
plan_count(struct pages *pages, const struct item *item)
{
	struct site_fault fault;
	struct key key;
	size_t bytes = 0;
	char *text = load_marks(pages->site, item->id, &bytes, &fault);
	unsigned digits = shard_digits(bytes / (MARK_DIGITS + 1));

	if (text != NULL && !marks_ok((struct cairn_span){text, bytes})) {
		pages->err = fault_set(pages->site->fault, CAIRN_ERR_FORMAT, item->file, 0,
		    "the .marks beside it are lines of 32 hex digits, ascending, each once");
		free(text);
		return;
	}
	key_begin(&key, "count");
	key_bytes(&key, item->hash, KEY_BYTES);
	key_number(&key, digits);
	page_set_number(pages_add(pages, &key, render_count, NULL, item, "petition/%s.json", item->id),
	    digits);
	if (text != NULL)
		plan_shards(pages, item, (struct cairn_span){text, bytes}, digits);
	free(text);
}

void
plan_petitions(struct pages *pages)
{
	const struct site *site = pages->site;
	struct key key;

	for (size_t i = 0; i < site->language_count; i++)
		for (guint j = 0; j < site->petitions->len; j++) {
			const struct document *d = site->petitions->pdata[j], *shown;
			const struct item *count = item_find(site->counts, d->id);

			if (!model_is_original(d))
				continue;
			shown = model_document(site, site->petitions, d->id, &site->languages[i]);
			key_begin(&key, "petition");
			key_bytes(&key, shown->hash, KEY_BYTES);
			key_bytes(&key, count == NULL ? NULL : count->hash, count == NULL ? 0 : KEY_BYTES);
			/* What it closes by goes with the day. */
			key_number(&key, head_value(&shown->head, "closes").size > 0 ? site->options->day : 0);
			(void)pages_add(pages, &key, render_petition, &site->languages[i], shown,
			    "%s/help/petition-%.*s.html", site->languages[i].said->tag, (int)d->id.size, d->id.text);
		}
	for (guint i = 0; i < site->counts->len; i++)
		plan_count(pages, site->counts->pdata[i]);
}
