// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_JSON_H
#define CAIRN_RECORD_JSON_H

#include <jansson.h>

#include "record/change.h"

/*
 * The record as JSON (data/schema/record.json):
 *
 *	{"format": "cairn-record", "version": 1, "entities": [{"kind": "event", "id": "<32 hex>",
 *	 "fields": {"title": "...", "places": ["..."], "comments": [{"at": "...", "text": "..."}]},
 *	 "levels": {"title": "desk"}, "retracted": {"": {"at": "...", "reason": "..."}, "title": {...}}}]}
 */
#define RECORD_JSON_MAX (64U * 1024 * 1024)
#define RECORD_ENTITIES_MAX 200000U
#define RECORD_FAULT_MAX 256U

/* What a reader found; entities are cleared by record_document_clear(), also on failure. */
struct record_document {
	struct record_change *entities;
	size_t count;
	size_t room;
	/* Where and what, for staff; nothing of what was read is repeated but names of fields. */
	char fault[RECORD_FAULT_MAX];
};
void record_document_clear(struct record_document *document);

/* Room for one more; NULL: none, or too many. */
struct record_change *record_document_more(struct record_document *document);

/* New references; NULL when out of memory. */
json_t *record_json(const struct record_change *entities, size_t count);
json_t *record_json_entity(const struct record_change *change);
/*
 * The value of one field as it stands in fields; of its notes; its levels and retractions. NULL where there is
 * nothing.
 */
json_t *record_json_field(const struct record_change *change, const struct record_field *field);
json_t *record_json_levels(const struct record_change *change);
json_t *record_json_retracted(const struct record_change *change);

/* CAIRN_ERR_FORMAT, with document->fault; CAIRN_ERR_NOMEM. */
CAIRN_NODISCARD int record_json_read(struct record_document *document, const void *bytes, size_t size);
/* Parts of an entity, as CSV has them too. False, and *ret_fault says why. */
bool record_json_read_field(struct record_change *change, const struct record_field *field, const json_t *value,
    const char **ret_fault);
bool record_json_read_levels(struct record_change *change, const json_t *levels, const char **ret_fault);
bool record_json_read_retracted(struct record_change *change, const json_t *retracted, const char **ret_fault);

/* The schema, generated from the table. */
json_t *record_json_schema(void);

#endif
