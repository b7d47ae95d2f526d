// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain/render.h"

#include <stdint.h>
#include <string.h>

#include "base/plain_wire.h"

/* The screens, each a file; the first two stand around all others. */
static const char *const names[] = {
    "head",
    "foot",
    "again",
    "before",
    "begin",
    "clock",
    "enter",
    "expired",
    "further",
    "news",
    "sent",
    "trouble",
    "wait",
    "which",
    "words",
    "write",
};
#define COUNT (sizeof(names) / sizeof(names[0]))
enum { HEAD,
	FOOT };

/* What an answer's length can be: so it tells little of what is in it. */
static const size_t sizes[] = {8000, 16000, 48000, PLAIN_HTML_MAX};

struct templates {
	gchar *text[COUNT];
};

int
templates_load(struct templates **ret, const char *folder)
{
	struct templates *t = g_new0(struct templates, 1);

	*ret = NULL;
	for (size_t i = 0; i < COUNT; i++) {
		gchar *path = g_strdup_printf("%s/%s.html", folder, names[i]);
		gboolean read = g_file_get_contents(path, &t->text[i], NULL, NULL);

		g_free(path);
		if (!read) {
			templates_free(t);
			return CAIRN_ERR_IO;
		}
	}
	*ret = t;
	return CAIRN_OK;
}

void
templates_free(struct templates *t)
{
	for (size_t i = 0; t != NULL && i < COUNT; i++)
		g_free(t->text[i]);
	g_free(t);
}

/* ---- values ---- */

struct values {
	CtplEnviron *environ;
	GHashTable *lists; /* name to CtplValue, put into environ when rendered */
};

static void
free_value(gpointer value)
{
	ctpl_value_free(value);
}

struct values *
values_new(void)
{
	struct values *v = g_new0(struct values, 1);

	v->environ = ctpl_environ_new();
	v->lists = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_value);
	return v;
}

void
values_free(struct values *v)
{
	if (v == NULL)
		return;
	ctpl_environ_unref(v->environ);
	g_hash_table_destroy(v->lists);
	g_free(v);
}

static void
escape(GString *out, struct cairn_span text)
{
	for (size_t i = 0; i < text.size; i++) {
		switch (text.text[i]) {
		case '&':
			g_string_append(out, "&amp;");
			break;
		case '<':
			g_string_append(out, "&lt;");
			break;
		case '>':
			g_string_append(out, "&gt;");
			break;
		case '"':
			g_string_append(out, "&quot;");
			break;
		case '\'':
			g_string_append(out, "&#39;");
			break;
		default:
			g_string_append_c(out, text.text[i]);
		}
	}
}

void
values_text(struct values *v, const char *name, struct cairn_span text)
{
	GString *out = g_string_sized_new(text.size + 16);

	escape(out, text);
	ctpl_environ_push_string(v->environ, name, out->str);
	g_string_free(out, TRUE);
}

void
values_string(struct values *v, const char *name, const char *text)
{
	values_text(v, name, (struct cairn_span){text, strlen(text)});
}

void
values_flag(struct values *v, const char *name, bool flag)
{
	ctpl_environ_push_int(v->environ, name, flag);
}

void
values_list(struct values *v, const char *name)
{
	CtplValue *list = ctpl_value_new();

	ctpl_value_set_array(list, CTPL_VTYPE_STRING, 0, NULL);
	g_hash_table_replace(v->lists, (gpointer)(uintptr_t)name, list);
}

void
values_row(struct values *v, const char *name, const struct cairn_span *cells, size_t count)
{
	CtplValue *list = g_hash_table_lookup(v->lists, name);
	CtplValue row;

	ctpl_value_init(&row);
	ctpl_value_set_array(&row, CTPL_VTYPE_STRING, 0, NULL);
	for (size_t i = 0; i < count; i++) {
		GString *out = g_string_new(NULL);

		escape(out, cells[i]);
		ctpl_value_array_append_string(&row, out->str);
		g_string_free(out, TRUE);
	}
	if (list != NULL)
		ctpl_value_array_append(list, &row);
	ctpl_value_free_value(&row);
}

static void
push_list(gpointer name, gpointer list, gpointer values)
{
	ctpl_environ_push(values, name, list);
}

/* ---- rendering ---- */

/* [[English]] becomes what is said for it. */
static void
translate(GString *out, const char *text, const struct language *language)
{
	const char *open, *close;

	while ((open = strstr(text, "[[")) != NULL && (close = strstr(open, "]]")) != NULL) {
		struct cairn_span english = {open + 2, (size_t)(close - open) - 2};

		g_string_append_len(out, text, open - text);
		escape(out, message_in(language, english));
		text = close + 2;
	}
	g_string_append(out, text);
}

static const char *
text_of(const struct templates *t, const char *screen)
{
	for (size_t i = 0; i < COUNT; i++)
		if (strcmp(names[i], screen) == 0)
			return t->text[i];
	return "";
}

static GOutputStream *
fill(const char *text, const struct values *v)
{
	GOutputStream *memory = g_memory_output_stream_new_resizable();
	CtplOutputStream *out = ctpl_output_stream_new(memory);
	GError *error = NULL;
	CtplToken *tree = ctpl_lexer_lex_string(text, &error);
	gboolean done = tree != NULL && ctpl_parser_parse(tree, v->environ, out, &error);

	if (error != NULL)
		g_error_free(error);
	if (tree != NULL)
		ctpl_token_free(tree);
	ctpl_output_stream_unref(out);
	if (done)
		return memory;
	g_object_unref(memory);
	return NULL;
}

static int
pad(char **ret, size_t *ret_bytes, const char *html, size_t bytes)
{
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		if (bytes > sizes[i])
			continue;
		*ret = g_malloc(sizes[i]);
		*ret_bytes = sizes[i];
		memcpy(*ret, html, bytes);
		memset(*ret + bytes, '\n', sizes[i] - bytes);
		return CAIRN_OK;
	}
	return CAIRN_ERR_SPACE;
}

int
render(char **ret, size_t *ret_bytes, const struct templates *t, const struct language *language, const char *screen,
    const struct values *v)
{
	GString *text = g_string_new(NULL);
	GOutputStream *out;
	int err = CAIRN_ERR_FORMAT;

	*ret = NULL;
	translate(text, t->text[HEAD], language);
	translate(text, text_of(t, screen), language);
	translate(text, t->text[FOOT], language);
	g_hash_table_foreach(v->lists, push_list, v->environ);
	out = fill(text->str, v);
	g_string_free(text, TRUE);
	if (out != NULL) {
		GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM(out);

		err = pad(ret, ret_bytes, g_memory_output_stream_get_data(memory),
		    g_memory_output_stream_get_data_size(memory));
		g_object_unref(out);
	}
	return err;
}
