// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/retention.h"

#include "base/text.h"
#include "carry/membership.h"

#define HOUR_SECONDS 3600U

#define RETENTION_ROW(KIND, MARK, hours, least, text) {KIND_##KIND, MARK_##MARK, hours, least, text},
const struct retention_row retention_table[] = {RETENTION(RETENTION_ROW)};
const size_t retention_count = sizeof(retention_table) / sizeof(retention_table[0]);

/* A number and its name; stops is the states'. */
struct named {
	uint8_t number;
	const char *name;
	bool stops;
};

#define MARK_ROW(NAME, number, name, text) {number, name, false},
static const struct named marks_table[] = {MARKS(MARK_ROW){0, NULL, false}};
#define STATE_ROW(NAME, number, name, stops, text) {number, name, stops},
static const struct named states_table[] = {CASE_STATES(STATE_ROW){0, NULL, true}};

static const struct named *
named_find(const struct named *at, uint8_t number)
{
	while (at->name != NULL && at->number != number)
		at++;
	return at;
}

static int
named_by_name(uint8_t *number, const struct named *at, struct cairn_span name)
{
	for (; at->name != NULL; at++)
		if (span_is(name, at->name)) {
			*number = at->number;
			return CAIRN_OK;
		}
	return CAIRN_ERR_UNKNOWN;
}

const char *
mark_name(uint8_t mark)
{
	return named_find(marks_table, mark)->name;
}

const char *
case_state_name(uint8_t state)
{
	return named_find(states_table, state)->name;
}

int
mark_by_name(uint8_t *mark, struct cairn_span name)
{
	return named_by_name(mark, marks_table, name);
}

int
case_state_by_name(uint8_t *state, struct cairn_span name)
{
	return named_by_name(state, states_table, name);
}

bool
case_state_stops(uint8_t state)
{
	return named_find(states_table, state)->stops;
}

const struct retention_row *
retention_find(uint8_t kind, uint8_t mark)
{
	for (size_t i = 0; i < retention_count; i++)
		if (retention_table[i].kind == kind && retention_table[i].mark == mark)
			return &retention_table[i];
	return NULL;
}

int
retention_choose(uint8_t kind, uint32_t hours)
{
	int err = CAIRN_ERR_UNKNOWN;

	for (size_t i = 0; i < retention_count; i++) {
		const struct retention_row *row = &retention_table[i];

		if (row->kind != kind || row->hours == 0)
			continue;
		if (hours > row->hours || hours < row->least)
			return CAIRN_ERR_RANGE;
		err = CAIRN_OK;
	}
	return err;
}

static uint32_t
hours_of(const struct retention_row *row, uint32_t chosen)
{
	if (chosen >= row->hours)
		return row->hours;
	return chosen < row->least ? row->least : chosen;
}

/* When the time last went on after it was stopped, 0 when it never was; false while it is stopped. */
static bool
goes_on(uint64_t *ret_since, const struct retention_change *changes, size_t count)
{
	bool stopped = false;

	*ret_since = 0;
	for (size_t i = 0; i < count; i++) {
		bool stops = case_state_stops(changes[i].state);

		if (stopped && !stops && changes[i].time > *ret_since)
			*ret_since = changes[i].time;
		stopped = stops;
	}
	return !stopped;
}

enum retention_when
retention_due(uint64_t *ret_at, uint8_t kind, const struct retention_mark *marks, size_t mark_count,
    const struct retention_change *changes, size_t change_count, uint32_t chosen)
{
	enum retention_when when = RETENTION_NEVER;
	uint64_t since;
	bool going = goes_on(&since, changes, change_count);

	*ret_at = 0;
	for (size_t i = 0; i < mark_count; i++) {
		const struct retention_row *row = retention_find(kind, marks[i].mark);
		uint64_t from = marks[i].time > since ? marks[i].time : since, at;

		if (row == NULL)
			continue;
		if (!going)
			return RETENTION_HELD;
		at = from + (uint64_t)hours_of(row, chosen) * HOUR_SECONDS;
		at = at < from ? UINT64_MAX : at;
		if (when == RETENTION_NEVER || at < *ret_at)
			*ret_at = at;
		when = RETENTION_AT;
	}
	return when;
}
