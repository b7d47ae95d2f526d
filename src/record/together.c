// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/together.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/reader.h"
#include "base/writer.h"
#include "carry/cases.h"
#include "carry/devices.h"
#include "carry/membership.h"
#include "carry/say.h"
#include "desk/in_step.h"
#include "record/sql.h"
#include "record/stamping.h"

#define ORIGIN_BYTES (CAIRN_DEVICE_ID_BYTES + 24U + crypto_sign_BYTES)
#define TELL_AT_ONCE 256U
/* How far a record's own clock may be before the engine's: what was entered on a device before anybody was told. */
#define LAMPORT_AHEAD (1ULL << 32)

static const uint8_t of_desk[RECORD_COMPARTMENT_BYTES];

/* ---- what this device has to tell ---- */

static int
untold_add(struct db *db, enum op_type type, const uint8_t compartment[RECORD_COMPARTMENT_BYTES], const void *bytes,
    size_t size)
{
	struct query q = record_query(db, RECORD_SQL_UNTOLD_ADD);

	bind_int(&q, type);
	bind_bytes(&q, compartment, RECORD_COMPARTMENT_BYTES);
	bind_bytes(&q, bytes, size);
	return query_run(&q);
}

int
record_tell_later(struct db *db, const struct record_origin *o, const void *bytes, size_t size)
{
	uint8_t *body = malloc(ORIGIN_BYTES + size);
	struct writer w;
	int err;

	if (body == NULL)
		return CAIRN_ERR_NOMEM;
	writer_init(&w, body, ORIGIN_BYTES + size);
	write_bytes(&w, o->device, sizeof(o->device));
	write_u64(&w, o->counter);
	write_u64(&w, o->lamport);
	write_u64(&w, o->at);
	write_bytes(&w, o->signature, crypto_sign_BYTES);
	write_bytes(&w, bytes, size);
	err = untold_add(db, OP_RECORD, o->compartment, body, ORIGIN_BYTES + size);
	sodium_memzero(body, ORIGIN_BYTES + size);
	free(body);
	return err;
}

int
record_evidence_sink(void *arg, enum evidence_op op, const uint8_t *bytes, size_t size)
{
	struct desk *desk = arg;
	uint8_t *body = malloc(1 + size);
	int err;

	if (body == NULL)
		return CAIRN_ERR_NOMEM;
	body[0] = (uint8_t)op;
	memcpy(body + 1, bytes, size);
	err = untold_add(desk->state, OP_EVIDENCE, of_desk, body, 1 + size);
	free(body);
	return err;
}

/* Makes the desk's compartment where it is wanted and nobody has. What is opened is there after a sync. */
static int
place_make(struct desk *desk, uint64_t now)
{
	uint8_t id[OP_ID_BYTES], case_id[OP_ID_BYTES] = {0};
	struct query q = record_query(desk->state, RECORD_SQL_UNTOLD_COUNT);
	struct carry_compartment c;
	struct carry_device self;
	struct sync sync;
	uint64_t count;
	int err;

	bind_bytes(&q, of_desk, sizeof(of_desk));
	err = query_number(&q, &count);
	if (err != CAIRN_OK || count == 0)
		return err;
	err = compartment_of_kind(desk->carry, &c, KIND_RECORD);
	if (err != CAIRN_ERR_UNKNOWN)
		return err;
	err = device_self(desk->carry, &self);
	if (err != CAIRN_OK || !device_has_role(&self, "documentation"))
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	err = carry_open(desk->carry, id, KIND_RECORD, case_id, NULL, 0, false, now);
	return err == CAIRN_OK ? desk_sync(desk, &sync, 0, now, NULL, NULL) : err;
}

/* Was it never in it, and has a role that is in it from the beginning? Who was taken out by hand stays out. */
static int
joins_later(struct desk *desk, bool *ret, const struct carry_compartment *c, const struct carry_device *device,
    uint64_t now)
{
	uint32_t roles = roles_read((struct cairn_span){device->roles, strlen(device->roles)});
	struct carry_member member;
	int err = member_get(desk->carry, &member, c->n, device->n);

	*ret = err == CAIRN_ERR_UNKNOWN && device_valid(device, carry_day(now)) &&
	    membership_of(c->kind, roles) == MEMBER_AT_ONCE;
	return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
}

