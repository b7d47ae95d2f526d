// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_TOGETHER_H
#define CAIRN_RECORD_TOGETHER_H

#include "carry/compartments.h"
#include "desk/desk.h"
#include "record/apply.h"
#include "record/evidence.h"

/*
 * The record and the custody of evidence among a desk's devices (docs/carry.md, docs/protocol.md). Operations are
 * told in the desk's compartment of kind record, or, where they belong to a case, in a testimony compartment of it.
 * Each is signed by the device that made it and brings its origin, so that it is the same whoever gives it again:
 * what a device entered before it had a feed is told like the rest.
 *
 * The desk's compartment of kind record is the first live one that the feed has. Whoever has the role documentation
 * makes it when there is something to say and it is not there. In it, an operation's compartment is zeros.
 */

/* For desk->room. Its tables are those of record_prepare() and evidence_prepare(). */
extern const struct desk_room record_room;

/* Keeps an operation of this device until the others are told. In the caller's transaction. */
CAIRN_NODISCARD int record_tell_later(struct db *db, const struct record_origin *origin, const void *bytes,
    size_t size);

/* The sink of evidence: arg is the struct desk. */
int record_evidence_sink(void *arg, enum evidence_op op, const uint8_t *bytes, size_t size);

/* The case that a conversation's compartment is of. CAIRN_ERR_UNKNOWN: there is none yet. */
CAIRN_NODISCARD int record_case_of(struct desk *desk, uint8_t case_id[OP_ID_BYTES], uint64_t conv);

/* The testimony compartment of a case, where this device is a member. CAIRN_ERR_UNKNOWN: there is none. */
CAIRN_NODISCARD int record_testimony(
    struct desk *desk, uint8_t ret[OP_ID_BYTES], const uint8_t case_id[OP_ID_BYTES]);

#endif
