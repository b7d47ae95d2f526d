// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "bench.h"
#include "cairn/collect.h"
#include "desk/receive.h"
#include "lib/staffed.h"

/*
 * What a desk does with each cell of a surge, beside the two operations that opening it cannot do without:
 * one X-Wing decapsulation and one X25519.
 */

#define PEOPLE 64U
#define CELLS_EACH 8U
#define CELLS (PEOPLE * CELLS_EACH)
#define BARE 2000U

static void
write_cells(struct staffed *s)
{
	for (unsigned i = 0; i < PEOPLE; i++) {
		struct speaker person;

		speaker_init(&person);
		for (unsigned j = 0; j < CELLS_EACH; j++)
			staffed_say(s, &person, "They came to our street on Monday night and asked for him.", NULL);
	}
}

/* Cells a second: opened, checked, parsed and kept, as many in a transaction as a lease brings. */
static double
open_cells(struct staffed *s)
{
	struct received tally = {0};
	double begin = bench_cpu_seconds();

	for (size_t i = 0; i < CELLS; i += CAIRN_LEASE_CELLS_MAX) {
		int err = db_begin(s->desk->state);

		for (size_t j = i; err == CAIRN_OK && j < i + CAIRN_LEASE_CELLS_MAX; j++)
			err = receive_cell(s->desk, &tally, s->relay->cells[j].bytes, s->now);
		if (db_end(s->desk->state, err) != CAIRN_OK)
			bench_die("the desk's state does not take a cell");
	}
	if (tally.kept != CELLS)
		bench_die("%zu of %u cells were kept", tally.kept, CELLS);
	return CELLS / (bench_cpu_seconds() - begin);
}

static double
bare(void)
{
	static struct cairn_xwing_key key;
	uint8_t enc[CAIRN_XWING_ENC_BYTES], shared[32], point[32], secret[32], product[32];
	uint8_t seed[CAIRN_XWING_SEED_BYTES], eseed[CAIRN_XWING_ESEED_BYTES];
	unsigned bad = 0;
	double begin;

	randombytes_buf(seed, sizeof seed);
	randombytes_buf(eseed, sizeof eseed);
	randombytes_buf(secret, sizeof secret);
	crypto_scalarmult_base(point, secret);
	cairn_xwing_key_init(&key, seed);
	bad += cairn_xwing_encapsulate(enc, shared, key.public_key, eseed) != CAIRN_OK;
	begin = bench_cpu_seconds();
	for (unsigned i = 0; i < BARE; i++) {
		bad += cairn_xwing_decapsulate(shared, enc, &key) != CAIRN_OK;
		bad += crypto_scalarmult(product, secret, point) != 0;
	}
	if (bad != 0)
		bench_die("X-Wing does not open");
	return BARE / (bench_cpu_seconds() - begin);
}

void
bench_desk_open(void)
{
	double opened[BENCH_RUNS], alone[BENCH_RUNS];
	struct staffed *s = calloc(1, sizeof *s);

	if (s == NULL)
		bench_die("memory");
	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		staffed_init(s);
		write_cells(s);
		opened[i] = open_cells(s);
		alone[i] = bare();
		staffed_release(s);
	}
	bench_row("desk_open", bench_median(opened, BENCH_RUNS), "cells/s", bench_median(alone, BENCH_RUNS));
	free(s);
}
