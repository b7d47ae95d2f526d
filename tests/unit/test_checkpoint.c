// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "cairn/tlog.h"
#include "lib/signed.h"

#define ORIGIN "cairn/00/board"

static struct signer board, witness, stranger;
static struct cairn_note_key keys[2];
static struct cairn_checkpoint written;
static struct signed_note note;

static int
set_up(void **state)
{
	(void)state;
	signer_init(&board, 1);
	signer_init(&witness, 2);
	signer_init(&stranger, 3);
	keys[0] = (struct cairn_note_key){.name = span_of(ORIGIN), .type = CAIRN_KEY_ED25519};
	memcpy(keys[0].key, board.key, 32);
	keys[1] = (struct cairn_note_key){.name = span_of("w.example/1"), .type = CAIRN_KEY_COSIGNATURE};
	memcpy(keys[1].key, witness.key, 32);
	written = (struct cairn_checkpoint){.size = 300, .hour = 480000, .root = {1}};
	written.card_hash[0] = 2;
	written.days_hash[0] = 3;
	written.epochs_hash[0] = 4;
	return cairn_checkpoint_sign(note.bytes, sizeof note.bytes, &note.size, &written, span_of(ORIGIN),
	    board.secret);
}

static int
open_it(uint64_t *signed_by)
{
	struct cairn_checkpoint checkpoint;

	return cairn_checkpoint_open(&checkpoint, signed_by, note.bytes, note.size, keys, 2);
}

static void
a_checkpoint_opens_to_what_was_signed(void **state)
{
	struct cairn_checkpoint read;
	uint64_t signed_by = 0;

	(void)state;
	assert_ok(cairn_checkpoint_open(&read, &signed_by, note.bytes, note.size, keys, 2));
	assert_int_equal(signed_by, 1);
	assert_int_equal(read.size, 300);
	assert_int_equal(read.hour, 480000);
	assert_memory_equal(read.root, written.root, 32);
	assert_memory_equal(read.card_hash, written.card_hash, 32);
	assert_memory_equal(read.days_hash, written.days_hash, 32);
	assert_memory_equal(read.epochs_hash, written.epochs_hash, 32);
}

static void
a_witness_that_signed_is_told(void **state)
{
	uint64_t signed_by = 0;

	(void)state;
	assert_ok(cairn_note_cosign(note.bytes, sizeof note.bytes, &note.size, keys[1].name, 1,
	    witness.secret));
	assert_ok(open_it(&signed_by));
	assert_int_equal(signed_by, 3);
}

static void
a_witness_alone_is_not_enough(void **state)
{
	struct cairn_checkpoint read;
	uint64_t signed_by = 7;

	(void)state;
	assert_ok(cairn_checkpoint_sign(note.bytes, sizeof note.bytes, &note.size, &written, span_of(ORIGIN),
	    stranger.secret));
	assert_ok(cairn_note_cosign(note.bytes, sizeof note.bytes, &note.size, keys[1].name, 1,
	    witness.secret));
	assert_err(cairn_checkpoint_open(&read, &signed_by, note.bytes, note.size, keys, 2), CAIRN_ERR_CRYPTO);
	assert_int_equal(signed_by, 0);
	assert_int_equal(read.size, 0);
}

static void
a_wrong_witness_signature_refuses_the_checkpoint(void **state)
{
	(void)state;
	assert_ok(cairn_note_cosign(note.bytes, sizeof note.bytes, &note.size, keys[1].name, 1,
	    witness.secret));
	note.bytes[note.size - 20] ^= 1;
	assert_err(open_it(NULL), CAIRN_ERR_CRYPTO);
}

static void
without_any_key_nothing_opens(void **state)
{
	struct cairn_checkpoint read;

	(void)state;
	assert_err(cairn_checkpoint_open(&read, NULL, note.bytes, note.size, keys, 0), CAIRN_ERR_CRYPTO);
}

static void
the_board_of_another_desk_is_refused(void **state)
{
	struct cairn_checkpoint read;
	struct cairn_note opened;

	(void)state;
	assert_ok(cairn_note_read(&opened, note.bytes, note.size));
	assert_ok(cairn_checkpoint_read(&read, opened.text, span_of(ORIGIN)));
	assert_err(cairn_checkpoint_read(&read, opened.text, span_of("cairn/01/board")), CAIRN_ERR_FORMAT);
}

static void
lines_out_of_form_refuse_the_checkpoint(void **state)
{
	static const struct {
		const char *old, *new;
	} rows[] = {
		{"\n300\n", "\n0300\n"}, {"\n300\n", "\n9007199254740992\n"}, {"\n300\n", "\n-1\n"},
		{"\n300\n", "\n"},
		{"\nAQAA", "\nAQ"}, {"\ncairn 480000", "\ncairns 480000"}, {"\ncairn 480000",
		"\ncairn  480000"},
		{"\ncairn 480000", "\ncairn"}, {"\ncairn 480000", "\ncairn 4294967296"}, {"\ncairn 480000",
		"\n\ncairn 480000"},
		{" AgAA", ""}, {" AgAA", " x AgAA"}, {"AwAA", "AwA_"},
		{"BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
			"BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nmore\n"},
		{"BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
		"BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \n"},
	};
	static char text[4096];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cairn_checkpoint read;
		struct cairn_note opened;

		assert_ok(set_up(state));
		assert_ok(cairn_note_read(&opened, note.bytes, note.size));
		snprintf(text, sizeof text, "%.*s", (int)opened.text.size, opened.text.text);
		assert_ok(cairn_checkpoint_read(&read, span_of(text), span_of(ORIGIN)));
		assert_int_equal(replace(text, sizeof text, rows[i].old, rows[i].new), 0);
		assert_err(cairn_checkpoint_read(&read, span_of(text), span_of(ORIGIN)), CAIRN_ERR_FORMAT);
		assert_null(read.text.text);
	}
}

static void
the_largest_size_is_signed_and_no_larger(void **state)
{
	struct cairn_checkpoint read;

	(void)state;
	written.size = CAIRN_TREE_SIZE_MAX;
	assert_ok(cairn_checkpoint_sign(note.bytes, sizeof note.bytes, &note.size, &written,
	    span_of(ORIGIN), board.secret));
	assert_ok(cairn_checkpoint_open(&read, NULL, note.bytes, note.size, keys, 1));
	assert_int_equal(read.size, CAIRN_TREE_SIZE_MAX);
	written.size++;
	assert_err(
	    cairn_checkpoint_sign(note.bytes, sizeof note.bytes, &note.size, &written, span_of(ORIGIN), board.secret),
	    CAIRN_ERR_RANGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_checkpoint_opens_to_what_was_signed, set_up),
		cmocka_unit_test_setup(a_witness_that_signed_is_told, set_up),
		cmocka_unit_test_setup(a_witness_alone_is_not_enough, set_up),
		cmocka_unit_test_setup(a_wrong_witness_signature_refuses_the_checkpoint, set_up),
		cmocka_unit_test_setup(without_any_key_nothing_opens, set_up),
		cmocka_unit_test_setup(the_board_of_another_desk_is_refused, set_up),
		cmocka_unit_test_setup(lines_out_of_form_refuse_the_checkpoint, set_up),
		cmocka_unit_test_setup(the_largest_size_is_signed_and_no_larger, set_up),
	};

	return RUN_TESTS(tests);
}
