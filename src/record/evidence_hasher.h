// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_EVIDENCE_HASHER_H
#define CAIRN_RECORD_EVIDENCE_HASHER_H

#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdint.h>

#include "record/evidence_digest.h"

/*
 * The two hashes in a thread of their own, while the caller seals and writes the same bytes: the hashes take as long
 * as the rest together.
 */
struct evidence_hasher {
	struct evidence_digest digest;
	pthread_t thread;
	sem_t todo;
	sem_t done;
	const uint8_t *bytes;
	size_t size; /* 0: the end */
};

/* CAIRN_ERR_NOMEM: no thread, or no memory; there is nothing to end then. */
CAIRN_NODISCARD int evidence_hasher_begin(struct evidence_hasher *h);
/* Waits until the bytes of the put before are done with; these must stay until the next put, or the end. */
void evidence_hasher_put(struct evidence_hasher *h, const void *bytes, size_t size);
/* The outputs may be NULL. */
void evidence_hasher_end(struct evidence_hasher *h, uint8_t sha256[32], uint8_t blake2b[32]);

#endif
