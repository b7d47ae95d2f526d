// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_STEP_H
#define CAIRN_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/hash.h"

/*
 * Opening, looking, sending, attaching and collecting are machines without I/O: each names its next step, and
 * whoever drives it moves the bytes. All go alike:
 *
 *	while ((step = cairn_look_next(look)) == CAIRN_STEP_REQUEST) {
 *		... do look->request ...
 *		cairn_look_answer(look, status, body, body_bytes);
 *	}
 *
 * A machine has no heap and keeps no pointer to a body that it was given. It is large: allocate it,
 * zero it when done (its clear function), never put it on a stack.
 */
enum cairn_step {
	CAIRN_STEP_REQUEST, /* do the request, then call answer */
	CAIRN_STEP_PAUSE,   /* wait pause_ms, then call next again */
	CAIRN_STEP_WORK,    /* call next again at once; it works a slice at a time, so that a screen stays alive */
	CAIRN_STEP_READ,    /* attach: fill the piece, then call its read function */
	CAIRN_STEP_STORE,   /* collect: keep the cells durably, then call its stored function */
	CAIRN_STEP_DONE,
	CAIRN_STEP_FAILED, /* err says why */
};

#define CAIRN_REQUEST_PATH_MAX 128U

/*
 * A request, below the relay's URL and /d/<desk_id>/. Nothing else is to be sent with it: no cookie, no
 * language, no referrer. An answer longer than answer_max is not what was asked for: give it up.
 */
struct cairn_request {
	const char *method; /* "GET", "POST" or "PUT" */
	char path[CAIRN_REQUEST_PATH_MAX];
	const uint8_t *body; /* the machine's own; NULL with GET */
	size_t body_bytes;
	char work[17];       /* value of Cairn-Work; "" for none */
	char pass[33];       /* value of Cairn-Pass; "" for none */
	bool staff;          /* to be signed (staff.h) */
	size_t answer_max;
};

/* A driver that got no answer at all, after its own retries, says so with this status. */
#define CAIRN_NO_ANSWER 0

/* What a client knows before it asks. */
struct cairn_client {
	uint8_t desk_id[CAIRN_HASH_BYTES];
	bool has_identity;        /* carries an identity key: one it was built or told with */
	uint8_t identity_key[32];
	uint32_t hour;            /* of its own clock, never the relay's */
	bool hour_confirmed;      /* the person said that this hour is right, though the board's differs */
};

#endif
