// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "record/reliance_draw.h"

#define ROW 26.0
#define LEFT 16.0
#define SAMPLE_WIDTH 44.0
#define COLUMN ((LEGEND_WIDTH - 2 * LEFT) / 2)
#define REMARK_ROW 18.0
#define REMARK_COLUMNS 92U
#define REMARK_LINES 4U
#define REMARKS_MAX 40U /* in a drawing; all of them stand in the figures */

/* What a row of the legend shows: a shape, the heavy line of the cut, or the mark of what may be one. */
struct row {
	enum { ROW_TYPE, ROW_CUT, ROW_SAME } kind;
	enum reliance_type type;
};

static bool
type_is_there(const struct picture *p, enum reliance_type type)
{
	for (uint32_t i = 0; i < p->node_count; i++)
		if (p->graph->vertices[p->nodes[i].vertex].type == type)
			return true;
	return false;
}

static bool
same_is_there(const struct picture *p)
{
	for (uint32_t i = 0; i < p->node_count; i++)
		if (p->nodes[i].may_be_one)
			return true;
	return false;
}

static unsigned
rows_of(struct row rows[RELIANCE_TYPE_COUNT + 2], const struct picture *p)
{
	unsigned count = 0;

	for (unsigned type = 0; type < RELIANCE_TYPE_COUNT; type++)
		if (type_is_there(p, (enum reliance_type)type))
			rows[count++] = (struct row){ROW_TYPE, (enum reliance_type)type};
	if (p->found->ways > 0)
		rows[count++] = (struct row){ROW_CUT, RELIANCE_REPORT};
	if (same_is_there(p))
		rows[count++] = (struct row){ROW_SAME, RELIANCE_ORIGIN};
	return count;
}

static void
draw_row(const struct picture *p, const struct row *row, FILE *out, double x, double y)
{
	static const struct draw_style plain = {draw_box, "#ffffff", "#111111"};
	const struct draw_area sample = {x, y, SAMPLE_WIDTH, 18};
	const char *word = row->kind == ROW_TYPE ? picture_type_word(p, row->type) :
	    p->words[row->kind == ROW_CUT ? PICTURE_WORD_CUT : PICTURE_WORD_MAY_BE_ONE];

	if (row->kind == ROW_TYPE)
		draw_styles[row->type].draw(out, &draw_styles[row->type], &sample, false);
	else if (row->kind == ROW_CUT)
		draw_box(out, &plain, &sample, true);
	else
		draw_text(out, x + SAMPLE_WIDTH / 2, y + 13.5, "middle", "bold", PICTURE_MAY_BE_ONE);
	draw_text(out, x + SAMPLE_WIDTH + 10, y + 13.5, "start", "normal", word);
}

/* ---- what stands beside ---- */

static unsigned
wrap_remark(char lines[REMARK_LINES][PICTURE_LINE_BYTES], const struct picture *p, const struct reliance_remark *r)
{
	char text[3 * RELIANCE_LABEL_MAX];
	const char *kind = p->words[PICTURE_WORD_CONTRADICTION + (unsigned)r->kind];
	const char *coercion = p->words[PICTURE_WORD_NOT_ASSESSED + (unsigned)r->coercion];

	(void)snprintf(text, sizeof text, "%s%s%s%s%s (%s)", r->date, r->date[0] != '\0' ? " " : "", kind,
	    r->label != NULL ? ": " : "", r->label != NULL ? r->label : "", coercion);
	return picture_wrap(lines, REMARK_LINES, text, REMARK_COLUMNS);
}

/* Draws them where out is given; how high they are, in any case. */
static double
remarks(const struct picture *p, FILE *out, double top)
{
	char lines[REMARK_LINES][PICTURE_LINE_BYTES];
	double y = top;
	unsigned shown = 0;

	for (uint32_t i = 0; i < p->graph->remark_count && shown < REMARKS_MAX; i++) {
		unsigned count;

		if (!independence_concerns(p->found, &p->graph->remarks[i]))
			continue;
		if (shown++ == 0) {
			if (out != NULL)
				draw_text(out, LEFT, y + 13, "start", "bold", p->words[PICTURE_WORD_BESIDE]);
			y += ROW;
		}
		count = wrap_remark(lines, p, &p->graph->remarks[i]);
		for (unsigned j = 0; out != NULL && j < count; j++)
			draw_text(out, LEFT + (j > 0 ? 16 : 0), y + 13 + j * REMARK_ROW, "start", "normal", lines[j]);
		y += count * REMARK_ROW;
	}
	return y - top;
}

/* ---- the whole ---- */

double
draw_legend_height(const struct picture *p)
{
	struct row rows[RELIANCE_TYPE_COUNT + 2];
	unsigned high = (rows_of(rows, p) + 1) / 2;

	return 2 * ROW + high * ROW + remarks(p, NULL, 0) + ROW;
}

void
draw_legend(const struct picture *p, FILE *out, double top)
{
	struct row rows[RELIANCE_TYPE_COUNT + 2];
	unsigned count = rows_of(rows, p), high = (count + 1) / 2;
	char figures[4 * PICTURE_LINE_BYTES];
	double y = top + ROW / 2;

	(void)snprintf(figures, sizeof figures, "%u %s, %u %s, %u %s", p->found->reports,
	    p->words[PICTURE_WORD_REPORTS], p->found->origins, p->words[PICTURE_WORD_ORIGINS], p->found->ways,
	    p->words[PICTURE_WORD_WAYS]);
	draw_text(out, LEFT, y + 13, "start", "bold", figures);
	y += ROW * 1.25;
	for (unsigned i = 0; i < count; i++) {
		unsigned down = i / 2;

		draw_row(p, &rows[i], out, LEFT + (i % 2) * COLUMN, y + down * ROW);
	}
	y += high * ROW + ROW / 4;
	(void)remarks(p, out, y);
}