static int
members_add(struct desk *desk, const struct carry_compartment *c, const struct carry_device *all, size_t count,
    bool *ret_any, uint64_t now)
{
	int err = CAIRN_OK;

	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		bool joins;

		err = joins_later(desk, &joins, c, &all[i], now);
		if (err != CAIRN_OK || !joins)
			continue;
		err = carry_member_add(desk->carry, c->id, all[i].id, false, now);
		*ret_any = *ret_any || err == CAIRN_OK;
		if (err == CAIRN_ERR_DENIED || err == CAIRN_ERR_CONFLICT)
			err = CAIRN_OK;
	}
	return err;
}

/* Devices that came to the desk after the compartment was made; whoever is in it adds them. */
static int
place_grow(struct desk *desk, uint64_t now)
{
	struct carry_device self, *all;
	struct carry_compartment c;
	struct sync sync;
	bool member = false, any = false;
	size_t count = 0;
	int err = compartment_of_kind(desk->carry, &c, KIND_RECORD);

	if (err == CAIRN_OK)
		err = device_self(desk->carry, &self);
	if (err == CAIRN_OK)
		err = member_is(desk->carry, &member, c.n, self.n);
	if (err != CAIRN_OK || !member)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	all = calloc(DEVICES_MAX, sizeof(*all));
	err = all == NULL ? CAIRN_ERR_NOMEM : device_list(desk->carry, all, &count);
	if (err == CAIRN_OK)
		err = members_add(desk, &c, all, count, &any, now);
	free(all);
	return err == CAIRN_OK && any ? desk_sync(desk, &sync, 0, now, NULL, NULL) : err;
}

/* One row of what is untold; bytes are malloc'ed, and wiped. */
struct untold {
	uint64_t n;
	enum op_type type;
	uint8_t compartment[OP_ID_BYTES];
	uint8_t *bytes;
	size_t size;
};

static int
untold_next(struct db *db, struct untold *u, bool *ret_found)
{
	struct query q = record_query(db, RECORD_SQL_UNTOLD_NEXT);

	bind_int(&q, u->n);
	*ret_found = query_row(&q);
	if (*ret_found) {
		struct cairn_span bytes = query_span(&q, 3);

		u->n = query_int(&q, 0);
		u->type = (enum op_type)query_int(&q, 1);
		query_bytes(&q, 2, u->compartment, sizeof(u->compartment));
		u->size = bytes.size;
		u->bytes = malloc(bytes.size + 1);
		if (u->bytes == NULL)
			q.err = CAIRN_ERR_NOMEM;
		else if (bytes.size > 0)
			memcpy(u->bytes, bytes.text, bytes.size);
	}
	return query_end(&q);
}

/* What cannot be said yet stays: the compartment is not there, or this device is not in it. */
static int
tell_one(struct desk *desk, const struct untold *u, const uint8_t place[OP_ID_BYTES], bool *ret_any, uint64_t now)
{
	struct cairn_span bytes = {(const char *)u->bytes, u->size};
	struct op_record record = {bytes};
	struct op_evidence evidence = {bytes};
	struct query q;
	int err = u->type == OP_RECORD ? say(desk->carry, place, OP_RECORD, &record, now, NULL)
				       : say(desk->carry, place, OP_EVIDENCE, &evidence, now, NULL);

	if (err == CAIRN_ERR_UNKNOWN || err == CAIRN_ERR_DENIED || err == CAIRN_ERR_STALE)
		return CAIRN_OK;
	if (err != CAIRN_OK)
		return err;
	*ret_any = true;
	q = record_query(desk->state, RECORD_SQL_UNTOLD_DROP);
	bind_int(&q, u->n);
	return query_run(&q);
}

/* The next ones after *at, which is moved on; *ret_more is false at the end. */
static int
tell_some(struct desk *desk, uint64_t *at, bool *ret_any, bool *ret_more, uint64_t now)
{
	struct carry_compartment c = {.n = 0};
	int err = compartment_of_kind(desk->carry, &c, KIND_RECORD);

	if (err == CAIRN_ERR_UNKNOWN)
		err = CAIRN_OK; /* there is none with an id of zeros but the desk's, in which none of this is said */
	for (size_t i = 0; i < TELL_AT_ONCE && err == CAIRN_OK && *ret_more; i++) {
		struct untold u = {.n = *at};
		bool desks;

		err = untold_next(desk->state, &u, ret_more);
		desks = sodium_is_zero(u.compartment, sizeof(u.compartment));
		if (err == CAIRN_OK && *ret_more && (!desks || c.n != 0))
			err = tell_one(desk, &u, desks ? c.id : u.compartment, ret_any, now);
		if (u.bytes != NULL)
			sodium_memzero(u.bytes, u.size);
		free(u.bytes);
		*at = u.n;
	}
	return err;
}

