// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "lib/paper.h"
#include "lib/test.h"

#define HOUR 480256U /* an hour of day 20010 */
#define DAY (HOUR / 24U)

/* One of each, on the heap: they are large. */
struct story {
	struct paper p;
	struct cairn_client client;
	struct cairn_conversation conv;
	struct cairn_session session;
	struct cairn_look look;
};

static struct story *
begin(uint32_t first_hour)
{
	static const uint8_t root[CAIRN_KEY_BYTES] = {7};
	struct story *s = calloc(1, sizeof *s);

	assert_non_null(s);
	paper_init(&s->p, 1, first_hour);
	s->p.batch_cells = 2; /* fillers are slow to make */
	paper_sign(&s->p, first_hour);
	cairn_conversation_init(&s->conv, root);
	return s;
}

static void
end(struct story *s)
{
	cairn_look_clear(&s->look);
	paper_release(&s->p);
	free(s);
}

static void
publish(struct story *s, uint32_t hour, unsigned batches)
{
	for (unsigned i = 0; i < batches; i++)
		paper_publish(&s->p, hour, NULL, 0);
}

static void
publish_text(struct story *s, uint32_t hour, uint16_t n, const char *text)
{
	uint8_t cell[1][CAIRN_REPLY_CELL_BYTES];

	paper_reply(&s->p, cell[0], &s->conv, hour / 24, 3, n, text);
	paper_publish(&s->p, hour, (const uint8_t(*)[CAIRN_REPLY_CELL_BYTES])cell, 1);
}

static enum cairn_step
look_from(struct story *s, const uint32_t *named, bool all)
{
	paper_client(&s->client, &s->p);
	s->p.log_bytes = 0;
	cairn_look_init(&s->look, &s->client, &s->conv, &s->session, named, all);
	return paper_look(&s->p, &s->look);
}

static enum cairn_step
look(struct story *s)
{
	return look_from(s, NULL, false);
}

static void
assert_found(const struct story *s, size_t i, const char *text)
{
	struct cairn_record record;
	struct cairn_text_part part;

	assert_true(i < s->look.found_count);
	assert_true(cairn_tlv_find(s->look.found[i].plain, CAIRN_REPLY_PLAIN_BYTES, CAIRN_TLV_text, &record));
	assert_ok(cairn_text_read(&part, &record));
	assert_int_equal(part.bytes, strlen(text));
	assert_memory_equal(part.text, text, part.bytes);
}

static unsigned
count_in_log(const struct story *s, const char *what)
{
	unsigned count = 0;

	for (const char *at = s->p.log; (at = strstr(at, what)) != NULL; at++)
		count++;
	return count;
}

static void
finds_a_reply(void **state)
{
	struct story *s = begin(HOUR);

	(void)state;
	publish(s, HOUR, 3);
	publish_text(s, HOUR, 0, "you are heard");
	publish(s, HOUR, 2);
	assert_int_equal(look(s), CAIRN_STEP_DONE);
	assert_int_equal(s->look.found_count, 1);
	assert_found(s, 0, "you are heard");
	assert_false(s->look.more);
	end(s);
}

static void
shows_a_reply_once_in_a_session(void **state)
{
	struct story *s = begin(HOUR);

	(void)state;
	publish_text(s, HOUR, 0, "once");
	publish(s, HOUR, 3);
	assert_int_equal(look(s), CAIRN_STEP_DONE);
	assert_int_equal(s->look.found_count, 1);
	assert_int_equal(look(s), CAIRN_STEP_DONE);
	assert_int_equal(s->look.found_count, 0);
	end(s);
}

static void
fetches_two_batches_with_and_without_mail(void **state)
{
	struct story *s = begin(HOUR);

	(void)state;
	publish(s, HOUR, 9);
	assert_int_equal(look(s), CAIRN_STEP_DONE);
	assert_int_equal(count_in_log(s, "GET board/batch/"), 2);
	publish_text(s, HOUR, 0, "a");
	publish_text(s, HOUR, 1, "b");
	publish_text(s, HOUR, 2, "c");
	assert_int_equal(look(s), CAIRN_STEP_DONE);
	assert_int_equal(count_in_log(s, "GET board/batch/"), 2);
	assert_int_equal(s->look.found_count, 2);
	assert_found(s, 0, "b");
	assert_found(s, 1, "c");
	assert_true(s->look.more);
	assert_int_equal(look(s), CAIRN_STEP_DONE);
	assert_found(s, 0, "a");
	assert_false(s->look.more);
	end(s);
}

static void
fetches_every_batch_of_the_window_when_asked(void **state)
{
	struct story *s = begin(HOUR);

	(void)state;
	for (uint16_t n = 0; n < 5; n++)
		publish_text(s, HOUR, n, "all");
	assert_int_equal(look_from(s, NULL, true), CAIRN_STEP_DONE);
	assert_int_equal(count_in_log(s, "GET board/batch/"), 5);
	assert_int_equal(s->look.found_count, 5);
	end(s);
}

