// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/record_session.h"
#include "cli/record_words.h"
#include "record/json.h"

struct show_options {
	struct desk_options desk;
	bool history;
	bool json;
};

#define S struct show_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(S, desk),
    OPTION(FLAG, S, history, "history", "", "also every operation that made it so"),
    OPTION(FLAG, S, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table record_show_options = {defs, sizeof(S)};

/* What an operation did, as fields and actions: values are shown above, and old ones in exports of the log. */
static int
tell_logged(const struct record_logged *logged, void *arg)
{
	static const char *const did[] = {"", "put", "added to", "dropped from", "noted in", "took back", "level of"};
	const struct record_kind *kind = arg;
	struct record_op *op = malloc(sizeof(*op));
	char when[DESK_WHEN_BYTES];
	int err = op == NULL ? CAIRN_ERR_NOMEM : record_op_read(op, logged->bytes.text, logged->bytes.size);

	if (err == CAIRN_OK) {
		printf("  %s  device ", desk_when(when, logged->at));
		print_hex(stdout, logged->device, 4);
		printf(", its %llu.\n", (unsigned long long)logged->counter);
		for (size_t i = 0; i < op->count; i++) {
			const struct record_field *field = record_field(kind, op->items[i].field);

			printf("    %s %s\n", did[op->items[i].action],
			    op->items[i].field == 0 ? "all of it"
				: field == NULL     ? "a field of a later version"
						    : field->name);
		}
	}
	free(op);
	return err;
}

static json_t *
show_json(const struct record_head *head, const struct record_change *change, const struct record_referrer *referrers,
    size_t count)
{
	json_t *json = record_line_json(head, change), *entity = record_json_entity(change);

	json_object_update_missing(json, entity);
	/* Of the entity, "retracted" says more than yes or no. */
	json_object_set(json, "retracted", json_object_get(entity, "retracted") == NULL
	        ? json_null()
	        : json_object_get(entity, "retracted"));
	json_decref(entity);
	json_object_set_new(json, "named_by", record_referrers_json(referrers, count));
	return json;
}

static int
show(struct record_session *s, const struct record_head *head, const struct record_change *change, const S *o)
{
	struct record_referrer *referrers;
	size_t count;
	int code = CAIRN_EXIT_OK, err = record_referrers(s->db, head->id, &referrers, &count);

	if (err != CAIRN_OK)
		return record_fail(s, err);
	if (o->json)
		code = print_json(show_json(head, change, referrers, count));
	else {
		record_tell(stdout, s->db, head, change);
		record_tell_referrers(stdout, referrers, count);
		if (o->history) {
			puts("\nHow it came to be");
			err = record_log(s->db, head, tell_logged, (void *)(uintptr_t)head->kind);
		}
	}
	free(referrers);
	return err == CAIRN_OK ? code : record_fail(s, err);
}

int
cmd_record_show(const void *options, int argc, char **argv)
{
	const S *o = options;
	struct record_change change = {.count = 0};
	struct record_head head;
	struct record_session s;
	int code = record_begin(&s, &o->desk), err = CAIRN_OK;

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = record_named(&s, &head, NULL, argv[0]);
	if (code == CAIRN_EXIT_OK) {
		err = record_load(s.db, &head, &change);
		code = err == CAIRN_OK ? show(&s, &head, &change, o) : record_fail(&s, err);
	}
	record_change_clear(&change);
	record_end(&s);
	return code;
}
