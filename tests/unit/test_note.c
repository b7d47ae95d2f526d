// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "cairn/note.h"
#include "lib/signed.h"

#define TEXT "two lines\nof text\n"
#define NAME "name.example/a"

static struct signer alice, bob;
static struct signed_note note;

static int
set_up(void **state)
{
	(void)state;
	signer_init(&alice, 1);
	signer_init(&bob, 2);
	note.size = 0;
	return cairn_note_sign(note.bytes, sizeof note.bytes, &note.size, span_of(TEXT), span_of(NAME),
	    alice.secret);
}

static struct cairn_note_key
key_of(const struct signer *signer, const char *name, uint8_t type)
{
	struct cairn_note_key key = {.name = span_of(name), .type = type};

	memcpy(key.key, signer->key, sizeof key.key);
	return key;
}

static struct cairn_note_key
alice_key(void)
{
	return key_of(&alice, NAME, CAIRN_KEY_ED25519);
}

static void
append(const char *text)
{
	memcpy(note.bytes + note.size, text, strlen(text));
	note.size += strlen(text);
}

static int
open_it(void)
{
	struct cairn_note_key key = alice_key();
	struct cairn_note opened;

	return cairn_note_open(&opened, note.bytes, note.size, &key);
}

static int
read_text(const char *text)
{
	struct cairn_note read;

	return cairn_note_read(&read, text, strlen(text));
}

static void
a_signed_note_opens_with_its_key(void **state)
{
	struct cairn_note_key key = alice_key();
	struct cairn_note opened;

	(void)state;
	assert_ok(cairn_note_open(&opened, note.bytes, note.size, &key));
	assert_int_equal(opened.text.size, strlen(TEXT));
	assert_memory_equal(opened.text.text, TEXT, strlen(TEXT));
}

static void
every_bit_of_a_note_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < note.size * 8; i++) {
		note.bytes[i / 8] ^= (uint8_t)(1U << i % 8);
		assert_int_not_equal(open_it(), CAIRN_OK);
		note.bytes[i / 8] ^= (uint8_t)(1U << i % 8);
	}
	assert_ok(open_it());
}

static void
no_part_of_a_note_is_a_note(void **state)
{
	size_t whole = note.size;

	(void)state;
	for (note.size = 0; note.size < whole; note.size++)
		assert_int_not_equal(open_it(), CAIRN_OK);
}

static void
another_key_did_not_sign(void **state)
{
	struct cairn_note_key key = key_of(&bob, NAME, CAIRN_KEY_ED25519);
	struct cairn_note opened;

	(void)state;
	assert_err(cairn_note_open(&opened, note.bytes, note.size, &key), CAIRN_ERR_CRYPTO);
	assert_null(opened.text.text);
}

static void
the_same_key_under_another_name_did_not_sign(void **state)
{
	struct cairn_note_key key = key_of(&alice, NAME "x", CAIRN_KEY_ED25519);
	struct cairn_note opened;

	(void)state;
	assert_err(cairn_note_open(&opened, note.bytes, note.size, &key), CAIRN_ERR_CRYPTO);
}

static void
a_line_of_an_unknown_key_is_passed_over(void **state)
{
	(void)state;
	append("\xe2\x80\x94 stranger AAAAAAAA\n");
	assert_ok(open_it());
}

static void
a_line_of_a_long_unknown_signature_is_passed_over(void **state)
{
	char line[5000] = "\xe2\x80\x94 stranger ";
	size_t size = strlen(line);

	(void)state;
	memset(line + size, 'A', 4000);
	line[size + 4000] = '\n';
	append(line);
	assert_ok(open_it());
}

static void
a_wrong_signature_of_a_known_key_refuses_even_behind_a_good_one(void **state)
{
	struct signed_note other = {.size = 0};
	const char *line;

	(void)state;
	assert_ok(cairn_note_sign(other.bytes, sizeof other.bytes, &other.size, span_of("other\n"),
	    span_of(NAME),
	    alice.secret));
	other.bytes[other.size] = 0;
	line = strstr((char *)other.bytes, "\xe2\x80\x94");
	append(line);
	assert_err(open_it(), CAIRN_ERR_CRYPTO);
}

