// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/search_index.h"

#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "base/text.h"

#define WORDS_A_FILE 4000U /* entries to words, at most about so many */
#define FILES_MAX 1024U
#define DIFFERENCES_MAX 64U /* entries; more of them are not worth patching for */

static const char digits[] = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

uint32_t
search_fnv(const char *text, size_t size)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (uint8_t)text[i]) * 16777619U;
	return hash;
}

/* Day and name, in signs that sort as their values do. */
static void
make_handle(struct entry *entry)
{
	uint64_t name = search_fnv(entry->id.text, entry->id.size) & 0x3fffffff;
	uint64_t bits = ((uint64_t)(entry->day & 0x3ffff) << 30) | name;

	for (unsigned i = 0; i < ENTRY_HANDLE_CHARS; i++)
		entry->handle[i] = digits[bits >> (6 * (ENTRY_HANDLE_CHARS - 1 - i)) & 63];
}

size_t
search_shard_of(const char *word, size_t bytes, size_t shards)
{
	size_t used = 2;

	/* Two bytes in most languages of Europe; the rule is the same for all. */
	if (bytes < 2 || ((uint8_t)word[0] | (uint8_t)word[1]) >= 0x80) {
		used = 0;
		for (int i = 0; i < 2 && used < bytes; i++) {
			int n = u8_mblen((const uint8_t *)word + used, bytes - used);

			used += n <= 0 ? 1 : (size_t)n;
		}
	}
	return search_fnv(word, used) & (shards - 1);
}

size_t
search_file_count(size_t things, size_t a_file)
{
	size_t count = 1;

	while (count < FILES_MAX && count * a_file < things)
		count *= 2;
	return count;
}

void
search_each_word(const struct entry *entry, search_word *call, void *arg)
{
	const char *word = entry->words, *end = entry->words + entry->words_bytes;

	while (word < end) {
		size_t bytes = (size_t)((const char *)memchr(word, '\n', (size_t)(end - word)) - word);

		call(arg, word, bytes);
		word += bytes + 1;
	}
}

/* ---- sums ---- */

struct counting {
	struct search_index *index;
	uint64_t seed; /* of the entry */
	bool away;     /* taken away */
};

static uint64_t
mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static void
count_word(void *arg, const char *word, size_t bytes)
{
	const struct counting *c = arg;
	struct search_index *index = c->index;
	struct search_shard *shard = &index->shards[search_shard_of(word, bytes, index->shard_count)];
	uint64_t hash = word_hash(word, bytes, c->seed), more = mix(hash);

	shard->sum[0] += c->away ? -hash : hash;
	shard->sum[1] += c->away ? -more : more;
	shard->count += c->away ? UINT64_MAX : 1;
}

static void
count_entry(struct search_index *index, const struct entry *entry, bool away)
{
	struct counting c = {index, word_hash(entry->id.text, entry->id.size, mix(entry->day)), away};

	search_each_word(entry, count_word, &c);
}

static void
count_all(struct search_index *index)
{
	index->known = false;
	memset(index->shards, 0, index->shard_count * sizeof *index->shards);
	for (size_t i = 0; i < index->language->count; i++)
		count_entry(index, index->language->entries[i], false);
}

/* ---- what differs ---- */

static void
free_gone(gpointer what)
{
	entry_clear(what);
	g_free(what);
}

static bool
add_gone(struct search_index *index, const char *file, const struct cached_entry *cached)
{
	struct entry *entry = g_new0(struct entry, 1);
	struct site_fault fault;

	g_ptr_array_add(index->gone, entry);
	entry->file = g_strdup(file);
	entry->borrowed = true;
	entry->head = cached->head.text;
	entry->head_bytes = cached->head.size;
	entry->words = cached->words.text;
	entry->words_bytes = cached->words.size;
	if (entry_read_head(entry, &fault, true) != CAIRN_OK)
		return false;
	make_handle(entry);
	count_entry(index, entry, true);
	return true;
}

/* An entry that is shown as it was then is kept, and its words are not looked at. */
static void
find_come(struct search_index *index, struct cache *cache, unsigned number)
{
	for (size_t i = 0; i < index->language->count; i++) {
		struct entry *entry = index->language->entries[i];
		struct cached_entry *cached = !entry->borrowed ? NULL :
		    g_hash_table_lookup(cache->entries, entry->file);

		if (cached != NULL && cached->language == number) {
			cached->kept = true;
			continue;
		}
		g_ptr_array_add(index->come, entry);
		count_entry(index, entry, false);
	}
}

