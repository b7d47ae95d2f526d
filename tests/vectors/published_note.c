// SPDX-License-Identifier: GPL-3.0-or-later
#include "vectors/published.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "cairn/note.h"

/* c2sp.org/signed-note, mostly of golang.org/x/mod/sumdb/note. */

#define FILE_NAME "signed_note_ed25519.json"

static struct cairn_span
text_of(const json_t *row, const char *key)
{
	const json_t *value = json_object_get(row, key);

	assert_non_null(value);
	return (struct cairn_span){json_string_value(value), json_string_length(value)};
}

static void
the_published_note_is_signed_to_the_byte(void **state)
{
	json_t *file = published_json(FILE_NAME);
	const json_t *row = json_array_get(json_object_get(file, "sign"), 0);
	struct cairn_span skey = text_of(row, "skey"), text = text_of(row, "text");
	struct bytes want = published_base64(json_string_value(json_object_get(row, "note_b64")));
	struct cairn_span name;
	struct bytes seed;
	uint8_t public_key[32], secret[64], out[1024];
	size_t size = 0;

	(void)state;
	/* PRIVATE+KEY+<name>+<hash>+<base64 of type and seed> */
	assert_true(span_is(span_cut(&skey, '+'), "PRIVATE") && span_is(span_cut(&skey, '+'), "KEY"));
	name = span_cut(&skey, '+');
	(void)span_cut(&skey, '+');
	seed = published_base64(skey.text); /* the last piece: its zero is the whole string's */
	assert_int_equal(seed.size, 33);
	crypto_sign_seed_keypair(public_key, secret, seed.at + 1);
	assert_ok(cairn_note_sign(out, sizeof out, &size, text, name, secret));
	assert_bytes(&want, out, size);
	free(want.at);
	free(seed.at);
	json_decref(file);
}

/* Opens a row's note with the row's keys: CAIRN_OK when one of them signed. */
static int
open_row(uint64_t *signed_by, struct cairn_note_key *keys, size_t *count, const json_t *row)
{
	struct bytes bytes = published_base64(json_string_value(json_object_get(row, "note_b64")));
	struct cairn_note note;
	json_t *vkey;
	size_t i;
	int err;

	json_array_foreach(json_object_get(row, "vkeys"), i, vkey) {
		struct cairn_span text = {json_string_value(vkey), json_string_length(vkey)};

		assert_ok(cairn_note_vkey_read(&keys[i], text));
	}
	*count = i;
	err = cairn_note_read(&note, bytes.at, bytes.size);
	if (err == CAIRN_OK)
		err = cairn_note_verify(signed_by, NULL, &note, keys, *count);
	free(bytes.at);
	return err == CAIRN_OK && *signed_by == 0 ? CAIRN_ERR_UNKNOWN : err;
}

/* Exactly the signers that the row names, in whatever order. */
static void
check_signers(uint64_t signed_by, const struct cairn_note_key *keys, size_t count, const json_t *names)
{
	const json_t *name;
	size_t i, found = 0;

	for (size_t k = 0; k < count; k++) {
		if ((signed_by >> k & 1) == 0)
			continue;
		json_array_foreach(names, i, name)
			found += span_is(keys[k].name, json_string_value(name));
	}
	assert_int_equal(found, json_array_size(names));
	assert_int_equal(found, __builtin_popcountll(signed_by));
}

static void
notes_open_or_are_refused_as_published(void **state)
{
	json_t *file = published_json(FILE_NAME);
	json_t *row;
	size_t i, good = 0;

	(void)state;
	json_array_foreach(json_object_get(file, "open"), i, row) {
		struct cairn_note_key keys[CAIRN_NOTE_KEYS_MAX];
		uint64_t signed_by = 0;
		size_t count = 0;
		int err = open_row(&signed_by, keys, &count, row);

		if (published_is(row, "expect", "ok") != (err == CAIRN_OK))
			fail_msg("%s: %s", json_string_value(json_object_get(row, "name")),
			    cairn_strerror(err));
		if (err != CAIRN_OK)
			continue;
		check_signers(signed_by, keys, count, json_object_get(row, "verified"));
		good++;
	}
	assert_int_equal(i, 19);
	assert_int_equal(good, 7);
	json_decref(file);
}

static void
verifier_keys_are_read_or_refused_as_published(void **state)
{
	json_t *file = published_json(FILE_NAME);
	json_t *row;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(file, "vkeys"), i, row) {
		struct cairn_note_key key;
		struct cairn_span text = text_of(row, "vkey");
		char again[512];
		bool valid = json_is_true(json_object_get(row, "valid"));

		if ((cairn_note_vkey_read(&key, text) == CAIRN_OK) != valid)
			fail_msg("%s", text.text);
		if (!valid)
			continue;
		assert_ok(cairn_note_vkey_write(again, sizeof again, &key));
		assert_string_equal(again, text.text);
	}
	assert_int_equal(i, 12);
	json_decref(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_published_note_is_signed_to_the_byte),
	    cmocka_unit_test(notes_open_or_are_refused_as_published),
	    cmocka_unit_test(verifier_keys_are_read_or_refused_as_published),
	};

	return sodium_init() < 0 || RUN_TESTS(tests);
}
