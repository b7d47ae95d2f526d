// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_STORE_H
#define CAIRN_RELAY_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/drop.h"
#include "cairn/err.h"
#include "cairn/feed.h"
#include "cairn/file.h"
#include "cairn/hash.h"

/*
 * Where cells wait for their desks, and where the desks' feeds are. Every store keeps what
 * tests/unit/relay_store_contract.c asks; above all (docs/protocol.md, sections 6 and 8):
 *
 * - what put says is kept is on disk, and the same bytes are kept once, also after they were removed, for as long
 *   as their day is taken;
 * - nothing on disk tells an order of arrival, but for the hour, once that hour has been turned;
 * - of a feed's record that was deleted nothing is on disk but its hash, once tidy has been called.
 *
 * All functions are thread-safe. Errors: CAIRN_ERR_SPACE, CAIRN_ERR_IO, CAIRN_ERR_NOMEM, and those named.
 */
struct store;

/* One cell to be kept. The first five are given, the last two are the answer. */
struct store_put {
	const uint8_t *desk; /* [CAIRN_HASH_BYTES] */
	enum cairn_door door;
	uint32_t day;
	const uint8_t *hash; /* [CAIRN_HASH_BYTES] */
	const uint8_t *cell; /* [CAIRN_DROP_CELL_BYTES] */
	uint64_t quota;      /* cells that may wait at that door of that desk */
	uint32_t hour;       /* of the first arrival */
	int err;             /* CAIRN_ERR_BUSY: the door has no room; else as store_put() returns */
};

/* One record to be put at the end of a feed. All but the last is given. */
struct store_append {
	const uint8_t *desk;  /* [CAIRN_HASH_BYTES] */
	uint64_t seq;         /* the number of records that there are, as far as its device knows */
	const uint8_t *prev;  /* [CAIRN_HASH_BYTES] of the record before, as far as its device knows */
	const uint8_t *hash;  /* [CAIRN_HASH_BYTES] */
	const uint8_t *bytes;
	size_t size;          /* at most CAIRN_FEED_RECORD_BYTES_MAX */
	uint64_t quota;       /* bytes that the feed may hold, STORE_RECORD_COST for each record beside its own */
	uint64_t head;        /* the number of records by now; 0 on a fault */
};

/* One record of a feed, or, bytes being NULL, the place of one that was deleted. */
struct store_record {
	uint64_t seq;
	const uint8_t *hash;
	const uint8_t *bytes;
	size_t size;
};

/* Sees one cell; false: enough. Called under the store's lock: it must not call the store. */
typedef bool store_visit(void *arg, const uint8_t *hash, const uint8_t *cell);
/* Sees one desk that has cells waiting. */
typedef bool store_visit_desk(void *arg, const uint8_t *desk);
/* Sees one record of a feed; as store_visit. */
typedef bool store_visit_record(void *arg, const struct store_record *record);

struct store_ops {
	int (*put)(struct store *store, struct store_put *const *puts, size_t count, uint32_t hour);
	int (*visit)(struct store *store, const uint8_t *desk, enum cairn_door door, store_visit *visit, void *arg);
	int (*remove)(struct store *store, const uint8_t *desk, enum cairn_door door,
	    const uint8_t (*hashes)[CAIRN_HASH_BYTES], size_t count);
	int (*claim)(struct store *store, const uint8_t *desk, enum cairn_door door,
	    const uint8_t (*ids)[CAIRN_BLOB_ID_BYTES], size_t count);
	int (*unclaim)(struct store *store, const uint8_t *desk, enum cairn_door door,
	    const uint8_t (*ids)[CAIRN_BLOB_ID_BYTES], size_t count);
	int (*claimed)(struct store *store, bool *ret, const uint8_t *desk, enum cairn_door door,
	    const uint8_t *id);
	int (*feed_append)(struct store *store, struct store_append *append);
	int (*feed_visit)(struct store *store, uint64_t *ret_head, const uint8_t *desk, uint64_t from,
	    store_visit_record *visit, void *arg);
	int (*feed_delete)(struct store *store, const uint8_t *desk, const uint64_t *seqs, size_t count);
	int (*feed_tidy)(struct store *store);
	int (*turn)(struct store *store, uint32_t hour);
	int (*expire)(struct store *store, uint32_t hour);
	int (*forget)(struct store *store, const uint8_t *desk);
	void (*visit_desks)(struct store *store, store_visit_desk *visit, void *arg);
	void (*close)(struct store *store);
};

/* What every store begins with. */
struct store {
	const struct store_ops *ops;
};

/* In files of that folder (path from the root). */
CAIRN_NODISCARD int store_sqlite_open(struct store **ret, const char *folder, uint32_t hour);

