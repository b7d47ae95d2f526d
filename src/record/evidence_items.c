// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "record/evidence.h"
#include "record/evidence_sql.h"

/* Items as their first entries describe them. */

#define ID_DIGITS_LEAST 4U
#define ID_DIGITS (2U * EVIDENCE_ITEM_BYTES)

static int
take_root(void *arg, const uint8_t *bytes, size_t size)
{
	struct evidence_item *item = arg;
	struct evidence_entry e;
	int err = evidence_entry_read(&e, bytes, size);

	if (err != CAIRN_OK || e.prev_count > 0)
		return err;
	memcpy(item->sha256, evidence_get(&e, EVIDENCE_FIELD_SHA256), sizeof(item->sha256));
	memcpy(item->blake2b, evidence_get(&e, EVIDENCE_FIELD_BLAKE2B), sizeof(item->blake2b));
	item->size = get_u64(evidence_get(&e, EVIDENCE_FIELD_SIZE));
	snprintf(item->media, sizeof(item->media), "%.*s", (int)e.fields[EVIDENCE_FIELD_MEDIA].size,
	    e.fields[EVIDENCE_FIELD_MEDIA].text);
	item->derived = e.action == EVIDENCE_DERIVED;
	if (item->derived)
		memcpy(item->source, evidence_get(&e, EVIDENCE_FIELD_SOURCE), sizeof(item->source));
	item->name_bytes = e.fields[EVIDENCE_FIELD_NAME].size;
	if (item->name_bytes > 0)
		memcpy(item->name, evidence_get(&e, EVIDENCE_FIELD_NAME), item->name_bytes);
	return CAIRN_OK;
}

static void
take_row(struct query *q, struct evidence_item *item)
{
	memset(item, 0, sizeof(*item));
	query_bytes(q, 0, item->id, sizeof(item->id));
	item->here = query_span(q, 1).size == sizeof(item->file);
	if (item->here)
		query_bytes(q, 1, item->file, sizeof(item->file));
	item->added = query_int(q, 2);
	item->erased = query_int(q, 3) != 0;
}

int
evidence_find(struct evidence *ev, struct evidence_item *item, struct cairn_span id)
{
	bool found = false, more = false;
	struct query q;
	int err;

	for (size_t i = 0; i < id.size; i++)
		if (strchr("0123456789abcdefABCDEF", id.text[i]) == NULL || id.text[i] == '\0')
			id.size = 0;
	if (id.size < ID_DIGITS_LEAST || id.size > ID_DIGITS)
		return evidence_trouble(ev, CAIRN_ERR_FORMAT,
		    "name an item by its id, or by the first digits of it (4 or more), as 'cairn evidence list' "
		    "shows it");
	q = evidence_query(ev->options.db, EVIDENCE_SQL_ITEM_GET);
	bind_text(&q, id);
	if ((found = query_row(&q)))
		take_row(&q, item);
	more = found && query_row(&q);
	err = query_end(&q);
	if (err == CAIRN_OK && !found)
		return evidence_trouble(
		    ev, CAIRN_ERR_UNKNOWN, "there is no such item: 'cairn evidence list' shows them");
	if (err == CAIRN_OK && more)
		return evidence_trouble(ev, CAIRN_ERR_CONFLICT, "several items begin so: give more of the id");
	return err == CAIRN_OK ? evidence_log(ev, item->id, take_root, item) : evidence_state_trouble(ev, err);
}

int
evidence_get_item(struct evidence *ev, struct evidence_item *item, const uint8_t id[EVIDENCE_ITEM_BYTES])
{
	char hex[ID_DIGITS + 1];

	sodium_bin2hex(hex, sizeof(hex), id, EVIDENCE_ITEM_BYTES);
	return evidence_find(ev, item, (struct cairn_span){hex, ID_DIGITS});
}

int
evidence_list(struct evidence *ev, evidence_each_item *each, void *arg)
{
	struct query q = evidence_query(ev->options.db, EVIDENCE_SQL_ITEM_LIST);
	uint8_t id[EVIDENCE_ITEM_BYTES];
	struct evidence_item item;
	int err = CAIRN_OK, end;

	while (err == CAIRN_OK && query_row(&q)) {
		query_bytes(&q, 0, id, sizeof(id));
		err = evidence_get_item(ev, &item, id);
		if (err == CAIRN_OK)
			err = each(arg, &item);
	}
	end = query_end(&q);
	return err != CAIRN_OK ? err : evidence_state_trouble(ev, end);
}
