// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/model.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/text.h"
#include "cairn/campaign.h"
#include "net/url.h"
#include "site/fault.h"
#include "site/figures.h"
#include "site/kinds.h"
#include "site/proven.h"
#include "site/text.h"

/* ---- languages ---- */

static const struct language *
language_of(struct cairn_span tag)
{
	for (size_t i = 0; i < site_language_count; i++)
		if (span_is(tag, site_languages[i].tag))
			return &site_languages[i];
	return NULL;
}

static struct site_language *
offered(struct site *site, struct cairn_span tag)
{
	for (size_t i = 0; i < site->language_count; i++)
		if (span_is(tag, site->languages[i].said->tag))
			return &site->languages[i];
	return NULL;
}

static int
add_language(struct site *site, struct cairn_span tag)
{
	const struct language *said = language_of(tag);

	if (said == NULL)
		return fault_set(site->fault, CAIRN_ERR_FORMAT, site->conf->file, 0,
		    "the site's own words are not there in \"%.*s\" (web/site/po)", (int)tag.size, tag.text);
	if (!language_offered(said, site->options->all_languages) || offered(site, tag) != NULL)
		return CAIRN_OK;
	if (site->language_count == SITE_LANGUAGES_MAX)
		return fault_set(site->fault, CAIRN_ERR_FORMAT, site->conf->file, 0, "at most %u languages",
		    SITE_LANGUAGES_MAX);
	site->languages[site->language_count++] = (struct site_language){.said = said, .tags = g_ptr_array_new()};
	return CAIRN_OK;
}

static int
choose_languages(struct site *site)
{
	struct cairn_span first = head_value(&site->conf->head, "lang");
	struct cairn_span more = head_value(&site->conf->head, "languages");
	int err = add_language(site, first.size == 0 ? text_of("en") : first);

	while (err == CAIRN_OK && more.size > 0)
		err = add_language(site, head_part(&more, ','));
	if (err == CAIRN_OK && site->language_count == 0)
		err = fault_set(site->fault, CAIRN_ERR_FORMAT, site->conf->file, 0,
		    "nobody has reviewed the site's own words in that language");
	return err;
}

/* The templates once for each language, with its words in them. */
static int
prepare_templates(struct site *site, struct site_language *language)
{
	for (size_t i = 0; i < site_template_count && i < SITE_TEMPLATES_MAX; i++)
		if (template_new(&language->templates[i], site_templates[i].text, language->said) != CAIRN_OK)
			return fault_set(site->fault, CAIRN_ERR_FORMAT, site_templates[i].name, 0, "is no template");
	return CAIRN_OK;
}

bool
model_is_original(const struct document *document)
{
	return head_value(&document->head, "translation-of").size == 0;
}

bool
model_shows(const struct site *site, const struct document *document)
{
	return model_is_original(document) || site->options->all_languages ||
	    head_value(&document->head, "reviewed-by").size > 0;
}

const struct document *
model_document(const struct site *site, const GPtrArray *documents, struct cairn_span id,
    const struct site_language *language)
{
	const struct document *original = NULL;

	for (guint i = 0; i < documents->len; i++) {
		const struct document *d = documents->pdata[i];
		struct cairn_span lang = d->lang.size == 0 ? text_of(site->languages[0].said->tag) : d->lang;

		if (!span_same(d->id, id) || !model_shows(site, d))
			continue;
		if (span_is(lang, language->said->tag))
			return d;
		if (model_is_original(d))
			original = d;
	}
	return original;
}

/* ---- what all pages share ---- */

