// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/document.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "cairn/campaign.h"
#include "site/fault.h"
#include "site/proven.h"
#include "site/svg.h"
#include "site/text.h"

#define ITEM_TEXT_MAX 20000U

/* ---- files ---- */

static char *
read_open(int fd, size_t most, size_t *ret_bytes)
{
	struct stat st;
	char *text;
	ssize_t got;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < 0 || (uint64_t)st.st_size > most)
		return NULL;
	text = malloc((size_t)st.st_size + 1);
	if (text == NULL)
		return NULL;
	got = st.st_size == 0 ? 0 : read(fd, text, (size_t)st.st_size);
	if (got != st.st_size) {
		free(text);
		return NULL;
	}
	text[got] = '\0';
	*ret_bytes = (size_t)got;
	return text;
}

char *
source_file(int folder, const char *file, size_t most, size_t *ret_bytes, int *ret_err, struct site_fault *fault)
{
	int fd = openat(folder, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char *text;

	*ret_bytes = 0;
	*ret_err = CAIRN_OK;
	if (fd < 0 && errno == ENOENT) {
		*ret_err = fault_set(fault, CAIRN_ERR_UNKNOWN, file, 0, "is not there");
		return NULL;
	}
	text = fd < 0 ? NULL : read_open(fd, most, ret_bytes);
	if (text == NULL)
		*ret_err = fault_set(fault, CAIRN_ERR_IO, file, 0,
		    "cannot be read, is no plain file, or is too long");
	if (fd >= 0)
		close(fd);
	return text;
}

static int
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *
source_names(int source, const char *folder, const char *ending)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	int fd = openat(source, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' && g_str_has_suffix(entry->d_name, ending))
			g_ptr_array_add(names, g_strdup(entry->d_name));
	if (dir != NULL)
		closedir(dir);
	g_ptr_array_sort(names, by_name);
	return names;
}

/* ---- texts ---- */

static struct cairn_span
stem(const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *name = slash == NULL ? file : slash + 1;

	return (struct cairn_span){name, strcspn(name, ".")};
}

int
document_load(struct document **ret, int source, const char *file, const struct head_key *keys, size_t key_count,
    struct site_fault *fault)
{
	struct document *d = g_new0(struct document, 1);
	size_t bytes;
	int err;

	*ret = NULL;
	d->file = g_strdup(file);
	d->text = source_file(source, file, DOCUMENT_BYTES_MAX, &bytes, &err, fault);
	if (err == CAIRN_OK)
		err = head_read(&d->head, fault, d->file, (struct cairn_span){d->text, bytes}, keys, key_count);
	if (err != CAIRN_OK) {
		document_free(d);
		return err;
	}
	crypto_generichash(d->hash, sizeof d->hash, (const uint8_t *)d->text, bytes, NULL, 0);
	d->lang = head_value(&d->head, "lang");
	d->id = head_value(&d->head, "translation-of");
	if (d->id.size == 0)
		d->id = stem(d->file);
	*ret = d;
	return CAIRN_OK;
}

void
document_free(struct document *d)
{
	if (d == NULL)
		return;
	g_free(d->file);
	free(d->text);
	g_free(d);
}

static void
free_document(gpointer d)
{
	document_free(d);
}

int
documents_load(GPtrArray **ret, int source, const char *folder, const struct head_key *keys, size_t key_count,
    struct site_fault *fault)
{
	GPtrArray *names = source_names(source, folder, ".md");
	int err = CAIRN_OK;

	*ret = g_ptr_array_new_with_free_func(free_document);
	for (guint i = 0; err == CAIRN_OK && i < names->len; i++) {
		char *file = g_strdup_printf("%s/%s", folder, (char *)names->pdata[i]);
		struct document *d;

		err = document_load(&d, source, file, keys, key_count, fault);
		if (err == CAIRN_OK && !cairn_slug_ok(d->id))
			err = fault_set(fault, CAIRN_ERR_FORMAT, file, 0, "a name is a-z, 0-9 and hyphens");
		if (d != NULL)
			g_ptr_array_add(*ret, d);
		g_free(file);
	}
	g_ptr_array_free(names, TRUE);
	return err;
}

/* ---- JSON ---- */

struct cairn_span
json_said(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return (struct cairn_span){json_is_string(value) ? json_string_value(value) : "", json_string_length(value)};
}

static const struct json_field *
field_of(const struct json_field *fields, const char *name)
{
	for (; fields->name != NULL; fields++)
		if (strcmp(fields->name, name) == 0)
			return fields;
	return NULL;
}

static bool object_ok(const json_t *object, const struct json_field *fields, const char **ret_where);

static bool
texts_ok(const json_t *array)
{
	size_t i;
	json_t *value;

	json_array_foreach(array, i, value)
		if (!json_is_string(value) || json_string_length(value) > ITEM_TEXT_MAX)
			return false;
	return json_is_array(array);
}

static bool
objects_ok(const json_t *array, const struct json_field *fields, const char **ret_where)
{
	size_t i;
	json_t *value;

	json_array_foreach(array, i, value)
		if (!object_ok(value, fields, ret_where))
			return false;
	return json_is_array(array);
}

static bool
value_ok(const json_t *value, const struct json_field *field, const char **ret_where)
{
	struct cairn_span text = {json_string_value(value), json_string_length(value)};

	switch (field->kind) {
	case 's':
		return json_is_string(value) && text.size > 0 && text.size <= ITEM_TEXT_MAX;
	case 'd':
		return json_is_string(value) && text_is_day(text, NULL);
	case 'w':
		return json_is_string(value) && text_is_web(text);
	case 'g':
		return json_is_string(value) && cairn_slug_ok(text);
	case 'n':
		return json_is_integer(value) && json_integer_value(value) >= 0;
	case 'b':
		return json_is_boolean(value);
	case 't':
		return texts_ok(value);
	default:
		return objects_ok(value, field->fields, ret_where);
	}
}

static bool
object_ok(const json_t *object, const struct json_field *fields, const char **ret_where)
{
	const char *name;
	json_t *value;

	if (!json_is_object(object))
		return false;
	json_object_foreach((json_t *)(uintptr_t)object, name, value) {
		const struct json_field *field = field_of(fields, name);

		*ret_where = name;
		if (field == NULL || !value_ok(value, field, ret_where))
			return false;
	}
	for (; fields->name != NULL; fields++) {
		*ret_where = fields->name;
		if (fields->needed && json_object_get(object, fields->name) == NULL)
			return false;
	}
	return true;
}

static void
free_item(gpointer what)
{
	struct item *item = what;

	g_free(item->file);
	g_free(item->id);
	g_free(item->picture);
	proven_free(item->proven);
	json_decref(item->json);
	g_free(item);
}

static int
load_json(struct item *item, int source, const struct json_field *fields, struct site_fault *fault)
{
	const char *where = "";
	json_error_t error;
	size_t bytes;
	int err;
	char *text = source_file(source, item->file, DOCUMENT_BYTES_MAX, &bytes, &err, fault);

	if (err != CAIRN_OK)
		return err;
	crypto_generichash(item->hash, sizeof item->hash, (const uint8_t *)text, bytes, NULL, 0);
	item->json = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error);
	free(text);
	if (item->json == NULL)
		return fault_set(fault, CAIRN_ERR_FORMAT, item->file, (unsigned)error.line, "%s", error.text);
	if (!object_ok(item->json, fields, &where))
		return fault_set(fault, CAIRN_ERR_FORMAT, item->file, 0,
		    "\"%.60s\" is missing, unknown here, or not what it should be", where);
	return CAIRN_OK;
}

