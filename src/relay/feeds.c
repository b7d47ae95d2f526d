// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/feeds.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "relay/feed_file.h"
#include "relay/files.h"
#include "relay/sql.h"

/*
 * feed: how many records, where the file of them ends, what they cost, and whether the desk is being forgotten.
 * record: where each lies, and its hash, which stays when it is deleted. trash: what of the files is to be
 * overwritten.
 */
static const char schema[] =
    "CREATE TABLE IF NOT EXISTS feed ("
    " id INTEGER PRIMARY KEY, desk BLOB NOT NULL UNIQUE, head INTEGER NOT NULL, tail INTEGER NOT NULL,"
    " held INTEGER NOT NULL, gone INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS record ("
    " feed INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, bytes INTEGER NOT NULL,"
    " there INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (feed, seq)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS trash ("
    " feed INTEGER NOT NULL, at INTEGER NOT NULL, bytes INTEGER NOT NULL,"
    " PRIMARY KEY (feed, at)) WITHOUT ROWID;";

enum {
	FIND, BEGIN, GROW, ADD, AT, LIST, LEAVE, DELETE, SHRINK, THROW, TRASH, WIPED, GO, GONE_THROW, GONE_DELETE,
	GONE_LEFT, FORGET, FEEDS,
	STATEMENTS
};

static const char *const texts[STATEMENTS] = {
	[FIND] = "SELECT id, head, tail, held, gone FROM feed WHERE desk = ?1",
	[BEGIN] = "INSERT INTO feed (desk, head, tail, held, gone) VALUES (?1, 0, 0, 0, 0)",
	[GROW] = "UPDATE feed SET head = ?2, tail = ?3, held = ?4 WHERE id = ?1",
	[ADD] = "INSERT INTO record (feed, seq, at, bytes, there, hash) VALUES (?1, ?2, ?3, ?4, 1, ?5)",
	[AT] = "SELECT hash FROM record WHERE feed = ?1 AND seq = ?2",
	[LIST] = "SELECT seq, at, bytes, there, hash FROM record WHERE feed = ?1 AND seq >= ?2 ORDER BY seq",
	[LEAVE] = "INSERT INTO trash (feed, at, bytes)"
	          " SELECT feed, at, bytes FROM record WHERE feed = ?1 AND seq = ?2 AND there = 1",
	[SHRINK] = "UPDATE feed SET held = held -"
	           " (SELECT bytes FROM record WHERE feed = ?1 AND seq = ?2 AND there = 1) WHERE id = ?1",
	[DELETE] = "UPDATE record SET there = 0 WHERE feed = ?1 AND seq = ?2",
	[THROW] = "INSERT INTO trash (feed, at, bytes) VALUES (?1, ?2, ?3)",
	[TRASH] = "SELECT trash.feed, trash.at, trash.bytes, feed.desk FROM trash JOIN feed ON feed.id = trash.feed"
	          " WHERE trash.feed BETWEEN ?1 AND ?2 ORDER BY trash.feed, trash.at LIMIT ?3",
	[WIPED] = "DELETE FROM trash WHERE feed = ?1 AND at = ?2",
	[GO] = "UPDATE feed SET gone = 1 WHERE id = ?1",
	[GONE_THROW] = "INSERT INTO trash (feed, at, bytes) SELECT feed, at, bytes FROM"
	               " (SELECT * FROM record WHERE feed = ?1 ORDER BY seq LIMIT ?2) WHERE there = 1",
	[GONE_DELETE] = "DELETE FROM record WHERE feed = ?1 AND seq IN"
	                " (SELECT seq FROM record WHERE feed = ?1 ORDER BY seq LIMIT ?2)",
	[GONE_LEFT] = "SELECT 1 FROM trash WHERE feed = ?1 LIMIT 1",
	[FORGET] = "DELETE FROM feed WHERE id = ?1",
	[FEEDS] = "SELECT desk FROM feed",
};

#define SLICE 256U /* records or pieces at once */

