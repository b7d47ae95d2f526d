// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_TAR_H
#define CAIRN_RECORD_TAR_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"

/*
 * A few files as one tar, in memory. Reading is strict: plain tar without compression, regular files alone, names
 * of lower-case letters, digits, dots and hyphens with one folder at most, each name once. So there is no way out
 * of a folder, no link, and nothing that grows.
 */
#define TAR_FILES_MAX 64U
#define TAR_NAME_MAX 64U
#define TAR_BYTES_MAX (128U * 1024 * 1024)

struct tar_file {
	char name[TAR_NAME_MAX + 1];
	uint8_t *bytes; /* malloc'ed */
	size_t size;
};

struct tar {
	struct tar_file files[TAR_FILES_MAX];
	size_t count;
};

/* Wipes what was in the files. */
void tar_clear(struct tar *tar);

/* Takes over bytes, also on failure. CAIRN_ERR_RANGE: too many, a name there twice, or one that is not allowed. */
CAIRN_NODISCARD int tar_add(struct tar *tar, const char *name, uint8_t *bytes, size_t size);

/* NULL where there is none. */
const struct tar_file *tar_find(const struct tar *tar, const char *name);

/* *ret is malloc'ed. The same files and time give the same bytes. CAIRN_ERR_NOMEM, CAIRN_ERR_RANGE. */
CAIRN_NODISCARD int tar_write(uint8_t **ret, size_t *ret_size, const struct tar *tar, uint64_t at);

/* tar must be cleared, also on failure. CAIRN_ERR_FORMAT, CAIRN_ERR_RANGE: too large; CAIRN_ERR_NOMEM. */
CAIRN_NODISCARD int tar_read(struct tar *tar, const void *bytes, size_t size);

#endif
