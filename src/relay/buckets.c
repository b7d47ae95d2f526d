// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/buckets.h"

#include <string.h>

static void
begin(struct buckets *b, uint64_t minute)
{
	b->minute = minute;
	sodium_memzero(b->counts, sizeof b->counts);
	randombytes_buf(b->key, sizeof b->key);
}

void
buckets_init(struct buckets *b)
{
	pthread_mutex_init(&b->lock, NULL);
	begin(b, 0);
}

void
buckets_clear(struct buckets *b)
{
	sodium_memzero(b->counts, sizeof b->counts);
	sodium_memzero(b->key, sizeof b->key);
	pthread_mutex_destroy(&b->lock);
}

bool
buckets_take(struct buckets *b, const void *address, size_t bytes, uint64_t minute, uint16_t limit)
{
	uint64_t h;
	uint16_t *count;
	bool ok;

	pthread_mutex_lock(&b->lock);
	if (minute != b->minute)
		begin(b, minute);
	crypto_shorthash((uint8_t *)&h, address, bytes, b->key);
	count = &b->counts[h % BUCKETS];
	ok = *count < limit;
	if (ok)
		(*count)++;
	pthread_mutex_unlock(&b->lock);
	sodium_memzero(&h, sizeof h);
	return ok;
}
