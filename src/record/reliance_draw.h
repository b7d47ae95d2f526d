// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_RELIANCE_DRAW_H
#define CAIRN_RECORD_RELIANCE_DRAW_H

#include "record/reliance_picture.h"

/* What drawing and legend share. */
#define LEGEND_WIDTH 640.0

struct draw_area {
	double x, y, width, height;
};

struct draw_style {
	void (*draw)(FILE *out, const struct draw_style *style, const struct draw_area *area, bool thick);
	const char *fill;
	const char *stroke;
};

extern const struct draw_style draw_styles[]; /* by enum reliance_type */

void draw_box(FILE *out, const struct draw_style *style, const struct draw_area *area, bool thick);
void draw_double_box(FILE *out, const struct draw_style *style, const struct draw_area *area, bool thick);
void draw_pill(FILE *out, const struct draw_style *style, const struct draw_area *area, bool thick);
void draw_ellipse(FILE *out, const struct draw_style *style, const struct draw_area *area, bool thick);
void draw_hexagon(FILE *out, const struct draw_style *style, const struct draw_area *area, bool thick);
void draw_cut_box(FILE *out, const struct draw_style *style, const struct draw_area *area, bool thick);

void draw_escaped(FILE *out, const char *text);
void draw_text(FILE *out, double x, double y, const char *anchor, const char *weight, const char *text);

/* Below the graph: the figures, what the shapes mean, and what stands beside the claim. */
double draw_legend_height(const struct picture *picture);
void draw_legend(const struct picture *picture, FILE *out, double top);

#endif
