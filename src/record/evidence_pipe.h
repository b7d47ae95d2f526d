// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_EVIDENCE_PIPE_H
#define CAIRN_RECORD_EVIDENCE_PIPE_H

#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdint.h>

#include "record/evidence.h"

/*
 * One reads, two follow: each in a thread of its own, given every piece in order. Hashing, sealing with writing, and
 * reading take their time side by side; the pieces between them are enough that none waits for a turn of another on
 * a machine that has much to do.
 */
#define EVIDENCE_PIPE_PIECES 8U
#define EVIDENCE_PIPE_FOLLOWERS 2U

/*
 * A piece is EVIDENCE_PIECE_BYTES, of which the first used are content and the rest zeros. Only the last is not full,
 * and there is at least one. What a follower returns other than CAIRN_OK ends the reading.
 */
typedef int evidence_follow(void *arg, const uint8_t *piece, size_t used);

struct evidence_follower {
	evidence_follow *follow;
	void *arg;
	const struct evidence_pipe *pipe;
	pthread_t thread;
	sem_t full;      /* pieces that it has yet to look at */
	sem_t empty;     /* pieces that it is done with */
	_Atomic int err; /* the first; after it pieces are passed over */
};

/* Secret. Large: not on the stack. followers' follow and arg are the caller's, all else is filled in here. */
struct evidence_pipe {
	struct evidence_follower followers[EVIDENCE_PIPE_FOLLOWERS];
	size_t used[EVIDENCE_PIPE_PIECES];
	uint8_t pieces[EVIDENCE_PIPE_PIECES][EVIDENCE_PIECE_BYTES];
};

/*
 * Reads to the end, and returns when all followers have seen all of it. The error is that of read, or else of a
 * follower; CAIRN_ERR_NOMEM: no thread.
 */
CAIRN_NODISCARD int evidence_pipe_run(struct evidence_pipe *pipe, evidence_read *read, void *arg);

#endif
