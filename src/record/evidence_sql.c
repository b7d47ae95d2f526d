// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/evidence_sql.h"

const char evidence_schema[] =
    /* file: null where it lies on another device only, or was erased */
    "CREATE TABLE IF NOT EXISTS evidence_item (id BLOB PRIMARY KEY, file BLOB UNIQUE,"
    " added INTEGER NOT NULL, erased INTEGER NOT NULL DEFAULT 0);"
    /* sealed under the erasure key (src/vault/erasure.h) */
    "CREATE TABLE IF NOT EXISTS evidence_key (n INTEGER PRIMARY KEY, item BLOB NOT NULL"
    " UNIQUE, sealed BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS evidence_entry (n INTEGER PRIMARY KEY, item BLOB NOT NULL,"
    " hash BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL);"
    "CREATE INDEX IF NOT EXISTS evidence_entry_item ON evidence_entry (item);"
    /* entries that no other names yet */
    "CREATE TABLE IF NOT EXISTS evidence_head (item BLOB, hash BLOB, PRIMARY KEY (item, hash))"
    " WITHOUT ROWID;"
    /* entries of this device that wait for a time stamp */
    "CREATE TABLE IF NOT EXISTS evidence_pending (n INTEGER PRIMARY KEY, item BLOB NOT NULL,"
    " hash BLOB NOT NULL UNIQUE);"
    "CREATE TABLE IF NOT EXISTS evidence_token (root BLOB PRIMARY KEY, response BLOB NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS evidence_tick (id INTEGER PRIMARY KEY CHECK (id = 1),"
    " at INTEGER NOT NULL);"
    /* who is asked for time stamps while the desk is open */
    "CREATE TABLE IF NOT EXISTS evidence_authority (id INTEGER PRIMARY KEY CHECK (id = 1),"
    " url TEXT NOT NULL, pace INTEGER NOT NULL, ca BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS evidence_roster (serial INTEGER PRIMARY KEY, note BLOB NOT"
    " NULL);";

const char *const evidence_statements[EVIDENCE_SQL_COUNT] = {
    [EVIDENCE_SQL_ITEM_ADD] = "INSERT OR IGNORE INTO evidence_item (id, added) VALUES (?,?)",
    [EVIDENCE_SQL_ITEM_FILE] = "UPDATE evidence_item SET file = ?2 WHERE id = ?1",
    [EVIDENCE_SQL_ITEM_GET] =
	"SELECT id, file, added, erased FROM evidence_item WHERE hex(id) LIKE ?1 || '%' LIMIT 2",
    [EVIDENCE_SQL_ITEM_LIST] = "SELECT id FROM evidence_item ORDER BY added, rowid",
    [EVIDENCE_SQL_ITEM_ERASED] = "UPDATE evidence_item SET erased = 1, file = NULL WHERE id = ?",
    [EVIDENCE_SQL_ITEM_HAS_FILE] = "SELECT count(*) FROM evidence_item WHERE file = ?",
    [EVIDENCE_SQL_KEY_ADD] = "INSERT INTO evidence_key (item, sealed) VALUES (?,?)",
    [EVIDENCE_SQL_KEY_GET] = "SELECT sealed FROM evidence_key WHERE item = ?",
    [EVIDENCE_SQL_KEY_DROP] = "DELETE FROM evidence_key WHERE item = ?",
    [EVIDENCE_SQL_ENTRY_ADD] = "INSERT INTO evidence_entry (item, hash, bytes) VALUES (?,?,?)",
    [EVIDENCE_SQL_ENTRY_HAVE] = "SELECT count(*) FROM evidence_entry WHERE item = ? AND hash = ?",
    [EVIDENCE_SQL_ENTRY_OF] = "SELECT bytes FROM evidence_entry WHERE item = ? ORDER BY n",
    [EVIDENCE_SQL_HEAD_ADD] = "INSERT INTO evidence_head VALUES (?,?)",
    [EVIDENCE_SQL_HEAD_DROP] = "DELETE FROM evidence_head WHERE item = ? AND hash = ?",
    [EVIDENCE_SQL_HEAD_OF] = "SELECT hash FROM evidence_head WHERE item = ? LIMIT 8",
    [EVIDENCE_SQL_PENDING_ADD] = "INSERT INTO evidence_pending (item, hash) VALUES (?,?)",
    [EVIDENCE_SQL_PENDING_DROP] = "DELETE FROM evidence_pending WHERE hash = ?",
    [EVIDENCE_SQL_PENDING_NEXT] = "SELECT item, hash FROM evidence_pending ORDER BY n LIMIT ?",
    [EVIDENCE_SQL_PENDING_COUNT] = "SELECT count(*) FROM evidence_pending",
    [EVIDENCE_SQL_TOKEN_ADD] = "INSERT OR IGNORE INTO evidence_token VALUES (?,?)",
    [EVIDENCE_SQL_TOKEN_GET] = "SELECT response FROM evidence_token WHERE root = ?",
    [EVIDENCE_SQL_TICK_GET] = "SELECT at FROM evidence_tick",
    [EVIDENCE_SQL_TICK_PUT] = "INSERT OR REPLACE INTO evidence_tick VALUES (1,?)",
    [EVIDENCE_SQL_AUTHORITY_PUT] = "INSERT OR REPLACE INTO evidence_authority VALUES (1,?,?,?)",
    [EVIDENCE_SQL_AUTHORITY_GET] = "SELECT url, pace, ca FROM evidence_authority",
    [EVIDENCE_SQL_AUTHORITY_DROP] = "DELETE FROM evidence_authority",
    [EVIDENCE_SQL_ROSTER_ADD] = "INSERT OR IGNORE INTO evidence_roster VALUES (?,?)",
    [EVIDENCE_SQL_ROSTER_LIST] = "SELECT note FROM evidence_roster ORDER BY serial",
};
