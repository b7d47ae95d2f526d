// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/powercut.h"
#include "lib/vaulted.h"
#include "vault/slot.h"

/*
 * Erasing is broken off at its N-th write or flush, for N = 1, 2, 3, ... until it gets through. After that every key
 * that stays opens, and once the vault has been opened and settled again, what was dropped does not.
 */

#define BYTES ((uint64_t)2 << 20)
#define ROWS 30

static struct vaulted place;
static uint8_t *pristine;
static uint8_t dropped[ERASURE_SEALED_BYTES];
static const struct erasure_column columns[] = {ERASURE_COLUMN("k", "key"), ERASURE_COLUMNS_END};

struct open {
	struct vault *vault;
	struct db *db;
	struct erasure *erasure;
};

static int
try_open(struct open *o)
{
	int err;

	memset(o, 0, sizeof(*o));
	err = vaulted_try(&place, &o->vault, "right");
	if (err == CAIRN_OK)
		err = db_open(&o->db, VAULT_DATABASE, vault_vfs(o->vault));
	if (err == CAIRN_OK)
		err = erasure_new_vault(&o->erasure, o->db, columns, o->vault);
	return err;
}

static void
shut(struct open *o)
{
	erasure_free(o->erasure);
	db_close(o->db);
	vault_close(o->vault);
}

static void
key_of(uint8_t key[ERASURE_KEY_BYTES], uint8_t row)
{
	memset(key, row + 1, ERASURE_KEY_BYTES);
}

static void
put(struct open *o, uint8_t row)
{
	uint8_t key[ERASURE_KEY_BYTES], sealed[ERASURE_SEALED_BYTES];
	struct query q;

	key_of(key, row);
	assert_ok(erasure_seal(o->erasure, sealed, key, &row, 1));
	if (row == 0)
		memcpy(dropped, sealed, sizeof(dropped));
	q = db_query(o->db, "INSERT INTO k VALUES (?,?)");
	bind_int(&q, row);
	bind_bytes(&q, sealed, sizeof(sealed));
	assert_ok(query_run(&q));
}

static int
set_up(void **state)
{
	struct open o;
	int fd;

	(void)state;
	vaulted_init(&place, BYTES);
	vault_close(vaulted_make(&place, 1, "right"));
	assert_ok(try_open(&o));
	assert_ok(db_script(o.db, "CREATE TABLE k (id INTEGER PRIMARY KEY, key BLOB)"));
	assert_ok(db_begin(o.db));
	for (uint8_t row = 0; row < ROWS; row++)
		put(&o, row);
	assert_ok(db_script(o.db, "DELETE FROM k WHERE id = 0"));
	assert_ok(erasure_owe(o.erasure));
	assert_ok(db_end(o.db, CAIRN_OK));
	shut(&o);
	pristine = malloc(BYTES);
	fd = open(place.path, O_RDONLY);
	assert_int_equal(pread(fd, pristine, BYTES, 0), (ssize_t)BYTES);
	close(fd);
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

static void
all_live_keys_open(struct open *o)
{
	uint8_t key[ERASURE_KEY_BYTES], want[ERASURE_KEY_BYTES], sealed[ERASURE_SEALED_BYTES];
	struct query q = db_query(o->db, "SELECT id, key FROM k ORDER BY id");
	uint8_t rows = 0;

	while (query_row(&q)) {
		uint8_t row = (uint8_t)query_int(&q, 0);

		query_bytes(&q, 1, sealed, sizeof(sealed));
		assert_ok(erasure_open(o->erasure, key, sealed, &row, 1));
		key_of(want, row);
		assert_memory_equal(key, want, sizeof(key));
		rows++;
	}
	assert_ok(query_end(&q));
	assert_int_equal(rows, ROWS - 1);
}

/* Of the key that was in force before, whether a rotation was broken off or not, nothing is left on the disk. */
static void
one_place_holds_a_key(const struct open *o)
{
	struct container container;
	struct vault_grant grant;
	unsigned holding = 0;

	vault_grant(o->vault, &grant);
	assert_ok(container_open(&container, place.path));
	for (uint32_t slot = REGION_ERASURE; slot < REGION_ERASURE + 4; slot += 2) {
		uint8_t copies[2][SLOT_BYTES];
		bool there[2];

		assert_ok(container_read(&container, copies, grant.region, slot, 2));
		for (uint32_t i = 0; i < 2; i++)
			there[i] = slot_open(copies[i], grant.data_key,
			    (struct slot_name){grant.region, SLOT_ERASURE, slot + i});
		holding += there[0] || there[1];
	}
	container_close(&container);
	assert_int_equal(holding, 1);
}

static bool
run(unsigned long k)
{
	uint8_t key[ERASURE_KEY_BYTES], row = 0;
	int fd = open(place.path, O_WRONLY), err;
	struct open o;
	bool struck;

	assert_int_equal(pwrite(fd, pristine, BYTES, 0), (ssize_t)BYTES);
	close(fd);
	powercut_arm(k);
	err = try_open(&o);
	if (err == CAIRN_OK)
		err = erasure_settle(o.erasure);
	shut(&o);
	struck = powercut_mend();
	assert_true(struck || err == CAIRN_OK);
	assert_ok(try_open(&o));
	all_live_keys_open(&o);
	assert_ok(erasure_settle(o.erasure));
	assert_err(erasure_open(o.erasure, key, dropped, &row, 1), CAIRN_ERR_CRYPTO);
	one_place_holds_a_key(&o);
	all_live_keys_open(&o);
	shut(&o);
	return struck;
}

static void
erasing_may_be_broken_off_at_any_write_or_flush(void **state)
{
	unsigned long k = 1;

	(void)state;
	while (run(k)) {
		for (int i = 0; i < 10; i++)
			run(k);
		k++;
	}
	assert_true(k > 10);
}

/* Where the power goes after all was said to be done: what was not flushed is lost. */
static void
one_flush_more(void)
{
	int fd = open(place.path, O_WRONLY);

	(void)fdatasync(fd);
	close(fd);
}

/* The header of another passphrase is written in two steps: one of both opens after each, the new one at the end. */
static void
changing_the_passphrase_may_be_broken_off_anywhere(void **state)
{
	bool struck = true;

	(void)state;
	for (unsigned long k = 1; struck; k++) {
		struct vault *vault = vaulted_open(&place, "right"), *old, *other;
		uint8_t master[32];
		int err, done;

		vaulted_key(master, "new");
		powercut_arm(k);
		done = vault_rekey(vault, master, NULL);
		if (done == CAIRN_OK)
			one_flush_more();
		vault_close(vault);
		struck = powercut_mend();
		assert_true(struck || done == CAIRN_OK);
		err = vaulted_try(&place, &old, "right");
		assert_int_equal(vaulted_try(&place, &other, "new") == CAIRN_OK, err != CAIRN_OK);
		if (done == CAIRN_OK)
			assert_int_equal(err, CAIRN_ERR_CRYPTO);
		if (err != CAIRN_OK) {
			vaulted_key(master, "right");
			assert_ok(vault_rekey(other, master, NULL));
		}
		vault_close(old);
		vault_close(other);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(erasing_may_be_broken_off_at_any_write_or_flush, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(changing_the_passphrase_may_be_broken_off_anywhere, set_up, tear_down),
	};

	return RUN_TESTS(tests);
}
