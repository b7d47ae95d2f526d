// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/sha.h>

#include "base/text.h"
#include "site/cache.h"
#include "site/fault.h"
#include "site/manifest.h"
#include "site/markdown.h"
#include "site/output.h"
#include "site/parallel.h"
#include "site/picture.h"
#include "site/search_index.h"
#include "site/text.h"
#include "site/view.h"
#include "site/words.h"

#define GUARD_NS UINT64_C(2000000000) /* coarse clocks of file systems */
#define ENTRY_ROOT "../../"

struct build {
	struct site site;
	struct cache cache;
	struct pages pages;
	int out;
	uint64_t begun_ns;
	uint64_t manifest_stamp[3];
	bool first;          /* no site was built there before */
	GPtrArray *names;    /* of entries' files */
	GArray *stale;       /* size_t: entries to be read, pages to be made */
	pthread_mutex_t lock; /* of site.fault */
};

static uint64_t
now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/* ---- entries ---- */

/* From the cache, where the file is the one that was read then. false: it must be read. */
static bool
entry_from_cache(struct build *b, struct entry *entry)
{
	const struct cached_entry *cached = g_hash_table_lookup(b->cache.entries, entry->file);
	struct site_fault fault;

	if (cached == NULL || memcmp(cached->stamp, entry->stamp, sizeof entry->stamp) != 0 ||
	    entry->stamp[1] + GUARD_NS >= b->cache.begun_ns)
		return false;
	memcpy(entry->hash, cached->hash, sizeof entry->hash);
	entry->head = cached->head.text;
	entry->head_bytes = cached->head.size;
	entry->words = cached->words.text;
	entry->words_bytes = cached->words.size;
	entry->borrowed = entry_read_head(entry, &fault, true) == CAIRN_OK;
	return entry->borrowed;
}

static char *
steal(GString *text, size_t *ret_bytes)
{
	char *kept = malloc(text->len + 1);

	*ret_bytes = kept == NULL ? 0 : text->len;
	if (kept != NULL)
		memcpy(kept, text->str, text->len + 1);
	g_string_free(text, TRUE);
	return kept;
}

/* Its HTML, and its words for the search. */
static int
digest(struct entry *entry, struct cairn_span body)
{
	GString *html = g_string_sized_new(body.size * 2), *plain = g_string_sized_new(body.size + 256);
	GString *words = g_string_sized_new(1024);
	const struct cairn_span more[] = {entry->title, entry->summary};
	size_t html_bytes;
	int err = markdown_render(html, plain, body, ENTRY_ROOT);

	for (size_t i = 0; i < 2; i++) {
		g_string_append_c(plain, '\n');
		g_string_append_len(plain, more[i].text, (gssize)more[i].size);
	}
	words_of(words, (struct cairn_span){plain->str, plain->len});
	entry->html = steal(html, &html_bytes);
	entry->words = steal(words, &entry->words_bytes);
	g_string_free(plain, TRUE);
	return err == CAIRN_OK && (entry->html == NULL || entry->words == NULL) ? CAIRN_ERR_NOMEM : err;
}

static void
keep_fault(struct build *b, const struct site_fault *fault)
{
	pthread_mutex_lock(&b->lock);
	if (b->site.fault->text[0] == '\0')
		*b->site.fault = *fault;
	pthread_mutex_unlock(&b->lock);
}

static int
read_entry(void *arg, size_t i)
{
	struct build *b = arg;
	struct entry *entry = &b->site.entries[g_array_index(b->stale, size_t, i)];
	struct site_fault fault = {0};
	struct cairn_span body = {"", 0};
	size_t bytes;
	int err;
	char *text = source_file(b->site.source, entry->file, DOCUMENT_BYTES_MAX, &bytes, &err, &fault);

	if (err == CAIRN_OK)
		err = entry_read(entry, &body, &fault, (struct cairn_span){text, bytes});
	if (err == CAIRN_OK) {
		cairn_hash(entry->hash, text, bytes);
		err = digest(entry, body);
	}
	if (err != CAIRN_OK)
		keep_fault(b, &fault);
	free(text);
	return err;
}

