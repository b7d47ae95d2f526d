// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "carry/apply.h"
#include "carry/compartments.h"
#include "carry/day_keys.h"
#include "carry/keys.h"
#include "carry/leave.h"
#include "carry/notes.h"

/* Devices: who they are, their day keys, and the roster that says which of them are the desk's. */

static int
device_add(struct carry *carry, const struct op_device *said)
{
	struct query q = carry_query(carry, CARRY_DEVICE_ADD);

	bind_id(&q, said->device);
	bind_bytes(&q, said->sign_key, sizeof(said->sign_key));
	bind_bytes(&q, said->receive_key, sizeof(said->receive_key));
	bind_text(&q, said->alias);
	bind_text(&q, said->owner);
	return query_run(&q);
}

/*
 * Every device is a member of the desk's compartment from the moment it is known; the roster says whether it counts.
 */
static int
desk_member_add(struct carry *carry, uint64_t device, uint32_t granted)
{
	struct query q = carry_query(carry, CARRY_MEMBER_ADD);
	int err;

	bind_int(&q, CARRY_DESK);
	bind_int(&q, device);
	bind_int(&q, 0);
	bind_int(&q, 0);
	err = query_run(&q);
	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_MEMBER_GRANTED);
	bind_int(&q, CARRY_DESK);
	bind_int(&q, device);
	bind_int(&q, granted);
	return query_run(&q);
}

/* A welcome brings the desk's key of the generation that there is. */
static int
device_enter(struct carry *carry, const struct op_device *said)
{
	struct carry_compartment desk;
	struct carry_device device;
	int err = device_add(carry, said);

	if (err == CAIRN_OK)
		err = device_get(carry, &device, said->device);
	if (err == CAIRN_OK)
		err = compartment_at(carry, &desk, CARRY_DESK);
	return err == CAIRN_OK ? desk_member_add(carry, device.n, desk.gen) : err;
}

/* Day keys in a row, from first on. */
static int
day_keys_keep(struct carry *carry, const uint8_t device[OP_ID_BYTES], uint32_t first, struct cairn_span keys)
{
	const uint8_t *key = (const uint8_t *)keys.text;
	struct carry_device row;
	size_t count = keys.size / CAIRN_XWING_PUBLIC_BYTES;
	int err = device_get(carry, &row, device);

	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		err = day_key_keep(carry, row.n, first + (uint32_t)i, key + i * CAIRN_XWING_PUBLIC_BYTES);
	return err;
}

static bool
day_keys_ok(uint32_t first, struct cairn_span keys)
{
	const uint8_t *key = (const uint8_t *)keys.text;

	if (keys.size % CAIRN_XWING_PUBLIC_BYTES != 0 || first > UINT32_MAX - OP_DAY_KEYS_MAX)
		return false;
	for (size_t at = 0; at < keys.size; at += CAIRN_XWING_PUBLIC_BYTES)
		if (cairn_xwing_public_check(key + at) != CAIRN_OK)
			return false;
	return true;
}

static int
device_room(struct carry *carry)
{
	struct query q = carry_query(carry, CARRY_DEVICE_COUNT);
	uint64_t count;
	int err = query_number(&q, &count);

	return err == CAIRN_OK && count >= DEVICES_MAX ? CAIRN_ERR_DENIED : err;
}

/*
 * The admitting device says it, with the first day keys, so that the new one can be given keys at once. Of a device
 * that is known only its names change, and it is let in again: what it would be sealed to it says itself, else
 * whoever has an admin's device would read what others are given.
 */
int
apply_device(struct applying *a, const void *body)
{
	const struct op_device *said = body;
	struct carry_device old;
	int err = device_get(a->carry, &old, said->device);
	bool known = err == CAIRN_OK;

	if (!day_keys_ok(said->first_day, said->day_keys) || said->first_day > a->head->day + 1)
		return CAIRN_ERR_DENIED;
	if (known && memcmp(old.sign_key, said->sign_key, sizeof(old.sign_key)) != 0)
		return CAIRN_ERR_DENIED; /* an id is one device's for ever */
	if (err == CAIRN_ERR_UNKNOWN)
		err = device_room(a->carry);
	if (err == CAIRN_OK)
		err = device_enter(a->carry, said);
	return err == CAIRN_OK && !known ? day_keys_keep(a->carry, said->device, said->first_day, said->day_keys)
					 : err;
}

int
apply_day_keys(struct applying *a, const void *body)
{
	const struct op_day_keys *said = body;

	if (!day_keys_ok(said->first_day, said->keys))
		return CAIRN_ERR_DENIED;
	return day_keys_keep(a->carry, a->author.id, said->first_day, said->keys);
}

static int
device_listed(struct carry *carry, const struct cairn_device *line, uint64_t serial)
{
	struct query q = carry_query(carry, CARRY_DEVICE_LISTED);

	if (line->roles.size >= DEVICE_ROLES_MAX)
		return CAIRN_ERR_DENIED;
	bind_id(&q, line->id);
	bind_text(&q, line->roles);
	bind_int(&q, line->since);
	bind_int(&q, line->until);
	bind_int(&q, serial);
	bind_bytes(&q, line->sign_key, sizeof(line->sign_key));
	return query_run(&q);
}

/* Those that the new roster names no more leave everything. */
static int
devices_unlisted(struct carry *carry, uint64_t serial)
{
	uint64_t gone[DEVICES_MAX];
	size_t count = 0;
	struct query q = carry_query(carry, CARRY_DEVICES_UNLISTED);
	int err;

	bind_int(&q, serial);
	while (count < DEVICES_MAX && query_row(&q))
		gone[count++] = query_int(&q, 0);
	err = query_end(&q);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		err = leave_all(carry, gone[i]);
		if (err != CAIRN_OK)
			break;
		q = carry_query(carry, CARRY_DEVICE_UNLIST);
		bind_int(&q, gone[i]);
		err = query_run(&q);
	}
	return err;
}

int
apply_roster_note(struct carry *carry, struct cairn_span note)
{
	struct cairn_roster roster;
	struct cairn_device line;
	uint64_t serial;
	size_t at = 0;
	int err = carry_note_serial(carry, "roster", &serial);

	if (err != CAIRN_OK)
		return err;
	/* The one that is in force is said again when a device joins: it changes nothing, and lists the new one. */
	if (cairn_roster_open(&roster, note.text, note.size, carry->self.desk_id, carry->self.identity_key, serial) !=
	    CAIRN_OK)
		return CAIRN_ERR_DENIED;
	while (err == CAIRN_OK && cairn_roster_next(&roster, &at, &line))
		err = device_listed(carry, &line, roster.serial);
	if (err == CAIRN_OK)
		err = devices_unlisted(carry, roster.serial);
	return err == CAIRN_OK ? carry_note_put(carry, "roster", note, roster.serial) : err;
}

int
apply_roster(struct applying *a, const void *body)
{
	return apply_roster_note(a->carry, ((const struct op_roster *)body)->note);
}

int
apply_founder(struct carry *carry, const struct op_device *device, struct cairn_span roster)
{
	int err = device_enter(carry, device);

	return err == CAIRN_OK ? apply_roster_note(carry, roster) : err;
}
