// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/case_show.h"

#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "base/writer.h"
#include "carry/field_text.h"
#include "cli/output.h"
#include "cli/safe.h"
#include "cli/secret.h"

#define VALUE_ROOM (2U * OP_TEXT_MAX + 64U) /* what is no value of its field is shown in hex */
#define ITEM_DIGITS 4U

void
item_name(char out[ITEM_NAME_MAX], const struct op *op)
{
	char hex[ITEM_DIGITS + 1];

	sodium_bin2hex(hex, sizeof(hex), op->device, ITEM_DIGITS / 2);
	snprintf(out, ITEM_NAME_MAX, "%s-%llu", hex, (unsigned long long)op->counter);
}

int
item_named(const struct view *view, const struct fold_item **ret, const char *name)
{
	char called[ITEM_NAME_MAX];

	*ret = NULL;
	if (strlen(name) < ITEM_DIGITS + 2 || name[ITEM_DIGITS] != '-')
		return CAIRN_ERR_FORMAT;
	for (size_t i = 0; i < view->fold->count; i++) {
		item_name(called, &view->fold->items[i].op);
		if (strcmp(called, name) != 0)
			continue;
		if (*ret != NULL)
			return CAIRN_ERR_CONFLICT;
		*ret = &view->fold->items[i];
	}
	return *ret == NULL ? CAIRN_ERR_UNKNOWN : CAIRN_OK;
}

int
due_words(struct engine *e, char out[DUE_WORDS_MAX], const struct carry_compartment *c)
{
	char when[DESK_WHEN_BYTES];
	enum retention_when due;
	uint64_t at;
	uint8_t state = CASE_OPEN;
	int err = compartment_due(e->carry, &due, &at, c);

	out[0] = '\0';
	if (err == CAIRN_OK && due == RETENTION_HELD)
		err = case_state_now(e->carry, &state, c->case_id);
	if (err != CAIRN_OK)
		return err;
	if (c->destroyed)
		snprintf(out, DUE_WORDS_MAX, "destroyed");
	else if (due == RETENTION_AT)
		snprintf(out, DUE_WORDS_MAX, at <= e->now ? "goes with the next sync" : "goes %s",
		    desk_when(when, at));
	else if (due == RETENTION_HELD)
		snprintf(out, DUE_WORDS_MAX, "marked, but its time stands still: %s",
		    case_state_name(state) == NULL ? "a state of a newer version" : case_state_name(state));
	else
		snprintf(out, DUE_WORDS_MAX, "stays: nobody has marked it as over");
	return CAIRN_OK;
}

/* A field's value in words; into room[VALUE_ROOM]. */
static struct cairn_span
field_words(uint16_t field, struct cairn_span value, uint8_t *room)
{
	struct writer w;

	writer_init(&w, room, VALUE_ROOM);
	field_to_text(&w, field_find(field), value);
	return (struct cairn_span){(const char *)room, w.used};
}

/* What an item says, in words; into room[VALUE_ROOM]. */
static struct cairn_span
value_words(const struct fold_item *item, uint8_t *room)
{
	const struct op_def *def;
	struct writer w;

	writer_init(&w, room, VALUE_ROOM);
	switch (item->what) {
	case FOLD_REGISTER:
	case FOLD_ELEMENT:
		return field_words(item->field, item->value, room);
	case FOLD_NOTE:
		write_bytes(&w, item->value.text, item->value.size);
		break;
	default:
		def = op_find(item->op.type);
		write_text(&w,
		    def == NULL || item->what == FOLD_UNKNOWN ? "something of a newer version" : def->name);
	}
	return (struct cairn_span){(const char *)room, w.used};
}

static const char *
item_field(const struct fold_item *item, char room[16])
{
	const struct field_def *def = item->field == 0 ? NULL : field_find(item->field);

	if (def != NULL)
		return def->name;
	if (item->field != 0) {
		snprintf(room, 16, "0x%04x", item->field);
		return room;
	}
	return item->what == FOLD_NOTE ? "note" : "said";
}

