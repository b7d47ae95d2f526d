// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "record/json.h"
#include "record/value.h"

void
record_document_clear(struct record_document *document)
{
	for (size_t i = 0; i < document->count; i++)
		record_change_clear(&document->entities[i]);
	free(document->entities);
	document->entities = NULL;
	document->count = document->room = 0;
}

struct record_change *
record_document_more(struct record_document *document)
{
	size_t room = document->room == 0 ? 64 : 2 * document->room;
	struct record_change *more;

	if (document->count >= RECORD_ENTITIES_MAX)
		return NULL;
	if (document->count == document->room) {
		more = reallocarray(document->entities, room, sizeof(*more));
		if (more == NULL)
			return NULL;
		document->entities = more;
		document->room = room;
	}
	more = &document->entities[document->count++];
	memset(more, 0, sizeof(*more));
	return more;
}

static const char no_memory[] = "does not fit into memory";
static const char twice[] = "has something twice";

static struct cairn_span
span_of(const json_t *string)
{
	return (struct cairn_span){json_string_value(string), json_string_length(string)};
}

static bool
add(struct record_change *change, const struct record_item *item, const char **ret_fault)
{
	if (record_change_add(change, item) == CAIRN_OK)
		return true;
	*ret_fault = no_memory;
	return false;
}

/* {"at": "...", "reason": "..."} */
static bool
read_mark(struct record_item *item, const json_t *mark, const char **ret_fault)
{
	const json_t *at = json_object_get(mark, "at"), *reason = json_object_get(mark, "reason");

	*ret_fault = "has a retraction that is not {at, reason}";
	if (!json_is_string(at) || !json_is_string(reason) || json_object_size(mark) != 2)
		return false;
	if (!record_time_read(&item->at, span_of(at)) || json_string_length(reason) > RECORD_REASON_MAX ||
	    !record_text_good(span_of(reason), true))
		return false;
	item->action = RECORD_RETRACT;
	item->flag = 1;
	item->text = span_of(reason);
	return true;
}

static bool
read_note(struct record_change *change, const struct record_field *field, const json_t *note, const char **ret_fault)
{
	const json_t *at = json_object_get(note, "at"), *text = json_object_get(note, "text");
	const json_t *retracted = json_object_get(note, "retracted");
	struct record_item item = {.action = RECORD_NOTE, .field = field->number};
	struct record_item mark = {.field = field->number};

	*ret_fault = "has a note that is not {at, text}";
	if (!json_is_string(at) || !json_is_string(text) || json_object_size(note) != (retracted == NULL ? 2U : 3U) ||
	    !record_time_read(&item.at, span_of(at)))
		return false;
	item.text = span_of(text);
	*ret_fault = record_value_fault(field, item.text);
	if (*ret_fault != NULL || !add(change, &item, ret_fault))
		return false;
	if (retracted == NULL)
		return true;
	record_note_id(mark.note, &item);
	return read_mark(&mark, retracted, ret_fault) && add(change, &mark, ret_fault);
}

static bool
read_element(struct record_change *change, const struct record_field *field, const json_t *value,
    const char **ret_fault)
{
	*ret_fault = "must be a list of texts";
	if (!json_is_string(value))
		return false;
	*ret_fault = record_value_fault(field, span_of(value));
	if (*ret_fault != NULL)
		return false;
	*ret_fault = twice;
	if (record_change_has(change, field->number, span_of(value)))
		return false;
	*ret_fault = no_memory;
	return record_change_value(change, field, span_of(value)) == CAIRN_OK;
}

static bool
read_many(struct record_change *change, const struct record_field *field, const json_t *value,
    const char **ret_fault)
{
	*ret_fault = "must be a list";
	if (!json_is_array(value))
		return false;
	for (size_t i = 0; i < json_array_size(value); i++) {
		const json_t *one = json_array_get(value, i);

		if (field->type == RECORD_NOTES ? !read_note(change, field, one, ret_fault)
		                                : !read_element(change, field, one, ret_fault))
			return false;
	}
	return true;
}

static bool
read_single(struct record_change *change, const struct record_field *field, const json_t *value,
    const char **ret_fault)
{
	char number[24];
	struct cairn_span text = span_of(value);

	*ret_fault = field->type == RECORD_NUMBER ? "must be a number" : "must be a text";
	if (field->type == RECORD_NUMBER ? !json_is_integer(value) || json_integer_value(value) < 0
	                                 : !json_is_string(value))
		return false;
	if (field->type == RECORD_NUMBER) {
		snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(value));
		text = (struct cairn_span){number, strlen(number)};
	}
	*ret_fault = record_value_fault(field, text);
	if (*ret_fault != NULL)
		return false;
	*ret_fault = no_memory;
	return record_change_value(change, field, text) == CAIRN_OK;
}

bool
record_json_read_field(struct record_change *change, const struct record_field *field, const json_t *value,
    const char **ret_fault)
{
	if (record_is_set(field) || field->type == RECORD_NOTES)
		return read_many(change, field, value, ret_fault);
	return read_single(change, field, value, ret_fault);
}

bool
record_json_read_levels(struct record_change *change, const json_t *levels, const char **ret_fault)
{
	const char *name;
	json_t *value;

	*ret_fault = "has levels that are none of its fields', or no levels";
	if (!json_is_object(levels))
		return false;
	json_object_foreach ((json_t *)(uintptr_t)levels, name, value) {
		const struct record_field *field =
		    record_field_named(change->kind, (struct cairn_span){name, strlen(name)});
		struct record_item item = {.action = RECORD_MARK};

		if (field == NULL || !json_is_string(value) || !record_level_named(&item.flag, span_of(value)))
			return false;
		item.field = field->number;
		if (!add(change, &item, ret_fault))
			return false;
	}
	return true;
}

