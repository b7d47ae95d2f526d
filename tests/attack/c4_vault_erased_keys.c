// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <string.h>

#include "lib/vaulted.h"
#include "vault/inside.h"

/*
 * C4, at rest: what a desk has erased is gone for somebody who has the vault, its passphrase and every key in it. He
 * opens every slot of the region that opens, old pages and journals too, takes every key of erasure that is left, and
 * tries each on every sealed row that he finds anywhere.
 */

#define BYTES ((uint64_t)2 << 20)
#define ROWS 40

static struct vaulted place;
static const struct erasure_column columns[] = {ERASURE_COLUMN("k", "key"), ERASURE_COLUMNS_END};
static uint8_t keys[ROWS][ERASURE_KEY_BYTES];

static int
set_up(void **state)
{
	(void)state;
	vaulted_init(&place, BYTES);
	vault_close(vaulted_make(&place, 0, "right"));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	vaulted_release(&place);
	return 0;
}

static void
put(struct db *db, struct erasure *erasure, uint8_t row)
{
	uint8_t sealed[ERASURE_SEALED_BYTES];
	struct query q;

	randombytes_buf(keys[row], sizeof(keys[row]));
	assert_ok(erasure_seal(erasure, sealed, keys[row], &row, 1));
	q = db_query(db, "INSERT OR REPLACE INTO k VALUES (?,?)");
	bind_int(&q, row);
	bind_bytes(&q, sealed, sizeof(sealed));
	assert_ok(query_run(&q));
}

/* --- the adversary --- */

struct loot {
	struct vault *vault;
	uint8_t *image; /* every slot of the region, opened where it opens */
	size_t bytes;
	uint8_t erasure[8][ERASURE_KEY_BYTES];
	size_t erasure_count;
	uint8_t binding[ERASURE_KEY_BYTES];
};

/* A slot under every name that it may have, and every key that there is. */
static void
open_slot(struct loot *l, uint32_t slot, uint8_t *bytes, const uint8_t *journal_key)
{
	const struct vault *v = l->vault;
	uint32_t last = v->container.region_slots - 1;

	if (slot >= REGION_ERASURE && slot < REGION_PAGES &&
	    slot_open(bytes, v->data_key, vault_slot(v, SLOT_ERASURE, slot)))
		memcpy(l->erasure[l->erasure_count++], bytes + 9, ERASURE_KEY_BYTES);
	else if (slot >= REGION_PAGES &&
	    !slot_open(bytes, v->data_key, vault_slot(v, SLOT_DATABASE, slot - REGION_PAGES + 1)) &&
	    !slot_open(bytes, v->data_key, vault_slot(v, SLOT_JOURNAL, last - slot)) && journal_key != NULL &&
	    !slot_open(bytes, journal_key, vault_slot(v, SLOT_JOURNAL, last - slot)))
		return;
}

static void
take(struct loot *l)
{
	uint32_t slots;
	uint8_t *head;

	memset(l, 0, sizeof(*l));
	l->vault = vaulted_open(&place, "right");
	slots = l->vault->container.region_slots;
	l->bytes = (size_t)slots * SLOT_BYTES;
	l->image = malloc(l->bytes);
	assert_ok(container_read(&l->vault->container, l->image, l->vault->region, 0, slots));
	cairn_derive(l->binding, l->vault->data_key, "erasable", NULL, 0);
	head = l->image + (size_t)(slots - 1) * SLOT_BYTES;
	open_slot(l, slots - 1, head, NULL);
	for (uint32_t slot = 0; slot < slots - 1; slot++)
		open_slot(l, slot, l->image + (size_t)slot * SLOT_BYTES, head + 2);
}

static void
drop(struct loot *l)
{
	free(l->image);
	vault_close(l->vault);
}

/* Is there any place in what he has from which this row's key comes? */
static bool
recovers(const struct loot *l, uint8_t row)
{
	uint8_t box[48], key[ERASURE_KEY_BYTES];

	for (size_t at = 0; at + ERASURE_SEALED_BYTES <= l->bytes; at++) {
		if (at + 32 <= l->bytes && memcmp(l->image + at, keys[row], 32) == 0)
			return true;
		for (size_t e = 0; e < l->erasure_count; e++) {
			crypto_stream_xchacha20_xor(box, l->image + at + 24, sizeof(box), l->image + at,
			    l->erasure[e]);
			if (crypto_aead_xchacha20poly1305_ietf_decrypt(key, NULL, NULL, box, sizeof(box), &row, 1,
				l->image + at, l->binding) == 0)
				return memcmp(key, keys[row], sizeof(key)) == 0;
		}
	}
	return false;
}

/* --- a desk that lives for a while --- */

static void
live(bool rotates)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct db *db = vaulted_db(vault);
	struct erasure *erasure;

	assert_ok(erasure_new_vault(&erasure, db, columns, vault));
	assert_ok(db_script(db, "CREATE TABLE k (id INTEGER PRIMARY KEY, key BLOB); PRAGMA secure_delete = OFF"));
	assert_ok(db_begin(db));
	for (uint8_t row = 0; row < ROWS; row++)
		put(db, erasure, row);
	assert_ok(db_end(db, CAIRN_OK));
	assert_ok(db_begin(db));
	assert_ok(db_script(db, "DELETE FROM k WHERE id % 4 = 1"));
	assert_ok(erasure_owe(erasure));
	assert_ok(db_end(db, CAIRN_OK));
	if (rotates)
		assert_ok(erasure_settle(erasure));
	erasure_free(erasure);
	db_close(db);
	vault_close(vault);
}

static void
a_dropped_key_cannot_be_recovered_with_everything_that_is_left(void **state)
{
	struct loot loot;

	(void)state;
	live(true);
	take(&loot);
	assert_int_equal(loot.erasure_count, 2); /* one key, in its two copies */
	for (uint8_t row = 1; row < 6; row += 4)
		assert_false(recovers(&loot, row));
	assert_true(recovers(&loot, 0)); /* he does find what is there to be found */
	drop(&loot);
}

/* The search is worth something: before the rotation it finds what was deleted. */
static void
before_the_rotation_a_dropped_key_is_found(void **state)
{
	struct loot loot;

	(void)state;
	live(false);
	take(&loot);
	assert_true(recovers(&loot, 1));
	drop(&loot);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_dropped_key_cannot_be_recovered_with_everything_that_is_left, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(before_the_rotation_a_dropped_key_is_found, set_up, tear_down),
	};

	return RUN_TESTS(tests);
}
