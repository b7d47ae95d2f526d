// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <sodium.h>

#include "people.h"
#include "statistics.h"
#include "lib/test.h"

/*
 * C2, who came for what. The adversary is the relay: it sees every request of a look, in order,
 with its size, and
 * can tell whom it came from. It wants to learn whether there was mail,
 and for which of a batch's cells somebody
 * came. Section 7 admits what the numbers of the two batches tell: that somebody who asks again soon after a batch
 * appeared, and then for this one, may have mail in it. All else must be the same for everybody. Every seed is fixed,
 * so what is measured is the same in every run.
 */

#define HOUR 480480U
#define EARLY 5U                /* batches before the window */
#define BATCHES 24U             /* batches of the window */
#define CELLS 8U                /* in a batch: each is for somebody else */
#define READERS (BATCHES * CELLS)
#define STRANGERS READERS       /* with words that nobody ever wrote under */
#define PICKS 2U
#define NO_CHANCE 5.0           /* standard deviations */

static struct paper desk;
static struct cairn_look look;
static struct cairn_client client;
static struct person *readers[READERS];
static struct person *strangers[STRANGERS];
static unsigned cell_of[READERS]; /* in the batch, after it was shuffled */

/* What a watcher saw of one look. */
struct watched {
	char requests[4096]; /* in order, with sizes, the numbers of batches left out */
	uint64_t picks[PICKS];
	unsigned count;
	unsigned found;
};

static struct watched of_reader[READERS], of_stranger[STRANGERS];

/* Takes the log apart into what must be the same for all, and the two numbers. */
static void
take_log(struct watched *seen)
{
	static const char batch[] = "GET board/batch/";
	size_t used = 0;

	desk.log[desk.log_bytes] = '\0';
	seen->count = 0;
	for (char *line = desk.log, *next; *line != '\0'; line = next) {
		const char *rest = line;

		next = strchr(line, '\n') + 1;
		if (strncmp(line, batch, sizeof(batch) - 1) == 0) {
			char *behind;

			assert_true(seen->count < PICKS);
			seen->picks[seen->count++] = strtoull(line + sizeof(batch) - 1, &behind, 10);
			rest = behind;
		}
		assert_true(used + (size_t)(next - line) < sizeof(seen->requests));
		used += (size_t)snprintf(seen->requests + used, sizeof(seen->requests) - used, "%.*s",
		    (int)(next - rest),
		    rest);
	}
}

/* A request says nothing of its own: no body, no pass, no work, the room for its answer by its kind. */
static enum cairn_step
watch_requests(void)
{
	enum cairn_step step;

	while ((step = cairn_look_next(&look)) == CAIRN_STEP_REQUEST) {
		const struct cairn_request *request = &look.request;
		const uint8_t *body;
		size_t bytes;
		int status;

		assert_string_equal(request->method, "GET");
		assert_true(request->body == NULL && request->body_bytes == 0 && !request->staff);
		assert_true(request->work[0] == '\0' && request->pass[0] == '\0');
		status = paper_answer(&desk, request, &body, &bytes);
		cairn_look_answer(&look, status, body, bytes);
	}
	return step;
}

static void
watch_look(struct watched *seen, struct person *person, const uint32_t *named)
{
	desk.log_bytes = 0;
	cairn_look_init(&look, &client, &person->conv, &person->session, named, false);
	assert_int_equal(watch_requests(), CAIRN_STEP_DONE);
	seen->found = (unsigned)look.found_count;
	take_log(seen);
}

/* Where in its batch lies the cell of that tag? */
static unsigned
find_cell(uint64_t n, const uint8_t tag[CAIRN_TAG_BYTES])
{
	const struct paper_file *batch;
	char path[64];

	snprintf(path, sizeof(path), "board/batch/%u", (unsigned)n);
	batch = paper_file(&desk, path);
	for (unsigned i = 0; i < CELLS; i++)
		if (memcmp(batch->bytes + i * CAIRN_REPLY_CELL_BYTES, tag, CAIRN_TAG_BYTES) == 0)
			return i;
	fail_msg("no such cell");
	return 0;
}

/* A batch in which every cell is real. */
static void
publish_to(struct person *const *people, unsigned *cells_of)
{
	static uint8_t cells[CELLS][CAIRN_REPLY_CELL_BYTES];
	const uint32_t hour = HOUR - (BATCHES + EARLY - 1 - (uint32_t)desk.size) * 6;

	for (unsigned i = 0; i < CELLS; i++)
		paper_reply(&desk, cells[i], &people[i]->conv, hour / 24, (uint8_t)i, 0, "Машина в шесть");
	paper_publish(&desk, hour, (const uint8_t(*)[CAIRN_REPLY_CELL_BYTES])cells, CELLS);
	for (unsigned i = 0; i < CELLS; i++)
		cells_of[i] = find_cell(desk.size - 1, cells[i]);
}

