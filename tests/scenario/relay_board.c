// SPDX-License-Identifier: GPL-3.0-or-later
/* The board: what the desk appends, what the relay refuses, how its files are served (docs/http.md). */
#include "lib/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cairn/cairn.h"
#include "lib/relay_desk.h"

static struct relay_process relay;
static struct relay_desk desk;

static int
set_up(void **state)
{
	(void)state;
	relay_init(&relay);
	if (!relay_start(&relay, NULL))
		return -1;
	relay_desk_init(&desk, &relay, 1);
	return 0;
}

static int
tear_down(void **state)
{
	int code = relay_stop(&relay);

	(void)state;
	relay_desk_release(&desk);
	relay_release(&relay);
	return code;
}

static void
get(struct http_answer *answer, const char *rest, const char *headers)
{
	char target[256];

	relay_ask(&relay, answer, "GET", relay_desk_path(&desk, target, rest), headers, NULL, 0);
}

static int
get_status(const char *rest)
{
	struct http_answer answer;
	int status;

	get(&answer, rest, "");
	status = answer.status;
	http_free(&answer);
	return status;
}

/* Is the file that the relay serves the one on paper? */
static void
assert_as_on_paper(const char *path)
{
	const struct paper_file *file = paper_file(&desk.paper, path);
	struct http_answer answer;

	assert_non_null(file);
	get(&answer, path, "");
	if (answer.status != 200)
		print_message("path: %s\n", path);
	assert_int_equal(answer.status, 200);
	assert_int_equal(answer.bytes, file->size);
	assert_memory_equal(answer.body, file->bytes, file->size);
	http_free(&answer);
}

static void
assert_all_as_on_paper(void)
{
	for (const struct paper_file *file = desk.paper.files; file != NULL; file = file->next)
		if (strncmp(file->path, "board/", 6) == 0)
			assert_as_on_paper(file->path);
}

static int
append_bytes(uint64_t size, const uint8_t *body, size_t bytes)
{
	char rest[64];

	snprintf(rest, sizeof rest, "board/append?size=%llu", (unsigned long long)size);
	return relay_desk_status(&desk, "POST", rest, body, bytes);
}

static void
there_is_nothing_before_the_first_append(void **state)
{
	(void)state;
	assert_int_equal(get_status("board/checkpoint"), 404);
	assert_int_equal(get_status("board/identity"), 404);
	assert_int_equal(get_status("board/days"), 404);
}

static void
a_board_begins_with_a_checkpoint_of_size_0(void **state)
{
	(void)state;
	assert_int_equal(relay_desk_append(&desk, 0), 204);
	assert_all_as_on_paper();
	assert_int_equal(get_status("board/identity"), 200);
	assert_int_equal(get_status("board/batch/0"), 404);
}

static void
the_same_append_is_no_fault(void **state)
{
	(void)state;
	assert_int_equal(relay_desk_append(&desk, 0), 204);
	assert_int_equal(relay_desk_publish(&desk), 204);
	assert_int_equal(relay_desk_append(&desk, 0), 204);
	assert_all_as_on_paper();
}

static void
another_size_is_409_with_the_checkpoint(void **state)
{
	const struct paper_file *checkpoint = paper_file(&desk.paper, "board/checkpoint");
	struct http_answer answer;
	size_t bytes;
	uint8_t *body = relay_desk_append_body(&desk, &bytes, true);

	(void)state;
	relay_desk_ask(&desk, &answer, "POST", "board/append?size=7", body, bytes);
	assert_int_equal(answer.status, 409);
	assert_int_equal(answer.bytes, checkpoint->size);
	assert_memory_equal(answer.body, checkpoint->bytes, checkpoint->size);
	http_free(&answer);
	free(body);
}

