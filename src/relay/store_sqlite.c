// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "relay/counts.h"
#include "relay/feeds.h"
#include "relay/files.h"
#include "relay/spool.h"
#include "relay/sql.h"
#include "relay/store.h"

/*
 * The store in SQLite: store.db, a spool for each hour whose cells have not moved yet, and the feeds. Tables have
 * no rowid and are keyed by what says nothing of time, and cells come in by hash: so the place of a row
 * tells nothing that the row does not. "seen" remembers the cells of days that are still taken, "moved" the hours
 * whose spool is done with and not overwritten yet.
 */
static const char schema[] =
    "CREATE TABLE IF NOT EXISTS cell ("
    " desk BLOB NOT NULL, door INTEGER NOT NULL, hour INTEGER NOT NULL, hash BLOB NOT NULL,"
    " cell BLOB NOT NULL, PRIMARY KEY (desk, door, hour, hash)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS seen ("
    " day INTEGER NOT NULL, desk BLOB NOT NULL, hash BLOB NOT NULL, hour INTEGER NOT NULL,"
    " PRIMARY KEY (day, desk, hash)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS moved (hour INTEGER PRIMARY KEY);"
    "CREATE TABLE IF NOT EXISTS claim ("
    " desk BLOB NOT NULL, door INTEGER NOT NULL, id BLOB NOT NULL,"
    " PRIMARY KEY (desk, door, id)) WITHOUT ROWID;";

enum {
	SEEN, SEE, KEEP, LIST, COUNT, HOURS, REMOVE, EXPIRE, EXPIRE_SEEN, CLAIM, UNCLAIM, CLAIMED, FORGET_CLAIMS,
	MOVED, HAS_MOVED, WIPED,
	STATEMENTS
};

static const char *const texts[STATEMENTS] = {
	[SEEN] = "SELECT hour FROM seen WHERE day = ?1 AND desk = ?2 AND hash = ?3",
	[SEE] = "INSERT INTO seen (day, desk, hash, hour) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
	[KEEP] = "INSERT INTO cell (desk, door, hour, hash, cell) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
	[LIST] = "SELECT hash, cell FROM cell WHERE desk = ?1 AND door = ?2 ORDER BY hour, hash",
	[COUNT] = "SELECT desk, door, count(*) FROM cell GROUP BY desk, door",
	[HOURS] = "SELECT min(hour) FROM cell WHERE desk = ?1 AND door = ?2 AND hour >= ?3",
	[REMOVE] = "DELETE FROM cell WHERE desk = ?1 AND door = ?2 AND hour = ?3 AND hash = ?4",
	[EXPIRE] = "DELETE FROM cell WHERE (desk, door, hour, hash) IN (SELECT desk, door, hour, hash FROM cell"
	           " WHERE desk = ?1 AND door = ?2 AND hour < ?3 LIMIT 64)",
	[EXPIRE_SEEN] = "DELETE FROM seen WHERE (day, desk, hash) IN (SELECT day, desk, hash FROM seen"
	                " WHERE day < ?1 LIMIT 2048)",
	[CLAIM] = "INSERT INTO claim (desk, door, id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
	[UNCLAIM] = "DELETE FROM claim WHERE desk = ?1 AND door = ?2 AND id = ?3",
	[CLAIMED] = "SELECT 1 FROM claim WHERE desk = ?1 AND door = ?2 AND id = ?3",
	[MOVED] = "INSERT INTO moved (hour) VALUES (?1) ON CONFLICT DO NOTHING",
	[HAS_MOVED] = "SELECT 1 FROM moved WHERE hour = ?1",
	[WIPED] = "DELETE FROM moved WHERE hour = ?1",
	[FORGET_CLAIMS] = "DELETE FROM claim WHERE desk = ?1",
};

struct sqlite_store {
	struct store base;
	pthread_mutex_t lock;
	char *folder;
	sqlite3 *db;
	sqlite3_stmt *st[STATEMENTS];
	struct counts counts;
	struct feeds *feeds;    /* with a lock of their own */
	struct spool *now;      /* takes what comes; NULL until something does */
	struct spool *old;      /* whose cells move, the oldest first */
	uint32_t hour;          /* that it is by now: no spool of an hour before takes any more */
	bool unclean;           /* the WAL has something in it since it was last emptied */
	bool unwiped;           /* a spool whose cells have moved could not be overwritten yet, */
	uint32_t unwiped_hour;  /* that one; the turning thread's alone */
};

