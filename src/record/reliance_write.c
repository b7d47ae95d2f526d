// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "record/reliance_json.h"

static void
put_text(json_t *object, const char *key, const char *text)
{
	if (text != NULL && text[0] != '\0')
		json_object_set_new(object, key, json_string(text));
}

static void
put_grade(json_t *object, const char *key, char grade)
{
	if (grade != 0)
		json_object_set_new(object, key, json_stringn(&grade, 1));
}

static json_t *
vertex_json(const struct reliance_vertex *v)
{
	json_t *object = json_pack("{s:s,s:s}", "code", v->code, "type", reliance_type_words[v->type]);

	put_text(object, "label", v->label);
	put_text(object, "date", v->date);
	put_grade(object, "source_grade", v->source_grade);
	put_grade(object, "information_grade", v->information_grade);
	return object;
}

static json_t *
remark_json(const struct reliance *graph, const struct reliance_remark *r)
{
	json_t *object = json_pack("{s:s,s:s,s:s,s:s}", "code", r->code, "kind", reliance_remark_words[r->kind],
	    "of", graph->vertices[r->of].code, "coercion", reliance_coercion_words[r->coercion]);

	put_text(object, "label", r->label);
	put_text(object, "date", r->date);
	return object;
}

static json_t *
pairs_json(const struct reliance *graph, const struct reliance_edge *pairs, uint32_t count)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < count; i++)
		json_array_append_new(list, json_pack("[s,s]", graph->vertices[pairs[i].from].code,
		    graph->vertices[pairs[i].to].code));
	return list;
}

json_t *
reliance_json(const struct reliance *graph)
{
	json_t *vertices = json_array(), *remarks = json_array();

	for (uint32_t i = 0; i < graph->count; i++)
		json_array_append_new(vertices, vertex_json(&graph->vertices[i]));
	for (uint32_t i = 0; i < graph->remark_count; i++)
		json_array_append_new(remarks, remark_json(graph, &graph->remarks[i]));
	return json_pack("{s:s,s:o,s:o,s:o,s:o}", "cairn", "reliance 1", "vertices", vertices, "reliances",
	    pairs_json(graph, graph->edges, graph->edge_count), "may_be_one",
	    pairs_json(graph, graph->same, graph->same_count), "remarks", remarks);
}

/* ---- the figures ---- */

static json_t *
counts_json(const uint32_t counts[6], char first, uint32_t ungraded, char best)
{
	json_t *object = json_object();

	for (char i = 0; i < 6; i++) {
		const char key[] = {(char)(first + i), '\0'};

		json_object_set_new(object, key, json_integer(counts[(int)i]));
	}
	json_object_set_new(object, "ungraded", json_integer(ungraded));
	json_object_set_new(object, "best", best == 0 ? json_null() : json_stringn(&best, 1));
	return object;
}

static json_t *
grades_json(const struct independence_grades *g)
{
	return json_pack("{s:o,s:o}", "source", counts_json(g->source, 'A', g->source_ungraded, g->source_best),
	    "information", counts_json(g->information, '1', g->information_ungraded, g->information_best));
}

static json_t *
code_or_null(const struct reliance *graph, uint32_t v)
{
	return v == RELIANCE_NONE ? json_null() : json_string(graph->vertices[v].code);
}

static json_t *
each_json(const struct reliance *graph, const struct independence *f)
{
	json_t *list = json_array();

	for (uint32_t v = 0; v < graph->count; v++)
		if (f->heard_through[v] != RELIANCE_NONE)
			json_array_append_new(list, json_pack("{s:s,s:s,s:o,s:o,s:I,s:I}", "code",
			    graph->vertices[v].code, "counted_as", graph->vertices[f->stands_for[v]].code,
			    "heard_through", code_or_null(graph, f->heard_through[v]), "rests_on",
			    code_or_null(graph, f->rests_on[v]), "falls_above", (json_int_t)f->falls_above[v],
			    "falls_below", (json_int_t)f->falls_below[v]));
	return list;
}

static json_t *
beside_json(const struct reliance *graph, const struct independence *f)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < graph->remark_count; i++)
		if (independence_concerns(f, &graph->remarks[i]))
			json_array_append_new(list, remark_json(graph, &graph->remarks[i]));
	return list;
}

static json_t *
cut_json(const struct reliance *graph, const struct independence *f)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < f->ways; i++)
		json_array_append_new(list, json_string(graph->vertices[f->cut[i]].code));
	return list;
}

json_t *
independence_json(const struct reliance *graph, const struct independence *f, const struct independence *apart,
    bool each)
{
	json_t *object = json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:o}",
	    "claim", graph->vertices[f->claim].code,
	    "reached", (json_int_t)f->reached,
	    "reports", (json_int_t)f->reports,
	    "baseless", (json_int_t)f->baseless,
	    "origins", (json_int_t)f->origins,
	    "ways", (json_int_t)f->ways,
	    "cut", cut_json(graph, f),
	    "grades_of_origins", grades_json(&f->of_origins),
	    "grades_of_others", grades_json(&f->of_others),
	    "beside", beside_json(graph, f));

	if (apart != NULL)
		json_object_set_new(object, "if_apart", json_pack("{s:I,s:I}", "origins", (json_int_t)apart->origins,
		    "ways", (json_int_t)apart->ways));
	if (each)
		json_object_set_new(object, "each", each_json(graph, f));
	return object;
}