static void
a_known_key_with_a_signature_of_another_size_refuses(void **state)
{
	struct cairn_note_key key = alice_key();
	uint8_t payload[4 + 65] = {0};
	char base64[128];

	(void)state;
	cairn_note_key_id(payload, &key);
	sodium_bin2base64(base64, sizeof base64, payload, sizeof payload, sodium_base64_VARIANT_ORIGINAL);
	append("\xe2\x80\x94 " NAME " ");
	append(base64);
	append("\n");
	assert_err(open_it(), CAIRN_ERR_CRYPTO);
}

static void
a_known_witness_with_a_signature_of_another_size_refuses(void **state)
{
	struct cairn_note_key key = key_of(&bob, "c", CAIRN_KEY_COSIGNATURE);
	uint64_t signed_by = 1;
	struct cairn_note read;

	(void)state;
	assert_ok(cairn_note_cosign(note.bytes, sizeof note.bytes, &note.size, span_of("c"), 1, bob.secret));
	/* 76 bytes are 102 characters and two of padding: one byte more fits into the same length. */
	memcpy(note.bytes + note.size - 3, "A=\n", 3);
	assert_ok(cairn_note_read(&read, note.bytes, note.size));
	assert_err(cairn_note_verify(&signed_by, NULL, &read, &key, 1), CAIRN_ERR_CRYPTO);
}

static void
a_key_of_an_unknown_kind_verifies_nothing(void **state)
{
	struct cairn_note_key key = key_of(&alice, NAME, 0x02);
	struct cairn_note opened;
	uint8_t payload[4 + 64];
	char base64[128];

	(void)state;
	cairn_note_key_id(payload, &key);
	crypto_sign_detached(payload + 4, NULL, (const uint8_t *)TEXT, strlen(TEXT), alice.secret);
	sodium_bin2base64(base64, sizeof base64, payload, sizeof payload, sodium_base64_VARIANT_ORIGINAL);
	note.size = (size_t)snprintf((char *)note.bytes, sizeof note.bytes,
	    TEXT "\n\xe2\x80\x94 " NAME " %s\n", base64);
	assert_err(cairn_note_open(&opened, note.bytes, note.size, &key), CAIRN_ERR_CRYPTO);
}

static void
verify_says_which_keys_signed(void **state)
{
	struct cairn_note_key keys[3] = {
		key_of(&bob, "b", CAIRN_KEY_ED25519), alice_key(), key_of(&bob, "c", CAIRN_KEY_COSIGNATURE)};
	uint64_t times[3] = {7, 7, 7}, signed_by = 0;
	struct cairn_note read;

	(void)state;
	assert_ok(cairn_note_cosign(note.bytes, sizeof note.bytes, &note.size, span_of("c"), 1700000000,
	    bob.secret));
	assert_ok(cairn_note_read(&read, note.bytes, note.size));
	assert_ok(cairn_note_verify(&signed_by, times, &read, keys, 3));
	assert_int_equal(signed_by, 6);
	assert_int_equal(times[0], 0);
	assert_int_equal(times[1], 0);
	assert_int_equal(times[2], 1700000000);
}

static void
of_two_cosignatures_of_a_key_the_newest_time_counts(void **state)
{
	struct cairn_note_key key = key_of(&bob, "c", CAIRN_KEY_COSIGNATURE);
	uint64_t time = 0, signed_by = 0;
	struct cairn_note read;

	(void)state;
	assert_ok(cairn_note_cosign(note.bytes, sizeof note.bytes, &note.size, span_of("c"), 20, bob.secret));
	assert_ok(cairn_note_cosign(note.bytes, sizeof note.bytes, &note.size, span_of("c"), 10, bob.secret));
	assert_ok(cairn_note_read(&read, note.bytes, note.size));
	assert_ok(cairn_note_verify(&signed_by, &time, &read, &key, 1));
	assert_int_equal(time, 20);
}

