// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "bench.h"
#include "lib/relay_desk.h"
#include "relay/board_name.h"
#include "relay/files.h"
#include "relay/head.h"
#include "relay/tiles.h"

/*
 * What a look for mail costs: the relay, the line, and the person. The window always holds 5,000 reply cells; what
 * lies before it grows.
 */

#define WINDOW_CELLS 5000U
#define WINDOW_BATCHES (WINDOW_CELLS / CAIRN_BATCH_CELLS)
#define WINDOW_HOURS (7U * 24U)
#define OLD_HOURS (40U * 24U)
#define LOOKS 40U
#define MULTIPLICATIONS 1000U
#define BATCH_BYTES (CAIRN_BATCH_CELLS * CAIRN_REPLY_CELL_BYTES)

static const uint8_t root[CAIRN_KEY_BYTES] = {3};

/* One person, looking once. On the heap: a look is large. */
struct person {
	struct cairn_client client;
	struct cairn_conversation conv;
	struct cairn_session session;
	struct cairn_look look;
	size_t moved; /* bytes, both ways */
	double cpu;   /* seconds in the machine */
};

static struct person *
person_new(const struct paper *p)
{
	struct person *person = calloc(1, sizeof *person);

	if (person == NULL)
		bench_die("memory");
	paper_client(&person->client, p);
	cairn_conversation_init(&person->conv, root);
	return person;
}

/* ---- a board of any length ---- */

/* The hours of the last batches spread over the window, those of the others lie well before it. */
static uint32_t
hour_of(uint64_t n, uint64_t size, uint32_t now)
{
	uint64_t old = size - WINDOW_BATCHES;

	if (n < old)
		return now - OLD_HOURS - (uint32_t)((old - 1 - n) / CAIRN_BATCH_CELLS);
	return now - WINDOW_HOURS + 24 + (uint32_t)((n - old) * (WINDOW_HOURS - 24) / WINDOW_BATCHES);
}

static void
must(int err, const char *what)
{
	if (err != CAIRN_OK)
		bench_die("%s: %s", what, cairn_strerror(err));
}

static struct cairn_span
file_span(const struct paper *p, const char *path)
{
	const struct paper_file *file = paper_file(p, path);

	return (struct cairn_span){(const char *)file->bytes, file->size};
}

static void
put_head(struct paper *p, int data, uint32_t hour)
{
	struct head head;

	must(head_load(&head, data, p->desk_id), "head");
	head_clear(&head);
	memset(&head, 0, sizeof head);
	head.size = p->size;
	head.hour = hour;
	head.checkpoint = file_span(p, "board/checkpoint");
	head.card = file_span(p, "board/card");
	head.identity = file_span(p, "board/identity");
	head.days = file_span(p, "board/days");
	head.epochs = file_span(p, "board/epochs");
	must(head_replace(&head, data, p->desk_id), "head");
}

static void
put_batch(const struct paper *p, int data, uint64_t n, const uint8_t *batch)
{
	struct board_name name = {.kind = BOARD_BATCH, .n = n};
	char path[FILES_PATH_MAX];

	must(board_name_path(path, &name, p->desk_id), "batch");
	must(file_folders(data, path), "batch");
	must(file_replace(data, path, batch, BATCH_BYTES), "batch");
}

/*
 * Lays a board of so many batches into the relay's folder: real tiles, entries and signatures. Each batch has the
 * same bytes, which nobody can open and which cost as much to try.
 */
static void
lay_board(struct relay_desk *desk, uint64_t size)
{
	struct paper *p = &desk->paper;
	static uint8_t batch[BATCH_BYTES];
	uint8_t entry[CAIRN_ENTRY_BYTES_MAX];
	uint32_t now = (uint32_t)(relay_now(desk->relay) / 3600);
	int data = open(desk->relay->data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	p->leaves = calloc(size, sizeof *p->leaves);
	p->hours = calloc(size, sizeof *p->hours);
	if (data < 0 || p->leaves == NULL || p->hours == NULL)
		bench_die("no board can be laid");
	for (uint8_t i = 0; i < CAIRN_BATCH_CELLS; i++)
		paper_reply(p, batch + i * CAIRN_REPLY_CELL_BYTES,
		    &(struct cairn_conversation){.reply = p->epoch_key[1]}, 20000, i, 0, "x");
	for (uint64_t n = 0; n < size; n++) {
		p->hours[n] = hour_of(n, size, now);
		cairn_entry_make(entry, p->hours[n], batch, CAIRN_BATCH_CELLS);
		cairn_tree_leaf(p->leaves[n], entry, cairn_entry_bytes(CAIRN_BATCH_CELLS));
		must(tiles_append(data, p->desk_id, n, entry, cairn_entry_bytes(CAIRN_BATCH_CELLS)), "tiles");
		if (n + WINDOW_BATCHES >= size)
			put_batch(p, data, n, batch);
	}
	p->size = size;
	paper_sign(p, now);
	put_head(p, data, now);
	close(data);
}

/* ---- over a real line ---- */

static size_t
ask(struct person *person, const struct relay_desk *desk, int fd)
{
	char request[512];
	struct http_answer answer = {0};
	int size = snprintf(request, sizeof request, "GET /d/%s/%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", desk->hex,
	    person->look.request.path);

	if (!http_send(fd, request, (size_t)size))
		bench_die("the relay closed a connection");
	http_read(fd, &answer, false);
	cairn_look_answer(&person->look, answer.status, answer.body, answer.bytes);
	person->moved += (size_t)size + strlen(answer.head) + answer.bytes;
	http_free(&answer);
	return 0;
}

/* Bytes that moved. */
static size_t
look_over_line(const struct relay_desk *desk, int fd)
{
	struct person *person = person_new(&desk->paper);
	enum cairn_step step;
	size_t moved;

	cairn_look_init(&person->look, &person->client, &person->conv, &person->session, NULL, false);
	while ((step = cairn_look_next(&person->look)) == CAIRN_STEP_REQUEST)
		ask(person, desk, fd);
	if (step != CAIRN_STEP_DONE)
		bench_die("a look failed: %s", cairn_strerror(person->look.err));
	moved = person->moved;
	free(person);
	return moved;
}

/* Milliseconds of the relay's time, a look. */
static double
relay_cpu_ms(const struct relay_desk *desk)
{
	double runs[BENCH_RUNS];
	int fd = relay_connect(desk->relay);

	look_over_line(desk, fd);
	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		double begin = bench_cpu_seconds_of(desk->relay->pid);

		for (unsigned j = 0; j < LOOKS; j++)
			look_over_line(desk, fd);
		runs[i] = (bench_cpu_seconds_of(desk->relay->pid) - begin) * 1000 / LOOKS;
	}
	close(fd);
	return bench_median(runs, BENCH_RUNS);
}

