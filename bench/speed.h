// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef BENCH_SPEED_H
#define BENCH_SPEED_H

#include <sqlite3.h>

/*
 * A workload in the manner of SQLite's speedtest1, on whatever SQLite this is linked with: the same statements and
 * the same durability on a plain file, in a vault, in SQLCipher. Numbers are the same each time.
 */

/* Opens with the settings of a desk's database. key is NULL, or SQLCipher's. NULL where it cannot. */
sqlite3 *speed_open(const char *path, const char *vfs, const char *key);

/* Each returns seconds, or a negative number where a statement failed. In this order. */
double speed_insert(sqlite3 *db); /* rows in order and in no order, with indexes, 50 and 500 a transaction */
double speed_select(sqlite3 *db); /* by row, by index, ranges, a scan for a word, joins */
double speed_mixed(sqlite3 *db);  /* both of these, updates, deletes, upserts, and a check of all */

#endif
