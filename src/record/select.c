// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/select.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "base/writer.h"

/* All of the record, and what is decided about each entity. */
struct choice {
	struct record_change change;
	bool wanted;
	bool denied; /* for want of consent */
	bool inside; /* its kind never leaves, or nothing of it may */
};

struct choosing {
	const struct record_wish *wish;
	struct choice *all;
	size_t count;
	struct choice **by_id; /* sorted by id */
};

/* ---- references ---- */

static int
compare_ids(const void *a, const void *b)
{
	const struct choice *const *x = a, *const *y = b;

	return memcmp((*x)->change.id, (*y)->change.id, RECORD_ID_BYTES);
}

/* The first place in by_id of that id, and how many follow with it: the same id may stand in several cases. */
static struct choice **
find(const struct choosing *c, struct cairn_span hex, size_t *ret_count)
{
	uint8_t id[RECORD_ID_BYTES];
	size_t low = 0, high = c->count;

	*ret_count = 0;
	if (text_hex(id, sizeof(id), hex) != CAIRN_OK)
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(c->by_id[middle]->change.id, id, sizeof(id)) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + *ret_count < c->count && memcmp(c->by_id[low + *ret_count]->change.id, id, sizeof(id)) == 0)
		(*ret_count)++;
	return c->by_id + low;
}

static const struct record_field *
reference(const struct record_change *change, const struct record_item *item)
{
	const struct record_field *field = record_field(change->kind, item->field);

	if (field != NULL && ((field->type == RECORD_REF && item->action == RECORD_PUT) ||
	                         (field->type == RECORD_REFS && item->action == RECORD_ADD)))
		return field;
	return NULL;
}

/* ---- consent ---- */

bool
record_consents(const struct record_change *account, enum record_purpose purpose, struct cairn_span partner)
{
	const char *code = record_purposes[purpose].code;
	struct cairn_span element = {code, strlen(code)};

	if (!record_change_has(account, RECORD_account_consent, element) ||
	    record_change_has(account, RECORD_account_consent_withdrawn, element) || record_is_retracted(account))
		return false;
	return purpose != RECORD_PURPOSE_PARTNER ||
	    record_change_has(account, RECORD_account_consent_partners, partner);
}

/* Every copy of the account that is here must allow it, and one must be here. */
static bool
account_allows(const struct choosing *c, struct cairn_span hex)
{
	size_t count, seen = 0;
	struct choice **found = find(c, hex, &count);

	for (size_t i = 0; i < count; i++) {
		const struct record_change *account = &found[i]->change;

		if (account->kind->number != RECORD_account)
			continue;
		if (!record_consents(account, c->wish->purpose, c->wish->partner))
			return false;
		seen++;
	}
	return seen > 0;
}

static bool
consent_holds(const struct choosing *c, const struct record_change *change)
{
	bool rests = false;

	if (change->kind->number == RECORD_account)
		return record_consents(change, c->wish->purpose, c->wish->partner);
	for (size_t i = 0; i < change->count; i++) {
		if (change->items[i].field != RECORD_any_accounts || change->items[i].action != RECORD_ADD)
			continue;
		if (!account_allows(c, change->items[i].text))
			return false;
		rests = true;
	}
	/* In a case, what names no account has nobody who has allowed anything. */
	return rests || c->wish->purpose == RECORD_PURPOSE_INTERNAL ||
	    sodium_is_zero(change->compartment, sizeof(change->compartment));
}

static bool
needs_denied(const struct choosing *c, const struct record_change *change)
{
	for (size_t i = 0; i < change->count; i++) {
		const struct record_field *field = reference(change, &change->items[i]);
		struct choice **found;
		size_t count;

		if (field == NULL || (field->flags & RECORD_REQUIRED) == 0)
			continue;
		found = find(c, change->items[i].text, &count);
		for (size_t k = 0; k < count; k++)
			if (found[k]->denied)
				return true;
	}
	return false;
}

