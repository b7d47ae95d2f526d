// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/reader.h"
#include "carry/apply.h"
#include "carry/compartments.h"
#include "carry/day_keys.h"
#include "carry/keys.h"
#include "carry/leave.h"
#include "carry/membership.h"
#include "carry/new_keys.h"
#include "carry/rotation.h"

/* Compartments, who is in them, and the generations of their keys. */

#define MEMBER_ENTRY_BYTES (OP_ID_BYTES + 1U)
#define NO_LANE 255U

/* The compartment, live, of which the author is a member. */
static int
author_is_in(struct applying *a, struct carry_compartment *c, const uint8_t id[OP_ID_BYTES])
{
	bool member = false;
	int err = apply_refused(compartment_get(a->carry, c, id));

	if (err == CAIRN_OK)
		err = member_is(a->carry, &member, c->n, a->author.n);
	if (err == CAIRN_OK && (!member || c->destroyed))
		err = CAIRN_ERR_DENIED;
	return err;
}

static int
member_put(struct carry *carry, uint64_t c, uint64_t device, uint8_t lane, bool together)
{
	struct query q = carry_query(carry, CARRY_MEMBER_ADD);

	bind_int(&q, c);
	bind_int(&q, device);
	bind_int(&q, lane);
	bind_int(&q, together);
	return query_run(&q);
}

static int
compartment_put(struct applying *a, const struct op_compartment *said)
{
	struct query q = carry_query(a->carry, CARRY_COMPARTMENT_ADD);

	bind_id(&q, said->compartment);
	bind_int(&q, said->kind);
	bind_id(&q, said->case_id);
	bind_id(&q, a->author.id);
	bind_int(&q, a->head->seq);
	return query_run(&q);
}

/*
 * The first members. Whoever opens a compartment holds its key, so he is the first of them whatever his roles are,
 * until he leaves; the others must be allowed by the table.
 */
static int
members_check(struct applying *a, const struct op_compartment *said)
{
	size_t count = said->members.size / MEMBER_ENTRY_BYTES;
	struct carry_device device;

	if (said->members.size % MEMBER_ENTRY_BYTES != 0 || count == 0 || count > COMPARTMENT_MEMBERS_MAX ||
	    memcmp(said->members.text, a->author.id, OP_ID_BYTES) != 0)
		return CAIRN_ERR_DENIED;
	for (size_t i = 1; i < count; i++) {
		const uint8_t *entry = (const uint8_t *)said->members.text + i * MEMBER_ENTRY_BYTES;
		struct cairn_span roles;
		int err = apply_refused(device_get(a->carry, &device, entry));

		if (err != CAIRN_OK)
			return err;
		roles = (struct cairn_span){device.roles, strlen(device.roles)};
		if (membership_of(said->kind, roles_read(roles)) == MEMBER_NEVER)
			return CAIRN_ERR_DENIED;
	}
	return CAIRN_OK;
}

static int
members_put(struct applying *a, const struct op_compartment *said, uint64_t c)
{
	int err = CAIRN_OK;

	for (size_t at = 0; at < said->members.size && err == CAIRN_OK; at += MEMBER_ENTRY_BYTES) {
		const uint8_t *entry = (const uint8_t *)said->members.text + at;
		struct carry_device device;

		err = device_get(a->carry, &device, entry);
		if (err == CAIRN_OK)
			err = member_put(a->carry, c, device.n, entry[OP_ID_BYTES], false);
	}
	return err;
}

/* Who has made the key has it. */
static int
author_granted(struct applying *a, const struct carry_compartment *c, uint32_t gen)
{
	struct query q = carry_query(a->carry, CARRY_MEMBER_GRANTED);
	int err;

	bind_int(&q, c->n);
	bind_int(&q, a->author.n);
	bind_int(&q, gen);
	err = query_run(&q);
	if (err != CAIRN_OK || memcmp(a->author.id, a->carry->self.device, OP_ID_BYTES) != 0)
		return err;
	return new_key_take(a->carry, c->id, c->n, gen);
}

/* Whoever is in nothing of a case adds nothing to it; and nobody more than the tables of this room hold. */
static int
case_open(struct applying *a, const uint8_t case_id[OP_ID_BYTES])
{
	struct carry_compartment of[COMPARTMENTS_OF_CASE_MAX];
	size_t count;
	bool known = false;
	int err = compartments_of(a->carry, of, COMPARTMENTS_OF_CASE_MAX, &count, case_id);

	for (size_t i = 0; i < count && err == CAIRN_OK && !known; i++) {
		err = member_is(a->carry, &known, of[i].n, a->author.n);
		known = known || memcmp(of[i].creator, a->author.id, OP_ID_BYTES) == 0;
	}
	if (err != CAIRN_OK)
		return err;
	return count < COMPARTMENTS_OF_CASE_MAX && (count == 0 || known) ? CAIRN_OK : CAIRN_ERR_DENIED;
}

