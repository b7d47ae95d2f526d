// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/text.h"
#include "site/text.h"
#include "site/view.h"

/* Ways to help that need nothing but a page: letters, gatherings, gifts; and how to check the site. */

/* ---- the list of ways ---- */

static void
put_petitions(struct view *view)
{
	const GPtrArray *petitions = view->site->petitions;

	values_list(view->values, "petitions");
	for (guint i = 0; i < petitions->len; i++) {
		const struct document *d = petitions->pdata[i], *shown;

		if (!model_is_original(d))
			continue;
		shown = model_document(view->site, petitions, d->id, view->language);
		const struct cairn_span cells[] = {head_value(&shown->head, "title"),
		    view_format(view, "petition-%.*s.html", (int)d->id.size, d->id.text),
		    head_value(&shown->head, "summary")};

		values_row(view->values, "petitions", cells, 3);
	}
}

static void
put_gives(struct view *view)
{
	const GPtrArray *gives = view->site->gives;

	values_list(view->values, "gives");
	for (guint i = 0; i < gives->len; i++) {
		const struct document *d = gives->pdata[i], *shown;

		if (!model_is_original(d))
			continue;
		shown = model_document(view->site, gives, d->id, view->language);
		const struct cairn_span cells[] = {head_value(&shown->head, "title"),
		    view_format(view, "give-%.*s.html", (int)d->id.size, d->id.text)};

		values_row(view->values, "gives", cells, 2);
	}
}

static int
render_help(GString *out, const struct site *site, const struct page *page)
{
	struct view view;

	view_begin(&view, site, page);
	view.title = said(&view, "Ways to help");
	view_everywhere(&view, "help/index.html");
	put_petitions(&view);
	put_gives(&view);
	return view_end(out, &view, "help");
}

static int
render_check(GString *out, const struct site *site, const struct page *page)
{
	struct view view;

	view_begin(&view, site, page);
	view.title = said(&view, "Check this site");
	view_everywhere(&view, "help/check.html");
	values_string(view.values, "address_of_site", site->base);
	return view_end(out, &view, "check");
}

/* ---- letters ---- */

/* A text in one language, to one country. */
struct letter {
	const struct document *document;
	const char *country;
};

static struct cairn_span
language_of(const struct site *site, const struct document *d)
{
	return d->lang.size == 0 ? text_of(site->languages[0].said->tag) : d->lang;
}

static struct cairn_span
language_name(const struct site *site, struct cairn_span tag)
{
	for (size_t i = 0; i < site_language_count; i++)
		if (span_is(tag, site_languages[i].tag))
			return text_of(site_languages[i].name);
	(void)site;
	return tag;
}

static struct cairn_span
letter_path(struct view *view, const struct document *d, const char *country)
{
	struct cairn_span lang = language_of(view->site, d);

	return view_format(view, "%.*s-%s-%.*s.html", (int)d->id.size, d->id.text, country, (int)lang.size,
	    lang.text);
}

/* {salutation} becomes the one of whom it goes to. */
static GString *
letter_text(const struct document *d, const struct address *to)
{
	GString *text = g_string_new_len(d->head.body.text, (gssize)d->head.body.size);

	(void)g_string_replace(text, "{salutation}", to->salutation, 0);
	while (text->len > 0 && g_ascii_isspace(text->str[text->len - 1]))
		g_string_truncate(text, text->len - 1);
	return text;
}

static struct cairn_span
mail_link(struct view *view, const struct document *d, const struct address *to)
{
	GString *text = letter_text(d, to);
	char *title = g_strndup(head_value(&d->head, "title").text, head_value(&d->head, "title").size);
	char *subject = g_uri_escape_string(title, NULL, FALSE);
	GString *lines = g_string_new(text->str);
	char *body;
	struct cairn_span link;

	(void)g_string_replace(lines, "\n", "\r\n", 0);
	body = g_uri_escape_string(lines->str, NULL, FALSE);
	link = view_format(view, "mailto:%s?subject=%s&body=%s", to->e_mail, subject, body);
	g_free(body);
	g_free(subject);
	g_free(title);
	g_string_free(lines, TRUE);
	g_string_free(text, TRUE);
	return link;
}

