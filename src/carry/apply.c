// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/apply.h"

#include <string.h>

#include <sodium.h>

#include "carry/compartments.h"
#include "carry/faults.h"
#include "carry/feed.h"
#include "carry/keys.h"
#include "carry/rotation.h"

#define LAMPORT_STEP (1ULL << 24) /* a record; seq is below 2^38 for as long as anybody lives */

/* One record on its way in. */
struct incoming {
	struct carry *carry;
	struct applied *tally;
	struct feed_position position;
	struct cairn_feed_head head;
	struct feed_envelope envelope;
	struct carry_device author;
	bool signed_by_author;
	struct carry_compartment desk;
	struct rotation rotation; /* of its key, that is to come */
	uint64_t lamport; /* the highest in it */
};

/* Passed over by all: counted, and no error. Whose it is, staff are told. */
static int
pass_over(struct incoming *in)
{
	const struct carry_hooks *hooks = &in->carry->hooks;
	bool first;
	int err;

	in->tally->refused++;
	if (!in->signed_by_author)
		return CAIRN_OK;
	err = fault_note(in->carry, &first, in->author.n, in->head.seq, in->head.day);
	if (err == CAIRN_OK && first && hooks->passed_over != NULL)
		err = hooks->passed_over(hooks->arg, in->author.id, in->head.seq);
	return err;
}

/*
 * Lamport times as far as honest devices come: each record has few thousand operations, and nobody says millions
 * while offline. Else one device could push the time of all to its end, where nothing new stands behind it any more.
 */
static bool
lamport_ok(const struct incoming *in, uint64_t lamport)
{
	return lamport < (in->head.seq + 2) * LAMPORT_STEP;
}

/*
 * CAIRN_ERR_DENIED: nobody's, passed over by all. A device of the desk may append any bytes, and must not stop the
 * others by that; a record of another feed is never such a one, since what stands before it is checked first.
 */
static int
check_chain(struct incoming *in, const uint8_t *record, size_t bytes)
{
	int err = feed_position_get(in->carry, &in->position);

	if (err != CAIRN_OK)
		return err;
	if (cairn_feed_record_head(&in->head, record, bytes) != CAIRN_OK)
		return CAIRN_ERR_DENIED;
	if (in->head.seq != in->position.next ||
	    memcmp(in->head.prev, in->position.prev, CAIRN_HASH_BYTES) != 0)
		return carry_trouble(in->carry, CAIRN_ERR_CONFLICT,
		    "the feed does not go on from where this device was: the relay shows another one, or has lost "
		    "records. Nothing is sent. Compare with another device ('cairn desk sync'), and tell the "
		    "security officer");
	err = device_get(in->carry, &in->author, in->head.device);
	if (err == CAIRN_OK)
		err = cairn_feed_record_verify(in->carry->self.desk_id, record, bytes, in->author.sign_key);
	in->signed_by_author = err == CAIRN_OK;
	return err == CAIRN_ERR_UNKNOWN || err == CAIRN_ERR_CRYPTO || err == CAIRN_ERR_FORMAT ? CAIRN_ERR_DENIED
											      : err;
}

int
desk_key_gone(struct carry *carry)
{
	struct carry_device self;

	if (device_self(carry, &self) == CAIRN_OK && (self.listed == 0 || self.suspended != 0))
		return carry_trouble(carry, CAIRN_ERR_DENIED,
		    "this device was suspended, or is not in the roster any more: it has erased what it had. Ask the "
		    "security officer");
	return carry_trouble(carry, CAIRN_ERR_STALE,
	    "this device has been away for too long, or was restored, and has not the desk's keys any more: "
	    "have it admitted again ('cairn desk admit' on a device with the role admin, 'cairn desk join "
	    "--again' here). What it has said and not sent goes out then");
}

/* The key of the envelope. The record's generation and day were found to be right. */
static int
envelope_key(struct incoming *in, uint8_t key[CAIRN_KEY_BYTES])
{
	int err = in->head.gen == in->desk.gen
	    ? key_of_day(in->carry, key, CARRY_DESK, in->head.gen, in->head.day)
	    : rotation_key(in->carry, key, in->rotation.promise, in->head.gen, in->head.day);

	return err == CAIRN_ERR_UNKNOWN || err == CAIRN_ERR_STALE ? desk_key_gone(in->carry) : err;
}

