// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_VAULT_INSIDE_H
#define CAIRN_VAULT_INSIDE_H

#include <sqlite3.h>

#include "vault/slot.h"
#include "vault/vault.h"

/* What the files of this room share. */

struct vault {
	struct container container;
	char *path;
	uint8_t region;
	bool granted; /* opened without its passphrase: what its header says is not known */
	struct header header;
	struct vault_enrolled enrolled; /* where the header has a token */
	uint8_t data_key[CAIRN_KEY_BYTES];
	char vfs_name[32];
	sqlite3_vfs vfs;
};

static inline struct slot_name
vault_slot(const struct vault *vault, enum slot_file file, uint32_t number)
{
	return (struct slot_name){vault->region, (uint8_t)file, number};
}

/* Page 1 is the first; journal blocks grow from the region's end, number 0 is the head. */
static inline uint32_t
page_slot(uint32_t page)
{
	return REGION_PAGES + page - 1;
}

static inline uint32_t
journal_slot(const struct vault *vault, uint32_t number)
{
	return vault->container.region_slots - 1 - number;
}

/* Pages that fit beside a journal of this many blocks, its head apart. */
static inline uint32_t
pages_beside(const struct vault *vault, uint32_t journal_blocks)
{
	return vault->container.region_slots - REGION_PAGES - 1 - journal_blocks;
}

/* The database never takes the last sixteenth: a full one must still have a journal to delete with. */
static inline uint32_t
journal_reserve(const struct vault *vault)
{
	return vault->container.region_slots / 16;
}

/* --- the database's file (pages.c) --- */

struct page_file {
	sqlite3_file base;
	struct vault *vault;
	int lock_fd; /* locks belong to an open file, so each connection has its own */
	int level;   /* SQLITE_LOCK_... */
	bool tracked;
	uint32_t pages;          /* of the file, while tracked: nobody else can change it */
	uint32_t journal_blocks; /* that the running transaction's journal takes */
	bool first_known;
	uint8_t first[SLOT_BYTES]; /* page 1, opened, while nobody else can change it */
};

int pages_open(struct vault *vault, struct page_file *file);

/* Seals and writes page 1 of a database that has no page yet: all zeros. */
CAIRN_NODISCARD int pages_make_empty(struct vault *vault);

/* Pages that page 1 speaks of, 0 for an empty database. CAIRN_ERR_CRYPTO: it does not open. */
CAIRN_NODISCARD int pages_count(const struct vault *vault, uint8_t first[SLOT_BYTES], uint32_t *ret);

/* --- a region's beginning (vault.c) --- */

/* A vault of that region with this data key, not usable yet; also on failure for vault_done(). */
CAIRN_NODISCARD int vault_prepare(struct vault **ret, const char *path, unsigned region,
    const uint8_t master[CAIRN_KEY_BYTES], const uint8_t data_key[CAIRN_KEY_BYTES]);

/* Journal and header of a region whose pages are written. */
CAIRN_NODISCARD int vault_found(struct vault *vault, const uint8_t master[CAIRN_KEY_BYTES],
    const struct vault_enrolled *enrolled);

/* Registers what came out well; closes what did not. */
CAIRN_NODISCARD int vault_done(struct vault **ret, struct vault *vault, int err);

/* --- locks (locks.c) --- */

int locks_take(struct page_file *file, int level);
int locks_drop(struct page_file *file, int level);
int locks_reserved(struct page_file *file, int *out);

/* --- the journal's file (journal.c) --- */

int journal_open(struct vault *vault, sqlite3_file *file, struct page_file *pages);
size_t journal_file_bytes(void);

/* Is a journal there that is not empty? */
CAIRN_NODISCARD int journal_there(const struct vault *vault, bool *ret);

/* Ends a journal, and with its key all that is in it. Durable after a sync. */
CAIRN_NODISCARD int journal_cut(const struct vault *vault);

/* --- the VFS (vfs.c) --- */

CAIRN_NODISCARD int vfs_register(struct vault *vault);
void vfs_unregister(struct vault *vault);

/* What SQLite is told for an error of this library. */
int vfs_error(int err, int otherwise);

#endif