static int
begin(void **state)
{
	(void)state;
	paper_init(&desk, 41, HOUR - 9 * 24);
	for (unsigned i = 0; i < EARLY; i++)
		paper_publish(&desk, desk.hour, NULL, 0);
	for (unsigned i = 0; i < READERS; i++)
		readers[i] = person_new(&desk);
	for (unsigned i = 0; i < STRANGERS; i++)
		strangers[i] = person_new(&desk);
	for (unsigned n = 0; n < BATCHES; n++)
		publish_to(readers + (size_t)n * CELLS, cell_of + (size_t)n * CELLS);
	paper_client(&client, &desk);
	for (unsigned i = 0; i < READERS; i++)
		watch_look(&of_reader[i], readers[i], NULL);
	for (unsigned i = 0; i < STRANGERS; i++)
		watch_look(&of_stranger[i], strangers[i], NULL);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	for (unsigned i = 0; i < READERS; i++)
		person_free(readers[i]);
	for (unsigned i = 0; i < STRANGERS; i++)
		person_free(strangers[i]);
	paper_release(&desk);
	return 0;
}

/* ---- what must be the same ---- */

static void
everybody_makes_the_same_requests_of_the_same_sizes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < READERS; i++) {
		assert_int_equal(of_reader[i].found, 1);
		assert_string_equal(of_reader[i].requests, of_stranger[0].requests);
	}
	for (unsigned i = 0; i < STRANGERS; i++) {
		assert_int_equal(of_stranger[i].found, 0);
		assert_string_equal(of_stranger[i].requests, of_stranger[0].requests);
	}
}

static void
fetches_two_of_the_window_in_order(const struct watched *seen)
{
	assert_int_equal(seen->count, PICKS);
	assert_true(seen->picks[0] >= EARLY && seen->picks[0] < seen->picks[1]);
	assert_true(seen->picks[1] < EARLY + BATCHES);
}

static void
everybody_fetches_two_batches_of_the_window_in_ascending_order(void **state)
{
	(void)state;
	for (unsigned i = 0; i < READERS; i++)
		fetches_two_of_the_window_in_order(&of_reader[i]);
	for (unsigned i = 0; i < STRANGERS; i++)
		fetches_two_of_the_window_in_order(&of_stranger[i]);
}

static void
from_any_day_everybody_makes_the_same_requests(void **state)
{
	static struct watched one, other;

	(void)state;
	for (uint32_t back = 0; back < 40; back += 3) {
		uint32_t named = HOUR / 24 - back;

		watch_look(&one, readers[back], &named);
		watch_look(&other, strangers[back], &named);
		assert_string_equal(one.requests, other.requests);
	}
}

/* Having read, and having had nothing to read, look alike: the same two once more. */
static void
a_second_look_tells_no_more_than_the_first(void **state)
{
	static struct watched again;

	(void)state;
	for (unsigned i = 0; i < 16; i++) {
		watch_look(&again, readers[READERS - 1 - i], NULL);
		assert_memory_equal(again.picks, of_reader[READERS - 1 - i].picks, sizeof(again.picks));
		watch_look(&again, strangers[STRANGERS - 1 - i], NULL);
		assert_memory_equal(again.picks, of_stranger[STRANGERS - 1 - i].picks, sizeof(again.picks));
	}
}

/* A relay that fails a request to see what is asked next sees the same for all who had at most two to read. */
static void
a_look_that_was_broken_off_asks_for_the_same_again(void **state)
{
	static struct watched again;

	(void)state;
	for (unsigned i = 0; i < 16; i++) {
		struct person *who = person_new(&desk);
		uint64_t picks[PICKS];

		who->conv = i % 2 == 0 ? readers[i]->conv : strangers[i]->conv;
		memcpy(picks, i % 2 == 0 ? of_reader[i].picks : of_stranger[i].picks, sizeof(picks));
		cairn_look_init(&look, &client, &who->conv, &who->session, NULL, false);
		while (cairn_look_next(&look) == CAIRN_STEP_REQUEST) {
			const uint8_t *body;
			size_t bytes;
			int status = paper_answer(&desk, &look.request, &body, &bytes);

			cairn_look_answer(&look, look.picked == 1 ? CAIRN_NO_ANSWER : status, body, bytes);
		}
		assert_int_not_equal(look.err, CAIRN_OK);
		watch_look(&again, who, NULL);
		assert_memory_equal(again.picks, picks, sizeof(picks));
		person_free(who);
	}
}

/* ---- what the numbers tell ---- */

/* How far counts of so many kinds are from what is expected of each, in standard deviations. */
static double
deviation(const unsigned *counts, const double *expected, size_t kinds, size_t bound)
{
	double sum = 0;

	for (size_t i = 0; i < kinds; i++) {
		double off = (double)counts[i] - expected[i];

		sum += off * off / expected[i];
	}
	return (sum - (double)(kinds - bound)) / sqrt(2.0 * (double)(kinds - bound));
}