static void
looks_at_boards_of_any_size(void **state)
{
	static const unsigned sizes[] = {0, 1, 2, 3, 255, 256, 257, 511, 513};

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct story *s = begin(HOUR);

		publish(s, HOUR - 24 * 10, sizes[i] / 2);
		publish(s, HOUR, sizes[i] - sizes[i] / 2);
		if (sizes[i] == 0)
			paper_sign(&s->p, HOUR);
		assert_int_equal(look(s), CAIRN_STEP_DONE);
		assert_int_equal(count_in_log(s, "GET board/batch/"), sizes[i] < 2 ? sizes[i] : 2);
		end(s);
	}
}

static void
reads_only_the_window_of_a_long_board(void **state)
{
	struct story *s = begin(HOUR);

	(void)state;
	publish(s, HOUR - 24 * 20, 600);
	publish_text(s, HOUR, 0, "late");
	assert_int_equal(look(s), CAIRN_STEP_DONE);
	assert_found(s, 0, "late");
	assert_int_equal(count_in_log(s, "GET board/tile/entries/"), 1);
	assert_int_equal(count_in_log(s, "GET board/tile/1/"), 1);
	end(s);
}

/* Every file that a look is given, with one bit turned: nothing of it is believed. */
static void
refuses_any_altered_byte(void **state)
{
	static char asked[PAPER_LOG_MAX];
	struct story *s = begin(HOUR);
	unsigned files = 0;

	(void)state;
	publish(s, HOUR - 24 * 10, 300);
	publish_text(s, HOUR, 0, "true");
	assert_int_equal(look(s), CAIRN_STEP_DONE);
	memcpy(asked, s->p.log, sizeof asked);
	for (struct paper_file *file = s->p.files; file != NULL; file = file->next) {
		char request[CAIRN_REQUEST_PATH_MAX + 8];

		snprintf(request, sizeof request, "GET %s ", file->path);
		if (strstr(asked, request) == NULL || file->size == 0)
			continue;
		for (unsigned part = 0; part < 4; part++) {
			uint8_t *byte = &file->bytes[(file->size - 1) * part / 3];

			/* Level 1's tile has hashes behind the ones that are needed: those are not looked at. */
			if (strncmp(file->path, "board/tile/1/", 13) == 0 && part > 0)
				continue;
			memset(&s->session, 0, sizeof s->session);
			*byte ^= 1;
			assert_int_equal(look(s), CAIRN_STEP_FAILED);
			*byte ^= 1;
			files++;
		}
	}
	assert_true(files >= 4 * 6 + 1);
	end(s);
}

static void
refuses_a_file_that_is_cut_or_longer(void **state)
{
	static const char *const paths[] = {"board/checkpoint", "board/card", "board/days", "board/epochs",
	    "board/tile/entries/000.p/4"};
	struct story *s = begin(HOUR);

	(void)state;
	publish(s, HOUR, 4);
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		struct paper_file *file = paper_file(&s->p, paths[i]);

		assert_non_null(file);
		file->size--;
		assert_int_equal(look(s), CAIRN_STEP_FAILED);
		file->size += 2;
		assert_int_equal(look(s), CAIRN_STEP_FAILED);
		file->size--;
		assert_int_equal(look(s), CAIRN_STEP_DONE);
	}
	end(s);
}

static void
convicts_a_fork_of_the_same_size(void **state)
{
	struct story *s = begin(HOUR);
	struct paper other;

	(void)state;
	publish(s, HOUR, 3);
	paper_fork(&other, &s->p);
	publish(s, HOUR, 1);
	assert_int_equal(look(s), CAIRN_STEP_DONE);
	other.seed++;
	paper_publish(&other, HOUR, NULL, 0);
	cairn_look_init(&s->look, &s->client, &s->conv, &s->session, NULL, false);
	assert_int_equal(paper_look(&other, &s->look), CAIRN_STEP_FAILED);
	assert_int_equal(s->look.err, CAIRN_ERR_CONFLICT);
	paper_release(&other);
	end(s);
}

static void
convicts_a_longer_board_that_does_not_extend_the_one_seen(void **state)
{
	struct story *s = begin(HOUR);
	struct paper other;

	(void)state;
	publish(s, HOUR, 3);
	paper_fork(&other, &s->p);
	publish(s, HOUR, 1);
	assert_int_equal(look(s), CAIRN_STEP_DONE);
	other.seed++;
	paper_publish(&other, HOUR, NULL, 0);
	paper_publish(&other, HOUR, NULL, 0);
	cairn_look_init(&s->look, &s->client, &s->conv, &s->session, NULL, false);
	assert_int_equal(paper_look(&other, &s->look), CAIRN_STEP_FAILED);
	assert_int_equal(s->look.err, CAIRN_ERR_CONFLICT);
	paper_release(&other);
	end(s);
}

static void
goes_on_with_a_board_that_extends_the_one_seen(void **state)
{
	struct story *s = begin(HOUR);

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		publish(s, HOUR + i, 130);
		assert_int_equal(look(s), CAIRN_STEP_DONE);
	}
	end(s);
}

