// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_CSV_H
#define CAIRN_RECORD_CSV_H

#include <stdbool.h>
#include <stdio.h>

#include "record/json.h"

/*
 * CSV as in RFC 4180, strictly: UTF-8, CRLF or LF at the ends of lines, a cell quoted whole or not at all, as many
 * cells in each line as in the first.
 */
#define RECORD_CSV_COLUMNS_MAX 128U
#define RECORD_CSV_CELL_MAX (1U << 20)
#define RECORD_CSV_ROWS_MAX 200000U

struct record_csv_reader {
	const char *next;
	size_t left;
	size_t line; /* of the record last read, from 1 */
	size_t lines;
	size_t columns; /* 0 before the first record */
	char *room;     /* cells without their quotes; malloc'ed */
	struct cairn_span cells[RECORD_CSV_COLUMNS_MAX];
	const char *fault; /* or NULL */
};

/* The bytes must outlive it. A byte order mark at the beginning is passed over. record_csv_release() in any case. */
void record_csv_init(struct record_csv_reader *r, const void *bytes, size_t size);
void record_csv_release(struct record_csv_reader *r);
/* The next record into cells[columns]: views until the next call. False at the end, or where fault is set. */
bool record_csv_next(struct record_csv_reader *r);

/*
 * A cell. Quoted where it must be. What a spreadsheet would take for a formula (=, +, -, @, tab or line end in
 * front) gets an apostrophe in front, and so does what begins with one; reading takes one away again before any of
 * these.
 */
void record_csv_cell(FILE *out, struct cairn_span text, bool first);
struct cairn_span record_csv_unescaped(struct cairn_span cell);

/*
 * All entities of one kind, under a line of names: id, the fields, "levels", "retracted". A set has its elements
 * on lines of their own in the cell; notes, levels and retractions are in JSON. CAIRN_ERR_NOMEM.
 */
CAIRN_NODISCARD int record_csv_write(FILE *out, const struct record_kind *kind, const struct record_change *entities,
    size_t count);

/* Reads such a file; columns may be left out or in another order, but for id. Errors as record_json_read(). */
CAIRN_NODISCARD int record_csv_read(struct record_document *document, const struct record_kind *kind,
    const void *bytes, size_t size);

#endif
