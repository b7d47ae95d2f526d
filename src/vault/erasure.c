// SPDX-License-Identifier: GPL-3.0-or-later
#include "vault/erasure.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define BOX_BYTES (ERASURE_SEALED_BYTES - NONCE_BYTES)
#define SLOTS 2U

_Static_assert(BOX_BYTES == ERASURE_KEY_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES, "sealed key");

static const char schema[] = "CREATE TABLE IF NOT EXISTS erasure (id INTEGER PRIMARY KEY CHECK (id = 1),"
			     " generation INTEGER NOT NULL, owed INTEGER NOT NULL)";
static const char sql_get[] = "SELECT generation FROM erasure";
static const char sql_put[] = "INSERT OR REPLACE INTO erasure VALUES (1,?,0)";
static const char sql_owe[] = "UPDATE erasure SET owed = 1";
static const char sql_owed[] = "SELECT owed FROM erasure";

struct erasure {
	struct db *db;
	const struct erasure_place *place;
	void *arg;
	uint64_t generation; /* of key; 0 while none is known */
	bool unwiped;        /* the key before it could not be overwritten */
	uint8_t key[ERASURE_KEY_BYTES];
	uint8_t binding_key[ERASURE_KEY_BYTES];
	const struct erasure_column *columns;
};

static int
generation_get(struct erasure *e, uint64_t *ret)
{
	struct query q = db_query(e->db, sql_get);

	return query_number(&q, ret);
}

static int
generation_put(struct erasure *e, uint64_t generation)
{
	struct query q = db_query(e->db, sql_put);

	bind_int(&q, generation);
	return query_run(&q);
}

/* The key of a generation, and the slot that it is in. CAIRN_ERR_CRYPTO: in none. */
static int
key_find(struct erasure *e, uint64_t generation, uint8_t key[ERASURE_KEY_BYTES], unsigned *ret_slot)
{
	uint64_t found;

	for (unsigned slot = 0; slot < SLOTS; slot++) {
		int err = e->place->read(e->arg, slot, &found, key);

		if (err == CAIRN_OK && found == generation) {
			*ret_slot = slot;
			return CAIRN_OK;
		}
		sodium_memzero(key, ERASURE_KEY_BYTES);
		if (err != CAIRN_OK && err != CAIRN_ERR_UNKNOWN)
			return err;
	}
	return CAIRN_ERR_CRYPTO;
}

/* Another process may have rotated: the generation in the database says which key is in force. */
static int
key_now(struct erasure *e)
{
	uint64_t generation;
	unsigned slot;
	int err = generation_get(e, &generation);

	if (err != CAIRN_OK || generation == e->generation)
		return err;
	e->generation = 0;
	err = key_find(e, generation, e->key, &slot);
	if (err == CAIRN_OK)
		e->generation = generation;
	return err;
}

static void
stream(uint8_t box[BOX_BYTES], const uint8_t nonce[NONCE_BYTES], const uint8_t key[ERASURE_KEY_BYTES])
{
	crypto_stream_xchacha20_xor(box, box, BOX_BYTES, nonce, key);
}

int
erasure_seal(struct erasure *e, uint8_t out[ERASURE_SEALED_BYTES], const uint8_t key[ERASURE_KEY_BYTES],
    const void *aad, size_t aad_bytes)
{
	int err = db_within(e->db) ? key_now(e) : CAIRN_ERR_STATE;

	if (err != CAIRN_OK)
		return err;
	randombytes_buf(out, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE_BYTES, NULL, key, ERASURE_KEY_BYTES, aad, aad_bytes,
	    NULL, out, e->binding_key);
	stream(out + NONCE_BYTES, out, e->key);
	return CAIRN_OK;
}

static bool
try_open(const struct erasure *e, uint8_t key[ERASURE_KEY_BYTES], const uint8_t sealed[ERASURE_SEALED_BYTES],
    const void *aad, size_t aad_bytes)
{
	uint8_t box[BOX_BYTES];
	bool ok;

	if (e->generation == 0)
		return false;
	memcpy(box, sealed + NONCE_BYTES, sizeof(box));
	stream(box, sealed, e->key);
	ok = crypto_aead_xchacha20poly1305_ietf_decrypt(key, NULL, NULL, box, sizeof(box), aad, aad_bytes, sealed,
		 e->binding_key) == 0;
	sodium_memzero(box, sizeof(box));
	return ok;
}

