// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_VOCABULARY_H
#define CAIRN_RECORD_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/span.h"

/* The controlled vocabularies of data/vocabulary, compiled in. */

#define RECORD_CODE_MAX 12U

struct record_term {
	const char *code;
	const char *term;
};

struct record_vocabulary {
	uint16_t number;
	const char *name;
	const struct record_term *terms; /* sorted by code; a parent's code begins its children's */
	size_t count;
};

extern const struct record_vocabulary record_vocabularies[];
extern const size_t record_vocabulary_count;

/* NULL where there is no such list. name may also be its number in decimal. */
const struct record_vocabulary *record_vocabulary(uint16_t number);
const struct record_vocabulary *record_vocabulary_named(struct cairn_span name);

/* The term of a code, or NULL. */
const char *record_term(uint16_t vocabulary, struct cairn_span code);

/*
 * The code that people mean: the code itself, or its term (any case), or the only term that begins so. NULL where
 * there is none, or several.
 */
const char *record_term_code(uint16_t vocabulary, struct cairn_span text);

/* Could this be a code, of whatever version of a list? A to Z and digits. */
bool record_code_well_formed(struct cairn_span code);

#endif
