// SPDX-License-Identifier: GPL-3.0-or-later
#include <sodium.h>

#include "people.h"
#include "statistics.h"
#include "lib/test.h"

/*
 * C8. A captor has a passphrase that was given up, and the wire: every request with its size and time, every
 * cell that went in or came out. He may compare with as many other conversations as he likes. He wants to tell
 * whether the passphrase is the one by which the person is heard, one that was registered for such an hour,
 * or just wrong.
 */

#define HOUR 480480U
#define BATCHES 48U
#define CELLS 160U         /* of each kind, for counting */
#define NO_CHANCE 5.0      /* standard deviations */
#define RUNS 25U           /* of each kind, for timing */
#define TOO_SLOW_MS 400.0  /* under valgrind and the like a clock tells nothing */

enum who {
	HEARD,
	DURESS,
	WRONG,
	KINDS,
};

static struct paper p;
static struct person *people[KINDS];

/* A week of board: mail for the two that are registered, none for the third. */
static int
begin(void **state)
{
	static uint8_t cells[2][CAIRN_REPLY_CELL_BYTES];

	(void)state;
	paper_init(&p, 8, HOUR - BATCHES * 3);
	p.epoch_last = HOUR / 24 + 1;
	for (int who = 0; who < KINDS; who++)
		people[who] = person_new(&p);
	for (uint32_t i = 0; i < BATCHES; i++) {
		const uint32_t hour = HOUR - (BATCHES - 1 - i) * 3;
		size_t count = 0;

		for (unsigned who = HEARD; who <= DURESS; who++)
			if (i % 7 == 3 * who)
				paper_reply(&p, cells[count++], &people[who]->conv, hour / 24, (uint8_t)who,
				    (uint16_t)(i % 16), who == HEARD ? "Машина в шесть" : "Держись, всё хорошо");
		paper_publish(&p, hour, (const uint8_t (*)[CAIRN_REPLY_CELL_BYTES])cells, count);
	}
	paper_sign(&p, HOUR);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	for (int who = 0; who < KINDS; who++)
		person_free(people[who]);
	paper_release(&p);
	return 0;
}

/* ---- what goes over the wire ---- */

/* What a watcher of the wire has, but for the numbers of the two batches, of which section 7 speaks. */
static void
take_log(char *out, size_t room)
{
	const char *at = p.log, *end_of = p.log + p.log_bytes;
	size_t used = 0;

	while (at < end_of && used + 1 < room) {
		if (end_of - at > 12 && memcmp(at, "board/batch/", 12) == 0) {
			memcpy(out + used, "board/batch/", 12);
			used += 12;
			at += 12 + strspn(at + 12, "0123456789");
			continue;
		}
		out[used++] = *at++;
	}
	out[used] = '\0';
	p.log_bytes = 0;
	memset(p.log, 0, sizeof(p.log));
}

static size_t
look_once(struct person *person, const uint32_t *named)
{
	struct cairn_look *look = calloc(1, sizeof(*look));
	struct cairn_client client;
	size_t found;

	assert_non_null(look);
	paper_client(&client, &p);
	cairn_look_init(look, &client, &person->conv, &person->session, named, false);
	assert_int_equal(paper_look(&p, look), CAIRN_STEP_DONE);
	found = look->found_count;
	cairn_look_clear(look);
	free(look);
	return found;
}

/* Looks again and again, with the default window and a long one; gives the log of all. */
static size_t
look_session(struct person *person, char *log, size_t room)
{
	static const uint32_t named = HOUR / 24 - 20;
	size_t found = 0;

	memset(&person->session, 0, sizeof(person->session));
	p.log_bytes = 0;
	for (int i = 0; i < 4; i++)
		found += look_once(person, i < 2 ? NULL : &named);
	take_log(log, room);
	return found;
}

