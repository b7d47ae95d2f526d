// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_STATE_H
#define CAIRN_DESK_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/span.h"
#include "db/db.h"
#include "desk/sql.h"

/*
 * What a staff device keeps: one SQLite database in a folder of its own. A vault takes the file's place by
 * naming its own VFS; nothing above this header knows where the bytes lie.
 *
 * The file is not sealed yet: whoever has the disk reads it, so that it must lie on an encrypted one.
 */
#define STATE_FILE "desk.db"

/*
 * create makes the folder (0700) and the file (0600), and fails with CAIRN_ERR_CONFLICT where a desk is there
 * already. open refuses, with CAIRN_ERR_DENIED, a folder that others may read. vfs is NULL but for tests and
 * vaults. On failure *ret is NULL.
 */
CAIRN_NODISCARD int state_create(struct db **ret, const char *folder, const char *vfs);
CAIRN_NODISCARD int state_open(struct db **ret, const char *folder, const char *vfs);

/* Takes the file away again that create has just made: for a founding that came to nothing. */
void state_discard(struct db *state, const char *folder);

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
