// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 300U
#define FRESH ".new"

static int
error_of(void)
{
	return errno == ENOSPC || errno == EDQUOT ? CAIRN_ERR_SPACE : CAIRN_ERR_IO;
}

static void
take_stamp(uint64_t stamp[3], const struct stat *st)
{
	stamp[0] = (uint64_t)st->st_size;
	stamp[1] = (uint64_t)st->st_mtim.tv_sec * 1000000000U + (uint64_t)st->st_mtim.tv_nsec;
	stamp[2] = st->st_ino;
}

int
output_stamp(uint64_t stamp[3], int folder, const char *path)
{
	struct stat st;

	if (fstatat(folder, path, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
		return CAIRN_ERR_UNKNOWN;
	take_stamp(stamp, &st);
	return CAIRN_OK;
}

static int
make_folders(int folder, const char *path)
{
	char part[PATH_BYTES];

	for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		size_t size = (size_t)(slash - path);

		if (size >= sizeof part)
			return CAIRN_ERR_IO;
		memcpy(part, path, size);
		part[size] = '\0';
		if (mkdirat(folder, part, 0755) != 0 && errno != EEXIST)
			return error_of();
	}
	return CAIRN_OK;
}

static int
open_new(int folder, const char *path, int how)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | how;
	int fd = openat(folder, path, flags, 0644);

	if (fd < 0 && errno == ENOENT && make_folders(folder, path) == CAIRN_OK)
		fd = openat(folder, path, flags, 0644);
	return fd;
}

static int
write_all(int fd, const uint8_t *at, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_of();
		at += n;
		size -= (size_t)n;
	}
	return CAIRN_OK;
}

/* Writes and closes fd. */
static int
fill(uint64_t stamp[3], int fd, const void *bytes, size_t size)
{
	struct stat st;
	int err = write_all(fd, bytes, size);

	if (err == CAIRN_OK && fstat(fd, &st) != 0)
		err = error_of();
	if (close(fd) != 0 && err == CAIRN_OK)
		err = error_of();
	if (err == CAIRN_OK)
		take_stamp(stamp, &st);
	return err;
}

int
output_create(uint64_t stamp[3], int folder, const char *path, const void *bytes, size_t size)
{
	int fd = open_new(folder, path, O_EXCL);
	int err;

	if (fd < 0)
		return errno == EEXIST ? output_write(stamp, folder, path, bytes, size) : error_of();
	err = fill(stamp, fd, bytes, size);
	if (err != CAIRN_OK)
		(void)unlinkat(folder, path, 0);
	return err;
}

int
output_write(uint64_t stamp[3], int folder, const char *path, const void *bytes, size_t size)
{
	char fresh[PATH_BYTES];
	int length = snprintf(fresh, sizeof fresh, "%s" FRESH, path);
	int fd, err;

	if (length < 0 || (size_t)length >= sizeof fresh)
		return CAIRN_ERR_IO;
	fd = open_new(folder, fresh, O_TRUNC);
	if (fd < 0)
		return error_of();
	err = fill(stamp, fd, bytes, size);
	if (err == CAIRN_OK && renameat(folder, fresh, folder, path) != 0)
		err = error_of();
	if (err != CAIRN_OK)
		(void)unlinkat(folder, fresh, 0);
	return err;
}

void
output_remove(int folder, const char *path)
{
	char part[PATH_BYTES];
	size_t size = strlen(path);

	(void)unlinkat(folder, path, 0);
	/* Folders that have become empty go too; others stay. */
	while (size > 0 && size < sizeof part) {
		while (size > 0 && path[size - 1] != '/')
			size--;
		if (size == 0)
			return;
		memcpy(part, path, --size);
		part[size] = '\0';
		if (unlinkat(folder, part, AT_REMOVEDIR) != 0)
			return;
	}
}