int
erasure_open(struct erasure *e, uint8_t key[ERASURE_KEY_BYTES], const uint8_t sealed[ERASURE_SEALED_BYTES],
    const void *aad, size_t aad_bytes)
{
	int err;

	if (try_open(e, key, sealed, aad, aad_bytes))
		return CAIRN_OK;
	err = key_now(e);
	if (err == CAIRN_OK && try_open(e, key, sealed, aad, aad_bytes))
		return CAIRN_OK;
	sodium_memzero(key, ERASURE_KEY_BYTES);
	return err == CAIRN_OK ? CAIRN_ERR_CRYPTO : err;
}

struct row {
	uint64_t id;
	uint8_t sealed[ERASURE_SEALED_BYTES];
};

static int
rows_next(struct erasure *e, const struct erasure_column *column, uint64_t from,
    struct row rows[ERASURE_ROWS_AT_ONCE], size_t *count)
{
	struct query q = db_query(e->db, column->next);

	*count = 0;
	bind_int(&q, from);
	while (*count < ERASURE_ROWS_AT_ONCE && query_row(&q)) {
		rows[*count].id = query_int(&q, 0);
		query_bytes(&q, 1, rows[*count].sealed, ERASURE_SEALED_BYTES);
		(*count)++;
	}
	return query_end(&q);
}

static int
row_put(struct erasure *e, const struct erasure_column *column, const struct row *row)
{
	struct query q = db_query(e->db, column->put);

	bind_bytes(&q, row->sealed, sizeof(row->sealed));
	bind_int(&q, row->id);
	return query_run(&q);
}

/* Only the outer layer changes: the stream of E comes off, that of E' on. */
static int
reseal_column(struct erasure *e, const struct erasure_column *column, const uint8_t next[ERASURE_KEY_BYTES])
{
	struct row *rows = calloc(ERASURE_ROWS_AT_ONCE, sizeof(*rows));
	size_t count = ERASURE_ROWS_AT_ONCE;
	uint64_t from = 0;
	int err = rows == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;

	while (err == CAIRN_OK && count == ERASURE_ROWS_AT_ONCE) {
		err = rows_next(e, column, from, rows, &count);
		for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
			stream(rows[i].sealed + NONCE_BYTES, rows[i].sealed, e->key);
			stream(rows[i].sealed + NONCE_BYTES, rows[i].sealed, next);
			err = row_put(e, column, &rows[i]);
			from = rows[i].id + 1;
		}
	}
	if (rows != NULL)
		sodium_memzero(rows, ERASURE_ROWS_AT_ONCE * sizeof(*rows));
	free(rows);
	return err;
}

static int
reseal_all(struct erasure *e, const uint8_t next[ERASURE_KEY_BYTES])
{
	int err = CAIRN_OK;

	for (const struct erasure_column *c = e->columns; c->next != NULL && err == CAIRN_OK; c++)
		err = reseal_column(e, c, next);
	return err == CAIRN_OK ? generation_put(e, e->generation + 1) : err;
}

/* The order is section 11's: E' durable, then the rows with their generation, then E overwritten. */
static int
rotate_to(struct erasure *e, const uint8_t next[ERASURE_KEY_BYTES])
{
	unsigned slot;
	int err = db_begin(e->db);

	if (err != CAIRN_OK)
		return err;
	err = key_now(e);
	if (err == CAIRN_OK)
		err = key_find(e, e->generation, e->key, &slot);
	if (err == CAIRN_OK)
		err = e->place->write(e->arg, 1 - slot, e->generation + 1, next);
	if (err == CAIRN_OK)
		err = reseal_all(e, next);
	err = db_end(e->db, err);
	if (err != CAIRN_OK)
		return err;
	memcpy(e->key, next, sizeof(e->key));
	e->generation++;
	err = e->place->wipe(e->arg, slot);
	e->unwiped = err != CAIRN_OK;
	return err;
}

