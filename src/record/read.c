// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/read.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "record/sql.h"

void
record_head_columns(struct record_head *head, struct query *q)
{
	head->row = query_int(q, 0);
	head->kind_number = (uint8_t)query_int(q, 1);
	head->kind = record_kind(head->kind_number);
	query_bytes(q, 2, head->id, sizeof(head->id));
	query_bytes(q, 3, head->compartment, sizeof(head->compartment));
	head->at = query_int(q, 4);
	query_bytes(q, 5, head->device, sizeof(head->device));
}

/* Room for one more of size bytes each. */
static bool
grow(void **items, size_t *room, size_t count, size_t size)
{
	size_t wanted = *room == 0 ? 32 : 2 * *room;
	void *more;

	if (count < *room)
		return true;
	more = reallocarray(*items, wanted, size);
	if (more == NULL)
		return false;
	*items = more;
	*room = wanted;
	return true;
}

int
record_list(struct db *db, const struct record_kind *kind, struct record_head **ret, size_t *ret_count)
{
	struct query q = record_query(db, RECORD_SQL_ENTITY_LIST);
	void *heads = NULL;
	size_t count = 0, room = 0;
	int err = CAIRN_OK;

	*ret = NULL;
	*ret_count = 0;
	while (err == CAIRN_OK && query_row(&q)) {
		if (!grow(&heads, &room, count, sizeof(**ret))) {
			err = CAIRN_ERR_NOMEM;
			break;
		}
		record_head_columns((struct record_head *)heads + count, &q);
		if (((struct record_head *)heads)[count].kind != NULL &&
		    (kind == NULL || ((struct record_head *)heads)[count].kind == kind))
			count++;
	}
	q.err = err == CAIRN_OK ? q.err : err;
	err = query_end(&q);
	if (err != CAIRN_OK) {
		free(heads);
		return err;
	}
	*ret = heads;
	*ret_count = count;
	return CAIRN_OK;
}

/* ---- one entity ---- */

/* Where a put stands in the order of operations, to know which retractions it came after. */
struct place {
	uint64_t lamport;
	uint8_t device[CAIRN_DEVICE_ID_BYTES];
	uint64_t counter;
	uint16_t field;
};

static bool
is_before(const struct place *a, const struct place *b)
{
	int order = memcmp(a->device, b->device, sizeof(a->device));

	if (a->lamport != b->lamport)
		return a->lamport < b->lamport;
	return order != 0 ? order < 0 : a->counter < b->counter;
}

static void
register_columns(struct record_item *item, struct place *place, struct query *q)
{
	struct cairn_span note = query_span(q, 2);

	memset(item, 0, sizeof(*item));
	item->field = (uint16_t)query_int(q, 0);
	item->action = (enum record_action)query_int(q, 1);
	if (note.size == sizeof(item->note))
		memcpy(item->note, note.text, sizeof(item->note));
	item->flag = (uint8_t)query_int(q, 3);
	item->at = query_int(q, 4);
	item->text = query_span(q, 5);
	place->lamport = query_int(q, 6);
	query_bytes(q, 7, place->device, sizeof(place->device));
	place->counter = query_int(q, 8);
	place->field = item->field;
}

/*
 * Rows come sorted by field and aspect, so that a field's put is seen before its retraction: one that is older
 * than the put was of an earlier value.
 */
static bool
register_counts(const struct record_item *item, const struct place *place, const struct place *put)
{
	if (item->action == RECORD_PUT)
		return item->text.size > 0;
	if (item->action != RECORD_RETRACT)
		return true;
	if (item->flag == 0)
		return false;
	return item->field == 0 || !sodium_is_zero(item->note, sizeof(item->note)) || put->field != item->field ||
	    is_before(put, place);
}

static int
load_registers(struct db *db, uint64_t row, struct record_change *change)
{
	struct query q = record_query(db, RECORD_SQL_REGISTER_LIST);
	struct place place, put = {.field = 0};
	struct record_item item;

	bind_int(&q, row);
	while (query_row(&q)) {
		register_columns(&item, &place, &q);
		if (item.action == RECORD_PUT)
			put = place;
		if (register_counts(&item, &place, &put))
			q.err = record_change_add(change, &item);
	}
	return query_end(&q);
}

static int
load_elements(struct db *db, uint64_t row, struct record_change *change)
{
	struct query q = record_query(db, RECORD_SQL_ELEMENT_LIST);

	bind_int(&q, row);
	while (query_row(&q)) {
		struct record_item item = {.action = RECORD_ADD, .field = (uint16_t)query_int(&q, 0)};

		item.text = query_span(&q, 1);
		q.err = record_change_add(change, &item);
	}
	return query_end(&q);
}

