// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "cairn/suspension.h"
#include "carry/apply.h"
#include "carry/compartments.h"
#include "carry/keys.h"
#include "carry/leave.h"
#include "carry/notes.h"
#include "carry/retention.h"
#include "carry/tasks.h"

/* When a device or a person has been taken: what two security devices sign holds at once. */

int
apply_suspend_ask(struct applying *a, const void *body)
{
	const struct op_suspend_ask *said = body;
	struct query q = carry_query(a->carry, CARRY_SUSPEND_ASK_ADD);

	bind_int(&q, a->author.n);
	bind_bytes(&q, said->note.text, said->note.size);
	bind_int(&q, a->op.time);
	return query_run(&q);
}

int
task_raise(struct carry *carry, const struct task *task)
{
	uint8_t seed[3 * 8 + 1 + 8], id[CAIRN_HASH_BYTES];
	struct query q = carry_query(carry, CARRY_TASK_ADD);

	/* All devices come to the same number. */
	put_u64(seed, task->cause);
	put_u64(seed + 8, task->device);
	put_u64(seed + 16, task->c);
	seed[24] = task->kind;
	put_u64(seed + 25, task->at);
	cairn_hash(id, seed, sizeof(seed));
	bind_bytes(&q, id, OP_ID_BYTES);
	bind_int(&q, task->device);
	bind_int(&q, task->c);
	bind_int(&q, task->kind);
	bind_int(&q, task->at);
	return query_run(&q);
}

/* Whoever is concerned by it must change what the taken one knew. */
static int
tasks_for_owners(struct applying *a, uint64_t c, uint64_t taken, enum task_kind kind)
{
	uint64_t owners[DEVICES_MAX];
	size_t count;
	int err = tasks_owners(a->carry, owners, &count, c, taken);

	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		struct task task = {.cause = a->head->seq,
		    .device = owners[i],
		    .c = c,
		    .kind = (uint8_t)kind,
		    .at = a->op.time};

		err = task_raise(a->carry, &task);
	}
	return err;
}

static int
device_taken(struct applying *a, const uint8_t id[OP_ID_BYTES], uint64_t serial)
{
	struct carry_device device;
	uint64_t *of = NULL;
	size_t count = 0;
	struct query q;
	int err = device_get(a->carry, &device, id);

	if (err == CAIRN_ERR_UNKNOWN)
		return CAIRN_OK;
	if (err == CAIRN_OK)
		err = member_of(a->carry, &of, &count, device.n);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		if (of[i] != CARRY_DESK)
			err = tasks_for_owners(a, of[i], device.n, TASK_DEVICE_TAKEN);
	free(of);
	if (err != CAIRN_OK)
		return err;
	q = carry_query(a->carry, CARRY_DEVICE_SUSPENDED);
	bind_id(&q, id);
	bind_int(&q, serial);
	err = query_run(&q);
	return err == CAIRN_OK ? leave_all(a->carry, device.n) : err;
}

/* Time stops, keys change, and all who depend on the person are told. */
static int
case_taken(struct applying *a, const uint8_t id[OP_ID_BYTES])
{
	struct carry_compartment of[COMPARTMENTS_OF_CASE_MAX];
	struct query q = carry_query(a->carry, CARRY_CASE_CHANGE_ADD);
	size_t count;
	int err;

	bind_id(&q, id);
	bind_int(&q, CASE_CAPTURED);
	bind_int(&q, applied_time(a));
	bind_int(&q, a->author.n);
	err = query_run(&q);
	if (err == CAIRN_OK)
		err = compartments_of(a->carry, of, COMPARTMENTS_OF_CASE_MAX, &count, id);
	for (size_t i = 0; err == CAIRN_OK && i < count; i++) {
		if (of[i].destroyed)
			continue;
		err = tasks_for_owners(a, of[i].n, 0, TASK_PERSON_TAKEN);
		if (err != CAIRN_OK)
			break;
		q = carry_query(a->carry, CARRY_COMPARTMENT_ROTATE);
		bind_int(&q, of[i].n);
		err = query_run(&q);
	}
	return err;
}

static int
suspended_before(struct carry *carry, uint8_t (*ids)[OP_ID_BYTES], size_t *ret_count, uint64_t serial)
{
	struct query q = carry_query(carry, CARRY_DEVICES_SUSPENDED);

	*ret_count = 0;
	bind_int(&q, serial);
	while (*ret_count < DEVICES_MAX && query_row(&q))
		query_bytes(&q, 0, ids[(*ret_count)++], OP_ID_BYTES);
	return query_end(&q);
}

static int
suspension_keep(struct applying *a, struct cairn_span note, uint64_t serial)
{
	struct query q = carry_query(a->carry, CARRY_SUSPENSION_ADD);
	int err;

	bind_bytes(&q, note.text, note.size);
	bind_int(&q, serial);
	bind_int(&q, a->op.time);
	err = query_run(&q);
	if (err != CAIRN_OK)
		return err;
	q = carry_query(a->carry, CARRY_SUSPEND_ASKS_END);
	return query_run(&q);
}

static int
suspension_do(struct applying *a, const struct cairn_suspension *suspension)
{
	struct cairn_suspended named;
	size_t at = 0;
	int err = CAIRN_OK;

	while (err == CAIRN_OK && cairn_suspension_next(suspension, &at, &named))
		err = named.kind == CAIRN_SUSPENDED_DEVICE ? device_taken(a, named.id, suspension->serial)
							   : case_taken(a, named.id);
	return err;
}

int
apply_suspension(struct applying *a, const void *body)
{
	const struct op_suspension *said = body;
	uint8_t ids[DEVICES_MAX][OP_ID_BYTES];
	struct cairn_suspended_devices before = {.ids = (const uint8_t(*)[OP_ID_BYTES])ids};
	struct cairn_suspension suspension;
	struct cairn_roster roster;
	uint8_t *note;
	size_t bytes;
	uint64_t serial;
	int err = carry_note_get(a->carry, "roster", &note, &bytes, &serial);

	if (err == CAIRN_OK)
		err = suspended_before(a->carry, ids, &before.count, serial);
	if (err == CAIRN_OK &&
	    (cairn_roster_open(&roster, note, bytes, a->carry->self.desk_id, a->carry->self.identity_key, serial) !=
		    CAIRN_OK ||
		cairn_suspension_open(&suspension, said->note.text, said->note.size, a->carry->self.desk_id, &roster,
		    &before, a->head->day) != CAIRN_OK))
		err = CAIRN_ERR_DENIED;
	if (err == CAIRN_OK)
		err = suspension_keep(a, said->note, serial);
	if (err == CAIRN_OK)
		err = suspension_do(a, &suspension);
	free(note);
	return err;
}

int
apply_task(struct applying *a, const void *body)
{
	const struct op_task *said = body;
	struct carry_compartment c = {.n = 0};
	struct carry_device device;
	struct task task = {.cause = a->head->seq, .kind = said->kind, .at = a->op.time};
	int err = apply_refused(device_get(a->carry, &device, said->device));

	if (err == CAIRN_OK && !sodium_is_zero(said->compartment, OP_ID_BYTES))
		err = apply_refused(compartment_get(a->carry, &c, said->compartment));
	if (err != CAIRN_OK)
		return err;
	task.device = device.n;
	task.c = c.n;
	return task_raise(a->carry, &task);
}

int
apply_task_done(struct applying *a, const void *body)
{
	struct query q = carry_query(a->carry, CARRY_TASK_DONE);

	bind_id(&q, ((const struct op_task_done *)body)->task);
	bind_int(&q, a->author.n);
	return query_run(&q);
}