static void
a_cosignature_is_no_plain_signature(void **state)
{
	struct cairn_note_key key = key_of(&bob, "c", CAIRN_KEY_ED25519);
	uint64_t signed_by = 1;
	struct cairn_note read;

	(void)state;
	assert_ok(cairn_note_cosign(note.bytes, sizeof note.bytes, &note.size, span_of("c"), 20, bob.secret));
	assert_ok(cairn_note_read(&read, note.bytes, note.size));
	assert_ok(cairn_note_verify(&signed_by, NULL, &read, &key, 1));
	assert_int_equal(signed_by, 0);
}

static void
a_cosignature_of_another_time_is_wrong(void **state)
{
	struct cairn_note_key key = key_of(&bob, "c", CAIRN_KEY_COSIGNATURE);
	uint64_t signed_by = 1;
	struct cairn_note read;
	char *at;

	(void)state;
	assert_ok(cairn_note_cosign(note.bytes, sizeof note.bytes, &note.size, span_of("c"), 1, bob.secret));
	note.bytes[note.size] = 0;
	at = strstr((char *)note.bytes, " c ");
	at[3 + 15] = 'C'; /* into the last bits of the time */
	assert_ok(cairn_note_read(&read, note.bytes, note.size));
	assert_err(cairn_note_verify(&signed_by, NULL, &read, &key, 1), CAIRN_ERR_CRYPTO);
	assert_int_equal(signed_by, 0);
}

static void
two_keys_that_cannot_be_told_apart_refuse(void **state)
{
	struct cairn_note_key keys[2] = {alice_key(), alice_key()};
	uint64_t signed_by = 0;
	struct cairn_note read;

	(void)state;
	assert_ok(cairn_note_read(&read, note.bytes, note.size));
	assert_err(cairn_note_verify(&signed_by, NULL, &read, keys, 2), CAIRN_ERR_CRYPTO);
}

static void
more_keys_than_fit_are_out_of_range(void **state)
{
	static struct cairn_note_key keys[CAIRN_NOTE_KEYS_MAX + 1];
	uint64_t signed_by = 1;
	struct cairn_note read;

	(void)state;
	assert_ok(cairn_note_read(&read, note.bytes, note.size));
	assert_err(cairn_note_verify(&signed_by, NULL, &read, keys, CAIRN_NOTE_KEYS_MAX + 1), CAIRN_ERR_RANGE);
}

static void
a_hundred_signatures_are_read_and_no_more(void **state)
{
	struct cairn_note read;

	(void)state;
	for (int i = 1; i < 100; i++)
		append("\xe2\x80\x94 stranger AAAAAAAA\n");
	assert_ok(cairn_note_read(&read, note.bytes, note.size));
	append("\xe2\x80\x94 stranger AAAAAAAA\n");
	assert_err(cairn_note_read(&read, note.bytes, note.size), CAIRN_ERR_FORMAT);
}

static void
cosigning_does_not_make_a_note_of_too_many_signatures(void **state)
{
	size_t before;

	(void)state;
	for (int i = 1; i < 100; i++)
		append("\xe2\x80\x94 stranger AAAAAAAA\n");
	before = note.size;
	assert_err(cairn_note_cosign(note.bytes, sizeof note.bytes, &note.size, span_of("c"), 1, bob.secret),
	    CAIRN_ERR_RANGE);
	assert_int_equal(note.size, before);
}

