// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_VIEW_H
#define CAIRN_SITE_VIEW_H

#include <jansson.h>

#include "site/page.h"

/* One page while it is filled in: its values, and the way from it to the site's root. */
struct view {
	const struct site *site;
	const struct page *page;
	const struct site_language *language;
	struct values *values;
	char root[16];  /* "../../" */
	char here[40];  /* the language's folder: "../../en/" */
	/* For the head; set them before view_end(). */
	struct cairn_span title;
	struct cairn_span description;
	const char *type;     /* Open Graph: "article" or "website" */
	const char *picture;  /* path of one to share, or NULL */
	bool campaign;        /* the core runs here, and talks to the relay */
	bool searches;        /* the search runs here */
	bool returns;         /* an issuer leads back to this page */
	GString *connect;     /* " https://..." for each address more that the page may talk to; NULL: none */
	json_t *data;         /* JSON-LD; taken over, may be NULL */
	GString *alternates;  /* hreflang links, made by view_translations() */
	GString *switches;    /* the same for people */
	GStringChunk *strings;
};

void view_begin(struct view *view, const struct site *site, const struct page *page);
/* Head, the template of that name, foot. Frees what view_begin() made. */
CAIRN_NODISCARD int view_end(GString *out, struct view *view, const char *template);

struct cairn_span said(const struct view *view, const char *english);
/* The page of that path in every language of the site; those of one name of entries. NULL path: only this page. */
void view_everywhere(struct view *view, const char *path);
void view_translations(struct view *view, const GPtrArray *entries);
/* A row of a list of entries: title, link, date, summary. */
void view_entry_row(struct view *view, const char *list, const struct entry *entry);
/* Formatted, and freed with the page: for rows. */
struct cairn_span view_format(struct view *view, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "1 April 2017" */
struct cairn_span view_day(struct view *view, struct cairn_span day);
/* What a tag or a country is called. */
struct cairn_span view_tag(const struct view *view, struct cairn_span tag);
struct cairn_span view_country(const struct view *view, struct cairn_span country);
/* Markdown as HTML in a value. */
CAIRN_NODISCARD int view_markdown(struct view *view, const char *name, struct cairn_span text);

#endif
