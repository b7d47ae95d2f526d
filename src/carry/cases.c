// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/cases.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "cairn/board.h"
#include "carry/day_keys.h"
#include "carry/devices.h"
#include "carry/feed_record.h"
#include "carry/membership.h"
#include "carry/new_keys.h"
#include "carry/say.h"
#include "carry/threshold.h"

#define ENTRY_BYTES (OP_ID_BYTES + 1U)

/* A compartment in the making: its first members, this device first. */
struct opening {
	struct op_compartment said;
	uint8_t entries[COMPARTMENT_MEMBERS_MAX * ENTRY_BYTES];
	struct carry_device members[COMPARTMENT_MEMBERS_MAX];
	size_t count;
};

/* Only who talks with people has a lane. */
static uint8_t
lane_of(uint8_t kind, size_t i)
{
	return kind == KIND_CONTACT && i < CAIRN_LANES ? (uint8_t)i : NO_LANE;
}

static int
opening_add(struct opening *o, const struct carry_device *device)
{
	uint8_t *entry = o->entries + o->count * ENTRY_BYTES;

	for (size_t i = 0; i < o->count; i++)
		if (o->members[i].n == device->n)
			return CAIRN_OK;
	if (o->count == COMPARTMENT_MEMBERS_MAX)
		return CAIRN_ERR_RANGE;
	memcpy(entry, device->id, OP_ID_BYTES);
	entry[OP_ID_BYTES] = lane_of(o->said.kind, o->count);
	o->members[o->count++] = *device;
	return CAIRN_OK;
}

static enum membership
allows(const struct carry_device *device, uint8_t kind)
{
	return membership_of(kind, roles_read((struct cairn_span){device->roles, strlen(device->roles)}));
}

static int
opening_members(struct carry *carry, struct opening *o, const uint8_t (*devices)[OP_ID_BYTES], size_t count,
    uint64_t now)
{
	struct carry_device *all = calloc(DEVICES_MAX, sizeof(*all));
	struct carry_device device;
	size_t all_count = 0;
	int err = all == NULL ? CAIRN_ERR_NOMEM : device_self(carry, &device);

	if (err == CAIRN_OK)
		err = opening_add(o, &device);
	if (err == CAIRN_OK)
		err = device_list(carry, all, &all_count);
	for (size_t i = 0; i < all_count && err == CAIRN_OK; i++)
		if (device_valid(&all[i], carry_day(now)) && allows(&all[i], o->said.kind) == MEMBER_AT_ONCE)
			err = opening_add(o, &all[i]);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		err = device_get(carry, &device, devices[i]);
		if (err == CAIRN_OK &&
		    (!device_valid(&device, carry_day(now)) || allows(&device, o->said.kind) == MEMBER_NEVER))
			err = CAIRN_ERR_DENIED;
		if (err == CAIRN_OK)
			err = opening_add(o, &device);
	}
	free(all);
	return err;
}

/* Nobody is to see a person's way, place, account and name together. */
static int
opening_apart(struct carry *carry, const struct opening *o, size_t from)
{
	struct carry_compartment of[COMPARTMENTS_OF_CASE_MAX];
	size_t count;
	int err = compartments_of(carry, of, COMPARTMENTS_OF_CASE_MAX, &count, o->said.case_id);

	for (size_t c = 0; c < count && err == CAIRN_OK; c++) {
		if (of[c].destroyed || !membership_apart(o->said.kind, of[c].kind))
			continue;
		for (size_t i = from; i < o->count && err == CAIRN_OK; i++) {
			bool member;

			err = member_is(carry, &member, of[c].n, o->members[i].n);
			if (err == CAIRN_OK && member)
				err = CAIRN_ERR_CONFLICT;
		}
	}
	return err;
}

