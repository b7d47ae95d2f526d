// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_ROUTES_H
#define CAIRN_RELAY_ROUTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/drop.h"
#include "cairn/err.h"
#include "cairn/file.h"
#include "cairn/hash.h"
#include "cairn/span.h"

/*
 * From a request line to a place in a table. A pattern is a path below /d/<desk_id>/, whose pieces are words or
 * one of these:
 *
 *	<door>    a door's name
 *	<id>      64 hex digits
 *	<number>  decimal, at most 2^53 - 1
 *	<seconds> the same, beside a number
 *	<slot>    32 hex digits
 *	<part>    1 to 4
 *	<rest>    all that is left, slashes too
 *
 * and at the end perhaps ?name=<number>, ?name=<id> or the like, joined by &, all of which then must be there in
 * this order.
 */
#define ROUTE_TARGET_MAX 256U
#define ROUTE_SLOT_BYTES 16U
#define ROUTE_PARTS 4U

struct route_match {
	uint8_t desk[CAIRN_HASH_BYTES];
	enum cairn_door door;
	uint8_t id[CAIRN_BLOB_ID_BYTES];
	uint8_t slot[ROUTE_SLOT_BYTES];
	uint64_t number; /* or the part */
	uint64_t seconds;
	struct cairn_span rest; /* looks into the target */
};

struct request;

struct route {
	const char *method; /* a HEAD is looked up as a GET */
	const char *pattern;
	unsigned flags;
	size_t body_max;
	/* At the headers; 0 or the status to refuse with. May be NULL. */
	unsigned (*begin)(struct request *request);
	/* A piece of the body; the same. NULL: collected in request->body. */
	unsigned (*piece)(struct request *request, const uint8_t *bytes, size_t size);
	/* The whole is there: answers, or hands the request on. */
	void (*finish)(struct request *request);
};

/* Does target (path and query as on the request line) fit? match is filled in as far as it fits. */
bool route_fits(struct route_match *match, const char *pattern, struct cairn_span target);

/*
 * The first route that fits, or NULL; *ret_other is then whether one would with another method.
 */
const struct route *route_find(const struct route *table, size_t count, struct route_match *match,
    bool *ret_other, struct cairn_span method, struct cairn_span target);

#endif
