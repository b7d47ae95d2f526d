// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/flow.h"

#include <stdlib.h>
#include <string.h>

/*
 * Vertex v is two nodes, 2v where ways come in and 2v + 1 where they go out, with an arc of capacity 1 between them;
 * the last node is where all targets lead. The arcs of reliances never fill up, so that a cut is made of vertices
 * alone.
 */
#define FLOW_MAX (UINT32_C(1) << 29)
#define ENDLESS 2U /* no arc ever carries more than 1 */
#define UNSEEN UINT32_MAX

struct network {
	uint32_t nodes;
	uint32_t begin, end;
	uint32_t *first; /* [nodes + 1] arcs of a node */
	uint32_t *fill;  /* [nodes] while building: where the next arc goes; then the arc that is tried next */
	uint32_t *to;
	uint32_t *back; /* the same arc the other way round */
	uint8_t *left;  /* capacity that is left */
	uint32_t *level;
	uint32_t *queue; /* [nodes] also the arcs of the way that is being looked for */
};

static void
network_release(struct network *n)
{
	free(n->first);
	free(n->fill);
	free(n->to);
	free(n->back);
	free(n->left);
	free(n->level);
	free(n->queue);
}

static int
network_room(struct network *n, uint32_t nodes, uint32_t arcs)
{
	memset(n, 0, sizeof *n);
	n->nodes = nodes;
	n->first = calloc((size_t)nodes + 1, sizeof *n->first);
	n->fill = calloc(nodes, sizeof *n->fill);
	n->to = calloc((size_t)arcs * 2 + 1, sizeof *n->to);
	n->back = calloc((size_t)arcs * 2 + 1, sizeof *n->back);
	n->left = calloc((size_t)arcs * 2 + 1, sizeof *n->left);
	n->level = calloc(nodes, sizeof *n->level);
	n->queue = calloc(nodes, sizeof *n->queue);
	if (n->first != NULL && n->fill != NULL && n->to != NULL && n->back != NULL && n->left != NULL &&
	    n->level != NULL && n->queue != NULL)
		return CAIRN_OK;
	network_release(n);
	return CAIRN_ERR_NOMEM;
}

/* Hands every arc of the network to visit: twice, once to count and once to put. */
static void
each_arc(struct network *n, const struct digraph *graph, const bool *target,
    void (*visit)(struct network *n, uint32_t from, uint32_t to, uint8_t capacity))
{
	for (uint32_t v = 0; v < graph->count; v++) {
		visit(n, 2 * v, 2 * v + 1, 1);
		if (target[v])
			visit(n, 2 * v + 1, n->end, ENDLESS);
		for (uint32_t i = graph->first[v]; i < graph->first[v + 1]; i++)
			visit(n, 2 * v + 1, 2 * graph->to[i], ENDLESS);
	}
}

static void
count_arc(struct network *n, uint32_t from, uint32_t to, uint8_t capacity)
{
	(void)capacity;
	n->first[from + 1]++;
	n->first[to + 1]++;
}

static void
put_arc(struct network *n, uint32_t from, uint32_t to, uint8_t capacity)
{
	uint32_t there = n->fill[from]++, back = n->fill[to]++;

	n->to[there] = to;
	n->left[there] = capacity;
	n->back[there] = back;
	n->to[back] = from;
	n->left[back] = 0;
	n->back[back] = there;
}

static int
network_init(struct network *n, const struct digraph *graph, uint32_t source, const bool *target)
{
	uint32_t edges = graph->first[graph->count];
	int err;

	if (graph->count > FLOW_MAX || edges > FLOW_MAX)
		return CAIRN_ERR_RANGE;
	err = network_room(n, 2 * graph->count + 1, edges + 2 * graph->count);
	if (err != CAIRN_OK)
		return err;
	n->begin = 2 * source + 1;
	n->end = 2 * graph->count;
	each_arc(n, graph, target, count_arc);
	for (uint32_t i = 0; i < n->nodes; i++)
		n->first[i + 1] += n->first[i];
	memcpy(n->fill, n->first, n->nodes * sizeof *n->fill);
	each_arc(n, graph, target, put_arc);
	return CAIRN_OK;
}

/* How far each node is from the beginning, by arcs that have capacity left. False: the end is out of reach. */
static bool
find_levels(struct network *n)
{
	uint32_t head = 0, tail = 0;

	memset(n->level, 0xff, n->nodes * sizeof *n->level);
	n->level[n->begin] = 0;
	n->queue[tail++] = n->begin;
	while (head < tail) {
		uint32_t at = n->queue[head++];

		for (uint32_t arc = n->first[at]; arc < n->first[at + 1]; arc++) {
			uint32_t next = n->to[arc];

			if (n->left[arc] == 0 || n->level[next] != UNSEEN)
				continue;
			n->level[next] = n->level[at] + 1;
			n->queue[tail++] = next;
		}
	}
	return n->level[n->end] != UNSEEN;
}

/* The next arc of a node that leads one level on, or the first of the next node when there is none. */
static uint32_t
next_arc(struct network *n, uint32_t at)
{
	uint32_t arc = n->fill[at];

	while (arc < n->first[at + 1] && (n->left[arc] == 0 || n->level[n->to[arc]] != n->level[at] + 1))
		arc++;
	n->fill[at] = arc;
	return arc;
}

/* One more way along the levels, by a walk without recursion: chains may be as long as the graph is large. */
static bool
find_way(struct network *n)
{
	uint32_t depth = 0, at = n->begin;

	while (at != n->end) {
		uint32_t arc = next_arc(n, at);

		if (arc < n->first[at + 1]) {
			n->queue[depth++] = arc;
			at = n->to[arc];
		} else if (depth == 0) {
			return false;
		} else {
			at = n->to[n->back[n->queue[--depth]]];
			n->fill[at]++;
		}
	}
	while (depth > 0) {
		uint32_t arc = n->queue[--depth];

		n->left[arc]--;
		n->left[n->back[arc]]++;
	}
	return true;
}

/* The vertices that ways can still get into, and not out of. */
static int
find_cut(uint32_t **ret_cut, const struct network *n, uint32_t ways)
{
	uint32_t *cut = calloc((size_t)ways + 1, sizeof *cut), count = 0;

	if (cut == NULL)
		return CAIRN_ERR_NOMEM;
	for (uint32_t node = 0; node < n->end && count < ways; node += 2)
		if (n->level[node] != UNSEEN && n->level[node + 1] == UNSEEN)
			cut[count++] = node / 2;
	*ret_cut = cut;
	return CAIRN_OK;
}

int
flow_ways(uint32_t *ret_ways, uint32_t **ret_cut, const struct digraph *graph, uint32_t source, const bool *target)
{
	struct network n;
	uint32_t ways = 0;
	int err;

	*ret_ways = 0;
	*ret_cut = NULL;
	if (source >= graph->count || target[source])
		return CAIRN_ERR_RANGE;
	err = network_init(&n, graph, source, target);
	if (err != CAIRN_OK)
		return err;
	while (find_levels(&n)) {
		memcpy(n.fill, n.first, n.nodes * sizeof *n.fill);
		while (find_way(&n))
			ways++;
	}
	if (ways > 0)
		err = find_cut(ret_cut, &n, ways);
	if (err == CAIRN_OK)
		*ret_ways = ways;
	network_release(&n);
	return err;
}
