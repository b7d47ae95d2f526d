// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_BASE_PAGE_TEMPLATE_H
#define CAIRN_BASE_PAGE_TEMPLATE_H

#include <stdbool.h>

#include "base/writer.h"
#include "cairn/span.h"

/*
 * The person's page, filled in for one desk: by the relay that serves it, and by the desk that makes the
 * single file (docs/page.md). A template has @DESK@, @BASE@, @EXIT@, @RELAYS@ and @NOSCRIPT@ in it;
 * any other @ stands for itself.
 */
#define PAGE_ASKS_MAX 16U
#define PAGE_ASK_BYTES_MAX 512U /* what a desk may put onto its card; a longer one is left out */

struct page_values {
	const uint8_t *desk_id;      /* [32] */
	const uint8_t *identity_key; /* [32], in force */
	bool all_languages;          /* also those that no native speaker reviewed */
	struct cairn_span name;      /* of the desk: any text */
	struct cairn_span asks[PAGE_ASKS_MAX]; /* what it never asks, of its card: any text */
	size_t ask_count;
	struct cairn_span base;      /* address under which the desk's paths lie, or empty; safe in HTML */
	struct cairn_span exit;      /* where Leave goes; safe in HTML */
	struct cairn_span relays;    /* origins, for the policy of a single file; safe in HTML */
	struct cairn_span noscript;  /* HTML */
};

/* May this be put into a page without escaping? ASCII that an address is made of, and no quote. */
bool page_address_ok(struct cairn_span address);

/* writer_end() tells whether it fitted. */
void page_template_fill(struct writer *w, struct cairn_span template, const struct page_values *values);

#endif
