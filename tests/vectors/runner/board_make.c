// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bytes.h"
#include "board.h"

void
board_free(struct board *board)
{
	if (board == NULL)
		return;
	free(board->entries);
	free(board->batches);
	free(board);
}

const uint8_t *
board_entry(const struct board *board, size_t n)
{
	return board->entries + n * board->entry_bytes;
}

const uint8_t *
board_batch(const struct board *board, size_t n)
{
	return board->batches + n * board->batch_bytes;
}

uint32_t
board_day(const struct board *board, size_t n)
{
	return cairn_entry_hour(board_entry(board, n)) / 24;
}

static void
make_filler(struct run *r, struct board *board, const uint8_t *seed, size_t batch, size_t position)
{
	uint8_t context[5], key[CAIRN_KEY_BYTES], stream[CAIRN_FILLER_RANDOM_BYTES];

	put_u32(context, (uint32_t)batch);
	context[4] = (uint8_t)position;
	cairn_derive(key, seed, "filler", context, sizeof(context));
	randombytes_buf_deterministic(stream, sizeof(stream), key);
	cairn_reply_filler(board->batches + batch * board->batch_bytes + position * CAIRN_REPLY_CELL_BYTES,
	    r->desk.id, board_day(board, batch), stream);
}

static void
put_real_cells(struct run *r, struct board *board, bool *taken)
{
	const json_t *cells = file_member(r, "board", "real_cells");

	for (size_t i = 0; i < json_array_size(cells); i++) {
		const json_t *row = json_array_get(cells, i);
		const size_t batch = (size_t)field_number(r, row, "batch", board->size - 1);
		const size_t position = (size_t)field_number(r, row, "position", board->batch_cells - 1);
		const struct bytes cell = field_base64(r, row, "cell_b64");

		expect(r, cell.size == CAIRN_REPLY_CELL_BYTES, "real cells of %u bytes", CAIRN_REPLY_CELL_BYTES);
		memcpy(board->batches + batch * board->batch_bytes + position * CAIRN_REPLY_CELL_BYTES, cell.at,
		    cell.size);
		taken[batch * board->batch_cells + position] = true;
	}
}

static void
read_entries(struct run *r, struct board *board)
{
	const json_t *entries = file_member(r, "board", "entries");

	board->size = json_array_size(entries);
	expect(r, board->size > 0, "entries");
	board->entries = calloc(board->size, board->entry_bytes);
	board->batches = calloc(board->size, board->batch_bytes);
	expect(r, board->entries != NULL && board->batches != NULL, "memory");
	for (size_t n = 0; n < board->size; n++) {
		const struct bytes entry = hex_of(r, json_array_get(entries, n), "entries");

		expect(r, entry.size == board->entry_bytes, "entries of %zu bytes", board->entry_bytes);
		memcpy(board->entries + n * board->entry_bytes, entry.at, entry.size);
	}
}

static void
make_board(struct run *r, struct board *board)
{
	const json_t *file = field(r, r->file, "board");
	const uint8_t *seed = field_hex_of(r, file, "filler_seed", CAIRN_KEY_BYTES);
	bool *taken;

	board->batch_cells = (size_t)field_number(r, file, "batch_size", CAIRN_BATCH_CELLS_MAX);
	expect(r, board->batch_cells > 0, "a batch_size above 0");
	board->batch_bytes = board->batch_cells * CAIRN_REPLY_CELL_BYTES;
	board->entry_bytes = cairn_entry_bytes(board->batch_cells);
	read_entries(r, board);
	taken = row_alloc(r, board->size * board->batch_cells * sizeof(*taken));
	put_real_cells(r, board, taken);
	for (size_t i = 0; i < board->size * board->batch_cells; i++)
		if (!taken[i])
			make_filler(r, board, seed, i / board->batch_cells, i % board->batch_cells);
	board->whole = true;
}

const struct board *
board_of(struct run *r)
{
	if (r->board == NULL || !r->board->whole) {
		board_free(r->board);
		r->board = calloc(1, sizeof(*r->board));
		expect(r, r->board != NULL, "memory");
		make_board(r, r->board);
	}
	return r->board;
}

struct bytes
board_days_file(struct run *r, const struct board *board, size_t size)
{
	uint8_t *file = row_alloc(r, size * CAIRN_DAYS_ROW_BYTES);
	size_t used = 0;

	for (size_t n = 0; n < size; n++) {
		if (n > 0 && board_day(board, n) == board_day(board, n - 1))
			continue;
		put_u32(file + used, board_day(board, n));
		put_u64(file + used + 4, n);
		used += CAIRN_DAYS_ROW_BYTES;
	}
	return (struct bytes){file, used};
}

void
board_subtree(uint8_t out[32], const struct board *board, unsigned level, uint64_t index)
{
	uint8_t left[32], right[32];

	if (level == 0) {
		cairn_tree_leaf(out, board_entry(board, (size_t)index), board->entry_bytes);
		return;
	}
	board_subtree(left, board, level - 1, 2 * index);
	board_subtree(right, board, level - 1, 2 * index + 1);
	cairn_tree_node(out, left, right);
}

void
board_root(struct run *r, uint8_t out[32], const struct board *board, size_t size)
{
	struct cairn_tree *tree = row_alloc(r, sizeof(*tree));

	cairn_tree_init(tree);
	for (size_t n = 0; n < size; n++) {
		board_subtree(out, board, 0, n);
		expect_ok(r, cairn_tree_append(tree, out, 0), "a leaf appended");
	}
	cairn_tree_root(out, tree);
}

static struct bytes
entries_tile(struct run *r, const struct board *board, uint64_t first, unsigned width)
{
	const size_t step = 2 + board->entry_bytes;
	uint8_t *file = row_alloc(r, width * step);

	for (unsigned i = 0; i < width; i++) {
		put_u16(file + i * step, (uint16_t)board->entry_bytes);
		memcpy(file + i * step + 2, board_entry(board, (size_t)first + i), board->entry_bytes);
	}
	return (struct bytes){file, width * step};
}

struct bytes
board_tile(struct run *r, const struct board *board, size_t size, int level, uint64_t n, unsigned width)
{
	uint8_t *file;

	expect(r, width > 0 && width <= cairn_tile_width(size, level, n), "a tile of the board");
	if (level == CAIRN_TILE_ENTRIES)
		return entries_tile(r, board, n * CAIRN_TILE_WIDTH, width);
	file = row_alloc(r, width * (size_t)32);
	for (unsigned i = 0; i < width; i++)
		board_subtree(file + i * (size_t)32, board, (unsigned)level * 8, n * CAIRN_TILE_WIDTH + i);
	return (struct bytes){file, width * (size_t)32};
}
