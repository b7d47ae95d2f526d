// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/board_cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "relay/answer.h"

#define SLOTS 1024U
#define LASTING_S "max-age=2764800, immutable" /* 32 days: as long as a batch stays */

struct key {
	uint8_t desk[CAIRN_HASH_BYTES];
	struct board_name name;
};

struct entry {
	struct board_file file; /* first: what is handed out */
	struct key key;
	atomic_uint users;
	struct entry *chain; /* of the same slot */
	struct entry *newer;
	struct entry *older;
};

struct board_cache {
	pthread_mutex_t lock;
	uint8_t hash_key[crypto_shorthash_KEYBYTES];
	uint64_t time;
	size_t bytes;
	size_t bytes_max;
	struct entry *newest;
	struct entry *oldest;
	struct entry *slots[SLOTS];
};

int
board_cache_new(struct board_cache **ret, size_t bytes_max)
{
	struct board_cache *cache = calloc(1, sizeof *cache);

	*ret = NULL;
	if (cache == NULL)
		return CAIRN_ERR_NOMEM;
	pthread_mutex_init(&cache->lock, NULL);
	randombytes_buf(cache->hash_key, sizeof cache->hash_key);
	cache->bytes_max = bytes_max;
	*ret = cache;
	return CAIRN_OK;
}

static struct entry **
slot(struct board_cache *cache, const struct key *key)
{
	uint64_t h;

	crypto_shorthash((uint8_t *)&h, (const uint8_t *)key, sizeof *key, cache->hash_key);
	return &cache->slots[h % SLOTS];
}

/* --- the order of use --- */

static void
unlink_order(struct board_cache *cache, struct entry *e)
{
	*(e->newer == NULL ? &cache->newest : &e->newer->older) = e->older;
	*(e->older == NULL ? &cache->oldest : &e->older->newer) = e->newer;
}

static void
link_newest(struct board_cache *cache, struct entry *e)
{
	e->newer = NULL;
	e->older = cache->newest;
	*(cache->newest == NULL ? &cache->oldest : &cache->newest->newer) = e;
	cache->newest = e;
}

/* --- entries --- */

void
board_file_release(struct board_file *file)
{
	struct entry *e = (struct entry *)file;

	if (e == NULL || --e->users > 0)
		return;
	/* Frees the bytes too, once the last connection has sent them. */
	if (file->response != NULL)
		MHD_destroy_response(file->response);
	free(e);
}

static size_t
cost(const struct entry *e)
{
	return e->file.size + sizeof *e + 512;
}

/* Takes it out of the cache; those who have it keep it. */
static void
drop(struct board_cache *cache, struct entry *e)
{
	struct entry **at = slot(cache, &e->key);

	while (*at != e)
		at = &(*at)->chain;
	*at = e->chain;
	unlink_order(cache, e);
	cache->bytes -= cost(e);
	board_file_release(&e->file);
}

static struct entry *
find(struct board_cache *cache, const struct key *key)
{
	struct entry *e = *slot(cache, key);

	while (e != NULL && memcmp(&e->key, key, sizeof *key) != 0)
		e = e->chain;
	return e;
}

static struct key
key_of(const uint8_t *desk, const struct board_name *name)
{
	struct key key;

	memset(&key, 0, sizeof key);
	memcpy(key.desk, desk, sizeof key.desk);
	key.name = *name;
	return key;
}

struct board_file *
board_cache_get(struct board_cache *cache, const uint8_t desk[CAIRN_HASH_BYTES], const struct board_name *name)
{
	struct key key = key_of(desk, name);
	struct entry *e;

	pthread_mutex_lock(&cache->lock);
	e = find(cache, &key);
	if (e != NULL) {
		e->users++;
		if (e != cache->newest) {
			unlink_order(cache, e);
			link_newest(cache, e);
		}
	}
	pthread_mutex_unlock(&cache->lock);
	return e == NULL ? NULL : &e->file;
}

uint64_t
board_cache_time(struct board_cache *cache)
{
	uint64_t time;

	pthread_mutex_lock(&cache->lock);
	time = cache->time;
	pthread_mutex_unlock(&cache->lock);
	return time;
}

static struct MHD_Response *
make_response(uint8_t *bytes, size_t size, bool lasting)
{
	struct MHD_Response *r = MHD_create_response_from_buffer_with_free_callback(size, bytes, free);

	if (r == NULL) {
		free(bytes);
		return NULL;
	}
	if (answer_headers(r) == CAIRN_OK && MHD_add_response_header(r, "Accept-Ranges", "bytes") == MHD_YES &&
	    (!lasting || MHD_add_response_header(r, "CDN-Cache-Control", LASTING_S) == MHD_YES))
		return r;
	MHD_destroy_response(r);
	return NULL;
}

static void
insert(struct board_cache *cache, struct entry *e)
{
	struct entry *old = find(cache, &e->key);
	struct entry **at = slot(cache, &e->key);

	if (old != NULL)
		drop(cache, old);
	e->chain = *at;
	*at = e;
	e->users++;
	link_newest(cache, e);
	cache->bytes += cost(e);
	while (cache->bytes > cache->bytes_max && cache->oldest != e)
		drop(cache, cache->oldest);
}

struct board_file *
board_cache_put(struct board_cache *cache, const uint8_t desk[CAIRN_HASH_BYTES], const struct board_name *name,
    uint8_t *bytes, size_t size, bool lasting, uint64_t time)
{
	struct entry *e = calloc(1, sizeof *e);

	if (e == NULL) {
		free(bytes);
		return NULL;
	}
	e->key = key_of(desk, name);
	e->users = 1;
	e->file = (struct board_file){bytes, size, make_response(bytes, size, lasting)};
	if (e->file.response == NULL) {
		free(e);
		return NULL;
	}
	pthread_mutex_lock(&cache->lock);
	if (time == cache->time && cost(e) <= cache->bytes_max)
		insert(cache, e);
	pthread_mutex_unlock(&cache->lock);
	return &e->file;
}

void
board_cache_forget(struct board_cache *cache, const uint8_t desk[CAIRN_HASH_BYTES])
{
	pthread_mutex_lock(&cache->lock);
	cache->time++;
	for (struct entry *e = cache->newest; e != NULL;) {
		struct entry *older = e->older;

		if (memcmp(e->key.desk, desk, CAIRN_HASH_BYTES) == 0)
			drop(cache, e);
		e = older;
	}
	pthread_mutex_unlock(&cache->lock);
}

void
board_cache_free(struct board_cache *cache)
{
	if (cache == NULL)
		return;
	while (cache->newest != NULL)
		drop(cache, cache->newest);
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}
