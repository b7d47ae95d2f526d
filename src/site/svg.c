// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/svg.h"

#include <stdbool.h>
#include <string.h>

static const char *const elements[] = {"circle", "defs", "desc", "ellipse", "g", "line", "marker", "path", "polygon",
    "polyline", "rect", "svg", "text", "title", "tspan"};
static const char *const attributes[] = {"aria-hidden", "aria-label", "aria-labelledby", "class", "cx", "cy", "d",
    "dominant-baseline", "dx", "dy", "fill", "fill-opacity", "font-family", "font-size", "font-style", "font-weight",
    "height", "id", "marker-end", "marker-start", "markerHeight", "markerUnits", "markerWidth", "orient", "points",
    "preserveAspectRatio", "r", "refX", "refY", "role", "rx", "ry", "stroke", "stroke-dasharray", "stroke-linecap",
    "stroke-linejoin", "stroke-width", "text-anchor", "transform", "viewBox", "width", "x", "x1", "x2", "xml:lang",
    "xmlns", "y", "y1", "y2"};

struct cleaning {
	GString *out;
	unsigned skipped; /* how deep within an element that is left out */
	unsigned depth;
	bool svg;         /* the outermost is one */
};

static bool
in(const char *const *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], name) == 0)
			return true;
	return false;
}

/* "url(#arrow)" is of the drawing itself; every other address, however it is written, leads out of it. */
static bool
value_ok(const char *value)
{
	const char *url = strcasestr(value, "url(");

	return strchr(value, '\\') == NULL &&
	    (url == NULL || (url == value && url[4] == '#' && strcasestr(url + 4, "url(") == NULL));
}

static void
on_start(GMarkupParseContext *context, const char *name, const char **names, const char **values, gpointer data,
    GError **error)
{
	struct cleaning *c = data;

	(void)context;
	(void)error;
	if (c->depth++ == 0)
		c->svg = strcmp(name, "svg") == 0;
	if (c->skipped > 0 || !in(elements, G_N_ELEMENTS(elements), name)) {
		c->skipped++;
		return;
	}
	g_string_append_printf(c->out, "<%s", name);
	for (size_t i = 0; names[i] != NULL; i++) {
		char *text;

		if (!in(attributes, G_N_ELEMENTS(attributes), names[i]) || !value_ok(values[i]) ||
		    strcmp(names[i], "xmlns") == 0)
			continue;
		text = g_markup_escape_text(values[i], -1);
		g_string_append_printf(c->out, " %s=\"%s\"", names[i], text);
		g_free(text);
	}
	g_string_append_c(c->out, '>');
}

static void
on_end(GMarkupParseContext *context, const char *name, gpointer data, GError **error)
{
	struct cleaning *c = data;

	(void)context;
	(void)error;
	c->depth--;
	if (c->skipped > 0)
		c->skipped--;
	else
		g_string_append_printf(c->out, "</%s>", name);
}

static void
on_text(GMarkupParseContext *context, const char *text, gsize bytes, gpointer data, GError **error)
{
	struct cleaning *c = data;
	char *escaped;

	(void)context;
	(void)error;
	if (c->skipped > 0)
		return;
	escaped = g_markup_escape_text(text, (gssize)bytes);
	g_string_append(c->out, escaped);
	g_free(escaped);
}

int
svg_clean(GString *out, struct cairn_span text)
{
	static const GMarkupParser parser = {.start_element = on_start, .end_element = on_end, .text = on_text};
	struct cleaning c = {.out = out};
	GMarkupParseContext *context = g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &c, NULL);
	gboolean good = g_markup_parse_context_parse(context, text.text, (gssize)text.size, NULL) &&
	    g_markup_parse_context_end_parse(context, NULL);

	g_markup_parse_context_free(context);
	return good && c.svg ? CAIRN_OK : CAIRN_ERR_FORMAT;
}
