// SPDX-License-Identifier: GPL-3.0-or-later
#include "vectors/published.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/text.h"
#include "base/writer.h"
#include "cairn/tlog.h"
#include "lib/signed.h"

/* c2sp.org/tlog-checkpoint, tlog-tiles and tlog-cosignature, of logs that run. */

static struct cairn_note_key
key_of(const json_t *vkey)
{
	struct cairn_note_key key;

	assert_true(json_is_string(vkey));
	assert_ok(cairn_note_vkey_read(&key, span_of(json_string_value(vkey))));
	return key;
}

/* Size and root of a checkpoint of three lines, that key signed. */
static uint64_t
open_checkpoint(uint8_t root[32], const char *text, const struct cairn_note_key *key)
{
	struct cairn_note note;
	struct cairn_span rest;
	uint64_t size = 0;
	size_t root_bytes = 0;

	assert_ok(cairn_note_open(&note, text, strlen(text), key));
	rest = note.text;
	(void)span_cut(&rest, '\n');
	assert_ok(text_number(&size, span_cut(&rest, '\n'), CAIRN_TREE_SIZE_MAX));
	assert_ok(text_base64(root, 32, &root_bytes, span_cut(&rest, '\n')));
	assert_int_equal(root_bytes, 32);
	return size;
}

/* ---- tessera: a log of 15 entries ---- */

static void
check_tile_of(const json_t *file, uint64_t size, const uint8_t (*leaves)[32])
{
	char path[CAIRN_TILE_PATH_MAX];
	const json_t *tile;
	struct bytes want;

	assert_int_equal(cairn_tile_width(size, 0, 0), size);
	cairn_tile_path(path, 0, 0, (unsigned)size);
	tile = json_object_get(json_object_get(file, "hash_tiles"), path);
	assert_true(json_is_string(tile));
	want = published_base64(json_string_value(tile));
	assert_bytes(&want, leaves, (size_t)size * 32);
	free(want.at);
}

/* The leaf hashes of the bundle of that size, its path made here. */
static void
read_bundle(uint8_t (*leaves)[32], const json_t *file, uint64_t size)
{
	char path[CAIRN_TILE_PATH_MAX];
	const json_t *text;
	struct bytes bundle;
	const uint8_t *entry, *at;
	size_t bytes, left;

	cairn_tile_path(path, CAIRN_TILE_ENTRIES, 0, (unsigned)size);
	text = json_object_get(json_object_get(file, "entry_bundles"), path);
	assert_true(json_is_string(text));
	bundle = published_base64(json_string_value(text));
	at = bundle.at;
	left = bundle.size;
	for (uint64_t i = 0; i < size; i++) {
		assert_ok(cairn_bundle_next(&entry, &bytes, &at, &left));
		cairn_tree_leaf(leaves[i], entry, bytes);
	}
	assert_int_equal(left, 0);
	free(bundle.at);
}

static void
a_published_log_is_followed_from_empty_to_15(void **state)
{
	json_t *file = published_json("tlog_tiles_tessera_log.json");
	struct cairn_note_key key = key_of(json_object_get(file, "vkey"));
	uint8_t leaves[15][32], root[32], own[32];
	json_t *checkpoint;
	size_t size;

	(void)state;
	json_array_foreach(json_object_get(file, "checkpoints"), size, checkpoint) {
		struct cairn_tree tree;

		assert_true(size <= 15);
		assert_int_equal(open_checkpoint(root, json_string_value(checkpoint), &key), size);
		cairn_tree_init(&tree);
		if (size > 0) {
			read_bundle(leaves, file, size);
			check_tile_of(file, size, (const uint8_t(*)[32])leaves);
		}
		for (size_t i = 0; i < size; i++)
			assert_ok(cairn_tree_append(&tree, leaves[i], 0));
		cairn_tree_root(own, &tree);
		assert_memory_equal(own, root, 32);
	}
	assert_int_equal(size, 16);
	json_decref(file);
}

/* ---- sunlight: a mirror of 300 entries, and cosignatures ---- */

static void
a_published_log_of_300_is_its_tiles(void **state)
{
	json_t *file = published_json("tlog_mirror_cosignature_sunlight.json");
	const json_t *mirror = json_object_get(file, "mirror"), *tiles = json_object_get(mirror, "tiles");
	struct cairn_note_key key = key_of(json_object_get(mirror, "vkey"));
	struct bytes full = published_base64(json_string_value(json_object_get(tiles, "tile/0/000")));
	struct bytes part = published_base64(json_string_value(json_object_get(tiles, "tile/0/001.p/44")));
	struct bytes above = published_base64(json_string_value(json_object_get(tiles, "tile/1/000.p/1")));
	uint8_t root[32], own[32];
	struct cairn_tree tree;
	uint64_t size;

	(void)state;
	size = open_checkpoint(root, json_string_value(json_object_get(mirror, "checkpoint")), &key);
	assert_int_equal(size, 300);
	assert_int_equal(full.size, 256 * 32);
	assert_int_equal(part.size, 44 * 32);
	cairn_tree_init(&tree);
	for (size_t i = 0; i < 256; i++)
		assert_ok(cairn_tree_append(&tree, full.at + i * 32, 0));
	cairn_tree_root(own, &tree);
	assert_bytes(&above, own, 32);
	cairn_tree_init(&tree);
	assert_ok(cairn_tree_append(&tree, above.at, 8));
	for (size_t i = 0; i < 44; i++)
		assert_ok(cairn_tree_append(&tree, part.at + i * 32, 0));
	cairn_tree_root(own, &tree);
	assert_memory_equal(own, root, 32);
	free(full.at);
	free(part.at);
	free(above.at);
	json_decref(file);
}

