// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "bench.h"
#include "load.h"
#include "relay/spool.h"
#include "relay/sql.h"

/*
 * What durable acceptance costs over HTTP, beside the least that it can cost: SQLite's own insertion of the same
 * cells into the same table with the same settings.
 */

#define CONNECTIONS 32U
#define HTTP_CELLS 12800U
#define BARE_64_CELLS 12800U
#define BARE_1_CELLS 2560U
#define RSS_CELLS 200000U

static void
start(struct relay_process *relay, struct relay_desk *desk)
{
	setenv("RELAY_ON_DISK", "1", 1);
	relay_init(relay);
	if (!relay_start(relay, NULL))
		bench_die("cairnd does not start");
	relay_desk_init(desk, relay, 1);
}

static void
stop(struct relay_process *relay, struct relay_desk *desk)
{
	relay_desk_release(desk);
	relay_stop(relay);
	relay_release(relay);
}

/* ---- the bare loop ---- */

struct row {
	uint8_t hash[CAIRN_HASH_BYTES];
	uint8_t cell[CAIRN_DROP_CELL_BYTES];
};

static struct row *
rows(unsigned count)
{
	struct row *all = calloc(count, sizeof *all);

	if (all == NULL)
		bench_die("memory");
	for (unsigned i = 0; i < count; i++) {
		randombytes_buf(all[i].cell, sizeof all[i].cell);
		cairn_hash(all[i].hash, all[i].cell, sizeof all[i].cell);
	}
	return all;
}

static void
insert(sqlite3 *db, sqlite3_stmt *st, const struct row *row)
{
	static const uint8_t desk[CAIRN_HASH_BYTES];

	sqlite3_bind_blob(st, 1, desk, sizeof desk, SQLITE_STATIC);
	sqlite3_bind_int(st, 2, CAIRN_DOOR_INTAKE);
	sqlite3_bind_blob(st, 3, row->hash, sizeof row->hash, SQLITE_STATIC);
	sqlite3_bind_int(st, 4, 20000);
	sqlite3_bind_blob(st, 5, row->cell, sizeof row->cell, SQLITE_STATIC);
	if (sqlite3_step(st) != SQLITE_DONE)
		bench_die("%s", sqlite3_errmsg(db));
	sqlite3_reset(st);
}

/* Cells a second, so many a commit. */
static double
bare(unsigned count, unsigned a_commit)
{
	char folder[256], path[300];
	struct row *all = rows(count);
	sqlite3_stmt *st;
	sqlite3 *db;
	double begin;

	bench_folder(folder);
	snprintf(path, sizeof path, "%s/bare.db", folder);
	if (sql_open(&db, path, spool_schema) != CAIRN_OK ||
	    sqlite3_prepare_v2(db, "INSERT INTO cell (desk, door, hash, day, cell) VALUES (?1, ?2, ?3, ?4, ?5)", -1,
	        &st, NULL) != SQLITE_OK)
		bench_die("no database in %s", folder);
	begin = bench_seconds();
	for (unsigned i = 0; i < count; i++) {
		if (i % a_commit == 0)
			sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
		insert(db, st, &all[i]);
		if ((i + 1) % a_commit == 0 && sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
			bench_die("%s", sqlite3_errmsg(db));
	}
	begin = bench_seconds() - begin;
	sqlite3_finalize(st);
	sqlite3_close(db);
	bench_folder_remove(folder);
	free(all);
	return count / begin;
}

void
bench_drop_accept(void)
{
	double http[BENCH_RUNS], bare_64[BENCH_RUNS], bare_1[BENCH_RUNS], value;
	struct relay_process relay;
	struct relay_desk *desk = calloc(1, sizeof *desk);

	if (desk == NULL)
		bench_die("memory");
	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		start(&relay, desk);
		http[i] = HTTP_CELLS / load_drop(desk, CONNECTIONS, 0, HTTP_CELLS, NULL, NULL);
		stop(&relay, desk);
		bare_64[i] = bare(BARE_64_CELLS, 64);
		bare_1[i] = bare(BARE_1_CELLS, 1);
	}
	value = bench_median(http, BENCH_RUNS);
	bench_row("drop_accept", value, "cells/s", bench_median(bare_64, BENCH_RUNS));
	bench_row("drop_accept_single", value, "cells/s", bench_median(bare_1, BENCH_RUNS));
	free(desk);
}

/* ---- memory ---- */

struct sample {
	pid_t pid;
	double values[BENCH_RUNS];
	unsigned count;
	uint64_t done;
};

/* Among the last thousands of cells, while they come in. */
static void
sample(void *arg)
{
	struct sample *s = arg;

	s->done += 1000;
	if (s->done > RSS_CELLS - BENCH_RUNS * 1000 && s->count < BENCH_RUNS)
		s->values[s->count++] = bench_rss_mb(s->pid);
}

void
bench_relay_rss(void)
{
	struct relay_process relay;
	struct relay_desk *desk = calloc(1, sizeof *desk);
	struct sample s = {0};

	if (desk == NULL)
		bench_die("memory");
	start(&relay, desk);
	s.pid = relay.pid;
	load_drop(desk, CONNECTIONS, 0, RSS_CELLS, sample, &s);
	bench_row("relay_rss", bench_median(s.values, s.count), "MB", NAN);
	stop(&relay, desk);
	free(desk);
}
