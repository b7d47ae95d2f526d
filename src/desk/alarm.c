// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/alarm.h"

#include <time.h>

/* How the two numbers of an alarm are told to people. */
enum told { TOLD_NOT,
	TOLD_COUNT,
	TOLD_DAY,
	TOLD_HOUR };

static const struct {
	enum alarm_kind kind;
	const char *name;
	enum told a, b;
	const char *text; /* with a and b as text */
} alarms[] = {
    {ALARM_FORK, "fork", TOLD_COUNT, TOLD_HOUR,
	"the board is forked: this person was shown one of %s batches, signed %s, that is not "
	"ours. Somebody else signs "
	"with the board key, or the relay lies: tell the security officer now"},
    {ALARM_AHEAD, "ahead", TOLD_COUNT, TOLD_COUNT,
	"this person was shown a board of %s batches, and this device had written only %s. Somebody else signs with "
	"the board key, or this folder is an old copy: tell the security officer now"},
    {ALARM_FROZEN, "frozen", TOLD_DAY, TOLD_HOUR,
	"this person wrote on %s and was shown a board signed %s, though newer ones were out: the relay, or "
	"something on the way, keeps answers back. They may not have seen the last one"},
    {ALARM_TAGS, "tags", TOLD_DAY, TOLD_NOT,
	"a message of %s%s bears another tag key than this conversation had this month. It may come from somebody "
	"with a stolen device of the desk: verify who is speaking before anything depends on it"},
    {ALARM_SECOND_TAGS, "second-tags", TOLD_DAY, TOLD_NOT,
	"a message of %s%s names a second conversation that was known already, with another tag key: nothing was "
	"changed. Verify who is speaking"},
    {ALARM_BOARD, "board", TOLD_COUNT, TOLD_COUNT,
	"the relay has a board of %s batches that this device did not write (ours: %s). Another device publishes, or "
	"this folder is an old copy: stop publishing here and tell the security officer now"},
    {ALARM_RECORD, "record", TOLD_COUNT, TOLD_NOT,
	"record %s of the feed%s was passed over by all devices: whichever signed it is broken, or in wrong hands. "
	"'cairn desk devices' shows which one it is: tell the security officer now"},
};

int
alarm_raise(struct db *state, const struct alarm *alarm)
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
alarm_newest(struct db *state, struct alarm *out, size_t room, size_t *ret_count)
{
	struct query q = query(state, SQL_ALARM_LIST);

	bind_int(&q, room);
	return alarm_rows(&q, out, room, ret_count);
}

int
alarm_of(struct db *state, uint64_t conv, struct alarm *out, size_t room, size_t *ret_count)
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

#define TOLD_BYTES 32U

static const char *
told(char out[TOLD_BYTES], enum told how, uint64_t value)
{
	time_t at = (time_t)(how == TOLD_DAY ? value * 86400 : value * 3600);
	struct tm tm;

	out[0] = '\0';
	if (how == TOLD_COUNT)
		snprintf(out, TOLD_BYTES, "%llu", (unsigned long long)value);
	else if (how != TOLD_NOT && value <= UINT32_MAX && gmtime_r(&at, &tm) != NULL)
		strftime(out, TOLD_BYTES, how == TOLD_DAY ? "%Y-%m-%d" : "%Y-%m-%d %H:00 UTC", &tm);
	return out;
}

void
alarm_text(char out[ALARM_TEXT_MAX], const struct alarm *alarm)
{
	char a[TOLD_BYTES], b[TOLD_BYTES];

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(alarms) / sizeof(alarms[0]); i++) {
		if (alarms[i].kind != alarm->kind)
			continue;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(out, ALARM_TEXT_MAX, alarms[i].text, told(a, alarms[i].a, alarm->a),
		    told(b, alarms[i].b, alarm->b));
#pragma GCC diagnostic pop
	}
}
