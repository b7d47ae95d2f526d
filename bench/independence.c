// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "record/independence.h"

/*
 * All figures of a claim over 100,000 reports and 500,000 reliances, and over half of both: near-linear in the edges
 * means that the ratio stays near 2. Reports rely on what came before them, mostly on what many rely on, as reports
 * do; one in a hundred goes back in a circle; every third vertex is a first-hand origin in the end.
 */
#define REPORTS 100000U
#define RELIANCES 500000U

static uint64_t seed;

static uint32_t
draw(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % below);
}

static void
must(int err)
{
	if (err != CAIRN_OK)
		bench_die("independence: %s", cairn_strerror(err));
}

/* The claim, then reports, then half as many origins. */
static void
make_graph(struct reliance *graph, uint32_t reports, uint32_t edges)
{
	uint32_t origins = reports / 2;

	seed = 1;
	reliance_init(graph);
	for (uint32_t i = 0; i <= reports + origins; i++) {
		struct reliance_vertex v = {.type = i > reports ? RELIANCE_ORIGIN : RELIANCE_REPORT};

		if (i == 0)
			v.type = RELIANCE_CLAIM;
		(void)snprintf(v.code, sizeof v.code, "V%u", i);
		must(reliance_add(graph, &v));
	}
	for (uint32_t i = 1; i <= reports; i++)
		must(reliance_rely(graph, 0, i));
	for (uint32_t i = reports; i < edges; i++) {
		uint32_t from = 1 + draw(reports), span = reports + origins - from;
		uint32_t to = draw(100) == 0 ? 1 + draw(reports) :
		    from + 1 + (uint32_t)(((uint64_t)draw(span) * draw(span)) / span);

		if (to != from)
			must(reliance_rely(graph, from, to));
	}
}

static double
figures_ms(uint32_t reports, uint32_t edges)
{
	double runs[BENCH_RUNS];
	struct reliance graph;

	make_graph(&graph, reports, edges);
	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		double begin = bench_cpu_seconds();
		struct independence found;

		must(independence_init(&found, &graph, 0, INDEPENDENCE_CAUTIOUS, NULL, 0));
		runs[i] = (bench_cpu_seconds() - begin) * 1000;
		if (found.reports != reports || found.ways == 0)
			bench_die("independence: the figures are wrong");
		independence_release(&found);
	}
	reliance_release(&graph);
	return bench_median(runs, BENCH_RUNS);
}

void
bench_independence(void)
{
	double half = figures_ms(REPORTS / 2, RELIANCES / 2);

	bench_row("independence", figures_ms(REPORTS, RELIANCES), "ms", half);
}
