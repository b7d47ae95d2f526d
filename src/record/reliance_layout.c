// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "record/reliance_picture.h"

/*
 * Layers by the longest way from the claim; a line that passes a layer gets a place of its own there, so that it runs
 * beside boxes and not behind them. Then each layer is put in the order of its neighbours' places, up and down some
 * times, and pulled to stand under them.
 */
#define LAYER_GAP 56.0
#define BOX_GAP 22.0
#define LINE_WIDTH 14.0 /* of the place that a passing line takes */
#define MARGIN 16.0
#define SWEEPS 12U
#define PLACES_MAX (PICTURE_NODES_MAX + PICTURE_EDGES_MAX * 4U)
#define LINKS_MAX (PICTURE_EDGES_MAX * 5U)

/* A box, or where a line passes a layer. */
struct place {
	uint32_t layer;
	double width, middle;
	double wish;
	uint32_t turn; /* keeps an order where wishes are the same */
	double top, low;
};

struct link {
	uint32_t upper, lower;
};

struct laying {
	struct picture *picture;
	uint32_t layers;
	uint32_t place_count, link_count;
	uint8_t *state;         /* [node] of the walk that finds circles */
	bool *turned;           /* [edge] closes a circle: drawn upwards */
	uint32_t *first_passed; /* [edge] the place in the layer below its upper end */
	struct place *places;   /* the boxes first, by the number of their node */
	struct link *links;
	uint32_t *sorted;
};

/* ---- layers ---- */

enum { NEW, OPEN, DONE };

/* Turns round the reliances that lead back to what is still being walked. */
static void
find_circles(struct laying *l, uint32_t node, unsigned depth)
{
	struct picture *p = l->picture;

	l->state[node] = OPEN;
	for (uint32_t i = 0; i < p->edge_count; i++) {
		if (p->edges[i].from != node)
			continue;
		if (l->state[p->edges[i].to] == OPEN)
			l->turned[i] = true;
		else if (l->state[p->edges[i].to] == NEW && depth < PICTURE_NODES_MAX)
			find_circles(l, p->edges[i].to, depth + 1);
	}
	l->state[node] = DONE;
}

static uint32_t
upper_of(const struct laying *l, uint32_t edge)
{
	return l->turned[edge] ? l->picture->edges[edge].to : l->picture->edges[edge].from;
}

static uint32_t
lower_of(const struct laying *l, uint32_t edge)
{
	return l->turned[edge] ? l->picture->edges[edge].from : l->picture->edges[edge].to;
}

/* Without circles this comes to rest after as many rounds as there are layers. */
static void
find_layers(struct laying *l)
{
	struct picture *p = l->picture;
	bool again = true;

	for (uint32_t round = 0; again && round < p->node_count; round++) {
		again = false;
		for (uint32_t i = 0; i < p->edge_count; i++) {
			struct picture_node *lower = &p->nodes[lower_of(l, i)];
			uint32_t least = p->nodes[upper_of(l, i)].layer + 1;

			if (lower->layer < least) {
				lower->layer = least;
				again = true;
			}
		}
	}
	for (uint32_t i = 0; i < p->node_count; i++)
		if (p->nodes[i].layer >= l->layers)
			l->layers = p->nodes[i].layer + 1;
}

/* ---- places ---- */

static uint32_t
new_place(struct laying *l, uint32_t layer, double width)
{
	l->places[l->place_count] = (struct place){.layer = layer, .width = width};
	return l->place_count++;
}

/* The places that a line takes on its way down. Where there is no room for more, it runs straight. */
static void
pass_layers(struct laying *l, uint32_t edge)
{
	const struct picture_node *nodes = l->picture->nodes;
	uint32_t upper = upper_of(l, edge), lower = lower_of(l, edge);
	uint32_t passed = nodes[lower].layer - nodes[upper].layer - 1;
	uint32_t at = upper;

	l->first_passed[edge] = RELIANCE_NONE;
	if (passed > (PICTURE_POINTS_MAX - 2) / 2 || l->place_count + passed > PLACES_MAX ||
	    l->link_count + passed + 1 > LINKS_MAX)
		return;
	for (uint32_t i = 0; i < passed; i++) {
		uint32_t next = new_place(l, nodes[upper].layer + 1 + i, LINE_WIDTH);

		if (i == 0)
			l->first_passed[edge] = next;
		l->links[l->link_count++] = (struct link){at, next};
		at = next;
	}
	l->links[l->link_count++] = (struct link){at, lower};
}

