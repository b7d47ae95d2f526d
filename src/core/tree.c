// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "cairn/tlog.h"

/* RFC 6962, 2.1: leaves and nodes are hashed under different first bytes, so that neither can pass for the other. */
static void
prefixed(uint8_t out[32], uint8_t prefix, const void *a, size_t a_bytes, const void *b, size_t b_bytes)
{
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, &prefix, 1);
	crypto_hash_sha256_update(&state, a, a_bytes);
	crypto_hash_sha256_update(&state, b, b_bytes);
	crypto_hash_sha256_final(&state, out);
}

void
cairn_tree_leaf(uint8_t out[32], const void *entry, size_t entry_bytes)
{
	prefixed(out, 0, entry, entry_bytes, NULL, 0);
}

void
cairn_tree_node(uint8_t out[32], const uint8_t left[32], const uint8_t right[32])
{
	prefixed(out, 1, left, 32, right, 32);
}

void
cairn_tree_empty(uint8_t out[32])
{
	crypto_hash_sha256(out, NULL, 0);
}

void
cairn_tree_init(struct cairn_tree *tree)
{
	memset(tree, 0, sizeof *tree);
}

static size_t
edge_count(uint64_t size)
{
	return (size_t)__builtin_popcountll(size);
}

int
cairn_tree_append(struct cairn_tree *tree, const uint8_t hash[32], unsigned level)
{
	size_t count = edge_count(tree->size);
	uint64_t leaves;
	uint8_t whole[32];

	if (level >= CAIRN_TREE_LEVELS)
		return CAIRN_ERR_RANGE;
	leaves = UINT64_C(1) << level;
	if (tree->size % leaves != 0 || leaves > CAIRN_TREE_SIZE_MAX - tree->size)
		return CAIRN_ERR_RANGE;
	memcpy(whole, hash, sizeof whole);
	for (unsigned bit = level; (tree->size >> bit & 1) != 0; bit++)
		cairn_tree_node(whole, tree->edge[--count], whole);
	memcpy(tree->edge[count], whole, sizeof whole);
	tree->size += leaves;
	return CAIRN_OK;
}

void
cairn_tree_root(uint8_t out[32], const struct cairn_tree *tree)
{
	size_t count = edge_count(tree->size);

	if (count == 0) {
		cairn_tree_empty(out);
		return;
	}
	memmove(out, tree->edge[--count], 32);
	while (count > 0)
		cairn_tree_node(out, tree->edge[--count], out);
}

/* RFC 9162, 2.1.3.2. */
int
cairn_tree_inclusion_check(uint64_t index, uint64_t size, const uint8_t leaf[32], const uint8_t root[32],
    const uint8_t (*proof)[32], size_t count)
{
	uint64_t node = index, last = size - 1;
	uint8_t hash[32];

	if (index >= size)
		return CAIRN_ERR_CRYPTO;
	memcpy(hash, leaf, sizeof hash);
	for (size_t i = 0; i < count; i++) {
		if (last == 0)
			return CAIRN_ERR_CRYPTO;
		if ((node & 1) == 0 && node != last) {
			cairn_tree_node(hash, hash, proof[i]);
		} else {
			cairn_tree_node(hash, proof[i], hash);
			for (; (node & 1) == 0 && node != 0; node >>= 1)
				last >>= 1;
		}
		node >>= 1;
		last >>= 1;
	}
	return last == 0 && sodium_memcmp(hash, root, sizeof hash) == 0 ? CAIRN_OK : CAIRN_ERR_CRYPTO;
}

/* RFC 9162, 2.1.4.2, from step 3 on: climbs both trees by one proof that begins at start. */
static int
climb(uint64_t node, uint64_t last, const uint8_t start[32], const uint8_t old_root[32],
    const uint8_t new_root[32], const uint8_t (*proof)[32], size_t count)
{
	uint8_t old_hash[32], new_hash[32];

	memcpy(old_hash, start, sizeof old_hash);
	memcpy(new_hash, start, sizeof new_hash);
	for (size_t i = 0; i < count; i++) {
		if (last == 0)
			return CAIRN_ERR_CRYPTO;
		if ((node & 1) == 0 && node != last) {
			cairn_tree_node(new_hash, new_hash, proof[i]);
		} else {
			cairn_tree_node(old_hash, proof[i], old_hash);
			cairn_tree_node(new_hash, proof[i], new_hash);
			for (; (node & 1) == 0 && node != 0; node >>= 1)
				last >>= 1;
		}
		node >>= 1;
		last >>= 1;
	}
	if (last != 0 || sodium_memcmp(old_hash, old_root, sizeof old_hash) != 0 ||
	    sodium_memcmp(new_hash, new_root, sizeof new_hash) != 0)
		return CAIRN_ERR_CRYPTO;
	return CAIRN_OK;
}

