// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_RELIANCE_H
#define CAIRN_RECORD_RELIANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/span.h"

/*
 * What relies on what: a claim on reports, reports on outlets and informants, these on people who were there. A
 * vertex bears a code and never a person's name; only what is public anyway (claim, report, outlet) may have words.
 * docs/record.md, "Independence".
 */
#define RELIANCE_CODE_BYTES 33U   /* A-Z a-z 0-9, then also . _ -; with its zero */
#define RELIANCE_DATE_BYTES 11U   /* "2017", "2017-04" or "2017-04-01", or "" */
#define RELIANCE_LABEL_MAX 200U   /* bytes of UTF-8 */
#define RELIANCE_VERTICES_MAX 250000U
#define RELIANCE_EDGES_MAX 2000000U
#define RELIANCE_NONE UINT32_MAX

/* X(name, word, what it is, may have words) */
#define RELIANCE_TYPES(X)                                                                   \
	X(CLAIM, "claim", "a claim", true)                                                  \
	X(REPORT, "report", "a report or another item", true)                               \
	X(OUTLET, "outlet", "an outlet or institution", true)                               \
	X(INFORMANT, "informant", "somebody who passes on what others lived through", false) \
	X(CELL, "cell", "a place where people were held together", false)                   \
	X(ORIGIN, "origin", "a first-hand origin", false)

enum reliance_type {
#define RELIANCE_ENUM(name, word, what, words) RELIANCE_##name,
	RELIANCE_TYPES(RELIANCE_ENUM)
#undef RELIANCE_ENUM
	RELIANCE_TYPE_COUNT
};

/* What stands beside a vertex and changes no figure. */
#define RELIANCE_REMARKS(X)              \
	X(CONTRADICTION, "contradiction") \
	X(DENIAL, "denial")               \
	X(RETRACTION, "retraction")       \
	X(STATEMENT, "statement")

enum reliance_remark_kind {
#define RELIANCE_ENUM(name, word) RELIANCE_REMARK_##name,
	RELIANCE_REMARKS(RELIANCE_ENUM)
#undef RELIANCE_ENUM
	RELIANCE_REMARK_COUNT
};

/* Was whoever denies or takes back made to do it? */
#define RELIANCE_COERCIONS(X)             \
	X(NOT_ASSESSED, "not-assessed")   \
	X(NONE_KNOWN, "none-known")       \
	X(POSSIBLE, "possible")           \
	X(LIKELY, "likely")               \
	X(ESTABLISHED, "established")

enum reliance_coercion {
#define RELIANCE_ENUM(name, word) RELIANCE_COERCION_##name,
	RELIANCE_COERCIONS(RELIANCE_ENUM)
#undef RELIANCE_ENUM
	RELIANCE_COERCION_COUNT
};

extern const char *const reliance_type_words[];
extern const char *const reliance_remark_words[];
extern const char *const reliance_coercion_words[];
bool reliance_type_has_words(enum reliance_type type);

struct reliance_vertex {
	enum reliance_type type;
	char source_grade;      /* 'A' to 'F', or 0: the source */
	char information_grade; /* '1' to '6', or 0: what it says. The two are never put together */
	char date[RELIANCE_DATE_BYTES];
	char code[RELIANCE_CODE_BYTES];
	char *label; /* NULL where there is none */
};

struct reliance_edge {
	uint32_t from; /* relies on */
	uint32_t to;
};

struct reliance_remark {
	enum reliance_remark_kind kind;
	enum reliance_coercion coercion;
	uint32_t of; /* the vertex beside which it stands */
	char date[RELIANCE_DATE_BYTES];
	char code[RELIANCE_CODE_BYTES];
	char *label; /* NULL where there is none */
};

/* All of it belongs to the graph. Zeros are an empty one. */
struct reliance {
	struct reliance_vertex *vertices;
	uint32_t count, room;
	struct reliance_edge *edges;
	uint32_t edge_count, edge_room;
	struct reliance_edge *same; /* pairs that may be one and the same */
	uint32_t same_count, same_room;
	struct reliance_remark *remarks;
	uint32_t remark_count, remark_room;
};

void reliance_init(struct reliance *graph);
void reliance_release(struct reliance *graph);

/*
 * The next of each, filled in by the caller, who owns what it points to only until then. CAIRN_ERR_FORMAT: a code,
 * date, grade or word that is none, words on what may have none; CAIRN_ERR_RANGE: too many, or no such vertex;
 * CAIRN_ERR_NOMEM. That codes differ is for reliance_index() to say.
 */
CAIRN_NODISCARD int reliance_add(struct reliance *graph, const struct reliance_vertex *vertex);
CAIRN_NODISCARD int reliance_remark(struct reliance *graph, const struct reliance_remark *remark);

/* CAIRN_ERR_CONFLICT: an origin relies on nothing, else it is none; a vertex does not rely on itself. */
CAIRN_NODISCARD int reliance_rely(struct reliance *graph, uint32_t from, uint32_t to);

/* They may be one and the same: in every count they are. CAIRN_ERR_CONFLICT: of two types, or claims. */
CAIRN_NODISCARD int reliance_may_be_one(struct reliance *graph, uint32_t a, uint32_t b);

/* Vertices by code. The index looks into the graph: no vertex may be added while it is in use. */
struct reliance_index {
	const struct reliance *graph;
	uint32_t *sorted;
};

/* CAIRN_ERR_CONFLICT: two have one code, which *ret_twice then names; CAIRN_ERR_NOMEM. */
CAIRN_NODISCARD int reliance_index_init(struct reliance_index *index, const struct reliance *graph,
    uint32_t *ret_twice);
void reliance_index_release(struct reliance_index *index);
uint32_t reliance_find(const struct reliance_index *index, struct cairn_span code); /* RELIANCE_NONE */

bool reliance_code_ok(struct cairn_span code);
bool reliance_date_ok(struct cairn_span date); /* also "" */

/* The first claim, or RELIANCE_NONE. */
uint32_t reliance_first_claim(const struct reliance *graph);

#endif
