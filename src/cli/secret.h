// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_SECRET_H
#define CAIRN_CLI_SECRET_H

#include <stddef.h>

/*
 * Memory for what must not be left behind: zeroed at first, kept out of swap where the system lets it, wiped
 * when freed. NULL when there is none. secret_free(NULL) is fine.
 */
void *secret_new(size_t bytes);
void secret_free(void *secret);

#endif