static int
room_tell(struct desk *desk, uint64_t now)
{
	bool any = false, more = true;
	struct sync sync;
	uint64_t at = 0;
	int err = place_make(desk, now);

	if (err == CAIRN_OK)
		err = place_grow(desk, now);
	while (err == CAIRN_OK && more) {
		err = db_begin(desk->state);
		if (err == CAIRN_OK)
			err = db_end(desk->state, tell_some(desk, &at, &any, &more, now));
	}
	if (err != CAIRN_OK)
		return desk->trouble[0] == '\0' ? desk_state_trouble(desk, err) : err;
	return any ? desk_sync(desk, &sync, 0, now, NULL, NULL) : CAIRN_OK;
}

/* ---- what others tell ---- */

/* What all pass over: a fault or an attack of a device. */
static bool
passed_over(int err)
{
	return err == CAIRN_ERR_FORMAT || err == CAIRN_ERR_CONFLICT || err == CAIRN_ERR_CRYPTO ||
	    err == CAIRN_ERR_RANGE;
}

/* An operation that is passed over in the middle leaves nothing behind. */
static int
tried(struct db *db, int err)
{
	int end = db_script(db, err == CAIRN_OK ? "RELEASE told" : "ROLLBACK TO told; RELEASE told");

	return end == CAIRN_OK ? err : end;
}

static int
origin_read(struct record_origin *o, struct cairn_span *bytes, struct cairn_span body)
{
	struct reader r;

	memset(o, 0, sizeof(*o));
	if (body.size < ORIGIN_BYTES)
		return CAIRN_ERR_FORMAT;
	reader_init(&r, body.text, body.size);
	take_bytes(&r, o->device, sizeof(o->device));
	take_u64(&r, &o->counter);
	take_u64(&r, &o->lamport);
	take_u64(&r, &o->at);
	o->signature = take_view(&r, crypto_sign_BYTES);
	*bytes = (struct cairn_span){body.text + ORIGIN_BYTES, body.size - ORIGIN_BYTES};
	return CAIRN_OK;
}

/* lamport is that of the operation of the feed that it came in. */
static int
told_record(struct desk *desk, struct cairn_span body, uint64_t lamport, const struct carry_compartment *c)
{
	struct record_origin origin;
	struct carry_device device;
	struct cairn_span bytes;
	int err = origin_read(&origin, &bytes, body);

	if (err == CAIRN_OK && (origin.lamport > lamport + LAMPORT_AHEAD || origin.counter > OP_NUMBER_MAX))
		err = CAIRN_ERR_FORMAT;
	if (err == CAIRN_OK)
		err = device_get(desk->carry, &device, origin.device);
	if (err == CAIRN_ERR_UNKNOWN)
		return CAIRN_OK;
	if (c->kind != KIND_RECORD)
		memcpy(origin.compartment, c->id, sizeof(origin.compartment));
	if (err == CAIRN_OK)
		err = record_verify(&origin, bytes.text, bytes.size, desk->self.desk_id, device.sign_key);
	if (err == CAIRN_OK)
		err = db_script(desk->state, "SAVEPOINT told");
	if (err == CAIRN_OK)
		err = tried(desk->state, record_apply(desk->state, bytes.text, bytes.size, &origin));
	return passed_over(err) ? CAIRN_OK : err;
}

/* Applying needs no folder: what others say of an item does not touch its file. */
static int
evidence_take(struct desk *desk, const uint8_t *body, size_t size, const uint8_t key[32])
{
	struct evidence ev = {.options = {.db = desk->state, .erasure = erasure_of(desk->state)}, .folder = -1};
	int err;

	memcpy(ev.options.desk_id, desk->self.desk_id, sizeof(ev.options.desk_id));
	memcpy(ev.options.device, desk->self.device_id, sizeof(ev.options.device));
	err = db_script(desk->state, "SAVEPOINT told");
	return err == CAIRN_OK
	    ? tried(desk->state, evidence_apply(&ev, (enum evidence_op)body[0], body + 1, size - 1, key))
	    : err;
}

