// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_WAITS_H
#define CAIRN_RELAY_WAITS_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"

/*
 * Requests that wait for something to come, without a thread of their own: each sleeps here until it comes, its time
 * is over, or it has to make room.
 */
#define WAITS_KEY_BYTES 32U
#define WAITS_WHO_BYTES 16U
#define WAITS_EACH_MAX 3U   /* of one device for one thing: the oldest makes room, it may have been left behind */
#define WAITS_KEY_MAX 96U   /* for one thing */

struct waits;

/* Stands in the caller's own struct, which lives until wake has been called: once, with nothing locked. */
struct wait {
	struct wait *next;
	uint8_t key[WAITS_KEY_BYTES]; /* what it waits for */
	uint8_t who[WAITS_WHO_BYTES];
	uint64_t until_ms;
	void (*wake)(struct wait *wait);
};

/* most: at a time, in all. */
CAIRN_NODISCARD int waits_new(struct waits **ret, size_t most);
/* Nothing may wait any more. NULL is fine. */
void waits_free(struct waits *waits);

/* CAIRN_ERR_BUSY: too many wait, or it is ending; wake is not called then. */
CAIRN_NODISCARD int waits_add(struct waits *waits, struct wait *wait);
/* Wakes all that wait for that. */
void waits_wake(struct waits *waits, const uint8_t key[WAITS_KEY_BYTES]);
/* Wakes those whose time is over. */
void waits_expire(struct waits *waits, uint64_t now_ms);
/* Wakes all, and takes no more. NULL is fine. */
void waits_end(struct waits *waits);

#endif
