// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_BASE_MESSAGES_H
#define CAIRN_BASE_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "cairn/span.h"

/*
 * What is said, in several languages: English is the key, and stands for itself where nothing better is known. The
 * tables are made by scripts/po-c.mjs out of catalogues, one list for each room that speaks.
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

bool language_offered(const struct language *language, bool all);

struct cairn_span message_in(const struct language *language, struct cairn_span english);

#endif
