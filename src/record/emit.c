// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/emit.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "record/apply.h"
#include "record/together.h"
#include "record/value.h"

/* ---- checks ---- */

static const char *
item_fault(const struct record_field *field, const struct record_item *item)
{
	bool set = record_is_set(field);

	switch (item->action) {
	case RECORD_PUT:
		if (set || field->type == RECORD_NOTES)
			return "is not one value";
		return item->text.size == 0 ? NULL : record_value_fault(field, item->text);
	case RECORD_ADD:
		return set ? record_value_fault(field, item->text) : "is not a set";
	case RECORD_DROP:
		return set && item->dot_count > 0 ? NULL : "is not a set, or has no such element";
	case RECORD_NOTE:
		return field->type == RECORD_NOTES ? record_value_fault(field, item->text) : "takes no notes";
	case RECORD_MARK:
		return item->flag < RECORD_LEVEL_COUNT ? NULL : "has no such level";
	case RECORD_RETRACT:
		return NULL;
	}
	return "is not known";
}

const char *
record_change_fault(const struct record_change *change, const struct record_field **ret_field)
{
	for (size_t i = 0; i < change->count; i++) {
		const struct record_item *item = &change->items[i];
		const struct record_field *field = record_field(change->kind, item->field);
		const char *fault = "is no field of this kind";

		*ret_field = field;
		if (item->field == 0 && item->action == RECORD_RETRACT)
			fault = NULL;
		else if (field != NULL)
			fault = item_fault(field, item);
		if (fault == NULL && item->action == RECORD_RETRACT && item->text.size > RECORD_REASON_MAX)
			fault = "has a reason of more than 1024 bytes";
		if (fault != NULL)
			return fault;
	}
	return NULL;
}

/* ---- making operations ---- */

struct making {
	struct record_op op;
	uint8_t bytes[RECORD_OP_MAX];
};

static int
make_one(const struct record_sink *sink, const struct record_change *change, struct making *m)
{
	size_t size;
	int err = record_op_write(m->bytes, sizeof(m->bytes), &size, &m->op);

	if (err == CAIRN_OK)
		err = sink->take(sink->arg, change->compartment, m->bytes, size);
	return err;
}

/* An upper bound of what an item takes. */
static size_t
item_bytes(const struct record_item *item)
{
	return 64 + item->text.size + item->dot_count * RECORD_DOT_BYTES;
}

static int
make_all(const struct record_sink *sink, const struct record_change *change, struct making *m)
{
	size_t used = 0;
	int err = CAIRN_OK;

	m->op.kind = change->kind->number;
	memcpy(m->op.id, change->id, sizeof(m->op.id));
	m->op.count = 0;
	for (size_t i = 0; err == CAIRN_OK && i < change->count; i++) {
		size_t bytes = item_bytes(&change->items[i]);

		if (m->op.count == RECORD_ITEMS_MAX || used + bytes > RECORD_OP_MAX - 32) {
			err = make_one(sink, change, m);
			m->op.count = 0;
			used = 0;
		}
		m->op.items[m->op.count++] = change->items[i];
		used += bytes;
	}
	return err == CAIRN_OK ? make_one(sink, change, m) : err;
}

int
record_emit(struct db *db, const struct record_sink *sink, struct record_change *change)
{
	const struct record_field *field;
	struct making *m;
	bool within = db_within(db);
	int err;

	record_change_sort(change);
	for (size_t i = 1; i < change->count; i++)
		if (record_item_compare(&change->items[i - 1], &change->items[i]) == 0)
			return CAIRN_ERR_RANGE;
	if (change->count == 0 || record_change_fault(change, &field) != NULL)
		return CAIRN_ERR_RANGE;
	m = malloc(sizeof(*m));
	if (m == NULL)
		return CAIRN_ERR_NOMEM;
	err = within ? CAIRN_OK : db_begin(db);
	if (err == CAIRN_OK) {
		err = make_all(sink, change, m);
		if (!within)
			err = db_end(db, err);
	}
	sodium_memzero(m, sizeof(*m));
	free(m);
	return err;
}

/* ---- new entities ---- */

static int
preset(struct record_change *change, const struct record_field *field, const char *text)
{
	if (text == NULL || record_change_find(change, field->number, RECORD_PUT) != NULL)
		return CAIRN_OK;
	return record_change_value(change, field, (struct cairn_span){text, strlen(text)});
}

int
record_change_begin(struct record_change *change, const uint8_t device[CAIRN_DEVICE_ID_BYTES], uint64_t now)
{
	char by[2 * CAIRN_DEVICE_ID_BYTES + 1], at[RECORD_TIME_BYTES];
	int err = CAIRN_OK;

	sodium_bin2hex(by, sizeof(by), device, CAIRN_DEVICE_ID_BYTES);
	record_time_write(at, now);
	for (size_t i = 0; err == CAIRN_OK && i < change->kind->count; i++) {
		const struct record_field *field = &change->kind->fields[i];

		if (field->number == RECORD_any_entered_at)
			err = preset(change, field, at);
		else if (field->number == RECORD_any_entered_by)
			err = preset(change, field, by);
		else
			err = preset(change, field, field->preset);
	}
	return err;
}

const struct record_field *
record_change_missing(const struct record_change *change)
{
	for (size_t i = 0; i < change->kind->count; i++) {
		const struct record_field *field = &change->kind->fields[i];

		if ((field->flags & RECORD_REQUIRED) != 0 && record_change_text(change, field->number).size == 0)
			return field;
	}
	return NULL;
}

/* ---- the sink of a desk ---- */

static int
local_take(void *arg, const uint8_t compartment[RECORD_COMPARTMENT_BYTES], const void *bytes, size_t size)
{
	struct record_local *local = arg;
	const struct desk_self *self = &local->desk->self;
	struct record_origin origin = {.at = local->now};
	uint8_t signature[crypto_sign_BYTES];
	int err = record_clock(local->desk->state, self->device_id, &origin.counter, &origin.lamport);

	if (err != CAIRN_OK)
		return err;
	memcpy(origin.device, self->device_id, sizeof(origin.device));
	memcpy(origin.compartment, compartment, sizeof(origin.compartment));
	record_sign(signature, &origin, bytes, size, self->desk_id, self->sign_secret);
	origin.signature = signature;
	err = record_apply(local->desk->state, bytes, size, &origin);
	return err == CAIRN_OK ? record_tell_later(local->desk->state, &origin, bytes, size) : err;
}

struct record_sink
record_local_sink(struct record_local *local)
{
	return (struct record_sink){local_take, local};
}
