// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/epoch.h"

#include "carry/say.h"

/*
 * When an epoch key may go. Its day must be more than three days past, and the drop must have been emptied since: an
 * emptying that ended with nothing left, and that no unfinished one came before within the time of a lease,
 * whose cells the relay would still hold back from everybody.
 *
 * The other devices are told, so that their keys go as well. They may have cells on a lease while this one
 * finds the drop empty: only a second whole emptying, begun when the leases of the first one's time were over, proves
 * that nothing is left from before the first.
 */

struct door_row {
	uint64_t begun;   /* an emptying that has not ended; 0: none */
	uint64_t drained; /* begin of the last that was whole */
	uint64_t refused; /* cells that did not open, ever */
	uint64_t mark;    /* begin of a whole one that the next is to prove */
	uint64_t told;    /* the last that the desk was told of, by whichever device */
};

static int
door_get(struct desk *desk, struct door_row *row, enum cairn_door door)
{
	struct query q = query(desk->state, SQL_DOOR_GET);

	*row = (struct door_row){0, 0, 0, 0, 0};
	bind_int(&q, door);
	if (query_row(&q))
		*row = (struct door_row){query_int(&q, 0), query_int(&q, 1), query_int(&q, 2), query_int(&q, 3),
		    query_int(&q, 4)};
	return query_end(&q);
}

static int
door_put(struct desk *desk, const struct door_row *row, enum cairn_door door)
{
	struct query q = query(desk->state, SQL_DOOR_PUT);

	bind_int(&q, door);
	bind_int(&q, row->begun);
	bind_int(&q, row->drained);
	bind_int(&q, row->refused);
	bind_int(&q, row->mark);
	bind_int(&q, row->told);
	return query_run(&q);
}

/* A whole one has ended. *ret_proven: begin of an earlier one, which this one proves; 0: none. */
static void
door_whole(struct door_row *row, uint64_t begun, uint64_t *ret_proven)
{
	*ret_proven = 0;
	row->drained = begun;
	row->begun = 0;
	if (row->mark != 0 && begun >= row->mark && begun - row->mark < EPOCH_LEASE_S)
		return;
	if (begun >= row->mark)
		*ret_proven = row->mark;
	row->mark = begun;
}

/* Once for each day that lets a key go: it is the others that need it. */
static int
drained_say(struct desk *desk, struct door_row *row, enum cairn_door door, uint64_t proven, uint64_t now)
{
	struct op_drained said = {.door = (uint8_t)door, .at = proven};
	struct query q;
	uint64_t devices;
	int err;

	if (proven == 0 || desk_day(proven) <= desk_day(row->told))
		return CAIRN_OK;
	q = carry_query(desk->carry, CARRY_DEVICE_COUNT);
	err = query_number(&q, &devices);
	if (err != CAIRN_OK || devices < 2)
		return err;
	row->told = proven;
	return say(desk->carry, carry_desk_compartment, OP_DRAINED, &said, now, NULL);
}

int
epoch_drain_begin(struct desk *desk, enum cairn_door door, uint64_t now, bool *whole)
{
	struct door_row row;
	int err = door_get(desk, &row, door);

	*whole = row.begun == 0 || (now >= row.begun && now - row.begun >= EPOCH_LEASE_S);
	if (err == CAIRN_OK && *whole) {
		row.begun = now;
		err = door_put(desk, &row, door);
	}
	return desk_state_trouble(desk, err);
}

int
epoch_drain_end(struct desk *desk, enum cairn_door door, uint64_t begun, bool whole, size_t refused, uint64_t now)
{
	struct door_row row;
	uint64_t proven = 0;
	int err = db_begin(desk->state);

	if (err == CAIRN_OK) {
		err = door_get(desk, &row, door);
		if (whole)
			door_whole(&row, begun, &proven);
		row.refused += refused;
		if (err == CAIRN_OK)
			err = drained_say(desk, &row, door, proven, now);
		if (err == CAIRN_OK)
			err = door_put(desk, &row, door);
		err = db_end(desk->state, err);
	}
	return desk_state_trouble(desk, err);
}

static int
epoch_erase_before(struct desk *desk, enum cairn_door door, uint32_t day, size_t *erased)
{
	struct query q = query(desk->state, SQL_EPOCH_ERASE);
	int err;

	bind_int(&q, door);
	bind_int(&q, day);
	err = query_run(&q);
	if (err == CAIRN_OK)
		*erased += db_changes(desk->state);
	if (err == CAIRN_OK && db_changes(desk->state) > 0)
		err = erasure_owe(erasure_of(desk->state));
	return err;
}

static uint32_t
day_before(uint32_t day, uint32_t days)
{
	return day < days ? 0 : day - days;
}

static int
epoch_erase_door(struct desk *desk, enum cairn_door door, uint32_t today, size_t *erased, uint32_t *warn_day)
{
	struct door_row row;
	uint64_t oldest;
	uint32_t drained;
	struct query q;
	int err = door_get(desk, &row, door);

	/* More than three days past, both today and when the drop was emptied. */
	drained = desk_day(row.drained) < today ? desk_day(row.drained) : today;
	if (err == CAIRN_OK)
		err = epoch_erase_before(desk, door, day_before(drained, EPOCH_KEEP_DAYS), erased);
	if (err == CAIRN_OK)
		err = epoch_erase_before(desk, door, day_before(today, EPOCH_FORCE_DAYS), erased);
	if (err != CAIRN_OK)
		return err;
	q = query(desk->state, SQL_EPOCH_OLDEST);
	bind_int(&q, door);
	err = query_number(&q, &oldest);
	if (err == CAIRN_OK && oldest != 0 && oldest + EPOCH_FORCE_DAYS < (uint64_t)today + EPOCH_WARN_DAYS &&
	    oldest < *warn_day)
		*warn_day = (uint32_t)oldest;
	return err;
}

int
epoch_erase(struct desk *desk, uint64_t now, size_t *ret_erased, uint32_t *ret_warn_day)
{
	int err = db_begin(desk->state);

	*ret_erased = 0;
	*ret_warn_day = UINT32_MAX;
	if (err == CAIRN_OK) {
		err = epoch_erase_door(desk, CAIRN_DOOR_INTAKE, desk_day(now), ret_erased, ret_warn_day);
		if (err == CAIRN_OK)
			err = epoch_erase_door(desk, CAIRN_DOOR_CAMPAIGN, desk_day(now), ret_erased, ret_warn_day);
		err = db_end(desk->state, err);
	}
	if (*ret_erased > 0)
		epoch_forget(desk);
	return desk_state_trouble(desk, err);
}

int
epoch_drained(struct desk *desk, const struct op_drained *said, uint32_t today)
{
	enum cairn_door door = (enum cairn_door)said->door;
	uint32_t drained = desk_day(said->at) < today ? desk_day(said->at) : today;
	struct door_row row;
	size_t erased = 0;
	int err = door_get(desk, &row, door);

	if (err != CAIRN_OK || said->at <= row.told)
		return err;
	row.told = said->at;
	err = door_put(desk, &row, door);
	if (err == CAIRN_OK)
		err = epoch_erase_before(desk, door, day_before(drained, EPOCH_KEEP_DAYS), &erased);
	if (erased > 0)
		epoch_forget(desk);
	return err;
}