static int
day_reached(struct incoming *in, uint64_t c, uint32_t day)
{
	struct query q = carry_query(in->carry, CARRY_COMPARTMENT_DAY);

	bind_int(&q, c);
	bind_int(&q, day);
	return query_run(&q);
}

static int
apply_desk_ops(struct incoming *in)
{
	struct applying a = {.carry = in->carry, .head = &in->head, .author = in->author, .tally = in->tally};
	size_t at = 0;
	int err = CAIRN_OK;

	while (err == CAIRN_OK && at < in->envelope.inner.size) {
		if (op_next(&a.op, in->envelope.inner, &at) != CAIRN_OK)
			return pass_over(in);
		memcpy(a.op.device, in->head.device, OP_ID_BYTES);
		if (lamport_ok(in, a.op.lamport) && a.op.lamport > in->lamport)
			in->lamport = a.op.lamport;
		err = apply_desk_op(&a);
	}
	return err;
}

/* What this device said itself has arrived. */
static int
sent(struct carry *carry, const struct op *op)
{
	struct query q = carry_query(carry, CARRY_OUTBOX_SENT);
	int err;

	if (memcmp(op->device, carry->self.device, OP_ID_BYTES) != 0)
		return CAIRN_OK;
	bind_int(&q, op->counter);
	err = query_run(&q);
	return err == CAIRN_OK ? feed_position_counted(carry, op->counter) : err;
}

/* All of it reads, or none of it is kept: what is in the log must read for ever. */
static bool
case_ops_ok(const struct incoming *in, struct cairn_span ops)
{
	struct op op;
	size_t at = 0;

	while (at < ops.size)
		if (op_next(&op, ops, &at) != CAIRN_OK || !lamport_ok(in, op.lamport))
			return false;
	return true;
}

/* Looks through a case's operations: Lamport time, what arrived, what other rooms want to know. */
static int
case_ops_seen(struct incoming *in, struct cairn_span ops)
{
	struct op op;
	size_t at = 0;
	int err = CAIRN_OK;

	while (err == CAIRN_OK && at < ops.size) {
		err = op_next(&op, ops, &at);
		if (err != CAIRN_OK)
			return err;
		memcpy(op.device, in->head.device, OP_ID_BYTES);
		in->lamport = op.lamport > in->lamport ? op.lamport : in->lamport;
		in->tally->operations++;
		err = sent(in->carry, &op);
		if (err == CAIRN_OK && in->carry->hooks.applied != NULL)
			err = in->carry->hooks.applied(in->carry->hooks.arg, &op, in->envelope.compartment);
	}
	return err;
}

static int
log_add(struct incoming *in, uint64_t c, uint64_t first, struct cairn_span ops)
{
	uint8_t *sealed = in->carry->scratch + 2U * FEED_RECORD_MAX;
	struct query q;
	int err = rest_seal(in->carry, sealed, c, ops.text, ops.size);

	if (err != CAIRN_OK)
		return err;
	q = carry_query(in->carry, CARRY_LOG_ADD);
	bind_int(&q, c);
	bind_int(&q, in->head.seq);
	bind_int(&q, in->author.n);
	bind_int(&q, first);
	bind_bytes(&q, sealed, ops.size + KEY_REST_COST);
	return query_run(&q);
}

/* For a member: opens and keeps. Without the key (its box was missed) the record will be told again. */
static int
apply_case_ops(struct incoming *in, const struct carry_compartment *c)
{
	uint8_t *room = in->carry->scratch + FEED_RECORD_MAX;
	uint8_t key[CAIRN_KEY_BYTES];
	struct cairn_span ops;
	int err = key_of_day(in->carry, key, c->n, in->envelope.gen, in->envelope.day);

	if (err == CAIRN_ERR_UNKNOWN || err == CAIRN_ERR_STALE || err == CAIRN_ERR_RANGE)
		return CAIRN_OK;
	if (err == CAIRN_OK)
		err = feed_inner_open(&ops, room, in->carry->self.desk_id, &in->head, &in->envelope, key);
	sodium_memzero(key, sizeof(key));
	if (err == CAIRN_ERR_CRYPTO || (err == CAIRN_OK && !case_ops_ok(in, ops)))
		return pass_over(in);
	if (err == CAIRN_OK)
		err = key_move(in->carry, c->n, in->envelope.day);
	if (err == CAIRN_OK)
		err = log_add(in, c->n, 0, ops);
	if (err == CAIRN_OK)
		err = case_ops_seen(in, ops);
	return err;
}

