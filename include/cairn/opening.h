// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_OPENING_H
#define CAIRN_OPENING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/board.h"
#include "cairn/desk_keys.h"
#include "cairn/step.h"
#include "cairn/tlog.h"

/*
 * What every look and every sending begins with, always the same five requests: checkpoint, identity, card,
 * days and epochs, fetched and held against each other; on a mismatch all are fetched once more, since
 * the desk may have published in between (docs/protocol.md, section 7).
 */

#define CAIRN_CHECKPOINT_BYTES_MAX 16384U
#define CAIRN_IDENTITY_BYTES_MAX 65536U
#define CAIRN_DAYS_BYTES_MAX 131072U
#define CAIRN_EPOCHS_BYTES_MAX 65536U
#define CAIRN_OPENING_FILES 5U

/* The newest checkpoint that a client got: what the record "seen" tells the desk. */
struct cairn_seen {
	uint64_t size;
	uint8_t root[32];
	uint32_t hour;
};

/* What a client keeps between requests, in memory only. Begins as zeros. */
struct cairn_memory {
	bool has_card;
	uint8_t identity_key[32]; /* in force when the card was seen; from there only forward */
	struct cairn_card_seen card;
	bool has_checkpoint;
	struct cairn_seen checkpoint; /* the newest */
	bool has_looked;
	struct cairn_seen looked; /* the newest whose tree a look has checked: sending reads none */
	size_t note_bytes; /* the checkpoint as it was signed: beside a contradicting one, the proof */
	uint8_t note[CAIRN_CHECKPOINT_BYTES_MAX];
};

struct cairn_opening {
	struct cairn_request request;
	int err;

	/* valid after CAIRN_STEP_DONE; the checkpoint's hour also after CAIRN_ERR_CLOCK, then unverified */
	struct cairn_checkpoint checkpoint;
	struct cairn_identity_chain identity;
	struct cairn_card card;
	struct cairn_days days;
	struct cairn_epochs epochs;
	uint64_t witnesses; /* bit i: the card's i-th witness signed the checkpoint */

	/* private */
	const struct cairn_client *client;
	struct cairn_memory *memory;
	unsigned file; /* the one being fetched */
	bool again;    /* the second and last time */
	bool done;
	size_t bytes[CAIRN_OPENING_FILES];
	uint8_t checkpoint_file[CAIRN_CHECKPOINT_BYTES_MAX];
	uint8_t identity_file[CAIRN_IDENTITY_BYTES_MAX];
	uint8_t card_file[CAIRN_NOTE_BYTES_MAX];
	uint8_t days_file[CAIRN_DAYS_BYTES_MAX];
	uint8_t epochs_file[CAIRN_EPOCHS_BYTES_MAX];
};

/* client and memory must outlive it. Only the newest card is remembered by itself. */
void cairn_opening_init(struct cairn_opening *opening, const struct cairn_client *client,
    struct cairn_memory *memory);
enum cairn_step cairn_opening_next(struct cairn_opening *opening);
void cairn_opening_answer(struct cairn_opening *opening, int status, const uint8_t *body, size_t bytes);

/* Remembers this board as the newest that the client got. A look does so once it has checked the tree. */
void cairn_opening_accept(const struct cairn_opening *opening);

/*
 * err after CAIRN_STEP_FAILED: CAIRN_ERR_IO no answer; CAIRN_ERR_UNKNOWN
 * the relay has no such desk; CAIRN_ERR_CLOCK own clock and the checkpoint's hour are more than a
 * day apart (the person says which is right); CAIRN_ERR_CONFLICT another board than the one
 * seen before: memory->note and checkpoint_file contradict each other, both signed; CAIRN_ERR_STALE an
 * older board or card;
 * CAIRN_ERR_CRYPTO, CAIRN_ERR_FORMAT, CAIRN_ERR_RANGE: not this desk's board.
 */

/* Hours since the board was last signed, by the client's clock; 0 when it is ahead. */
uint32_t cairn_opening_age_hours(const struct cairn_opening *opening);

#endif
