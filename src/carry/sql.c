// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/sql.h"

/* No member of compartment c has its key, as far as everybody knows. */
#define NOBODY_GRANTED(c) \
	"NOT EXISTS (SELECT 1 FROM member o WHERE o.c = " c ".n AND o.removed = 0 AND o.granted = " c ".gen)"

/* No member of compartment c has all of what was said there. */
#define NOBODY_WHOLE(c) \
	"NOT EXISTS (SELECT 1 FROM member o WHERE o.c = " c " AND o.removed = 0 AND o.snapshot = 0)"

const char carry_schema[] =
    /* where this device stands in the feed; what it counts by */
    "CREATE TABLE feed (id INTEGER PRIMARY KEY CHECK (id = 1), next INTEGER NOT NULL, prev BLOB NOT NULL,"
    " head_day INTEGER NOT NULL, lamport INTEGER NOT NULL, counter INTEGER NOT NULL);"
    "CREATE TABLE carry_note (name TEXT PRIMARY KEY, bytes BLOB NOT NULL, serial INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE device (n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, sign_key BLOB NOT NULL,"
    " receive_key BLOB NOT NULL, alias TEXT NOT NULL, owner TEXT NOT NULL, roles TEXT NOT NULL DEFAULT '',"
    " since INTEGER NOT NULL DEFAULT 0, until INTEGER NOT NULL DEFAULT 0, listed INTEGER NOT NULL DEFAULT 0,"
    " suspended INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE day_key (device INTEGER, day INTEGER, public_key BLOB NOT NULL, PRIMARY KEY (device, day));"
    "CREATE TABLE my_day_key (day INTEGER PRIMARY KEY, seed BLOB NOT NULL);"
    /* number 1 is the desk's own. state: 0 live, 1 destroyed */
    "CREATE TABLE compartment (n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, kind INTEGER NOT NULL,"
    " case_id BLOB NOT NULL, gen INTEGER NOT NULL DEFAULT 1, creator BLOB NOT NULL, created INTEGER NOT NULL,"
    " day INTEGER NOT NULL DEFAULT 0, state INTEGER NOT NULL DEFAULT 0, rotate INTEGER NOT NULL DEFAULT 0, k "
    "INTEGER NOT NULL DEFAULT 0,"
    " m INTEGER NOT NULL DEFAULT 0, public_key BLOB);"
    "CREATE INDEX compartment_case ON compartment (case_id);"
    "CREATE INDEX compartment_rotate ON compartment (n) WHERE rotate = 1;"
    "CREATE TABLE member (c INTEGER, device INTEGER, lane INTEGER NOT NULL DEFAULT 0,"
    " together INTEGER NOT NULL DEFAULT 0, removed INTEGER NOT NULL DEFAULT 0,"
    " granted INTEGER NOT NULL DEFAULT 0, snapshot INTEGER NOT NULL DEFAULT 0,"
    " giver INTEGER NOT NULL DEFAULT 0,"
    " PRIMARY KEY (c, device)) WITHOUT ROWID;"
    "CREATE INDEX member_device ON member (device);"
    "CREATE INDEX member_wanting ON member (granted, c) WHERE removed = 0;"
    "CREATE INDEX member_giver ON member (giver) WHERE giver > 0;"
    /* key: of that generation and day; rest: what its operations are sealed under in this database */
    "CREATE TABLE compartment_key (c INTEGER PRIMARY KEY, gen INTEGER NOT NULL, day INTEGER NOT NULL, key BLOB,"
    " rest BLOB NOT NULL);"
    "CREATE INDEX compartment_key_day ON compartment_key (day);"
    /* a key that this device has made and the feed does not know yet */
    "CREATE TABLE new_key (n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, gen INTEGER NOT NULL, day INTEGER "
    "NOT NULL,"
    " key BLOB NOT NULL);"
    /* operations of compartments that this device is a member of, a record a row */
    "CREATE TABLE log (n INTEGER PRIMARY KEY, c INTEGER NOT NULL, seq INTEGER NOT NULL, device INTEGER NOT NULL,"
    " counter INTEGER NOT NULL, bytes BLOB NOT NULL);"
    "CREATE INDEX log_c ON log (c);"
    /* which records of the feed are of which compartment */
    "CREATE TABLE record_of (c INTEGER, seq INTEGER, PRIMARY KEY (c, seq)) WITHOUT ROWID;"
    /* what this device said and the feed does not have yet */
    "CREATE TABLE outbox (n INTEGER PRIMARY KEY, c INTEGER NOT NULL, counter INTEGER NOT NULL, bytes BLOB NOT NULL);"
    "CREATE INDEX outbox_c ON outbox (c);"
    "CREATE INDEX outbox_counter ON outbox (counter);"
    /* what of it was last on its way: of which compartment, up to which row, as which record */
    "CREATE TABLE posting (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, c INTEGER NOT NULL,"
    " last INTEGER NOT NULL);"
    /* a device that was welcomed, until it has the desk's state */
    "CREATE TABLE joining (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, prev BLOB NOT NULL,"
    " gen INTEGER NOT NULL, day INTEGER NOT NULL, key BLOB NOT NULL, welcomed_by BLOB NOT NULL,"
    " next_gen INTEGER NOT NULL, next_day INTEGER NOT NULL, next_author BLOB NOT NULL, next_key BLOB NOT NULL);"
    /* compartments that a device that is admitted again was in before, until it knows which are left */
    "CREATE TABLE was_in (id BLOB PRIMARY KEY) WITHOUT ROWID;"
    /* compartments that this device has opened for others, and leaves when they have the key */
    "CREATE TABLE leaving (id BLOB PRIMARY KEY) WITHOUT ROWID;"
    /* records that the relay says were deleted, and that nobody has accounted for yet */
    "CREATE TABLE hole (seq INTEGER PRIMARY KEY);"
    /* records that were passed over: whose, how many, and the last */
    "CREATE TABLE fault (device INTEGER PRIMARY KEY, records INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " day INTEGER NOT NULL);"
    "CREATE TABLE delete_owed (seq INTEGER PRIMARY KEY);"
    /* how it stood with a case, in order; what officers marked: c is 0 for a whole case */
    "CREATE TABLE case_change (n INTEGER PRIMARY KEY, case_id BLOB NOT NULL, state INTEGER NOT NULL,"
    " at INTEGER NOT NULL, author INTEGER NOT NULL);"
    "CREATE INDEX case_change_case ON case_change (case_id);"
    "CREATE TABLE mark (n INTEGER PRIMARY KEY, c INTEGER NOT NULL, case_id BLOB NOT NULL, mark INTEGER NOT NULL,"
    " at INTEGER NOT NULL, officer TEXT NOT NULL);"
    "CREATE INDEX mark_case ON mark (case_id);"
    "CREATE TABLE retention (kind INTEGER PRIMARY KEY, hours INTEGER NOT NULL);"
    "CREATE TABLE publisher (term INTEGER PRIMARY KEY, device INTEGER NOT NULL, stopped INTEGER NOT NULL DEFAULT 0,"
    " size INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE cell (n INTEGER PRIMARY KEY, device INTEGER NOT NULL, counter INTEGER NOT NULL, day INTEGER "
    "NOT NULL,"
    " bytes BLOB, size INTEGER, UNIQUE (device, counter));"
    "CREATE TABLE suspend_ask (n INTEGER PRIMARY KEY, device INTEGER NOT NULL, note BLOB NOT NULL,"
    " at INTEGER NOT NULL);"
    "CREATE TABLE suspension (n INTEGER PRIMARY KEY, note BLOB NOT NULL, serial INTEGER NOT NULL, at INTEGER "
    "NOT NULL,"
    " told INTEGER NOT NULL);"
    "CREATE TABLE task (id BLOB PRIMARY KEY, device INTEGER NOT NULL, c INTEGER NOT NULL, kind INTEGER NOT NULL,"
    " at INTEGER NOT NULL, done INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE threshold_share (n INTEGER PRIMARY KEY, c INTEGER NOT NULL, from_device INTEGER NOT NULL,"
    " number INTEGER NOT NULL, share BLOB NOT NULL, UNIQUE (c, from_device, number));"
    "CREATE TABLE threshold_open (c INTEGER PRIMARY KEY, seed BLOB NOT NULL, until INTEGER NOT NULL);"
    "CREATE TABLE ask (id BLOB PRIMARY KEY, device INTEGER NOT NULL, what INTEGER NOT NULL, c INTEGER NOT NULL,"
    " reason TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE consent (ask BLOB, device INTEGER, at INTEGER NOT NULL, PRIMARY KEY (ask, device)) WITHOUT ROWID;"
    "CREATE TABLE epoch_made (door INTEGER, day INTEGER, gen INTEGER, key_hash BLOB NOT NULL,"
    " PRIMARY KEY (door, day, gen)) WITHOUT ROWID;";