static int
take_desk(struct site *site)
{
	struct cairn_span said = head_value(&site->conf->head, "desk");
	char *address = site->options->desk != NULL ? g_strdup(site->options->desk) : g_strndup(said.text, said.size);
	struct site_desk *desk = &site->desk;
	struct net_url url;
	int err = CAIRN_OK;

	desk->onion = head_value(&site->conf->head, "onion");
	if (address[0] != '\0' && net_url_read(&url, address) != CAIRN_OK) {
		err = fault_set(site->fault, CAIRN_ERR_FORMAT, site->conf->file, 0, "the desk's address is none");
	} else if (address[0] != '\0') {
		const char *host = strstr(url.base, "://");
		size_t origin = host == NULL ? 0 : (size_t)(strchr(host + 3, '/') - url.base);

		(void)g_strlcpy(desk->page, address, sizeof desk->page);
		(void)g_strlcpy(desk->relay, url.base, sizeof desk->relay);
		(void)snprintf(desk->origin, sizeof desk->origin, "%.*s", (int)origin, url.base);
		sodium_bin2hex(desk->id, sizeof desk->id, url.desk_id, sizeof url.desk_id);
		if (url.has_identity)
			sodium_bin2hex(desk->identity, sizeof desk->identity, url.identity_key,
			    sizeof url.identity_key);
	}
	g_free(address);
	return err;
}

static int
take_base(struct site *site)
{
	struct cairn_span said = head_value(&site->conf->head, "base");

	site->base = site->options->base != NULL ? g_strdup(site->options->base) : g_strndup(said.text, said.size);
	if (site->base[0] == '\0' || (text_is_web(text_of(site->base)) && g_str_has_suffix(site->base, "/")))
		return CAIRN_OK;
	return fault_set(site->fault, CAIRN_ERR_FORMAT, site->conf->file, 0,
	    "base is the site's web address and ends in a slash");
}

static int
take_abouts(struct site *site)
{
	GPtrArray *names = source_names(site->source, ".", ".md");
	int err = CAIRN_OK;

	for (guint i = 0; err == CAIRN_OK && i < names->len; i++) {
		const char *name = names->pdata[i];
		struct document *d;

		if (!g_str_has_prefix(name, "site."))
			continue;
		err = document_load(&d, site->source, name, site_keys, site_key_count, site->fault);
		if (d != NULL)
			g_ptr_array_add(site->abouts, d);
	}
	g_ptr_array_free(names, TRUE);
	return err;
}

static void
take_titles(struct site *site)
{
	for (size_t i = 0; i < site->language_count; i++) {
		struct site_language *language = &site->languages[i];

		language->about = model_document(site, site->abouts, text_of("site"), language);
		if (language->about == NULL)
			language->about = site->conf;
		language->title = head_value(&language->about->head, "title");
	}
}

static int
load_folders(struct site *site)
{
	struct site_fault *fault = site->fault;
	int source = site->source;
	int err;

	if ((err = items_load(&site->claims, source, "claims", claim_fields, fault)) != CAIRN_OK ||
	    (err = items_load(&site->events, source, "events", event_fields, fault)) != CAIRN_OK ||
	    (err = items_load(&site->counts, source, "petitions", count_fields, fault)) != CAIRN_OK ||
	    (err = items_load(&site->comments, source, "comments", comments_fields, fault)) != CAIRN_OK ||
	    (err = documents_load(&site->petitions, source, "petitions", petition_keys, petition_key_count, fault)) !=
	        CAIRN_OK ||
	    (err = documents_load(&site->letters, source, "letters", letter_keys, letter_key_count,
	    fault)) != CAIRN_OK)
		return err;
	return documents_load(&site->gives, source, "give", give_keys, give_key_count, fault);
}

/* A file of rows that need not be there. */
static int
load_rows(GPtrArray **ret, struct site *site, const char *file,
    int (*read)(GPtrArray **, struct site_fault *, const char *, struct cairn_span))
{
	size_t bytes;
	int err;
	char *text = source_file(site->source, file, DOCUMENT_BYTES_MAX, &bytes, &err, site->fault);

	if (err == CAIRN_OK)
		err = read(ret, site->fault, file, (struct cairn_span){text, bytes});
	if (err == CAIRN_ERR_UNKNOWN) {
		*site->fault = (struct site_fault){0};
		err = CAIRN_OK;
	}
	free(text);
	if (*ret == NULL)
		*ret = g_ptr_array_new();
	return err;
}

