// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/board_check.h"
#include "lib/paper.h"

#define HOUR (20779U * 24 + 10)
#define BATCHES 300U

static struct paper original, paper;
static struct board_check *check;
static struct board_source source;

/* The files of the paper relay, as they are at that moment. */
static int
get(struct board_source *s, const char *path, size_t max, const uint8_t **ret_body, size_t *ret_bytes)
{
	const struct paper_file *file = paper_file(s->arg, path);

	*ret_body = file == NULL ? NULL : file->bytes;
	*ret_bytes = file == NULL ? 0 : file->size;
	if (file != NULL && file->size > max)
		return CAIRN_NO_ANSWER;
	return file == NULL ? 404 : 200;
}

/* More than one tile of level 0. One cell a batch keeps it quick; made once, and each test alters a copy. */
static int
make_board(void **state)
{
	(void)state;
	paper_init(&original, 7, HOUR);
	original.batch_cells = 1;
	paper_sign(&original, HOUR);
	for (uint32_t i = 0; i < BATCHES; i++)
		paper_publish(&original, HOUR + i / 50, NULL, 0);
	return 0;
}

static int
drop_board(void **state)
{
	(void)state;
	paper_release(&original);
	return 0;
}

static int
set_up(void **state)
{
	(void)state;
	paper_fork(&paper, &original);
	check = calloc(1, sizeof *check);
	paper_client(&check->client, &paper);
	check->client.hour_confirmed = true;
	source = (struct board_source){.get = get, .arg = &paper, .folder = -1};
	check->source = &source;
	return check == NULL;
}

static int
tear_down(void **state)
{
	(void)state;
	board_source_end(&source);
	paper_release(&paper);
	free(check);
	return 0;
}

static int
run(void)
{
	int err = board_check_open(check);

	return err == CAIRN_OK ? board_check_all(check) : err;
}

static void
flip(const char *path, size_t at)
{
	struct paper_file *file = paper_file(&paper, path);

	assert_non_null(file);
	file->bytes[at] ^= 1;
}

static void
a_whole_board_holds(void **state)
{
	(void)state;
	assert_ok(run());
	assert_int_equal(check->entries, BATCHES);
	assert_int_equal(check->batches, BATCHES);
	assert_true(check->epoch_keys > 0);
	/* 256 and 44 entries at level 0, one full tile at level 1. */
	assert_int_equal(check->tiles, 3);
}

static void
an_altered_entry_is_found(void **state)
{
	(void)state;
	flip("board/tile/entries/000", 2 + 4 + 8);
	assert_int_not_equal(run(), CAIRN_OK);
	assert_int_not_equal(strlen(check->fault), 0);
}

static void
an_altered_tile_is_found(void **state)
{
	(void)state;
	flip("board/tile/0/000", 40);
	assert_int_equal(run(), CAIRN_ERR_CRYPTO);
	assert_string_equal(check->fault, "board/tile/0/000 is not what the entries make");
}

static void
an_altered_batch_is_found(void **state)
{
	(void)state;
	flip("board/batch/17", 3000);
	assert_int_equal(run(), CAIRN_ERR_CRYPTO);
	assert_string_equal(check->fault, "board/batch/17 is not what entry 17 says");
}

static void
a_missing_batch_is_found(void **state)
{
	struct paper_file *file = paper_file(&paper, "board/batch/250");

	(void)state;
	memcpy(file->path, "board/gone", sizeof "board/gone");
	assert_int_equal(run(), CAIRN_ERR_UNKNOWN);
	assert_string_equal(check->fault, "board/batch/250 is missing");
}

static void
an_altered_epoch_key_is_found(void **state)
{
	char path[64];

	(void)state;
	(void)snprintf(path, sizeof path, "board/epoch/intake/%u.0", HOUR / 24);
	flip(path, 100);
	assert_int_not_equal(run(), CAIRN_OK);
}

static void
a_cut_days_file_is_found(void **state)
{
	(void)state;
	flip("board/days", 3);
	assert_int_not_equal(run(), CAIRN_OK);
}

/* ---- against an earlier checkpoint ---- */

static int
run_against(const struct paper *before)
{
	const struct paper_file *note = paper_file(before, "board/checkpoint");
	int err;

	assert_ok(board_check_open(check));
	err = board_check_against(check, note->bytes, note->size);
	return err == CAIRN_OK ? board_check_all(check) : err;
}

static void
a_board_goes_on_from_an_earlier_checkpoint(void **state)
{
	struct paper before;

	(void)state;
	paper_fork(&before, &paper);
	paper_publish(&paper, HOUR + 7, NULL, 0);
	assert_ok(run_against(&before));
	assert_true(check->extends);
	paper_release(&before);
}

static void
a_fork_at_a_smaller_size_is_convicted(void **state)
{
	struct paper other;

	(void)state;
	paper_fork(&other, &paper);
	paper_random(&other, other.answer, 32);
	paper_publish(&other, HOUR + 7, NULL, 0);
	paper_publish(&paper, HOUR + 7, NULL, 0);
	paper_publish(&paper, HOUR + 7, NULL, 0);
	assert_int_equal(run_against(&other), CAIRN_ERR_CONFLICT);
	assert_false(check->extends);
	paper_release(&other);
}

static void
a_fork_at_the_same_size_is_convicted(void **state)
{
	struct paper other;

	(void)state;
	paper_fork(&other, &paper);
	paper_random(&other, other.answer, 32);
	paper_publish(&other, HOUR + 7, NULL, 0);
	paper_publish(&paper, HOUR + 7, NULL, 0);
	assert_int_equal(run_against(&other), CAIRN_ERR_CONFLICT);
	paper_release(&other);
}

static void
a_board_that_went_back_is_refused(void **state)
{
	struct paper later;

	(void)state;
	paper_fork(&later, &paper);
	paper_publish(&later, HOUR + 7, NULL, 0);
	assert_int_equal(run_against(&later), CAIRN_ERR_STALE);
	paper_release(&later);
}

static void
a_board_signed_smaller_later_is_convicted(void **state)
{
	struct paper larger;

	(void)state;
	paper_fork(&larger, &paper);
	paper_publish(&larger, HOUR + 7, NULL, 0);
	paper_sign(&paper, HOUR + 8);
	assert_int_equal(run_against(&larger), CAIRN_ERR_CONFLICT);
	paper_release(&larger);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_whole_board_holds),
		TEST(an_altered_entry_is_found),
		TEST(an_altered_tile_is_found),
		TEST(an_altered_batch_is_found),
		TEST(a_missing_batch_is_found),
		TEST(an_altered_epoch_key_is_found),
		TEST(a_cut_days_file_is_found),
		TEST(a_board_goes_on_from_an_earlier_checkpoint),
		TEST(a_fork_at_a_smaller_size_is_convicted),
		TEST(a_fork_at_the_same_size_is_convicted),
		TEST(a_board_that_went_back_is_refused),
		TEST(a_board_signed_smaller_later_is_convicted),
	};

	return cmocka_run_group_tests_name(__FILE_NAME__, tests, make_board, drop_board);
}
