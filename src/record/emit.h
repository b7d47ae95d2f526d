// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_EMIT_H
#define CAIRN_RECORD_EMIT_H

#include "db/db.h"
#include "desk/desk.h"
#include "record/change.h"

/*
 * Where operations go. take gives the operation its origin, carries it to the other devices of the compartment,
 * and calls record_apply() with both, all in the transaction that is open. The bytes are its to copy.
 */
struct record_sink {
	int (*take)(void *arg, const uint8_t compartment[RECORD_COMPARTMENT_BYTES], const void *bytes, size_t size);
	void *arg;
};

/*
 * Checks the change and makes operations of it, as many as it takes, all of them or none. CAIRN_ERR_RANGE: a value
 * that its field does not take, the same twice, or nothing at all. Items are sorted. Errors of take.
 */
CAIRN_NODISCARD int record_emit(struct db *db, const struct record_sink *sink, struct record_change *change);

/* What is wrong with a change: a sentence without its end, and the field in *ret_field; NULL where nothing is. */
const char *record_change_fault(const struct record_change *change, const struct record_field **ret_field);

/* Fills in what a new entity gets by itself: presets, when and by whom it was entered. Not what is there already. */
CAIRN_NODISCARD int record_change_begin(struct record_change *change, const uint8_t device[CAIRN_DEVICE_ID_BYTES],
    uint64_t now);

/* The first required field that has no value, or NULL. */
const struct record_field *record_change_missing(const struct record_change *change);

/* The sink of a desk: operations of this device, signed, in its own database at once, and kept for the others. */
struct record_local {
	struct desk *desk;
	uint64_t now;
};
struct record_sink record_local_sink(struct record_local *local);

#endif