int
model_open(struct site *site)
{
	int err;

	site->abouts = g_ptr_array_new();
	site->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	err = document_load(&site->conf, site->source, "site.md", site_keys, site_key_count, site->fault);
	if (err == CAIRN_OK)
		err = take_abouts(site);
	if (err == CAIRN_OK)
		err = choose_languages(site);
	if (err == CAIRN_OK)
		err = take_base(site);
	if (err == CAIRN_OK)
		err = take_desk(site);
	if (err == CAIRN_OK)
		err = load_folders(site);
	if (err == CAIRN_OK)
		err = figures_load(site);
	if (err == CAIRN_OK)
		err = proven_load(site);
	if (err == CAIRN_OK)
		err = load_rows(&site->addresses, site, "letters/addresses.csv", addresses_read);
	if (err == CAIRN_OK)
		err = load_rows(&site->gatherings, site, "gatherings.csv", gatherings_read);
	if (err == CAIRN_OK)
		err = issuers_load(&site->issuers, site->source, &site->conf->head, site->fault);
	if (err != CAIRN_OK)
		return err;
	take_titles(site);
	site->example = span_is(head_value(&site->conf->head, "example"), "yes");
	site->comments_open = span_is(head_value(&site->conf->head, "comments"), "yes") && site->desk.id[0] != '\0';
	for (size_t i = 0; err == CAIRN_OK && i < site->language_count; i++)
		err = prepare_templates(site, &site->languages[i]);
	return err;
}

/* ---- entries ---- */

const GPtrArray *
model_translations(const struct site *site, struct cairn_span id)
{
	char name[80];

	if (id.size == 0 || id.size >= sizeof name)
		return NULL;
	memcpy(name, id.text, id.size);
	name[id.size] = '\0';
	return g_hash_table_lookup(site->by_id, name);
}

struct entry *
model_entry(const struct site *site, struct cairn_span id, const struct language *language)
{
	const GPtrArray *all = model_translations(site, id);

	for (guint i = 0; all != NULL && i < all->len; i++) {
		struct entry *entry = all->pdata[i];

		if (entry->language == language)
			return entry;
	}
	return NULL;
}

static int
by_day(const void *a, const void *b)
{
	const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
	size_t bytes = x->id.size < y->id.size ? x->id.size : y->id.size;
	int order;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	order = memcmp(x->id.text, y->id.text, bytes);
	return order != 0 ? order : (x->id.size > y->id.size) - (x->id.size < y->id.size);
}

static int
add_entry(struct site *site, struct entry *entry)
{
	struct cairn_span lang = entry->lang.size == 0 ? text_of(site->languages[0].said->tag) : entry->lang;
	struct site_language *language = offered(site, lang);
	char *name;
	GPtrArray *all;

	entry->language = NULL;
	if (language == NULL ||
	    (entry->translated && entry->reviewed_by.size == 0 && !site->options->all_languages))
		return CAIRN_OK;
	if (model_entry(site, entry->id, language->said) != NULL)
		return fault_set(site->fault, CAIRN_ERR_CONFLICT, entry->file, 0, "another file is that entry in %s",
		    language->said->tag);
	entry->language = language->said;
	language->entries[language->count++] = entry;
	name = g_strndup(entry->id.text, entry->id.size);
	all = g_hash_table_lookup(site->by_id, name);
	if (all == NULL) {
		all = g_ptr_array_new();
		g_hash_table_insert(site->by_id, name, all);
	} else {
		g_free(name);
	}
	g_ptr_array_add(all, entry);
	return CAIRN_OK;
}

/* What others show of it. */
static void
make_card(struct entry *entry)
{
	struct key key;

	key_begin(&key, "card");
	key_span(&key, entry->id);
	key_span(&key, entry->title);
	key_span(&key, entry->date);
	key_span(&key, entry->summary);
	for (size_t i = 0; i < entry->tag_count; i++)
		key_span(&key, entry->tags[i]);
	key_end(&key, entry->card);
}

