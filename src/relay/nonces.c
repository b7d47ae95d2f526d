// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/nonces.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

/* One device may hold one slot in this many. */
#define SHARE 8U
#define COUNTERS 1024U

struct entry {
	uint8_t device[CAIRN_DEVICE_ID_BYTES];
	uint8_t nonce[CAIRN_NONCE_BYTES];
	uint64_t created; /* 0: never used */
};

/* Open addressing with linear probing; swept when half of it, or a device's share, is in use. */
struct nonces {
	pthread_mutex_t lock;
	uint8_t key[crypto_shorthash_KEYBYTES];
	size_t slots;
	size_t used;
	uint64_t swept; /* at that second */
	uint32_t by_device[COUNTERS];
	struct entry *table;
};

int
nonces_new(struct nonces **ret, size_t slots)
{
	struct nonces *n;

	*ret = NULL;
	if (slots < 16 || (slots & (slots - 1)) != 0 || slots > UINT32_MAX)
		return CAIRN_ERR_RANGE;
	n = calloc(1, sizeof *n);
	if (n == NULL)
		return CAIRN_ERR_NOMEM;
	n->table = calloc(slots, sizeof *n->table);
	if (n->table == NULL || pthread_mutex_init(&n->lock, NULL) != 0) {
		free(n->table);
		free(n);
		return CAIRN_ERR_NOMEM;
	}
	n->slots = slots;
	randombytes_buf(n->key, sizeof n->key);
	*ret = n;
	return CAIRN_OK;
}

void
nonces_free(struct nonces *n)
{
	if (n == NULL)
		return;
	pthread_mutex_destroy(&n->lock);
	free(n->table);
	free(n);
}

/* Keyed, so that nobody can choose nonces that fall on one place. */
static uint64_t
place(const struct nonces *n, const uint8_t *bytes, size_t size)
{
	uint64_t h;

	crypto_shorthash((uint8_t *)&h, bytes, size, n->key);
	return h;
}

static bool
counts(const struct entry *e, uint64_t now)
{
	return e->created != 0 && now <= e->created + CAIRN_REQUEST_WINDOW_S;
}

/* The slot of that nonce, or the free one where it belongs. There is always a free one. */
static struct entry *
find(struct nonces *n, const struct entry *sought)
{
	size_t mask = n->slots - 1;
	size_t at = (size_t)place(n, sought->device, sizeof sought->device + sizeof sought->nonce) & mask;

	for (;; at = (at + 1) & mask) {
		struct entry *e = &n->table[at];

		if (e->created == 0 || (memcmp(e->device, sought->device, sizeof e->device) == 0 &&
		    memcmp(e->nonce, sought->nonce, sizeof e->nonce) == 0))
			return e;
	}
}

static size_t
counter(const struct nonces *n, const struct entry *e)
{
	return (size_t)(place(n, e->device, sizeof e->device) % COUNTERS);
}

static void
remember(struct nonces *n, const struct entry *e)
{
	*find(n, e) = *e;
	n->used++;
	n->by_device[counter(n, e)]++;
}

/* Builds the table anew out of what still counts. CAIRN_ERR_NOMEM leaves it as it was. */
static int
sweep(struct nonces *n, uint64_t now)
{
	struct entry *old = n->table;
	struct entry *table = calloc(n->slots, sizeof *table);

	if (table == NULL)
		return CAIRN_ERR_NOMEM;
	n->table = table;
	n->used = 0;
	memset(n->by_device, 0, sizeof n->by_device);
	for (size_t i = 0; i < n->slots; i++)
		if (counts(&old[i], now))
			remember(n, &old[i]);
	free(old);
	return CAIRN_OK;
}

static bool
is_full(const struct nonces *n, const struct entry *e)
{
	return n->used >= n->slots / 2 || n->by_device[counter(n, e)] >= n->slots / SHARE;
}

static int
use(struct nonces *n, const struct entry *e, uint64_t now)
{
	const struct entry *there;

	/* Once a second: a device that is at its share must not have all the others' time. */
	if (is_full(n, e) && n->swept != now) {
		if (sweep(n, now) != CAIRN_OK)
			return CAIRN_ERR_BUSY;
		n->swept = now;
	}
	there = find(n, e);
	if (there->created != 0)
		return CAIRN_ERR_DENIED;
	if (is_full(n, e))
		return CAIRN_ERR_BUSY;
	remember(n, e);
	return CAIRN_OK;
}

int
nonces_use(struct nonces *n, const uint8_t device[CAIRN_DEVICE_ID_BYTES],
    const uint8_t nonce[CAIRN_NONCE_BYTES], uint64_t created, uint64_t now)
{
	struct entry e = {.created = created};
	int err;

	/* created is bounded above first: the sum in counts() cannot pass 2^64. */
	if (created == 0 || (created > now && created - now > CAIRN_REQUEST_WINDOW_S) || !counts(&e, now))
		return CAIRN_ERR_STALE;
	memcpy(e.device, device, sizeof e.device);
	memcpy(e.nonce, nonce, sizeof e.nonce);
	pthread_mutex_lock(&n->lock);
	err = use(n, &e, now);
	pthread_mutex_unlock(&n->lock);
	return err;
}