static void
put_recipients(struct view *view, const struct letter *letter)
{
	values_list(view->values, "recipients");
	for (guint i = 0; i < view->site->addresses->len; i++) {
		const struct address *a = view->site->addresses->pdata[i];

		if (strcmp(a->country, letter->country) != 0)
			continue;
		const struct cairn_span cells[] = {text_of(a->name), text_of(a->e_mail),
		    a->e_mail[0] == '\0' ? text_of("") : mail_link(view, letter->document, a), text_of(a->post),
		    text_of(a->source), view_day(view, text_of(a->checked)), text_of(a->salutation)};

		values_row(view->values, "recipients", cells, 7);
	}
}

static const struct address *
first_address(const struct site *site, const char *country)
{
	for (guint i = 0; i < site->addresses->len; i++) {
		const struct address *a = site->addresses->pdata[i];

		if (strcmp(a->country, country) == 0)
			return a;
	}
	return NULL;
}

static int
render_letter(GString *out, const struct site *site, const struct page *page)
{
	const struct letter letter = {page->what, page->text};
	struct cairn_span lang = language_of(site, letter.document);
	struct cairn_span title = head_value(&letter.document->head, "title");
	GString *text = letter_text(letter.document, first_address(site, letter.country));
	struct view view;
	int err;

	view_begin(&view, site, page);
	view.title = view_format(&view, "%.*s: %.*s", (int)title.size, title.text,
	    (int)view_country(&view, text_of(letter.country)).size, view_country(&view,
	    text_of(letter.country)).text);
	values_text(view.values, "subject", title);
	values_text(view.values, "country", view_country(&view, text_of(letter.country)));
	values_text(view.values, "text", (struct cairn_span){text->str, text->len});
	values_text(view.values, "text_lang", lang);
	values_text(view.values, "text_lang_name", language_name(site, lang));
	values_flag(view.values, "reviewed", model_is_original(letter.document) ||
	    head_value(&letter.document->head, "reviewed-by").size > 0);
	values_string(view.values, "text_dir", span_is(lang, "ar") || span_is(lang, "fa") || span_is(lang,
	    "he") ? "rtl" :
	    "ltr");
	put_recipients(&view, &letter);
	err = view_end(out, &view, "letter");
	g_string_free(text, TRUE);
	return err;
}

/* Countries in the order of the directory, each once. */
static GPtrArray *
countries(const struct site *site)
{
	GPtrArray *list = g_ptr_array_new();

	for (guint i = 0; i < site->addresses->len; i++) {
		const struct address *a = site->addresses->pdata[i];
		guint at = 0;

		while (at < list->len && strcmp(list->pdata[at], a->country) != 0)
			at++;
		if (at == list->len)
			g_ptr_array_add(list, a->country);
	}
	return list;
}

static int
render_letters(GString *out, const struct site *site, const struct page *page)
{
	GPtrArray *list = countries(site);
	struct view view;
	int err;

	view_begin(&view, site, page);
	view.title = said(&view, "Write to an embassy or an official");
	view_everywhere(&view, "help/letters/index.html");
	values_list(view.values, "rows");
	for (guint i = 0; i < list->len; i++)
		for (guint j = 0; j < site->letters->len; j++) {
			const struct document *d = site->letters->pdata[j];

			if (!model_shows(site, d))
				continue;
			const struct cairn_span cells[] = {view_country(&view, text_of(list->pdata[i])),
			    letter_path(&view, d, list->pdata[i]), head_value(&d->head, "title"),
			    language_name(site, language_of(site, d)), language_of(site, d)};

			values_row(view.values, "rows", cells, 5);
		}
	err = view_end(out, &view, "letters");
	g_ptr_array_free(list, TRUE);
	return err;
}

static void
key_address(struct key *key, const struct address *a)
{
	const char *const parts[] = {a->country, a->name, a->salutation, a->e_mail, a->post, a->source, a->checked};

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		key_span(key, text_of(parts[i]));
}

