// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_REQUEST_H
#define CAIRN_RELAY_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <microhttpd.h>
#include <sodium.h>

#include "cairn/staff.h"
#include "relay/commit.h"
#include "relay/pool.h"
#include "relay/relay.h"
#include "relay/routes.h"
#include "relay/waits.h"

/*
 * One request, from its first line until its answer has gone. A handler sets status, and perhaps response; with no
 * response the answer is the uniform one of that status.
 */
#define REQUEST_TEMP_MAX 32U

struct board_file;

struct request {
	struct relay *relay;
	struct MHD_Connection *connection;
	const struct route *route;
	struct route_match match;
	char method[8];
	char target[ROUTE_TARGET_MAX]; /* path and query as they came */
	size_t target_bytes;
	bool begun;
	bool discard;       /* the status is known: what still comes of the body is passed over */
	bool large;         /* counted in relay->large */
	bool large_answer;  /* counted in relay->large_answers */
	bool sleeping;      /* with another thread, or on the way back; looked at by the connection's thread alone */

	uint8_t *body;      /* collected; NULL while there is none */
	size_t body_bytes;
	size_t body_room;
	size_t seen;        /* bytes that came, also those that were not kept */

	unsigned status;    /* 0: none yet */
	struct MHD_Response *response;
	struct board_file *board_file; /* whose response is the answer */
	struct MHD_Response *shared;   /* an answer that is not the request's own */
	bool options;                  /* the answer is that of OPTIONS */
	/* What to do when it is back from another thread; NULL: only answer. */
	void (*resumed)(struct request *request);
	void (*work)(struct request *request);
	struct pool_job job;
	struct wait wait;

	/* drop.c: */
	struct commit_cell cell;
	uint8_t hash[CAIRN_HASH_BYTES]; /* of cell or blob */
	bool has_work;
	uint8_t work_nonce[8];

	/* blob.c: */
	int file; /* -1: none */
	char temp[REQUEST_TEMP_MAX];
	crypto_generichash_state hashing;

	/* staff.c: */
	struct cairn_authorization authorization;
	uint8_t sign_key[32];
};

/* A header's value; empty where it is not there. */
struct cairn_span request_header(const struct request *request, const char *name);

/*
 * Hands it to a pool: work(request) runs there and sets the status, or hands it on. The connection sleeps
 * meanwhile. Where the pool is full the answer is 503. Call it as the last thing.
 */
void request_hand_on(struct request *request, struct pool *pool, void (*work)(struct request *request));
/* The same for a request that sleeps already, from one pool to the next. */
void request_pass_on(struct request *request, struct pool *pool, void (*work)(struct request *request));
/*
 * From the keeper's thread, for a request that sleeps: leaves it asleep, relay->left_waiting being set, until that
 * is woken or its match.seconds are over; then again(request) runs in the keeper's thread and wakes the connection.
 * Where too many wait already the answer is 503. key is WAITS_KEY_BYTES long, who WAITS_WHO_BYTES.
 */
void request_wait(struct request *request, const uint8_t *key, const uint8_t *who,
    void (*again)(struct request *request));
/* Puts the connection to sleep, and wakes it, for those who move the request by other ways. */
void request_suspend(struct request *request);
void request_resume(struct request *request);

/* Sets an answer with a body of its own, copied. On failure the answer is 503. */
void request_answer(struct request *request, unsigned status, const void *bytes, size_t size);

/* 400, 503 and so on, as a store's or file's error is told to a stranger. */
unsigned request_status_of(int err);

#endif
