// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/talk.h"

#include <sodium.h>

#include "base/bytes.h"
#include "cairn/file.h"
#include "desk/files.h"
#include "desk/tell.h"
#include "desk/words.h"

#define TALK_PARTS_MAX 255U

/* One cell, as it is kept. */
struct talk_cell {
	bool from_desk;
	uint64_t row;
	uint64_t at;
	uint32_t day;
	bool unread;
	unsigned state;
	uint8_t msgid[CAIRN_MSGID_BYTES];
	bool retracted;
	uint8_t *records;
	size_t bytes;
};

/* A text put together. */
struct talk_text {
	char *bytes;
	size_t size;
};

struct talk {
	uint64_t conv;
	struct talk_cell *cells;
	size_t cell_count, cell_room;
	struct talk_item *items;
	size_t item_count, item_room;
	struct talk_text *texts;
	size_t text_count, text_room;
};

/* Makes room for one more in an array; what lies there is wiped when it moves, since it may be secret. */
static void *
talk_grow(void *array, size_t count, size_t *room, size_t each)
{
	size_t more = *room == 0 ? 32 : *room * 2;
	void *grown;

	if (count < *room)
		return array;
	grown = calloc(more, each);
	if (grown == NULL)
		return NULL;
	if (count > 0) {
		memcpy(grown, array, count * each);
		sodium_memzero(array, count * each);
	}
	free(array);
	*room = more;
	return grown;
}

static struct talk_cell *
talk_cell_add(struct talk *talk)
{
	struct talk_cell *cells = talk_grow(talk->cells, talk->cell_count, &talk->cell_room, sizeof(*cells));

	if (cells == NULL)
		return NULL;
	talk->cells = cells;
	return &cells[talk->cell_count++];
}

/* Two zero bytes behind them: the end, as in the cell that they came in. */
static int
cell_records(struct talk *talk, struct talk_cell *cell, struct query *q, int column)
{
	int err = words_open(q, column, &cell->records, &cell->bytes, talk->conv, 2);

	if (err == CAIRN_OK) {
		memset(cell->records + cell->bytes, 0, 2);
		cell->bytes += 2;
	}
	return err;
}

static int
talk_load_messages(struct talk *talk, struct db *state)
{
	struct query q = query(state, SQL_MESSAGE_OF);

	bind_int(&q, talk->conv);
	while (query_row(&q)) {
		struct talk_cell *cell = talk_cell_add(talk);

		if (cell == NULL) {
			q.err = CAIRN_ERR_NOMEM;
			break;
		}
		cell->row = query_int(&q, 0);
		query_bytes(&q, 1, cell->msgid, sizeof(cell->msgid));
		cell->day = (uint32_t)query_int(&q, 2);
		cell->at = query_int(&q, 3);
		cell->unread = query_int(&q, 4) == 0;
		if (q.err == CAIRN_OK)
			q.err = cell_records(talk, cell, &q, 5);
	}
	return query_end(&q);
}

static int
talk_load_replies(struct talk *talk, struct db *state)
{
	struct query q = query(state, SQL_REPLY_OF);

	bind_int(&q, talk->conv);
	while (query_row(&q)) {
		struct talk_cell *cell = talk_cell_add(talk);

		if (cell == NULL) {
			q.err = CAIRN_ERR_NOMEM;
			break;
		}
		cell->from_desk = true;
		cell->row = query_int(&q, 0);
		query_bytes(&q, 1, cell->msgid, sizeof(cell->msgid));
		cell->at = query_int(&q, 2);
		cell->state = (unsigned)query_int(&q, 3);
		if (q.err == CAIRN_OK)
			q.err = cell_records(talk, cell, &q, 4);
	}
	return query_end(&q);
}

static int
cell_compare(const void *x, const void *y)
{
	const struct talk_cell *a = x;
	const struct talk_cell *b = y;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->from_desk != b->from_desk)
		return a->from_desk ? 1 : -1;
	return a->row < b->row ? -1 : a->row > b->row;
}

