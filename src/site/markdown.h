// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_MARKDOWN_H
#define CAIRN_SITE_MARKDOWN_H

#include <glib.h>

#include "cairn/err.h"
#include "cairn/span.h"

/*
 * Markdown (CommonMark, by cmark) to HTML that may stand in a page: HTML of the author's own is left out, links go
 * to https, http, mailto and within the site alone, pictures come from the site's own files/ alone, and headings
 * begin at the second level. root is the way to the site's root from the page ("../../").
 *
 * html, and plain (the words without marks, for the search), are appended to; either may be NULL. CAIRN_ERR_NOMEM.
 */
CAIRN_NODISCARD int markdown_render(GString *html, GString *plain, struct cairn_span text, const char *root);

/* The same for another site: root is this site's address, page that of the text's own page. page may be NULL. */
CAIRN_NODISCARD int markdown_render_elsewhere(GString *html, GString *plain, struct cairn_span text, const char *root,
    const char *page);

#endif
