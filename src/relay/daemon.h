// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_DAEMON_H
#define CAIRN_RELAY_DAEMON_H

#include "relay/options.h"

/* Runs the relay until SIGTERM or SIGINT. Returns the exit code. */
int daemon_run(const struct config *config, const struct options *options);

/* Prints the public key, made if there is none yet. Returns the exit code. */
int daemon_print_key(const struct config *config);

#endif
