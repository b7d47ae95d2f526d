// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SPAN_H
#define CAIRN_SPAN_H

#include <stddef.h>

/*
 * A view of text that somebody else owns: not ended by a zero, valid as long as what it looks into.
 * Print with printf("%.*s", (int)s.size, s.text).
 */
struct cairn_span {
	const char *text;
	size_t size;
};

#endif