static void
test_looks_make_the_same_requests_of_the_same_sizes(void **state)
{
	static char logs[KINDS][PAPER_LOG_MAX];
	size_t found[KINDS];

	(void)state;
	for (int who = 0; who < KINDS; who++)
		found[who] = look_session(people[who], logs[who], sizeof(logs[who]));
	assert_true(found[HEARD] > 0 && found[DURESS] > 0);
	assert_int_equal(found[WRONG], 0);
	assert_true(strlen(logs[HEARD]) > 200);
	assert_string_equal(logs[HEARD], logs[DURESS]);
	assert_string_equal(logs[HEARD], logs[WRONG]);
}

/* Numbers of the batches that a look fetches, in its order. */
static size_t
batches_fetched(struct person *person, unsigned long *numbers, size_t room)
{
	const char *at;
	size_t count = 0;

	memset(&person->session, 0, sizeof(person->session));
	p.log_bytes = 0;
	memset(p.log, 0, sizeof(p.log));
	look_once(person, NULL);
	for (at = p.log; (at = strstr(at, "board/batch/")) != NULL && count < room; at++)
		numbers[count++] = strtoul(at + 12, NULL, 10);
	return count;
}

static void
test_every_look_fetches_two_batches_in_ascending_order(void **state)
{
	unsigned long numbers[8];

	(void)state;
	for (int who = 0; who < KINDS; who++) {
		assert_int_equal(batches_fetched(people[who], numbers, 8), 2);
		assert_true(numbers[0] < numbers[1]);
	}
}

static void
send_of_kind(enum who who, struct cairn_letter *letters, char *log, size_t room)
{
	letter_text(&p, &letters[0], who == HEARD ? "Меня зовут Иса, я на вокзале" : "Всё хорошо");
	if (who == HEARD)
		letter_second(&p, &letters[1], people[DURESS]);
	else
		letter_text(&p, &letters[1], "Спасибо");
	memset(&people[who]->session, 0, sizeof(people[who]->session));
	p.log_bytes = 0;
	person_send(&p, people[who], letters, 2);
	take_log(log, room);
}

static void
test_sending_makes_the_same_requests_of_the_same_sizes(void **state)
{
	struct cairn_letter *letters = calloc(2, sizeof(*letters));
	static char logs[KINDS][PAPER_LOG_MAX];

	(void)state;
	assert_non_null(letters);
	for (int who = 0; who < KINDS; who++)
		send_of_kind((enum who)who, letters, logs[who], sizeof(logs[who]));
	assert_true(strlen(logs[HEARD]) > 100);
	assert_string_equal(logs[HEARD], logs[DURESS]);
	assert_string_equal(logs[HEARD], logs[WRONG]);
	free(letters);
}

/* ---- bytes ---- */

/* A cell by its parts: what stands in front, both halves of the encapsulation, the sealed rest. */
enum part {
	FRONT,
	LATTICE_U,
	LATTICE_V,
	POINT,
	POINT_TOP,
	SEALED,
	PARTS,
};

struct counted {
	struct histogram parts[PARTS];
};

static void
count_cell(struct counted *counted, const uint8_t *cell, size_t front, size_t size)
{
	const uint8_t *enc = cell + front;
	const uint8_t top = enc[1119] >> 7; /* which a point never has set */

	histogram_bytes(&counted->parts[FRONT], cell, front);
	histogram_coefficients(&counted->parts[LATTICE_U], enc, 960, 10);
	histogram_coefficients(&counted->parts[LATTICE_V], enc + 960, 128, 4);
	histogram_bytes(&counted->parts[POINT], enc + 1088, 31);
	histogram_bytes(&counted->parts[POINT_TOP], &top, 1);
	histogram_bytes(&counted->parts[SEALED], enc + CAIRN_XWING_ENC_BYTES,
	    size - front - CAIRN_XWING_ENC_BYTES);
}

static double
worst_part(const struct counted *a, const struct counted *b)
{
	double worst = 0;

	for (int part = 0; part < PARTS; part++) {
		const double deviation = histograms_deviation(&a->parts[part], &b->parts[part]);

		if (deviation > worst)
			worst = deviation;
	}
	return worst;
}

