// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "cli/record_take.h"
#include "cli/record_session.h"
#include "record/csv.h"

struct import_options {
	struct desk_options desk;
	const char *csv;
	const char *conversation;
	bool check;
	bool json;
};

#define I struct import_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(I, desk),
    OPTION(TEXT, I, csv, "csv", "KIND", "the file is CSV, of entities of this kind"),
    OPTION(TEXT, I, conversation, "case", "CASE", "keep it in this case, or this conversation's, apart"),
    OPTION(FLAG, I, check, "check", "", "only read it, and say what would come of it"),
    OPTION(FLAG, I, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table record_import_options = {defs, sizeof(I)};

static int
read_file(struct record_document *document, const char *path, const I *o)
{
	const struct record_kind *kind = NULL;
	uint8_t *bytes;
	size_t size;
	int err, code = o->csv == NULL ? CAIRN_EXIT_OK : record_kind_of(&kind, o->csv);

	if (code == CAIRN_EXIT_OK)
		code = file_load(path, RECORD_JSON_MAX, &bytes, &size);
	if (code != CAIRN_EXIT_OK)
		return code;
	err = kind == NULL ? record_json_read(document, bytes, size) : record_csv_read(document, kind, bytes, size);
	sodium_memzero(bytes, size);
	free(bytes);
	if (err == CAIRN_OK)
		return CAIRN_EXIT_OK;
	return fail(CAIRN_EXIT_REFUSED, "%s: %s; nothing was imported", path,
	    document->fault[0] == '\0' ? cairn_strerror(err) : document->fault);
}

int
cmd_record_import(const void *options, int argc, char **argv)
{
	static const char from[] = "a file";
	const I *o = options;
	struct record_document document = {.count = 0};
	uint8_t compartment[RECORD_COMPARTMENT_BYTES];
	struct record_session s;
	int code = record_begin(&s, &o->desk);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = record_case(&s, compartment, o->conversation);
	if (code == CAIRN_EXIT_OK)
		code = read_file(&document, argv[0], o);
	if (code == CAIRN_EXIT_OK)
		code = record_take_in(&s, &document, compartment, from, o->check, o->json);
	record_document_clear(&document);
	record_end(&s);
	return code;
}
