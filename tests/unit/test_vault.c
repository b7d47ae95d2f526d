// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "lib/vaulted.h"

#define BYTES ((uint64_t)4 << 20)

static struct vaulted place;

static int
set_up(void **state)
{
	(void)state;
	vaulted_init(&place, BYTES);
	vault_close(vaulted_make(&place, 1, "right"));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	vaulted_release(&place);
	return 0;
}

static const char schema[] = "CREATE TABLE t (id INTEGER PRIMARY KEY, text BLOB)";
static const char insert[] = "INSERT INTO t (text) VALUES (randomblob(1000))";
static const char count[] = "SELECT count(*) FROM t";

static uint64_t
number(struct db *db, const char *sql)
{
	struct query q = db_query(db, sql);
	uint64_t n;

	assert_ok(query_number(&q, &n));
	return n;
}

static int
add(struct db *db, unsigned rows)
{
	int err = db_begin(db);

	for (unsigned i = 0; i < rows && err == CAIRN_OK; i++) {
		struct query q = db_query(db, insert);

		err = query_run(&q);
	}
	return db_within(db) ? db_end(db, err) : err;
}

static void
what_was_written_is_there_after_closing(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);

	(void)state;
	assert_ok(db_script(db, schema));
	assert_ok(add(db, 500));
	db_close(db);
	vault_close(vault);
	vault = vaulted_open(&place, "right");
	db = vaulted_db(vault);
	assert_int_equal(number(db, count), 500);
	assert_true(vaulted_whole(db));
	db_close(db);
	vault_close(vault);
}

static void
a_wrong_passphrase_opens_nothing(void **state)
{
	struct vault *vault;

	(void)state;
	assert_err(vaulted_try(&place, &vault, "wrong"), CAIRN_ERR_CRYPTO);
	assert_null(vault);
}

static void
pages_leave_room_for_nonce_and_tag(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);
	uint8_t first[16 + SLOT_BYTES];

	(void)state;
	assert_ok(db_script(db, schema));
	assert_int_equal(db_pragma(db, "PRAGMA page_size"), 4096);
	db_close(db);
	vault_close(vault);
	/* Nothing of SQLite's own words is in the file. */
	int fd = open(place.path, O_RDONLY);
	for (off_t at = 0; at < (off_t)BYTES; at += SLOT_BYTES) {
		assert_true(pread(fd, first, sizeof(first), at) > 0);
		assert_null(memmem(first, sizeof(first), "SQLite format", 13));
	}
	close(fd);
}

static void
a_database_without_that_room_is_refused(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);

	(void)state;
	assert_ok(db_script(db, "PRAGMA page_size = 8192"));
	assert_err(db_script(db, schema), CAIRN_ERR_IO);
	db_close(db);
	vault_close(vault);
}

static void
a_full_region_says_so_and_loses_nothing(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);
	unsigned rows = 0;

	(void)state;
	assert_ok(db_script(db, schema));
	while (add(db, 50) == CAIRN_OK)
		rows += 50;
	assert_true(rows > 1000);
	assert_err(add(db, 50), CAIRN_ERR_SPACE);
	assert_int_equal(number(db, count), rows);
	assert_true(vaulted_whole(db));
	db_close(db);
	vault_close(vault);
}

static void
a_full_region_can_be_emptied_step_by_step(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);
	uint32_t used, pages;

	(void)state;
	assert_ok(db_script(db, schema));
	for (unsigned rows = 128; rows > 0; rows /= 2)
		while (add(db, rows) == CAIRN_OK)
			continue;
	while (number(db, count) > 100)
		assert_ok(db_script(db, "DELETE FROM t WHERE id IN (SELECT id FROM t ORDER BY id DESC LIMIT 50)"));
	assert_ok(db_script(db, "VACUUM"));
	assert_ok(vault_room(vault, &used, &pages));
	assert_true(used < 60);
	assert_true(number(db, count) <= 100);
	assert_true(vaulted_whole(db));
	db_close(db);
	vault_close(vault);
}

static void
a_transaction_larger_than_what_is_left_is_undone(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);
	uint32_t used, pages;

	(void)state;
	assert_ok(db_script(db, schema));
	assert_ok(db_script(db, "PRAGMA cache_size = 10"));
	assert_ok(vault_room(vault, &used, &pages));
	while (used < pages * 6 / 10) {
		assert_ok(add(db, 20));
		assert_ok(vault_room(vault, &used, &pages));
	}
	assert_err(db_script(db, "UPDATE t SET text = randomblob(1000)"), CAIRN_ERR_SPACE);
	assert_true(vaulted_whole(db));
	assert_ok(add(db, 20));
	db_close(db);
	vault_close(vault);
}