/* What is wrong in any byte of it is refused, and the board stays as it was. */
static void
a_damaged_append_is_refused(void **state)
{
	static struct paper next;
	struct paper before;
	size_t bytes;
	uint8_t *body;

	(void)state;
	paper_fork(&next, &desk.paper);
	paper_publish(&next, (uint32_t)(relay_now(&relay) / 3600), NULL, 0);
	before = desk.paper;
	desk.paper = next;
	body = relay_desk_append_body(&desk, &bytes, true);
	desk.paper = before;
	for (size_t at = 0; at < bytes; at += 1 + bytes / 60) {
		body[at] ^= 1;
		assert_int_equal(append_bytes(desk.paper.size, body, bytes), 400);
		body[at] ^= 1;
	}
	for (size_t cut = 1; cut < 2000; cut += 300)
		assert_int_equal(append_bytes(desk.paper.size, body, bytes - cut), 400);
	assert_int_equal(append_bytes(desk.paper.size, body, 0), 400);
	assert_all_as_on_paper();
	free(body);
	paper_release(&next);
}

static void
a_batch_of_another_size_is_refused(void **state)
{
	static struct paper next;
	struct paper before = desk.paper;
	size_t bytes;
	uint8_t *body;

	(void)state;
	paper_fork(&next, &desk.paper);
	next.batch_cells = 4;
	paper_publish(&next, (uint32_t)(relay_now(&relay) / 3600), NULL, 0);
	/* The card that is in force says 8, and this append brings no other. */
	desk.paper = next;
	body = relay_desk_append_body(&desk, &bytes, true);
	desk.paper = before;
	assert_int_equal(append_bytes(desk.paper.size, body, bytes), 400);
	assert_all_as_on_paper();
	free(body);
	paper_release(&next);
}

static int
publish_fork(uint32_t hour, uint64_t serial, bool keys)
{
	static struct paper next;
	struct paper before = desk.paper;
	size_t bytes;
	uint8_t *body;
	int status;

	paper_fork(&next, &desk.paper);
	next.serial = serial;
	if (!keys)
		next.epoch_last++;
	paper_publish(&next, hour, NULL, 0);
	paper_sign(&next, hour);
	desk.paper = next;
	body = relay_desk_append_body(&desk, &bytes, keys);
	desk.paper = before;
	status = append_bytes(desk.paper.size, body, bytes);
	free(body);
	paper_release(&next);
	return status;
}

static void
hours_neither_go_down_nor_far_ahead(void **state)
{
	uint32_t hour = (uint32_t)(relay_now(&relay) / 3600);

	(void)state;
	assert_int_equal(publish_fork(hour - 1, desk.paper.serial, true), 400);
	assert_int_equal(publish_fork(hour + 26, desk.paper.serial, true), 400);
}

static void
an_older_card_is_refused(void **state)
{
	uint32_t hour = (uint32_t)(relay_now(&relay) / 3600);

	(void)state;
	desk.paper.serial = 5;
	assert_int_equal(relay_desk_publish(&desk), 204);
	assert_int_equal(publish_fork(hour, 4, true), 400);
	assert_all_as_on_paper();
}

static void
an_epoch_without_its_key_is_refused(void **state)
{
	(void)state;
	assert_int_equal(publish_fork((uint32_t)(relay_now(&relay) / 3600), desk.paper.serial, false), 400);
}

static void
a_fork_is_refused(void **state)
{
	static struct paper fork;
	struct paper before;
	size_t bytes;
	uint8_t *body;

	(void)state;
	/* The same size, another batch: then a true continuation of that one. */
	paper_fork(&fork, &desk.paper);
	fork.seed ^= 99;
	paper_publish(&fork, (uint32_t)(relay_now(&relay) / 3600), NULL, 0);
	assert_int_equal(relay_desk_publish(&desk), 204);
	before = desk.paper;
	desk.paper = fork;
	body = relay_desk_append_body(&desk, &bytes, true);
	desk.paper = before;
	assert_int_equal(append_bytes(desk.paper.size - 1, body, bytes), 409);
	free(body);
	paper_publish(&fork, (uint32_t)(relay_now(&relay) / 3600), NULL, 0);
	desk.paper = fork;
	body = relay_desk_append_body(&desk, &bytes, true);
	desk.paper = before;
	assert_int_equal(append_bytes(desk.paper.size, body, bytes), 400);
	assert_all_as_on_paper();
	free(body);
	paper_release(&fork);
}