static void
forms_that_are_no_note_are_refused(void **state)
{
	static const char *const wrong[] = {
		"", "\n", "\n\n", "text\n", "text\n\n", "text\n\nline\n", "text\n\n\xe2\x80\x94 n AAAAAAAA",
		"text\n\n\xe2\x80\x94 n AAAAAAAA\n\n", "text\n\n\xe2\x80\x94 n AAAAAAAA\nmore\n",
		"text\n\n- n AAAAAAAA\n", "text\n\n\xe2\x80\x94n AAAAAAAA\n", "text\n\n\xe2\x80\x94 n\n",
		"text\n\n\xe2\x80\x94  AAAAAAAA\n", "text\n\n\xe2\x80\x94 n  AAAAAAAA\n",
		"text\n\n\xe2\x80\x94 n AAAAAAAA \n", "text\n\n\xe2\x80\x94 a+b AAAAAAAA\n",
		"text\n\n\xe2\x80\x94 a\xc2\xa0" "b AAAAAAAA\n", "text\n\n\xe2\x80\x94 n AAAAAA==\n",
		"text\n\n\xe2\x80\x94 n AAAAAAB=\n", "text\n\n\xe2\x80\x94 n AAAAAAA\n",
		"text\n\n\xe2\x80\x94 n AAAAAA_A\n",
		"te\rxt\n\n\xe2\x80\x94 n AAAAAAAA\n", "te\txt\n\n\xe2\x80\x94 n AAAAAAAA\n",
		"te\xffxt\n\n\xe2\x80\x94 n AAAAAAAA\n", "te\xed\xa0\x80xt\n\n\xe2\x80\x94 n AAAAAAAA\n",
	};

	(void)state;
	assert_ok(read_text("text\n\n\xe2\x80\x94 n AAAAAAAA\n"));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_err(read_text(wrong[i]), CAIRN_ERR_FORMAT);
}

static void
padding_inside_a_long_signature_is_refused(void **state)
{
	char text[1024] = "text\n\n\xe2\x80\x94 n ";
	size_t at = strlen(text);

	(void)state;
	memset(text + at, 'A', 256);
	text[at + 256] = '\n';
	assert_ok(read_text(text));
	text[at + 127] = '=';
	assert_err(read_text(text), CAIRN_ERR_FORMAT);
}

static void
the_last_empty_line_ends_the_text(void **state)
{
	static const char text[] = "a\n\nb\n\n\xe2\x80\x94 n AAAAAAAA\n";
	struct cairn_note read;

	(void)state;
	assert_ok(cairn_note_read(&read, text, sizeof text - 1));
	assert_int_equal(read.text.size, 5);
}

static void
a_note_over_its_maximum_is_refused(void **state)
{
	static uint8_t bytes[CAIRN_NOTE_BYTES_MAX + 1];
	static const char end[] = "\n\n\xe2\x80\x94 n AAAAAAAA\n";
	size_t size = sizeof end - 1;
	struct cairn_note read;

	(void)state;
	memset(bytes, 'x', sizeof bytes);
	memcpy(bytes + CAIRN_NOTE_BYTES_MAX - size, end, size);
	assert_ok(cairn_note_read(&read, bytes, CAIRN_NOTE_BYTES_MAX));
	memmove(bytes + CAIRN_NOTE_BYTES_MAX + 1 - size, end, size);
	bytes[CAIRN_NOTE_BYTES_MAX - size] = 'x';
	assert_err(cairn_note_read(&read, bytes, CAIRN_NOTE_BYTES_MAX + 1), CAIRN_ERR_FORMAT);
}

static void
what_is_no_text_is_not_signed(void **state)
{
	static const char *const wrong[] = {"", "no newline", "a\rb\n", "\xff\n"};
	uint8_t out[512];
	size_t bytes = 7;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_err(cairn_note_sign(out, sizeof out, &bytes, span_of(wrong[i]), span_of(NAME),
		    alice.secret),
		    CAIRN_ERR_FORMAT);
	assert_err(cairn_note_sign(out, sizeof out, &bytes, span_of(TEXT), span_of("a b"), alice.secret),
	    CAIRN_ERR_FORMAT);
	assert_int_equal(bytes, 7);
}

static void
signing_needs_room_to_the_last_byte(void **state)
{
	uint8_t out[512];
	size_t bytes = 0;

	(void)state;
	for (size_t room = 0; room < note.size; room++)
		assert_err(cairn_note_sign(out, room, &bytes, span_of(TEXT), span_of(NAME), alice.secret),
		    CAIRN_ERR_SPACE);
	assert_ok(cairn_note_sign(out, note.size, &bytes, span_of(TEXT), span_of(NAME), alice.secret));
}

