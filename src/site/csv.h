// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_CSV_H
#define CAIRN_SITE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "cairn/span.h"
#include "site/site.h"

/*
 * Comma-separated values, as RFC 4180 has them and no other way: UTF-8, quotes where a cell has a comma, a quote or a
 * newline, the first row the names of the columns, which must be those expected, in that order.
 */
#define CSV_COLUMNS_MAX 16U
#define CSV_CELL_MAX 4000U

struct csv {
	const char *file; /* for faults */
	struct cairn_span rest;
	size_t columns;
	unsigned line;    /* where the last row began */
	unsigned next_line;
	GString *room;    /* what cells look into */
};

/* text must outlive it. CAIRN_ERR_FORMAT with fault; csv_release() in any case. */
CAIRN_NODISCARD int csv_begin(struct csv *csv, struct site_fault *fault, const char *file, struct cairn_span text,
    const char *const *columns, size_t count);
/* cells[columns] are valid until the next call; *ret_row is false at the end. */
CAIRN_NODISCARD int csv_next(struct csv *csv, struct site_fault *fault, struct cairn_span *cells, bool *ret_row);
void csv_release(struct csv *csv);

#endif
