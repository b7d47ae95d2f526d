// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/compartments.h"

#include <string.h>

#include "carry/devices.h"

static void
compartment_columns(struct carry_compartment *c, struct query *q)
{
	memset(c, 0, sizeof(*c));
	c->n = query_int(q, 0);
	query_bytes(q, 1, c->id, sizeof(c->id));
	c->kind = (uint8_t)query_int(q, 2);
	query_bytes(q, 3, c->case_id, sizeof(c->case_id));
	c->gen = (uint32_t)query_int(q, 4);
	query_bytes(q, 5, c->creator, sizeof(c->creator));
	c->created = query_int(q, 6);
	c->day = (uint32_t)query_int(q, 7);
	c->destroyed = query_int(q, 8) != 0;
	c->rotate = query_int(q, 9) != 0;
	c->k = (uint8_t)query_int(q, 10);
	c->m = (uint8_t)query_int(q, 11);
}

static int
compartment_one(struct carry_compartment *ret, struct query *q)
{
	bool there = query_row(q);
	int err;

	if (there)
		compartment_columns(ret, q);
	err = query_end(q);
	return err == CAIRN_OK && !there ? CAIRN_ERR_UNKNOWN : err;
}

int
compartment_get(struct carry *carry, struct carry_compartment *ret, const uint8_t id[OP_ID_BYTES])
{
	struct query q = carry_query(carry, CARRY_COMPARTMENT_BY_ID);

	bind_id(&q, id);
	return compartment_one(ret, &q);
}

int
compartment_at(struct carry *carry, struct carry_compartment *ret, uint64_t n)
{
	struct query q = carry_query(carry, CARRY_COMPARTMENT_GET);

	bind_int(&q, n);
	return compartment_one(ret, &q);
}

int
compartment_of_kind(struct carry *carry, struct carry_compartment *ret, uint8_t kind)
{
	struct query q = carry_query(carry, CARRY_COMPARTMENT_OF_KIND);

	bind_int(&q, kind);
	return compartment_one(ret, &q);
}

int
compartments_of(struct carry *carry, struct carry_compartment *out, size_t room, size_t *ret_count,
    const uint8_t case_id[OP_ID_BYTES])
{
	struct query q = carry_query(carry, CARRY_COMPARTMENT_OF_CASE);

	*ret_count = 0;
	bind_id(&q, case_id);
	while (query_row(&q)) {
		if (*ret_count == room) {
			q.err = CAIRN_ERR_SPACE;
			break;
		}
		compartment_columns(&out[(*ret_count)++], &q);
	}
	return query_end(&q);
}

static void
member_columns(struct carry_member *m, struct query *q, int from)
{
	m->lane = (uint8_t)query_int(q, from);
	m->together = query_int(q, from + 1) != 0;
	m->removed = query_int(q, from + 2) != 0;
	m->granted = (uint32_t)query_int(q, from + 3);
	m->snapshot = query_int(q, from + 4) != 0;
	m->giver = query_int(q, from + 5);
}

int
members_of(struct carry *carry, struct carry_member *out, size_t room, size_t *ret_count, uint64_t c)
{
	struct query q = carry_query(carry, CARRY_MEMBER_LIST);

	*ret_count = 0;
	bind_int(&q, c);
	while (query_row(&q)) {
		if (*ret_count == room) {
			q.err = CAIRN_ERR_SPACE;
			break;
		}
		out[*ret_count].device = query_int(&q, 0);
		member_columns(&out[(*ret_count)++], &q, 1);
	}
	return query_end(&q);
}

int
member_get(struct carry *carry, struct carry_member *ret, uint64_t c, uint64_t device)
{
	struct query q = carry_query(carry, CARRY_MEMBER_GET);
	bool there;
	int err;

	memset(ret, 0, sizeof(*ret));
	ret->device = device;
	bind_int(&q, c);
	bind_int(&q, device);
	there = query_row(&q);
	if (there)
		member_columns(ret, &q, 0);
	err = query_end(&q);
	return err == CAIRN_OK && !there ? CAIRN_ERR_UNKNOWN : err;
}

int
member_is(struct carry *carry, bool *ret, uint64_t c, uint64_t device)
{
	struct carry_member member;
	int err = member_get(carry, &member, c, device);

	*ret = err == CAIRN_OK && !member.removed;
	return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
}

/* Is there another who has all of what was said there? */
static bool
whole_left(const struct carry_member *members, size_t count, uint64_t device)
{
	bool whole = false, left = false;

	for (size_t i = 0; i < count; i++)
		if (!members[i].removed && !members[i].snapshot) {
			whole = whole || members[i].device == device;
			left = left || members[i].device != device;
		}
	return left || !whole;
}

int
member_spare(struct carry *carry, const struct carry_compartment *c, uint64_t device)
{
	struct carry_member members[DEVICES_MAX]; /* those that were, too: what does not fit would stop the reading */
	size_t count, now = 0;
	int err = members_of(carry, members, DEVICES_MAX, &count, c->n);

	if (err != CAIRN_OK)
		return err;
	for (size_t i = 0; i < count; i++)
		now += !members[i].removed;
	if (c->k > 0)
		return now > c->k ? CAIRN_OK : CAIRN_ERR_STATE;
	return whole_left(members, count, device) ? CAIRN_OK : CAIRN_ERR_BUSY;
}