/* Marks what a person took back. A retraction takes back what was sent, not what comes later. */
static void
talk_retract(struct talk *talk, size_t by, const uint8_t msgid[CAIRN_MSGID_BYTES])
{
	bool all = sodium_is_zero(msgid, CAIRN_MSGID_BYTES) != 0;

	for (size_t i = 0; i < talk->cell_count; i++) {
		struct talk_cell *cell = &talk->cells[i];

		if (cell->from_desk || i == by)
			continue;
		if ((all && i < by) || memcmp(cell->msgid, msgid, CAIRN_MSGID_BYTES) == 0)
			cell->retracted = true;
	}
}

static void
talk_retractions(struct talk *talk)
{
	for (size_t i = 0; i < talk->cell_count; i++) {
		struct cairn_records at = {talk->cells[i].records, talk->cells[i].bytes};
		struct cairn_record record;

		while (!talk->cells[i].from_desk && cairn_tlv_next(&at, &record))
			if (record.type == CAIRN_TLV_retraction)
				talk_retract(talk, i, record.value);
	}
}

/* The part of a group in a cell, if it is there. */
static bool
part_find(struct cairn_text_part *part, const struct talk_cell *cell, const uint8_t group[8])
{
	struct cairn_record record;

	return cairn_tlv_find(cell->records, cell->bytes, CAIRN_TLV_text, &record) &&
	    cairn_text_read(part, &record) == CAIRN_OK && memcmp(part->group, group, 8) == 0;
}

/* Of one text: which cell has which part. The first one that came counts. */
struct joining {
	struct cairn_text_part parts[TALK_PARTS_MAX];
	bool have[TALK_PARTS_MAX];
	size_t first; /* cell in which the text began to come */
	size_t size;
	unsigned count;
};

static void
parts_collect(struct joining *join, const struct talk *talk, bool from_desk, const struct cairn_text_part *of)
{
	struct cairn_text_part part;

	memset(join, 0, sizeof(*join));
	join->first = SIZE_MAX;
	for (size_t i = 0; i < talk->cell_count; i++) {
		const struct talk_cell *cell = &talk->cells[i];

		if (cell->from_desk != from_desk || !part_find(&part, cell, of->group) ||
		    part.parts != of->parts || part.part >= part.parts || join->have[part.part])
			continue;
		if (join->first == SIZE_MAX)
			join->first = i;
		join->parts[part.part] = part;
		join->have[part.part] = true;
		join->size += part.bytes;
		join->count++;
	}
}

static struct talk_text *
talk_text_add(struct talk *talk, size_t size)
{
	struct talk_text *texts = talk_grow(talk->texts, talk->text_count, &talk->text_room, sizeof(*texts));

	if (texts == NULL)
		return NULL;
	talk->texts = texts;
	texts[talk->text_count] = (struct talk_text){malloc(size + 1), size};
	return texts[talk->text_count].bytes == NULL ? NULL : &texts[talk->text_count++];
}

/* The whole text in the item, in the cell where it began; *ret_show is false in the others. */
static int
talk_join(struct talk *talk, struct talk_item *item, size_t at, const struct cairn_text_part *part, bool *ret_show)
{
	struct joining *join = malloc(sizeof(*join));
	struct talk_text *text;
	size_t used = 0;
	int err = CAIRN_ERR_NOMEM;

	if (join == NULL)
		return err;
	parts_collect(join, talk, item->from_desk, part);
	*ret_show = join->first == at;
	if (!*ret_show) {
		err = CAIRN_OK;
		goto out;
	}
	text = talk_text_add(talk, join->size);
	if (text == NULL)
		goto out;
	for (unsigned i = 0; i < part->parts; i++) {
		if (!join->have[i])
			continue;
		memcpy(text->bytes + used, join->parts[i].text, join->parts[i].bytes);
		used += join->parts[i].bytes;
	}
	item->text = (struct cairn_span){text->bytes, used};
	item->parts = part->parts;
	item->parts_missing = part->parts - join->count;
	err = CAIRN_OK;
out:
	free(join);
	return err;
}