static void
make_places(struct laying *l)
{
	const struct picture *p = l->picture;

	for (uint32_t i = 0; i < p->node_count; i++)
		new_place(l, p->nodes[i].layer, p->nodes[i].width);
	for (uint32_t i = 0; i < p->edge_count; i++)
		pass_layers(l, i);
}

static int
by_wish(const void *a, const void *b, void *places)
{
	const struct place *x = (struct place *)places + *(const uint32_t *)a;
	const struct place *y = (struct place *)places + *(const uint32_t *)b;

	if (x->wish != y->wish)
		return x->wish < y->wish ? -1 : 1;
	return x->turn < y->turn ? -1 : 1;
}

/* A place wishes to be in the middle of what it is linked to on that side. */
static void
make_wishes(struct laying *l, uint32_t layer, bool from_above)
{
	for (uint32_t i = 0; i < l->place_count; i++) {
		double sum = 0;
		uint32_t count = 0;

		if (l->places[i].layer != layer)
			continue;
		for (uint32_t j = 0; j < l->link_count; j++) {
			const struct link *link = &l->links[j];

			if ((from_above ? link->lower : link->upper) != i)
				continue;
			sum += l->places[from_above ? link->upper : link->lower].middle;
			count++;
		}
		l->places[i].wish = count > 0 ? sum / count : l->places[i].middle;
	}
}

/* As near to the wish as the one before lets it be: pushed to the right, or from the other end to the left. */
static void
push(struct laying *l, uint32_t count, bool right)
{
	for (uint32_t i = 1; i < count; i++) {
		const struct place *before = &l->places[l->sorted[right ? i - 1 : count - i]];
		struct place *p = &l->places[l->sorted[right ? i : count - 1 - i]];
		double apart = (before->width + p->width) / 2 + BOX_GAP;

		if (right && p->middle < before->middle + apart)
			p->middle = before->middle + apart;
		if (!right && p->middle > before->middle - apart)
			p->middle = before->middle - apart;
	}
}

/* Puts those of a layer side by side in the order of their wishes: halfway between pushed right and pushed left. */
static void
place_layer(struct laying *l, uint32_t layer)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < l->place_count; i++)
		if (l->places[i].layer == layer)
			l->sorted[count++] = i;
	qsort_r(l->sorted, count, sizeof *l->sorted, by_wish, l->places);
	for (uint32_t i = 0; i < count; i++)
		l->places[l->sorted[i]].middle = l->places[l->sorted[i]].wish;
	push(l, count, true);
	for (uint32_t i = 0; i < count; i++) {
		struct place *p = &l->places[l->sorted[i]];
		double pushed = p->middle;

		p->turn = i;
		p->middle = p->wish;
		p->wish = pushed;
	}
	push(l, count, false);
	for (uint32_t i = 0; i < count; i++)
		l->places[l->sorted[i]].middle = (l->places[l->sorted[i]].middle + l->places[l->sorted[i]].wish) / 2;
}

static void
sweep(struct laying *l)
{
	for (uint32_t i = 0; i < l->place_count; i++)
		l->places[i].turn = i;
	for (unsigned round = 0; round < SWEEPS; round++) {
		for (uint32_t layer = 0; layer < l->layers; layer++) {
			make_wishes(l, layer, true);
			place_layer(l, layer);
		}
		for (uint32_t layer = l->layers; layer-- > 0;) {
			make_wishes(l, layer, false);
			place_layer(l, layer);
		}
	}
}

/* ---- into the picture ---- */