static void
choose_denied(struct choosing *c)
{
	bool more = true;

	for (size_t i = 0; i < c->count; i++)
		c->all[i].denied = !consent_holds(c, &c->all[i].change);
	while (more) {
		more = false;
		for (size_t i = 0; i < c->count; i++)
			if (!c->all[i].denied && needs_denied(c, &c->all[i].change))
				more = c->all[i].denied = true;
	}
}

/* ---- what belongs to what ---- */

/* Whose referrers belong to it. A person's do not: they may be of other events. */
static bool
is_owner(const struct record_change *change)
{
	return change->kind->number == RECORD_event || change->kind->number == RECORD_act;
}

/* Does it refer to a wanted event or act? */
static bool
is_owned(const struct choosing *c, const struct record_change *change)
{
	for (size_t i = 0; i < change->count; i++) {
		struct choice **found;
		size_t count;

		if (reference(change, &change->items[i]) == NULL)
			continue;
		found = find(c, change->items[i].text, &count);
		for (size_t k = 0; k < count; k++)
			if (found[k]->wanted && is_owner(&found[k]->change))
				return true;
	}
	return false;
}

/* Wants what it refers to, but no further events. True where that was new. */
static bool
want_referred(struct choosing *c, const struct record_change *change)
{
	bool more = false;

	for (size_t i = 0; i < change->count; i++) {
		struct choice **found;
		size_t count;

		if (reference(change, &change->items[i]) == NULL)
			continue;
		found = find(c, change->items[i].text, &count);
		for (size_t k = 0; k < count; k++)
			if (!found[k]->wanted && !is_owner(&found[k]->change))
				more = found[k]->wanted = true;
	}
	return more;
}

static void
want_roots(struct choosing *c)
{
	for (size_t i = 0; i < c->count; i++)
		for (size_t k = 0; k < c->wish->root_count; k++)
			if (c->wish->roots[k].kind == c->all[i].change.kind &&
			    memcmp(c->wish->roots[k].id, c->all[i].change.id, RECORD_ID_BYTES) == 0)
				c->all[i].wanted = true;
}

/* First what refers to the events and their acts, then what all that refers to. */
static void
choose_wanted(struct choosing *c)
{
	bool more = c->wish->root_count > 0;

	for (size_t i = 0; i < c->count; i++)
		c->all[i].wanted = c->wish->root_count == 0;
	want_roots(c);
	while (more) {
		more = false;
		for (size_t i = 0; i < c->count; i++)
			if (!c->all[i].wanted && c->all[i].change.kind->number != RECORD_event &&
			    is_owned(c, &c->all[i].change))
				more = c->all[i].wanted = true;
	}
	for (more = c->wish->root_count > 0; more;) {
		more = false;
		for (size_t i = 0; i < c->count; i++)
			if (c->all[i].wanted && want_referred(c, &c->all[i].change))
				more = true;
	}
}

/* ---- what is shown ---- */

static bool
leaves(const struct choice *choice)
{
	return choice->wanted && !choice->denied && !choice->inside;
}

static bool
keep_field(const struct record_change *change, const struct record_item *item, void *arg)
{
	const struct record_wish *wish = arg;
	const struct record_purpose_info *purpose = &record_purposes[wish->purpose];
	const struct record_field *field = record_field(change->kind, item->field);

	if (item->field == 0 || wish->purpose == RECORD_PURPOSE_INTERNAL)
		return item->field == 0 || field != NULL;
	return field != NULL && item->action != RECORD_MARK && record_change_level(change, field) <= purpose->level &&
	    (purpose->names || (field->flags & RECORD_NAMING) == 0);
}

static bool
keep_reference(const struct record_change *change, const struct record_item *item, void *arg)
{
	const struct choosing *c = arg;
	struct choice **found;
	size_t count;

	if (reference(change, item) == NULL)
		return true;
	found = find(c, item->text, &count);
	for (size_t i = 0; i < count; i++)
		if (leaves(found[i]))
			return true;
	return false;
}

