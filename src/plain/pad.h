// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_PLAIN_PAD_H
#define CAIRN_PLAIN_PAD_H

#include <stdbool.h>
#include <stddef.h>

#include "cairn/err.h"

/*
 * What an answer's length can be: one of few, so that it tells little of what is in it. Where the browser takes
 * gzip, it is packed first and padded then: the length that goes over the line is what counts.
 */
struct padding {
	bool packed;
	bool wide; /* a screen whose content is secret: the least is more, so that what is usual looks like nothing */
};

/* *ret_bytes in *ret, g_free() it. CAIRN_ERR_SPACE: longer than the largest. */
CAIRN_NODISCARD int pad_answer(
    char **ret, size_t *ret_bytes, const char *html, size_t bytes, const struct padding *padding);

#endif
