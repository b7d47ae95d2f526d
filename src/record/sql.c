// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/sql.h"

const char record_schema[] =
    /* all operations, as they came */
    "CREATE TABLE IF NOT EXISTS record_op (device BLOB, counter INTEGER, lamport INTEGER NOT NULL,"
    " at INTEGER NOT NULL, compartment BLOB NOT NULL, kind INTEGER NOT NULL, id BLOB NOT NULL, bytes BLOB NOT NULL,"
    " signature BLOB, PRIMARY KEY (device, counter)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS record_op_of ON record_op (compartment, kind, id, lamport);"
    "CREATE INDEX IF NOT EXISTS record_op_clock ON record_op (lamport);"
    /* what follows from them */
    "CREATE TABLE IF NOT EXISTS record_entity (row INTEGER PRIMARY KEY, compartment BLOB NOT NULL,"
    " kind INTEGER NOT NULL, id BLOB NOT NULL, lamport INTEGER NOT NULL, device BLOB NOT NULL, at INTEGER NOT NULL);"
    "CREATE UNIQUE INDEX IF NOT EXISTS record_entity_id ON record_entity (kind, id, compartment);"
    "CREATE TABLE IF NOT EXISTS record_register (row INTEGER, field INTEGER, aspect INTEGER, note BLOB,"
    " flag INTEGER NOT NULL, at INTEGER NOT NULL, value BLOB NOT NULL, lamport INTEGER NOT NULL, device BLOB NOT"
    " NULL,"
    " counter INTEGER NOT NULL, PRIMARY KEY (row, field, aspect, note)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS record_element (row INTEGER, field INTEGER, value BLOB, device BLOB, counter INTEGER,"
    " PRIMARY KEY (row, field, value, device, counter)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS record_dropped (row INTEGER, field INTEGER, value BLOB, device BLOB, counter INTEGER,"
    " PRIMARY KEY (row, field, value, device, counter)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS record_note (row INTEGER, field INTEGER, note BLOB, at INTEGER NOT NULL,"
    " value BLOB NOT NULL, PRIMARY KEY (row, field, note)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS record_register_value ON record_register (value) WHERE length(value) = 32;"
    "CREATE INDEX IF NOT EXISTS record_element_value ON record_element (value) WHERE length(value) = 32;"
    /* what the other devices were not told yet: bytes as OP_RECORD or OP_EVIDENCE have them */
    "CREATE TABLE IF NOT EXISTS record_untold (n INTEGER PRIMARY KEY, type INTEGER NOT NULL,"
    " compartment BLOB NOT NULL, bytes BLOB NOT NULL);"
    /* what others say of evidence that stands on something that is not here yet, and the key of whoever said it */
    "CREATE TABLE IF NOT EXISTS evidence_waiting (n INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE,"
    " sign_key BLOB NOT NULL, bytes BLOB NOT NULL);"
    /* how far devices had counted when operations were destroyed with their compartment: no number is used twice */
    "CREATE TABLE IF NOT EXISTS record_floor (device BLOB PRIMARY KEY, counter INTEGER NOT NULL,"
    " lamport INTEGER NOT NULL) WITHOUT ROWID;";

#define GONE(table) "DELETE FROM " table " WHERE row IN (SELECT row FROM record_entity WHERE compartment = ?)"

