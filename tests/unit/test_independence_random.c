// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/independence.h"

/*
 * Random graphs of up to 11 vertices against what is true by definition: every set of vertices is taken away, every
 * vertex is taken away alone. Seeds are fixed, so that a run replays.
 */
#define GRAPHS 4000U
#define VERTICES 11U

static uint64_t seed;

static uint32_t
draw(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % below);
}

/* Vertex 0 is the claim; about a third of the others are origins. */
static void
make_graph(struct reliance *graph, uint32_t count, uint32_t edges, bool same)
{
	reliance_init(graph);
	for (uint32_t i = 0; i < count; i++) {
		struct reliance_vertex v = {.type = draw(3) == 0 ? RELIANCE_ORIGIN : RELIANCE_REPORT};

		if (i == 0)
			v.type = RELIANCE_CLAIM;
		(void)snprintf(v.code, sizeof v.code, "V%u", i);
		assert_ok(reliance_add(graph, &v));
	}
	for (uint32_t i = 0; i < edges; i++)
		(void)!reliance_rely(graph, draw(count), draw(count));
	if (same && count > 2)
		(void)!reliance_may_be_one(graph, 1 + draw(count - 1), 1 + draw(count - 1));
}

/* ---- by definition ---- */

/*
 * What the claim reaches while the vertices of gone are away. Vertices are bits; those that stand for others alone.
 */
static uint32_t
reach(const struct reliance *graph, const struct independence *f, uint32_t gone)
{
	uint32_t reached = 1, before = 0;

	while (reached != before) {
		before = reached;
		for (uint32_t i = 0; i < graph->edge_count; i++) {
			uint32_t from = f->stands_for[graph->edges[i].from], to = f->stands_for[graph->edges[i].to];

			if ((reached >> from & 1) && !(gone >> to & 1))
				reached |= UINT32_C(1) << to;
		}
	}
	return reached;
}

static uint32_t
origins_of(const struct reliance *graph, uint32_t set)
{
	uint32_t origins = 0;

	for (uint32_t v = 1; v < graph->count; v++)
		if ((set >> v & 1) && graph->vertices[v].type == RELIANCE_ORIGIN)
			origins |= UINT32_C(1) << v;
	return origins;
}

/* The smallest set of vertices, the claim left out, without which no origin is reached. */
static uint32_t
smallest_cut(const struct reliance *graph, const struct independence *f)
{
	uint32_t least = UINT32_MAX;

	for (uint32_t set = 0; set < (UINT32_C(1) << graph->count); set += 2) {
		uint32_t size = (uint32_t)__builtin_popcount(set);

		if (size < least && origins_of(graph, reach(graph, f, set)) == 0)
			least = size;
	}
	return least;
}

/* Does v reach an origin while gone is away, among what the claim reaches? */
static bool
has_ground(const struct reliance *graph, const struct independence *f, uint32_t v, uint32_t gone)
{
	uint32_t reached = UINT32_C(1) << v, before = 0;

	while (reached != before) {
		before = reached;
		for (uint32_t i = 0; i < graph->edge_count; i++) {
			uint32_t from = f->stands_for[graph->edges[i].from], to = f->stands_for[graph->edges[i].to];

			if ((reached >> from & 1) && !(gone >> to & 1))
				reached |= UINT32_C(1) << to;
		}
	}
	return origins_of(graph, reached) != 0;
}

/* ---- held against it ---- */

static void
check_cut(const struct reliance *graph, const struct independence *f)
{
	uint32_t set = 0;

	for (uint32_t i = 0; i < f->ways; i++) {
		assert_true(f->cut[i] != 0 && f->cut[i] < graph->count);
		assert_int_equal(f->stands_for[f->cut[i]], f->cut[i]);
		set |= UINT32_C(1) << f->cut[i];
	}
	assert_int_equal(__builtin_popcount(set), f->ways);
	assert_int_equal(origins_of(graph, reach(graph, f, set)), 0);
}

static void
check_falling(const struct reliance *graph, const struct independence *f)
{
	uint32_t all = reach(graph, f, 0);

	for (uint32_t v = 1; v < graph->count; v++) {
		uint32_t bit = UINT32_C(1) << v, lost, above = 0;

		if (!(all & bit)) {
			if (f->stands_for[v] == v)
				assert_int_equal(f->heard_through[v], RELIANCE_NONE);
			continue;
		}
		lost = origins_of(graph, all & ~reach(graph, f, bit)) & ~bit;
		assert_int_equal(f->falls_below[v], __builtin_popcount(lost));
		for (uint32_t u = 1; u < graph->count; u++) {
			bool falls = u != v && (all >> u & 1) && graph->vertices[u].type != RELIANCE_ORIGIN &&
			    has_ground(graph, f, u, 0) && !has_ground(graph, f, u, bit);

			above += falls;
			if (u != v && (all >> u & 1))
				assert_int_equal(independence_falls(f->rests_on, u, v), falls);
		}
		assert_int_equal(f->falls_above[v], above);
	}
}