/* --- a long board --- */

static void
a_board_grows_past_a_tile(void **state)
{
	(void)state;
	desk.paper.batch_cells = 1;
	desk.paper.serial++;
	while (desk.paper.size < 260)
		assert_int_equal(relay_desk_publish(&desk), 204);
	assert_all_as_on_paper();
	assert_as_on_paper("board/tile/0/000");
	assert_as_on_paper("board/tile/1/000.p/1");
	assert_as_on_paper("board/tile/entries/000");
}

static void
partial_tiles_that_were_passed_are_served(void **state)
{
	struct http_answer part, full;

	(void)state;
	get(&full, "board/tile/0/000", "");
	get(&part, "board/tile/0/000.p/100", "");
	assert_int_equal(part.status, 200);
	assert_int_equal(part.bytes, 3200);
	assert_memory_equal(part.body, full.body, part.bytes);
	http_free(&full);
	http_free(&part);
	get(&full, "board/tile/entries/000", "");
	get(&part, "board/tile/entries/000.p/255", "");
	assert_int_equal(part.status, 200);
	assert_true(part.bytes < full.bytes);
	assert_memory_equal(part.body, full.body, part.bytes);
	http_free(&full);
	http_free(&part);
	assert_int_equal(get_status("board/tile/0/001.p/4"), 200);
	assert_int_equal(get_status("board/tile/0/001.p/5"), 404);
	assert_int_equal(get_status("board/tile/0/001"), 404);
	assert_int_equal(get_status("board/tile/1/000"), 404);
	assert_int_equal(get_status("board/tile/2/000.p/1"), 404);
}

static void
shared_caches_keep_full_tiles_and_batches_alone(void **state)
{
	static const struct {
		const char *path;
		bool lasts;
	} rows[] = {
	    {"board/tile/0/000", true},
	    {"board/tile/entries/000", true},
	    {"board/batch/3", true},
	    {"board/tile/0/001.p/4", false},
	    {"board/tile/0/000.p/9", false},
	    {"board/checkpoint", false},
	    {"board/card", false},
	    {"board/days", false},
	    {"board/epochs", false},
	    {"board/identity", false},
	};
	struct http_answer answer;
	char value[256];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		get(&answer, rows[i].path, "");
		assert_int_equal(answer.status, 200);
		assert_string_equal(http_header(&answer, "Cache-Control", value), "no-store");
		http_header(&answer, "CDN-Cache-Control", value);
		assert_int_equal(strstr(value, "immutable") != NULL && strstr(value, "max-age=") != NULL,
		    rows[i].lasts);
		http_free(&answer);
	}
}

