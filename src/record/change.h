// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_CHANGE_H
#define CAIRN_RECORD_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/op.h"
#include "record/table.h"

/*
 * Items about one entity, with their texts: what is to be emitted, or what stands of it. As many as there are:
 * emitting makes several operations of them where one is too small. Secret: wiped when cleared.
 */
struct record_change {
	const struct record_kind *kind;
	uint8_t id[RECORD_ID_BYTES];
	uint8_t compartment[RECORD_COMPARTMENT_BYTES];
	struct record_item *items;
	size_t count;
	size_t room;
};

/* compartment may be NULL: the desk's own, all zeros. */
void record_change_init(struct record_change *change, const struct record_kind *kind, const uint8_t *id,
    const uint8_t *compartment);
void record_change_clear(struct record_change *change);

/* Copies the item and what it looks into. CAIRN_ERR_NOMEM. */
CAIRN_NODISCARD int record_change_add(struct record_change *change, const struct record_item *item);

/* The same for plain values: a put where the field is no set, an add where it is one. */
CAIRN_NODISCARD int record_change_value(struct record_change *change, const struct record_field *field,
    struct cairn_span text);

/* The first item of that field and action, or NULL. */
const struct record_item *record_change_find(const struct record_change *change, uint16_t field,
    enum record_action action);

/* A single value, or an empty span. */
struct cairn_span record_change_text(const struct record_change *change, uint16_t field);

/* Has the set this element? */
bool record_change_has(const struct record_change *change, uint16_t field, struct cairn_span element);

/* The level of a field here: marked, or the table's. */
uint8_t record_change_level(const struct record_change *change, const struct record_field *field);

/* Takes out items for which keep says no. */
void record_change_filter(struct record_change *change,
    bool (*keep)(const struct record_change *change, const struct record_item *item, void *arg), void *arg);

/* Sorts the items by field, action and value. */
void record_change_sort(struct record_change *change);

#endif
