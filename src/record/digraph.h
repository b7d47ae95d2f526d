// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_DIGRAPH_H
#define CAIRN_RECORD_DIGRAPH_H

#include <stdint.h>

#include "cairn/err.h"

/*
 * A directed graph, packed: what goes out of vertex v stands in to[first[v]] to to[first[v + 1] - 1]. Vertices are
 * numbers from 0. Nothing of what an edge means is known here.
 */
struct digraph {
	uint32_t count; /* of vertices */
	uint32_t *first; /* [count + 1] */
	uint32_t *to;
};

struct digraph_edge {
	uint32_t from;
	uint32_t to;
};

/* Both ends of every edge are below count, else CAIRN_ERR_RANGE; CAIRN_ERR_NOMEM. graph is zeros on failure. */
CAIRN_NODISCARD int digraph_init(struct digraph *graph, uint32_t count, const struct digraph_edge *edges,
    uint32_t edge_count);

/* The same edges, turned round. */
CAIRN_NODISCARD int digraph_reverse(struct digraph *reverse, const struct digraph *graph);

void digraph_release(struct digraph *graph);

#endif