static int
waiting_add(struct db *db, struct cairn_span body, const uint8_t key[32])
{
	struct query q = record_query(db, RECORD_SQL_WAITING_ADD);
	uint8_t hash[CAIRN_HASH_BYTES];

	cairn_hash(hash, body.text, body.size);
	bind_bytes(&q, hash, sizeof(hash));
	bind_bytes(&q, key, 32);
	bind_bytes(&q, body.text, body.size);
	return query_run(&q);
}

/* The next that waits after *n, tried again. *ret_found is false at the end. */
static int
waiting_try(struct desk *desk, uint64_t *n, bool *ret_found, bool *ret_any)
{
	struct query q = record_query(desk->state, RECORD_SQL_WAITING_NEXT);
	uint8_t key[32], *body = NULL;
	size_t size = 0;
	int err;

	bind_int(&q, *n);
	*ret_found = query_row(&q);
	if (*ret_found) {
		*n = query_int(&q, 0);
		query_bytes(&q, 1, key, sizeof(key));
		size = query_span(&q, 2).size;
		body = malloc(size + 1);
		if (body != NULL)
			query_bytes(&q, 2, body, size);
		else
			q.err = CAIRN_ERR_NOMEM;
	}
	err = query_end(&q);
	if (err == CAIRN_OK && *ret_found)
		err = evidence_take(desk, body, size, key);
	free(body);
	if (err == CAIRN_ERR_UNKNOWN)
		return CAIRN_OK;
	if ((err != CAIRN_OK && !passed_over(err)) || !*ret_found)
		return err;
	*ret_any = true;
	q = record_query(desk->state, RECORD_SQL_WAITING_DROP);
	bind_int(&q, *n);
	return query_run(&q);
}

/* Until a whole round brings nothing more. */
static int
waiting_turn(struct desk *desk)
{
	bool any = true;
	int err = CAIRN_OK;

	while (err == CAIRN_OK && any) {
		bool found = true;
		uint64_t n = 0;

		any = false;
		while (err == CAIRN_OK && found)
			err = waiting_try(desk, &n, &found, &any);
	}
	return err;
}

static int
told_evidence(struct desk *desk, struct cairn_span body, const uint8_t author[OP_ID_BYTES],
    const struct carry_compartment *c)
{
	struct carry_device device;
	int err;

	if (c->kind != KIND_RECORD || body.size == 0)
		return CAIRN_OK;
	err = device_get(desk->carry, &device, author);
	if (err != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	err = evidence_take(desk, (const uint8_t *)body.text, body.size, device.sign_key);
	if (err == CAIRN_ERR_UNKNOWN)
		return waiting_add(desk->state, body, device.sign_key);
	if (err == CAIRN_OK)
		return waiting_turn(desk);
	return passed_over(err) ? CAIRN_OK : err;
}

/* Signatures of devices that leave the desk are checked against the rosters of their time. */
static int
told_roster(struct desk *desk)
{
	struct evidence ev = {.options = {.db = desk->state}, .folder = -1};
	uint64_t serial = 0;
	uint8_t *note;
	size_t bytes;
	int err = state_note_get(desk->state, "roster", &note, &bytes, &serial);

	if (err == CAIRN_OK && note != NULL)
		err = evidence_keep_roster(&ev, note, bytes, serial);
	free(note);
	return err;
}

/* first is what was said, also where it is given again; lamport is that of what came. */
static int
told_first(struct desk *desk, const struct op *first, uint64_t lamport, const uint8_t compartment[OP_ID_BYTES])
{
	struct carry_compartment c;
	union op_any said;
	int err = compartment_get(desk->carry, &c, compartment);

	if (err != CAIRN_OK || (c.kind != KIND_RECORD && c.kind != KIND_TESTIMONY))
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	if (first->type == OP_RECORD && op_body_read(&said.record, sizeof(said.record), first) == CAIRN_OK)
		return told_record(desk, said.record.bytes, lamport, &c);
	if (first->type == OP_EVIDENCE && op_body_read(&said.evidence, sizeof(said.evidence), first) == CAIRN_OK)
		return told_evidence(desk, said.evidence.bytes, first->device, &c);
	return CAIRN_OK;
}

static int
room_applied(struct desk *desk, const struct op *op, const uint8_t compartment[OP_ID_BYTES])
{
	struct op_again again;
	struct op first = *op;

	if (op->type == OP_ROSTER)
		return told_roster(desk);
	if (op->type == OP_AGAIN) {
		if (op_body_read(&again, sizeof(again), op) != CAIRN_OK)
			return CAIRN_OK;
		first = (struct op){.type = again.type, .body = again.body};
		memcpy(first.device, again.device, OP_ID_BYTES);
	}
	return first.type == OP_RECORD || first.type == OP_EVIDENCE
	    ? told_first(desk, &first, op->lamport, compartment)
	    : CAIRN_OK;
}

/* ---- what is destroyed ---- */

static int
gone(struct db *db, const uint8_t compartment[RECORD_COMPARTMENT_BYTES])
{
	static const enum record_statement steps[] = {RECORD_SQL_GONE_REGISTER, RECORD_SQL_GONE_ELEMENT,
	    RECORD_SQL_GONE_DROPPED, RECORD_SQL_GONE_NOTE, RECORD_SQL_GONE_ENTITY, RECORD_SQL_GONE_OP};
	struct query q = record_query(db, RECORD_SQL_FLOOR_PUT);
	int err = query_run(&q);

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && err == CAIRN_OK; i++) {
		q = record_query(db, steps[i]);
		bind_bytes(&q, compartment, RECORD_COMPARTMENT_BYTES);
		err = query_run(&q);
	}
	if (err != CAIRN_OK)
		return err;
	q = record_query(db, RECORD_SQL_GONE_UNTOLD);
	bind_bytes(&q, compartment, RECORD_COMPARTMENT_BYTES);
	bind_int(&q, OP_RECORD);
	return query_run(&q);
}

