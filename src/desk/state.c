// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/state.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>
#include <sqlite3.h>

#define STATE_PATH_MAX 4096U
#define STATE_BUSY_MS 10000
#define STATE_APPLICATION_ID 0x43614465 /* "CaDe" */

struct state {
	sqlite3 *db;
	sqlite3_stmt *stmts[SQL_COUNT];
};

/*
 * secure_delete overwrites what is deleted inside the file. The journal is cut, not kept: old pages
 * of it would hold keys that were erased since. Temporary tables would go to disk beside it: memory
 * instead.
 */
static const char state_pragmas[] =
    "PRAGMA secure_delete = ON; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL;"
    "PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF;"
    "PRAGMA cache_size = -8192;";

static int
state_err(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return CAIRN_OK;
	case SQLITE_FULL:
		return CAIRN_ERR_SPACE;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return CAIRN_ERR_BUSY;
	case SQLITE_NOMEM:
		return CAIRN_ERR_NOMEM;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return CAIRN_ERR_FORMAT;
	default:
		return CAIRN_ERR_IO;
	}
}

static int
state_path(char out[STATE_PATH_MAX], const char *folder)
{
	int n = snprintf(out, STATE_PATH_MAX, "%s/%s", folder, STATE_FILE);

	return n < 0 || (size_t)n >= STATE_PATH_MAX ? CAIRN_ERR_RANGE : CAIRN_OK;
}

