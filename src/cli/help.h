// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_HELP_H
#define CAIRN_CLI_HELP_H

#include <stdio.h>

#include "cli/command.h"

/* All that the program says of itself, made from the table of commands. */

/* "cairn help [command]", "cairn help --completion": returns the exit code. */
int help_main(int argc, char **argv);

void help_all(FILE *out);
void help_command(const struct command *command);

/* A first word that is no whole command: its group's commands, or a complaint. Returns the exit code. */
int help_group(const char *word);

#endif
