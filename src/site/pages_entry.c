// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/text.h"
#include "site/markdown.h"
#include "site/text.h"
#include "site/view.h"

/* ---- the parts of an entry's page ---- */

static void
put_tags(struct view *view, const struct entry *entry)
{
	values_list(view->values, "tags");
	for (size_t i = 0; i < entry->tag_count; i++) {
		struct cairn_span tag = entry->tags[i];
		const struct cairn_span cells[] = {view_tag(view, tag),
		    view_format(view, "%stags/%.*s.html", view->here, (int)tag.size, tag.text)};

		values_row(view->values, "tags", cells, 2);
	}
}

static void
put_sources(struct view *view, const struct entry *entry)
{
	values_list(view->values, "sources");
	values_flag(view->values, "has_sources", entry->source_count > 0);
	for (size_t i = 0; i < entry->source_count; i++) {
		const struct entry_source *source = &entry->sources[i];
		bool linked = !span_is(source->address, "-");
		const struct cairn_span cells[] = {source->title, linked ? source->address : text_of(""),
		    source->note};

		values_row(view->values, "sources", cells, 3);
	}
}

/* What happened, and what is claimed, that the entry is about. */
static void
put_items(struct view *view, const char *list, const GPtrArray *items, const char *folder,
    const struct cairn_span *ids,
    size_t count)
{
	values_list(view->values, list);
	for (size_t i = 0; i < count; i++) {
		const struct item *item = item_find(items, ids[i]);
		struct cairn_span cells[2];

		if (item == NULL)
			continue;
		cells[0] = json_said(item->json, "title");
		cells[1] = view_format(view, "%s%s/%s.html", view->here, folder, item->id);
		values_row(view->values, list, cells, 2);
	}
}

static void
put_neighbours(struct view *view, const struct entry *entry)
{
	values_list(view->values, "previous");
	values_list(view->values, "next");
	values_list(view->values, "parents");
	if (entry->previous != NULL)
		view_entry_row(view, "previous", entry->previous);
	if (entry->next != NULL)
		view_entry_row(view, "next", entry->next);
	if (entry->parent != NULL)
		view_entry_row(view, "parents", entry->parent);
	values_text(view->values, "month", view_format(view, "%sarchive/%.7s.html", view->here, entry->date.text));
	values_text(view->values, "month_name", (struct cairn_span){entry->date.text, 7});
}

static void
put_children(struct view *view, const struct entry *entry)
{
	size_t count = 0;

	values_list(view->values, "children");
	for (size_t i = 0; entry->has_children && i < view->language->count; i++)
		if (view->language->entries[i]->parent == entry) {
			view_entry_row(view, "children", view->language->entries[i]);
			count++;
		}
	values_flag(view->values, "has_children", count > 0);
}

/* "named NAME by ISSUER"; empty where no issuer named anybody. */
static struct cairn_span
named(struct view *view, const json_t *comment)
{
	struct cairn_span words = said(view, "named {name} by {issuer}");
	struct cairn_span name = json_said(comment, "named"), by = json_said(comment, "named-by");
	const char *at = strstr(words.text, "{name}"), *then = strstr(words.text, "{issuer}");

	if (name.size == 0 || at == NULL || then < at)
		return text_of("");
	return view_format(view, "%.*s%.*s%.*s%.*s%s", (int)(at - words.text), words.text, (int)name.size, name.text,
	    (int)(then - at - 6), at + 6, (int)by.size, by.text, then + 8);
}

static void
put_comments(struct view *view, const struct entry *entry)
{
	const struct item *item = item_find(view->site->comments, entry->id);
	const json_t *list = item == NULL ? NULL : json_object_get(item->json, "comments");
	json_t *comment;
	size_t i;

	values_list(view->values, "comments");
	values_flag(view->values, "has_comments", json_array_size(list) > 0);
	values_flag(view->values, "comments_open", view->site->comments_open);
	json_array_foreach(list, i, comment) {
		struct cairn_span name = json_said(comment, "name"), sure = json_said(comment, "named");
		const struct cairn_span cells[] = {sure.size > 0 ? sure : name.size > 0 ? name : said(view,
		    "Somebody"),
		    view_day(view, json_said(comment, "date")), json_said(comment, "date"), json_said(comment,
		    "text"),
		    json_said(comment, "proof"), json_said(comment, "proof-address"), named(view, comment)};

		values_row(view->values, "comments", cells, 7);
	}
}

/* ---- telling others ---- */

static void
put_escaped(GString *out, struct cairn_span text)
{
	char *copy = g_strndup(text.text, text.size);
	char *escaped = g_uri_escape_string(copy, NULL, FALSE);

	g_string_append(out, escaped);
	g_free(escaped);
	g_free(copy);
}

static void
put_share_link(struct view *view, const char *name, const char *before, struct cairn_span text, const char *between,
    struct cairn_span address)
{
	GString *link = g_string_new(before);

