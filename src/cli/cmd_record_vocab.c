// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "record/table.h"
#include "record/vocabulary.h"

struct vocab_options {
	bool json;
};

#define V struct vocab_options
static const struct option_def defs[] = {
    OPTION(FLAG, V, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table record_vocab_options = {defs, sizeof(V)};

static int
show_lists(bool json)
{
	json_t *array = json_array();

	for (size_t i = 0; i < record_vocabulary_count; i++) {
		const struct record_vocabulary *list = &record_vocabularies[i];

		if (!json)
			printf("%3u  %-24s %zu terms\n", list->number, list->name, list->count);
		json_array_append_new(array, json_pack("{s:i, s:s, s:i}", "number", list->number, "name", list->name,
		    "terms", (int)list->count));
	}
	if (json)
		return print_json(json_pack("{s:o}", "vocabularies", array));
	json_decref(array);
	return CAIRN_EXIT_OK;
}

/* Two digits a level in those of the standard; the others are flat. */
static int
depth(const char *code)
{
	size_t length = strlen(code);

	return length < 2 ? 0 : (int)(length / 2 - 1);
}

static int
show_list(const struct record_vocabulary *list, bool json)
{
	json_t *terms = json_array();

	for (size_t i = 0; i < list->count; i++) {
		if (!json)
			printf("%-12s %*s%s\n", list->terms[i].code, 2 * depth(list->terms[i].code), "",
			    list->terms[i].term);
		json_array_append_new(terms, json_pack("{s:s, s:s}", "code", list->terms[i].code, "term",
		    list->terms[i].term));
	}
	if (json)
		return print_json(
		    json_pack("{s:i, s:s, s:o}", "number", list->number, "name", list->name, "terms", terms));
	json_decref(terms);
	return CAIRN_EXIT_OK;
}

/* By its name or number, or by a field that takes it: "act.type". */
static const struct record_vocabulary *
find_list(const char *name)
{
	struct cairn_span whole = {name, strlen(name)};
	const char *dot = strchr(name, '.');
	const struct record_field *field = NULL;

	if (dot != NULL)
		field = record_field_named(record_kind_named((struct cairn_span){name, (size_t)(dot - name)}),
		    (struct cairn_span){dot + 1, strlen(dot + 1)});
	if (field != NULL && (field->type == RECORD_TERM || field->type == RECORD_TERMS))
		return record_vocabulary((uint16_t)field->of);
	return record_vocabulary_named(whole);
}

int
cmd_record_vocab(const void *options, int argc, char **argv)
{
	const V *o = options;
	const struct record_vocabulary *list;

	if (argc == 0)
		return show_lists(o->json);
	list = find_list(argv[0]);
	if (list == NULL)
		return fail(CAIRN_EXIT_USAGE, "there is no vocabulary \"%s\": without an argument they are listed",
		    argv[0]);
	return show_list(list, o->json);
}
