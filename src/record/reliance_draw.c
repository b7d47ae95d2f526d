// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/reliance_draw.h"

#include <string.h>

/*
 * SVG with nothing but attributes: a page's policy may forbid style sheets. Every colour of text on its ground has a
 * contrast above 7; a type is told by its shape as well as by its colour.
 */
#define LINE_PX 17.0

const struct draw_style draw_styles[] = {
	[RELIANCE_CLAIM] = {draw_double_box, "#fff6d6", "#6b4e00"},
	[RELIANCE_REPORT] = {draw_box, "#e8f0fb", "#1f4e8c"},
	[RELIANCE_OUTLET] = {draw_hexagon, "#e9f6ea", "#1d6128"},
	[RELIANCE_INFORMANT] = {draw_pill, "#f3eafa", "#5f2a8a"},
	[RELIANCE_CELL] = {draw_cut_box, "#ededed", "#3a3a3a"},
	[RELIANCE_ORIGIN] = {draw_ellipse, "#fdeae4", "#8c2f14"},
};

void
draw_escaped(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
}

void
draw_text(FILE *out, double x, double y, const char *anchor, const char *weight, const char *text)
{
	fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-weight=\"%s\" fill=\"#111111\">", x, y,
	    anchor,
	    weight);
	draw_escaped(out, text);
	fputs("</text>\n", out);
}

/* ---- shapes: each draws itself into a box ---- */

static void
ink(FILE *out, const struct draw_style *style, bool thick)
{
	fprintf(out, " fill=\"%s\" stroke=\"%s\" stroke-width=\"%s\"/>\n", style->fill, style->stroke, thick ? "4" :
	    "1.5");
}

void
draw_box(FILE *out, const struct draw_style *style, const struct draw_area *a, bool thick)
{
	fprintf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"3\"", a->x, a->y, a->width,
	    a->height);
	ink(out, style, thick);
}

void
draw_double_box(FILE *out, const struct draw_style *style, const struct draw_area *a, bool thick)
{
	const struct draw_area inner = {a->x + 4, a->y + 4, a->width - 8, a->height - 8};

	draw_box(out, style, a, thick);
	draw_box(out, style, &inner, false);
}

void
draw_pill(FILE *out, const struct draw_style *style, const struct draw_area *a, bool thick)
{
	fprintf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%.1f\"", a->x, a->y, a->width,
	    a->height, a->height / 2);
	ink(out, style, thick);
}

void
draw_ellipse(FILE *out, const struct draw_style *style, const struct draw_area *a, bool thick)
{
	fprintf(out, "<ellipse cx=\"%.1f\" cy=\"%.1f\" rx=\"%.1f\" ry=\"%.1f\"", a->x + a->width / 2,
	    a->y + a->height / 2,
	    a->width / 2, a->height / 2);
	ink(out, style, thick);
}

/* A box whose corners are cut off by so much. */
static void
cut_corners(FILE *out, const struct draw_style *style, const struct draw_area *a, bool thick, double by_x,
    double by_y)
{
	double right = a->x + a->width, low = a->y + a->height;

	fprintf(out,
	    "<polygon points=\"%.1f,%.1f %.1f,%.1f %.1f,%.1f %.1f,%.1f %.1f,%.1f %.1f,%.1f %.1f,%.1f %.1f,%.1f\"",
	    a->x + by_x, a->y, right - by_x, a->y, right, a->y + by_y, right, low - by_y, right - by_x, low,
	    a->x + by_x, low, a->x, low - by_y, a->x, a->y + by_y);
	ink(out, style, thick);
}

void
draw_hexagon(FILE *out, const struct draw_style *style, const struct draw_area *a, bool thick)
{
	cut_corners(out, style, a, thick, 14, a->height / 2);
}

void
draw_cut_box(FILE *out, const struct draw_style *style, const struct draw_area *a, bool thick)
{
	cut_corners(out, style, a, thick, 9, 9);
}

/* ---- the graph ---- */

