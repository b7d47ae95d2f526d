// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/collecting.h"

#include "cairn/collect.h"
#include "desk/epoch.h"
#include "desk/tell.h"

static int
collect_keep(struct desk *desk, const struct cairn_collect *collect, struct received *tally, uint64_t now)
{
	struct received kept = *tally;
	int err = db_begin(desk->state);

	if (err == CAIRN_OK) {
		for (size_t i = 0; i < collect->count && err == CAIRN_OK; i++)
			err = receive_cell(desk, &kept, collect->cells[i], now);
		err = db_end(desk->state, err);
	}
	if (err == CAIRN_OK)
		*tally = kept;
	return desk_state_trouble(desk, err);
}

static int
collect_request(struct desk *desk, struct cairn_collect *collect)
{
	const uint8_t *body;
	size_t bytes;
	int status;
	int err = desk_exchange(desk, &collect->request, &status, &body, &bytes);

	if (err == CAIRN_OK)
		cairn_collect_answer(collect, status, body, bytes);
	return err;
}

static int
collect_run(struct desk *desk, struct cairn_collect *collect, struct received *tally, uint64_t now)
{
	int err = CAIRN_OK;

	while (err == CAIRN_OK) {
		switch (cairn_collect_next(collect)) {
		case CAIRN_STEP_REQUEST:
			err = collect_request(desk, collect);
			break;
		case CAIRN_STEP_STORE:
			err = collect_keep(desk, collect, tally, now);
			/* In the feed as well, before the drop forgets them. */
			if (err == CAIRN_OK)
				err = tell_all(desk, now);
			if (err == CAIRN_OK)
				cairn_collect_stored(collect);
			break;
		case CAIRN_STEP_DONE:
			return CAIRN_OK;
		default:
			return desk_trouble(desk, collect->err,
			    "the relay's answer to collecting is none that this version knows: tell its operator");
		}
	}
	return err;
}

int
desk_collect(struct desk *desk, enum cairn_door door, struct received *tally, uint64_t now)
{
	struct cairn_collect *collect = malloc(sizeof(*collect));
	size_t refused = tally->refused + tally->unopened;
	bool whole;
	int err;

	if (collect == NULL)
		return desk_state_trouble(desk, CAIRN_ERR_NOMEM);
	cairn_collect_init(collect, door);
	err = epoch_drain_begin(desk, door, now, &whole);
	if (err == CAIRN_OK)
		err = collect_run(desk, collect, tally, now);
	if (err == CAIRN_OK)
		err = epoch_drain_end(desk, door, now, whole, tally->refused + tally->unopened - refused, now);
	free(collect);
	return err;
}
