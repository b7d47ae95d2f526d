// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_DESK_COMMAND_H
#define CAIRN_RELAY_DESK_COMMAND_H

#include "relay/config.h"

/* cairnd desk add|list|remove, with the words behind "desk". Returns the exit code. The daemon need not stop. */
int desk_command(const struct config *config, int argc, char **argv);

#endif
