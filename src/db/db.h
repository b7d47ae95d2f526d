// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DB_DB_H
#define CAIRN_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/span.h"

/*
 * One SQLite database, as every room of a staff device uses it: flushed at each commit, deleted bytes
 * overwritten, nothing beside it that outlives a transaction. Each room keeps its SQL in one file, as text of
 * static storage; here a text is prepared once and found again by its address.
 */
struct db;

/* Text statements that one database may have; more is a fault of the program. */
#define DB_STATEMENTS_MAX 512U

/*
 * Opens the file at path, which must be there (a file of no bytes is an empty database). vfs is NULL, or names the
 * VFS of a vault or a test. On failure *ret is NULL.
 */
CAIRN_NODISCARD int db_open(struct db **ret, const char *path, const char *vfs);
/* NULL is fine. */
void db_close(struct db *db);

/* One thing that a room above keeps beside a database, for whoever has only the database; NULL at first. */
void db_put_beside(struct db *db, void *thing);
void *db_beside(const struct db *db);

/* Runs a script that gives no rows: a schema. */
CAIRN_NODISCARD int db_script(struct db *db, const char *sql);

/* Makes to what from is, whatever was in it. Both stay open. CAIRN_ERR_BUSY: somebody writes meanwhile. */
CAIRN_NODISCARD int db_copy(struct db *to, struct db *from);

/* A pragma, "PRAGMA user_version", that gives one number; -1 where it does not. */
int db_pragma(struct db *db, const char *sql);

/*
 * One transaction at a time; it takes the write lock at once, so that two processes wait for each other
 * instead of failing in the middle. end commits where err is CAIRN_OK and else undoes; it returns err, or why the
 * commit failed.
 */
CAIRN_NODISCARD int db_begin(struct db *db);
CAIRN_NODISCARD int db_end(struct db *db, int err);

/* Is a transaction open? */
bool db_within(const struct db *db);

/* Rows that the last insert, update or delete changed; the number of the last inserted row. */
size_t db_changes(struct db *db);
uint64_t db_last_row(struct db *db);

/*
 * One run of a statement. Values are bound in order, as they come; whatever fails is remembered, and told
 * once by query_end().
 *
 *	struct query q = db_query(db, "SELECT seed FROM epoch_key WHERE door = ?");
 *	bind_int(&q, door);
 *	if (query_row(&q))
 *		query_bytes(&q, 0, seed, sizeof(seed));
 *	return query_end(&q);
 *
 * A statement may not be begun again before its end.
 */
struct query {
	struct db *db;
	void *stmt;
	int bound;
	int err;
};

/* sql lives as long as db. */
struct query db_query(struct db *db, const char *sql);
void bind_int(struct query *q, uint64_t v);
void bind_bytes(struct query *q, const void *bytes, size_t size); /* must live until the end; NULL binds null */
void bind_text(struct query *q, struct cairn_span text);          /* likewise */

/* The next row. */
bool query_row(struct query *q);

uint64_t query_int(struct query *q, int column);
/* Exactly size bytes, or zeros and CAIRN_ERR_FORMAT: the file is damaged. */
void query_bytes(struct query *q, int column, void *out, size_t size);
/* A view until the next row; empty for null. */
struct cairn_span query_span(struct query *q, int column);
/* Text with a zero behind it; CAIRN_ERR_FORMAT when it does not fit. */
void query_text(struct query *q, int column, char *out, size_t room);

/* For whoever carries whole rows: how many columns the row has, and what stands in one. */
enum query_kind { QUERY_NULL,
	QUERY_INT,
	QUERY_BYTES,
	QUERY_TEXT };
int query_columns(const struct query *q);
enum query_kind query_kind(const struct query *q, int column);
void bind_null(struct query *q);

/* CAIRN_ERR_SPACE: the disk is full. CAIRN_ERR_BUSY: another process holds the file. CAIRN_ERR_IO. */
CAIRN_NODISCARD int query_end(struct query *q);

/* Runs a statement that gives no rows. */
CAIRN_NODISCARD int query_run(struct query *q);

/* A statement that gives one number; *out is 0 where there is no row or it is null. */
CAIRN_NODISCARD int query_number(struct query *q, uint64_t *out);

#endif