static void
a_note_that_would_be_too_long_is_not_signed(void **state)
{
	static char text[CAIRN_NOTE_BYTES_MAX];
	static uint8_t out[2 * CAIRN_NOTE_BYTES_MAX];
	size_t bytes = 7, own = note.size - strlen(TEXT);

	(void)state;
	memset(text, 'x', sizeof text);
	text[CAIRN_NOTE_BYTES_MAX - own] = '\n';
	assert_err(cairn_note_sign(out, sizeof out, &bytes, (struct cairn_span){text,
	    CAIRN_NOTE_BYTES_MAX - own + 1},
	               span_of(NAME), alice.secret),
	    CAIRN_ERR_RANGE);
	text[CAIRN_NOTE_BYTES_MAX - own - 1] = '\n';
	assert_ok(cairn_note_sign(out, sizeof out, &bytes, (struct cairn_span){text,
	    CAIRN_NOTE_BYTES_MAX - own},
	    span_of(NAME), alice.secret));
	assert_int_equal(bytes, CAIRN_NOTE_BYTES_MAX);
}

static void
a_text_too_long_to_cosign_is_refused(void **state)
{
	static char text[CAIRN_NOTE_COSIGNED_MAX + 64];

	(void)state;
	memset(text, 'x', CAIRN_NOTE_COSIGNED_MAX + 32);
	text[CAIRN_NOTE_COSIGNED_MAX + 32] = '\n';
	assert_ok(cairn_note_sign(note.bytes, sizeof note.bytes, &note.size, span_of(text), span_of(NAME),
	    alice.secret));
	assert_err(cairn_note_cosign(note.bytes, sizeof note.bytes, &note.size, span_of("c"), 1, bob.secret),
	    CAIRN_ERR_RANGE);
}

static void
a_verifier_key_is_read_as_it_is_written(void **state)
{
	struct cairn_note_key key = key_of(&bob, "witness.example/w", CAIRN_KEY_COSIGNATURE), read;
	char text[128];

	(void)state;
	assert_ok(cairn_note_vkey_write(text, sizeof text, &key));
	assert_ok(cairn_note_vkey_read(&read, span_of(text)));
	assert_int_equal(read.type, CAIRN_KEY_COSIGNATURE);
	assert_memory_equal(read.key, bob.key, 32);
	assert_int_equal(read.name.size, key.name.size);
	assert_err(cairn_note_vkey_write(text, strlen(text), &key), CAIRN_ERR_SPACE);
}

static void
a_verifier_key_with_a_changed_character_is_refused(void **state)
{
	struct cairn_note_key key = key_of(&bob, "w", CAIRN_KEY_COSIGNATURE), read;
	char text[128];

	(void)state;
	assert_ok(cairn_note_vkey_write(text, sizeof text, &key));
	for (size_t i = 0, size = strlen(text); i < size; i++) {
		text[i] ^= 1;
		assert_err(cairn_note_vkey_read(&read, span_of(text)), CAIRN_ERR_FORMAT);
		text[i] ^= 1;
	}
}

static void
a_verifier_key_of_an_unknown_kind_is_refused(void **state)
{
	struct cairn_note_key key = key_of(&bob, "w", 0x02), read;
	char text[128];

	(void)state;
	assert_ok(cairn_note_vkey_write(text, sizeof text, &key));
	assert_err(cairn_note_vkey_read(&read, span_of(text)), CAIRN_ERR_FORMAT);
}