static void
figures_are_what_taking_vertices_away_shows(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < GRAPHS; i++) {
		struct reliance graph;
		struct independence f;
		uint32_t count, all;

		seed = i;
		(void)draw(2);
		count = 1 + draw(VERTICES);
		make_graph(&graph, count, draw(3 * count + 1), i % 2 == 0);
		assert_ok(independence_init(&f, &graph, 0, INDEPENDENCE_CAUTIOUS, NULL, 0));
		all = reach(&graph, &f, 0);
		assert_int_equal(f.reached, __builtin_popcount(all) - 1);
		assert_int_equal(f.origins, __builtin_popcount(origins_of(&graph, all)));
		assert_int_equal(f.ways, smallest_cut(&graph, &f));
		check_cut(&graph, &f);
		check_falling(&graph, &f);
		independence_release(&f);
		reliance_release(&graph);
	}
}

/* ---- properties of any graph ---- */

static void
the_order_of_the_input_changes_no_figure(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 40; i++) {
		struct reliance graph;
		struct independence a, b;

		seed = 1000 + i;
		make_graph(&graph, 200, 600, true);
		assert_ok(independence_init(&a, &graph, 0, INDEPENDENCE_CAUTIOUS, NULL, 0));
		for (uint32_t j = graph.edge_count; j > 1; j--) {
			uint32_t other = draw(j);
			struct reliance_edge e = graph.edges[j - 1];

			graph.edges[j - 1] = graph.edges[other];
			graph.edges[other] = e;
		}
		assert_ok(independence_init(&b, &graph, 0, INDEPENDENCE_CAUTIOUS, NULL, 0));
		assert_int_equal(a.ways, b.ways);
		assert_int_equal(a.origins, b.origins);
		assert_memory_equal(a.falls_below, b.falls_below, graph.count * sizeof *a.falls_below);
		assert_memory_equal(a.falls_above, b.falls_above, graph.count * sizeof *a.falls_above);
		independence_release(&a);
		independence_release(&b);
		reliance_release(&graph);
	}
}

/* Whoever repeats what is there adds no way, and no origin. */
static void
repeating_adds_nothing(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 200; i++) {
		struct reliance graph;
		struct independence before, after;
		struct reliance_vertex v = {.type = RELIANCE_REPORT, .code = "echo"};

		seed = 5000 + i;
		make_graph(&graph, 30, 80, true);
		assert_ok(independence_init(&before, &graph, 0, INDEPENDENCE_CAUTIOUS, NULL, 0));
		assert_ok(reliance_add(&graph, &v));
		assert_ok(reliance_rely(&graph, 0, 30));
		for (uint32_t j = 1; j < 30; j++)
			if (before.heard_through[j] == 0 && graph.vertices[j].type == RELIANCE_REPORT)
				assert_ok(reliance_rely(&graph, 30, j));
		assert_ok(independence_init(&after, &graph, 0, INDEPENDENCE_CAUTIOUS, NULL, 0));
		assert_int_equal(after.origins, before.origins);
		assert_true(after.ways <= after.origins);
		assert_true(after.ways >= before.ways);
		independence_release(&before);
		independence_release(&after);
		reliance_release(&graph);
	}
}

static void
one_reliance_more_adds_one_way_at_most_and_takes_none(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 500; i++) {
		struct reliance graph;
		struct independence before, after;

		seed = 9000 + i;
		make_graph(&graph, 40, 90, false);
		assert_ok(independence_init(&before, &graph, 0, INDEPENDENCE_CAUTIOUS, NULL, 0));
		while (reliance_rely(&graph, draw(40), draw(40)) != CAIRN_OK)
			continue;
		assert_ok(independence_init(&after, &graph, 0, INDEPENDENCE_CAUTIOUS, NULL, 0));
		assert_true(after.ways == before.ways || after.ways == before.ways + 1);
		independence_release(&before);
		independence_release(&after);
		reliance_release(&graph);
	}
}

/* A chain as long as the graph is large, and a circle: neither may need a deep stack. */
static void
long_chains_and_circles_are_walked_without_recursion(void **state)
{
	struct reliance graph;
	struct independence f;
	const uint32_t count = 200000;

	(void)state;
	reliance_init(&graph);
	for (uint32_t i = 0; i < count; i++) {
		struct reliance_vertex v = {.type = i + 1 == count ? RELIANCE_ORIGIN : RELIANCE_REPORT};

		if (i == 0)
			v.type = RELIANCE_CLAIM;
		(void)snprintf(v.code, sizeof v.code, "V%u", i);
		assert_ok(reliance_add(&graph, &v));
	}
	for (uint32_t i = 0; i + 1 < count; i++)
		assert_ok(reliance_rely(&graph, i, i + 1));
	assert_ok(reliance_rely(&graph, count - 2, 1));
	assert_ok(independence_init(&f, &graph, 0, INDEPENDENCE_CAUTIOUS, NULL, 0));
	assert_int_equal(f.ways, 1);
	assert_int_equal(f.falls_below[1], 1);
	assert_int_equal(f.falls_above[count - 1], count - 2);
	independence_release(&f);
	reliance_release(&graph);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_are_what_taking_vertices_away_shows),
		cmocka_unit_test(the_order_of_the_input_changes_no_figure),
		cmocka_unit_test(repeating_adds_nothing),
		cmocka_unit_test(one_reliance_more_adds_one_way_at_most_and_takes_none),
		cmocka_unit_test(long_chains_and_circles_are_walked_without_recursion),
	};

	return RUN_TESTS(tests);
}
