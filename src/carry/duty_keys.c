// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/duty_keys.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/compartments.h"
#include "carry/day_keys.h"
#include "carry/devices.h"
#include "carry/keys.h"
#include "carry/new_keys.h"
#include "carry/rotation.h"
#include "carry/say.h"

/*
 * A record of operations of the desk in the making: rotations, then for each recipient one box with all that it is
 * to get.
 */
#define ROTATIONS_MAX 64U
#define TO_GIVE_MAX 2048U

struct to_give {
	uint64_t device;
	struct box_grant grant; /* secret */
};

struct giving {
	struct carry *carry;
	struct carry_device self;
	uint32_t today;
	struct writer w;
	size_t given;
	size_t count;
	struct to_give list[TO_GIVE_MAX];
	uint8_t room[BOX_ROOM_BYTES];
	uint8_t ops[FEED_DESK_OPS_MAX];
};

static int
giving_new(struct giving **ret, struct carry *carry)
{
	struct giving *g = sodium_malloc(sizeof(*g));
	int err;

	*ret = NULL;
	if (g == NULL)
		return CAIRN_ERR_NOMEM;
	g->carry = carry;
	g->today = carry_day(carry->now);
	g->given = g->count = 0;
	writer_init(&g->w, g->ops, sizeof(g->ops));
	err = device_self(carry, &g->self);
	if (err != CAIRN_OK) {
		sodium_free(g);
		return err;
	}
	*ret = g;
	return CAIRN_OK;
}

/* Bytes that the list will come to in boxes, at most. */
static size_t
giving_cost(const struct giving *g, size_t recipients)
{
	return g->count * (BOX_NAME_BYTES + BOX_GRANT_MAX) + recipients * (CAIRN_XWING_ENC_BYTES + 128U);
}

static bool
giving_full(const struct giving *g, size_t recipients, size_t more)
{
	return g->count + more > TO_GIVE_MAX ||
	    g->w.used + giving_cost(g, recipients) + more * (BOX_NAME_BYTES + BOX_GRANT_MAX) + 4096U > sizeof(g->ops);
}

static void
giving_key(struct giving *g, const struct carry_compartment *c, uint32_t gen, uint32_t day, const uint8_t key[32],
    uint64_t device)
{
	struct box_grant *grant = &g->list[g->count].grant;

	memset(grant, 0, sizeof(*grant));
	grant->what = BOX_KEY;
	memcpy(grant->id, c->id, OP_ID_BYTES);
	grant->kind = c->kind;
	memcpy(grant->case_id, c->case_id, OP_ID_BYTES);
	grant->gen = gen;
	grant->day = day;
	memcpy(grant->secret, key, sizeof(grant->secret));
	g->list[g->count++].device = device;
}

static int
by_device(const void *a, const void *b)
{
	const struct to_give *x = a, *y = b;

	return x->device < y->device ? -1 : x->device > y->device;
}

