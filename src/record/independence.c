// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/independence.h"

#include <stdlib.h>
#include <string.h>

#include "record/digraph.h"
#include "record/dominators.h"
#include "record/flow.h"

/* What is needed on the way to the figures. */
struct work {
	const struct reliance *graph;
	struct independence *found;
	bool *left_out;
	bool *target;
	struct digraph_edge *edges;
	uint32_t edge_count;
	struct digraph down; /* from the claim to origins */
	struct digraph up;   /* from origins; the vertex behind the last leads to all of them */
	struct dominators below;
	struct dominators above;
};

static void
work_release(struct work *w)
{
	free(w->left_out);
	free(w->target);
	free(w->edges);
	digraph_release(&w->down);
	digraph_release(&w->up);
	dominators_release(&w->below);
	dominators_release(&w->above);
}

void
independence_release(struct independence *found)
{
	free(found->cut);
	free(found->stands_for);
	free(found->heard_through);
	free(found->rests_on);
	free(found->falls_above);
	free(found->falls_below);
	memset(found, 0, sizeof *found);
}

static int
room(struct work *w)
{
	struct independence *f = w->found;
	size_t count = (size_t)w->graph->count + 1;

	f->stands_for = calloc(count, sizeof *f->stands_for);
	f->heard_through = calloc(count, sizeof *f->heard_through);
	f->rests_on = calloc(count, sizeof *f->rests_on);
	f->falls_above = calloc(count, sizeof *f->falls_above);
	f->falls_below = calloc(count, sizeof *f->falls_below);
	w->left_out = calloc(count, sizeof *w->left_out);
	w->target = calloc(count, sizeof *w->target);
	/* At most every reliance, and one for each origin. */
	w->edges = calloc((size_t)w->graph->edge_count + count, sizeof *w->edges);
	if (f->stands_for == NULL || f->heard_through == NULL || f->rests_on == NULL || f->falls_above == NULL ||
	    f->falls_below == NULL || w->left_out == NULL || w->target == NULL || w->edges == NULL)
		return CAIRN_ERR_NOMEM;
	memset(f->heard_through, 0xff, count * sizeof *f->heard_through);
	memset(f->rests_on, 0xff, count * sizeof *f->rests_on);
	return CAIRN_OK;
}

/* ---- those that may be one ---- */

static uint32_t
first_of(uint32_t *stands_for, uint32_t v)
{
	while (stands_for[v] != v)
		v = stands_for[v] = stands_for[stands_for[v]];
	return v;
}

/* One is left out: then what it may be the same as still stands. */
static void
join(const struct work *w, enum independence_how how)
{
	uint32_t *stands_for = w->found->stands_for;

	for (uint32_t v = 0; v < w->graph->count; v++)
		stands_for[v] = v;
	for (uint32_t i = 0; how == INDEPENDENCE_CAUTIOUS && i < w->graph->same_count; i++) {
		const struct reliance_edge *pair = &w->graph->same[i];

		if (w->left_out[pair->from] || w->left_out[pair->to])
			continue;
		uint32_t a = first_of(stands_for, pair->from), b = first_of(stands_for, pair->to);

		stands_for[a > b ? a : b] = a > b ? b : a;
	}
	for (uint32_t v = 0; v < w->graph->count; v++)
		stands_for[v] = first_of(stands_for, v);
}

/* ---- the two graphs ---- */

static int
build_down(struct work *w)
{
	const uint32_t *stands_for = w->found->stands_for;

	for (uint32_t i = 0; i < w->graph->edge_count; i++) {
		const struct reliance_edge *e = &w->graph->edges[i];

		if (!w->left_out[e->from] && !w->left_out[e->to] && stands_for[e->from] != stands_for[e->to])
			w->edges[w->edge_count++] = (struct digraph_edge){stands_for[e->from], stands_for[e->to]};
	}
	return digraph_init(&w->down, w->graph->count, w->edges, w->edge_count);
}

/* Of what the claim rests on alone: what else relies on the same does not matter to it. */
static int
build_up(struct work *w)
{
	uint32_t count = 0, top = w->graph->count;

	for (uint32_t i = 0; i < w->edge_count; i++) {
		struct digraph_edge e = w->edges[i];

		if (w->below.number[e.from] != DOMINATORS_NONE)
			w->edges[count++] = (struct digraph_edge){e.to, e.from};
	}
	for (uint32_t i = 0; i < w->below.reached; i++)
		if (w->target[w->below.order[i]])
			w->edges[count++] = (struct digraph_edge){top, w->below.order[i]};
	return digraph_init(&w->up, top + 1, w->edges, count);
}

static int
walk_down(struct work *w, uint32_t claim)
{
	int err = build_down(w);

	if (err == CAIRN_OK)
		err = dominators_init(&w->below, &w->down, claim);
	for (uint32_t i = 1; err == CAIRN_OK && i < w->below.reached; i++) {
		uint32_t v = w->below.order[i];

		w->target[v] = w->graph->vertices[v].type == RELIANCE_ORIGIN;
	}
	return err;
}

