// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/exit.h"
#include "cli/output.h"

int
file_read(const char *path, uint8_t *out, size_t room, size_t *ret_bytes)
{
	FILE *in = fopen(path, "rb");
	int more;

	if (in == NULL)
		return fail(CAIRN_EXIT_STORAGE, "%s: %s", path, strerror(errno));
	*ret_bytes = fread(out, 1, room, in);
	more = fgetc(in) != EOF;
	if (ferror(in) != 0 || more) {
		(void)fclose(in);
		return fail(CAIRN_EXIT_STORAGE, more ? "%s is too long to be one" : "%s cannot be read", path);
	}
	(void)fclose(in);
	return CAIRN_EXIT_OK;
}

/* Until the end of in, or one byte more than most. */
static int
load_all(FILE *in, size_t most, uint8_t **ret, size_t *ret_bytes)
{
	size_t room = 65536, size = 0;
	uint8_t *bytes = malloc(room), *grown = bytes;

	while (grown != NULL) {
		size += fread(bytes + size, 1, room - size, in);
		if (size < room || room > most)
			break;
		room *= 2;
		grown = realloc(bytes, room);
		bytes = grown != NULL ? grown : bytes;
	}
	if (grown == NULL || ferror(in) != 0 || size > most) {
		free(bytes);
		return grown == NULL ? CAIRN_EXIT_MEMORY : CAIRN_EXIT_STORAGE;
	}
	*ret = bytes;
	*ret_bytes = size;
	return CAIRN_EXIT_OK;
}

int
file_load(const char *path, size_t most, uint8_t **ret, size_t *ret_bytes)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *in = standard ? stdin : fopen(path, "rb");
	int code;

	*ret = NULL;
	*ret_bytes = 0;
	if (in == NULL)
		return fail(CAIRN_EXIT_STORAGE, "%s: %s", path, strerror(errno));
	code = load_all(in, most, ret, ret_bytes);
	if (!standard)
		(void)fclose(in);
	if (code == CAIRN_EXIT_MEMORY)
		return fail(code, "out of memory");
	return code == CAIRN_EXIT_OK ? code : fail(code, "%s cannot be read, or is too long to be one", path);
}

static int
write_new(const char *path, const uint8_t *bytes, size_t size, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "wb");
	int bad;

	if (out == NULL)
		return fail(CAIRN_EXIT_STORAGE, "%s: %s", path, strerror(errno));
	bad = fwrite(bytes, 1, size, out) != size;
	bad |= fclose(out) != 0;
	return bad ? fail(CAIRN_EXIT_STORAGE, "%s could not be written", path) : CAIRN_EXIT_OK;
}

int
file_write(const char *path, const uint8_t *bytes, size_t size)
{
	return write_new(path, bytes, size, 0666);
}

int
file_write_secret(const char *path, const uint8_t *bytes, size_t size)
{
	return write_new(path, bytes, size, 0600);
}
