// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_READ_H
#define CAIRN_RECORD_READ_H

#include "record/change.h"
#include "record/code.h"

/* What stands in the record of this device: all that it may see, and nothing else, is in its database. */

/*
 * The heads of all entities, sorted by kind and id; kinds of a later version are left out. *ret is malloc'ed. kind is
 * NULL for all.
 */
CAIRN_NODISCARD int record_list(struct db *db, const struct record_kind *kind, struct record_head **ret,
    size_t *ret_count);

/*
 * What stands of an entity, as items: puts, adds, notes, levels, and those retractions that are in force (a field's,
 * where nothing was put since). Sorted. Cleared by the caller, also on failure.
 */
CAIRN_NODISCARD int record_load(struct db *db, const struct record_head *head, struct record_change *change);

/* The adds of an element that are seen here, as a drop has them: up to RECORD_DOTS_MAX. */
CAIRN_NODISCARD int record_dots(struct db *db, const struct record_head *head, uint16_t field,
    struct cairn_span element, uint8_t dots[RECORD_DOTS_MAX * RECORD_DOT_BYTES], size_t *ret_count);

/* An entity that refers to another. */
struct record_referrer {
	struct record_head head;
	const struct record_field *field;
};
CAIRN_NODISCARD int record_referrers(struct db *db, const uint8_t id[RECORD_ID_BYTES],
    struct record_referrer **ret, size_t *ret_count);

/* Is the whole of it retracted? */
bool record_is_retracted(const struct record_change *change);

/* What to call it on one line: title, label, or type; empty where it has none. A view into change. */
struct cairn_span record_title(const struct record_change *change);

/* One operation as it came; the views live until the next. Ordered by device and counter. */
struct record_logged {
	uint8_t device[CAIRN_DEVICE_ID_BYTES];
	uint64_t counter;
	uint64_t lamport;
	uint64_t at;
	uint8_t compartment[RECORD_COMPARTMENT_BYTES];
	struct cairn_span bytes;
	struct cairn_span signature; /* 64 bytes, or none */
};
/*
 * Calls see for each, until it returns an error. head is NULL for all, else one entity's, in the order of their
 * clock.
 */
CAIRN_NODISCARD int record_log(struct db *db, const struct record_head *head,
    int (*see)(const struct record_logged *op, void *arg), void *arg);

struct query;
void record_head_columns(struct record_head *head, struct query *q);

#endif