/* A second compartment of kind record, of two devices that made one at the same moment, holds nothing. */
static int
room_destroyed(struct desk *desk, const uint8_t compartment[OP_ID_BYTES])
{
	struct carry_compartment c, first = {.n = 0};
	int err = compartment_get(desk->carry, &c, compartment);

	if (err != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	if (c.kind == KIND_TESTIMONY)
		return gone(desk->state, c.id);
	if (c.kind != KIND_RECORD)
		return CAIRN_OK;
	err = compartment_of_kind(desk->carry, &first, KIND_RECORD);
	if (err != CAIRN_OK && err != CAIRN_ERR_UNKNOWN)
		return err;
	return err == CAIRN_OK && first.n < c.n ? CAIRN_OK : gone(desk->state, of_desk);
}

const struct desk_room record_room = {room_applied, room_destroyed, room_tell, stamping_round};

/* ---- cases ---- */

int
record_case_of(struct desk *desk, uint8_t case_id[OP_ID_BYTES], uint64_t conv)
{
	struct query q = query(desk->state, SQL_CONV_COMPARTMENT);
	struct carry_compartment c;
	uint8_t id[OP_ID_BYTES];
	bool there;
	int err;

	bind_int(&q, conv);
	there = query_row(&q) && query_span(&q, 0).size == sizeof(id);
	if (there)
		query_bytes(&q, 0, id, sizeof(id));
	err = query_end(&q);
	if (err == CAIRN_OK)
		err = there ? compartment_get(desk->carry, &c, id) : CAIRN_ERR_UNKNOWN;
	if (err == CAIRN_OK)
		memcpy(case_id, c.case_id, OP_ID_BYTES);
	return err;
}

int
record_testimony(struct desk *desk, uint8_t ret[OP_ID_BYTES], const uint8_t case_id[OP_ID_BYTES])
{
	struct carry_compartment of[COMPARTMENTS_OF_CASE_MAX];
	struct carry_device self;
	size_t count = 0;
	int err = device_self(desk->carry, &self);

	if (err == CAIRN_OK)
		err = compartments_of(desk->carry, of, COMPARTMENTS_OF_CASE_MAX, &count, case_id);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		bool member;

		if (of[i].destroyed || of[i].kind != KIND_TESTIMONY || of[i].k > 0)
			continue;
		err = member_is(desk->carry, &member, of[i].n, self.n);
		if (err == CAIRN_OK && member) {
			memcpy(ret, of[i].id, OP_ID_BYTES);
			return CAIRN_OK;
		}
	}
	return err == CAIRN_OK ? CAIRN_ERR_UNKNOWN : err;
}
