// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "cairn/desk_keys.h"
#include "lib/signed.h"

#define TODAY 20000U

static struct signer identity, board, stranger;
static uint8_t desk_id[CAIRN_HASH_BYTES];
static char text[8192];
static struct signed_note note;
static struct cairn_card card;
static const struct cairn_identity_chain no_successor;

static void
base64_of(char out[64], const uint8_t key[32])
{
	sodium_bin2base64(out, 64, key, 32, sodium_base64_VARIANT_ORIGINAL);
}

static int
set_up(void **state)
{
	char desk[65], key1[64], key2[64];

	(void)state;
	signer_init(&identity, 1);
	signer_init(&board, 2);
	signer_init(&stranger, 3);
	cairn_hash(desk_id, identity.key, 32);
	sodium_bin2hex(desk, sizeof desk, desk_id, 32);
	base64_of(key1, identity.key);
	base64_of(key2, board.key);
	snprintf(text, sizeof text,
	    "cairn card 1\ndesk %s\nserial 5\nnot-after 20060\nname A desk\nlang en\nlang ru\nidentity %s\n"
	    "board-key %s\nrelay https://a.example %s\nrelay http://b.onion %s\ndoor intake\nbatch 8\nmin-version 2\n"
	    "witness w.example/1 %s\nnever-asks your name\n\nFree text.\n\nMore.\n",
	    desk, key1, key2, key1, key2, key2);
	return 0;
}

static int
open_on(uint32_t today, const struct cairn_card_seen *seen)
{
	assert_ok(sign_as(&note, text, &identity, desk_id, "identity"));
	return cairn_card_open(&card, note.bytes, note.size, desk_id, &no_successor, today, seen);
}

static void
change(const char *old, const char *new)
{
	assert_int_equal(replace(text, sizeof text, old, new), 0);
}

static void
a_card_opens_to_what_it_says(void **state)
{
	(void)state;
	assert_ok(open_on(TODAY, NULL));
	assert_int_equal(card.serial, 5);
	assert_int_equal(card.not_after, 20060);
	assert_int_equal(card.batch_cells, 8);
	assert_int_equal(card.min_version, 2);
	assert_memory_equal(card.identity_key, identity.key, 32);
	assert_memory_equal(card.board_key, board.key, 32);
	assert_int_equal(card.name.size, 6);
	assert_memory_equal(card.name.text, "A desk", 6);
	assert_int_equal(card.free.size, strlen("Free text.\n\nMore.\n"));
	assert_memory_equal(card.free.text, "Free", 4);
}

static void
lines_of_a_keyword_come_in_order(void **state)
{
	struct cairn_span value;
	size_t at = 0;

	(void)state;
	assert_ok(open_on(TODAY, NULL));
	assert_true(cairn_card_next(&card, "lang", &at, &value));
	assert_memory_equal(value.text, "en", value.size);
	assert_true(cairn_card_next(&card, "lang", &at, &value));
	assert_memory_equal(value.text, "ru", value.size);
	assert_false(cairn_card_next(&card, "lang", &at, &value));
	assert_false(cairn_card_next(&card, "lang", &at, &value));
	at = 0;
	assert_false(cairn_card_next(&card, "page", &at, &value));
}

static void
free_text_gives_no_keyword(void **state)
{
	struct cairn_span value;
	size_t at = 0;

	(void)state;
	change("More.", "page 00\ndoor campaign");
	assert_ok(open_on(TODAY, NULL));
	assert_false(cairn_card_next(&card, "page", &at, &value));
	assert_false(cairn_card_has_door(&card, CAIRN_DOOR_CAMPAIGN));
}

static void
a_relay_is_a_url_and_a_key(void **state)
{
	struct cairn_card_key relay;
	struct cairn_span value;
	size_t at = 0;

	(void)state;
	assert_ok(open_on(TODAY, NULL));
	assert_true(cairn_card_next(&card, "relay", &at, &value));
	assert_ok(cairn_card_key_read(&relay, value));
	assert_int_equal(relay.word.size, strlen("https://a.example"));
	assert_memory_equal(relay.key, identity.key, 32);
	value.size--;
	assert_err(cairn_card_key_read(&relay, value), CAIRN_ERR_FORMAT);
}

