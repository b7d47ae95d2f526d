// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/record_form.h"
#include "cli/record_session.h"

struct new_options {
	struct desk_options desk;
	int form_fd;
	const char *conversation;
	bool incomplete;
	bool json;
};

#define N struct new_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(N, desk),
    OPTION(FD, N, form_fd, "form-fd", "N", "read the form from this open file"),
    OPTION(TEXT, N, conversation, "case", "CASE", "keep it in this case, or this conversation's, apart"),
    OPTION(FLAG, N, incomplete, "incomplete", "", "take it without the fields that are needed"),
    OPTION(FLAG, N, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table record_new_options = {defs, sizeof(N)};

static int
make(struct record_session *s, struct record_change *change, const N *o)
{
	const struct record_field *missing;
	int code = form_ask(s, change, NULL, o->form_fd);

	if (code != CAIRN_EXIT_OK)
		return code;
	if (change->count == 0)
		return fail(CAIRN_EXIT_USAGE, "nothing was said, so nothing was entered");
	missing = record_change_missing(change);
	if (missing != NULL && !o->incomplete)
		return fail(CAIRN_EXIT_USAGE, "%s is needed (%s); --incomplete takes it without", missing->name,
		    missing->help);
	if (record_change_begin(change, s->desk.desk->self.device_id, s->now) != CAIRN_OK)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	return record_put(s, change, o->json);
}

int
cmd_record_new(const void *options, int argc, char **argv)
{
	const N *o = options;
	uint8_t id[RECORD_ID_BYTES], compartment[RECORD_COMPARTMENT_BYTES];
	const struct record_kind *kind;
	struct record_change change;
	struct record_session s;
	int code = record_begin(&s, &o->desk);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = record_kind_of(&kind, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = record_case(&s, compartment, o->conversation);
	if (code == CAIRN_EXIT_OK && kind->number == RECORD_link && o->conversation == NULL)
		code = fail(CAIRN_EXIT_USAGE, "a link belongs to a case: name it with --case");
	if (code == CAIRN_EXIT_OK) {
		randombytes_buf(id, sizeof(id));
		record_change_init(&change, kind, id, compartment);
		code = make(&s, &change, o);
		record_change_clear(&change);
	}
	record_end(&s);
	return code;
}
