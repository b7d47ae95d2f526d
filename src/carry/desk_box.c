// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "carry/apply.h"
#include "carry/compartments.h"
#include "carry/day_keys.h"
#include "carry/keys.h"
#include "carry/rotation.h"
#include "carry/say.h"
#include "carry/shares_kept.h"
#include "carry/snapshot.h"

/* Boxes: who was given which key, and, where this device is the recipient, the keys. */

/* Is it a key of a live compartment's generation in force, from one of its members to another? */
static int
key_name_counts(struct applying *a, struct carry_compartment *c, bool *ret, const struct box_name *name,
    uint64_t recipient)
{
	bool from = false, to = false;
	int err = compartment_get(a->carry, c, name->id);

	*ret = false;
	if (err != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	err = member_is(a->carry, &from, c->n, a->author.n);
	if (err == CAIRN_OK)
		err = member_is(a->carry, &to, c->n, recipient);
	*ret = err == CAIRN_OK && from && to && !c->destroyed && c->k == 0 && name->gen == c->gen;
	return err;
}

/*
 * Who gives a key to one that must be told what went before tells it, and is its giver until he has said that all of
 * it is sent (OP_GIVEN) or is a member no more: then it is owed anew, by another.
 */
static int
giver_noted(struct applying *a, const struct carry_compartment *c, const struct carry_member *member)
{
	struct query q = carry_query(a->carry, CARRY_MEMBER_MAY_GIVE);
	uint64_t may;
	int err;

	bind_int(&q, c->n);
	bind_int(&q, a->author.n);
	err = query_number(&q, &may);
	if (err != CAIRN_OK || may == 0)
		return err;
	q = carry_query(a->carry, CARRY_MEMBER_GIVER);
	bind_int(&q, c->n);
	bind_int(&q, member->device);
	bind_int(&q, a->author.n);
	err = query_run(&q);
	if (err == CAIRN_OK && memcmp(a->author.id, a->carry->self.device, OP_ID_BYTES) == 0)
		err = snapshot_say(a->carry, c, a->op.time);
	return err;
}

/* All devices take note, so that nobody gives it twice. */
static int
key_name_noted(struct applying *a, const struct box_name *name, const struct carry_device *recipient)
{
	struct carry_compartment c;
	struct carry_member member;
	struct query q;
	bool counts;
	int err = key_name_counts(a, &c, &counts, name, recipient->n);

	if (err != CAIRN_OK || !counts)
		return err;
	err = member_get(a->carry, &member, c.n, recipient->n);
	if (err != CAIRN_OK)
		return err;
	q = carry_query(a->carry, CARRY_MEMBER_GRANTED);
	bind_int(&q, c.n);
	bind_int(&q, recipient->n);
	bind_int(&q, name->gen);
	err = query_run(&q);
	return err == CAIRN_OK && member.snapshot && member.giver == 0 ? giver_noted(a, &c, &member) : err;
}

static int
names_noted(struct applying *a, const struct op_box *box, const struct carry_device *recipient)
{
	struct box_name name;
	size_t at = 0;
	int err = CAIRN_OK;

	while (err == CAIRN_OK && box_name_next(&name, box->names, &at) == CAIRN_OK) {
		if (name.what == BOX_KEY)
			err = key_name_noted(a, &name, recipient);
		else if (a->carry->hooks.granted != NULL)
			err = a->carry->hooks.granted(a->carry->hooks.arg, recipient->id, &name);
	}
	return err;
}

/*
 * A generation between the one held and this one has passed this device by, in a box that it could not open: what was
 * said under that one is asked for, unless whoever gives this one tells it all.
 */
static int
gap_asked(struct applying *a, const struct carry_compartment *c, const struct carry_device *self)
{
	struct op_keys_wanted wanted;
	struct carry_member member;
	int err = member_get(a->carry, &member, c->n, self->n);

	if (err != CAIRN_OK || (member.snapshot && member.giver == 0))
		return err;
	memcpy(wanted.compartment, c->id, OP_ID_BYTES);
	return say(a->carry, carry_desk_compartment, OP_KEYS_WANTED, &wanted, a->op.time, NULL);
}

/*
 * Has something passed by before the first key came, as where whoever opened it had no day key to give it to? A gap
 * between generations is known by their numbers.
 */
static int
gap_before(struct applying *a, bool *ret, const struct carry_compartment *c, uint32_t held, uint32_t given)
{
	struct query q = carry_query(a->carry, CARRY_SEEN_UNREAD);
	uint64_t unread;
	int err;

	bind_int(&q, c->n);
	err = query_number(&q, &unread);
	*ret = err == CAIRN_OK && (held + 1 < given || (held == 0 && unread > 0));
	return err;
}

static int
key_take(struct applying *a, const struct box_grant *grant, const struct carry_device *self)
{
	struct carry_compartment c;
	struct box_name name;
	uint32_t gen = 0, day;
	bool counts, gap = false;
	int err;

	box_name(&name, grant);
	err = key_name_counts(a, &c, &counts, &name, self->n);
	/* A day that is not yet, or so long ago that nobody goes the way from there, would be the same as no key. */
	if (err != CAIRN_OK || !counts || grant->day > a->head->day ||
	    a->head->day - grant->day > KEY_STEP_DAYS_MAX / 2)
		return err;
	err = key_held(a->carry, c.n, &gen, &day);
	if (err == CAIRN_OK && gen == grant->gen)
		/* it is held: who gives another one lies, or gives a later day, which follows from it */
		return CAIRN_OK;
	if (err == CAIRN_ERR_UNKNOWN)
		err = CAIRN_OK;
	if (err == CAIRN_OK)
		err = gap_before(a, &gap, &c, gen, grant->gen);
	if (err == CAIRN_OK && gap)
		err = gap_asked(a, &c, self);
	if (err != CAIRN_OK)
		return err;
	return key_put(a->carry, c.n, grant->gen, grant->day, grant->secret);
}

static int
grant_take(struct applying *a, const struct box_grant *grant, const struct carry_device *self)
{
	if (grant->what == BOX_KEY && feed_is_desk(grant->id))
		return rotation_take(a, grant);
	if (grant->what == BOX_KEY)
		return key_take(a, grant, self);
	if (grant->what == BOX_SHARE)
		return share_take(a, grant);
	return a->carry->hooks.take == NULL ? CAIRN_OK
					    : a->carry->hooks.take(a->carry->hooks.arg, grant, a->author.id);
}

/* Without the day's seed (away for too long) the keys are asked for again (duties.h). */
static int
box_take(struct applying *a, const struct op_box *box, const struct carry_device *self)
{
	struct box_grant grants[BOX_GRANTS_MAX];
	struct cairn_xwing_key key;
	size_t count = 0;
	int err = day_key_mine(a->carry, &key, box->day);

	if (err == CAIRN_OK) {
		err = box_open(grants, &count, box, a->carry->self.desk_id, a->author.id, &key);
		cairn_xwing_key_clear(&key);
		if (err != CAIRN_OK)
			err = CAIRN_ERR_UNKNOWN; /* another device's fault, or an attack: as if it had not come */
	}
	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		err = grant_take(a, &grants[i], self);
	sodium_memzero(grants, sizeof(grants));
	return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
}

int
apply_box(struct applying *a, const void *body)
{
	const struct op_box *box = body;
	struct carry_device recipient;
	int err = apply_refused(device_get(a->carry, &recipient, box->recipient));

	if (err != CAIRN_OK)
		return err;
	if (memcmp(recipient.id, a->carry->self.device, OP_ID_BYTES) == 0)
		err = box_take(a, box, &recipient);
	return err == CAIRN_OK ? names_noted(a, box, &recipient) : err;
}
