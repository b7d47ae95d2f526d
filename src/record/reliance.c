// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/reliance.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define WORD2(name, word) word,
#define WORD4(name, word, what, words) word,
const char *const reliance_type_words[] = {RELIANCE_TYPES(WORD4)};
const char *const reliance_remark_words[] = {RELIANCE_REMARKS(WORD2)};
const char *const reliance_coercion_words[] = {RELIANCE_COERCIONS(WORD2)};

#define HAS_WORDS(name, word, what, words) words,
static const bool has_words[] = {RELIANCE_TYPES(HAS_WORDS)};

bool
reliance_type_has_words(enum reliance_type type)
{
	return has_words[type];
}

void
reliance_init(struct reliance *graph)
{
	memset(graph, 0, sizeof *graph);
}

void
reliance_release(struct reliance *graph)
{
	for (uint32_t i = 0; i < graph->count; i++)
		free(graph->vertices[i].label);
	for (uint32_t i = 0; i < graph->remark_count; i++)
		free(graph->remarks[i].label);
	free(graph->vertices);
	free(graph->edges);
	free(graph->same);
	free(graph->remarks);
	memset(graph, 0, sizeof *graph);
}

/* ---- what may stand in it ---- */

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool
reliance_code_ok(struct cairn_span code)
{
	if (code.size == 0 || code.size >= RELIANCE_CODE_BYTES || !is_alnum(code.text[0]))
		return false;
	for (size_t i = 1; i < code.size; i++)
		if (!is_alnum(code.text[i]) && (code.text[i] == '\0' || strchr("._-", code.text[i]) == NULL))
			return false;
	return true;
}

/* Two digits behind a hyphen, from 1 to most. */
static bool
two_digits_ok(const char *text, unsigned *ret_value, unsigned most)
{
	if (text[0] != '-' || text[1] < '0' || text[1] > '9' || text[2] < '0' || text[2] > '9')
		return false;
	*ret_value = (unsigned)(text[1] - '0') * 10 + (unsigned)(text[2] - '0');
	return *ret_value >= 1 && *ret_value <= most;
}