static void
ranges_are_honoured(void **state)
{
	static const struct {
		const char *range;
		int status;
		size_t first, bytes;
	} rows[] = {
	    {"bytes=0-0", 206, 0, 1},
	    {"bytes=10-19", 206, 10, 10},
	    {"bytes=4090-", 206, 4090, 6},
	    {"bytes=-10", 206, 4086, 10},
	    {"bytes=-9999", 206, 0, 4096},
	    {"bytes=0-999999", 206, 0, 4096},
	    {"bytes=4096-", 416, 0, 0},
	    {"bytes=-0", 416, 0, 0},
	    {"bytes=5-4", 200, 0, 4096},
	    {"bytes=0-1,5-6", 200, 0, 4096},
	    {"lines=0-1", 200, 0, 4096},
	    {"bytes=a-b", 200, 0, 4096},
	    {"bytes", 200, 0, 4096},
	    {"bytes=-", 200, 0, 4096},
	};
	const struct paper_file *file = paper_file(&desk.paper, "board/batch/200");
	struct http_answer answer;
	char header[64];

	(void)state;
	assert_non_null(file);
	assert_int_equal(file->size, 4096);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(header, sizeof header, "Range: %s\r\n", rows[i].range);
		get(&answer, "board/batch/200", header);
		assert_int_equal(answer.status, rows[i].status);
		if (rows[i].status != 416) {
			assert_int_equal(answer.bytes, rows[i].bytes);
			assert_memory_equal(answer.body, file->bytes + rows[i].first, answer.bytes);
		}
		http_free(&answer);
	}
	get(&answer, "board/batch/200", "Range: bytes=10-19\r\n");
	assert_string_equal(http_header(&answer, "Content-Range", header), "bytes 10-19/4096");
	http_free(&answer);
}

/* --- time --- */

static void
the_board_stays_over_a_restart(void **state)
{
	(void)state;
	assert_int_equal(relay_stop(&relay), 0);
	assert_true(relay_start(&relay, NULL));
	assert_all_as_on_paper();
	assert_int_equal(relay_desk_publish(&desk), 204);
	assert_all_as_on_paper();
}

static void
batches_go_after_32_days_and_entries_stay(void **state)
{
	uint32_t today;

	(void)state;
	relay_move_clock(&relay, 32 * 86400);
	today = (uint32_t)(relay_now(&relay) / 86400);
	desk.paper.not_after = today + 50;
	desk.paper.serial++;
	desk.paper.epoch_first = today;
	desk.paper.epoch_last = today + 4;
	assert_int_equal(relay_desk_publish(&desk), 204);
	assert_int_equal(get_status("board/batch/200"), 200);
	relay_move_clock(&relay, 86400);
	desk.paper.epoch_first++;
	assert_int_equal(relay_desk_publish(&desk), 204);
	assert_int_equal(get_status("board/batch/200"), 404);
	assert_as_on_paper("board/tile/entries/000");
	assert_as_on_paper("board/days");
}

static void
epoch_keys_go_when_they_are_not_listed(void **state)
{
	char path[64];

	(void)state;
	snprintf(path, sizeof path, "board/epoch/intake/%u.0", desk.paper.epoch_first - 1);
	assert_int_equal(get_status(path), 404);
	snprintf(path, sizeof path, "board/epoch/intake/%u.0", desk.paper.epoch_first);
	assert_int_equal(get_status(path), 200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(there_is_nothing_before_the_first_append),
	    cmocka_unit_test(a_board_begins_with_a_checkpoint_of_size_0),
	    cmocka_unit_test(the_same_append_is_no_fault),
	    cmocka_unit_test(another_size_is_409_with_the_checkpoint),
	    cmocka_unit_test(a_damaged_append_is_refused),
	    cmocka_unit_test(a_batch_of_another_size_is_refused),
	    cmocka_unit_test(hours_neither_go_down_nor_far_ahead),
	    cmocka_unit_test(an_older_card_is_refused),
	    cmocka_unit_test(an_epoch_without_its_key_is_refused),
	    cmocka_unit_test(a_fork_is_refused),
	    cmocka_unit_test(a_board_grows_past_a_tile),
	    cmocka_unit_test(partial_tiles_that_were_passed_are_served),
	    cmocka_unit_test(shared_caches_keep_full_tiles_and_batches_alone),
	    cmocka_unit_test(ranges_are_honoured),
	    cmocka_unit_test(the_board_stays_over_a_restart),
	    cmocka_unit_test(batches_go_after_32_days_and_entries_stay),
	    cmocka_unit_test(epoch_keys_go_when_they_are_not_listed),
	};

	return cmocka_run_group_tests_name(__FILE_NAME__, tests, set_up, tear_down);
}