struct feeds {
	pthread_mutex_t lock;
	int dir;
	sqlite3 *db;
	sqlite3_stmt *st[STATEMENTS];
	uint8_t record[CAIRN_FEED_RECORD_BYTES_MAX]; /* the one that is shown */
};

/* A row of feed; id 0: there is none yet. */
struct feed {
	uint64_t id;
	uint64_t head;
	uint64_t tail;
	uint64_t held;
	bool gone;
};

static void
lock(struct feeds *f)
{
	pthread_mutex_lock(&f->lock);
}

static int
unlock(struct feeds *f, int err)
{
	pthread_mutex_unlock(&f->lock);
	return err;
}

static uint64_t
column(sqlite3_stmt *st, int at)
{
	return (uint64_t)sqlite3_column_int64(st, at);
}

static int
find(struct feeds *f, struct feed *feed, const uint8_t *desk)
{
	sqlite3_stmt *st = f->st[FIND];
	int rc;

	*feed = (struct feed){0};
	sql_bytes(st, 1, desk, CAIRN_HASH_BYTES);
	rc = sql_step(st);
	if (rc == SQLITE_ROW)
		*feed = (struct feed){column(st, 0), column(st, 1), column(st, 2), column(st, 3), column(st, 4) != 0};
	sql_done(st);
	return sql_error(rc);
}

/* Runs a statement of these numbers. */
static int
run(struct feeds *f, int statement, const uint64_t *numbers, int count)
{
	for (int i = 0; i < count; i++)
		sql_number(f->st[statement], i + 1, numbers[i]);
	return sql_run(f->st[statement], NULL);
}

#define RUN(f, statement, ...) \
	run(f, statement, (const uint64_t[]){__VA_ARGS__}, \
	    (int)(sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t)))

/* --- appending --- */

/* Is the record at that place, which there is, the one of that hash? Also of one that was deleted. *ret_same. */
static int
hash_at(struct feeds *f, bool *ret_same, const struct feed *feed, uint64_t seq, const uint8_t *expected)
{
	sqlite3_stmt *st = f->st[AT];
	const void *hash;
	int err;
	int rc;

	*ret_same = false;
	sql_number(st, 1, feed->id);
	sql_number(st, 2, seq);
	rc = sql_step(st);
	hash = rc == SQLITE_ROW ? sqlite3_column_blob(st, 0) : NULL;
	if ((err = sql_error(rc)) == CAIRN_OK) {
		if (hash == NULL || sqlite3_column_bytes(st, 0) != CAIRN_HASH_BYTES)
			err = CAIRN_ERR_IO;
		else
			*ret_same = memcmp(hash, expected, CAIRN_HASH_BYTES) == 0;
	}
	sql_done(st);
	return err;
}

/* Does that record stand there already? */
static int
compare(struct feeds *f, const struct feed *feed, const struct store_append *append)
{
	bool same;
	int err = hash_at(f, &same, feed, append->seq, append->hash);

	return err == CAIRN_OK && !same ? CAIRN_ERR_CONFLICT : err;
}

/* A record that named another one before it would stop every device that reads on. */
static int
follows(struct feeds *f, const struct feed *feed, const struct store_append *append)
{
	static const uint8_t none[CAIRN_HASH_BYTES];
	bool same = memcmp(append->prev, none, sizeof none) == 0;
	int err = CAIRN_OK;

	if (append->seq > 0)
		err = hash_at(f, &same, feed, append->seq - 1, append->prev);
	return err == CAIRN_OK && !same ? CAIRN_ERR_STALE : err;
}

/*
 * Behind all that is in the file, also what no row speaks of: a transaction that failed may yet turn up after a
 * crash, and its bytes must then be there.
 */
static int
write_record(struct feeds *f, uint64_t *ret_at, const struct feed *feed, const struct store_append *append)
{
	int fd;
	int err = feed_file_make(&fd, f->dir, append->desk);

	if (err != CAIRN_OK)
		return err;
	err = feed_file_size(ret_at, fd);
	if (err == CAIRN_OK && *ret_at < feed->tail)
		err = CAIRN_ERR_IO;
	if (err == CAIRN_OK && (err = feed_file_write(fd, *ret_at, append->bytes, append->size)) != CAIRN_OK)
		feed_file_cut(fd, *ret_at);
	close(fd);
	return err;
}

