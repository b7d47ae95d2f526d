// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/reader.h"
#include "site/document.h"
#include "site/output.h"

#define HEAD "cairn site cache 3\n"
#define WORDS_HEAD "cairn site words 1\n"
#define WORDS_BEGIN (sizeof WORDS_HEAD - 1 + 8U) /* which file it is, 8 bytes, stands behind */
#define CACHE_BYTES_MAX (1U << 30)
#define NAME_MAX_BYTES 300U
#define SHARDS_MAX 65536U

static char *
words_name(const char *file)
{
	return g_strconcat(file, ".words", NULL);
}

/* ---- writing ---- */

/* Where the words of an entry are told, and what they are. */
struct words_span {
	size_t at;
	struct cairn_span words;
};

static void
put_number(GString *out, uint64_t number, unsigned bytes)
{
	uint8_t big[8];

	put_u64(big, number);
	g_string_append_len(out, (const char *)big + 8 - bytes, bytes);
}

static void
put_span(GString *out, const char *text, size_t size)
{
	put_number(out, size, 4);
	g_string_append_len(out, text, (gssize)size);
}

static void
put_stamp(GString *out, const uint64_t stamp[3])
{
	for (int i = 0; i < 3; i++)
		put_number(out, stamp[i], 8);
}

void
cache_begin(struct cache_writer *w, const struct cache *before, uint64_t begun_ns, const uint64_t manifest_stamp[3])
{
	*w = (struct cache_writer){.before = before, .begun_ns = begun_ns, .out = g_string_sized_new(1U << 20),
	    .spans = g_array_new(FALSE, FALSE, sizeof(struct words_span))};
	memcpy(w->manifest_stamp, manifest_stamp, sizeof w->manifest_stamp);
}

void
cache_put_number(struct cache_writer *w, size_t number)
{
	put_number(w->out, number, 4);
}

/* Names with their zero, so that they can be looked up where they lie. */
void
cache_put_search(struct cache_writer *w, const char *tag, const struct search_shard *shards, size_t count)
{
	put_span(w->out, tag, strlen(tag) + 1);
	put_number(w->out, count, 4);
	for (size_t i = 0; i < count; i++) {
		put_number(w->out, shards[i].sum[0], 8);
		put_number(w->out, shards[i].sum[1], 8);
		put_number(w->out, shards[i].count, 8);
	}
}

void
cache_put_entry(struct cache_writer *w, const char *file, const struct cached_entry *entry)
{
	struct words_span span;

	put_span(w->out, file, strlen(file) + 1);
	put_stamp(w->out, entry->stamp);
	g_string_append_len(w->out, (const char *)entry->hash, sizeof entry->hash);
	put_number(w->out, entry->language, 1);
	put_span(w->out, entry->head.text, entry->head.size);
	span = (struct words_span){w->out->len, entry->words};
	g_array_append_val(w->spans, span);
	put_number(w->out, 0, 8);
	put_number(w->out, entry->words.size, 4);
}

void
cache_put_page(struct cache_writer *w, const char *path, const struct cached_page *page)
{
	put_span(w->out, path, strlen(path) + 1);
	g_string_append_len(w->out, (const char *)page->key, sizeof page->key);
	g_string_append_len(w->out, (const char *)page->hash, sizeof page->hash);
	put_stamp(w->out, page->stamp);
}

/* Do they lie in the words that were loaded? */
static bool
lies_there(const struct cache *before, struct cairn_span words)
{
	uintptr_t at = (uintptr_t)words.text, begin = (uintptr_t)before->words;

	return before->words != NULL && at >= begin && at < begin + before->words_bytes;
}

/* Is it worth to put new words to the end? Not once most of the file is of no use. */
static bool
goes_on(const struct cache_writer *w)
{
	size_t used = 0;

	for (guint i = 0; i < w->spans->len; i++) {
		struct cairn_span words = g_array_index(w->spans, struct words_span, i).words;

		used += lies_there(w->before, words) ? words.size : 0;
	}
	return w->before->words != NULL && used * 2 >= w->before->words_bytes;
}

