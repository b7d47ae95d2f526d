// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/duties.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "carry/day_keys.h"
#include "carry/devices.h"
#include "carry/due.h"
#include "carry/duty_keys.h"
#include "carry/feed.h"
#include "carry/keys.h"
#include "carry/lifecycle.h"
#include "carry/notes.h"
#include "carry/say.h"

#define OWED_MAX 64U

/* Those that are said go into the outbox, each in a transaction of its own. */
typedef int said_duty(struct carry *carry, bool *ret_any);

static int
say_day_keys(struct carry *carry, bool *ret_any)
{
	return day_keys_say(carry, ret_any, carry->now);
}

/* Compartments, and of whom it is said the device, that a query finds for this device. */
static int
owed_read(struct carry *carry, struct op_given owed[OWED_MAX], size_t *ret_count, enum carry_statement which)
{
	struct carry_device self;
	struct query q;
	int err = device_self(carry, &self);

	*ret_count = 0;
	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, which);
	bind_int(&q, self.n);
	bind_int(&q, OWED_MAX);
	for (; *ret_count < OWED_MAX && query_row(&q); (*ret_count)++) {
		query_bytes(&q, 0, owed[*ret_count].compartment, OP_ID_BYTES);
		query_bytes(&q, 1, owed[*ret_count].device, OP_ID_BYTES);
	}
	return query_end(&q);
}

/* Keys that were given while this device could not open the box. Asked for once: granted says that it was given. */
static int
say_keys_wanted(struct carry *carry, bool *ret_any)
{
	struct op_given owed[OWED_MAX];
	struct op_keys_wanted wanted;
	size_t count;
	int err = owed_read(carry, owed, &count, CARRY_KEYS_LACKING);

	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		memcpy(wanted.compartment, owed[i].compartment, OP_ID_BYTES);
		err = say(carry, carry_desk_compartment, OP_KEYS_WANTED, &wanted, carry->now, NULL);
	}
	*ret_any = count > 0;
	return err;
}

/* What went before in a compartment is sent, to the last of it. */
static int
say_given(struct carry *carry, bool *ret_any)
{
	struct op_given owed[OWED_MAX];
	size_t count;
	int err = owed_read(carry, owed, &count, CARRY_GIVEN_READY);

	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		err = say(carry, carry_desk_compartment, OP_GIVEN, &owed[i], carry->now, NULL);
	*ret_any = count > 0;
	return err;
}

/* A compartment that was opened for others: left when one of them has the key. */
static int
say_leave(struct carry *carry, bool *ret_any)
{
	struct op_member_remove said;
	struct carry_device self;
	struct query q;
	int err = device_self(carry, &self);

	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_LEAVING_READY);
	bind_int(&q, self.n);
	*ret_any = query_row(&q);
	if (*ret_any)
		query_bytes(&q, 0, said.compartment, OP_ID_BYTES);
	err = query_end(&q);
	if (err != CAIRN_OK || !*ret_any)
		return err;
	memcpy(said.device, carry->self.device, OP_ID_BYTES);
	err = say(carry, carry_desk_compartment, OP_MEMBER_REMOVE, &said, carry->now, NULL);
	q = carry_query(carry, CARRY_LEAVING_DONE);
	bind_id(&q, said.compartment);
	return err == CAIRN_OK ? query_run(&q) : query_end(&q);
}

/* What is due goes: of the compartments that this device is in. */
static int
say_due(struct carry *carry, bool *ret_any)
{
	struct carry_compartment c;
	struct carry_device self;
	uint64_t n = CARRY_DESK;
	int err = device_self(carry, &self);

	while (err == CAIRN_OK) {
		struct query q = carry_query(carry, CARRY_MARKED_AFTER);
		enum retention_when when;
		uint64_t at;

		bind_int(&q, self.n);
		bind_int(&q, n);
		err = query_number(&q, &n);
		if (err != CAIRN_OK || n == 0)
			return err;
		err = compartment_at(carry, &c, n);
		if (err == CAIRN_OK)
			err = compartment_due(carry, &when, &at, &c);
		if (err == CAIRN_OK && when == RETENTION_AT && at <= carry->now) {
			err = destroy_say(carry, &c, DESTROY_BY_TIME, carry->now);
			*ret_any = true;
		}
	}
	return err;
}