static int
load_picture(struct item *item, int source, const char *folder, struct site_fault *fault)
{
	char *file = g_strdup_printf("%s/%s.svg", folder, item->id);
	struct key key;
	size_t bytes;
	int err;
	char *text = source_file(source, file, DOCUMENT_BYTES_MAX, &bytes, &err, fault);

	if (err == CAIRN_OK) {
		GString *clean = g_string_new(NULL);

		err = svg_clean(clean, (struct cairn_span){text, bytes});
		if (err != CAIRN_OK)
			err = fault_set(fault, err, file, 0, "is not a drawing that may stand in a page");
		item->picture = g_string_free(clean, FALSE);
		key_begin(&key, "drawing");
		key_bytes(&key, item->hash, sizeof item->hash);
		key_span(&key, text_of(item->picture));
		key_end(&key, item->hash);
	}
	free(text);
	g_free(file);
	if (err != CAIRN_ERR_UNKNOWN)
		return err;
	*fault = (struct site_fault){0};
	return CAIRN_OK;
}

int
items_load(GPtrArray **ret, int source, const char *folder, const struct json_field *fields, struct site_fault *fault)
{
	GPtrArray *names = source_names(source, folder, ".json");
	int err = CAIRN_OK;

	*ret = g_ptr_array_new_with_free_func(free_item);
	for (guint i = 0; err == CAIRN_OK && i < names->len; i++) {
		const char *name = names->pdata[i];
		struct item *item = g_new0(struct item, 1);

		g_ptr_array_add(*ret, item);
		item->id = g_strndup(name, strlen(name) - strlen(".json"));
		item->file = g_strdup_printf("%s/%s", folder, name);
		if (!cairn_slug_ok(text_of(item->id)))
			err = fault_set(fault, CAIRN_ERR_FORMAT, item->file, 0, "a name is a-z, 0-9 and hyphens");
		if (err == CAIRN_OK)
			err = load_json(item, source, fields, fault);
		if (err == CAIRN_OK)
			err = load_picture(item, source, folder, fault);
	}
	g_ptr_array_free(names, TRUE);
	return err;
}

struct item *
item_find(const GPtrArray *items, struct cairn_span id)
{
	for (guint i = 0; i < items->len; i++) {
		struct item *item = items->pdata[i];

		if (span_is(id, item->id))
			return item;
	}
	return NULL;
}
