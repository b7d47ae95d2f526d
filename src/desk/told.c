// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/told.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "carry/compartments.h"
#include "carry/devices.h"
#include "carry/membership.h"
#include "carry/publisher.h"
#include "desk/epoch.h"
#include "desk/receive.h"
#include "desk/tags.h"

static int
conv_of(struct db *state, const uint8_t conv_id[CAIRN_CONV_ID_BYTES], uint64_t *ret_conv)
{
	struct query q = query(state, SQL_CONV_BY_ID);

	bind_bytes(&q, conv_id, CAIRN_CONV_ID_BYTES);
	return query_number(&q, ret_conv);
}

/* A conversation that another device has begun; its key may come before the rest of it. */
static int
conv_make(struct db *state, const uint8_t conv_id[CAIRN_CONV_ID_BYTES], uint64_t *ret_conv, uint64_t now)
{
	struct query q = query(state, SQL_CONV_LAST);
	int err = query_number(&q, ret_conv);

	if (err != CAIRN_OK)
		return err;
	++*ret_conv;
	q = query(state, SQL_CONV_ADD);
	bind_int(&q, *ret_conv);
	bind_bytes(&q, conv_id, CAIRN_CONV_ID_BYTES);
	bind_int(&q, 0);
	bind_int(&q, CAIRN_DOOR_INTAKE);
	bind_int(&q, now);
	return query_run(&q);
}

static int
conv_get(struct db *state, const uint8_t conv_id[CAIRN_CONV_ID_BYTES], uint64_t *ret_conv, uint64_t now)
{
	int err = conv_of(state, conv_id, ret_conv);

	return err == CAIRN_OK && *ret_conv == 0 ? conv_make(state, conv_id, ret_conv, now) : err;
}

static int
reply_key_keep(struct db *state, uint64_t conv, const uint8_t key[CAIRN_XWING_PUBLIC_BYTES])
{
	struct query q = query(state, SQL_CONV_KEY);
	bool there;
	int err;

	bind_int(&q, conv);
	there = query_row(&q);
	err = query_end(&q);
	if (err != CAIRN_OK || there)
		return err;
	q = query(state, SQL_CONV_KEY_ADD);
	bind_int(&q, conv);
	bind_bytes(&q, key, CAIRN_XWING_PUBLIC_BYTES);
	return query_run(&q);
}

/* Is it placed already, in a compartment that the feed had earlier? Two devices may have met a person at once. */
static int
placed_before(struct desk *desk, bool *ret, uint64_t conv, const struct carry_compartment *c)
{
	struct query q = query(desk->state, SQL_CONV_COMPARTMENT);
	uint8_t id[OP_ID_BYTES];
	struct carry_compartment other;
	bool placed;
	int err;

	*ret = false;
	bind_int(&q, conv);
	placed = query_row(&q) && query_span(&q, 0).size == OP_ID_BYTES;
	if (placed)
		query_bytes(&q, 0, id, sizeof(id));
	err = query_end(&q);
	if (err != CAIRN_OK || !placed)
		return err;
	err = compartment_get(desk->carry, &other, id);
	*ret = err == CAIRN_OK && other.n < c->n && !other.destroyed;
	return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
}

static int
told_conversation(struct desk *desk, const struct op *op, const struct op_conversation *said,
    const struct carry_compartment *c)
{
	struct query q;
	uint64_t conv;
	bool before;
	int err = conv_get(desk->state, said->conv, &conv, op->time);

	if (err == CAIRN_OK)
		err = reply_key_keep(desk->state, conv, said->reply_key);
	if (err == CAIRN_OK)
		err = placed_before(desk, &before, conv, c);
	if (err != CAIRN_OK || before)
		return err;
	q = query(desk->state, SQL_CONV_TOLD);
	bind_int(&q, conv);
	bind_int(&q, said->words);
	bind_int(&q, said->door);
	bind_bytes(&q, c->id, OP_ID_BYTES);
	bind_int(&q, c->n - 1);
	return query_run(&q);
}

static int
told_message(struct desk *desk, const struct op_message *said)
{
	uint64_t conv;
	int err = conv_of(desk->state, said->conv, &conv);

	if (err != CAIRN_OK || conv == 0)
		return err;
	return receive_told(desk, conv, said);
}

