// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/fold.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

/* An operation on its way into the state. */
struct entry {
	struct op op;
	bool again;    /* given again, by giver */
	uint8_t giver[OP_ID_BYTES];
	bool conflict; /* there was another one with this id */
	bool removed;
	enum fold_what what;
	uint16_t field;
	struct cairn_span value;
	struct op target;               /* of a retraction or a removal: the id that it names */
	struct cairn_span reason;       /* of a retraction */
	const struct entry *retraction; /* the last one that names this */
};

#define ANY_MEMBER(NAME, name, code, scope, text) struct op_##name name;
union any_op {
	OPERATIONS(ANY_MEMBER)
};

static int
compare_u64(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int
compare_id(const struct op *a, const struct op *b)
{
	int c = memcmp(a->device, b->device, sizeof(a->device));

	return c != 0 ? c : compare_u64(a->counter, b->counter);
}

/* Any order of all that an operation consists of: which is taken may depend on nothing else. */
static int
compare_content(const struct op *a, const struct op *b)
{
	size_t least = a->body.size < b->body.size ? a->body.size : b->body.size;
	int c = compare_u64(a->lamport, b->lamport);

	if (c == 0)
		c = compare_u64(a->time, b->time);
	if (c == 0)
		c = compare_u64(a->type, b->type);
	if (c == 0 && least > 0)
		c = memcmp(a->body.text, b->body.text, least);
	return c != 0 ? c : compare_u64(a->body.size, b->body.size);
}

static int
entry_by_id(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int c = compare_id(&a->op, &b->op);

	if (c == 0)
		c = (int)a->again - (int)b->again;
	if (c == 0)
		c = compare_content(&a->op, &b->op);
	return c != 0 ? c : memcmp(a->giver, b->giver, sizeof(a->giver));
}

int
fold_order(const struct op *a, const struct op *b)
{
	int c = compare_u64(a->lamport, b->lamport);

	return c != 0 ? c : compare_id(a, b);
}

/* Takes an operation out of the one that gives it again. One that does not read, or nests, stays what it is. */
static void
unwrap(struct entry *entry)
{
	struct op_again again;

	if (entry->op.type != OP_AGAIN || op_body_read(&again, sizeof(again), &entry->op) != CAIRN_OK ||
	    again.type == OP_AGAIN)
		return;
	entry->again = true;
	memcpy(entry->giver, entry->op.device, sizeof(entry->giver));
	memcpy(entry->op.device, again.device, sizeof(again.device));
	entry->op.counter = again.counter;
	entry->op.lamport = again.lamport;
	entry->op.time = again.time;
	entry->op.type = again.type;
	entry->op.body = again.body;
}

/* Leaves one of each id, sorted by it. */
static size_t
unique(struct entry *entries, size_t count)
{
	size_t kept = 0;

	qsort(entries, count, sizeof(*entries), entry_by_id);
	for (size_t i = 0; i < count; i++) {
		struct entry *last = kept > 0 ? &entries[kept - 1] : NULL;

		if (last == NULL || compare_id(&last->op, &entries[i].op) != 0)
			entries[kept++] = entries[i];
		else if (compare_content(&last->op, &entries[i].op) != 0)
			last->conflict = true;
	}
	return kept;
}

static void
entry_names(struct entry *entry, const uint8_t device[OP_ID_BYTES], uint64_t counter)
{
	memcpy(entry->target.device, device, OP_ID_BYTES);
	entry->target.counter = counter;
}

static void
understand_body(struct entry *entry, const union any_op *body)
{
	entry->what = FOLD_OTHER;
	switch (entry->op.type) {
	case OP_SET:
		entry->what = FOLD_REGISTER;
		entry->field = body->set.field;
		entry->value = body->set.value;
		break;
	case OP_ADD:
		entry->what = FOLD_ELEMENT;
		entry->field = body->add.field;
		entry->value = body->add.value;
		break;
	case OP_NOTE:
		entry->what = FOLD_NOTE;
		entry->value = body->note.text;
		break;
	case OP_REMOVE:
		entry_names(entry, body->remove.device, body->remove.counter);
		break;
	case OP_RETRACT:
		entry_names(entry, body->retract.device, body->retract.counter);
		entry->reason = body->retract.reason;
		break;
	case OP_AGAIN: /* was not unwrapped */
		entry->what = FOLD_UNKNOWN;
		break;
	default:
		break;
	}
}

/* What an operation says. One of no known type, of the desk compartment, or that does not read, says nothing. */
static void
understand(struct entry *entry)
{
	const struct op_def *def = op_find(entry->op.type);
	union any_op body;

	entry->what = FOLD_UNKNOWN;
	entry->value = entry->op.body;
	if (def == NULL || def->scope != OP_SCOPE_CASE)
		return;
	if (op_body_read(&body, def->bytes, &entry->op) == CAIRN_OK)
		understand_body(entry, &body);
	sodium_memzero(&body, sizeof(body));
}

static struct entry *
entry_find(struct entry *entries, size_t count, const struct op *id)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int c = compare_id(&entries[middle].op, id);

		if (c == 0)
			return &entries[middle];
		if (c < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* What removals and retractions do to what they name, if it is there; the last retraction counts. */
static void
apply(struct entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct entry *entry = &entries[i], *target = NULL;

		if (entry->what == FOLD_OTHER && (entry->op.type == OP_REMOVE || entry->op.type == OP_RETRACT))
			target = entry_find(entries, count, &entry->target);
		if (target == NULL)
			continue;
		if (entry->op.type == OP_REMOVE)
			target->removed = target->what == FOLD_ELEMENT;
		else if (target->retraction == NULL || fold_order(&target->retraction->op, &entry->op) < 0)
			target->retraction = entry;
	}
}

/* Notes, other and unknown ones are one timeline. */
static unsigned
group(enum fold_what what)
{
	return what < FOLD_NOTE ? what : FOLD_NOTE;
}

static int
entry_by_place(const void *left, const void *right)
{
	const struct entry *a = *(const struct entry *const *)left, *b = *(const struct entry *const *)right;
	int c = (int)group(a->what) - (int)group(b->what);

	if (c == 0)
		c = (int)a->field - (int)b->field;
	return c != 0 ? c : fold_order(&a->op, &b->op);
}

static void
item_fill(struct fold_item *item, const struct entry *entry)
{
	item->what = entry->what;
	item->field = entry->field;
	item->conflict = entry->conflict;
	item->again = entry->again;
	memcpy(item->giver, entry->giver, sizeof(item->giver));
	item->op = entry->op;
	item->value = entry->value;
	if (entry->retraction == NULL)
		return;
	item->retracted = true;
	item->retraction = entry->retraction->op;
	item->reason = entry->retraction->reason;
}

/* The one that stood before it in its register: said without knowing of it, and something else. */
static void
item_rival(struct fold_item *item, const struct entry *entry, const struct entry *before)
{
	if (entry->what != FOLD_REGISTER || before->what != FOLD_REGISTER || before->field != entry->field ||
	    before->op.lamport != entry->op.lamport)
		return;
	if (before->value.size == entry->value.size &&
	    (entry->value.size == 0 || memcmp(before->value.text, entry->value.text, entry->value.size) == 0))
		return;
	item->at_once = true;
	item->other = before->op;
	item->other_value = before->value;
}

static void
items_fill(struct fold *fold, const struct entry **sorted, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool set_again = i + 1 < count && sorted[i]->what == FOLD_REGISTER &&
		    sorted[i + 1]->what == FOLD_REGISTER && sorted[i + 1]->field == sorted[i]->field;

		if (set_again || sorted[i]->removed)
			continue;
		if (group(sorted[i]->what) < FOLD_NOTE)
			fold->timeline = fold->count + 1;
		if (i > 0)
			item_rival(&fold->items[fold->count], sorted[i], sorted[i - 1]);
		item_fill(&fold->items[fold->count++], sorted[i]);
	}
}