static struct sqlite_store *
lock(struct store *store)
{
	struct sqlite_store *s = (struct sqlite_store *)store;

	pthread_mutex_lock(&s->lock);
	return s;
}

static int
unlock(struct sqlite_store *s, int err)
{
	pthread_mutex_unlock(&s->lock);
	return err;
}

/* --- taking cells --- */

/* Puts the spool that took cells so far behind the others that move. */
static void
retire(struct sqlite_store *s)
{
	struct spool **last = &s->old;

	while (*last != NULL)
		last = spool_next(*last);
	*last = s->now;
	s->now = NULL;
}

/* The spool of that hour, or of a later one that has begun already: a batch at the turn, a clock that goes back. */
static int
spool_for(struct sqlite_store *s, uint32_t hour)
{
	if (hour < s->hour)
		hour = s->hour;
	s->hour = hour;
	if (s->now != NULL && spool_hour(s->now) >= hour)
		return CAIRN_OK;
	if (s->now != NULL)
		retire(s);
	return spool_open(&s->now, s->folder, hour);
}

/* Was it there in an hour before? */
static int
look_up(struct sqlite_store *s, bool *ret, struct store_put *put)
{
	sqlite3_stmt *st = s->st[SEEN];
	int err;
	int rc;

	sql_number(st, 1, put->day);
	sql_bytes(st, 2, put->desk, CAIRN_HASH_BYTES);
	sql_bytes(st, 3, put->hash, CAIRN_HASH_BYTES);
	rc = sql_step(st);
	*ret = rc == SQLITE_ROW;
	if (*ret)
		put->hour = (uint32_t)sqlite3_column_int64(st, 0);
	sql_done(st);
	err = sql_error(rc);
	for (struct spool *old = s->old; err == CAIRN_OK && !*ret && old != NULL; old = *spool_next(old)) {
		err = spool_has(old, ret, put);
		put->hour = spool_hour(old);
	}
	return err;
}

/* Full doors still know what they have. */
static int
put_full(struct sqlite_store *s, struct store_put *put)
{
	bool there;
	int err = spool_has(s->now, &there, put);

	if (err == CAIRN_OK && !there)
		put->err = CAIRN_ERR_BUSY;
	return err;
}

static int
put_one(struct sqlite_store *s, struct store_put *put)
{
	struct count *count;
	bool there;
	int err;

	put->err = CAIRN_OK;
	if ((err = look_up(s, &there, put)) != CAIRN_OK || there)
		return err;
	put->hour = spool_hour(s->now);
	count = counts_at(&s->counts, put->desk, put->door);
	if (count == NULL)
		return CAIRN_ERR_NOMEM;
	if (count->cells >= put->quota)
		return put_full(s, put);
	err = spool_put(s->now, &there, put);
	/* Counted at once, so that one transaction cannot pass the quota; uncounted below if it fails. */
	if (err == CAIRN_OK && there) {
		count->cells++;
		put->err = CAIRN_ERR_STATE;
	}
	return err;
}

static int
put_all(struct sqlite_store *s, struct store_put *const *puts, size_t count)
{
	int err = spool_begin(s->now);

	for (size_t i = 0; err == CAIRN_OK && i < count; i++)
		err = put_one(s, puts[i]);
	return spool_end(s->now, err);
}

/* Fresh ones, marked with CAIRN_ERR_STATE until now, get the outcome of the whole. */
static void
settle(struct sqlite_store *s, struct store_put *const *puts, size_t count, int err)
{
	for (size_t i = 0; i < count; i++) {
		if (puts[i]->err == CAIRN_ERR_STATE && err != CAIRN_OK)
			counts_less(&s->counts, puts[i]->desk, puts[i]->door, 1);
		if (puts[i]->err == CAIRN_ERR_STATE || err != CAIRN_OK)
			puts[i]->err = err;
	}
}

static int
sqlite_put(struct store *store, struct store_put *const *puts, size_t count, uint32_t hour)
{
	struct sqlite_store *s = lock(store);
	int err = spool_for(s, hour);

	for (size_t i = 0; i < count; i++)
		puts[i]->err = CAIRN_OK;
	if (err == CAIRN_OK)
		err = put_all(s, puts, count);
	settle(s, puts, count, err);
	return unlock(s, err);
}