static void
vacuum_gives_room_back(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);
	uint32_t before, after, pages;

	(void)state;
	assert_ok(db_script(db, schema));
	assert_ok(add(db, 700));
	assert_ok(db_script(db, "DELETE FROM t WHERE id % 4 != 0"));
	assert_ok(vault_room(vault, &before, &pages));
	assert_ok(db_script(db, "VACUUM"));
	assert_ok(vault_room(vault, &after, &pages));
	assert_true(after < before / 2);
	assert_int_equal(number(db, count), 175);
	assert_true(vaulted_whole(db));
	db_close(db);
	vault_close(vault);
}

static void
a_rolled_back_transaction_leaves_nothing(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);

	(void)state;
	assert_ok(db_script(db, schema));
	assert_ok(add(db, 100));
	assert_ok(db_script(db, "PRAGMA cache_size = 5")); /* so that pages spill before the end */
	assert_ok(db_script(db, "BEGIN; UPDATE t SET text = zeroblob(900);"
				"INSERT INTO t (text) SELECT randomblob(1000) FROM t; ROLLBACK"));
	assert_int_equal(number(db, count), 100);
	assert_int_equal(number(db, "SELECT count(*) FROM t WHERE length(text) = 1000"), 100);
	assert_true(vaulted_whole(db));
	db_close(db);
	vault_close(vault);
}

static void
a_savepoint_that_is_undone_keeps_what_was_before(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);

	(void)state;
	assert_ok(db_script(db, schema));
	assert_ok(add(db, 100));
	assert_ok(db_script(db, "PRAGMA cache_size = 5"));
	assert_ok(db_script(db, "BEGIN; DELETE FROM t WHERE id < 11; SAVEPOINT s; UPDATE t SET text = zeroblob(900);"
				"INSERT INTO t (text) SELECT randomblob(1000) FROM t; ROLLBACK TO s;"
				"DELETE FROM t WHERE id < 21; COMMIT"));
	assert_int_equal(number(db, count), 80);
	assert_int_equal(number(db, "SELECT count(*) FROM t WHERE length(text) = 1000"), 80);
	assert_true(vaulted_whole(db));
	db_close(db);
	vault_close(vault);
}

/* The slot that page is in, in bytes of the file. */
static off_t
page_at(uint32_t page)
{
	return (off_t)SLOT_BYTES * (off_t)(1 + (BYTES / SLOT_BYTES - 1) / 2 + REGION_PAGES + page - 1);
}

static void
flip(off_t at)
{
	int fd = open(place.path, O_RDWR);
	uint8_t byte;

	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= 0x10;
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	close(fd);
}

static void
a_flipped_bit_is_found_and_named_and_costs_only_its_page(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);
	struct vault_damage damage;
	uint32_t used, pages;

	(void)state;
	assert_ok(db_script(db, schema));
	assert_ok(add(db, 200));
	assert_ok(vault_room(vault, &used, &pages));
	for (uint32_t page = 2; page <= used; page += 7) {
		off_t at = page_at(page) + (off_t)randombytes_uniform(SLOT_BYTES);

		flip(at);
		assert_ok(vault_check(vault, &damage, NULL, NULL));
		assert_int_equal(damage.pages, used);
		assert_int_equal(damage.count, 1);
		assert_int_equal(damage.numbers[0], page);
		flip(at);
	}
	assert_ok(vault_check(vault, &damage, NULL, NULL));
	assert_int_equal(damage.count, 0);
	db_close(db);
	vault_close(vault);
}

/* Both are whole, and sealed under the same key. */
static void
a_page_in_another_s_place_is_found(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);
	struct vault_damage damage;
	uint8_t two[SLOT_BYTES], three[SLOT_BYTES];
	int fd;

	(void)state;
	assert_ok(db_script(db, schema));
	assert_ok(add(db, 200));
	fd = open(place.path, O_RDWR);
	assert_int_equal(pread(fd, two, SLOT_BYTES, page_at(2)), SLOT_BYTES);
	assert_int_equal(pread(fd, three, SLOT_BYTES, page_at(3)), SLOT_BYTES);
	assert_int_equal(pwrite(fd, three, SLOT_BYTES, page_at(2)), SLOT_BYTES);
	assert_int_equal(pwrite(fd, two, SLOT_BYTES, page_at(3)), SLOT_BYTES);
	close(fd);
	assert_ok(vault_check(vault, &damage, NULL, NULL));
	assert_int_equal(damage.count, 2);
	assert_int_equal(damage.numbers[0], 2);
	assert_int_equal(damage.numbers[1], 3);
	db_close(db);
	vault_close(vault);
}