/*
 * Keeps all of them durably, in this order, as of that hour: all or, when it returns an error, none. Each put's
 * err is set in either case.
 */
CAIRN_NODISCARD static inline int
store_put(struct store *store, struct store_put *const *puts, size_t count, uint32_t hour)
{
	return store->ops->put(store, puts, count, hour);
}

/* The cells that wait at a door, those of older hours first, else by hash. */
CAIRN_NODISCARD static inline int
store_visit_cells(struct store *store, const uint8_t *desk, enum cairn_door door, store_visit *visit, void *arg)
{
	return store->ops->visit(store, desk, door, visit, arg);
}

/* Unknown hashes are passed over. */
CAIRN_NODISCARD static inline int
store_remove(struct store *store, const uint8_t *desk, enum cairn_door door,
    const uint8_t (*hashes)[CAIRN_HASH_BYTES], size_t count)
{
	return store->ops->remove(store, desk, door, hashes, count);
}

/* Blobs that a desk has claimed, whether they are there or not. */
CAIRN_NODISCARD static inline int
store_claim(struct store *store, const uint8_t *desk, enum cairn_door door,
    const uint8_t (*ids)[CAIRN_BLOB_ID_BYTES], size_t count)
{
	return store->ops->claim(store, desk, door, ids, count);
}

CAIRN_NODISCARD static inline int
store_unclaim(struct store *store, const uint8_t *desk, enum cairn_door door,
    const uint8_t (*ids)[CAIRN_BLOB_ID_BYTES], size_t count)
{
	return store->ops->unclaim(store, desk, door, ids, count);
}

CAIRN_NODISCARD static inline int
store_claimed(struct store *store, bool *ret, const uint8_t *desk, enum cairn_door door, const uint8_t *id)
{
	return store->ops->claimed(store, ret, desk, door, id);
}

/*
 * Appends durably, where append->seq is the number of records there are; the same record at the same place again is
 * no error. CAIRN_ERR_CONFLICT: another stands there, or none before it; CAIRN_ERR_STALE: it does not go on from the
 * one before it, deleted or not; CAIRN_ERR_BUSY: the feed is full.
 */
CAIRN_NODISCARD static inline int
store_feed_append(struct store *store, struct store_append *append)
{
	return store->ops->feed_append(store, append);
}

/* The records of a feed from that one on, in order; *ret_head is how many there are, 0 where nobody began it. */
CAIRN_NODISCARD static inline int
store_feed_visit(struct store *store, uint64_t *ret_head, const uint8_t *desk, uint64_t from,
    store_visit_record *visit, void *arg)
{
	return store->ops->feed_visit(store, ret_head, desk, from, visit, arg);
}

/*
 * All of them, or none; those that are deleted already are passed over. CAIRN_ERR_RANGE: one that is not there yet.
 * What could not be overwritten at once is left to tidy; then too the error says so.
 */
CAIRN_NODISCARD static inline int
store_feed_delete(struct store *store, const uint8_t *desk, const uint64_t *seqs, size_t count)
{
	return store->ops->feed_delete(store, desk, seqs, count);
}

/* Overwrites what is deleted and still on disk. As turn. */
CAIRN_NODISCARD static inline int
store_feed_tidy(struct store *store)
{
	return store->ops->feed_tidy(store);
}

/*
 * It is that hour: hours before it lose their order. Does a slice of the work; CAIRN_ERR_BUSY: there is more,
 * call again.
 */
CAIRN_NODISCARD static inline int
store_turn(struct store *store, uint32_t hour)
{
	return store->ops->turn(store, hour);
}

/* Drops cells whose keys are erased everywhere by now, and what was remembered of days no longer taken. As turn. */
CAIRN_NODISCARD static inline int
store_expire(struct store *store, uint32_t hour)
{
	return store->ops->expire(store, hour);
}

/* Drops all of a desk that is in no hour's spool any more. As turn. */
CAIRN_NODISCARD static inline int
store_forget(struct store *store, const uint8_t *desk)
{
	return store->ops->forget(store, desk);
}

static inline void
store_visit_desks(struct store *store, store_visit_desk *visit, void *arg)
{
	store->ops->visit_desks(store, visit, arg);
}

/* NULL is fine. */
static inline void
store_close(struct store *store)
{
	if (store != NULL)
		store->ops->close(store);
}

/* What a record costs beside its bytes, deleted or not. */
#define STORE_RECORD_COST 64U

/* No key opens a cell that is older: erased after 30 days in any case, the day itself and the days ahead added. */
#define STORE_CELL_HOURS (34U * 24U)

#endif