int
apply_compartment(struct applying *a, const void *body)
{
	const struct op_compartment *said = body;
	struct carry_compartment c;
	int err = compartment_get(a->carry, &c, said->compartment);

	if (err == CAIRN_OK || said->kind == KIND_DESK || kind_find(said->kind) == NULL ||
	    sodium_is_zero(said->case_id, OP_ID_BYTES))
		return CAIRN_ERR_DENIED;
	err = members_check(a, said);
	if (err == CAIRN_OK)
		err = case_open(a, said->case_id);
	if (err == CAIRN_OK)
		err = compartment_put(a, said);
	if (err == CAIRN_OK)
		err = compartment_get(a->carry, &c, said->compartment);
	if (err == CAIRN_OK)
		err = members_put(a, said, c.n);
	return err == CAIRN_OK ? author_granted(a, &c, 1) : err;
}

/* The kinds of a case's compartments that a device is in. */
static int
kinds_held(struct carry *carry, uint8_t *held, size_t *ret_count, const struct carry_compartment *c, uint64_t device)
{
	struct carry_compartment of[COMPARTMENTS_OF_CASE_MAX];
	size_t count;
	int err = compartments_of(carry, of, COMPARTMENTS_OF_CASE_MAX, &count, c->case_id);

	*ret_count = 0;
	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		bool member;

		err = member_is(carry, &member, of[i].n, device);
		if (err == CAIRN_OK && member && !of[i].destroyed && of[i].n != c->n)
			held[(*ret_count)++] = of[i].kind;
	}
	return err;
}

/* A lane is one device's for ever: what it used in the past must not be used again. */
static int
lane_free(struct carry *carry, uint64_t c, uint64_t device, uint8_t lane)
{
	struct carry_member members[2 * COMPARTMENT_MEMBERS_MAX];
	size_t count;
	int err = members_of(carry, members, 2 * COMPARTMENT_MEMBERS_MAX, &count, c);

	for (size_t i = 0; i < count && err == CAIRN_OK && lane != NO_LANE; i++)
		if (members[i].lane == lane && members[i].device != device)
			err = CAIRN_ERR_DENIED;
	return err == CAIRN_ERR_SPACE ? CAIRN_ERR_DENIED : err;
}

/* Whoever gives it the key says again what went before. */
static int
snapshot_owed(struct carry *carry, uint64_t c, uint64_t device)
{
	struct query q = carry_query(carry, CARRY_MEMBER_SNAPSHOT);

	bind_int(&q, c);
	bind_int(&q, device);
	return query_run(&q);
}

int
apply_member_add(struct applying *a, const void *body)
{
	const struct op_member_add *said = body;
	uint8_t held[COMPARTMENTS_OF_CASE_MAX];
	struct carry_compartment c;
	struct carry_device device;
	struct cairn_span roles;
	size_t count;
	int err = author_is_in(a, &c, said->compartment);

	/* Nobody makes himself a member: a device that is taken must not be able to reach further. */
	if (err == CAIRN_OK && (c.n == CARRY_DESK || memcmp(said->device, a->author.id, OP_ID_BYTES) == 0))
		err = CAIRN_ERR_DENIED;
	/* Nor has one a share that comes later. */
	if (err == CAIRN_OK && c.k > 0)
		err = CAIRN_ERR_DENIED;
	if (err == CAIRN_OK)
		err = apply_refused(device_get(a->carry, &device, said->device));
	if (err == CAIRN_OK && !device_valid(&device, a->head->day))
		err = CAIRN_ERR_DENIED;
	if (err == CAIRN_OK)
		err = kinds_held(a->carry, held, &count, &c, device.n);
	if (err != CAIRN_OK)
		return err;
	roles = (struct cairn_span){device.roles, strlen(device.roles)};
	if (membership_check(c.kind, roles_read(roles), held, count, said->together != 0) != CAIRN_OK)
		return CAIRN_ERR_DENIED;
	err = lane_free(a->carry, c.n, device.n, said->lane);
	if (err == CAIRN_OK)
		err = member_put(a->carry, c.n, device.n, said->lane, said->together != 0);
	return err == CAIRN_OK ? snapshot_owed(a->carry, c.n, device.n) : err;
}

