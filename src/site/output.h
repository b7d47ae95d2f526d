// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_OUTPUT_H
#define CAIRN_SITE_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"

/* Files below the folder of the site. */

/* Size, time of change in ns and inode. CAIRN_ERR_UNKNOWN: no plain file is there. */
CAIRN_NODISCARD int output_stamp(uint64_t stamp[3], int folder, const char *path);
/*
 * The old file or the new one is there at any moment. Both make the folders that are missing. CAIRN_ERR_IO,
 * CAIRN_ERR_SPACE. stamp as above.
 */
CAIRN_NODISCARD int output_write(uint64_t stamp[3], int folder, const char *path, const void *bytes, size_t size);
/* The same where nobody looks yet: a file may be half there for a moment, at half the price. */
CAIRN_NODISCARD int output_create(uint64_t stamp[3], int folder, const char *path, const void *bytes, size_t size);
void output_remove(int folder, const char *path);

#endif
