// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/record_session.h"
#include "record/csv.h"

struct export_options {
	struct desk_options desk;
	struct record_out out;
	const char *csv;
	const char *path;
};

#define E struct export_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(E, desk),
    RECORD_OUT_OPTIONS(E, out),
    OPTION(TEXT, E, csv, "csv", "KIND", "CSV of entities of this kind, not JSON of all"),
    OPTION(TEXT, E, path, "out", "FILE", "write this new file; - is standard output"),
    OPTIONS_END,
};
const struct option_table record_export_options = {defs, sizeof(E)};

static char *
as_json(const struct record_selection *selection, size_t *size)
{
	json_t *json = record_json(selection->entities, selection->count);
	char *text = json == NULL ? NULL : json_dumps(json, JSON_INDENT(1));

	json_decref(json);
	*size = text == NULL ? 0 : strlen(text);
	return text;
}

static char *
as_csv(const struct record_selection *selection, const struct record_kind *kind, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);
	int err = out == NULL ? CAIRN_ERR_NOMEM
	                      : record_csv_write(out, kind, selection->entities, selection->count);

	if ((out != NULL && fclose(out) != 0) || err != CAIRN_OK) {
		free(text);
		return NULL;
	}
	return text;
}

static int
write_out(const struct record_chosen *chosen, const struct record_kind *kind, const char *path)
{
	size_t size;
	char *text = kind == NULL ? as_json(&chosen->selection, &size) : as_csv(&chosen->selection, kind, &size);
	int code;

	if (text == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	code = record_write(path, text, size);
	sodium_memzero(text, size);
	free(text);
	if (code == CAIRN_EXIT_OK)
		record_remark(chosen);
	return code;
}

int
cmd_record_export(const void *options, int argc, char **argv)
{
	const E *o = options;
	const struct record_kind *kind = NULL;
	struct record_chosen chosen = {.partner = ""};
	struct record_session s;
	int code = record_begin(&s, &o->desk);

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK && o->csv != NULL)
		code = record_kind_of(&kind, o->csv);
	if (code == CAIRN_EXIT_OK && o->path == NULL)
		code = fail(CAIRN_EXIT_USAGE, "--out must name a new file, or - for standard output");
	if (code == CAIRN_EXIT_OK)
		code = record_choose(&s, &chosen, &o->out);
	if (code == CAIRN_EXIT_OK)
		code = write_out(&chosen, kind, o->path);
	record_chosen_end(&chosen);
	record_end(&s);
	return code;
}