static void
count_drop(struct counted *counted, enum who who, struct cairn_letter *letter)
{
	for (uint32_t i = 0; i < CELLS; i++) {
		const size_t before = p.drop_count;

		if (who == HEARD && i % 2 == 0)
			letter_second(&p, letter, people[DURESS]);
		else
			letter_text(&p, letter, who == DURESS ? "Всё хорошо" : "Мне нужно уехать сегодня");
		person_send(&p, people[who], letter, 1);
		assert_int_equal(p.drop_count, before + 1);
		count_cell(counted, p.drop[before], CAIRN_DROP_HEADER_BYTES, CAIRN_DROP_CELL_BYTES);
		assert_memory_equal(p.drop[before], p.drop[0], CAIRN_DROP_HEADER_BYTES);
	}
}

static void
test_drop_cells_have_the_same_bytes(void **state)
{
	static struct counted counted[KINDS];
	struct cairn_letter *letter = calloc(1, sizeof(*letter));

	(void)state;
	assert_non_null(letter);
	for (int who = 0; who < KINDS; who++)
		count_drop(&counted[who], (enum who)who, letter);
	assert_true(worst_part(&counted[HEARD], &counted[DURESS]) < NO_CHANCE);
	assert_true(worst_part(&counted[HEARD], &counted[WRONG]) < NO_CHANCE);
	free(letter);
}

static void
count_replies(struct counted *counted, enum who who)
{
	uint8_t cell[CAIRN_REPLY_CELL_BYTES], randomness[CAIRN_FILLER_RANDOM_BYTES];

	for (uint32_t i = 0; i < CELLS; i++) {
		if (who == WRONG) {
			paper_random(&p, randomness, sizeof(randomness));
			cairn_reply_filler(cell, p.desk_id, HOUR / 24, randomness);
		} else {
			paper_reply(&p, cell, &people[who]->conv, HOUR / 24 - 3 + i / 256, (uint8_t)(i / 16 % 16),
			    (uint16_t)(i % 16), who == HEARD ? "Машина в шесть" : "Держись");
		}
		count_cell(counted, cell, CAIRN_TAG_BYTES, CAIRN_REPLY_CELL_BYTES);
	}
}

/* Mail for the one, mail for the other, and what is for nobody. */
static void
test_reply_cells_and_fillers_have_the_same_bytes(void **state)
{
	static struct counted counted[KINDS];

	(void)state;
	for (int who = 0; who < KINDS; who++)
		count_replies(&counted[who], (enum who)who);
	assert_true(worst_part(&counted[HEARD], &counted[DURESS]) < NO_CHANCE);
	assert_true(worst_part(&counted[HEARD], &counted[WRONG]) < NO_CHANCE);
	assert_true(worst_part(&counted[DURESS], &counted[WRONG]) < NO_CHANCE);
}

/* The counting sees what it is there for: random bytes are no encapsulation. */
static void
test_counting_tells_random_bytes_from_an_encapsulation(void **state)
{
	static struct counted real, random;
	uint8_t cell[CAIRN_REPLY_CELL_BYTES];

	(void)state;
	count_replies(&real, HEARD);
	for (uint32_t i = 0; i < CELLS; i++) {
		paper_random(&p, cell, sizeof(cell));
		count_cell(&random, cell, CAIRN_TAG_BYTES, sizeof(cell));
	}
	assert_true(histograms_deviation(&real.parts[LATTICE_U], &random.parts[LATTICE_U]) > NO_CHANCE);
	assert_true(histograms_deviation(&real.parts[POINT_TOP], &random.parts[POINT_TOP]) > NO_CHANCE);
}

/* ---- time ---- */

/* A look as a clock on the wire divides it: all of it, and what follows the two batches. */
enum phase {
	WHOLE,
	BATCHES_READ,
	PHASES,
};

/* What counts as a difference, if chance does not make it. */
static const double difference_ms[PHASES] = {[WHOLE] = 0.4, [BATCHES_READ] = 0.1};

