// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/import.h"

#include <string.h>

#include "base/text.h"
#include "record/read.h"
#include "record/sql.h"

/* Is it said already? Notes and elements are known by what they say, the rest by its place. */
static bool
is_there(const struct record_change *have, const struct record_item *item)
{
	for (size_t i = 0; i < have->count; i++) {
		const struct record_item *other = &have->items[i];

		if (other->field != item->field || other->action != item->action)
			continue;
		if (item->action == RECORD_MARK ? other->flag == item->flag
		    : item->action == RECORD_RETRACT
		        ? memcmp(other->note, item->note, sizeof(item->note)) == 0
		        : other->at == item->at && span_same(other->text, item->text))
			return true;
	}
	return false;
}

/* When and by whom it was entered is said once. */
static bool
is_entry(const struct record_item *item)
{
	return item->field == RECORD_any_entered_at || item->field == RECORD_any_entered_by ||
	    item->field == RECORD_any_entered_from;
}

static bool
keep_new(const struct record_change *change, const struct record_item *item, void *arg)
{
	const struct record_change *have = arg;

	(void)change;
	return !is_there(have, item) &&
	    !(is_entry(item) && record_change_find(have, item->field, RECORD_PUT) != NULL);
}

static int
begin(struct record_change *change, const struct record_import *import)
{
	const struct record_field *from = record_field(change->kind, RECORD_any_entered_from);
	int err;

	if (import->device == NULL)
		return CAIRN_OK;
	err = record_change_begin(change, import->device, import->now);
	if (err == CAIRN_OK && import->from.size > 0 &&
	    record_change_find(change, RECORD_any_entered_from, RECORD_PUT) == NULL)
		err = record_change_value(change, from, import->from);
	return err;
}

/* The entity of that kind and id in this compartment; *ret_row is 0 where there is none. */
static int
find_same(struct db *db, const struct record_change *change, struct record_head *head)
{
	struct query q = record_query(db, RECORD_SQL_ENTITY_BY_ID);

	memset(head, 0, sizeof(*head));
	bind_int(&q, change->kind->number);
	bind_bytes(&q, change->id, sizeof(change->id));
	bind_bytes(&q, change->id, sizeof(change->id));
	while (query_row(&q)) {
		struct record_head other;

		record_head_columns(&other, &q);
		if (memcmp(other.compartment, change->compartment, sizeof(other.compartment)) == 0)
			*head = other;
	}
	return query_end(&q);
}

static int
import_one(struct db *db, const struct record_sink *sink, const struct record_import *import,
    struct record_change *change, struct record_imported *ret)
{
	struct record_change have;
	struct record_head head;
	int err;

	if (import->compartment != NULL)
		memcpy(change->compartment, import->compartment, sizeof(change->compartment));
	err = find_same(db, change, &head);
	if (err == CAIRN_OK && head.row == 0) {
		ret->fresh++;
		err = begin(change, import);
		return err == CAIRN_OK ? record_emit(db, sink, change) : err;
	}
	if (err != CAIRN_OK)
		return err;
	err = record_load(db, &head, &have);
	if (err == CAIRN_OK)
		record_change_filter(change, keep_new, &have);
	record_change_clear(&have);
	ret->changed += change->count > 0;
	ret->same += change->count == 0;
	return err == CAIRN_OK && change->count > 0 ? record_emit(db, sink, change) : err;
}

int
record_import(struct db *db, const struct record_sink *sink, const struct record_import *import,
    struct record_document *document, struct record_imported *ret)
{
	bool within = db_within(db);
	int err = within ? CAIRN_OK : db_begin(db);

	memset(ret, 0, sizeof(*ret));
	if (err != CAIRN_OK)
		return err;
	for (size_t i = 0; err == CAIRN_OK && i < document->count; i++)
		err = import_one(db, sink, import, &document->entities[i], ret);
	return within ? err : db_end(db, err);
}