static void
plan_letter(struct pages *pages, const struct site_language *language, const struct document *d, const char *country)
{
	struct cairn_span lang = language_of(pages->site, d);
	struct key key;

	key_begin(&key, "letter");
	key_bytes(&key, d->hash, KEY_BYTES);
	for (guint i = 0; i < pages->site->addresses->len; i++) {
		const struct address *a = pages->site->addresses->pdata[i];

		if (strcmp(a->country, country) == 0)
			key_address(&key, a);
	}
	page_set_text(pages_add(pages, &key, render_letter, language, d, "%s/help/letters/%.*s-%s-%.*s.html",
	    language->said->tag,
	    (int)d->id.size, d->id.text, country, (int)lang.size, lang.text),
	    g_strdup(country));
}

static void
plan_letters(struct pages *pages, const struct site_language *language)
{
	const struct site *site = pages->site;
	GPtrArray *list = countries(site);
	struct key key;

	key_begin(&key, "letters");
	for (guint i = 0; i < list->len; i++)
		for (guint j = 0; j < site->letters->len; j++) {
			const struct document *d = site->letters->pdata[j];

			if (!model_shows(site, d))
				continue;
			plan_letter(pages, language, d, list->pdata[i]);
			key_span(&key, text_of(list->pdata[i]));
			key_bytes(&key, d->hash, KEY_BYTES);
		}
	if (list->len > 0 && site->letters->len > 0)
		(void)pages_add(pages, &key, render_letters, language, NULL, "%s/help/letters/index.html",
		    language->said->tag);
	g_ptr_array_free(list, TRUE);
}

/* ---- gatherings ---- */

static void
put_gatherings(struct view *view, const char *list, bool over)
{
	size_t count = 0;

	values_list(view->values, list);
	for (guint i = 0; i < view->site->gatherings->len; i++) {
		const struct gathering *g = view->site->gatherings->pdata[i];
		struct cairn_span day = {g->begins, 10};

		if ((g->day < view->site->options->day) != over)
			continue;
		const struct cairn_span cells[] = {text_of(g->title), view_day(view, day), text_of(g->begins + 11),
		    g->ends[0] == '\0' ? text_of("") : text_of(g->ends + 11), text_of(g->zone), text_of(g->place),
		    text_of(g->city), view_country(view, text_of(g->country)), text_of(g->safety), text_of(g->link),
		    text_of(g->begins), text_of(g->id)};

		values_row(view->values, list, cells, 12);
		count++;
	}
	values_flag(view->values, over ? "has_over" : "has_coming", count > 0);
}

static bool
first_of_country(const GPtrArray *gatherings, guint at)
{
	for (guint i = 0; i < at; i++)
		if (strcmp(((const struct gathering *)gatherings->pdata[i])->country,
			((const struct gathering *)gatherings->pdata[at])->country) == 0)
			return false;
	return true;
}

static int
render_gatherings(GString *out, const struct site *site, const struct page *page)
{
	struct view view;

	view_begin(&view, site, page);
	view.title = said(&view, "Protests and vigils");
	view_everywhere(&view, "help/gatherings.html");
	put_gatherings(&view, "coming", false);
	put_gatherings(&view, "over", true);
	values_flag(view.values, "any", site->gatherings->len > 0);
	values_list(view.values, "calendars");
	for (guint i = 0; i < site->gatherings->len; i++) {
		const struct gathering *g = site->gatherings->pdata[i];

		if (!first_of_country(site->gatherings, i))
			continue;
		const struct cairn_span cells[] = {view_country(&view, text_of(g->country)),
		    view_format(&view, "%scalendar/%s.ics", view.root, g->country)};

		values_row(view.values, "calendars", cells, 2);
	}
	return view_end(out, &view, "gatherings");
}

static int
render_calendar(GString *out, const struct site *site, const struct page *page)
{
	gatherings_calendar(out, site->gatherings, page->text, site->base, site->languages[0].title);
	return CAIRN_OK;
}

static void
key_gatherings(struct key *key, const GPtrArray *gatherings, uint32_t today)
{
	for (guint i = 0; i < gatherings->len; i++) {
		const struct gathering *g = gatherings->pdata[i];
		const char *const parts[] = {g->id, g->title, g->country, g->city, g->place, g->begins, g->ends,
		    g->zone,
		    g->safety, g->link, g->checked};

		for (size_t j = 0; j < G_N_ELEMENTS(parts); j++)
			key_span(key, text_of(parts[j]));
		key_number(key, today != 0 && g->day < today);
	}
}

