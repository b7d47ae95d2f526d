// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_RELIANCE_PICTURE_H
#define CAIRN_RECORD_RELIANCE_PICTURE_H

#include <jansson.h>
#include <stdio.h>

#include "record/independence.h"

/*
 * The graph of one claim as a drawing (SVG): boxes that are large enough for their words, laid out here, or by ELK
 * where somebody runs it (scripts/elk.mjs), and drawn the same either way. Sizes and places are CSS pixels.
 *
 * Nobody's code is in the drawing unless it is asked for: even "M-17" singles somebody out on a public page.
 */
#define PICTURE_NODES_MAX 160U /* beyond that nobody can read it, and the figures have to do */
#define PICTURE_EDGES_MAX 600U
#define PICTURE_LINES_MAX 7U
#define PICTURE_LINE_BYTES 128U
#define PICTURE_POINTS_MAX 64U /* of one line */
#define PICTURE_MAY_BE_ONE "\xe2\x89\x88"

/* X(name, English) */
#define PICTURE_WORDS(X)                                                        \
	X(CLAIM, "claim")                                                       \
	X(REPORT, "report")                                                     \
	X(OUTLET, "outlet or institution")                                      \
	X(INFORMANT, "informant")                                               \
	X(CELL, "place where people were held together")                        \
	X(ORIGIN, "first-hand origin")                                          \
	X(MAY_BE_ONE, "perhaps the same as another: counted once")              \
	X(CUT, "without these nothing is left")                                 \
	X(RELIES, "relies on")                                                  \
	X(TITLE, "What this rests on")                                          \
	X(REPORTS, "reports")                                                   \
	X(ORIGINS, "first-hand origins")                                        \
	X(WAYS, "ways that share nothing")                                      \
	X(BESIDE, "Said against it, or beside it. It changes no figure:")       \
	X(CONTRADICTION, "contradiction")                                       \
	X(DENIAL, "denial")                                                     \
	X(RETRACTION, "retraction")                                             \
	X(STATEMENT, "statement")                                               \
	X(NOT_ASSESSED, "whether it was forced is not assessed")                \
	X(NONE_KNOWN, "no coercion is known")                                   \
	X(POSSIBLE, "possibly forced")                                          \
	X(LIKELY, "likely forced")                                              \
	X(ESTABLISHED, "forced")

enum picture_word {
#define PICTURE_ENUM(name, english) PICTURE_WORD_##name,
	PICTURE_WORDS(PICTURE_ENUM)
#undef PICTURE_ENUM
	PICTURE_WORD_COUNT
};

/* [PICTURE_WORD_COUNT]. A translation is another array like this. */
extern const char *const picture_english[];

struct picture_node {
	uint32_t vertex;
	uint32_t members; /* origins that one box stands for */
	bool in_cut;
	bool may_be_one;
	uint32_t layer;
	double x, y; /* upper left corner */
	double width, height;
	unsigned line_count;
	char lines[PICTURE_LINES_MAX][PICTURE_LINE_BYTES];
};

struct picture_point {
	double x, y;
};

struct picture_edge {
	uint32_t from, to; /* nodes */
	uint32_t point_count;
	struct picture_point points[PICTURE_POINTS_MAX];
};

struct picture {
	const struct reliance *graph;
	const struct independence *found;
	const char *const *words;
	bool codes;
	double width, height; /* of the graph, without legend */
	uint32_t node_count;
	uint32_t edge_count;
	struct picture_node *nodes; /* [PICTURE_NODES_MAX]; the first is the claim */
	struct picture_edge *edges; /* [PICTURE_EDGES_MAX] */
};

struct picture_options {
	const char *const *words; /* NULL: English */
	bool codes; /* also those of people and cells: inside a desk only */
};

/*
 * What is to be drawn, with sizes and without places. found is of graph; both must outlive it. CAIRN_ERR_RANGE: too
 * much to be read; CAIRN_ERR_NOMEM. Zeros then.
 */
CAIRN_NODISCARD int picture_init(struct picture *picture, const struct reliance *graph,
    const struct independence *found, const struct picture_options *options);
void picture_release(struct picture *picture);

/* Gives everything a place, in layers from the claim down. CAIRN_ERR_NOMEM. */
CAIRN_NODISCARD int picture_lay_out(struct picture *picture);

/* The graph as ELK wants it, the caller's to drop; NULL: out of memory. */
json_t *picture_elk(const struct picture *picture);

/*
 * Takes the places from what ELK gave back. CAIRN_ERR_FORMAT: it is not of this picture, or a number is none that a
 * drawing can have; the places are then of no use.
 */
CAIRN_NODISCARD int picture_elk_read(struct picture *picture, const json_t *elk);

/* Writes the drawing; ferror(out) tells whether it got there. */
void picture_draw(const struct picture *picture, FILE *out);

/* The words of a box's type and a remark's kind and coercion. */
const char *picture_type_word(const struct picture *picture, enum reliance_type type);

/* Cuts text into lines of at most columns, at spaces where there are any; what does not fit ends in "...". */
unsigned picture_wrap(char lines[][PICTURE_LINE_BYTES], unsigned most, const char *text, unsigned columns);

#endif