static int
load_notes(struct db *db, uint64_t row, struct record_change *change)
{
	struct query q = record_query(db, RECORD_SQL_NOTE_LIST);

	bind_int(&q, row);
	while (query_row(&q)) {
		struct record_item item = {.action = RECORD_NOTE, .field = (uint16_t)query_int(&q, 0)};

		query_bytes(&q, 1, item.note, sizeof(item.note));
		item.at = query_int(&q, 2);
		item.text = query_span(&q, 3);
		if (q.err == CAIRN_OK)
			q.err = record_change_add(change, &item);
	}
	return query_end(&q);
}

int
record_load(struct db *db, const struct record_head *head, struct record_change *change)
{
	int err;

	record_change_init(change, head->kind, head->id, head->compartment);
	err = load_registers(db, head->row, change);
	if (err == CAIRN_OK)
		err = load_elements(db, head->row, change);
	if (err == CAIRN_OK)
		err = load_notes(db, head->row, change);
	record_change_sort(change);
	return err;
}

int
record_dots(struct db *db, const struct record_head *head, uint16_t field, struct cairn_span value,
    uint8_t dots[RECORD_DOTS_MAX * RECORD_DOT_BYTES], size_t *ret_count)
{
	struct query q = record_query(db, RECORD_SQL_ELEMENT_DOTS);

	*ret_count = 0;
	bind_int(&q, head->row);
	bind_int(&q, field);
	bind_bytes(&q, value.text, value.size);
	while (*ret_count < RECORD_DOTS_MAX && query_row(&q)) {
		uint8_t *dot = dots + *ret_count * RECORD_DOT_BYTES;

		query_bytes(&q, 0, dot, CAIRN_DEVICE_ID_BYTES);
		put_u64(dot + CAIRN_DEVICE_ID_BYTES, query_int(&q, 1));
		(*ret_count)++;
	}
	return query_end(&q);
}

int
record_referrers(struct db *db, const uint8_t id[RECORD_ID_BYTES], struct record_referrer **ret, size_t *ret_count)
{
	struct query q = record_query(db, RECORD_SQL_REFERRERS);
	char hex[2 * RECORD_ID_BYTES + 1];
	size_t count = 0, room = 0;
	void *items = NULL;
	int err;

	*ret = NULL;
	*ret_count = 0;
	sodium_bin2hex(hex, sizeof(hex), id, RECORD_ID_BYTES);
	bind_bytes(&q, hex, sizeof(hex) - 1);
	while (query_row(&q)) {
		struct record_referrer *r;

		if (!grow(&items, &room, count, sizeof(*r))) {
			q.err = CAIRN_ERR_NOMEM;
			break;
		}
		r = (struct record_referrer *)items + count;
		record_head_columns(&r->head, &q);
		r->field = record_field(r->head.kind, (uint16_t)query_int(&q, 6));
		count += r->field != NULL && (r->field->type == RECORD_REF || r->field->type == RECORD_REFS);
	}
	err = query_end(&q);
	if (err != CAIRN_OK) {
		free(items);
		return err;
	}
	*ret = items;
	*ret_count = count;
	return CAIRN_OK;
}

bool
record_is_retracted(const struct record_change *change)
{
	return record_change_find(change, 0, RECORD_RETRACT) != NULL;
}

struct cairn_span
record_title(const struct record_change *change)
{
	static const uint16_t titles[] = {RECORD_event_title, RECORD_person_label, RECORD_document_title};
	struct cairn_span title = {"", 0};

	for (size_t i = 0; title.size == 0 && i < sizeof(titles) / sizeof(titles[0]); i++)
		title = record_change_text(change, titles[i]);
	return title;
}

int
record_log(struct db *db, const struct record_head *head, int (*see)(const struct record_logged *op, void *arg),
    void *arg)
{
	struct query q = record_query(db, head == NULL ? RECORD_SQL_OP_SIGNED : RECORD_SQL_OP_OF);
	struct record_logged op;

	if (head != NULL) {
		bind_bytes(&q, head->compartment, sizeof(head->compartment));
		bind_int(&q, head->kind_number);
		bind_bytes(&q, head->id, sizeof(head->id));
	}
	while (query_row(&q)) {
		query_bytes(&q, 0, op.device, sizeof(op.device));
		op.counter = query_int(&q, 1);
		op.lamport = query_int(&q, 2);
		op.at = query_int(&q, 3);
		query_bytes(&q, 4, op.compartment, sizeof(op.compartment));
		op.bytes = query_span(&q, 5);
		op.signature = query_span(&q, 6);
		if (q.err == CAIRN_OK)
			q.err = see(&op, arg);
	}
	return query_end(&q);
}
