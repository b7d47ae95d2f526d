// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ERASE_PIECE 65536U

int
file_error(void)
{
	switch (errno) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return CAIRN_ERR_SPACE;
	case ENOENT:
		return CAIRN_ERR_UNKNOWN;
	case ENOMEM:
		return CAIRN_ERR_NOMEM;
	default:
		return CAIRN_ERR_IO;
	}
}

bool
file_exists(int dir, const char *path)
{
	return faccessat(dir, path, F_OK, 0) == 0;
}

static int
read_all(int fd, uint8_t *bytes, size_t size)
{
	size_t got = 0;

	while (got < size) {
		ssize_t n = read(fd, bytes + got, size - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return CAIRN_ERR_IO;
		got += (size_t)n;
	}
	return CAIRN_OK;
}

static int
read_open(uint8_t **ret, size_t *ret_bytes, int fd, size_t max)
{
	struct stat st;
	uint8_t *bytes;
	size_t size;

	if (fstat(fd, &st) != 0)
		return file_error();
	if (!S_ISREG(st.st_mode) || st.st_size < 0 || (uint64_t)st.st_size > max)
		return CAIRN_ERR_RANGE;
	size = (size_t)st.st_size;
	bytes = malloc(size + 1);
	if (bytes == NULL)
		return CAIRN_ERR_NOMEM;
	if (read_all(fd, bytes, size) != CAIRN_OK) {
		free(bytes);
		return CAIRN_ERR_IO;
	}
	*ret = bytes;
	*ret_bytes = size;
	return CAIRN_OK;
}

int
file_read(uint8_t **ret, size_t *ret_bytes, int dir, const char *path, size_t max)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int err;

	*ret = NULL;
	*ret_bytes = 0;
	if (fd < 0)
		return file_error();
	err = read_open(ret, ret_bytes, fd, max);
	close(fd);
	return err;
}