static void
a_stranger_takes_any_two_batches_alike(void **state)
{
	unsigned counts[BATCHES] = {0};
	double expected[BATCHES];

	(void)state;
	for (unsigned i = 0; i < STRANGERS; i++)
		for (unsigned k = 0; k < PICKS; k++)
			counts[of_stranger[i].picks[k] - EARLY]++;
	for (unsigned n = 0; n < BATCHES; n++)
		expected[n] = (double)STRANGERS * PICKS / BATCHES;
	assert_true(fabs(deviation(counts, expected, BATCHES, 1)) < NO_CHANCE);
}

/* The one of the two that is not his: it is any of the others, as a stranger's would be. */
static uint64_t
decoy_of(unsigned reader)
{
	const struct watched *seen = &of_reader[reader];
	const uint64_t hit = EARLY + reader / CELLS;

	assert_true(seen->picks[0] == hit || seen->picks[1] == hit);
	return seen->picks[0] == hit ? seen->picks[1] : seen->picks[0];
}

static void
a_reader_takes_any_second_batch_alike(void **state)
{
	unsigned counts[BATCHES] = {0};
	double expected[BATCHES];

	(void)state;
	for (unsigned i = 0; i < READERS; i++)
		counts[decoy_of(i) - EARLY]++;
	for (unsigned n = 0; n < BATCHES; n++)
		expected[n] = (double)READERS / BATCHES;
	assert_true(fabs(deviation(counts, expected, BATCHES, 1)) < NO_CHANCE);
}

/* Of two batches, each with mail in every cell: which of them somebody came for is not to be seen. */
static void
readers_and_strangers_take_the_same_batches(void **state)
{
	static struct histogram of_readers, of_strangers;

	(void)state;
	of_readers.used = of_strangers.used = EARLY + BATCHES;
	for (unsigned i = 0; i < READERS; i++)
		for (unsigned k = 0; k < PICKS; k++) {
			of_readers.bins[of_reader[i].picks[k]]++;
			of_strangers.bins[of_stranger[i].picks[k]]++;
		}
	of_readers.total = of_strangers.total = READERS * PICKS;
	assert_true(histograms_deviation(&of_readers, &of_strangers) < NO_CHANCE);
}

/* How far apart the two numbers are tells no more. */
static void
readers_and_strangers_take_pairs_alike(void **state)
{
	static struct histogram of_readers, of_strangers;

	(void)state;
	of_readers.used = of_strangers.used = EARLY + BATCHES;
	for (unsigned i = 0; i < READERS; i++) {
		of_readers.bins[of_reader[i].picks[1] - of_reader[i].picks[0]]++;
		of_strangers.bins[of_stranger[i].picks[1] - of_stranger[i].picks[0]]++;
	}
	of_readers.total = of_strangers.total = READERS;
	assert_true(histograms_deviation(&of_readers, &of_strangers) < NO_CHANCE);
}

/* By the cell that was somebody's own, and by the part of the board, counted from some batch on,
    of the other number. */
static double
cells_deviation(bool from_own_batch)
{
	enum { PARTS = 4 };
	unsigned counts[CELLS * PARTS] = {0}, of_part[PARTS] = {0};
	double expected[CELLS * PARTS];

	for (unsigned i = 0; i < READERS; i++) {
		unsigned from = from_own_batch ? i / CELLS : 0;
		unsigned part = (unsigned)(decoy_of(i) - EARLY + BATCHES - from) % BATCHES * PARTS / BATCHES;

		counts[cell_of[i] * PARTS + part]++;
		of_part[part]++;
	}
	for (unsigned i = 0; i < CELLS * PARTS; i++)
		expected[i] = (double)of_part[i % PARTS] / CELLS;
	return deviation(counts, expected, CELLS * PARTS, CELLS + PARTS - 1);
}

/* Eight people came for the same batch, each for another cell: the other number does not go by the cell. */
static void
what_was_fetched_does_not_go_by_the_cell(void **state)
{
	(void)state;
	assert_true(fabs(cells_deviation(false)) < NO_CHANCE);
	assert_true(fabs(cells_deviation(true)) < NO_CHANCE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(everybody_makes_the_same_requests_of_the_same_sizes),
	    cmocka_unit_test(everybody_fetches_two_batches_of_the_window_in_ascending_order),
	    cmocka_unit_test(a_stranger_takes_any_two_batches_alike),
	    cmocka_unit_test(a_reader_takes_any_second_batch_alike),
	    cmocka_unit_test(readers_and_strangers_take_the_same_batches),
	    cmocka_unit_test(readers_and_strangers_take_pairs_alike),
	    cmocka_unit_test(what_was_fetched_does_not_go_by_the_cell),
	    cmocka_unit_test(a_second_look_tells_no_more_than_the_first),
	    cmocka_unit_test(a_look_that_was_broken_off_asks_for_the_same_again),
	    cmocka_unit_test(from_any_day_everybody_makes_the_same_requests),
	};

	return sodium_init() < 0 || cmocka_run_group_tests_name("c2_watched", tests, begin, end);
}