/* How the value of a record is to be read: which bytes are a number, which are text. */
static void
item_value(struct talk_item *item, const struct cairn_record *record)
{
	size_t skip = 0;

	switch (record->type) {
	case CAIRN_TLV_statement:
		item->number = record->value[0];
		skip = 1;
		break;
	case CAIRN_TLV_answer:
	case CAIRN_TLV_question:
		item->number = get_u16(record->value);
		skip = 2;
		break;
	case CAIRN_TLV_all_clear:
	case CAIRN_TLV_language:
		break;
	case CAIRN_TLV_urgency:
		item->number = record->value[0];
		return;
	case CAIRN_TLV_check_in:
	case CAIRN_TLV_check_in_due:
	case CAIRN_TLV_answer_by:
		item->number = get_u32(record->value);
		return;
	default:
		return;
	}
	item->text = (struct cairn_span){(const char *)record->value + skip, record->bytes - skip};
}

/* Records that are of no interest to a reader of the conversation. */
static bool
record_hidden(uint16_t type)
{
	return type == CAIRN_TLV_msgid || type == CAIRN_TLV_seen || type == CAIRN_TLV_received ||
	    type == CAIRN_TLV_hello || type == CAIRN_TLV_pass;
}

static int
talk_item_add(struct talk *talk, const struct talk_item *item)
{
	struct talk_item *items = talk_grow(talk->items, talk->item_count, &talk->item_room, sizeof(*items));

	if (items == NULL)
		return CAIRN_ERR_NOMEM;
	talk->items = items;
	items[talk->item_count++] = *item;
	return CAIRN_OK;
}

static int
talk_record(struct talk *talk, size_t at, struct talk_item *item, const struct cairn_record *record, bool *shown)
{
	struct cairn_text_part part;
	bool show = true;
	int err = CAIRN_OK;

	item->type = record->type;
	item->value = record->value;
	item->bytes = record->bytes;
	item->text = (struct cairn_span){NULL, 0};
	item->number = 0;
	item->parts = 0;
	item->parts_missing = 0;
	if (record->type == CAIRN_TLV_text && cairn_text_read(&part, record) == CAIRN_OK)
		err = talk_join(talk, item, at, &part, &show);
	else
		item_value(item, record);
	*shown = *shown || record->type == CAIRN_TLV_text || show;
	return err == CAIRN_OK && show ? talk_item_add(talk, item) : err;
}

static int
talk_cell_items(struct talk *talk, size_t at)
{
	const struct talk_cell *cell = &talk->cells[at];
	struct cairn_records records = {cell->records, cell->bytes};
	struct talk_item item = {
	    .from_desk = cell->from_desk,
	    .at = cell->at,
	    .day = cell->day,
	    .msgid = cell->msgid,
	    .retracted = cell->retracted,
	    .unread = cell->unread,
	    .state = cell->state,
	    .row = cell->row,
	};
	struct cairn_record record;
	bool shown = false;
	int err = CAIRN_OK;

	while (err == CAIRN_OK && cairn_tlv_next(&records, &record))
		if (!record_hidden(record.type))
			err = talk_record(talk, at, &item, &record, &shown);
	if (err == CAIRN_OK && !shown) {
		item.type = 0;
		item.value = NULL;
		item.bytes = 0;
		item.text = (struct cairn_span){NULL, 0};
		err = talk_item_add(talk, &item);
	}
	return err;
}