static void
names_have_no_white_space_and_no_plus(void **state)
{
	static const char *const wrong[] = {"", " ", "a b", "a+", "a\tb", "a\xc2\x85", "\xe3\x80\x80",
	    "\xe2\x80\xa8",
		"\xff"};
	char longest[CAIRN_NOTE_NAME_MAX + 2];

	(void)state;
	assert_true(cairn_note_name_ok(span_of("\xd0\xb8\xd0\xbc\xd1\x8f.example/x")));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(cairn_note_name_ok(span_of(wrong[i])));
	memset(longest, 'n', sizeof longest);
	assert_true(cairn_note_name_ok((struct cairn_span){longest, CAIRN_NOTE_NAME_MAX}));
	assert_false(cairn_note_name_ok((struct cairn_span){longest, CAIRN_NOTE_NAME_MAX + 1}));
}

static void
the_names_of_a_desk_fit_their_room(void **state)
{
	uint8_t desk_id[CAIRN_HASH_BYTES] = {0xab};
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_span span = cairn_key_name(name, desk_id, "identity");

	(void)state;
	assert_int_equal(span.size, strlen("cairn/") + 64 + strlen("/identity"));
	assert_int_equal(strlen(name), span.size);
	assert_memory_equal(name, "cairn/ab00", 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_signed_note_opens_with_its_key, set_up),
		cmocka_unit_test_setup(every_bit_of_a_note_counts, set_up),
		cmocka_unit_test_setup(no_part_of_a_note_is_a_note, set_up),
		cmocka_unit_test_setup(another_key_did_not_sign, set_up),
		cmocka_unit_test_setup(the_same_key_under_another_name_did_not_sign, set_up),
		cmocka_unit_test_setup(a_line_of_an_unknown_key_is_passed_over, set_up),
		cmocka_unit_test_setup(a_line_of_a_long_unknown_signature_is_passed_over, set_up),
		cmocka_unit_test_setup(a_wrong_signature_of_a_known_key_refuses_even_behind_a_good_one, set_up),
		cmocka_unit_test_setup(a_known_key_with_a_signature_of_another_size_refuses, set_up),
		cmocka_unit_test_setup(a_known_witness_with_a_signature_of_another_size_refuses, set_up),
		cmocka_unit_test_setup(a_key_of_an_unknown_kind_verifies_nothing, set_up),
		cmocka_unit_test_setup(verify_says_which_keys_signed, set_up),
		cmocka_unit_test_setup(of_two_cosignatures_of_a_key_the_newest_time_counts, set_up),
		cmocka_unit_test_setup(a_cosignature_is_no_plain_signature, set_up),
		cmocka_unit_test_setup(a_cosignature_of_another_time_is_wrong, set_up),
		cmocka_unit_test_setup(two_keys_that_cannot_be_told_apart_refuse, set_up),
		cmocka_unit_test_setup(more_keys_than_fit_are_out_of_range, set_up),
		cmocka_unit_test_setup(a_hundred_signatures_are_read_and_no_more, set_up),
		cmocka_unit_test_setup(cosigning_does_not_make_a_note_of_too_many_signatures, set_up),
		cmocka_unit_test(forms_that_are_no_note_are_refused),
		cmocka_unit_test(padding_inside_a_long_signature_is_refused),
		cmocka_unit_test(the_last_empty_line_ends_the_text),
		cmocka_unit_test(a_note_over_its_maximum_is_refused),
		cmocka_unit_test_setup(what_is_no_text_is_not_signed, set_up),
		cmocka_unit_test_setup(signing_needs_room_to_the_last_byte, set_up),
		cmocka_unit_test_setup(a_note_that_would_be_too_long_is_not_signed, set_up),
		cmocka_unit_test_setup(a_text_too_long_to_cosign_is_refused, set_up),
		cmocka_unit_test_setup(a_verifier_key_is_read_as_it_is_written, set_up),
		cmocka_unit_test_setup(a_verifier_key_with_a_changed_character_is_refused, set_up),
		cmocka_unit_test_setup(a_verifier_key_of_an_unknown_kind_is_refused, set_up),
		cmocka_unit_test(names_have_no_white_space_and_no_plus),
		cmocka_unit_test(the_names_of_a_desk_fit_their_room),
	};

	return RUN_TESTS(tests);
}
