// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_FILE_H
#define CAIRN_CLI_FILE_H

#include <stddef.h>
#include <stdint.h>

/* Small files that were named on the command line. All return an enum cairn_exit and have told what was wrong. */

/* A file longer than room is refused. */
int file_read(const char *path, uint8_t *out, size_t room, size_t *ret_bytes);

/* The same into fresh memory, which the caller frees; NULL on failure. "-" is standard input. */
int file_load(const char *path, size_t most, uint8_t **ret, size_t *ret_bytes);

/* The file must not be there yet. The second is for what only its owner may read. */
int file_write(const char *path, const uint8_t *bytes, size_t size);
int file_write_secret(const char *path, const uint8_t *bytes, size_t size);

#endif
