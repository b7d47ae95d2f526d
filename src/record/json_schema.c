// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>

#include "record/json.h"
#include "record/vocabulary.h"

#define POINT "[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
#define DATE_PATTERN "^(XXXX|" POINT "~?|\\.\\./" POINT "|" POINT "/(\\.\\.|" POINT "))$"
#define TIME_PATTERN "^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$"
#define ID_PATTERN "^[0-9a-f]{32}$"
#define LINE_PATTERN "^[^\\u0000-\\u001f\\u007f]+$"
#define TEXT_PATTERN "^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f]+$"

static json_t *
pattern(const char *text, size_t most)
{
	json_t *schema = json_pack("{s:s, s:s}", "type", "string", "pattern", text);

	if (most > 0)
		json_object_set_new(schema, "maxLength", json_integer((json_int_t)most));
	return schema;
}

static json_t *
term_schema(uint16_t number)
{
	const struct record_vocabulary *list = record_vocabulary(number);
	json_t *codes = json_array();

	for (size_t i = 0; list != NULL && i < list->count; i++)
		json_array_append_new(codes, json_string(list->terms[i].code));
	return json_pack("{s:o}", "enum", codes);
}

static json_t *
mark_schema(void)
{
	return json_pack("{s:s}", "$ref", "#/definitions/mark");
}

static json_t *
note_schema(void)
{
	return json_pack("{s:s, s:o, s:[s,s], s:b}", "type", "object", "properties",
	    json_pack("{s:o, s:o, s:o}", "at", pattern(TIME_PATTERN, 0), "text",
		pattern(TEXT_PATTERN, RECORD_TEXT_MAX), "retracted", mark_schema()),
	    "required", "at", "text", "additionalProperties", 0);
}

static json_t *
one_schema(const struct record_field *field)
{
	switch (field->type) {
	case RECORD_TERM:
	case RECORD_TERMS:
		return json_pack("{s:s+}", "$ref", "#/definitions/vocabulary-",
		    record_vocabulary((uint16_t)field->of)->name);
	case RECORD_DATE:
		return json_pack("{s:s}", "$ref", "#/definitions/date");
	case RECORD_TIME:
		return pattern(TIME_PATTERN, 0);
	case RECORD_NUMBER:
		return json_pack(
		    "{s:s, s:i, s:I}", "type", "integer", "minimum", 0, "maximum", (json_int_t)field->of);
	case RECORD_REF:
	case RECORD_REFS:
		return json_pack("{s:s}", "$ref", "#/definitions/id");
	case RECORD_TEXT:
		return pattern(TEXT_PATTERN, RECORD_TEXT_MAX);
	case RECORD_NOTES:
		return note_schema();
	case RECORD_LINE:
	case RECORD_LINES:
		break;
	}
	return pattern(LINE_PATTERN, RECORD_LINE_MAX);
}

static json_t *
field_schema(const struct record_field *field)
{
	json_t *schema = one_schema(field);

	if (record_is_set(field))
		schema = json_pack("{s:s, s:o, s:i, s:b}", "type", "array", "items", schema, "minItems", 1,
		    "uniqueItems", 1);
	else if (field->type == RECORD_NOTES)
		schema = json_pack("{s:s, s:o, s:i}", "type", "array", "items", schema, "minItems", 1);
	if (json_object_get(schema, "$ref") == NULL)
		json_object_set_new(schema, "description", json_string(field->help));
	return schema;
}

static json_t *
kind_schema(const struct record_kind *kind)
{
	json_t *fields = json_object(), *names = json_array();

	for (size_t i = 0; i < kind->count; i++) {
		json_object_set_new(fields, kind->fields[i].name, field_schema(&kind->fields[i]));
		json_array_append_new(names, json_string(kind->fields[i].name));
	}
	json_array_append_new(names, json_string(""));
	return json_pack("{s:s, s:{s:{s:s}, s:{s:s}, s:{s:s, s:o, s:b}, s:{s:s, s:{s:O}, s:o},"
			 " s:{s:s, s:{s:o}, s:o}}, s:[s,s,s], s:b}",
	    "description", kind->help, "properties", "kind", "const", kind->name, "id", "$ref", "#/definitions/id",
	    "fields", "type", "object", "properties", fields, "additionalProperties", 0, "levels", "type", "object",
	    "propertyNames", "enum", names, "additionalProperties", json_pack("{s:s}", "$ref", "#/definitions/level"),
	    "retracted", "type", "object", "propertyNames", "enum", names, "additionalProperties", mark_schema(),
	    "required", "kind", "id", "fields", "additionalProperties", 0);
}

static json_t *
definitions(void)
{
	json_t *all = json_object(), *levels = json_array();

	for (size_t i = 0; i < RECORD_LEVEL_COUNT; i++)
		json_array_append_new(levels, json_string(record_levels[i].name));
	json_object_set_new(all, "id", pattern(ID_PATTERN, 0));
	json_object_set_new(all, "date", pattern(DATE_PATTERN, 0));
	json_object_set_new(all, "level", json_pack("{s:o}", "enum", levels));
	json_object_set_new(all, "mark", json_pack("{s:s, s:{s:o, s:{s:s, s:i}}, s:[s,s], s:b}", "type", "object",
	    "properties", "at", pattern(TIME_PATTERN, 0), "reason", "type", "string", "maxLength", RECORD_REASON_MAX,
	    "required", "at", "reason", "additionalProperties", 0));
	for (size_t i = 0; i < record_vocabulary_count; i++) {
		char name[64];

		snprintf(name, sizeof(name), "vocabulary-%s", record_vocabularies[i].name);
		json_object_set_new(all, name, term_schema(record_vocabularies[i].number));
	}
	for (size_t i = 0; i < RECORD_KIND_COUNT; i++)
		json_object_set_new(all, record_kinds[i].name, kind_schema(&record_kinds[i]));
	return all;
}

json_t *
record_json_schema(void)
{
	json_t *kinds = json_array();

	for (size_t i = 0; i < RECORD_KIND_COUNT; i++)
		json_array_append_new(kinds, json_pack("{s:s+}", "$ref", "#/definitions/", record_kinds[i].name));
	return json_pack("{s:s, s:s, s:s, s:{s:{s:s}, s:{s:i}, s:{s:s, s:{s:o}}}, s:[s,s,s], s:b, s:o}", "$schema",
	    "http://json-schema.org/draft-07/schema#", "title", "Cairn: the record, version 1", "type", "object",
	    "properties", "format", "const", "cairn-record", "version", "const", 1, "entities", "type", "array",
	    "items", "oneOf", kinds, "required", "format", "version", "entities", "additionalProperties", 0,
	    "definitions", definitions());
}
