// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/exposure.h"

#include <stdlib.h>
#include <string.h>

#include "carry/devices.h"
#include "carry/due.h"
#include "carry/leave.h"
#include "carry/membership.h"

static int
exposure_room(struct exposure *e, size_t *room)
{
	struct exposed *more;

	if (e->count < *room)
		return CAIRN_OK;
	*room = *room == 0 ? 64 : 2 * *room;
	more = realloc(e->list, *room * sizeof(*e->list));
	if (more == NULL)
		return CAIRN_ERR_NOMEM;
	e->list = more;
	return CAIRN_OK;
}

static int
exposed_one(struct carry *carry, struct exposed *x, uint64_t c, uint64_t device)
{
	struct carry_member member;
	enum retention_when when;
	uint64_t at;
	int err = compartment_at(carry, &x->compartment, c);

	if (err == CAIRN_OK)
		err = member_get(carry, &member, c, device);
	if (err == CAIRN_OK)
		err = compartment_due(carry, &when, &at, &x->compartment);
	x->together = err == CAIRN_OK && member.together;
	x->to_come = err == CAIRN_OK && when == RETENTION_NEVER;
	return err;
}

static int
by_case(const void *a, const void *b)
{
	const struct exposed *x = a, *y = b;
	int order = memcmp(x->compartment.case_id, y->compartment.case_id, OP_ID_BYTES);

	if (order != 0)
		return order;
	return x->compartment.n < y->compartment.n ? -1 : x->compartment.n > y->compartment.n;
}

/* Once each, though two of the devices may be in it. */
static void
exposure_count(struct exposure *e)
{
	size_t kept = 0;

	if (e->count > 1)
		qsort(e->list, e->count, sizeof(e->list[0]), by_case);
	for (size_t i = 0; i < e->count; i++) {
		struct exposed *x = &e->list[i];

		if (kept > 0 && e->list[kept - 1].compartment.n == x->compartment.n) {
			e->list[kept - 1].together = e->list[kept - 1].together || x->together;
			continue;
		}
		e->cases += kept == 0 ||
		    memcmp(e->list[kept - 1].compartment.case_id, x->compartment.case_id, OP_ID_BYTES) != 0;
		e->legs += x->compartment.kind == KIND_LEG && x->to_come;
		e->stays += x->compartment.kind == KIND_STAY && x->to_come;
		e->list[kept++] = *x;
	}
	e->count = kept;
}

static int
exposure_add(struct carry *carry, struct exposure *e, size_t *room, uint64_t device)
{
	uint64_t *of;
	size_t count;
	int err = member_of(carry, &of, &count, device);

	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		struct carry_compartment c;

		err = compartment_at(carry, &c, of[i]);
		if (err != CAIRN_OK || c.kind == KIND_DESK || c.kind == KIND_RECORD)
			continue;
		err = exposure_room(e, room);
		if (err == CAIRN_OK)
			err = exposed_one(carry, &e->list[e->count], of[i], device);
		e->count += err == CAIRN_OK;
	}
	free(of);
	return err;
}

int
exposure_of(struct carry *carry, struct exposure *ret, const uint64_t *devices, size_t count)
{
	size_t room = 0;
	int err = CAIRN_OK;

	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		err = exposure_add(carry, ret, &room, devices[i]);
	if (err == CAIRN_OK)
		exposure_count(ret);
	else
		exposure_end(ret);
	return err;
}

void
exposure_end(struct exposure *exposure)
{
	free(exposure->list);
	memset(exposure, 0, sizeof(*exposure));
}

/* Which device is in which case, as bits: cases are numbered by the row of their first compartment. */
struct matrix {
	uint64_t devices[DEVICES_MAX];
	size_t device_count;
	size_t words; /* of 64 cases */
	uint64_t *bits;
};

static size_t
bits_of(const uint64_t *a, const uint64_t *b, size_t words)
{
	size_t n = 0;

	for (size_t i = 0; i < words; i++)
		n += (size_t)__builtin_popcountll(a[i] | b[i]);
	return n;
}

static int
matrix_size(struct carry *carry, struct matrix *m)
{
	struct query q = carry_query(carry, CARRY_CASE_COUNT);
	uint64_t cases;
	int err = query_number(&q, &cases);

	m->words = (size_t)cases / 64 + 1;
	m->bits = err == CAIRN_OK ? calloc(DEVICES_MAX, m->words * sizeof(uint64_t)) : NULL;
	return err == CAIRN_OK && m->bits == NULL ? CAIRN_ERR_NOMEM : err;
}

static size_t
device_column(struct matrix *m, uint64_t device)
{
	for (size_t i = 0; i < m->device_count; i++)
		if (m->devices[i] == device)
			return i;
	m->devices[m->device_count] = device;
	return m->device_count++;
}

static int
matrix_fill(struct carry *carry, struct matrix *m, size_t *ret_cases)
{
	struct query q = carry_query(carry, CARRY_CASE_MEMBERS);
	uint8_t last[OP_ID_BYTES], id[OP_ID_BYTES];

	*ret_cases = 0;
	while (query_row(&q)) {
		size_t column, number;

		query_bytes(&q, 0, id, sizeof(id));
		if (*ret_cases == 0 || memcmp(id, last, sizeof(id)) != 0)
			(*ret_cases)++;
		memcpy(last, id, sizeof(last));
		number = *ret_cases - 1;
		column = device_column(m, query_int(&q, 1));
		if (column == DEVICES_MAX || number / 64 >= m->words) {
			q.err = CAIRN_ERR_RANGE;
			break;
		}
		m->bits[column * m->words + number / 64] |= 1ULL << (number % 64);
	}
	return query_end(&q);
}

static void
matrix_most(const struct matrix *m, struct exposure_most *ret)
{
	for (size_t i = 0; i < m->device_count; i++)
		for (size_t k = i; k < m->device_count; k++) {
			size_t n = bits_of(m->bits + i * m->words, m->bits + k * m->words, m->words);

			if (i == k && n > ret->one_exposes) {
				ret->one = m->devices[i];
				ret->one_exposes = n;
			}
			if (i != k && n > ret->two_expose) {
				ret->two[0] = m->devices[i];
				ret->two[1] = m->devices[k];
				ret->two_expose = n;
			}
		}
}

int
exposure_most(struct carry *carry, struct exposure_most *ret)
{
	struct matrix *m = calloc(1, sizeof(*m));
	int err = m == NULL ? CAIRN_ERR_NOMEM : matrix_size(carry, m);

	memset(ret, 0, sizeof(*ret));
	if (err == CAIRN_OK)
		err = matrix_fill(carry, m, &ret->people);
	if (err == CAIRN_OK)
		matrix_most(m, ret);
	if (m != NULL)
		free(m->bits);
	free(m);
	return err;
}
