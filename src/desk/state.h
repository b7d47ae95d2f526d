// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_STATE_H
#define CAIRN_DESK_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/span.h"
#include "desk/sql.h"

/*
 * What a staff device keeps: one SQLite database in a folder of its own. A vault takes the file's place by
 * naming its own VFS; nothing above this header knows where the bytes lie.
 *
 * The file is not sealed yet: whoever has the disk reads it, so that it must lie on an encrypted one.
 */
struct state;

#define STATE_FILE "desk.db"

/*
 * create makes the folder (0700) and the file (0600), and fails with CAIRN_ERR_CONFLICT where a desk is there
 * already. open refuses, with CAIRN_ERR_DENIED, a folder that others may read. vfs is NULL but for tests and
 * vaults. On failure *ret is NULL.
 */
CAIRN_NODISCARD int state_create(struct state **ret, const char *folder, const char *vfs);
CAIRN_NODISCARD int state_open(struct state **ret, const char *folder, const char *vfs);
void state_close(struct state *state);

/* Takes the file away again that create has just made: for a founding that came to nothing. */
void state_discard(struct state *state, const char *folder);

/*
 * One transaction at a time; it takes the write lock at once, so that two processes wait for each other
 * instead of failing in the middle. end commits where err is CAIRN_OK and else undoes; it returns err, or why the
 * commit failed.
 */
CAIRN_NODISCARD int state_begin(struct state *state);
CAIRN_NODISCARD int state_end(struct state *state, int err);

/*
 * One run of a statement. Values are bound in order, as they come; whatever fails is remembered, and told
 * once by query_end().
 *
 *	struct query q = query(state, SQL_EPOCH_SEED);
 *	bind_int(&q, door);
 *	...
 *	if (query_row(&q))
 *		query_bytes(&q, 0, seed, sizeof(seed));
 *	return query_end(&q);
 */
struct query {
	struct state *state;
	void *stmt;
	int bound;
	int err;
};

struct query query(struct state *state, enum desk_statement which);
void bind_int(struct query *q, uint64_t v);
void bind_bytes(struct query *q, const void *bytes, size_t size); /* must live until the end; NULL binds null */
void bind_text(struct query *q, struct cairn_span text);          /* likewise */

/* The next row. */
bool query_row(struct query *q);

uint64_t query_int(struct query *q, int column);
/* Exactly size bytes, or zeros and CAIRN_ERR_FORMAT: the file is damaged. */
void query_bytes(struct query *q, int column, void *out, size_t size);
/* A view until the next row; empty for null. */
struct cairn_span query_span(struct query *q, int column);
/* Text with a zero behind it; CAIRN_ERR_FORMAT when it does not fit. */
void query_text(struct query *q, int column, char *out, size_t room);

/* CAIRN_ERR_SPACE: the disk is full. CAIRN_ERR_BUSY: another process holds the file. CAIRN_ERR_IO. */
CAIRN_NODISCARD int query_end(struct query *q);

/* Runs a statement that gives no rows. */
CAIRN_NODISCARD int query_run(struct query *q);

/* A statement that gives one number; *out is 0 where there is no row or it is null. */
CAIRN_NODISCARD int query_number(struct query *q, uint64_t *out);

/* Rows that the last insert, update or delete changed; the number of the last inserted row. */
size_t state_changes(struct state *state);
uint64_t state_last_row(struct state *state);

/* The notes of the desk, by name: "card", "roster", "identity", "epochs". *ret is malloc'ed, NULL where none. */
CAIRN_NODISCARD int state_note_get(struct state *state, const char *name, uint8_t **ret, size_t *ret_bytes,
    uint64_t *ret_serial);
CAIRN_NODISCARD int state_note_put(struct state *state, const char *name, const uint8_t *bytes, size_t size,
    uint64_t serial);

#endif
