// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_POSTING_TEXT_H
#define CAIRN_SITE_POSTING_TEXT_H

#include <glib.h>

#include "site/entry.h"
#include "site/posted.h"

/* An entry as it is posted elsewhere: with a line that says where it was first published. Nothing says where
 * anybody is. */
struct posting_text {
	char name[POSTED_ENTRY_MAX + 1]; /* of the file, without ".md" */
	char *source;                    /* of the file; what the spans look into */
	struct entry entry;
	struct cairn_span body; /* Markdown */
	char lang[36];
	char *site;     /* its title */
	char *base;     /* ends in a slash */
	char *link;     /* of the entry's page */
	char *first;    /* "First published at", in its language */
	GString *html;  /* with that line at its end */
	GString *plain; /* words alone, without it */
};

/*
 * folder is the source's. Refused are an entry without a site that has an address, and a translation that nobody
 * reviewed. CAIRN_ERR_FORMAT, CAIRN_ERR_IO, CAIRN_ERR_UNKNOWN, CAIRN_ERR_NOMEM with fault. posting_text_release()
 * in any case.
 */
CAIRN_NODISCARD int posting_text_load(
    struct posting_text *text, struct site_fault *fault, int folder, const char *name);
void posting_text_release(struct posting_text *text);

/* At most so many characters, and an ellipsis where there was more. */
void posting_cut(GString *out, struct cairn_span text, size_t characters);

#endif