	put_escaped(link, text);
	g_string_append(link, between);
	put_escaped(link, address);
	{
		const struct cairn_span cells[] = {text_of(name), {link->str, link->len}};

		values_row(view->values, "share_links", cells, 2);
	}
	g_string_free(link, TRUE);
}

static const char *const sizes[] = {"1200x630", "1080x1080", "1080x1920"};

static void
put_share(struct view *view, const struct entry *entry)
{
	struct cairn_span address = view_format(view, "%s%s", view->site->base, view->page->path);
	struct cairn_span text = view_format(view, "%.*s\n%.*s", (int)entry->title.size, entry->title.text,
	    (int)entry->summary.size, entry->summary.text);
	struct cairn_span title = entry->title;

	values_text(view->values, "share_text",
	    view_format(view, "%.*s\n%.*s", (int)text.size, text.text, (int)address.size, address.text));
	values_list(view->values, "share_links");
	values_list(view->values, "share_pictures");
	if (view->site->base[0] != '\0') {
		struct cairn_span mail = said(view, "E-mail");

		put_share_link(view, mail.text, "mailto:?subject=", title, "&body=", address);
		put_share_link(view, "WhatsApp", "https://wa.me/?text=", title, "%20", address);
		put_share_link(view, "Telegram", "https://t.me/share/url?text=", title, "&url=", address);
		put_share_link(view, "Facebook", "https://www.facebook.com/sharer/sharer.php?t=", title, "&u=",
		    address);
		put_share_link(view, "X", "https://x.com/intent/post?text=", title, "&url=", address);
	}
	for (size_t i = 0; entry->share && view->site->options->pictures != NULL && i < G_N_ELEMENTS(sizes); i++) {
		const struct cairn_span cells[] = {view_format(view, "%spictures/%s/%.*s-%s.png", view->root,
		    view->language->said->tag, (int)entry->id.size, entry->id.text, sizes[i]), text_of(sizes[i])};

		values_row(view->values, "share_pictures", cells, 2);
	}
}

/* ---- the page ---- */

static void
put_top(struct view *view, const struct entry *entry)
{
	struct values *v = view->values;

	values_text(v, "date", entry->date);
	values_text(v, "day", view_day(view, entry->date));
	values_text(v, "mood", entry->mood);
	values_flag(v, "moody", entry->mood.size > 0);
	values_text(v, "updated", view_day(view, entry->updated));
	values_flag(v, "was_updated", entry->updated.size > 0);
	values_flag(v, "translated", entry->translated);
	values_flag(v, "reviewed", entry->reviewed_by.size > 0);
	values_text(v, "summary", entry->summary);
	values_text(v, "id", entry->id);
}

static json_t *
span_json(struct cairn_span text)
{
	return json_stringn_nocheck(text.text, text.size);
}

/* schema.org's Article, with what it cites. */
static json_t *
article_data(struct view *view, const struct entry *entry)
{
	struct cairn_span author = head_value(&view->site->conf->head, "author");
	json_t *citations = json_array();
	json_t *data;

	for (size_t i = 0; i < entry->source_count; i++)
		if (!span_is(entry->sources[i].address, "-"))
			json_array_append_new(citations, span_json(entry->sources[i].address));
	data = json_pack("{s:s,s:s,s:o,s:o,s:o,s:s,s:o}", "@context", "https://schema.org", "@type", "Article",
	    "headline",
	    span_json(entry->title), "datePublished", span_json(entry->date), "dateModified",
	    span_json(entry->updated.size > 0 ? entry->updated : entry->date), "inLanguage", entry->language->tag,
	    "citation", citations);
	json_object_set_new(data, "publisher", json_pack("{s:s,s:o}", "@type", "Organization", "name",
	    span_json(author.size > 0 ? author : view->language->title)));
	return data;
}

/* The text as HTML, from this build's reading or read anew. */
static int
put_body(struct view *view, const struct entry *entry)
{
	GString *html = g_string_new(NULL);
	struct cairn_span body = {"", 0};
	struct site_fault fault;
	size_t bytes;
	int err = CAIRN_OK;
	char *text = NULL;

	if (entry->html != NULL) {
		g_string_append(html, entry->html);
	} else {
		text = source_file(view->site->source, entry->file, DOCUMENT_BYTES_MAX, &bytes, &err, &fault);
		if (err == CAIRN_OK && bytes >= entry->head_bytes)
			body = (struct cairn_span){text + entry->head_bytes, bytes - entry->head_bytes};
		if (err == CAIRN_OK)
			err = markdown_render(html, NULL, body, view->root);
	}
	values_html(view->values, "body", html);
	g_string_free(html, TRUE);
	free(text);
	return err;
}

static const char *
picture_path(struct view *view, const struct entry *entry)
{
	struct cairn_span path = view_format(view, "pictures/%s/%.*s-1200x630.png", entry->language->tag,
	    (int)entry->id.size, entry->id.text);

	return path.text;
}