/* Is it the file that was read then? */
static int
look_at_entry(void *arg, size_t i)
{
	struct build *b = arg;
	struct entry *entry = &b->site.entries[i];
	struct site_fault fault = {0};

	entry->file = g_strdup_printf("entries/%s", (char *)b->names->pdata[i]);
	if (output_stamp(entry->stamp, b->site.source, entry->file) != CAIRN_OK) {
		(void)fault_set(&fault, CAIRN_ERR_IO, entry->file, 0, "is no plain file");
		keep_fault(b, &fault);
		return CAIRN_ERR_IO;
	}
	if (!entry_from_cache(b, entry))
		entry->head = entry->words = NULL;
	return CAIRN_OK;
}

static int
load_entries(struct build *b)
{
	struct site *site = &b->site;
	size_t count = b->names->len;
	int err;

	site->entries = calloc(count + 1, sizeof *site->entries);
	if (site->entries == NULL)
		return fault_set(site->fault, CAIRN_ERR_NOMEM, NULL, 0, "out of memory");
	site->entry_count = count;
	err = parallel(site->options->threads, count, look_at_entry, b);
	for (size_t i = 0; i < count; i++)
		if (!site->entries[i].borrowed)
			g_array_append_val(b->stale, i);
	return err == CAIRN_OK ? parallel(site->options->threads, b->stale->len, read_entry, b) : err;
}

/* ---- pages ---- */

struct page *
pages_add(struct pages *pages, struct key *key, page_render *render, const struct site_language *language,
    const void *what, const char *format, ...)
{
	struct page page = {.render = render, .language = language, .what = what};
	va_list args;

	va_start(args, format);
	page.path = g_strdup_vprintf(format, args);
	va_end(args);
	if (language != NULL)
		key_span(key, text_of(language->said->tag));
	key_bytes(key, pages->site->common, sizeof pages->site->common);
	key_end(key, page.key);
	g_array_append_val(pages->list, page);
	return &g_array_index(pages->list, struct page, pages->list->len - 1);
}

void
page_set_number(struct page *page, size_t number)
{
	page->number = number;
}

void
page_set_text(struct page *page, char *text)
{
	page->text = text;
}

static int
by_path(gconstpointer a, gconstpointer b)
{
	return strcmp(((const struct page *)a)->path, ((const struct page *)b)->path);
}

static int
plan(struct build *b)
{
	static void (*const plans[])(struct pages *) = {plan_entries, plan_lists, plan_record, plan_help,
	    plan_petitions,
	    plan_search, plan_pictures, plan_feeds};
	int err;

	for (size_t i = 0; i < G_N_ELEMENTS(plans); i++)
		plans[i](&b->pages);
	err = plan_files(&b->pages);
	if (err == CAIRN_OK)
		err = b->pages.err;
	g_array_sort(b->pages.list, by_path);
	for (guint i = 1; err == CAIRN_OK && i < b->pages.list->len; i++) {
		const struct page *page = &g_array_index(b->pages.list, struct page, i);

		if (strcmp(page->path, page[-1].path) == 0)
			err = fault_set(b->site.fault, CAIRN_ERR_CONFLICT, page->path, 0,
			    "two things would lie there");
	}
	return err;
}

static int
compare_page(void *arg, size_t i)
{
	struct build *b = arg;
	struct page *page = &g_array_index(b->pages.list, struct page, i);
	const struct cached_page *cached = g_hash_table_lookup(b->cache.pages, page->path);
	uint64_t stamp[3];

	page->untouched = cached != NULL && output_stamp(stamp, b->out, page->path) == CAIRN_OK &&
	    memcmp(stamp, cached->stamp, sizeof stamp) == 0;
	page->made = page->untouched && memcmp(cached->key, page->key, sizeof page->key) == 0;
	if (page->made) {
		memcpy(page->hash, cached->hash, sizeof page->hash);
		memcpy(page->stamp, cached->stamp, sizeof page->stamp);
	}
	return CAIRN_OK;
}

