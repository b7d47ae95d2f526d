// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/tags.h"

#include <sodium.h>

#include "desk/sealed.h"

struct tag_row {
	uint64_t conv;
	uint32_t month;
	uint32_t day;
	uint8_t key[CAIRN_KEY_BYTES];
	bool proven;
};

static struct sealed_row
tag_sealed(const struct tag_row *row)
{
	return (struct sealed_row){"tag", row->conv, row->month, row->day};
}

static int
tag_put(struct db *state, const struct tag_row *row)
{
	uint8_t sealed[ERASURE_SEALED_BYTES];
	struct query q;
	int err = sealed_make(state, sealed, row->key, tag_sealed(row));

	if (err != CAIRN_OK)
		return err;
	q = query(state, SQL_TAG_PUT);
	bind_int(&q, row->conv);
	bind_int(&q, row->month);
	bind_int(&q, row->day);
	bind_bytes(&q, sealed, sizeof(sealed));
	bind_int(&q, row->proven);
	return query_run(&q);
}

static int
tag_get(struct db *state, struct tag_row *row, bool *ret_found)
{
	struct query q = query(state, SQL_TAG_GET);

	bind_int(&q, row->conv);
	bind_int(&q, row->month);
	*ret_found = query_row(&q);
	if (*ret_found) {
		row->day = (uint32_t)query_int(&q, 0);
		query_sealed(&q, 1, row->key, tag_sealed(row));
		row->proven = query_int(&q, 2) != 0;
	}
	return query_end(&q);
}

/* Moves the key on to day; not back. */
static void
tag_move(struct tag_row *row, uint32_t day)
{
	if (day > row->day && day - row->day > TAGS_STEP_DAYS)
		return;
	for (; row->day < day; row->day++)
		cairn_tag_key_step(row->key);
}

/* Are both of one chain? Compared on the later of their days; the given one may be moved by it. */
static bool
tag_continues(const struct tag_row *held, struct tag_row *given)
{
	struct tag_row copy = *held;
	bool same;

	tag_move(&copy, given->day);
	tag_move(given, copy.day);
	same = sodium_memcmp(copy.key, given->key, sizeof(copy.key)) == 0;
	sodium_memzero(&copy, sizeof(copy));
	return same;
}

/* What a statement has just dropped is to be erased. */
static int
tags_dropped(struct db *state, int err)
{
	return err == CAIRN_OK && db_changes(state) > 0 ? erasure_owe(erasure_of(state)) : err;
}

static int
tags_outdated_of(struct db *state, uint64_t conv, uint32_t today)
{
	struct query q = query(state, SQL_TAG_OUTDATED_OF);

	bind_int(&q, conv);
	bind_int(&q, today);
	return tags_dropped(state, query_run(&q));
}

static int
tags_keep(struct db *state, enum tags_result *ret, struct tag_row *given, uint32_t today)
{
	struct query q = query(state, SQL_TAG_NEWEST);
	uint64_t newest;
	int err;

	bind_int(&q, given->conv);
	err = query_number(&q, &newest);
	if (err != CAIRN_OK)
		return err;
	/* An older month is of no use once a newer one has begun. */
	if (newest > given->month && newest * CAIRN_MONTH_DAYS <= today) {
		*ret = TAGS_OLDER;
		return CAIRN_OK;
	}
	*ret = TAGS_NEW;
	err = tag_put(state, given);
	return err == CAIRN_OK ? tags_outdated_of(state, given->conv, today) : err;
}

/* The row of that month: what the caller has read, or out of the state. */
static int
tag_held(struct db *state, struct tag_row *row, const struct tags_held *held, bool *ret_found)
{
	if (held == NULL)
		return tag_get(state, row, ret_found);
	*ret_found = held->found;
	row->day = held->day;
	memcpy(row->key, held->key, sizeof(row->key));
	row->proven = held->proven;
	return CAIRN_OK;
}

