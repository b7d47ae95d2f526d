// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_PLACE_H
#define CAIRN_CLI_PLACE_H

#include <stdbool.h>
#include <stddef.h>

/* Where this program lies, and what was built or installed with it. */
#define PLACE_MAX 4096U

/* This program's own path, in path[room]. */
bool place_self(char *path, size_t room);

/* The first of these places, as seen from this program's folder, where something is. */
bool place_beside(char *path, size_t room, const char *const *places, size_t count);

#endif