static int
told_read(struct desk *desk, const struct op *op, const struct op_read *said)
{
	uint64_t conv;
	struct query q;
	int err = conv_of(desk->state, said->conv, &conv);

	if (err != CAIRN_OK || conv == 0)
		return err;
	for (size_t at = 0; at + CAIRN_MSGID_BYTES <= said->msgids.size && err == CAIRN_OK; at += CAIRN_MSGID_BYTES) {
		q = query(desk->state, SQL_MESSAGE_READ_TOLD);
		bind_int(&q, conv);
		bind_bytes(&q, said->msgids.text + at, CAIRN_MSGID_BYTES);
		bind_int(&q, op->time);
		err = query_run(&q);
	}
	if (err != CAIRN_OK)
		return err;
	q = query(desk->state, SQL_CONV_READ);
	bind_int(&q, conv);
	return query_run(&q);
}

static int
told_answered(struct desk *desk, const struct op *op, const struct op_answered *said)
{
	uint64_t conv;
	struct query q;
	int err = conv_of(desk->state, said->conv, &conv);

	if (err != CAIRN_OK || conv == 0)
		return err;
	q = query(desk->state, SQL_CONV_ANSWERED);
	bind_int(&q, conv);
	bind_int(&q, op->time);
	err = query_run(&q);
	if (err != CAIRN_OK || said->nothing_needed)
		return err;
	q = query(desk->state, SQL_CONV_PLANS_TOLD);
	bind_int(&q, conv);
	bind_int(&q, said->answer_by);
	bind_int(&q, said->check_in_due);
	return query_run(&q);
}

/* What this device said itself comes back to it where it had lost it, in an older order than its own words. */
static int
own_is_older(struct desk *desk, bool *ret, const struct op *op, const uint8_t conv_id[CAIRN_CONV_ID_BYTES])
{
	struct query q = query(desk->state, SQL_CONV_ANSWERED_AT);
	uint64_t at;
	int err;

	bind_bytes(&q, conv_id, CAIRN_CONV_ID_BYTES);
	err = query_number(&q, &at);
	*ret = op->time <= at;
	return err;
}

static int
told_body(struct desk *desk, const struct op *op, const struct carry_compartment *c)
{
	union op_any said;
	const struct op_def *def = op_find(op->type);
	bool older = false;
	int err = CAIRN_OK;

	if (def == NULL || op_body_read(&said, def->bytes, op) != CAIRN_OK)
		return CAIRN_OK;
	if (op->type == OP_ANSWERED && memcmp(op->device, desk->self.device_id, OP_ID_BYTES) == 0)
		err = own_is_older(desk, &older, op, said.answered.conv);
	if (err != CAIRN_OK || older)
		return err;
	switch (op->type) {
	case OP_CONVERSATION:
		return told_conversation(desk, op, &said.conversation, c);
	case OP_MESSAGE:
		return told_message(desk, &said.message);
	case OP_READ:
		return told_read(desk, op, &said.read);
	case OP_ANSWERED:
		return told_answered(desk, op, &said.answered);
	default:
		return CAIRN_OK;
	}
}

int
told_op(struct desk *desk, const struct op *op, const uint8_t compartment[OP_ID_BYTES])
{
	struct carry_compartment c;
	struct op_again again;
	struct op first = *op;
	int err = compartment_get(desk->carry, &c, compartment);

	if (err != CAIRN_OK || c.kind != KIND_CONTACT)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	if (op->type == OP_AGAIN) {
		if (op_body_read(&again, sizeof(again), op) != CAIRN_OK)
			return CAIRN_OK;
		first = (struct op){.type = again.type,
		    .counter = again.counter,
		    .lamport = again.lamport,
		    .time = again.time,
		    .body = again.body};
		memcpy(first.device, again.device, OP_ID_BYTES);
	}
	if (op->type != OP_AGAIN && memcmp(first.device, desk->self.device_id, OP_ID_BYTES) == 0)
		return CAIRN_OK;
	return told_body(desk, &first, &c);
}