bool
record_json_read_retracted(struct record_change *change, const json_t *retracted, const char **ret_fault)
{
	const char *name;
	json_t *value;

	*ret_fault = "has retractions of what is no field of it";
	if (!json_is_object(retracted))
		return false;
	json_object_foreach ((json_t *)(uintptr_t)retracted, name, value) {
		const struct record_field *field =
		    record_field_named(change->kind, (struct cairn_span){name, strlen(name)});
		struct record_item item = {.field = field == NULL ? 0 : field->number};

		if (field == NULL && name[0] != '\0')
			return false;
		if (!read_mark(&item, value, ret_fault) || !add(change, &item, ret_fault))
			return false;
	}
	return true;
}

/* ---- a document ---- */

static bool
read_fields(struct record_change *change, const json_t *fields, const struct record_field **ret_field,
    const char **ret_fault)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)(uintptr_t)fields, name, value) {
		*ret_field = record_field_named(change->kind, (struct cairn_span){name, strlen(name)});
		*ret_fault = "has a field that its kind does not have";
		if (*ret_field == NULL || !record_json_read_field(change, *ret_field, value, ret_fault))
			return false;
	}
	*ret_field = NULL;
	return true;
}

/* Are these the only names in it? */
static bool
only(const json_t *object, const char *const *names, size_t count)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)(uintptr_t)object, name, value) {
		bool known = false;

		for (size_t i = 0; i < count; i++)
			known = known || strcmp(name, names[i]) == 0;
		if (!known)
			return false;
	}
	return true;
}

static const char *
read_entity(struct record_change *change, const json_t *entity, const struct record_field **ret_field)
{
	static const char *const names[] = {"kind", "id", "fields", "levels", "retracted"};
	const json_t *kind = json_object_get(entity, "kind"), *id = json_object_get(entity, "id");
	const json_t *levels = json_object_get(entity, "levels"), *fields = json_object_get(entity, "fields");
	const json_t *retracted = json_object_get(entity, "retracted");
	const char *fault = NULL;

	if (!json_is_string(kind) || !json_is_string(id) || !json_is_object(fields) || !only(entity, names, 5))
		return "is not {kind, id, fields, levels, retracted}";
	change->kind = record_kind_named(span_of(kind));
	if (change->kind == NULL)
		return "is of no known kind";
	if (text_hex(change->id, sizeof(change->id), span_of(id)) != CAIRN_OK)
		return "has an id that is not 32 hex digits";
	if (!read_fields(change, fields, ret_field, &fault))
		return fault;
	if (levels != NULL && !record_json_read_levels(change, levels, &fault))
		return fault;
	if (retracted != NULL && !record_json_read_retracted(change, retracted, &fault))
		return fault;
	record_change_sort(change);
	for (size_t i = 1; i < change->count; i++)
		if (record_item_compare(&change->items[i - 1], &change->items[i]) == 0)
			return twice;
	return change->count == 0 ? "says nothing" : NULL;
}

static int
read_entities(struct record_document *document, const json_t *entities)
{
	for (size_t i = 0; i < json_array_size(entities); i++) {
		const struct record_field *field = NULL;
		struct record_change *change = record_document_more(document);
		const char *fault = change == NULL ? no_memory
		                                   : read_entity(change, json_array_get(entities, i), &field);

		if (fault == NULL)
			continue;
		snprintf(document->fault, sizeof(document->fault), "entity %zu%s%s%s%s %s", i + 1,
		    change == NULL || change->kind == NULL ? "" : ", ",
		    change == NULL || change->kind == NULL ? "" : change->kind->name, field == NULL ? "" : ": ",
		    field == NULL ? "" : field->name, fault);
		return fault == no_memory ? CAIRN_ERR_NOMEM : CAIRN_ERR_FORMAT;
	}
	return CAIRN_OK;
}

static int
read_document(struct record_document *document, const json_t *json)
{
	static const char *const names[] = {"format", "version", "entities"};
	const json_t *format = json_object_get(json, "format"), *entities = json_object_get(json, "entities");

	if (!json_is_string(format) || !span_is(span_of(format), "cairn-record") || !json_is_array(entities) ||
	    !only(json, names, 3)) {
		snprintf(document->fault, sizeof(document->fault), "this is no record: {format: \"cairn-record\", "
								   "version, entities}");
		return CAIRN_ERR_FORMAT;
	}
	if (json_integer_value(json_object_get(json, "version")) != 1) {
		snprintf(document->fault, sizeof(document->fault), "this record is of another version than 1");
		return CAIRN_ERR_FORMAT;
	}
	return read_entities(document, entities);
}

int
record_json_read(struct record_document *document, const void *bytes, size_t size)
{
	json_error_t error;
	json_t *json;
	int err;

	memset(document, 0, sizeof(*document));
	if (size > RECORD_JSON_MAX) {
		snprintf(document->fault, sizeof(document->fault), "this is larger than 64 MiB");
		return CAIRN_ERR_FORMAT;
	}
	json = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error);
	if (json == NULL) {
		snprintf(document->fault, sizeof(document->fault), "this is no JSON, from line %d, column %d on",
		    error.line, error.column);
		return CAIRN_ERR_FORMAT;
	}
	err = read_document(document, json);
	json_decref(json);
	return err;
}
