// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/sql.h"

const char desk_schema[] =
    /* this device: one row */
    "CREATE TABLE self (id INTEGER PRIMARY KEY CHECK (id = 1), desk_id BLOB NOT NULL,"
    " identity_key BLOB NOT NULL, name TEXT NOT NULL, relay_url TEXT NOT NULL,"
    " relay_key BLOB NOT NULL, batch_cells INTEGER NOT NULL, lane INTEGER NOT NULL,"
    " device_id BLOB NOT NULL, sign_secret BLOB NOT NULL, xwing_seed BLOB NOT NULL,"
    " board_secret BLOB NOT NULL, intake_days INTEGER NOT NULL,"
    " campaign_days INTEGER NOT NULL, trusted_day INTEGER NOT NULL,"
    " turned_day INTEGER NOT NULL);"
    /* card, roster, identity, epochs */
    "CREATE TABLE note (name TEXT PRIMARY KEY, bytes BLOB NOT NULL,"
    " serial INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE epoch_key (door INTEGER, day INTEGER, gen INTEGER, seed BLOB NOT NULL,"
    " hash BLOB NOT NULL, put INTEGER NOT NULL, PRIMARY KEY (door, day, gen));"
    /* T of a month's chain, of one day only */
    "CREATE TABLE tag_key (conv INTEGER, month INTEGER, day INTEGER NOT NULL,"
    " key BLOB NOT NULL, told INTEGER NOT NULL, PRIMARY KEY (conv, month));"
    "CREATE INDEX tag_key_day ON tag_key (day);"
    "CREATE TABLE tag_count (conv INTEGER, day INTEGER, next INTEGER NOT NULL,"
    " PRIMARY KEY (conv, day)) WITHOUT ROWID;"
    /* conversations; number 0 is what came to the campaign door without one */
    "CREATE TABLE conversation (id INTEGER PRIMARY KEY, conv_id BLOB NOT NULL UNIQUE,"
    " words INTEGER NOT NULL, door INTEGER NOT NULL, begun INTEGER NOT NULL, language TEXT,"
    " urgency INTEGER NOT NULL DEFAULT 0, needs BLOB, windows BLOB,"
    " waits_since INTEGER NOT NULL DEFAULT 0, heard INTEGER NOT NULL DEFAULT 0,"
    " answered INTEGER NOT NULL DEFAULT 0, check_in INTEGER NOT NULL DEFAULT 0,"
    " check_in_due INTEGER NOT NULL DEFAULT 0, answer_by INTEGER NOT NULL DEFAULT 0,"
    " questions INTEGER NOT NULL DEFAULT 0, unread INTEGER NOT NULL DEFAULT 0,"
    /* number: as all devices call it, 0 before they know; rest: what its words are sealed under here; compartment:
     * where the others are told of it, and whether they are */
    " number INTEGER NOT NULL DEFAULT 0, rest BLOB, compartment BLOB,"
    " said INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX conversation_compartment ON conversation (compartment);"
    "INSERT INTO conversation (id, conv_id, words, door, begun) VALUES (0, zeroblob(16), 0,"
    " 2, 0);"
    "CREATE TABLE conversation_key (conv INTEGER PRIMARY KEY, reply_key BLOB NOT NULL);"
    "CREATE TABLE second (conv INTEGER, other INTEGER, at INTEGER NOT NULL,"
    " PRIMARY KEY (conv, other)) WITHOUT ROWID;"
    /* what people sent: records without hello, file keys and tag keys blanked */
    "CREATE TABLE message (id INTEGER PRIMARY KEY, conv INTEGER NOT NULL,"
    " msgid BLOB NOT NULL, door INTEGER NOT NULL, day INTEGER NOT NULL, at INTEGER NOT NULL,"
    " records BLOB NOT NULL, read_at INTEGER NOT NULL DEFAULT 0,"
    " acknowledged INTEGER NOT NULL DEFAULT 0, shared INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX message_unshared ON message (id) WHERE shared = 0;"
    "CREATE UNIQUE INDEX message_msgid ON message (conv, msgid);"
    /* what the desk sends: one row a cell. state: 0 queued, 1 in the batch being appended, 2 published */
    "CREATE TABLE reply (id INTEGER PRIMARY KEY, conv INTEGER NOT NULL, msgid BLOB NOT NULL,"
    " at INTEGER NOT NULL, records BLOB NOT NULL, state INTEGER NOT NULL DEFAULT 0,"
    /* on a device that does not publish: the operation that its cell went in, and the cell's day */
    " cell INTEGER NOT NULL DEFAULT 0, day INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX reply_conv ON reply (conv);"
    "CREATE INDEX reply_queue ON reply (id) WHERE state < 2;"
    /* state: 0 wanted, 1 kept but still on the relay, 2 kept, 3 missing, 4 broken, 5 too large */
    "CREATE TABLE file (id INTEGER PRIMARY KEY, conv INTEGER NOT NULL,"
    " message INTEGER NOT NULL, door INTEGER NOT NULL, fk BLOB, manifest BLOB NOT NULL,"
    " size INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0,"
    " tries INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX file_conv ON file (conv);"
    "CREATE INDEX file_open ON file (id) WHERE state < 2;"
    "CREATE TABLE piece (file INTEGER, i INTEGER, bytes BLOB NOT NULL, PRIMARY KEY (file,"
    " i));"
    /* the publisher's log: row n is the checkpoint of size n, the newest may be still to append */
    "CREATE TABLE board (size INTEGER PRIMARY KEY, hour INTEGER NOT NULL, root BLOB NOT NULL,"
    " text BLOB NOT NULL, sections BLOB, done INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE board_edge (id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL,"
    " edge BLOB NOT NULL);"
    "CREATE TABLE board_day (day INTEGER PRIMARY KEY, first INTEGER NOT NULL);"
    "CREATE TABLE board_tag (tag BLOB PRIMARY KEY) WITHOUT ROWID;"
    /* per door: an unfinished emptying, the last that was whole, the one that the next is to prove, the last told */
    "CREATE TABLE door (door INTEGER PRIMARY KEY, begun INTEGER NOT NULL,"
    " drained INTEGER NOT NULL, refused INTEGER NOT NULL, mark INTEGER NOT NULL, told INTEGER NOT NULL);"
    /* which device has been given which key, in a box */
    "CREATE TABLE tag_given (conv_id BLOB, month INTEGER, device BLOB, PRIMARY KEY (conv_id, month,"
    " device)) WITHOUT ROWID;"
    "CREATE TABLE epoch_given (door INTEGER, day INTEGER, gen INTEGER, device BLOB,"
    " PRIMARY KEY (door, day, gen, device)) WITHOUT ROWID;"
    "CREATE TABLE alarm (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, conv INTEGER NOT NULL,"
    " kind INTEGER NOT NULL, a INTEGER NOT NULL, b INTEGER NOT NULL);"
    "CREATE UNIQUE INDEX alarm_once ON alarm (conv, kind, a, b);";

