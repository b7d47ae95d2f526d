// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/alarm.h"

static const struct {
	enum alarm_kind kind;
	const char *name;
	const char *text; /* with two numbers, a and b */
} alarms[] = {
	{ALARM_FORK, "fork",
	    "the board is forked: this person was shown %llu batches with another content than ours (difference "
	    "noted at %llu). Somebody else signs with the board key, or the relay lies: tell the security officer now"},
	{ALARM_AHEAD, "ahead",
	    "this person was shown a board of %llu batches, and this device had written only %llu. Somebody else signs with "
	    "the board key, or this folder is an old copy: tell the security officer now"},
	{ALARM_FROZEN, "frozen",
	    "this person wrote on day %llu and was shown an old board, of hour %llu: the relay, or something on the way, "
	    "keeps newer answers back. They may not have seen your last answer"},
	{ALARM_TAGS, "tags",
	    "a message of day %llu bears another tag key than this conversation had (%llu). It may come from somebody "
	    "with a stolen device of the desk: verify who is speaking before anything depends on it"},
	{ALARM_SECOND_TAGS, "second-tags",
	    "a message of day %llu names a second conversation that was known already, with another tag key "
	    "(%llu): nothing was changed. Verify who is speaking"},
	{ALARM_BOARD, "board",
	    "the relay has a board of %llu batches that this device did not write (ours: %llu). Another device publishes, or "
	    "this folder is an old copy: stop publishing here and tell the security officer now"},
};

int
alarm_raise(struct state *state, const struct alarm *alarm)
{
	struct query q = query(state, SQL_ALARM_ADD);

	bind_int(&q, alarm->at);
	bind_int(&q, alarm->conv);
	bind_int(&q, alarm->kind);
	bind_int(&q, alarm->a);
	bind_int(&q, alarm->b);
	return query_run(&q);
}

static int
alarm_rows(struct query *q, struct alarm *out, size_t room, size_t *ret_count)
{
	*ret_count = 0;
	while (*ret_count < room && query_row(q))
		out[(*ret_count)++] = (struct alarm){query_int(q, 1), query_int(q, 2),
		    (enum alarm_kind)query_int(q, 3), query_int(q, 4), query_int(q, 5)};
	return query_end(q);
}

int
alarm_newest(struct state *state, struct alarm *out, size_t room, size_t *ret_count)
{
	struct query q = query(state, SQL_ALARM_LIST);

	bind_int(&q, room);
	return alarm_rows(&q, out, room, ret_count);
}

int
alarm_of(struct state *state, uint64_t conv, struct alarm *out, size_t room, size_t *ret_count)
{
	struct query q = query(state, SQL_ALARM_OF);

	bind_int(&q, conv);
	return alarm_rows(&q, out, room, ret_count);
}

const char *
alarm_name(enum alarm_kind kind)
{
	for (size_t i = 0; i < sizeof(alarms) / sizeof(alarms[0]); i++)
		if (alarms[i].kind == kind)
			return alarms[i].name;
	return "unknown";
}

void
alarm_text(char out[ALARM_TEXT_MAX], const struct alarm *alarm)
{
	out[0] = '\0';
	for (size_t i = 0; i < sizeof(alarms) / sizeof(alarms[0]); i++) {
		if (alarms[i].kind != alarm->kind)
			continue;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(out, ALARM_TEXT_MAX, alarms[i].text, (unsigned long long)alarm->a,
		    (unsigned long long)alarm->b);
#pragma GCC diagnostic pop
	}
}
