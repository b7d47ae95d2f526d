// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/plain_state.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static const struct erasure_column sealed[] = {STATE_ERASURE_COLUMNS, ERASURE_COLUMNS_END};

static int
begin(struct db **ret, const char *folder, const char *vfs, int (*step)(struct db *db))
{
	struct erasure *erasure;
	char path[160];
	int err;

	snprintf(path, sizeof(path), "%s/" PLAIN_STATE, folder);
	err = db_open(ret, path, vfs);
	if (err == CAIRN_OK)
		err = step(*ret);
	snprintf(path, sizeof(path), "%s/" PLAIN_ERASURE, folder);
	if (err == CAIRN_OK)
		err = erasure_new_file(&erasure, *ret, sealed, path);
	if (err != CAIRN_OK) {
		db_close(*ret);
		*ret = NULL;
	}
	return err;
}

int
plain_state_create(struct db **ret, const char *folder)
{
	char path[160];
	int fd;

	*ret = NULL;
	snprintf(path, sizeof(path), "%s/" PLAIN_STATE, folder);
	fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return CAIRN_ERR_CONFLICT;
	close(fd);
	return begin(ret, folder, NULL, state_tables);
}

int
plain_state_open(struct db **ret, const char *folder, const char *vfs)
{
	return begin(ret, folder, vfs, state_check);
}
