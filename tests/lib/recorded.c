// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/recorded.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "record/apply.h"
#include "record/vocabulary.h"

#define MUST(condition)           \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

struct recorded *
recorded_new(void)
{
	struct recorded *r = calloc(1, sizeof(*r));
	int fd;

	MUST(r != NULL);
	snprintf(r->path, sizeof(r->path), "/tmp/recorded.XXXXXX");
	fd = mkstemp(r->path);
	MUST(fd >= 0);
	close(fd);
	MUST(db_open(&r->db, r->path, NULL) == CAIRN_OK);
	MUST(db_script(r->db, "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY") == CAIRN_OK);
	MUST(record_prepare(r->db) == CAIRN_OK);
	r->device = 1;
	return r;
}

void
recorded_free(struct recorded *r)
{
	for (size_t i = 0; i < r->count; i++)
		free(r->ops[i].bytes);
	db_close(r->db);
	unlink(r->path);
	free(r);
}

static int
take(void *arg, const uint8_t compartment[RECORD_COMPARTMENT_BYTES], const void *bytes, size_t size)
{
	struct recorded *r = arg;
	struct recorded_op *op = &r->ops[r->count];

	MUST(r->count < RECORDED_OPS_MAX);
	memset(op->device, r->device, sizeof(op->device));
	memcpy(op->compartment, compartment, sizeof(op->compartment));
	MUST(record_clock(r->db, op->device, &op->counter, &op->lamport) == CAIRN_OK);
	op->bytes = malloc(size);
	MUST(op->bytes != NULL);
	memcpy(op->bytes, bytes, size);
	op->size = size;
	r->count++;
	return recorded_take(r, op);
}

struct record_sink
recorded_sink(struct recorded *r)
{
	return (struct record_sink){take, r};
}

int
recorded_take(struct recorded *r, const struct recorded_op *op)
{
	struct record_origin origin = {
	    .counter = op->counter, .lamport = op->lamport, .at = RECORDED_NOW + op->lamport};

	memcpy(origin.device, op->device, sizeof(origin.device));
	memcpy(origin.compartment, op->compartment, sizeof(origin.compartment));
	return record_apply(r->db, op->bytes, op->size, &origin);
}

static void
dump_entity(FILE *out, struct db *db, const struct record_head *head)
{
	struct record_change change;

	MUST(record_load(db, head, &change) == CAIRN_OK);
	fprintf(out, "%s %d %llu\n", head->kind->name, head->device[0], (unsigned long long)head->at);
	for (size_t i = 0; i < change.count; i++) {
		const struct record_item *item = &change.items[i];

		fprintf(out, " %d %u %u %llu %.*s|", (int)item->action, item->field, item->flag,
		    (unsigned long long)item->at, (int)item->text.size, item->text.text);
		for (size_t b = 0; b < sizeof(item->note); b++)
			fprintf(out, "%02x", item->note[b]);
		fputc('\n', out);
	}
	record_change_clear(&change);
}

char *
recorded_dump(struct recorded *r)
{
	struct record_head *heads;
	size_t count, size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	MUST(out != NULL && record_list(r->db, NULL, &heads, &count) == CAIRN_OK);
	for (size_t i = 0; i < count; i++)
		dump_entity(out, r->db, &heads[i]);
	free(heads);
	fclose(out);
	return text;
}

/* ---- dice ---- */

uint32_t
dice_roll(struct dice *d, uint32_t below)
{
	uint64_t x = d->state += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((x ^ x >> 31) >> 32) % below;
}

void
dice_bytes(struct dice *d, void *out, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((uint8_t *)out)[i] = (uint8_t)dice_roll(d, 256);
}

static void
dice_text(struct dice *d, bool lines, char *out, size_t room)
{
	static const char *const pieces[] = {"a", "Где", "\"", ",", ";", "=cmd|x", "'", "@", "+", "-", " ", "ж", "\\",
	    "العربية", "🪨", "{", "]", "<b>", "%s", "\xe2\x80\xae", "0", "\t", "\n", "\n\n"};
	uint32_t count = 1 + dice_roll(d, 12);
	size_t used = 0, choice = sizeof(pieces) / sizeof(pieces[0]) - (lines ? 0 : 3);

	out[0] = '\0';
	for (uint32_t i = 0; i < count; i++) {
		const char *piece = pieces[dice_roll(d, (uint32_t)choice)];

		if (used + strlen(piece) >= room)
			break;
		memcpy(out + used, piece, strlen(piece) + 1);
		used += strlen(piece);
	}
}