int
apply_member_remove(struct applying *a, const void *body)
{
	const struct op_member_remove *said = body;
	struct carry_compartment c;
	struct carry_device device;
	int err = author_is_in(a, &c, said->compartment);

	if (err == CAIRN_OK && c.n == CARRY_DESK)
		err = CAIRN_ERR_DENIED; /* that is the roster's */
	if (err == CAIRN_OK)
		err = apply_refused(device_get(a->carry, &device, said->device));
	if (err == CAIRN_OK)
		err = member_spare(a->carry, &c, device.n);
	if (err == CAIRN_ERR_STATE || err == CAIRN_ERR_BUSY)
		err = CAIRN_ERR_DENIED;
	return err == CAIRN_OK ? leave(a->carry, c.n, device.n) : err;
}

int
apply_rotate(struct applying *a, const void *body)
{
	const struct op_rotate *said = body;
	struct carry_compartment c;
	struct query q;
	int err = author_is_in(a, &c, said->compartment);

	/* Only what is owed: else one device could take the key from all others whenever it likes. */
	if (err == CAIRN_OK && (!c.rotate || said->from_gen != c.gen || c.gen >= FEED_GEN_THRESHOLD - 1 || c.k > 0))
		err = CAIRN_ERR_DENIED;
	if (err == CAIRN_OK && c.n == CARRY_DESK)
		return rotation_say(a, said, &c);
	if (err != CAIRN_OK)
		return err;
	q = carry_query(a->carry, CARRY_COMPARTMENT_GEN);
	bind_int(&q, c.n);
	bind_int(&q, c.gen + 1);
	err = query_run(&q);
	if (err != CAIRN_OK)
		return err;
	q = carry_query(a->carry, CARRY_MEMBER_UNGRANT);
	bind_int(&q, c.n);
	err = query_run(&q);
	return err == CAIRN_OK ? author_granted(a, &c, c.gen + 1) : err;
}

int
apply_keys_wanted(struct applying *a, const void *body)
{
	const struct op_keys_wanted *said = body;
	struct carry_compartment c;
	struct query q;
	int err = author_is_in(a, &c, said->compartment);

	/* Of the desk: what other rooms gave it (carry_hooks), it is to be given again; they are told. */
	if (err != CAIRN_OK || c.n == CARRY_DESK)
		return err;
	q = carry_query(a->carry, CARRY_MEMBER_WANTS);
	bind_int(&q, c.n);
	bind_int(&q, a->author.n);
	err = query_run(&q);
	if (err != CAIRN_OK)
		return err;
	/* If nobody else has it either, there is a new one, and each tells the others what he has. */
	q = carry_query(a->carry, CARRY_ROTATE_ORPHAN);
	bind_int(&q, c.n);
	return query_run(&q);
}

/* The giver has sent all of it. */
int
apply_given(struct applying *a, const void *body)
{
	const struct op_given *said = body;
	struct carry_compartment c;
	struct carry_device device;
	struct query q;
	int err = author_is_in(a, &c, said->compartment);

	if (err == CAIRN_OK)
		err = apply_refused(device_get(a->carry, &device, said->device));
	if (err != CAIRN_OK)
		return err;
	q = carry_query(a->carry, CARRY_MEMBER_GIVEN);
	bind_int(&q, c.n);
	bind_int(&q, device.n);
	bind_int(&q, a->author.n);
	return query_run(&q);
}

/* Made so long before it was sent that nobody can open its boxes any more: what was written there would be lost. */
static int
stillborn(struct applying *a, const struct carry_compartment *c)
{
	static const enum carry_statement end[] = {CARRY_COMPARTMENT_DESTROYED, CARRY_MEMBERS_GONE};
	int err = compartment_erase(a->carry, c);

	for (size_t i = 0; i < 2 && err == CAIRN_OK; i++) {
		struct query q = carry_query(a->carry, end[i]);

		bind_int(&q, c->n);
		err = query_run(&q);
	}
	return err;
}

int
apply_threshold(struct applying *a, const void *body)
{
	const struct op_threshold *said = body;
	struct carry_compartment c;
	struct query q;
	int err = author_is_in(a, &c, said->compartment);

	/* From its first record on or never: what went before would lie open. */
	if (err == CAIRN_OK &&
	    (c.k > 0 || c.n == CARRY_DESK || said->k < 2 || said->n < said->k || said->n > 16 ||
		a->head->seq != c.created || cairn_xwing_public_check(said->public_key) != CAIRN_OK))
		err = CAIRN_ERR_DENIED;
	if (err == CAIRN_OK && a->op.time / CARRY_DAY_S + DAY_KEY_KEEP_DAYS <= a->head->day)
		return stillborn(a, &c);
	if (err != CAIRN_OK)
		return err;
	q = carry_query(a->carry, CARRY_COMPARTMENT_THRESHOLD);
	bind_int(&q, c.n);
	bind_int(&q, said->k);
	bind_int(&q, said->n);
	bind_bytes(&q, said->public_key, sizeof(said->public_key));
	return query_run(&q);
}
