// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/field_text.h"

#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "base/text.h"

#define TIME_FORM "%Y-%m-%d %H:%M"
#define TIME_TEXT_MAX 32U
#define SECONDS_MAX 253402300799U /* the end of 9999 */

static struct cairn_span
trimmed(struct cairn_span s)
{
	while (s.size > 0 && s.text[0] == ' ')
		s = (struct cairn_span){s.text + 1, s.size - 1};
	while (s.size > 0 && s.text[s.size - 1] == ' ')
		s.size--;
	return s;
}

static int
time_read(uint64_t *out, struct cairn_span text)
{
	char copy[TIME_TEXT_MAX], again[TIME_TEXT_MAX];
	struct tm tm = {.tm_sec = 0};
	const char *end;
	time_t seconds;

	if (text.size != strlen("2017-04-01 14:30") && text.size != strlen("2017-04-01 14:30 UTC"))
		return CAIRN_ERR_FORMAT;
	memcpy(copy, text.text, text.size);
	copy[text.size] = '\0';
	if (copy[10] == 'T')
		copy[10] = ' ';
	end = strptime(copy, TIME_FORM, &tm);
	if (end == NULL || (*end != '\0' && strcmp(end, " UTC") != 0))
		return CAIRN_ERR_FORMAT;
	seconds = timegm(&tm);
	/* Written anew it must be the same: no 31st of February, no 7 for 07. */
	if (seconds < 0 || strftime(again, sizeof(again), TIME_FORM, &tm) == 0 ||
	    strncmp(again, copy, strlen(again)) != 0)
		return CAIRN_ERR_FORMAT;
	*out = (uint64_t)seconds;
	return CAIRN_OK;
}

static int
choice_read(uint8_t *out, const char *choices, struct cairn_span text)
{
	struct cairn_span name;

	for (uint8_t i = 0; (name = field_choice(choices, i)).text != NULL; i++)
		if (span_same(name, text)) {
			*out = i;
			return CAIRN_OK;
		}
	return CAIRN_ERR_UNKNOWN;
}

static int
number_read(struct writer *w, enum field_type type, struct cairn_span text)
{
	uint64_t number;
	int err = type == FIELD_time ? time_read(&number, text) : text_number(&number, text, INT64_MAX);

	if (err == CAIRN_OK)
		write_u64(w, number);
	return err;
}

/* A value of one of the plain types. */
static int
value_read(struct writer *w, enum field_type type, const char *choices, struct cairn_span text)
{
	uint8_t byte = 0;
	int err;

	switch (type) {
	case FIELD_number:
	case FIELD_time:
		return number_read(w, type, text);
	case FIELD_flag:
		err = choice_read(&byte, "no|yes", text);
		break;
	case FIELD_choice:
		err = choice_read(&byte, choices, text);
		break;
	default:
		write_bytes(w, text.text, text.size);
		return CAIRN_OK;
	}
	if (err == CAIRN_OK)
		write_u8(w, byte);
	return err;
}

/* A part behind its length, which is filled in when it is there. */
static int
part_read(struct writer *w, const struct field_part *part, struct cairn_span text)
{
	size_t at = w->used;
	int err = CAIRN_OK;

	write_u16(w, 0);
	if (text.size > 0)
		err = value_read(w, part->type, part->choices, text);
	if (err != CAIRN_OK || w->failed)
		return err;
	if (w->used - at - 2 > part->most)
		return CAIRN_ERR_RANGE;
	put_u16(w->room + at, (uint16_t)(w->used - at - 2));
	return CAIRN_OK;
}

static int
entry_read(struct writer *w, const struct field_part *part, struct cairn_span text)
{
	int err = CAIRN_OK;

	for (; part->name != NULL && err == CAIRN_OK; part++)
		err = part_read(w, part, trimmed(span_cut(&text, ';')));
	return err == CAIRN_OK && text.text != NULL ? CAIRN_ERR_FORMAT : err;
}

int
field_from_text(uint8_t *out, size_t room, size_t *ret_bytes, const struct field_def *def, struct cairn_span text)
{
	struct writer w;
	int err = CAIRN_OK;

	*ret_bytes = 0;
	writer_init(&w, out, room);
	if (def->type == FIELD_entry && text.size > 0)
		err = entry_read(&w, def->parts, text);
	else if (text.size > 0)
		err = value_read(&w, def->type, def->choices, text);
	if (err == CAIRN_OK && w.failed)
		err = CAIRN_ERR_SPACE;
	if (err == CAIRN_OK)
		err = field_check(def, (struct cairn_span){(const char *)out, w.used});
	if (err == CAIRN_OK)
		*ret_bytes = w.used;
	return err;
}

static void
write_unknown(struct writer *w, struct cairn_span value)
{
	write_text(w, "unknown:");
	write_hex(w, (const uint8_t *)value.text, value.size);
}

static void
write_time(struct writer *w, struct cairn_span value)
{
	uint64_t seconds = field_u64(value);
	time_t at = (time_t)seconds;
	char text[TIME_TEXT_MAX];
	struct tm tm;

	if (seconds > SECONDS_MAX || gmtime_r(&at, &tm) == NULL || strftime(text, sizeof(text), TIME_FORM, &tm) == 0)
		write_unknown(w, value);
	else
		write_text(w, text);
}

/* A well-formed value of one of the plain types. */
static void
write_value(struct writer *w, enum field_type type, const char *choices, struct cairn_span value)
{
	struct cairn_span text = value;

	switch (type) {
	case FIELD_number:
		write_decimal(w, field_u64(value));
		return;
	case FIELD_time:
		write_time(w, value);
		return;
	case FIELD_flag:
		text = field_choice("no|yes", (uint8_t)value.text[0]);
		break;
	case FIELD_choice:
		text = field_choice(choices, (uint8_t)value.text[0]);
		break;
	default:
		break;
	}
	write_bytes(w, text.text, text.size);
}

static void
write_entry(struct writer *w, const struct field_part *part, struct cairn_span entry)
{
	struct cairn_span value;
	size_t at = 0;

	for (bool first = true; part->name != NULL && field_part_next(&value, entry, &at); part++, first = false) {
		write_text(w, first ? "" : "; ");
		if (value.size > 0)
			write_value(w, part->type, part->choices, value);
	}
}

void
field_to_text(struct writer *w, const struct field_def *def, struct cairn_span value)
{
	if (def == NULL || field_check(def, value) != CAIRN_OK)
		write_unknown(w, value);
	else if (def->type == FIELD_entry)
		write_entry(w, def->parts, value);
	else if (value.size > 0)
		write_value(w, def->type, def->choices, value);
}
