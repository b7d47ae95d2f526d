// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_SQL_H
#define CAIRN_RELAY_SQL_H

#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "cairn/err.h"

/* The few things that both of the store's databases do alike. */

/* WAL, flushed at every commit, one process, little memory; schema is run on it. */
CAIRN_NODISCARD int sql_open(sqlite3 **ret, const char *path, const char *schema);

CAIRN_NODISCARD int sql_prepare(sqlite3 *db, sqlite3_stmt **statements, const char *const *texts, size_t count);
void sql_close(sqlite3 *db, sqlite3_stmt **statements, size_t count);

/* CAIRN_OK for SQLITE_OK, _ROW and _DONE. */
CAIRN_NODISCARD int sql_error(int rc);

/* Binds ?at. Bytes must outlive the step. */
void sql_bytes(sqlite3_stmt *st, int at, const void *bytes, size_t size);
void sql_number(sqlite3_stmt *st, int at, uint64_t v);

/* Steps once and says what came in *rc; sql_done() makes the statement ready for the next use. */
int sql_step(sqlite3_stmt *st);
void sql_done(sqlite3_stmt *st);

/* Steps to the end. *changes, where not NULL, is the number of rows it changed. */
CAIRN_NODISCARD int sql_run(sqlite3_stmt *st, int *changes);

CAIRN_NODISCARD int sql_begin(sqlite3 *db);
/* Commits where err is CAIRN_OK, else rolls back. Returns err, or that of the commit. */
CAIRN_NODISCARD int sql_end(sqlite3 *db, int err);

#endif
