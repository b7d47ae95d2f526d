// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_FILES_H
#define CAIRN_RELAY_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"

/*
 * Files below an open folder (dir). What is said to be written is on disk: file and folder entry are
 * flushed. Errors: CAIRN_ERR_SPACE (disk full or over quota), CAIRN_ERR_IO, CAIRN_ERR_NOMEM,
 * CAIRN_ERR_UNKNOWN (not there).
 */
#define FILES_PATH_MAX 256U

/* All of a file of at most max bytes, in fresh memory that the caller frees. CAIRN_ERR_RANGE: longer. */
CAIRN_NODISCARD int file_read(uint8_t **ret, size_t *ret_bytes, int dir, const char *path, size_t max);

bool file_exists(int dir, const char *path);

/* CAIRN_OK, or what errno means here. */
int file_error(void);

CAIRN_NODISCARD int file_write_all(int fd, const void *bytes, size_t size);

/* Makes every folder of a path that ends in a slash or in a file's name. */
CAIRN_NODISCARD int file_folders(int dir, const char *path);

/* The file is the old one or the new one at any moment, the folder made where it is missing. */
CAIRN_NODISCARD int file_replace(int dir, const char *path, const void *bytes, size_t size);

/* Flushes the folder that a path lies in. */
CAIRN_NODISCARD int file_sync_folder(int dir, const char *path);

/* Overwritten with zeros, flushed, then removed. A file that is not there is no error. */
CAIRN_NODISCARD int file_erase(int dir, const char *path);

/* Removes a folder and what is in it; not there is no error. */
CAIRN_NODISCARD int file_remove_tree(int dir, const char *path);

/* Names in a folder, sorted by bytes, without those that begin with a dot. A folder that is not there has none. */
struct file_names {
	char **names;
	size_t count;
};
CAIRN_NODISCARD int file_names(struct file_names *ret, int dir, const char *path);
void file_names_clear(struct file_names *names);

#endif