int
told_destroyed(struct desk *desk, const uint8_t compartment[OP_ID_BYTES])
{
	static const enum desk_statement drop[] = {SQL_FILE_PIECES_DROP, SQL_FILE_DROP, SQL_MESSAGE_DROP,
	    SQL_REPLY_DROP, SQL_SECOND_DROP, SQL_TAG_DROP, SQL_CONV_KEY_DROP, SQL_CONV_DROP};
	struct query q = query(desk->state, SQL_CONV_OF_COMPARTMENT);
	uint64_t conv;
	int err;

	bind_bytes(&q, compartment, OP_ID_BYTES);
	err = query_number(&q, &conv);
	if (err != CAIRN_OK || conv == 0)
		return err;
	for (size_t i = 0; i < sizeof(drop) / sizeof(drop[0]) && err == CAIRN_OK; i++) {
		q = query(desk->state, drop[i]);
		bind_int(&q, conv);
		err = query_run(&q);
	}
	return err == CAIRN_OK ? erasure_owe(erasure_of(desk->state)) : err;
}

int
told_owed(struct desk *desk, const uint8_t device[OP_ID_BYTES], struct box_grant *out, size_t room, size_t *ret_count)
{
	static const struct {
		const char *role;
		enum cairn_door door;
	} doors[] = {{"intake", CAIRN_DOOR_INTAKE}, {"publish", CAIRN_DOOR_CAMPAIGN}};
	struct carry_device row;
	struct publisher publisher;
	int err = device_get(desk->carry, &row, device);

	*ret_count = 0;
	if (err == CAIRN_OK)
		err = publisher_now(desk->carry, &publisher);
	/* Whoever publishes makes the epoch keys, and gives them. */
	if (err == CAIRN_OK && memcmp(publisher.device, desk->self.device_id, OP_ID_BYTES) == 0)
		for (size_t i = 0; i < sizeof(doors) / sizeof(doors[0]) && err == CAIRN_OK; i++)
			if (device_has_role(&row, doors[i].role))
				err = epoch_owed(desk, device, doors[i].door, carry_day(desk->carry->now), out, room,
				    ret_count);
	return err == CAIRN_OK ? tags_owed(desk->state, device, out, room, ret_count) : err;
}

static int
tag_take(struct desk *desk, const struct box_grant *grant, const uint8_t from[OP_ID_BYTES])
{
	struct carry_compartment c;
	struct carry_device device;
	bool member = false;
	uint64_t conv;
	int err = compartment_get(desk->carry, &c, grant->compartment);

	if (err == CAIRN_OK)
		err = device_get(desk->carry, &device, from);
	if (err == CAIRN_OK)
		err = member_is(desk->carry, &member, c.n, device.n);
	if (err != CAIRN_OK || !member)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	err = conv_get(desk->state, grant->id, &conv, desk->carry->now);
	return err == CAIRN_OK ? tags_given(desk->state, conv, grant, carry_day(desk->carry->now)) : err;
}

int
told_take(struct desk *desk, const struct box_grant *grant, const uint8_t from[OP_ID_BYTES])
{
	struct publisher publisher;
	int err;

	if (grant->what == BOX_TAG)
		return tag_take(desk, grant, from);
	if (grant->what != BOX_EPOCH)
		return CAIRN_OK;
	err = publisher_now(desk->carry, &publisher);
	if (err != CAIRN_OK || memcmp(publisher.device, from, OP_ID_BYTES) != 0)
		return err;
	return epoch_given(desk, grant);
}

int
told_granted(struct desk *desk, const uint8_t device[OP_ID_BYTES], const struct box_name *name)
{
	struct query q;

	if (name->what == BOX_TAG) {
		q = query(desk->state, SQL_TAG_GIVEN);
		bind_bytes(&q, name->id, OP_ID_BYTES);
		bind_int(&q, name->gen);
		bind_bytes(&q, device, OP_ID_BYTES);
		return query_run(&q);
	}
	if (name->what != BOX_EPOCH)
		return CAIRN_OK;
	q = query(desk->state, SQL_EPOCH_GIVEN);
	bind_int(&q, name->id[0]);
	bind_int(&q, get_u32(name->id + 1));
	bind_int(&q, name->gen);
	bind_bytes(&q, device, OP_ID_BYTES);
	return query_run(&q);
}

int
told_wanted(struct desk *desk, const uint8_t device[OP_ID_BYTES])
{
	static const enum desk_statement drop[] = {SQL_TAG_UNGIVEN, SQL_EPOCH_UNGIVEN};
	int err = CAIRN_OK;

	for (size_t i = 0; i < sizeof(drop) / sizeof(drop[0]) && err == CAIRN_OK; i++) {
		struct query q = query(desk->state, drop[i]);

		bind_bytes(&q, device, OP_ID_BYTES);
		err = query_run(&q);
	}
	return err;
}
