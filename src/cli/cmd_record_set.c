// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/record_form.h"
#include "cli/record_session.h"

struct set_options {
	struct desk_options desk;
	int form_fd;
	struct option_list levels;
	bool no_form;
	bool json;
};

#define S struct set_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(S, desk),
    OPTION(FD, S, form_fd, "form-fd", "N", "read the form from this open file"),
    OPTION(FLAG, S, no_form, "no-form", "", "no form, only what the options say"),
    OPTION(LIST, S, levels, "level", "FIELD=LEVEL", "who may see a field: open, partner, court or desk"),
    OPTION(FLAG, S, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table record_set_options = {defs, sizeof(S)};

static int
add_level(struct record_change *change, const char *option)
{
	const char *equals = strchr(option, '=');
	struct record_item item = {.action = RECORD_MARK};
	const struct record_field *field;

	if (equals == NULL)
		return fail(CAIRN_EXIT_USAGE, "--level wants a field and a level, as description=partner");
	field = record_field_named(change->kind, (struct cairn_span){option, (size_t)(equals - option)});
	if (field == NULL)
		return fail(CAIRN_EXIT_USAGE, "--level: %s has no field of that name", change->kind->name);
	if (!record_level_named(&item.flag, (struct cairn_span){equals + 1, strlen(equals + 1)}))
		return fail(CAIRN_EXIT_USAGE, "--level: a level is open, partner, court or desk");
	item.field = field->number;
	return record_change_add(change, &item) == CAIRN_OK ? CAIRN_EXIT_OK
							    : fail(CAIRN_EXIT_MEMORY, "out of memory");
}

int
cmd_record_set(const void *options, int argc, char **argv)
{
	const S *o = options;
	struct record_change change = {.count = 0};
	struct record_head head;
	struct record_session s;
	int code = record_begin(&s, &o->desk);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = record_named(&s, &head, NULL, argv[0]);
	if (code == CAIRN_EXIT_OK) {
		record_change_init(&change, head.kind, head.id, head.compartment);
		for (size_t i = 0; code == CAIRN_EXIT_OK && i < o->levels.count; i++)
			code = add_level(&change, o->levels.items[i]);
	}
	if (code == CAIRN_EXIT_OK && !o->no_form)
		code = form_ask(&s, &change, &head, o->form_fd);
	if (code == CAIRN_EXIT_OK)
		code = record_put(&s, &change, o->json);
	record_change_clear(&change);
	record_end(&s);
	return code;
}
