// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/state.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#define STATE_PATH_MAX 4096U
#define STATE_APPLICATION_ID 0x43614465 /* "CaDe" */

static int
state_path(char out[STATE_PATH_MAX], const char *folder)
{
	int n = snprintf(out, STATE_PATH_MAX, "%s/%s", folder, STATE_FILE);

	return n < 0 || (size_t)n >= STATE_PATH_MAX ? CAIRN_ERR_RANGE : CAIRN_OK;
}

static int
state_schema(struct db *db)
{
	char text[96];
	int err = db_begin(db);

	if (err != CAIRN_OK)
		return err;
	snprintf(text, sizeof(text), "PRAGMA application_id = %d; PRAGMA user_version = %d;", STATE_APPLICATION_ID,
	    DESK_SCHEMA_VERSION);
	err = db_script(db, desk_schema);
	if (err == CAIRN_OK)
		err = db_script(db, text);
	return db_end(db, err);
}

/* The file is made here, not by SQLite, so that it is 0600 from its first moment; the journal follows it. */
static int
state_make_file(const char *folder, const char *path)
{
	int fd;

	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return errno == ENOSPC ? CAIRN_ERR_SPACE : CAIRN_ERR_IO;
	fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? CAIRN_ERR_CONFLICT : CAIRN_ERR_IO;
	close(fd);
	return CAIRN_OK;
}

static int
state_folder_private(const char *folder)
{
	struct stat st;

	if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode))
		return CAIRN_ERR_UNKNOWN;
	return (st.st_mode & 077) != 0 ? CAIRN_ERR_DENIED : CAIRN_OK;
}

int
state_create(struct db **ret, const char *folder, const char *vfs)
{
	char path[STATE_PATH_MAX];
	int err = state_path(path, folder);

	*ret = NULL;
	if (err == CAIRN_OK)
		err = state_make_file(folder, path);
	if (err != CAIRN_OK)
		return err;
	err = state_folder_private(folder);
	if (err == CAIRN_OK)
		err = db_open(ret, path, vfs);
	if (err == CAIRN_OK)
		err = state_schema(*ret);
	if (err != CAIRN_OK) {
		state_discard(*ret, folder);
		*ret = NULL;
	}
	return err;
}

int
state_open(struct db **ret, const char *folder, const char *vfs)
{
	char path[STATE_PATH_MAX];
	int err = state_path(path, folder);

	*ret = NULL;
	if (err == CAIRN_OK)
		err = state_folder_private(folder);
	if (err == CAIRN_OK && access(path, F_OK) != 0)
		err = CAIRN_ERR_UNKNOWN;
	if (err == CAIRN_OK)
		err = db_open(ret, path, vfs);
	if (err == CAIRN_OK && (db_pragma(*ret, "PRAGMA application_id") != STATE_APPLICATION_ID || db_pragma(*ret, "PRAGMA user_version") != DESK_SCHEMA_VERSION)) {
		db_close(*ret);
		*ret = NULL;
		err = CAIRN_ERR_FORMAT;
	}
	return err;
}

void
state_discard(struct db *state, const char *folder)
{
	char path[STATE_PATH_MAX];

	db_close(state);
	if (state_path(path, folder) != CAIRN_OK)
		return;
	unlink(path);
	if (strlen(path) + sizeof("-journal") <= sizeof(path)) {
		memcpy(path + strlen(path), "-journal", sizeof("-journal"));
		unlink(path);
	}
}

int
state_note_get(struct db *state, const char *name, uint8_t **ret, size_t *ret_bytes, uint64_t *ret_serial)
{
	struct query q = query(state, SQL_NOTE_GET);
	struct cairn_span bytes;

	*ret = NULL;
	*ret_bytes = 0;
	bind_text(&q, (struct cairn_span){name, strlen(name)});
	if (query_row(&q)) {
		bytes = query_span(&q, 0);
		*ret = malloc(bytes.size + 1);
		if (*ret == NULL)
			q.err = CAIRN_ERR_NOMEM;
		else if (bytes.size > 0)
			memcpy(*ret, bytes.text, bytes.size);
		*ret_bytes = bytes.size;
		if (ret_serial != NULL)
			*ret_serial = query_int(&q, 1);
	}
	return query_end(&q);
}

int
state_note_put(struct db *state, const char *name, const uint8_t *bytes, size_t size, uint64_t serial)
{
	struct query q = query(state, SQL_NOTE_PUT);

	bind_text(&q, (struct cairn_span){name, strlen(name)});
	bind_bytes(&q, size == 0 ? "" : (const void *)bytes, size);
	bind_int(&q, serial);
	return query_run(&q);
}