int
cairn_tree_consistency_check(uint64_t old_size, uint64_t new_size, const uint8_t old_root[32],
    const uint8_t new_root[32], const uint8_t (*proof)[32], size_t count)
{
	uint64_t node = old_size - 1, last = new_size - 1;

	if (old_size == 0 || old_size > new_size)
		return CAIRN_ERR_CRYPTO;
	if (old_size == new_size)
		return count == 0 && sodium_memcmp(old_root, new_root, 32) == 0 ? CAIRN_OK : CAIRN_ERR_CRYPTO;
	if (count == 0)
		return CAIRN_ERR_CRYPTO;
	for (; (node & 1) != 0; node >>= 1)
		last >>= 1;
	/* An old tree that is one complete subtree: its root begins the proof and is not said again. */
	if (node == 0)
		return climb(node, last, old_root, old_root, new_root, proof, count);
	return climb(node, last, proof[0], old_root, new_root, proof + 1, count - 1);
}

/* The hash over leaves [begin, end), which begin where a subtree of their size would. */
static int
range_root(uint8_t out[32], uint64_t begin, uint64_t end, cairn_tree_source *source, void *arg)
{
	struct cairn_tree tree;

	cairn_tree_init(&tree);
	for (unsigned level = CAIRN_TREE_LEVELS; level-- > 0;) {
		uint8_t hash[32];
		int err;

		if (((end - begin) >> level & 1) == 0)
			continue;
		err = source(arg, hash, level, (begin + tree.size) >> level);
		if (err == CAIRN_OK)
			err = cairn_tree_append(&tree, hash, level);
		if (err != CAIRN_OK)
			return err;
	}
	cairn_tree_root(out, &tree);
	return CAIRN_OK;
}

/* The largest power of two below size, which is at least 2. */
static uint64_t
split(uint64_t size)
{
	return UINT64_C(1) << (63 - __builtin_clzll(size - 1));
}

static void
reverse(uint8_t (*hashes)[32], size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		uint8_t swap[32];

		memcpy(swap, hashes[i], sizeof swap);
		memcpy(hashes[i], hashes[count - 1 - i], sizeof swap);
		memcpy(hashes[count - 1 - i], swap, sizeof swap);
	}
}

/* Goes one step down, to the side of [*begin, *end) on which index is, and gives the hash over the other side. */
static int
descend(uint8_t other[32], uint64_t *begin, uint64_t *end, uint64_t index, cairn_tree_source *source, void *arg)
{
	uint64_t middle = *begin + split(*end - *begin);
	uint64_t from = *begin, to = *end;

	if (index < middle) {
		*end = middle;
		return range_root(other, middle, to, source, arg);
	}
	*begin = middle;
	return range_root(other, from, middle, source, arg);
}

int
cairn_tree_inclusion_prove(uint8_t (*proof)[32], size_t *ret_count, uint64_t index, uint64_t size,
    cairn_tree_source *source, void *arg)
{
	uint64_t begin = 0, end = size;
	size_t count = 0;

	if (size > CAIRN_TREE_SIZE_MAX || index >= size)
		return CAIRN_ERR_RANGE;
	while (end - begin > 1) {
		int err = descend(proof[count], &begin, &end, index, source, arg);

		if (err != CAIRN_OK)
			return err;
		count++;
	}
	reverse(proof, count);
	*ret_count = count;
	return CAIRN_OK;
}

int
cairn_tree_consistency_prove(uint8_t (*proof)[32], size_t *ret_count, uint64_t old_size, uint64_t new_size,
    cairn_tree_source *source, void *arg)
{
	uint64_t begin = 0, end = new_size;
	size_t count = 0;
	int err = CAIRN_OK;

	if (old_size == 0 || new_size > CAIRN_TREE_SIZE_MAX || old_size > new_size)
		return CAIRN_ERR_RANGE;
	/* Down to where the old tree ends exactly at an end; left of there nothing is new. */
	while (err == CAIRN_OK && end != old_size) {
		err = descend(proof[count], &begin, &end, old_size - 1, source, arg);
		count++;
	}
	if (err == CAIRN_OK && begin != 0)
		err = range_root(proof[count++], begin, end, source, arg);
	if (err != CAIRN_OK)
		return err;
	reverse(proof, count);
	*ret_count = count;
	return CAIRN_OK;
}