static int
render_entry(GString *out, const struct site *site, const struct page *page)
{
	const struct entry *entry = page->what;
	struct view view;
	int err, filled;

	view_begin(&view, site, page);
	view.title = entry->title;
	view.description = entry->summary;
	view.type = "article";
	view_translations(&view, model_translations(site, entry->id));
	put_top(&view, entry);
	put_tags(&view, entry);
	put_sources(&view, entry);
	put_items(&view, "events", site->events, "events", entry->events, entry->event_count);
	put_items(&view, "claims", site->claims, "claims", entry->claims, entry->claim_count);
	put_neighbours(&view, entry);
	put_children(&view, entry);
	put_comments(&view, entry);
	put_share(&view, entry);
	if (entry->share && site->options->pictures != NULL)
		view.picture = picture_path(&view, entry);
	view.data = article_data(&view, entry);
	err = put_body(&view, entry);
	filled = view_end(out, &view, "entry");
	return err != CAIRN_OK ? err : filled;
}

/* ---- what it hangs on ---- */

static void
key_card(struct key *key, const struct entry *entry)
{
	key_bytes(key, entry == NULL ? NULL : entry->card, entry == NULL ? 0 : KEY_BYTES);
}

static void
key_items(struct key *key, const GPtrArray *items, const struct cairn_span *ids, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct item *item = item_find(items, ids[i]);

		key_bytes(key, item == NULL ? NULL : item->hash, item == NULL ? 0 : KEY_BYTES);
	}
}

static void
key_translations(struct key *key, const struct site *site, const struct entry *entry)
{
	const GPtrArray *all = model_translations(site, entry->id);

	for (guint i = 0; i < all->len; i++) {
		const struct entry *other = all->pdata[i];

		key_span(key, text_of(other->language->tag));
		key_number(key, !other->translated || other->reviewed_by.size > 0);
	}
}

/* Entries that name another as their "up", by that other: so that not all are looked at for each. */
static GHashTable *
children_of(const struct site_language *language)
{
	GHashTable *children = g_hash_table_new(NULL, NULL);

	for (size_t i = 0; i < language->count; i++) {
		struct entry *entry = language->entries[i];
		GArray *cards;

		if (entry->parent == NULL)
			continue;
		cards = g_hash_table_lookup(children, entry->parent);
		if (cards == NULL) {
			cards = g_array_new(FALSE, FALSE, KEY_BYTES);
			g_hash_table_insert(children, (gpointer)(uintptr_t)entry->parent, cards);
		}
		g_array_append_vals(cards, entry->card, 1);
	}
	return children;
}

static void
free_cards(gpointer parent, gpointer cards, gpointer data)
{
	(void)parent;
	(void)data;
	g_array_free(cards, TRUE);
}

static void
plan_entry(struct pages *pages, const struct site_language *language, const struct entry *entry, GHashTable *children)
{
	const GArray *cards = g_hash_table_lookup(children, entry);
	const struct item *comments = item_find(pages->site->comments, entry->id);
	struct key key;

	key_begin(&key, "entry");
	key_bytes(&key, entry->hash, sizeof entry->hash);
	key_card(&key, entry->previous);
	key_card(&key, entry->next);
	key_card(&key, entry->parent);
	key_bytes(&key, cards == NULL ? NULL : cards->data, cards == NULL ? 0 : cards->len * KEY_BYTES);
	key_bytes(&key, comments == NULL ? NULL : comments->hash, comments == NULL ? 0 : KEY_BYTES);
	key_items(&key, pages->site->events, entry->events, entry->event_count);
	key_items(&key, pages->site->claims, entry->claims, entry->claim_count);
	key_translations(&key, pages->site, entry);
	(void)pages_add(pages, &key, render_entry, language, entry, "%s/entries/%.*s.html", language->said->tag,
	    (int)entry->id.size, entry->id.text);
}

void
plan_entries(struct pages *pages)
{
	for (size_t i = 0; i < pages->site->language_count; i++) {
		const struct site_language *language = &pages->site->languages[i];
		GHashTable *children = children_of(language);

		for (size_t j = 0; j < language->count; j++)
			plan_entry(pages, language, language->entries[j], children);
		g_hash_table_foreach(children, free_cards, NULL);
		g_hash_table_destroy(children);
	}
}

void
plan_pictures(struct pages *pages)
{
	for (size_t i = 0; pages->site->options->pictures != NULL && i < pages->site->language_count; i++) {
		const struct site_language *language = &pages->site->languages[i];

		for (size_t j = 0; j < language->count; j++)
			for (size_t k = 0; language->entries[j]->share && k < G_N_ELEMENTS(sizes); k++) {
				const struct entry *entry = language->entries[j];
				struct key key;
				struct page *page;

				key_begin(&key, "picture");
				key_span(&key, entry->title);
				key_span(&key, entry->date);
				page = pages_add(pages, &key, NULL, language, entry, "pictures/%s/%.*s-%s.png",
				    language->said->tag, (int)entry->id.size, entry->id.text, sizes[k]);
				page->text = g_strdup(sizes[k]);
			}
	}
}