/* As the others see it (apply_compartment): who is in nothing of a case adds nothing to it. */
static int
opening_allowed(struct carry *carry, const struct opening *o)
{
	struct carry_compartment of[COMPARTMENTS_OF_CASE_MAX];
	bool known = false;
	size_t count;
	int err = compartments_of(carry, of, COMPARTMENTS_OF_CASE_MAX, &count, o->said.case_id);

	for (size_t i = 0; i < count && err == CAIRN_OK && !known; i++) {
		err = member_is(carry, &known, of[i].n, o->members[0].n);
		known = known || memcmp(of[i].creator, carry->self.device, OP_ID_BYTES) == 0;
	}
	if (err != CAIRN_OK)
		return err;
	if (count == COMPARTMENTS_OF_CASE_MAX)
		return CAIRN_ERR_RANGE;
	return count == 0 || known ? CAIRN_OK : CAIRN_ERR_DENIED;
}

static int
opening_begin(struct carry *carry, struct opening *o, uint8_t kind, uint8_t case_id[OP_ID_BYTES],
    const uint8_t (*devices)[OP_ID_BYTES], size_t count, bool leave, uint64_t now)
{
	int err;

	memset(o, 0, sizeof(*o));
	if (kind == KIND_DESK || kind_find(kind) == NULL)
		return CAIRN_ERR_UNKNOWN;
	if (sodium_is_zero(case_id, OP_ID_BYTES))
		randombytes_buf(case_id, OP_ID_BYTES);
	randombytes_buf(o->said.compartment, OP_ID_BYTES);
	o->said.kind = kind;
	memcpy(o->said.case_id, case_id, OP_ID_BYTES);
	err = opening_members(carry, o, devices, count, now);
	/* Whoever opens it makes the key; but who has no role for it must not stay. */
	if (err == CAIRN_OK && !leave && allows(&o->members[0], kind) == MEMBER_NEVER)
		err = CAIRN_ERR_DENIED;
	if (err == CAIRN_OK)
		err = opening_allowed(carry, o);
	if (err == CAIRN_OK)
		err = opening_apart(carry, o, leave ? 1 : 0);
	o->said.members = (struct cairn_span){(const char *)o->entries, o->count * ENTRY_BYTES};
	return err;
}

static int
leave_later(struct carry *carry, const struct opening *o)
{
	struct query q = carry_query(carry, CARRY_LEAVING_ADD);

	bind_id(&q, o->said.compartment);
	return query_run(&q);
}

static int
open_say(struct carry *carry, const struct opening *o, bool leave, uint64_t now)
{
	uint8_t key[CAIRN_KEY_BYTES];
	bool own = !db_within(carry->db);
	int err = own ? db_begin(carry->db) : CAIRN_OK;

	if (err != CAIRN_OK)
		return err;
	err = new_key_make(carry, key, o->said.compartment, 1, carry_day(now));
	sodium_memzero(key, sizeof(key));
	if (err == CAIRN_OK)
		err = say(carry, carry_desk_compartment, OP_COMPARTMENT, &o->said, now, NULL);
	if (err == CAIRN_OK && leave)
		err = leave_later(carry, o);
	return own ? db_end(carry->db, err) : err;
}

int
carry_open(struct carry *carry, uint8_t ret_id[OP_ID_BYTES], uint8_t kind, uint8_t case_id[OP_ID_BYTES],
    const uint8_t (*devices)[OP_ID_BYTES], size_t count, bool leave, uint64_t now)
{
	struct opening *o = malloc(sizeof(*o));
	int err = o == NULL ? CAIRN_ERR_NOMEM : opening_begin(carry, o, kind, case_id, devices, count, leave, now);

	if (err == CAIRN_OK && leave && o->count < 2)
		err = CAIRN_ERR_RANGE; /* nobody would be left who has the key */
	if (err == CAIRN_OK)
		err = open_say(carry, o, leave, now);
	if (err == CAIRN_OK)
		memcpy(ret_id, o->said.compartment, OP_ID_BYTES);
	free(o);
	return err;
}

