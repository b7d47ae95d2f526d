// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_SEARCH_INDEX_H
#define CAIRN_SITE_SEARCH_INDEX_H

#include <glib.h>

#include "site/cache.h"
#include "site/model.h"
#include "site/word_set.h"

/*
 * Which words of a language are in which file of its search, and what of it differs from the last build's: few words
 * of ten thousand entries, as a rule, and only these are looked at then.
 */
struct search_index {
	const struct site_language *language;
	size_t shard_count;
	struct search_shard *shards;
	bool known;      /* the last build's is, and come and gone are all that differs */
	GPtrArray *come; /* struct entry, of the site */
	GPtrArray *gone; /* struct entry, as the last build had them; owned */
};

/* An entry's word in one file. */
struct posting {
	const char *word;
	const char *handle; /* ENTRY_HANDLE_CHARS */
	uint32_t bytes;
	uint32_t next; /* posting of the same word */
};

struct search_index *search_index_new(const struct site_language *language, struct cache *cache);
void search_index_free(struct search_index *index);

/* Which file a word is in: by its first two characters, so that what begins alike lies together. */
size_t search_shard_of(const char *word, size_t bytes, size_t shards);
/* How many files for so many things: a power of two. */
size_t search_file_count(size_t things, size_t a_file);
uint32_t search_fnv(const char *text, size_t size);

/* Calls for each word. */
typedef void search_word(void *arg, const char *word, size_t bytes);
void search_each_word(const struct entry *entry, search_word *call, void *arg);

/*
 * A file's postings out of the text that the last build left there, which the postings look into, with what has come
 * since and without what is gone. CAIRN_ERR_FORMAT: the text is not what it left.
 */
CAIRN_NODISCARD int search_patch(GArray *postings, const struct search_index *index, size_t shard,
    struct cairn_span before);

#endif
