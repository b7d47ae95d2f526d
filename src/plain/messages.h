// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_PLAIN_MESSAGES_H
#define CAIRN_PLAIN_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "cairn/span.h"

/*
 * What is said, in the languages of web/person/po: English is the key, and stands for itself where nothing better is
 * known. The tables are made by scripts/po-c.mjs.
 */
struct message {
	const char *english;
	const char *said;
};

struct language {
	const char *tag;
	const char *name;
	bool reviewed; /* by a native speaker */
	bool right_to_left;
	const struct message *messages; /* sorted by their bytes */
	size_t count;
};

/* Marks English that is looked up somewhere: what translators must have (tests/browser/messages.mjs). */
#define N_(english) english

extern const struct language languages[]; /* sorted by tag */
extern const size_t language_count;

/* The index of the language, or that of English. all: those too that nobody reviewed. */
size_t language_find(struct cairn_span tag, bool all);
bool language_offered(const struct language *language, bool all);

struct cairn_span message_in(const struct language *language, struct cairn_span english);

#endif
