// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_ADMISSION_H
#define CAIRN_ADMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/span.h"

/* Passes and work: what a door may ask for (docs/protocol.md, section 10). */

#define CAIRN_PASS_BYTES 16U
#define CAIRN_CHALLENGE_BYTES 16U
#define CAIRN_WORK_NONCE_BYTES 8U
#define CAIRN_DIFFICULTY_MAX 14U   /* above it a client does not work: the desk is under attack */
#define CAIRN_DOOR_ANSWER_MAX 128U

/* What GET drop/<door> answers. */
struct cairn_door_answer {
	uint32_t hour;
	uint8_t challenge[CAIRN_CHALLENGE_BYTES];
	uint8_t difficulty; /* leading zero bits; 0: nothing is asked */
};

CAIRN_NODISCARD int cairn_door_answer_read(struct cairn_door_answer *answer, struct cairn_span body);
/* Returns the length. */
size_t cairn_door_answer_write(char out[CAIRN_DOOR_ANSWER_MAX], const struct cairn_door_answer *answer);

/* May a client work for that? */
bool cairn_work_accepted(uint8_t difficulty);

/*
 * Argon2id (1 MiB, 1 pass) over body_hash || nonce with the challenge as salt: about a millisecond.
 * *ret_bits is the number of leading zero bits. CAIRN_ERR_NOMEM.
 */
CAIRN_NODISCARD int cairn_work_bits(unsigned *ret_bits, uint8_t digest[32],
    const uint8_t body_hash[CAIRN_HASH_BYTES], const uint8_t challenge[CAIRN_CHALLENGE_BYTES],
    const uint8_t nonce[CAIRN_WORK_NONCE_BYTES]);

/*
 * Tries nonces from *next on, at most tries of them. CAIRN_OK: nonce suffices. CAIRN_ERR_BUSY: not yet, go on with
 * *next as it is now.
 */
CAIRN_NODISCARD int cairn_work_search(uint8_t nonce[CAIRN_WORK_NONCE_BYTES], uint64_t *next, unsigned tries,
    uint8_t difficulty, const uint8_t body_hash[CAIRN_HASH_BYTES],
    const uint8_t challenge[CAIRN_CHALLENGE_BYTES]);

/* SHA-256 of a pass: what the desk uploads. */
void cairn_pass_hash(uint8_t out[CAIRN_SHA256_BYTES], const uint8_t pass[CAIRN_PASS_BYTES]);

/*
 * drop/spent: the first 4 bytes of the hashes of spent passes, ascending, each once.
 * CAIRN_ERR_FORMAT for another form. *spent says whether pass is on it.
 */
CAIRN_NODISCARD int cairn_pass_spent(bool *spent, const uint8_t *list, size_t list_bytes,
    const uint8_t pass[CAIRN_PASS_BYTES]);

#endif
