// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/share_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

int
share_file_put(const char *path, const char *text, size_t bytes)
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

int
share_folder_sync(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok ? CAIRN_OK : CAIRN_ERR_IO;
}

