// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "cairn/admission.h"

#define HEX "000102030405060708090a0b0c0d0e0f"
#define LINE "challenge 480053 " HEX "\n"

static int
read_answer(struct cairn_door_answer *answer, const char *text)
{
	return cairn_door_answer_read(answer, (struct cairn_span){text, strlen(text)});
}

static void
an_answer_tells_challenge_and_difficulty(void **state)
{
	struct cairn_door_answer answer;

	(void)state;
	assert_ok(read_answer(&answer, LINE "difficulty 7\n"));
	assert_int_equal(answer.hour, 480053);
	assert_int_equal(answer.challenge[15], 15);
	assert_int_equal(answer.difficulty, 7);
	assert_ok(read_answer(&answer, LINE "difficulty 255\n"));
}

static void
an_answer_comes_back_as_written(void **state)
{
	struct cairn_door_answer answer;
	char out[CAIRN_DOOR_ANSWER_MAX];
	size_t bytes;

	(void)state;
	assert_ok(read_answer(&answer, LINE "difficulty 0\n"));
	bytes = cairn_door_answer_write(out, &answer);
	assert_int_equal(bytes, strlen(LINE "difficulty 0\n"));
	assert_memory_equal(out, LINE "difficulty 0\n", bytes);
}

static void
the_longest_answer_fits(void **state)
{
	struct cairn_door_answer answer = {UINT32_MAX, {0}, UINT8_MAX}, again;
	char out[CAIRN_DOOR_ANSWER_MAX];
	size_t bytes = cairn_door_answer_write(out, &answer);

	(void)state;
	assert_ok(cairn_door_answer_read(&again, (struct cairn_span){out, bytes}));
	assert_int_equal(again.hour, UINT32_MAX);
}

static void
anything_else_is_no_answer(void **state)
{
	static const char *const wrong[] = {"", "\n", LINE, LINE "difficulty 7", LINE "difficulty \n",
	    LINE "difficulty\n", LINE "difficulty 07\n", LINE "difficulty +7\n", LINE "difficulty 256\n",
	    LINE "difficulty 7\n\n", LINE "difficulty 7\nx", LINE "difficulty  7\n", "difficulty 7\n" LINE,
	    "challenge 0480053 " HEX "\ndifficulty 7\n", "challenge 4294967296 " HEX "\ndifficulty 7\n",
	    "challenge 480053 " HEX " \ndifficulty 7\n", "challenge 480053\ndifficulty 7\n",
	    "challenge 480053 " HEX "00\ndifficulty 7\n", "challenge  " HEX "\ndifficulty 7\n",
	    "challenge 480053 0001020304050607080900A0B0C0D0E0F0\ndifficulty 7\n", LINE "difficulty 7\r\n"};
	struct cairn_door_answer answer;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_err(read_answer(&answer, wrong[i]), CAIRN_ERR_FORMAT);
}

static void
a_client_does_not_work_above_14(void **state)
{
	(void)state;
	assert_true(cairn_work_accepted(0));
	assert_true(cairn_work_accepted(14));
	assert_false(cairn_work_accepted(15));
	assert_false(cairn_work_accepted(255));
}

static const uint8_t body_hash[CAIRN_HASH_BYTES] = {1}, challenge[CAIRN_CHALLENGE_BYTES] = {2};

static void
work_counts_zero_bits_from_the_top(void **state)
{
	uint8_t digest[32], nonce[CAIRN_WORK_NONCE_BYTES] = {0};
	unsigned bits;

	(void)state;
	for (uint8_t i = 0; i < 16; i++) {
		nonce[7] = i;
		assert_ok(cairn_work_bits(&bits, digest, body_hash, challenge, nonce));
		assert_in_range(bits, 0, 31);
		assert_int_equal(get_u32(digest) >> (31 - bits), 1);
	}
}

static unsigned
bits_of(uint64_t number)
{
	uint8_t digest[32], nonce[CAIRN_WORK_NONCE_BYTES];
	unsigned bits;

	put_u64(nonce, number);
	assert_ok(cairn_work_bits(&bits, digest, body_hash, challenge, nonce));
	return bits;
}

static void
a_search_finds_the_first_nonce_in_slices(void **state)
{
	uint8_t nonce[CAIRN_WORK_NONCE_BYTES];

	(void)state;
	for (uint8_t difficulty = 1; difficulty <= 6; difficulty++) {
		uint64_t first = 0, next = 0;
		int err;

		while (bits_of(first) < difficulty)
			first++;
		do
			err = cairn_work_search(nonce, &next, 3, difficulty, body_hash, challenge);
		while (err == CAIRN_ERR_BUSY);
		assert_ok(err);
		assert_true(get_u64(nonce) == first);
	}
}

static void
no_difficulty_is_met_by_the_first_nonce(void **state)
{
	uint8_t nonce[CAIRN_WORK_NONCE_BYTES];
	uint64_t next = 9;

	(void)state;
	assert_ok(cairn_work_search(nonce, &next, 1, 0, body_hash, challenge));
	assert_true(get_u64(nonce) == 9);
}

/* A list of the hashes' first bytes of pass and of two others, sorted. */
static const uint8_t pass[CAIRN_PASS_BYTES] = {5};

static uint32_t
piece_of_pass(void)
{
	uint8_t hash[CAIRN_SHA256_BYTES];

	cairn_pass_hash(hash, pass);
	return get_u32(hash);
}

static void
a_spent_pass_is_on_the_list(void **state)
{
	uint8_t list[12];
	bool spent = false;

	(void)state;
	put_u32(list, piece_of_pass() - 1);
	put_u32(list + 4, piece_of_pass());
	put_u32(list + 8, piece_of_pass() + 1);
	assert_ok(cairn_pass_spent(&spent, list, sizeof list, pass));
	assert_true(spent);
	assert_ok(cairn_pass_spent(&spent, list, 4, pass));
	assert_false(spent);
	assert_ok(cairn_pass_spent(&spent, list, 0, pass));
	assert_false(spent);
}

static void
a_list_is_of_whole_pieces_ascending_each_once(void **state)
{
	static const uint8_t down[] = {0, 0, 0, 2, 0, 0, 0, 1}, twice[] = {0, 0, 0, 0, 0, 0, 0, 0};
	bool spent;

	(void)state;
	assert_err(cairn_pass_spent(&spent, down, sizeof down, pass), CAIRN_ERR_FORMAT);
	assert_err(cairn_pass_spent(&spent, twice, sizeof twice, pass), CAIRN_ERR_FORMAT);
	assert_err(cairn_pass_spent(&spent, twice, 3, pass), CAIRN_ERR_FORMAT);
	assert_ok(cairn_pass_spent(&spent, twice, 4, pass));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_answer_tells_challenge_and_difficulty),
	    cmocka_unit_test(an_answer_comes_back_as_written),
	    cmocka_unit_test(the_longest_answer_fits),
	    cmocka_unit_test(anything_else_is_no_answer),
	    cmocka_unit_test(a_client_does_not_work_above_14),
	    cmocka_unit_test(work_counts_zero_bits_from_the_top),
	    cmocka_unit_test(a_search_finds_the_first_nonce_in_slices),
	    cmocka_unit_test(no_difficulty_is_met_by_the_first_nonce),
	    cmocka_unit_test(a_spent_pass_is_on_the_list),
	    cmocka_unit_test(a_list_is_of_whole_pieces_ascending_each_once),
	};

	return sodium_init() < 0 ? 1 : RUN_TESTS(tests);
}
