// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "plain/seal.h"

#define NOW 1795000000U

static const uint8_t key[SEAL_KEY_BYTES] = {1, 2, 3};
static const uint8_t desk[CAIRN_HASH_BYTES] = {4, 5, 6};
static struct state one, other;
static char sealed[SEAL_TEXT_MAX];

static struct cairn_span
text(void)
{
	return (struct cairn_span){sealed, strlen(sealed)};
}

static struct cairn_span
span(const char *s)
{
	return (struct cairn_span){s, strlen(s)};
}

static void
fill(size_t text_bytes)
{
	char *long_text = malloc(text_bytes + 1);

	assert_non_null(long_text);
	memset(&one, 0, sizeof(one));
	memset(long_text, 'x', text_bytes);
	state_new_letter(&one);
	one.language = 3;
	one.open = true;
	one.shift = -5;
	one.root[7] = 9;
	one.needs = 0x102;
	one.text = state_keep(&one, (struct cairn_span){long_text, text_bytes}, STATE_TEXT_MAX);
	one.questions[1].id = 517;
	one.questions[1].question = state_keep(&one, span("Wo?"), STATE_QUESTION_MAX);
	one.questions[1].answer = state_keep(&one, span("Hier."), STATE_QUESTION_MAX);
	one.has_zone = true;
	one.zone = -180;
	one.more.has_window = true;
	one.more.from = 1100;
	one.more.to = 60;
	one.more.check_in = 498765;
	one.more.second.bytes = 26;
	one.more.second.input[25] = 7;
	one.more.all_clear = state_keep(&one, span("Guten Tag"), STATE_ALL_CLEAR_MAX);
	one.more.statements[3] = state_keep(&one, span("Blau."), STATE_STATEMENT_MAX);
	one.session.memory.has_looked = true;
	one.session.memory.looked.size = UINT64_C(1) << 40;
	free(long_text);
}

static void
what_is_sealed_opens_again(void **state)
{
	(void)state;
	fill(1000);
	one.session.fetched_count = CAIRN_SESSION_FETCHED_MAX;
	for (size_t i = 0; i < CAIRN_SESSION_FETCHED_MAX; i++)
		one.session.fetched[i] = i;
	assert_int_equal(seal_state(sealed, &one, key, desk, NOW), CAIRN_OK);
	assert_int_equal(seal_open(&other, text(), key, desk, NOW + 60), CAIRN_OK);
	assert_int_equal(other.language, 3);
	assert_true(other.open && !other.fresh && other.session.memory.has_looked);
	assert_int_equal(other.shift, -5);
	assert_memory_equal(other.root, one.root, sizeof(one.root));
	assert_memory_equal(other.seed, one.seed, sizeof(one.seed));
	assert_int_equal(other.needs, 0x102);
	assert_int_equal(other.text.size, 1000);
	assert_memory_equal(other.text.text, one.text.text, 1000);
	assert_int_equal(other.questions[1].id, 517);
	assert_int_equal(other.questions[1].answer.size, 5);
	assert_memory_equal(other.questions[1].answer.text, "Hier.", 5);
	assert_true(other.has_zone && other.more.has_window);
	assert_int_equal(other.zone, -180);
	assert_int_equal(other.more.from, 1100);
	assert_int_equal(other.more.to, 60);
	assert_int_equal(other.more.check_in, 498765);
	assert_int_equal(other.more.second.bytes, 26);
	assert_int_equal(other.more.second.input[25], 7);
	assert_int_equal(other.more.all_clear.size, 9);
	assert_int_equal(other.more.statements[0].size, 0);
	assert_memory_equal(other.more.statements[3].text, "Blau.", 5);
	assert_true(other.session.memory.looked.size == one.session.memory.looked.size);
}

static void
the_newest_of_the_session_comes_along(void **state)
{
	(void)state;
	fill(0);
	one.session.fetched_count = STATE_FETCHED + 10;
	for (size_t i = 0; i < one.session.fetched_count; i++)
		one.session.fetched[i] = i;
	one.session.msgid_count = CAIRN_SESSION_MSGIDS_MAX + 1; /* the first place was used again */
	one.session.msgids[0][0] = 77;
	assert_int_equal(seal_state(sealed, &one, key, desk, NOW), CAIRN_OK);
	assert_int_equal(seal_open(&other, text(), key, desk, NOW), CAIRN_OK);
	assert_int_equal(other.session.fetched_count, STATE_FETCHED);
	assert_int_equal(other.session.fetched[0], 10);
	assert_int_equal(other.session.msgid_count, STATE_MSGIDS);
	assert_int_equal(other.session.msgids[STATE_MSGIDS - 1][0], 77);
}

static void
fill_more(void)
{
	char text[STATE_STATEMENT_MAX];

	memset(text, 's', sizeof(text));
	one.more.all_clear = state_keep(&one, (struct cairn_span){text, STATE_ALL_CLEAR_MAX}, STATE_ALL_CLEAR_MAX);
	for (size_t i = 0; i < STATE_STATEMENTS; i++)
		one.more.statements[i] =
		    state_keep(&one, (struct cairn_span){text, sizeof(text)}, STATE_STATEMENT_MAX);
}

