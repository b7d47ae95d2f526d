// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/record_session.h"
#include "cli/record_words.h"
#include "record/search.h"

struct list_options {
	struct desk_options desk;
	int text_fd;
	bool json;
};

#define L struct list_options
static const struct option_def list_defs[] = {
    DESK_DIR_OPTION(L, desk),
    OPTION(FLAG, L, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table record_list_options = {list_defs, sizeof(L)};

static const struct option_def search_defs[] = {
    DESK_DIR_OPTION(L, desk),
    OPTION(FD, L, text_fd, "text-fd", "N", "read what to look for from this open file"),
    OPTION(FLAG, L, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table record_search_options = {search_defs, sizeof(L)};

/* Of a kind, or all; with words, those that hold them. */
struct wanted {
	const struct record_kind *kind;
	struct cairn_span words;
	json_t *array; /* NULL: as text */
};

static void
list_one(const struct record_head *head, const struct record_change *change, const struct wanted *wanted)
{
	const struct record_field *field = NULL;
	json_t *line;

	if (wanted->words.size > 0 && !record_search(change, wanted->words, &field))
		return;
	if (wanted->array == NULL) {
		record_tell_line(stdout, head, change);
		if (field != NULL)
			printf("%-26s in %s\n", "", field->name);
		return;
	}
	line = record_line_json(head, change);
	if (field != NULL)
		json_object_set_new(line, "field", json_string(field->name));
	json_array_append_new(wanted->array, line);
}

static int
list_all(const struct record_session *s, const struct wanted *wanted)
{
	struct record_head *heads;
	size_t count;
	int err = record_list(s->db, wanted->kind, &heads, &count);

	for (size_t i = 0; err == CAIRN_OK && i < count; i++) {
		struct record_change change;

		err = record_load(s->db, &heads[i], &change);
		if (err == CAIRN_OK)
			list_one(&heads[i], &change, wanted);
		record_change_clear(&change);
	}
	free(heads);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : record_fail(s, err);
}

static int
list_out(const struct record_session *s, struct wanted *wanted, bool json)
{
	int code;

	wanted->array = json ? json_array() : NULL;
	code = list_all(s, wanted);
	if (code == CAIRN_EXIT_OK && json)
		return print_json(json_pack("{s:o}", "entities", wanted->array));
	json_decref(wanted->array);
	return code;
}

int
cmd_record_list(const void *options, int argc, char **argv)
{
	const L *o = options;
	struct wanted wanted = {.kind = NULL};
	struct record_session s;
	int code = record_begin(&s, &o->desk);

	if (code == CAIRN_EXIT_OK && argc > 0)
		code = record_kind_of(&wanted.kind, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = list_out(&s, &wanted, o->json);
	record_end(&s);
	return code;
}

static int
ask_words(char folded[RECORD_SEARCH_ROOM], struct cairn_span *words, int fd)
{
	char text[RECORD_SEARCH_MAX];
	size_t bytes = 0;
	int code = ask_text(fd, true, "what to look for", text, sizeof(text), &bytes);

	words->text = folded;
	if (code == CAIRN_EXIT_OK &&
	    record_search_fold(folded, &words->size, (struct cairn_span){text, bytes}) != CAIRN_OK)
		code = fail(CAIRN_EXIT_USAGE, "nothing to look for");
	return code;
}

int
cmd_record_search(const void *options, int argc, char **argv)
{
	const L *o = options;
	struct wanted wanted = {.kind = NULL};
	char folded[RECORD_SEARCH_ROOM];
	struct record_session s;
	int code = record_begin(&s, &o->desk);

	if (code == CAIRN_EXIT_OK && argc > 0)
		code = record_kind_of(&wanted.kind, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = ask_words(folded, &wanted.words, o->text_fd);
	if (code == CAIRN_EXIT_OK)
		code = list_out(&s, &wanted, o->json);
	record_end(&s);
	return code;
}
