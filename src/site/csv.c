// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/csv.h"

#include <string.h>

#include "base/text.h"
#include "site/fault.h"

/* The next character, or '\0' at the end: none stands in the text. */
static char
peek(const struct csv *csv)
{
	return csv->rest.size == 0 ? '\0' : csv->rest.text[0];
}

static char
take(struct csv *csv)
{
	char c = peek(csv);

	if (csv->rest.size > 0)
		csv->rest = (struct cairn_span){csv->rest.text + 1, csv->rest.size - 1};
	csv->next_line += c == '\n';
	return c;
}

static bool
take_quoted(struct csv *csv)
{
	(void)take(csv);
	while (csv->rest.size > 0) {
		char c = take(csv);

		if (c == '"' && peek(csv) != '"')
			return true;
		if (c == '"')
			(void)take(csv);
		g_string_append_c(csv->room, c);
	}
	return false;
}

/* Up to the comma or the row's end, which stay. */
static bool
take_plain(struct csv *csv)
{
	while (csv->rest.size > 0 && strchr(",\r\n", peek(csv)) == NULL) {
		if (peek(csv) == '"')
			return false;
		g_string_append_c(csv->room, take(csv));
	}
	return true;
}

static bool
take_row_end(struct csv *csv)
{
	if (peek(csv) == '\r')
		(void)take(csv);
	return csv->rest.size == 0 || take(csv) == '\n';
}

static int
take_row(struct csv *csv, struct site_fault *fault, size_t ends[CSV_COLUMNS_MAX])
{
	csv->line = csv->next_line;
	g_string_truncate(csv->room, 0);
	for (size_t i = 0; i < csv->columns; i++) {
		size_t begin = csv->room->len;

		if (!(peek(csv) == '"' ? take_quoted(csv) : take_plain(csv)))
			return fault_set(fault, CAIRN_ERR_FORMAT, csv->file, csv->line, "a quote is out of place");
		if (csv->room->len - begin > CSV_CELL_MAX)
			return fault_set(fault, CAIRN_ERR_FORMAT, csv->file, csv->line,
			    "a cell is longer than %u bytes",
			    CSV_CELL_MAX);
		ends[i] = csv->room->len;
		if (i + 1 < csv->columns && take(csv) != ',')
			return fault_set(fault, CAIRN_ERR_FORMAT, csv->file, csv->line,
			    "the row has %zu cells, not %zu",
			    i + 1, csv->columns);
	}
	if (!take_row_end(csv))
		return fault_set(fault, CAIRN_ERR_FORMAT, csv->file, csv->line, "the row has more than %zu cells, or "
										"something behind a quote",
		    csv->columns);
	return CAIRN_OK;
}

int
csv_next(struct csv *csv, struct site_fault *fault, struct cairn_span *cells, bool *ret_row)
{
	size_t ends[CSV_COLUMNS_MAX] = {0};
	size_t begin = 0;
	int err;

	*ret_row = false;
	if (csv->rest.size == 0)
		return CAIRN_OK;
	err = take_row(csv, fault, ends);
	if (err != CAIRN_OK)
		return err;
	for (size_t i = 0; i < csv->columns; begin = ends[i++])
		cells[i] = (struct cairn_span){csv->room->str + begin, ends[i] - begin};
	*ret_row = true;
	return CAIRN_OK;
}

int
csv_begin(struct csv *csv, struct site_fault *fault, const char *file, struct cairn_span text,
    const char *const *columns, size_t count)
{
	struct cairn_span cells[CSV_COLUMNS_MAX];
	bool row = false;
	int err;

	*csv = (struct csv){.file = file, .rest = text, .columns = count, .next_line = 1, .room = g_string_new(NULL)};
	if (text.size == 0 || memchr(text.text, '\0', text.size) != NULL ||
	    !text_is_utf8((const uint8_t *)text.text, text.size))
		return fault_set(fault, CAIRN_ERR_FORMAT, file, 0, "empty, or not UTF-8");
	err = csv_next(csv, fault, cells, &row);
	for (size_t i = 0; err == CAIRN_OK && i < count; i++)
		if (!span_is(cells[i], columns[i]))
			err = fault_set(fault, CAIRN_ERR_FORMAT, file, 1, "column %zu is \"%s\"", i + 1, columns[i]);
	return err;
}

void
csv_release(struct csv *csv)
{
	if (csv->room != NULL)
		g_string_free(csv->room, TRUE);
	csv->room = NULL;
}
