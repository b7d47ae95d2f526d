// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "site/text.h"
#include "site/view.h"

#define FEED_ENTRIES 30U
#define SITEMAP_MAX 40000U /* addresses; the protocol takes 50,000 */

/* What programs read: Atom (RFC 4287), sitemaps, robots.txt, and headers for hosts that take a file of them. */

static void
element(GString *out, const char *name, struct cairn_span text)
{
	g_string_append_printf(out, "<%s>", name);
	html_escape(out, text);
	g_string_append_printf(out, "</%s>\n", name);
}

static size_t
feed_first(const struct site_language *language)
{
	return language->count > FEED_ENTRIES ? language->count - FEED_ENTRIES : 0;
}

static struct cairn_span
changed(const struct entry *entry)
{
	return entry->updated.size > 0 ? entry->updated : entry->date;
}

static void
feed_entry(GString *out, const struct site *site, const struct entry *entry)
{
	g_string_append(out, "<entry>\n");
	element(out, "title", entry->title);
	g_string_append_printf(out, "<link href=\"%s%s/entries/%.*s.html\"/>\n<id>%s%s/entries/%.*s.html</id>\n",
	    site->base, entry->language->tag, (int)entry->id.size, entry->id.text, site->base, entry->language->tag,
	    (int)entry->id.size, entry->id.text);
	g_string_append_printf(out, "<published>%.10sT00:00:00Z</published>\n<updated>%.10sT00:00:00Z</updated>\n",
	    entry->date.text, changed(entry).text);
	if (entry->summary.size > 0)
		element(out, "summary", entry->summary);
	for (size_t i = 0; i < entry->tag_count; i++)
		g_string_append_printf(out, "<category term=\"%.*s\"/>\n", (int)entry->tags[i].size,
		    entry->tags[i].text);
	g_string_append(out, "</entry>\n");
}

static int
render_feed(GString *out, const struct site *site, const struct page *page)
{
	const struct site_language *language = page->language;
	struct cairn_span author = head_value(&site->conf->head, "author");
	const char *tag = language->said->tag;
	struct cairn_span newest = text_of("1970-01-01");

	for (size_t i = feed_first(language); i < language->count; i++)
		if (memcmp(changed(language->entries[i]).text, newest.text, 10) > 0)
			newest = changed(language->entries[i]);
	g_string_append_printf(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
				    "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">\n",
	    tag);
	element(out, "title", language->title);
	g_string_append_printf(out, "<id>%s%s/</id>\n<link rel=\"self\" href=\"%s%s/feed.xml\"/>\n"
	    "<link href=\"%s%s/\"/>\n<updated>%.10sT00:00:00Z</updated>\n<author>", site->base, tag, site->base, tag,
	    site->base, tag, newest.text);
	element(out, "name", author.size > 0 ? author : language->title);
	g_string_append(out, "</author>\n");
	for (size_t i = language->count; i > feed_first(language); i--)
		feed_entry(out, site, language->entries[i - 1]);
	g_string_append(out, "</feed>\n");
	return CAIRN_OK;
}

static void
plan_feed(struct pages *pages, const struct site_language *language)
{
	struct key key;

	key_begin(&key, "feed");
	for (size_t i = feed_first(language); i < language->count; i++) {
		key_bytes(&key, language->entries[i]->card, KEY_BYTES);
		key_span(&key, language->entries[i]->updated);
	}
	(void)pages_add(pages, &key, render_feed, language, NULL, "%s/feed.xml", language->said->tag);
}

/* ---- sitemaps ---- */

static int
render_text(GString *out, const struct site *site, const struct page *page)
{
	(void)site;
	g_string_append(out, page->text);
	return CAIRN_OK;
}

static void
add_text(struct pages *pages, GString *text, const char *path)
{
	struct key key;

	key_begin(&key, "text");
	key_span(&key, (struct cairn_span){text->str, text->len});
	page_set_text(pages_add(pages, &key, render_text, NULL, NULL, "%s", path),
	    g_string_free(text, FALSE));
}

#define SITEMAP_HEAD                                     \
	"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" \
	"<%s xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"

/* One more file of addresses, from the page at *at on. */
static void
plan_map(struct pages *pages, guint *at, guint end, const char *path)
{
	GString *map = g_string_new(NULL);
	const char *base = pages->site->base;

	g_string_append_printf(map, SITEMAP_HEAD, "urlset");
	for (size_t count = 0; *at < end && count < SITEMAP_MAX; (*at)++) {
		const struct page *page = &g_array_index(pages->list, struct page, *at);

		if (!g_str_has_suffix(page->path, ".html") || page->language == NULL)
			continue;
		g_string_append_printf(map, "<url><loc>%s%s</loc></url>\n", base, page->path);
		count++;
	}
	g_string_append(map, "</urlset>\n");
	add_text(pages, map, path);
}

static void
plan_maps(struct pages *pages)
{
	guint end = pages->list->len, at = 0;
	GString *index = g_string_new(NULL);
	unsigned maps = 0;

	if (end <= SITEMAP_MAX) {
		g_string_free(index, TRUE);
		plan_map(pages, &at, end, "sitemap.xml");
		return;
	}
	g_string_append_printf(index, SITEMAP_HEAD, "sitemapindex");
	while (at < end) {
		char path[32];

		(void)snprintf(path, sizeof path, "sitemap-%u.xml", ++maps);
		plan_map(pages, &at, end, path);
		g_string_append_printf(index, "<sitemap><loc>%s%s</loc></sitemap>\n", pages->site->base, path);
	}
	g_string_append(index, "</sitemapindex>\n");
	add_text(pages, index, "sitemap.xml");
}

/* ---- for hosts ---- */

/* What a page's own policy cannot say goes into headers; cairnd sends the same (relay/site.c). */
static const char headers[] =
    "/*\n"
    "  Content-Security-Policy: frame-ancestors 'none'; object-src 'none'; base-uri 'none'; form-action 'none'\n"
    "  Cross-Origin-Opener-Policy: same-origin\n"
    "  Cross-Origin-Resource-Policy: same-origin\n"
    "  Permissions-Policy: camera=(), geolocation=(), microphone=(), interest-cohort=()\n"
    "  Referrer-Policy: no-referrer\n"
    "  X-Content-Type-Options: nosniff\n"
    "  X-Frame-Options: DENY\n";

void
plan_feeds(struct pages *pages)
{
	GString *robots = g_string_new("User-agent: *\nAllow: /\n");

	for (size_t i = 0; i < pages->site->language_count; i++)
		plan_feed(pages, &pages->site->languages[i]);
	plan_maps(pages);
	g_string_append_printf(robots, "Sitemap: %ssitemap.xml\n", pages->site->base);
	add_text(pages, robots, "robots.txt");
	add_text(pages, g_string_new(headers), "_headers");
}
