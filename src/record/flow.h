// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_FLOW_H
#define CAIRN_RECORD_FLOW_H

#include <stdbool.h>

#include "record/digraph.h"

/*
 * Menger's theorem as a program: the largest number of ways from source to targets that share no vertex but the
 * source, and a smallest set of vertices whose removal leaves no way at all. The two are of one size. A
 * target is a vertex like any other: it ends one way at most, and may be in the set.
 *
 * Dinic's algorithm on the graph in which each vertex is an arc of capacity 1: O(edges * sqrt(vertices)).
 */

/*
 * target[graph->count]; source is none. *ret_cut is fresh memory with *ret_ways numbers, ascending, that the caller
 * frees; NULL where there is no way. CAIRN_ERR_RANGE: source is no vertex, or a target; or a graph of more than 2^29
 * vertices and edges; CAIRN_ERR_NOMEM.
 */
CAIRN_NODISCARD int flow_ways(uint32_t *ret_ways, uint32_t **ret_cut, const struct digraph *graph,
    uint32_t source, const bool *target);

#endif
