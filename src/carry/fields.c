// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/fields.h"

#include <string.h>

#include "base/bytes.h"
#include "base/reader.h"
#include "base/text.h"

#define PART_ROW(type, name, most, choices) {FIELD_##type, name, most, choices},
static const struct field_part parts_spending[] = {PARTS_spending(PART_ROW){FIELD_text, NULL, 0, NULL}};
static const struct field_part parts_document[] = {PARTS_document(PART_ROW){FIELD_text, NULL, 0, NULL}};

/* What stands for choices and parts is two initialisers by now. */
#define FIELD_ROW(KIND, NAME, number, shape, type, most, more, ...) \
	{FIELD_NUMBER(KIND, number), FIELD_##shape, FIELD_##type, most, more, __VA_ARGS__},
const struct field_def field_table[] = {FIELDS(FIELD_ROW)};
const size_t field_count = sizeof(field_table) / sizeof(field_table[0]);

static const char *const type_names[] = {
    [FIELD_text] = "text",
    [FIELD_number] = "number",
    [FIELD_time] = "time",
    [FIELD_date] = "date",
    [FIELD_flag] = "flag",
    [FIELD_choice] = "choice",
    [FIELD_entry] = "entry",
};

const struct field_def *
field_find(uint16_t number)
{
	for (size_t i = 0; i < field_count; i++)
		if (field_table[i].number == number)
			return &field_table[i];
	return NULL;
}

const struct field_def *
field_by_name(uint8_t kind, struct cairn_span name)
{
	for (size_t i = 0; i < field_count; i++)
		if (field_table[i].number >> 8 == kind && span_is(name, field_table[i].name))
			return &field_table[i];
	return NULL;
}

const char *
field_type_name(enum field_type type)
{
	return type_names[type];
}

struct cairn_span
field_choice(const char *choices, uint8_t number)
{
	struct cairn_span rest = {choices, choices == NULL ? 0 : strlen(choices)};
	struct cairn_span name = {NULL, 0};

	for (unsigned i = 0; i <= number && rest.text != NULL; i++) {
		name = span_cut(&rest, '|');
		if (i == number)
			return name;
	}
	return (struct cairn_span){NULL, 0};
}

uint64_t
field_u64(struct cairn_span value)
{
	return value.size == 8 ? get_u64((const uint8_t *)value.text) : 0;
}

/* YYYY, YYYY-MM or YYYY-MM-DD; that the 31st of February is none is for people to see. */
static bool
is_date(struct cairn_span value)
{
	static const char form[] = "0000-00-00";

	if (value.size != 4 && value.size != 7 && value.size != 10)
		return false;
	for (size_t i = 0; i < value.size; i++) {
		char c = value.text[i];

		if (form[i] == '-' ? c != '-' : c < '0' || c > '9')
			return false;
	}
	return value.size < 7 || (memcmp(value.text + 5, "01", 2) >= 0 && memcmp(value.text + 5, "12", 2) <= 0 &&
	                             (value.size < 10 || (memcmp(value.text + 8, "01", 2) >= 0 &&
	                                                     memcmp(value.text + 8, "31", 2) <= 0)));
}

static bool
is_value(enum field_type type, const char *choices, struct cairn_span value)
{
	const uint8_t *bytes = (const uint8_t *)value.text;

	switch (type) {
	case FIELD_text:
		return text_is_utf8(bytes, value.size) && memchr(bytes, 0, value.size) == NULL;
	case FIELD_number:
	case FIELD_time:
		return value.size == 8 && get_u64(bytes) <= INT64_MAX;
	case FIELD_date:
		return is_date(value);
	case FIELD_flag:
		return value.size == 1 && bytes[0] <= 1;
	case FIELD_choice:
		return value.size == 1 && field_choice(choices, bytes[0]).text != NULL;
	case FIELD_entry:
		break;
	}
	return false;
}

static int
entry_check(const struct field_part *part, struct cairn_span entry)
{
	struct reader r;

	reader_init(&r, entry.text, entry.size);
	for (; part->name != NULL; part++) {
		struct cairn_span value;
		uint16_t size;

		take_u16(&r, &size);
		value = (struct cairn_span){(const char *)take_view(&r, size), size};
		if (r.failed || size > part->most || (size > 0 && !is_value(part->type, part->choices, value)))
			return CAIRN_ERR_FORMAT;
	}
	return reader_end(&r);
}

int
field_check(const struct field_def *def, struct cairn_span value)
{
	if (value.size > def->most)
		return CAIRN_ERR_RANGE;
	if (value.size == 0)
		return def->shape == FIELD_REGISTER ? CAIRN_OK : CAIRN_ERR_FORMAT;
	if (def->type == FIELD_entry)
		return entry_check(def->parts, value);
	return is_value(def->type, def->choices, value) ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

bool
field_part_next(struct cairn_span *part, struct cairn_span entry, size_t *at)
{
	struct reader r;
	uint16_t size;

	reader_init(&r, entry.text + *at, entry.size - *at);
	take_u16(&r, &size);
	*part = (struct cairn_span){(const char *)take_view(&r, size), size};
	*at = entry.size - r.left;
	return !r.failed;
}
