// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "carry/apply.h"
#include "carry/asks.h"
#include "carry/due.h"
#include "carry/keys.h"
#include "carry/leave.h"
#include "carry/lifecycle.h"
#include "carry/say.h"

/* How it stands with cases, what officers mark, and the end of compartments. */

#define MORE_SEQS 512U /* in one operation */
#define SEQS_MAX 4000U /* in the first */

/* Is the author a member of some compartment of the case? */
static int
author_knows_case(struct carry *carry, const struct carry_device *author, const uint8_t case_id[OP_ID_BYTES])
{
	struct carry_compartment of[COMPARTMENTS_OF_CASE_MAX];
	size_t count;
	int err = compartments_of(carry, of, COMPARTMENTS_OF_CASE_MAX, &count, case_id);

	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		bool member;

		err = member_is(carry, &member, of[i].n, author->n);
		if (err == CAIRN_OK && member)
			return CAIRN_OK;
	}
	return err == CAIRN_OK ? CAIRN_ERR_DENIED : err;
}

/* A mark is on a compartment, or, with none named, on a whole case. */
static int
marked(struct carry *carry, const struct carry_device *author, struct carry_compartment *c,
    const uint8_t compartment[OP_ID_BYTES], const uint8_t case_id[OP_ID_BYTES])
{
	bool member = false;
	int err;

	memset(c, 0, sizeof(*c));
	if (sodium_is_zero(compartment, OP_ID_BYTES)) {
		memcpy(c->case_id, case_id, OP_ID_BYTES);
		return device_has_one(author, "intake,case,security") ? author_knows_case(carry, author, case_id)
								      : CAIRN_ERR_DENIED;
	}
	err = apply_refused(compartment_get(carry, c, compartment));
	if (err == CAIRN_OK)
		err = member_is(carry, &member, c->n, author->n);
	if (err == CAIRN_OK && (!member || c->destroyed || memcmp(c->case_id, case_id, OP_ID_BYTES) != 0))
		err = CAIRN_ERR_DENIED;
	return err;
}

/* An officer, by name: what runs from then on destroys. */
static int
may_close(struct carry *carry, const struct carry_device *author, struct carry_compartment *c,
    const struct op_close *said)
{
	int err = marked(carry, author, c, said->compartment, said->case_id);

	if (err != CAIRN_OK)
		return err;
	if (mark_name(said->mark) == NULL || said->officer.size == 0)
		return CAIRN_ERR_DENIED;
	return c->n == 0                                  ? (said->mark == MARK_CLOSED ? CAIRN_OK : CAIRN_ERR_DENIED)
	    : retention_find(c->kind, said->mark) == NULL ? CAIRN_ERR_DENIED
							  : CAIRN_OK;
}

int
apply_close(struct applying *a, const void *body)
{
	const struct op_close *said = body;
	struct carry_compartment c;
	struct query q;
	int err = may_close(a->carry, &a->author, &c, said);

	if (err != CAIRN_OK)
		return err;
	q = carry_query(a->carry, CARRY_MARK_ADD);
	bind_int(&q, c.n);
	bind_id(&q, c.case_id);
	bind_int(&q, said->mark);
	bind_int(&q, applied_time(a));
	bind_text(&q, said->officer);
	return query_run(&q);
}

int
apply_reopen(struct applying *a, const void *body)
{
	const struct op_reopen *said = body;
	struct carry_compartment c;
	struct query q;
	int err = marked(a->carry, &a->author, &c, said->compartment, said->case_id);

	if (err != CAIRN_OK)
		return err;
	q = carry_query(a->carry, CARRY_MARK_TAKEN_BACK);
	bind_int(&q, c.n);
	bind_id(&q, c.case_id);
	return query_run(&q);
}

int
apply_case_state(struct applying *a, const void *body)
{
	const struct op_case_state *said = body;
	struct query q;
	int err;

	if (case_state_name(said->state) == NULL)
		return CAIRN_ERR_DENIED;
	err = author_knows_case(a->carry, &a->author, said->case_id);
	if (err != CAIRN_OK)
		return err;
	q = carry_query(a->carry, CARRY_CASE_CHANGE_ADD);
	bind_id(&q, said->case_id);
	bind_int(&q, said->state);
	bind_int(&q, applied_time(a));
	bind_int(&q, a->author.n);
	return query_run(&q);
}

int
apply_retention(struct applying *a, const void *body)
{
	const struct op_retention *said = body;
	struct query q;

	if (retention_choose(said->kind, said->hours) != CAIRN_OK)
		return CAIRN_ERR_DENIED;
	q = carry_query(a->carry, CARRY_RETENTION_PUT);
	bind_int(&q, said->kind);
	bind_int(&q, said->hours);
	return query_run(&q);
}

