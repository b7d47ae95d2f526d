// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/help.h"

#include <ctype.h>
#include <string.h>

#include "cli/completion.h"
#include "cli/output.h"

static void
help_line(FILE *out, const struct command *command)
{
	fprintf(out, "  %-18s %s\n", command->name, command->help);
}

void
help_all(FILE *out)
{
	fputs("usage: cairn COMMAND [options] [arguments]\n\n", out);
	for (const struct command *c = commands; c->name != NULL; c++)
		help_line(out, c);
	fputs("\n\"cairn COMMAND --help\" shows a command's options; the manual is cairn(1).\n", out);
}

void
help_command(const struct command *command)
{
	printf("usage: cairn %s [options]%s%s\n\n", command->name, *command->args ? " " : "", command->args);
	printf("%c%s.\n\n", toupper((unsigned char)command->help[0]), command->help + 1);
	options_help(command->options);
	printf("  %-26s %s\n", "--" OPTIONS_HELP, "show this");
}

static bool
in_group(const struct command *command, const char *word)
{
	size_t length = strlen(word);

	return strncmp(command->name, word, length) == 0 && command->name[length] == ' ';
}

int
help_group(const char *word)
{
	bool any = false;

	for (const struct command *c = commands; c->name != NULL; c++) {
		if (!in_group(c, word))
			continue;
		if (!any)
			fprintf(stderr, "usage: cairn %s COMMAND [options] [arguments]\n\n", word);
		any = true;
		help_line(stderr, c);
	}
	if (!any)
		complain("there is no command \"%s\"; \"cairn help\" lists them", word);
	return CAIRN_EXIT_USAGE;
}

/* argv[0] and on are the words behind "help". */
int
help_main(int argc, char **argv)
{
	const struct command *command;
	int words;

	if (argc == 0)
		return help_all(stdout), CAIRN_EXIT_OK;
	if (strcmp(argv[0], "--completion") == 0)
		return completion_print(stdout);
	command = command_find(argc + 1, argv - 1, &words);
	if (command == NULL)
		return help_group(argv[0]);
	help_command(command);
	return CAIRN_EXIT_OK;
}
