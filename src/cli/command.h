// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_COMMAND_H
#define CAIRN_CLI_COMMAND_H

#include <stddef.h>

#include "cli/exit.h"
#include "cli/options.h"

/*
 * One command. All of them stand in the one table of commands.c; each lives in cmd_<name>.c and is declared
 * in commands.h. The frame reads the command line by the options table, so that a command begins
 * with everything checked.
 */
struct command {
	const char *name; /* "person write": one or two words */
	/*
	 * options is the command's own struct, filled in; argv[argc] are the arguments that are no options,
	 * as many as allowed. Returns an enum cairn_exit.
	 */
	int (*run)(const void *options, int argc, char **argv);
	const char *help; /* one line, without a full stop */
	const char *args; /* as shown in the usage: "FILE"; "" for none */
	int args_least;
	int args_most;
	const struct option_table *options;
};

/* The table, ended by a NULL name. */
extern const struct command commands[];

/* The command that argv[1] (and argv[2]) name, or NULL. *ret_words is how many words that took. */
const struct command *command_find(int argc, char **argv, int *ret_words);

/* Reads the options and runs it. */
int command_run(const struct command *command, int argc, char **argv);

#endif
