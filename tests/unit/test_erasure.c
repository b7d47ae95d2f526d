// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "lib/test.h"
#include "vault/erasure.h"

/* Erasable keys on a plain database: the vault only changes where E lies. */

static const struct erasure_column columns[] = {
    ERASURE_COLUMN("epoch_key", "seed"),
    ERASURE_COLUMN("tag_key", "key"),
    ERASURE_COLUMNS_END,
};

static char folder[32], db_path[64], slot_path[64];

struct held {
	struct db *db;
	struct erasure *erasure;
};

static void
hold(struct held *h)
{
	assert_ok(db_open(&h->db, db_path, NULL));
	assert_ok(erasure_new_file(&h->erasure, h->db, columns, slot_path));
}

static void
let_go(struct held *h)
{
	erasure_free(h->erasure);
	db_close(h->db);
}

static int
set_up(void **state)
{
	struct held *h = calloc(1, sizeof(*h));

	snprintf(folder, sizeof(folder), "/tmp/cairn-erasure-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(db_path, sizeof(db_path), "%s/db", folder);
	snprintf(slot_path, sizeof(slot_path), "%s/slots", folder);
	close(open(db_path, O_CREAT | O_RDWR, 0600));
	hold(h);
	assert_ok(db_script(h->db, "CREATE TABLE epoch_key (id INTEGER PRIMARY KEY, seed BLOB);"
				   "CREATE TABLE tag_key (id INTEGER PRIMARY KEY, key BLOB)"));
	*state = h;
	return 0;
}

static int
tear_down(void **state)
{
	let_go(*state);
	free(*state);
	unlink(db_path);
	unlink(slot_path);
	rmdir(folder);
	return 0;
}

static const char put_epoch[] = "INSERT OR REPLACE INTO epoch_key VALUES (?,?)";
static const char get_epoch[] = "SELECT seed FROM epoch_key WHERE id = ?";
static const char put_tag[] = "INSERT OR REPLACE INTO tag_key VALUES (?,?)";
static const char get_tag[] = "SELECT key FROM tag_key WHERE id = ?";

/* The key of row i is its number, 32 times; its meaning is its number too. */
static void
put(struct held *h, const char *sql, uint8_t i)
{
	uint8_t key[ERASURE_KEY_BYTES], sealed[ERASURE_SEALED_BYTES];
	struct query q;

	memset(key, i, sizeof(key));
	assert_ok(db_begin(h->db));
	assert_ok(erasure_seal(h->erasure, sealed, key, &i, 1));
	q = db_query(h->db, sql);
	bind_int(&q, i);
	bind_bytes(&q, sealed, sizeof(sealed));
	assert_ok(query_run(&q));
	assert_ok(db_end(h->db, CAIRN_OK));
}

static void
raw(struct held *h, const char *sql, uint8_t i, uint8_t sealed[ERASURE_SEALED_BYTES])
{
	struct query q = db_query(h->db, sql);

	bind_int(&q, i);
	assert_true(query_row(&q));
	query_bytes(&q, 0, sealed, ERASURE_SEALED_BYTES);
	assert_ok(query_end(&q));
}

static int
get(struct held *h, const char *sql, uint8_t i)
{
	uint8_t key[ERASURE_KEY_BYTES], want[ERASURE_KEY_BYTES], sealed[ERASURE_SEALED_BYTES];
	int err;

	raw(h, sql, i, sealed);
	err = erasure_open(h->erasure, key, sealed, &i, 1);
	memset(want, err == CAIRN_OK ? i : 0, sizeof(want));
	assert_memory_equal(key, want, sizeof(key));
	return err;
}

static void
a_sealed_key_opens(void **state)
{
	struct held *h = *state;

	put(h, put_epoch, 7);
	assert_ok(get(h, get_epoch, 7));
}

static void
a_key_opens_in_its_own_row_only(void **state)
{
	struct held *h = *state;
	uint8_t key[ERASURE_KEY_BYTES], sealed[ERASURE_SEALED_BYTES];

	put(h, put_epoch, 7);
	raw(h, get_epoch, 7, sealed);
	assert_err(erasure_open(h->erasure, key, sealed, "\10", 1), CAIRN_ERR_CRYPTO);
}

static void
a_changed_byte_does_not_open(void **state)
{
	struct held *h = *state;
	uint8_t key[ERASURE_KEY_BYTES], sealed[ERASURE_SEALED_BYTES];

	put(h, put_epoch, 7);
	raw(h, get_epoch, 7, sealed);
	for (size_t i = 0; i < sizeof(sealed); i++) {
		sealed[i] ^= 1;
		assert_err(erasure_open(h->erasure, key, sealed, "\7", 1), CAIRN_ERR_CRYPTO);
		sealed[i] ^= 1;
	}
	assert_ok(erasure_open(h->erasure, key, sealed, "\7", 1));
}

static void
what_stays_opens_after_a_rotation_in_every_table(void **state)
{
	struct held *h = *state;

	for (uint8_t i = 0; i < 255; i++) {
		put(h, put_epoch, i);
		put(h, put_tag, i);
	}
	assert_ok(erasure_rotate(h->erasure));
	assert_ok(erasure_rotate(h->erasure));
	for (uint8_t i = 0; i < 255; i++) {
		assert_ok(get(h, get_epoch, i));
		assert_ok(get(h, get_tag, i));
	}
}

static void
more_rows_than_are_read_at_once_are_all_resealed(void **state)
{
	struct held *h = *state;
	const uint64_t many = 2 * ERASURE_ROWS_AT_ONCE;
	uint8_t key[ERASURE_KEY_BYTES] = {1}, out[ERASURE_KEY_BYTES], sealed[ERASURE_SEALED_BYTES];
	struct query q;

	assert_ok(db_begin(h->db));
	for (uint64_t i = 0; i < many; i++) {
		assert_ok(erasure_seal(h->erasure, sealed, key, NULL, 0));
		q = db_query(h->db, put_epoch);
		bind_int(&q, i);
		bind_bytes(&q, sealed, sizeof(sealed));
		assert_ok(query_run(&q));
	}
	assert_ok(db_end(h->db, CAIRN_OK));
	assert_ok(erasure_rotate(h->erasure));
	for (uint64_t i = 0; i < many; i++) {
		q = db_query(h->db, get_epoch);
		bind_int(&q, i);
		assert_true(query_row(&q));
		query_bytes(&q, 0, sealed, sizeof(sealed));
		assert_ok(query_end(&q));
		assert_ok(erasure_open(h->erasure, out, sealed, NULL, 0));
	}
}

static void
what_was_dropped_does_not_open_after_a_rotation(void **state)
{
	struct held *h = *state;
	uint8_t key[ERASURE_KEY_BYTES], sealed[ERASURE_SEALED_BYTES];

	put(h, put_epoch, 7);
	raw(h, get_epoch, 7, sealed);
	assert_ok(db_script(h->db, "DELETE FROM epoch_key"));
	assert_ok(erasure_open(h->erasure, key, sealed, "\7", 1));
	assert_ok(erasure_rotate(h->erasure));
	assert_err(erasure_open(h->erasure, key, sealed, "\7", 1), CAIRN_ERR_CRYPTO);
}

static void
the_file_keeps_only_the_key_in_force(void **state)
{
	struct held *h = *state;
	uint8_t before[128], after[128];
	int fd = open(slot_path, O_RDONLY);
	ssize_t size = pread(fd, before, sizeof(before), 0);

	assert_int_equal(size, 112);
	assert_ok(erasure_rotate(h->erasure));
	assert_int_equal(pread(fd, after, sizeof(after), 0), size);
	close(fd);
	/* the first slot: generation and key */
	assert_false(sodium_is_zero(before + 40, 32));
	assert_true(sodium_is_zero(after + 32, 40));
	assert_null(memmem(after, (size_t)size, before + 40, 32));
}

static void
keys_open_again_after_everything_was_closed(void **state)
{
	struct held *h = *state;

	put(h, put_epoch, 7);
	assert_ok(erasure_rotate(h->erasure));
	let_go(h);
	hold(h);
	assert_ok(get(h, get_epoch, 7));
}

static void
another_process_that_rotated_is_noticed(void **state)
{
	struct held *h = *state;
	struct held other;

	put(h, put_epoch, 7);
	hold(&other);
	assert_ok(get(&other, get_epoch, 7));
	assert_ok(erasure_rotate(other.erasure));
	assert_ok(get(h, get_epoch, 7));
	assert_ok(erasure_rotate(other.erasure));
	put(h, put_epoch, 8); /* under the newest, which this one has not seen */
	assert_ok(get(&other, get_epoch, 8));
	assert_ok(erasure_rotate(h->erasure));
	assert_ok(get(&other, get_epoch, 7));
	let_go(&other);
}

static void
sealing_wants_a_transaction_and_rotating_none(void **state)
{
	struct held *h = *state;
	uint8_t key[ERASURE_KEY_BYTES] = {0}, sealed[ERASURE_SEALED_BYTES];

	assert_err(erasure_seal(h->erasure, sealed, key, NULL, 0), CAIRN_ERR_STATE);
	assert_ok(db_begin(h->db));
	assert_err(erasure_rotate(h->erasure), CAIRN_ERR_STATE);
	assert_ok(db_end(h->db, CAIRN_OK));
}

static void
a_database_whose_key_is_gone_is_refused(void **state)
{
	struct held *h = *state;

	let_go(h);
	unlink(slot_path);
	assert_ok(db_open(&h->db, db_path, NULL));
	assert_err(erasure_new_file(&h->erasure, h->db, columns, slot_path), CAIRN_ERR_CRYPTO);
	assert_null(h->erasure);
}

static void
what_is_owed_is_settled_once_also_after_a_restart(void **state)
{
	struct held *h = *state;
	uint8_t key[ERASURE_KEY_BYTES], sealed[ERASURE_SEALED_BYTES];

	put(h, put_epoch, 7);
	raw(h, get_epoch, 7, sealed);
	assert_ok(erasure_settle(h->erasure)); /* nothing is owed */
	assert_ok(erasure_open(h->erasure, key, sealed, "\7", 1));
	assert_ok(db_begin(h->db));
	assert_ok(db_script(h->db, "DELETE FROM epoch_key"));
	assert_ok(erasure_owe(erasure_of(h->db)));
	assert_ok(db_end(h->db, CAIRN_OK));
	let_go(h);
	hold(h);
	assert_ok(erasure_open(h->erasure, key, sealed, "\7", 1));
	assert_ok(erasure_settle(h->erasure));
	assert_err(erasure_open(h->erasure, key, sealed, "\7", 1), CAIRN_ERR_CRYPTO);
	put(h, put_epoch, 8);
	raw(h, get_epoch, 8, sealed);
	assert_ok(erasure_settle(h->erasure));
	assert_ok(erasure_open(h->erasure, key, sealed, "\10", 1));
}

static void
memory_serves_as_a_place_too(void **state)
{
	struct held *h = *state;
	struct held other = {NULL, NULL};
	char path[64];

	(void)h;
	snprintf(path, sizeof(path), "%s/db2", folder);
	close(open(path, O_CREAT | O_RDWR, 0600));
	assert_ok(db_open(&other.db, path, NULL));
	assert_ok(db_script(other.db, "CREATE TABLE epoch_key (id INTEGER PRIMARY KEY, seed BLOB);"
				      "CREATE TABLE tag_key (id INTEGER PRIMARY KEY, key BLOB)"));
	assert_ok(erasure_new_memory(&other.erasure, other.db, columns));
	put(&other, put_epoch, 9);
	assert_ok(erasure_rotate(other.erasure));
	assert_ok(get(&other, get_epoch, 9));
	let_go(&other);
	unlink(path);
}

/* A place that keeps both keys in memory, and cannot overwrite one the first time. */
struct stubborn {
	uint64_t generations[2];
	uint8_t keys[2][ERASURE_KEY_BYTES];
	bool wiped_before;
};

static int
stubborn_read(void *arg, unsigned slot, uint64_t *ret_generation, uint8_t key[ERASURE_KEY_BYTES])
{
	struct stubborn *s = arg;

	*ret_generation = s->generations[slot];
	memcpy(key, s->keys[slot], ERASURE_KEY_BYTES);
	return s->generations[slot] == 0 ? CAIRN_ERR_UNKNOWN : CAIRN_OK;
}

static int
stubborn_write(void *arg, unsigned slot, uint64_t generation, const uint8_t key[ERASURE_KEY_BYTES])
{
	struct stubborn *s = arg;

	s->generations[slot] = generation;
	memcpy(s->keys[slot], key, ERASURE_KEY_BYTES);
	return CAIRN_OK;
}

static int
stubborn_wipe(void *arg, unsigned slot)
{
	struct stubborn *s = arg;

	if (!s->wiped_before) {
		s->wiped_before = true;
		return CAIRN_ERR_IO;
	}
	s->generations[slot] = 0;
	sodium_memzero(s->keys[slot], ERASURE_KEY_BYTES);
	return CAIRN_OK;
}

static int
stubborn_lock(void *arg)
{
	(void)arg;
	return CAIRN_OK;
}

static void
stubborn_nothing(void *arg)
{
	(void)arg;
}

static void
what_could_not_be_overwritten_is_when_it_is_settled_again(void **state)
{
	static const struct erasure_place place = {
	    stubborn_read, stubborn_write, stubborn_wipe, stubborn_lock, stubborn_nothing, stubborn_nothing};
	static const uint8_t binding_key[ERASURE_KEY_BYTES] = {1};
	struct stubborn s = {{0}, {{0}}, false};
	uint8_t first[ERASURE_KEY_BYTES];
	struct held h;

	(void)state;
	assert_ok(db_open(&h.db, ":memory:", NULL));
	assert_ok(db_script(h.db, "CREATE TABLE epoch_key (id INTEGER PRIMARY KEY, seed BLOB);"
				  "CREATE TABLE tag_key (id INTEGER PRIMARY KEY, key BLOB)"));
	assert_ok(erasure_new(&h.erasure, h.db, columns, &place, &s, binding_key));
	put(&h, put_epoch, 1);
	memcpy(first, s.keys[0], sizeof(first));
	assert_ok(erasure_owe(h.erasure));
	assert_err(erasure_settle(h.erasure), CAIRN_ERR_IO);
	assert_ok(erasure_settle(h.erasure));
	assert_memory_not_equal(first, s.keys[0], sizeof(first));
	assert_int_not_equal(s.generations[0] == 0, s.generations[1] == 0);
	assert_ok(get(&h, get_epoch, 1));
	let_go(&h);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_sealed_key_opens),
	    CASE(a_key_opens_in_its_own_row_only),
	    CASE(a_changed_byte_does_not_open),
	    CASE(what_stays_opens_after_a_rotation_in_every_table),
	    CASE(more_rows_than_are_read_at_once_are_all_resealed),
	    CASE(what_was_dropped_does_not_open_after_a_rotation),
	    CASE(the_file_keeps_only_the_key_in_force),
	    CASE(keys_open_again_after_everything_was_closed),
	    CASE(another_process_that_rotated_is_noticed),
	    CASE(sealing_wants_a_transaction_and_rotating_none),
	    CASE(a_database_whose_key_is_gone_is_refused),
	    CASE(what_is_owed_is_settled_once_also_after_a_restart),
	    CASE(what_could_not_be_overwritten_is_when_it_is_settled_again),
	    CASE(memory_serves_as_a_place_too),
	};

	assert_true(sodium_init() >= 0);
	return RUN_TESTS(tests);
}
