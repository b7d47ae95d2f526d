// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/cache.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/reader.h"
#include "site/document.h"

#define HEAD "cairn site cache 2\n"
#define CACHE_BYTES_MAX (1U << 30)
#define NAME_MAX_BYTES 300U

/* ---- writing ---- */

static void
put_number(GString *out, uint64_t number, unsigned bytes)
{
	while (bytes-- > 0)
		g_string_append_c(out, (char)(number >> (8 * bytes)));
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
cache_begin(GString *out, uint64_t begun_ns, const uint64_t manifest_stamp[3], size_t entries, size_t pages)
{
	g_string_append(out, HEAD);
	put_number(out, begun_ns, 8);
	put_stamp(out, manifest_stamp);
	put_number(out, entries, 4);
	put_number(out, pages, 4);
}

/* Names with their zero, so that they can be looked up where they lie. */
void
cache_put_entry(GString *out, const char *file, const struct cached_entry *entry)
{
	put_span(out, file, strlen(file) + 1);
	put_stamp(out, entry->stamp);
	g_string_append_len(out, (const char *)entry->hash, sizeof entry->hash);
	put_span(out, entry->head.text, entry->head.size);
	put_span(out, entry->words.text, entry->words.size);
}

void
cache_put_page(GString *out, const char *path, const struct cached_page *page)
{
	put_span(out, path, strlen(path) + 1);
	g_string_append_len(out, (const char *)page->key, sizeof page->key);
	g_string_append_len(out, (const char *)page->hash, sizeof page->hash);
	put_stamp(out, page->stamp);
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
take_entry(struct cache *cache, struct reader *r)
{
	struct cached_entry *entry = g_new0(struct cached_entry, 1);
	const char *name = take_name(r);

	take_stamp(r, entry->stamp);
	take_bytes(r, entry->hash, sizeof entry->hash);
	entry->head = take_span(r);
	entry->words = take_span(r);
	/* Words are walked by their newlines. */
	if (r->failed || (entry->words.size > 0 && entry->words.text[entry->words.size - 1] != '\n')) {
		r->failed = true;
		g_free(entry);
		return;
	}
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

static bool
take_all(struct cache *cache, size_t bytes)
{
	const uint8_t *head;
	uint32_t entries, pages;
	struct reader r;

	reader_init(&r, cache->file, bytes);
	head = take_view(&r, strlen(HEAD));
	if (head == NULL || memcmp(head, HEAD, strlen(HEAD)) != 0)
		return false;
	take_u64(&r, &cache->begun_ns);
	take_stamp(&r, cache->manifest_stamp);
	take_u32(&r, &entries);
	take_u32(&r, &pages);
	for (uint32_t i = 0; i < entries && !r.failed; i++)
		take_entry(cache, &r);
	for (uint32_t i = 0; i < pages && !r.failed; i++)
		take_page(cache, &r);
	return reader_end(&r) == CAIRN_OK;
}

void
cache_load(struct cache *cache, const char *file)
{
	struct site_fault fault;
	size_t bytes;
	int err;

	*cache = (struct cache){.entries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free),
	    .pages = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free)};
	cache->file = source_file(AT_FDCWD, file, CACHE_BYTES_MAX, &bytes, &err, &fault);
	if (cache->file != NULL && take_all(cache, bytes))
		return;
	g_hash_table_remove_all(cache->entries);
	g_hash_table_remove_all(cache->pages);
}

void
cache_release(struct cache *cache)
{
	g_hash_table_destroy(cache->entries);
	g_hash_table_destroy(cache->pages);
	free(cache->file);
}
