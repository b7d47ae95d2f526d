// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "site/output.h"
#include "site/search_index.h"
#include "site/text.h"
#include "site/view.h"
#include "site/word_set.h"

/*
 * The search without a server: words in files by their first two letters, each with the entries that have it, and the
 * entries' titles in files of their own. A script fetches the few that a search needs (web/site/src/search.ts).
 *
 * An entry's handle is 8 signs: its day (18 bits) and 30 bits of a hash of its name, 6 bits each in digits that sort
 * as their values do. Two entries of one handle are both shown: no harm. A line of a word file is "word
 * handlehandle...", the newest first, of a title file "handle name date title".
 */
#define TITLES_A_FILE 128U
#define WORDS_BYTES_MAX (64U << 20)

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

static int
newest_first(const void *a, const void *b)
{
	return memcmp(*(const char *const *)b, *(const char *const *)a, ENTRY_HANDLE_CHARS);
}

static void
put_chain(GString *out, const struct posting *postings, struct chain chain, GPtrArray *handles)
{
	bool sorted = true;

	g_ptr_array_set_size(handles, 0);
	for (uint32_t i = chain.first;; i = postings[i].next) {
		sorted &= i == chain.first || memcmp(handles->pdata[handles->len - 1], postings[i].handle,
		    ENTRY_HANDLE_CHARS) >= 0;
		g_ptr_array_add(handles, (gpointer)(uintptr_t)postings[i].handle);
		if (i == chain.last)
			break;
	}
	if (!sorted)
		qsort(handles->pdata, handles->len, sizeof handles->pdata[0], newest_first);
	for (guint i = 0; i < handles->len; i++)
		g_string_append_len(out, handles->pdata[i], ENTRY_HANDLE_CHARS);
	g_string_append_c(out, '\n');
}

static void
put_words(GString *out, struct posting *postings, uint32_t count)
{
	GPtrArray *handles = g_ptr_array_new();
	struct word_set set;
	struct chain *chains;
	struct word *sorted;

	word_set_init(&set, count);
	chains = chain_words(&set, postings, count);
	sorted = g_memdup2(set.words, set.count * sizeof *sorted);
	if (set.count > 1)
		qsort(sorted, set.count, sizeof *sorted, word_order);
	for (uint32_t i = 0; i < set.count; i++) {
		g_string_append_len(out, sorted[i].text, sorted[i].bytes);
		g_string_append_c(out, ' ');
		/* The set tells its number once more. */
		put_chain(out, postings, chains[word_set_put(&set, sorted[i].text, sorted[i].bytes)], handles);
	}
	g_ptr_array_free(handles, TRUE);
	g_free(sorted);
	g_free(chains);
	word_set_clear(&set);
}

/* From what lies there, or from all entries' words, which search_fill() gave it. */
static int
render_words(GString *out, const struct site *site, const struct page *page)
{
	const struct search_index *index = page->what;
	GArray *list = page->postings;
	struct site_fault fault;
	char *before = NULL;
	size_t bytes;
	int err = CAIRN_OK;

	(void)site;
	if (list == NULL) {
		list = g_array_new(FALSE, FALSE, sizeof(struct posting));
		before = source_file(page->out, page->path, WORDS_BYTES_MAX, &bytes, &err, &fault);
		if (err == CAIRN_OK)
			err = search_patch(list, index, page->number, (struct cairn_span){before, bytes});
	}
	if (err == CAIRN_OK)
		put_words(out, (struct posting *)(void *)list->data, list->len);
	free(before);
	g_array_free(list, TRUE);
	return err;
}

struct collecting {
	GArray **lists;
	size_t count;
	const struct entry *entry;
};

static void
collect(void *arg, const char *word, size_t bytes)
{
	const struct collecting *c = arg;
	GArray *list = c->lists[search_shard_of(word, bytes, c->count)];
	struct posting posting = {word, c->entry->handle, (uint32_t)bytes, 0};

	if (list != NULL)
		g_array_append_val(list, posting);
}

static int
by_handle(const void *a, const void *b)
{
	const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;

	return memcmp(y->handle, x->handle, ENTRY_HANDLE_CHARS);
}