static void
tag_entries(struct site_language *language)
{
	GHashTable *tags = g_hash_table_new(g_str_hash, g_str_equal);

	for (size_t i = 0; i < language->count; i++)
		for (size_t j = 0; j < language->entries[i]->tag_count; j++) {
			struct cairn_span name = language->entries[i]->tags[j];
			char key[CAIRN_SLUG_MAX + 1];
			struct tag *tag;

			memcpy(key, name.text, name.size);
			key[name.size] = '\0';
			tag = g_hash_table_lookup(tags, key);
			if (tag == NULL) {
				tag = g_new0(struct tag, 1);
				tag->name = text_of(g_strdup(key));
				tag->entries = g_ptr_array_new();
				g_hash_table_insert(tags, (gpointer)(uintptr_t)tag->name.text, tag);
				g_ptr_array_add(language->tags, tag);
			}
			if (tag->entries->len == 0 ||
			    tag->entries->pdata[tag->entries->len - 1] != language->entries[i])
				g_ptr_array_add(tag->entries, language->entries[i]);
		}
	g_hash_table_destroy(tags);
}

static int
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp((*(struct tag *const *)a)->name.text, (*(struct tag *const *)b)->name.text);
}

static int
join_language(struct site *site, struct site_language *language)
{
	if (language->count > 1)
		qsort(language->entries, language->count, sizeof *language->entries, by_day);
	for (size_t i = 0; i < language->count; i++) {
		struct entry *entry = language->entries[i];

		entry->previous = i == 0 ? NULL : language->entries[i - 1];
		entry->next = i + 1 == language->count ? NULL : language->entries[i + 1];
		entry->parent = entry->up.size == 0 ? NULL : model_entry(site, entry->up, language->said);
		if (entry->parent == entry || (entry->up.size > 0 && model_translations(site, entry->up) == NULL))
			return fault_set(site->fault, CAIRN_ERR_FORMAT, entry->file, 0, "up names no other entry");
		if (entry->parent != NULL)
			entry->parent->has_children = true;
		make_card(entry);
	}
	tag_entries(language);
	g_ptr_array_sort(language->tags, by_name);
	return CAIRN_OK;
}

int
model_join(struct site *site)
{
	int err = CAIRN_OK;

	for (size_t i = 0; i < site->language_count; i++)
		site->languages[i].entries = g_new0(struct entry *, site->entry_count + 1);
	for (size_t i = 0; err == CAIRN_OK && i < site->entry_count; i++)
		err = add_entry(site, &site->entries[i]);
	for (size_t i = 0; err == CAIRN_OK && i < site->language_count; i++)
		err = join_language(site, &site->languages[i]);
	return err;
}

/* ---- the end ---- */

static void
free_list(gpointer key, gpointer list, gpointer data)
{
	(void)key;
	(void)data;
	g_ptr_array_free(list, TRUE);
}

static void
release_language(struct site_language *language)
{
	for (guint i = 0; i < language->tags->len; i++) {
		struct tag *tag = language->tags->pdata[i];

		g_ptr_array_free(tag->entries, TRUE);
		g_free((gpointer)(uintptr_t)tag->name.text);
		g_free(tag);
	}
	g_ptr_array_free(language->tags, TRUE);
	g_free(language->entries);
	for (size_t i = 0; i < SITE_TEMPLATES_MAX; i++)
		template_free(language->templates[i]);
}

void
model_release(struct site *site)
{
	GPtrArray *const lists[] = {site->claims, site->events, site->petitions, site->letters, site->gives,
	    site->counts,
	    site->comments, site->addresses, site->gatherings, site->issuers};

	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		if (lists[i] != NULL)
			g_ptr_array_free(lists[i], TRUE);
	for (size_t i = 0; i < site->language_count; i++)
		release_language(&site->languages[i]);
	for (size_t i = 0; i < site->entry_count; i++)
		entry_clear(&site->entries[i]);
	free(site->entries);
	for (guint i = 0; site->abouts != NULL && i < site->abouts->len; i++)
		document_free(site->abouts->pdata[i]);
	if (site->abouts != NULL)
		g_ptr_array_free(site->abouts, TRUE);
	if (site->by_id != NULL) {
		g_hash_table_foreach(site->by_id, free_list, NULL);
		g_hash_table_destroy(site->by_id);
	}
	if (site->card != NULL)
		g_bytes_unref(site->card);
	if (site->chain != NULL)
		g_bytes_unref(site->chain);
	document_free(site->conf);
	g_free(site->base);
}