static void
a_card_has_the_doors_it_names(void **state)
{
	(void)state;
	assert_ok(open_on(TODAY, NULL));
	assert_true(cairn_card_has_door(&card, CAIRN_DOOR_INTAKE));
	assert_false(cairn_card_has_door(&card, CAIRN_DOOR_CAMPAIGN));
}

static void
unknown_keywords_are_skipped(void **state)
{
	(void)state;
	change("batch 8\n", "batch 8\nlater-word x y\n");
	assert_ok(open_on(TODAY, NULL));
}

static void
a_card_without_free_text_is_a_card(void **state)
{
	(void)state;
	change("\nFree text.\n\nMore.\n", "");
	assert_ok(open_on(TODAY, NULL));
	assert_int_equal(card.free.size, 0);
}

static void
lines_out_of_form_refuse_the_card(void **state)
{
	static const struct {
		const char *old, *new;
	} rows[] = {
		{"cairn card 1\n", ""}, {"cairn card 1", "cairn card 2"}, {"serial 5\n", ""}, {"serial 5",
		"serial 5 "},
		{"serial 5", "serial 05"}, {"serial 5\n", "serial 5\nserial 5\n"}, {"serial 5", "serial"},
		{"serial 5", "serial 18446744073709551616"}, {"not-after 20060", "not-after 4294967296"},
		{"name A desk", "name "}, {"lang en\nlang ru\n", ""}, {"batch 8", "batch 0"}, {"batch 8",
		"batch 65"},
		{"door intake", "door back"}, {"door intake\n", ""}, {"min-version 2\n", ""},
		{"min-version 2", "min-version x"},
		{"relay https://a.example ", "relay "}, {"relay https://a.example", "relay "},
		{"relay https://a.example ",
		"relay https://a.example  "},
		{"witness w.example/1", "witness w+1"}, {"witness w.example/1 ", "witness  "},
		{"never-asks your name", "never-asks "},
		{"never-asks your name", "page 00"}, {"never-asks your name", "site-key AAAA"},
		{"never-asks your name", "word"}, {"never-asks your name", " word"}, {"name A desk",
		"nam\x01 A desk"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_ok(set_up(state));
		change(rows[i].old, rows[i].new);
		if (sign_as(&note, text, &identity, desk_id, "identity") != CAIRN_OK)
			continue;
		assert_err(cairn_card_open(&card, note.bytes, note.size, desk_id, &no_successor, TODAY, NULL),
		    CAIRN_ERR_FORMAT);
	}
}

static void
a_card_of_another_desk_is_refused(void **state)
{
	uint8_t other[CAIRN_HASH_BYTES];

	(void)state;
	cairn_hash(other, stranger.key, 32);
	assert_ok(sign_as(&note, text, &identity, desk_id, "identity"));
	assert_int_not_equal(
	    cairn_card_open(&card, note.bytes, note.size, other, &no_successor, TODAY, NULL), CAIRN_OK);
}

static void
a_card_that_names_another_desk_is_refused(void **state)
{
	(void)state;
	change("\ndesk ", "\nx ");
	change("serial 5", "desk 0000000000000000000000000000000000000000000000000000000000000000\nserial 5");
	assert_err(open_on(TODAY, NULL), CAIRN_ERR_FORMAT);
}

static void
only_the_identity_key_may_sign_a_card(void **state)
{
	const struct signer *wrong[] = {&board, &stranger};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_ok(sign_as(&note, text, wrong[i], desk_id, "identity"));
		assert_err(cairn_card_open(&card, note.bytes, note.size, desk_id, &no_successor, TODAY, NULL),
		    CAIRN_ERR_CRYPTO);
	}
	assert_ok(sign_as(&note, text, &identity, desk_id, "board"));
	assert_err(cairn_card_open(&card, note.bytes, note.size, desk_id, &no_successor, TODAY, NULL),
	    CAIRN_ERR_CRYPTO);
}

