// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_APPLY_H
#define CAIRN_RECORD_APPLY_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/hash.h"
#include "db/db.h"
#include "record/op.h"

/*
 * The state of the record follows from its operations, in whatever order they come: the latest put of a field
 * wins, by lamport, then device; an element is in a set while one of its adds is that no drop has seen; notes are
 * only ever added; a retraction marks. Entities are apart by compartment, so that nobody writes from one case into
 * another.
 */

/* Where an operation comes from. Whoever carries it vouches for all of this. */
struct record_origin {
	uint8_t device[CAIRN_DEVICE_ID_BYTES];
	uint64_t counter; /* of the device, never used twice */
	uint64_t lamport;
	uint64_t at; /* Unix seconds, by the device's clock */
	uint8_t compartment[RECORD_COMPARTMENT_BYTES]; /* zeros: the desk's own record */
	const uint8_t *signature;                      /* 64 bytes, kept beside it; NULL where the carrier keeps it */
};

/* Makes the tables where they are not there. */
CAIRN_NODISCARD int record_prepare(struct db *db);

/*
 * Takes an operation in: durably where no transaction is open, else with the caller's, who undoes it all where this
 * fails (db_end() with the error). The same again is CAIRN_OK and
 * changes nothing. CAIRN_ERR_FORMAT: not canonical, or a number that no origin has; CAIRN_ERR_CONFLICT: another
 * operation of that device and counter is there already. Errors of db.h.
 */
CAIRN_NODISCARD int record_apply(struct db *db, const void *bytes, size_t size, const struct record_origin *origin);

/* What a new operation of device gets: the next counter and the next lamport. */
CAIRN_NODISCARD int record_clock(struct db *db, const uint8_t device[CAIRN_DEVICE_ID_BYTES], uint64_t *ret_counter,
    uint64_t *ret_lamport);
/*
 * For a record out of a backup, once its device counts where it has never been (carry/feed.h): so do its operations
 * here. In a transaction.
 */
CAIRN_NODISCARD int record_restored(struct db *db);

/*
 * Signs and checks an operation outside the feed: Ed25519 over "cairn/1 record" || desk_id || device || u64
 * counter || u64 lamport || u64 at || compartment || H(bytes).
 */
void record_sign(uint8_t signature[64], const struct record_origin *origin, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t secret[64]);
/* CAIRN_ERR_CRYPTO. */
CAIRN_NODISCARD int record_verify(const struct record_origin *origin, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t key[32]);

#endif
