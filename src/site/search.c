// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "site/text.h"
#include "site/view.h"
#include "site/word_set.h"

/*
 * The search without a server: words in files by their first two letters, each with the entries that have it, and the
 * entries' titles in files of their own. A script fetches the few that a search needs (web/site/src/search.ts).
 *
 * An entry's handle is 8 signs of base64url: its day (18 bits) and 30 bits of a hash of its name. Two entries of one
 * handle are both shown: no harm. A line of a word file is "word handlehandle...", of a title file
 * "handle name date title".
 */
#define WORDS_A_FILE 4000U /* entries to words, at most about so many */
#define TITLES_A_FILE 128U
#define FILES_MAX 1024U

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static uint32_t
fnv(const char *text, size_t size)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (uint8_t)text[i]) * 16777619U;
	return hash;
}

static void
make_handle(struct entry *entry)
{
	uint64_t bits = ((uint64_t)(entry->day & 0x3ffff) << 30) | (fnv(entry->id.text, entry->id.size) & 0x3fffffff);

	for (unsigned i = 0; i < ENTRY_HANDLE_CHARS; i++)
		entry->handle[i] = digits[bits >> (6 * (ENTRY_HANDLE_CHARS - 1 - i)) & 63];
}

/* Which file a word is in: by its first two characters, so that what begins alike lies together. */
static size_t
shard_of(const char *word, size_t size, size_t shards)
{
	size_t used = 2;

	/* Two bytes in most languages of Europe; the rule is the same for all. */
	if (size < 2 || ((uint8_t)word[0] | (uint8_t)word[1]) >= 0x80) {
		used = 0;
		for (int i = 0; i < 2 && used < size; i++) {
			int n = u8_mblen((const uint8_t *)word + used, size - used);

			used += n <= 0 ? 1 : (size_t)n;
		}
	}
	return fnv(word, used) & (shards - 1);
}

static size_t
file_count(size_t things, size_t a_file)
{
	size_t count = 1;

	while (count < FILES_MAX && count * a_file < things)
		count *= 2;
	return count;
}

/* All words of a language, sorted into files. */
struct posting {
	const char *word;
	uint32_t bytes;
	uint32_t entry;
	uint32_t next; /* posting of the same word */
};

struct shard {
	uint64_t sum[2]; /* of what is in it, in any order */
	size_t count;
};

struct index {
	const struct site_language *language;
	size_t shard_count;
	size_t title_files;
	struct shard *shards;
};

