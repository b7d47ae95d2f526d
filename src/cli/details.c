// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/details.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "cli/reach.h"

#define MINUTES_PER_HOUR 60U
#define HOURS_PER_DAY 24U
#define EVERY_DAY 0x7fU

static const char *const needs[] = {
    [1] = "shelter",
    [2] = "way-out",
    [3] = "doctor",
    [4] = "lawyer",
    [5] = "money",
    [6] = "papers",
    [7] = "talk",
    [8] = "somebody-else",
};
const char need_names[] = "shelter, way-out, doctor, lawyer, money, papers, talk or somebody-else";

static const char *const urgencies[] = {"not said", "week", "today", "now"};
static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

/* Index of word in names from first on, or count. */
static size_t
find(const char *const *names, size_t first, size_t count, struct cairn_span word)
{
	size_t i = first;

	while (i < count && !span_is(word, names[i]))
		i++;
	return i;
}

bool
need_read(uint8_t *ret_need, const char *text)
{
	size_t i = find(needs, 1, COUNT(needs), span(text));

	*ret_need = (uint8_t)i;
	return i < COUNT(needs);
}

const char *
need_name(uint8_t need)
{
	return need == 0 || need >= COUNT(needs) ? "other" : needs[need];
}

bool
urgency_read(uint8_t *ret_urgency, const char *text)
{
	size_t i = find(urgencies, 1, COUNT(urgencies), span(text));

	*ret_urgency = (uint8_t)i;
	return i < COUNT(urgencies);
}

const char *
urgency_name(uint8_t urgency)
{
	return urgencies[urgency < COUNT(urgencies) ? urgency : COUNT(urgencies) - 1];
}

/* Two digits. */
static bool
two_digits(unsigned *out, const char *text)
{
	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return false;
	*out = (unsigned)(text[0] - '0') * 10 + (unsigned)(text[1] - '0');
	return true;
}

/* "18:30" to minutes of the day. */
static bool
clock_read(uint16_t *ret_minutes, struct cairn_span text)
{
	unsigned hour, minute;

	if (text.size != 5 || text.text[2] != ':' || !two_digits(&hour, text.text) ||
	    !two_digits(&minute, text.text + 3) || hour >= HOURS_PER_DAY || minute >= MINUTES_PER_HOUR)
		return false;
	*ret_minutes = (uint16_t)(hour * MINUTES_PER_HOUR + minute);
	return true;
}

static bool
weekdays_read(uint8_t *ret_days, struct cairn_span list)
{
	uint8_t days = 0;

	while (list.text != NULL) {
		size_t i = find(weekdays, 0, COUNT(weekdays), span_cut(&list, ','));

		if (i == COUNT(weekdays))
			return false;
		days |= (uint8_t)(1U << i);
	}
	*ret_days = days;
	return true;
}

bool
window_read(uint8_t value[ANSWER_WINDOW_BYTES], const char *text)
{
	struct cairn_span days = span(text);
	struct cairn_span to = span_cut(&days, '@');
	struct cairn_span from = span_cut(&to, '-');
	uint16_t begin, end;

	value[4] = EVERY_DAY;
	if (!clock_read(&begin, from) || !clock_read(&end, to) ||
	    (days.text != NULL && !weekdays_read(&value[4], days)))
		return false;
	put_u16(value, begin);
	put_u16(value + 2, end);
	return true;
}

bool
hour_read(uint32_t *ret_hour, const char *text, uint32_t now)
{
	struct cairn_span rest = span(text);
	unsigned hour;
	uint64_t ahead;
	uint32_t day;

	*ret_hour = 0;
	if (strcmp(text, "0") == 0)
		return true;
	if (text[0] == '+') {
		if (text_number(&ahead, span(text + 1), 24 * 366) != CAIRN_OK)
			return false;
		*ret_hour = now + (uint32_t)ahead;
		return true;
	}
	if (rest.size != 13 || text[10] != 'T' || !two_digits(&hour, text + 11) || hour >= HOURS_PER_DAY ||
	    !day_read(&day, (struct cairn_span){text, 10}))
		return false;
	*ret_hour = day * HOURS_PER_DAY + hour;
	return true;
}

bool
retraction_read(uint8_t msgid[CAIRN_MSGID_BYTES], const char *text)
{
	memset(msgid, 0, CAIRN_MSGID_BYTES);
	return strcmp(text, "all") == 0 || text_hex(msgid, CAIRN_MSGID_BYTES, span(text)) == CAIRN_OK;
}

bool
numbered_read(uint16_t *ret_number, int *ret_fd, const char *text, uint16_t max)
{
	struct cairn_span rest = span(text);
	struct cairn_span number = span_cut(&rest, ':');
	uint64_t n, fd = 0;

	if (text_number(&n, number, max) != CAIRN_OK)
		return false;
	if (rest.text != NULL && text_number(&fd, rest, INT32_MAX) != CAIRN_OK)
		return false;
	*ret_number = (uint16_t)n;
	*ret_fd = rest.text == NULL ? -1 : (int)fd;
	return true;
}
