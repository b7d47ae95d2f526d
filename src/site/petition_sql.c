// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/petition_sql.h"

/* states of a mark: enum mark_state in petition.c. 0 counted, 1 withdrawn, 2 withdrawn before it came, 3 waits to be
 * confirmed, 4 one more of an address, 5 never confirmed. States of a letter: 0 waits, 1 accepted, 2 refused. */
const char petition_schema[] =
    "CREATE TABLE IF NOT EXISTS petition (n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " closed INTEGER NOT NULL DEFAULT 0, repeated INTEGER NOT NULL DEFAULT 0);"
    /* apart from the petition, since a backup leaves out every row with such a key. which: enum petition_key, 0 of
     * the fingerprints of addresses, gone when it closes, 1 what signers' names are sealed under */
    "CREATE TABLE IF NOT EXISTS petition_key (n INTEGER PRIMARY KEY, petition INTEGER NOT NULL,"
    " which INTEGER NOT NULL, key BLOB NOT NULL, UNIQUE (petition, which));"
    "CREATE TABLE IF NOT EXISTS petition_mark (petition INTEGER, mark BLOB, state INTEGER NOT NULL,"
    " country TEXT, print BLOB, name BLOB, PRIMARY KEY (petition, mark)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS petition_print ON petition_mark (petition, print, state);"
    /* an address that waits for its answer, under a key of its own; sent: letters that went to it */
    "CREATE TABLE IF NOT EXISTS petition_address (n INTEGER PRIMARY KEY AUTOINCREMENT, petition INTEGER NOT"
    " NULL, mark BLOB NOT NULL, key BLOB, address BLOB, sent INTEGER NOT NULL DEFAULT 0,"
    " UNIQUE (petition, mark));"
    "CREATE TABLE IF NOT EXISTS site_letter (n INTEGER PRIMARY KEY AUTOINCREMENT, msgid BLOB NOT NULL UNIQUE,"
    " day INTEGER NOT NULL, key BLOB, words BLOB, state INTEGER NOT NULL DEFAULT 0,"
    " proven INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX IF NOT EXISTS site_letter_waits ON site_letter (n) WHERE state = 0;";

