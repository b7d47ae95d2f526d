// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/word_set.h"

#include <string.h>

#include <glib.h>

void
word_set_init(struct word_set *set, size_t most)
{
	uint32_t slots = 16;

	/* Half of them stay free, so that a look is short. */
	while (slots < 2 * most)
		slots *= 2;
	*set = (struct word_set){.mask = slots - 1};
	set->words = g_new(struct word, most + 1);
	set->slots = g_new0(uint32_t, slots);
}

void
word_set_clear(struct word_set *set)
{
	g_free(set->words);
	g_free(set->slots);
	*set = (struct word_set){0};
}

uint64_t
word_hash(const char *text, size_t bytes, uint64_t seed)
{
	uint64_t hash = seed ^ bytes;

	while (bytes > 0) {
		size_t piece = bytes < 8 ? bytes : 8;
		uint64_t eight = 0;

		memcpy(&eight, text, piece);
		hash = (hash ^ eight) * UINT64_C(0x9fb21c651e98df25);
		hash ^= hash >> 32;
		text += piece;
		bytes -= piece;
	}
	return hash;
}

uint32_t
word_set_put(struct word_set *set, const char *text, size_t bytes)
{
	uint32_t hash = (uint32_t)word_hash(text, bytes, 0);
	uint32_t slot = hash & set->mask;

	for (; set->slots[slot] != 0; slot = (slot + 1) & set->mask) {
		uint32_t number = set->slots[slot] - 1;
		const struct word *word = &set->words[number];

		if (word->hash == hash && word->bytes == bytes && memcmp(word->text, text, bytes) == 0)
			return number;
	}
	set->words[set->count] = (struct word){text, (uint32_t)bytes, hash};
	set->slots[slot] = ++set->count;
	return set->count - 1;
}

int
word_order(const void *a, const void *b)
{
	const struct word *x = a, *y = b;
	int order = memcmp(x->text, y->text, x->bytes < y->bytes ? x->bytes : y->bytes);

	return order != 0 ? order : (x->bytes > y->bytes) - (x->bytes < y->bytes);
}
