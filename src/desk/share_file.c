// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/share_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

static const struct kind {
	int (*write)(char out[SHARE_TEXT_MAX], size_t *ret_bytes, const struct share *share, const char *name);
	void (*file_name)(char out[SHARE_NAME_MAX], const struct share *share);
} kinds[] = {
    [SHARE_OF_IDENTITY] = {share_write, share_file_name},
    [SHARE_OF_BACKUP] = {share_write_backup, share_backup_name},
};

static int
file_put(const char *path, const char *text, size_t bytes)
{
	char back[SHARE_TEXT_MAX];
	int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	bool ok;

	if (fd < 0)
		return errno == EEXIST ? CAIRN_ERR_CONFLICT : CAIRN_ERR_IO;
	ok = write(fd, text, bytes) == (ssize_t)bytes && fsync(fd) == 0 &&
	    pread(fd, back, sizeof(back), 0) == (ssize_t)bytes && memcmp(back, text, bytes) == 0;
	sodium_memzero(back, sizeof(back));
	if (close(fd) != 0 || !ok) {
		unlink(path);
		return CAIRN_ERR_IO;
	}
	return CAIRN_OK;
}

/* The names must be as durable as what is in the files. */
static int
folder_sync(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok ? CAIRN_OK : CAIRN_ERR_IO;
}

static int
path_of(char path[SHARE_PATH_MAX], const char *folder, const struct share *share, enum share_of of)
{
	char name[SHARE_NAME_MAX];

	kinds[of].file_name(name, share);
	return snprintf(path, SHARE_PATH_MAX, "%s/%s", folder, name) < (int)SHARE_PATH_MAX ? CAIRN_OK
											    : CAIRN_ERR_RANGE;
}

static int
share_put(const char *path, const struct share *share, const char *name, enum share_of of)
{
	char text[SHARE_TEXT_MAX];
	size_t bytes;
	int err = kinds[of].write(text, &bytes, share, name);

	if (err == CAIRN_OK)
		err = file_put(path, text, bytes);
	sodium_memzero(text, sizeof(text));
	return err;
}

static void
some_remove(const char *folder, const struct share shares[SHARES], size_t count, enum share_of of)
{
	char path[SHARE_PATH_MAX];

	for (size_t i = 0; i < count; i++)
		if (path_of(path, folder, &shares[i], of) == CAIRN_OK)
			unlink(path);
}

int
shares_put(char path[SHARE_PATH_MAX], const char *folder, const struct share shares[SHARES], const char *name,
    enum share_of of)
{
	size_t written = 0;
	int err = mkdir(folder, 0700) == 0 || errno == EEXIST ? CAIRN_OK : CAIRN_ERR_IO;

	snprintf(path, SHARE_PATH_MAX, "%s", folder);
	for (size_t i = 0; i < SHARES && err == CAIRN_OK; i++) {
		err = path_of(path, folder, &shares[i], of);
		if (err == CAIRN_OK)
			err = share_put(path, &shares[i], name, of);
		written += err == CAIRN_OK;
	}
	if (err == CAIRN_OK)
		err = folder_sync(folder);
	if (err != CAIRN_OK)
		some_remove(folder, shares, written, of);
	return err;
}

void
shares_remove(const char *folder, const struct share shares[SHARES], enum share_of of)
{
	some_remove(folder, shares, SHARES, of);
}
