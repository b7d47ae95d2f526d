// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/tiles.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "relay/board_name.h"
#include "relay/files.h"

static int
tile_path(char path[FILES_PATH_MAX], const uint8_t *desk, int level, uint64_t n)
{
	struct board_name name = {.kind = BOARD_TILE, .level = (int8_t)level, .n = n};

	return board_name_path(path, &name, desk);
}

/* The first hashes of a tile, as many as there are. */
static int
read_tile(uint8_t tile[TILE_BYTES], size_t *ret_bytes, int data, const uint8_t *desk, int level, uint64_t n)
{
	char path[FILES_PATH_MAX];
	uint8_t *bytes;
	int err;

	*ret_bytes = 0;
	if ((err = tile_path(path, desk, level, n)) != CAIRN_OK)
		return err;
	err = file_read(&bytes, ret_bytes, data, path, TILE_BYTES);
	if (err != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	memcpy(tile, bytes, *ret_bytes);
	free(bytes);
	return CAIRN_OK;
}

/* The root of count hashes, a power of two, in place: it comes to stand in front. */
static void
fold(uint8_t *hashes, size_t count)
{
	for (; count > 1; count /= 2)
		for (size_t i = 0; i < count / 2; i++)
			cairn_tree_node(hashes + i * 32, hashes + 2 * i * 32, hashes + (2 * i + 1) * 32);
}

/* The root of the complete subtree of 2^level leaves that begins at leaf index << level. */
static int
subtree(uint8_t out[32], int data, const uint8_t *desk, unsigned level, uint64_t index)
{
	uint8_t tile[TILE_BYTES];
	unsigned up = level % 8;
	uint64_t first = index << up;
	size_t at = (size_t)(first % CAIRN_TILE_WIDTH) * 32;
	size_t count = (size_t)1 << up;
	size_t bytes;
	int err = read_tile(tile, &bytes, data, desk, (int)(level / 8), first / CAIRN_TILE_WIDTH);

	if (err != CAIRN_OK)
		return err;
	if (bytes < at || bytes - at < count * 32)
		return CAIRN_ERR_FORMAT;
	fold(tile + at, count);
	memcpy(out, tile + at, 32);
	return CAIRN_OK;
}

int
tiles_edge(struct cairn_tree *tree, int data, const uint8_t desk[CAIRN_HASH_BYTES], uint64_t size)
{
	uint8_t hash[32];
	int err = CAIRN_OK;

	cairn_tree_init(tree);
	if (size > CAIRN_TREE_SIZE_MAX)
		return CAIRN_ERR_RANGE;
	for (unsigned level = CAIRN_TREE_LEVELS; err == CAIRN_OK && level-- > 0;) {
		if (((size >> level) & 1) == 0)
			continue;
		err = subtree(hash, data, desk, level, (size >> level) - 1);
		if (err == CAIRN_OK)
			err = cairn_tree_append(tree, hash, level);
	}
	return err;
}

/* Puts a hash at its place; *full is the root of the tile when that has filled it. */
static int
put_hash(int data, const uint8_t *desk, int level, uint64_t index, uint8_t hash[32], bool *full)
{
	char path[FILES_PATH_MAX];
	uint8_t tile[TILE_BYTES];
	size_t at = (size_t)(index % CAIRN_TILE_WIDTH) * 32;
	size_t bytes;
	int err = read_tile(tile, &bytes, data, desk, level, index / CAIRN_TILE_WIDTH);

	if (err != CAIRN_OK)
		return err;
	if (bytes < at)
		return CAIRN_ERR_FORMAT;
	memcpy(tile + at, hash, 32);
	if ((err = tile_path(path, desk, level, index / CAIRN_TILE_WIDTH)) != CAIRN_OK ||
	    (err = file_replace(data, path, tile, at + 32)) != CAIRN_OK)
		return err;
	*full = at + 32 == TILE_BYTES;
	if (*full) {
		fold(tile, CAIRN_TILE_WIDTH);
		memcpy(hash, tile, 32);
	}
	return CAIRN_OK;
}

int
tiles_bundle_prefix(size_t *ret_bytes, const uint8_t *bundle, size_t bytes, unsigned width)
{
	const uint8_t *at = bundle;
	const uint8_t *entry;
	size_t left = bytes;
	size_t entry_bytes;
	int err = CAIRN_OK;

	for (unsigned i = 0; err == CAIRN_OK && i < width; i++)
		err = left == 0 ? CAIRN_ERR_FORMAT : cairn_bundle_next(&entry, &entry_bytes, &at, &left);
	*ret_bytes = err == CAIRN_OK ? bytes - left : 0;
	return err;
}

static int
put_entry(int data, const uint8_t *desk, uint64_t index, const uint8_t *entry, size_t entry_bytes)
{
	char path[FILES_PATH_MAX];
	uint8_t *bundle, *more;
	size_t bytes, prefix;
	int err = tile_path(path, desk, CAIRN_TILE_ENTRIES, index / CAIRN_TILE_WIDTH);

	if (err != CAIRN_OK || entry_bytes > UINT16_MAX)
		return err != CAIRN_OK ? err : CAIRN_ERR_RANGE;
	err = file_read(&bundle, &bytes, data, path, BUNDLE_BYTES_MAX);
	if (err != CAIRN_OK && err != CAIRN_ERR_UNKNOWN)
		return err;
	err = tiles_bundle_prefix(&prefix, bundle, bytes, (unsigned)(index % CAIRN_TILE_WIDTH));
	more = err != CAIRN_OK ? NULL : realloc(bundle, prefix + 2 + entry_bytes);
	if (more == NULL) {
		free(bundle);
		return err != CAIRN_OK ? err : CAIRN_ERR_NOMEM;
	}
	put_u16(more + prefix, (uint16_t)entry_bytes);
	memcpy(more + prefix + 2, entry, entry_bytes);
	err = file_replace(data, path, more, prefix + 2 + entry_bytes);
	free(more);
	return err;
}

int
tiles_append(int data, const uint8_t desk[CAIRN_HASH_BYTES], uint64_t size, const uint8_t *entry,
    size_t entry_bytes)
{
	uint64_t index = size;
	uint8_t hash[32];
	bool full = true;
	int err = put_entry(data, desk, size, entry, entry_bytes);

	cairn_tree_leaf(hash, entry, entry_bytes);
	for (int level = 0; err == CAIRN_OK && full; level++) {
		err = put_hash(data, desk, level, index, hash, &full);
		index /= CAIRN_TILE_WIDTH;
	}
	return err;
}
