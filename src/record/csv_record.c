// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "record/csv.h"
#include "record/value.h"

/* The columns behind the fields. */
#define COLUMN_ID (-1)
#define COLUMN_LEVELS (-2)
#define COLUMN_RETRACTED (-3)

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

/* ---- writing ---- */

static int
json_cell(FILE *out, json_t *json)
{
	char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);
	int err = json != NULL && text == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;

	record_csv_cell(out, text == NULL ? span("") : span(text), false);
	free(text);
	json_decref(json);
	return err;
}

static int
set_cell(FILE *out, const struct record_change *change, const struct record_field *field)
{
	char *text = NULL;
	size_t size = 0;
	FILE *lines = open_memstream(&text, &size);
	bool any = false;

	if (lines == NULL)
		return CAIRN_ERR_NOMEM;
	for (size_t i = 0; i < change->count; i++) {
		const struct record_item *item = &change->items[i];

		if (item->field != field->number || item->action != RECORD_ADD)
			continue;
		fprintf(lines, "%s%.*s", any ? "\n" : "", (int)item->text.size, item->text.text);
		any = true;
	}
	if (fclose(lines) != 0) {
		free(text);
		return CAIRN_ERR_NOMEM;
	}
	record_csv_cell(out, (struct cairn_span){text, size}, false);
	free(text);
	return CAIRN_OK;
}

static int
write_entity(FILE *out, const struct record_change *change)
{
	char id[2 * RECORD_ID_BYTES + 1];
	int err = CAIRN_OK;

	sodium_bin2hex(id, sizeof(id), change->id, sizeof(change->id));
	record_csv_cell(out, span(id), true);
	for (size_t i = 0; err == CAIRN_OK && i < change->kind->count; i++) {
		const struct record_field *field = &change->kind->fields[i];

		if (field->type == RECORD_NOTES)
			err = json_cell(out, record_json_field(change, field));
		else if (record_is_set(field))
			err = set_cell(out, change, field);
		else
			record_csv_cell(out, record_change_text(change, field->number), false);
	}
	if (err == CAIRN_OK)
		err = json_cell(out, record_json_levels(change));
	if (err == CAIRN_OK)
		err = json_cell(out, record_json_retracted(change));
	fputs("\r\n", out);
	return err;
}

int
record_csv_write(FILE *out, const struct record_kind *kind, const struct record_change *entities, size_t count)
{
	int err = CAIRN_OK;

	record_csv_cell(out, span("id"), true);
	for (size_t i = 0; i < kind->count; i++)
		record_csv_cell(out, span(kind->fields[i].name), false);
	fputs(",levels,retracted\r\n", out);
	for (size_t i = 0; err == CAIRN_OK && i < count; i++)
		if (entities[i].kind == kind)
			err = write_entity(out, &entities[i]);
	return err;
}

/* ---- reading ---- */

struct columns {
	int which[RECORD_CSV_COLUMNS_MAX]; /* of the kind's fields, or COLUMN_... */
	size_t count;
};

static int
column_of(const struct record_kind *kind, struct cairn_span name, int *ret)
{
	const struct record_field *field = record_field_named(kind, name);

	if (field != NULL)
		*ret = (int)(field - kind->fields);
	else if (span_is(name, "id"))
		*ret = COLUMN_ID;
	else if (span_is(name, "levels"))
		*ret = COLUMN_LEVELS;
	else if (span_is(name, "retracted"))
		*ret = COLUMN_RETRACTED;
	else
		return CAIRN_ERR_UNKNOWN;
	return CAIRN_OK;
}

static const char *
read_names(struct columns *columns, const struct record_kind *kind, const struct record_csv_reader *r)
{
	bool id = false;

	columns->count = r->columns;
	for (size_t i = 0; i < r->columns; i++) {
		if (column_of(kind, r->cells[i], &columns->which[i]) != CAIRN_OK)
			return "names a column that its kind does not have";
		for (size_t k = 0; k < i; k++)
			if (columns->which[k] == columns->which[i])
				return "names a column twice";
		id = id || columns->which[i] == COLUMN_ID;
	}
	return id ? NULL : "has no column \"id\"";
}