/* Which pages are as the last build left them. */
static int
compare(struct build *b)
{
	int err = parallel(b->site.options->threads, b->pages.list->len, compare_page, b);

	g_array_set_size(b->stale, 0);
	for (size_t i = 0; i < b->pages.list->len; i++) {
		const struct page *page = &g_array_index(b->pages.list, struct page, i);

		if (!page->made && page->render != NULL)
			g_array_append_val(b->stale, i);
	}
	return err;
}

static int
make_page(void *arg, size_t i)
{
	struct build *b = arg;
	struct page *page = &g_array_index(b->pages.list, struct page, g_array_index(b->stale, size_t, i));
	GString *out = g_string_sized_new(16384);
	struct site_fault fault = {0};
	int err = page->render(out, &b->site, page);

	if (err != CAIRN_OK)
		err = fault_set(&fault, err, page->path, 0, "cannot be made: %s", cairn_strerror(err));
	if (err == CAIRN_OK) {
		SHA256((const uint8_t *)out->str, out->len, page->hash);
		err = (b->first ? output_create : output_write)(page->stamp, b->out, page->path, out->str, out->len);
		if (err != CAIRN_OK)
			(void)fault_set(&fault, err, page->path, 0, "cannot be written: %s", strerror(errno));
	}
	if (err != CAIRN_OK)
		keep_fault(b, &fault);
	g_string_free(out, TRUE);
	return err;
}

/* ---- around it ---- */

/* A folder that has other things in it is none of ours: a slip of the hand must not empty it. */
static int
open_out(struct build *b)
{
	const char *path = b->site.options->out;
	GPtrArray *names;
	uint64_t stamp[3];
	bool empty;

	if (mkdir(path, 0755) != 0 && errno != EEXIST)
		return fault_set(b->site.fault, CAIRN_ERR_IO, path, 0, "%s", strerror(errno));
	b->out = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (b->out < 0)
		return fault_set(b->site.fault, CAIRN_ERR_IO, path, 0, "%s", strerror(errno));
	names = source_names(b->out, ".", "");
	empty = names->len == 0;
	g_ptr_array_free(names, TRUE);
	if (empty || output_stamp(stamp, b->out, MANIFEST_FILE) == CAIRN_OK ||
	    output_stamp(stamp, b->out, MANIFEST_BEGUN) == CAIRN_OK)
		return CAIRN_OK;
	return fault_set(b->site.fault, CAIRN_ERR_CONFLICT, path, 0, "is not empty, and no site was built there");
}

/* Paths of the last build: as the cache has them where it is of this very folder, else by the manifest there. */
static GPtrArray *
paths_before(struct build *b)
{
	uint64_t stamp[3];
	GPtrArray *paths;
	GHashTableIter iter;
	gpointer path;

	if (output_stamp(stamp, b->out, MANIFEST_FILE) != CAIRN_OK ||
	    memcmp(stamp, b->cache.manifest_stamp, sizeof stamp) != 0)
		return manifest_paths(b->out);
	paths = g_ptr_array_new();
	g_hash_table_iter_init(&iter, b->cache.pages);
	while (g_hash_table_iter_next(&iter, &path, NULL))
		g_ptr_array_add(paths, path);
	return paths;
}

static int
is_path(const void *path, const void *page)
{
	return strcmp(path, ((const struct page *)page)->path);
}

