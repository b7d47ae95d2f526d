// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_WORDS_H
#define CAIRN_SITE_WORDS_H

#include <glib.h>

#include "cairn/span.h"

/*
 * Words as the search takes them, here and in web/site/src/words.ts alike: NFC, lower case, runs of letters, marks
 * and digits of 2 to WORD_MAX bytes. Appends each once, in the order in which they first stand there, a newline
 * behind each.
 */
#define WORD_MAX 60U

void words_of(GString *out, struct cairn_span text);

#endif
