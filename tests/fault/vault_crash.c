// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "lib/powercut.h"
#include "lib/vaulted.h"

/*
 * SQLite's own method: the power goes at the N-th write or flush of a story, for N = 1, 2, 3, ... until the story
 * gets through; after that the last commit is there, or the one that was under way, and integrity_check is clean.
 * The same story runs on a plain database in memory, which says what must be there.
 */

#define BYTES ((uint64_t)3 << 20)
#define TRIES 2

/* Each is one transaction. Rows depend on nothing but the story. */
static const char *const story[] = {
    "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, pad BLOB)",
    "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)"
    " SELECT i, i * 7, zeroblob(600 + i) FROM n",
    "UPDATE t SET v = v + 1, pad = zeroblob(900 - id)",
    "BEGIN; DELETE FROM t WHERE id % 3 = 0; INSERT INTO t SELECT id + 1000, v, pad FROM t; COMMIT",
    "CREATE INDEX t_v ON t (v, pad)",
    "DELETE FROM t WHERE id > 20",
    "VACUUM",
    "INSERT INTO t SELECT id + 2000, v * 2, zeroblob(3000) FROM t",
    "DROP INDEX t_v",
    "UPDATE t SET v = 0 WHERE id < 5",
};
#define STEPS (sizeof(story) / sizeof(story[0]))

static const char digest[] = "SELECT count(*) * 1000003 + total(id * (v + 1)) + total(length(pad) * id) +"
			     " (SELECT count(*) FROM sqlite_schema) * 1000000000000 FROM t";

static struct vaulted place;
static uint8_t *pristine;
static uint64_t expected[STEPS + 1]; /* after so many steps; 0 without the table */

static uint64_t
digest_of(struct db *db)
{
	struct query q = db_query(db, "SELECT count(*) FROM sqlite_schema WHERE name = 't'");
	uint64_t n;

	assert_ok(query_number(&q, &n));
	if (n == 0)
		return 0;
	q = db_query(db, digest);
	assert_ok(query_number(&q, &n));
	return n;
}

static void
load_image(void)
{
	int fd = open(place.path, O_WRONLY);

	assert_int_equal(pwrite(fd, pristine, BYTES, 0), (ssize_t)BYTES);
	close(fd);
}

static int
set_up(void **state)
{
	struct db *model;
	int fd;

	(void)state;
	vaulted_init(&place, BYTES);
	vault_close(vaulted_make(&place, 0, "right"));
	pristine = malloc(BYTES);
	fd = open(place.path, O_RDONLY);
	assert_int_equal(pread(fd, pristine, BYTES, 0), (ssize_t)BYTES);
	close(fd);
	assert_ok(db_open(&model, ":memory:", NULL));
	for (size_t i = 0; i < STEPS; i++) {
		assert_ok(db_script(model, story[i]));
		expected[i + 1] = digest_of(model);
	}
	db_close(model);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	free(pristine);
	vaulted_release(&place);
	return 0;
}

/* Goes on until something fails; a small cache makes pages spill in the middle of transactions. Steps done. */
static size_t
tell(struct db *db, size_t from)
{
	size_t done = from;
	int err = db_script(db, "PRAGMA cache_size = 8");

	while (err == CAIRN_OK && done < STEPS) {
		err = db_script(db, story[done]);
		done += err == CAIRN_OK;
	}
	if (db_within(db))
		assert_err(db_end(db, CAIRN_ERR_IO), CAIRN_ERR_IO);
	return done;
}

/* Everything as the model has it after so many steps, or one more. How many. */
static size_t
look_after(size_t done)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);
	uint64_t found = digest_of(db);
	size_t at = found == expected[done] ? done : done + 1;

	assert_true(at <= STEPS);
	assert_int_equal(found, expected[at]);
	assert_true(vaulted_whole(db));
	db_close(db);
	vault_close(vault);
	return at;
}

/* One run with the power going at k. False where it got through. */
static bool
run(unsigned long k)
{
	struct vault *vault;
	struct db *db;
	size_t done = 0;
	bool struck;

	load_image();
	vault = vaulted_open(&place, "right");
	powercut_arm(k);
	if (db_open(&db, VAULT_DATABASE, vault_vfs(vault)) == CAIRN_OK) {
		done = tell(db, 0);
		db_close(db);
	}
	vault_close(vault);
	struck = powercut_mend();
	assert_true(struck || done == STEPS);
	look_after(done);
	return struck;
}

static void
the_power_may_go_at_any_write_or_flush(void **state)
{
	unsigned long k = 1;

	(void)state;
	while (run(k)) {
		for (int i = 1; i < TRIES; i++)
			run(k);
		k++;
	}
	assert_true(k > 200);
}

