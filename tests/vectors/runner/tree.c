// SPDX-License-Identifier: GPL-3.0-or-later
#include "board.h"

/* tree, tiles. */

static int
source(void *arg, uint8_t out[32], unsigned level, uint64_t index)
{
	board_subtree(out, arg, level, index);
	return CAIRN_OK;
}

static void
root_row(struct run *r, const json_t *row)
{
	const struct board *board = board_of(r);
	uint8_t root[32];

	board_root(r, root, board, (size_t)field_number(r, row, "size", board->size));
	expect_bytes(r, "root", root, sizeof(root), field_hex(r, row, "root"));
}

struct proof {
	size_t count;
	const uint8_t (*hashes)[32];
};

/* false: it holds something that is no hash. */
static bool
field_proof(struct run *r, const json_t *row, struct proof *proof)
{
	const json_t *hashes = field(r, row, "proof");
	uint8_t (*out)[32];

	expect(r, json_is_array(hashes), "a list in proof");
	out = row_alloc(r, json_array_size(hashes) * sizeof(*out));
	for (size_t i = 0; i < json_array_size(hashes); i++) {
		const struct bytes hash = hex_of(r, json_array_get(hashes, i), "proof");

		if (hash.size != sizeof(*out))
			return false;
		memcpy(out[i], hash.at, sizeof(*out));
	}
	*proof = (struct proof){json_array_size(hashes), (const uint8_t (*)[32])out};
	return true;
}

static void
expect_proof(struct run *r, const json_t *row, const uint8_t (*made)[32], size_t count)
{
	struct proof proof;

	expect(r, field_proof(r, row, &proof), "a proof of hashes");
	expect_bytes(r, "proof", made, count * 32, (struct bytes){(const uint8_t *)proof.hashes, proof.count * 32});
}

static void
inclusion_ok(struct run *r, const json_t *row)
{
	struct board *board = (struct board *)(uintptr_t)board_of(r);
	const uint64_t size = field_number(r, row, "size", board->size);
	const uint64_t index = field_number(r, row, "index", size - 1);
	const uint8_t *root = field_hex_of(r, row, "root", 32);
	uint8_t made[CAIRN_PROOF_HASHES_MAX][32], leaf[32];
	size_t count = 0;

	board_subtree(leaf, board, 0, index);
	expect_bytes(r, "leaf", leaf, sizeof(leaf), field_hex(r, row, "leaf"));
	expect_ok(r, cairn_tree_inclusion_prove(made, &count, index, size, source, board), "a proof");
	expect_proof(r, row, (const uint8_t (*)[32])made, count);
	expect_ok(r, cairn_tree_inclusion_check(index, size, leaf, root, (const uint8_t (*)[32])made, count),
	    "a proof that holds");
}

static void
consistency_ok(struct run *r, const json_t *row)
{
	struct board *board = (struct board *)(uintptr_t)board_of(r);
	const uint64_t size2 = field_number(r, row, "size2", board->size);
	const uint64_t size1 = field_number(r, row, "size1", size2);
	uint8_t made[CAIRN_PROOF_HASHES_MAX][32], root[32];
	size_t count = 0;

	board_root(r, root, board, (size_t)size1);
	expect_bytes(r, "root1", root, sizeof(root), field_hex(r, row, "root1"));
	board_root(r, root, board, (size_t)size2);
	expect_bytes(r, "root2", root, sizeof(root), field_hex(r, row, "root2"));
	expect_ok(r, cairn_tree_consistency_prove(made, &count, size1, size2, source, board), "a proof");
	expect_proof(r, row, (const uint8_t (*)[32])made, count);
	expect_ok(r, cairn_tree_consistency_check(size1, size2, field_hex_of(r, row, "root1", 32), root,
	    (const uint8_t (*)[32])made, count), "a proof that holds");
}

static void
inclusion_refuse(struct run *r, const json_t *row)
{
	const struct bytes leaf = field_hex(r, row, "leaf");
	const struct bytes root = field_hex(r, row, "root");
	struct proof proof;

	if (!field_proof(r, row, &proof) || leaf.size != 32 || root.size != 32)
		return;
	expect(r, cairn_tree_inclusion_check(field_number(r, row, "index", INT64_MAX),
	    field_number(r, row, "size", INT64_MAX), leaf.at, root.at, proof.hashes, proof.count) != CAIRN_OK,
	    "refused");
}

static void
consistency_refuse(struct run *r, const json_t *row)
{
	const struct bytes root1 = field_hex(r, row, "root1");
	const struct bytes root2 = field_hex(r, row, "root2");
	struct proof proof;

	if (!field_proof(r, row, &proof) || root1.size != 32 || root2.size != 32)
		return;
	expect(r, cairn_tree_consistency_check(field_number(r, row, "size1", INT64_MAX),
	    field_number(r, row, "size2", INT64_MAX), root1.at, root2.at, proof.hashes, proof.count) != CAIRN_OK,
	    "refused");
}

static const struct member tree[] = {
	{"roots", MEMBER_ROWS, root_row}, {"inclusion", MEMBER_ROWS, inclusion_ok},
	{"consistency", MEMBER_ROWS, consistency_ok}, {"refuse_inclusion", MEMBER_ROWS, inclusion_refuse},
	{"refuse_consistency", MEMBER_ROWS, consistency_refuse},
};
const struct section section_tree = SECTION("tree", tree);

/* The file of a tile stands in the row as it should. */
static void
check_tile(struct run *r, const json_t *files, size_t size, int level, uint64_t n)
{
	const struct board *board = board_of(r);
	const unsigned width = cairn_tile_width(size, level, n);
	const struct bytes tile = board_tile(r, board, size, level, n, width);
	char path[6 + CAIRN_TILE_PATH_MAX] = "board/";
	uint8_t hash[CAIRN_SHA256_BYTES];
	const size_t length = 6 + cairn_tile_path(path + 6, level, n, width);
	const json_t *file = named(r, files, "path", (struct cairn_span){path, length});
	int read_level;
	uint64_t read_n;
	unsigned read_width;

	expect(r, tile.size == field_number(r, file, "size", SIZE_MAX / 2), "the size of %s", path);
	crypto_hash_sha256(hash, tile.at, tile.size);
	expect_bytes(r, path, hash, sizeof(hash), field_hex(r, file, "sha256"));
	expect_ok(r, cairn_tile_path_read(&read_level, &read_n, &read_width,
	    (struct cairn_span){path + 6, length - 6}), "a path that can be read");
	expect(r, read_level == level && read_n == n && read_width == width, "the same tile read from %s", path);
}

static void
tiles_row(struct run *r, const json_t *row)
{
	const size_t size = (size_t)field_number(r, row, "size", board_of(r)->size);
	const json_t *files = field(r, row, "files");
	size_t count = 0;

	for (int level = CAIRN_TILE_ENTRIES; cairn_tile_width(size, level, 0) > 0; level++)
		for (uint64_t n = 0; cairn_tile_width(size, level, n) > 0; n++, count++)
			check_tile(r, files, size, level, n);
	expect(r, json_array_size(files) == count, "%zu files", count);
}

static const struct member tiles[] = {{NULL, MEMBER_ROWS, tiles_row}};
const struct section section_tiles = SECTION("tiles", tiles);
