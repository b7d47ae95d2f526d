// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/tar.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <sodium.h>

#define BLOCK 512U
#define END_BYTES (2 * 10240U)

void
tar_clear(struct tar *tar)
{
	for (size_t i = 0; i < tar->count; i++) {
		if (tar->files[i].bytes != NULL)
			sodium_memzero(tar->files[i].bytes, tar->files[i].size);
		free(tar->files[i].bytes);
	}
	memset(tar, 0, sizeof(*tar));
}

static bool
name_good(const char *name)
{
	size_t length = strlen(name), slashes = 0;

	for (size_t i = 0; i < length; i++) {
		char c = name[i];
		bool begins = i == 0 || name[i - 1] == '/';

		slashes += c == '/';
		if (begins && (c == '.' || c == '/' || c == '-'))
			return false;
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '/'))
			return false;
	}
	return length > 0 && length <= TAR_NAME_MAX && slashes <= 1 && name[length - 1] != '/';
}

const struct tar_file *
tar_find(const struct tar *tar, const char *name)
{
	for (size_t i = 0; i < tar->count; i++)
		if (strcmp(tar->files[i].name, name) == 0)
			return &tar->files[i];
	return NULL;
}

int
tar_add(struct tar *tar, const char *name, uint8_t *bytes, size_t size)
{
	struct tar_file *file = &tar->files[tar->count];

	if (bytes == NULL)
		return CAIRN_ERR_NOMEM;
	if (tar->count == TAR_FILES_MAX || !name_good(name) || tar_find(tar, name) != NULL) {
		sodium_memzero(bytes, size);
		free(bytes);
		return CAIRN_ERR_RANGE;
	}
	memcpy(file->name, name, strlen(name) + 1);
	file->bytes = bytes;
	file->size = size;
	tar->count++;
	return CAIRN_OK;
}

/* ---- writing ---- */

static size_t
room_for(const struct tar *tar)
{
	size_t room = END_BYTES;

	for (size_t i = 0; i < tar->count; i++)
		room += 2 * BLOCK + tar->files[i].size;
	return room;
}

static bool
write_file(struct archive *out, const struct tar_file *file, uint64_t at)
{
	struct archive_entry *entry = archive_entry_new();
	bool good = entry != NULL;

	if (!good)
		return false;
	archive_entry_set_pathname(entry, file->name);
	archive_entry_set_size(entry, (la_int64_t)file->size);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0600);
	archive_entry_set_mtime(entry, (time_t)at, 0);
	good = archive_write_header(out, entry) == ARCHIVE_OK &&
	    archive_write_data(out, file->bytes, file->size) == (la_ssize_t)file->size;
	archive_entry_free(entry);
	return good;
}

int
tar_write(uint8_t **ret, size_t *ret_size, const struct tar *tar, uint64_t at)
{
	struct archive *out = archive_write_new();
	size_t room = room_for(tar);
	uint8_t *bytes = malloc(room);
	bool good = out != NULL && bytes != NULL && room <= TAR_BYTES_MAX;

	*ret = NULL;
	*ret_size = 0;
	good = good && archive_write_set_format_ustar(out) == ARCHIVE_OK &&
	    archive_write_open_memory(out, bytes, room, ret_size) == ARCHIVE_OK;
	for (size_t i = 0; good && i < tar->count; i++)
		good = write_file(out, &tar->files[i], at);
	good = good && archive_write_close(out) == ARCHIVE_OK;
	archive_write_free(out);
	if (!good) {
		free(bytes);
		return room > TAR_BYTES_MAX ? CAIRN_ERR_RANGE : CAIRN_ERR_NOMEM;
	}
	*ret = bytes;
	return CAIRN_OK;
}

/* ---- reading ---- */

/* A file with nothing to it: no link, no hole, no length that it does not have. */
static bool
entry_good(struct archive_entry *entry)
{
	return archive_entry_filetype(entry) == AE_IFREG && archive_entry_hardlink(entry) == NULL &&
	    archive_entry_symlink(entry) == NULL && archive_entry_sparse_count(entry) == 0 &&
	    archive_entry_size_is_set(entry) && archive_entry_size(entry) >= 0 &&
	    archive_entry_pathname(entry) != NULL && name_good(archive_entry_pathname(entry));
}

/* left is what is left of the tar's own size: no file in it can be longer. */
static int
read_file(struct tar *tar, struct archive *in, struct archive_entry *entry, size_t *left)
{
	uint8_t *bytes;
	size_t size;

	if (!entry_good(entry))
		return CAIRN_ERR_FORMAT;
	if ((uint64_t)archive_entry_size(entry) > *left)
		return CAIRN_ERR_FORMAT;
	size = (size_t)archive_entry_size(entry);
	*left -= size;
	bytes = malloc(size + 1);
	if (bytes == NULL)
		return CAIRN_ERR_NOMEM;
	if (size > 0 && archive_read_data(in, bytes, size) != (la_ssize_t)size) {
		free(bytes);
		return CAIRN_ERR_FORMAT;
	}
	return tar_add(tar, archive_entry_pathname(entry), bytes, size) == CAIRN_OK ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

int
tar_read(struct tar *tar, const void *bytes, size_t size)
{
	struct archive *in = archive_read_new();
	struct archive_entry *entry;
	size_t left = size;
	int err = in == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK, rc = ARCHIVE_OK;

	memset(tar, 0, sizeof(*tar));
	if (size > TAR_BYTES_MAX)
		err = CAIRN_ERR_RANGE;
	/* No filter is turned on: what is compressed is no tar here. */
	if (err == CAIRN_OK && (archive_read_support_format_tar(in) != ARCHIVE_OK ||
	                           archive_read_open_memory(in, bytes, size) != ARCHIVE_OK))
		err = CAIRN_ERR_FORMAT;
	while (err == CAIRN_OK && (rc = archive_read_next_header(in, &entry)) == ARCHIVE_OK)
		err = read_file(tar, in, entry, &left);
	if (err == CAIRN_OK && (rc != ARCHIVE_EOF || tar->count == 0))
		err = CAIRN_ERR_FORMAT;
	archive_read_free(in);
	return err;
}