static void
a_card_by_a_key_that_has_a_successor_is_refused(void **state)
{
	struct cairn_identity_chain chain = {.steps = 1};

	(void)state;
	memcpy(chain.first, identity.key, 32);
	memcpy(chain.now, stranger.key, 32);
	assert_ok(sign_as(&note, text, &identity, desk_id, "identity"));
	assert_err(cairn_card_open(&card, note.bytes, note.size, desk_id, &chain, TODAY, NULL),
	    CAIRN_ERR_CRYPTO);
}

static void
a_card_holds_to_the_end_of_its_last_day(void **state)
{
	(void)state;
	assert_ok(open_on(20060, NULL));
	assert_err(open_on(20061, NULL), CAIRN_ERR_STALE);
	assert_err(open_on(UINT32_MAX, NULL), CAIRN_ERR_STALE);
}

static void
a_card_reaches_100_days_ahead_at_most(void **state)
{
	(void)state;
	assert_ok(open_on(20060 - CAIRN_CARD_DAYS_MAX, NULL));
	assert_err(open_on(20060 - CAIRN_CARD_DAYS_MAX - 1, NULL), CAIRN_ERR_RANGE);
	assert_err(open_on(0, NULL), CAIRN_ERR_RANGE);
}

static void
an_older_serial_than_one_seen_is_stale(void **state)
{
	struct cairn_card_seen seen = {.serial = 6};

	(void)state;
	assert_err(open_on(TODAY, &seen), CAIRN_ERR_STALE);
	seen.serial = 4;
	assert_ok(open_on(TODAY, &seen));
}

static void
another_text_of_a_serial_seen_is_a_conflict(void **state)
{
	struct cairn_card_seen seen = {.serial = 5};

	(void)state;
	assert_ok(open_on(TODAY, NULL));
	memcpy(seen.text_hash, card.text_hash, sizeof seen.text_hash);
	assert_ok(open_on(TODAY, &seen));
	change("A desk", "a desk");
	assert_err(open_on(TODAY, &seen), CAIRN_ERR_CONFLICT);
}

static void
a_refused_card_leaves_nothing(void **state)
{
	static const struct cairn_card nothing;

	(void)state;
	assert_err(open_on(20061, NULL), CAIRN_ERR_STALE);
	assert_memory_equal(&card, &nothing, sizeof card);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_card_opens_to_what_it_says, set_up),
		cmocka_unit_test_setup(lines_of_a_keyword_come_in_order, set_up),
		cmocka_unit_test_setup(free_text_gives_no_keyword, set_up),
		cmocka_unit_test_setup(a_relay_is_a_url_and_a_key, set_up),
		cmocka_unit_test_setup(a_card_has_the_doors_it_names, set_up),
		cmocka_unit_test_setup(unknown_keywords_are_skipped, set_up),
		cmocka_unit_test_setup(a_card_without_free_text_is_a_card, set_up),
		cmocka_unit_test_setup(lines_out_of_form_refuse_the_card, set_up),
		cmocka_unit_test_setup(a_card_of_another_desk_is_refused, set_up),
		cmocka_unit_test_setup(a_card_that_names_another_desk_is_refused, set_up),
		cmocka_unit_test_setup(only_the_identity_key_may_sign_a_card, set_up),
		cmocka_unit_test_setup(a_card_by_a_key_that_has_a_successor_is_refused, set_up),
		cmocka_unit_test_setup(a_card_holds_to_the_end_of_its_last_day, set_up),
		cmocka_unit_test_setup(a_card_reaches_100_days_ahead_at_most, set_up),
		cmocka_unit_test_setup(an_older_serial_than_one_seen_is_stale, set_up),
		cmocka_unit_test_setup(another_text_of_a_serial_seen_is_a_conflict, set_up),
		cmocka_unit_test_setup(a_refused_card_leaves_nothing, set_up),
	};

	return RUN_TESTS(tests);
}
