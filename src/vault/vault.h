// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_VAULT_VAULT_H
#define CAIRN_VAULT_VAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "db/db.h"
#include "vault/container.h"
#include "vault/erasure.h"

/*
 * An unlocked region of a container, and the SQLite VFS that a database in it is opened through:
 *
 *	vault_open(&vault, path, master, NULL);
 *	db_open(&db, VAULT_DATABASE, vault_vfs(vault));
 *	erasure_new_vault(&erasure, db, columns, vault);
 *	...
 *	erasure_free(erasure); db_close(db); vault_close(vault);
 *
 * Each page is sealed on its own. A database may be opened by several processes at once, as any of SQLite's. A crash
 * at any write or sync leaves the last committed state. Full is CAIRN_ERR_SPACE, with nothing lost: pages and the
 * journal of the running transaction share the region, so a VACUUM wants about half of it.
 */
struct vault;

#define VAULT_DATABASE "vault"

/*
 * The second factor: asked, while a vault is opened, for what the token makes of this header's salt.
 * CAIRN_ERR_UNKNOWN: no token there, or not this one; CAIRN_ERR_DENIED: it refused.
 */
struct vault_factor {
	int (*answer)(void *arg, const struct header_token *token, uint8_t secret[32]);
	void *arg;
};

/* A second factor to be added: its token, and what it answers to the token's salt. */
struct vault_enrolled {
	struct header_token token;
	uint8_t secret[32];
};

/*
 * Makes region (0 or 1) a new, empty one, whatever was in it, and opens it. enrolled is NULL without second factor.
 * Only that region's slots are written. master is secret, by container_master(). CAIRN_ERR_CONFLICT: it opens the
 * other region already.
 */
CAIRN_NODISCARD int vault_make(struct vault **ret, const char *path, unsigned region,
    const uint8_t master[CAIRN_KEY_BYTES], const struct vault_enrolled *enrolled);

/*
 * Opens whichever region this key is of. CAIRN_ERR_CRYPTO: none, and nothing tells a wrong passphrase from an unused
 * region or a file of random bytes; or the token's answer is not the one. CAIRN_ERR_STATE: there is a second factor,
 * and factor is NULL. Else as container_open().
 */
CAIRN_NODISCARD int vault_open(struct vault **ret, const char *path, const uint8_t master[CAIRN_KEY_BYTES],
    const struct vault_factor *factor);

/* What opens the region without its passphrase, for as long as the region lives. Secret. */
struct vault_grant {
	uint8_t region;
	uint8_t data_key[CAIRN_KEY_BYTES];
};
void vault_grant(const struct vault *vault, struct vault_grant *grant);
CAIRN_NODISCARD int vault_open_granted(struct vault **ret, const char *path, const struct vault_grant *grant);

/* After every database in it is closed. NULL is fine. */
void vault_close(struct vault *vault);

/*
 * Another passphrase, or another second factor, for a region that is open: the data stays as it is, both copies of
 * the header are overwritten. Between the two, either opens. CAIRN_ERR_CONFLICT: the new key opens the other region
 * already.
 */
CAIRN_NODISCARD int vault_rekey(struct vault *vault, const uint8_t master[CAIRN_KEY_BYTES],
    const struct vault_enrolled *enrolled);

unsigned vault_region(const struct vault *vault);
/* The second factor that it was opened with; NULL where there is none, or it was opened by a grant. Secret. */
const struct vault_enrolled *vault_enrolled(const struct vault *vault);

/* The name to give to db_open(). Lives as long as the vault. */
const char *vault_vfs(const struct vault *vault);

/* Pages of 4096 bytes: in the database, and that fit if nothing else did. */
CAIRN_NODISCARD int vault_room(struct vault *vault, uint32_t *ret_used, uint32_t *ret_pages);

/* Where E lies: two slots of the region, each written twice. */
CAIRN_NODISCARD int erasure_new_vault(struct erasure **ret, struct db *db, const struct erasure_column *columns,
    struct vault *vault);

/*
 * Moves a region that is open, data and erasable keys, into a region of another container, whatever was in that, and
 * opens it there. Nobody may write meanwhile: CAIRN_ERR_BUSY; nor may a transaction have been broken off.
 * CAIRN_ERR_SPACE: it does not fit. CAIRN_ERR_CRYPTO: a page is damaged (vault_check() says which).
 */
CAIRN_NODISCARD int vault_move(struct vault **ret, struct vault *from, const char *path, unsigned region,
    const uint8_t master[CAIRN_KEY_BYTES], const struct vault_enrolled *enrolled, container_progress progress,
    void *arg);

/* Overwrites header and keys of erasure: nothing of the region can be read any more, by nobody. It stays open. */
CAIRN_NODISCARD int vault_forget(struct vault *vault);

/* What a check found. Page numbers are SQLite's, from 1. */
#define VAULT_DAMAGED_MAX 64U
struct vault_damage {
	uint32_t pages; /* that were tried */
	uint32_t count; /* that do not open; the first of them in numbers */
	uint32_t numbers[VAULT_DAMAGED_MAX];
	bool journal;   /* a transaction was broken off: opening the database ends it first */
};

/* Tries every page of the database. Wants nobody to write meanwhile; CAIRN_ERR_BUSY otherwise. */
CAIRN_NODISCARD int vault_check(struct vault *vault, struct vault_damage *damage, container_progress progress,
    void *arg);

#endif
