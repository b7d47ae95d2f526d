// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/state_tables.h"

/*
 * The tables that all devices have alike, row numbers included. What only this device has (keys, log, outbox, its
 * place in the feed) is not among them.
 */
#define TABLES(X) \
	X(device)       \
	X(day_key)      \
	X(compartment)  \
	X(member)       \
	X(case_change)  \
	X(mark)         \
	X(retention)    \
	X(publisher)    \
	X(cell)         \
	X(suspend_ask)  \
	X(suspension)   \
	X(task)         \
	X(ask)          \
	X(consent)      \
	X(epoch_made)   \
	X(carry_note)

#define COLUMNS_MAX 24

static const struct state_table {
	const char *all;
	const char *clear;
	const char *insert[COLUMNS_MAX + 1]; /* by number of columns */
} tables[] = {
#define STATE_INSERT(t, n, marks) [n] = "INSERT INTO " #t " VALUES (" marks ")"
#define STATE_TABLE(t)                                                                              \
	{"SELECT * FROM " #t, "DELETE FROM " #t,                                                    \
	    {STATE_INSERT(t, 2, "?,?"), STATE_INSERT(t, 3, "?,?,?"), STATE_INSERT(t, 4, "?,?,?,?"), \
		STATE_INSERT(t, 5, "?,?,?,?,?"), STATE_INSERT(t, 6, "?,?,?,?,?,?"),                 \
		STATE_INSERT(t, 7, "?,?,?,?,?,?,?"), STATE_INSERT(t, 8, "?,?,?,?,?,?,?,?"),         \
		STATE_INSERT(t, 11, "?,?,?,?,?,?,?,?,?,?,?"), STATE_INSERT(t, 13, "?,?,?,?,?,?,?,?,?,?,?,?,?")}},
    TABLES(STATE_TABLE)};

_Static_assert(sizeof(tables) / sizeof(tables[0]) == STATE_TABLES, "one for each table");

int
state_clear(struct carry *carry)
{
	int err = CAIRN_OK;

	for (size_t i = 0; i < STATE_TABLES && err == CAIRN_OK; i++) {
		struct query q = db_query(carry->db, tables[i].clear);

		err = query_run(&q);
	}
	return err;
}

struct query
state_rows(struct carry *carry, size_t table)
{
	return db_query(carry->db, tables[table].all);
}

void
state_row_write(struct writer *w, struct query *q)
{
	int columns = query_columns(q);

	write_u8(w, (uint8_t)columns);
	for (int i = 0; i < columns; i++) {
		enum query_kind kind = query_kind(q, i);
		struct cairn_span span;

		write_u8(w, (uint8_t)kind);
		if (kind == QUERY_NULL)
			continue;
		if (kind == QUERY_INT) {
			write_u64(w, query_int(q, i));
			continue;
		}
		span = query_span(q, i);
		write_u32(w, (uint32_t)span.size);
		write_bytes(w, span.text, span.size);
	}
}

static void
column_bind(struct query *q, struct reader *r)
{
	uint8_t kind;
	uint64_t number;
	uint32_t size = 0;
	const uint8_t *view;

	take_u8(r, &kind);
	if (kind == QUERY_NULL) {
		bind_null(q);
		return;
	}
	if (kind == QUERY_INT) {
		take_u64(r, &number);
		bind_int(q, number);
		return;
	}
	take_u32(r, &size);
	view = take_view(r, size);
	if (r->failed)
		q->err = CAIRN_ERR_FORMAT;
	else if (kind == QUERY_TEXT)
		bind_text(q, (struct cairn_span){(const char *)view, size});
	else
		bind_bytes(q, size == 0 ? (const uint8_t *)"" : view, size);
}

int
state_row_read(struct carry *carry, struct reader *r, size_t table)
{
	struct query q;
	uint8_t columns;

	take_u8(r, &columns);
	if (r->failed || table >= STATE_TABLES || columns > COLUMNS_MAX || tables[table].insert[columns] == NULL)
		return CAIRN_ERR_FORMAT;
	q = db_query(carry->db, tables[table].insert[columns]);
	for (unsigned i = 0; i < columns; i++)
		column_bind(&q, r);
	return query_run(&q);
}
