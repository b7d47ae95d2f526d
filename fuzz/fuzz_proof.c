// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/reader.h"
#include "cairn/tlog.h"
#include "fuzz.h"

#define SIZE_MADE_MAX 600U /* leaves of a tree that is built here */

/* Leaf i is i in 32 bytes. */
static int
source(void *arg, uint8_t out[32], unsigned level, uint64_t index)
{
	struct cairn_tree tree;

	(void)arg;
	cairn_tree_init(&tree);
	for (uint64_t i = index << level; i < (index + 1) << level; i++) {
		uint8_t leaf[32] = {(uint8_t)i, (uint8_t)(i >> 8)};

		FUZZ_CHECK(cairn_tree_append(&tree, leaf, 0) == CAIRN_OK);
	}
	cairn_tree_root(out, &tree);
	return CAIRN_OK;
}

static void
root_of(uint8_t out[32], uint64_t size)
{
	struct cairn_tree tree;

	cairn_tree_init(&tree);
	for (uint64_t i = 0; i < size; i++) {
		uint8_t leaf[32] = {(uint8_t)i, (uint8_t)(i >> 8)};

		FUZZ_CHECK(cairn_tree_append(&tree, leaf, 0) == CAIRN_OK);
	}
	cairn_tree_root(out, &tree);
}

/* A proof that is made holds; with any byte changed by flip it does not. */
static void
made_proofs(uint64_t a, uint64_t b, uint8_t flip)
{
	uint8_t proof[CAIRN_PROOF_HASHES_MAX][32], leaf[32] = {(uint8_t)a, (uint8_t)(a >> 8)}, root[32], old[32];
	const uint8_t(*given)[32] = (const uint8_t(*)[32])proof;
	size_t count = 0;

	root_of(root, b);
	FUZZ_CHECK(cairn_tree_inclusion_prove(proof, &count, a, b, source, NULL) == CAIRN_OK);
	FUZZ_CHECK(cairn_tree_inclusion_check(a, b, leaf, root, given, count) == CAIRN_OK);
	if (count > 0) {
		proof[flip % count][flip % 32] ^= flip | 1;
		FUZZ_CHECK(cairn_tree_inclusion_check(a, b, leaf, root, given, count) == CAIRN_ERR_CRYPTO);
	}
	root_of(old, a + 1);
	FUZZ_CHECK(cairn_tree_consistency_prove(proof, &count, a + 1, b, source, NULL) == CAIRN_OK);
	FUZZ_CHECK(cairn_tree_consistency_check(a + 1, b, old, root, given, count) == CAIRN_OK);
	if (count > 0) {
		proof[flip % count][flip % 32] ^= flip | 1;
		FUZZ_CHECK(cairn_tree_consistency_check(a + 1, b, old, root, given, count) == CAIRN_ERR_CRYPTO);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static uint8_t proof[CAIRN_PROOF_HASHES_MAX][32];
	uint8_t one[32], other[32], flip;
	struct reader r;
	uint64_t a, b;
	size_t count;

	reader_init(&r, bytes, size);
	take_u8(&r, &flip);
	take_u64(&r, &a);
	take_u64(&r, &b);
	take_bytes(&r, one, sizeof(one));
	take_bytes(&r, other, sizeof(other));
	if (r.failed)
		return 0;
	count = r.left / 32 < CAIRN_PROOF_HASHES_MAX ? r.left / 32 : CAIRN_PROOF_HASHES_MAX;
	memcpy(proof, r.next, count * 32);
	/* Nobody finds a proof of what he did not hash: only the root itself is one. */
	if (cairn_tree_inclusion_check(a, b, one, other, (const uint8_t(*)[32])proof, count) == CAIRN_OK)
		FUZZ_CHECK(count == 0 && a == 0 && b == 1 && memcmp(one, other, 32) == 0);
	if (cairn_tree_consistency_check(a, b, one, other, (const uint8_t(*)[32])proof, count) == CAIRN_OK)
		FUZZ_CHECK(count == 0 && a == b && memcmp(one, other, 32) == 0);
	if (b <= SIZE_MADE_MAX && a < b)
		made_proofs(a, b, flip);
	return 0;
}
