// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_CACHE_H
#define CAIRN_SITE_CACHE_H

#include <stdint.h>

#include <glib.h>

#include "cairn/hash.h"
#include "cairn/span.h"
#include "site/key.h"

/*
 * What the last build knew, so that this one need not read and make everything again. Only for speed: a cache that is
 * missing, of another version or broken is none. It is the desk's own file, and not published: what it has of texts
 * is what the site shows.
 */
struct cached_entry {
	uint64_t stamp[3];
	uint8_t hash[CAIRN_HASH_BYTES];
	struct cairn_span head, words;
};

struct cached_page {
	uint8_t key[KEY_BYTES];
	uint8_t hash[CAIRN_SHA256_BYTES];
	uint64_t stamp[3];
};

struct cache {
	char *file;          /* what the spans look into */
	uint64_t begun_ns;   /* when that build began: a file that changed later may have changed while it was read */
	uint64_t manifest_stamp[3]; /* of the manifest that it left */
	GHashTable *entries; /* file to struct cached_entry */
	GHashTable *pages;   /* path to struct cached_page */
};

void cache_load(struct cache *cache, const char *file);
void cache_release(struct cache *cache);

/* The other way: pieces are put one after the other, and written at the end. */
void cache_begin(GString *out, uint64_t begun_ns, const uint64_t manifest_stamp[3], size_t entries, size_t pages);
void cache_put_entry(GString *out, const char *file, const struct cached_entry *entry);
void cache_put_page(GString *out, const char *path, const struct cached_page *page);

#endif