/* A threshold compartment's record stays sealed: day, then what only its members together open. */
static int
keep_sealed(struct incoming *in, const struct carry_compartment *c)
{
	uint8_t *room = in->carry->scratch + FEED_RECORD_MAX;
	struct writer w;
	struct query q;
	size_t bytes;
	int err = key_put_rest(in->carry, c->n);

	writer_init(&w, room, FEED_RECORD_MAX);
	write_u32(&w, in->envelope.day);
	write_bytes(&w, in->envelope.inner.text, in->envelope.inner.size);
	if (err == CAIRN_OK)
		err = writer_end(&w, &bytes);
	if (err == CAIRN_OK)
		err = log_add(in, c->n, 0, (struct cairn_span){(const char *)room, bytes});
	if (err != CAIRN_OK || memcmp(in->head.device, in->carry->self.device, OP_ID_BYTES) != 0)
		return err;
	/* Its operations cannot be read here, so their counters cannot either. */
	q = carry_query(in->carry, CARRY_OUTBOX_POSTED);
	bind_int(&q, c->n);
	bind_int(&q, in->head.seq);
	return query_run(&q);
}

static int
note_record_of(struct incoming *in, uint64_t c)
{
	struct query q = carry_query(in->carry, CARRY_SEEN_ADD);

	bind_int(&q, c);
	bind_int(&q, in->head.seq);
	return query_run(&q);
}

/*
 * Is it of the compartment's generation, and of the feed's day? A later day would push its key away from who writes
 * as of today, an earlier one would be read by those alone who have not moved their key on.
 */
static bool
case_key_ok(const struct incoming *in, const struct carry_compartment *c)
{
	return !c->destroyed && in->envelope.day == in->head.day && in->envelope.day >= c->day &&
	    in->envelope.gen == (c->k > 0 ? FEED_GEN_THRESHOLD : c->gen);
}

static int
apply_case(struct incoming *in)
{
	struct carry_compartment c;
	struct carry_device self;
	bool from_member, member;
	int err = compartment_get(in->carry, &c, in->envelope.compartment);

	if (err == CAIRN_ERR_UNKNOWN || (err == CAIRN_OK && !case_key_ok(in, &c)))
		return pass_over(in);
	if (err == CAIRN_OK)
		err = member_is(in->carry, &from_member, c.n, in->author.n);
	if (err != CAIRN_OK)
		return err;
	if (!from_member)
		return pass_over(in);
	err = note_record_of(in, c.n);
	if (err == CAIRN_OK && in->envelope.day > c.day)
		err = day_reached(in, c.n, in->envelope.day);
	if (err == CAIRN_OK)
		err = device_self(in->carry, &self);
	if (err == CAIRN_OK)
		err = member_is(in->carry, &member, c.n, self.n);
	if (err != CAIRN_OK || !member)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	return c.k > 0 ? keep_sealed(in, &c) : apply_case_ops(in, &c);
}

/*
 * A record that this device has signed and not sent is a copy's: an older state of it, out of a backup or another
 * folder, is in use. Its operations would have the numbers that this one gives, so that nothing of it is read, nor
 * sent, any more.
 */
