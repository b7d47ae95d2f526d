// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/view.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "site/markdown.h"
#include "site/text.h"

#define POLICY "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'"
#define CHUNK_BYTES 4096U

static const char *const months[] = {N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December")};

struct cairn_span
said(const struct view *view, const char *english)
{
	return message_in(view->language->said, text_of(english));
}

struct cairn_span
view_format(struct view *view, const char *format, ...)
{
	va_list args;
	char *text;
	struct cairn_span kept;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	kept = text_of(g_string_chunk_insert(view->strings, text));
	g_free(text);
	return kept;
}

struct cairn_span
view_day(struct view *view, struct cairn_span day)
{
	struct cairn_span month;
	int number;

	if (!text_is_day(day, NULL))
		return day;
	number = (day.text[5] - '0') * 10 + day.text[6] - '0';
	month = said(view, months[number - 1]);
	return view_format(view, "%.*s %.*s %.4s", day.text[8] == '0' ? 1 : 2, day.text + (day.text[8] == '0' ? 9 :
	    8),
	    (int)month.size, month.text, day.text);
}

/* Of "key: name | what it is called" in site.md; the name itself where that is not said. */
static struct cairn_span
called(const struct view *view, const char *key, struct cairn_span name)
{
	struct cairn_span value;
	size_t at = 0;

	while (head_next(&view->language->about->head, key, &at, &value))
		if (span_same(head_part(&value, '|'), name))
			return text_trim(value);
	return name;
}

struct cairn_span
view_tag(const struct view *view, struct cairn_span tag)
{
	return called(view, "tag", tag);
}

struct cairn_span
view_country(const struct view *view, struct cairn_span country)
{
	return called(view, "country", country);
}

int
view_markdown(struct view *view, const char *name, struct cairn_span text)
{
	GString *html = g_string_new(NULL);
	int err = markdown_render(html, NULL, text, view->root);

	values_html(view->values, name, html);
	g_string_free(html, TRUE);
	return err;
}

void
view_begin(struct view *view, const struct site *site, const struct page *page)
{
	*view = (struct view){.site = site, .page = page, .language = page->language, .values = values_new(),
	    .type = "website", .alternates = g_string_new(NULL), .switches = g_string_new(NULL),
	    .strings = g_string_chunk_new(CHUNK_BYTES)};
	for (const char *at = page->path; (at = strchr(at, '/')) != NULL; at++)
		(void)g_strlcat(view->root, "../", sizeof view->root);
	(void)snprintf(view->here, sizeof view->here, "%s%s/", view->root, view->language->said->tag);
}

/* ---- languages ---- */

static void
add_switch(struct view *view, const struct language *language, const char *path, bool reviewed)
{
	bool current = language == view->language->said;
	const char *tag = language->tag;

	if (view->site->base[0] != '\0')
		g_string_append_printf(view->alternates,
		    "<link rel=\"alternate\" hreflang=\"%s\" href=\"%s%s/%s\">\n", tag,
		    view->site->base, tag, path);
	g_string_append_printf(view->switches,
	    "<li><a href=\"%s%s/%s\" lang=\"%s\" hreflang=\"%s\"%s>%s</a>%s</li>\n",
	    view->root, tag, path, tag, tag, current ? " aria-current=\"true\"" : "", language->name,
	    reviewed ? "" : " *");
}

void
view_everywhere(struct view *view, const char *path)
{
	for (size_t i = 0; i < view->site->language_count; i++) {
		const struct language *language = view->site->languages[i].said;

		add_switch(view, language, path, language_offered(language, false));
	}
}

void
view_translations(struct view *view, const GPtrArray *entries)
{
	for (guint i = 0; i < entries->len; i++) {
		const struct entry *entry = entries->pdata[i];
		char *path = g_strdup_printf("entries/%.*s.html", (int)entry->id.size, entry->id.text);

		add_switch(view, entry->language, path, !entry->translated || entry->reviewed_by.size > 0);
		g_free(path);
	}
}

/* ---- rows ---- */

void
view_entry_row(struct view *view, const char *list, const struct entry *entry)
{
	const struct cairn_span cells[] = {
		entry->title,
		view_format(view, "%sentries/%.*s.html", view->here, (int)entry->id.size, entry->id.text),
		entry->date,
		view_day(view, entry->date),
		entry->summary,
	};

	values_row(view->values, list, cells, sizeof cells / sizeof cells[0]);
}

/* ---- the head ---- */

/* "<" must not end the element that the data stands in. */
static void
put_data(struct view *view)
{
	GString *html = g_string_new(NULL);
	char *text = view->data == NULL ? NULL : json_dumps(view->data, JSON_COMPACT);

	for (const char *at = text; at != NULL && *at != '\0'; at++) {
		if (*at == '<')
			g_string_append(html, "\\u003c");
		else
			g_string_append_c(html, *at);
	}
	values_html(view->values, "data", html);
	values_flag(view->values, "has_data", text != NULL);
	free(text);
	json_decref(view->data);
	g_string_free(html, TRUE);
}

/* "en/index.html" is asked for as "en/". */
static struct cairn_span
address(struct view *view)
{
	const char *path = view->page->path;
	const char *slash = strrchr(path, '/');
	bool index = strcmp(slash == NULL ? path : slash + 1, "index.html") == 0;

	/* The front page has the address of its language's folder. */
	if (slash == NULL && index)
		return view_format(view, "%s%s/", view->site->base, view->language->said->tag);
	return view_format(view, "%s%.*s", view->site->base, (int)(index ? slash + 1 - path : (long)strlen(path)),
	    path);
}

/* The scripts that a page has, and whom they may talk to. */
static struct cairn_span
policy_of(struct view *view)
{
	static const char end[] = "; base-uri 'none'; form-action 'none'";

	if (view->campaign)
		return view_format(view, POLICY " 'wasm-unsafe-eval'; connect-src 'self' %s%s%s",
		    view->site->desk.origin, view->connect == NULL ? "" : view->connect->str, end);
	return view_format(view, POLICY "%s%s", view->searches ? "; connect-src 'self'" : "", end);
}

static void
put_head(struct view *view)
{
	const struct site *site = view->site;
	struct values *v = view->values;
	bool base = site->base[0] != '\0';
	struct cairn_span policy = policy_of(view);

	values_text(v, "policy", policy);
	values_string(v, "lang", view->language->said->tag);
	values_string(v, "dir", view->language->said->right_to_left ? "rtl" : "ltr");
	values_text(v, "site", view->language->title);
	values_text(v, "title", view->title);
	values_flag(v, "front", span_same(view->title, view->language->title));
	values_text(v, "description", view->description);
	values_flag(v, "described", view->description.size > 0);
	values_flag(v, "based", base);
	values_text(v, "address", address(view));
	values_string(v, "type", view->type);
	values_flag(v, "pictured", base && view->picture != NULL);
	values_text(v, "picture", view_format(view, "%s%s", site->base, view->picture == NULL ? "" : view->picture));
	values_html(v, "alternates", view->alternates);
	values_html(v, "switches", view->switches);
	values_flag(v, "switchable", site->language_count > 1 && view->switches->len > 0);
	values_string(v, "root", view->root);
	values_string(v, "here", view->here);
	values_flag(v, "campaign", view->campaign);
	values_flag(v, "searches", view->searches);
	values_flag(v, "returns", view->returns);
	put_data(view);
}

static void
put_parts(struct view *view)
{
	const struct site *site = view->site;
	struct values *v = view->values;

	values_flag(v, "has_events", site->events->len > 0);
	values_flag(v, "has_claims", site->claims->len > 0);
	values_flag(v, "has_letters", site->letters->len > 0 && site->addresses->len > 0);
	values_flag(v, "has_petitions", site->petitions->len > 0);
	values_flag(v, "has_gatherings", site->gatherings->len > 0 || site->desk.id[0] != '\0');
	values_flag(v, "has_give", site->gives->len > 0);
	values_flag(v, "has_desk", site->desk.page[0] != '\0');
	values_flag(v, "has_onion", site->desk.onion.size > 0);
	values_string(v, "desk_page", site->desk.page);
	values_string(v, "desk_relay", site->desk.relay);
	values_string(v, "desk_id", site->desk.id);
	values_string(v, "desk_identity", site->desk.identity);
	values_text(v, "onion", site->desk.onion);
	values_flag(v, "example", site->example);
	values_flag(v, "unreviewed", !language_offered(view->language->said, false));
}

static const struct template *
template_named(const struct site_language *language, const char *name)
{
	for (size_t i = 0; i < site_template_count; i++)
		if (strcmp(site_templates[i].name, name) == 0)
			return language->templates[i];
	return NULL;
}

int
view_end(GString *out, struct view *view, const char *template)
{
	static const char *const around[] = {"head", "", "foot"};
	int err = CAIRN_OK;

	put_head(view);
	put_parts(view);
	for (size_t i = 0; err == CAIRN_OK && i < 3; i++) {
		const struct template *t = template_named(view->language, i == 1 ? template : around[i]);

		err = t == NULL ? CAIRN_ERR_FORMAT : template_fill(out, t, view->values);
	}
	values_free(view->values);
	g_string_free(view->alternates, TRUE);
	g_string_free(view->switches, TRUE);
	if (view->connect != NULL)
		g_string_free(view->connect, TRUE);
	g_string_chunk_free(view->strings);
	return err;
}
