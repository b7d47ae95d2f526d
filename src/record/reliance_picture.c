// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/reliance_picture.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define COLUMNS 26U
#define COLUMN_PX 7.4
#define LINE_PX 17.0
#define PAD_PX 12.0
#define GROUP_FROM 3U /* so many origins that come in by one vertex alone are one box */

#define ENGLISH(name, english) english,
const char *const picture_english[] = {PICTURE_WORDS(ENGLISH)};

/* Vertices to nodes, and how many origins come in by a vertex alone. */
struct drafting {
	struct picture *picture;
	uint32_t *node_of;  /* [count] RELIANCE_NONE: not drawn */
	uint32_t *only_by;  /* [count] of an origin: the one vertex that relies on it; RELIANCE_NONE: several */
	uint32_t *ways_in;  /* [count] */
	uint32_t *grouped;  /* [count] origins that come in by this one alone */
	uint32_t *group_at; /* [count] the node that stands for them */
};

const char *
picture_type_word(const struct picture *picture, enum reliance_type type)
{
	static const enum picture_word words[] = {
		[RELIANCE_CLAIM] = PICTURE_WORD_CLAIM,
		[RELIANCE_REPORT] = PICTURE_WORD_REPORT,
		[RELIANCE_OUTLET] = PICTURE_WORD_OUTLET,
		[RELIANCE_INFORMANT] = PICTURE_WORD_INFORMANT,
		[RELIANCE_CELL] = PICTURE_WORD_CELL,
		[RELIANCE_ORIGIN] = PICTURE_WORD_ORIGIN,
	};

	return picture->words[words[type]];
}

/* ---- words in boxes ---- */

/* Scripts whose letters are as wide as high count double. */
static unsigned
columns_of(uint32_t point)
{
	return point >= 0x1100 && point < 0xfe00 ? 2 : 1;
}

/* As much of text as fits, up to the last space if there is one. Returns its bytes. */
static size_t
line_size(struct cairn_span text, unsigned columns)
{
	struct cairn_span rest = text;
	size_t size = 0, space = 0;
	unsigned used = 0;

	while (rest.size > 0) {
		struct cairn_span before = rest;

		used += columns_of(text_next(&rest));
		size = text.size - rest.size;
		if (used > columns || size >= PICTURE_LINE_BYTES - 4)
			return space > 0 ? space : text.size - before.size;
		if (before.text[0] == ' ')
			space = text.size - before.size;
	}
	return text.size;
}

unsigned
picture_wrap(char lines[][PICTURE_LINE_BYTES], unsigned most, const char *text, unsigned columns)
{
	struct cairn_span rest = {text, strlen(text)};
	unsigned count = 0;

	while (rest.size > 0 && count < most) {
		bool last = count + 1 == most;
		size_t size = line_size(rest, last ? columns - 2 : columns);

		if (last && line_size(rest, columns) == rest.size)
			size = rest.size;
		memcpy(lines[count], rest.text, size);
		lines[count][size] = '\0';
		rest.text += size;
		rest.size -= size;
		if (last && rest.size > 0)
			(void)snprintf(lines[count] + size, PICTURE_LINE_BYTES - size, "...");
		while (rest.size > 0 && rest.text[0] == ' ') {
			rest.text++;
			rest.size--;
		}
		count++;
	}
	return count;
}

/* How many columns the widest line takes. */
static unsigned
widest(const struct picture_node *node)
{
	unsigned most = 0;

	for (unsigned i = 0; i < node->line_count; i++) {
		struct cairn_span rest = {node->lines[i], strlen(node->lines[i])};
		unsigned used = 0;

		while (rest.size > 0)
			used += columns_of(text_next(&rest));
		most = used > most ? used : most;
	}
	return most;
}

static void
add_line(struct picture_node *node, const char *text)
{
	node->line_count += picture_wrap(node->lines + node->line_count, 1, text, RELIANCE_CODE_BYTES);
}