static int
fold_entries(struct fold *fold, struct entry *entries, size_t count)
{
	const struct entry **sorted = calloc(count + 1, sizeof(const struct entry *));

	fold->items = calloc(count + 1, sizeof(*fold->items));
	if (sorted == NULL || fold->items == NULL) {
		free(sorted);
		return CAIRN_ERR_NOMEM;
	}
	for (size_t i = 0; i < count; i++) {
		understand(&entries[i]);
		sorted[i] = &entries[i];
	}
	apply(entries, count);
	qsort(sorted, count, sizeof(const struct entry *), entry_by_place);
	items_fill(fold, sorted, count);
	free(sorted);
	return CAIRN_OK;
}

int
fold_make(struct fold **ret, const struct op *ops, size_t count)
{
	struct entry *entries = calloc(count + 1, sizeof(*entries));
	struct fold *fold = calloc(1, sizeof(*fold));
	int err = CAIRN_ERR_NOMEM;

	*ret = NULL;
	if (entries == NULL || fold == NULL)
		goto out;
	for (size_t i = 0; i < count; i++) {
		entries[i].op = ops[i];
		unwrap(&entries[i]);
	}
	err = fold_entries(fold, entries, unique(entries, count));
	if (err == CAIRN_OK) {
		*ret = fold;
		fold = NULL;
	}
out:
	free(entries);
	fold_free(fold);
	return err;
}

void
fold_free(struct fold *fold)
{
	if (fold == NULL)
		return;
	free(fold->items);
	free(fold);
}

const struct fold_item *
fold_elements(const struct fold *fold, uint16_t field, size_t *ret_count)
{
	const struct fold_item *first = NULL;

	*ret_count = 0;
	for (size_t i = 0; i < fold->timeline; i++)
		if (fold->items[i].what == FOLD_ELEMENT && fold->items[i].field == field) {
			first = first == NULL ? &fold->items[i] : first;
			++*ret_count;
		}
	return first;
}

const struct fold_item *
fold_register(const struct fold *fold, uint16_t field)
{
	for (size_t i = 0; i < fold->timeline; i++)
		if (fold->items[i].what == FOLD_REGISTER && fold->items[i].field == field)
			return &fold->items[i];
	return NULL;
}