/* --- giving out and removing --- */

static int
visit_store(struct sqlite_store *s, const uint8_t *desk, enum cairn_door door, store_visit *visit, void *arg,
    bool *enough)
{
	sqlite3_stmt *st = s->st[LIST];
	int rc = SQLITE_DONE;

	sql_bytes(st, 1, desk, CAIRN_HASH_BYTES);
	sql_number(st, 2, door);
	while (!*enough && (rc = sql_step(st)) == SQLITE_ROW) {
		const uint8_t *hash = sqlite3_column_blob(st, 0);
		const uint8_t *cell = sqlite3_column_blob(st, 1);

		if (hash == NULL || cell == NULL || sqlite3_column_bytes(st, 0) != CAIRN_HASH_BYTES ||
		    sqlite3_column_bytes(st, 1) != CAIRN_DROP_CELL_BYTES) {
			rc = SQLITE_NOMEM;
			break;
		}
		*enough = !visit(arg, hash, cell);
	}
	sql_done(st);
	return sql_error(rc);
}

static int
sqlite_visit(struct store *store, const uint8_t *desk, enum cairn_door door, store_visit *visit, void *arg)
{
	struct sqlite_store *s = lock(store);
	bool enough = false;
	int err = visit_store(s, desk, door, visit, arg, &enough);

	for (struct spool *old = s->old; err == CAIRN_OK && !enough && old != NULL; old = *spool_next(old))
		err = spool_visit(old, desk, door, visit, arg, &enough);
	if (err == CAIRN_OK && !enough && s->now != NULL)
		err = spool_visit(s->now, desk, door, visit, arg, &enough);
	return unlock(s, err);
}

static int
remove_from_spool(struct spool *spool, bool *removed, const uint8_t *desk, enum cairn_door door,
    const uint8_t (*hashes)[CAIRN_HASH_BYTES], size_t count)
{
	int err = spool_begin(spool);

	for (size_t i = 0; err == CAIRN_OK && i < count; i++) {
		bool here;

		err = spool_remove(spool, &here, desk, door, hashes[i]);
		removed[i] |= here;
	}
	return spool_end(spool, err);
}

/* The first hour from that one on that has cells at that door; false: none. */
static int
next_hour(struct sqlite_store *s, bool *ret, uint64_t *hour, const uint8_t *desk, enum cairn_door door)
{
	sqlite3_stmt *st = s->st[HOURS];
	int rc;

	sql_bytes(st, 1, desk, CAIRN_HASH_BYTES);
	sql_number(st, 2, door);
	sql_number(st, 3, *hour);
	rc = sql_step(st);
	*ret = rc == SQLITE_ROW && sqlite3_column_type(st, 0) != SQLITE_NULL;
	if (*ret)
		*hour = (uint64_t)sqlite3_column_int64(st, 0);
	sql_done(st);
	return sql_error(rc);
}

static int
remove_from_hour(struct sqlite_store *s, bool *removed, const uint8_t *desk, enum cairn_door door, uint64_t hour,
    const uint8_t (*hashes)[CAIRN_HASH_BYTES], size_t count)
{
	sqlite3_stmt *st = s->st[REMOVE];
	int changes;
	int err = CAIRN_OK;

	for (size_t i = 0; err == CAIRN_OK && i < count; i++) {
		sql_bytes(st, 1, desk, CAIRN_HASH_BYTES);
		sql_number(st, 2, door);
		sql_number(st, 3, hour);
		sql_bytes(st, 4, hashes[i], CAIRN_HASH_BYTES);
		err = sql_run(st, &changes);
		removed[i] |= changes == 1;
	}
	return err;
}

static int
remove_from_store(struct sqlite_store *s, bool *removed, const uint8_t *desk, enum cairn_door door,
    const uint8_t (*hashes)[CAIRN_HASH_BYTES], size_t count)
{
	uint64_t hour = 0;
	bool more;
	int err = sql_begin(s->db);

	if (err == CAIRN_OK)
		err = next_hour(s, &more, &hour, desk, door);
	while (err == CAIRN_OK && more) {
		err = remove_from_hour(s, removed, desk, door, hour, hashes, count);
		hour++;
		if (err == CAIRN_OK)
			err = next_hour(s, &more, &hour, desk, door);
	}
	s->unclean = true;
	return sql_end(s->db, err);
}

