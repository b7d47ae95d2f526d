// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "bench.h"
#include "speed.h"
#include "vault/vault.h"

/* SQLite in a vault beside SQLite on a plain file of the same disk, and beside SQLCipher. */

#define VAULT_BYTES ((uint64_t)128 << 20)
#ifndef BENCH_CIPHER
#define BENCH_CIPHER ""
#endif

#define LARGE_BYTES ((uint64_t)1 << 30)

static const uint8_t master[32] = {1};

struct place {
	char folder[256];
	char file[300];
};

static void
place_init(struct place *p, const char *name)
{
	bench_folder(p->folder);
	snprintf(p->file, sizeof p->file, "%s/%s", p->folder, name);
}

/* Inserting, then selecting, or the mixed one: seconds of each, into took[3]; those not asked for stay. */
static void
measure(double took[3], bool mixed, const char *path, const char *vfs)
{
	sqlite3 *db = speed_open(path, vfs, NULL);

	if (db == NULL)
		bench_die("no database at %s", path);
	if (mixed)
		took[2] = speed_mixed(db);
	else {
		took[0] = speed_insert(db);
		took[1] = speed_select(db);
	}
	if (took[0] < 0 || took[1] < 0 || took[2] < 0)
		bench_die("the workload failed: %s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void
plain_once(double took[3], bool mixed)
{
	struct place p;

	place_init(&p, "plain");
	measure(took, mixed, p.file, NULL);
	bench_folder_remove(p.folder);
}

static void
vault_once(double took[3], bool mixed)
{
	struct place p;
	struct vault *vault;

	place_init(&p, "vault");
	if (container_create(p.file, VAULT_BYTES, NULL, NULL) != CAIRN_OK ||
	    vault_make(&vault, p.file, 0, master, NULL) != CAIRN_OK)
		bench_die("no vault at %s", p.file);
	measure(took, mixed, VAULT_DATABASE, vault_vfs(vault));
	vault_close(vault);
	bench_folder_remove(p.folder);
}

void
bench_vault(void)
{
	static const char *const names[] = {"vault_insert", "vault_select", "vault_mixed"};
	double plain[3][BENCH_RUNS], vault[3][BENCH_RUNS];
	double took[3] = {0, 0, 0};

	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		for (unsigned mixed = 0; mixed < 2; mixed++)
			plain_once(took, mixed != 0);
		for (unsigned j = 0; j < 3; j++)
			plain[j][i] = took[j];
		for (unsigned mixed = 0; mixed < 2; mixed++)
			vault_once(took, mixed != 0);
		for (unsigned j = 0; j < 3; j++)
			vault[j][i] = took[j];
	}
	for (unsigned j = 0; j < 3; j++)
		bench_row(names[j], bench_median(vault[j], BENCH_RUNS), "s", bench_median(plain[j], BENCH_RUNS));
}

static double
cipher_once(void)
{
	char command[600];
	struct place p;
	double took = -1;
	FILE *out;

	place_init(&p, "cipher");
	snprintf(command, sizeof command, "'%s' '%s'", BENCH_CIPHER, p.file);
	out = popen(command, "r");
	if (out == NULL || fscanf(out, "%lf", &took) != 1 || pclose(out) != 0 || took < 0)
		bench_die("SQLCipher does not run");
	bench_folder_remove(p.folder);
	return took;
}

void
bench_vault_cipher(void)
{
	double vault[BENCH_RUNS], cipher[BENCH_RUNS];
	double took[3] = {0, 0, 0};

	if (BENCH_CIPHER[0] == '\0')
		bench_die("SQLCipher was not there when this was built");
	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		vault_once(took, true);
		vault[i] = took[2];
		cipher[i] = cipher_once();
	}
	bench_row("vault_vs_sqlcipher", bench_median(vault, BENCH_RUNS), "s", bench_median(cipher, BENCH_RUNS));
}

/* From the master key, which Argon2id has given, to the first row. */
static double
unlock_once(const char *path)
{
	double begin = bench_seconds();
	struct vault *vault;
	struct db *db;

	if (vault_open(&vault, path, master, NULL) != CAIRN_OK ||
	    db_open(&db, VAULT_DATABASE, vault_vfs(vault)) != CAIRN_OK ||
	    db_pragma(db, "SELECT count(*) FROM t WHERE id = 77") != 1)
		bench_die("the vault does not open");
	begin = bench_seconds() - begin;
	db_close(db);
	vault_close(vault);
	return begin * 1000;
}

static double
unlock(uint64_t bytes)
{
	double took[BENCH_RUNS];
	struct vault *vault;
	struct place p;
	struct db *db;

	place_init(&p, "vault");
	if (container_create(p.file, bytes, NULL, NULL) != CAIRN_OK ||
	    vault_make(&vault, p.file, 0, master, NULL) != CAIRN_OK ||
	    db_open(&db, VAULT_DATABASE, vault_vfs(vault)) != CAIRN_OK ||
	    db_script(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB);"
			  "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
			  " WHERE i < 5000) SELECT i, randomblob(1000) FROM n") != CAIRN_OK)
		bench_die("no vault of %llu bytes", (unsigned long long)bytes);
	db_close(db);
	vault_close(vault);
	for (unsigned i = 0; i < BENCH_RUNS; i++)
		took[i] = unlock_once(p.file);
	bench_folder_remove(p.folder);
	return bench_median(took, BENCH_RUNS);
}

/* Beside what it takes with a container of a sixteenth of the size. */
void
bench_vault_unlock(void)
{
	bench_row("vault_unlock_ms", unlock(LARGE_BYTES), "ms", unlock(LARGE_BYTES / 16));
}
