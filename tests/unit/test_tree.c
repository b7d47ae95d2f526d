// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "cairn/tlog.h"

#define LEAVES 70U

static uint8_t leaves[LEAVES][32];

static int
make_leaves(void **state)
{
	uint8_t seed[randombytes_SEEDBYTES] = {7};

	(void)state;
	randombytes_buf_deterministic(leaves, sizeof leaves, seed);
	return 0;
}

/* RFC 6962, 2.1, word for word: the other way to the same hash. */
static void
root_of(uint8_t out[32], uint64_t begin, uint64_t end)
{
	uint8_t left[32], right[32];
	uint64_t k = 1;

	if (end - begin == 0) {
		cairn_tree_empty(out);
		return;
	}
	if (end - begin == 1) {
		memcpy(out, leaves[begin], 32);
		return;
	}
	while (k * 2 < end - begin)
		k *= 2;
	root_of(left, begin, begin + k);
	root_of(right, begin + k, end);
	cairn_tree_node(out, left, right);
}

static int
source(void *arg, uint8_t out[32], unsigned level, uint64_t index)
{
	uint64_t size = *(const uint64_t *)arg;

	if (level > 6 || (index + 1) << level > size)
		return CAIRN_ERR_RANGE;
	root_of(out, index << level, (index + 1) << level);
	return CAIRN_OK;
}

static void
a_tree_appended_leaf_by_leaf_has_the_root_of_the_rfc(void **state)
{
	struct cairn_tree tree;
	uint8_t root[32], want[32];

	(void)state;
	cairn_tree_init(&tree);
	for (uint64_t size = 0; size <= LEAVES; size++) {
		assert_int_equal(tree.size, size);
		cairn_tree_root(root, &tree);
		root_of(want, 0, size);
		assert_memory_equal(root, want, 32);
		if (size < LEAVES)
			assert_ok(cairn_tree_append(&tree, leaves[size], 0));
	}
}

/* Any way of cutting a tree into complete subtrees gives its root. */
static void
subtrees_of_any_level_append_like_their_leaves(void **state)
{
	(void)state;
	for (uint32_t draw = 0; draw < 500; draw++) {
		uint8_t seed[randombytes_SEEDBYTES] = {1, (uint8_t)draw, (uint8_t)(draw >> 8)};
		uint8_t random[256], hash[32], want[32];
		struct cairn_tree tree;

		randombytes_buf_deterministic(random, sizeof random, seed);
		cairn_tree_init(&tree);
		for (size_t i = 0; tree.size < LEAVES; i++) {
			unsigned level = random[i] % 7;

			if (tree.size % (1U << level) != 0 || tree.size + (1U << level) > LEAVES)
				level = 0;
			root_of(hash, tree.size, tree.size + (1U << level));
			assert_ok(cairn_tree_append(&tree, hash, level));
		}
		cairn_tree_root(hash, &tree);
		root_of(want, 0, LEAVES);
		assert_memory_equal(hash, want, 32);
	}
}

static void
a_subtree_appends_only_where_it_may_begin(void **state)
{
	struct cairn_tree tree;

	(void)state;
	cairn_tree_init(&tree);
	assert_ok(cairn_tree_append(&tree, leaves[0], 0));
	assert_err(cairn_tree_append(&tree, leaves[1], 1), CAIRN_ERR_RANGE);
	assert_err(cairn_tree_append(&tree, leaves[1], 8), CAIRN_ERR_RANGE);
	assert_int_equal(tree.size, 1);
	assert_ok(cairn_tree_append(&tree, leaves[1], 0));
	assert_ok(cairn_tree_append(&tree, leaves[2], 1));
	assert_int_equal(tree.size, 4);
}

static void
a_tree_ends_below_2_to_the_53(void **state)
{
	struct cairn_tree tree;

	(void)state;
	cairn_tree_init(&tree);
	for (unsigned level = CAIRN_TREE_LEVELS; level-- > 0;)
		assert_ok(cairn_tree_append(&tree, leaves[level], level));
	assert_int_equal(tree.size, CAIRN_TREE_SIZE_MAX);
	assert_err(cairn_tree_append(&tree, leaves[0], 0), CAIRN_ERR_RANGE);
	cairn_tree_init(&tree);
	assert_err(cairn_tree_append(&tree, leaves[0], CAIRN_TREE_LEVELS), CAIRN_ERR_RANGE);
	assert_int_equal(tree.size, 0);
	assert_err(cairn_tree_append(&tree, leaves[0], 64), CAIRN_ERR_RANGE);
}

