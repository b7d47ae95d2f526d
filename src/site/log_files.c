// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/log_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_MAX_HERE 128U

static int
from_errno(void)
{
	switch (errno) {
	case ENOENT:
		return CAIRN_ERR_UNKNOWN;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return CAIRN_ERR_SPACE;
	default:
		return CAIRN_ERR_IO;
	}
}

int
log_file_read(uint8_t *out, size_t room, size_t *ret_bytes, int folder, const char *path)
{
	int fd = openat(folder, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	size_t size = 0;
	ssize_t got = 1;
	uint8_t more;

	if (fd < 0)
		return from_errno();
	while (got > 0 && size < room) {
		got = read(fd, out + size, room - size);
		size += got > 0 ? (size_t)got : 0;
	}
	if (got > 0 && read(fd, &more, 1) == 1) {
		close(fd);
		return CAIRN_ERR_RANGE;
	}
	close(fd);
	*ret_bytes = size;
	return got < 0 ? CAIRN_ERR_IO : CAIRN_OK;
}

static int
write_out(int fd, const uint8_t *bytes, size_t size)
{
	while (size > 0) {
		ssize_t put = write(fd, bytes, size);

		if (put <= 0)
			return put < 0 ? from_errno() : CAIRN_ERR_IO;
		bytes += put;
		size -= (size_t)put;
	}
	return fsync(fd) == 0 ? CAIRN_OK : from_errno();
}

static int
sync_folder(int folder, const char *path)
{
	int fd = openat(folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return from_errno();
	err = fsync(fd) == 0 ? CAIRN_OK : from_errno();
	close(fd);
	return err;
}

/* Makes the folders of path and flushes each into the one above. */
static int
make_folders(int folder, const char *path)
{
	char part[PATH_MAX_HERE] = ".";

	for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		char above[PATH_MAX_HERE];

		(void)snprintf(above, sizeof above, "%s", part);
		(void)snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
		if (mkdirat(folder, part, 0755) == 0) {
			int err = sync_folder(folder, above);

			if (err != CAIRN_OK)
				return err;
		} else if (errno != EEXIST) {
			return from_errno();
		}
	}
	return CAIRN_OK;
}

int
log_file_replace(int folder, const char *path, const void *bytes, size_t size)
{
	char begun[PATH_MAX_HERE], above[PATH_MAX_HERE];
	const char *slash = strrchr(path, '/');
	int fd, err = make_folders(folder, path);

	if (err != CAIRN_OK)
		return err;
	(void)snprintf(begun, sizeof begun, "%s.begun", path);
	(void)snprintf(above, sizeof above, "%.*s", slash == NULL ? 1 : (int)(slash - path), slash == NULL ? "." :
	    path);
	fd = openat(folder, begun, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return from_errno();
	err = write_out(fd, bytes, size);
	if (close(fd) != 0 && err == CAIRN_OK)
		err = CAIRN_ERR_IO;
	if (err == CAIRN_OK && renameat(folder, begun, folder, path) != 0)
		err = from_errno();
	return err == CAIRN_OK ? sync_folder(folder, above) : err;
}
