// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_INDEPENDENCE_WORDS_H
#define CAIRN_CLI_INDEPENDENCE_WORDS_H

#include "record/independence.h"

/* The figures of a claim, for people, on stdout. apart may be NULL: nothing may be one. */
void independence_words(const struct reliance *graph, const struct independence *found,
    const struct independence *apart);

#endif