/* Milliseconds for two multiplications of ristretto255 a cell, as a server that knows no tags does each time. */
static double
ristretto_ms(unsigned cells)
{
	uint8_t point[crypto_core_ristretto255_BYTES], scalar[crypto_core_ristretto255_SCALARBYTES];
	double runs[BENCH_RUNS];

	crypto_core_ristretto255_random(point);
	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		double begin = bench_cpu_seconds();

		for (unsigned j = 0; j < MULTIPLICATIONS; j++) {
			crypto_core_ristretto255_scalar_random(scalar);
			if (crypto_scalarmult_ristretto255(point, scalar, point) != 0)
				bench_die("ristretto255");
		}
		runs[i] = (bench_cpu_seconds() - begin) * 1000 / MULTIPLICATIONS;
	}
	return bench_median(runs, BENCH_RUNS) * 2 * cells;
}

static void
with_board(uint64_t cells, void (*measure)(const struct relay_desk *desk, uint64_t cells))
{
	struct relay_process relay;
	struct relay_desk *desk = calloc(1, sizeof *desk);

	if (desk == NULL)
		bench_die("memory");
	unsetenv("RELAY_ON_DISK");
	relay_init(&relay);
	if (!relay_start(&relay, NULL))
		bench_die("cairnd does not start");
	relay_desk_init(desk, &relay, 1);
	relay_stop(&relay);
	lay_board(desk, cells / CAIRN_BATCH_CELLS);
	if (!relay_start(&relay, NULL))
		bench_die("cairnd does not start");
	measure(desk, cells);
	relay_desk_release(desk);
	relay_stop(&relay);
	relay_release(&relay);
	free(desk);
}

static void
measure_relay(const struct relay_desk *desk, uint64_t cells)
{
	char name[48];

	snprintf(name, sizeof name, "look_relay_cpu_%llu", (unsigned long long)cells);
	bench_row(name, relay_cpu_ms(desk), "ms", ristretto_ms((unsigned)cells));
}

void
bench_look_relay(void)
{
	with_board(WINDOW_CELLS, measure_relay);
	with_board(1000000, measure_relay);
}

static void
measure_bytes(const struct relay_desk *desk, uint64_t cells)
{
	double runs[BENCH_RUNS];
	int fd = relay_connect(desk->relay);

	(void)cells;
	for (unsigned i = 0; i < BENCH_RUNS; i++)
		runs[i] = (double)look_over_line(desk, fd);
	close(fd);
	bench_row("look_bytes", bench_median(runs, BENCH_RUNS), "bytes", NAN);
}

void
bench_look_bytes(void)
{
	/* A number that leaves the window's first bundle as full as may be: the worst place for it. */
	with_board(WINDOW_CELLS + 255 * CAIRN_BATCH_CELLS, measure_bytes);
}

/* ---- the person, without a line ---- */

static double
machine_ms(struct paper *p)
{
	struct person *person = person_new(p);
	double begin = bench_cpu_seconds();
	enum cairn_step step;

	cairn_look_init(&person->look, &person->client, &person->conv, &person->session, NULL, false);
	while ((step = cairn_look_next(&person->look)) == CAIRN_STEP_REQUEST) {
		const uint8_t *body;
		size_t bytes;
		int status;

		person->cpu += bench_cpu_seconds() - begin;
		status = paper_answer(p, &person->look.request, &body, &bytes);
		begin = bench_cpu_seconds();
		cairn_look_answer(&person->look, status, body, bytes);
	}
	person->cpu += bench_cpu_seconds() - begin;
	if (step != CAIRN_STEP_DONE)
		bench_die("a look failed: %s", cairn_strerror(person->look.err));
	begin = person->cpu * 1000;
	free(person);
	return begin;
}

void
bench_look_person(void)
{
	double runs[BENCH_RUNS];
	struct paper *p = calloc(1, sizeof *p);
	uint32_t now = 480000;

	if (p == NULL)
		bench_die("memory");
	paper_init(p, 1, now - WINDOW_HOURS);
	for (unsigned n = 0; n < WINDOW_BATCHES; n++)
		paper_publish(p, hour_of(n, WINDOW_BATCHES, now), NULL, 0);
	paper_sign(p, now);
	for (unsigned i = 0; i < BENCH_RUNS; i++)
		runs[i] = machine_ms(p);
	bench_row("look_person_cpu", bench_median(runs, BENCH_RUNS), "ms", NAN);
	paper_release(p);
	free(p);
}
