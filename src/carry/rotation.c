// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/rotation.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "carry/keys.h"
#include "carry/new_keys.h"
#include "carry/notes.h"

#define NOTE "rotation" /* the promise, then who has tried, the last one last; its serial is the generation */

void
rotation_promise(uint8_t promise[CAIRN_HASH_BYTES], const uint8_t key[CAIRN_KEY_BYTES], uint32_t gen, uint32_t day)
{
	uint8_t context[8];

	put_u32(context, gen);
	put_u32(context + 4, day);
	cairn_derive(promise, key, "generation", context, sizeof(context));
}

int
rotation_get(struct carry *carry, struct rotation *ret)
{
	uint8_t *bytes;
	size_t size;
	uint64_t serial;
	int err = carry_note_get(carry, NOTE, &bytes, &size, &serial);

	memset(ret, 0, sizeof(*ret));
	if (err != CAIRN_OK || bytes == NULL)
		return err;
	ret->tries = size < CAIRN_HASH_BYTES ? 0 : (size - CAIRN_HASH_BYTES) / OP_ID_BYTES;
	ret->there = ret->tries > 0 && ret->tries <= DEVICES_MAX &&
	    size == CAIRN_HASH_BYTES + ret->tries * OP_ID_BYTES;
	if (ret->there) {
		ret->gen = (uint32_t)serial;
		memcpy(ret->promise, bytes, CAIRN_HASH_BYTES);
		memcpy(ret->tried, bytes + CAIRN_HASH_BYTES, ret->tries * OP_ID_BYTES);
		memcpy(ret->author, ret->tried[ret->tries - 1], OP_ID_BYTES);
	}
	free(bytes);
	return CAIRN_OK;
}

bool
rotation_tried(const struct rotation *r, const uint8_t device[OP_ID_BYTES])
{
	for (size_t i = 0; i < r->tries; i++)
		if (memcmp(r->tried[i], device, OP_ID_BYTES) == 0)
			return true;
	return false;
}

static int
rotation_put(struct carry *carry, const struct rotation *r)
{
	uint8_t room[CAIRN_HASH_BYTES + DEVICES_MAX * OP_ID_BYTES];
	struct writer w;

	writer_init(&w, room, sizeof(room));
	write_bytes(&w, r->promise, CAIRN_HASH_BYTES);
	write_bytes(&w, r->tried, r->tries * OP_ID_BYTES);
	return carry_note_put(carry, NOTE, (struct cairn_span){(const char *)room, w.used}, r->gen);
}

static int
key_forget(struct carry *carry)
{
	struct query q = carry_query(carry, CARRY_NEW_KEY_DROP);

	bind_id(&q, carry_desk_compartment);
	return query_run(&q);
}

/* Is there nobody else who could write under it? */
static int
is_alone(struct applying *a, bool *ret)
{
	struct carry_device *all = calloc(DEVICES_MAX, sizeof(*all));
	size_t count = 0;
	int err = all == NULL ? CAIRN_ERR_NOMEM : device_list(a->carry, all, &count);

	*ret = true;
	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		if (all[i].n != a->author.n && device_valid(&all[i], a->head->day))
			*ret = false;
	free(all);
	return err;
}

int
rotation_say(struct applying *a, const struct op_rotate *said, const struct carry_compartment *desk)
{
	struct rotation r;
	bool alone = false;
	int err = rotation_get(a->carry, &r);

	if (err == CAIRN_OK && (rotation_tried(&r, a->author.id) || r.tries == DEVICES_MAX))
		err = CAIRN_ERR_DENIED;
	if (err != CAIRN_OK)
		return err;
	r.gen = desk->gen + 1;
	memcpy(r.promise, said->promise, CAIRN_HASH_BYTES);
	memcpy(r.tried[r.tries++], a->author.id, OP_ID_BYTES);
	err = rotation_put(a->carry, &r);
	if (err == CAIRN_OK && memcmp(a->author.id, a->carry->self.device, OP_ID_BYTES) != 0)
		err = key_forget(a->carry);
	if (err == CAIRN_OK)
		err = is_alone(a, &alone);
	return err == CAIRN_OK && alone ? rotation_enter(a->carry, r.gen) : err;
}

int
rotation_take(struct applying *a, const struct box_grant *grant)
{
	uint8_t promise[CAIRN_HASH_BYTES];
	struct rotation r;
	int err = rotation_get(a->carry, &r);

	rotation_promise(promise, grant->secret, grant->gen, grant->day);
	if (err != CAIRN_OK || !r.there || grant->gen != r.gen || grant->day > a->head->day ||
	    a->head->day - grant->day > KEY_STEP_DAYS_MAX / 2 || memcmp(r.author, a->author.id, OP_ID_BYTES) != 0 ||
	    memcmp(r.promise, promise, sizeof(promise)) != 0)
		return err;
	return new_key_keep(a->carry, grant->secret, carry_desk_compartment, grant->gen, grant->day);
}

int
rotation_key(struct carry *carry, uint8_t key[CAIRN_KEY_BYTES], const uint8_t promise[CAIRN_HASH_BYTES], uint32_t gen,
    uint32_t day)
{
	uint8_t is[CAIRN_HASH_BYTES];
	uint32_t of;
	int err = new_key_get(carry, key, &of, carry_desk_compartment, gen);

	if (err != CAIRN_OK)
		return err;
	rotation_promise(is, key, gen, of);
	if (memcmp(is, promise, sizeof(is)) == 0)
		return key_forward(key, of, day);
	sodium_memzero(key, CAIRN_KEY_BYTES);
	return CAIRN_ERR_UNKNOWN; /* one that this device has made, and did not say yet */
}

int
rotation_enter(struct carry *carry, uint32_t gen)
{
	static const enum carry_statement steps[] = {CARRY_COMPARTMENT_GEN, CARRY_MEMBERS_GRANTED};
	struct query q;
	int err = CAIRN_OK;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && err == CAIRN_OK; i++) {
		q = carry_query(carry, steps[i]);
		bind_int(&q, CARRY_DESK);
		bind_int(&q, gen);
		err = query_run(&q);
	}
	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_NOTE_DROP);
	bind_text(&q, (struct cairn_span){NOTE, sizeof(NOTE) - 1});
	err = query_run(&q);
	return err == CAIRN_OK ? new_key_take(carry, carry_desk_compartment, CARRY_DESK, gen) : err;
}

int
rotation_drop(struct carry *carry)
{
	struct query q = carry_query(carry, CARRY_NOTE_DROP);
	int err;

	bind_text(&q, (struct cairn_span){NOTE, sizeof(NOTE) - 1});
	err = query_run(&q);
	return err == CAIRN_OK ? key_forget(carry) : err;
}