int
tags_take(struct db *state, enum tags_result *ret, uint64_t conv, const struct cairn_hello *hello,
    const struct tags_held *known, bool proven, uint32_t today)
{
	struct tag_row held = {.conv = conv, .month = hello->day / CAIRN_MONTH_DAYS};
	struct tag_row given = {held.conv, held.month, hello->day, {0}, proven};
	bool found;
	int err = tag_held(state, &held, known, &found);

	memcpy(given.key, hello->tag_key, sizeof(given.key));
	tag_move(&given, today);
	if (err == CAIRN_OK && !found) {
		err = tags_keep(state, ret, &given, today);
	} else if (err == CAIRN_OK) {
		*ret = tag_continues(&held, &given) ? TAGS_CONTINUES : TAGS_BREAKS;
		if (proven && !held.proven)
			err = tags_dropped(state, tag_put(state, &given));
	}
	sodium_memzero(&held, sizeof(held));
	sodium_memzero(&given, sizeof(given));
	return err;
}

#define TAGS_AT_ONCE 256U

/* Moves on some that are behind; *count is 0 when there are no more. */
static int
tags_turn_some(struct db *state, struct tag_row rows[TAGS_AT_ONCE], uint32_t today, size_t *count)
{
	struct query q = query(state, SQL_TAG_BEHIND);
	int err;

	*count = 0;
	bind_int(&q, today);
	while (*count < TAGS_AT_ONCE && query_row(&q)) {
		struct tag_row *row = &rows[(*count)++];

		row->conv = query_int(&q, 0);
		row->month = (uint32_t)query_int(&q, 1);
		row->day = (uint32_t)query_int(&q, 2);
		query_sealed(&q, 3, row->key, tag_sealed(row));
		row->proven = query_int(&q, 4) != 0;
	}
	err = query_end(&q);
	for (size_t i = 0; i < *count && err == CAIRN_OK; i++) {
		tag_move(&rows[i], today);
		err = rows[i].day < today ? CAIRN_ERR_CLOCK : tag_put(state, &rows[i]);
	}
	return err;
}

static int
tags_drop_old(struct db *state, uint32_t today)
{
	struct query q = query(state, SQL_TAG_OUTDATED);
	int err;

	bind_int(&q, today);
	err = tags_dropped(state, query_run(&q));
	if (err != CAIRN_OK)
		return err;
	q = query(state, SQL_COUNT_OUTDATED);
	bind_int(&q, today);
	return query_run(&q);
}

int
tags_turn(struct db *state, uint32_t today, size_t *ret_moved)
{
	struct tag_row *rows = sodium_malloc(TAGS_AT_ONCE * sizeof(*rows));
	size_t count = 0;
	int err = rows == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;

	*ret_moved = 0;
	while (err == CAIRN_OK) {
		err = tags_turn_some(state, rows, today, &count);
		if (count == 0)
			break;
		*ret_moved += count;
	}
	if (err == CAIRN_OK && *ret_moved > 0)
		err = erasure_owe(erasure_of(state));
	if (err == CAIRN_OK)
		err = tags_drop_old(state, today);
	sodium_free(rows);
	return err;
}

/* The row to seal with: today's, else tomorrow's (of a clock ahead), of the newest month begun. */
static int
tag_for(struct db *state, struct tag_row *row, uint64_t conv, uint32_t today)
{
	struct query q = query(state, SQL_TAG_FOR);
	bool found;
	int err;

	row->conv = conv;
	bind_int(&q, conv);
	bind_int(&q, today);
	bind_int(&q, (uint64_t)today + 1);
	found = query_row(&q);
	if (found) {
		row->month = (uint32_t)query_int(&q, 0);
		row->day = (uint32_t)query_int(&q, 1);
		query_sealed(&q, 2, row->key, tag_sealed(row));
	}
	err = query_end(&q);
	if (err != CAIRN_OK)
		return err;
	return !found || row->day / CAIRN_MONTH_DAYS > row->month + TAGS_MONTHS ? CAIRN_ERR_UNKNOWN : CAIRN_OK;
}

int
tags_ready(struct db *state, bool *ret, uint64_t conv, uint32_t today)
{
	struct tag_row row;
	int err = tag_for(state, &row, conv, today);

	sodium_memzero(&row, sizeof(row));
	*ret = err == CAIRN_OK;
	return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
}