const char *const petition_statements[PETITION_SQL_COUNT] = {
    [PETITION_SQL_ADD] = "INSERT INTO petition (name) VALUES (?)",
    [PETITION_SQL_KEY_GET] = "SELECT key FROM petition_key WHERE petition = ? AND which = ?",
    [PETITION_SQL_KEY_ADD] = "INSERT INTO petition_key (petition, which, key) VALUES (?,?,?)",
    [PETITION_SQL_KEY_DROP] = "DELETE FROM petition_key WHERE petition = ? AND which = 0",
    [PETITION_SQL_GET] = "SELECT n, closed, repeated FROM petition WHERE name = ?",
    [PETITION_SQL_LIST] = "SELECT name FROM petition WHERE name > ? ORDER BY name LIMIT 1",
    [PETITION_SQL_REPEATED] = "UPDATE petition SET repeated = repeated + 1 WHERE n = ?",
    [PETITION_SQL_CLOSE] = "UPDATE petition SET closed = ?2 WHERE n = ?1",
    [PETITION_SQL_CLOSE_MARKS] =
	"UPDATE petition_mark SET print = NULL, state = CASE state WHEN 3 THEN 5 ELSE state END WHERE"
	" petition = ?",
    [PETITION_SQL_CLOSE_ADDRESSES] = "DELETE FROM petition_address WHERE petition = ?",
    [PETITION_SQL_MARK_GET] = "SELECT state FROM petition_mark WHERE petition = ? AND mark = ?",
    [PETITION_SQL_MARK_ADD] = "INSERT INTO petition_mark VALUES (?,?,?,?,?,?)",
    [PETITION_SQL_MARK_STATE] = "UPDATE petition_mark SET state = ?3 WHERE petition = ?1 AND mark = ?2",
    [PETITION_SQL_MARK_WITHDRAW] =
	"UPDATE petition_mark SET state = 1, country = NULL, print = NULL, name = NULL WHERE petition = ?1"
	" AND mark = ?2",
    [PETITION_SQL_MARK_COUNT] =
	"SELECT state, count(*) FROM petition_mark WHERE petition = ? GROUP BY state",
    [PETITION_SQL_MARK_LIST] =
	"SELECT mark FROM petition_mark WHERE petition = ? AND state = 0 ORDER BY mark",
    [PETITION_SQL_MARK_COUNTRIES] =
	"SELECT country, count(*) FROM petition_mark WHERE petition = ?1 AND state = 0 AND country IS NOT"
	" NULL GROUP BY country HAVING count(*) >= ?2 ORDER BY country",
    [PETITION_SQL_MARK_NAMES] =
	"SELECT mark, country, name FROM petition_mark WHERE petition = ? AND state = 0 AND name IS NOT NULL",
    [PETITION_SQL_PRINT_COUNTED] =
	"SELECT count(*) FROM petition_mark WHERE petition = ? AND print = ? AND state = 0",
    [PETITION_SQL_PRINT_WAITING] =
	"SELECT count(*) FROM petition_mark WHERE petition = ? AND print = ? AND state = 3",
    [PETITION_SQL_ADDRESS_ADD] =
	"INSERT INTO petition_address (petition, mark, key, address) VALUES (?,?,?,?)",
    [PETITION_SQL_ADDRESS_GET] =
	"SELECT a.petition, a.mark, m.print FROM petition_address a JOIN petition_mark m ON m.petition ="
	" a.petition AND m.mark = a.mark WHERE a.n = ?",
    [PETITION_SQL_ADDRESS_NEXT] =
	"SELECT n, mark, key, address FROM petition_address WHERE +petition = ?1 AND n > ?2 AND sent = 0"
	" ORDER BY n LIMIT 1",
    [PETITION_SQL_ADDRESS_SENT] = "UPDATE petition_address SET sent = sent + 1 WHERE n = ?",
    [PETITION_SQL_ADDRESS_DROP] = "DELETE FROM petition_address WHERE n = ?",
    [PETITION_SQL_ADDRESS_DROP_MARK] = "DELETE FROM petition_address WHERE petition = ? AND mark = ?",
    [PETITION_SQL_DOOR_NEXT] =
	"SELECT id, msgid, day, records FROM message WHERE id > ? AND +conv = 0 ORDER BY id LIMIT 1",
    [PETITION_SQL_DOOR_DROP] = "DELETE FROM message WHERE id = ?",
    [PETITION_SQL_DOOR_LEFT] = "SELECT count(*) FROM message WHERE conv = 0",
    [PETITION_SQL_DOOR_FILES] = "SELECT count(*) FROM file WHERE conv = 0",
    [PETITION_SQL_DOOR_UNREAD] =
	"UPDATE conversation SET unread = (SELECT count(*) FROM message WHERE conv = 0 AND read_at = 0),"
	" waits_since = coalesce((SELECT min(at) FROM message WHERE conv = 0 AND read_at = 0), 0) WHERE id ="
	" 0",
    [PETITION_SQL_DOOR_KEY_DROP] = "UPDATE conversation SET rest = NULL WHERE id = 0",
    [PETITION_SQL_LETTER_ADD] = "INSERT OR IGNORE INTO site_letter (msgid, day, key, words) VALUES (?,?,?,?)",
    [PETITION_SQL_LETTER_GET] = "SELECT n, day, state, proven, key, words, msgid FROM site_letter WHERE n = ?",
    [PETITION_SQL_LETTER_LIST] =
	"SELECT n, day, state, proven, key, words, msgid FROM site_letter WHERE n > ? AND state = 0 ORDER BY n"
	" LIMIT 1",
    [PETITION_SQL_LETTER_PROVEN] = "UPDATE site_letter SET proven = 1 WHERE n = ?",
    [PETITION_SQL_LETTER_DONE] = "UPDATE site_letter SET state = ?2, key = NULL, words = NULL WHERE n = ?1",
};