/* The proof at hand, and what it proves. */
static uint8_t proof[CAIRN_PROOF_HASHES_MAX][32];
static size_t count;

static void
prove_leaf(uint64_t index, uint64_t size)
{
	memset(proof, 0, sizeof proof);
	assert_ok(cairn_tree_inclusion_prove(proof, &count, index, size, source, &size));
}

static void
prove_growth(uint64_t old, uint64_t size)
{
	memset(proof, 0, sizeof proof);
	assert_ok(cairn_tree_consistency_prove(proof, &count, old, size, source, &size));
}

static int
check_leaf(uint64_t index, uint64_t size, const uint8_t leaf[32], size_t hashes)
{
	uint8_t root[32];

	root_of(root, 0, size);
	return cairn_tree_inclusion_check(index, size, leaf, root, (const uint8_t(*)[32])proof, hashes);
}

static int
check_growth(uint64_t old, uint64_t size, size_t hashes)
{
	uint8_t old_root[32], root[32];

	root_of(old_root, 0, old);
	root_of(root, 0, size);
	return cairn_tree_consistency_check(old, size, old_root, root, (const uint8_t(*)[32])proof, hashes);
}

/* Some bit of some hash of the proof, another one for each bit. */
static void
break_proof(uint64_t bit)
{
	proof[bit % count][bit / 7 % 32] ^= (uint8_t)(1U << bit % 8);
}

static void
every_leaf_of_every_size_is_proved_and_checks(void **state)
{
	(void)state;
	for (uint64_t size = 1; size <= LEAVES; size++)
		for (uint64_t index = 0; index < size; index++) {
			prove_leaf(index, size);
			assert_ok(check_leaf(index, size, leaves[index], count));
		}
}

static void
every_pair_of_sizes_is_proved_and_checks(void **state)
{
	(void)state;
	for (uint64_t size = 1; size <= LEAVES; size++)
		for (uint64_t old = 1; old <= size; old++) {
			prove_growth(old, size);
			assert_ok(check_growth(old, size, count));
		}
}

static void
a_broken_inclusion_proof_does_not_check(void **state)
{
	(void)state;
	for (uint64_t size = 2; size <= LEAVES; size++)
		for (uint64_t index = 0; index < size; index++) {
			prove_leaf(index, size);
			assert_err(check_leaf(index, size, leaves[index], count - 1), CAIRN_ERR_CRYPTO);
			assert_err(check_leaf(index, size, leaves[index], count + 1), CAIRN_ERR_CRYPTO);
			assert_err(check_leaf(index, size, leaves[(index + 1) % size], count),
			    CAIRN_ERR_CRYPTO);
			break_proof(size * 131 + index * 31);
			assert_err(check_leaf(index, size, leaves[index], count), CAIRN_ERR_CRYPTO);
		}
}

static void
a_broken_consistency_proof_does_not_check(void **state)
{
	(void)state;
	for (uint64_t size = 2; size <= LEAVES; size++)
		for (uint64_t old = 1; old < size; old++) {
			prove_growth(old, size);
			assert_err(check_growth(old, size, count - 1), CAIRN_ERR_CRYPTO);
			assert_err(check_growth(old, size, count + 1), CAIRN_ERR_CRYPTO);
			break_proof(size * 131 + old * 31);
			assert_err(check_growth(old, size, count), CAIRN_ERR_CRYPTO);
		}
}

static void
a_consistency_proof_is_for_its_two_roots_only(void **state)
{
	uint8_t old_root[32], root[32];

	(void)state;
	root_of(old_root, 0, 33);
	root_of(root, 0, LEAVES);
	prove_growth(33, LEAVES);
	assert_ok(check_growth(33, LEAVES, count));
	assert_err(cairn_tree_consistency_check(33, LEAVES, root, root, (const uint8_t(*)[32])proof, count),
	    CAIRN_ERR_CRYPTO);
	assert_err(cairn_tree_consistency_check(33, LEAVES, old_root, old_root, (const uint8_t(*)[32])proof,
	    count),
	    CAIRN_ERR_CRYPTO);
	assert_err(cairn_tree_consistency_check(33, 33, old_root, root, (const uint8_t(*)[32])proof, 0),
	    CAIRN_ERR_CRYPTO);
}