/* A register that was set back shows no more, unless another set it at once. */
static bool
item_shows(const struct fold_item *item)
{
	return item->what != FOLD_REGISTER || item->value.size > 0 || item->at_once;
}

/* Two did not know of each other: somebody has to look which of both holds. */
static void
other_tell(struct engine *e, const struct fold_item *item, uint8_t *room)
{
	char name[ITEM_NAME_MAX], who[OP_ALIAS_MAX + 1], when[DESK_WHEN_BYTES];

	item_name(name, &item->other);
	device_name_of(e->carry, who, item->other.device);
	printf("      SET AT ONCE by two who did not know of each other; the other value  [%s, ", name);
	safe_inline(stdout, (struct cairn_span){who, strlen(who)});
	printf(", %s]\n", desk_when(when, item->other.time));
	safe_text(stdout, item->other_value.size == 0 ? (struct cairn_span){"nothing", 7}
						      : field_words(item->field, item->other_value, room),
	    "        ");
}

static void
item_tell(struct engine *e, const struct fold_item *item, uint8_t *room)
{
	char name[ITEM_NAME_MAX], who[OP_ALIAS_MAX + 1], when[DESK_WHEN_BYTES], number[16];

	item_name(name, &item->op);
	device_name_of(e->carry, who, item->op.device);
	printf("    %s  [%s, ", item_field(item, number), name);
	safe_inline(stdout, (struct cairn_span){who, strlen(who)});
	if (item->again) {
		device_name_of(e->carry, who, item->giver);
		fputs(", as given by ", stdout);
		safe_inline(stdout, (struct cairn_span){who, strlen(who)});
	}
	printf(", %s]%s%s\n", desk_when(when, item->op.time), item->retracted ? "  TAKEN BACK" : "",
	    item->conflict ? "  TWO VERSIONS: somebody lies; tell the security officer" : "");
	safe_text(stdout, value_words(item, room), "      ");
	if (item->retracted && item->reason.size > 0)
		safe_text(stdout, item->reason, "      taken back: ");
	if (item->at_once)
		other_tell(e, item, room);
}

static json_t *
other_json(struct engine *e, const struct fold_item *item, uint8_t *room)
{
	char name[ITEM_NAME_MAX], who[OP_ALIAS_MAX + 1];

	item_name(name, &item->other);
	device_name_of(e->carry, who, item->other.device);
	return json_pack("{s:s, s:o, s:s, s:I}", "item", name, "value",
	    json_span(field_words(item->field, item->other_value, room)), "device", who, "at",
	    (json_int_t)item->other.time);
}

static json_t *
item_json(struct engine *e, const struct fold_item *item, uint8_t *room)
{
	char name[ITEM_NAME_MAX], who[OP_ALIAS_MAX + 1], number[16];
	json_t *line;

	item_name(name, &item->op);
	device_name_of(e->carry, who, item->op.device);
	line = json_pack("{s:s, s:s, s:o, s:s, s:I, s:b, s:b, s:b}", "item", name, "field", item_field(item, number),
	    "value", json_span(value_words(item, room)), "device", who, "at", (json_int_t)item->op.time, "retracted",
	    item->retracted, "conflict", item->conflict, "again", item->again);
	if (item->retracted)
		json_object_set_new(line, "reason", json_span(item->reason));
	if (item->again) {
		device_name_of(e->carry, who, item->giver);
		json_object_set_new(line, "giver", json_string(who));
	}
	if (item->at_once)
		json_object_set_new(line, "at_once", other_json(e, item, room));
	return line;
}

/* Each item of it to one of the two; CAIRN_ERR_DENIED is the caller's to tell. */
static int
items_show(struct engine *e, const struct carry_compartment *c, json_t *array)
{
	uint8_t *room = secret_new(VALUE_ROOM);
	struct view view;
	int err = room == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;

	if (err != CAIRN_OK)
		return err;
	err = view_make(e->carry, &view, c->id, e->now);
	for (size_t i = 0; err == CAIRN_OK && i < view.fold->count; i++) {
		const struct fold_item *item = &view.fold->items[i];

		if (item_shows(item) && array != NULL)
			json_array_append_new(array, item_json(e, item, room));
		else if (item_shows(item))
			item_tell(e, item, room);
	}
	view_end(&view);
	secret_free(room);
	return err;
}