/* Says where each entry's words are; those that are not there yet are put to more, which begins at that offset. */
static void
place_words(struct cache_writer *w, GString *more, size_t begin, bool on)
{
	for (guint i = 0; i < w->spans->len; i++) {
		const struct words_span *span = &g_array_index(w->spans, struct words_span, i);
		size_t at = begin + more->len;

		if (on && lies_there(w->before, span->words))
			at = (size_t)(span->words.text - w->before->words);
		else
			g_string_append_len(more, span->words.text, (gssize)span->words.size);
		put_u64((uint8_t *)w->out->str + span->at, at);
	}
}

static int
append(const char *file, const GString *more, size_t at)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	int err = CAIRN_OK;

	if (fd < 0 || pwrite(fd, more->str, more->len, (off_t)at) != (ssize_t)more->len)
		err = fd < 0 || (errno != ENOSPC && errno != EDQUOT) ? CAIRN_ERR_IO : CAIRN_ERR_SPACE;
	if (fd >= 0 && close(fd) != 0)
		err = CAIRN_ERR_IO;
	return err;
}

/* The words first: what the other file says of them must be there. */
int
cache_end(struct cache_writer *w, const char *file)
{
	bool on = goes_on(w);
	uint64_t which = on ? w->before->words_begun_ns : w->begun_ns, stamp[3];
	GString *more = g_string_new(NULL), *head = g_string_new(HEAD);
	char *words = words_name(file);
	int err;

	if (!on) {
		g_string_append(more, WORDS_HEAD);
		put_number(more, which, 8);
	}
	place_words(w, more, on ? w->before->words_bytes : 0, on);
	put_number(head, w->begun_ns, 8);
	put_stamp(head, w->manifest_stamp);
	put_number(head, which, 8);
	put_number(head, (on ? w->before->words_bytes : 0) + more->len, 8);
	g_string_prepend_len(w->out, head->str, (gssize)head->len);
	err = on ? append(words, more, w->before->words_bytes) :
	    output_write(stamp, AT_FDCWD, words, more->str, more->len);
	if (err == CAIRN_OK)
		err = output_write(stamp, AT_FDCWD, file, w->out->str, w->out->len);
	g_free(words);
	g_string_free(head, TRUE);
	g_string_free(more, TRUE);
	g_string_free(w->out, TRUE);
	g_array_free(w->spans, TRUE);
	return err;
}

/* ---- reading ---- */

static struct cairn_span
take_span(struct reader *r)
{
	uint32_t size;

	take_u32(r, &size);
	return (struct cairn_span){(const char *)take_view(r, size), size};
}

static void
take_stamp(struct reader *r, uint64_t stamp[3])
{
	for (int i = 0; i < 3; i++)
		take_u64(r, &stamp[i]);
}

static const char *
take_name(struct reader *r)
{
	struct cairn_span name = take_span(r);

	if (r->failed || name.size == 0 || name.size > NAME_MAX_BYTES ||
	    memchr(name.text, '\0', name.size) != name.text + name.size - 1) {
		r->failed = true;
		return "";
	}
	return name.text;
}

static void
take_search(struct cache *cache, struct reader *r)
{
	struct cached_search search = {.tag = take_name(r)};
	uint32_t count;

	take_u32(r, &count);
	if (r->failed || count > SHARDS_MAX) {
		r->failed = true;
		return;
	}
	search.count = count;
	search.shards = g_new0(struct search_shard, count);
	for (size_t i = 0; i < search.count; i++) {
		take_u64(r, &search.shards[i].sum[0]);
		take_u64(r, &search.shards[i].sum[1]);
		take_u64(r, &search.shards[i].count);
	}
	g_array_append_val(cache->searches, search);
}

/* Words are walked by their newlines. */
static struct cairn_span
take_words(const struct cache *cache, struct reader *r)
{
	uint64_t at;
	uint32_t size;

	take_u64(r, &at);
	take_u32(r, &size);
	if (r->failed || at < WORDS_BEGIN || at > cache->words_bytes || size > cache->words_bytes - at ||
	    (size > 0 && cache->words[at + size - 1] != '\n')) {
		r->failed = true;
		return (struct cairn_span){"", 0};
	}
	return (struct cairn_span){cache->words + at, size};
}

static void
take_entry(struct cache *cache, struct reader *r)
{
	struct cached_entry *entry = g_new0(struct cached_entry, 1);
	const char *name = take_name(r);

	take_stamp(r, entry->stamp);
	take_bytes(r, entry->hash, sizeof entry->hash);
	take_u8(r, &entry->language);
	entry->head = take_span(r);
	entry->words = take_words(cache, r);
	if (r->failed)
		g_free(entry);
	else
		g_hash_table_insert(cache->entries, (gpointer)(uintptr_t)name, entry);
}

