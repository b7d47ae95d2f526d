// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/markdown.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmark.h>

#include "site/text.h"

#define HEADING_MAX 6

/* A path within the site has no scheme, no host, and goes nowhere above where it is. */
static bool
is_path(struct cairn_span url)
{
	if (url.size == 0 || url.text[0] == '/' || url.text[0] == '.')
		return false;
	for (size_t i = 0; i < url.size; i++) {
		char c = url.text[i];

		if (c <= ' ' || c > '~' || c == ':' || c == '\\')
			return false;
	}
	return memmem(url.text, url.size, "..", 2) == NULL;
}

static bool
link_ok(const char *url)
{
	struct cairn_span span = text_of(url);

	return url[0] == '#' || text_is_web(span) || is_path(span) ||
	    (text_starts(span, "mailto:") && strpbrk(url, " \t\r\n\"<>") == NULL);
}

static bool
picture_ok(const char *url)
{
	return strncmp(url, "files/", 6) == 0 && is_path(text_of(url));
}

/* What stands in it takes its place. */
static void
unwrap(cmark_node *node)
{
	cmark_node *child;

	while ((child = cmark_node_first_child(node)) != NULL)
		if (cmark_node_insert_before(node, child) == 0)
			break;
	cmark_node_free(node);
}

static void
from_root(cmark_node *node, const char *root, const char *url)
{
	char *whole = g_strconcat(root, url, NULL);

	(void)cmark_node_set_url(node, whole);
	g_free(whole);
}

/* Links within the site, where the text is shown elsewhere: of the page itself, and of what lies beside it. */
static void
from_page(cmark_node *node, const char *page, const char *url)
{
	const char *slash = strrchr(page, '/');
	char *folder = g_strndup(page, slash == NULL ? 0 : (size_t)(slash + 1 - page));

	if (url[0] == '#')
		from_root(node, page, url);
	else if (is_path(text_of(url)))
		from_root(node, folder, url);
	g_free(folder);
}

/* false: the node is gone. */
static bool
clean(cmark_node *node, const char *root, const char *page)
{
	const char *url = cmark_node_get_url(node);

	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_HTML_BLOCK:
	case CMARK_NODE_HTML_INLINE:
		cmark_node_free(node);
		return false;
	case CMARK_NODE_HEADING:
		if (cmark_node_get_heading_level(node) < HEADING_MAX)
			(void)cmark_node_set_heading_level(node, cmark_node_get_heading_level(node) + 1);
		return true;
	case CMARK_NODE_LINK:
		if (url != NULL && strncmp(url, "files/", 6) == 0 && picture_ok(url))
			from_root(node, root, url);
		else if (url == NULL || !link_ok(url)) {
			unwrap(node);
			return false;
		} else if (page != NULL)
			from_page(node, page, url);
		return true;
	case CMARK_NODE_IMAGE:
		if (url != NULL && picture_ok(url)) {
			from_root(node, root, url);
			return true;
		}
		unwrap(node);
		return false;
	default:
		return true;
	}
}

/* On the way out of a node all that is in it was seen, and it may be taken away. */
static void
clean_all(cmark_node *document, const char *root, const char *page)
{
	cmark_iter *iter = cmark_iter_new(document);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(node);
		bool leaf = type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE;

		if (event == CMARK_EVENT_EXIT || leaf)
			(void)clean(node, root, page);
	}
	cmark_iter_free(iter);
}

static void
collect_words(GString *plain, cmark_node *document)
{
	cmark_iter *iter = cmark_iter_new(document);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(node);
		const char *text = event == CMARK_EVENT_ENTER ? cmark_node_get_literal(node) : NULL;

		if (text != NULL)
			g_string_append(plain, text);
		/* Blocks and lines end words; marks within a line do not. */
		if (event == CMARK_EVENT_EXIT || type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK ||
		    type == CMARK_NODE_CODE_BLOCK)
			if (type < CMARK_NODE_FIRST_INLINE || type == CMARK_NODE_SOFTBREAK ||
			    type == CMARK_NODE_LINEBREAK)
				g_string_append_c(plain, '\n');
	}
	cmark_iter_free(iter);
}

/* HTML's own way for elements without content. cmark writes no other " />": text and attributes have &gt;. */
static void
append_html(GString *html, const char *made)
{
	const char *end;

	while ((end = strstr(made, " />")) != NULL) {
		g_string_append_len(html, made, end - made);
		g_string_append_c(html, '>');
		made = end + 3;
	}
	g_string_append(html, made);
}

int
markdown_render(GString *html, GString *plain, struct cairn_span text, const char *root)
{
	return markdown_render_elsewhere(html, plain, text, root, NULL);
}

int
markdown_render_elsewhere(GString *html, GString *plain, struct cairn_span text, const char *root, const char *page)
{
	cmark_node *document = cmark_parse_document(text.text, text.size, CMARK_OPT_VALIDATE_UTF8);
	char *made;

	if (document == NULL)
		return CAIRN_ERR_NOMEM;
	clean_all(document, root, page);
	if (plain != NULL)
		collect_words(plain, document);
	if (html != NULL) {
		made = cmark_render_html(document, CMARK_OPT_DEFAULT);
		append_html(html, made);
		free(made);
	}
	cmark_node_free(document);
	return CAIRN_OK;
}
