// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_LOG_FILES_H
#define CAIRN_SITE_LOG_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"

/*
 * Files below an open folder. CAIRN_ERR_IO, CAIRN_ERR_SPACE, CAIRN_ERR_UNKNOWN (not there), CAIRN_ERR_RANGE (too
 * long).
 */

/* Into out[room]. */
CAIRN_NODISCARD int log_file_read(uint8_t *out, size_t room, size_t *ret_bytes, int folder, const char *path);

/* The old file or the new one at any moment, and on disk when this returns; its folders are made. */
CAIRN_NODISCARD int log_file_replace(int folder, const char *path, const void *bytes, size_t size);

#endif