const char *const record_statements[RECORD_SQL_COUNT] = {
    [RECORD_SQL_OP_GET] = "SELECT lamport, at, compartment, bytes FROM record_op WHERE device = ? AND counter = ?",
    [RECORD_SQL_OP_ADD] = "INSERT INTO record_op VALUES (?,?,?,?,?,?,?,?,?)",
    [RECORD_SQL_OP_SIGNED] =
	"SELECT device, counter, lamport, at, compartment, bytes, signature FROM record_op ORDER BY device, counter",
    [RECORD_SQL_OP_OF] =
	"SELECT device, counter, lamport, at, compartment, bytes, signature FROM record_op WHERE compartment = ? AND"
	" kind = ? AND id = ? ORDER BY lamport, device, counter",
    [RECORD_SQL_OP_CLOCK] =
	"SELECT max(ifnull((SELECT max(lamport) FROM record_op), 0), ifnull((SELECT max(lamport) FROM record_floor), "
	"0))",
    [RECORD_SQL_OP_COUNTER] =
	"SELECT max(ifnull((SELECT max(counter) FROM record_op WHERE device = ?1), 0),"
	" ifnull((SELECT counter FROM record_floor WHERE device = ?1), 0))",
    [RECORD_SQL_ENTITY_FIND] = "SELECT row FROM record_entity WHERE kind = ? AND id = ? AND compartment = ?",
    [RECORD_SQL_ENTITY_ADD] =
	"INSERT INTO record_entity (kind, id, compartment, lamport, device, at) VALUES (?,?,?,?,?,?)",
    [RECORD_SQL_ENTITY_CHANGED] =
	"UPDATE record_entity SET lamport = ?2, device = ?3, at = ?4 WHERE row = ?1 AND (lamport, device) < (?2, ?3)",
    [RECORD_SQL_ENTITY_LIST] =
	"SELECT row, kind, id, compartment, at, device FROM record_entity ORDER BY kind, id, compartment",
    [RECORD_SQL_ENTITY_BY_ID] =
	"SELECT row, kind, id, compartment, at, device FROM record_entity WHERE kind = ? AND id BETWEEN ? AND ?"
	" ORDER BY"
	" id, compartment",
    /* The latest wins, by the clock of operations, then by device and counter. */
    [RECORD_SQL_REGISTER_PUT] =
	"INSERT INTO record_register VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10) ON CONFLICT DO UPDATE SET flag = ?5,"
	" at = ?6, value = ?7, lamport = ?8, device = ?9, counter = ?10 WHERE (lamport, device, counter) <"
	" (?8, ?9, ?10)",
    [RECORD_SQL_REGISTER_LIST] =
	"SELECT field, aspect, note, flag, at, value, lamport, device, counter FROM record_register WHERE row ="
	" ? ORDER"
	" BY field, aspect, note",
    [RECORD_SQL_ELEMENT_ADD] =
	"INSERT OR IGNORE INTO record_element SELECT ?1,?2,?3,?4,?5 WHERE NOT EXISTS (SELECT 1 FROM record_dropped"
	" WHERE row = ?1 AND field = ?2 AND value = ?3 AND device = ?4 AND counter = ?5)",
    [RECORD_SQL_ELEMENT_DROPPED] = "INSERT OR IGNORE INTO record_dropped VALUES (?,?,?,?,?)",
    [RECORD_SQL_ELEMENT_UNADD] =
	"DELETE FROM record_element WHERE row = ? AND field = ? AND value = ? AND device = ? AND counter = ?",
    [RECORD_SQL_ELEMENT_DOTS] =
	"SELECT device, counter FROM record_element WHERE row = ? AND field = ? AND value = ? ORDER BY device,"
	" counter",
    [RECORD_SQL_ELEMENT_LIST] =
	"SELECT DISTINCT field, value FROM record_element WHERE row = ? ORDER BY field, value",
    [RECORD_SQL_NOTE_ADD] = "INSERT OR IGNORE INTO record_note VALUES (?,?,?,?,?)",
    [RECORD_SQL_NOTE_LIST] = "SELECT field, note, at, value FROM record_note WHERE row = ? ORDER BY field, at, value",
    [RECORD_SQL_REFERRERS] =
	"SELECT e.row, e.kind, e.id, e.compartment, e.at, e.device, r.field FROM record_register r JOIN"
	" record_entity e"
	" USING (row) WHERE r.value = ?1 AND length(r.value) = 32 AND r.aspect = 1 UNION SELECT e.row, e.kind, e.id,"
	" e.compartment, e.at, e.device, r.field FROM record_element r JOIN record_entity e USING (row) WHERE"
	" r.value = ?1 AND length(r.value) = 32 ORDER BY 2, 3, 7",
    [RECORD_SQL_UNTOLD_ADD] = "INSERT INTO record_untold (type, compartment, bytes) VALUES (?,?,?)",
    [RECORD_SQL_UNTOLD_NEXT] =
	"SELECT n, type, compartment, bytes FROM record_untold WHERE n > ? ORDER BY n LIMIT 1",
    [RECORD_SQL_UNTOLD_DROP] = "DELETE FROM record_untold WHERE n = ?",
    [RECORD_SQL_UNTOLD_COUNT] = "SELECT count(*) FROM record_untold WHERE compartment = ?",
    [RECORD_SQL_WAITING_ADD] = "INSERT OR IGNORE INTO evidence_waiting (hash, sign_key, bytes) VALUES (?,?,?)",
    [RECORD_SQL_WAITING_NEXT] = "SELECT n, sign_key, bytes FROM evidence_waiting WHERE n > ? ORDER BY n LIMIT 1",
    [RECORD_SQL_WAITING_DROP] = "DELETE FROM evidence_waiting WHERE n = ?",
    [RECORD_SQL_FLOOR_PUT] =
	"INSERT INTO record_floor SELECT device, max(counter), max(lamport) FROM record_op WHERE true GROUP BY device"
	" ON CONFLICT DO UPDATE SET counter = max(counter, excluded.counter), lamport = max(lamport, "
	"excluded.lamport)",
    [RECORD_SQL_FLOOR_LEAP] =
	"INSERT INTO record_floor SELECT self.device_id, feed.counter, 0 FROM self, feed WHERE true"
	" ON CONFLICT DO UPDATE SET counter = max(counter, excluded.counter)",
    [RECORD_SQL_FLOOR_GET] = "SELECT counter FROM record_floor WHERE device = ?",
    [RECORD_SQL_GONE_REGISTER] = GONE("record_register"),
    [RECORD_SQL_GONE_ELEMENT] = GONE("record_element"),
    [RECORD_SQL_GONE_DROPPED] = GONE("record_dropped"),
    [RECORD_SQL_GONE_NOTE] = GONE("record_note"),
    [RECORD_SQL_GONE_ENTITY] = "DELETE FROM record_entity WHERE compartment = ?",
    [RECORD_SQL_GONE_OP] = "DELETE FROM record_op WHERE compartment = ?",
    [RECORD_SQL_GONE_UNTOLD] = "DELETE FROM record_untold WHERE compartment = ? AND type = ?",
};
