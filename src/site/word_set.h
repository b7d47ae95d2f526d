// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_WORD_SET_H
#define CAIRN_SITE_WORD_SET_H

#include <stddef.h>
#include <stdint.h>

/* Words, each with the number in whose turn it was first seen. Made for one thread, a page or a shard at a time. */
struct word_set {
	struct word {
		const char *text; /* whoever put it there keeps it */
		uint32_t bytes, hash;
	} * words; /* by number */
	uint32_t count;
	uint32_t *slots; /* number + 1; 0: free */
	uint32_t mask;
};

/* Room for that many words at most; the caller adds no more. word_set_clear() frees. */
void word_set_init(struct word_set *set, size_t most);
void word_set_clear(struct word_set *set);
/* The word's number; it is set->count - 1 once it is new. */
uint32_t word_set_put(struct word_set *set, const char *text, size_t bytes);

/* Eight bytes at a time: it only has to tell one set of words from another. */
uint64_t word_hash(const char *text, size_t bytes, uint64_t seed);

/* For qsort(), of struct word: by bytes. */
int word_order(const void *a, const void *b);

#endif
