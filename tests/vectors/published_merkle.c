// SPDX-License-Identifier: GPL-3.0-or-later
#include "vectors/published.h"

#include <stdlib.h>
#include <string.h>

#include "cairn/tlog.h"

/* RFC 6962 by transparency-dev/merkle: proofs good and bad, and its reference tree. */

#define TREE_FILE "merkle_rfc6962_reference_tree.json"
#define TREE_LEAVES 8U

/* Numbers as reals: one of them is 2^64 - 1, which is no integer to the library. */
static json_t *
load(const char *name)
{
	char *text = published_text(name);
	json_t *json = json_loads(text, JSON_DECODE_INT_AS_REAL, NULL);

	free(text);
	assert_non_null(json);
	return json;
}

static uint64_t
number(const json_t *row, const char *key)
{
	double value = json_number_value(json_object_get(row, key));

	return value >= 18446744073709551615.0 ? UINT64_MAX : (uint64_t)value;
}

/* False for one of another length: what takes 32 bytes by its type refuses it. */
static bool
hash(uint8_t out[32], const json_t *text)
{
	struct bytes bytes = published_base64(json_is_string(text) ? json_string_value(text) : "");
	bool whole = bytes.size == 32;

	if (whole)
		memcpy(out, bytes.at, 32);
	free(bytes.at);
	return whole;
}

static bool
hashes(uint8_t (*proof)[32], size_t *count, const json_t *list)
{
	const json_t *text;
	size_t i;

	*count = json_array_size(list);
	assert_true(*count <= CAIRN_PROOF_HASHES_MAX);
	json_array_foreach(list, i, text) {
		if (!hash(proof[i], text))
			return false;
	}
	return true;
}

typedef int checker(const json_t *row, const uint8_t (*proof)[32], size_t count, const uint8_t a[32],
    const uint8_t b[32]);

static int
check_inclusion(const json_t *row, const uint8_t (*proof)[32], size_t count, const uint8_t leaf[32],
    const uint8_t root[32])
{
	return cairn_tree_inclusion_check(number(row, "leafIdx"), number(row, "treeSize"), leaf, root,
	    proof, count);
}

static int
check_consistency(const json_t *row, const uint8_t (*proof)[32], size_t count, const uint8_t root1[32],
    const uint8_t root2[32])
{
	return cairn_tree_consistency_check(number(row, "size1"), number(row, "size2"), root1, root2, proof,
	    count);
}

/* Gives each row whose hashes are hashes to check; returns how many there were. */
static size_t
with_each_row(const char *name, checker *check, const char *a_key, const char *b_key)
{
	json_t *file = load(name);
	json_t *row;
	size_t i, checked = 0;

	json_array_foreach(file, i, row) {
		uint8_t proof[CAIRN_PROOF_HASHES_MAX][32], a[32], b[32];
		bool good = json_is_false(json_object_get(row, "wantErr"));
		size_t count = 0;

		if (!hash(a, json_object_get(row, a_key)) || !hash(b, json_object_get(row, b_key)) ||
		    !hashes(proof, &count, json_object_get(row, "proof")))
			continue;
		if ((check(row, (const uint8_t(*)[32])proof, count, a, b) == CAIRN_OK) != good)
			fail_msg("%s", json_string_value(json_object_get(row, "name")));
		checked++;
	}
	assert_int_equal(i, 98);
	json_decref(file);
	return checked;
}

static void
inclusion_proofs_check_or_fail_as_published(void **state)
{
	(void)state;
	assert_int_equal(
	    with_each_row("merkle_rfc6962_inclusion.json", check_inclusion, "leafHash", "root"), 98 - 26);
}

static void
consistency_proofs_check_or_fail_as_published(void **state)
{
	(void)state;
	assert_int_equal(
	    with_each_row("merkle_rfc6962_consistency.json", check_consistency, "root1", "root2"), 98 - 27);
}

static void
assert_hash(const uint8_t found[32], const json_t *hex)
{
	struct bytes want = published_hex(json_string_value(hex), json_string_length(hex));

	assert_bytes(&want, found, 32);
	free(want.at);
}

