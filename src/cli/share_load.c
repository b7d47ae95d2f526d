// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/share_load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "cli/exit.h"
#include "cli/output.h"

int
share_load(struct share *share, const char *path)
{
	char text[SHARE_TEXT_MAX];
	FILE *file = fopen(path, "re");
	size_t bytes;
	int err;

	if (file == NULL)
		return fail(CAIRN_EXIT_STORAGE, "%s: %s", path, strerror(errno));
	setvbuf(file, NULL, _IONBF, 0);
	bytes = fread(text, 1, sizeof(text), file);
	fclose(file);
	err = share_read(share, text, bytes);
	sodium_memzero(text, sizeof(text));
	if (err == CAIRN_ERR_CRYPTO)
		return fail(CAIRN_EXIT_REFUSED, "%s: its check does not match: a digit was "
						"changed or mistyped",
		    path);
	if (err != CAIRN_OK)
		return fail(CAIRN_EXIT_REFUSED, "%s is not a share of a desk", path);
	return CAIRN_EXIT_OK;
}
