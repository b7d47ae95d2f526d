// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "desk/files.h"

struct file_options {
	struct desk_options desk;
	const char *out;
};

#define F struct file_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(F, desk),
    OPTION(TEXT, F, out, "out", "PATH", "where to put it: a new file"),
    OPTIONS_END,
};
const struct option_table desk_file_options = {defs, sizeof(F)};

int
cmd_desk_file(const void *options, int argc, char **argv)
{
	const F *o = options;
	struct inbox_line line;
	struct desk_session s;
	uint64_t n;
	int code, err;

	(void)argc;
	if (o->out == NULL || text_number(&n, (struct cairn_span){argv[1], strlen(argv[1])}, UINT32_MAX) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "give the conversation, the file's number as "
					      "'cairn desk read' shows it, and --out PATH");
	code = desk_session_begin(&s, &o->desk);
	if (code == CAIRN_EXIT_OK)
		code = desk_conversation_shown(s.desk, &line, argv[0]);
	if (code == CAIRN_EXIT_OK) {
		err = files_save(s.desk, line.conv, n, o->out);
		if (err != CAIRN_OK)
			code = desk_fail(s.desk, err);
		else
			remark("It comes from outside and may attack whatever opens it: open it "
			       "on a machine that holds nothing else.");
	}
	desk_session_end(&s);
	return code;
}