/* The power goes again while what was broken off is rolled back. */
static void
the_power_may_go_again_while_it_recovers(void **state)
{
	struct vault *vault;
	struct db *db;

	(void)state;
	for (unsigned long k = 3; k < 600; k += 7) {
		size_t done = 0, at;

		load_image();
		vault = vaulted_open(&place, "right");
		powercut_arm(k);
		if (db_open(&db, VAULT_DATABASE, vault_vfs(vault)) == CAIRN_OK) {
			done = tell(db, 0);
			db_close(db);
		}
		vault_close(vault);
		powercut_mend();
		for (unsigned long again = 1; again < 40; again += 3) {
			vault = vaulted_open(&place, "right");
			powercut_arm(again);
			if (db_open(&db, VAULT_DATABASE, vault_vfs(vault)) == CAIRN_OK) {
				db_pragma(db, "PRAGMA user_version");
				db_close(db);
			}
			vault_close(vault);
			powercut_mend();
		}
		at = look_after(done);
		assert_true(at == done || at == done + 1);
	}
}

/* An error that passes: the same connection goes on, and ends where the story ends. */
static void
one_failed_write_or_flush_loses_nothing(void **state)
{
	bool struck = true;

	(void)state;
	for (unsigned long k = 1; struck; k++) {
		struct vault *vault;
		struct db *db;
		size_t done;

		load_image();
		vault = vaulted_open(&place, "right");
		db = vaulted_db(vault);
		powercut_trip(k);
		done = tell(db, 0);
		struck = powercut_mend();
		/* A failure at the very end of a commit may have been after it. */
		done = digest_of(db) == expected[done] ? done : done + 1;
		assert_int_equal(tell(db, done), STEPS);
		assert_true(vaulted_whole(db));
		db_close(db);
		vault_close(vault);
		look_after(STEPS);
	}
}

/* Counts up until it is killed, and says on the pipe what is committed. */
static void
count_up(int out)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);

	if (db_script(db, "CREATE TABLE IF NOT EXISTS n (id INTEGER PRIMARY KEY, v INTEGER, pad BLOB);"
			  "PRAGMA cache_size = 8; INSERT OR IGNORE INTO n VALUES (1, 0, NULL)") != CAIRN_OK)
		_exit(1);
	for (;;) {
		struct query q = db_query(db, "SELECT v FROM n WHERE id = 1");
		uint64_t v;

		if (db_script(db, "BEGIN IMMEDIATE; UPDATE n SET v = v + 1;"
				  "REPLACE INTO n WITH RECURSIVE i(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM i"
				  " WHERE i < 40) SELECT i, (SELECT v FROM n WHERE id = 1), randomblob(900) FROM i;"
				  "COMMIT") != CAIRN_OK ||
		    query_number(&q, &v) != CAIRN_OK || write(out, &v, sizeof(v)) != sizeof(v))
			_exit(1);
	}
}

static void
a_thousand_kills_lose_no_commit(void **state)
{
	uint64_t acknowledged = 0, v;

	(void)state;
	load_image();
	for (int i = 0; i < 1000; i++) {
		const struct timespec wait = {0, (long)randombytes_uniform(4000000)};
		struct vault *vault;
		struct db *db;
		struct query q;
		int pipes[2];
		pid_t pid;

		assert_ok(pipe(pipes));
		pid = fork();
		if (pid == 0)
			count_up(pipes[1]);
		close(pipes[1]);
		nanosleep(&wait, NULL);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		while (read(pipes[0], &v, sizeof(v)) == sizeof(v))
			acknowledged = v;
		close(pipes[0]);
		if (i % 5 != 0)
			continue; /* one killed while it recovers */
		vault = vaulted_open(&place, "right");
		db = vaulted_db(vault);
		assert_true(vaulted_whole(db));
		if (acknowledged > 0) {
			q = db_query(db, "SELECT min(v) FROM n");
			assert_ok(query_number(&q, &v));
			assert_true(v >= acknowledged);
			q = db_query(db, "SELECT max(v) FROM n");
			assert_ok(query_number(&q, &acknowledged));
			assert_int_equal(v, acknowledged);
		}
		db_close(db);
		vault_close(vault);
	}
	assert_true(acknowledged > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_power_may_go_at_any_write_or_flush, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_power_may_go_again_while_it_recovers, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(one_failed_write_or_flush_loses_nothing, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_thousand_kills_lose_no_commit, set_up, tear_down),
	};

	return RUN_TESTS(tests);
}
