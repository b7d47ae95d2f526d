// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/html.h"

#include <stdint.h>
#include <string.h>

#define FILLED_BYTES 8192U /* most pages fit, and nothing is copied to grow */

/* ---- values ---- */

struct values {
	CtplEnviron *environ;
	GHashTable *lists; /* name to CtplValue, copied into environ when rendered */
	bool listed;       /* they are there as they are now */
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

void
html_escape(GString *out, struct cairn_span text)
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

	html_escape(out, text);
	ctpl_environ_push_string(v->environ, name, out->str);
	g_string_free(out, TRUE);
}

void
values_html(struct values *v, const char *name, const GString *html)
{
	ctpl_environ_push_string(v->environ, name, html->str);
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
	v->listed = false;
	g_hash_table_replace(v->lists, (gpointer)(uintptr_t)name, list);
}

void
values_row(struct values *v, const char *name, const struct cairn_span *cells, size_t count)
{
	CtplValue *list = g_hash_table_lookup(v->lists, name);
	CtplValue row;

	v->listed = false;
	ctpl_value_init(&row);
	ctpl_value_set_array(&row, CTPL_VTYPE_STRING, 0, NULL);
	for (size_t i = 0; i < count; i++) {
		GString *out = g_string_new(NULL);

		html_escape(out, cells[i]);
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

/* ---- templates ---- */

struct template {
	CtplToken *tree;
};

/* [[English]] becomes what is said for it. */
static void
translate(GString *out, const char *text, const struct language *language)
{
	const char *open, *close;

	while ((open = strstr(text, "[[")) != NULL && (close = strstr(open, "]]")) != NULL) {
		struct cairn_span english = {open + 2, (size_t)(close - open) - 2};

		g_string_append_len(out, text, open - text);
		html_escape(out, message_in(language, english));
		text = close + 2;
	}
	g_string_append(out, text);
}

int
template_new(struct template **ret, const char *text, const struct language *language)
{
	GString *said = g_string_new(NULL);
	struct template *t = g_new0(struct template, 1);
	GError *error = NULL;

	*ret = NULL;
	translate(said, text, language);
	t->tree = ctpl_lexer_lex_string(said->str, &error);
	g_string_free(said, TRUE);
	if (error != NULL)
		g_error_free(error);
	if (t->tree == NULL) {
		template_free(t);
		return CAIRN_ERR_FORMAT;
	}
	*ret = t;
	return CAIRN_OK;
}

void
template_free(struct template *t)
{
	if (t != NULL && t->tree != NULL)
		ctpl_token_free(t->tree);
	g_free(t);
}

int
template_fill(GString *out, const struct template *t, struct values *v)
{
	GOutputStream *memory = g_memory_output_stream_new(g_malloc(FILLED_BYTES), FILLED_BYTES, g_realloc, g_free);
	CtplOutputStream *stream = ctpl_output_stream_new(memory);
	GMemoryOutputStream *filled = G_MEMORY_OUTPUT_STREAM(memory);
	GError *error = NULL;
	gboolean done;

	if (!v->listed)
		g_hash_table_foreach(v->lists, push_list, v->environ);
	v->listed = true;
	done = ctpl_parser_parse(t->tree, v->environ, stream, &error);
	if (error != NULL)
		g_error_free(error);
	ctpl_output_stream_unref(stream);
	if (done)
		g_string_append_len(out, g_memory_output_stream_get_data(filled),
		    (gssize)g_memory_output_stream_get_data_size(filled));
	g_object_unref(memory);
	return done ? CAIRN_OK : CAIRN_ERR_FORMAT;
}