/* Each member's share, and this device's own, in boxes to their day keys. */
static int
shares_box(struct carry *carry, struct writer *w, const struct opening *o, const struct threshold_share *shares,
    uint64_t now)
{
	struct box_grant grant = {.what = BOX_SHARE};
	uint8_t key[CAIRN_XWING_PUBLIC_BYTES], *room = malloc(BOX_ROOM_BYTES);
	struct op_box box;
	int err = room == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;

	memcpy(grant.id, o->said.compartment, OP_ID_BYTES);
	for (size_t i = 0; i < o->count && err == CAIRN_OK; i++) {
		grant.number = shares[i].number;
		memcpy(grant.secret, shares[i].bytes, sizeof(grant.secret));
		err = day_key_of(carry, key, o->members[i].n, carry_day(now));
		if (err == CAIRN_OK)
			err = box_seal(&box, room, carry->self.desk_id, carry->self.device, o->members[i].id,
			    carry_day(now), &grant, 1, key);
		if (err == CAIRN_OK)
			err = say_into(carry, w, OP_BOX, &box, now, NULL);
	}
	sodium_memzero(&grant, sizeof(grant));
	free(room);
	return err;
}

static int
threshold_say(struct carry *carry, struct writer *w, const struct opening *o, uint8_t k, uint64_t now)
{
	struct threshold_share shares[THRESHOLD_MOST];
	struct op_threshold said = {.k = k, .n = (uint8_t)o->count};
	uint8_t seed[CAIRN_XWING_SEED_BYTES];
	struct cairn_xwing_key key;
	uint64_t first;
	int err;

	randombytes_buf(seed, sizeof(seed));
	cairn_xwing_key_init(&key, seed);
	memcpy(said.public_key, key.public_key, sizeof(said.public_key));
	memcpy(said.compartment, o->said.compartment, OP_ID_BYTES);
	cairn_xwing_key_clear(&key);
	err = threshold_split(shares, k, (uint8_t)o->count, seed);
	sodium_memzero(seed, sizeof(seed));
	if (err == CAIRN_OK)
		err = say_into(carry, w, OP_COMPARTMENT, &o->said, now, &first);
	if (err == CAIRN_OK)
		err = say_into(carry, w, OP_THRESHOLD, &said, now, NULL);
	if (err == CAIRN_OK)
		err = shares_box(carry, w, o, shares, now);
	sodium_memzero(shares, sizeof(shares));
	return err == CAIRN_OK ? say_row(carry, w->room, w->used, first) : err;
}

int
carry_open_threshold(struct carry *carry, uint8_t ret_id[OP_ID_BYTES], uint8_t kind, uint8_t case_id[OP_ID_BYTES],
    const uint8_t (*devices)[OP_ID_BYTES], size_t count, uint8_t k, uint64_t now)
{
	struct opening *o = malloc(sizeof(*o) + FEED_DESK_OPS_MAX);
	struct writer w;
	int err = o == NULL ? CAIRN_ERR_NOMEM : opening_begin(carry, o, kind, case_id, devices, count, false, now);

	if (err == CAIRN_OK && (o->count > THRESHOLD_MOST || k < THRESHOLD_LEAST || k > o->count))
		err = CAIRN_ERR_RANGE;
	if (err == CAIRN_OK)
		err = db_begin(carry->db);
	if (err == CAIRN_OK) {
		writer_init(&w, (uint8_t *)(o + 1), FEED_DESK_OPS_MAX);
		err = db_end(carry->db, threshold_say(carry, &w, o, k, now));
	}
	if (err == CAIRN_OK)
		memcpy(ret_id, o->said.compartment, OP_ID_BYTES);
	free(o);
	return err;
}

