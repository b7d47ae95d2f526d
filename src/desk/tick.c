// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/tick.h"

#include "carry/publisher.h"
#include "desk/batch.h"
#include "desk/card.h"
#include "desk/collecting.h"
#include "desk/epoch.h"
#include "desk/in_step.h"
#include "desk/roster.h"
#include "desk/tell.h"
#include "desk/tags.h"

static int
self_day(struct desk *desk, enum desk_statement which, uint32_t day)
{
	struct query q = query(desk->state, which);

	bind_int(&q, day);
	return query_run(&q);
}

/* Is this day one that may be acted on, where acting throws keys away? */
static bool
day_trusted(struct desk *desk, uint32_t today)
{
	uint32_t last = desk->self.trusted_day;

	return desk->clock_agreed || (today >= last && today - last <= TICK_TRUST_DAYS);
}

static int
turn_all(struct desk *desk, size_t *moved, uint32_t today)
{
	int err = tags_turn(desk->state, today, moved);

	if (err == CAIRN_OK)
		err = self_day(desk, SQL_SELF_TURNED, today);
	if (err == CAIRN_OK && desk->clock_agreed)
		err = self_day(desk, SQL_SELF_TRUSTED, today);
	return err;
}

int
desk_turn(struct desk *desk, size_t *ret_moved, uint64_t now)
{
	uint32_t today = desk_day(now);
	int err;

	*ret_moved = 0;
	if (!day_trusted(desk, today))
		return desk_trouble(desk, CAIRN_ERR_CLOCK,
		    "this machine's clock jumped since the desk was open last: keys are erased "
		    "by the day, so nothing is "
		    "erased or published until the relay has answered; check the date");
	if (today == desk->self.turned_day && (today == desk->self.trusted_day || !desk->clock_agreed))
		return CAIRN_OK;
	err = db_begin(desk->state);
	if (err == CAIRN_OK)
		err = db_end(desk->state, turn_all(desk, ret_moved, today));
	if (err != CAIRN_OK)
		return desk_state_trouble(desk, err);
	desk->self.turned_day = today;
	if (desk->clock_agreed)
		desk->self.trusted_day = today;
	return CAIRN_OK;
}

int
desk_card_days(struct desk *desk, uint32_t *ret_days, uint64_t now)
{
	struct cairn_card card;
	uint8_t *bytes;
	size_t size;
	int err = card_read(desk, &card, &bytes, &size, desk_day(now));

	*ret_days = err == CAIRN_OK ? card.not_after - desk_day(now) + 1 : 0;
	free(bytes);
	return err == CAIRN_ERR_STALE ? CAIRN_OK : err;
}

/* What a round hands from step to step. */
struct round {
	struct desk *desk;
	struct tick *tick;
	uint64_t now;
	files_progress *progress;
	void *arg;
};

/* Once, and again when there is a newer one. */
static int
round_roster(struct round *r)
{
	uint8_t *bytes;
	uint64_t serial = 0;
	size_t size;
	int err = desk_state_trouble(r->desk, state_note_get(r->desk->state, "roster", &bytes, &size, &serial));

	free(bytes);
	if (err != CAIRN_OK || (r->tick->roster_put && r->tick->roster_serial == serial))
		return err;
	err = roster_put(r->desk);
	r->tick->roster_put = err == CAIRN_OK;
	r->tick->roster_serial = serial;
	/* The relay has a newer one, which this device hears of in a moment. */
	return err == CAIRN_ERR_FORMAT ? CAIRN_OK : err;
}

static int
round_sync(struct round *r)
{
	int err = desk_sync(r->desk, &r->tick->sync, 0, r->now, NULL, NULL);

	return err == CAIRN_OK ? tell_everything(r->desk, r->now) : err;
}

static int
round_collect(struct round *r)
{
	int err = CAIRN_OK;

	if (self_has_role(r->desk, "intake"))
		err = desk_collect(r->desk, CAIRN_DOOR_INTAKE, &r->tick->received, r->now);
	if (err == CAIRN_OK && self_has_role(r->desk, "publish"))
		err = desk_collect(r->desk, CAIRN_DOOR_CAMPAIGN, &r->tick->received, r->now);
	return err;
}

