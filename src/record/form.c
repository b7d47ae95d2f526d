// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "record/value.h"

/* One entry of a form. */
struct entry {
	struct cairn_span name;
	bool drop;
	char *value; /* [RECORD_VALUE_ROOM], lines joined */
	size_t size;
	size_t line;
};

struct form {
	struct record_change *change;
	struct db *db;
	const struct record_head *head;
	uint64_t now;
	char *typed; /* [RECORD_VALUE_ROOM] */
	char *fault;
};

static int
wrong(const struct form *f, const struct entry *entry, const char *why)
{
	snprintf(f->fault, RECORD_FORM_FAULT_MAX, "line %zu: %.*s %s", entry->line,
	    (int)(entry->name.size > 40 ? 40 : entry->name.size), entry->name.text, why);
	return CAIRN_ERR_RANGE;
}

static int
drop(const struct form *f, const struct entry *entry, const struct record_field *field, struct cairn_span value)
{
	uint8_t dots[RECORD_DOTS_MAX * RECORD_DOT_BYTES];
	struct record_item item = {.action = RECORD_DROP, .field = field->number, .text = value, .dots = dots};
	int err;

	if (f->head == NULL)
		return wrong(f, entry, "has nothing to be dropped from");
	err = record_dots(f->db, f->head, field->number, value, dots, &item.dot_count);
	if (err == CAIRN_OK && item.dot_count == 0)
		return wrong(f, entry, "does not hold that");
	return err == CAIRN_OK ? record_change_add(f->change, &item) : err;
}

static int
note(const struct form *f, const struct record_field *field, struct cairn_span value)
{
	struct record_item item = {.action = RECORD_NOTE, .field = field->number, .at = f->now, .text = value};

	return record_change_add(f->change, &item);
}

static int
clear(const struct form *f, const struct entry *entry, const struct record_field *field)
{
	struct record_item item = {.action = RECORD_PUT, .field = field->number, .text = {"", 0}};

	if (record_is_set(field) || field->type == RECORD_NOTES)
		return wrong(f, entry, "has nothing behind its colon");
	return f->head == NULL ? CAIRN_OK : record_change_add(f->change, &item);
}

static bool
said_already(const struct form *f, const struct record_field *field, struct cairn_span value)
{
	if (record_is_set(field))
		return record_change_has(f->change, field->number, value);
	return field->type != RECORD_NOTES && record_change_find(f->change, field->number, RECORD_PUT) != NULL;
}

static int
say(const struct form *f, const struct entry *entry, const struct record_field *field)
{
	struct cairn_span value = {entry->value, entry->size};
	const char *fault;

	if (entry->size == 0)
		return clear(f, entry, field);
	fault = record_value_typed(f->typed, field, value, f->db);
	if (fault != NULL)
		return wrong(f, entry, fault);
	value = (struct cairn_span){f->typed, strlen(f->typed)};
	if (entry->drop)
		return record_is_set(field) ? drop(f, entry, field, value) : wrong(f, entry, "is no set");
	if (said_already(f, field, value))
		return wrong(f, entry, "stands there twice");
	if (field->type == RECORD_NOTES)
		return note(f, field, value);
	return record_change_value(f->change, field, value);
}

static int
entry_done(const struct form *f, const struct entry *entry)
{
	const struct record_field *field = record_field_named(f->change->kind, entry->name);

	if (entry->name.size == 0)
		return CAIRN_OK;
	if (field == NULL) {
		snprintf(f->fault, RECORD_FORM_FAULT_MAX,
		    "line %zu: %s has no field of that name: 'cairn record fields "
		    "%s' lists them",
		    entry->line, f->change->kind->name, f->change->kind->name);
		return CAIRN_ERR_RANGE;
	}
	return say(f, entry, field);
}

static int
append(const struct form *f, struct entry *entry, struct cairn_span text, bool newline)
{
	if (text.size + 2 > RECORD_VALUE_ROOM - entry->size)
		return wrong(f, entry, "is too long");
	if (newline)
		entry->value[entry->size++] = '\n';
	memcpy(entry->value + entry->size, text.text, text.size);
	entry->size += text.size;
	return CAIRN_OK;
}

/* "name: value" or "name-: value" */
static int
entry_begin(const struct form *f, struct entry *entry, struct cairn_span line, size_t number)
{
	struct cairn_span rest = line;

	entry->line = number;
	entry->size = 0;
	entry->name = span_trim(span_cut(&rest, ':'));
	entry->drop = entry->name.size > 1 && entry->name.text[entry->name.size - 1] == '-';
	entry->name.size -= entry->drop;
	if (rest.text == NULL) {
		snprintf(f->fault, RECORD_FORM_FAULT_MAX,
		    "line %zu is no \"name: value\"; begin further lines of a text with "
		    "a space",
		    number);
		return CAIRN_ERR_RANGE;
	}
	return append(f, entry, span_trim(rest), false);
}

static int
read_lines(const struct form *f, struct entry *entry, struct cairn_span form)
{
	size_t number = 0;
	int err = CAIRN_OK;

	while (err == CAIRN_OK && form.text != NULL) {
		struct cairn_span line = span_cut(&form, '\n');

		number++;
		if (line.size > 0 && line.text[line.size - 1] == '\r')
			line.size--;
		if (line.size == 0 || line.text[0] == '#')
			continue;
		if (line.text[0] == ' ' && entry->name.size > 0) {
			err = append(f, entry, (struct cairn_span){line.text + 1, line.size - 1}, entry->size > 0);
			continue;
		}
		err = entry_done(f, entry);
		if (err == CAIRN_OK)
			err = entry_begin(f, entry, line, number);
	}
	return err == CAIRN_OK ? entry_done(f, entry) : err;
}

int
record_form_read(struct record_change *change, struct db *db, const struct record_head *head, struct cairn_span form,
    uint64_t now, char fault[RECORD_FORM_FAULT_MAX])
{
	struct form f = {change, db, head, now, malloc(RECORD_VALUE_ROOM), fault};
	struct entry entry = {.value = malloc(RECORD_VALUE_ROOM)};
	int err = f.typed == NULL || entry.value == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;

	fault[0] = '\0';
	if (err == CAIRN_OK)
		err = read_lines(&f, &entry, form);
	if (f.typed != NULL)
		sodium_memzero(f.typed, RECORD_VALUE_ROOM);
	if (entry.value != NULL)
		sodium_memzero(entry.value, RECORD_VALUE_ROOM);
	free(f.typed);
	free(entry.value);
	return err;
}