/* The next lane that nobody has or had. */
static int
lane_next(struct carry *carry, uint8_t *ret, const struct carry_compartment *c)
{
	struct carry_member members[2 * COMPARTMENT_MEMBERS_MAX];
	size_t count;
	unsigned next = 0;
	int err = members_of(carry, members, 2 * COMPARTMENT_MEMBERS_MAX, &count, c->n);

	*ret = NO_LANE;
	if (err != CAIRN_OK || c->kind != KIND_CONTACT)
		return err;
	for (size_t i = 0; i < count; i++)
		if (members[i].lane != NO_LANE && members[i].lane >= next)
			next = members[i].lane + 1U;
	if (next >= CAIRN_LANES)
		return CAIRN_ERR_RANGE;
	*ret = (uint8_t)next;
	return CAIRN_OK;
}

/* One that was a member before gets its lane back. */
static int
lane_for(struct carry *carry, uint8_t *ret, const struct carry_compartment *c, uint64_t device)
{
	struct carry_member member;
	int err = member_get(carry, &member, c->n, device);

	if (err == CAIRN_OK && member.lane != NO_LANE) {
		*ret = member.lane;
		return CAIRN_OK;
	}
	return err == CAIRN_OK || err == CAIRN_ERR_UNKNOWN ? lane_next(carry, ret, c) : err;
}

static int
member_check(struct carry *carry, const struct carry_compartment *c, const struct carry_device *device, bool together,
    uint64_t now)
{
	struct carry_compartment of[COMPARTMENTS_OF_CASE_MAX];
	uint8_t held[COMPARTMENTS_OF_CASE_MAX];
	size_t count, held_count = 0;
	bool member;
	int err = compartments_of(carry, of, COMPARTMENTS_OF_CASE_MAX, &count, c->case_id);

	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		err = member_is(carry, &member, of[i].n, device->n);
		if (err == CAIRN_OK && member && !of[i].destroyed && of[i].n != c->n)
			held[held_count++] = of[i].kind;
	}
	if (err != CAIRN_OK)
		return err;
	if (!device_valid(device, carry_day(now)))
		return CAIRN_ERR_DENIED;
	return membership_check(c->kind, roles_read((struct cairn_span){device->roles, strlen(device->roles)}), held,
	    held_count, together);
}

int
carry_member_add(struct carry *carry, const uint8_t compartment[OP_ID_BYTES], const uint8_t device[OP_ID_BYTES],
    bool together, uint64_t now)
{
	struct op_member_add said = {.together = together};
	struct carry_compartment c;
	struct carry_device d;
	int err = compartment_get(carry, &c, compartment);

	if (err == CAIRN_OK)
		err = device_get(carry, &d, device);
	if (err == CAIRN_OK && c.k > 0)
		err = CAIRN_ERR_STATE;
	if (err == CAIRN_OK)
		err = member_check(carry, &c, &d, together, now);
	if (err == CAIRN_OK)
		err = lane_for(carry, &said.lane, &c, d.n);
	if (err != CAIRN_OK)
		return err;
	memcpy(said.compartment, compartment, OP_ID_BYTES);
	memcpy(said.device, device, OP_ID_BYTES);
	return carry_say(carry, carry_desk_compartment, OP_MEMBER_ADD, &said, now, NULL);
}

int
carry_member_remove(struct carry *carry, const uint8_t compartment[OP_ID_BYTES], const uint8_t device[OP_ID_BYTES],
    uint64_t now)
{
	struct op_member_remove said;
	struct carry_compartment c;
	struct carry_device gone;
	int err = compartment_get(carry, &c, compartment);

	if (err == CAIRN_OK)
		err = device_get(carry, &gone, device);
	if (err == CAIRN_OK)
		err = member_spare(carry, &c, gone.n);
	if (err != CAIRN_OK)
		return err;
	memcpy(said.compartment, compartment, OP_ID_BYTES);
	memcpy(said.device, device, OP_ID_BYTES);
	return carry_say(carry, carry_desk_compartment, OP_MEMBER_REMOVE, &said, now, NULL);
}