static void
member_tell(struct engine *e, const struct carry_member *member, bool first)
{
	char who[OP_ALIAS_MAX + 1];

	device_name(e->carry, who, member->device);
	fputs(first ? "" : ", ", stdout);
	safe_inline(stdout, (struct cairn_span){who, strlen(who)});
	fputs(member->together ? " (together)" : "", stdout);
}

static int
members_show(struct engine *e, const struct carry_compartment *c, json_t *array)
{
	struct carry_member members[2 * COMPARTMENT_MEMBERS_MAX];
	char who[OP_ALIAS_MAX + 1];
	size_t count, shown = 0;
	int err = members_of(e->carry, members, 2 * COMPARTMENT_MEMBERS_MAX, &count, c->n);

	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		if (members[i].removed)
			continue;
		if (array == NULL) {
			member_tell(e, &members[i], shown++ == 0);
			continue;
		}
		device_name(e->carry, who, members[i].device);
		json_array_append_new(array, json_pack("{s:s, s:b}", "device", who, "together", members[i].together));
	}
	return err;
}

int
compartment_tell(struct engine *e, const struct carry_compartment *c, bool whole)
{
	char name[COMPARTMENT_NAME_MAX], due[DUE_WORDS_MAX];
	int err = compartment_name(e->carry, name, c);

	if (err == CAIRN_OK)
		err = due_words(e, due, c);
	if (err != CAIRN_OK)
		return err;
	printf("  %s: ", name);
	if (!c->destroyed)
		err = members_show(e, c, NULL);
	printf("%s%s", c->destroyed ? "" : "; ", due);
	if (c->k > 0)
		printf("; opens with the consent of %u of its %u members", c->k, c->m);
	putchar('\n');
	if (err == CAIRN_OK && whole && !c->destroyed)
		err = items_show(e, c, NULL);
	if (err == CAIRN_ERR_STALE)
		puts("    its time is over: nothing of it is shown any more. 'cairn desk sync' erases it");
	if (err != CAIRN_ERR_DENIED)
		return err == CAIRN_ERR_STALE ? CAIRN_OK : err;
	puts(c->k > 0 ? "    closed: 'cairn desk ask open' asks the others" : "    this device is no member");
	return CAIRN_OK;
}

int
compartment_json(struct engine *e, json_t **ret, const struct carry_compartment *c, bool whole)
{
	char name[COMPARTMENT_NAME_MAX], due[DUE_WORDS_MAX];
	json_t *members = json_array(), *items = json_array();
	int err = compartment_name(e->carry, name, c);
	bool readable;

	if (err == CAIRN_OK)
		err = due_words(e, due, c);
	if (err == CAIRN_OK && !c->destroyed)
		err = members_show(e, c, members);
	if (err == CAIRN_OK && whole && !c->destroyed)
		err = items_show(e, c, items);
	readable = err == CAIRN_OK && whole && !c->destroyed;
	if (err == CAIRN_ERR_DENIED || err == CAIRN_ERR_STALE)
		err = CAIRN_OK;
	if (err != CAIRN_OK) {
		json_decref(members);
		json_decref(items);
		return err;
	}
	*ret = json_pack("{s:s, s:s, s:o, s:o, s:s, s:b, s:b, s:i, s:o}", "name", name, "kind",
	    kind_find(c->kind) == NULL ? "?" : kind_find(c->kind)->name, "id", json_hex(c->id, sizeof(c->id)),
	    "members", members, "goes", due, "destroyed", c->destroyed, "readable", readable, "consents", c->k,
	    "items", items);
	return CAIRN_OK;
}