static void
set_places(struct laying *l)
{
	struct picture *p = l->picture;
	double left = 0, y = MARGIN;

	for (uint32_t i = 0; i < l->place_count; i++)
		left = l->places[i].middle - l->places[i].width / 2 < left ?
		    l->places[i].middle - l->places[i].width / 2 : left;
	for (uint32_t layer = 0; layer < l->layers; layer++) {
		double tallest = 0;

		for (uint32_t i = 0; i < p->node_count; i++)
			if (p->nodes[i].layer == layer && p->nodes[i].height > tallest)
				tallest = p->nodes[i].height;
		for (uint32_t i = 0; i < p->node_count; i++)
			if (p->nodes[i].layer == layer)
				p->nodes[i].y = y + (tallest - p->nodes[i].height) / 2;
		for (uint32_t i = 0; i < l->place_count; i++)
			if (l->places[i].layer == layer) {
				l->places[i].top = y;
				l->places[i].low = y + tallest;
			}
		y += tallest + LAYER_GAP;
	}
	p->height = y - LAYER_GAP + MARGIN;
	for (uint32_t i = 0; i < l->place_count; i++) {
		l->places[i].middle += MARGIN - left;
		if (l->places[i].middle + l->places[i].width / 2 + MARGIN > p->width)
			p->width = l->places[i].middle + l->places[i].width / 2 + MARGIN;
	}
	for (uint32_t i = 0; i < p->node_count; i++)
		p->nodes[i].x = l->places[i].middle - p->nodes[i].width / 2;
}

static void
turn_round(struct picture_edge *edge)
{
	for (uint32_t i = 0; i < edge->point_count / 2; i++) {
		struct picture_point p = edge->points[i];

		edge->points[i] = edge->points[edge->point_count - 1 - i];
		edge->points[edge->point_count - 1 - i] = p;
	}
}

static void
add_point(struct picture_edge *edge, double x, double y)
{
	if (edge->point_count < PICTURE_POINTS_MAX)
		edge->points[edge->point_count++] = (struct picture_point){x, y};
}

/* Where a line that comes from, or goes on to, toward meets a box: the further aside, the nearer to its corner. */
static double
meet(const struct picture_node *node, double toward)
{
	double middle = node->x + node->width / 2, most = node->width * 0.3, aside = (toward - middle) / 4;

	if (aside > most)
		return middle + most;
	return aside < -most ? middle - most : middle + aside;
}

static void
set_line(struct laying *l, uint32_t i)
{
	struct picture_edge *edge = &l->picture->edges[i];
	const struct picture_node *upper = &l->picture->nodes[upper_of(l, i)];
	const struct picture_node *lower = &l->picture->nodes[lower_of(l, i)];
	uint32_t first = l->first_passed[i], passed = first == RELIANCE_NONE ? 0 : lower->layer - upper->layer - 1;
	double from = passed > 0 ? l->places[first + passed - 1].middle : upper->x + upper->width / 2;
	double to = passed > 0 ? l->places[first].middle : lower->x + lower->width / 2;

	add_point(edge, meet(upper, to), upper->y + upper->height);
	for (uint32_t j = 0; j < passed; j++) {
		add_point(edge, l->places[first + j].middle, l->places[first + j].top);
		add_point(edge, l->places[first + j].middle, l->places[first + j].low);
	}
	add_point(edge, meet(lower, from), lower->y);
	if (l->turned[i])
		turn_round(edge);
}

static int
laying_init(struct laying *l, struct picture *picture)
{
	memset(l, 0, sizeof *l);
	l->picture = picture;
	l->state = calloc(PICTURE_NODES_MAX, sizeof *l->state);
	l->turned = calloc(PICTURE_EDGES_MAX, sizeof *l->turned);
	l->first_passed = calloc(PICTURE_EDGES_MAX, sizeof *l->first_passed);
	l->places = calloc(PLACES_MAX, sizeof *l->places);
	l->links = calloc(LINKS_MAX, sizeof *l->links);
	l->sorted = calloc(PLACES_MAX, sizeof *l->sorted);
	if (l->state == NULL || l->turned == NULL || l->first_passed == NULL || l->places == NULL ||
	    l->links == NULL || l->sorted == NULL)
		return CAIRN_ERR_NOMEM;
	return CAIRN_OK;
}

int
picture_lay_out(struct picture *picture)
{
	struct laying l;
	int err = laying_init(&l, picture);

	if (err == CAIRN_OK) {
		picture->width = 0;
		for (uint32_t i = 0; i < picture->node_count; i++)
			picture->nodes[i].layer = 0;
		find_circles(&l, 0, 0);
		find_layers(&l);
		make_places(&l);
		sweep(&l);
		set_places(&l);
		for (uint32_t i = 0; i < picture->edge_count; i++) {
			picture->edges[i].point_count = 0;
			set_line(&l, i);
		}
	}
	free(l.state);
	free(l.turned);
	free(l.first_passed);
	free(l.places);
	free(l.links);
	free(l.sorted);
	return err;
}
