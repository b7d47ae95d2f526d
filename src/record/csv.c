// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void
record_csv_init(struct record_csv_reader *r, const void *bytes, size_t size)
{
	memset(r, 0, sizeof(*r));
	r->next = bytes;
	r->left = size;
	r->lines = 1;
	if (!text_is_utf8(bytes, size) || memchr(size == 0 ? "" : bytes, '\0', size) != NULL)
		r->fault = "is not UTF-8 text";
	else if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		r->next += 3;
		r->left -= 3;
	}
	/* A record's cells are never longer than what is left. */
	r->room = malloc(size + 1);
	if (r->room == NULL)
		r->fault = "does not fit into memory";
}

void
record_csv_release(struct record_csv_reader *r)
{
	free(r->room);
	r->room = NULL;
}

static void
skip(struct record_csv_reader *r, size_t count)
{
	r->next += count;
	r->left -= count;
}

/* Behind a cell: its comma, or the end of the record. */
static bool
cell_end(struct record_csv_reader *r, bool *ret_last)
{
	*ret_last = r->left == 0 || r->next[0] == '\n' || (r->left >= 2 && r->next[0] == '\r' && r->next[1] == '\n');
	if (!*ret_last) {
		if (r->next[0] != ',')
			return r->fault = "has a quoted cell with more behind it, or a bare carriage return", false;
		skip(r, 1);
	} else if (r->left > 0) {
		skip(r, r->next[0] == '\n' ? 1 : 2);
		r->lines++;
	}
	return true;
}

/* The cell's bytes go to at; returns how many. */
static size_t
plain_cell(struct record_csv_reader *r, char *at)
{
	size_t size = 0;

	while (size < r->left && strchr(",\n\r\"", r->next[size]) == NULL)
		size++;
	if (size < r->left && r->next[size] == '"')
		r->fault = "has a quote inside a cell that is not quoted";
	memcpy(at, r->next, size);
	skip(r, size);
	return size;
}

static size_t
quoted_cell(struct record_csv_reader *r, char *at)
{
	size_t size = 0;

	skip(r, 1);
	for (;;) {
		if (r->left == 0)
			return r->fault = "has a quoted cell without an end", 0;
		if (r->next[0] == '"' && (r->left == 1 || r->next[1] != '"'))
			return skip(r, 1), size;
		if (r->next[0] == '"')
			skip(r, 1);
		r->lines += r->next[0] == '\n';
		at[size++] = r->next[0];
		skip(r, 1);
	}
}

bool
record_csv_next(struct record_csv_reader *r)
{
	char *at = r->room;
	size_t count = 0;
	bool last = false;

	r->line = r->lines;
	if (r->fault != NULL || r->left == 0)
		return false;
	while (!last && r->fault == NULL) {
		size_t size;

		if (count == RECORD_CSV_COLUMNS_MAX)
			return r->fault = "has too many cells", false;
		size = r->left > 0 && r->next[0] == '"' ? quoted_cell(r, at) : plain_cell(r, at);
		if (size > RECORD_CSV_CELL_MAX)
			r->fault = "has a cell of more than 1 MiB";
		r->cells[count++] = (struct cairn_span){at, size};
		at += size;
		if (r->fault == NULL)
			(void)cell_end(r, &last);
	}
	if (r->fault == NULL && r->columns != 0 && count != r->columns)
		r->fault = "has another number of cells than the first line";
	r->columns = count;
	return r->fault == NULL;
}

/* ---- writing ---- */

static const char dangerous[] = "=+-@\t\r\n'";

static bool
begins_dangerous(struct cairn_span text)
{
	return text.size > 0 && strchr(dangerous, text.text[0]) != NULL && text.text[0] != '\0';
}

void
record_csv_cell(FILE *out, struct cairn_span text, bool first)
{
	bool escaped = begins_dangerous(text), quoted = escaped;

	if (!first)
		fputc(',', out);
	for (size_t i = 0; i < text.size; i++)
		quoted = quoted || strchr(",\"\r\n", text.text[i]) != NULL;
	if (quoted)
		fputc('"', out);
	if (escaped)
		fputc('\'', out);
	for (size_t i = 0; i < text.size; i++) {
		if (text.text[i] == '"')
			fputc('"', out);
		fputc(text.text[i], out);
	}
	if (quoted)
		fputc('"', out);
}

struct cairn_span
record_csv_unescaped(struct cairn_span cell)
{
	struct cairn_span behind = {cell.text + 1, cell.size - 1};

	return cell.size > 1 && cell.text[0] == '\'' && begins_dangerous(behind) ? behind : cell;
}
