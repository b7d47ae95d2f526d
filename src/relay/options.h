// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_OPTIONS_H
#define CAIRN_RELAY_OPTIONS_H

#include <stdbool.h>

#include "relay/config.h"

#define OPTIONS_FILE "/etc/cairn/cairnd.conf"

/* Exit codes of cairnd. */
#define EXIT_FAULT 1 /* it could not start, or could not do it */
#define EXIT_USAGE 2 /* flags or configuration */

/* What the command line says. Its words are kept, so that the configuration can be read again. */
struct options {
	const char *file;    /* NULL: the default one, which may be missing */
	int argc;
	char **argv;
	bool check;
	int command;         /* index of the first word behind the flags; argc: none */
};

/* Returns -1 to go on, else the exit code: help and version are done here. */
int options_read(struct options *options, int argc, char **argv);

/* Defaults, then the file, then flags. false: said on stderr. */
bool options_config(struct config *config, const struct options *options);

#endif
