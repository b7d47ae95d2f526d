// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

#define DAY_SECONDS 86400
#define DAY_TEXT 10U

struct cairn_span
text_of(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct cairn_span
text_trim(struct cairn_span text)
{
	while (text.size > 0 && blank(text.text[0]))
		text = (struct cairn_span){text.text + 1, text.size - 1};
	while (text.size > 0 && blank(text.text[text.size - 1]))
		text.size--;
	return text;
}

/* Overrides and isolates could show one thing and mean another. */
static bool
turns(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool
text_is_line(struct cairn_span text)
{
	if (!text_is_utf8((const uint8_t *)text.text, text.size))
		return false;
	while (text.size > 0) {
		uint32_t c = text_next(&text);

		if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || turns(c))
			return false;
	}
	return true;
}

void
day_text(char out[11], uint32_t day)
{
	time_t seconds = (time_t)day * DAY_SECONDS;
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL || strftime(out, 11, "%Y-%m-%d", &tm) != DAY_TEXT)
		memcpy(out, "1970-01-01", 11);
}

bool
text_is_day(struct cairn_span text, uint32_t *ret_day)
{
	struct tm tm = {0};
	char copy[DAY_TEXT + 1] = "", again[DAY_TEXT + 1];
	const char *end;
	time_t seconds;

	if (text.size != DAY_TEXT)
		return false;
	memcpy(copy, text.text, DAY_TEXT);
	end = strptime(copy, "%Y-%m-%d", &tm);
	if (end == NULL || *end != '\0' || (seconds = timegm(&tm)) < 0)
		return false;
	/* The thirty-first of February is some day of March, and is not taken for it. */
	day_text(again, (uint32_t)(seconds / DAY_SECONDS));
	if (memcmp(again, copy, DAY_TEXT) != 0)
		return false;
	if (ret_day != NULL)
		*ret_day = (uint32_t)(seconds / DAY_SECONDS);
	return true;
}

bool
text_starts(struct cairn_span text, const char *with)
{
	size_t size = strlen(with);

	return text.size >= size && memcmp(text.text, with, size) == 0;
}

bool
text_is_web(struct cairn_span text)
{
	size_t head = text_starts(text, "https://") ? 8 : 7;

	if ((head == 7 && !text_starts(text, "http://")) || text.size <= head || text.text[head] == '/')
		return false;
	for (size_t i = 0; i < text.size; i++)
		if (text.text[i] <= ' ' || text.text[i] > '~' || memchr("\"<>\\^`{|}", text.text[i], 9) != NULL)
			return false;
	return true;
}

bool
text_is_country(struct cairn_span text)
{
	return text.size == 2 && text.text[0] >= 'A' && text.text[0] <= 'Z' && text.text[1] >= 'A' &&
	    text.text[1] <= 'Z';
}
