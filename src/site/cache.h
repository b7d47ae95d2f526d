// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_CACHE_H
#define CAIRN_SITE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/span.h"
#include "site/key.h"

/*
 * What the last build knew, so that this one need not read and make everything again. Only for speed: a cache that is
 * missing, of another version or broken is none. It is the desk's own file, and not published: what it has of texts
 * is what the site shows.
 *
 * Entries' words are most of it, and lie in a file beside it (FILE.words), to whose end new ones are put, so that
 * they are neither read nor written where nothing changed.
 */
#define CACHE_NO_LANGUAGE 255U

struct cached_entry {
	uint64_t stamp[3];
	uint8_t hash[CAIRN_HASH_BYTES];
	struct cairn_span head, words;
	uint8_t language; /* in whose search its words are; number, or CACHE_NO_LANGUAGE */
	bool kept;        /* and this build has it there too */
};

struct cached_page {
	uint8_t key[KEY_BYTES];
	uint8_t hash[CAIRN_SHA256_BYTES];
	uint64_t stamp[3];
};

/* What is in one file of words: sums that are the same in any order. */
struct search_shard {
	uint64_t sum[2];
	uint64_t count;
};

struct cached_search {
	const char *tag; /* of the language */
	struct search_shard *shards;
	size_t count;
};

struct cache {
	char *file;        /* what the spans look into */
	const char *words; /* likewise, mapped; NULL: none */
	size_t words_bytes;
	uint64_t words_begun_ns;    /* tells that file from any other */
	uint64_t begun_ns;          /* when that build began: what changed later may have changed while it was read */
	uint64_t manifest_stamp[3]; /* of the manifest that it left */
	GArray *searches;           /* struct cached_search */
	GHashTable *entries;        /* file to struct cached_entry */
	GHashTable *pages;          /* path to struct cached_page */
};

void cache_load(struct cache *cache, const char *file);
void cache_release(struct cache *cache);
/* NULL: it has none of that language. */
const struct cached_search *cache_search(const struct cache *cache, const char *tag, unsigned *ret_number);

/*
 * The other way: pieces are put one after the other, each list behind its number, and written at the end. The words
 * of the cache that was loaded stay where they are.
 */
struct cache_writer {
	const struct cache *before;
	uint64_t begun_ns, manifest_stamp[3];
	GString *out;
	GArray *spans;
};

void cache_begin(struct cache_writer *w, const struct cache *before, uint64_t begun_ns,
    const uint64_t manifest_stamp[3]);
void cache_put_number(struct cache_writer *w, size_t number);
void cache_put_search(struct cache_writer *w, const char *tag, const struct search_shard *shards, size_t count);
void cache_put_entry(struct cache_writer *w, const char *file, const struct cached_entry *entry);
void cache_put_page(struct cache_writer *w, const char *path, const struct cached_page *page);
/* CAIRN_ERR_IO, CAIRN_ERR_SPACE. */
CAIRN_NODISCARD int cache_end(struct cache_writer *w, const char *file);

#endif