static void
refuses_an_older_board(void **state)
{
	struct story *s = begin(HOUR);
	struct paper older;

	(void)state;
	publish(s, HOUR, 3);
	paper_fork(&older, &s->p);
	publish(s, HOUR, 1);
	assert_int_equal(look(s), CAIRN_STEP_DONE);
	cairn_look_init(&s->look, &s->client, &s->conv, &s->session, NULL, false);
	assert_int_equal(paper_look(&older, &s->look), CAIRN_STEP_FAILED);
	assert_int_equal(s->look.err, CAIRN_ERR_STALE);
	paper_release(&older);
	end(s);
}

static void
asks_which_date_is_right(void **state)
{
	struct story *s = begin(HOUR);

	(void)state;
	publish(s, HOUR, 3);
	paper_client(&s->client, &s->p);
	s->client.hour += 25;
	cairn_look_init(&s->look, &s->client, &s->conv, &s->session, NULL, false);
	assert_int_equal(paper_look(&s->p, &s->look), CAIRN_STEP_FAILED);
	assert_int_equal(s->look.err, CAIRN_ERR_CLOCK);
	assert_int_equal(s->look.opening.checkpoint.hour, HOUR);
	s->client.hour_confirmed = true;
	cairn_look_init(&s->look, &s->client, &s->conv, &s->session, NULL, false);
	assert_int_equal(paper_look(&s->p, &s->look), CAIRN_STEP_DONE);
	assert_int_equal(cairn_opening_age_hours(&s->look.opening), 25);
	end(s);
}

/* The desk publishes between the first request and the others: all are made once more. */
static void
opens_again_when_the_board_moved_in_between(void **state)
{
	struct story *s = begin(HOUR);
	const uint8_t *body;
	size_t bytes;
	int status;

	(void)state;
	publish(s, HOUR, 3);
	paper_client(&s->client, &s->p);
	cairn_look_init(&s->look, &s->client, &s->conv, &s->session, NULL, false);
	assert_int_equal(cairn_look_next(&s->look), CAIRN_STEP_REQUEST);
	status = paper_answer(&s->p, &s->look.request, &body, &bytes);
	cairn_look_answer(&s->look, status, body, bytes);
	publish(s, HOUR + 24, 1);
	assert_int_equal(paper_look(&s->p, &s->look), CAIRN_STEP_DONE);
	assert_int_equal(count_in_log(s, "GET board/checkpoint"), 2);
	end(s);
}

static void
tells_why_there_is_no_answer(void **state)
{
	static const struct {
		int status;
		int err;
	} cases[] = {{500, CAIRN_ERR_DENIED}, {404, CAIRN_ERR_UNKNOWN}, {503, CAIRN_ERR_BUSY}};
	struct story *s = begin(HOUR);

	(void)state;
	publish(s, HOUR, 3);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		s->p.status = cases[i].status;
		assert_int_equal(look(s), CAIRN_STEP_FAILED);
		assert_int_equal(s->look.err, cases[i].err);
	}
	end(s);
}

static void
wrong_words_make_the_same_requests(void **state)
{
	static const uint8_t wrong[CAIRN_KEY_BYTES] = {8};
	struct story *s = begin(HOUR);
	char right_log[4096];

	(void)state;
	publish(s, HOUR, 300);
	publish_text(s, HOUR, 0, "for you");
	assert_int_equal(look(s), CAIRN_STEP_DONE);
	assert_int_equal(s->look.found_count, 1);
	memcpy(right_log, s->p.log, sizeof right_log);
	cairn_conversation_init(&s->conv, wrong);
	memset(&s->session, 0, sizeof s->session);
	assert_int_equal(look(s), CAIRN_STEP_DONE);
	assert_int_equal(s->look.found_count, 0);
	/* The same up to the numbers of the two batches. */
	assert_int_equal(strncmp(right_log, s->p.log,
	                     (size_t)(strstr(s->p.log, "board/batch/") - s->p.log)),
	    0);
	assert_int_equal(count_in_log(s, " 8192\n"), 2);
	end(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_a_reply),
	    cmocka_unit_test(shows_a_reply_once_in_a_session),
	    cmocka_unit_test(fetches_two_batches_with_and_without_mail),
	    cmocka_unit_test(fetches_every_batch_of_the_window_when_asked),
	    cmocka_unit_test(looks_at_boards_of_any_size),
	    cmocka_unit_test(reads_only_the_window_of_a_long_board),
	    cmocka_unit_test(refuses_any_altered_byte),
	    cmocka_unit_test(refuses_a_file_that_is_cut_or_longer),
	    cmocka_unit_test(convicts_a_fork_of_the_same_size),
	    cmocka_unit_test(convicts_a_longer_board_that_does_not_extend_the_one_seen),
	    cmocka_unit_test(goes_on_with_a_board_that_extends_the_one_seen),
	    cmocka_unit_test(refuses_an_older_board),
	    cmocka_unit_test(asks_which_date_is_right),
	    cmocka_unit_test(opens_again_when_the_board_moved_in_between),
	    cmocka_unit_test(tells_why_there_is_no_answer),
	    cmocka_unit_test(wrong_words_make_the_same_requests),
	};

	return RUN_TESTS(tests);
}
