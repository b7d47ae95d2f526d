// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/say.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/compartments.h"
#include "carry/devices.h"
#include "carry/feed.h"
#include "carry/keys.h"

#define SAID_MAX (OP_HEAD_BYTES + OP_BODY_MAX)

/* May this device say something there? What others would refuse is refused here first, with a reason. */
static int
say_allowed(struct carry *carry, uint64_t *ret_c, const uint8_t id[OP_ID_BYTES], const struct op_def *def)
{
	struct carry_compartment c;
	struct carry_device self;
	bool member;
	int err = compartment_get(carry, &c, id);

	if (def == NULL || (def->scope == OP_SCOPE_DESK) != (c.n == CARRY_DESK))
		return err == CAIRN_OK ? CAIRN_ERR_RANGE : err;
	*ret_c = c.n;
	if (err != CAIRN_OK || c.n == CARRY_DESK)
		return err;
	if (c.destroyed)
		return CAIRN_ERR_STALE;
	err = device_self(carry, &self);
	if (err == CAIRN_OK)
		err = member_is(carry, &member, c.n, self.n);
	if (err == CAIRN_OK && !member)
		err = CAIRN_ERR_DENIED;
	return err == CAIRN_OK ? key_put_rest(carry, c.n) : err;
}

/* Operations of the desk lie bare: every device has them anyway. */
static int
say_keep(struct carry *carry, uint64_t c, uint64_t counter, const uint8_t *op, size_t bytes)
{
	struct query q;
	uint8_t *sealed;
	int err = CAIRN_OK;

	sealed = c == CARRY_DESK ? NULL : malloc(bytes + KEY_REST_COST);
	if (c != CARRY_DESK)
		err = sealed == NULL ? CAIRN_ERR_NOMEM : rest_seal(carry, sealed, c, op, bytes);
	if (err == CAIRN_OK) {
		q = carry_query(carry, CARRY_OUTBOX_ADD);
		bind_int(&q, c);
		bind_int(&q, counter);
		bind_bytes(&q, sealed == NULL ? op : sealed, sealed == NULL ? bytes : bytes + KEY_REST_COST);
		err = query_run(&q);
	}
	free(sealed);
	return err;
}

int
say_into(struct carry *carry, struct writer *w, enum op_type type, const void *body, uint64_t now,
    uint64_t *ret_counter)
{
	struct op op = {.type = (uint16_t)type, .time = now};
	uint8_t *room = malloc(OP_BODY_MAX);
	struct writer b;
	size_t bytes;
	int err = room == NULL ? CAIRN_ERR_NOMEM : feed_position_tick(carry, &op.counter, &op.lamport);

	if (err == CAIRN_OK) {
		writer_init(&b, room, OP_BODY_MAX);
		op_body_write(&b, type, body);
		err = writer_end(&b, &bytes) == CAIRN_OK ? CAIRN_OK : CAIRN_ERR_RANGE;
	}
	if (err == CAIRN_OK) {
		op.body = (struct cairn_span){(const char *)room, bytes};
		op_write(w, &op);
		err = w->failed ? CAIRN_ERR_SPACE : CAIRN_OK;
	}
	if (room != NULL)
		sodium_memzero(room, OP_BODY_MAX);
	free(room);
	if (ret_counter != NULL)
		*ret_counter = op.counter;
	return err;
}

int
say_row(struct carry *carry, const uint8_t *ops, size_t bytes, uint64_t first)
{
	return say_keep(carry, CARRY_DESK, first, ops, bytes);
}

static int
say_write(struct carry *carry, uint64_t c, enum op_type type, const void *body, uint64_t now, uint64_t *ret_counter)
{
	uint8_t *room = malloc(SAID_MAX);
	uint64_t counter = 0;
	struct writer w;
	int err = room == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;

	writer_init(&w, room, room == NULL ? 0 : SAID_MAX);
	if (err == CAIRN_OK)
		err = say_into(carry, &w, type, body, now, &counter);
	if (err == CAIRN_OK)
		err = say_keep(carry, c, counter, room, w.used);
	if (room != NULL)
		sodium_memzero(room, SAID_MAX);
	free(room);
	if (ret_counter != NULL)
		*ret_counter = counter;
	return err;
}

int
say(struct carry *carry, const uint8_t compartment[OP_ID_BYTES], enum op_type type, const void *body, uint64_t now,
    uint64_t *ret_counter)
{
	uint64_t c;
	int err = say_allowed(carry, &c, compartment, op_find((uint16_t)type));

	return err == CAIRN_OK ? say_write(carry, c, type, body, now, ret_counter) : err;
}

int
carry_say(struct carry *carry, const uint8_t compartment[OP_ID_BYTES], enum op_type type, const void *body,
    uint64_t now, uint64_t *ret_counter)
{
	int err = db_begin(carry->db);

	return err == CAIRN_OK ? db_end(carry->db, say(carry, compartment, type, body, now, ret_counter)) : err;
}