/* By time, when it is due by the author's clock; by hand, when another device has consented. */
static int
may_destroy(struct carry *carry, const struct carry_device *author, const struct carry_compartment *c, uint8_t why,
    uint64_t now)
{
	enum retention_when when;
	uint64_t at;
	bool member = false;
	int err;

	if (why == DESTROY_MORE)
		return c->destroyed ? CAIRN_OK : CAIRN_ERR_DENIED;
	err = member_is(carry, &member, c->n, author->n);
	if (err == CAIRN_OK && (!member || c->destroyed))
		err = CAIRN_ERR_DENIED;
	if (err != CAIRN_OK)
		return err;
	if (why == DESTROY_BY_CONSENT)
		return ask_granted(carry, author->n, ASK_DESTROY, c->n, 1, now);
	err = compartment_due(carry, &when, &at, c);
	return err == CAIRN_OK && (why != DESTROY_BY_TIME || when != RETENTION_AT || now < at) ? CAIRN_ERR_DENIED
											       : err;
}

static int
run_on(struct carry *carry, enum carry_statement which, uint64_t number)
{
	struct query q = carry_query(carry, which);

	bind_int(&q, number);
	return query_run(&q);
}

/*
 * The records that it was in are accounted for where they have gone already. What a device has the relay delete is
 * what it has read itself as being of that compartment: a list that lies must not take other records from the feed.
 */
static int
seqs_destroyed(struct applying *a, struct cairn_span seqs)
{
	int err = CAIRN_OK;

	for (size_t at = 0; at + 8 <= seqs.size && err == CAIRN_OK; at += 8) {
		uint64_t seq = get_u64((const uint8_t *)seqs.text + at);

		if (seq < a->head->seq)
			err = run_on(a->carry, CARRY_HOLE_EXPLAINED, seq);
	}
	return err;
}

/* The next of them behind *seq that were not named, in ascending order. */
static int
more_take(struct applying *a, const struct carry_compartment *c, struct cairn_span named, uint8_t *seqs,
    size_t *ret_count, uint64_t *seq)
{
	struct query q = carry_query(a->carry, CARRY_SEEN_AFTER);
	size_t at = 0;

	*ret_count = 0;
	bind_int(&q, c->n);
	bind_int(&q, *seq);
	while (*ret_count < MORE_SEQS && query_row(&q)) {
		*seq = query_int(&q, 0);
		while (at + 8 <= named.size && get_u64((const uint8_t *)named.text + at) < *seq)
			at += 8;
		if (at + 8 > named.size || get_u64((const uint8_t *)named.text + at) != *seq)
			put_u64(seqs + 8 * (*ret_count)++, *seq);
	}
	return query_end(&q);
}

/* What this device read of it and the operation did not name: its author joined later than the first record. */
static int
say_more(struct applying *a, const struct carry_compartment *c, struct cairn_span named)
{
	uint8_t seqs[8 * MORE_SEQS];
	struct op_destroy said = {.why = DESTROY_MORE};
	uint64_t seq = 0;
	size_t count;
	int err;

	memcpy(said.compartment, c->id, OP_ID_BYTES);
	do {
		err = more_take(a, c, named, seqs, &count, &seq);
		said.seqs = (struct cairn_span){(const char *)seqs, 8 * count};
		if (err == CAIRN_OK && count > 0)
			err = say(a->carry, carry_desk_compartment, OP_DESTROY, &said, a->op.time, NULL);
	} while (err == CAIRN_OK && count == MORE_SEQS);
	return err;
}

int
apply_destroy(struct applying *a, const void *body)
{
	const struct op_destroy *said = body;
	struct carry_compartment c;
	int err = apply_refused(compartment_get(a->carry, &c, said->compartment));

	if (err == CAIRN_OK && (c.n == CARRY_DESK || said->seqs.size % 8 != 0))
		err = CAIRN_ERR_DENIED;
	if (err == CAIRN_OK)
		err = may_destroy(a->carry, &a->author, &c, said->why, applied_time(a));
	if (err == CAIRN_OK)
		err = seqs_destroyed(a, said->seqs);
	if (err != CAIRN_OK || c.destroyed)
		return err;
	err = say_more(a, &c, said->seqs);
	if (err == CAIRN_OK)
		err = run_on(a->carry, CARRY_DELETE_OF, c.n);
	if (err == CAIRN_OK)
		err = compartment_erase(a->carry, &c);
	if (err == CAIRN_OK)
		err = run_on(a->carry, CARRY_COMPARTMENT_DESTROYED, c.n);
	if (err == CAIRN_OK)
		err = run_on(a->carry, CARRY_MEMBERS_GONE, c.n);
	return err == CAIRN_OK ? run_on(a->carry, CARRY_SEEN_ERASE, c.n) : err;
}