static void
a_damaged_page_is_told_and_the_rest_is_read(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);
	struct query q;
	uint64_t n;
	uint32_t used, pages;

	(void)state;
	assert_ok(db_script(db, schema));
	assert_ok(add(db, 200));
	assert_ok(vault_room(vault, &used, &pages));
	db_close(db);
	flip(page_at(used) + 100);
	db = vaulted_db(vault);
	q = db_query(db, "SELECT sum(length(text)) FROM t");
	assert_err(query_number(&q, &n), CAIRN_ERR_FORMAT);
	assert_int_equal(number(db, "SELECT sum(length(text)) FROM t WHERE id < 150"), 149000);
	db_close(db);
	vault_close(vault);
}

static void
a_damaged_first_page_is_never_taken_for_an_empty_database(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);
	struct vault_damage damage;
	uint32_t used, pages;

	(void)state;
	assert_ok(db_script(db, schema));
	assert_ok(add(db, 50));
	assert_ok(vault_room(vault, &used, &pages));
	db_close(db);
	flip(page_at(1) + 1000);
	if (db_open(&db, VAULT_DATABASE, vault_vfs(vault)) == CAIRN_OK) {
		assert_err(db_script(db, schema), CAIRN_ERR_FORMAT);
		db_close(db);
	}
	assert_ok(vault_check(vault, &damage, NULL, NULL));
	assert_int_equal(damage.pages, used);
	assert_int_equal(damage.count, 1);
	assert_int_equal(damage.numbers[0], 1);
	flip(page_at(1) + 1000);
	db = vaulted_db(vault);
	assert_int_equal(number(db, count), 50);
	db_close(db);
	vault_close(vault);
}

static void
one_damaged_header_copy_is_mended_from_the_other(void **state)
{
	off_t first = page_at(1) - (off_t)REGION_PAGES * SLOT_BYTES;

	(void)state;
	flip(first + 7);
	vault_close(vaulted_open(&place, "right"));
	flip(first + SLOT_BYTES + 7);
	vault_close(vaulted_open(&place, "right"));
	vault_close(vaulted_open(&place, "right"));
}

static void
another_passphrase_takes_the_place_of_the_old(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);
	struct vault *none;
	uint8_t master[32];

	(void)state;
	assert_ok(db_script(db, schema));
	vaulted_key(master, "new");
	assert_ok(vault_rekey(vault, master, NULL));
	assert_ok(add(db, 1));
	db_close(db);
	vault_close(vault);
	assert_err(vaulted_try(&place, &none, "right"), CAIRN_ERR_CRYPTO);
	vault = vaulted_open(&place, "new");
	db = vaulted_db(vault);
	assert_int_equal(number(db, count), 1);
	db_close(db);
	vault_close(vault);
}

static void
two_passphrases_open_two_databases(void **state)
{
	struct vault *one = vaulted_open(&place, "right");
	struct vault *two = vaulted_make(&place, 0, "second");
	struct db *db_one = vaulted_db(one), *db_two = vaulted_db(two);

	(void)state;
	assert_ok(db_script(db_one, schema));
	assert_ok(db_script(db_two, schema));
	assert_ok(add(db_one, 3));
	assert_ok(add(db_two, 5));
	assert_int_equal(number(db_one, count), 3);
	assert_int_equal(number(db_two, count), 5);
	db_close(db_one);
	db_close(db_two);
	vault_close(one);
	vault_close(two);
	two = vaulted_open(&place, "second");
	assert_int_equal(vault_region(two), 0);
	vault_close(two);
}

static void
the_passphrase_of_the_other_region_is_refused(void **state)
{
	struct vault *one = vaulted_open(&place, "right");
	uint8_t master[32];

	(void)state;
	vault_close(vaulted_make(&place, 0, "second"));
	vaulted_key(master, "second");
	assert_err(vault_rekey(one, master, NULL), CAIRN_ERR_CONFLICT);
	vault_close(one);
	vault_close(vaulted_open(&place, "right"));
}

