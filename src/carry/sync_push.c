// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "carry/compartments.h"
#include "carry/feed.h"
#include "carry/keys.h"
#include "carry/rotation.h"
#include "carry/sync.h"

/* Sending: one record, of one compartment, for each request. */

struct posting {
	struct carry *carry;
	struct feed_position position;
	struct carry_compartment desk;
	struct carry_compartment c;
	struct cairn_feed_head head;
	struct feed_envelope envelope;
	uint8_t desk_key[CAIRN_KEY_BYTES];
	uint8_t inner_key[CAIRN_XWING_PUBLIC_BYTES]; /* or a key of 32 bytes */
};

static uint32_t
later(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static int
threshold_key(struct posting *p)
{
	struct query q = carry_query(p->carry, CARRY_COMPARTMENT_PUBLIC);

	p->envelope.gen = FEED_GEN_THRESHOLD;
	bind_int(&q, p->c.n);
	if (query_row(&q))
		query_bytes(&q, 0, p->inner_key, sizeof(p->inner_key));
	return query_end(&q);
}

/*
 * For what is of the desk, the generation that another device has made, if its key came: so it comes in force. Else
 * the one that is.
 */
static int
posting_desk_key(struct posting *p)
{
	struct rotation r;
	int err = rotation_get(p->carry, &r);

	if (err == CAIRN_OK && p->c.n == CARRY_DESK && r.there &&
	    memcmp(r.author, p->carry->self.device, OP_ID_BYTES) != 0 &&
	    rotation_key(p->carry, p->desk_key, r.promise, r.gen, p->head.day) == CAIRN_OK) {
		p->head.gen = r.gen;
		return CAIRN_OK;
	}
	return err == CAIRN_OK ? key_of_day(p->carry, p->desk_key, CARRY_DESK, p->head.gen, p->head.day) : err;
}

/* Keys and days: never before what the feed has, never before today; one day for both. */
static int
posting_keys(struct posting *p)
{
	uint32_t today = carry_day(p->carry->now);
	int err;

	p->head.gen = p->desk.gen;
	p->head.day = later(today, p->desk.day);
	p->envelope.gen = p->c.gen;
	p->envelope.day = p->head.day;
	memcpy(p->envelope.compartment, p->c.id, OP_ID_BYTES);
	err = posting_desk_key(p);
	if (err != CAIRN_OK || p->c.n == CARRY_DESK)
		return err;
	if (p->c.k > 0)
		return threshold_key(p);
	return key_of_day(p->carry, p->inner_key, p->c.n, p->envelope.gen, p->envelope.day);
}

static int
posting_note(struct posting *p, uint64_t last)
{
	struct query q = carry_query(p->carry, CARRY_POSTING_PUT);

	bind_int(&q, p->head.seq);
	bind_int(&q, p->c.n);
	bind_int(&q, last);
	return query_run(&q);
}

static int
posting_make(struct posting *p, uint8_t *record, size_t *ret_bytes, uint64_t c, struct cairn_span ops, uint64_t last)
{
	int err = feed_position_get(p->carry, &p->position);

	if (err == CAIRN_OK)
		err = compartment_at(p->carry, &p->desk, CARRY_DESK);
	if (err == CAIRN_OK)
		err = compartment_at(p->carry, &p->c, c);
	if (err != CAIRN_OK)
		return err;
	p->head.seq = p->position.next;
	memcpy(p->head.prev, p->position.prev, CAIRN_HASH_BYTES);
	memcpy(p->head.device, p->carry->self.device, OP_ID_BYTES);
	p->envelope.inner = ops;
	err = posting_keys(p);
	if (err == CAIRN_OK)
		err = posting_note(p, last);
	if (err == CAIRN_OK)
		err = feed_record_make(record, ret_bytes, p->carry->self.desk_id, &p->head, &p->envelope, p->desk_key,
		    c == CARRY_DESK ? NULL : p->inner_key, p->carry->self.sign_secret);
	return err;
}

static int
posted(struct carry *carry, struct sync *ret, const uint8_t *record, size_t bytes)
{
	int err = db_begin(carry->db);

	if (err == CAIRN_OK)
		err = db_end(carry->db, apply_record(carry, &ret->read, record, bytes));
	ret->sent += err == CAIRN_OK;
	return err;
}

/* The relay looks at what all can see of a record (docs/http.md). */
static int
not_taken(struct carry *carry)
{
	return carry_trouble(carry, CAIRN_ERR_CONFLICT,
	    "the relay does not take what this device appends to the feed: it has another feed than this device has "
	    "read, or another day. Compare with another device ('cairn desk sync'), and tell the security officer");
}

int
sync_post(struct carry *carry, struct sync *ret, uint64_t c, struct cairn_span ops, uint64_t last)
{
	static const size_t most = FEED_RECORD_MAX;
	struct posting *p = sodium_malloc(sizeof(*p) + most);
	struct cairn_request request = {.method = "POST", .staff = true, .answer_max = 4096};
	uint8_t *record = (uint8_t *)(p + 1);
	const uint8_t *body;
	size_t bytes, body_bytes;
	int status = 0;
	int err = p == NULL ? CAIRN_ERR_NOMEM : db_begin(carry->db);

	if (err == CAIRN_OK) {
		memset(p, 0, sizeof(*p));
		p->carry = carry;
		err = db_end(carry->db, posting_make(p, record, &bytes, c, ops, last));
	}
	if (err == CAIRN_OK) {
		snprintf(request.path, sizeof(request.path), "feed?seq=%llu", (unsigned long long)p->head.seq);
		request.body = record;
		request.body_bytes = bytes;
		err = sync_exchange(carry, &request, &status, &body, &body_bytes);
	}
	if (err == CAIRN_ERR_FORMAT && status == 400)
		err = not_taken(carry);
	if (err == CAIRN_OK)
		err = status == 409 ? CAIRN_ERR_BUSY : posted(carry, ret, record, bytes);
	sodium_free(p);
	return err;
}

/* As many of a compartment's waiting operations as go into one record. Rows are whole: one may hold several. */
static int
outbox_take(struct carry *carry, uint8_t *room, size_t size, size_t *ret_used, uint64_t *ret_last, uint64_t c)
{
	struct query q = carry_query(carry, CARRY_OUTBOX_OF);
	int err = CAIRN_OK;
	int end;

	*ret_used = 0;
	*ret_last = 0;
	bind_int(&q, c);
	while (err == CAIRN_OK && query_row(&q)) {
		struct cairn_span row = query_span(&q, 2);
		size_t plain = c == CARRY_DESK ? row.size : row.size - KEY_REST_COST;

		if (plain > size - *ret_used)
			break;
		if (c == CARRY_DESK)
			memcpy(room + *ret_used, row.text, plain);
		else
			err = rest_open(carry, room + *ret_used, &plain, c, row.text, row.size);
		*ret_used += plain;
		*ret_last = query_int(&q, 0);
	}
	end = query_end(&q);
	return end != CAIRN_OK ? end : err;
}

static size_t
ops_room(const struct carry_compartment *c)
{
	return c->n == CARRY_DESK ? FEED_DESK_OPS_MAX : c->k > 0 ? FEED_THRESHOLD_OPS_MAX
								 : FEED_CASE_OPS_MAX;
}

/* What came back must be out of the outbox: else the others refused all of the record, and would again. */
static int
outbox_check(struct carry *carry, uint64_t c, uint64_t last)
{
	struct query q = carry_query(carry, CARRY_OUTBOX_HAS);
	uint64_t still;
	int err;

	bind_int(&q, last);
	bind_int(&q, c);
	err = query_number(&q, &still);
	if (err != CAIRN_OK || still == 0)
		return err;
	return carry_trouble(carry, CAIRN_ERR_DENIED,
	    "the desk does not take what this device says: it is suspended, or not in the roster any more");
}

static int
outbox_post(struct carry *carry, struct sync *ret, uint64_t c, bool *ret_any)
{
	struct carry_compartment compartment;
	uint8_t *room = sodium_malloc(FEED_RECORD_MAX);
	uint64_t last;
	size_t used = 0;
	int err = room == NULL ? CAIRN_ERR_NOMEM : compartment_at(carry, &compartment, c);

	if (err == CAIRN_OK)
		err = outbox_take(carry, room, ops_room(&compartment), &used, &last, c);
	*ret_any = used > 0;
	if (err == CAIRN_OK && used > 0)
		err = sync_post(carry, ret, c, (struct cairn_span){(const char *)room, used}, last);
	if (err == CAIRN_OK && used > 0)
		err = outbox_check(carry, c, last);
	sodium_free(room);
	return err;
}

/* Cases whose next generation is owed, or whose key has not come, wait; the others go in the order they were said. */
static int
next_case(struct carry *carry, uint64_t *ret_c)
{
	struct query q = carry_query(carry, CARRY_OUTBOX_READY);

	return query_number(&q, ret_c);
}

int
sync_push(struct carry *carry, struct sync *ret)
{
	bool any = true;
	uint64_t c = 0;
	int err = CAIRN_OK;

	while (err == CAIRN_OK && any)
		err = outbox_post(carry, ret, CARRY_DESK, &any);
	if (err == CAIRN_OK)
		err = next_case(carry, &c);
	while (err == CAIRN_OK && c != 0) {
		err = outbox_post(carry, ret, c, &any);
		if (err == CAIRN_OK && any)
			err = next_case(carry, &c);
		if (!any)
			break;
	}
	return err;
}
