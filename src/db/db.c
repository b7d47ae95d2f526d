// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/db.h"

#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#define BUSY_MS 10000
#define DB_RESERVED_BYTES 40
#define SLOTS (2U * DB_STATEMENTS_MAX) /* a power of two */

struct db {
	sqlite3 *sqlite;
	void *beside;
	size_t count;
	struct {
		const char *sql;
		sqlite3_stmt *stmt;
	} slots[SLOTS]; /* by address, open addressing */
};

/*
 * secure_delete overwrites what is deleted inside the file. The journal is cut, not kept: old pages
 * of it would hold keys that were erased since. Temporary tables would go to disk beside it: memory
 * instead.
 */
static const char pragmas[] =
    "PRAGMA secure_delete = ON; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL;"
    "PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF;"
    "PRAGMA cache_size = -8192;";

static int
db_err(int rc)
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

int
db_open(struct db **ret, const char *path, const char *vfs)
{
	struct db *db = calloc(1, sizeof(*db));
	int reserved = DB_RESERVED_BYTES;
	int rc;

	*ret = NULL;
	if (db == NULL)
		return CAIRN_ERR_NOMEM;
	/* Nobody asks how much memory it uses; counting it costs a lock for each allocation. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	rc = sqlite3_open_v2(path, &db->sqlite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, vfs);
	/* A vault seals each page on its own, with what that takes at the page's end. */
	if (rc == SQLITE_OK && vfs != NULL)
		rc = sqlite3_file_control(db->sqlite, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
	if (rc == SQLITE_OK)
		rc = sqlite3_busy_timeout(db->sqlite, BUSY_MS);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db->sqlite, pragmas, NULL, NULL, NULL);
	if (rc != SQLITE_OK) {
		db_close(db);
		return db_err(rc);
	}
	*ret = db;
	return CAIRN_OK;
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		sqlite3_finalize(db->slots[i].stmt);
	sqlite3_close(db->sqlite);
	free(db);
}

void
db_put_beside(struct db *db, void *thing)
{
	db->beside = thing;
}

void *
db_beside(const struct db *db)
{
	return db->beside;
}

int
db_script(struct db *db, const char *sql)
{
	return db_err(sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL));
}

int
db_copy(struct db *to, struct db *from)
{
	sqlite3_backup *backup = sqlite3_backup_init(to->sqlite, "main", from->sqlite, "main");
	int rc, end;

	if (backup == NULL)
		return db_err(sqlite3_errcode(to->sqlite));
	rc = sqlite3_backup_step(backup, -1);
	end = sqlite3_backup_finish(backup);
	return rc == SQLITE_DONE ? db_err(end) : db_err(rc == SQLITE_OK ? end : rc);
}

int
db_pragma(struct db *db, const char *sql)
{
	sqlite3_stmt *stmt;
	int v = -1;

	if (sqlite3_prepare_v2(db->sqlite, sql, -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_step(stmt) == SQLITE_ROW)
		v = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return v;
}

int
db_begin(struct db *db)
{
	return db_err(sqlite3_exec(db->sqlite, "BEGIN IMMEDIATE", NULL, NULL, NULL));
}

int
db_end(struct db *db, int err)
{
	int rc;

	if (err == CAIRN_OK) {
		rc = sqlite3_exec(db->sqlite, "COMMIT", NULL, NULL, NULL);
		if (rc == SQLITE_OK)
			return CAIRN_OK;
		err = db_err(rc);
	}
	if (db_within(db))
		sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
	return err;
}

bool
db_within(const struct db *db)
{
	return sqlite3_get_autocommit(db->sqlite) == 0;
}

/* The place of a text: where it stands, or where it may be put. */
static size_t
slot_of(const struct db *db, const char *sql)
{
	size_t at = ((uintptr_t)sql >> 3) * 2654435761U % SLOTS;

	while (db->slots[at].sql != NULL && db->slots[at].sql != sql)
		at = (at + 1) % SLOTS;
	return at;
}

struct query
db_query(struct db *db, const char *sql)
{
	struct query q = {.db = db, .err = CAIRN_OK};
	size_t at = slot_of(db, sql);

	if (db->slots[at].stmt == NULL) {
		if (db->slots[at].sql == NULL && db->count == DB_STATEMENTS_MAX)
			abort();
		db->count += db->slots[at].sql == NULL;
		db->slots[at].sql = sql;
		q.err = db_err(sqlite3_prepare_v3(db->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT,
		    &db->slots[at].stmt, NULL));
	}
	q.stmt = db->slots[at].stmt;
	return q;
}

void
bind_int(struct query *q, uint64_t v)
{
	if (v > INT64_MAX)
		q->err = CAIRN_ERR_RANGE;
	if (q->err == CAIRN_OK)
		q->err = db_err(sqlite3_bind_int64(q->stmt, ++q->bound, (sqlite3_int64)v));
}

void
bind_bytes(struct query *q, const void *bytes, size_t size)
{
	if (size > INT32_MAX)
		q->err = CAIRN_ERR_RANGE;
	if (q->err == CAIRN_OK)
		q->err = db_err(sqlite3_bind_blob(q->stmt, ++q->bound, bytes, (int)size, SQLITE_STATIC));
}

void
bind_text(struct query *q, struct cairn_span text)
{
	if (text.size > INT32_MAX)
		q->err = CAIRN_ERR_RANGE;
	if (q->err == CAIRN_OK)
		q->err = db_err(
		    sqlite3_bind_text(q->stmt, ++q->bound, text.text, (int)text.size, SQLITE_STATIC));
}

bool
query_row(struct query *q)
{
	int rc;

	if (q->err != CAIRN_OK)
		return false;
	rc = sqlite3_step(q->stmt);
	q->err = db_err(rc);
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
query_columns(const struct query *q)
{
	return q->stmt == NULL ? 0 : sqlite3_column_count(q->stmt);
}

enum query_kind
query_kind(const struct query *q, int column)
{
	switch (sqlite3_column_type(q->stmt, column)) {
	case SQLITE_INTEGER:
		return QUERY_INT;
	case SQLITE_BLOB:
		return QUERY_BYTES;
	case SQLITE_TEXT:
		return QUERY_TEXT;
	default:
		return QUERY_NULL;
	}
}

void
bind_null(struct query *q)
{
	if (q->err == CAIRN_OK)
		q->err = db_err(sqlite3_bind_null(q->stmt, ++q->bound));
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
db_changes(struct db *db)
{
	return (size_t)sqlite3_changes(db->sqlite);
}

uint64_t
db_last_row(struct db *db)
{
	return (uint64_t)sqlite3_last_insert_rowid(db->sqlite);
}
