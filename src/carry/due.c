// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/due.h"

int
case_state_now(struct carry *carry, uint8_t *ret_state, const uint8_t case_id[OP_ID_BYTES])
{
	struct query q = carry_query(carry, CARRY_CASE_NOW);
	uint64_t state;
	int err;

	bind_id(&q, case_id);
	err = query_number(&q, &state);
	*ret_state = (uint8_t)state;
	return err;
}

static int
marks_of(struct carry *carry, struct retention_mark *out, size_t *ret_count, const struct carry_compartment *c)
{
	struct query q = carry_query(carry, CARRY_MARKS_OF);

	*ret_count = 0;
	bind_int(&q, c->n);
	bind_id(&q, c->case_id);
	while (*ret_count < MARKS_MAX && query_row(&q)) {
		out[*ret_count].mark = (uint8_t)query_int(&q, 0);
		out[(*ret_count)++].time = query_int(&q, 1);
	}
	return query_end(&q);
}

/* The newest: what came before the last stop does not matter, since time counts anew from then. */
static int
changes_of(struct carry *carry, struct retention_change *out, size_t *ret_count,
    const uint8_t case_id[OP_ID_BYTES])
{
	struct query q = carry_query(carry, CARRY_CASE_CHANGES);
	size_t count = 0;

	bind_id(&q, case_id);
	for (; query_row(&q); count++) {
		out[count % CASE_CHANGES_MAX].state = (uint8_t)query_int(&q, 0);
		out[count % CASE_CHANGES_MAX].time = query_int(&q, 1);
	}
	*ret_count = count;
	return query_end(&q);
}

static int
hours_chosen(struct carry *carry, uint32_t *ret, uint8_t kind)
{
	struct query q = carry_query(carry, CARRY_RETENTION_GET);
	bool there;
	int err;

	bind_int(&q, kind);
	there = query_row(&q);
	*ret = there ? (uint32_t)query_int(&q, 0) : RETENTION_AS_TABLE;
	err = query_end(&q);
	return err;
}

int
compartment_due(struct carry *carry, enum retention_when *ret, uint64_t *ret_at, const struct carry_compartment *c)
{
	struct retention_mark marks[MARKS_MAX];
	struct retention_change changes[CASE_CHANGES_MAX];
	size_t mark_count, change_count;
	uint32_t hours;
	int err = marks_of(carry, marks, &mark_count, c);

	*ret = RETENTION_NEVER;
	*ret_at = 0;
	if (err == CAIRN_OK)
		err = changes_of(carry, changes, &change_count, c->case_id);
	if (err == CAIRN_OK)
		err = hours_chosen(carry, &hours, c->kind);
	if (err != CAIRN_OK)
		return err;
	/* More changes than anybody makes: kept rather than destroyed, until somebody looks. */
	if (change_count > CASE_CHANGES_MAX)
		*ret = RETENTION_HELD;
	else
		*ret = retention_due(ret_at, c->kind, marks, mark_count, changes, change_count, hours);
	return CAIRN_OK;
}

int
compartment_over(struct carry *carry, bool *ret, const struct carry_compartment *c, uint64_t now)
{
	enum retention_when when;
	uint64_t at;
	int err = compartment_due(carry, &when, &at, c);

	*ret = err == CAIRN_OK && when == RETENTION_AT && at <= now;
	return err;
}