static void
draw_node(const struct picture *p, const struct picture_node *node, FILE *out)
{
	const struct reliance_vertex *v = &p->graph->vertices[node->vertex];
	const struct draw_style *style = &draw_styles[v->type];
	const struct draw_area area = {node->x, node->y, node->width, node->height};
	double y = node->y + (node->height - node->line_count * LINE_PX) / 2 + 12.5;

	fputs("<g>\n<title>", out);
	draw_escaped(out, picture_type_word(p, v->type));
	if (v->label != NULL) {
		fputs(": ", out);
		draw_escaped(out, v->label);
	}
	fputs("</title>\n", out);
	style->draw(out, style, &area, node->in_cut);
	for (unsigned i = 0; i < node->line_count; i++)
		draw_text(out, node->x + node->width / 2, y + i * LINE_PX, "middle", "normal", node->lines[i]);
	fputs("</g>\n", out);
}

static void
draw_edge(const struct picture_edge *edge, FILE *out)
{
	fputs("<polyline fill=\"none\" stroke=\"#555555\" stroke-width=\"1.4\" marker-end=\"url(#relies)\" points=\"",
	    out);
	for (uint32_t i = 0; i < edge->point_count; i++)
		fprintf(out, "%s%.1f,%.1f", i > 0 ? " " : "", edge->points[i].x, edge->points[i].y);
	fputs("\"/>\n", out);
}

/* What a reader hears who does not see it. */
static void
draw_description(const struct picture *p, FILE *out)
{
	const char *const *w = p->words;

	fputs("<title id=\"relies-title\">", out);
	draw_escaped(out, w[PICTURE_WORD_TITLE]);
	fputs("</title>\n<desc id=\"relies-desc\">", out);
	draw_escaped(out, p->graph->vertices[p->found->claim].label != NULL ?
	    p->graph->vertices[p->found->claim].label : w[PICTURE_WORD_CLAIM]);
	fprintf(out, ". %u ", p->found->reports);
	draw_escaped(out, w[PICTURE_WORD_REPORTS]);
	fprintf(out, ", %u ", p->found->origins);
	draw_escaped(out, w[PICTURE_WORD_ORIGINS]);
	fprintf(out, ", %u ", p->found->ways);
	draw_escaped(out, w[PICTURE_WORD_WAYS]);
	fputs(".\n", out);
	for (uint32_t i = 0; i < p->edge_count; i++) {
		draw_escaped(out, p->nodes[p->edges[i].from].lines[0]);
		fputc(' ', out);
		draw_escaped(out, w[PICTURE_WORD_RELIES]);
		fputc(' ', out);
		draw_escaped(out, p->nodes[p->edges[i].to].lines[0]);
		fputs(".\n", out);
	}
	fputs("</desc>\n", out);
}

static const char arrow_head[] =
    "<defs><marker id=\"relies\" markerWidth=\"9\" markerHeight=\"8\" refX=\"8\" refY=\"4\" orient=\"auto\" "
    "markerUnits=\"userSpaceOnUse\"><path d=\"M0,0 L9,4 L0,8 z\" fill=\"#555555\"/></marker></defs>\n";

void
picture_draw(const struct picture *p, FILE *out)
{
	double width = p->width > LEGEND_WIDTH ? p->width : LEGEND_WIDTH;
	double shift = (width - p->width) / 2;
	double height = p->height + draw_legend_height(p);

	fprintf(out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" "
	    "role=\"img\" aria-labelledby=\"relies-title relies-desc\" font-family=\"sans-serif\" "
	    "font-size=\"13\">\n",
	    width, height, width, height);
	draw_description(p, out);
	fputs(arrow_head, out);
	fprintf(out, "<rect width=\"%.0f\" height=\"%.0f\" fill=\"#ffffff\"/>\n<g transform=\"translate(%.1f 0)\">\n",
	    width, height, shift);
	for (uint32_t i = 0; i < p->edge_count; i++)
		draw_edge(&p->edges[i], out);
	for (uint32_t i = 0; i < p->node_count; i++)
		draw_node(p, &p->nodes[i], out);
	fputs("</g>\n", out);
	draw_legend(p, out, p->height);
	fputs("</svg>\n", out);
}
