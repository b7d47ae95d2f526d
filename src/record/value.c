// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/value.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/text.h"
#include "record/code.h"
#include "record/date.h"
#include "record/op.h"
#include "record/vocabulary.h"

void
record_time_write(char out[RECORD_TIME_BYTES], uint64_t at)
{
	time_t seconds = (time_t)at;
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL || strftime(out, RECORD_TIME_BYTES, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		snprintf(out, RECORD_TIME_BYTES, "1970-01-01T00:00:00Z");
}

bool
record_time_read(uint64_t *ret, struct cairn_span text)
{
	char copy[RECORD_TIME_BYTES] = "", again[RECORD_TIME_BYTES];
	struct tm tm = {0};
	const char *end;
	time_t at;

	if (text.size != RECORD_TIME_BYTES - 1)
		return false;
	memcpy(copy, text.text, text.size);
	end = strptime(copy, "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (end == NULL || *end != '\0')
		return false;
	at = timegm(&tm);
	if (at < 0 || (uint64_t)at > RECORD_AT_MAX)
		return false;
	/* strptime() takes more than one form of a day. */
	record_time_write(again, (uint64_t)at);
	*ret = (uint64_t)at;
	return strcmp(copy, again) == 0;
}

static const char *
number_fault(const struct record_field *field, struct cairn_span text)
{
	uint64_t number;

	return text_number(&number, text, field->of) == CAIRN_OK ? NULL : "is no number, or too large";
}

static const char *
date_fault(const struct record_field *field, struct cairn_span text)
{
	struct record_date date;
	int err = record_date_read(&date, text);

	(void)field;
	if (err == CAIRN_ERR_RANGE)
		return "is a day that does not exist, or ends before it begins";
	return err == CAIRN_OK ? NULL
	                       : "is no date: 2017-04-01, 2017-04, 2017, \"about 2017-04\", \"before 2017-04\", "
	                         "\"after 2017\", \"between 2017-02 and 2017-04\", unknown";
}

static const char *
term_fault(const struct record_field *field, struct cairn_span text)
{
	return record_term((uint16_t)field->of, text) != NULL ? NULL : "is not on its vocabulary's list";
}

static const char *
time_fault(const struct record_field *field, struct cairn_span text)
{
	uint64_t at;

	(void)field;
	return record_time_read(&at, text) ? NULL : "is no time as 2017-04-01T12:00:00Z";
}

static const char *
ref_fault(const struct record_field *field, struct cairn_span text)
{
	uint8_t id[RECORD_ID_BYTES];

	(void)field;
	return text_hex(id, sizeof(id), text) == CAIRN_OK ? NULL : "is no entity";
}

static const char *
line_fault(const struct record_field *field, struct cairn_span text)
{
	(void)field;
	if (text.size > RECORD_LINE_MAX)
		return "is longer than 512 bytes";
	return record_text_good(text, false) ? NULL : "must be one line of text";
}

static const char *
text_fault(const struct record_field *field, struct cairn_span text)
{
	(void)field;
	if (text.size > RECORD_TEXT_MAX)
		return "is longer than 16384 bytes";
	return record_text_good(text, true) ? NULL : "holds bytes that are no text";
}

const char *
record_value_fault(const struct record_field *field, struct cairn_span text)
{
	static const char *(*const faults[])(const struct record_field *, struct cairn_span) = {
	    [RECORD_LINE] = line_fault,
	    [RECORD_TEXT] = text_fault,
	    [RECORD_NOTES] = text_fault,
	    [RECORD_TERM] = term_fault,
	    [RECORD_DATE] = date_fault,
	    [RECORD_NUMBER] = number_fault,
	    [RECORD_TIME] = time_fault,
	    [RECORD_REF] = ref_fault,
	    [RECORD_LINES] = line_fault,
	    [RECORD_TERMS] = term_fault,
	    [RECORD_REFS] = ref_fault,
	};

	return text.size == 0 ? "is empty" : faults[field->type](field, text);
}

/* ---- typed ---- */

static const char *
typed_term(char *out, const struct record_field *field, struct cairn_span text)
{
	const char *code = record_term_code((uint16_t)field->of, text);

	if (code == NULL)
		return "is not on its vocabulary's list, or stands for several: 'cairn record vocab'";
	snprintf(out, RECORD_VALUE_ROOM, "%s", code);
	return NULL;
}

static const char *
typed_ref(char *out, const struct record_field *field, struct cairn_span text, struct db *db)
{
	struct record_head head;
	int err = db == NULL ? CAIRN_ERR_UNKNOWN
	                     : record_code_find(db, &head, record_kind((uint8_t)field->of), text);

	switch (err) {
	case CAIRN_OK:
		sodium_bin2hex(out, RECORD_VALUE_ROOM, head.id, sizeof(head.id));
		return NULL;
	case CAIRN_ERR_CONFLICT:
		return "begins several codes: write more of it";
	case CAIRN_ERR_UNKNOWN:
		return "is the code of nothing that this device has";
	default:
		return "is no code of what belongs there";
	}
}

const char *
record_value_typed(char *out, const struct record_field *field, struct cairn_span text, struct db *db)
{
	out[0] = '\0';
	if (text.size >= RECORD_VALUE_ROOM)
		return "is too long";
	if (field->type == RECORD_TERM || field->type == RECORD_TERMS)
		return typed_term(out, field, text);
	if (field->type == RECORD_REF || field->type == RECORD_REFS)
		return typed_ref(out, field, text, db);
	if (field->type == RECORD_DATE && record_date_typed(out, text) != CAIRN_OK)
		return date_fault(field, (struct cairn_span){out, strlen(out)});
	if (field->type != RECORD_DATE) {
		memcpy(out, text.text, text.size);
		out[text.size] = '\0';
	}
	return record_value_fault(field, (struct cairn_span){out, strlen(out)});
}