static int
copy_check(const struct incoming *in)
{
	struct query q;
	uint64_t seq = UINT64_MAX;
	int err;

	if (memcmp(in->head.device, in->carry->self.device, OP_ID_BYTES) != 0)
		return CAIRN_OK;
	q = carry_query(in->carry, CARRY_POSTING_SEQ);
	if (query_row(&q))
		seq = query_int(&q, 0);
	err = query_end(&q);
	if (err != CAIRN_OK || seq == in->head.seq)
		return err;
	return carry_trouble(in->carry, CAIRN_ERR_CONFLICT,
	    "record %llu of the feed was sent as this device's, but not by this folder: a copy of it, or what was "
	    "restored from its backup, is in use elsewhere. Nothing is sent. Put away one of the two for good, then "
	    "have the other admitted again ('cairn desk join --again'); if nobody has a copy, tell the security "
	    "officer",
	    (unsigned long long)in->head.seq);
}

/* Under the generation in force, or the one that is to come, by another device than the one that made it. */
static bool
next_or_now(const struct incoming *in)
{
	const struct rotation *r = &in->rotation;

	return in->head.gen == in->desk.gen ||
	    (r->there && in->head.gen == r->gen && memcmp(in->author.id, r->author, OP_ID_BYTES) != 0);
}

static int
apply_content(struct incoming *in, const uint8_t *record, size_t bytes)
{
	uint8_t key[CAIRN_KEY_BYTES];
	int err = compartment_at(in->carry, &in->desk, CARRY_DESK);

	if (err == CAIRN_OK)
		err = rotation_get(in->carry, &in->rotation);
	if (err != CAIRN_OK)
		return err;
	if (!device_valid(&in->author, in->head.day) || !next_or_now(in) || in->head.day < in->desk.day ||
	    in->head.day - in->desk.day > (in->desk.day == 0 ? UINT32_MAX : KEY_STEP_DAYS_MAX))
		return pass_over(in);
	/* Else whoever has one device could push all keys on to a day that is far away. */
	if (in->head.day > carry_day(in->carry->now) + 1)
		return carry_trouble(in->carry, CAIRN_ERR_CLOCK,
		    "record %llu of the feed is dated days ahead: this device's clock is wrong, or a device of "
		    "the desk is "
		    "in wrong hands. Nothing is sent; set the clock right, or tell the security officer",
		    (unsigned long long)in->head.seq);
	err = envelope_key(in, key);
	if (err == CAIRN_OK)
		err = copy_check(in);
	if (err != CAIRN_OK) {
		sodium_memzero(key, sizeof(key));
		return err;
	}
	err = feed_record_open(&in->envelope, in->carry->scratch, record, bytes, key);
	sodium_memzero(key, sizeof(key));
	if (err != CAIRN_OK)
		return pass_over(in);
	if (in->head.gen != in->desk.gen) {
		/* One of a case may be deleted: who had not read it would not know that the key is in force. */
		if (!feed_is_desk(in->envelope.compartment))
			return pass_over(in);
		err = rotation_enter(in->carry, in->head.gen);
	}
	if (err != CAIRN_OK)
		return err;
	if (in->head.day > in->desk.day) {
		err = day_reached(in, CARRY_DESK, in->head.day);
		if (err == CAIRN_OK)
			err = key_move(in->carry, CARRY_DESK, in->head.day);
		if (err != CAIRN_OK)
			return err;
	}
	return feed_is_desk(in->envelope.compartment) ? apply_desk_ops(in) : apply_case(in);
}

int
apply_record(struct carry *carry, struct applied *tally, const uint8_t *record, size_t bytes)
{
	struct incoming in = {.carry = carry, .tally = tally};
	uint8_t hash[CAIRN_HASH_BYTES];
	int err = check_chain(&in, record, bytes);

	if (err == CAIRN_OK)
		err = apply_content(&in, record, bytes);
	else if (err == CAIRN_ERR_DENIED)
		err = pass_over(&in);
	if (err != CAIRN_OK)
		return err;
	tally->records++;
	cairn_hash(hash, record, bytes);
	return feed_position_move(carry, in.position.next + 1, hash, in.lamport);
}

int
apply_deleted(struct carry *carry, uint64_t seq, const uint8_t hash[CAIRN_HASH_BYTES])
{
	struct query q = carry_query(carry, CARRY_HOLE_ADD);
	int err;

	bind_int(&q, seq);
	err = query_run(&q);
	return err == CAIRN_OK ? feed_position_move(carry, seq + 1, hash, 0) : err;
}
