// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_EVIDENCE_STAMP_H
#define CAIRN_RECORD_EVIDENCE_STAMP_H

#include "record/evidence.h"

/*
 * Time stamps at a fixed pace. Each tick sends one request, for the root of a tree of EVIDENCE_LEAVES leaves: the
 * blinded hashes of log entries that wait, in random order, and random ones for the rest. The authority, and who
 * watches the line, see one hash a tick, whether there was anything or not; who is shown the proof of one item learns
 * nothing of the others, not even whether there are any.
 */
#define EVIDENCE_LEAVES 64U /* of a tick; proofs have 6 hashes always */
#define EVIDENCE_TICK_S 3600U
#define EVIDENCE_ASK_MAX 512U

/*
 * Sends a request to the authority and gives its answer, of up to room bytes. CAIRN_ERR_IO: none came. It may leave a
 * sentence.
 */
typedef int evidence_post(
    void *arg, const uint8_t *ask, size_t ask_bytes, uint8_t *answer, size_t room, size_t *ret_bytes);

struct evidence_tsa {
	evidence_post *post;
	void *arg;
	struct cairn_span ca; /* its authorities, PEM: what does not lead there is not kept */
	uint32_t pace_s;      /* 0: EVIDENCE_TICK_S */
};

struct evidence_tick {
	bool due;
	size_t stamped;   /* entries that got a stamp; told to staff of this device, and to nobody else */
	uint64_t waiting; /* entries that still wait */
	uint64_t next;    /* when the next is due */
};

/*
 * One tick where one is due: at most one in each step of pace_s since 1970, failed ones counted, so that a failure
 * does not change the pace either; what waited waits on. A clock that is set back begins its steps anew.
 * CAIRN_ERR_IO: no answer; CAIRN_ERR_FORMAT, CAIRN_ERR_CRYPTO: an answer that is none.
 */
CAIRN_NODISCARD int evidence_stamp_tick(
    struct evidence *ev, const struct evidence_tsa *tsa, uint64_t now, struct evidence_tick *tick);

/* The leaf of an entry: what the tree is over. blind is secret until the proof is shown. */
void evidence_leaf(uint8_t out[32], const uint8_t entry_hash[EVIDENCE_HASH_BYTES], const uint8_t blind[32]);

/* Does the proof in a "time-stamped" entry lead from its entry to its root? CAIRN_ERR_CRYPTO. */
CAIRN_NODISCARD int evidence_stamp_check(const struct evidence_entry *stamped);

#endif