static bool
find_gone(struct search_index *index, struct cache *cache, unsigned number)
{
	GHashTableIter iter;
	gpointer file, what;

	g_hash_table_iter_init(&iter, cache->entries);
	while (g_hash_table_iter_next(&iter, &file, &what)) {
		const struct cached_entry *cached = what;

		if (cached->language == number && !cached->kept && !add_gone(index, file, cached))
			return false;
	}
	return true;
}

static bool
differ(struct search_index *index, struct cache *cache)
{
	unsigned number;
	const struct cached_search *before = cache_search(cache, index->language->said->tag, &number);

	if (before == NULL || before->count != index->shard_count)
		return false;
	memcpy(index->shards, before->shards, index->shard_count * sizeof *index->shards);
	find_come(index, cache, number);
	index->known = true;
	return index->come->len <= DIFFERENCES_MAX && find_gone(index, cache, number) &&
	    index->gone->len <= DIFFERENCES_MAX;
}

static size_t
all_words(const struct site_language *language)
{
	size_t words = 0;

	/* About eight bytes to a word: how many files there are need not be exact, only the same each time. */
	for (size_t i = 0; i < language->count; i++)
		words += language->entries[i]->words_bytes / 8;
	return words;
}

struct search_index *
search_index_new(const struct site_language *language, struct cache *cache)
{
	struct search_index *index = g_new0(struct search_index, 1);

	index->language = language;
	index->shard_count = search_file_count(all_words(language), WORDS_A_FILE);
	index->shards = g_new0(struct search_shard, index->shard_count);
	index->come = g_ptr_array_new();
	index->gone = g_ptr_array_new_with_free_func(free_gone);
	for (size_t i = 0; i < language->count; i++)
		make_handle(language->entries[i]);
	if (!differ(index, cache))
		count_all(index);
	return index;
}

void
search_index_free(struct search_index *index)
{
	g_ptr_array_free(index->come, TRUE);
	g_ptr_array_free(index->gone, TRUE);
	g_free(index->shards);
	g_free(index);
}

/* ---- patching ---- */

struct patch {
	GArray *postings;
	const struct search_index *index;
	size_t shard;
	const struct entry *entry;
};

/* "word handlehandle...\n", each. */
static int
take_line(GArray *postings, struct cairn_span line)
{
	struct posting posting = {.word = line.text};

	posting.bytes = (uint32_t)span_cut(&line, ' ').size;
	if (line.text == NULL || line.size == 0 || line.size % ENTRY_HANDLE_CHARS != 0)
		return CAIRN_ERR_FORMAT;
	for (size_t at = 0; at < line.size; at += ENTRY_HANDLE_CHARS) {
		posting.handle = line.text + at;
		g_array_append_val(postings, posting);
	}
	return CAIRN_OK;
}

/* One posting of that word and handle: where two entries have the same, the other's stays. */
static void
drop(void *arg, const char *word, size_t bytes)
{
	const struct patch *p = arg;

	if (search_shard_of(word, bytes, p->index->shard_count) != p->shard)
		return;
	for (guint i = 0; i < p->postings->len; i++) {
		const struct posting *posting = &g_array_index(p->postings, struct posting, i);

		if (posting->bytes == bytes && memcmp(posting->word, word, bytes) == 0 &&
		    memcmp(posting->handle, p->entry->handle, ENTRY_HANDLE_CHARS) == 0) {
			g_array_remove_index(p->postings, i);
			return;
		}
	}
}

static void
add(void *arg, const char *word, size_t bytes)
{
	const struct patch *p = arg;
	struct posting posting = {word, p->entry->handle, (uint32_t)bytes, 0};

	if (search_shard_of(word, bytes, p->index->shard_count) == p->shard)
		g_array_append_val(p->postings, posting);
}

int
search_patch(GArray *postings, const struct search_index *index, size_t shard, struct cairn_span before)
{
	struct patch patch = {postings, index, shard, NULL};
	int err = CAIRN_OK;

	while (err == CAIRN_OK && before.size > 0)
		err = take_line(postings, span_cut(&before, '\n'));
	for (guint i = 0; i < index->gone->len; i++) {
		patch.entry = index->gone->pdata[i];
		search_each_word(patch.entry, drop, &patch);
	}
	for (guint i = 0; i < index->come->len; i++) {
		patch.entry = index->come->pdata[i];
		search_each_word(patch.entry, add, &patch);
	}
	return err == CAIRN_OK && postings->len != index->shards[shard].count ? CAIRN_ERR_FORMAT : err;
}