static void
an_inclusion_proof_is_for_its_index_only(void **state)
{
	(void)state;
	for (uint64_t index = 0; index < LEAVES; index++) {
		prove_leaf(index, LEAVES);
		for (uint64_t other = 0; other < LEAVES + 2; other++)
			if (other != index)
				assert_err(check_leaf(other, LEAVES, leaves[index], count), CAIRN_ERR_CRYPTO);
	}
}

static void
a_tree_of_one_leaf_has_no_second(void **state)
{
	(void)state;
	assert_ok(check_leaf(0, 1, leaves[0], 0));
	assert_err(check_leaf(1, 1, leaves[0], 0), CAIRN_ERR_CRYPTO);
}

static void
no_growth_takes_no_proof(void **state)
{
	(void)state;
	assert_ok(check_growth(7, 7, 0));
	assert_err(check_growth(7, 7, 1), CAIRN_ERR_CRYPTO);
}

static void
nothing_is_in_an_empty_tree(void **state)
{
	uint8_t root[32];
	uint64_t size = 0;

	(void)state;
	count = 9;
	cairn_tree_empty(root);
	assert_err(cairn_tree_inclusion_check(0, 0, root, root, NULL, 0), CAIRN_ERR_CRYPTO);
	assert_err(cairn_tree_consistency_check(0, 0, root, root, NULL, 0), CAIRN_ERR_CRYPTO);
	assert_err(cairn_tree_consistency_check(0, 1, root, root, NULL, 0), CAIRN_ERR_CRYPTO);
	assert_err(cairn_tree_inclusion_prove(proof, &count, 0, 0, source, &size), CAIRN_ERR_RANGE);
	assert_int_equal(count, 9);
}

static void
no_board_grows_smaller(void **state)
{
	uint64_t size = LEAVES;

	(void)state;
	prove_growth(7, 8);
	assert_err(cairn_tree_consistency_prove(proof, &count, 8, 7, source, &size), CAIRN_ERR_RANGE);
	assert_err(check_growth(8, 7, count), CAIRN_ERR_CRYPTO);
}

static void
the_fault_of_a_source_is_handed_up(void **state)
{
	uint64_t missing = 10;

	(void)state;
	count = 9;
	assert_err(cairn_tree_inclusion_prove(proof, &count, 3, 40, source, &missing), CAIRN_ERR_RANGE);
	assert_err(cairn_tree_consistency_prove(proof, &count, 3, 40, source, &missing), CAIRN_ERR_RANGE);
	assert_int_equal(count, 9);
}

static void
a_leaf_is_hashed_otherwise_than_a_node(void **state)
{
	uint8_t pair[64] = {1}, leaf[32], node[32];

	(void)state;
	cairn_tree_leaf(leaf, pair, sizeof pair);
	cairn_tree_node(node, pair, pair + 32);
	assert_memory_not_equal(leaf, node, 32);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_appended_leaf_by_leaf_has_the_root_of_the_rfc),
		cmocka_unit_test(subtrees_of_any_level_append_like_their_leaves),
		cmocka_unit_test(a_subtree_appends_only_where_it_may_begin),
		cmocka_unit_test(a_tree_ends_below_2_to_the_53),
		cmocka_unit_test(every_leaf_of_every_size_is_proved_and_checks),
		cmocka_unit_test(every_pair_of_sizes_is_proved_and_checks),
		cmocka_unit_test(a_broken_inclusion_proof_does_not_check),
		cmocka_unit_test(a_broken_consistency_proof_does_not_check),
		cmocka_unit_test(a_consistency_proof_is_for_its_two_roots_only),
		cmocka_unit_test(an_inclusion_proof_is_for_its_index_only),
		cmocka_unit_test(a_tree_of_one_leaf_has_no_second),
		cmocka_unit_test(no_growth_takes_no_proof),
		cmocka_unit_test(nothing_is_in_an_empty_tree),
		cmocka_unit_test(no_board_grows_smaller),
		cmocka_unit_test(the_fault_of_a_source_is_handed_up),
		cmocka_unit_test(a_leaf_is_hashed_otherwise_than_a_node),
	};

	return cmocka_run_group_tests_name(__FILE_NAME__, tests, make_leaves, NULL);
}