static int
begin_feed(struct feeds *f, struct feed *feed, const uint8_t *desk)
{
	int err;

	sql_bytes(f->st[BEGIN], 1, desk, CAIRN_HASH_BYTES);
	if ((err = sql_run(f->st[BEGIN], NULL)) != CAIRN_OK)
		return err;
	feed->id = (uint64_t)sqlite3_last_insert_rowid(f->db);
	return CAIRN_OK;
}

static int
add_row(struct feeds *f, const struct feed *feed, uint64_t at, const struct store_append *append)
{
	sql_bytes(f->st[ADD], 5, append->hash, CAIRN_HASH_BYTES);
	return RUN(f, ADD, feed->id, append->seq, at, append->size);
}

static int
add_record(struct feeds *f, struct feed *feed, uint64_t at, const struct store_append *append)
{
	int err = sql_begin(f->db);

	if (err == CAIRN_OK && feed->id == 0)
		err = begin_feed(f, feed, append->desk);
	if (err == CAIRN_OK)
		err = add_row(f, feed, at, append);
	if (err == CAIRN_OK && at > feed->tail)
		err = RUN(f, THROW, feed->id, feed->tail, at - feed->tail);
	if (err == CAIRN_OK)
		err = RUN(f, GROW, feed->id, append->seq + 1, at + append->size,
		    feed->held + append->size + STORE_RECORD_COST);
	return sql_end(f->db, err);
}

static int
append_new(struct feeds *f, struct feed *feed, struct store_append *append)
{
	uint64_t need = append->size + STORE_RECORD_COST;
	uint64_t at;
	int err;

	if (need > append->quota || feed->held > append->quota - need)
		return CAIRN_ERR_BUSY;
	if ((err = follows(f, feed, append)) != CAIRN_OK ||
	    (err = write_record(f, &at, feed, append)) != CAIRN_OK ||
	    (err = add_record(f, feed, at, append)) != CAIRN_OK)
		return err;
	append->head = append->seq + 1;
	return CAIRN_OK;
}

int
feeds_append(struct feeds *f, struct store_append *append)
{
	struct feed feed;
	int err;

	append->head = 0;
	if (append->size == 0 || append->size > CAIRN_FEED_RECORD_BYTES_MAX)
		return CAIRN_ERR_RANGE;
	lock(f);
	err = find(f, &feed, append->desk);
	if (err == CAIRN_OK) {
		append->head = feed.head;
		if (feed.gone)
			err = CAIRN_ERR_BUSY;
		else if (append->seq > feed.head)
			err = CAIRN_ERR_CONFLICT;
		else
			err = append->seq < feed.head ? compare(f, &feed, append) : append_new(f, &feed, append);
	}
	return unlock(f, err);
}

/* --- reading --- */

static int
show(struct feeds *f, sqlite3_stmt *st, int fd, store_visit_record *visit, void *arg, bool *enough)
{
	struct store_record record = {
		.seq = column(st, 0),
		.size = (size_t)column(st, 2),
		.hash = sqlite3_column_blob(st, 4),
	};
	int err;

	if (record.hash == NULL || sqlite3_column_bytes(st, 4) != CAIRN_HASH_BYTES || record.size > sizeof f->record)
		return CAIRN_ERR_IO;
	if (column(st, 3) != 0) {
		if ((err = feed_file_read(f->record, fd, column(st, 1), record.size)) != CAIRN_OK)
			return err;
		record.bytes = f->record;
	}
	*enough = !visit(arg, &record);
	return CAIRN_OK;
}

static int
show_from(struct feeds *f, const struct feed *feed, int fd, uint64_t from, store_visit_record *visit, void *arg)
{
	sqlite3_stmt *st = f->st[LIST];
	bool enough = false;
	int err = CAIRN_OK;
	int rc;

	sql_number(st, 1, feed->id);
	sql_number(st, 2, from);
	while (err == CAIRN_OK && !enough && (rc = sql_step(st)) != SQLITE_DONE)
		if ((err = sql_error(rc)) == CAIRN_OK)
			err = show(f, st, fd, visit, arg, &enough);
	sql_done(st);
	return err;
}

