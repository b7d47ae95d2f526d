// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/posting_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/html.h"
#include "base/text.h"
#include "site/document.h"
#include "site/fault.h"
#include "site/kinds.h"
#include "site/markdown.h"
#include "site/model.h"
#include "site/text.h"

#define ELLIPSIS "\xe2\x80\xa6"

void
posting_cut(GString *out, struct cairn_span text, size_t characters)
{
	struct cairn_span rest = text;
	const char *last = text.text;

	for (size_t i = 0; rest.size > 0 && i < characters; i++) {
		last = rest.text;
		(void)text_next(&rest);
	}
	if (rest.size == 0) {
		g_string_append_len(out, text.text, (gssize)text.size);
		return;
	}
	g_string_append_len(out, text.text, last - text.text);
	g_string_append(out, ELLIPSIS);
}

static char *
first_in(const char *tag)
{
	struct cairn_span said = text_of(N_("First published at"));

	for (size_t i = 0; i < site_language_count; i++)
		if (strcmp(site_languages[i].tag, tag) == 0)
			said = message_in(&site_languages[i], said);
	return g_strndup(said.text, said.size);
}

/* What the site itself says: address, title, and the language of entries that name none. */
static int
take_site(struct posting_text *t, struct site_fault *fault, int folder)
{
	struct document *conf = NULL;
	struct cairn_span base, lang = t->entry.lang, title;
	int err = document_load(&conf, folder, "site.md", site_keys, site_key_count, fault);

	if (err != CAIRN_OK)
		return err;
	base = head_value(&conf->head, "base");
	title = head_value(&conf->head, "title");
	if (lang.size == 0)
		lang = head_value(&conf->head, "lang");
	if (lang.size == 0)
		lang = text_of("en");
	if (base.size == 0 || !text_is_web(base) || base.text[base.size - 1] != '/' || lang.size >= sizeof(t->lang))
		err = fault_set(fault, CAIRN_ERR_FORMAT, "site.md", 0,
		    "base is wanted, the site's web address with a slash at its end: posts link to it");
	else {
		memcpy(t->lang, lang.text, lang.size);
		t->base = g_strndup(base.text, base.size);
		t->site = g_strndup(title.text, title.size);
	}
	document_free(conf);
	return err;
}

static int
take_entry(struct posting_text *t, struct site_fault *fault, int folder)
{
	size_t size;
	int err;

	t->entry.file = g_strconcat("entries/", t->name, ".md", NULL);
	t->source = source_file(folder, t->entry.file, DOCUMENT_BYTES_MAX, &size, &err, fault);
	if (err != CAIRN_OK)
		return err;
	err = entry_read(&t->entry, &t->body, fault, (struct cairn_span){t->source, size});
	if (err == CAIRN_OK && t->entry.translated && t->entry.reviewed_by.size == 0)
		return fault_set(fault, CAIRN_ERR_FORMAT, t->entry.file, 0,
		    "a translation is posted once somebody who speaks the language has read it: reviewed-by");
	return err;
}

static int
render(struct posting_text *t, struct site_fault *fault)
{
	if (markdown_render_elsewhere(t->html, t->plain, t->body, t->base, t->link) != CAIRN_OK)
		return fault_set(fault, CAIRN_ERR_NOMEM, t->entry.file, 0, "out of memory");
	g_string_append(t->html, "<p>");
	html_escape(t->html, text_of(t->first));
	g_string_append(t->html, " <a href=\"");
	html_escape(t->html, text_of(t->link));
	g_string_append(t->html, "\">");
	html_escape(t->html, text_of(t->link));
	g_string_append(t->html, "</a></p>\n");
	return CAIRN_OK;
}

int
posting_text_load(struct posting_text *t, struct site_fault *fault, int folder, const char *name)
{
	int err;

	*t = (struct posting_text){.html = g_string_new(NULL), .plain = g_string_new(NULL)};
	(void)g_strlcpy(t->name, name, sizeof(t->name));
	err = take_entry(t, fault, folder);
	if (err == CAIRN_OK)
		err = take_site(t, fault, folder);
	if (err != CAIRN_OK)
		return err;
	t->first = first_in(t->lang);
	t->link =
	    g_strdup_printf("%s%s/entries/%.*s.html", t->base, t->lang, (int)t->entry.id.size, t->entry.id.text);
	return render(t, fault);
}

void
posting_text_release(struct posting_text *t)
{
	entry_clear(&t->entry);
	free(t->source);
	g_free(t->site);
	g_free(t->base);
	g_free(t->link);
	g_free(t->first);
	if (t->html != NULL)
		g_string_free(t->html, TRUE);
	if (t->plain != NULL)
		g_string_free(t->plain, TRUE);
	*t = (struct posting_text){0};
}