/* ---- saying it, refused here first where the others would refuse it ---- */

int
carry_close(struct carry *carry, const uint8_t compartment[OP_ID_BYTES], const uint8_t case_id[OP_ID_BYTES],
    uint8_t mark, struct cairn_span officer, uint64_t now)
{
	struct op_close said = {.mark = mark, .officer = officer};
	struct carry_compartment c;
	struct carry_device self;
	int err = device_self(carry, &self);

	memcpy(said.compartment, compartment, OP_ID_BYTES);
	memcpy(said.case_id, case_id, OP_ID_BYTES);
	if (err == CAIRN_OK)
		err = may_close(carry, &self, &c, &said);
	return err == CAIRN_OK ? carry_say(carry, carry_desk_compartment, OP_CLOSE, &said, now, NULL) : err;
}

int
carry_reopen(struct carry *carry, const uint8_t compartment[OP_ID_BYTES], const uint8_t case_id[OP_ID_BYTES],
    uint64_t now)
{
	struct op_reopen said;
	struct carry_compartment c;
	struct carry_device self;
	int err = device_self(carry, &self);

	memcpy(said.compartment, compartment, OP_ID_BYTES);
	memcpy(said.case_id, case_id, OP_ID_BYTES);
	if (err == CAIRN_OK)
		err = marked(carry, &self, &c, compartment, case_id);
	return err == CAIRN_OK ? carry_say(carry, carry_desk_compartment, OP_REOPEN, &said, now, NULL) : err;
}

int
carry_case_state(struct carry *carry, const uint8_t case_id[OP_ID_BYTES], uint8_t state, uint64_t now)
{
	struct op_case_state said = {.state = state};
	struct carry_device self;
	int err = device_self(carry, &self);

	memcpy(said.case_id, case_id, OP_ID_BYTES);
	if (err == CAIRN_OK)
		err = author_knows_case(carry, &self, case_id);
	return err == CAIRN_OK ? carry_say(carry, carry_desk_compartment, OP_CASE_STATE, &said, now, NULL) : err;
}

int
carry_retention(struct carry *carry, uint8_t kind, uint32_t hours, uint64_t now)
{
	struct op_retention said = {.kind = kind, .hours = hours};
	int err = retention_choose(kind, hours);

	if (err == CAIRN_OK)
		err = desk_op_allowed(carry, OP_RETENTION);
	return err == CAIRN_OK ? carry_say(carry, carry_desk_compartment, OP_RETENTION, &said, now, NULL) : err;
}

int
destroy_say(struct carry *carry, const struct carry_compartment *c, enum destroy_why why, uint64_t now)
{
	struct op_destroy said = {.why = (uint8_t)why};
	uint8_t *seqs = malloc(8U * SEQS_MAX);
	struct query q;
	size_t count = 0;
	int err;

	if (seqs == NULL)
		return CAIRN_ERR_NOMEM;
	q = carry_query(carry, CARRY_SEEN_SEQS);
	bind_int(&q, c->n);
	while (count < SEQS_MAX && query_row(&q))
		put_u64(seqs + 8 * count++, query_int(&q, 0));
	err = query_end(&q);
	memcpy(said.compartment, c->id, OP_ID_BYTES);
	said.seqs = (struct cairn_span){(const char *)seqs, 8 * count};
	if (err == CAIRN_OK)
		err = say(carry, carry_desk_compartment, OP_DESTROY, &said, now, NULL);
	free(seqs);
	return err;
}

int
carry_destroy(struct carry *carry, const uint8_t compartment[OP_ID_BYTES], uint64_t now)
{
	struct carry_compartment c;
	struct carry_device self;
	int err = compartment_get(carry, &c, compartment);

	if (err == CAIRN_OK && c.n == CARRY_DESK)
		err = CAIRN_ERR_DENIED;
	if (err == CAIRN_OK)
		err = device_self(carry, &self);
	if (err == CAIRN_OK)
		err = may_destroy(carry, &self, &c, DESTROY_BY_CONSENT, now);
	if (err == CAIRN_OK)
		err = db_begin(carry->db);
	return err == CAIRN_OK ? db_end(carry->db, destroy_say(carry, &c, DESTROY_BY_CONSENT, now)) : err;
}
