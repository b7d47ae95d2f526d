// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_PLAIN_MESSAGES_H
#define CAIRN_PLAIN_MESSAGES_H

#include "base/messages.h"

/* The languages of web/person/po. */
extern const struct language languages[]; /* sorted by tag */
extern const size_t language_count;

/* The index of the language, or that of English. all: those too that nobody reviewed. */
size_t language_find(struct cairn_span tag, bool all);

#endif
