// SPDX-License-Identifier: GPL-3.0-or-later
#include "board.h"

/* board. */

static void
batch_size(struct run *r, const json_t *value)
{
	expect(r, board_of(r)->batch_cells == (size_t)json_integer_value(value), "that many cells in a batch");
}

static void
entry_row(struct run *r, const json_t *row)
{
	const struct board *board = board_of(r);
	const struct bytes entry = hex_of(r, row, "entries");
	const uint8_t *batch = board_batch(board, r->index);
	uint8_t made[CAIRN_ENTRY_BYTES_MAX];
	size_t cells = 0;

	expect_ok(r, cairn_batch_check(entry.at, entry.size, batch, board->batch_bytes),
	    "the batch made by the recipe to match its entry");
	cairn_entry_make(made, cairn_entry_hour(entry.at), batch, board->batch_cells);
	expect_bytes(r, "entry", made, board->entry_bytes, entry);
	expect_ok(r, cairn_entry_cells(&cells, entry.size), "an entry's size");
	expect(r, cells == board->batch_cells, "%zu cells", board->batch_cells);
}

static void
real_cell_row(struct run *r, const json_t *row)
{
	const struct board *board = board_of(r);
	const size_t position = (size_t)field_number(r, row, "position", board->batch_cells - 1);
	const size_t batch = (size_t)field_number(r, row, "batch", board->size - 1);
	const uint8_t *cell = board_batch(board, batch) + position * CAIRN_REPLY_CELL_BYTES;
	const uint32_t day = (uint32_t)field_number(r, row, "day", UINT32_MAX);
	uint8_t key[CAIRN_KEY_BYTES], tag[CAIRN_TAG_BYTES];
	uint8_t *plain = row_alloc(r, CAIRN_REPLY_PLAIN_BYTES);

	cairn_tag_key(key, r->person.root, (uint32_t)field_number(r, row, "month", day / CAIRN_MONTH_DAYS), day);
	cairn_tag(tag, key, (uint8_t)field_number(r, row, "lane", CAIRN_LANES - 1),
	    (uint16_t)field_number(r, row, "n", CAIRN_LANE_TAGS - 1));
	expect_bytes(r, "tag", cell, CAIRN_TAG_BYTES, (struct bytes){tag, sizeof(tag)});
	expect_bytes(r, "tag in the entry", cairn_entry_tag(board_entry(board, batch), position), CAIRN_TAG_BYTES,
	    (struct bytes){tag, sizeof(tag)});
	expect_ok(r, cairn_reply_open(plain, cell, r->desk.id, day, &r->person.reply), "a cell that opens");
}

static void
whole_batch(struct run *r, const json_t *value)
{
	const struct board *board = board_of(r);
	const size_t batch = (size_t)field_number(r, value, "batch", board->size - 1);
	const json_t *cells = field(r, value, "cells_b64");

	expect(r, json_array_size(cells) == board->batch_cells, "%zu cells", board->batch_cells);
	for (size_t i = 0; i < board->batch_cells; i++)
		expect_bytes(r, "cell", board_batch(board, batch) + i * CAIRN_REPLY_CELL_BYTES,
		    CAIRN_REPLY_CELL_BYTES, base64_of(r, json_array_get(cells, i), "cells_b64"));
}

static void
check_days_rows(struct run *r, const struct board *board, const struct cairn_days *days)
{
	for (size_t i = 0; i < days->count; i++) {
		const uint64_t first = cairn_days_first(days, i);

		expect(r, cairn_days_day(days, i) == board_day(board, (size_t)first), "the day of row %zu", i);
		expect(r, cairn_days_from(days, cairn_days_day(days, i), board->size) == first,
		    "the first batch of row %zu", i);
	}
}

static void
days_file(struct run *r, const json_t *value)
{
	const struct board *board = board_of(r);
	const struct bytes file = hex_of(r, value, "days");
	const struct bytes made = board_days_file(r, board, board->size);
	struct cairn_days days;

	expect_bytes(r, "days", made.at, made.size, file);
	expect_ok(r, cairn_days_read(&days, file.at, file.size, board->size), "a days file");
	expect(r, days.count == file.size / CAIRN_DAYS_ROW_BYTES, "all its rows");
	check_days_rows(r, board, &days);
}

static void
batch_refuse(struct run *r, const json_t *row)
{
	const struct board *board = board_of(r);
	const struct bytes entry = field_hex(r, row, "entry");
	const size_t size = (size_t)field_number(r, row, "size", 2 * board->batch_bytes);
	const size_t copied = size < board->batch_bytes ? size : board->batch_bytes;
	uint8_t *batch = row_alloc(r, size + board->batch_bytes);

	memcpy(batch, board_batch(board, (size_t)field_number(r, row, "batch", board->size - 1)), copied);
	if (!field_null(r, row, "flip"))
		batch[field_number(r, row, "flip", copied - 1)] ^= 1;
	expect(r, cairn_batch_check(entry.at, entry.size, batch, size) != CAIRN_OK, "refused");
}