const char *const carry_statements[CARRY_STATEMENTS] = {
    [CARRY_FEED_PUT] = "INSERT OR REPLACE INTO feed VALUES (1,?,?,?,?,?)",
    [CARRY_FEED_GET] = "SELECT next, prev, head_day, lamport, counter FROM feed",
    [CARRY_FEED_AT] = "UPDATE feed SET next = ?, prev = ?, lamport = max(lamport, ?)",
    [CARRY_FEED_HEAD] = "UPDATE feed SET head_day = max(head_day, ?)",
    [CARRY_FEED_TICK] = "UPDATE feed SET lamport = min(lamport + 1, 4611686018427387904), counter = counter + 1",
    /* in 53 bits for as long as anybody lives; 4096: the one from before may have gone on for billions */
    [CARRY_FEED_LEAP] = "UPDATE feed SET counter = (max(?1, (counter >> 20) + 4096) << 20) + ?2",
    [CARRY_FEED_COUNTED] = "UPDATE feed SET counter = max(counter, ?)",
    [CARRY_NOTE_PUT] = "INSERT OR REPLACE INTO carry_note VALUES (?,?,?)",
    [CARRY_NOTE_DROP] = "DELETE FROM carry_note WHERE name = ?",
    [CARRY_NOTE_GET] = "SELECT bytes, serial FROM carry_note WHERE name = ?",
    [CARRY_DEVICE_ADD] =
	"INSERT INTO device (id, sign_key, receive_key, alias, owner) VALUES (?,?,?,?,?) ON CONFLICT "
	"(id) DO UPDATE SET alias = excluded.alias, owner = excluded.owner",
    [CARRY_DEVICE_COUNT] = "SELECT count(*) FROM device",
    [CARRY_DEVICE_FIND] = "SELECT n FROM device WHERE id = ?",
    [CARRY_DEVICE_GET] =
	"SELECT n, id, sign_key, alias, owner, roles, since, until, listed, suspended FROM device WHERE "
	"n = ?",
    [CARRY_DEVICE_BY_ID] =
	"SELECT n, id, sign_key, alias, owner, roles, since, until, listed, suspended FROM device WHERE "
	"id = ?",
    [CARRY_DEVICE_LIST] =
	"SELECT n, id, sign_key, alias, owner, roles, since, until, listed, suspended FROM device ORDER "
	"BY id",
    [CARRY_DEVICE_LISTED] =
	"UPDATE device SET roles = ?2, since = ?3, until = ?4, suspended = CASE WHEN listed = ?5 THEN "
	"suspended ELSE 0 END, listed = ?5 WHERE id = ?1 AND sign_key = ?6",
    [CARRY_DEVICE_SUSPENDED] = "UPDATE device SET suspended = ?2 WHERE id = ?1",
    [CARRY_DEVICES_UNLISTED] = "SELECT n FROM device WHERE listed > 0 AND listed < ?",
    [CARRY_DEVICE_UNLIST] = "UPDATE device SET listed = 0, roles = '' WHERE n = ?",
    [CARRY_DAY_KEY_PUT] = "INSERT OR REPLACE INTO day_key VALUES (?,?,?)",
    [CARRY_DAY_KEY_GET] = "SELECT public_key FROM day_key WHERE device = ? AND day = ?",
    [CARRY_DAY_KEY_OLD] = "DELETE FROM day_key WHERE day < ?",
    [CARRY_MY_DAY_KEY_PUT] = "INSERT OR REPLACE INTO my_day_key VALUES (?,?)",
    [CARRY_MY_DAY_KEY_GET] = "SELECT seed FROM my_day_key WHERE day = ?",
    [CARRY_MY_DAY_KEY_LAST] = "SELECT max(day) FROM my_day_key",
    [CARRY_MY_DAY_KEY_OLD] = "DELETE FROM my_day_key WHERE day < ?",
    [CARRY_COMPARTMENT_ADD] = "INSERT INTO compartment (id, kind, case_id, creator, created) VALUES (?,?,?,?,?)",
    [CARRY_COMPARTMENT_FIND] = "SELECT n FROM compartment WHERE id = ?",
    [CARRY_COMPARTMENT_GET] =
	"SELECT n, id, kind, case_id, gen, creator, created, day, state, rotate, k, m FROM compartment "
	"WHERE n = ?",
    [CARRY_COMPARTMENT_BY_ID] =
	"SELECT n, id, kind, case_id, gen, creator, created, day, state, rotate, k, m FROM compartment "
	"WHERE id = ?",
    [CARRY_COMPARTMENT_OF_CASE] =
	"SELECT n, id, kind, case_id, gen, creator, created, day, state, rotate, k, m FROM compartment "
	"WHERE case_id = ? ORDER BY created, n",
    [CARRY_COMPARTMENT_LIVE] =
	"SELECT n, id, kind, case_id, gen, creator, created, day, state, rotate, k, m FROM compartment "
	"WHERE state = 0 AND n > ? ORDER BY n LIMIT 1",
    [CARRY_COMPARTMENT_OF_KIND] =
	"SELECT n, id, kind, case_id, gen, creator, created, day, state, rotate, k, m FROM compartment "
	"WHERE kind = ? AND state = 0 ORDER BY n LIMIT 1",
    [CARRY_COMPARTMENT_DAY] = "UPDATE compartment SET day = ?2 WHERE n = ?1 AND day < ?2",
    [CARRY_NEW_KEY_PUT] = "INSERT OR REPLACE INTO new_key (id, gen, day, key) VALUES (?,?,?,?)",
    [CARRY_NEW_KEY_GET] = "SELECT gen, day, key FROM new_key WHERE id = ?",
    [CARRY_NEW_KEY_DROP] = "DELETE FROM new_key WHERE id = ?",
    [CARRY_COMPARTMENT_GEN] = "UPDATE compartment SET gen = ?2, rotate = 0 WHERE n = ?1",
    [CARRY_COMPARTMENT_ROTATE] = "UPDATE compartment SET rotate = 1 WHERE n = ?1 AND state = 0 AND k = 0",
    [CARRY_COMPARTMENT_DESTROYED] = "UPDATE compartment SET state = 1, rotate = 0 WHERE n = ?1",
    [CARRY_COMPARTMENT_THRESHOLD] = "UPDATE compartment SET k = ?2, m = ?3, public_key = ?4 WHERE n = ?1",
    [CARRY_ROTATE_OWED] =
	"SELECT c.n FROM compartment c JOIN member m ON m.c = c.n AND m.device = ?1 AND "
	"m.removed = 0 WHERE c.rotate = 1 AND c.state = 0 AND (m.granted = c.gen OR " NOBODY_GRANTED(
	    "c") ") "
		 "ORDER BY c.n LIMIT ?2",
    [CARRY_MEMBER_ADD] =
	"INSERT INTO member (c, device, lane, together) VALUES (?,?,?,?) ON CONFLICT (c, device) DO "
	"UPDATE SET removed = 0, granted = 0, snapshot = 0, giver = 0, lane = excluded.lane, together = "
	"excluded.together",
    [CARRY_MEMBER_GET] =
	"SELECT lane, together, removed, granted, snapshot, giver FROM member WHERE c = ? AND device = ?",
    [CARRY_MEMBER_LIST] =
	"SELECT m.device, m.lane, m.together, m.removed, m.granted, m.snapshot, m.giver FROM member m WHERE m.c ="
	" ? ORDER BY m.device",
    [CARRY_MEMBER_OF] =
	"SELECT c.n FROM member m JOIN compartment c ON c.n = m.c WHERE m.device = ? AND m.removed = 0 "
	"AND c.state = 0 ORDER BY c.n",
    [CARRY_MEMBER_REMOVED] =
	"UPDATE member SET removed = 1, granted = 0, snapshot = 0, giver = 0 WHERE c = ? AND device = ? AND removed"
	" = 0",
    [CARRY_MEMBERS_GONE] = "DELETE FROM member WHERE c = ?",
    [CARRY_MEMBER_UNGRANT] = "UPDATE member SET granted = 0 WHERE c = ?",
    [CARRY_MEMBER_WANTS] =
	"UPDATE member SET granted = 0, snapshot = 1, giver = 0 WHERE c = ? AND device = ? AND removed = 0",
    [CARRY_MEMBERS_GRANTED] = "UPDATE member SET granted = ?2 WHERE c = ?1 AND removed = 0",
    [CARRY_MEMBER_GRANTED] = "UPDATE member SET granted = ?3 WHERE c = ?1 AND device = ?2 AND removed = 0",
    [CARRY_ROTATE_ORPHAN] = "UPDATE compartment SET rotate = 1 WHERE n = ?1 AND " NOBODY_GRANTED("compartment"),
    [CARRY_MEMBER_SNAPSHOT] = "UPDATE member SET snapshot = 1, giver = 0 WHERE c = ? AND device = ?",
    /* whoever has it whole; where nobody has, whoever has some of it */
    [CARRY_MEMBER_MAY_GIVE] =
	"SELECT count(*) FROM member me WHERE me.c = ?1 AND me.device = ?2 AND me.removed = 0 AND "
	"(me.snapshot = 0 OR " NOBODY_WHOLE("?1") ")",
    [CARRY_MEMBER_GIVER] = "UPDATE member SET giver = ?3 WHERE c = ?1 AND device = ?2",
    [CARRY_GIVER_GONE] = "UPDATE member SET giver = 0 WHERE c = ? AND giver = ?",
    [CARRY_GIVEN_READY] =
	"SELECT c.id, d.id FROM member m JOIN compartment c ON c.n = m.c AND c.state = 0 JOIN device d ON "
	"d.n = m.device WHERE m.giver = ?1 AND m.giver > 0 AND m.snapshot = 1 AND NOT EXISTS (SELECT 1 FROM "
	"outbox o WHERE o.c = m.c OR o.c = 1) LIMIT ?2",
    [CARRY_MEMBER_GIVEN] = "UPDATE member SET snapshot = 0, giver = 0 WHERE c = ?1 AND device = ?2 AND giver = ?3",
    [CARRY_MARKED_AFTER] =
	"SELECT coalesce(min(c.n), 0) FROM compartment c JOIN member m ON m.c = c.n AND m.device = ?1 "
	"AND m.removed = 0 WHERE c.n > ?2 AND c.state = 0 AND EXISTS (SELECT 1 FROM mark k WHERE k.c = "
	"c.n OR (k.c = 0 AND k.case_id = c.case_id))",
    [CARRY_GRANT_OWED] =
	"SELECT m.c, m.device FROM member m JOIN compartment c ON c.n = m.c AND c.state = 0 AND c.rotate"
	" = 0 JOIN member me ON me.c = m.c AND me.device = ?1 AND me.removed = 0 AND me.granted = c.gen "
	"JOIN day_key k ON k.device = m.device AND k.day = ?2 JOIN device d ON d.n = m.device AND "
	"d.listed > 0 AND d.suspended = 0 WHERE m.removed = 0 AND m.device <> ?1 AND c.k = 0 AND (m.granted "
	"< c.gen OR (m.snapshot = 1 AND m.giver = 0 AND (me.snapshot = 0 OR " NOBODY_WHOLE(
	    "m.c") "))) ORDER BY m.device, m.c LIMIT ?3",
    [CARRY_LANE_LAST] = "SELECT max(lane) FROM member WHERE c = ?",
    [CARRY_MEMBER_KIND] =
	"SELECT count(*) FROM member m JOIN compartment c ON c.n = m.c WHERE m.device = ?1 AND m.removed"
	" = 0 AND c.state = 0 AND c.case_id = ?2 AND c.kind = ?3",
    [CARRY_KEY_PUT] = "INSERT OR REPLACE INTO compartment_key VALUES (?,?,?,?,?)",
    [CARRY_KEY_GET] = "SELECT gen, day, key, rest FROM compartment_key WHERE c = ?",
    [CARRY_KEY_MOVE] = "UPDATE compartment_key SET day = ?2, key = ?3 WHERE c = ?1",
    [CARRY_KEY_BEHIND] = "SELECT c, gen, day, key FROM compartment_key WHERE key IS NOT NULL AND day < ? LIMIT 256",
    [CARRY_KEY_ERASE] = "DELETE FROM compartment_key WHERE c = ?",
    [CARRY_KEYS_LACKING] =
	"SELECT c.id, d.id FROM member m JOIN device d ON d.n = m.device JOIN compartment c ON c.n = m.c AND "
	"c.state = 0 AND c.k = 0 LEFT JOIN compartment_key k ON k.c = c.n WHERE m.device = ?1 AND m.removed = 0 AND "
	"m.granted = c.gen AND (k.gen IS NULL OR k.gen < c.gen) LIMIT ?2",
    [CARRY_KEYS_FORGET] = "UPDATE compartment_key SET gen = 0, day = 0, key = NULL WHERE c > 1",
    [CARRY_WAS_IN_ADD] =
	"INSERT OR IGNORE INTO was_in SELECT c.id FROM device d JOIN member m ON m.device = d.n AND m.removed = 0 "
	"JOIN compartment c ON c.n = m.c AND c.n > 1 AND c.state = 0 WHERE d.id = ?",
    [CARRY_WAS_IN_LOST] =
	"SELECT coalesce(min(c.n), 0) FROM was_in w JOIN compartment c ON c.id = w.id WHERE c.state <> 0 OR NOT "
	"EXISTS (SELECT 1 FROM device d JOIN member m ON m.device = d.n AND m.removed = 0 WHERE d.id = ? AND m.c = "
	"c.n)",
    [CARRY_WAS_IN_DROP] = "DELETE FROM was_in WHERE id = ?",
    [CARRY_WAS_IN_END] = "DELETE FROM was_in",
    [CARRY_LOG_ADD] = "INSERT INTO log (c, seq, device, counter, bytes) VALUES (?,?,?,?,?)",
    [CARRY_LOG_OF] = "SELECT l.seq, d.id, l.bytes FROM log l JOIN device d ON d.n = l.device WHERE l.c = ? ORDER BY "
		     "l.n",
    [CARRY_LOG_SEQS] = "SELECT seq FROM log WHERE c = ? ORDER BY seq",
    [CARRY_LOG_ERASE] = "DELETE FROM log WHERE c = ?",
    [CARRY_SEEN_ADD] = "INSERT OR IGNORE INTO record_of VALUES (?,?)",
    [CARRY_SEEN_SEQS] = "SELECT seq FROM record_of WHERE c = ? ORDER BY seq",
    [CARRY_SEEN_AFTER] = "SELECT seq FROM record_of WHERE c = ? AND seq > ? ORDER BY seq",
    [CARRY_SEEN_UNREAD] =
	"SELECT count(*) FROM record_of r WHERE r.c = ?1 AND NOT EXISTS (SELECT 1 FROM log l WHERE l.c = ?1 AND "
	"l.seq = r.seq)",
    [CARRY_SEEN_ERASE] = "DELETE FROM record_of WHERE c = ?",
    [CARRY_OUTBOX_ADD] = "INSERT INTO outbox (c, counter, bytes) VALUES (?,?,?)",
    [CARRY_OUTBOX_READY] =
	"SELECT o.c FROM outbox o JOIN compartment c ON c.n = o.c AND c.state = 0 AND c.rotate = 0 LEFT "
	"JOIN compartment_key k ON k.c = o.c WHERE o.c <> 1 AND (c.k > 0 OR (k.gen = c.gen AND k.key IS "
	"NOT NULL)) ORDER BY o.n LIMIT 1",
    [CARRY_OUTBOX_OF] = "SELECT n, counter, bytes FROM outbox WHERE c = ? ORDER BY n",
    [CARRY_OUTBOX_SENT] = "DELETE FROM outbox WHERE counter = ?",
    [CARRY_POSTING_PUT] = "INSERT OR REPLACE INTO posting VALUES (1,?,?,?)",
    [CARRY_POSTING_SEQ] = "SELECT seq FROM posting",
    [CARRY_OUTBOX_POSTED] =
	"DELETE FROM outbox WHERE c = ?1 AND n <= (SELECT p.last FROM posting p WHERE p.c = ?1 AND p.seq"
	" = ?2)",
    [CARRY_OUTBOX_ERASE] = "DELETE FROM outbox WHERE c = ?",
    [CARRY_OUTBOX_HAS] = "SELECT count(*) FROM outbox WHERE n = ? AND c = ?",
    [CARRY_OUTBOX_COUNT] = "SELECT count(*) FROM outbox",
    [CARRY_FAULT_ADD] =
	"INSERT INTO fault VALUES (?1,1,?2,?3) ON CONFLICT (device) DO UPDATE SET records = records + 1, seq = "
	"excluded.seq, day = max(day, excluded.day)",
    [CARRY_FAULT_GET] = "SELECT records, seq, day FROM fault WHERE device = ?",
    [CARRY_HOLE_ADD] = "INSERT OR IGNORE INTO hole VALUES (?)",
    [CARRY_HOLE_EXPLAINED] = "DELETE FROM hole WHERE seq = ?",
    [CARRY_HOLE_FIRST] = "SELECT min(seq) FROM hole",
    [CARRY_HOLES_FORGET] = "DELETE FROM hole",
    [CARRY_JOINING_PUT] = "INSERT OR REPLACE INTO joining VALUES (1,?,?,?,?,?,?,?,?,?,?)",
    [CARRY_JOINING_GET] = "SELECT seq, prev, gen, day, key, welcomed_by, next_gen, next_day, next_author, next_key "
			  "FROM joining",
    [CARRY_JOINING_END] = "DELETE FROM joining",
    [CARRY_LEAVING_ADD] = "INSERT OR IGNORE INTO leaving VALUES (?)",
    [CARRY_LEAVING_READY] =
	"SELECT c.id FROM leaving l JOIN compartment c ON c.id = l.id WHERE c.state = 0 AND c.rotate = 0"
	" AND EXISTS (SELECT 1 FROM member m WHERE m.c = c.n AND m.device <> ?1 AND m.removed = 0 AND "
	"m.granted = c.gen AND (m.snapshot = 0 OR " NOBODY_WHOLE("c.n") ")) AND NOT "
	"EXISTS (SELECT 1 FROM outbox o WHERE o.c = c.n) LIMIT 1",
    [CARRY_LEAVING_DONE] = "DELETE FROM leaving WHERE id = ?",
    [CARRY_DELETE_OF] = "INSERT OR IGNORE INTO delete_owed SELECT seq FROM record_of WHERE c = ?",
    [CARRY_DELETE_LIST] = "SELECT seq FROM delete_owed ORDER BY seq LIMIT ?",
    [CARRY_DELETE_DONE] = "DELETE FROM delete_owed WHERE seq = ?",
    [CARRY_COMPARTMENT_PUBLIC] = "SELECT public_key FROM compartment WHERE n = ?",
    [CARRY_CASE_CHANGE_ADD] = "INSERT INTO case_change (case_id, state, at, author) VALUES (?,?,?,?)",
    [CARRY_CASE_CHANGES] = "SELECT state, at, author FROM case_change WHERE case_id = ? ORDER BY n",
    [CARRY_CASE_NOW] = "SELECT state FROM case_change WHERE case_id = ? ORDER BY n DESC LIMIT 1",
    [CARRY_CASE_LIST] =
	"SELECT case_id, min(n) FROM compartment WHERE n > 1 AND state = 0 GROUP BY case_id ORDER BY 2",
    [CARRY_MARK_ADD] = "INSERT INTO mark (c, case_id, mark, at, officer) VALUES (?,?,?,?,?)",
    [CARRY_MARK_TAKEN_BACK] = "DELETE FROM mark WHERE c = ? AND case_id = ?",
    [CARRY_MARKS_OF] = "SELECT mark, at, officer, c FROM mark WHERE c = ?1 OR (c = 0 AND case_id = ?2) ORDER BY n",
    [CARRY_CASE_COUNT] = "SELECT count(DISTINCT case_id) FROM compartment WHERE n > 1 AND state = 0",
    [CARRY_CASE_MEMBERS] =
	"SELECT DISTINCT c.case_id, m.device FROM compartment c JOIN member m ON m.c = c.n AND m.removed"
	" = 0 WHERE c.n > 1 AND c.state = 0 AND c.kind <> 10 ORDER BY c.case_id",
    [CARRY_RETENTION_PUT] = "INSERT OR REPLACE INTO retention VALUES (?,?)",
    [CARRY_RETENTION_GET] = "SELECT hours FROM retention WHERE kind = ?",
    [CARRY_PUBLISHER_PUT] = "INSERT INTO publisher (term, device) VALUES (?,?)",
    [CARRY_PUBLISHER_LAST] =
	"SELECT p.term, d.id, p.size, p.stopped, d.listed, d.suspended FROM publisher p JOIN device d ON"
	" d.n = p.device ORDER BY p.term DESC LIMIT 1",
    [CARRY_PUBLISHER_STOPPED] = "UPDATE publisher SET stopped = 1, size = ?2 WHERE term = ?1",
    [CARRY_CELL_ADD] = "INSERT OR IGNORE INTO cell (device, counter, day, bytes) VALUES (?,?,?,?)",
    [CARRY_CELL_WAITING] =
	"SELECT d.id, c.counter, c.day, c.bytes FROM cell c JOIN device d ON d.n = c.device WHERE c.size"
	" IS NULL AND c.day BETWEEN ? AND ? ORDER BY c.n LIMIT ?",
    [CARRY_CELL_OUT] = "UPDATE cell SET size = ?3, bytes = NULL WHERE device = ?1 AND counter = ?2 AND size IS NULL",
    [CARRY_CELL_MINE] = "SELECT counter, day, size FROM cell WHERE device = ? AND counter = ?",
    [CARRY_CELL_OLD] = "UPDATE cell SET bytes = NULL WHERE day < ?",
    [CARRY_SUSPEND_ASK_ADD] = "INSERT INTO suspend_ask (device, note, at) VALUES (?,?,?)",
    [CARRY_SUSPEND_ASKS] =
	"SELECT s.n, d.id, s.note, s.at FROM suspend_ask s JOIN device d ON d.n = s.device ORDER BY s.n",
    [CARRY_SUSPEND_ASKS_END] = "DELETE FROM suspend_ask",
    [CARRY_SUSPENSION_ADD] = "INSERT INTO suspension (note, serial, at, told) VALUES (?,?,?,0)",
    [CARRY_SUSPENSIONS] = "SELECT n, note, at FROM suspension WHERE serial = ? ORDER BY n",
    [CARRY_SUSPENSION_UNTOLD] = "SELECT n, note FROM suspension WHERE told = 0 AND serial = ? ORDER BY n LIMIT 1",
    [CARRY_SUSPENSION_TOLD] = "UPDATE suspension SET told = 1 WHERE n = ?",
    [CARRY_DEVICES_SUSPENDED] = "SELECT id FROM device WHERE suspended = ?",
    [CARRY_TASK_ADD] = "INSERT OR IGNORE INTO task VALUES (?,?,?,?,?,0)",
    [CARRY_TASK_DONE] = "UPDATE task SET done = 1 WHERE id = ? AND device = ?",
    [CARRY_TASK_LIST] = "SELECT t.id, t.device, t.c, t.kind, t.at FROM task t WHERE t.done = 0 ORDER BY t.at, t.id",
    [CARRY_SHARE_PUT] = "INSERT OR REPLACE INTO threshold_share (c, from_device, number, share) VALUES (?,?,?,?)",
    [CARRY_SHARE_OF] = "SELECT from_device, number, share FROM threshold_share WHERE c = ? ORDER BY number",
    [CARRY_SHARE_MINE] = "SELECT number, share FROM threshold_share WHERE c = ? AND from_device = ?",
    [CARRY_SHARES_OF_OTHERS] = "DELETE FROM threshold_share WHERE c = ? AND from_device <> ?",
    [CARRY_SHARES_ERASE] = "DELETE FROM threshold_share WHERE c = ?",
    [CARRY_OPEN_PUT] = "INSERT OR REPLACE INTO threshold_open VALUES (?,?,?)",
    [CARRY_OPEN_GET] = "SELECT seed, until FROM threshold_open WHERE c = ?",
    [CARRY_OPEN_OLD] = "DELETE FROM threshold_open WHERE until <= ?",
    [CARRY_OPEN_ASKED] =
	"SELECT s.c, coalesce((SELECT max(a.at) FROM ask a WHERE a.device = ?1 AND a.what = 1 AND a.c = "
	"s.c), 0) FROM threshold_share s WHERE s.from_device <> ?1 GROUP BY s.c LIMIT 64",
    [CARRY_OPEN_ERASE] = "DELETE FROM threshold_open WHERE c = ?",
    [CARRY_ASK_ADD] = "INSERT OR IGNORE INTO ask VALUES (?,?,?,?,?,?)",
    [CARRY_ASK_GET] = "SELECT a.device, a.what, a.c, a.reason, a.at FROM ask a WHERE a.id = ?",
    [CARRY_ASK_CONSENTS] =
	"SELECT max((SELECT count(*) FROM consent c WHERE c.ask = a.id AND c.at >= a.at AND c.at <= a.at"
	" + 3600)) FROM ask a WHERE a.device = ? AND a.what = ? AND a.c = ? AND a.at >= ?",
    [CARRY_ASK_NEWEST] =
	"SELECT a.id, (SELECT count(*) FROM consent c WHERE c.ask = a.id AND c.at >= a.at AND c.at <= a.at + 3600)"
	" FROM ask a WHERE a.device = ? AND a.what = ? AND a.reason = ? AND a.at >= ? ORDER BY 2 DESC, a.at DESC "
	"LIMIT 1",
    [CARRY_ASK_LIST] =
	"SELECT a.id, d.id, a.what, a.c, a.reason, a.at FROM ask a JOIN device d ON d.n = a.device WHERE"
	" a.at >= ? ORDER BY a.at",
    [CARRY_CONSENT_ADD] = "INSERT OR IGNORE INTO consent VALUES (?,?,?)",
    [CARRY_CONSENT_COUNT] = "SELECT count(*) FROM consent WHERE ask = ? AND at >= ?",
    [CARRY_CONSENT_HAVE] = "SELECT 1 FROM consent WHERE ask = ? AND device = ?",
    [CARRY_EPOCH_ADD] = "INSERT OR IGNORE INTO epoch_made VALUES (?,?,?,?)",
    [CARRY_EPOCH_HASH] = "SELECT key_hash FROM epoch_made WHERE door = ? AND day = ? AND gen = ?",
};
