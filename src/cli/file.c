// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/file.h"

#include <errno.h>
#include <stdio.h>
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

int
file_write(const char *path, const uint8_t *bytes, size_t size)
{
	FILE *out = fopen(path, "wbx");
	int bad;

	if (out == NULL)
		return fail(CAIRN_EXIT_STORAGE, "%s: %s", path, strerror(errno));
	bad = fwrite(bytes, 1, size, out) != size;
	bad |= fclose(out) != 0;
	return bad ? fail(CAIRN_EXIT_STORAGE, "%s could not be written", path) : CAIRN_EXIT_OK;
}