/* Spools first: should it end in between, a cell that moves must not come back out of its spool. */
static int
remove_everywhere(struct sqlite_store *s, bool *removed, const uint8_t *desk, enum cairn_door door,
    const uint8_t (*hashes)[CAIRN_HASH_BYTES], size_t count)
{
	int err = CAIRN_OK;

	if (s->now != NULL)
		err = remove_from_spool(s->now, removed, desk, door, hashes, count);
	for (struct spool *old = s->old; err == CAIRN_OK && old != NULL; old = *spool_next(old))
		err = remove_from_spool(old, removed, desk, door, hashes, count);
	if (err == CAIRN_OK)
		err = remove_from_store(s, removed, desk, door, hashes, count);
	return err;
}

static int
sqlite_remove(struct store *store, const uint8_t *desk, enum cairn_door door,
    const uint8_t (*hashes)[CAIRN_HASH_BYTES], size_t count)
{
	bool *removed = calloc(count + 1, sizeof *removed);
	struct sqlite_store *s;
	int err;

	if (removed == NULL)
		return CAIRN_ERR_NOMEM;
	s = lock(store);
	err = remove_everywhere(s, removed, desk, door, hashes, count);
	for (size_t i = 0; err == CAIRN_OK && i < count; i++)
		if (removed[i])
			counts_less(&s->counts, desk, door, 1);
	unlock(s, err);
	free(removed);
	return err;
}

/* --- claims --- */

static int
each_id(struct store *store, int statement, const uint8_t *desk, enum cairn_door door,
    const uint8_t (*ids)[CAIRN_BLOB_ID_BYTES], size_t count)
{
	struct sqlite_store *s = lock(store);
	sqlite3_stmt *st = s->st[statement];
	int err = sql_begin(s->db);

	for (size_t i = 0; err == CAIRN_OK && i < count; i++) {
		sql_bytes(st, 1, desk, CAIRN_HASH_BYTES);
		sql_number(st, 2, door);
		sql_bytes(st, 3, ids[i], CAIRN_BLOB_ID_BYTES);
		err = sql_run(st, NULL);
	}
	s->unclean = true;
	err = sql_end(s->db, err);
	return unlock(s, err);
}

static int
sqlite_claim(struct store *store, const uint8_t *desk, enum cairn_door door,
    const uint8_t (*ids)[CAIRN_BLOB_ID_BYTES], size_t count)
{
	return each_id(store, CLAIM, desk, door, ids, count);
}

static int
sqlite_unclaim(struct store *store, const uint8_t *desk, enum cairn_door door,
    const uint8_t (*ids)[CAIRN_BLOB_ID_BYTES], size_t count)
{
	return each_id(store, UNCLAIM, desk, door, ids, count);
}

static int
sqlite_claimed(struct store *store, bool *ret, const uint8_t *desk, enum cairn_door door, const uint8_t *id)
{
	struct sqlite_store *s = lock(store);
	sqlite3_stmt *st = s->st[CLAIMED];
	int rc;

	sql_bytes(st, 1, desk, CAIRN_HASH_BYTES);
	sql_number(st, 2, door);
	sql_bytes(st, 3, id, CAIRN_BLOB_ID_BYTES);
	rc = sql_step(st);
	sql_done(st);
	*ret = rc == SQLITE_ROW;
	return unlock(s, sql_error(rc));
}

/* --- the hour turns --- */

struct move {
	struct sqlite_store *s;
	uint32_t hour;
};

static int
see_row(struct move *move, const struct spool_row *row)
{
	sqlite3_stmt *st = move->s->st[SEE];

	sql_number(st, 1, row->day);
	sql_bytes(st, 2, row->desk, CAIRN_HASH_BYTES);
	sql_bytes(st, 3, row->hash, CAIRN_HASH_BYTES);
	sql_number(st, 4, move->hour);
	return sql_run(st, NULL);
}

