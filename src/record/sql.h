// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_SQL_H
#define CAIRN_RECORD_SQL_H

#include "db/db.h"

/*
 * Every word of SQL that the record speaks is in sql.c. aspect is an enum record_action. dot is device and counter of
 * the operation that a row came with; note is 16 bytes, or none.
 */
enum record_statement {
	RECORD_SQL_OP_GET,
	RECORD_SQL_OP_ADD,
	RECORD_SQL_OP_SIGNED,
	RECORD_SQL_OP_OF,
	RECORD_SQL_OP_CLOCK,
	RECORD_SQL_OP_COUNTER,
	RECORD_SQL_ENTITY_FIND,
	RECORD_SQL_ENTITY_ADD,
	RECORD_SQL_ENTITY_CHANGED,
	RECORD_SQL_ENTITY_LIST,
	RECORD_SQL_ENTITY_BY_ID,
	RECORD_SQL_REGISTER_PUT,
	RECORD_SQL_REGISTER_LIST,
	RECORD_SQL_ELEMENT_ADD,
	RECORD_SQL_ELEMENT_DROPPED,
	RECORD_SQL_ELEMENT_UNADD,
	RECORD_SQL_ELEMENT_DOTS,
	RECORD_SQL_ELEMENT_LIST,
	RECORD_SQL_NOTE_ADD,
	RECORD_SQL_NOTE_LIST,
	RECORD_SQL_REFERRERS,
	RECORD_SQL_COUNT
};

extern const char record_schema[];
extern const char *const record_statements[RECORD_SQL_COUNT];

static inline struct query
record_query(struct db *db, enum record_statement which)
{
	return db_query(db, record_statements[which]);
}

#endif
