// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/record_words.h"

#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "cli/desk_session.h"
#include "cli/output.h"
#include "cli/safe.h"
#include "record/value.h"
#include "record/vocabulary.h"

#define TITLE_BYTES 60U

/* ---- on one line ---- */

/* What to call it: its title, or the words of its type, or the beginning of what it says. */
static struct cairn_span
title_of(const struct record_change *change)
{
	struct cairn_span title = record_title(change);
	const char *term = NULL;

	if (title.size == 0 && change->kind->number == RECORD_act)
		term = record_term(4, record_change_text(change, RECORD_act_type));
	if (title.size == 0 && change->kind->number == RECORD_information)
		title = record_change_text(change, RECORD_information_says);
	if (term != NULL)
		title = (struct cairn_span){term, strlen(term)};
	/* A cut in the middle of a character would show as such. */
	while (title.size > TITLE_BYTES) {
		title.size = TITLE_BYTES;
		while (title.size > 0 && ((unsigned char)title.text[title.size] & 0xc0U) == 0x80U)
			title.size--;
	}
	return title;
}

void
record_tell_line(FILE *out, const struct record_head *head, const struct record_change *change)
{
	char code[RECORD_CODE_TEXT_MAX];

	record_code_write(code, head->kind, head->id);
	fprintf(out, "%-12s %-13s ", code, head->kind->name);
	safe_inline(out, title_of(change));
	fputs(record_is_retracted(change) ? "  (retracted)\n" : "\n", out);
}

json_t *
record_line_json(const struct record_head *head, const struct record_change *change)
{
	char code[RECORD_CODE_TEXT_MAX];

	record_code_write(code, head->kind, head->id);
	return json_pack("{s:s, s:s, s:o, s:o, s:I, s:b}", "code", code, "kind", head->kind->name, "id",
	    json_hex(head->id, sizeof(head->id)), "title", json_span(title_of(change)), "changed",
	    (json_int_t)head->at, "retracted", record_is_retracted(change));
}

/* ---- in full ---- */

/* The title of what a field refers to, where it is here. */
static void
tell_reference(FILE *out, struct db *db, const struct record_field *field, struct cairn_span hex)
{
	char code[RECORD_CODE_TEXT_MAX], name[64];
	struct record_change other = {.count = 0};
	struct record_head head;

	snprintf(name, sizeof(name), "%s:%.*s", field->of == 0 ? "event" : record_kind((uint8_t)field->of)->name,
	    (int)hex.size, hex.text);
	if (record_code_find(db, &head, NULL, (struct cairn_span){name, strlen(name)}) != CAIRN_OK) {
		fprintf(out, "%.*s  (not here)", (int)hex.size, hex.text);
		return;
	}
	record_code_write(code, head.kind, head.id);
	fprintf(out, "%s  ", code);
	if (record_load(db, &head, &other) == CAIRN_OK)
		safe_inline(out, title_of(&other));
	record_change_clear(&other);
}

static void
tell_value(FILE *out, struct db *db, const struct record_field *field, struct cairn_span text)
{
	const char *term;

	switch (field->type) {
	case RECORD_TERM:
	case RECORD_TERMS:
		term = record_term((uint16_t)field->of, text);
		fprintf(out, "%.*s  %s", (int)text.size, text.text,
		    term == NULL ? "(a code of a later version)" : term);
		break;
	case RECORD_REF:
	case RECORD_REFS:
		tell_reference(out, db, field, text);
		break;
	case RECORD_TEXT:
		fputc('\n', out);
		safe_text(out, text, "      ");
		return;
	default:
		safe_inline(out, text);
		break;
	}
	fputc('\n', out);
}

static void
tell_retraction(FILE *out, const struct record_item *retract)
{
	char when[DESK_WHEN_BYTES];

	fprintf(out, "    taken back %s: ", desk_when(when, retract->at));
	safe_inline(out, retract->text);
	fputc('\n', out);
}

static void
tell_note(FILE *out, const struct record_change *change, const struct record_item *note)
{
	char when[DESK_WHEN_BYTES];

	fprintf(out, "%s\n", desk_when(when, note->at));
	safe_text(out, note->text, "      ");
	for (size_t i = 0; i < change->count; i++)
		if (change->items[i].action == RECORD_RETRACT && change->items[i].field == note->field &&
		    memcmp(change->items[i].note, note->note, sizeof(note->note)) == 0)
			tell_retraction(out, &change->items[i]);
}

static void
tell_item(FILE *out, struct db *db, const struct record_change *change, const struct record_field *field,
    const struct record_item *item)
{
	bool whole = sodium_is_zero(item->note, sizeof(item->note));

	if (item->action == RECORD_PUT || item->action == RECORD_ADD || item->action == RECORD_NOTE)
		fprintf(out, "  %-24s ", field->name);
	if (item->action == RECORD_PUT || item->action == RECORD_ADD)
		tell_value(out, db, field, item->text);
	else if (item->action == RECORD_NOTE)
		tell_note(out, change, item);
	else if (item->action == RECORD_RETRACT && whole)
		tell_retraction(out, item);
	else if (item->action == RECORD_MARK && item->flag < RECORD_LEVEL_COUNT)
		fprintf(out, "    may be seen: %s\n", record_levels[item->flag].name);
}

void
record_tell(FILE *out, struct db *db, const struct record_head *head, const struct record_change *change)
{
	char when[DESK_WHEN_BYTES];
	const struct record_item *retract = record_change_find(change, 0, RECORD_RETRACT);

	record_tell_line(out, head, change);
	if (retract != NULL)
		tell_retraction(out, retract);
	for (size_t i = 0; i < change->kind->count; i++)
		for (size_t k = 0; k < change->count; k++)
			if (change->items[k].field == change->kind->fields[i].number)
				tell_item(out, db, change, &change->kind->fields[i], &change->items[k]);
	fprintf(out, "  changed                  %s, by device ", desk_when(when, head->at));
	print_hex(out, head->device, 4);
	fputc('\n', out);
}

/* ---- referrers ---- */

void
record_tell_referrers(FILE *out, const struct record_referrer *referrers, size_t count)
{
	char code[RECORD_CODE_TEXT_MAX];

	if (count > 0)
		fputs("\nNamed by\n", out);
	for (size_t i = 0; i < count; i++) {
		record_code_write(code, referrers[i].head.kind, referrers[i].head.id);
		fprintf(out, "  %-12s %-13s as %s\n", code, referrers[i].head.kind->name, referrers[i].field->name);
	}
}

json_t *
record_referrers_json(const struct record_referrer *referrers, size_t count)
{
	char code[RECORD_CODE_TEXT_MAX];
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++) {
		record_code_write(code, referrers[i].head.kind, referrers[i].head.id);
		json_array_append_new(array, json_pack("{s:s, s:s, s:s}", "code", code, "kind",
		    referrers[i].head.kind->name, "as", referrers[i].field->name));
	}
	return array;
}
