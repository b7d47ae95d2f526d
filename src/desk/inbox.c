// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/inbox.h"

#include "base/bytes.h"

#define DAY_S 86400U
#define WINDOW_BYTES 5U
#define FIRST_WEEKDAY 3U /* 1970-01-01 was a Thursday; Monday is 0 */

static void
line_windows(struct inbox_line *line, struct cairn_span bytes)
{
	line->window_count = 0;
	while (bytes.size >= WINDOW_BYTES && line->window_count < INBOX_WINDOWS_MAX) {
		const uint8_t *at = (const uint8_t *)bytes.text;

		line->windows[line->window_count++] = (struct inbox_window){get_u16(at), get_u16(at + 2), at[4]};
		bytes.text += WINDOW_BYTES;
		bytes.size -= WINDOW_BYTES;
	}
}

static void
line_columns(struct inbox_line *line, struct query *q)
{
	struct cairn_span needs = query_span(q, 7);

	memset(line, 0, sizeof(*line));
	line->conv = query_int(q, 0);
	query_bytes(q, 1, line->conv_id, sizeof(line->conv_id));
	line->number = query_int(q, 17);
	alias_write(line->alias, line->number, (uint32_t)query_int(q, 2));
	line->door = (uint32_t)query_int(q, 3);
	line->begun = query_int(q, 4);
	query_text(q, 5, line->language, sizeof(line->language));
	line->urgency = (uint32_t)query_int(q, 6);
	line->need_count = needs.size < INBOX_NEEDS_MAX ? needs.size : INBOX_NEEDS_MAX;
	if (line->need_count > 0)
		memcpy(line->needs, needs.text, line->need_count);
	line_windows(line, query_span(q, 8));
	line->waits_since = query_int(q, 9);
	line->heard = query_int(q, 10);
	line->answered = query_int(q, 11);
	line->check_in = (uint32_t)query_int(q, 12);
	line->check_in_due = (uint32_t)query_int(q, 13);
	line->answer_by = (uint32_t)query_int(q, 14);
	line->questions = (uint32_t)query_int(q, 15);
	line->unread = query_int(q, 16);
}

/* The earlier of the two hours by which they were to write; 0: none was agreed. */
static uint64_t
silent_since(const struct inbox_line *line, uint64_t now)
{
	uint64_t hour = line->check_in;

	if (hour == 0 || (line->check_in_due != 0 && line->check_in_due < hour))
		hour = line->check_in_due;
	return hour != 0 && hour * 3600 < now ? hour * 3600 : 0;
}

enum inbox_class
inbox_class(const struct inbox_line *line, uint64_t now)
{
	if (line->waits_since != 0 && line->urgency >= 3)
		return INBOX_NOW;
	if (silent_since(line, now) != 0)
		return INBOX_SILENT;
	return line->waits_since != 0 ? INBOX_WAITS : INBOX_ANSWERED;
}

uint64_t
inbox_due(const struct inbox_line *line, uint64_t now)
{
	static const uint32_t goals[] = {INBOX_GOAL_S, INBOX_GOAL_WEEK_S, INBOX_GOAL_TODAY_S, INBOX_GOAL_NOW_S};

	switch (inbox_class(line, now)) {
	case INBOX_SILENT:
		return silent_since(line, now);
	case INBOX_ANSWERED:
		return 0;
	default:
		return line->waits_since + goals[line->urgency > 3 ? 3 : line->urgency];
	}
}

/* Does the window cover that minute? Its weekdays are those of the day on which it begins. */
static bool
window_covers(const struct inbox_window *w, uint64_t minute)
{
	uint64_t day = minute / 1440;
	uint64_t of_day = minute % 1440;
	bool today = (w->weekdays >> ((day + FIRST_WEEKDAY) % 7) & 1) != 0;
	bool yesterday = (w->weekdays >> ((day + FIRST_WEEKDAY + 6) % 7) & 1) != 0;

	if (w->to > w->from)
		return today && of_day >= w->from && of_day < w->to;
	return (today && of_day >= w->from) || (yesterday && of_day < w->to);
}

