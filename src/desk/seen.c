// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/seen.h"

#include "base/bytes.h"
#include "desk/alarm.h"

#define SEEN_ROOT_AT 8U
#define SEEN_HOUR_AT 40U

/* Hours of a day's clock that are no reason to cry frozen: a person's date may be off by one. */
#define SEEN_SLACK_HOURS 24U

struct seen {
	uint64_t size;
	const uint8_t *root;
	uint32_t hour;
};

static int
seen_raise(struct desk *desk, size_t *alarms, uint64_t conv, enum alarm_kind kind, uint64_t a, uint64_t b,
    uint64_t now)
{
	struct alarm alarm = {now, conv, kind, a, b};

	++*alarms;
	return alarm_raise(desk->state, &alarm);
}

/* Was there a newer board for more than a day before the one they were shown? */
static int
seen_frozen(struct desk *desk, bool *ret, const struct seen *seen, uint32_t day)
{
	struct query q = query(desk->state, SQL_BOARD_BEFORE);
	uint64_t size = 0;
	int err;

	bind_int(&q, day == 0 ? 0 : (uint64_t)day * 24 - SEEN_SLACK_HOURS);
	err = query_number(&q, &size);
	*ret = size > seen->size;
	return err;
}

/* Our own text of that size; *ret_same is whether root and hour are theirs. */
static int
seen_compare(struct desk *desk, bool *ret_have, bool *ret_same, const struct seen *seen)
{
	struct query q = query(desk->state, SQL_BOARD_AT);
	uint8_t root[32];

	bind_int(&q, seen->size);
	*ret_have = query_row(&q);
	*ret_same = false;
	if (*ret_have) {
		query_bytes(&q, 1, root, sizeof(root));
		*ret_same = query_int(&q, 0) == seen->hour && memcmp(root, seen->root, sizeof(root)) == 0;
	}
	return query_end(&q);
}

int
seen_check(struct desk *desk, size_t *alarms, uint64_t conv, uint32_t day, const uint8_t bytes[44], uint64_t now)
{
	struct seen seen = {get_u64(bytes), bytes + SEEN_ROOT_AT, get_u32(bytes + SEEN_HOUR_AT)};
	struct query q = query(desk->state, SQL_BOARD_HEAD);
	uint64_t newest;
	bool have, same, frozen;
	int err = query_number(&q, &newest);

	if (err != CAIRN_OK)
		return err;
	if (seen.size > newest)
		return seen_raise(desk, alarms, conv, ALARM_AHEAD,
		    seen.size > CAIRN_TREE_SIZE_MAX ? CAIRN_TREE_SIZE_MAX : seen.size, newest, now);
	err = seen_compare(desk, &have, &same, &seen);
	if (err == CAIRN_OK && seen.size > 0 && !(have && same))
		return seen_raise(desk, alarms, conv, ALARM_FORK, seen.size, seen.hour, now);
	if (err == CAIRN_OK)
		err = seen_frozen(desk, &frozen, &seen, day);
	if (err == CAIRN_OK && frozen)
		err = seen_raise(desk, alarms, conv, ALARM_FROZEN, day, seen.hour, now);
	return err;
}
