// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "carry/apply.h"
#include "carry/asks.h"
#include "carry/due.h"
#include "carry/keys.h"
#include "carry/leave.h"
#include "carry/say.h"

/* How it stands with cases, what officers mark, and the end of compartments. */

#define MORE_SEQS 512U /* in one operation */

enum { DESTROY_BY_TIME = 1,
	DESTROY_BY_CONSENT = 2,
	DESTROY_MORE = 3 };

/* Is the author a member of some compartment of the case? */
static int
author_knows_case(struct applying *a, const uint8_t case_id[OP_ID_BYTES])
{
	struct carry_compartment of[COMPARTMENTS_OF_CASE_MAX];
	size_t count;
	int err = compartments_of(a->carry, of, COMPARTMENTS_OF_CASE_MAX, &count, case_id);

	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		bool member;

		err = member_is(a->carry, &member, of[i].n, a->author.n);
		if (err == CAIRN_OK && member)
			return CAIRN_OK;
	}
	return err == CAIRN_OK ? CAIRN_ERR_DENIED : err;
}

/* A mark is on a compartment, or, with none named, on a whole case. */
static int
marked(struct applying *a, struct carry_compartment *c, const uint8_t compartment[OP_ID_BYTES],
    const uint8_t case_id[OP_ID_BYTES])
{
	bool member = false;
	int err;

	memset(c, 0, sizeof(*c));
	if (sodium_is_zero(compartment, OP_ID_BYTES)) {
		memcpy(c->case_id, case_id, OP_ID_BYTES);
		return device_has_one(&a->author, "intake,case,security") ? author_knows_case(a, case_id)
									  : CAIRN_ERR_DENIED;
	}
	err = apply_refused(compartment_get(a->carry, c, compartment));
	if (err == CAIRN_OK)
		err = member_is(a->carry, &member, c->n, a->author.n);
	if (err == CAIRN_OK && (!member || c->destroyed || memcmp(c->case_id, case_id, OP_ID_BYTES) != 0))
		err = CAIRN_ERR_DENIED;
	return err;
}

int
apply_close(struct applying *a, const void *body)
{
	const struct op_close *said = body;
	struct carry_compartment c;
	struct query q;
	int err = marked(a, &c, said->compartment, said->case_id);

	/* An officer, by name: what runs from then on destroys. */
	if (err == CAIRN_OK && (mark_name(said->mark) == NULL || said->officer.size == 0 || (c.n != 0 && retention_find(c.kind, said->mark) == NULL) || (c.n == 0 && said->mark != MARK_CLOSED)))
		err = CAIRN_ERR_DENIED;
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
	int err = marked(a, &c, said->compartment, said->case_id);

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
	err = author_knows_case(a, said->case_id);
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
may_destroy(struct applying *a, const struct carry_compartment *c, uint8_t why)
{
	enum retention_when when;
	uint64_t at;
	bool member = false;
	int err;

	if (why == DESTROY_MORE)
		return c->destroyed ? CAIRN_OK : CAIRN_ERR_DENIED;
	err = member_is(a->carry, &member, c->n, a->author.n);
	if (err == CAIRN_OK && (!member || c->destroyed))
		err = CAIRN_ERR_DENIED;
	if (err != CAIRN_OK)
		return err;
	if (why == DESTROY_BY_CONSENT)
		return ask_granted(a->carry, a->author.n, ASK_DESTROY, c->n, 1, applied_time(a));
	err = compartment_due(a->carry, &when, &at, c);
	return err == CAIRN_OK && (why != DESTROY_BY_TIME || when != RETENTION_AT || applied_time(a) < at) ? CAIRN_ERR_DENIED : err;
}

static int
run_on(struct carry *carry, enum carry_statement which, uint64_t number)
{
	struct query q = carry_query(carry, which);

	bind_int(&q, number);
	return query_run(&q);
}

/*
 * The records that it was in are accounted for where they have gone already. What a device has the relay delete is what it
 * has read itself as being of that compartment: a list that lies must not take other records from the feed.
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
		err = may_destroy(a, &c, said->why);
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
