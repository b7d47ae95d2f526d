// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/sync.h"

#include <string.h>

#include "carry/apply.h"
#include "carry/compartments.h"
#include "carry/day_keys.h"
#include "carry/duties.h"
#include "carry/feed.h"
#include "carry/joining.h"
#include "carry/keys.h"
#include "carry/opening.h"

#define ROUNDS_MAX 1000U /* of duties and losing races; then the next sync goes on */

/* At the head, and nothing of it is older than this device knows. */
static int
head_reached(struct carry *carry)
{
	uint32_t today = carry_day(carry->now);
	size_t moved;
	int err = db_begin(carry->db);

	if (err != CAIRN_OK)
		return err;
	err = feed_position_head(carry, today);
	/* A day of grace: others' clocks may be a little behind. */
	if (err == CAIRN_OK)
		err = keys_turn(carry, today - 1, &moved);
	if (err == CAIRN_OK)
		err = day_keys_erase(carry, today - DAY_KEY_KEEP_DAYS);
	if (err == CAIRN_OK)
		err = openings_turn(carry, carry->now);
	return db_end(carry->db, err);
}

int
sync_left(struct carry *carry, struct sync *ret)
{
	struct query q = carry_query(carry, CARRY_OUTBOX_COUNT);
	uint64_t number;
	int err = query_number(&q, &number);

	if (err != CAIRN_OK)
		return err;
	ret->waiting = (size_t)number;
	q = carry_query(carry, CARRY_HOLE_FIRST);
	ret->hole = UINT64_MAX;
	if (query_row(&q) && query_kind(&q, 0) == QUERY_INT)
		ret->hole = query_int(&q, 0);
	return query_end(&q);
}

/* A record is gone, and no destroyed compartment accounts for it: whoever took it could hide anything behind that. */
static int
hole_check(struct carry *carry)
{
	struct query q = carry_query(carry, CARRY_HOLE_FIRST);
	uint64_t seq = 0;
	bool there;
	int err;

	there = query_row(&q) && query_kind(&q, 0) == QUERY_INT;
	if (there)
		seq = query_int(&q, 0);
	err = query_end(&q);
	if (err != CAIRN_OK || !there)
		return err;
	return carry_trouble(carry, CAIRN_ERR_CONFLICT,
	    "record %llu of the feed was deleted, and nobody accounts for it: the relay, or a device of the "
	    "desk, has taken it "
	    "away. Nothing is sent. Tell the security officer; when it is known by whom, have this device "
	    "admitted again",
	    (unsigned long long)seq);
}

/* Nothing was to be read, which would have told it. Whatever this device said, it has nothing to seal it with. */
static int
key_check(struct carry *carry)
{
	struct carry_compartment desk;
	uint32_t gen, day;
	int err = compartment_at(carry, &desk, CARRY_DESK);

	if (err == CAIRN_OK)
		err = key_held(carry, CARRY_DESK, &gen, &day);
	return err == CAIRN_ERR_UNKNOWN || (err == CAIRN_OK && gen != desk.gen) ? desk_key_gone(carry) : err;
}

/* Reads to the head, then does and sends; and again, while somebody else was quicker or something came of it. */
static int
rounds(struct carry *carry, struct sync *ret, unsigned wait_s, sync_progress *progress, void *arg)
{
	bool any = true;
	int err = CAIRN_OK;

	for (unsigned i = 0; i < ROUNDS_MAX && err == CAIRN_OK && any; i++) {
		err = sync_pull(carry, ret, i == 0 ? wait_s : 0, progress, arg);
		if (err == CAIRN_OK && joining(carry))
			return CAIRN_OK; /* whoever admits it has not said all of the state yet */
		if (err == CAIRN_OK)
			err = head_reached(carry);
		if (err == CAIRN_OK)
			err = hole_check(carry);
		if (err == CAIRN_OK)
			err = key_check(carry);
		if (err == CAIRN_OK)
			err = duties_do(carry, ret, &any);
		if (err == CAIRN_ERR_BUSY && carry->trouble[0] == '\0') {
			any = true;
			err = CAIRN_OK;
		}
	}
	return err;
}

int
carry_sync(struct carry *carry, struct sync *ret, unsigned wait_s, uint64_t now, sync_progress *progress, void *arg)
{
	int err, end;

	memset(ret, 0, sizeof(*ret));
	carry->now = now;
	carry->trouble[0] = '\0';
	/* Of which this device knows already: what stops the rounds must not stop it. If it fails, it comes again. */
	if (duty_suspend(carry) != CAIRN_OK)
		carry->trouble[0] = '\0';
	err = rounds(carry, ret, wait_s, progress, arg);
	if (err == CAIRN_OK)
		err = duty_suspend(carry);
	if (err == CAIRN_OK)
		err = duty_delete(carry);
	end = sync_left(carry, ret);
	if (end == CAIRN_OK)
		end = erasure_settle(carry->erasure);
	return err == CAIRN_OK ? end : err;
}
