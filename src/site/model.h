// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_MODEL_H
#define CAIRN_SITE_MODEL_H

#include <glib.h>

#include "base/html.h"
#include "base/messages.h"
#include "site/address.h"
#include "site/document.h"
#include "site/entry.h"
#include "site/gathering.h"
#include "site/issuer.h"
#include "site/site.h"

/* The languages of web/site/po. */
extern const struct language site_languages[]; /* sorted by tag */
extern const size_t site_language_count;

/* The templates, src/site/templates/NAME.html; the first two stand around all others. */
struct text_file {
	const char *name;
	const char *text;
};
extern const struct text_file site_templates[];
extern const size_t site_template_count;

#define SITE_LANGUAGES_MAX 16U
#define SITE_TEMPLATES_MAX 40U

struct tag {
	struct cairn_span name;
	GPtrArray *entries; /* as in the language's list */
};

/* The site in one language. */
struct site_language {
	const struct language *said;
	const struct document *about; /* site.md in that language, or in the first */
	struct cairn_span title;
	struct entry **entries; /* by day, then id */
	size_t count;
	GPtrArray *tags;        /* struct tag, by name */
	struct template *templates[SITE_TEMPLATES_MAX];
};

/* Where letters to the desk and to its campaign door go; empty strings where that is not said. */
struct site_desk {
	char page[600];     /* the person's page, with the key behind its # */
	char relay[600];    /* ends in /d/<desk_id>/ */
	char origin[600];   /* of the relay, for the page's policy */
	char id[65];        /* hex */
	char identity[65];  /* hex; empty where the address has none */
	struct cairn_span onion;
};

struct site {
	const struct site_options *options;
	struct site_fault *fault;
	int source;
	struct document *conf; /* site.md */
	GPtrArray *abouts;     /* documents: site.<lang>.md */
	char *base;            /* ends in a slash; empty: not known */
	struct site_desk desk;
	bool example;
	bool comments_open;

	struct site_language languages[SITE_LANGUAGES_MAX];
	size_t language_count;
	struct entry *entries; /* all there are; those that are not shown have no language */
	size_t entry_count;
	GHashTable *by_id;     /* id to GPtrArray of entries that are shown; keys are owned */

	GPtrArray *claims, *events;       /* items */
	GBytes *card, *chain; /* what claims are checked by; NULL: no claim has a proof; no chain */
	GPtrArray *petitions, *letters, *gives; /* documents */
	GPtrArray *counts, *comments;     /* items, by the petition's and the entry's name */
	GPtrArray *addresses, *gatherings;
	GPtrArray *issuers;               /* that may name commenters */

	uint8_t common[KEY_BYTES]; /* of all that stands on every page */
};

/* Reads all but the entries. CAIRN_ERR_FORMAT, CAIRN_ERR_IO with site->fault. model_release() in any case. */
CAIRN_NODISCARD int model_open(struct site *site);
/* Once site->entries are there: languages, neighbours, tags. */
CAIRN_NODISCARD int model_join(struct site *site);
void model_release(struct site *site);

/* The entry of that name in that language; NULL: none is shown. */
struct entry *model_entry(const struct site *site, struct cairn_span id, const struct language *language);
/* All languages of that name; NULL: none. */
const GPtrArray *model_translations(const struct site *site, struct cairn_span id);
/* The document of that name in that language, or else the original; NULL: there is none. */
const struct document *model_document(const struct site *site, const GPtrArray *documents, struct cairn_span id,
    const struct site_language *language);
bool model_shows(const struct site *site, const struct document *document);
/* Is that the only one, or the original, of its name? For lists of names. */
bool model_is_original(const struct document *document);

#endif