static int
said(struct carry *carry, said_duty *duty, bool *ret_any)
{
	bool any = false;
	int err = db_begin(carry->db);

	if (err == CAIRN_OK)
		err = db_end(carry->db, duty(carry, &any));
	*ret_any = *ret_any || any;
	return err;
}

int
duties_do(struct carry *carry, struct sync *ret, bool *ret_any)
{
	static said_duty *const duties[] = {say_day_keys, say_keys_wanted, say_given, say_due, say_leave};
	size_t before = ret->sent;
	bool any = false;
	int err = CAIRN_OK;

	*ret_any = false;
	for (size_t i = 0; i < sizeof(duties) / sizeof(duties[0]) && err == CAIRN_OK; i++)
		err = said(carry, duties[i], ret_any);
	/* Before anything is sealed to a generation that somebody who left still has. */
	if (err == CAIRN_OK)
		err = duty_rotate(carry, ret, &any);
	*ret_any = *ret_any || any;
	if (err == CAIRN_OK)
		err = duty_confirm(carry, ret, &any);
	*ret_any = *ret_any || any;
	if (err == CAIRN_OK)
		err = sync_push(carry, ret);
	if (err == CAIRN_OK)
		err = duty_grant(carry, ret, &any);
	/* What was sent is applied, and more may be owed by it: who left has the next key no more, at once. */
	*ret_any = *ret_any || any || ret->sent > before;
	return err;
}

#define DELETE_AT_ONCE 1024U

int
duty_delete(struct carry *carry)
{
	struct cairn_request request = {.method = "POST", .path = "feed/delete", .staff = true, .answer_max = 4096};
	uint8_t seqs[8 * DELETE_AT_ONCE];
	struct query q = carry_query(carry, CARRY_DELETE_LIST);
	const uint8_t *body;
	size_t count = 0, bytes;
	int status;
	int err;

	bind_int(&q, DELETE_AT_ONCE);
	while (count < DELETE_AT_ONCE && query_row(&q))
		put_u64(seqs + 8 * count++, query_int(&q, 0));
	err = query_end(&q);
	if (err != CAIRN_OK || count == 0)
		return err;
	request.body = seqs;
	request.body_bytes = 8 * count;
	err = sync_exchange(carry, &request, &status, &body, &bytes);
	if (err == CAIRN_OK)
		err = db_begin(carry->db);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		q = carry_query(carry, CARRY_DELETE_DONE);
		bind_int(&q, get_u64(seqs + 8 * i));
		err = query_run(&q);
	}
	return db_within(carry->db) ? db_end(carry->db, err) : err;
}

int
duty_suspend(struct carry *carry)
{
	struct cairn_request request = {.method = "POST", .path = "suspension", .answer_max = 4096};
	uint8_t note[OP_NOTE_MAX];
	const uint8_t *body;
	struct query q;
	uint64_t serial, n = 0;
	size_t bytes;
	int status;
	int err = carry_note_serial(carry, "roster", &serial);

	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_SUSPENSION_UNTOLD);
	bind_int(&q, serial);
	if (query_row(&q)) {
		struct cairn_span span = query_span(&q, 1);

		n = query_int(&q, 0);
		request.body = note;
		request.body_bytes = span.size < sizeof(note) ? span.size : sizeof(note);
		memcpy(note, span.text, request.body_bytes);
	}
	err = query_end(&q);
	if (err != CAIRN_OK || n == 0)
		return err;
	err = sync_exchange(carry, &request, &status, &body, &bytes);
	/* One that it refuses it will always refuse. A fault of its own, or of what stands before it, goes by. */
	if (err != CAIRN_OK && status != 400)
		return err;
	carry->trouble[0] = '\0';
	q = carry_query(carry, CARRY_SUSPENSION_TOLD);
	bind_int(&q, n);
	return query_run(&q);
}