/* Hands a cell of JSON to the reader of that part. */
static bool
read_json(struct record_change *change, int which, struct cairn_span cell, const char **ret_fault)
{
	json_t *json = json_loadb(cell.text, cell.size, JSON_REJECT_DUPLICATES, NULL);
	bool good;

	*ret_fault = "has a cell that should be JSON";
	if (json == NULL)
		return false;
	if (which == COLUMN_LEVELS)
		good = record_json_read_levels(change, json, ret_fault);
	else if (which == COLUMN_RETRACTED)
		good = record_json_read_retracted(change, json, ret_fault);
	else
		good = record_json_read_field(change, &change->kind->fields[which], json, ret_fault);
	json_decref(json);
	return good;
}

static bool
read_values(struct record_change *change, const struct record_field *field, struct cairn_span cell,
    const char **ret_fault)
{
	bool set = record_is_set(field);

	while (cell.text != NULL) {
		struct cairn_span value = set ? span_cut(&cell, '\n') : cell;

		if (!set)
			cell.text = NULL;
		*ret_fault = record_value_fault(field, value);
		if (*ret_fault == NULL && record_change_has(change, field->number, value))
			*ret_fault = "has something twice";
		if (*ret_fault == NULL && record_change_value(change, field, value) != CAIRN_OK)
			*ret_fault = "does not fit into memory";
		if (*ret_fault != NULL)
			return false;
	}
	return true;
}

static bool
read_cell(struct record_change *change, int which, struct cairn_span cell, const char **ret_fault)
{
	cell = record_csv_unescaped(cell);
	if (which == COLUMN_ID) {
		*ret_fault = "has an id that is not 32 hex digits";
		return text_hex(change->id, sizeof(change->id), cell) == CAIRN_OK;
	}
	if (cell.size == 0)
		return true;
	if (which < 0 || change->kind->fields[which].type == RECORD_NOTES)
		return read_json(change, which, cell, ret_fault);
	return read_values(change, &change->kind->fields[which], cell, ret_fault);
}

static const char *
read_row(struct record_document *document, const struct record_kind *kind, const struct columns *columns,
    const struct record_csv_reader *r, const struct record_field **ret_field)
{
	struct record_change *change = record_document_more(document);
	const char *fault = NULL;

	if (change == NULL)
		return "is one too many";
	change->kind = kind;
	for (size_t i = 0; i < columns->count; i++) {
		*ret_field = columns->which[i] < 0 ? NULL : &kind->fields[columns->which[i]];
		if (!read_cell(change, columns->which[i], r->cells[i], &fault))
			return fault;
	}
	*ret_field = NULL;
	record_change_sort(change);
	for (size_t i = 1; i < change->count; i++)
		if (record_item_compare(&change->items[i - 1], &change->items[i]) == 0)
			return "has something twice";
	return change->count == 0 ? "says nothing" : NULL;
}

int
record_csv_read(struct record_document *document, const struct record_kind *kind, const void *bytes, size_t size)
{
	const struct record_field *field = NULL;
	struct columns columns = {.count = 0};
	const char *fault = NULL;
	struct record_csv_reader r;

	memset(document, 0, sizeof(*document));
	record_csv_init(&r, bytes, size);
	if (record_csv_next(&r))
		fault = read_names(&columns, kind, &r);
	else if (r.fault == NULL)
		fault = "is empty";
	while (fault == NULL && record_csv_next(&r))
		fault = read_row(document, kind, &columns, &r, &field);
	if (fault == NULL)
		fault = r.fault;
	if (fault != NULL)
		snprintf(document->fault, sizeof(document->fault), "line %zu%s%s %s", r.line,
		    field == NULL ? "" : ": ", field == NULL ? "" : field->name, fault);
	record_csv_release(&r);
	return fault == NULL ? CAIRN_OK : CAIRN_ERR_FORMAT;
}