static uint8_t *
image(off_t from, size_t bytes)
{
	uint8_t *out = malloc(bytes);
	int fd = open(place.path, O_RDONLY);

	assert_int_equal(pread(fd, out, bytes, from), (ssize_t)bytes);
	close(fd);
	return out;
}

static void
writing_to_one_region_changes_no_byte_of_the_other(void **state)
{
	size_t half = (size_t)page_at(1) - (size_t)REGION_PAGES * SLOT_BYTES;
	uint8_t *before = image(0, half), *after;
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);
	uint8_t master[32];

	(void)state;
	assert_ok(db_script(db, schema));
	while (add(db, 100) == CAIRN_OK)
		continue;
	assert_ok(db_script(db, "UPDATE t SET text = zeroblob(1000) WHERE id < 50"));
	vaulted_key(master, "new");
	assert_ok(vault_rekey(vault, master, NULL));
	db_close(db);
	vault_close(vault);
	after = image(0, half);
	assert_memory_equal(before, after, half);
	free(before);
	free(after);
}

static void
the_file_keeps_its_size(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);
	struct stat st;

	(void)state;
	assert_ok(db_script(db, schema));
	while (add(db, 100) == CAIRN_OK)
		continue;
	db_close(db);
	vault_close(vault);
	assert_ok(stat(place.path, &st));
	assert_int_equal(st.st_size, BYTES);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
a_grant_opens_without_the_passphrase_and_changes_none(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct vault_grant grant;
	struct db *db;
	uint8_t master[32];

	(void)state;
	vault_grant(vault, &grant);
	vault_close(vault);
	assert_ok(vault_open_granted(&vault, place.path, &grant));
	db = vaulted_db(vault);
	assert_ok(db_script(db, schema));
	vaulted_key(master, "new");
	assert_err(vault_rekey(vault, master, NULL), CAIRN_ERR_STATE);
	db_close(db);
	vault_close(vault);
}

/* Adds rows from a process of its own; the number it reached is its exit code. */
static pid_t
fork_adder(unsigned rows)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct vault *vault = vaulted_open(&place, "right");
		struct db *db = vaulted_db(vault);
		unsigned done = 0;

		while (done < rows && add(db, 1) == CAIRN_OK)
			done++;
		db_close(db);
		vault_close(vault);
		_exit((int)done);
	}
	return pid;
}

static void
two_processes_write_at_once_and_both_are_kept(void **state)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);
	pid_t pids[2];
	int status;

	(void)state;
	assert_ok(db_script(db, schema));
	db_close(db);
	for (int i = 0; i < 2; i++)
		pids[i] = fork_adder(100);
	db = vaulted_db(vault);
	for (int i = 0; i < 2; i++) {
		while (waitpid(pids[i], &status, WNOHANG) == 0)
			assert_true(number(db, count) <= 200);
		assert_int_equal(WEXITSTATUS(status), 100);
	}
	assert_int_equal(number(db, count), 200);
	assert_true(vaulted_whole(db));
	db_close(db);
	vault_close(vault);
}

static void
a_region_moves_into_another_container_with_its_erasable_keys(void **state)
{
	static const struct erasure_column columns[] = {ERASURE_COLUMN("k", "key"), ERASURE_COLUMNS_END};
	uint8_t key[32] = {7}, opened[32], sealed[ERASURE_SEALED_BYTES], master[32];
	struct vault *vault = vaulted_open(&place, "right"), *moved, *none;
	struct db *db = vaulted_db(vault);
	struct erasure *erasure;
	char path[80];

	(void)state;
	snprintf(path, sizeof(path), "%s/larger", place.folder);
	assert_ok(container_create(path, 2 * BYTES, NULL, NULL));
	assert_ok(db_script(db, "CREATE TABLE k (key BLOB)"));
	assert_ok(erasure_new_vault(&erasure, db, columns, vault));
	assert_ok(erasure_rotate(erasure));
	assert_ok(db_script(db, schema));
	assert_ok(add(db, 300));
	assert_ok(db_begin(db));
	assert_ok(erasure_seal(erasure, sealed, key, "k", 1));
	assert_ok(db_end(db, CAIRN_OK));
	erasure_free(erasure);
	db_close(db);
	vaulted_key(master, "right");
	assert_ok(vault_move(&moved, vault, path, 0, master, NULL, NULL, NULL));
	assert_ok(vault_forget(vault));
	vault_close(vault);
	assert_err(vaulted_try(&place, &none, "right"), CAIRN_ERR_CRYPTO);
	db = vaulted_db(moved);
	assert_ok(erasure_new_vault(&erasure, db, columns, moved));
	assert_ok(erasure_open(erasure, opened, sealed, "k", 1));
	assert_memory_equal(opened, key, sizeof(key));
	assert_int_equal(number(db, count), 300);
	assert_true(vaulted_whole(db));
	erasure_free(erasure);
	db_close(db);
	vault_close(moved);
	unlink(path);
}