/* One box. Its recipient may have said no day key for today: it gets its keys when it has. */
static int
box_say(struct giving *g, uint64_t device, const struct to_give *list, size_t count)
{
	struct box_grant grants[BOX_GRANTS_MAX];
	uint8_t key[CAIRN_XWING_PUBLIC_BYTES];
	struct carry_device to;
	struct op_box box;
	int err = device_at(g->carry, &to, device);

	if (err == CAIRN_OK)
		err = day_key_of(g->carry, key, device, g->today);
	if (err != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	for (size_t i = 0; i < count; i++)
		grants[i] = list[i].grant;
	err = box_seal(&box, g->room, g->carry->self.desk_id, g->carry->self.device, to.id, g->today, grants, count,
	    key);
	sodium_memzero(grants, sizeof(grants));
	if (err == CAIRN_OK)
		err = say_into(g->carry, &g->w, OP_BOX, &box, g->carry->now, NULL);
	g->given += err == CAIRN_OK;
	return err;
}

static int
boxes_say(struct giving *g)
{
	int err = CAIRN_OK;

	qsort(g->list, g->count, sizeof(g->list[0]), by_device);
	for (size_t from = 0, to; from < g->count && err == CAIRN_OK; from = to) {
		for (to = from; to < g->count && g->list[to].device == g->list[from].device &&
		     to - from < BOX_GRANTS_MAX;)
			to++;
		err = box_say(g, g->list[from].device, g->list + from, to - from);
	}
	return err;
}

/* The next generation of one, and what each other member is to get of it. */
static int
rotate_one(struct giving *g, uint64_t n)
{
	struct carry_member members[DEVICES_MAX]; /* of the desk's own compartment all devices are */
	struct op_rotate said = {.day = g->today};
	struct carry_compartment c;
	uint8_t key[CAIRN_KEY_BYTES];
	size_t count;
	int err = compartment_at(g->carry, &c, n);

	if (err == CAIRN_OK)
		err = members_of(g->carry, members, DEVICES_MAX, &count, n);
	if (err != CAIRN_OK)
		return err;
	if (giving_full(g, DEVICES_MAX / 8, count))
		return CAIRN_ERR_SPACE;
	said.day = c.day > g->today ? c.day : g->today;
	said.from_gen = c.gen;
	memcpy(said.compartment, c.id, OP_ID_BYTES);
	err = new_key_make(g->carry, key, c.id, c.gen + 1, said.day);
	rotation_promise(said.promise, key, c.gen + 1, said.day);
	if (err == CAIRN_OK)
		err = say_into(g->carry, &g->w, OP_ROTATE, &said, g->carry->now, NULL);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		if (!members[i].removed && members[i].device != g->self.n)
			giving_key(g, &c, c.gen + 1, said.day, key, members[i].device);
	sodium_memzero(key, sizeof(key));
	return err;
}

/* Of the desk's key: there is one that others have to confirm, or that this device will; or it had its try. */
static int
rotation_waits(struct carry *carry, bool *ret)
{
	uint8_t key[CAIRN_KEY_BYTES];
	struct rotation r;
	int err = rotation_get(carry, &r);

	*ret = err == CAIRN_OK && r.there;
	if (err != CAIRN_OK || !r.there || rotation_tried(&r, carry->self.device))
		return err;
	err = rotation_key(carry, key, r.promise, r.gen, carry_day(carry->now));
	sodium_memzero(key, sizeof(key));
	*ret = err == CAIRN_OK;
	return err == CAIRN_ERR_UNKNOWN || err == CAIRN_ERR_STALE || err == CAIRN_ERR_RANGE ? CAIRN_OK : err;
}

static int
rotations(struct giving *g)
{
	struct query q = carry_query(g->carry, CARRY_ROTATE_OWED);
	uint64_t owed[ROTATIONS_MAX];
	size_t count = 0;
	int err;

	bind_int(&q, g->self.n);
	bind_int(&q, ROTATIONS_MAX);
	while (count < ROTATIONS_MAX && query_row(&q))
		owed[count++] = query_int(&q, 0);
	err = query_end(&q);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		bool waits = false;

		if (owed[i] == CARRY_DESK)
			err = rotation_waits(g->carry, &waits);
		if (err == CAIRN_OK && !waits)
			err = rotate_one(g, owed[i]);
	}
	if (err == CAIRN_ERR_SPACE && g->w.used > 0)
		err = CAIRN_OK; /* the rest with the next record */
	return err == CAIRN_OK ? boxes_say(g) : err;
}

/* Everything that is made is kept before it is sent: in one transaction, then one record. */
static int
give(struct carry *carry, struct sync *ret, bool *ret_any, int (*fill)(struct giving *g))
{
	struct giving *g;
	int err = giving_new(&g, carry);

	*ret_any = false;
	if (err != CAIRN_OK)
		return err;
	err = db_begin(carry->db);
	if (err == CAIRN_OK)
		err = db_end(carry->db, fill(g));
	*ret_any = err == CAIRN_OK && g->w.used > 0;
	if (*ret_any)
		err = sync_post(carry, ret, CARRY_DESK, (struct cairn_span){(const char *)g->ops, g->w.used}, 0);
	sodium_free(g);
	return err;
}

