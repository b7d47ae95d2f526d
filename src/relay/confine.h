// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_CONFINE_H
#define CAIRN_RELAY_CONFINE_H

#include <stdbool.h>

#include "cairn/err.h"
#include "relay/config.h"

/* At the very start: no core dumps, no debugger, files for the owner alone, enough descriptors. */
CAIRN_NODISCARD int harden(const struct config *config);

/*
 * Once all is open: of the file system only the data folder, the configuration and the random device (Landlock);
 * of the kernel only what a server needs that never connects anywhere, never runs a program (seccomp). What an
 * old kernel does not have is logged and left out.
 */
CAIRN_NODISCARD int confine(const struct config *config, const char *config_file);

#endif
