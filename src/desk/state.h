// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_STATE_H
#define CAIRN_DESK_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/span.h"
#include "carry/carry.h"
#include "db/db.h"
#include "desk/sql.h"
#include "vault/vault.h"

/*
 * What a staff device keeps: one SQLite database in its vault, and beside it (erasure_of()) the key under which its
 * erasable keys are sealed. Nothing above this header knows where the bytes lie.
 */

/*
 * create makes the tables in a region that has none: CAIRN_ERR_CONFLICT where a desk is there already. open
 * refuses what is none, or of another version, with CAIRN_ERR_FORMAT. The vault must outlive the state. On failure
 * *ret is NULL.
 *
 * rooms, of static storage, says what rooms above keep in the same database. prepare makes their tables where they
 * are not there, before keys are looked at: an erasing that was broken off goes over them. sealed names every sealed
 * column of the database, whichever room's it is: what is left out is lost when keys are erased.
 */
struct state_rooms {
	int (*prepare)(struct db *db); /* NULL: nothing */
	const struct erasure_column *sealed;
};
CAIRN_NODISCARD int state_create(struct db **ret, struct vault *vault, const struct state_rooms *rooms);
CAIRN_NODISCARD int state_open(struct db **ret, struct vault *vault, const struct state_rooms *rooms);
/* NULL is fine. */
void state_close(struct db *state);

/* The two steps of it, for a database that lies elsewhere, as in tests. */
CAIRN_NODISCARD int state_tables(struct db *db);
CAIRN_NODISCARD int state_check(struct db *db);

/* The sealed columns of these tables; rooms above that keep theirs in the same database have more. */
#define STATE_ERASURE_COLUMNS                                                                                \
	ERASURE_COLUMN("epoch_key", "seed"), ERASURE_COLUMN("tag_key", "key"), ERASURE_COLUMN("file", "fk"), \
	    ERASURE_COLUMN("conversation", "rest"), CARRY_ERASURE_COLUMNS

/* A run of one of the desk's statements. */
static inline struct query
query(struct db *db, enum desk_statement which)
{
	return db_query(db, desk_statements[which]);
}

/* The notes of the desk, by name: "card", "roster", "identity", "epochs". *ret is malloc'ed, NULL where none. */
CAIRN_NODISCARD int state_note_get(struct db *state, const char *name, uint8_t **ret, size_t *ret_bytes,
    uint64_t *ret_serial);
CAIRN_NODISCARD int state_note_put(struct db *state, const char *name, const uint8_t *bytes, size_t size,
    uint64_t serial);

#endif
