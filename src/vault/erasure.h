// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_VAULT_ERASURE_H
#define CAIRN_VAULT_ERASURE_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "db/db.h"

/*
 * Erasable keys (docs/protocol.md, section 11). A key that must be erasable stands in its row sealed under an
 * erasure key E, which lies outside the database in one of two slots. To erase: drop or overwrite rows, in any number
 * of transactions, and rotate once: what stays is sealed anew under E', and E is overwritten. Whatever the disk
 * keeps of the old rows (free pages, journals, what flash did not overwrite) opens with nothing that is left, not
 * even with the passphrase.
 *
 * At rest a key is nonce[24] || 48 bytes: XChaCha20-Poly1305 under the vault's binding key with the caller's aad, and
 * around it the XChaCha20 stream of E for the same nonce. So rotating needs no aad, and a wrong aad is told.
 *
 * Several processes share a vault. The generation of E that the rows are under stands in the database (table
 * "erasure", made here), so it changes in the same transaction as the rows.
 */
#define ERASURE_KEY_BYTES 32U
#define ERASURE_SEALED_BYTES 72U

struct erasure;

/*
 * A sealed column of a rowid table, whose rowids are not negative; rows where it is null are passed over.
 *
 *	static const struct erasure_column columns[] = {ERASURE_COLUMN("epoch_key", "seed"), ERASURE_COLUMNS_END};
 */
struct erasure_column {
	const char *next;
	const char *put;
	const char *blank;
	const char *drop;
};

#define ERASURE_ROWS_AT_ONCE 256U
#define ERASURE_COLUMN(table, column)                                                                          \
	{                                                                                                      \
		"SELECT rowid, " column " FROM " table " WHERE rowid >= ? AND " column " IS NOT NULL ORDER BY" \
		" rowid LIMIT 256",                                                                            \
		    "UPDATE " table " SET " column " = ? WHERE rowid = ?",                                     \
		    "UPDATE " table " SET " column " = NULL",                                                  \
		    "DELETE FROM " table " WHERE " column " IS NOT NULL"                                       \
	}
#define ERASURE_COLUMNS_END            \
	{                              \
		NULL, NULL, NULL, NULL \
	}

/*
 * Where E lies. read gives CAIRN_ERR_UNKNOWN for a slot that holds none. write and wipe (random bytes over all of
 * the slot) are durable when they return. lock keeps other processes from rotating; free(NULL) is not called.
 */
struct erasure_place {
	int (*read)(void *arg, unsigned slot, uint64_t *ret_generation, uint8_t key[ERASURE_KEY_BYTES]);
	int (*write)(void *arg, unsigned slot, uint64_t generation, const uint8_t key[ERASURE_KEY_BYTES]);
	int (*wipe)(void *arg, unsigned slot);
	int (*lock)(void *arg);
	void (*unlock)(void *arg);
	void (*free)(void *arg);
};

/*
 * Begins, with arg owned by *ret from then on, also on failure. columns, of static storage, is ended by
 * ERASURE_COLUMNS_END and must name every sealed column of the database: what is left out is lost at the first
 * rotation. A rotation that a crash broke off is brought to its end. The database must outlive *ret.
 * CAIRN_ERR_CRYPTO: the database's E is in no slot.
 */
CAIRN_NODISCARD int erasure_new(struct erasure **ret, struct db *db, const struct erasure_column *columns,
    const struct erasure_place *place, void *arg, const uint8_t binding_key[ERASURE_KEY_BYTES]);

/* Without a vault, for tests of rooms above: E in a plain file (made when it is not there), or in memory. */
CAIRN_NODISCARD int erasure_new_file(struct erasure **ret, struct db *db, const struct erasure_column *columns,
    const char *path);
CAIRN_NODISCARD int erasure_new_memory(struct erasure **ret, struct db *db, const struct erasure_column *columns);

/* Wipes the keys in memory. NULL is fine. */
void erasure_free(struct erasure *erasure);

/* The one that was begun on this database, which must be there. */
struct erasure *erasure_of(const struct db *db);

/*
 * Seals a key for its row. aad says what the row means ("epoch 1 20700 0"), so that a key moved to another row does
 * not open. Within a transaction that writes only: CAIRN_ERR_STATE otherwise.
 */
CAIRN_NODISCARD int erasure_seal(struct erasure *erasure, uint8_t out[ERASURE_SEALED_BYTES],
    const uint8_t key[ERASURE_KEY_BYTES], const void *aad, size_t aad_bytes);

/*
 * Opens what a row holds. Within the transaction, or before the end of the query, that read it: another process may
 * rotate right after. CAIRN_ERR_CRYPTO, and key zeroed: it is damaged, of another row, or erased.
 */
CAIRN_NODISCARD int erasure_open(struct erasure *erasure, uint8_t key[ERASURE_KEY_BYTES],
    const uint8_t sealed[ERASURE_SEALED_BYTES], const void *aad, size_t aad_bytes);

/*
 * Makes everything that was dropped or overwritten before unrecoverable. Outside of transactions: CAIRN_ERR_STATE
 * otherwise. After a failure all live keys open; what was to be erased is erased by the next rotation, or by the
 * next erasure_new().
 */
CAIRN_NODISCARD int erasure_rotate(struct erasure *erasure);

/*
 * For a copy that leaves its vault: takes every sealed key out of it, and what says which E they were under. A row
 * goes with its key where the column may not be null. In a transaction, without an erasure begun.
 */
CAIRN_NODISCARD int erasure_leave(struct db *db, const struct erasure_column *columns);

/*
 * For erasing once at the end of a round: owe, in each transaction that drops or overwrites sealed rows, writes down
 * that there is something to erase; settle rotates if there is. So nothing is forgotten when the program ends in
 * between.
 */
CAIRN_NODISCARD int erasure_owe(struct erasure *erasure);
CAIRN_NODISCARD int erasure_settle(struct erasure *erasure);

#endif