static int
visit_feed(struct feeds *f, uint64_t *ret_head, const uint8_t *desk, uint64_t from, store_visit_record *visit,
    void *arg)
{
	struct feed feed;
	int fd;
	int err = find(f, &feed, desk);

	if (err == CAIRN_OK && feed.gone)
		err = CAIRN_ERR_BUSY;
	if (err != CAIRN_OK)
		return err;
	*ret_head = feed.head;
	if (from >= feed.head)
		return CAIRN_OK;
	if ((err = feed_file_open(&fd, f->dir, desk)) != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_ERR_IO : err;
	err = show_from(f, &feed, fd, from, visit, arg);
	close(fd);
	return err;
}

int
feeds_visit(struct feeds *f, uint64_t *ret_head, const uint8_t *desk, uint64_t from, store_visit_record *visit,
    void *arg)
{
	*ret_head = 0;
	lock(f);
	return unlock(f, visit_feed(f, ret_head, desk, from, visit, arg));
}

/* --- overwriting --- */

struct piece {
	uint64_t feed;
	uint64_t at;
	uint64_t bytes;
};

/* Of the first of these feeds that has some: so one file is opened. */
static int
list_trash(struct feeds *f, struct piece pieces[SLICE], size_t *ret_count, uint8_t desk[CAIRN_HASH_BYTES],
    uint64_t first, uint64_t last)
{
	sqlite3_stmt *st = f->st[TRASH];
	int err = CAIRN_OK;
	int rc;

	*ret_count = 0;
	sql_number(st, 1, first);
	sql_number(st, 2, last);
	sql_number(st, 3, SLICE);
	while (err == CAIRN_OK && (rc = sql_step(st)) != SQLITE_DONE) {
		const void *of = sqlite3_column_blob(st, 3);
		struct piece piece = {column(st, 0), column(st, 1), column(st, 2)};

		if ((err = sql_error(rc)) != CAIRN_OK)
			break;
		if (of == NULL || sqlite3_column_bytes(st, 3) != CAIRN_HASH_BYTES)
			err = CAIRN_ERR_IO;
		else if (*ret_count > 0 && pieces[0].feed != piece.feed)
			break;
		else
			memcpy(desk, of, CAIRN_HASH_BYTES);
		if (err == CAIRN_OK)
			pieces[(*ret_count)++] = piece;
	}
	sql_done(st);
	return err;
}

static int
overwrite(struct feeds *f, const struct piece *pieces, size_t count, const uint8_t *desk)
{
	int fd;
	int err = feed_file_open(&fd, f->dir, desk);

	if (err != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	for (size_t i = 0; err == CAIRN_OK && i < count; i++)
		err = feed_file_overwrite(fd, pieces[i].at, pieces[i].bytes);
	if (err == CAIRN_OK)
		err = feed_file_flush(fd);
	for (size_t i = 0; err == CAIRN_OK && i < count; i++)
		feed_file_give_back(fd, pieces[i].at, pieces[i].bytes);
	close(fd);
	return err;
}

/* CAIRN_ERR_BUSY: it did some, there may be more. *feed is then, and on a fault, the one that it was at. */
static int
wipe_slice(struct feeds *f, uint64_t *feed, uint64_t last)
{
	struct piece pieces[SLICE];
	uint8_t desk[CAIRN_HASH_BYTES];
	size_t count;
	int err = list_trash(f, pieces, &count, desk, *feed, last);

	if (count > 0)
		*feed = pieces[0].feed;
	if (err != CAIRN_OK || count == 0)
		return err;
	if ((err = overwrite(f, pieces, count, desk)) != CAIRN_OK)
		return err;
	err = sql_begin(f->db);
	for (size_t i = 0; err == CAIRN_OK && i < count; i++)
		err = RUN(f, WIPED, pieces[i].feed, pieces[i].at);
	err = sql_end(f->db, err);
	return err == CAIRN_OK ? CAIRN_ERR_BUSY : err;
}

static int
wipe_all(struct feeds *f, uint64_t feed)
{
	uint64_t at = feed;
	int err;

	while ((err = wipe_slice(f, &at, feed)) == CAIRN_ERR_BUSY)
		continue;
	return err;
}

/* One feed's fault keeps no other waiting. */
static int
wipe_some(struct feeds *f)
{
	uint64_t feed = 0;
	int fault = CAIRN_OK;
	int err;

	while ((err = wipe_slice(f, &feed, INT64_MAX)) != CAIRN_OK && err != CAIRN_ERR_BUSY) {
		if (feed == 0)
			return err;
		fault = err;
		feed++;
	}
	return fault == CAIRN_OK ? err : fault;
}

int
feeds_tidy(struct feeds *f)
{
	lock(f);
	return unlock(f, wipe_some(f));
}

/* --- deleting --- */

static int
mark_deleted(struct feeds *f, const struct feed *feed, const uint64_t *seqs, size_t count)
{
	int err = sql_begin(f->db);

	for (size_t i = 0; err == CAIRN_OK && i < count; i++) {
		int changes = 0;

		sql_number(f->st[LEAVE], 1, feed->id);
		sql_number(f->st[LEAVE], 2, seqs[i]);
		err = sql_run(f->st[LEAVE], &changes);
		if (err != CAIRN_OK || changes == 0)
			continue;
		err = RUN(f, SHRINK, feed->id, seqs[i]);
		if (err == CAIRN_OK)
			err = RUN(f, DELETE, feed->id, seqs[i]);
	}
	return sql_end(f->db, err);
}

static int
delete_records(struct feeds *f, const uint8_t *desk, const uint64_t *seqs, size_t count)
{
	struct feed feed;
	int err = find(f, &feed, desk);

	if (err != CAIRN_OK || feed.gone)
		return err != CAIRN_OK ? err : CAIRN_ERR_BUSY;
	for (size_t i = 0; i < count; i++)
		if (seqs[i] >= feed.head)
			return CAIRN_ERR_RANGE;
	if (count > 0)
		err = mark_deleted(f, &feed, seqs, count);
	return err == CAIRN_OK ? wipe_all(f, feed.id) : err;
}

int
feeds_delete(struct feeds *f, const uint8_t *desk, const uint64_t *seqs, size_t count)
{
	lock(f);
	return unlock(f, delete_records(f, desk, seqs, count));
}

/* --- forgetting a desk --- */

/* What lies behind the last record that a row speaks of, in a file that nobody is writing to. */
static int
throw_end(struct feeds *f, const struct feed *feed, const uint8_t *desk)
{
	uint64_t size;
	int fd;
	int err = feed_file_open(&fd, f->dir, desk);

	if (err != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	err = feed_file_size(&size, fd);
	close(fd);
	if (err != CAIRN_OK || size <= feed->tail)
		return err;
	if ((err = sql_begin(f->db)) != CAIRN_OK)
		return err;
	err = RUN(f, THROW, feed->id, feed->tail, size - feed->tail);
	if (err == CAIRN_OK)
		err = RUN(f, GROW, feed->id, feed->head, size, feed->held);
	return sql_end(f->db, err);
}

/* *more: some were left to be overwritten. */
static int
throw_records(struct feeds *f, const struct feed *feed, bool *more)
{
	int changes = 0;
	int err = sql_begin(f->db);

	if (err == CAIRN_OK)
		err = RUN(f, GO, feed->id);
	if (err == CAIRN_OK)
		err = RUN(f, GONE_THROW, feed->id, SLICE);
	if (err == CAIRN_OK) {
		sql_number(f->st[GONE_DELETE], 1, feed->id);
		sql_number(f->st[GONE_DELETE], 2, SLICE);
		err = sql_run(f->st[GONE_DELETE], &changes);
	}
	*more = changes > 0;
	return sql_end(f->db, err);
}

static int
has_trash(struct feeds *f, bool *ret, const struct feed *feed)
{
	sqlite3_stmt *st = f->st[GONE_LEFT];
	int rc;

	sql_number(st, 1, feed->id);
	rc = sql_step(st);
	sql_done(st);
	*ret = rc == SQLITE_ROW;
	return sql_error(rc);
}

static int
forget(struct feeds *f, const uint8_t *desk)
{
	struct feed feed;
	bool more;
	int err = find(f, &feed, desk);

	if (err != CAIRN_OK || feed.id == 0)
		return err;
	if ((err = throw_end(f, &feed, desk)) != CAIRN_OK || (err = throw_records(f, &feed, &more)) != CAIRN_OK)
		return err;
	if (!more && (err = has_trash(f, &more, &feed)) != CAIRN_OK)
		return err;
	if (more) {
		err = wipe_all(f, feed.id);
		return err == CAIRN_OK ? CAIRN_ERR_BUSY : err;
	}
	if ((err = feed_file_remove(f->dir, desk)) != CAIRN_OK)
		return err;
	err = RUN(f, FORGET, feed.id);
	return err == CAIRN_OK ? CAIRN_ERR_BUSY : err;
}

int
feeds_forget(struct feeds *f, const uint8_t *desk)
{
	lock(f);
	return unlock(f, forget(f, desk));
}

void
feeds_visit_desks(struct feeds *f, store_visit_desk *visit, void *arg)
{
	sqlite3_stmt *st = f->st[FEEDS];
	bool go = true;

	lock(f);
	while (go && sql_step(st) == SQLITE_ROW)
		if (sqlite3_column_bytes(st, 0) == CAIRN_HASH_BYTES)
			go = visit(arg, sqlite3_column_blob(st, 0));
	sql_done(st);
	unlock(f, CAIRN_OK);
}

/* --- opening --- */

void
feeds_close(struct feeds *f)
{
	if (f == NULL)
		return;
	sql_close(f->db, f->st, STATEMENTS);
	if (f->dir >= 0)
		close(f->dir);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

/* A file that the last process was writing to: what no row speaks of was never acknowledged. */
static int
adopt(struct feeds *f, const char *name)
{
	uint8_t desk[CAIRN_HASH_BYTES];
	struct feed feed;
	int err;

	if (text_hex(desk, sizeof desk, (struct cairn_span){name, strlen(name)}) != CAIRN_OK)
		return CAIRN_OK;
	if ((err = find(f, &feed, desk)) != CAIRN_OK)
		return err;
	return feed.id == 0 ? feed_file_erase(f->dir, desk) : throw_end(f, &feed, desk);
}

static int
adopt_all(struct feeds *f)
{
	struct file_names names;
	int err = file_names(&names, f->dir, FEED_FILE_FOLDER);

	for (size_t i = 0; err == CAIRN_OK && i < names.count; i++)
		err = adopt(f, names.names[i]);
	file_names_clear(&names);
	return err;
}

static int
open_files(struct feeds *f, const char *folder)
{
	char path[FILES_PATH_MAX];
	int length = snprintf(path, sizeof path, "%s/feed.db", folder);
	int err;

	if (length < 0 || (size_t)length >= sizeof path)
		return CAIRN_ERR_RANGE;
	f->dir = openat(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->dir < 0)
		return file_error();
	if ((err = feed_file_prepare(f->dir)) != CAIRN_OK ||
	    (err = sql_open(&f->db, path, schema)) != CAIRN_OK ||
	    (err = sql_prepare(f->db, f->st, texts, STATEMENTS)) != CAIRN_OK)
		return err;
	return adopt_all(f);
}

int
feeds_open(struct feeds **ret, const char *folder)
{
	struct feeds *f = calloc(1, sizeof *f);
	int err;

	*ret = NULL;
	if (f == NULL)
		return CAIRN_ERR_NOMEM;
	f->dir = -1;
	pthread_mutex_init(&f->lock, NULL);
	err = open_files(f, folder);
	if (err != CAIRN_OK) {
		feeds_close(f);
		return err;
	}
	*ret = f;
	return CAIRN_OK;
}
