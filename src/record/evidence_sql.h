// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_EVIDENCE_SQL_H
#define CAIRN_RECORD_EVIDENCE_SQL_H

#include "db/db.h"

/* Every word of SQL about evidence. Tables are made where they are missing, beside those of the desk. */
enum evidence_statement {
	EVIDENCE_SQL_ITEM_ADD,
	EVIDENCE_SQL_ITEM_FILE,
	EVIDENCE_SQL_ITEM_GET,
	EVIDENCE_SQL_ITEM_LIST,
	EVIDENCE_SQL_ITEM_ERASED,
	EVIDENCE_SQL_ITEM_HAS_FILE,
	EVIDENCE_SQL_KEY_ADD,
	EVIDENCE_SQL_KEY_GET,
	EVIDENCE_SQL_KEY_DROP,
	EVIDENCE_SQL_ENTRY_ADD,
	EVIDENCE_SQL_ENTRY_HAVE,
	EVIDENCE_SQL_ENTRY_OF,
	EVIDENCE_SQL_HEAD_ADD,
	EVIDENCE_SQL_HEAD_DROP,
	EVIDENCE_SQL_HEAD_OF,
	EVIDENCE_SQL_PENDING_ADD,
	EVIDENCE_SQL_PENDING_DROP,
	EVIDENCE_SQL_PENDING_NEXT,
	EVIDENCE_SQL_PENDING_COUNT,
	EVIDENCE_SQL_TOKEN_ADD,
	EVIDENCE_SQL_TOKEN_GET,
	EVIDENCE_SQL_TICK_GET,
	EVIDENCE_SQL_TICK_PUT,
	EVIDENCE_SQL_ROSTER_ADD,
	EVIDENCE_SQL_ROSTER_LIST,
	EVIDENCE_SQL_COUNT
};

extern const char evidence_schema[];
extern const char *const evidence_statements[EVIDENCE_SQL_COUNT];

static inline struct query
evidence_query(struct db *db, enum evidence_statement which)
{
	return db_query(db, evidence_statements[which]);
}

#endif
