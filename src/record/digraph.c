// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/digraph.h"

#include <stdlib.h>
#include <string.h>

static int
room(struct digraph *graph, uint32_t count, uint32_t edge_count)
{
	memset(graph, 0, sizeof *graph);
	graph->first = calloc((size_t)count + 1, sizeof *graph->first);
	graph->to = calloc((size_t)edge_count + 1, sizeof *graph->to);
	if (graph->first == NULL || graph->to == NULL) {
		digraph_release(graph);
		return CAIRN_ERR_NOMEM;
	}
	graph->count = count;
	return CAIRN_OK;
}

/* first[v + 1] holds how many go out of v: make it where the next one of v is to be put. */
static void
begin_filling(struct digraph *graph)
{
	for (uint32_t v = 0; v < graph->count; v++)
		graph->first[v + 1] += graph->first[v];
	memmove(graph->first + 1, graph->first, graph->count * sizeof *graph->first);
	graph->first[0] = 0;
}

int
digraph_init(struct digraph *graph, uint32_t count, const struct digraph_edge *edges, uint32_t edge_count)
{
	int err;

	memset(graph, 0, sizeof *graph);
	for (uint32_t i = 0; i < edge_count; i++)
		if (edges[i].from >= count || edges[i].to >= count)
			return CAIRN_ERR_RANGE;
	err = room(graph, count, edge_count);
	if (err != CAIRN_OK)
		return err;
	for (uint32_t i = 0; i < edge_count; i++)
		graph->first[edges[i].from + 1]++;
	begin_filling(graph);
	for (uint32_t i = 0; i < edge_count; i++)
		graph->to[graph->first[edges[i].from + 1]++] = edges[i].to;
	return CAIRN_OK;
}

int
digraph_reverse(struct digraph *reverse, const struct digraph *graph)
{
	uint32_t edge_count = graph->first[graph->count];
	int err = room(reverse, graph->count, edge_count);

	if (err != CAIRN_OK)
		return err;
	for (uint32_t i = 0; i < edge_count; i++)
		reverse->first[graph->to[i] + 1]++;
	begin_filling(reverse);
	for (uint32_t v = 0; v < graph->count; v++)
		for (uint32_t i = graph->first[v]; i < graph->first[v + 1]; i++)
			reverse->to[reverse->first[graph->to[i] + 1]++] = v;
	return CAIRN_OK;
}

void
digraph_release(struct digraph *graph)
{
	free(graph->first);
	free(graph->to);
	memset(graph, 0, sizeof *graph);
}