static void
plan_calendars(struct pages *pages)
{
	const GPtrArray *gatherings = pages->site->gatherings;
	struct key key;

	if (gatherings->len == 0)
		return;
	key_begin(&key, "calendar");
	key_gatherings(&key, gatherings, 0);
	(void)pages_add(pages, &key, render_calendar, NULL, NULL, "calendar/all.ics");
	for (guint i = 0; i < gatherings->len; i++) {
		const struct gathering *g = gatherings->pdata[i];

		if (!first_of_country(gatherings, i))
			continue;
		key_begin(&key, "calendar");
		key_gatherings(&key, gatherings, 0);
		page_set_text(pages_add(pages, &key, render_calendar, NULL, NULL, "calendar/%s.ics", g->country),
		    g_strdup(g->country));
	}
}

static int
render_suggest(GString *out, const struct site *site, const struct page *page)
{
	struct view view;

	view_begin(&view, site, page);
	view.title = said(&view, "Tell us of a protest or vigil");
	view.campaign = true;
	view_everywhere(&view, "help/suggest.html");
	return view_end(out, &view, "suggest");
}

/* ---- gifts ---- */

static void
put_fields(struct view *view, const char *list, const struct head *head, const char *key, size_t parts)
{
	struct cairn_span value, cells[4];
	size_t at = 0, count = 0;

	values_list(view->values, list);
	while (head_next(head, key, &at, &value)) {
		for (size_t i = 0; i < parts; i++)
			cells[i] = i + 1 == parts ? text_trim(value) : head_part(&value, '|');
		values_row(view->values, list, cells, parts);
		count++;
	}
	values_flag(view->values, view_format(view, "has_%s", list).text, count > 0);
}

static int
render_give(GString *out, const struct site *site, const struct page *page)
{
	const struct document *d = page->what;
	struct view view;
	int err, filled;

	view_begin(&view, site, page);
	view.title = head_value(&d->head, "title");
	view_everywhere(&view, view_format(&view, "help/give-%.*s.html", (int)d->id.size, d->id.text).text);
	put_fields(&view, "banks", &d->head, "bank", 2);
	put_fields(&view, "links", &d->head, "link", 2);
	put_fields(&view, "sums", &d->head, "reported", 3);
	values_text(view.values, "file", view_format(&view, "%sgive/%.*s.txt", view.root, (int)d->id.size,
	    d->id.text));
	err = view_markdown(&view, "about", d->head.body);
	filled = view_end(out, &view, "give");
	return err != CAIRN_OK ? err : filled;
}

/* What is hashed onto the card: the ways alone, so that a change of words changes nothing. */
static int
render_give_file(GString *out, const struct site *site, const struct page *page)
{
	static const char *const keys[] = {"bank", "link"};
	const struct document *d = page->what;
	struct cairn_span value;

	(void)site;
	g_string_append_printf(out, "cairn give 1\nname %.*s\n", (int)d->id.size, d->id.text);
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		size_t at = 0;

		while (head_next(&d->head, keys[i], &at, &value)) {
			struct cairn_span what = head_part(&value, '|');

			value = text_trim(value);
			g_string_append_printf(out, "%s %.*s | %.*s\n", keys[i], (int)what.size, what.text,
			    (int)value.size,
			    value.text);
		}
	}
	return CAIRN_OK;
}

static void
plan_gives(struct pages *pages, const struct site_language *language)
{
	const GPtrArray *gives = pages->site->gives;
	struct key key;

	for (guint i = 0; i < gives->len; i++) {
		const struct document *d = gives->pdata[i], *shown;

		if (!model_is_original(d))
			continue;
		shown = model_document(pages->site, gives, d->id, language);
		key_begin(&key, "give");
		key_bytes(&key, shown->hash, KEY_BYTES);
		(void)pages_add(pages, &key, render_give, language, shown, "%s/help/give-%.*s.html",
		    language->said->tag,
		    (int)d->id.size, d->id.text);
		if (language != pages->site->languages)
			continue;
		key_begin(&key, "give file");
		key_bytes(&key, d->hash, KEY_BYTES);
		(void)pages_add(pages, &key, render_give_file, NULL, d, "give/%.*s.txt", (int)d->id.size, d->id.text);
	}
}

