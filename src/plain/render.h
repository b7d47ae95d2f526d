// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_PLAIN_RENDER_H
#define CAIRN_PLAIN_RENDER_H

#include <stddef.h>

#include "base/html.h"
#include "cairn/err.h"
#include "plain/messages.h"

/*
 * HTML out of the templates in *.html: [[English]] there is said in the person's language, {name} is a value. A
 * screen is head.html, the screen's own file and foot.html.
 */
struct templates;

/* All of a folder, read into memory. CAIRN_ERR_IO: one is missing. */
CAIRN_NODISCARD int templates_load(struct templates **ret, const char *folder);
void templates_free(struct templates *templates);

/*
 * Fills *ret with *ret_bytes of HTML, packed by gzip or not, padded to one of few sizes; g_free() it.
 * CAIRN_ERR_FORMAT: a template or a message that cannot be filled in; CAIRN_ERR_SPACE: longer than the largest.
 */
CAIRN_NODISCARD int render(char **ret, size_t *ret_bytes, const struct templates *templates,
    const struct language *language, const char *screen, struct values *values, bool packed);

#endif