static void
the_largest_state_fits(void **state)
{
	(void)state;
	fill(STATE_TEXT_MAX);
	for (size_t i = 0; i < STATE_QUESTIONS; i++) {
		char long_text[STATE_QUESTION_MAX];

		memset(long_text, 'q', sizeof(long_text));
		one.questions[i].question =
		    state_keep(&one, (struct cairn_span){long_text, sizeof(long_text)}, STATE_QUESTION_MAX);
		one.questions[i].answer = one.questions[i].question;
	}
	fill_more();
	one.session.memory.has_checkpoint = true;
	one.session.memory.note_bytes = STATE_NOTE_MAX;
	one.session.fetched_count = STATE_FETCHED;
	one.session.msgid_count = STATE_MSGIDS;
	assert_int_equal(seal_state(sealed, &one, key, desk, NOW), CAIRN_OK);
	assert_int_equal(seal_open(&other, text(), key, desk, NOW), CAIRN_OK);
	assert_int_equal(other.text.size, STATE_TEXT_MAX);
	assert_int_equal(other.more.statements[3].size, STATE_STATEMENT_MAX);
	assert_int_equal(other.questions[2].answer.size, STATE_QUESTION_MAX);
}

/* Neither that there are words, nor what a look found, nor a short text shows in it. */
static void
its_length_tells_one_of_three_sizes(void **state)
{
	size_t empty;

	(void)state;
	memset(&one, 0, sizeof(one));
	assert_int_equal(seal_state(sealed, &one, key, desk, NOW), CAIRN_OK);
	empty = strlen(sealed);
	fill(200);
	one.session.fetched_count = STATE_FETCHED;
	assert_int_equal(seal_state(sealed, &one, key, desk, NOW), CAIRN_OK);
	assert_int_equal(strlen(sealed), empty);
	fill(2000);
	assert_int_equal(seal_state(sealed, &one, key, desk, NOW), CAIRN_OK);
	empty = strlen(sealed);
	fill(4000);
	assert_int_equal(seal_state(sealed, &one, key, desk, NOW), CAIRN_OK);
	assert_int_equal(strlen(sealed), empty);
}

static void
an_hour_later_it_is_nothing(void **state)
{
	(void)state;
	fill(10);
	assert_int_equal(seal_state(sealed, &one, key, desk, NOW), CAIRN_OK);
	assert_int_equal(seal_open(&other, text(), key, desk, NOW + SEAL_LIFE_S - 1), CAIRN_OK);
	assert_int_equal(seal_open(&other, text(), key, desk, NOW + SEAL_LIFE_S), CAIRN_ERR_STALE);
	assert_true(sodium_is_zero((const uint8_t *)&other, sizeof(other)));
	assert_int_equal(seal_open(&other, text(), key, desk, NOW - 1), CAIRN_ERR_STALE);
}

static void
it_is_of_one_desk_and_one_life_of_the_program(void **state)
{
	static const uint8_t other_key[SEAL_KEY_BYTES] = {9}, other_desk[CAIRN_HASH_BYTES] = {9};

	(void)state;
	fill(10);
	assert_int_equal(seal_state(sealed, &one, key, desk, NOW), CAIRN_OK);
	assert_int_equal(seal_open(&other, text(), other_key, desk, NOW), CAIRN_ERR_CRYPTO);
	assert_int_equal(seal_open(&other, text(), key, other_desk, NOW), CAIRN_ERR_CRYPTO);
	assert_true(sodium_is_zero((const uint8_t *)&other, sizeof(other)));
}

static void
a_changed_one_is_nothing(void **state)
{
	(void)state;
	fill(10);
	assert_int_equal(seal_state(sealed, &one, key, desk, NOW), CAIRN_OK);
	for (size_t i = 0; i < strlen(sealed); i += 101) {
		char was = sealed[i];

		sealed[i] = was == 'A' ? 'B' : 'A';
		assert_int_equal(seal_open(&other, text(), key, desk, NOW), CAIRN_ERR_CRYPTO);
		sealed[i] = was;
	}
	sealed[strlen(sealed) - 1] = '\0';
	assert_int_equal(seal_open(&other, text(), key, desk, NOW), CAIRN_ERR_CRYPTO);
	assert_int_equal(seal_open(&other, span(""), key, desk, NOW), CAIRN_ERR_CRYPTO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_sealed_opens_again),
	    cmocka_unit_test(the_newest_of_the_session_comes_along),
	    cmocka_unit_test(the_largest_state_fits),
	    cmocka_unit_test(its_length_tells_one_of_three_sizes),
	    cmocka_unit_test(an_hour_later_it_is_nothing),
	    cmocka_unit_test(it_is_of_one_desk_and_one_life_of_the_program),
	    cmocka_unit_test(a_changed_one_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
