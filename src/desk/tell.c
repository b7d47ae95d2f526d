// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/tell.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/cases.h"
#include "carry/devices.h"
#include "carry/due.h"
#include "carry/membership.h"
#include "carry/publisher.h"
#include "carry/say.h"
#include "desk/in_step.h"
#include "desk/words.h"

#define UNPLACED_MAX 256U
#define MSGIDS_MAX 256U

/* A compartment of a new case, in the same transaction that notes it. */
static int
place(struct desk *desk, uint64_t conv, uint64_t now)
{
	uint8_t id[OP_ID_BYTES], case_id[OP_ID_BYTES] = {0};
	struct query q;
	int err = carry_open(desk->carry, id, KIND_CONTACT, case_id, NULL, 0, false, now);

	if (err != CAIRN_OK)
		return err;
	q = query(desk->state, SQL_CONV_PLACE);
	bind_int(&q, conv);
	bind_bytes(&q, id, sizeof(id));
	return query_run(&q);
}

static int
place_some(struct desk *desk, bool *ret_any, uint64_t now)
{
	uint64_t convs[UNPLACED_MAX];
	struct query q = query(desk->state, SQL_CONV_UNPLACED);
	size_t count = 0;
	int err;

	while (count < UNPLACED_MAX && query_row(&q))
		convs[count++] = query_int(&q, 0);
	err = query_end(&q);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		err = place(desk, convs[i], now);
	*ret_any = *ret_any || count > 0;
	return err;
}

/* The number that people call it by is that of its compartment, which is the same on all devices. */
static uint64_t
number_of(uint64_t compartment)
{
	return compartment - 1;
}

/* What an unsaid conversation is to say. */
struct unsaid {
	uint64_t conv;
	uint64_t compartment;
	uint8_t id[OP_ID_BYTES];
	struct op_conversation said;
};

static int
unsaid_next(struct desk *desk, struct unsaid *u, bool *ret_found)
{
	struct query q = query(desk->state, SQL_CONV_UNSAID);

	memset(u, 0, sizeof(*u));
	*ret_found = query_row(&q);
	if (*ret_found) {
		u->conv = query_int(&q, 0);
		query_bytes(&q, 1, u->said.conv, sizeof(u->said.conv));
		u->said.door = (uint8_t)query_int(&q, 2);
		u->said.words = (uint32_t)query_int(&q, 3);
		query_bytes(&q, 4, u->id, sizeof(u->id));
		query_bytes(&q, 5, u->said.reply_key, sizeof(u->said.reply_key));
		u->compartment = query_int(&q, 6);
	}
	return query_end(&q);
}

static int
say_conversation(struct desk *desk, bool *ret_found, uint64_t now)
{
	struct unsaid u;
	struct query q;
	int err = unsaid_next(desk, &u, ret_found);

	if (err == CAIRN_OK && *ret_found)
		err = say(desk->carry, u.id, OP_CONVERSATION, &u.said, now, NULL);
	/* Removed from it since: it is not this device's to tell. */
	if (err == CAIRN_ERR_DENIED || err == CAIRN_ERR_STALE)
		err = CAIRN_OK;
	if (err != CAIRN_OK || !*ret_found)
		return err;
	q = query(desk->state, SQL_CONV_SAID);
	bind_int(&q, u.conv);
	bind_int(&q, number_of(u.compartment));
	return query_run(&q);
}

/* One message that the others were not told. Its words are wiped. */
struct telling {
	uint64_t row;
	uint8_t compartment[OP_ID_BYTES];
	struct op_message said;
	uint8_t *records;
	size_t bytes;
};