static void
write_words(const struct picture *picture, struct picture_node *node)
{
	const struct reliance_vertex *v = &picture->graph->vertices[node->vertex];
	char words[RELIANCE_LABEL_MAX + PICTURE_LINE_BYTES];
	const char *text = v->label;

	if (text == NULL && node->members > 1)
		(void)snprintf(words, sizeof words, "%u %s", node->members, picture->words[PICTURE_WORD_ORIGINS]);
	else
		(void)snprintf(words, sizeof words, "%s%s", node->may_be_one ? PICTURE_MAY_BE_ONE " " : "",
		    text != NULL ? text : picture_type_word(picture, v->type));
	node->line_count = picture_wrap(node->lines, PICTURE_LINES_MAX - 2, words, COLUMNS);
	if (v->label != NULL && v->date[0] != '\0')
		add_line(node, v->date);
	if (picture->codes && node->members == 1)
		add_line(node, v->code);
	node->width = widest(node) * COLUMN_PX + 4 * PAD_PX;
	node->height = node->line_count * LINE_PX + 2 * PAD_PX;
}

/* ---- which boxes ---- */

static bool
is_reached(const struct independence *found, uint32_t v)
{
	return v == found->claim || (found->heard_through[v] != RELIANCE_NONE && found->stands_for[v] == v);
}

/* Calls visit for each reliance among what is reached, once for each time it stands in the graph. */
static int
each_edge(struct drafting *d, int (*visit)(struct drafting *d, uint32_t from, uint32_t to))
{
	const struct picture *p = d->picture;
	const uint32_t *one = p->found->stands_for;
	int err = CAIRN_OK;

	for (uint32_t i = 0; i < p->graph->edge_count && err == CAIRN_OK; i++) {
		uint32_t from = one[p->graph->edges[i].from], to = one[p->graph->edges[i].to];

		if (from != to && is_reached(p->found, from) && is_reached(p->found, to))
			err = visit(d, from, to);
	}
	return err;
}

static int
count_in(struct drafting *d, uint32_t from, uint32_t to)
{
	if (d->ways_in[to] > 0 && d->only_by[to] == from)
		return CAIRN_OK;
	d->only_by[to] = d->ways_in[to] == 0 ? from : RELIANCE_NONE;
	d->ways_in[to]++;
	return CAIRN_OK;
}

static uint32_t
new_node(struct picture *p, uint32_t vertex)
{
	struct picture_node *node;

	if (p->node_count == PICTURE_NODES_MAX)
		return RELIANCE_NONE;
	node = &p->nodes[p->node_count];
	memset(node, 0, sizeof *node);
	node->vertex = vertex;
	node->members = 1;
	return p->node_count++;
}

/* The box of one more origin that comes in by one vertex alone: the first makes it, the others are counted in. */
static uint32_t
group_node(struct drafting *d, uint32_t vertex)
{
	uint32_t by = d->only_by[vertex];

	if (d->group_at[by] == RELIANCE_NONE)
		return d->group_at[by] = new_node(d->picture, vertex);
	d->picture->nodes[d->group_at[by]].members++;
	return d->group_at[by];
}

static bool
is_grouped(const struct drafting *d, uint32_t v)
{
	const struct picture *p = d->picture;

	return p->graph->vertices[v].type == RELIANCE_ORIGIN && d->ways_in[v] == 1 &&
	    d->grouped[d->only_by[v]] >= GROUP_FROM;
}

static int
make_nodes(struct drafting *d)
{
	struct picture *p = d->picture;

	for (uint32_t v = 0; v < p->graph->count; v++)
		if (is_reached(p->found, v) && p->graph->vertices[v].type == RELIANCE_ORIGIN && d->ways_in[v] == 1)
			d->grouped[d->only_by[v]]++;
	d->node_of[p->found->claim] = new_node(p, p->found->claim);
	for (uint32_t v = 0; v < p->graph->count; v++) {
		if (v == p->found->claim || !is_reached(p->found, v))
			continue;
		d->node_of[v] = is_grouped(d, v) ? group_node(d, v) : new_node(p, v);
		if (d->node_of[v] == RELIANCE_NONE)
			return CAIRN_ERR_RANGE;
	}
	return CAIRN_OK;
}

