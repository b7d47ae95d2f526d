// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/record_session.h"
#include "record/json.h"
#include "record/vocabulary.h"

struct fields_options {
	bool schema;
	bool markdown;
	bool json;
};

#define F struct fields_options
static const struct option_def defs[] = {
    OPTION(FLAG, F, schema, "schema", "", "print the JSON schema of exports (data/schema/record.json)"),
    OPTION(FLAG, F, markdown, "markdown", "", "print all formats as a document (docs/record-fields.md)"),
    OPTION(FLAG, F, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table record_fields_options = {defs, sizeof(F)};

/* What a field takes: "terms of acts (4)", "entity: event". */
static const char *
takes(char *out, size_t room, const struct record_field *field)
{
	const struct record_vocabulary *list = record_vocabulary((uint16_t)field->of);

	switch (field->type) {
	case RECORD_TERM:
	case RECORD_TERMS:
		snprintf(out, room, "%s of %s (%u)", record_type_name(field->type), list->name, list->number);
		break;
	case RECORD_REF:
	case RECORD_REFS:
		snprintf(out, room, "%s: %s", record_type_name(field->type),
		    field->of == 0 ? "any" : record_kind((uint8_t)field->of)->name);
		break;
	default:
		snprintf(out, room, "%s", record_type_name(field->type));
		break;
	}
	return out;
}

static void
show_kind(const struct record_kind *kind)
{
	char type[64];

	printf("%s (%c): %s.\n\n", kind->name, kind->letter, kind->help);
	for (size_t i = 0; i < kind->count; i++) {
		const struct record_field *field = &kind->fields[i];

		printf("  %-26s %s; %s%s\n  %-26s %s\n", field->name, takes(type, sizeof(type), field),
		    record_levels[field->level].name,
		    (field->flags & RECORD_REQUIRED) != 0     ? "; needed"
			: (field->flags & RECORD_NAMING) != 0 ? "; names somebody"
							      : "",
		    "", field->help);
	}
}

static json_t *
field_json(const struct record_field *field)
{
	char type[64];

	return json_pack("{s:s, s:i, s:s, s:s, s:b, s:b, s:s}", "name", field->name, "number", field->number, "takes",
	    takes(type, sizeof(type), field), "level", record_levels[field->level].name, "needed",
	    (field->flags & RECORD_REQUIRED) != 0, "names_somebody", (field->flags & RECORD_NAMING) != 0, "help",
	    field->help);
}

static json_t *
kind_json(const struct record_kind *kind)
{
	json_t *fields = json_array();

	for (size_t i = 0; i < kind->count; i++)
		json_array_append_new(fields, field_json(&kind->fields[i]));
	return json_pack("{s:s, s:s#, s:s, s:o}", "kind", kind->name, "letter", &kind->letter, 1, "help", kind->help,
	    "fields", fields);
}

static void
markdown_kind(const struct record_kind *kind)
{
	char type[64];

	printf("\n## %s (%c)\n\n%s.\n\n| number | field | takes | level | what |\n|---|---|---|---|---|\n",
	    kind->name, kind->letter, kind->help);
	for (size_t i = 0; i < kind->count; i++) {
		const struct record_field *field = &kind->fields[i];

		printf("| %u | `%s`%s%s | %s | %s | %s%s%s |\n", field->number, field->name,
		    (field->flags & RECORD_REQUIRED) != 0 ? " *" : "",
		    (field->flags & RECORD_NAMING) != 0 ? " !" : "", takes(type, sizeof(type), field),
		    record_levels[field->level].name, field->help, field->preset == NULL ? "" : "; at first ",
		    field->preset == NULL ? "" : field->preset);
	}
}

static int
show_markdown(void)
{
	puts("# Fields of the record\n\nMade by `cairn record fields --markdown` from `src/record/fields.h`. * is "
	     "needed, ! may "
	     "tell who somebody is and stays\nout of what is published without names. Numbers up to 3999 are those "
	     "of the "
	     "HURIDOCS Events Standard Formats, those below\n100 the last two digits that the standard has in each "
	     "format; "
	     "[record.md](record.md) says the rest.");
	for (size_t i = 0; i < RECORD_KIND_COUNT; i++)
		markdown_kind(&record_kinds[i]);
	return fflush(stdout) == 0 ? CAIRN_EXIT_OK : CAIRN_EXIT_STORAGE;
}

static int
show_schema(void)
{
	json_t *schema = record_json_schema();
	int bad = schema == NULL || json_dumpf(schema, stdout, JSON_INDENT(1)) != 0 || putchar('\n') == EOF;

	json_decref(schema);
	return bad ? fail(CAIRN_EXIT_STORAGE, "the result could not be written") : CAIRN_EXIT_OK;
}

static int
show_kinds(bool json)
{
	json_t *array = json_array();

	for (size_t i = 0; i < RECORD_KIND_COUNT; i++) {
		if (!json)
			printf("%-14s %c  %s\n", record_kinds[i].name, record_kinds[i].letter, record_kinds[i].help);
		json_array_append_new(array, kind_json(&record_kinds[i]));
	}
	if (json)
		return print_json(json_pack("{s:o}", "kinds", array));
	json_decref(array);
	return CAIRN_EXIT_OK;
}

int
cmd_record_fields(const void *options, int argc, char **argv)
{
	const F *o = options;
	const struct record_kind *kind;
	int code;

	if (o->schema)
		return show_schema();
	if (o->markdown)
		return show_markdown();
	if (argc == 0)
		return show_kinds(o->json);
	code = record_kind_of(&kind, argv[0]);
	if (code != CAIRN_EXIT_OK)
		return code;
	if (o->json)
		return print_json(kind_json(kind));
	show_kind(kind);
	return CAIRN_EXIT_OK;
}