static int
move_row(void *arg, const struct spool_row *row)
{
	struct move *move = arg;
	sqlite3_stmt *st = move->s->st[KEEP];
	int changes;
	int err = see_row(move, row);

	if (err != CAIRN_OK || row->cell == NULL)
		return err;
	sql_bytes(st, 1, row->desk, CAIRN_HASH_BYTES);
	sql_number(st, 2, row->door);
	sql_number(st, 3, move->hour);
	sql_bytes(st, 4, row->hash, CAIRN_HASH_BYTES);
	sql_bytes(st, 5, row->cell, CAIRN_DROP_CELL_BYTES);
	err = sql_run(st, &changes);
	/* It had moved when the power went, and was counted in both places. */
	if (err == CAIRN_OK && changes == 0)
		counts_less(&move->s->counts, row->desk, row->door, 1);
	return err;
}

static int
move_slice(struct sqlite_store *s, size_t *rows)
{
	struct move move = {s, spool_hour(s->old)};
	int err = sql_begin(s->db);

	if (err == CAIRN_OK)
		err = spool_slice(s->old, rows, move_row, &move);
	/* From here on the spool counts no more: what is removed from the store must not come back out of it. */
	if (err == CAIRN_OK && *rows == 0) {
		sql_number(s->st[MOVED], 1, move.hour);
		err = sql_run(s->st[MOVED], NULL);
	}
	err = sql_end(s->db, err);
	if (err == CAIRN_OK)
		spool_moved(s->old);
	s->unclean = true;
	return err;
}

/* What was written over in the store is still in its WAL: into the file with it, and the WAL emptied. */
static int
empty_wal(struct sqlite_store *s)
{
	int err;

	if (!s->unclean)
		return CAIRN_OK;
	err = sql_error(sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL));
	if (err == CAIRN_OK)
		s->unclean = false;
	return err;
}

/* *done is a spool whose cells have all moved: nobody else knows it any more. */
static int
turn(struct sqlite_store *s, uint32_t hour, struct spool **done)
{
	size_t rows = 0;
	int err;

	if (s->hour < hour)
		s->hour = hour;
	if (s->now != NULL && spool_hour(s->now) < hour)
		retire(s);
	if (s->old == NULL)
		return empty_wal(s);
	if ((err = move_slice(s, &rows)) != CAIRN_OK)
		return err;
	if (rows == 0) {
		*done = s->old;
		s->old = *spool_next(*done);
	}
	return CAIRN_ERR_BUSY;
}

/* Notes that a spool is gone from the disk, if it is. */
static int
wiped(struct sqlite_store *s, int err, uint32_t hour)
{
	if (err != CAIRN_OK)
		return err;
	sql_number(s->st[WIPED], 1, hour);
	s->unclean = true;
	return sql_run(s->st[WIPED], NULL);
}

/* Outside the lock: overwriting takes long. What fails is tried again at the next call, and at the next start. */
static int
wipe(struct sqlite_store *s, struct spool *done)
{
	int err;

	if (done != NULL) {
		s->unwiped_hour = spool_hour(done);
		err = spool_erase(done);
	} else {
		err = spool_wipe(s->folder, s->unwiped_hour);
	}
	lock(&s->base);
	err = unlock(s, wiped(s, err, s->unwiped_hour));
	s->unwiped = err != CAIRN_OK;
	return err;
}

static int
sqlite_turn(struct store *store, uint32_t hour)
{
	struct sqlite_store *s = (struct sqlite_store *)store;
	struct spool *done = NULL;
	int left = s->unwiped ? wipe(s, NULL) : CAIRN_OK;
	int err;

	if (left != CAIRN_OK)
		return left;
	lock(store);
	err = unlock(s, turn(s, hour, &done));
	if (done != NULL && (left = wipe(s, done)) != CAIRN_OK)
		return left;
	return err;
}

/* --- what is past --- */

/* A slice of the cells of a door from before that hour. CAIRN_ERR_BUSY: there may be more. */
static int
expire_door(struct sqlite_store *s, const struct count *count, uint64_t before)
{
	sqlite3_stmt *st = s->st[EXPIRE];
	struct count of = *count;
	int changes;
	int err;

	sql_bytes(st, 1, of.desk, sizeof of.desk);
	sql_number(st, 2, of.door);
	sql_number(st, 3, before);
	err = sql_run(st, &changes);
	if (err != CAIRN_OK || changes == 0)
		return err;
	s->unclean = true;
	counts_less(&s->counts, of.desk, of.door, (uint64_t)changes);
	return CAIRN_ERR_BUSY;
}