static int
telling_next(struct desk *desk, struct telling *t, bool *ret_found)
{
	struct query q = query(desk->state, SQL_MESSAGE_UNSHARED);

	memset(t, 0, sizeof(*t));
	*ret_found = query_row(&q);
	if (*ret_found) {
		uint64_t conv = query_int(&q, 1);

		t->row = query_int(&q, 0);
		query_bytes(&q, 2, t->said.msgid, sizeof(t->said.msgid));
		t->said.door = (uint8_t)query_int(&q, 3);
		t->said.day = (uint32_t)query_int(&q, 4);
		t->said.at = query_int(&q, 5);
		query_bytes(&q, 7, t->said.conv, sizeof(t->said.conv));
		query_bytes(&q, 8, t->compartment, sizeof(t->compartment));
		if (q.err == CAIRN_OK)
			q.err = words_open(&q, 6, &t->records, &t->bytes, conv, 0);
	}
	return query_end(&q);
}

static int
say_message(struct desk *desk, bool *ret_found, uint64_t now)
{
	struct telling t;
	struct query q;
	int err = telling_next(desk, &t, ret_found);

	t.said.records = (struct cairn_span){(const char *)t.records, t.bytes};
	if (err == CAIRN_OK && *ret_found)
		err = say(desk->carry, t.compartment, OP_MESSAGE, &t.said, now, NULL);
	if (err == CAIRN_ERR_DENIED || err == CAIRN_ERR_STALE)
		err = CAIRN_OK;
	if (t.records != NULL)
		sodium_memzero(t.records, t.bytes);
	free(t.records);
	if (err != CAIRN_OK || !*ret_found)
		return err;
	q = query(desk->state, SQL_MESSAGE_SHARED);
	bind_int(&q, t.row);
	return query_run(&q);
}

static int
say_some(struct desk *desk, bool *ret_any, uint64_t now)
{
	bool found = true;
	int err = CAIRN_OK;

	while (err == CAIRN_OK && found) {
		err = say_conversation(desk, &found, now);
		*ret_any = *ret_any || found;
	}
	found = true;
	while (err == CAIRN_OK && found) {
		err = say_message(desk, &found, now);
		*ret_any = *ret_any || found;
	}
	return err;
}

/* One step in a transaction of its own, and what it said is sent. */
static int
tell_step(struct desk *desk, int (*step)(struct desk *desk, bool *ret_any, uint64_t now), uint64_t now)
{
	struct sync sync;
	bool any = false;
	int err = db_begin(desk->state);

	if (err == CAIRN_OK)
		err = db_end(desk->state, step(desk, &any, now));
	if (err != CAIRN_OK)
		return desk_state_trouble(desk, err);
	return any ? desk_sync(desk, &sync, 0, now, NULL, NULL) : CAIRN_OK;
}

int
tell_all(struct desk *desk, uint64_t now)
{
	int err = tell_step(desk, place_some, now);

	return err == CAIRN_OK ? tell_step(desk, say_some, now) : err;
}

int
tell_everything(struct desk *desk, uint64_t now)
{
	int err = tell_all(desk, now);

	return err == CAIRN_OK && desk->room != NULL && desk->room->tell != NULL ? desk->room->tell(desk, now) : err;
}

/* Where the others are told of a conversation. CAIRN_ERR_UNKNOWN: they are not, yet. */
static int
compartment_of(struct desk *desk, uint8_t id[OP_ID_BYTES], uint8_t conv_id[OP_ID_BYTES], uint64_t conv)
{
	struct query q = query(desk->state, SQL_CONV_COMPARTMENT);
	bool there;
	int err;

	bind_int(&q, conv);
	there = query_row(&q) && query_int(&q, 1) != 0;
	if (there) {
		query_bytes(&q, 0, id, OP_ID_BYTES);
		query_bytes(&q, 2, conv_id, OP_ID_BYTES);
	}
	err = query_end(&q);
	return err == CAIRN_OK && !there ? CAIRN_ERR_UNKNOWN : err;
}