int
erasure_rotate(struct erasure *e)
{
	uint8_t next[ERASURE_KEY_BYTES];
	int err = db_within(e->db) ? CAIRN_ERR_STATE : e->place->lock(e->arg);

	if (err != CAIRN_OK)
		return err;
	randombytes_buf(next, sizeof(next));
	err = rotate_to(e, next);
	e->place->unlock(e->arg);
	sodium_memzero(next, sizeof(next));
	return err;
}

/* A new database gets its first E; of another, the slot that is not in force is overwritten where it holds a key. */
static int
begin_in(struct erasure *e)
{
	uint8_t spare[ERASURE_KEY_BYTES];
	uint64_t generation;
	unsigned slot = 0;
	int err = generation_get(e, &generation);

	if (err == CAIRN_OK && generation == 0) {
		randombytes_buf(e->key, sizeof(e->key));
		e->generation = 1;
		err = e->place->write(e->arg, 0, 1, e->key);
		return err == CAIRN_OK ? generation_put(e, 1) : err;
	}
	if (err == CAIRN_OK)
		err = key_find(e, generation, e->key, &slot);
	if (err != CAIRN_OK)
		return err;
	e->generation = generation;
	err = e->place->read(e->arg, 1 - slot, &generation, spare);
	sodium_memzero(spare, sizeof(spare));
	if (err == CAIRN_ERR_UNKNOWN)
		return CAIRN_OK;
	return err == CAIRN_OK ? e->place->wipe(e->arg, 1 - slot) : err;
}

/* Under the lock and in a transaction: nobody else rotates meanwhile. */
static int
begin(struct erasure *e)
{
	int err = e->place->lock(e->arg);

	if (err != CAIRN_OK)
		return err;
	err = db_begin(e->db);
	if (err == CAIRN_OK) {
		err = db_script(e->db, schema);
		if (err == CAIRN_OK)
			err = begin_in(e);
		err = db_end(e->db, err);
	}
	e->place->unlock(e->arg);
	return err;
}

int
erasure_new(struct erasure **ret, struct db *db, const struct erasure_column *columns,
    const struct erasure_place *place, void *arg, const uint8_t binding_key[ERASURE_KEY_BYTES])
{
	struct erasure *e = sodium_malloc(sizeof(*e));
	int err;

	*ret = NULL;
	if (e == NULL) {
		place->free(arg);
		return CAIRN_ERR_NOMEM;
	}
	*e = (struct erasure){.db = db, .place = place, .arg = arg, .columns = columns};
	memcpy(e->binding_key, binding_key, sizeof(e->binding_key));
	err = begin(e);
	if (err != CAIRN_OK) {
		erasure_free(e);
		return err;
	}
	db_put_beside(db, e);
	*ret = e;
	return CAIRN_OK;
}

struct erasure *
erasure_of(const struct db *db)
{
	struct erasure *e = db_beside(db);

	if (e == NULL)
		abort();
	return e;
}

int
erasure_leave(struct db *db, const struct erasure_column *columns)
{
	int err = CAIRN_OK;

	for (const struct erasure_column *c = columns; c->next != NULL && err == CAIRN_OK; c++)
		err = db_script(db, c->blank) == CAIRN_OK ? CAIRN_OK : db_script(db, c->drop);
	return err == CAIRN_OK ? db_script(db, "DROP TABLE IF EXISTS erasure") : err;
}

int
erasure_owe(struct erasure *e)
{
	struct query q = db_query(e->db, sql_owe);

	return query_run(&q);
}

int
erasure_settle(struct erasure *e)
{
	struct query q = db_query(e->db, sql_owed);
	uint64_t owed;
	int err = query_number(&q, &owed);

	return err == CAIRN_OK && (owed != 0 || e->unwiped) ? erasure_rotate(e) : err;
}

void
erasure_free(struct erasure *e)
{
	if (e == NULL)
		return;
	if (db_beside(e->db) == e)
		db_put_beside(e->db, NULL);
	e->place->free(e->arg);
	sodium_free(e);
}
