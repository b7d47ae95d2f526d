// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/date.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

static bool
digits(uint32_t *out, struct cairn_span s)
{
	*out = 0;
	for (size_t i = 0; i < s.size; i++) {
		if (s.text[i] < '0' || s.text[i] > '9')
			return false;
		*out = *out * 10 + (uint32_t)(s.text[i] - '0');
	}
	return s.size > 0;
}

static uint32_t
days_of(uint32_t year, uint32_t month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29U : days[month - 1];
}

/* YYYY, YYYY-MM, YYYY-MM-DD */
static int
read_point(struct record_date *date, struct cairn_span s)
{
	uint32_t year, month = 0, day = 0;
	bool form = s.size == 4 || s.size == 7 || s.size == 10;

	form = form && digits(&year, (struct cairn_span){s.text, 4});
	if (form && s.size >= 7)
		form = s.text[4] == '-' && digits(&month, (struct cairn_span){s.text + 5, 2});
	if (form && s.size == 10)
		form = s.text[7] == '-' && digits(&day, (struct cairn_span){s.text + 8, 2});
	if (!form)
		return CAIRN_ERR_FORMAT;
	if (year < 1000 || (s.size >= 7 && (month < 1 || month > 12)))
		return CAIRN_ERR_RANGE;
	if (s.size == 10 && (day < 1 || day > days_of(year, month)))
		return CAIRN_ERR_RANGE;
	date->precision = RECORD_DATE_YEAR;
	if (s.size > 4)
		date->precision = s.size == 10 ? RECORD_DATE_DAY : RECORD_DATE_MONTH;
	date->first = year * 10000 + (month == 0 ? 1 : month) * 100 + (day == 0 ? 1 : day);
	date->last = year * 10000 + (month == 0 ? 12 : month) * 100 +
	    (day == 0 ? days_of(year, month == 0 ? 12 : month) : day);
	return CAIRN_OK;
}

static int
read_between(struct record_date *date, struct cairn_span from, struct cairn_span to)
{
	struct record_date end;
	int err;

	if (span_is(from, "..")) {
		err = read_point(date, to);
		*date = (struct record_date){RECORD_DATE_BEFORE, 0, date->last};
		return err;
	}
	err = read_point(date, from);
	if (span_is(to, "..")) {
		*date = (struct record_date){RECORD_DATE_AFTER, date->first, UINT32_MAX};
		return err;
	}
	if (err == CAIRN_OK)
		err = read_point(&end, to);
	if (err == CAIRN_OK && (date->first > end.first || date->last > end.last))
		err = CAIRN_ERR_RANGE;
	if (err == CAIRN_OK)
		*date = (struct record_date){RECORD_DATE_BETWEEN, date->first, end.last};
	return err;
}

int
record_date_read(struct record_date *date, struct cairn_span text)
{
	struct record_date out = {RECORD_DATE_UNKNOWN, 0, UINT32_MAX};
	struct cairn_span rest = text;
	struct cairn_span from = span_cut(&rest, '/');
	int err = CAIRN_OK;

	if (rest.text != NULL)
		err = read_between(&out, from, rest);
	else if (text.size > 0 && text.text[text.size - 1] == '~') {
		err = read_point(&out, (struct cairn_span){text.text, text.size - 1});
		out.precision = RECORD_DATE_ABOUT;
	} else if (!span_is(text, "XXXX"))
		err = read_point(&out, text);
	if (err == CAIRN_OK)
		*date = out;
	return err;
}

/* ---- what people type ---- */

static const struct {
	const char *word;
	const char *before;
	const char *behind;
} words[] = {
    {"about ", "", "~"},
    {"before ", "../", ""},
    {"by ", "../", ""},
    {"after ", "", "/.."},
    {"since ", "", "/.."},
};

static bool
begins(struct cairn_span s, const char *word)
{
	return s.size > strlen(word) && strncasecmp(s.text, word, strlen(word)) == 0;
}

/* Cuts at a word in the middle: "2017-02 and 2017-04". */
static bool
cut_at(struct cairn_span s, const char *word, struct cairn_span *from, struct cairn_span *to)
{
	size_t length = strlen(word);

	for (size_t i = 0; i + length < s.size; i++)
		if (strncasecmp(s.text + i, word, length) == 0) {
			*from = span_trim((struct cairn_span){s.text, i});
			*to = span_trim((struct cairn_span){s.text + i + length, s.size - i - length});
			return true;
		}
	return false;
}

static void
write_typed(char out[RECORD_DATE_MAX], struct cairn_span s)
{
	struct cairn_span from, to;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (begins(s, words[i].word)) {
			size_t length = strlen(words[i].word);

			from = span_trim((struct cairn_span){s.text + length, s.size - length});
			snprintf(out, RECORD_DATE_MAX, "%s%.*s%s", words[i].before, (int)from.size, from.text,
			    words[i].behind);
			return;
		}
	if (begins(s, "between "))
		s = (struct cairn_span){s.text + 8, s.size - 8};
	if (cut_at(s, " and ", &from, &to) || cut_at(s, " to ", &from, &to))
		snprintf(out, RECORD_DATE_MAX, "%.*s/%.*s", (int)from.size, from.text, (int)to.size, to.text);
	else if (s.size == 7 && strncasecmp(s.text, "unknown", 7) == 0)
		snprintf(out, RECORD_DATE_MAX, "XXXX");
	else
		snprintf(out, RECORD_DATE_MAX, "%.*s", (int)s.size, s.text);
}

int
record_date_typed(char out[RECORD_DATE_MAX], struct cairn_span text)
{
	struct cairn_span s = span_trim(text);
	struct record_date date;

	if (s.size > 64)
		return CAIRN_ERR_FORMAT;
	write_typed(out, s);
	return record_date_read(&date, (struct cairn_span){out, strlen(out)});
}