static bool
windows_cover(const struct inbox_line *line, uint64_t minute)
{
	for (size_t i = 0; i < line->window_count; i++)
		if (window_covers(&line->windows[i], minute))
			return true;
	return false;
}

bool
inbox_safe(const struct inbox_line *line, uint64_t now, uint64_t *ret_next)
{
	uint64_t minute = now / 60;

	*ret_next = now;
	if (line->window_count == 0 || windows_cover(line, minute))
		return true;
	for (uint64_t i = 1; i <= 8 * 1440; i++) {
		if (!windows_cover(line, minute + i))
			continue;
		*ret_next = (minute + i) * 60;
		return false;
	}
	*ret_next = 0; /* windows without a weekday: never said */
	return false;
}

struct ranked {
	struct inbox_line line;
	enum inbox_class class;
	uint64_t due;
};

static int
ranked_compare(const void *x, const void *y)
{
	const struct ranked *a = x;
	const struct ranked *b = y;

	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	if (a->due != b->due)
		return a->due < b->due ? -1 : 1;
	if (a->line.waits_since != b->line.waits_since)
		return a->line.waits_since < b->line.waits_since ? -1 : 1;
	if (a->line.heard != b->line.heard)
		return a->line.heard > b->line.heard ? -1 : 1;
	return a->line.conv < b->line.conv ? -1 : a->line.conv > b->line.conv;
}

void
inbox_sort(struct inbox_line *lines, size_t count, uint64_t now)
{
	struct ranked *ranked = calloc(count == 0 ? 1 : count, sizeof(*ranked));

	if (ranked == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		ranked[i] = (struct ranked){lines[i], inbox_class(&lines[i], now), inbox_due(&lines[i], now)};
	qsort(ranked, count, sizeof(*ranked), ranked_compare);
	for (size_t i = 0; i < count; i++)
		lines[i] = ranked[i].line;
	free(ranked);
}

static int
lines_grow(struct inbox_line **lines, size_t *room)
{
	size_t more = *room == 0 ? 64 : *room * 2;
	struct inbox_line *grown = realloc(*lines, more * sizeof(**lines));

	if (grown == NULL)
		return CAIRN_ERR_NOMEM;
	*lines = grown;
	*room = more;
	return CAIRN_OK;
}

int
inbox_read(struct db *state, struct inbox_line **ret, size_t *ret_count, uint64_t now)
{
	struct query q = query(state, SQL_CONV_LIST);
	struct inbox_line *lines = NULL;
	size_t room = 0, count = 0;
	int err;

	*ret = NULL;
	*ret_count = 0;
	while (query_row(&q)) {
		if (count == room)
			q.err = lines_grow(&lines, &room);
		if (q.err != CAIRN_OK)
			break;
		line_columns(&lines[count++], &q);
	}
	err = query_end(&q);
	if (err != CAIRN_OK) {
		free(lines);
		return err;
	}
	if (count > 0)
		inbox_sort(lines, count, now);
	*ret = lines;
	*ret_count = count;
	return CAIRN_OK;
}

int
inbox_get(struct db *state, struct inbox_line *line, uint64_t conv)
{
	struct query q = query(state, SQL_CONV_GET);
	bool found;
	int err;

	bind_int(&q, conv);
	found = query_row(&q);
	if (found)
		line_columns(line, &q);
	err = query_end(&q);
	return err == CAIRN_OK && !found ? CAIRN_ERR_UNKNOWN : err;
}

const char *
inbox_need_name(uint8_t need)
{
	static const char *const names[] = {"other", "shelter", "a way out", "doctor", "lawyer", "money", "papers",
	    "someone to talk to", "for somebody else"};

	return need < sizeof(names) / sizeof(names[0]) ? names[need] : names[0];
}

const char *
inbox_urgency_name(uint32_t urgency)
{
	static const char *const names[] = {"-", "this week", "today", "now"};

	return names[urgency > 3 ? 3 : urgency];
}
