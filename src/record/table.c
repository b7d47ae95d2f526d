// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/table.h"

#include "base/text.h"

#define OPEN RECORD_LEVEL_OPEN
#define PARTNER RECORD_LEVEL_PARTNER
#define COURT RECORD_LEVEL_COURT
#define DESK RECORD_LEVEL_DESK
#define REQUIRED RECORD_REQUIRED
#define NAMING RECORD_NAMING

#define ROW(kind, number, name, type, of, level, flags, preset, help) \
	{number, #name, RECORD_##type, of, level, flags, preset, help},
static const struct record_field event_fields[] = {RECORD_EVENT(ROW, event)};
static const struct record_field act_fields[] = {RECORD_ACT(ROW, act)};
static const struct record_field person_fields[] = {RECORD_PERSON(ROW, person)};
static const struct record_field involvement_fields[] = {RECORD_INVOLVEMENT(ROW, involvement)};
static const struct record_field information_fields[] = {RECORD_INFORMATION(ROW, information)};
static const struct record_field intervention_fields[] = {RECORD_INTERVENTION(ROW, intervention)};
static const struct record_field chain_fields[] = {RECORD_CHAIN(ROW, chain)};
static const struct record_field biography_fields[] = {RECORD_BIOGRAPHY(ROW, biography)};
static const struct record_field document_fields[] = {RECORD_DOCUMENT(ROW, document)};
static const struct record_field account_fields[] = {RECORD_ACCOUNT(ROW, account)};
static const struct record_field link_fields[] = {RECORD_LINK(ROW, link)};
#undef ROW

#define ROW(number, name, letter, flags, help) \
	{number, letter, flags, #name, help, name##_fields, sizeof(name##_fields) / sizeof(name##_fields[0])},
const struct record_kind record_kinds[RECORD_KIND_COUNT] = {RECORD_KINDS(ROW)};
#undef ROW

#define ROW(number, name, text, help) [number] = {text, help},
const struct record_level_info record_levels[RECORD_LEVEL_COUNT] = {RECORD_LEVELS(ROW)};
#undef ROW

#define ROW(number, name, text, code, level, names, help) [number] = {text, code, level, names, help},
const struct record_purpose_info record_purposes[RECORD_PURPOSE_COUNT] = {RECORD_PURPOSES(ROW)};
#undef ROW

const struct record_kind *
record_kind(uint8_t number)
{
	return number >= 1 && number <= RECORD_KIND_COUNT ? &record_kinds[number - 1] : NULL;
}

const struct record_kind *
record_kind_named(struct cairn_span name)
{
	for (size_t i = 0; i < RECORD_KIND_COUNT; i++)
		if (span_is(name, record_kinds[i].name))
			return &record_kinds[i];
	return NULL;
}

const struct record_kind *
record_kind_lettered(char letter)
{
	for (size_t i = 0; i < RECORD_KIND_COUNT; i++)
		if (record_kinds[i].letter == letter)
			return &record_kinds[i];
	return NULL;
}

const struct record_field *
record_field(const struct record_kind *kind, uint16_t number)
{
	for (size_t i = 0; kind != NULL && i < kind->count; i++)
		if (kind->fields[i].number == number)
			return &kind->fields[i];
	return NULL;
}

const struct record_field *
record_field_named(const struct record_kind *kind, struct cairn_span name)
{
	for (size_t i = 0; kind != NULL && i < kind->count; i++)
		if (span_is(name, kind->fields[i].name))
			return &kind->fields[i];
	return NULL;
}

bool
record_level_named(uint8_t *ret, struct cairn_span name)
{
	for (uint8_t i = 0; i < RECORD_LEVEL_COUNT; i++)
		if (span_is(name, record_levels[i].name))
			return *ret = i, true;
	return false;
}

bool
record_purpose_named(enum record_purpose *ret, struct cairn_span name)
{
	for (size_t i = 0; i < RECORD_PURPOSE_COUNT; i++)
		if (span_is(name, record_purposes[i].name))
			return *ret = (enum record_purpose)i, true;
	return false;
}

bool
record_is_set(const struct record_field *field)
{
	return field->type == RECORD_LINES || field->type == RECORD_TERMS || field->type == RECORD_REFS;
}

const char *
record_type_name(enum record_type type)
{
	static const char *const names[] = {"line", "text", "notes", "term", "date", "number", "time", "entity",
	    "lines", "terms", "entities"};

	return names[type];
}
