// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/change.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"

void
record_change_init(struct record_change *change, const struct record_kind *kind, const uint8_t *id,
    const uint8_t *compartment)
{
	memset(change, 0, sizeof(*change));
	change->kind = kind;
	memcpy(change->id, id, RECORD_ID_BYTES);
	if (compartment != NULL)
		memcpy(change->compartment, compartment, RECORD_COMPARTMENT_BYTES);
}

static void
item_clear(struct record_item *item)
{
	char *text = (char *)(uintptr_t)item->text.text;

	if (text != NULL)
		sodium_memzero(text, item->text.size);
	free(text);
	free((void *)(uintptr_t)item->dots);
	memset(item, 0, sizeof(*item));
}

void
record_change_clear(struct record_change *change)
{
	for (size_t i = 0; i < change->count; i++)
		item_clear(&change->items[i]);
	free(change->items);
	change->items = NULL;
	change->count = change->room = 0;
}

static void *
copy_of(const void *bytes, size_t size)
{
	void *copy = malloc(size + 1);

	if (copy != NULL && size > 0)
		memcpy(copy, bytes, size);
	return copy;
}

static bool
make_room(struct record_change *change)
{
	size_t room = change->room == 0 ? 16 : 2 * change->room;
	struct record_item *items;

	if (change->count < change->room)
		return true;
	items = reallocarray(change->items, room, sizeof(*items));
	if (items == NULL)
		return false;
	change->items = items;
	change->room = room;
	return true;
}

int
record_change_add(struct record_change *change, const struct record_item *item)
{
	struct record_item copy = *item;

	if (!make_room(change))
		return CAIRN_ERR_NOMEM;
	copy.text.text = copy_of(item->text.text, item->text.size);
	copy.dots = item->dot_count == 0 ? NULL : copy_of(item->dots, item->dot_count * RECORD_DOT_BYTES);
	if (copy.text.text == NULL || (copy.dots == NULL && item->dot_count > 0)) {
		item_clear(&copy);
		return CAIRN_ERR_NOMEM;
	}
	change->items[change->count++] = copy;
	return CAIRN_OK;
}

int
record_change_value(struct record_change *change, const struct record_field *field, struct cairn_span text)
{
	struct record_item item = {
	    .action = record_is_set(field) ? RECORD_ADD : RECORD_PUT,
	    .field = field->number,
	    .text = text,
	};

	return record_change_add(change, &item);
}

const struct record_item *
record_change_find(const struct record_change *change, uint16_t field, enum record_action action)
{
	for (size_t i = 0; i < change->count; i++)
		if (change->items[i].field == field && change->items[i].action == action)
			return &change->items[i];
	return NULL;
}

struct cairn_span
record_change_text(const struct record_change *change, uint16_t field)
{
	const struct record_item *item = record_change_find(change, field, RECORD_PUT);

	return item == NULL ? (struct cairn_span){"", 0} : item->text;
}

bool
record_change_has(const struct record_change *change, uint16_t field, struct cairn_span element)
{
	for (size_t i = 0; i < change->count; i++)
		if (change->items[i].field == field && change->items[i].action == RECORD_ADD &&
		    span_same(change->items[i].text, element))
			return true;
	return false;
}

uint8_t
record_change_level(const struct record_change *change, const struct record_field *field)
{
	const struct record_item *mark = record_change_find(change, field->number, RECORD_MARK);

	return mark == NULL ? field->level : mark->flag;
}

void
record_change_filter(struct record_change *change,
    bool (*keep)(const struct record_change *change, const struct record_item *item, void *arg), void *arg)
{
	struct record_item *old = change->items;
	size_t kept = 0;
	bool *keeps = calloc(change->count + 1, sizeof(*keeps));

	/* Without memory for the choice nothing is kept. All are asked before any is moved: keep looks at others. */
	for (size_t i = 0; keeps != NULL && i < change->count; i++)
		keeps[i] = keep(change, &old[i], arg);
	for (size_t i = 0; i < change->count; i++)
		if (keeps != NULL && keeps[i])
			old[kept++] = old[i];
		else
			item_clear(&old[i]);
	change->count = kept;
	free(keeps);
}

static int
compare_for_sort(const void *a, const void *b)
{
	return record_item_compare(a, b);
}

void
record_change_sort(struct record_change *change)
{
	if (change->count > 1)
		qsort(change->items, change->count, sizeof(change->items[0]), compare_for_sort);
}
