// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_VAULTED_H
#define TESTS_LIB_VAULTED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "lib/test.h"
#include "vault/vault.h"

/* A small container in a folder of its own, and keys that cost nothing to make. */
struct vaulted {
	char folder[40];
	char path[64];
};

static inline void
vaulted_key(uint8_t master[32], const char *passphrase)
{
	crypto_generichash(master, 32, (const uint8_t *)passphrase, strlen(passphrase), NULL, 0);
}

static inline void
vaulted_init(struct vaulted *v, uint64_t bytes)
{
	assert_true(sodium_init() >= 0);
	snprintf(v->folder, sizeof(v->folder), "/tmp/cairn-vault-XXXXXX");
	assert_non_null(mkdtemp(v->folder));
	snprintf(v->path, sizeof(v->path), "%s/vault", v->folder);
	assert_ok(container_create(v->path, bytes, NULL, NULL));
}

static inline void
vaulted_release(struct vaulted *v)
{
	unlink(v->path);
	rmdir(v->folder);
}

static inline struct vault *
vaulted_make(struct vaulted *v, unsigned region, const char *passphrase)
{
	struct vault *vault;
	uint8_t master[32];

	vaulted_key(master, passphrase);
	assert_ok(vault_make(&vault, v->path, region, master, NULL));
	return vault;
}

static inline int
vaulted_try(struct vaulted *v, struct vault **ret, const char *passphrase)
{
	uint8_t master[32];

	vaulted_key(master, passphrase);
	return vault_open(ret, v->path, master, NULL);
}

static inline struct vault *
vaulted_open(struct vaulted *v, const char *passphrase)
{
	struct vault *vault;

	assert_ok(vaulted_try(v, &vault, passphrase));
	return vault;
}

static inline struct db *
vaulted_db(struct vault *vault)
{
	struct db *db;

	assert_ok(db_open(&db, VAULT_DATABASE, vault_vfs(vault)));
	return db;
}

/* "ok", as integrity_check says it. */
static inline bool
vaulted_whole(struct db *db)
{
	struct query q = db_query(db, "PRAGMA integrity_check");
	char text[64] = "";

	if (query_row(&q))
		query_text(&q, 0, text, sizeof(text));
	return query_end(&q) == CAIRN_OK && strcmp(text, "ok") == 0;
}

#endif
