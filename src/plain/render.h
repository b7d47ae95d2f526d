// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_PLAIN_RENDER_H
#define CAIRN_PLAIN_RENDER_H

#include <ctpl/ctpl.h>

#include "cairn/err.h"
#include "cairn/span.h"
#include "plain/messages.h"

/*
 * HTML out of the templates in *.html: [[English]] there is said in the person's language, {name} is a value. A
 * screen is head.html, the screen's own file and foot.html.
 */
struct templates;

/* All of a folder, read into memory. CAIRN_ERR_IO: one is missing. */
CAIRN_NODISCARD int templates_load(struct templates **ret, const char *folder);
void templates_free(struct templates *templates);

/* Values of one screen. Every one is escaped for HTML here, and nowhere else. */
struct values;

struct values *values_new(void);
void values_free(struct values *values);
void values_text(struct values *values, const char *name, struct cairn_span text);
void values_string(struct values *values, const char *name, const char *text);
void values_flag(struct values *values, const char *name, bool flag);
/* One more row of a list; a list that got none is empty. */
void values_list(struct values *values, const char *name);
void values_row(struct values *values, const char *name, const struct cairn_span *cells, size_t count);

/*
 * Fills *ret with *ret_bytes of HTML, padded to one of few sizes; g_free() it. CAIRN_ERR_FORMAT: a template or a
 * message that cannot be filled in; CAIRN_ERR_SPACE: longer than the largest.
 */
CAIRN_NODISCARD int render(char **ret, size_t *ret_bytes, const struct templates *templates,
    const struct language *language, const char *screen, const struct values *values);

#endif
