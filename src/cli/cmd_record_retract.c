// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/text.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/record_session.h"

struct retract_options {
	struct desk_options desk;
	const char *field;
	uint64_t note;
	int reason_fd;
	bool undo;
	bool json;
};

#define R struct retract_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(R, desk),
    OPTION(TEXT, R, field, "field", "NAME", "only this field, not the whole of it"),
    OPTION(NUMBER, R, note, "note", "N", "only the N-th comment, as \"record show\" lists them"),
    OPTION(FD, R, reason_fd, "reason-fd", "N", "read the reason from this open file"),
    OPTION(FLAG, R, undo, "undo", "", "take the mark away again"),
    OPTION(FLAG, R, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table record_retract_options = {defs, sizeof(R)};

/* The id of the n-th comment. */
static int
find_note(const struct record_session *s, const struct record_head *head, uint64_t n, struct record_item *item)
{
	struct record_change change;
	int code = CAIRN_EXIT_OK, err = record_load(s->db, head, &change);

	for (size_t i = 0; err == CAIRN_OK && i < change.count && n > 0; i++)
		if (change.items[i].field == RECORD_any_comments && change.items[i].action == RECORD_NOTE && --n == 0)
			memcpy(item->note, change.items[i].note, sizeof(item->note));
	record_change_clear(&change);
	if (err != CAIRN_OK)
		return record_fail(s, err);
	if (n > 0)
		code = fail(CAIRN_EXIT_USAGE, "it has no comment of that number");
	item->field = RECORD_any_comments;
	return code;
}

static int
find_field(const struct record_head *head, const char *name, struct record_item *item)
{
	const struct record_field *field = record_field_named(head->kind, (struct cairn_span){name, strlen(name)});

	if (field == NULL)
		return fail(CAIRN_EXIT_USAGE, "%s has no field of that name", head->kind->name);
	item->field = field->number;
	return CAIRN_EXIT_OK;
}

static int
retract(struct record_session *s, const struct record_head *head, const R *o)
{
	struct record_item item = {.action = RECORD_RETRACT, .flag = !o->undo, .at = s->now};
	char reason[RECORD_REASON_MAX];
	size_t bytes = 0;
	int code = CAIRN_EXIT_OK;

	if (o->field != NULL && o->note != 0)
		return fail(CAIRN_EXIT_USAGE, "--field and --note do not go together");
	if (o->note != 0)
		code = find_note(s, head, o->note, &item);
	if (o->field != NULL)
		code = find_field(head, o->field, &item);
	if (code == CAIRN_EXIT_OK && !o->undo)
		code = ask_text(o->reason_fd, true, "why it is taken back", reason, sizeof(reason), &bytes);
	if (code != CAIRN_EXIT_OK)
		return code;
	if (bytes == 0 && !o->undo)
		return fail(CAIRN_EXIT_USAGE, "a retraction needs its reason: somebody will ask");
	item.text = (struct cairn_span){reason, bytes};
	return record_put_item(s, head, &item, o->json);
}

int
cmd_record_retract(const void *options, int argc, char **argv)
{
	const R *o = options;
	struct record_head head;
	struct record_session s;
	int code = record_begin(&s, &o->desk);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = record_named(&s, &head, NULL, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = retract(&s, &head, o);
	record_end(&s);
	return code;
}
