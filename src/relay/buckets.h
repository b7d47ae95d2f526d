// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_BUCKETS_H
#define CAIRN_RELAY_BUCKETS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sodium.h>

/*
 * How much comes from where, without keeping who: 4,096 shared counters by a keyed hash of the address. Counters and
 * key are made anew each minute, so that nothing of a minute can be told in the next (docs/protocol.md,
 * section 6). Not for the onion's listener, where all addresses are the same.
 */
#define BUCKETS 4096U

struct buckets {
	pthread_mutex_t lock;
	uint64_t minute;
	uint8_t key[crypto_shorthash_KEYBYTES];
	uint16_t counts[BUCKETS];
};

void buckets_init(struct buckets *buckets);
void buckets_clear(struct buckets *buckets);

/* One more from that address in that minute: false when there were limit already. Thread-safe. */
bool buckets_take(struct buckets *buckets, const void *address, size_t bytes, uint64_t minute, uint16_t limit);

#endif