int
file_write_all(int fd, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	while (size > 0) {
		ssize_t n = write(fd, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? file_error() : CAIRN_ERR_IO;
		at += n;
		size -= (size_t)n;
	}
	return CAIRN_OK;
}

/* The folder part of a path, "." where there is none. */
static int
folder_of(char out[FILES_PATH_MAX], const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t size = slash == NULL ? 0 : (size_t)(slash - path);

	if (size >= FILES_PATH_MAX)
		return CAIRN_ERR_RANGE;
	memcpy(out, size == 0 ? "." : path, size == 0 ? 1 : size);
	out[size == 0 ? 1 : size] = '\0';
	return CAIRN_OK;
}

int
file_sync_folder(int dir, const char *path)
{
	char folder[FILES_PATH_MAX];
	int err = folder_of(folder, path);
	int fd;

	if (err != CAIRN_OK)
		return err;
	fd = openat(dir, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return file_error();
	err = fsync(fd) == 0 ? CAIRN_OK : file_error();
	close(fd);
	return err;
}

int
file_folders(int dir, const char *path)
{
	char part[FILES_PATH_MAX];
	int err;

	for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		size_t size = (size_t)(slash - path);

		if (size == 0)
			continue;
		if (size >= sizeof part)
			return CAIRN_ERR_RANGE;
		memcpy(part, path, size);
		part[size] = '\0';
		if (mkdirat(dir, part, 0700) == 0) {
			if ((err = file_sync_folder(dir, part)) != CAIRN_OK)
				return err;
		} else if (errno != EEXIST) {
			return file_error();
		}
	}
	return CAIRN_OK;
}

static int
write_new(int dir, const char *path, const void *bytes, size_t size)
{
	int fd = openat(dir, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	int err;

	if (fd < 0)
		return file_error();
	err = file_write_all(fd, bytes, size);
	if (err == CAIRN_OK && fsync(fd) != 0)
		err = file_error();
	if (close(fd) != 0 && err == CAIRN_OK)
		err = file_error();
	return err;
}

int
file_replace(int dir, const char *path, const void *bytes, size_t size)
{
	char fresh[FILES_PATH_MAX];
	int length = snprintf(fresh, sizeof fresh, "%s.new", path);
	int err;

	if (length < 0 || (size_t)length >= sizeof fresh)
		return CAIRN_ERR_RANGE;
	if ((err = file_folders(dir, path)) != CAIRN_OK)
		return err;
	err = write_new(dir, fresh, bytes, size);
	if (err == CAIRN_OK && renameat(dir, fresh, dir, path) != 0)
		err = file_error();
	if (err != CAIRN_OK) {
		unlinkat(dir, fresh, 0);
		return err;
	}
	return file_sync_folder(dir, path);
}

static int
overwrite(int fd)
{
	static const uint8_t zeros[ERASE_PIECE];
	struct stat st;
	int err;

	if (fstat(fd, &st) != 0)
		return file_error();
	for (off_t left = st.st_size; left > 0; left -= (off_t)sizeof zeros) {
		size_t piece = left < (off_t)sizeof zeros ? (size_t)left : sizeof zeros;

		if ((err = file_write_all(fd, zeros, piece)) != CAIRN_OK)
			return err;
	}
	return fdatasync(fd) == 0 ? CAIRN_OK : file_error();
}

int
file_erase(int dir, const char *path)
{
	int fd = openat(dir, path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	int err;

	if (fd < 0)
		return errno == ENOENT ? CAIRN_OK : file_error();
	err = overwrite(fd);
	close(fd);
	if (err == CAIRN_OK && unlinkat(dir, path, 0) != 0)
		err = file_error();
	return err;
}

static int
remove_children(int fd, DIR *open_dir)
{
	const struct dirent *entry;

	while ((entry = readdir(open_dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (unlinkat(fd, entry->d_name, 0) == 0)
			continue;
		if ((errno == EISDIR || errno == EPERM) && file_remove_tree(fd, entry->d_name) == CAIRN_OK)
			continue;
		return CAIRN_ERR_IO;
	}
	return CAIRN_OK;
}

int
file_remove_tree(int dir, const char *path)
{
	int fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	DIR *open_dir;
	int err;

	if (fd < 0)
		return errno == ENOENT ? CAIRN_OK : file_error();
	open_dir = fdopendir(fd);
	if (open_dir == NULL) {
		close(fd);
		return CAIRN_ERR_NOMEM;
	}
	err = remove_children(fd, open_dir);
	closedir(open_dir);
	if (err == CAIRN_OK && unlinkat(dir, path, AT_REMOVEDIR) != 0)
		err = file_error();
	return err;
}

static int
add_name(struct file_names *names, const char *name)
{
	char **more;

	if (name[0] == '.')
		return CAIRN_OK;
	if (names->count % 64 == 0) {
		more = realloc(names->names, (names->count + 64) * sizeof *more);
		if (more == NULL)
			return CAIRN_ERR_NOMEM;
		names->names = more;
	}
	names->names[names->count] = strdup(name);
	if (names->names[names->count] == NULL)
		return CAIRN_ERR_NOMEM;
	names->count++;
	return CAIRN_OK;
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
file_names(struct file_names *ret, int dir, const char *path)
{
	const struct dirent *entry;
	int err = CAIRN_OK;
	DIR *open_dir;
	int fd;

	*ret = (struct file_names){0};
	fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? CAIRN_OK : file_error();
	open_dir = fdopendir(fd);
	if (open_dir == NULL) {
		close(fd);
		return CAIRN_ERR_NOMEM;
	}
	while (err == CAIRN_OK && (entry = readdir(open_dir)) != NULL)
		err = add_name(ret, entry->d_name);
	closedir(open_dir);
	if (err != CAIRN_OK) {
		file_names_clear(ret);
		return err;
	}
	if (ret->count > 1)
		qsort(ret->names, ret->count, sizeof *ret->names, by_bytes);
	return CAIRN_OK;
}

void
file_names_clear(struct file_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->names[i]);
	free(names->names);
	*names = (struct file_names){0};
}
