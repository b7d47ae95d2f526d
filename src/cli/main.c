// SPDX-License-Identifier: GPL-3.0-or-later
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <sodium.h>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/output.h"

/* What this process holds in memory must not land in a core file, nor be read by the user's other programs. */
static void
keep_memory_private(void)
{
	struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static bool
is_help(const char *word)
{
	return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

int
main(int argc, char **argv)
{
	const struct command *command;
	int words = 0;

	(void)setlocale(LC_ALL, "");
	(void)signal(SIGPIPE, SIG_IGN);
	keep_memory_private();
	if (sodium_init() < 0)
		return fail(CAIRN_EXIT_INTERNAL, "libsodium does not start");
	if (argc < 2)
		return help_all(stderr), CAIRN_EXIT_USAGE;
	if (is_help(argv[1]))
		return help_main(argc - 2, argv + 2);
	if (strcmp(argv[1], "--version") == 0)
		return puts("cairn " CAIRN_VERSION) < 0 ? CAIRN_EXIT_STORAGE : CAIRN_EXIT_OK;
	command = command_find(argc, argv, &words);
	if (command == NULL)
		return help_group(argv[1]);
	return command_run(command, argc - words, argv + words);
}