static int
expire_seen(struct sqlite_store *s, uint32_t day)
{
	int changes;
	int err;

	sql_number(s->st[EXPIRE_SEEN], 1, day);
	err = sql_run(s->st[EXPIRE_SEEN], &changes);
	return err == CAIRN_OK && changes > 0 ? CAIRN_ERR_BUSY : err;
}

static int
sqlite_expire(struct store *store, uint32_t hour)
{
	struct sqlite_store *s = lock(store);
	int err = CAIRN_OK;

	for (size_t i = 0; err == CAIRN_OK && hour > STORE_CELL_HOURS && i < s->counts.used; i++)
		err = expire_door(s, &s->counts.list[i], hour - STORE_CELL_HOURS);
	/* Yesterday is the last day that is taken; one more for clocks that were set. */
	if (err == CAIRN_OK && hour > 48)
		err = expire_seen(s, hour / 24 - 2);
	return unlock(s, err);
}

static int
sqlite_forget(struct store *store, const uint8_t *desk)
{
	struct sqlite_store *s = lock(store);
	int err = CAIRN_OK;

	for (size_t i = 0; err == CAIRN_OK && i < s->counts.used; i++)
		if (memcmp(s->counts.list[i].desk, desk, CAIRN_HASH_BYTES) == 0)
			err = expire_door(s, &s->counts.list[i], INT64_MAX);
	if (err == CAIRN_OK) {
		sql_bytes(s->st[FORGET_CLAIMS], 1, desk, CAIRN_HASH_BYTES);
		err = sql_run(s->st[FORGET_CLAIMS], NULL);
	}
	unlock(s, err);
	return err == CAIRN_OK ? feeds_forget(s->feeds, desk) : err;
}

static void
sqlite_visit_desks(struct store *store, store_visit_desk *visit, void *arg)
{
	struct sqlite_store *s = lock(store);

	for (size_t i = 0; i < s->counts.used; i++)
		if (s->counts.list[i].cells > 0 && !visit(arg, s->counts.list[i].desk))
			break;
	unlock(s, CAIRN_OK);
	feeds_visit_desks(s->feeds, visit, arg);
}

/* --- feeds --- */

static struct feeds *
feeds_of(struct store *store)
{
	return ((struct sqlite_store *)store)->feeds;
}

static int
sqlite_feed_append(struct store *store, struct store_append *append)
{
	return feeds_append(feeds_of(store), append);
}

static int
sqlite_feed_visit(struct store *store, uint64_t *ret_head, const uint8_t *desk, uint64_t from,
    store_visit_record *visit, void *arg)
{
	return feeds_visit(feeds_of(store), ret_head, desk, from, visit, arg);
}

static int
sqlite_feed_delete(struct store *store, const uint8_t *desk, const uint64_t *seqs, size_t count)
{
	return feeds_delete(feeds_of(store), desk, seqs, count);
}

static int
sqlite_feed_tidy(struct store *store)
{
	return feeds_tidy(feeds_of(store));
}

/* --- opening --- */

static void
sqlite_close(struct store *store)
{
	struct sqlite_store *s = (struct sqlite_store *)store;

	while (s->old != NULL) {
		struct spool *next = *spool_next(s->old);

		spool_close(s->old);
		s->old = next;
	}
	spool_close(s->now);
	feeds_close(s->feeds);
	sql_close(s->db, s->st, STATEMENTS);
	counts_clear(&s->counts);
	pthread_mutex_destroy(&s->lock);
	free(s->folder);
	free(s);
}

static const struct store_ops sqlite_ops = {
	.put = sqlite_put,
	.visit = sqlite_visit,
	.remove = sqlite_remove,
	.claim = sqlite_claim,
	.unclaim = sqlite_unclaim,
	.claimed = sqlite_claimed,
	.feed_append = sqlite_feed_append,
	.feed_visit = sqlite_feed_visit,
	.feed_delete = sqlite_feed_delete,
	.feed_tidy = sqlite_feed_tidy,
	.turn = sqlite_turn,
	.expire = sqlite_expire,
	.forget = sqlite_forget,
	.visit_desks = sqlite_visit_desks,
	.close = sqlite_close,
};