/* Time that the machine itself takes for one look in a new session, the relay's aside. */
static void
time_look(struct person *person, struct cairn_look *look, double spent[PHASES])
{
	struct cairn_client client;
	const uint8_t *body;
	size_t bytes;

	memset(&person->session, 0, sizeof(person->session));
	memset(spent, 0, PHASES * sizeof(*spent));
	paper_client(&client, &p);
	cairn_look_init(look, &client, &person->conv, &person->session, NULL, false);
	while (cairn_look_next(look) == CAIRN_STEP_REQUEST) {
		const bool batch = strncmp(look->request.path, "board/batch/", 12) == 0;
		const int status = paper_answer(&p, &look->request, &body, &bytes);
		const double from = cpu_ms();

		cairn_look_answer(look, status, body, bytes);
		spent[WHOLE] += cpu_ms() - from;
		if (batch)
			spent[BATCHES_READ] += cpu_ms() - from;
	}
	assert_ok(look->err);
	p.log_bytes = 0;
}

struct timing {
	double samples[PHASES][KINDS][SAMPLES_MAX];
};

/* In turns, so that what slows the machine down meets all alike. */
static void
time_all(struct timing *timing, struct cairn_look *look, double extra_for_duress)
{
	for (unsigned run = 0; run < RUNS; run++)
		for (unsigned i = 0; i < KINDS; i++) {
			const unsigned who = (run + i) % KINDS;
			double spent[PHASES];

			time_look(people[who], look, spent);
			for (int phase = 0; phase < PHASES; phase++)
				timing->samples[phase][who][run] =
				    spent[phase] + (who == DURESS ? extra_for_duress : 0);
		}
}

static bool
differs(const struct timing *timing, int phase, enum who a, enum who b)
{
	double chance;
	const double ms =
	    medians_differ(timing->samples[phase][a], timing->samples[phase][b], RUNS, &chance);

	return ms > difference_ms[phase] && chance < 0.001;
}

static bool
any_differs(const struct timing *timing)
{
	bool any = false;

	for (int phase = 0; phase < PHASES; phase++)
		any = any || differs(timing, phase, HEARD, DURESS) || differs(timing, phase, HEARD, WRONG) ||
		    differs(timing, phase, DURESS, WRONG);
	return any;
}

/* A difference that is there shows each time; one that chance made does not show three times. */
static bool
keeps_differing(struct cairn_look *look, double extra_for_duress)
{
	struct timing *timing = calloc(1, sizeof(*timing));
	bool always = true;

	assert_non_null(timing);
	for (int i = 0; i < 3 && always; i++) {
		time_all(timing, look, extra_for_duress);
		always = any_differs(timing);
	}
	free(timing);
	return always;
}

/* Skips the test where the clock tells nothing. */
static struct cairn_look *
look_for_timing(void)
{
	struct cairn_look *look = calloc(1, sizeof(*look));
	double spent[PHASES];

	assert_non_null(look);
	time_look(people[WRONG], look, spent);
	if (spent[WHOLE] > TOO_SLOW_MS) {
		free(look);
		skip();
	}
	return look;
}

static void
test_looks_take_the_same_time(void **state)
{
	struct cairn_look *look = look_for_timing();

	(void)state;
	assert_false(keeps_differing(look, 0));
	free(look);
}

/* The clocking sees what it is there for. */
static void
test_clocking_tells_ten_milliseconds(void **state)
{
	struct cairn_look *look = look_for_timing();

	(void)state;
	assert_true(keeps_differing(look, 10.0));
	free(look);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_looks_make_the_same_requests_of_the_same_sizes),
		cmocka_unit_test(test_every_look_fetches_two_batches_in_ascending_order),
		cmocka_unit_test(test_sending_makes_the_same_requests_of_the_same_sizes),
		cmocka_unit_test(test_drop_cells_have_the_same_bytes),
		cmocka_unit_test(test_reply_cells_and_fillers_have_the_same_bytes),
		cmocka_unit_test(test_counting_tells_random_bytes_from_an_encapsulation),
		cmocka_unit_test(test_looks_take_the_same_time),
		cmocka_unit_test(test_clocking_tells_ten_milliseconds),
	};

	return cmocka_run_group_tests_name("c8", tests, begin, end);
}
