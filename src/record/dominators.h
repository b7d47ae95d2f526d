// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_DOMINATORS_H
#define CAIRN_RECORD_DOMINATORS_H

#include "record/digraph.h"

/*
 * The dominator tree: v dominates w when every way from the root to w passes v; the nearest such v, other than w, is
 * its parent in the tree. Take v away, and out of reach is what stands below it in the tree, and nothing else.
 *
 * Lengauer and Tarjan's algorithm with path compression: O(edges * log(vertices)) at worst, near-linear in practice.
 */
#define DOMINATORS_NONE UINT32_MAX

struct dominators {
	uint32_t reached;  /* vertices within reach of the root, which is one of them */
	uint32_t *order;   /* [reached] the root first; a parent in the tree stands before its children */
	uint32_t *parent;  /* [count] DOMINATORS_NONE for the root and for what is out of reach */
	uint32_t *number;  /* [count] place in order; DOMINATORS_NONE out of reach */
};

/* CAIRN_ERR_RANGE: root is no vertex; CAIRN_ERR_NOMEM. Then tree is zeros. */
CAIRN_NODISCARD int dominators_init(struct dominators *tree, const struct digraph *graph, uint32_t root);
void dominators_release(struct dominators *tree);

#endif
