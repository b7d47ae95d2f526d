// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/spool.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "relay/files.h"
#include "relay/sql.h"

const char spool_schema[] =
    "CREATE TABLE IF NOT EXISTS cell ("
    " desk BLOB NOT NULL, door INTEGER NOT NULL, hash BLOB NOT NULL, day INTEGER NOT NULL, cell BLOB,"
    " PRIMARY KEY (desk, door, hash)) WITHOUT ROWID;";

enum { HAS, PUT, LIST, EMPTY, COUNT, SLICE, STATEMENTS };

static const char *const texts[STATEMENTS] = {
	[HAS] = "SELECT 1 FROM cell WHERE desk = ?1 AND door = ?2 AND hash = ?3",
	[PUT] = "INSERT INTO cell (desk, door, hash, day, cell) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
	[LIST] = "SELECT hash, cell FROM cell WHERE desk = ?1 AND door = ?2 AND cell IS NOT NULL ORDER BY hash",
	[EMPTY] = "UPDATE cell SET cell = NULL WHERE desk = ?1 AND door = ?2 AND hash = ?3 AND cell IS NOT NULL",
	[COUNT] = "SELECT desk, door, count(*) FROM cell WHERE cell IS NOT NULL GROUP BY desk, door",
	[SLICE] = "SELECT desk, door, hash, day, cell FROM cell WHERE (desk, door, hash) > (?1, ?2, ?3)"
	          " ORDER BY desk, door, hash LIMIT ?4",
};

/* Where a move has come to. */
struct mark {
	uint8_t desk[CAIRN_HASH_BYTES];
	int door;
	uint8_t hash[CAIRN_HASH_BYTES];
};

struct spool {
	struct spool *next;
	uint32_t hour;
	char *folder;
	sqlite3 *db;
	sqlite3_stmt *st[STATEMENTS];
	struct mark shown;
	struct mark moved;
};

static int
path_of(char out[FILES_PATH_MAX], const char *folder, uint32_t hour, const char *end)
{
	int length = snprintf(out, FILES_PATH_MAX, "%s/spool-%u%s", folder, (unsigned)hour, end);

	return length < 0 || (size_t)length >= FILES_PATH_MAX ? CAIRN_ERR_RANGE : CAIRN_OK;
}

int
spool_name_read(uint32_t *ret_hour, const char *name)
{
	struct cairn_span rest = {name, strlen(name)};
	uint64_t hour;

	if (!span_is(span_cut(&rest, '-'), "spool") || rest.text == NULL ||
	    text_number(&hour, span_cut(&rest, '.'), UINT32_MAX) != CAIRN_OK || !span_is(rest, "db"))
		return CAIRN_ERR_FORMAT;
	*ret_hour = (uint32_t)hour;
	return CAIRN_OK;
}

int
spool_open(struct spool **ret, const char *folder, uint32_t hour)
{
	char path[FILES_PATH_MAX];
	struct spool *spool;
	int err;

	*ret = NULL;
	if ((err = path_of(path, folder, hour, ".db")) != CAIRN_OK)
		return err;
	spool = calloc(1, sizeof *spool);
	if (spool == NULL)
		return CAIRN_ERR_NOMEM;
	spool->hour = hour;
	spool->folder = strdup(folder);
	err = spool->folder == NULL ? CAIRN_ERR_NOMEM : sql_open(&spool->db, path, spool_schema);
	if (err == CAIRN_OK)
		err = sql_prepare(spool->db, spool->st, texts, STATEMENTS);
	if (err != CAIRN_OK) {
		spool_close(spool);
		return err;
	}
	*ret = spool;
	return CAIRN_OK;
}

void
spool_close(struct spool *spool)
{
	if (spool == NULL)
		return;
	sql_close(spool->db, spool->st, STATEMENTS);
	free(spool->folder);
	free(spool);
}

int
spool_wipe(const char *folder, uint32_t hour)
{
	/* The database last: while it is there, the others are looked for at the next start. */
	static const char *const ends[] = {".db-wal", ".db-shm", ".db-journal", ".db"};
	char path[FILES_PATH_MAX];
	int err = CAIRN_OK;

	for (size_t i = 0; err == CAIRN_OK && i < sizeof ends / sizeof *ends; i++)
		if ((err = path_of(path, folder, hour, ends[i])) == CAIRN_OK)
			err = file_erase(AT_FDCWD, path);
	return err != CAIRN_OK ? err : file_sync_folder(AT_FDCWD, path);
}

