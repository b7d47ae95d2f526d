// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/leases.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

struct lease {
	uint8_t name[16]; /* of desk and cell */
	bool used;        /* or was: searches go on behind it */
	uint64_t until;
};

struct leases {
	pthread_mutex_t lock;
	uint8_t key[crypto_generichash_KEYBYTES];
	size_t slots;
	size_t used;
	struct lease *table;
};

int
leases_new(struct leases **ret, size_t slots)
{
	struct leases *l;

	*ret = NULL;
	if (slots < 16 || (slots & (slots - 1)) != 0)
		return CAIRN_ERR_RANGE;
	l = calloc(1, sizeof *l);
	if (l == NULL)
		return CAIRN_ERR_NOMEM;
	l->table = calloc(slots, sizeof *l->table);
	if (l->table == NULL || pthread_mutex_init(&l->lock, NULL) != 0) {
		free(l->table);
		free(l);
		return CAIRN_ERR_NOMEM;
	}
	l->slots = slots;
	randombytes_buf(l->key, sizeof l->key);
	*ret = l;
	return CAIRN_OK;
}

void
leases_free(struct leases *l)
{
	if (l == NULL)
		return;
	pthread_mutex_destroy(&l->lock);
	free(l->table);
	free(l);
}

/* Keyed, as senders choose the hashes of their cells as they like. */
static void
name_of(const struct leases *l, uint8_t name[16], const uint8_t *desk, const uint8_t *hash)
{
	uint8_t both[2 * CAIRN_HASH_BYTES];

	memcpy(both, desk, CAIRN_HASH_BYTES);
	memcpy(both + CAIRN_HASH_BYTES, hash, CAIRN_HASH_BYTES);
	crypto_generichash(name, 16, both, sizeof both, l->key, sizeof l->key);
}

/* The slot of that name, or the first that was never used behind its place. */
static struct lease *
find(struct leases *l, const uint8_t name[16])
{
	size_t at;

	memcpy(&at, name, sizeof at);
	for (;; at++) {
		struct lease *e = &l->table[at & (l->slots - 1)];

		if (!e->used || memcmp(e->name, name, sizeof e->name) == 0)
			return e;
	}
}

static void
put(struct leases *l, const uint8_t name[16], uint64_t until)
{
	struct lease *e = find(l, name);

	if (!e->used) {
		memcpy(e->name, name, sizeof e->name);
		e->used = true;
		l->used++;
	}
	e->until = until;
}

static int
sweep(struct leases *l, uint64_t now)
{
	struct lease *old = l->table;
	struct lease *table = calloc(l->slots, sizeof *table);

	if (table == NULL)
		return CAIRN_ERR_NOMEM;
	l->table = table;
	l->used = 0;
	for (size_t i = 0; i < l->slots; i++)
		if (old[i].used && old[i].until > now)
			put(l, old[i].name, old[i].until);
	free(old);
	return CAIRN_OK;
}

bool
leases_out(struct leases *l, const uint8_t desk[CAIRN_HASH_BYTES], const uint8_t hash[CAIRN_HASH_BYTES],
    uint64_t now)
{
	const struct lease *e;
	uint8_t name[16];
	bool out;

	name_of(l, name, desk, hash);
	pthread_mutex_lock(&l->lock);
	e = find(l, name);
	out = e->used && e->until > now;
	pthread_mutex_unlock(&l->lock);
	return out;
}

int
leases_add(struct leases *l, const uint8_t desk[CAIRN_HASH_BYTES], const uint8_t hash[CAIRN_HASH_BYTES],
    uint64_t now, uint64_t until)
{
	size_t most = l->slots - l->slots / 4;
	uint8_t name[16];
	int err = CAIRN_OK;

	name_of(l, name, desk, hash);
	pthread_mutex_lock(&l->lock);
	if (l->used >= most && (sweep(l, now) != CAIRN_OK || l->used >= most))
		err = CAIRN_ERR_BUSY;
	else
		put(l, name, until);
	pthread_mutex_unlock(&l->lock);
	return err;
}

void
leases_drop(struct leases *l, const uint8_t desk[CAIRN_HASH_BYTES], const uint8_t hash[CAIRN_HASH_BYTES])
{
	struct lease *e;
	uint8_t name[16];

	name_of(l, name, desk, hash);
	pthread_mutex_lock(&l->lock);
	e = find(l, name);
	if (e->used)
		e->until = 0;
	pthread_mutex_unlock(&l->lock);
}
