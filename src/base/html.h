// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_BASE_HTML_H
#define CAIRN_BASE_HTML_H

#include <stdbool.h>

#include <ctpl/ctpl.h>

#include "base/messages.h"
#include "cairn/err.h"
#include "cairn/span.h"

/* HTML out of templates (ctpl): [[English]] is said in a language, {name} is a value. Native alone. */

/* Text as it may stand between tags and in attributes that have quotes. */
void html_escape(GString *out, struct cairn_span text);

/* Values of one page. Every one is escaped for HTML here, and nowhere else, but for values_html(). */
struct values;

struct values *values_new(void);
void values_free(struct values *values);
void values_text(struct values *values, const char *name, struct cairn_span text);
void values_string(struct values *values, const char *name, const char *text);
void values_flag(struct values *values, const char *name, bool flag);
/* As it stands: made by this program out of what was escaped. */
void values_html(struct values *values, const char *name, const GString *html);
/* One more row of a list; a list that got none is empty. */
void values_list(struct values *values, const char *name);
void values_row(struct values *values, const char *name, const struct cairn_span *cells, size_t count);

/* A text with its messages said in a language, ready to be filled in many times, by many threads at once. */
struct template;

/* CAIRN_ERR_FORMAT: it is no template. */
CAIRN_NODISCARD int template_new(struct template **ret, const char *text, const struct language *language);
void template_free(struct template *t);
/* Appends to out. CAIRN_ERR_FORMAT: it names a value that is not there; out may then have a part of it. */
CAIRN_NODISCARD int template_fill(GString *out, const struct template *t, struct values *values);

#endif