static int
make_edge(struct drafting *d, uint32_t from, uint32_t to)
{
	struct picture *p = d->picture;
	uint32_t a = d->node_of[from], b = d->node_of[to];

	for (uint32_t i = 0; i < p->edge_count; i++)
		if (p->edges[i].from == a && p->edges[i].to == b)
			return CAIRN_OK;
	if (p->edge_count == PICTURE_EDGES_MAX)
		return CAIRN_ERR_RANGE;
	p->edges[p->edge_count].from = a;
	p->edges[p->edge_count].to = b;
	p->edges[p->edge_count++].point_count = 0;
	return CAIRN_OK;
}

static void
mark_nodes(struct drafting *d)
{
	struct picture *p = d->picture;

	for (uint32_t i = 0; i < p->found->ways; i++)
		p->nodes[d->node_of[p->found->cut[i]]].in_cut = true;
	for (uint32_t v = 0; v < p->graph->count; v++)
		if (p->found->stands_for[v] != v && d->node_of[p->found->stands_for[v]] != RELIANCE_NONE)
			p->nodes[d->node_of[p->found->stands_for[v]]].may_be_one = true;
	for (uint32_t i = 0; i < p->node_count; i++)
		write_words(p, &p->nodes[i]);
}

/* ---- the whole ---- */

static int
drafting_init(struct drafting *d, struct picture *picture)
{
	uint32_t **const arrays[] = {&d->node_of, &d->only_by, &d->ways_in, &d->grouped, &d->group_at};
	size_t count = (size_t)picture->graph->count + 1;

	memset(d, 0, sizeof *d);
	d->picture = picture;
	for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
		*arrays[i] = calloc(count, sizeof(uint32_t));
		if (*arrays[i] == NULL)
			return CAIRN_ERR_NOMEM;
	}
	memset(d->node_of, 0xff, count * sizeof *d->node_of);
	memset(d->group_at, 0xff, count * sizeof *d->group_at);
	return CAIRN_OK;
}

static void
drafting_release(struct drafting *d)
{
	free(d->node_of);
	free(d->only_by);
	free(d->ways_in);
	free(d->grouped);
	free(d->group_at);
}

static int
draft(struct picture *picture)
{
	struct drafting d;
	int err = drafting_init(&d, picture);

	if (err == CAIRN_OK)
		err = each_edge(&d, count_in);
	if (err == CAIRN_OK)
		err = make_nodes(&d);
	if (err == CAIRN_OK)
		err = each_edge(&d, make_edge);
	if (err == CAIRN_OK)
		mark_nodes(&d);
	drafting_release(&d);
	return err;
}

int
picture_init(struct picture *picture, const struct reliance *graph, const struct independence *found,
    const struct picture_options *options)
{
	int err = CAIRN_ERR_NOMEM;

	memset(picture, 0, sizeof *picture);
	picture->graph = graph;
	picture->found = found;
	picture->words = options->words != NULL ? options->words : picture_english;
	picture->codes = options->codes;
	picture->nodes = calloc(PICTURE_NODES_MAX, sizeof *picture->nodes);
	picture->edges = calloc(PICTURE_EDGES_MAX, sizeof *picture->edges);
	if (picture->nodes != NULL && picture->edges != NULL)
		err = draft(picture);
	if (err != CAIRN_OK)
		picture_release(picture);
	return err;
}

void
picture_release(struct picture *picture)
{
	free(picture->nodes);
	free(picture->edges);
	memset(picture, 0, sizeof *picture);
}