int
talk_read(struct talk **ret, struct db *state, uint64_t conv)
{
	struct talk *talk = calloc(1, sizeof(*talk));
	struct inbox_line line;
	int err = talk == NULL ? CAIRN_ERR_NOMEM : inbox_get(state, &line, conv);

	*ret = NULL;
	if (err == CAIRN_OK) {
		talk->conv = conv;
		err = talk_load_messages(talk, state);
	}
	if (err == CAIRN_OK)
		err = talk_load_replies(talk, state);
	if (err == CAIRN_OK && talk->cell_count > 0) {
		qsort(talk->cells, talk->cell_count, sizeof(*talk->cells), cell_compare);
		talk_retractions(talk);
	}
	for (size_t i = 0; err == CAIRN_OK && i < talk->cell_count; i++)
		err = talk_cell_items(talk, i);
	if (err != CAIRN_OK) {
		talk_free(talk);
		return err;
	}
	*ret = talk;
	return CAIRN_OK;
}

void
talk_free(struct talk *talk)
{
	if (talk == NULL)
		return;
	for (size_t i = 0; i < talk->cell_count; i++) {
		if (talk->cells[i].records != NULL)
			sodium_memzero(talk->cells[i].records, talk->cells[i].bytes);
		free(talk->cells[i].records);
	}
	for (size_t i = 0; i < talk->text_count; i++) {
		sodium_memzero(talk->texts[i].bytes, talk->texts[i].size);
		free(talk->texts[i].bytes);
	}
	free(talk->cells);
	free(talk->items);
	free(talk->texts);
	free(talk);
}

size_t
talk_count(const struct talk *talk)
{
	return talk->item_count;
}

const struct talk_item *
talk_item(const struct talk *talk, size_t i)
{
	return &talk->items[i];
}

static uint64_t
talk_last_message(const struct talk *talk)
{
	uint64_t last = 0;

	for (size_t i = 0; i < talk->cell_count; i++)
		if (!talk->cells[i].from_desk && talk->cells[i].row > last)
			last = talk->cells[i].row;
	return last;
}

static int
talk_mark(const struct talk *talk, struct desk *desk, uint64_t now)
{
	struct db *state = desk->state;
	struct query q;
	int err = tell_read(desk, talk->conv, talk_last_message(talk), now);

	if (err != CAIRN_OK)
		return err;
	q = query(state, SQL_MESSAGE_READ);
	bind_int(&q, talk->conv);
	bind_int(&q, talk_last_message(talk));
	bind_int(&q, now);
	err = query_run(&q);
	if (err != CAIRN_OK)
		return err;
	q = query(state, SQL_CONV_READ);
	bind_int(&q, talk->conv);
	return query_run(&q);
}

int
talk_mark_read(const struct talk *talk, struct desk *desk, uint64_t now)
{
	int err = db_begin(desk->state);

	return err == CAIRN_OK ? db_end(desk->state, talk_mark(talk, desk, now)) : err;
}

int
talk_seconds(struct db *state, uint64_t conv, struct talk_second *out, size_t room, size_t *ret_count)
{
	struct query q = query(state, SQL_SECOND_OF);

	*ret_count = 0;
	bind_int(&q, conv);
	while (*ret_count < room && query_row(&q))
		out[(*ret_count)++] = (struct talk_second){query_int(&q, 0), query_int(&q, 1), query_int(&q, 2)};
	return query_end(&q);
}

int
talk_files(struct db *state, uint64_t conv, struct talk_file *out, size_t room, size_t *ret_count)
{
	struct query q = query(state, SQL_FILE_OF);

	*ret_count = 0;
	bind_int(&q, conv);
	while (*ret_count < room && query_row(&q)) {
		struct talk_file *file = &out[*ret_count];
		struct cairn_span record = query_span(&q, 2);
		struct cairn_manifest manifest;

		file->message = query_int(&q, 1);
		file->size = query_int(&q, 3);
		file->state = (unsigned)query_int(&q, 4);
		file->media_type[0] = '\0';
		if (cairn_manifest_read(&manifest, (const uint8_t *)record.text, record.size) == CAIRN_OK)
			snprintf(file->media_type, sizeof(file->media_type), "%.*s",
			    (int)manifest.media_type.size, manifest.media_type.text);
		++*ret_count;
	}
	return query_end(&q);
}