const char *const desk_statements[SQL_COUNT] = {
    [SQL_SELF_PUT] = "INSERT INTO self VALUES (1,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [SQL_SELF_GET] =
	"SELECT desk_id, identity_key, name, relay_url, relay_key, batch_cells, lane,"
	" device_id, sign_secret, xwing_seed, board_secret, intake_days, campaign_days,"
	" trusted_day, turned_day FROM self",
    [SQL_SELF_NAMED] = "UPDATE self SET name = ?, relay_url = ?, relay_key = ?, batch_cells = ?",
    [SQL_SELF_BOARD] = "UPDATE self SET board_secret = ?",
    [SQL_SELF_TRUSTED] = "UPDATE self SET trusted_day = ?",
    [SQL_SELF_TURNED] = "UPDATE self SET turned_day = ?",
    [SQL_NOTE_PUT] = "INSERT OR REPLACE INTO note VALUES (?,?,?)",
    [SQL_NOTE_GET] = "SELECT bytes, serial FROM note WHERE name = ?",
    [SQL_EPOCH_ADD] = "INSERT OR IGNORE INTO epoch_key VALUES (?,?,?,?,?,0)",
    [SQL_EPOCH_HAVE] = "SELECT 1 FROM epoch_key WHERE door = ? AND day = ?",
    [SQL_EPOCH_SEED] = "SELECT seed FROM epoch_key WHERE door = ? AND day = ? AND gen = ?",
    [SQL_EPOCH_LIST] =
	"SELECT door, day, max(gen), hash FROM epoch_key WHERE day >= ? GROUP BY door, day"
	" ORDER BY door, day",
    [SQL_EPOCH_UNPUT] =
	"SELECT door, day, gen, seed FROM epoch_key WHERE put = 0 AND day >= ? ORDER BY"
	" door, day LIMIT ?",
    [SQL_EPOCH_PUT] = "UPDATE epoch_key SET put = 1 WHERE door = ? AND day = ? AND gen = ?",
    [SQL_EPOCH_ERASE] = "DELETE FROM epoch_key WHERE door = ? AND day < ?",
    [SQL_EPOCH_OLDEST] = "SELECT min(day) FROM epoch_key WHERE door = ?",
    [SQL_EPOCH_LAST] = "SELECT max(day) FROM epoch_key WHERE door = ?",
    [SQL_TAG_GET] = "SELECT day, key, told FROM tag_key WHERE conv = ? AND month = ?",
    [SQL_TAG_PUT] = "INSERT OR REPLACE INTO tag_key VALUES (?,?,?,?,?)",
    [SQL_TAG_NEWEST] = "SELECT max(month) FROM tag_key WHERE conv = ?",
    [SQL_TAG_FOR] =
	"SELECT month, day, key FROM tag_key WHERE conv = ? AND day BETWEEN ? AND ? AND"
	" month * 30 <= day ORDER BY day, month DESC LIMIT 1",
    [SQL_TAG_BEHIND] =
	"SELECT conv, month, day, key, told FROM tag_key WHERE day < ? LIMIT 256",
    [SQL_TAG_OUTDATED] =
	"DELETE FROM tag_key WHERE month < (SELECT max(n.month) FROM tag_key n WHERE"
	" n.conv = tag_key.conv AND n.month * 30 <= ?)",
    [SQL_TAG_OUTDATED_OF] =
	"DELETE FROM tag_key WHERE conv = ?1 AND month < (SELECT max(n.month) FROM tag_key"
	" n WHERE n.conv = ?1 AND n.month * 30 <= ?2)",
    [SQL_COUNT_GET] = "SELECT next FROM tag_count WHERE conv = ? AND day = ?",
    [SQL_COUNT_PUT] = "INSERT OR REPLACE INTO tag_count VALUES (?,?,?)",
    [SQL_COUNT_OUTDATED] = "DELETE FROM tag_count WHERE day < ?",
    [SQL_CONV_FIND] =
	"SELECT c.id, c.door, c.waits_since, c.urgency, t.day, t.key, t.told FROM"
	" conversation c LEFT JOIN tag_key t ON t.conv = c.id AND t.month = ?2 WHERE"
	" c.conv_id = ?1",
    [SQL_CONV_ADD] =
	"INSERT INTO conversation (id, conv_id, words, door, begun) VALUES (?,?,?,?,?)",
    [SQL_CONV_LAST] = "SELECT max(id) FROM conversation",
    [SQL_CONV_KEY_ADD] = "INSERT INTO conversation_key VALUES (?,?)",
    [SQL_CONV_KEY] = "SELECT reply_key FROM conversation_key WHERE conv = ?",
    [SQL_CONV_HEARD] =
	"UPDATE conversation SET door = ?2, waits_since = ?3, heard = ?4, unread = unread"
	" + 1, urgency = ?5, check_in = ?6, check_in_due = 0, language = coalesce(?7,"
	" language), needs = coalesce(?8, needs), windows = coalesce(?9, windows) WHERE id"
	" = ?1",
    [SQL_CONV_READ] =
	"UPDATE conversation SET unread = (SELECT count(*) FROM message WHERE conv = ?1"
	" AND read_at = 0) WHERE id = ?1",
    [SQL_CONV_ANSWERED] =
	"UPDATE conversation SET answered = ?2, waits_since = coalesce((SELECT min(at)"
	" FROM message WHERE conv = ?1 AND read_at = 0), 0) WHERE id = ?1",
    [SQL_CONV_ANSWERED_AT] = "SELECT answered FROM conversation WHERE conv_id = ?",
    [SQL_CONV_PLANNED] =
	"UPDATE conversation SET answer_by = ?2, check_in_due = CASE WHEN ?3 > 0 THEN ?3"
	" ELSE check_in_due END, questions = ?4 WHERE id = ?1",
    [SQL_CONV_LIST] =
	"SELECT id, conv_id, words, door, begun, language, urgency, needs, windows,"
	" waits_since, heard, answered, check_in, check_in_due, answer_by, questions,"
	" unread, CASE number WHEN 0 THEN id ELSE number END FROM conversation ORDER BY id",
    [SQL_CONV_GET] =
	"SELECT id, conv_id, words, door, begun, language, urgency, needs, windows,"
	" waits_since, heard, answered, check_in, check_in_due, answer_by, questions,"
	" unread, CASE number WHEN 0 THEN id ELSE number END FROM conversation WHERE id = ?",
    [SQL_CONV_BY_NUMBER] =
	"SELECT id, words FROM conversation WHERE CASE number WHEN 0 THEN id ELSE number END = ?",
    [SQL_CONV_REST] = "SELECT rest FROM conversation WHERE id = ?",
    [SQL_CONV_REST_PUT] = "UPDATE conversation SET rest = ?2 WHERE id = ?1",
    [SQL_CONV_UNPLACED] =
	"SELECT id FROM conversation WHERE compartment IS NULL AND id > 0 ORDER BY id LIMIT 256",
    [SQL_CONV_PLACE] = "UPDATE conversation SET compartment = ?2, said = 0, number = 0 WHERE id = ?1",
    [SQL_CONV_UNSAID] =
	"SELECT c.id, c.conv_id, c.door, c.words, c.compartment, k.reply_key, p.n FROM conversation c"
	" JOIN conversation_key k ON k.conv = c.id JOIN compartment p ON p.id = c.compartment AND"
	" p.state = 0 WHERE c.said = 0 ORDER BY c.id LIMIT 64",
    [SQL_CONV_SAID] = "UPDATE conversation SET said = 1, number = ?2 WHERE id = ?1",
    [SQL_CONV_TOLD] =
	"UPDATE conversation SET words = ?2, door = ?3, compartment = ?4, number = ?5, said = 1 WHERE id = ?1",
    [SQL_CONV_OF_COMPARTMENT] = "SELECT id FROM conversation WHERE compartment = ?",
    [SQL_CONV_COMPARTMENT] = "SELECT compartment, said, conv_id FROM conversation WHERE id = ?",
    [SQL_CONV_PLANS_TOLD] =
	"UPDATE conversation SET answer_by = ?2, check_in_due = CASE WHEN ?3 > 0 THEN ?3 ELSE check_in_due"
	" END WHERE id = ?1",
    [SQL_CONV_DROP] = "DELETE FROM conversation WHERE id = ?",
    [SQL_CONV_KEY_DROP] = "DELETE FROM conversation_key WHERE conv = ?",
    [SQL_MESSAGE_UNSHARED] =
	"SELECT m.id, m.conv, m.msgid, m.door, m.day, m.at, m.records, c.conv_id, c.compartment FROM"
	" message m JOIN conversation c ON c.id = m.conv AND c.said = 1 WHERE m.shared = 0 ORDER BY"
	" m.id LIMIT 1",
    [SQL_MESSAGE_SHARED] = "UPDATE message SET shared = 1 WHERE id = ?",
    [SQL_MESSAGE_DROP] = "DELETE FROM message WHERE conv = ?",
    [SQL_MESSAGE_READ_TOLD] =
	"UPDATE message SET read_at = ?3 WHERE conv = ?1 AND msgid = ?2 AND read_at = 0",
    [SQL_MESSAGE_FRESH] = "SELECT msgid FROM message WHERE conv = ?1 AND id <= ?2 AND read_at = 0 LIMIT 256",
    [SQL_REPLY_DROP] = "DELETE FROM reply WHERE conv = ?",
    [SQL_REPLY_SEALED] = "UPDATE reply SET state = 1, cell = ?2, day = ?3 WHERE id = ?1",
    [SQL_REPLY_OUT] = "UPDATE reply SET state = 2 WHERE cell = ? AND state = 1",
    [SQL_REPLY_LATE] = "UPDATE reply SET state = 0, cell = 0, day = 0 WHERE state = 1 AND cell > 0 AND day < ?",
    [SQL_FILE_PIECES_DROP] = "DELETE FROM piece WHERE file IN (SELECT id FROM file WHERE conv = ?)",
    [SQL_FILE_DROP] = "DELETE FROM file WHERE conv = ?",
    [SQL_SECOND_DROP] = "DELETE FROM second WHERE conv = ?1 OR other = ?1",
    [SQL_TAG_DROP] = "DELETE FROM tag_key WHERE conv = ?",
    [SQL_TAG_OWED] =
	"SELECT c.conv_id, c.compartment, t.conv, t.month, t.day, t.key FROM tag_key t JOIN conversation"
	" c ON c.id = t.conv JOIN compartment p ON p.id = c.compartment AND p.state = 0 JOIN member m ON"
	" m.c = p.n AND m.removed = 0 AND m.granted = p.gen JOIN device d ON d.n = m.device AND d.id ="
	" ?1 WHERE NOT EXISTS (SELECT 1 FROM tag_given g WHERE g.conv_id = c.conv_id AND g.month ="
	" t.month AND g.device = ?1) ORDER BY t.conv, t.month LIMIT ?2",
    [SQL_TAG_GIVEN] = "INSERT OR IGNORE INTO tag_given VALUES (?,?,?)",
    [SQL_EPOCH_OWED] =
	"SELECT door, day, gen, seed FROM epoch_key e WHERE door = ?2 AND day >= ?3 AND NOT EXISTS (SELECT 1"
	" FROM epoch_given g WHERE g.door = e.door AND g.day = e.day AND g.gen = e.gen AND g.device ="
	" ?1) ORDER BY day, gen LIMIT ?4",
    [SQL_TAG_UNGIVEN] = "DELETE FROM tag_given WHERE device = ?",
    [SQL_EPOCH_UNGIVEN] = "DELETE FROM epoch_given WHERE device = ?",
    [SQL_EPOCH_GIVEN] = "INSERT OR IGNORE INTO epoch_given VALUES (?,?,?,?)",
    [SQL_EPOCH_LEAKED] =
	"SELECT count(*) FROM epoch_given g JOIN device d ON d.id = g.device AND (d.listed = 0 OR d.suspended"
	" <> 0) WHERE g.day >= ? AND g.gen = (SELECT max(e.gen) FROM epoch_key e WHERE e.door = g.door AND"
	" e.day = g.day)",
    [SQL_EPOCH_GEN] = "SELECT max(gen) FROM epoch_key WHERE door = ? AND day = ?",
    [SQL_CONV_BY_ID] = "SELECT id FROM conversation WHERE conv_id = ?",
    [SQL_SECOND_ADD] = "INSERT OR IGNORE INTO second VALUES (?,?,?)",
    [SQL_SECOND_OF] =
	"SELECT conv, other, at FROM second WHERE conv = ?1 OR other = ?1 ORDER BY at",
    [SQL_MESSAGE_ADD] =
	"INSERT OR IGNORE INTO message (conv, msgid, door, day, at, records) VALUES"
	" (?,?,?,?,?,?)",
    [SQL_MESSAGE_OF] =
	"SELECT id, msgid, day, at, read_at, records FROM message WHERE conv = ? ORDER BY"
	" id",
    [SQL_MESSAGE_READ] =
	"UPDATE message SET read_at = ?3 WHERE conv = ?1 AND id <= ?2 AND read_at = 0",
    [SQL_MESSAGE_TO_ACKNOWLEDGE] =
	"SELECT id, msgid FROM message WHERE conv = ? AND read_at > 0 AND acknowledged = 0"
	" ORDER BY id LIMIT ?",
    [SQL_MESSAGE_ACKNOWLEDGED] = "UPDATE message SET acknowledged = 1 WHERE id = ?",
    [SQL_REPLY_ADD] = "INSERT INTO reply (conv, msgid, at, records) VALUES (?,?,?,?)",
    [SQL_REPLY_OF] =
	"SELECT id, msgid, at, state, records FROM reply WHERE conv = ? ORDER BY id",
    [SQL_REPLY_QUEUE] =
	"SELECT id, conv, records FROM reply WHERE state = 0 AND id > ? ORDER BY id LIMIT"
	" 1",
    [SQL_REPLY_WAITING] = "SELECT count(*) FROM reply WHERE state < 2",
    [SQL_REPLY_TAKEN] = "UPDATE reply SET state = 1 WHERE id = ?",
    [SQL_REPLY_PUBLISHED] = "UPDATE reply SET state = ? WHERE state = 1",
    [SQL_FILE_ADD] =
	"INSERT INTO file (conv, message, door, fk, manifest, size, state) VALUES"
	" (?,?,?,?,?,?,?)",
    [SQL_FILE_OPEN] =
	"SELECT id, door, fk, manifest, state, tries, message, conv FROM file WHERE state < 2 AND id > ?"
	" ORDER BY id LIMIT 1",
    [SQL_FILE_OF] =
	"SELECT id, message, manifest, size, state FROM file WHERE conv = ? ORDER BY id",
    [SQL_FILE_STATE] = "UPDATE file SET state = ?2 WHERE id = ?1",
    [SQL_FILE_CLOSED] = "UPDATE file SET state = ?2, fk = NULL WHERE id = ?1",
    [SQL_FILE_TRIED] = "UPDATE file SET tries = tries + 1 WHERE id = ?",
    [SQL_PIECE_ADD] = "INSERT OR REPLACE INTO piece VALUES (?,?,?)",
    [SQL_PIECE_COUNT] = "SELECT count(*) FROM piece WHERE file = ?",
    [SQL_PIECE_GET] =
	"SELECT p.bytes, f.conv FROM piece p JOIN file f ON f.id = p.file WHERE p.file = ? AND p.i = ?",
    [SQL_PIECE_DROP] = "DELETE FROM piece WHERE file = ?",
    [SQL_BOARD_ADD] = "INSERT INTO board (size, hour, root, text, sections) VALUES (?,?,?,?,?)",
    [SQL_BOARD_HEAD] =
	"SELECT size, hour, root, text, done FROM board ORDER BY size DESC LIMIT 1",
    [SQL_BOARD_AT] = "SELECT hour, root, text, sections FROM board WHERE size = ?",
    [SQL_BOARD_BEFORE] =
	"SELECT size, hour FROM board WHERE done = 1 AND hour <= ? ORDER BY size DESC"
	" LIMIT 1",
    [SQL_BOARD_DONE] = "UPDATE board SET done = 1 WHERE size = ?",
    [SQL_BOARD_THIN] =
	"UPDATE board SET sections = NULL WHERE hour < ? AND done = 1 AND sections IS NOT"
	" NULL",
    [SQL_EDGE_GET] = "SELECT size, edge FROM board_edge",
    [SQL_EDGE_PUT] = "INSERT OR REPLACE INTO board_edge VALUES (1,?,?)",
    [SQL_DAY_ADD] = "INSERT OR IGNORE INTO board_day VALUES (?,?)",
    [SQL_DAY_LIST] = "SELECT day, first FROM board_day ORDER BY day",
    [SQL_BOARD_TAG_ADD] = "INSERT OR IGNORE INTO board_tag VALUES (?)",
    [SQL_BOARD_TAG_HAVE] = "SELECT 1 FROM board_tag WHERE tag = ?",
    [SQL_DOOR_GET] = "SELECT begun, drained, refused, mark, told FROM door WHERE door = ?",
    [SQL_DOOR_PUT] = "INSERT OR REPLACE INTO door VALUES (?,?,?,?,?,?)",
    [SQL_ALARM_ADD] = "INSERT OR IGNORE INTO alarm (at, conv, kind, a, b) VALUES (?,?,?,?,?)",
    [SQL_ALARM_LIST] = "SELECT id, at, conv, kind, a, b FROM alarm ORDER BY id DESC LIMIT ?",
    [SQL_ALARM_OF] = "SELECT id, at, conv, kind, a, b FROM alarm WHERE conv = ? ORDER BY id",
};