static size_t
remove_old(struct build *b)
{
	GPtrArray *before = paths_before(b);
	size_t removed = 0;

	for (guint i = 0; i < before->len; i++)
		if (bsearch(before->pdata[i], b->pages.list->data, b->pages.list->len, sizeof(struct page),
		    is_path) ==
		    NULL) {
			output_remove(b->out, before->pdata[i]);
			removed++;
		}
	g_ptr_array_free(before, TRUE);
	return removed;
}

static int
write_manifest(struct build *b, struct site_report *report)
{
	GString *text = g_string_new(NULL);
	int err;

	manifest_begin(text, text_of(b->site.desk.id));
	for (guint i = 0; i < b->pages.list->len; i++) {
		const struct page *page = &g_array_index(b->pages.list, struct page, i);

		manifest_add(text, page->hash, page->path);
	}
	SHA256((const uint8_t *)text->str, text->len, report->manifest);
	err = output_write(b->manifest_stamp, b->out, MANIFEST_FILE, text->str, text->len);
	output_remove(b->out, MANIFEST_BEGUN);
	g_string_free(text, TRUE);
	return err == CAIRN_OK ? err : fault_set(b->site.fault, err, MANIFEST_FILE, 0, "cannot be written");
}

static unsigned
language_number(const struct site *site, const struct language *language)
{
	for (size_t i = 0; i < site->language_count; i++)
		if (site->languages[i].said == language)
			return (unsigned)i;
	return CACHE_NO_LANGUAGE;
}

static void
put_entries(struct cache_writer *w, const struct site *site)
{
	for (size_t i = 0; i < site->entry_count; i++) {
		const struct entry *entry = &site->entries[i];
		struct cached_entry cached = {.head = {entry->head, entry->head_bytes},
		    .words = {entry->words, entry->words_bytes},
		    .language = (uint8_t)language_number(site, entry->language)};

		memcpy(cached.stamp, entry->stamp, sizeof cached.stamp);
		memcpy(cached.hash, entry->hash, sizeof cached.hash);
		cache_put_entry(w, entry->file, &cached);
	}
}

static int
write_cache(struct build *b, const char *file)
{
	const struct site *site = &b->site;
	struct cache_writer w;
	int err;

	cache_begin(&w, &b->cache, b->begun_ns, b->manifest_stamp);
	cache_put_number(&w, b->pages.indexes->len);
	for (guint i = 0; i < b->pages.indexes->len; i++) {
		const struct search_index *index = b->pages.indexes->pdata[i];

		cache_put_search(&w, index->language->said->tag, index->shards, index->shard_count);
	}
	cache_put_number(&w, site->entry_count);
	put_entries(&w, site);
	cache_put_number(&w, b->pages.list->len);
	for (guint i = 0; i < b->pages.list->len; i++) {
		const struct page *page = &g_array_index(b->pages.list, struct page, i);
		struct cached_page cached;

		memcpy(cached.key, page->key, sizeof cached.key);
		memcpy(cached.hash, page->hash, sizeof cached.hash);
		memcpy(cached.stamp, page->stamp, sizeof cached.stamp);
		cache_put_page(&w, page->path, &cached);
	}
	err = cache_end(&w, file);
	return err == CAIRN_OK ? err : fault_set(b->site.fault, err, file, 0, "cannot be written: %s",
	    strerror(errno));
}

/* What stands on every page, or decides how all are made. */
static void
make_common(struct site *site)
{
	const struct site_options *o = site->options;
	const uint64_t parts[] = {o->all_languages, o->pictures != NULL, site->events->len > 0, site->claims->len > 0,
	    site->letters->len > 0, site->addresses->len > 0, site->petitions->len > 0, site->gatherings->len > 0,
	    site->gives->len > 0};
	struct key key;

	key_begin(&key, "site 1");
	key_bytes(&key, site->conf->hash, KEY_BYTES);
	for (guint i = 0; i < site->abouts->len; i++)
		key_bytes(&key, ((const struct document *)site->abouts->pdata[i])->hash, KEY_BYTES);
	key_bytes(&key, parts, sizeof parts);
	key_span(&key, text_of(site->base));
	key_span(&key, text_of(site->desk.page));
	for (size_t i = 0; i < site_template_count; i++)
		key_span(&key, text_of(site_templates[i].text));
	for (size_t i = 0; i < site->language_count; i++)
		for (size_t j = 0; j < site->languages[i].said->count; j++)
			key_span(&key, text_of(site->languages[i].said->messages[j].said));
	key_end(&key, site->common);
}

