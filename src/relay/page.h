// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_PAGE_H
#define CAIRN_RELAY_PAGE_H

#include "cairn/err.h"
#include "relay/request.h"

/*
 * The person's page (web/person): one address for all steps, three parts beside it. Read into memory before
 * the first request; the same bytes for everybody but for what the desk says of itself (docs/page.md).
 */
struct page;

#define PAGE_LEAVE_MAX 64U /* browsers that ping say so in four letters */

/* From the folder that the configuration names. CAIRN_OK and NULL where it names none. */
CAIRN_NODISCARD int page_new(struct page **ret, const struct config *config);
void page_free(struct page *page);

/*
 * The headers of all that a person's browser gets, with scripts and without: keep nothing, tell nobody, load nothing
 * from elsewhere. CAIRN_ERR_NOMEM, also where response is NULL.
 */
CAIRN_NODISCARD int page_dress(struct MHD_Response *response, const char *type, const char *content_policy);

/* Does the browser take gzip? */
bool page_takes_gzip(const struct request *request);

/* GET of a desk's root, and of / where the relay has one desk only. */
void page_get(struct request *request);
/* GET page.js, page.css, core.wasm */
void page_get_part(struct request *request);
/* POST leave: what a browser that goes is to forget. */
void page_post_leave(struct request *request);

#endif
