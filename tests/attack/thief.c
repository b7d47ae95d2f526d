// SPDX-License-Identifier: GPL-3.0-or-later
#include "attack/thief.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/day_keys.h"
#include "carry/keys.h"
#include "carry/leave.h"
#include "carry/membership.h"

static void
must(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "thief: %s\n", what);
		abort();
	}
}

struct thief *
thief_new(const struct many *m)
{
	struct thief *t = calloc(1, sizeof(*t));

	must(t != NULL, "memory");
	memcpy(t->desk_id, m->desk_id, sizeof(t->desk_id));
	return t;
}

void
thief_free(struct thief *t)
{
	for (size_t i = 0; i < t->recorded; i++)
		free(t->records[i].bytes);
	free(t);
}

static void
learn(struct thief *t, const uint8_t id[OP_ID_BYTES], uint32_t gen, uint32_t day, const uint8_t key[32])
{
	struct stolen_key *k = &t->keys[t->key_count];

	for (size_t i = 0; i < t->key_count; i++)
		if (memcmp(t->keys[i].key, key, 32) == 0)
			return;
	must(t->key_count < THIEF_KEYS_MAX, "too many keys");
	memcpy(k->id, id, OP_ID_BYTES);
	k->gen = gen;
	k->day = day;
	memcpy(k->key, key, 32);
	t->key_count++;
}

static void
steal_keys(struct thief *t, struct many_device *d)
{
	uint64_t *of;
	size_t count = 0;
	struct carry_device self;

	must(device_self(d->carry, &self) == CAIRN_OK && member_of(d->carry, &of, &count, self.n) == CAIRN_OK,
	    "members");
	for (size_t i = 0; i < count; i++) {
		struct carry_compartment c;
		uint32_t gen, day;
		uint8_t key[32];

		must(compartment_at(d->carry, &c, of[i]) == CAIRN_OK, "compartment");
		if (key_held(d->carry, of[i], &gen, &day) != CAIRN_OK)
			continue;
		must(key_of_day(d->carry, key, of[i], gen, day) == CAIRN_OK, "key");
		learn(t, c.id, gen, day, key);
	}
	free(of);
}

static bool
seed_known(const struct thief *t, const uint8_t device[OP_ID_BYTES], uint32_t day)
{
	for (size_t i = 0; i < t->seed_count; i++)
		if (t->seeds[i].day == day && memcmp(t->seeds[i].device, device, OP_ID_BYTES) == 0)
			return true;
	return false;
}

void
thief_steal(struct thief *t, struct many_device *d)
{
	uint32_t today = carry_day(d->desk->now);

	steal_keys(t, d);
	for (uint32_t day = today - 40; day < today + 20; day++) {
		struct stolen_seed *seed = &t->seeds[t->seed_count];

		if (seed_known(t, d->self.device, day) || day_key_mine(d->carry, &seed->key, day) != CAIRN_OK)
			continue;
		memcpy(seed->device, d->self.device, OP_ID_BYTES);
		seed->day = day;
		must(++t->seed_count < THIEF_SEEDS_MAX, "too many seeds");
	}
}

void
thief_record(struct thief *t, const struct many *m)
{
	for (; t->recorded < m->feed.record_count; t->recorded++) {
		const struct paper_record *from = &m->feed.records[t->recorded];
		struct paper_record *to = &t->records[t->recorded];

		must(t->recorded + 1 < THIEF_RECORDS_MAX, "too many records");
		*to = *from;
		if (from->bytes == NULL)
			continue;
		to->bytes = malloc(from->size);
		must(to->bytes != NULL, "memory");
		memcpy(to->bytes, from->bytes, from->size);
	}
}

bool
thief_key(const struct thief *t, uint8_t key[32], const uint8_t id[OP_ID_BYTES], uint32_t gen, uint32_t day)
{
	for (size_t i = 0; i < t->key_count; i++) {
		const struct stolen_key *k = &t->keys[i];

		if (memcmp(k->id, id, OP_ID_BYTES) != 0 || k->gen != gen || k->day > day)
			continue;
		memcpy(key, k->key, 32);
		for (uint32_t at = k->day; at < day; at++)
			feed_key_next_day(key);
		return true;
	}
	return false;
}

static void
open_box(struct thief *t, const struct op_box *box, const uint8_t sender[OP_ID_BYTES])
{
	struct box_grant grants[BOX_GRANTS_MAX];
	size_t count;

	for (size_t i = 0; i < t->seed_count; i++)
		if (t->seeds[i].day == box->day && memcmp(t->seeds[i].device, box->recipient, OP_ID_BYTES) == 0 &&
		    box_open(grants, &count, box, t->desk_id, sender, &t->seeds[i].key) == CAIRN_OK)
			for (size_t g = 0; g < count; g++)
				if (grants[g].what == BOX_KEY)
					learn(t, grants[g].id, grants[g].gen, grants[g].day, grants[g].secret);
}

static void
open_boxes(struct thief *t, struct cairn_span ops, const uint8_t sender[OP_ID_BYTES])
{
	struct op_box box;
	struct op op;
	size_t at = 0;

	while (at < ops.size && op_next(&op, ops, &at) == CAIRN_OK)
		if (op.type == OP_BOX && op_body_read(&box, sizeof(box), &op) == CAIRN_OK)
			open_box(t, &box, sender);
}

/* Does it open, and whose is it? id is zeros for the desk's own. */
static bool
opens(struct thief *t, const struct paper_record *r, uint8_t id[OP_ID_BYTES], struct cairn_span *ops)
{
	struct cairn_feed_head head;
	struct feed_envelope envelope;
	uint8_t key[32];

	must(cairn_feed_record_head(&head, r->bytes, r->size) == CAIRN_OK, "head");
	if (!thief_key(t, key, carry_desk_compartment, head.gen, head.day) ||
	    feed_record_open(&envelope, t->room[0], r->bytes, r->size, key) != CAIRN_OK)
		return false;
	memcpy(id, envelope.compartment, OP_ID_BYTES);
	*ops = envelope.inner;
	if (feed_is_desk(envelope.compartment)) {
		open_boxes(t, envelope.inner, head.device);
		return true;
	}
	return thief_key(t, key, envelope.compartment, envelope.gen, envelope.day) &&
	    feed_inner_open(ops, t->room[1], t->desk_id, &head, &envelope, key) == CAIRN_OK;
}

size_t
thief_reads(struct thief *t, size_t from, const uint8_t *of, const char *text, bool *ret_text)
{
	size_t count = 0;
	uint8_t id[OP_ID_BYTES];
	struct cairn_span ops;

	for (unsigned again = 0; again < 2; again++) { /* what the boxes gave may open more */
		count = 0;
		for (size_t i = from; i < t->recorded; i++) {
			if (t->records[i].bytes == NULL || !opens(t, &t->records[i], id, &ops))
				continue;
			count += of == NULL || memcmp(id, of, OP_ID_BYTES) == 0;
			if (text != NULL && memmem(ops.text, ops.size, text, strlen(text)) != NULL)
				*ret_text = true;
		}
	}
	return count;
}