static void
entry_size_refuse(struct run *r, const json_t *row)
{
	const size_t size = (size_t)field_number(r, row, "size", 1U << 20);
	const uint8_t *zeros = row_alloc(r, size);
	const uint8_t *batch = row_alloc(r, CAIRN_BATCH_CELLS_MAX * (size_t)CAIRN_REPLY_CELL_BYTES);
	size_t cells;

	expect(r, cairn_entry_cells(&cells, size) != CAIRN_OK, "refused");
	expect(r, cairn_batch_check(zeros, size, batch, CAIRN_REPLY_CELL_BYTES) != CAIRN_OK, "refused");
}

static void
days_refuse(struct run *r, const json_t *row)
{
	const struct bytes file = field_hex(r, row, "days");
	struct cairn_days days;

	expect(r, cairn_days_read(&days, file.at, file.size, board_of(r)->size) != CAIRN_OK, "refused");
}

/* The hours of the entries, with the one that the row changes. *newest is the highest. */
static const uint32_t *
changed_hours(struct run *r, const json_t *row, uint32_t *newest)
{
	const struct board *board = board_of(r);
	uint32_t *hours = row_alloc(r, board->size * sizeof(*hours));

	for (size_t n = 0; n < board->size; n++)
		hours[n] = cairn_entry_hour(board_entry(board, n));
	if (!field_null(r, row, "hour"))
		hours[field_number(r, row, "entry", board->size - 1)] =
		    (uint32_t)field_number(r, row, "hour", UINT32_MAX);
	*newest = 0;
	for (size_t n = 0; n < board->size; n++)
		if (hours[n] > *newest)
			*newest = hours[n];
	return hours;
}

static int
walk(const struct board *board, const struct cairn_days *days, const uint32_t *hours, uint32_t newest,
    uint64_t first)
{
	struct cairn_days_walk walk;

	cairn_days_walk_begin(&walk, days, first, newest);
	for (uint64_t n = first; n < board->size; n++) {
		const int err = cairn_days_walk_entry(&walk, hours[n]);

		if (err != CAIRN_OK)
			return err;
	}
	return cairn_days_walk_end(&walk, board->size);
}

static void
agree_row(struct run *r, const json_t *row)
{
	const struct board *board = board_of(r);
	const struct bytes file = field_hex(r, row, "days");
	uint32_t newest;
	const uint32_t *hours = changed_hours(r, row, &newest);
	struct cairn_days days;

	expect_ok(r, cairn_days_read(&days, file.at, file.size, board->size), "a days file");
	for (size_t i = 0; i < days.count; i++)
		expect_ok(r, walk(board, &days, hours, newest, cairn_days_first(&days, i)), "a board that stands");
	expect(r, walk(board, &days, hours, newest - 1, 0) != CAIRN_OK, "no hour above the checkpoint's");
}

static void
agree_refuse(struct run *r, const json_t *row)
{
	const struct board *board = board_of(r);
	const struct bytes file = field_hex(r, row, "days");
	uint32_t newest;
	const uint32_t *hours = changed_hours(r, row, &newest);
	struct cairn_days days;

	if (cairn_days_read(&days, file.at, file.size, board->size) != CAIRN_OK)
		return;
	expect(r, walk(board, &days, hours, newest, 0) != CAIRN_OK, "refused");
}

static void
host_row(struct run *r, const json_t *row)
{
	const bool want = field_bool(r, row, "stays");

	expect(r, cairn_batch_stays((uint32_t)field_number(r, row, "hour", UINT32_MAX),
	    (uint32_t)field_number(r, row, "checkpoint_hour", UINT32_MAX)) == want, "%s",
	    want ? "it to stay" : "it to go");
}

static const struct member board[] = {
	{"batch_size", MEMBER_ONE, batch_size}, {"filler_seed", MEMBER_DATA, NULL},
	{"real_cells", MEMBER_ROWS, real_cell_row}, {"entries", MEMBER_ROWS, entry_row},
	{"whole_batch", MEMBER_ONE, whole_batch}, {"days", MEMBER_ONE, days_file},
	{"refuse_batch", MEMBER_ROWS, batch_refuse}, {"refuse_entry_sizes", MEMBER_ROWS, entry_size_refuse},
	{"refuse_days", MEMBER_ROWS, days_refuse}, {"agree", MEMBER_ROWS, agree_row},
	{"refuse_agree", MEMBER_ROWS, agree_refuse}, {"host", MEMBER_ROWS, host_row},
};
const struct section section_board = SECTION("board", board);