/* Why something was taken back is for the desk alone. */
static void
drop_reasons(struct record_change *change)
{
	for (size_t i = 0; i < change->count; i++)
		if (change->items[i].action == RECORD_RETRACT) {
			sodium_memzero((void *)(uintptr_t)change->items[i].text.text, change->items[i].text.size);
			change->items[i].text.size = 0;
		}
}

/* Nothing but marks that it was taken back. */
static bool
is_bare(const struct record_change *change)
{
	for (size_t i = 0; i < change->count; i++)
		if (change->items[i].action != RECORD_RETRACT)
			return false;
	return true;
}

/* Takes out what may not be shown, and then, again and again, references to what has nothing left. */
static void
choose_fields(struct choosing *c)
{
	bool internal = c->wish->purpose == RECORD_PURPOSE_INTERNAL, more = true;

	for (size_t i = 0; i < c->count; i++) {
		struct choice *choice = &c->all[i];

		choice->inside = (choice->change.kind->flags & RECORD_INSIDE) != 0 && !internal;
		record_change_filter(&choice->change, keep_field, (void *)(uintptr_t)c->wish);
		if (!internal)
			drop_reasons(&choice->change);
	}
	while (more) {
		more = false;
		for (size_t i = 0; i < c->count; i++) {
			struct choice *choice = &c->all[i];

			if (!internal)
				record_change_filter(&choice->change, keep_reference, c);
			if (!choice->inside && is_bare(&choice->change))
				more = choice->inside = true;
		}
	}
}

/* ---- cases ---- */

struct id_set {
	uint8_t (*ids)[RECORD_ID_BYTES];
	size_t count;
	size_t room;
};

static int
id_set_add(struct id_set *set, const uint8_t id[RECORD_ID_BYTES])
{
	for (size_t i = 0; i < set->count; i++)
		if (memcmp(set->ids[i], id, RECORD_ID_BYTES) == 0)
			return CAIRN_OK;
	if (set->count == set->room) {
		size_t room = set->room == 0 ? 16 : 2 * set->room;
		void *more = reallocarray(set->ids, room, RECORD_ID_BYTES);

		if (more == NULL)
			return CAIRN_ERR_NOMEM;
		set->ids = more;
		set->room = room;
	}
	memcpy(set->ids[set->count++], id, RECORD_ID_BYTES);
	return CAIRN_OK;
}

static int
add_cases(struct id_set *accounts, struct id_set *compartments, const struct record_change *change)
{
	uint8_t id[RECORD_ID_BYTES];
	int err = CAIRN_OK;

	if (!sodium_is_zero(change->compartment, sizeof(change->compartment)))
		err = id_set_add(compartments, change->compartment);
	if (err == CAIRN_OK && change->kind->number == RECORD_account)
		err = id_set_add(accounts, change->id);
	for (size_t i = 0; err == CAIRN_OK && i < change->count; i++)
		if (change->items[i].field == RECORD_any_accounts && change->items[i].action == RECORD_ADD &&
		    text_hex(id, sizeof(id), change->items[i].text) == CAIRN_OK)
			err = id_set_add(accounts, id);
	return err;
}

/* Counted before fields are taken out: those that tell of accounts are for the desk alone. */
static int
count_cases(const struct choosing *c, size_t *ret)
{
	struct id_set accounts = {0}, compartments = {0};
	int err = CAIRN_OK;

	for (size_t i = 0; err == CAIRN_OK && i < c->count; i++)
		if (c->all[i].wanted && !c->all[i].denied)
			err = add_cases(&accounts, &compartments, &c->all[i].change);
	*ret = accounts.count > compartments.count ? accounts.count : compartments.count;
	free(accounts.ids);
	free(compartments.ids);
	return err;
}

/* ---- all of it ---- */

static void
hash_item(crypto_generichash_state *state, const struct record_item *item)
{
	uint8_t head[64];
	struct writer w;

	writer_init(&w, head, sizeof(head));
	write_u8(&w, (uint8_t)item->action);
	write_u16(&w, item->field);
	write_u8(&w, item->flag);
	write_u64(&w, item->at);
	write_bytes(&w, item->note, sizeof(item->note));
	write_u32(&w, (uint32_t)item->text.size);
	crypto_generichash_update(state, head, w.used);
	crypto_generichash_update(state, (const uint8_t *)item->text.text, item->text.size);
}

