// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/backup.h"

#include <string.h>

#include <sodium.h>

#include "carry/feed.h"
#include "desk/desk.h"

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define KEYS_BYTES 96U
#define SEALED_BYTES (NONCE_BYTES + KEYS_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES)

static const char tables[] =
    "CREATE TABLE backup (id INTEGER PRIMARY KEY CHECK (id = 1), check_key BLOB NOT NULL, sealed BLOB NOT NULL);";
/*
 * The words of conversations and cases are sealed under keys that do not go with them: they would only be in the way.
 * A file that was not fetched yet cannot be any more (3, missing); one that was is kept (2). What was not sent must
 * not be sent again by another life of the device: it may have arrived since, and what stands there later would be
 * undone.
 */
static const char blank[] =
    "DELETE FROM log; DELETE FROM outbox; DELETE FROM posting; DELETE FROM leaving;"
    "UPDATE conversation SET compartment = NULL WHERE said = 0;"
    /* who publishes after a restore makes a new key, and reads the board from the relay */
    "DELETE FROM board; DELETE FROM board_edge; DELETE FROM board_day; DELETE FROM board_tag;"
    "UPDATE file SET state = CASE state WHEN 0 THEN 3 ELSE 2 END WHERE state < 2;"
    "DELETE FROM message; DELETE FROM reply; UPDATE conversation SET unread = 0, waits_since = 0;"
    "UPDATE self SET sign_secret = zeroblob(64), xwing_seed = zeroblob(32), board_secret = zeroblob(64)";
static const char keep[] = "INSERT INTO backup VALUES (1,?,?)";
static const char get[] = "SELECT check_key, sealed FROM backup";
static const char put_keys[] = "UPDATE self SET sign_secret = ?, xwing_seed = ?";
static const char done[] = "DROP TABLE backup";
static const char count[] = "SELECT count(*) FROM sqlite_schema WHERE name = 'backup'";
static const char devices[] = "SELECT count(*) FROM device WHERE listed > 0";

/* The device's own keys, in the order in which they are sealed. Secret. */
struct keys {
	uint8_t sign_secret[64];
	uint8_t xwing_seed[32];
};
_Static_assert(sizeof(struct keys) == KEYS_BYTES, "keys");

/* What shares_join() compares: the public key of a signing key whose seed this is. It is used for nothing else. */
static void
check_key_of(uint8_t out[32], const uint8_t seed[SHARE_SEED_BYTES])
{
	uint8_t secret[64];

	crypto_sign_seed_keypair(out, secret, seed);
	sodium_memzero(secret, sizeof(secret));
}

static void
seal(uint8_t out[SEALED_BYTES], const struct desk_self *self, const uint8_t seed[SHARE_SEED_BYTES])
{
	struct keys keys;

	memcpy(keys.sign_secret, self->sign_secret, sizeof(keys.sign_secret));
	memcpy(keys.xwing_seed, self->xwing_seed, sizeof(keys.xwing_seed));
	randombytes_buf(out, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE_BYTES, NULL, (const uint8_t *)&keys, sizeof(keys),
	    self->desk_id, sizeof(self->desk_id), NULL, out, seed);
	sodium_memzero(&keys, sizeof(keys));
}

static int
keep_keys(struct db *copy, const struct desk_self *self, const uint8_t seed[SHARE_SEED_BYTES])
{
	uint8_t sealed[SEALED_BYTES], check_key[32];
	struct query q;

	seal(sealed, self, seed);
	check_key_of(check_key, seed);
	q = db_query(copy, keep);
	bind_bytes(&q, check_key, sizeof(check_key));
	bind_bytes(&q, sealed, sizeof(sealed));
	return query_run(&q);
}

static int
strip_within(struct db *copy, const struct erasure_column *sealed, const struct desk_self *self,
    const uint8_t seed[SHARE_SEED_BYTES])
{
	int err = db_script(copy, tables);

	if (err == CAIRN_OK)
		err = keep_keys(copy, self, seed);
	if (err == CAIRN_OK)
		err = erasure_leave(copy, sealed);
	return err == CAIRN_OK ? db_script(copy, blank) : err;
}

int
backup_strip(struct db *copy, const struct erasure_column *sealed, struct share shares[SHARES])
{
	struct desk_self *self = sodium_malloc(sizeof(*self));
	uint8_t seed[SHARE_SEED_BYTES];
	int err = self == NULL ? CAIRN_ERR_NOMEM : desk_self_read(self, copy);

	randombytes_buf(seed, sizeof(seed));
	if (err == CAIRN_OK)
		err = shares_split(shares, seed, self->desk_id);
	if (err == CAIRN_OK)
		err = db_begin(copy);
	if (err == CAIRN_OK)
		err = db_end(copy, strip_within(copy, sealed, self, seed));
	if (err == CAIRN_OK)
		err = db_script(copy, "VACUUM");
	sodium_memzero(seed, sizeof(seed));
	sodium_free(self);
	return err;
}

bool
backup_is(struct db *db)
{
	return db_pragma(db, count) == 1;
}

int
backup_alone(bool *ret, struct db *db)
{
	struct query q = db_query(db, devices);
	uint64_t number;
	int err = query_number(&q, &number);

	*ret = err == CAIRN_OK && number < 2;
	return err;
}

static int
open_keys(struct db *state, struct keys *keys, const struct share *a, const struct share *b)
{
	uint8_t check_key[32], sealed[SEALED_BYTES], seed[SHARE_SEED_BYTES];
	struct query q = db_query(state, get);
	int err;

	if (query_row(&q)) {
		query_bytes(&q, 0, check_key, sizeof(check_key));
		query_bytes(&q, 1, sealed, sizeof(sealed));
	}
	err = query_end(&q);
	if (err == CAIRN_OK)
		err = shares_join(seed, a, b, check_key);
	if (err == CAIRN_OK &&
	    crypto_aead_xchacha20poly1305_ietf_decrypt((uint8_t *)keys, NULL, NULL, sealed + NONCE_BYTES,
		sizeof(sealed) - NONCE_BYTES, a->desk_id, sizeof(a->desk_id), sealed, seed) != 0)
		err = CAIRN_ERR_CRYPTO;
	sodium_memzero(seed, sizeof(seed));
	return err;
}

static int
put_back(struct db *state, const struct keys *keys)
{
	struct query q = db_query(state, put_keys);

	bind_bytes(&q, keys->sign_secret, sizeof(keys->sign_secret));
	bind_bytes(&q, keys->xwing_seed, sizeof(keys->xwing_seed));
	return query_run(&q);
}

int
backup_restore(struct db *state, const struct share *a, const struct share *b, uint64_t now)
{
	struct keys keys;
	int err = backup_is(state) ? open_keys(state, &keys, a, b) : CAIRN_ERR_FORMAT;

	if (err == CAIRN_OK)
		err = db_begin(state);
	if (err == CAIRN_OK) {
		err = put_back(state, &keys);
		if (err == CAIRN_OK)
			err = feed_counter_leap(state, now);
		if (err == CAIRN_OK)
			err = db_script(state, done);
		err = db_end(state, err);
	}
	sodium_memzero(&keys, sizeof(keys));
	return err;
}
