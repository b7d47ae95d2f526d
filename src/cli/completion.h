// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_COMPLETION_H
#define CAIRN_CLI_COMPLETION_H

#include <stdio.h>

/*
 * Writes the completion script for bash, made from the table of commands. packaging/completion/cairn is its output,
 * and a test compares the two. Returns an exit code.
 */
int completion_print(FILE *out);

#endif
