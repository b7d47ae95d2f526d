// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_INDEPENDENCE_H
#define CAIRN_RECORD_INDEPENDENCE_H

#include "record/reliance.h"

/*
 * How far a claim's sources are independent of each other: computed from what relies on what, and from nothing
 * else. No grade enters a count, and no denial or retraction does. docs/record.md, "Independence".
 */

/* Admiralty grades: how many have each. best is '\0' where nothing is graded. */
struct independence_grades {
	uint32_t source[6];      /* A to F */
	uint32_t information[6]; /* 1 to 6 */
	uint32_t source_ungraded;
	uint32_t information_ungraded;
	char source_best;
	char information_best;
};

struct independence {
	uint32_t claim;
	uint32_t count;   /* of the graph's vertices: the length of the arrays */
	uint32_t reached; /* vertices on which the claim rests in any way, without itself */
	uint32_t reports; /* reports among them */
	uint32_t baseless; /* reports among them from which no way leads to a first-hand origin */
	uint32_t origins; /* first-hand origins among them */
	uint32_t ways;    /* the largest number of ways from the claim to origins that share no vertex */
	uint32_t *cut;    /* [ways] a smallest set without which nothing is left */
	uint32_t *stands_for; /* [count] of those that may be one: the one that is counted; else the vertex itself */
	/* [count] the nearest vertex through which alone this one reaches the claim; RELIANCE_NONE out of reach */
	uint32_t *heard_through;
	/* [count] the nearest vertex on which alone this one rests; RELIANCE_NONE where it is not one alone */
	uint32_t *rests_on;
	/* [count] what falls with a vertex: the reports and outlets that rest on it alone, and */
	uint32_t *falls_above;
	/* the origins that are heard through it alone. Itself is counted in neither */
	uint32_t *falls_below;
	struct independence_grades of_origins;
	struct independence_grades of_others; /* of whatever passes them on */
};

enum independence_how {
	INDEPENDENCE_CAUTIOUS, /* what may be one is one: the figures to give */
	INDEPENDENCE_APART,    /* what may be one is several: the other end of what is not known */
};

/*
 * without[without_count] are left out, as if they said nothing; NULL and 0 for none. CAIRN_ERR_RANGE: claim, or one
 * of without, is no vertex; CAIRN_ERR_CONFLICT: claim is no claim, or left out; CAIRN_ERR_NOMEM. Zeros then.
 */
CAIRN_NODISCARD int independence_init(struct independence *found, const struct reliance *graph, uint32_t claim,
    enum independence_how how, const uint32_t *without, size_t without_count);
void independence_release(struct independence *found);

/* Does v stand below (or is it) top in the tree that parents tell? Both are of one array of found. */
bool independence_falls(const uint32_t *parents, uint32_t v, uint32_t top);

/* Does a remark stand beside the claim, or beside something that it rests on? */
bool independence_concerns(const struct independence *found, const struct reliance_remark *remark);

#endif