static int
state_connect(struct state **ret, const char *path, const char *vfs)
{
	struct state *state = calloc(1, sizeof(*state));
	int rc;

	if (state == NULL)
		return CAIRN_ERR_NOMEM;
	/* Nobody asks how much memory it uses; counting it costs a lock for each allocation. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	rc = sqlite3_open_v2(path, &state->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, vfs);
	if (rc == SQLITE_OK)
		rc = sqlite3_busy_timeout(state->db, STATE_BUSY_MS);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(state->db, state_pragmas, NULL, NULL, NULL);
	if (rc != SQLITE_OK) {
		state_close(state);
		return state_err(rc);
	}
	*ret = state;
	return CAIRN_OK;
}

/* A pragma that gives one number; -1 where it does not. */
static int
state_pragma(struct state *state, const char *text)
{
	sqlite3_stmt *stmt;
	int v = -1;

	if (sqlite3_prepare_v2(state->db, text, -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_step(stmt) == SQLITE_ROW)
		v = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return v;
}

static int
state_schema(struct state *state)
{
	char text[96];
	int rc = sqlite3_exec(state->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(state->db, desk_schema, NULL, NULL, NULL);
	snprintf(text, sizeof(text), "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT;",
	    STATE_APPLICATION_ID, DESK_SCHEMA_VERSION);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(state->db, text, NULL, NULL, NULL);
	return state_err(rc);
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
state_create(struct state **ret, const char *folder, const char *vfs)
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
		err = state_connect(ret, path, vfs);
	if (err == CAIRN_OK)
		err = state_schema(*ret);
	if (err != CAIRN_OK) {
		state_discard(*ret, folder);
		*ret = NULL;
	}
	return err;
}

int
state_open(struct state **ret, const char *folder, const char *vfs)
{
	char path[STATE_PATH_MAX];
	int err = state_path(path, folder);

	*ret = NULL;
	if (err == CAIRN_OK)
		err = state_folder_private(folder);
	if (err == CAIRN_OK && access(path, F_OK) != 0)
		err = CAIRN_ERR_UNKNOWN;
	if (err == CAIRN_OK)
		err = state_connect(ret, path, vfs);
	if (err == CAIRN_OK && (state_pragma(*ret, "PRAGMA "
						   "application_id") != STATE_APPLICATION_ID ||
				   state_pragma(*ret, "PRAGMA "
						      "user_version") != DESK_SCHEMA_VERSION)) {
		state_close(*ret);
		*ret = NULL;
		err = CAIRN_ERR_FORMAT;
	}
	return err;
}

void
state_close(struct state *state)
{
	if (state == NULL)
		return;
	for (size_t i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(state->stmts[i]);
	sqlite3_close(state->db);
	free(state);
}

void
state_discard(struct state *state, const char *folder)
{
	char path[STATE_PATH_MAX];

	state_close(state);
	if (state_path(path, folder) != CAIRN_OK)
		return;
	unlink(path);
	if (strlen(path) + sizeof("-journal") <= sizeof(path)) {
		memcpy(path + strlen(path), "-journal", sizeof("-journal"));
		unlink(path);
	}
}

int
state_begin(struct state *state)
{
	return state_err(sqlite3_exec(state->db, "BEGIN IMMEDIATE", NULL, NULL, NULL));
}

int
state_end(struct state *state, int err)
{
	int rc;

	if (err == CAIRN_OK) {
		rc = sqlite3_exec(state->db, "COMMIT", NULL, NULL, NULL);
		if (rc == SQLITE_OK)
			return CAIRN_OK;
		err = state_err(rc);
	}
	if (sqlite3_get_autocommit(state->db) == 0)
		sqlite3_exec(state->db, "ROLLBACK", NULL, NULL, NULL);
	return err;
}

struct query
query(struct state *state, enum desk_statement which)
{
	struct query q = {.state = state, .err = CAIRN_OK};

	if (state->stmts[which] == NULL)
		q.err = state_err(sqlite3_prepare_v3(state->db, desk_statements[which], -1,
		    SQLITE_PREPARE_PERSISTENT, &state->stmts[which], NULL));
	q.stmt = state->stmts[which];
	return q;
}

void
bind_int(struct query *q, uint64_t v)
{
	if (v > INT64_MAX)
		q->err = CAIRN_ERR_RANGE;
	if (q->err == CAIRN_OK)
		q->err = state_err(sqlite3_bind_int64(q->stmt, ++q->bound, (sqlite3_int64)v));
}

void
bind_bytes(struct query *q, const void *bytes, size_t size)
{
	if (size > INT32_MAX)
		q->err = CAIRN_ERR_RANGE;
	if (q->err == CAIRN_OK)
		q->err = state_err(sqlite3_bind_blob(q->stmt, ++q->bound, bytes, (int)size, SQLITE_STATIC));
}

void
bind_text(struct query *q, struct cairn_span text)
{
	if (text.size > INT32_MAX)
		q->err = CAIRN_ERR_RANGE;
	if (q->err == CAIRN_OK)
		q->err = state_err(
		    sqlite3_bind_text(q->stmt, ++q->bound, text.text, (int)text.size, SQLITE_STATIC));
}

bool
query_row(struct query *q)
{
	int rc;

	if (q->err != CAIRN_OK)
		return false;
	rc = sqlite3_step(q->stmt);
	q->err = state_err(rc);
	return rc == SQLITE_ROW;
}

uint64_t
query_int(struct query *q, int column)
{
	sqlite3_int64 v = sqlite3_column_int64(q->stmt, column);

	if (v < 0) {
		q->err = CAIRN_ERR_FORMAT;
		return 0;
	}
	return (uint64_t)v;
}

void
query_bytes(struct query *q, int column, void *out, size_t size)
{
	const void *bytes = sqlite3_column_blob(q->stmt, column);

	if (bytes == NULL || (size_t)sqlite3_column_bytes(q->stmt, column) != size) {
		memset(out, 0, size);
		q->err = CAIRN_ERR_FORMAT;
		return;
	}
	memcpy(out, bytes, size);
}

struct cairn_span
query_span(struct query *q, int column)
{
	const void *bytes = sqlite3_column_blob(q->stmt, column);

	return (struct cairn_span){bytes, (size_t)sqlite3_column_bytes(q->stmt, column)};
}

void
query_text(struct query *q, int column, char *out, size_t room)
{
	struct cairn_span text = query_span(q, column);

	out[0] = '\0';
	if (text.size >= room) {
		q->err = CAIRN_ERR_FORMAT;
		return;
	}
	if (text.size > 0)
		memcpy(out, text.text, text.size);
	out[text.size] = '\0';
}

int
query_end(struct query *q)
{
	if (q->stmt != NULL) {
		sqlite3_reset(q->stmt);
		sqlite3_clear_bindings(q->stmt);
	}
	q->stmt = NULL;
	return q->err;
}

int
query_run(struct query *q)
{
	while (query_row(q))
		continue;
	return query_end(q);
}

int
query_number(struct query *q, uint64_t *out)
{
	*out = query_row(q) ? query_int(q, 0) : 0;
	return query_end(q);
}

size_t
state_changes(struct state *state)
{
	return (size_t)sqlite3_changes(state->db);
}

uint64_t
state_last_row(struct state *state)
{
	return (uint64_t)sqlite3_last_insert_rowid(state->db);
}

int
state_note_get(struct state *state, const char *name, uint8_t **ret, size_t *ret_bytes, uint64_t *ret_serial)
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
state_note_put(struct state *state, const char *name, const uint8_t *bytes, size_t size, uint64_t serial)
{
	struct query q = query(state, SQL_NOTE_PUT);

	bind_text(&q, (struct cairn_span){name, strlen(name)});
	bind_bytes(&q, size == 0 ? "" : (const void *)bytes, size);
	bind_int(&q, serial);
	return query_run(&q);
}
