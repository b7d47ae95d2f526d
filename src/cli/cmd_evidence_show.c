// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "cli/commands.h"
#include "cli/evidence_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/safe.h"
#include "record/evidence_cleaner.h"

struct show_options {
	struct desk_options desk;
	bool check;
};

#define S struct show_options
static const struct option_def defs[] = {
    OPTION(FLAG, S, check, "check", "", "read all of the content and compare it with its hashes"),
    DESK_DIR_OPTION(S, desk),
    OPTIONS_END,
};
const struct option_table evidence_show_options = {defs, sizeof(S)};

static int
show_entry(void *arg, const uint8_t *bytes, size_t size)
{
	struct evidence_entry entry;
	int err = evidence_entry_read(&entry, bytes, size);

	if (err == CAIRN_OK)
		evidence_print_entry(stdout, ++*(size_t *)arg, &entry, "");
	return err;
}

static int
show(struct evidence_session *s, const struct evidence_item *item)
{
	char name[EVIDENCE_FILE_NAME_MAX + 1];
	const char *why = evidence_not_cleanable(item->media);
	size_t lines = 0;
	int err = evidence_name(s->ev, item, name);

	fputs("Item ", stdout);
	evidence_print_id(item->id);
	if (name[0] != '\0') {
		fputs("File name: ", stdout);
		safe_inline(stdout, (struct cairn_span){name, strlen(name)});
		putchar('\n');
	}
	if (why != NULL)
		printf("Not cleanable: %s.\n", why);
	if (err == CAIRN_OK)
		err = evidence_log(s->ev, item->id, show_entry, &lines);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : evidence_fail(s->ev, err);
}

/* An integrity check is an act of its own, and stands in the log. */
static int
check(struct evidence_session *s, const struct evidence_item *item)
{
	int err = evidence_content(s->ev, item, NULL, NULL);

	if (err == CAIRN_OK)
		err = evidence_note_act(s->ev, item, EVIDENCE_VERIFIED, NULL, NULL, desk_now());
	if (err == CAIRN_OK)
		remark("The content is what the log describes, to the bit.");
	return err == CAIRN_OK ? CAIRN_EXIT_OK : evidence_fail(s->ev, err);
}

int
cmd_evidence_show(const void *options, int argc, char **argv)
{
	const S *o = options;
	struct evidence_session s;
	struct evidence_item item;
	int code = evidence_session_begin(&s, &o->desk);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = evidence_session_item(&s, &item, argv[0]);
	if (code == CAIRN_EXIT_OK && o->check)
		code = check(&s, &item);
	if (code == CAIRN_EXIT_OK)
		code = show(&s, &item);
	evidence_session_end(&s);
	return code;
}
