// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/feed_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "relay/files.h"

#define PIECE 65536U

static void
name_of(char out[FEED_FILE_NAME_BYTES], const uint8_t desk[CAIRN_HASH_BYTES])
{
	char hex[2 * CAIRN_HASH_BYTES + 1];

	sodium_bin2hex(hex, sizeof hex, desk, CAIRN_HASH_BYTES);
	snprintf(out, FEED_FILE_NAME_BYTES, "%s/%s", FEED_FILE_FOLDER, hex);
}

int
feed_file_prepare(int dir)
{
	return file_folders(dir, FEED_FILE_FOLDER "/");
}

static int
open_as(int *ret_fd, int dir, const uint8_t *desk, int flags)
{
	char name[FEED_FILE_NAME_BYTES];

	name_of(name, desk);
	*ret_fd = openat(dir, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
	return *ret_fd < 0 ? file_error() : CAIRN_OK;
}

int
feed_file_open(int *ret_fd, int dir, const uint8_t desk[CAIRN_HASH_BYTES])
{
	return open_as(ret_fd, dir, desk, 0);
}

int
feed_file_make(int *ret_fd, int dir, const uint8_t desk[CAIRN_HASH_BYTES])
{
	int err = open_as(ret_fd, dir, desk, 0);

	if (err != CAIRN_ERR_UNKNOWN)
		return err;
	if ((err = open_as(ret_fd, dir, desk, O_CREAT)) != CAIRN_OK)
		return err;
	err = file_sync_folder(dir, FEED_FILE_FOLDER "/");
	if (err != CAIRN_OK) {
		close(*ret_fd);
		*ret_fd = -1;
	}
	return err;
}

int
feed_file_size(uint64_t *ret_size, int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return file_error();
	*ret_size = (uint64_t)st.st_size;
	return CAIRN_OK;
}

static int
write_at(int fd, uint64_t at, const uint8_t *bytes, size_t size)
{
	if (lseek(fd, (off_t)at, SEEK_SET) < 0)
		return file_error();
	return file_write_all(fd, bytes, size);
}

int
feed_file_write(int fd, uint64_t at, const uint8_t *bytes, size_t size)
{
	int err = write_at(fd, at, bytes, size);

	return err == CAIRN_OK ? feed_file_flush(fd) : err;
}

void
feed_file_cut(int fd, uint64_t size)
{
	uint64_t now = size;

	if (feed_file_size(&now, fd) == CAIRN_OK && now > size &&
	    feed_file_overwrite(fd, size, now - size) == CAIRN_OK && feed_file_flush(fd) == CAIRN_OK)
		(void)!ftruncate(fd, (off_t)size);
}

int
feed_file_read(uint8_t *out, int fd, uint64_t at, size_t size)
{
	while (size > 0) {
		ssize_t n = pread(fd, out, size, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return CAIRN_ERR_IO;
		out += n;
		at += (uint64_t)n;
		size -= (size_t)n;
	}
	return CAIRN_OK;
}

int
feed_file_overwrite(int fd, uint64_t at, uint64_t size)
{
	static const uint8_t zeros[PIECE];
	int err = CAIRN_OK;

	while (err == CAIRN_OK && size > 0) {
		size_t piece = size < sizeof zeros ? (size_t)size : sizeof zeros;

		err = write_at(fd, at, zeros, piece);
		at += piece;
		size -= piece;
	}
	return err;
}

int
feed_file_flush(int fd)
{
	return fdatasync(fd) == 0 ? CAIRN_OK : file_error();
}

void
feed_file_give_back(int fd, uint64_t at, uint64_t size)
{
	/* A disk that cannot keeps the zeros. */
	(void)!fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)at, (off_t)size);
}

int
feed_file_erase(int dir, const uint8_t desk[CAIRN_HASH_BYTES])
{
	char name[FEED_FILE_NAME_BYTES];

	name_of(name, desk);
	return file_erase(dir, name);
}

int
feed_file_remove(int dir, const uint8_t desk[CAIRN_HASH_BYTES])
{
	char name[FEED_FILE_NAME_BYTES];

	name_of(name, desk);
	return unlinkat(dir, name, 0) == 0 || errno == ENOENT ? CAIRN_OK : file_error();
}