/* The newest first, and so they stand behind each word. */
static void
collect_all(GArray **lists, const struct search_index *index)
{
	const struct site_language *language = index->language;
	struct entry **entries = g_memdup2(language->entries, language->count * sizeof *entries);
	struct collecting c = {lists, index->shard_count, NULL};

	if (language->count > 1)
		qsort(entries, language->count, sizeof *entries, by_handle);
	for (size_t i = 0; i < language->count; i++) {
		c.entry = entries[i];
		search_each_word(c.entry, collect, &c);
	}
	g_free(entries);
}

static void
fill_language(struct pages *pages, const struct search_index *index, int out)
{
	GArray **lists = g_new0(GArray *, index->shard_count);
	bool wanted = false;

	for (guint i = 0; i < pages->list->len; i++) {
		struct page *page = &g_array_index(pages->list, struct page, i);

		if (page->render != render_words || page->what != index || page->made)
			continue;
		page->out = out;
		if (index->known && page->untouched)
			continue;
		page->postings = lists[page->number] = g_array_new(FALSE, FALSE, sizeof(struct posting));
		wanted = true;
	}
	if (wanted)
		collect_all(lists, index);
	g_free(lists);
}

void
search_fill(struct pages *pages, int out)
{
	for (guint i = 0; i < pages->indexes->len; i++)
		fill_language(pages, pages->indexes->pdata[i], out);
}

/* ---- files of titles ---- */

static size_t
title_file(const struct entry *entry, size_t files)
{
	return search_fnv(entry->id.text, entry->id.size) & (files - 1);
}

static int
render_titles(GString *out, const struct site *site, const struct page *page)
{
	const struct site_language *language = page->language;
	size_t files = search_file_count(language->count, TITLES_A_FILE);

	(void)site;
	for (size_t i = 0; i < language->count; i++) {
		const struct entry *entry = language->entries[i];

		if (title_file(entry, files) != page->number)
			continue;
		g_string_append_printf(out, "%.*s %.*s %.10s %.*s\n", (int)ENTRY_HANDLE_CHARS, entry->handle,
		    (int)entry->id.size, entry->id.text, entry->date.text, (int)entry->title.size, entry->title.text);
	}
	return CAIRN_OK;
}

static int
render_sizes(GString *out, const struct site *site, const struct page *page)
{
	const struct search_index *index = page->what;

	(void)site;
	g_string_append_printf(out, "{\"words\":%zu,\"titles\":%zu}\n", index->shard_count,
	    search_file_count(index->language->count, TITLES_A_FILE));
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
plan_words(struct pages *pages, const struct search_index *index)
{
	for (size_t i = 0; i < index->shard_count; i++) {
		struct key key;

		key_begin(&key, "words");
		key_number(&key, index->shards[i].count);
		key_number(&key, index->shards[i].sum[0]);
		key_number(&key, index->shards[i].sum[1]);
		page_set_number(pages_add(pages, &key, render_words, index->language, index, "search/%s/w-%zu.txt",
		    index->language->said->tag, i),
		    i);
	}
}

static void
plan_index(struct pages *pages, const struct search_index *index)
{
	const struct site_language *language = index->language;
	size_t titles = search_file_count(language->count, TITLES_A_FILE);
	const char *tag = language->said->tag;
	struct key key;

	plan_words(pages, index);
	plan_titles(pages, language, titles);
	key_begin(&key, "sizes");
	key_number(&key, index->shard_count);
	key_number(&key, titles);
	(void)pages_add(pages, &key, render_sizes, language, index, "search/%s/index.json", tag);
	key_begin(&key, "search");
	(void)pages_add(pages, &key, render_search, language, NULL, "%s/search.html", tag);
}

void
plan_search(struct pages *pages)
{
	for (size_t i = 0; i < pages->site->language_count; i++) {
		struct search_index *index = search_index_new(&pages->site->languages[i], pages->cache);

		g_ptr_array_add(pages->indexes, index);
		plan_index(pages, index);
	}
}

void
search_release(struct pages *pages)
{
	for (guint i = 0; i < pages->indexes->len; i++)
		search_index_free(pages->indexes->pdata[i]);
	g_ptr_array_free(pages->indexes, TRUE);
}