/* Were all cells of that hour moved? Then its spool is not to be opened: it may be half overwritten. */
static int
has_moved(struct sqlite_store *s, bool *ret, uint32_t hour)
{
	sqlite3_stmt *st = s->st[HAS_MOVED];
	int rc;

	sql_number(st, 1, hour);
	rc = sql_step(st);
	sql_done(st);
	*ret = rc == SQLITE_ROW;
	return sql_error(rc);
}

/* A spool that was being overwritten when the last process ended. No other of its hour is ever begun. */
static int
finish_wipe(struct sqlite_store *s, uint32_t hour)
{
	if (s->hour <= hour)
		s->hour = hour + 1;
	return wiped(s, spool_wipe(s->folder, hour), hour);
}

/* A spool from before: of this hour or a later one (a clock that was set) it takes cells, else it moves. */
static int
adopt(struct sqlite_store *s, uint32_t spool_of, uint32_t hour)
{
	struct spool *spool;
	int err = spool_open(&spool, s->folder, spool_of);

	if (err != CAIRN_OK)
		return err;
	if ((err = spool_count(spool, &s->counts)) != CAIRN_OK) {
		spool_close(spool);
		return err;
	}
	if (s->now != NULL)
		retire(s);
	s->now = spool;
	if (s->hour < spool_of)
		s->hour = spool_of;
	if (spool_of < hour)
		retire(s);
	return CAIRN_OK;
}

static int
adopt_all(struct sqlite_store *s, uint32_t hour)
{
	struct file_names names;
	int err = file_names(&names, AT_FDCWD, s->folder);

	/* By name: ten thousand days from now there is no hour of another length. */
	for (size_t i = 0; err == CAIRN_OK && i < names.count; i++) {
		uint32_t spool_of;
		bool done;

		if (spool_name_read(&spool_of, names.names[i]) != CAIRN_OK ||
		    (err = has_moved(s, &done, spool_of)) != CAIRN_OK)
			continue;
		err = done ? finish_wipe(s, spool_of) : adopt(s, spool_of, hour);
	}
	file_names_clear(&names);
	return err;
}

/* What moved already when the power went is in its spool and in the store: counted once, below. */
static int
count_store(struct sqlite_store *s)
{
	sqlite3_stmt *st = s->st[COUNT];
	int err = CAIRN_OK;
	int rc;

	while (err == CAIRN_OK && (rc = sql_step(st)) != SQLITE_DONE) {
		const void *desk = sqlite3_column_blob(st, 0);

		if ((err = sql_error(rc)) == CAIRN_OK)
			err = desk == NULL || sqlite3_column_bytes(st, 0) != CAIRN_HASH_BYTES ? CAIRN_ERR_IO :
			    counts_add(&s->counts, desk, (enum cairn_door)sqlite3_column_int(st, 1),
			        (uint64_t)sqlite3_column_int64(st, 2));
	}
	sql_done(st);
	return err;
}

static int
open_files(struct sqlite_store *s, uint32_t hour)
{
	char path[FILES_PATH_MAX];
	int length = snprintf(path, sizeof path, "%s/store.db", s->folder);
	int err;

	if (length < 0 || (size_t)length >= sizeof path)
		return CAIRN_ERR_RANGE;
	s->hour = hour;
	s->unclean = true;
	if ((err = sql_open(&s->db, path, schema)) != CAIRN_OK ||
	    (err = sql_prepare(s->db, s->st, texts, STATEMENTS)) != CAIRN_OK ||
	    (err = count_store(s)) != CAIRN_OK || (err = feeds_open(&s->feeds, s->folder)) != CAIRN_OK)
		return err;
	return adopt_all(s, hour);
}

int
store_sqlite_open(struct store **ret, const char *folder, uint32_t hour)
{
	struct sqlite_store *s = calloc(1, sizeof *s);
	int err = CAIRN_ERR_NOMEM;

	*ret = NULL;
	if (s == NULL)
		return CAIRN_ERR_NOMEM;
	s->base.ops = &sqlite_ops;
	pthread_mutex_init(&s->lock, NULL);
	s->folder = strdup(folder);
	if (s->folder != NULL)
		err = open_files(s, hour);
	if (err != CAIRN_OK) {
		sqlite_close(&s->base);
		return err;
	}
	*ret = &s->base;
	return CAIRN_OK;
}