int
duty_rotate(struct carry *carry, struct sync *ret, bool *ret_any)
{
	return give(carry, ret, ret_any, rotations);
}

/* The desk's next key comes in force with a record of another device than its maker: an empty one will do. */
int
duty_confirm(struct carry *carry, struct sync *ret, bool *ret_any)
{
	uint8_t key[CAIRN_KEY_BYTES];
	struct rotation r;
	int err = rotation_get(carry, &r);

	*ret_any = false;
	if (err != CAIRN_OK || !r.there || memcmp(r.author, carry->self.device, OP_ID_BYTES) == 0)
		return err;
	err = rotation_key(carry, key, r.promise, r.gen, carry_day(carry->now));
	sodium_memzero(key, sizeof(key));
	if (err != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN || err == CAIRN_ERR_STALE || err == CAIRN_ERR_RANGE ? CAIRN_OK : err;
	*ret_any = true;
	return sync_post(carry, ret, CARRY_DESK, (struct cairn_span){"", 0}, 0);
}

/* Keys of compartments that members have not been given: new ones, and who has asked again. */
static int
compartment_grants(struct giving *g)
{
	static const size_t most = 256;
	struct query q = carry_query(g->carry, CARRY_GRANT_OWED);
	uint64_t c[256], device[256];
	size_t count = 0, recipients = 0;
	int err;

	bind_int(&q, g->self.n);
	bind_int(&q, g->today);
	bind_int(&q, most);
	while (count < most && query_row(&q)) {
		c[count] = query_int(&q, 0);
		device[count++] = query_int(&q, 1);
	}
	err = query_end(&q);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		struct carry_compartment compartment;
		uint8_t key[CAIRN_KEY_BYTES];
		uint32_t gen, day;

		recipients += i == 0 || device[i] != device[i - 1];
		if (giving_full(g, recipients, 1))
			break;
		err = compartment_at(g->carry, &compartment, c[i]);
		if (err == CAIRN_OK)
			err = key_held(g->carry, c[i], &gen, &day);
		if (err == CAIRN_ERR_UNKNOWN || (err == CAIRN_OK && gen != compartment.gen)) {
			err = CAIRN_OK; /* it is wanted here, too */
			continue;
		}
		if (err == CAIRN_OK)
			err = key_of_day(g->carry, key, c[i], gen, day);
		if (err == CAIRN_OK)
			giving_key(g, &compartment, gen, day, key, device[i]);
		sodium_memzero(key, sizeof(key));
	}
	return err;
}

/* Keys of other rooms, for all devices that have said a day key. */
static int
other_grants(struct giving *g)
{
	struct carry_device *all = calloc(DEVICES_MAX, sizeof(*all));
	struct box_grant *grants = sodium_malloc(BOX_GRANTS_MAX * sizeof(*grants));
	size_t devices = 0, recipients = g->count; /* at most */
	int err = all == NULL || grants == NULL ? CAIRN_ERR_NOMEM : device_list(g->carry, all, &devices);

	for (size_t i = 0; i < devices && err == CAIRN_OK && g->carry->hooks.owed != NULL; i++) {
		size_t count = 0;

		if (all[i].n == g->self.n || !device_valid(&all[i], g->today))
			continue;
		err = g->carry->hooks.owed(g->carry->hooks.arg, all[i].id, grants, BOX_GRANTS_MAX, &count);
		recipients += count > 0;
		for (size_t k = 0; k < count && err == CAIRN_OK && !giving_full(g, recipients, 1); k++) {
			g->list[g->count].device = all[i].n;
			g->list[g->count++].grant = grants[k];
		}
	}
	free(all);
	sodium_free(grants);
	return err;
}

static int
grants(struct giving *g)
{
	int err = compartment_grants(g);

	if (err == CAIRN_OK)
		err = other_grants(g);
	return err == CAIRN_OK ? boxes_say(g) : err;
}

int
duty_grant(struct carry *carry, struct sync *ret, bool *ret_any)
{
	return give(carry, ret, ret_any, grants);
}