static void
what_does_not_fit_is_not_moved(void **state)
{
	struct vault *vault = vaulted_open(&place, "right"), *moved;
	struct db *db = vaulted_db(vault);
	uint8_t master[32];
	char path[80];

	(void)state;
	snprintf(path, sizeof(path), "%s/smaller", place.folder);
	assert_ok(container_create(path, CONTAINER_BYTES_LEAST, NULL, NULL));
	assert_ok(db_script(db, schema));
	assert_ok(add(db, 700));
	vaulted_key(master, "right");
	assert_err(vault_move(&moved, vault, path, 0, master, NULL, NULL, NULL), CAIRN_ERR_SPACE);
	assert_null(moved);
	assert_err(vault_open(&moved, path, master, NULL), CAIRN_ERR_CRYPTO);
	db_close(db);
	vault_close(vault);
	unlink(path);
}

static void
a_file_too_small_is_no_container(void **state)
{
	struct vault *vault;

	(void)state;
	assert_err(container_create("/tmp/cairn-too-small", CONTAINER_BYTES_LEAST - 1, NULL, NULL), CAIRN_ERR_RANGE);
	assert_ok(truncate(place.path, 8192));
	assert_err(vaulted_try(&place, &vault, "right"), CAIRN_ERR_FORMAT);
}

static void
an_existing_file_is_left_alone(void **state)
{
	(void)state;
	assert_err(container_create(place.path, BYTES, NULL, NULL), CAIRN_ERR_CONFLICT);
	vault_close(vaulted_open(&place, "right"));
}

static bool
stop_soon(void *arg, uint64_t done, uint64_t total)
{
	(void)arg;
	return done < total / 2;
}

static void
a_creation_that_is_stopped_leaves_no_file(void **state)
{
	char path[80];

	(void)state;
	snprintf(path, sizeof(path), "%s/other", place.folder);
	assert_err(container_create(path, BYTES, stop_soon, NULL), CAIRN_ERR_DENIED);
	assert_int_not_equal(access(path, F_OK), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(what_was_written_is_there_after_closing),
	    CASE(a_wrong_passphrase_opens_nothing),
	    CASE(pages_leave_room_for_nonce_and_tag),
	    CASE(a_database_without_that_room_is_refused),
	    CASE(a_full_region_says_so_and_loses_nothing),
	    CASE(a_full_region_can_be_emptied_step_by_step),
	    CASE(a_transaction_larger_than_what_is_left_is_undone),
	    CASE(vacuum_gives_room_back),
	    CASE(a_rolled_back_transaction_leaves_nothing),
	    CASE(a_savepoint_that_is_undone_keeps_what_was_before),
	    CASE(a_flipped_bit_is_found_and_named_and_costs_only_its_page),
	    CASE(a_page_in_another_s_place_is_found),
	    CASE(a_damaged_page_is_told_and_the_rest_is_read),
	    CASE(a_damaged_first_page_is_never_taken_for_an_empty_database),
	    CASE(one_damaged_header_copy_is_mended_from_the_other),
	    CASE(another_passphrase_takes_the_place_of_the_old),
	    CASE(two_passphrases_open_two_databases),
	    CASE(the_passphrase_of_the_other_region_is_refused),
	    CASE(writing_to_one_region_changes_no_byte_of_the_other),
	    CASE(the_file_keeps_its_size),
	    CASE(a_grant_opens_without_the_passphrase_and_changes_none),
	    CASE(two_processes_write_at_once_and_both_are_kept),
	    CASE(a_region_moves_into_another_container_with_its_erasable_keys),
	    CASE(what_does_not_fit_is_not_moved),
	    CASE(a_file_too_small_is_no_container),
	    CASE(an_existing_file_is_left_alone),
	    CASE(a_creation_that_is_stopped_leaves_no_file),
	};

	return RUN_TESTS(tests);
}