/* ---- comments ---- */

/* Who may name commenters: the page may ask them for a token, at that one address each, and nobody else. */
static void
put_issuers(struct view *view)
{
	view->connect = g_string_new(NULL);
	values_list(view->values, "issuers");
	for (guint i = 0; i < view->site->issuers->len; i++) {
		const struct issuer *issuer = view->site->issuers->pdata[i];
		const struct cairn_span cells[] = {text_of(issuer->name), text_of(issuer->title),
		    text_of(issuer->address), text_of(issuer->client), text_of(issuer->claim->name),
		    text_of(issuer->claim->scope), text_of(issuer->authorize), text_of(issuer->token),
		    text_of(issuer->says_issuer ? "yes" : ""), text_of(issuer->takes_claims ? "yes" : "")};

		values_row(view->values, "issuers", cells, G_N_ELEMENTS(cells));
		g_string_append_printf(view->connect, " %s", issuer->token);
	}
}

static int
render_comment(GString *out, const struct site *site, const struct page *page)
{
	struct view view;

	view_begin(&view, site, page);
	view.title = said(&view, "Comment on an entry");
	view.campaign = true;
	put_issuers(&view);
	view_everywhere(&view, "help/comment.html");
	return view_end(out, &view, "comment");
}

/* Where an issuer leads back to: one address for all languages, since each must be told to the issuer. */
static int
render_named(GString *out, const struct site *site, const struct page *page)
{
	struct view view;

	view_begin(&view, site, page);
	view.title = said(&view, "Who you are");
	view.returns = true;
	return view_end(out, &view, "named");
}

static void
plan_comments(struct pages *pages, const struct site_language *language)
{
	const struct site *site = pages->site;
	struct key key;

	key_begin(&key, "comment");
	for (guint i = 0; i < site->issuers->len; i++)
		key_bytes(&key, ((const struct issuer *)site->issuers->pdata[i])->hash, KEY_BYTES);
	(void)pages_add(pages, &key, render_comment, language, NULL, "%s/help/comment.html", language->said->tag);
	if (site->issuers->len == 0 || language != site->languages)
		return;
	key_begin(&key, "named");
	(void)pages_add(pages, &key, render_named, language, NULL, "named.html");
}

/* ---- all of them ---- */

static void
plan_language(struct pages *pages, const struct site_language *language)
{
	const struct site *site = pages->site;
	const char *tag = language->said->tag;
	struct key key;

	key_begin(&key, "help");
	for (guint i = 0; i < site->petitions->len; i++)
		key_bytes(&key, ((const struct document *)site->petitions->pdata[i])->hash, KEY_BYTES);
	for (guint i = 0; i < site->gives->len; i++)
		key_bytes(&key, ((const struct document *)site->gives->pdata[i])->hash, KEY_BYTES);
	(void)pages_add(pages, &key, render_help, language, NULL, "%s/help/index.html", tag);
	key_begin(&key, "check");
	(void)pages_add(pages, &key, render_check, language, NULL, "%s/help/check.html", tag);
	plan_letters(pages, language);
	plan_gives(pages, language);
	if (site->gatherings->len > 0 || site->desk.id[0] != '\0') {
		key_begin(&key, "gatherings");
		key_gatherings(&key, site->gatherings, site->options->day);
		(void)pages_add(pages, &key, render_gatherings, language, NULL, "%s/help/gatherings.html", tag);
	}
	if (site->desk.id[0] != '\0') {
		key_begin(&key, "suggest");
		(void)pages_add(pages, &key, render_suggest, language, NULL, "%s/help/suggest.html", tag);
	}
	if (site->comments_open)
		plan_comments(pages, language);
}

void
plan_help(struct pages *pages)
{
	for (size_t i = 0; i < pages->site->language_count; i++)
		plan_language(pages, &pages->site->languages[i]);
	plan_calendars(pages);
}
