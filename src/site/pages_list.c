// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/text.h"
#include "site/proven.h"
#include "site/text.h"
#include "site/view.h"

#define LATEST 20U
#define TAG_PAGE 100U /* entries on one page of a tag, counted from the oldest, so that only the last one changes */

/* A run of entries in the language's order. */
struct run {
	size_t first, count;
};

static void
key_run(struct key *key, struct entry *const *entries, size_t first, size_t count)
{
	for (size_t i = first; i < first + count; i++)
		key_bytes(key, entries[i]->card, KEY_BYTES);
}

static void
put_run(struct view *view, struct entry *const *entries, size_t first, size_t count)
{
	values_list(view->values, "entries");
	for (size_t i = count; i > 0; i--)
		view_entry_row(view, "entries", entries[first + i - 1]);
}

/* ---- home ---- */

static void
put_claims(struct view *view)
{
	values_list(view->values, "claims");
	for (guint i = 0; i < view->site->claims->len; i++) {
		const struct item *item = view->site->claims->pdata[i];
		const struct cairn_span cells[] = {json_said(item->json, "title"),
		    view_format(view, "%sclaims/%s.html", view->here, item->id),
		    proven_statement(item, view->language->said)};

		values_row(view->values, "claims", cells, 3);
	}
}

static size_t
latest(const struct site_language *language)
{
	return language->count < LATEST ? language->count : LATEST;
}

static int
render_home(GString *out, const struct site *site, const struct page *page)
{
	const struct site_language *language = page->language;
	size_t count = latest(language);
	struct view view;
	int err, filled;

	view_begin(&view, site, page);
	view.title = language->title;
	view_everywhere(&view, "index.html");
	put_run(&view, language->entries, language->count - count, count);
	put_claims(&view);
	values_flag(view.values, "more", language->count > count);
	err = view_markdown(&view, "about", language->about->head.body);
	view.data = json_pack("{s:s,s:s,s:o,s:s}", "@context", "https://schema.org", "@type", "WebSite", "name",
	    json_stringn_nocheck(language->title.text, language->title.size), "inLanguage", language->said->tag);
	filled = view_end(out, &view, "home");
	return err != CAIRN_OK ? err : filled;
}

static void
plan_home(struct pages *pages, const struct site_language *language)
{
	for (int front = 0; front < (language == pages->site->languages ? 2 : 1); front++) {
		struct key key;

		key_begin(&key, "home");
		key_run(&key, language->entries, language->count - latest(language), latest(language));
		key_number(&key, language->count > LATEST);
		for (guint i = 0; i < pages->site->claims->len; i++)
			key_bytes(&key, ((const struct item *)pages->site->claims->pdata[i])->hash, KEY_BYTES);
		(void)pages_add(pages, &key, render_home, language, NULL, "%s%sindex.html",
		    front ? "" : language->said->tag, front ? "" : "/");
	}
}

/* ---- by month ---- */

static bool
same_month(const struct entry *a, const struct entry *b)
{
	return memcmp(a->date.text, b->date.text, 7) == 0;
}

static int
render_month(GString *out, const struct site *site, const struct page *page)
{
	const struct site_language *language = page->language;
	size_t first = page->number, count = 0;
	struct view view;

	while (first + count < language->count && same_month(language->entries[first],
	    language->entries[first + count]))
		count++;
	view_begin(&view, site, page);
	view.title = view_format(&view, "%.7s", language->entries[first]->date.text);
	values_text(view.values, "kind", said(&view, "Entries of a month"));
	values_text(view.values, "all", view_format(&view, "%sarchive/index.html", view.here));
	values_text(view.values, "all_name", said(&view, "All entries"));
	values_flag(view.values, "has_older", false);
	values_flag(view.values, "has_newer", false);
	values_string(view.values, "older", "");
	values_string(view.values, "newer", "");
	put_run(&view, language->entries, first, count);
	return view_end(out, &view, "list");
}

static int
render_archive(GString *out, const struct site *site, const struct page *page)
{
	const struct site_language *language = page->language;
	struct view view;
	size_t count = 0;

	view_begin(&view, site, page);
	view.title = said(&view, "All entries");
	view_everywhere(&view, "archive/index.html");
	values_list(view.values, "months");
	for (size_t i = language->count; i > 0; i--) {
		const struct entry *entry = language->entries[i - 1];

		count++;
		if (i > 1 && same_month(entry, language->entries[i - 2]))
			continue;
		const struct cairn_span cells[] = {{entry->date.text, 7},
		    view_format(&view, "%.7s.html", entry->date.text), view_format(&view, "%zu", count)};

		values_row(view.values, "months", cells, 3);
		count = 0;
	}
	return view_end(out, &view, "archive");
}

