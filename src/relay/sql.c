// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/sql.h"

#include <pthread.h>

/*
 * Exclusive: the index of the WAL lies in memory then, not in a file beside it. Overwritten on delete: pages that
 * are free hold nothing of what was there.
 */
static const char settings[] =
    "PRAGMA locking_mode = EXCLUSIVE;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA secure_delete = ON;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = -2048;"
    "PRAGMA wal_autocheckpoint = 2000;";

int
sql_error(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return CAIRN_OK;
	case SQLITE_FULL:
		return CAIRN_ERR_SPACE;
	case SQLITE_NOMEM:
		return CAIRN_ERR_NOMEM;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return CAIRN_ERR_BUSY;
	default:
		return CAIRN_ERR_IO;
	}
}

/* The store has a lock of its own; SQLite's counting of memory takes another at each allocation. */
static void
set_up(void)
{
	sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

int
sql_open(sqlite3 **ret, const char *path, const char *schema)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	sqlite3 *db = NULL;
	int keep = 1;
	int rc;

	*ret = NULL;
	pthread_once(&once, set_up);
	rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, settings, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, schema, NULL, NULL, NULL);
	/* Else closing would unlink the WAL as it is, for anybody to find on the disk. */
	if (rc == SQLITE_OK)
		rc = sqlite3_file_control(db, NULL, SQLITE_FCNTL_PERSIST_WAL, &keep);
	if (rc != SQLITE_OK) {
		sqlite3_close(db);
		return sql_error(rc);
	}
	*ret = db;
	return CAIRN_OK;
}

int
sql_prepare(sqlite3 *db, sqlite3_stmt **statements, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int rc = sqlite3_prepare_v3(db, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &statements[i], NULL);

		if (rc != SQLITE_OK)
			return sql_error(rc);
	}
	return CAIRN_OK;
}

void
sql_close(sqlite3 *db, sqlite3_stmt **statements, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sqlite3_finalize(statements[i]);
	sqlite3_close(db);
}

void
sql_bytes(sqlite3_stmt *st, int at, const void *bytes, size_t size)
{
	/* Fails only for a number or size that no caller here has; a missing value then breaks NOT NULL. */
	(void)sqlite3_bind_blob64(st, at, bytes, size, SQLITE_STATIC);
}

void
sql_number(sqlite3_stmt *st, int at, uint64_t v)
{
	(void)sqlite3_bind_int64(st, at, (sqlite3_int64)v);
}

int
sql_step(sqlite3_stmt *st)
{
	return sqlite3_step(st);
}

void
sql_done(sqlite3_stmt *st)
{
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
}

int
sql_run(sqlite3_stmt *st, int *changes)
{
	int rc;

	do
		rc = sqlite3_step(st);
	while (rc == SQLITE_ROW);
	if (changes != NULL)
		*changes = rc == SQLITE_DONE ? sqlite3_changes(sqlite3_db_handle(st)) : 0;
	sql_done(st);
	return sql_error(rc);
}

int
sql_begin(sqlite3 *db)
{
	return sql_error(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL));
}

int
sql_end(sqlite3 *db, int err)
{
	if (err == CAIRN_OK)
		err = sql_error(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
	/* Some errors have rolled it back already. */
	if (err != CAIRN_OK && !sqlite3_get_autocommit(db))
		(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return err;
}
