// SPDX-License-Identifier: GPL-3.0-or-later
#include "speed.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#define ROWS 30000U
#define LOOKUPS 30000U
#define RESERVED_BYTES 40

static const char pragmas[] =
    "PRAGMA secure_delete = ON; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL;"
    "PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -8192;";

static uint32_t state;

/* The same row of numbers for everybody. */
static uint32_t
some(uint32_t below)
{
	state = state * 1664525U + 1013904223U;
	return (uint32_t)((uint64_t)state * below >> 32);
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

sqlite3 *
speed_open(const char *path, const char *vfs, const char *key)
{
	sqlite3 *db = NULL;
	int reserved = RESERVED_BYTES;
	char text[128];
	bool ok = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, vfs) ==
	    SQLITE_OK;

#ifdef SQLITE_FCNTL_RESERVE_BYTES
	if (ok && vfs != NULL)
		ok = sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved) == SQLITE_OK;
#else
	(void)reserved;
#endif
	snprintf(text, sizeof text, "PRAGMA key = \"x'%s'\"", key == NULL ? "" : key);
	if (ok && key != NULL)
		ok = sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK;
	if (ok && sqlite3_exec(db, pragmas, NULL, NULL, NULL) == SQLITE_OK)
		return db;
	sqlite3_close(db);
	return NULL;
}

static bool
run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* Binds a number, another, and a text made of both, as far as the statement takes them; runs it to its end. */
static bool
step(sqlite3_stmt *stmt, uint32_t a, uint32_t b)
{
	static const char *const words[] = {
	    "north", "bridge", "winter", "lantern", "harbour", "stone", "heron", "amber"};
	char text[160];
	int size = snprintf(text, sizeof text, "%u %s %s %u %s %s of the %s and a "
	    "%s", a, words[a % 8], words[b % 8], b,
	    words[(a >> 3) % 8], words[(b >> 3) % 8], words[(a >> 6) % 8], words[(b >> 6) % 8]);
	int rc;

	sqlite3_bind_int(stmt, 1, (int)a);
	sqlite3_bind_int(stmt, 2, (int)b);
	sqlite3_bind_text(stmt, 3, text, size, SQLITE_STATIC);
	do
		rc = sqlite3_step(stmt);
	while (rc == SQLITE_ROW);
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE;
}

/* n times, each transaction commit of them; a is 1, 2, 3, ... or random below range. */
static bool
repeat(sqlite3 *db, const char *sql, uint32_t n, uint32_t each, uint32_t range)
{
	sqlite3_stmt *stmt;
	bool ok = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK;

	for (uint32_t i = 0; i < n && ok; i++) {
		if (i % each == 0)
			ok = run(db, "BEGIN");
		ok = ok && step(stmt, range == 0 ? i + 1 : some(range) + 1, some(1000000));
		if (ok && (i % each == each - 1 || i == n - 1))
			ok = run(db, "COMMIT");
	}
	sqlite3_finalize(stmt);
	return ok;
}

double
speed_insert(sqlite3 *db)
{
	double begin = seconds();

	state = 1;
	bool ok =
	    run(db, "CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER, t TEXT);"
		    "CREATE TABLE b (id INTEGER PRIMARY KEY, n INTEGER, t TEXT);"
		    "CREATE INDEX b_n ON b (n); CREATE INDEX b_t ON b (t)") &&
	    repeat(db, "INSERT INTO a VALUES (?1, ?2, ?3)", ROWS, 500, 0) &&
	    repeat(db, "INSERT OR REPLACE INTO b VALUES (?1, ?2, ?3)", ROWS, 500, 10 * ROWS) &&
	    repeat(db, "INSERT OR REPLACE INTO b VALUES (?1, ?2, ?3)", ROWS / 10, 50, 10 * ROWS) &&
	    run(db, "CREATE INDEX a_n ON a (n)");

	return ok ? seconds() - begin : -1;
}

double
speed_select(sqlite3 *db)
{
	double begin = seconds();

	state = 2;
	bool ok = repeat(db, "SELECT n, t FROM a WHERE id = ?1", LOOKUPS, LOOKUPS, ROWS) &&
	    repeat(db, "SELECT id, t FROM a WHERE n BETWEEN ?2 AND ?2 + 300", LOOKUPS / 10, LOOKUPS, ROWS) &&
	    repeat(db, "SELECT t FROM b WHERE n >= ?2 ORDER BY n LIMIT 5", LOOKUPS / 10, LOOKUPS, ROWS) &&
	    repeat(db, "SELECT count(*), avg(n), sum(length(t)) FROM a WHERE id BETWEEN ?1 AND ?1 + "
	        "3000", 300, LOOKUPS,
		ROWS) &&
	    repeat(db, "SELECT count(*) FROM a WHERE t LIKE '%heron ' || (?1 % 7) || '%'", 20, LOOKUPS, ROWS) &&
	    repeat(db, "SELECT count(*) FROM a JOIN b ON b.n = a.n WHERE a.id < 20000", 10, LOOKUPS, ROWS) &&
	    repeat(db, "SELECT t FROM b WHERE id < 100000 ORDER BY t LIMIT 10", 20, LOOKUPS, ROWS);

	return ok ? seconds() - begin : -1;
}

double
speed_mixed(sqlite3 *db)
{
	double begin = seconds();
	bool ok = speed_insert(db) >= 0 && speed_select(db) >= 0;

	state = 3;
	ok = ok && repeat(db, "UPDATE a SET n = ?2, t = ?3 WHERE id = ?1", ROWS / 3, 500, ROWS) &&
	    repeat(db, "UPDATE b SET t = ?3 WHERE n BETWEEN ?2 AND ?2 + 100", ROWS / 10, 500, ROWS) &&
	    repeat(db, "DELETE FROM a WHERE id = ?1", ROWS / 3, 500, ROWS) &&
	    repeat(db, "INSERT OR REPLACE INTO a VALUES (?1, ?2, ?3)", ROWS / 3, 500, ROWS) &&
	    repeat(db, "SELECT n, t FROM a WHERE id = ?1", LOOKUPS, LOOKUPS, ROWS) &&
	    run(db, "DELETE FROM b WHERE n % 4 = 0") && run(db, "PRAGMA integrity_check") && run(db, "ANALYZE");
	return ok ? seconds() - begin : -1;
}