static int
walk_up(struct work *w)
{
	int err = build_up(w);

	return err == CAIRN_OK ? dominators_init(&w->above, &w->up, w->graph->count) : err;
}

/* ---- the figures ---- */

static void
grade(struct independence_grades *grades, const struct reliance_vertex *v)
{
	if (v->source_grade == 0)
		grades->source_ungraded++;
	else
		grades->source[v->source_grade - 'A']++;
	if (v->information_grade == 0)
		grades->information_ungraded++;
	else
		grades->information[v->information_grade - '1']++;
	if (v->source_grade != 0 && (grades->source_best == 0 || v->source_grade < grades->source_best))
		grades->source_best = v->source_grade;
	if (v->information_grade != 0 &&
	    (grades->information_best == 0 || v->information_grade < grades->information_best))
		grades->information_best = v->information_grade;
}

static void
count_reached(const struct work *w)
{
	struct independence *f = w->found;

	for (uint32_t i = 1; i < w->below.reached; i++) {
		uint32_t v = w->below.order[i];
		const struct reliance_vertex *vertex = &w->graph->vertices[v];

		f->reached++;
		f->origins += w->target[v];
		grade(w->target[v] ? &f->of_origins : &f->of_others, vertex);
		if (vertex->type != RELIANCE_REPORT)
			continue;
		f->reports++;
		f->baseless += w->above.number[v] == DOMINATORS_NONE;
	}
}

/* Sums up the tree from its leaves: what is counted below each vertex, itself left out. */
static void
count_falling(uint32_t *falls, const struct dominators *tree, const struct work *w, bool origins)
{
	for (uint32_t i = tree->reached; i-- > 1;) {
		uint32_t v = tree->order[i], parent = tree->parent[v];
		bool counts = w->graph->vertices[v].type != RELIANCE_CLAIM && w->target[v] == origins;

		if (parent < w->graph->count)
			falls[parent] += falls[v] + counts;
	}
}

/* Those that stand for several say the same of each. */
static void
tell_all(const struct work *w)
{
	struct independence *f = w->found;

	for (uint32_t v = 0; v < w->graph->count; v++) {
		uint32_t one = f->stands_for[v];
		uint32_t rests = w->above.parent[one];

		f->heard_through[v] = w->below.parent[one];
		f->rests_on[v] = rests == w->graph->count ? RELIANCE_NONE : rests;
		f->falls_above[v] = f->falls_above[one];
		f->falls_below[v] = f->falls_below[one];
	}
}

static int
compute(struct work *w, uint32_t claim)
{
	struct independence *f = w->found;
	int err = walk_down(w, claim);

	if (err == CAIRN_OK)
		err = flow_ways(&f->ways, &f->cut, &w->down, claim, w->target);
	if (err == CAIRN_OK)
		err = walk_up(w);
	if (err != CAIRN_OK)
		return err;
	count_reached(w);
	count_falling(f->falls_below, &w->below, w, true);
	count_falling(f->falls_above, &w->above, w, false);
	tell_all(w);
	return CAIRN_OK;
}

static int
leave_out(const struct work *w, uint32_t claim, const uint32_t *without, size_t without_count)
{
	for (size_t i = 0; i < without_count; i++) {
		if (without[i] >= w->graph->count)
			return CAIRN_ERR_RANGE;
		w->left_out[without[i]] = true;
	}
	return w->left_out[claim] ? CAIRN_ERR_CONFLICT : CAIRN_OK;
}

int
independence_init(struct independence *found, const struct reliance *graph, uint32_t claim,
    enum independence_how how, const uint32_t *without, size_t without_count)
{
	struct work w = {.graph = graph, .found = found};
	int err;

	memset(found, 0, sizeof *found);
	if (claim >= graph->count)
		return CAIRN_ERR_RANGE;
	if (graph->vertices[claim].type != RELIANCE_CLAIM)
		return CAIRN_ERR_CONFLICT;
	found->claim = claim;
	found->count = graph->count;
	err = room(&w);
	if (err == CAIRN_OK)
		err = leave_out(&w, claim, without, without_count);
	if (err == CAIRN_OK) {
		join(&w, how);
		err = compute(&w, claim);
	}
	work_release(&w);
	if (err != CAIRN_OK)
		independence_release(found);
	return err;
}

bool
independence_falls(const uint32_t *parents, uint32_t v, uint32_t top)
{
	while (v != RELIANCE_NONE && v != top)
		v = parents[v];
	return v == top;
}

bool
independence_concerns(const struct independence *found, const struct reliance_remark *remark)
{
	return remark->of == found->claim || found->heard_through[remark->of] != RELIANCE_NONE;
}