/* The leaf hashes of the reference tree. */
static json_t *
load_leaves(uint8_t leaves[TREE_LEAVES][32])
{
	json_t *file = published_json(TREE_FILE);
	json_t *hex;
	size_t i;

	json_array_foreach(json_object_get(file, "leaf_inputs"), i, hex) {
		struct bytes input = published_hex(json_string_value(hex), json_string_length(hex));

		assert_true(i < TREE_LEAVES);
		cairn_tree_leaf(leaves[i], input.at, input.size);
		free(input.at);
	}
	assert_int_equal(i, TREE_LEAVES);
	return file;
}

static void
leaves_and_nodes_hash_as_published(void **state)
{
	uint8_t nodes[TREE_LEAVES][32];
	json_t *file = load_leaves(nodes);
	json_t *level, *hex;
	size_t i, j;

	(void)state;
	json_array_foreach(json_object_get(file, "node_hashes_by_level"), i, level) {
		if (i > 0)
			for (j = 0; j < TREE_LEAVES >> i; j++)
				cairn_tree_node(nodes[j], nodes[2 * j], nodes[2 * j + 1]);
		json_array_foreach(level, j, hex)
			assert_hash(nodes[j], hex);
		assert_int_equal(j, TREE_LEAVES >> i);
	}
	assert_int_equal(i, 4);
	json_decref(file);
}

static void
a_growing_tree_has_the_published_roots(void **state)
{
	uint8_t leaves[TREE_LEAVES][32], root[32];
	json_t *file = load_leaves(leaves);
	const json_t *roots = json_object_get(file, "root_hashes");
	struct cairn_tree tree;

	(void)state;
	cairn_tree_init(&tree);
	for (size_t size = 0; size <= TREE_LEAVES; size++) {
		cairn_tree_root(root, &tree);
		assert_hash(root, json_array_get(roots, size));
		if (size < TREE_LEAVES)
			assert_ok(cairn_tree_append(&tree, leaves[size], 0));
	}
	json_decref(file);
}

static int
source(void *arg, uint8_t out[32], unsigned level, uint64_t index)
{
	const uint8_t (*leaves)[32] = arg;
	struct cairn_tree tree;

	cairn_tree_init(&tree);
	for (uint64_t i = index << level; i < (index + 1) << level; i++)
		assert_ok(cairn_tree_append(&tree, leaves[i], 0));
	cairn_tree_root(out, &tree);
	return CAIRN_OK;
}

/* Each good proof of the file is the one that is made here. */
static void
published_proofs_are_made_again(void **state)
{
	uint8_t leaves[TREE_LEAVES][32], want[CAIRN_PROOF_HASHES_MAX][32], made[CAIRN_PROOF_HASHES_MAX][32];
	json_t *tree = load_leaves(leaves);
	json_t *file = load("merkle_rfc6962_inclusion.json");
	json_t *row;
	size_t i, want_count, count, good = 0;

	(void)state;
	json_array_foreach(file, i, row) {
		if (!json_is_false(json_object_get(row, "wantErr")) || number(row, "treeSize") > TREE_LEAVES)
			continue;
		assert_true(hashes(want, &want_count, json_object_get(row, "proof")));
		assert_ok(cairn_tree_inclusion_prove(made, &count, number(row, "leafIdx"), number(row,
		    "treeSize"),
		    source, leaves));
		assert_int_equal(count, want_count);
		assert_memory_equal(made, want, count * 32);
		good++;
	}
	assert_int_equal(good, 6);
	json_decref(file);
	json_decref(tree);
}

static void
the_prefixes_of_leaf_and_node_are_as_published(void **state)
{
	json_t *file = published_json(TREE_FILE);
	const json_t *cases = json_object_get(file, "hash_cases");
	struct bytes input = published_bytes(json_array_get(cases, 0), "input");
	uint8_t found[32];

	(void)state;
	cairn_tree_leaf(found, input.at, input.size);
	assert_hash(found, json_object_get(json_array_get(cases, 0), "hash"));
	free(input.at);
	json_decref(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(inclusion_proofs_check_or_fail_as_published),
	    cmocka_unit_test(consistency_proofs_check_or_fail_as_published),
	    cmocka_unit_test(leaves_and_nodes_hash_as_published),
	    cmocka_unit_test(a_growing_tree_has_the_published_roots),
	    cmocka_unit_test(published_proofs_are_made_again),
	    cmocka_unit_test(the_prefixes_of_leaf_and_node_are_as_published),
	};

	return RUN_TESTS(tests);
}