static void
take_page(struct cache *cache, struct reader *r)
{
	struct cached_page *page = g_new0(struct cached_page, 1);
	const char *name = take_name(r);

	take_bytes(r, page->key, sizeof page->key);
	take_bytes(r, page->hash, sizeof page->hash);
	take_stamp(r, page->stamp);
	if (r->failed)
		g_free(page);
	else
		g_hash_table_insert(cache->pages, (gpointer)(uintptr_t)name, page);
}

/* The file of words that was meant, and all of it that was told of. */
static void
map_words(struct cache *cache, const char *file, uint64_t bytes)
{
	char *name = words_name(file);
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	void *map = MAP_FAILED;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && bytes >= WORDS_BEGIN &&
	    bytes <= CACHE_BYTES_MAX && (uint64_t)st.st_size >= bytes)
		map = mmap(NULL, (size_t)bytes, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map != MAP_FAILED) {
		cache->words = map;
		cache->words_bytes = (size_t)bytes;
	}
	if (fd >= 0)
		close(fd);
	g_free(name);
}

static bool
words_are_those(const struct cache *cache)
{
	return cache->words != NULL && memcmp(cache->words, WORDS_HEAD, sizeof WORDS_HEAD - 1) == 0 &&
	    get_u64((const uint8_t *)cache->words + sizeof WORDS_HEAD - 1) == cache->words_begun_ns;
}

static bool
take_all(struct cache *cache, const char *file, size_t bytes)
{
	static void (*const take[])(struct cache *, struct reader *) = {take_search, take_entry, take_page};
	const uint8_t *head;
	uint64_t words_bytes;
	uint32_t count;
	struct reader r;

	reader_init(&r, cache->file, bytes);
	head = take_view(&r, strlen(HEAD));
	if (head == NULL || memcmp(head, HEAD, strlen(HEAD)) != 0)
		return false;
	take_u64(&r, &cache->begun_ns);
	take_stamp(&r, cache->manifest_stamp);
	take_u64(&r, &cache->words_begun_ns);
	take_u64(&r, &words_bytes);
	if (!r.failed)
		map_words(cache, file, words_bytes);
	if (!words_are_those(cache))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(take); i++) {
		take_u32(&r, &count);
		for (uint32_t j = 0; j < count && !r.failed; j++)
			take[i](cache, &r);
	}
	return reader_end(&r) == CAIRN_OK;
}

static void
clear_search(gpointer search)
{
	g_free(((struct cached_search *)search)->shards);
}

static void
unmap_words(struct cache *cache)
{
	if (cache->words != NULL)
		munmap((void *)(uintptr_t)cache->words, cache->words_bytes);
	cache->words = NULL;
}

void
cache_load(struct cache *cache, const char *file)
{
	struct site_fault fault;
	size_t bytes;
	int err;

	*cache = (struct cache){.entries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free),
	    .pages = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free),
	    .searches = g_array_new(FALSE, FALSE, sizeof(struct cached_search))};
	g_array_set_clear_func(cache->searches, clear_search);
	cache->file = source_file(AT_FDCWD, file, CACHE_BYTES_MAX, &bytes, &err, &fault);
	if (cache->file != NULL && take_all(cache, file, bytes))
		return;
	g_hash_table_remove_all(cache->entries);
	g_hash_table_remove_all(cache->pages);
	g_array_set_size(cache->searches, 0);
	unmap_words(cache);
}

void
cache_release(struct cache *cache)
{
	g_hash_table_destroy(cache->entries);
	g_hash_table_destroy(cache->pages);
	g_array_free(cache->searches, TRUE);
	unmap_words(cache);
	free(cache->file);
}

const struct cached_search *
cache_search(const struct cache *cache, const char *tag, unsigned *ret_number)
{
	for (guint i = 0; i < cache->searches->len; i++) {
		const struct cached_search *search = &g_array_index(cache->searches, struct cached_search, i);

		if (strcmp(search->tag, tag) == 0) {
			*ret_number = i;
			return search;
		}
	}
	return NULL;
}