static void
plan_archive(struct pages *pages, const struct site_language *language)
{
	struct key all, key;

	key_begin(&all, "archive");
	for (size_t first = 0, count; first < language->count; first += count) {
		const struct entry *entry = language->entries[first];

		for (count = 1; first + count < language->count && same_month(entry,
		    language->entries[first + count]);)
			count++;
		key_begin(&key, "month");
		key_run(&key, language->entries, first, count);
		page_set_number(pages_add(pages, &key, render_month, language, NULL, "%s/archive/%.7s.html",
		    language->said->tag,
		    entry->date.text),
		    first);
		key_span(&all, (struct cairn_span){entry->date.text, 7});
		key_number(&all, count);
	}
	(void)pages_add(pages, &all, render_archive, language, NULL, "%s/archive/index.html", language->said->tag);
}

/* ---- by tag ---- */

static struct cairn_span
tag_path(struct view *view, const struct tag *tag, size_t number)
{
	bool last = (number + 1) * TAG_PAGE >= tag->entries->len;

	if (last)
		return view_format(view, "%s.html", tag->name.text);
	return view_format(view, "%s-%zu.html", tag->name.text, number + 1);
}

static size_t
tag_count(const struct tag *tag, size_t number)
{
	size_t left = tag->entries->len - number * TAG_PAGE;

	return left < TAG_PAGE ? left : TAG_PAGE;
}

static int
render_tag(GString *out, const struct site *site, const struct page *page)
{
	const struct tag *tag = page->what;
	size_t pages = (tag->entries->len + TAG_PAGE - 1) / TAG_PAGE;
	bool older = page->number > 0, newer = page->number + 1 < pages;
	struct view view;

	view_begin(&view, site, page);
	view.title = view_tag(&view, tag->name);
	values_text(view.values, "kind", said(&view, "Tag"));
	values_text(view.values, "all", view_format(&view, "%stags/index.html", view.here));
	values_text(view.values, "all_name", said(&view, "All tags"));
	values_flag(view.values, "has_older", older);
	values_flag(view.values, "has_newer", newer);
	values_text(view.values, "older", older ? tag_path(&view, tag, page->number - 1) : text_of(""));
	values_text(view.values, "newer", newer ? tag_path(&view, tag, page->number + 1) : text_of(""));
	put_run(&view, (struct entry *const *)tag->entries->pdata, page->number * TAG_PAGE,
	    tag_count(tag, page->number));
	return view_end(out, &view, "list");
}

static int
render_tags(GString *out, const struct site *site, const struct page *page)
{
	const struct site_language *language = page->language;
	struct view view;

	view_begin(&view, site, page);
	view.title = said(&view, "All tags");
	view_everywhere(&view, "tags/index.html");
	values_list(view.values, "tags");
	for (guint i = 0; i < language->tags->len; i++) {
		const struct tag *tag = language->tags->pdata[i];
		const struct cairn_span cells[] = {view_tag(&view, tag->name), view_format(&view, "%s.html",
		    tag->name.text),
		    view_format(&view, "%u", tag->entries->len)};

		values_row(view.values, "tags", cells, 3);
	}
	return view_end(out, &view, "tags");
}

static void
plan_tag(struct pages *pages, const struct site_language *language, const struct tag *tag)
{
	size_t count = (tag->entries->len + TAG_PAGE - 1) / TAG_PAGE;

	for (size_t i = 0; i < count; i++) {
		char number[24] = "";
		struct key key;

		key_begin(&key, "tag");
		key_run(&key, (struct entry *const *)tag->entries->pdata, i * TAG_PAGE, tag_count(tag, i));
		key_number(&key, count - i > 2 ? 2 : count - i);
		if (i + 1 < count)
			(void)snprintf(number, sizeof number, "-%zu", i + 1);
		page_set_number(pages_add(pages, &key, render_tag, language, tag, "%s/tags/%s%s.html",
		    language->said->tag,
		    tag->name.text,
		    number),
		    i);
	}
}

static void
plan_tags(struct pages *pages, const struct site_language *language)
{
	struct key key;

	key_begin(&key, "tags");
	for (guint i = 0; i < language->tags->len; i++) {
		const struct tag *tag = language->tags->pdata[i];

		plan_tag(pages, language, tag);
		key_span(&key, tag->name);
		key_number(&key, tag->entries->len);
	}
	(void)pages_add(pages, &key, render_tags, language, NULL, "%s/tags/index.html", language->said->tag);
}

void
plan_lists(struct pages *pages)
{
	for (size_t i = 0; i < pages->site->language_count; i++) {
		const struct site_language *language = &pages->site->languages[i];

		plan_home(pages, language);
		plan_archive(pages, language);
		plan_tags(pages, language);
	}
}