int
conversation_over(struct desk *desk, bool *ret, uint64_t conv, uint64_t now)
{
	uint8_t id[OP_ID_BYTES], conv_id[OP_ID_BYTES];
	struct carry_compartment c;
	int err = compartment_of(desk, id, conv_id, conv);

	*ret = false;
	if (err == CAIRN_OK)
		err = compartment_get(desk->carry, &c, id);
	if (err == CAIRN_OK)
		err = compartment_over(desk->carry, ret, &c, now);
	return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
}

/* Not told of the conversation, or no member any more: nobody is to be told. */
static int
unless_alone(int err)
{
	return err == CAIRN_ERR_UNKNOWN || err == CAIRN_ERR_DENIED || err == CAIRN_ERR_STALE ? CAIRN_OK : err;
}

int
tell_read(struct desk *desk, uint64_t conv, uint64_t last_message, uint64_t now)
{
	uint8_t id[OP_ID_BYTES], msgids[MSGIDS_MAX * CAIRN_MSGID_BYTES];
	struct op_read said;
	struct query q;
	size_t used = 0;
	int err = compartment_of(desk, id, said.conv, conv);

	if (err != CAIRN_OK)
		return unless_alone(err);
	q = query(desk->state, SQL_MESSAGE_FRESH);
	bind_int(&q, conv);
	bind_int(&q, last_message);
	while (used < sizeof(msgids) && query_row(&q)) {
		query_bytes(&q, 0, msgids + used, CAIRN_MSGID_BYTES);
		used += CAIRN_MSGID_BYTES;
	}
	err = query_end(&q);
	if (err != CAIRN_OK || used == 0)
		return err;
	said.msgids = (struct cairn_span){(const char *)msgids, used};
	return unless_alone(say(desk->carry, id, OP_READ, &said, now, NULL));
}

int
tell_answered(struct desk *desk, uint64_t conv, uint32_t answer_by, uint32_t check_in_due, bool nothing_needed,
    uint64_t now)
{
	struct op_answered said = {
	    .answer_by = answer_by, .check_in_due = check_in_due, .nothing_needed = nothing_needed};
	uint8_t id[OP_ID_BYTES];
	int err = compartment_of(desk, id, said.conv, conv);

	if (err == CAIRN_OK)
		err = say(desk->carry, id, OP_ANSWERED, &said, now, NULL);
	return unless_alone(err);
}

int
self_lane(struct desk *desk, uint8_t *ret_lane, uint64_t conv)
{
	uint8_t id[OP_ID_BYTES], conv_id[OP_ID_BYTES];
	struct carry_compartment c;
	struct carry_device self;
	struct carry_member member;
	int err = compartment_of(desk, id, conv_id, conv);

	*ret_lane = (uint8_t)desk->self.lane;
	if (err == CAIRN_ERR_UNKNOWN)
		return CAIRN_OK; /* begun here, and not told yet: whoever opens a compartment has the first lane */
	if (err == CAIRN_OK)
		err = compartment_get(desk->carry, &c, id);
	if (err == CAIRN_OK)
		err = device_self(desk->carry, &self);
	if (err == CAIRN_OK)
		err = member_get(desk->carry, &member, c.n, self.n);
	if (err == CAIRN_OK && (member.removed || member.lane == NO_LANE))
		err = CAIRN_ERR_UNKNOWN;
	if (err == CAIRN_OK)
		*ret_lane = member.lane;
	return err;
}

bool
self_has_role(struct desk *desk, const char *role)
{
	struct carry_device self;

	return device_self(desk->carry, &self) != CAIRN_OK || device_has_role(&self, role);
}

bool
self_publishes(struct desk *desk)
{
	struct publisher now;
	struct query q = carry_query(desk->carry, CARRY_FEED_GET);
	bool begun = query_row(&q);

	if (query_end(&q) != CAIRN_OK || !begun || publisher_now(desk->carry, &now) != CAIRN_OK)
		return false;
	/* The founder, before its first word is in the feed. */
	if (now.term == 0)
		return desk->self.lane == 0;
	return !now.stopped && memcmp(now.device, desk->self.device_id, sizeof(now.device)) == 0;
}
