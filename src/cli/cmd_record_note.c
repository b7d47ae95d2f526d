// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/record_session.h"
#include "cli/secret.h"

struct note_options {
	struct desk_options desk;
	int text_fd;
	bool json;
};

#define N struct note_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(N, desk),
    OPTION(FD, N, text_fd, "text-fd", "N", "read the note from this open file"),
    OPTION(FLAG, N, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table record_note_options = {defs, sizeof(N)};

static int
add_note(struct record_session *s, const struct record_head *head, const N *o, char *text)
{
	struct record_item item = {.action = RECORD_NOTE, .field = RECORD_any_comments, .at = s->now};
	size_t bytes;
	int code = ask_text(o->text_fd, true, "the note", text, RECORD_TEXT_MAX, &bytes);

	if (code != CAIRN_EXIT_OK)
		return code;
	if (bytes == 0)
		return fail(CAIRN_EXIT_USAGE, "nothing was said, so nothing was noted");
	item.text = (struct cairn_span){text, bytes};
	return record_put_item(s, head, &item, o->json);
}

int
cmd_record_note(const void *options, int argc, char **argv)
{
	const N *o = options;
	char *text = secret_new(RECORD_TEXT_MAX);
	struct record_head head;
	struct record_session s;
	int code = record_begin(&s, &o->desk);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = record_named(&s, &head, NULL, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = text == NULL ? fail(CAIRN_EXIT_MEMORY, "out of memory") : add_note(&s, &head, o, text);
	secret_free(text);
	record_end(&s);
	return code;
}