int
spool_erase(struct spool *spool)
{
	char *folder = spool->folder;
	uint32_t hour = spool->hour;
	int err;

	spool->folder = NULL;
	sqlite3_db_config(spool->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	spool_close(spool);
	err = spool_wipe(folder, hour);
	free(folder);
	return err;
}

uint32_t
spool_hour(const struct spool *spool)
{
	return spool->hour;
}

struct spool **
spool_next(struct spool *spool)
{
	return &spool->next;
}

int
spool_begin(struct spool *spool)
{
	return sql_begin(spool->db);
}

int
spool_end(struct spool *spool, int err)
{
	return sql_end(spool->db, err);
}

static void
bind_key(sqlite3_stmt *st, const uint8_t *desk, int door, const uint8_t *hash)
{
	sql_bytes(st, 1, desk, CAIRN_HASH_BYTES);
	sql_number(st, 2, (uint64_t)door);
	sql_bytes(st, 3, hash, CAIRN_HASH_BYTES);
}

int
spool_put(struct spool *spool, bool *ret_fresh, const struct store_put *put)
{
	sqlite3_stmt *st = spool->st[PUT];
	int changes;
	int err;

	bind_key(st, put->desk, put->door, put->hash);
	sql_number(st, 4, put->day);
	sql_bytes(st, 5, put->cell, CAIRN_DROP_CELL_BYTES);
	err = sql_run(st, &changes);
	*ret_fresh = changes == 1;
	return err;
}

int
spool_has(struct spool *spool, bool *ret, const struct store_put *put)
{
	sqlite3_stmt *st = spool->st[HAS];
	int rc;

	bind_key(st, put->desk, put->door, put->hash);
	rc = sql_step(st);
	sql_done(st);
	*ret = rc == SQLITE_ROW;
	return sql_error(rc);
}

/* Is that row behind the mark that a move has come to? */
static bool
ahead(const struct mark *mark, const uint8_t *desk, enum cairn_door door, const uint8_t *hash)
{
	int way = memcmp(desk, mark->desk, CAIRN_HASH_BYTES);

	if (way == 0)
		way = (int)door - mark->door;
	if (way == 0)
		way = memcmp(hash, mark->hash, CAIRN_HASH_BYTES);
	return way > 0;
}

/* A column of exactly that size, or NULL. */
static const uint8_t *
column(sqlite3_stmt *st, int at, size_t size)
{
	const uint8_t *bytes = sqlite3_column_blob(st, at);

	return (size_t)sqlite3_column_bytes(st, at) == size ? bytes : NULL;
}

int
spool_visit(struct spool *spool, const uint8_t *desk, enum cairn_door door, store_visit *visit, void *arg,
    bool *enough)
{
	sqlite3_stmt *st = spool->st[LIST];
	int rc = SQLITE_DONE;

	sql_bytes(st, 1, desk, CAIRN_HASH_BYTES);
	sql_number(st, 2, door);
	while (!*enough && (rc = sql_step(st)) == SQLITE_ROW) {
		const uint8_t *hash = column(st, 0, CAIRN_HASH_BYTES);
		const uint8_t *cell = column(st, 1, CAIRN_DROP_CELL_BYTES);

		if (hash == NULL || cell == NULL) {
			rc = SQLITE_NOMEM;
			break;
		}
		if (ahead(&spool->moved, desk, door, hash))
			*enough = !visit(arg, hash, cell);
	}
	sql_done(st);
	return sql_error(rc);
}

int
spool_remove(struct spool *spool, bool *ret_removed, const uint8_t *desk, enum cairn_door door,
    const uint8_t *hash)
{
	int changes;
	int err;

	bind_key(spool->st[EMPTY], desk, door, hash);
	err = sql_run(spool->st[EMPTY], &changes);
	*ret_removed = changes == 1;
	return err;
}

int
spool_count(struct spool *spool, struct counts *counts)
{
	sqlite3_stmt *st = spool->st[COUNT];
	int err = CAIRN_OK;
	int rc;

	while (err == CAIRN_OK && (rc = sql_step(st)) != SQLITE_DONE) {
		const uint8_t *desk = column(st, 0, CAIRN_HASH_BYTES);

		if ((err = sql_error(rc)) != CAIRN_OK)
			break;
		err = desk == NULL ? CAIRN_ERR_IO : counts_add(counts, desk,
		    (enum cairn_door)sqlite3_column_int(st, 1), (uint64_t)sqlite3_column_int64(st, 2));
	}
	sql_done(st);
	return err;
}

static int
show(struct spool *spool, sqlite3_stmt *st, spool_visit_row *visit, void *arg)
{
	bool removed = sqlite3_column_type(st, 4) == SQLITE_NULL;
	struct spool_row row = {
		.desk = column(st, 0, CAIRN_HASH_BYTES),
		.door = (enum cairn_door)sqlite3_column_int(st, 1),
		.hash = column(st, 2, CAIRN_HASH_BYTES),
		.day = (uint32_t)sqlite3_column_int64(st, 3),
		.cell = removed ? NULL : column(st, 4, CAIRN_DROP_CELL_BYTES),
	};

	if (row.desk == NULL || row.hash == NULL || (!removed && row.cell == NULL))
		return CAIRN_ERR_NOMEM;
	memcpy(spool->shown.desk, row.desk, CAIRN_HASH_BYTES);
	memcpy(spool->shown.hash, row.hash, CAIRN_HASH_BYTES);
	spool->shown.door = (int)row.door;
	return visit(arg, &row);
}

int
spool_slice(struct spool *spool, size_t *ret_rows, spool_visit_row *visit, void *arg)
{
	sqlite3_stmt *st = spool->st[SLICE];
	int err = CAIRN_OK;
	int rc;

	*ret_rows = 0;
	spool->shown = spool->moved;
	bind_key(st, spool->moved.desk, spool->moved.door, spool->moved.hash);
	sql_number(st, 4, SPOOL_SLICE);
	while (err == CAIRN_OK && (rc = sql_step(st)) != SQLITE_DONE) {
		if ((err = sql_error(rc)) != CAIRN_OK)
			break;
		err = show(spool, st, visit, arg);
		(*ret_rows)++;
	}
	sql_done(st);
	return err;
}

void
spool_moved(struct spool *spool)
{
	spool->moved = spool->shown;
}
