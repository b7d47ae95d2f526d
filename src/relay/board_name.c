// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/board_name.h"

#include "base/text.h"
#include "cairn/tlog.h"
#include "relay/desks.h"

static const struct {
	const char *name;
	enum board_kind kind;
} plain[] = {
	{"checkpoint", BOARD_CHECKPOINT},
	{"card", BOARD_CARD},
	{"identity", BOARD_IDENTITY},
	{"days", BOARD_DAYS},
	{"epochs", BOARD_EPOCHS},
};

static int
read_plain(struct board_name *name, struct cairn_span rest)
{
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		if (!span_is(rest, plain[i].name))
			continue;
		name->kind = (uint8_t)plain[i].kind;
		return CAIRN_OK;
	}
	return CAIRN_ERR_FORMAT;
}

/* <door>/<day>.<gen> */
static int
read_epoch(struct board_name *name, struct cairn_span rest)
{
	enum cairn_door door;
	uint64_t day, gen;

	if (cairn_door_find(&door, span_cut(&rest, '/')) != CAIRN_OK || rest.text == NULL ||
	    text_number(&day, span_cut(&rest, '.'), UINT32_MAX) != CAIRN_OK || rest.text == NULL ||
	    text_number(&gen, rest, UINT16_MAX) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	name->kind = BOARD_EPOCH_KEY;
	name->door = (uint8_t)door;
	name->day = (uint32_t)day;
	name->gen = (uint16_t)gen;
	return CAIRN_OK;
}

static int
read_batch(struct board_name *name, struct cairn_span rest)
{
	name->kind = BOARD_BATCH;
	return text_number(&name->n, rest, CAIRN_TREE_SIZE_MAX);
}

static int
read_tile(struct board_name *name, struct cairn_span all)
{
	unsigned width;
	uint64_t n;
	int level;
	int err = cairn_tile_path_read(&level, &n, &width, all);

	if (err != CAIRN_OK || level < CAIRN_TILE_ENTRIES || level > 6 || n > CAIRN_TREE_SIZE_MAX)
		return CAIRN_ERR_FORMAT;
	name->kind = BOARD_TILE;
	name->level = (int8_t)level;
	name->n = n;
	name->width = (uint16_t)width;
	return CAIRN_OK;
}

int
board_name_read(struct board_name *name, struct cairn_span rest)
{
	struct cairn_span behind = rest;
	struct cairn_span first = span_cut(&behind, '/');

	*name = (struct board_name){0};
	if (behind.text == NULL)
		return read_plain(name, rest);
	if (span_is(first, "tile"))
		return read_tile(name, rest);
	if (span_is(first, "batch"))
		return read_batch(name, behind);
	if (span_is(first, "epoch"))
		return read_epoch(name, behind);
	return CAIRN_ERR_FORMAT;
}

int
board_name_path(char out[FILES_PATH_MAX], const struct board_name *name, const uint8_t desk[CAIRN_HASH_BYTES])
{
	char tile[CAIRN_TILE_PATH_MAX];

	switch ((enum board_kind)name->kind) {
	case BOARD_TILE:
		cairn_tile_path(tile, name->level, name->n, CAIRN_TILE_WIDTH);
		return desk_path(out, desk, "board/%s", tile);
	case BOARD_BATCH:
		return desk_path(out, desk, "board/batch/%llu", (unsigned long long)name->n);
	case BOARD_EPOCH_KEY:
		return desk_path(out, desk, "board/epoch/%s/%u.%u", cairn_door_name((enum cairn_door)name->door),
		    (unsigned)name->day, (unsigned)name->gen);
	default:
		return CAIRN_ERR_RANGE;
	}
}
