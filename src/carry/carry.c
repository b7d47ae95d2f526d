// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/carry.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "carry/apply.h"
#include "carry/day_keys.h"
#include "carry/feed.h"
#include "carry/joining.h"
#include "carry/keys.h"
#include "carry/notes.h"
#include "carry/say.h"

const uint8_t carry_desk_compartment[OP_ID_BYTES];

uint32_t
carry_day(uint64_t now)
{
	return (uint32_t)(now / CARRY_DAY_S);
}

int
carry_trouble(struct carry *carry, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(carry->trouble, sizeof(carry->trouble), format, args);
	va_end(args);
	return err;
}

int
carry_new(struct carry **ret, struct db *db, struct erasure *erasure, const struct carry_self *self)
{
	struct carry *carry = sodium_malloc(sizeof(*carry));
	uint8_t *scratch = sodium_malloc(CARRY_SCRATCH_BYTES);

	*ret = NULL;
	if (carry == NULL || scratch == NULL) {
		sodium_free(carry);
		sodium_free(scratch);
		return CAIRN_ERR_NOMEM;
	}
	memset(carry, 0, sizeof(*carry));
	carry->db = db;
	carry->erasure = erasure;
	carry->self = *self;
	carry->scratch = scratch;
	*ret = carry;
	return CAIRN_OK;
}

void
carry_free(struct carry *carry)
{
	if (carry == NULL)
		return;
	sodium_free(carry->scratch);
	sodium_free(carry);
}

/* The desk's compartment is there from the beginning and is never announced. */
static int
desk_compartment_make(struct carry *carry)
{
	static const uint8_t none[OP_ID_BYTES];
	struct query q = carry_query(carry, CARRY_COMPARTMENT_ADD);

	bind_id(&q, carry_desk_compartment);
	bind_int(&q, 0);
	bind_id(&q, none);
	bind_id(&q, carry->self.device);
	bind_int(&q, 0);
	return query_run(&q);
}

static int
begin(struct carry *carry, uint64_t seq, const uint8_t prev[CAIRN_HASH_BYTES], uint32_t gen, uint32_t day,
    const uint8_t key[CAIRN_KEY_BYTES])
{
	struct query q = carry_query(carry, CARRY_FEED_PUT);
	int err;

	bind_int(&q, seq);
	bind_bytes(&q, prev, CAIRN_HASH_BYTES);
	bind_int(&q, 0); /* never at the head yet */
	bind_int(&q, 0);
	bind_int(&q, 0);
	err = query_run(&q);
	return err == CAIRN_OK ? key_put(carry, CARRY_DESK, gen, day, key) : err;
}

/*
 * The founder's own row stands before anything is read: its first record, which says DEVICE and ROSTER, could
 * not be checked otherwise.
 */
int
carry_found(struct carry *carry, const struct op_device *device, struct cairn_span roster, uint64_t now)
{
	static const uint8_t first[CAIRN_HASH_BYTES];
	struct op_roster said = {.note = roster};
	uint8_t key[CAIRN_KEY_BYTES];
	int err;

	randombytes_buf(key, sizeof(key));
	err = begin(carry, 0, first, 1, carry_day(now), key);
	sodium_memzero(key, sizeof(key));
	if (err == CAIRN_OK)
		err = desk_compartment_make(carry);
	if (err == CAIRN_OK)
		err = apply_founder(carry, device, roster);
	if (err == CAIRN_OK)
		err = say(carry, carry_desk_compartment, OP_DEVICE, device, now, NULL);
	if (err == CAIRN_OK)
		err = say(carry, carry_desk_compartment, OP_ROSTER, &said, now, NULL);
	return err;
}

/* Kept for the second reading (joining.h), as the key that moves on meanwhile does not go back. */
static int
welcome_keep(struct carry *carry, const struct carry_welcome *w)
{
	uint8_t sealed[ERASURE_SEALED_BYTES], next[ERASURE_SEALED_BYTES];
	struct query q;
	int err = erasure_seal(carry->erasure, sealed, w->key, "joining", 7);

	if (err == CAIRN_OK)
		err = erasure_seal(carry->erasure, next, w->next.key, "joining next", 12);
	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_JOINING_PUT);
	bind_int(&q, w->seq);
	bind_bytes(&q, w->prev, sizeof(w->prev));
	bind_int(&q, w->gen);
	bind_int(&q, w->day);
	bind_bytes(&q, sealed, sizeof(sealed));
	bind_id(&q, w->from);
	bind_int(&q, w->next.gen);
	bind_int(&q, w->next.day);
	bind_id(&q, w->next.author);
	bind_bytes(&q, next, sizeof(next));
	return query_run(&q);
}

int
carry_join(struct carry *carry, const struct carry_welcome *welcome, struct cairn_span roster)
{
	struct feed_position old;
	int err = db_begin(carry->db);

	if (err != CAIRN_OK)
		return err;
	err = joining_clear(carry);
	/* One that comes back after a long time goes on counting: an operation's id is used once. */
	if (err == CAIRN_OK && feed_position_get(carry, &old) == CAIRN_OK) {
		err = feed_position_move(carry, welcome->seq, welcome->prev, 0);
		if (err == CAIRN_OK)
			err = key_put(carry, CARRY_DESK, welcome->gen, welcome->day, welcome->key);
	} else if (err == CAIRN_OK) {
		err = begin(carry, welcome->seq, welcome->prev, welcome->gen, welcome->day, welcome->key);
	}
	if (err == CAIRN_OK)
		err = welcome_keep(carry, welcome);
	if (err == CAIRN_OK)
		err = carry_note_put(carry, "welcome", roster, 0);
	if (err == CAIRN_OK)
		err = joining_next(carry, &welcome->next);
	return db_end(carry->db, err);
}