/* Marks the folder as ours, so that a build that breaks off can be gone on with. */
static int
mark_begun(struct build *b)
{
	uint64_t stamp[3];

	b->first = output_stamp(stamp, b->out, MANIFEST_FILE) != CAIRN_OK;
	if (!b->first)
		return CAIRN_OK;
	return output_write(stamp, b->out, MANIFEST_BEGUN, "", 0);
}

static int
build(struct build *b, struct site_report *report, const char *cache_file)
{
	int err = model_open(&b->site);

	if (err == CAIRN_OK)
		err = open_out(b);
	if (err != CAIRN_OK)
		return err;
	cache_load(&b->cache, cache_file);
	b->names = source_names(b->site.source, "entries", ".md");
	err = load_entries(b);
	if (err == CAIRN_OK)
		err = model_join(&b->site);
	if (err != CAIRN_OK)
		return err;
	make_common(&b->site);
	err = plan(b);
	if (err == CAIRN_OK)
		err = mark_begun(b);
	if (err != CAIRN_OK)
		return err;
	err = compare(b);
	if (err != CAIRN_OK)
		return err;
	search_fill(&b->pages, b->out);
	report->pages = b->pages.list->len;
	report->written = b->stale->len;
	err = parallel(b->site.options->threads, b->stale->len, make_page, b);
	if (err == CAIRN_OK)
		err = pictures_draw(&b->pages, b->out, &report->written);
	if (err != CAIRN_OK)
		return err;
	report->removed = remove_old(b);
	err = write_manifest(b, report);
	return err == CAIRN_OK ? write_cache(b, cache_file) : err;
}

static void
release(struct build *b)
{
	for (guint i = 0; i < b->pages.list->len; i++) {
		g_free(g_array_index(b->pages.list, struct page, i).path);
		g_free(g_array_index(b->pages.list, struct page, i).text);
	}
	g_array_free(b->pages.list, TRUE);
	search_release(&b->pages);
	g_array_free(b->stale, TRUE);
	if (b->names != NULL)
		g_ptr_array_free(b->names, TRUE);
	if (b->cache.entries != NULL)
		cache_release(&b->cache);
	model_release(&b->site);
	if (b->out >= 0)
		close(b->out);
	if (b->site.source >= 0)
		close(b->site.source);
	pthread_mutex_destroy(&b->lock);
}

int
site_build(const struct site_options *options, struct site_report *report, struct site_fault *fault)
{
	struct build *b = g_new0(struct build, 1);
	char *cache_file = options->cache == NULL ? g_strconcat(options->out, ".cache", NULL) :
	    g_strdup(options->cache);
	int err;

	*report = (struct site_report){0};
	*fault = (struct site_fault){0};
	b->site.options = options;
	b->site.fault = fault;
	b->out = -1;
	b->begun_ns = now_ns();
	b->stale = g_array_new(FALSE, FALSE, sizeof(size_t));
	b->pages.list = g_array_new(FALSE, FALSE, sizeof(struct page));
	b->pages.site = &b->site;
	b->pages.cache = &b->cache;
	b->pages.indexes = g_ptr_array_new();
	pthread_mutex_init(&b->lock, NULL);
	b->site.source = open(options->source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = b->site.source < 0 ? fault_set(fault, CAIRN_ERR_IO, options->source, 0, "%s", strerror(errno)) :
	    build(b, report, cache_file);
	release(b);
	g_free(b);
	g_free(cache_file);
	return err;
}