static void
digest(struct record_selection *selection)
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, sizeof(selection->digest));
	for (size_t i = 0; i < selection->count; i++) {
		const struct record_change *change = &selection->entities[i];

		crypto_generichash_update(&state, &change->kind->number, 1);
		crypto_generichash_update(&state, change->id, sizeof(change->id));
		for (size_t k = 0; k < change->count; k++)
			hash_item(&state, &change->items[k]);
	}
	crypto_generichash_final(&state, selection->digest, sizeof(selection->digest));
}

static int
load_all(struct db *db, struct choosing *c)
{
	struct record_head *heads;
	size_t count;
	int err = record_list(db, NULL, &heads, &count);

	if (err == CAIRN_OK)
		c->all = calloc(count + 1, sizeof(*c->all));
	if (err == CAIRN_OK && c->all == NULL)
		err = CAIRN_ERR_NOMEM;
	while (err == CAIRN_OK && c->count < count) {
		err = record_load(db, &heads[c->count], &c->all[c->count].change);
		c->count++; /* also what was broken off is cleared */
	}
	free(heads);
	if (err != CAIRN_OK)
		return err;
	c->by_id = calloc(c->count + 1, sizeof(struct choice *));
	if (c->by_id == NULL)
		return CAIRN_ERR_NOMEM;
	for (size_t i = 0; i < c->count; i++)
		c->by_id[i] = &c->all[i];
	qsort(c->by_id, c->count, sizeof(struct choice *), compare_ids);
	return CAIRN_OK;
}

/* Moves what leaves into the selection. */
static int
take_out(struct choosing *c, struct record_selection *selection)
{
	selection->entities = calloc(c->count + 1, sizeof(*selection->entities));
	if (selection->entities == NULL)
		return CAIRN_ERR_NOMEM;
	for (size_t i = 0; i < c->count; i++) {
		struct choice *choice = &c->all[i];

		selection->without_consent += choice->wanted && choice->denied;
		selection->inside += choice->wanted && !choice->denied && choice->inside;
		if (!leaves(choice))
			continue;
		selection->entities[selection->count++] = choice->change;
		memset(&choice->change, 0, sizeof(choice->change));
	}
	return CAIRN_OK;
}

static int
pass_door(const struct record_wish *wish, const struct record_door *door, struct record_selection *selection)
{
	size_t count = selection->count;
	int err = CAIRN_OK;

	if (selection->cases > 1)
		err = door == NULL || door->ask == NULL ? CAIRN_ERR_DENIED : door->ask(door->arg, wish, selection);
	for (size_t i = 0; err != CAIRN_OK && i < count; i++)
		record_change_clear(&selection->entities[i]);
	if (err != CAIRN_OK)
		selection->count = 0;
	return err;
}

int
record_select(struct db *db, const struct record_wish *wish, const struct record_door *door,
    struct record_selection *selection)
{
	struct choosing c = {.wish = wish};
	int err;

	memset(selection, 0, sizeof(*selection));
	err = load_all(db, &c);
	if (err == CAIRN_OK) {
		choose_wanted(&c);
		choose_denied(&c);
		err = count_cases(&c, &selection->cases);
	}
	if (err == CAIRN_OK) {
		choose_fields(&c);
		err = take_out(&c, selection);
	}
	if (err == CAIRN_OK) {
		digest(selection);
		err = pass_door(wish, door, selection);
	}
	for (size_t i = 0; c.all != NULL && i < c.count; i++)
		record_change_clear(&c.all[i].change);
	free(c.all);
	free(c.by_id);
	return err;
}

void
record_selection_clear(struct record_selection *selection)
{
	for (size_t i = 0; i < selection->count; i++)
		record_change_clear(&selection->entities[i]);
	free(selection->entities);
	memset(selection, 0, sizeof(*selection));
}
