// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/log.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "carry/feed_record.h"
#include "carry/keys.h"

/* One reading of a log. */
struct reading {
	struct carry *carry;
	const struct carry_compartment *c;
	const struct cairn_xwing_key *key;
	struct log_ops *log;
	uint8_t plain[FEED_RECORD_MAX];
	uint8_t opened[FEED_RECORD_MAX];
};

/* Grows by hand: what a realloc leaves behind would not be wiped. */
static int
grow(void *at, size_t used, size_t *room, size_t need)
{
	uint8_t **block = at;
	uint8_t *more;

	if (need <= *room - used)
		return CAIRN_OK;
	more = malloc(2 * (*room + need));
	if (more == NULL)
		return CAIRN_ERR_NOMEM;
	if (used > 0) {
		memcpy(more, *block, used);
		sodium_memzero(*block, used);
	}
	free(*block);
	*block = more;
	*room = 2 * (*room + need);
	return CAIRN_OK;
}

/* While more come, a body is known by where it begins: the block may still move. */
static int
keep_op(struct log_ops *log, const struct op *op)
{
	size_t used = log->count * sizeof(*log->ops), room = log->op_room * sizeof(*log->ops);
	int err = grow(&log->bytes, log->used, &log->room, op->body.size);

	if (err == CAIRN_OK)
		err = grow(&log->ops, used, &room, sizeof(*op));
	log->op_room = room / sizeof(*log->ops);
	if (err != CAIRN_OK)
		return err;
	if (op->body.size > 0)
		memcpy(log->bytes + log->used, op->body.text, op->body.size);
	log->ops[log->count] = *op;
	log->ops[log->count++].body.text = NULL;
	log->used += op->body.size;
	return CAIRN_OK;
}

static void
bodies_set(struct log_ops *log)
{
	size_t at = 0;

	for (size_t i = 0; i < log->count; i++) {
		log->ops[i].body.text = (const char *)log->bytes + at;
		at += log->ops[i].body.size;
	}
}

/*
 * What is behind something that does not read is lost, for all alike: one member must not take it all from the
 * others.
 */
static int
visit_ops(struct reading *r, struct cairn_span ops, const uint8_t device[OP_ID_BYTES])
{
	struct op op;
	size_t at = 0;
	int err = CAIRN_OK;

	while (err == CAIRN_OK && at < ops.size) {
		if (op_next(&op, ops, &at) != CAIRN_OK)
			break;
		memcpy(op.device, device, OP_ID_BYTES);
		err = keep_op(r->log, &op);
	}
	return err;
}

/* What only the members together open: day, then the inner of the record. */
static int
visit_threshold(struct reading *r, size_t bytes, uint64_t seq, const uint8_t device[OP_ID_BYTES])
{
	struct cairn_feed_head head = {.seq = seq};
	struct feed_envelope envelope = {.gen = FEED_GEN_THRESHOLD};
	struct cairn_span ops;
	int err;

	if (r->key == NULL)
		return CAIRN_ERR_DENIED;
	if (bytes < 4)
		return CAIRN_ERR_FORMAT;
	memcpy(head.device, device, OP_ID_BYTES);
	memcpy(envelope.compartment, r->c->id, OP_ID_BYTES);
	envelope.day = get_u32(r->plain);
	envelope.inner = (struct cairn_span){(const char *)r->plain + 4, bytes - 4};
	err = feed_inner_open_threshold(&ops, r->opened, r->carry->self.desk_id, &head, &envelope, r->key);
	if (err == CAIRN_ERR_CRYPTO || err == CAIRN_ERR_FORMAT)
		return CAIRN_OK; /* nobody could look into it when it came */
	return err == CAIRN_OK ? visit_ops(r, ops, device) : err;
}

static int
visit_row(struct reading *r, struct cairn_span sealed, uint64_t seq, const uint8_t device[OP_ID_BYTES], bool in_feed)
{
	size_t bytes;
	int err = sealed.size > FEED_RECORD_MAX + KEY_REST_COST
	    ? CAIRN_ERR_FORMAT
	    : rest_open(r->carry, r->plain, &bytes, r->c->n, sealed.text, sealed.size);

	if (err != CAIRN_OK)
		return err;
	if (in_feed && r->c->k > 0)
		return visit_threshold(r, bytes, seq, device);
	return visit_ops(r, (struct cairn_span){(const char *)r->plain, bytes}, device);
}

static int
visit_feed(struct reading *r)
{
	struct query q = carry_query(r->carry, CARRY_LOG_OF);
	uint8_t device[OP_ID_BYTES];
	int err = CAIRN_OK;
	int end;

	bind_int(&q, r->c->n);
	while (err == CAIRN_OK && query_row(&q)) {
		query_bytes(&q, 1, device, sizeof(device));
		err = visit_row(r, query_span(&q, 2), query_int(&q, 0), device, true);
	}
	end = query_end(&q);
	return end != CAIRN_OK ? end : err;
}

static int
visit_outbox(struct reading *r)
{
	struct query q = carry_query(r->carry, CARRY_OUTBOX_OF);
	int err = CAIRN_OK;
	int end;

	bind_int(&q, r->c->n);
	while (err == CAIRN_OK && query_row(&q))
		err = visit_row(r, query_span(&q, 2), 0, r->carry->self.device, false);
	end = query_end(&q);
	return end != CAIRN_OK ? end : err;
}

int
log_read(struct carry *carry, struct log_ops *ret, const struct carry_compartment *c,
    const struct cairn_xwing_key *key)
{
	struct reading *r = sodium_malloc(sizeof(*r));
	int err;

	memset(ret, 0, sizeof(*ret));
	if (r == NULL)
		return CAIRN_ERR_NOMEM;
	r->carry = carry;
	r->c = c;
	r->key = key;
	r->log = ret;
	err = visit_feed(r);
	if (err == CAIRN_OK)
		err = visit_outbox(r);
	bodies_set(ret);
	sodium_free(r);
	return err;
}

void
log_end(struct log_ops *log)
{
	if (log->bytes != NULL)
		sodium_memzero(log->bytes, log->used);
	free(log->bytes);
	free(log->ops);
	memset(log, 0, sizeof(*log));
}