static void
cosignatures_of_published_witnesses_verify(void **state)
{
	static const char *const names[] = {"mirror", "witness", "witness2"};
	json_t *file = published_json("tlog_mirror_cosignature_sunlight.json");

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const json_t *row = json_object_get(file, names[i]);
		const char *text = json_string_value(json_object_get(row, "checkpoint"));
		struct cairn_note_key key = key_of(json_object_get(row, "vkey"));
		uint64_t signed_by = 0, time = 0;
		struct cairn_note note;

		assert_ok(cairn_note_read(&note, text, strlen(text)));
		assert_ok(cairn_note_verify(&signed_by, &time, &note, &key, 1));
		assert_int_equal(signed_by, 1);
		assert_int_equal(time, 1767139200);
	}
	json_decref(file);
}

/* ---- sigsum: lines of cosignatures ---- */

static void
cosignature_lines_count_as_published(void **state)
{
	json_t *file = published_json("tlog_cosignature_v1_sigsum.json");
	struct cairn_note_key key = key_of(json_object_get(file, "vkey"));
	const char *body = json_string_value(json_object_get(file, "body"));
	json_t *row;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(file, "lines"), i, row) {
		uint64_t signed_by = 0, time = 0;
		struct cairn_note note;
		char text[1024];
		int size = snprintf(text, sizeof text, "%s\n%s\n", body,
		    json_string_value(json_object_get(row, "line")));
		bool counts;

		assert_ok(cairn_note_read(&note, text, (size_t)size));
		counts = cairn_note_verify(&signed_by, &time, &note, &key, 1) == CAIRN_OK && signed_by == 1;
		assert_int_equal(counts, published_is(row, "expect", "accept"));
		assert_int_equal(time, counts ? 1234 : 0);
	}
	assert_int_equal(i, 4);
	json_decref(file);
}

static void
a_cosignature_is_made_to_the_byte(void **state)
{
	json_t *file = published_json("tlog_cosignature_v1_sigsum.json");
	struct bytes seed = published_bytes(file, "seed_hex");
	const char *body = json_string_value(json_object_get(file, "body"));
	const json_t *accepted = json_array_get(json_object_get(file, "lines"), 1);
	uint8_t public_key[32], secret[64], out[1024];
	char want[1024];
	size_t size;

	(void)state;
	crypto_sign_seed_keypair(public_key, secret, seed.at);
	size = (size_t)snprintf((char *)out, sizeof out, "%s\n\xe2\x80\x94 x AAAAAAAA\n", body);
	assert_ok(cairn_note_cosign(out, sizeof out, &size, span_of("example.org/witness"), 1234, secret));
	snprintf(want, sizeof want, "%s\n\xe2\x80\x94 x AAAAAAAA\n%s\n", body,
	    json_string_value(json_object_get(accepted, "line")));
	assert_int_equal(size, strlen(want));
	assert_memory_equal(out, want, size);
	free(seed.at);
	json_decref(file);
}

/* ---- sigsum proofs: the same signatures and proofs in another dress ---- */

struct proof {
	uint8_t log[32], key_hash[32], leaf_signature[64], root[32], signature[64], witness[32],
	    cosignature[64];
	uint8_t nodes[CAIRN_PROOF_HASHES_MAX][32];
	uint64_t size, index, time;
	size_t node_count;
	bool cosigned;
};

static void
proof_line(struct proof *proof, struct cairn_span keyword, struct cairn_span value)
{
	if (span_is(keyword, "log")) {
		assert_ok(text_hex(proof->log, 32, value));
	} else if (span_is(keyword, "leaf")) {
		assert_ok(text_hex(proof->key_hash, 32, span_cut(&value, ' ')));
		assert_ok(text_hex(proof->leaf_signature, 64, value));
	} else if (span_is(keyword, "size")) {
		assert_ok(text_number(&proof->size, value, CAIRN_TREE_SIZE_MAX));
	} else if (span_is(keyword, "root_hash")) {
		assert_ok(text_hex(proof->root, 32, value));
	} else if (span_is(keyword, "signature")) {
		assert_ok(text_hex(proof->signature, 64, value));
	} else if (span_is(keyword, "cosignature")) {
		assert_ok(text_hex(proof->witness, 32, span_cut(&value, ' ')));
		assert_ok(text_number(&proof->time, span_cut(&value, ' '), UINT64_MAX));
		assert_ok(text_hex(proof->cosignature, 64, value));
		proof->cosigned = true;
	} else if (span_is(keyword, "leaf_index")) {
		assert_ok(text_number(&proof->index, value, CAIRN_TREE_SIZE_MAX));
	} else if (span_is(keyword, "node_hash")) {
		assert_ok(text_hex(proof->nodes[proof->node_count++], 32, value));
	}
}