int
tags_on_board(struct db *state, bool *ret, const uint8_t tag[CAIRN_TAG_BYTES])
{
	struct query q = query(state, SQL_BOARD_TAG_HAVE);
	uint64_t have;
	int err;

	bind_bytes(&q, tag, CAIRN_TAG_BYTES);
	err = query_number(&q, &have);
	*ret = have != 0;
	return err;
}

static int
tag_count_get(struct db *state, const struct tag_row *row, uint64_t *next)
{
	struct query q = query(state, SQL_COUNT_GET);

	bind_int(&q, row->conv);
	bind_int(&q, row->day);
	return query_number(&q, next);
}

static int
tag_count_put(struct db *state, const struct tag_row *row, uint64_t next)
{
	struct query q = query(state, SQL_COUNT_PUT);

	bind_int(&q, row->conv);
	bind_int(&q, row->day);
	bind_int(&q, next);
	return query_run(&q);
}

/* The first tag from n on that is not on the board; CAIRN_ERR_BUSY when there is none. */
static int
tag_pick(struct db *state, uint8_t tag[CAIRN_TAG_BYTES], const struct tag_row *row, uint8_t lane, uint64_t *n)
{
	bool used = true;
	int err = CAIRN_OK;

	for (; *n < CAIRN_LANE_TAGS && err == CAIRN_OK; (*n)++) {
		cairn_tag(tag, row->key, lane, (uint16_t)*n);
		err = tags_on_board(state, &used, tag);
		if (err == CAIRN_OK && !used)
			return CAIRN_OK;
	}
	return err == CAIRN_OK ? CAIRN_ERR_BUSY : err;
}

int
tags_next(struct db *state, uint8_t tag[CAIRN_TAG_BYTES], uint32_t *ret_day, uint64_t conv, uint8_t lane,
    uint32_t today)
{
	struct tag_row row;
	uint64_t n = 0;
	int err = tag_for(state, &row, conv, today);

	if (err == CAIRN_OK)
		err = tag_count_get(state, &row, &n);
	if (err == CAIRN_OK)
		err = tag_pick(state, tag, &row, lane, &n);
	if (err == CAIRN_OK)
		err = tag_count_put(state, &row, n + 1);
	if (err == CAIRN_OK)
		*ret_day = row.day;
	sodium_memzero(&row, sizeof(row));
	return err;
}

int
tags_owed(struct db *state, const uint8_t device[CAIRN_DEVICE_ID_BYTES], struct box_grant *out, size_t room,
    size_t *ret_count)
{
	struct query q = query(state, SQL_TAG_OWED);

	bind_bytes(&q, device, CAIRN_DEVICE_ID_BYTES);
	bind_int(&q, room);
	while (*ret_count < room && query_row(&q)) {
		struct box_grant *grant = &out[*ret_count];
		struct tag_row row = {.conv = query_int(&q, 2)};

		memset(grant, 0, sizeof(*grant));
		grant->what = BOX_TAG;
		query_bytes(&q, 0, grant->id, sizeof(grant->id));
		query_bytes(&q, 1, grant->compartment, sizeof(grant->compartment));
		grant->month = row.month = (uint32_t)query_int(&q, 3);
		grant->day = row.day = (uint32_t)query_int(&q, 4);
		query_sealed(&q, 5, grant->secret, tag_sealed(&row));
		++*ret_count;
	}
	return query_end(&q);
}

int
tags_given(struct db *state, uint64_t conv, const struct box_grant *grant, uint32_t today)
{
	struct tag_row given = {.conv = conv, .month = grant->month, .day = grant->day, .proven = true}, held = given;
	enum tags_result result;
	bool found;
	int err = tag_get(state, &held, &found);

	memcpy(given.key, grant->secret, sizeof(given.key));
	tag_move(&given, today);
	if (err == CAIRN_OK && !found)
		err = tags_keep(state, &result, &given, today);
	sodium_memzero(&given, sizeof(given));
	sodium_memzero(&held, sizeof(held));
	return err;
}
