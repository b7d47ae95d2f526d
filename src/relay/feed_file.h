// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_FEED_FILE_H
#define CAIRN_RELAY_FEED_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"

/*
 * feed/<desk_id> below an open folder: a desk's records one behind the other. It only grows; what is overwritten
 * gives its room back to the disk and leaves a hole. Errors as in files.h.
 */
#define FEED_FILE_FOLDER "feed"
#define FEED_FILE_NAME_BYTES (sizeof FEED_FILE_FOLDER "/" + 2 * CAIRN_HASH_BYTES)

/* Makes the folder where it is missing. */
CAIRN_NODISCARD int feed_file_prepare(int dir);

/* *ret_fd is the caller's to close. CAIRN_ERR_UNKNOWN: there is none. */
CAIRN_NODISCARD int feed_file_open(int *ret_fd, int dir, const uint8_t desk[CAIRN_HASH_BYTES]);
/* Also where there is none yet; then its name is on disk too. */
CAIRN_NODISCARD int feed_file_make(int *ret_fd, int dir, const uint8_t desk[CAIRN_HASH_BYTES]);

CAIRN_NODISCARD int feed_file_size(uint64_t *ret_size, int fd);
/* On disk when it returns. */
CAIRN_NODISCARD int feed_file_write(int fd, uint64_t at, const uint8_t *bytes, size_t size);
/* Takes what lies behind there away again: what a write that failed has left. */
void feed_file_cut(int fd, uint64_t size);
/* CAIRN_ERR_IO where the file ends before. */
CAIRN_NODISCARD int feed_file_read(uint8_t *out, int fd, uint64_t at, size_t size);
/* Zeros, not yet flushed. */
CAIRN_NODISCARD int feed_file_overwrite(int fd, uint64_t at, uint64_t size);
CAIRN_NODISCARD int feed_file_flush(int fd);
/* Gives the room of what was overwritten and flushed back, where the disk can. */
void feed_file_give_back(int fd, uint64_t at, uint64_t size);

/* Overwrites and removes a file that nothing is known of any more. */
CAIRN_NODISCARD int feed_file_erase(int dir, const uint8_t desk[CAIRN_HASH_BYTES]);
/* Removes one that has been overwritten. No error where there is none. */
CAIRN_NODISCARD int feed_file_remove(int dir, const uint8_t desk[CAIRN_HASH_BYTES]);

#endif