static void
proof_read(struct proof *proof, const json_t *row)
{
	struct cairn_span rest = span_of(json_string_value(json_object_get(row, "proof")));

	memset(proof, 0, sizeof *proof);
	while (rest.size > 0) {
		struct cairn_span value = span_cut(&rest, '\n');
		struct cairn_span keyword = span_cut(&value, '=');

		proof_line(proof, keyword, value);
	}
}

static struct cairn_note_key
sigsum_key(const char *name, uint8_t type, const json_t *row, const char *field)
{
	struct bytes public_key = published_bytes(row, field);
	struct cairn_note_key key = {.name = span_of(name), .type = type};

	assert_int_equal(public_key.size, 32);
	memcpy(key.key, public_key.at, 32);
	free(public_key.at);
	return key;
}

static void
note_line_of(struct writer *w, const struct cairn_note_key *key, const uint8_t *rest, size_t size)
{
	uint8_t payload[4 + 72];

	cairn_note_key_id(payload, key);
	memcpy(payload + 4, rest, size);
	write_text(w, "\xe2\x80\x94 ");
	write_bytes(w, key->name.text, key->name.size);
	write_text(w, " ");
	write_base64(w, payload, 4 + size);
	write_text(w, "\n");
}

/* The tree head of a proof as the checkpoint that was signed. */
static void
check_tree_head(const struct proof *proof, const json_t *row)
{
	char origin[128] = "sigsum.org/v1/tree/";
	uint8_t room[2048], cosignature[72];
	struct cairn_note_key keys[2];
	uint64_t signed_by = 0;
	struct cairn_note note;
	struct writer w;

	sodium_bin2hex(origin + strlen(origin), 65, proof->log, 32);
	keys[0] = sigsum_key(origin, CAIRN_KEY_ED25519, row, "log_pub_hex");
	writer_init(&w, room, sizeof room);
	write_text(&w, origin);
	write_text(&w, "\n");
	write_decimal(&w, proof->size);
	write_text(&w, "\n");
	write_base64(&w, proof->root, 32);
	write_text(&w, "\n\n");
	note_line_of(&w, &keys[0], proof->signature, 64);
	if (proof->cosigned) {
		keys[1] = sigsum_key("witness", CAIRN_KEY_COSIGNATURE, row, "witness_pub_hex");
		put_u64(cosignature, proof->time);
		memcpy(cosignature + 8, proof->cosignature, 64);
		note_line_of(&w, &keys[1], cosignature, sizeof cosignature);
	}
	assert_false(w.failed);
	assert_ok(cairn_note_read(&note, room, w.used));
	assert_ok(cairn_note_verify(&signed_by, NULL, &note, keys, proof->cosigned ? 2 : 1));
	assert_int_equal(signed_by, proof->cosigned ? 3 : 1);
}

static void
check_leaf(const struct proof *proof, const json_t *row)
{
	struct bytes message = published_bytes(row, "message_hash_hex");
	uint8_t leaf[128], hash[32];

	crypto_hash_sha256(leaf, message.at, message.size);
	memcpy(leaf + 32, proof->leaf_signature, 64);
	memcpy(leaf + 96, proof->key_hash, 32);
	cairn_tree_leaf(hash, leaf, sizeof leaf);
	assert_ok(cairn_tree_inclusion_check(proof->index, proof->size, hash, proof->root,
	    (const uint8_t(*)[32])proof->nodes, proof->node_count));
	free(message.at);
}

static void
published_proofs_of_sigsum_hold(void **state)
{
	json_t *file = published_json("sigsum_proof_v2.json");
	json_t *row;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(file, "proofs"), i, row) {
		struct proof proof;

		proof_read(&proof, row);
		check_tree_head(&proof, row);
		check_leaf(&proof, row);
	}
	assert_int_equal(i, 2);
	json_decref(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_published_log_is_followed_from_empty_to_15),
	    cmocka_unit_test(a_published_log_of_300_is_its_tiles),
	    cmocka_unit_test(cosignatures_of_published_witnesses_verify),
	    cmocka_unit_test(cosignature_lines_count_as_published),
	    cmocka_unit_test(a_cosignature_is_made_to_the_byte),
	    cmocka_unit_test(published_proofs_of_sigsum_hold),
	};

	return sodium_init() < 0 || RUN_TESTS(tests);
}