static int
round_files(struct round *r)
{
	return files_fetch(r->desk, &r->tick->files, r->progress, r->arg);
}

static int
round_turn(struct round *r)
{
	return desk_turn(r->desk, &r->tick->moved, r->now);
}

/* The publisher publishes; any other device hands over what it has sealed. Both then tell the others. */
static int
round_publish(struct round *r)
{
	struct publisher publisher;
	size_t cells;
	int err = self_publishes(r->desk) ? desk_publish(r->desk, &r->tick->published, r->now)
					  : batch_hand_over(r->desk, &cells, r->now);

	if (publisher_now(r->desk->carry, &publisher) == CAIRN_OK)
		r->tick->unpublished = publisher.term > 0 && (publisher.stopped || publisher.gone);
	return err == CAIRN_OK ? desk_sync(r->desk, &r->tick->sync, 0, r->now, NULL, NULL) : err;
}

static int
round_erase(struct round *r)
{
	r->tick->warn_day = UINT32_MAX;
	if (!day_trusted(r->desk, desk_day(r->now)))
		return CAIRN_OK;
	return epoch_erase(r->desk, r->now, &r->tick->erased, &r->tick->warn_day);
}

int
desk_forget(struct desk *desk)
{
	return desk_state_trouble(desk, erasure_settle(erasure_of(desk->state)));
}

static int
round_forget(struct round *r)
{
	return desk_forget(r->desk);
}

/* Whom the room above asks is not the relay, and may be slow: nothing waits for it. */
static int
round_room(struct round *r)
{
	const struct desk_room *room = r->desk->room;

	return room == NULL || room->round == NULL ? CAIRN_OK : room->round(r->desk, r->tick->said, r->now);
}

/*
 * Collecting first: it shows whether the clock is right, and brings the newest tag keys. Turning
 * before publishing: a reply is sealed under today's. Where one step fails the later ones are tried
 * all the same, unless they need it.
 */
static const struct {
	int (*run)(struct round *r);
	bool network;
} round_steps[TICK_STEPS] = {
    [TICK_ROSTER] = {round_roster, true},
    [TICK_SYNC] = {round_sync, true},
    [TICK_COLLECT] = {round_collect, true},
    [TICK_FILES] = {round_files, true},
    [TICK_TURN] = {round_turn, false},
    [TICK_PUBLISH] = {round_publish, true},
    [TICK_ERASE] = {round_erase, false},
    [TICK_FORGET] = {round_forget, false},
    [TICK_ROOM] = {round_room, false},
};

static void
tick_begin(struct desk *desk, struct tick *tick)
{
	bool put = tick->roster_put;
	uint64_t serial = tick->roster_serial;

	memset(tick, 0, sizeof(*tick));
	tick->roster_put = put;
	tick->roster_serial = serial;
	tick->warn_day = UINT32_MAX;
	desk->clock_agreed = false;
}

void
desk_tick(struct desk *desk, struct tick *tick, uint64_t now, files_progress *progress, void *arg)
{
	struct round r = {desk, tick, now, progress, arg};
	bool silent = false; /* the relay does not answer: it is not asked for the rest of the round */
	bool turned = true;

	tick_begin(desk, tick);
	for (enum tick_step i = 0; i < TICK_STEPS; i++) {
		int err;

		if ((silent && round_steps[i].network) || (!turned && i == TICK_PUBLISH))
			continue;
		desk->trouble[0] = '\0';
		err = round_steps[i].run(&r);
		silent = silent || err == CAIRN_ERR_IO;
		turned = turned && !(i == TICK_TURN && err != CAIRN_OK);
		if (err == CAIRN_OK || tick->err != CAIRN_OK)
			continue;
		tick->err = err;
		tick->failed = i;
		snprintf(tick->trouble, sizeof(tick->trouble), "%s",
		    desk->trouble[0] == '\0' ? cairn_strerror(err) : desk->trouble);
	}
	if (desk_card_days(desk, &tick->card_days, now) != CAIRN_OK)
		tick->card_days = 0;
}
