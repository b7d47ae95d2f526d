// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_PAGE_H
#define CAIRN_SITE_PAGE_H

#include <glib.h>

#include "site/key.h"
#include "site/model.h"

/*
 * One file of the site: where it goes, what it hangs on, and how it is made. render appends it to out, and is called
 * by several threads at once, but only where the key differs from the last build's.
 */
struct cache;
struct page;
typedef int page_render(GString *out, const struct site *site, const struct page *page);

struct page {
	char *path; /* below the site's root, "en/entries/name.html"; owned */
	uint8_t key[KEY_BYTES];
	page_render *render; /* NULL: a picture, which another program draws */
	const struct site_language *language; /* NULL: of none */
	const void *what;
	size_t number;
	char *text; /* for what has no better place; owned, may be NULL */
	GArray *postings; /* of a file of words that is made from nothing; taken over */
	int out;          /* the site's folder, for what is made from what lies there */

	/* Of what lies there, from the last build or this one. */
	uint8_t hash[CAIRN_SHA256_BYTES];
	uint64_t stamp[3];
	bool untouched; /* what lies there is what the last build left */
	bool made;      /* and is what this one would make */
};

struct pages {
	GArray *list; /* struct page */
	struct site *site;
	struct cache *cache;
	GPtrArray *indexes; /* struct search_index, one a language */
	int err;      /* the first thing that could not be planned; site->fault tells */
};

/*
 * Adds a page; key is that of what it alone shows, and what stands on every page of its language is added here. The
 * pointer is good until the next call.
 */
struct page *pages_add(struct pages *pages, struct key *key, page_render *render,
    const struct site_language *language,
    const void *what, const char *format, ...) __attribute__((format(printf, 6, 7)));

void page_set_number(struct page *page, size_t number);
void page_set_text(struct page *page, char *text); /* taken over */

/* What each part of the site adds. */
void plan_entries(struct pages *pages);
void plan_lists(struct pages *pages);
void plan_record(struct pages *pages);
void plan_help(struct pages *pages);
void plan_petitions(struct pages *pages);
void plan_feeds(struct pages *pages);
void plan_search(struct pages *pages);
/* Once it is known which pages are not made: gives those of words what they need. */
void search_fill(struct pages *pages, int out);
void search_release(struct pages *pages);
void plan_pictures(struct pages *pages);
CAIRN_NODISCARD int plan_files(struct pages *pages); /* style, scripts, and the source's own files */

#endif