static void
dice_date(struct dice *d, char *out, size_t room)
{
	static const char *const forms[] = {"%04u", "%04u-%02u", "%04u-%02u-%02u", "%04u-%02u~", "../%04u-%02u-%02u",
	    "%04u/..", "%04u-%02u-%02u/9000", "XXXX"};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
	snprintf(out, room, forms[dice_roll(d, 8)], 1900 + dice_roll(d, 200), 1 + dice_roll(d, 12),
	    1 + dice_roll(d, 28));
#pragma GCC diagnostic pop
}

void
dice_value(struct dice *d, const struct record_field *field, const char *ref, char *out, size_t room)
{
	const struct record_vocabulary *list = record_vocabulary((uint16_t)field->of);

	switch (field->type) {
	case RECORD_TERM:
	case RECORD_TERMS:
		MUST(list != NULL);
		snprintf(out, room, "%s", list->terms[dice_roll(d, (uint32_t)list->count)].code);
		break;
	case RECORD_DATE:
		dice_date(d, out, room);
		break;
	case RECORD_NUMBER:
		snprintf(out, room, "%u", dice_roll(d, field->of + 1));
		break;
	case RECORD_TIME:
		snprintf(out, room, "2017-04-%02uT%02u:00:59Z", 1 + dice_roll(d, 30), dice_roll(d, 24));
		break;
	case RECORD_REF:
	case RECORD_REFS:
		snprintf(out, room, "%s", ref);
		break;
	default:
		dice_text(d, field->type == RECORD_TEXT || field->type == RECORD_NOTES, out, room);
		break;
	}
}

static void
dice_note(struct dice *d, struct record_change *change, const struct record_field *field, const char *text)
{
	struct record_item item = {.action = RECORD_NOTE, .field = field->number, .at = 1 + dice_roll(d, 1000)};

	item.text = (struct cairn_span){text, strlen(text)};
	MUST(record_change_add(change, &item) == CAIRN_OK);
	if (dice_roll(d, 3) != 0)
		return;
	record_note_id(item.note, &item);
	item = (struct record_item){.action = RECORD_RETRACT, .field = field->number, .flag = 1, .at = 7,
	    .note = {item.note[0], item.note[1], item.note[2], item.note[3], item.note[4], item.note[5], item.note[6],
		item.note[7], item.note[8], item.note[9], item.note[10], item.note[11], item.note[12], item.note[13],
		item.note[14], item.note[15]}};
	item.text = (struct cairn_span){"untrue", 6};
	MUST(record_change_add(change, &item) == CAIRN_OK);
}

static void
dice_field(struct dice *d, struct record_change *change, const struct record_field *field)
{
	struct record_item item = {.field = field->number, .flag = (uint8_t)dice_roll(d, RECORD_LEVEL_COUNT)};
	uint32_t times = record_is_set(field) || field->type == RECORD_NOTES ? 1 + dice_roll(d, 3) : 1;
	char text[400], ref[2 * RECORD_ID_BYTES + 1];
	uint8_t id[RECORD_ID_BYTES];

	for (uint32_t i = 0; i < times; i++) {
		dice_bytes(d, id, sizeof(id));
		sodium_bin2hex(ref, sizeof(ref), id, sizeof(id));
		dice_value(d, field, ref, text, sizeof(text));
		item.text = (struct cairn_span){text, strlen(text)};
		if (field->type == RECORD_NOTES)
			dice_note(d, change, field, text);
		else if (!record_change_has(change, field->number, item.text))
			MUST(record_change_value(change, field, item.text) == CAIRN_OK);
	}
	item.text.size = 0;
	if (dice_roll(d, 5) == 0) {
		item.action = RECORD_MARK;
		MUST(record_change_add(change, &item) == CAIRN_OK);
	}
	if (dice_roll(d, 8) == 0) {
		item = (struct record_item){.action = RECORD_RETRACT, .field = field->number, .flag = 1, .at = 9};
		item.text = (struct cairn_span){"taken back", 10};
		MUST(record_change_add(change, &item) == CAIRN_OK);
	}
}

void
dice_change(struct dice *d, struct record_change *change, bool wide)
{
	const struct record_kind *kind = &record_kinds[dice_roll(d, RECORD_KIND_COUNT)];
	struct record_item item = {.action = RECORD_RETRACT, .flag = 1, .at = 5};
	uint8_t id[RECORD_ID_BYTES];
	size_t first = dice_roll(d, (uint32_t)kind->count);

	dice_bytes(d, id, sizeof(id));
	record_change_init(change, kind, id, NULL);
	for (size_t i = 0; i < kind->count; i++)
		if (i == first || dice_roll(d, wide ? 2 : 8) == 0)
			dice_field(d, change, &kind->fields[i]);
	if (dice_roll(d, 10) == 0)
		MUST(record_change_add(change, &item) == CAIRN_OK);
}
