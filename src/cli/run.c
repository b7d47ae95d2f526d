// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/output.h"

int
command_run(const struct command *command, int argc, char **argv)
{
	void *options = calloc(1, command->options->bytes + 1);
	int first = argc;
	int code = CAIRN_EXIT_USAGE;

	if (options == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	switch (options_read(command->options, options, argc, argv, &first)) {
	case OPTIONS_HELP_ASKED:
		help_command(command);
		code = CAIRN_EXIT_OK;
		break;
	case OPTIONS_WRONG:
		complain("\"cairn %s --help\" shows what it takes", command->name);
		break;
	case OPTIONS_READ:
		if (argc - first < command->args_least || argc - first > command->args_most)
			code = fail(CAIRN_EXIT_USAGE, "usage: cairn %s [options] %s", command->name,
			    command->args);
		else
			code = command->run(options, argc - first, argv + first);
		break;
	}
	free(options);
	return code;
}
