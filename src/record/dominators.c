// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/dominators.h"

#include <stdlib.h>
#include <string.h>

/* Vertices are named by their number in the order of a depth-first walk here, but in graph and reverse. */
struct walk {
	const struct digraph *graph;
	struct digraph reverse;
	uint32_t *walked_from; /* the tree of the walk */
	uint32_t *semi;
	uint32_t *dominator;
	uint32_t *ancestor; /* the forest of what was linked; NONE for its roots */
	uint32_t *label;    /* of the lowest semi on the way up to below the root */
	uint32_t *bucket;   /* of each vertex: the first of those whose semi it is */
	uint32_t *next;     /* in a bucket; before that, the arc that the walk tries next */
};

static void
walk_release(struct walk *w)
{
	digraph_release(&w->reverse);
	free(w->walked_from);
	free(w->semi);
	free(w->dominator);
	free(w->ancestor);
	free(w->label);
	free(w->bucket);
	free(w->next);
}

static int
walk_init(struct walk *w, const struct digraph *graph)
{
	uint32_t **const arrays[] = {
		&w->walked_from, &w->semi, &w->dominator, &w->ancestor, &w->label, &w->bucket, &w->next,
	};
	int err;

	memset(w, 0, sizeof *w);
	w->graph = graph;
	err = digraph_reverse(&w->reverse, graph);
	for (size_t i = 0; i < sizeof arrays / sizeof arrays[0] && err == CAIRN_OK; i++) {
		*arrays[i] = malloc(((size_t)graph->count + 1) * sizeof(uint32_t));
		if (*arrays[i] == NULL)
			err = CAIRN_ERR_NOMEM;
	}
	if (err != CAIRN_OK)
		walk_release(w);
	return err;
}

static void
number(struct walk *w, struct dominators *tree, uint32_t vertex, uint32_t from)
{
	uint32_t n = tree->reached++;

	tree->number[vertex] = n;
	tree->order[n] = vertex;
	w->walked_from[n] = from;
	w->semi[n] = w->label[n] = n;
	w->ancestor[n] = w->bucket[n] = DOMINATORS_NONE;
	w->next[n] = w->graph->first[vertex];
}

/* Numbers all that is within reach. Without recursion: a chain may be as long as the graph is large. */
static void
go_deep(struct walk *w, struct dominators *tree, uint32_t root)
{
	uint32_t at = 0;

	number(w, tree, root, DOMINATORS_NONE);
	while (at != DOMINATORS_NONE) {
		uint32_t arc = w->next[at]++;

		if (arc >= w->graph->first[tree->order[at] + 1])
			at = w->walked_from[at];
		else if (tree->number[w->graph->to[arc]] == DOMINATORS_NONE) {
			number(w, tree, w->graph->to[arc], at);
			at = tree->reached - 1;
		}
	}
}

/* Points all on the way from v up at the root of its tree, each with the lowest label that was passed. */
static void
compress(struct walk *w, uint32_t *stack, uint32_t v)
{
	uint32_t depth = 0;

	while (w->ancestor[w->ancestor[v]] != DOMINATORS_NONE) {
		stack[depth++] = v;
		v = w->ancestor[v];
	}
	while (depth > 0) {
		uint32_t at = stack[--depth], up = w->ancestor[at];

		if (w->semi[w->label[up]] < w->semi[w->label[at]])
			w->label[at] = w->label[up];
		w->ancestor[at] = w->ancestor[up];
	}
}

static uint32_t
lowest(struct walk *w, uint32_t *stack, uint32_t v)
{
	if (w->ancestor[v] == DOMINATORS_NONE)
		return v;
	compress(w, stack, v);
	return w->label[v];
}

/* The semidominator of v: the lowest that reaches it through vertices numbered above it alone. */
static void
find_semi(struct walk *w, const struct dominators *tree, uint32_t *stack, uint32_t v)
{
	uint32_t vertex = tree->order[v];

	for (uint32_t i = w->reverse.first[vertex]; i < w->reverse.first[vertex + 1]; i++) {
		uint32_t u = tree->number[w->reverse.to[i]];

		if (u == DOMINATORS_NONE)
			continue;
		u = lowest(w, stack, u);
		if (w->semi[u] < w->semi[v])
			w->semi[v] = w->semi[u];
	}
}

static void
empty_bucket(struct walk *w, uint32_t *stack, uint32_t of)
{
	uint32_t v = w->bucket[of];

	w->bucket[of] = DOMINATORS_NONE;
	while (v != DOMINATORS_NONE) {
		uint32_t u = lowest(w, stack, v), next = w->next[v];

		w->dominator[v] = w->semi[u] < w->semi[v] ? u : of;
		v = next;
	}
}

static void
find_dominators(struct walk *w, struct dominators *tree, uint32_t *stack)
{
	for (uint32_t v = tree->reached; v-- > 1;) {
		find_semi(w, tree, stack, v);
		w->next[v] = w->bucket[w->semi[v]];
		w->bucket[w->semi[v]] = v;
		w->ancestor[v] = w->walked_from[v];
		empty_bucket(w, stack, w->walked_from[v]);
	}
	for (uint32_t v = 1; v < tree->reached; v++) {
		if (w->dominator[v] != w->semi[v])
			w->dominator[v] = w->dominator[w->dominator[v]];
		tree->parent[tree->order[v]] = tree->order[w->dominator[v]];
	}
}

static int
tree_room(struct dominators *tree, uint32_t count)
{
	tree->order = malloc(((size_t)count + 1) * sizeof *tree->order);
	tree->parent = malloc(((size_t)count + 1) * sizeof *tree->parent);
	tree->number = malloc(((size_t)count + 1) * sizeof *tree->number);
	if (tree->order == NULL || tree->parent == NULL || tree->number == NULL)
		return CAIRN_ERR_NOMEM;
	memset(tree->parent, 0xff, count * sizeof *tree->parent);
	memset(tree->number, 0xff, count * sizeof *tree->number);
	return CAIRN_OK;
}

int
dominators_init(struct dominators *tree, const struct digraph *graph, uint32_t root)
{
	uint32_t *stack;
	struct walk w;
	int err;

	memset(tree, 0, sizeof *tree);
	if (root >= graph->count)
		return CAIRN_ERR_RANGE;
	err = walk_init(&w, graph);
	if (err != CAIRN_OK)
		return err;
	stack = malloc(graph->count * sizeof *stack);
	err = stack == NULL ? CAIRN_ERR_NOMEM : tree_room(tree, graph->count);
	if (err == CAIRN_OK) {
		go_deep(&w, tree, root);
		find_dominators(&w, tree, stack);
	} else {
		dominators_release(tree);
	}
	free(stack);
	walk_release(&w);
	return err;
}

void
dominators_release(struct dominators *tree)
{
	free(tree->order);
	free(tree->parent);
	free(tree->number);
	memset(tree, 0, sizeof *tree);
}
