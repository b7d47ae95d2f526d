// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain/render.h"

#include <string.h>

#include "plain/pad.h"

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

/* ---- rendering ---- */

static const char *
text_of(const struct templates *t, const char *screen)
{
	for (size_t i = 0; i < COUNT; i++)
		if (strcmp(names[i], screen) == 0)
			return t->text[i];
	return "";
}

int
render(char **ret, size_t *ret_bytes, const struct templates *t, const struct language *language, const char *screen,
    struct values *v, bool packed)
{
	const struct padding padding = {packed, strcmp(screen, "news") == 0};
	char *text = g_strconcat(t->text[HEAD], text_of(t, screen), t->text[FOOT], NULL);
	GString *html = g_string_new(NULL);
	struct template *template;
	int err = template_new(&template, text, language);

	*ret = NULL;
	g_free(text);
	if (err == CAIRN_OK)
		err = template_fill(html, template, v);
	if (err == CAIRN_OK)
		err = pad_answer(ret, ret_bytes, html->str, html->len, &padding);
	template_free(template);
	g_string_free(html, TRUE);
	return err;
}