static unsigned
month_days(unsigned year, unsigned month)
{
	static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool
reliance_date_ok(struct cairn_span date)
{
	unsigned year = 0, month = 0, day = 0;

	if (date.size == 0)
		return true;
	if (date.size != 4 && date.size != 7 && date.size != 10)
		return false;
	for (size_t i = 0; i < 4; i++) {
		if (date.text[i] < '0' || date.text[i] > '9')
			return false;
		year = year * 10 + (unsigned)(date.text[i] - '0');
	}
	if (date.size >= 7 && !two_digits_ok(date.text + 4, &month, 12))
		return false;
	return date.size < 10 || two_digits_ok(date.text + 7, &day, month_days(year, month));
}

static bool
label_ok(const char *label)
{
	size_t size = label == NULL ? 1 : strlen(label);

	if (size == 0 || size > RELIANCE_LABEL_MAX)
		return false;
	for (size_t i = 0; label != NULL && i < size; i++)
		if ((unsigned char)label[i] < 0x20 || label[i] == 0x7f)
			return false;
	return label == NULL || text_is_utf8((const uint8_t *)label, size);
}

static struct cairn_span
bounded(const char *text, size_t room)
{
	return (struct cairn_span){text, strnlen(text, room)};
}

/* ---- growing ---- */

/* Room for one more of size bytes behind count. */
static int
grow(void *array_at, uint32_t *room, uint32_t count, uint32_t most, size_t size)
{
	void *array, *grown;
	uint32_t more = *room < 16 ? 16 : *room * 2;

	if (count >= most)
		return CAIRN_ERR_RANGE;
	if (count < *room)
		return CAIRN_OK;
	memcpy(&array, array_at, sizeof array);
	grown = reallocarray(array, more, size);
	if (grown == NULL)
		return CAIRN_ERR_NOMEM;
	memcpy(array_at, &grown, sizeof grown);
	*room = more;
	return CAIRN_OK;
}

static int
copy_label(char **ret, const char *label)
{
	*ret = label == NULL ? NULL : strdup(label);
	return label != NULL && *ret == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;
}

static bool
vertex_ok(const struct reliance_vertex *v)
{
	return v->type < RELIANCE_TYPE_COUNT && reliance_code_ok(bounded(v->code, sizeof v->code)) &&
	    reliance_date_ok(bounded(v->date, sizeof v->date)) && label_ok(v->label) &&
	    (v->label == NULL || has_words[v->type]) &&
	    (v->source_grade == 0 || (v->source_grade >= 'A' && v->source_grade <= 'F')) &&
	    (v->information_grade == 0 || (v->information_grade >= '1' && v->information_grade <= '6'));
}

int
reliance_add(struct reliance *graph, const struct reliance_vertex *vertex)
{
	int err;

	if (!vertex_ok(vertex))
		return CAIRN_ERR_FORMAT;
	err = grow(&graph->vertices, &graph->room, graph->count, RELIANCE_VERTICES_MAX, sizeof *vertex);
	if (err != CAIRN_OK)
		return err;
	graph->vertices[graph->count] = *vertex;
	err = copy_label(&graph->vertices[graph->count].label, vertex->label);
	if (err == CAIRN_OK)
		graph->count++;
	return err;
}

int
reliance_remark(struct reliance *graph, const struct reliance_remark *remark)
{
	int err;

	if (remark->kind >= RELIANCE_REMARK_COUNT || remark->coercion >= RELIANCE_COERCION_COUNT ||
	    !reliance_code_ok(bounded(remark->code, sizeof remark->code)) ||
	    !reliance_date_ok(bounded(remark->date, sizeof remark->date)) || !label_ok(remark->label))
		return CAIRN_ERR_FORMAT;
	if (remark->of >= graph->count)
		return CAIRN_ERR_RANGE;
	err = grow(&graph->remarks, &graph->remark_room, graph->remark_count, RELIANCE_VERTICES_MAX, sizeof *remark);
	if (err != CAIRN_OK)
		return err;
	graph->remarks[graph->remark_count] = *remark;
	err = copy_label(&graph->remarks[graph->remark_count].label, remark->label);
	if (err == CAIRN_OK)
		graph->remark_count++;
	return err;
}

int
reliance_rely(struct reliance *graph, uint32_t from, uint32_t to)
{
	int err;

	if (from >= graph->count || to >= graph->count)
		return CAIRN_ERR_RANGE;
	if (from == to || graph->vertices[from].type == RELIANCE_ORIGIN)
		return CAIRN_ERR_CONFLICT;
	err = grow(&graph->edges, &graph->edge_room, graph->edge_count, RELIANCE_EDGES_MAX, sizeof *graph->edges);
	if (err == CAIRN_OK)
		graph->edges[graph->edge_count++] = (struct reliance_edge){from, to};
	return err;
}

int
reliance_may_be_one(struct reliance *graph, uint32_t a, uint32_t b)
{
	int err;

	if (a >= graph->count || b >= graph->count)
		return CAIRN_ERR_RANGE;
	if (a == b || graph->vertices[a].type != graph->vertices[b].type || graph->vertices[a].type == RELIANCE_CLAIM)
		return CAIRN_ERR_CONFLICT;
	err = grow(&graph->same, &graph->same_room, graph->same_count, RELIANCE_EDGES_MAX, sizeof *graph->same);
	if (err == CAIRN_OK)
		graph->same[graph->same_count++] = (struct reliance_edge){a, b};
	return err;
}

/* ---- by code ---- */

static int
by_code(const void *a, const void *b, void *vertices)
{
	const struct reliance_vertex *v = vertices;

	return strcmp(v[*(const uint32_t *)a].code, v[*(const uint32_t *)b].code);
}

int
reliance_index_init(struct reliance_index *index, const struct reliance *graph, uint32_t *ret_twice)
{
	*ret_twice = RELIANCE_NONE;
	index->graph = graph;
	index->sorted = calloc((size_t)graph->count + 1, sizeof *index->sorted);
	if (index->sorted == NULL)
		return CAIRN_ERR_NOMEM;
	for (uint32_t i = 0; i < graph->count; i++)
		index->sorted[i] = i;
	if (graph->count > 0)
		qsort_r(index->sorted, graph->count, sizeof *index->sorted, by_code, graph->vertices);
	for (uint32_t i = 1; i < graph->count; i++)
		if (by_code(&index->sorted[i - 1], &index->sorted[i], graph->vertices) == 0) {
			*ret_twice = index->sorted[i];
			reliance_index_release(index);
			return CAIRN_ERR_CONFLICT;
		}
	return CAIRN_OK;
}

void
reliance_index_release(struct reliance_index *index)
{
	free(index->sorted);
	index->sorted = NULL;
}

uint32_t
reliance_find(const struct reliance_index *index, struct cairn_span code)
{
	uint32_t low = 0, high = index->graph->count;
	char wanted[RELIANCE_CODE_BYTES];

	if (!reliance_code_ok(code))
		return RELIANCE_NONE;
	memcpy(wanted, code.text, code.size);
	wanted[code.size] = '\0';
	while (low < high) {
		uint32_t middle = low + (high - low) / 2, v = index->sorted[middle];
		int order = strcmp(index->graph->vertices[v].code, wanted);

		if (order == 0)
			return v;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return RELIANCE_NONE;
}

uint32_t
reliance_first_claim(const struct reliance *graph)
{
	for (uint32_t i = 0; i < graph->count; i++)
		if (graph->vertices[i].type == RELIANCE_CLAIM)
			return i;
	return RELIANCE_NONE;
}