static uint64_t
mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static void
count_words(struct index *index, size_t number, uint64_t handle)
{
	const struct entry *entry = index->language->entries[number];
	const char *word = entry->words, *end = entry->words + entry->words_bytes;

	while (word < end) {
		size_t bytes = (size_t)((const char *)memchr(word, '\n', (size_t)(end - word)) - word);
		struct shard *shard = &index->shards[shard_of(word, bytes, index->shard_count)];
		uint64_t hash = word_hash(word, bytes, handle);

		shard->sum[0] += hash;
		shard->sum[1] += mix(hash);
		shard->count++;
		word += bytes + 1;
	}
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

/* ---- files of words ---- */

/* A word of a shard with all postings of it, in their order. */
struct chain {
	uint32_t first, last;
};

/* Chains postings of one word by their next; set has the words, a chain for each by its number. */
static struct chain *
chain_words(struct word_set *set, struct posting *postings, uint32_t count)
{
	struct chain *chains = g_new(struct chain, count + 1);

	for (uint32_t i = 0; i < count; i++) {
		uint32_t before = set->count;
		uint32_t number = word_set_put(set, postings[i].word, postings[i].bytes);

		postings[i].next = i;
		if (number == before)
			chains[number].first = i;
		else
			postings[chains[number].last].next = i;
		chains[number].last = i;
	}
	return chains;
}

static void
put_chain(GString *out, const struct page *page, const struct posting *postings, struct chain chain)
{
	for (uint32_t i = chain.first;; i = postings[i].next) {
		g_string_append_len(out, page->language->entries[postings[i].entry]->handle, ENTRY_HANDLE_CHARS);
		if (i == chain.last)
			break;
	}
	g_string_append_c(out, '\n');
}

/* A sorted copy tells each word's number by the set once more. */
static int
render_words(GString *out, const struct site *site, const struct page *page)
{
	GArray *list = (GArray *)(uintptr_t)page->what;
	struct posting *postings = (struct posting *)(void *)list->data;
	struct word_set set;
	struct chain *chains;
	struct word *sorted;

	(void)site;
	word_set_init(&set, list->len);
	chains = chain_words(&set, postings, list->len);
	sorted = g_memdup2(set.words, set.count * sizeof *sorted);
	if (set.count > 1)
		qsort(sorted, set.count, sizeof *sorted, word_order);
	for (uint32_t i = 0; i < set.count; i++) {
		uint32_t number = word_set_put(&set, sorted[i].text, sorted[i].bytes);

		g_string_append_len(out, sorted[i].text, sorted[i].bytes);
		g_string_append_c(out, ' ');
		put_chain(out, page, postings, chains[number]);
	}
	g_free(sorted);
	g_free(chains);
	word_set_clear(&set);
	g_array_free(list, TRUE);
	return CAIRN_OK;
}

static void
collect(GArray **lists, size_t count, const struct entry *entry, uint32_t number)
{
	const char *word = entry->words, *end = entry->words + entry->words_bytes;

	while (word < end) {
		size_t bytes = (size_t)((const char *)memchr(word, '\n', (size_t)(end - word)) - word);
		GArray *list = lists[shard_of(word, bytes, count)];
		struct posting posting = {word, (uint32_t)bytes, number, 0};

		if (list != NULL)
			g_array_append_val(list, posting);
		word += bytes + 1;
	}
}

void
search_fill(struct pages *pages)
{
	for (size_t i = 0; i < pages->site->language_count; i++) {
		const struct site_language *language = &pages->site->languages[i];
		size_t count = file_count(all_words(language), WORDS_A_FILE), wanted = 0;
		GArray **lists = g_new0(GArray *, count);

		for (guint j = 0; j < pages->list->len; j++) {
			struct page *page = &g_array_index(pages->list, struct page, j);

			if (page->render != render_words || page->language != language || page->made)
				continue;
			lists[page->number] = g_array_new(FALSE, FALSE, sizeof(struct posting));
			page->what = lists[page->number];
			wanted++;
		}
		/* The newest first, and so they stand behind each word. */
		for (size_t j = wanted > 0 ? language->count : 0; j > 0; j--)
			collect(lists, count, language->entries[j - 1], (uint32_t)(j - 1));
		g_free(lists);
	}
}

/* ---- files of titles ---- */

static size_t
title_file(const struct entry *entry, size_t files)
{
	return fnv(entry->id.text, entry->id.size) & (files - 1);
}

static int
render_titles(GString *out, const struct site *site, const struct page *page)
{
	const struct site_language *language = page->language;
	size_t files = file_count(language->count, TITLES_A_FILE);

	(void)site;
	for (size_t i = 0; i < language->count; i++) {
		const struct entry *entry = language->entries[i];

		if (title_file(entry, files) != page->number)
			continue;
		g_string_append_printf(out, "%.*s %.*s %.10s %.*s\n", (int)ENTRY_HANDLE_CHARS, entry->handle, (int)entry->id.size,
		    entry->id.text, entry->date.text, (int)entry->title.size, entry->title.text);
	}
	return CAIRN_OK;
}

static int
render_sizes(GString *out, const struct site *site, const struct page *page)
{
	const struct site_language *language = page->language;

	(void)site;
	g_string_append_printf(out, "{\"words\":%zu,\"titles\":%zu}\n", file_count(all_words(language), WORDS_A_FILE),
	    file_count(language->count, TITLES_A_FILE));
	return CAIRN_OK;
}

static int
render_search(GString *out, const struct site *site, const struct page *page)
{
	struct view view;

	view_begin(&view, site, page);
	view.title = said(&view, "Search");
	view.searches = true;
	view_everywhere(&view, "search.html");
	return view_end(out, &view, "search");
}

/* ---- planning ---- */

static void
plan_titles(struct pages *pages, const struct site_language *language, size_t files)
{
	struct key *keys = g_new0(struct key, files);

	for (size_t i = 0; i < files; i++)
		key_begin(&keys[i], "titles");
	for (size_t i = 0; i < language->count; i++)
		key_bytes(&keys[title_file(language->entries[i], files)], language->entries[i]->card, KEY_BYTES);
	for (size_t i = 0; i < files; i++)
		page_set_number(pages_add(pages, &keys[i], render_titles, language, NULL, "search/%s/t-%zu.txt",
		    language->said->tag,
		    i),
		    i);
	g_free(keys);
}

static void
plan_words(struct pages *pages, struct index *index)
{
	for (size_t i = 0; i < index->shard_count; i++) {
		struct key key;

		key_begin(&key, "words");
		key_number(&key, index->shards[i].count);
		key_number(&key, index->shards[i].sum[0]);
		key_number(&key, index->shards[i].sum[1]);
		page_set_number(pages_add(pages, &key, render_words, index->language, NULL, "search/%s/w-%zu.txt",
		    index->language->said->tag, i),
		    i);
	}
}

static void
plan_index(struct pages *pages, const struct site_language *language)
{
	struct index index = {.language = language, .shard_count = file_count(all_words(language), WORDS_A_FILE)};
	const char *tag = language->said->tag;
	struct key key;

	index.shards = g_new0(struct shard, index.shard_count);
	for (size_t i = 0; i < language->count; i++) {
		make_handle(language->entries[i]);
		count_words(&index, i,
		    word_hash(language->entries[i]->id.text, language->entries[i]->id.size,
			mix(language->entries[i]->day)));
	}
	plan_words(pages, &index);
	plan_titles(pages, language, file_count(language->count, TITLES_A_FILE));
	key_begin(&key, "sizes");
	key_number(&key, index.shard_count);
	key_number(&key, file_count(language->count, TITLES_A_FILE));
	(void)pages_add(pages, &key, render_sizes, language, NULL, "search/%s/index.json", tag);
	key_begin(&key, "search");
	(void)pages_add(pages, &key, render_search, language, NULL, "%s/search.html", tag);
	g_free(index.shards);
}

void
plan_search(struct pages *pages)
{
	for (size_t i = 0; i < pages->site->language_count; i++)
		plan_index(pages, &pages->site->languages[i]);
}
