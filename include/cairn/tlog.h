// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_TLOG_H
#define CAIRN_TLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/note.h"
#include "cairn/span.h"

/*
 * The board as a transparency log: RFC 6962's tree over SHA-256, C2SP tlog-tiles for its files,
 * tlog-checkpoint for its head.
 */

#define CAIRN_TREE_SIZE_MAX ((UINT64_C(1) << 53) - 1)
#define CAIRN_TREE_LEVELS 53U
#define CAIRN_TILE_WIDTH 256U
#define CAIRN_TILE_PATH_MAX 64U
#define CAIRN_TILE_LEVEL_MAX 6U /* above it no tree of fewer than 2^53 leaves has a hash */
#define CAIRN_PROOF_HASHES_MAX 64U /* of a tree below CAIRN_TREE_SIZE_MAX none has more than 54 */

void cairn_tree_leaf(uint8_t out[32], const void *entry, size_t entry_bytes);
void cairn_tree_node(uint8_t out[32], const uint8_t left[32], const uint8_t right[32]);
void cairn_tree_empty(uint8_t out[32]);

/*
 * A tree of which only the right edge is kept: the roots of the complete subtrees that size is made of,
 * largest first. Enough to append and to tell the root.
 */
struct cairn_tree {
	uint64_t size;
	uint8_t edge[CAIRN_TREE_LEVELS][32];
};
void cairn_tree_init(struct cairn_tree *tree);
/*
 * Appends a complete subtree of 2^level leaves (level 0: a leaf). CAIRN_ERR_RANGE unless size is a multiple of
 * that and stays at or below CAIRN_TREE_SIZE_MAX; tree is then as it was.
 */
CAIRN_NODISCARD int cairn_tree_append(struct cairn_tree *tree, const uint8_t hash[32], unsigned level);
void cairn_tree_root(uint8_t out[32], const struct cairn_tree *tree);

/*
 * Proofs (RFC 6962, 2.1.1 and 2.1.2), hashes from the leaf upwards; any count of them may be given. CAIRN_ERR_CRYPTO
 * when one does not hold. Nothing is consistent with an empty tree, and none with a smaller one; between trees of
 * one size the proof is empty and the roots are the same.
 */
CAIRN_NODISCARD int cairn_tree_inclusion_check(uint64_t index, uint64_t size, const uint8_t leaf[32],
    const uint8_t root[32], const uint8_t (*proof)[32], size_t count);
CAIRN_NODISCARD int cairn_tree_consistency_check(uint64_t old_size, uint64_t new_size,
    const uint8_t old_root[32], const uint8_t new_root[32], const uint8_t (*proof)[32], size_t count);

/*
 * Gives the root of the complete subtree of 2^level leaves that begins at leaf index << level. What it returns other
 * than CAIRN_OK is handed up.
 */
typedef int cairn_tree_source(void *arg, uint8_t out[32], unsigned level, uint64_t index);
/* proof has room for CAIRN_PROOF_HASHES_MAX. CAIRN_ERR_RANGE: no such leaf, or no such pair of sizes. */
CAIRN_NODISCARD int cairn_tree_inclusion_prove(uint8_t (*proof)[32], size_t *ret_count, uint64_t index,
    uint64_t size, cairn_tree_source *source, void *arg);
CAIRN_NODISCARD int cairn_tree_consistency_prove(uint8_t (*proof)[32], size_t *ret_count, uint64_t old_size,
    uint64_t new_size, cairn_tree_source *source, void *arg);

/*
 * "tile/<level>/<n>" or "tile/entries/<n>" for level CAIRN_TILE_ENTRIES, with ".p/<width>" while width is
 * below 256. Returns the length; out ends in a zero.
 */
#define CAIRN_TILE_ENTRIES (-1)
size_t cairn_tile_path(char out[CAIRN_TILE_PATH_MAX], int level, uint64_t n, unsigned width);
/*
 * The other way round: n at most CAIRN_TREE_SIZE_MAX, width 1 to 256. CAIRN_ERR_FORMAT for any other way of writing
 * one. Whether there is such a tile is for cairn_tile_width() to say.
 */
CAIRN_NODISCARD int cairn_tile_path_read(int *ret_level, uint64_t *ret_n, unsigned *ret_width,
    struct cairn_span path);
/* Hashes in tile n of that level, in a tree of that size: 0 to 256. Level CAIRN_TILE_ENTRIES is as level 0. */
unsigned cairn_tile_width(uint64_t size, int level, uint64_t n);

/*
 * A view of the next entry of a bundle (u16 length, bytes), and *at and *left moved behind it. CAIRN_ERR_FORMAT at a
 * broken one and at the end; nothing is moved then.
 */
CAIRN_NODISCARD int cairn_bundle_next(const uint8_t **entry, size_t *entry_bytes, const uint8_t **at,
    size_t *left);

/* board/checkpoint: exactly four lines. */
struct cairn_checkpoint {
	struct cairn_span text;
	uint64_t size;
	uint32_t hour;
	uint8_t root[32];
	uint8_t card_hash[CAIRN_SHA256_BYTES];
	uint8_t days_hash[CAIRN_SHA256_BYTES];
	uint8_t epochs_hash[CAIRN_SHA256_BYTES];
};

/*
 * keys[0] is the board key, which must have signed, and its name the origin; the others are witnesses (count 1 to
 * CAIRN_NOTE_KEYS_MAX). signed_by as in cairn_note_verify(); may be NULL. CAIRN_ERR_CRYPTO, CAIRN_ERR_FORMAT,
 * CAIRN_ERR_RANGE; checkpoint is then zeros. text looks into bytes.
 */
CAIRN_NODISCARD int cairn_checkpoint_open(struct cairn_checkpoint *checkpoint, uint64_t *signed_by,
    const void *bytes, size_t size, const struct cairn_note_key *keys, size_t count);
/* The text alone, unverified: to learn which card to look at, or what it says the hour is. CAIRN_ERR_FORMAT. */
CAIRN_NODISCARD int cairn_checkpoint_read(struct cairn_checkpoint *checkpoint, struct cairn_span text,
    struct cairn_span origin);
/*
 * Signs with origin as the key's name. checkpoint->text is not looked at. CAIRN_ERR_RANGE: size over
 * CAIRN_TREE_SIZE_MAX; CAIRN_ERR_SPACE. Who signs records size and text first, durably: two texts of one size
 * convict the key.
 */
CAIRN_NODISCARD int cairn_checkpoint_sign(uint8_t *out, size_t room, size_t *ret_bytes,
    const struct cairn_checkpoint *checkpoint, struct cairn_span origin, const uint8_t secret[64]);

#endif
