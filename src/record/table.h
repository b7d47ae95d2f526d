// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_TABLE_H
#define CAIRN_RECORD_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/span.h"
#include "record/fields.h"

/* The table of fields.h, to be walked. Nothing here is secret. */

enum record_type {
	RECORD_LINE,
	RECORD_TEXT,
	RECORD_NOTES,
	RECORD_TERM,
	RECORD_DATE,
	RECORD_NUMBER,
	RECORD_TIME,
	RECORD_REF,
	RECORD_LINES,
	RECORD_TERMS,
	RECORD_REFS,
};

/* Of fields. */
#define RECORD_REQUIRED 1U
#define RECORD_NAMING 2U
/* Of kinds: leaves the desk for the purpose internal only. */
#define RECORD_INSIDE 1U

#define RECORD_ENUM_LEVEL(number, name, text, help) RECORD_LEVEL_##name = (number),
enum record_level { RECORD_LEVELS(RECORD_ENUM_LEVEL) };
#undef RECORD_ENUM_LEVEL
#define RECORD_LEVEL_COUNT 4U

#define RECORD_ENUM_PURPOSE(number, name, text, code, level, names, help) RECORD_PURPOSE_##name = (number),
enum record_purpose { RECORD_PURPOSES(RECORD_ENUM_PURPOSE) };
#undef RECORD_ENUM_PURPOSE
#define RECORD_PURPOSE_COUNT 6U

#define RECORD_ENUM_KIND(number, name, letter, flags, help) RECORD_##name = (number),
enum { RECORD_KINDS(RECORD_ENUM_KIND) };
#undef RECORD_ENUM_KIND
#define RECORD_KIND_COUNT 11U

/* RECORD_event_title = 102, ... */
#define RECORD_ENUM_FIELD(kind, number, name, type, of, level, flags, preset, help) RECORD_##kind##_##name = (number),
enum {
	RECORD_EVENT(RECORD_ENUM_FIELD, event)
	RECORD_ACT(RECORD_ENUM_FIELD, act)
	RECORD_PERSON(RECORD_ENUM_FIELD, person)
	RECORD_INVOLVEMENT(RECORD_ENUM_FIELD, involvement)
	RECORD_INFORMATION(RECORD_ENUM_FIELD, information)
	RECORD_INTERVENTION(RECORD_ENUM_FIELD, intervention)
	RECORD_CHAIN(RECORD_ENUM_FIELD, chain)
	RECORD_BIOGRAPHY(RECORD_ENUM_FIELD, biography)
	RECORD_DOCUMENT(RECORD_ENUM_FIELD, document)
	RECORD_ACCOUNT(RECORD_ENUM_FIELD, account)
	RECORD_LINK(RECORD_ENUM_FIELD, link)
	RECORD_COMMON(RECORD_ENUM_FIELD, any)
};
#undef RECORD_ENUM_FIELD

struct record_field {
	uint16_t number;
	const char *name;
	enum record_type type;
	uint32_t of; /* vocabulary, kind or largest number */
	uint8_t level;
	uint8_t flags;
	const char *preset; /* or NULL */
	const char *help;
};

struct record_kind {
	uint8_t number;
	char letter;
	uint8_t flags;
	const char *name;
	const char *help;
	const struct record_field *fields;
	size_t count;
};

struct record_level_info {
	const char *name;
	const char *help;
};

struct record_purpose_info {
	const char *name;
	const char *code;    /* in the vocabulary of purposes */
	uint8_t level;       /* the highest that it may see */
	bool names;          /* may fields that name somebody be seen */
	const char *help;
};

extern const struct record_kind record_kinds[RECORD_KIND_COUNT];
extern const struct record_level_info record_levels[RECORD_LEVEL_COUNT];
extern const struct record_purpose_info record_purposes[RECORD_PURPOSE_COUNT];
#define RECORD_PURPOSE_VOCABULARY 100U

/* NULL where there is none. */
const struct record_kind *record_kind(uint8_t number);
const struct record_kind *record_kind_named(struct cairn_span name);
const struct record_kind *record_kind_lettered(char letter);
const struct record_field *record_field(const struct record_kind *kind, uint16_t number);
const struct record_field *record_field_named(const struct record_kind *kind, struct cairn_span name);

/* False where there is none; *ret is then as it was. */
bool record_level_named(uint8_t *ret, struct cairn_span name);
bool record_purpose_named(enum record_purpose *ret, struct cairn_span name);

/* Is it a set, of which elements are added and dropped? */
bool record_is_set(const struct record_field *field);
/* "line", "set of terms", ...: as in the documentation. */
const char *record_type_name(enum record_type type);

#endif
