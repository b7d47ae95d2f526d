// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "record/json.h"
#include "record/value.h"

static json_t *
text_json(struct cairn_span text)
{
	return json_stringn(text.size == 0 ? "" : text.text, text.size);
}

static json_t *
mark_json(const struct record_item *retract)
{
	char at[RECORD_TIME_BYTES];

	record_time_write(at, retract->at);
	return json_pack("{s:s, s:o}", "at", at, "reason", text_json(retract->text));
}

static json_t *
note_json(const struct record_change *change, const struct record_item *note)
{
	char at[RECORD_TIME_BYTES];
	uint8_t id[RECORD_ID_BYTES];
	json_t *json;

	record_time_write(at, note->at);
	json = json_pack("{s:s, s:o}", "at", at, "text", text_json(note->text));
	record_note_id(id, note);
	for (size_t i = 0; json != NULL && i < change->count; i++) {
		const struct record_item *item = &change->items[i];

		if (item->field == note->field && item->action == RECORD_RETRACT &&
		    memcmp(item->note, id, sizeof(id)) == 0)
			json_object_set_new(json, "retracted", mark_json(item));
	}
	return json;
}

static json_t *
single_json(const struct record_field *field, struct cairn_span text)
{
	uint64_t number;

	if (field->type == RECORD_NUMBER && text_number(&number, text, field->of) == CAIRN_OK)
		return json_integer((json_int_t)number);
	return text_json(text);
}

json_t *
record_json_field(const struct record_change *change, const struct record_field *field)
{
	bool many = record_is_set(field) || field->type == RECORD_NOTES;
	json_t *array = many ? json_array() : NULL;

	for (size_t i = 0; i < change->count; i++) {
		const struct record_item *item = &change->items[i];

		if (item->field != field->number)
			continue;
		if (!many && item->action == RECORD_PUT)
			return single_json(field, item->text);
		if (item->action == RECORD_ADD)
			json_array_append_new(array, text_json(item->text));
		if (item->action == RECORD_NOTE)
			json_array_append_new(array, note_json(change, item));
	}
	if (array != NULL && json_array_size(array) > 0)
		return array;
	json_decref(array);
	return NULL;
}

static json_t *
unless_empty(json_t *object)
{
	if (json_object_size(object) > 0)
		return object;
	json_decref(object);
	return NULL;
}

json_t *
record_json_levels(const struct record_change *change)
{
	json_t *levels = json_object();

	for (size_t i = 0; i < change->count; i++) {
		const struct record_item *item = &change->items[i];
		const struct record_field *field = record_field(change->kind, item->field);

		if (item->action == RECORD_MARK && field != NULL && item->flag < RECORD_LEVEL_COUNT)
			json_object_set_new(levels, field->name, json_string(record_levels[item->flag].name));
	}
	return unless_empty(levels);
}

json_t *
record_json_retracted(const struct record_change *change)
{
	json_t *retracted = json_object();

	for (size_t i = 0; i < change->count; i++) {
		const struct record_item *item = &change->items[i];
		const struct record_field *field = record_field(change->kind, item->field);

		if (item->action == RECORD_RETRACT && sodium_is_zero(item->note, sizeof(item->note)) &&
		    (item->field == 0 || field != NULL))
			json_object_set_new(retracted, item->field == 0 ? "" : field->name, mark_json(item));
	}
	return unless_empty(retracted);
}

static void
set_if(json_t *object, const char *name, json_t *value)
{
	if (value != NULL)
		json_object_set_new(object, name, value);
}

json_t *
record_json_entity(const struct record_change *change)
{
	char id[2 * RECORD_ID_BYTES + 1];
	json_t *fields = json_object(), *entity;

	sodium_bin2hex(id, sizeof(id), change->id, sizeof(change->id));
	for (size_t i = 0; i < change->kind->count; i++)
		set_if(fields, change->kind->fields[i].name, record_json_field(change, &change->kind->fields[i]));
	entity = json_pack("{s:s, s:s, s:o}", "kind", change->kind->name, "id", id, "fields", fields);
	if (entity == NULL)
		return NULL;
	set_if(entity, "levels", record_json_levels(change));
	set_if(entity, "retracted", record_json_retracted(change));
	return entity;
}

json_t *
record_json(const struct record_change *entities, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		if (json_array_append_new(array, record_json_entity(&entities[i])) != 0) {
			json_decref(array);
			return NULL;
		}
	return json_pack("{s:s, s:i, s:o}", "format", "cairn-record", "version", 1, "entities", array);
}
