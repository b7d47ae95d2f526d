// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/independence_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/safe.h"

#define SHOWN_MAX 20U /* of those that bear most; all are in --json */

static void
show_vertex(const struct reliance_vertex *v)
{
	printf("%s", v->code);
	if (v->label != NULL) {
		fputs("  ", stdout);
		safe_inline(stdout, (struct cairn_span){v->label, strlen(v->label)});
	}
}

static void
show_claim(const struct reliance *graph, uint32_t claim)
{
	fputs("Claim ", stdout);
	show_vertex(&graph->vertices[claim]);
	fputs("\n\n", stdout);
}

static void
show_figures(const struct independence *f, const struct independence *apart)
{
	printf("  %-22s%u", "reports", f->reports);
	if (f->baseless > 0)
		printf(", of which %u lead to nobody who was there", f->baseless);
	printf("\n  %-22s%u", "first-hand origins", f->origins);
	if (apart != NULL && apart->origins != f->origins)
		printf("  (%u, if those that may be one are not)", apart->origins);
	printf("\n  %-22s%u", "independent ways", f->ways);
	if (apart != NULL && apart->ways != f->ways)
		printf("  (%u, if those that may be one are not)", apart->ways);
	puts("");
}

static void
show_cut(const struct reliance *graph, const struct independence *f)
{
	if (f->ways == 0) {
		puts("\nNothing of it leads to anybody who was there.");
		return;
	}
	puts("\nWithout these nothing is left:");
	for (uint32_t i = 0; i < f->ways && i < SHOWN_MAX; i++) {
		fputs("  ", stdout);
		show_vertex(&graph->vertices[f->cut[i]]);
		puts("");
	}
	if (f->ways > SHOWN_MAX)
		printf("  and %u more\n", f->ways - SHOWN_MAX);
}

/* ---- what falls with whom ---- */

static uint32_t
weight(const struct independence *f, uint32_t v)
{
	return f->falls_above[v] + f->falls_below[v];
}

static int
by_weight(const void *a, const void *b, void *found)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	uint32_t wx = weight(found, x), wy = weight(found, y);

	return wx != wy ? (wx < wy) - (wx > wy) : (x > y) - (x < y);
}

static void
show_falls(const struct reliance *graph, struct independence *f)
{
	uint32_t *sorted = calloc((size_t)graph->count + 1, sizeof *sorted), count = 0;

	for (uint32_t v = 0; sorted != NULL && v < graph->count; v++)
		if (f->heard_through[v] != RELIANCE_NONE && f->stands_for[v] == v && weight(f, v) > 0)
			sorted[count++] = v;
	if (count > 0) {
		qsort_r(sorted, count, sizeof *sorted, by_weight, f);
		puts("\nWhat falls with whom:");
	}
	for (uint32_t i = 0; i < count && i < SHOWN_MAX; i++) {
		uint32_t v = sorted[i];

		printf("  %-16s %u that rest on it alone, %u %s heard through it alone%s\n", graph->vertices[v].code,
		    f->falls_above[v], f->falls_below[v], f->falls_below[v] == 1 ? "origin" : "origins",
		    independence_falls(f->rests_on, f->claim, v) ? "; THE WHOLE CLAIM STANDS ON IT" : "");
	}
	free(sorted);
}

/* ---- grades ---- */

static void
show_counts(const char *what, const uint32_t counts[6], char first, uint32_t ungraded, char best)
{
	printf("    %-14s", what);
	for (char i = 0; i < 6; i++)
		printf("%c: %u  ", first + i, counts[(int)i]);
	printf("ungraded: %u", ungraded);
	if (best != 0)
		printf("; best %c", best);
	puts("");
}

static void
show_grades(const char *whose, const struct independence_grades *g)
{
	printf("  %s\n", whose);
	show_counts("source", g->source, 'A', g->source_ungraded, g->source_best);
	show_counts("information", g->information, '1', g->information_ungraded, g->information_best);
}

/* ---- beside ---- */

static void
show_remark(const struct reliance *graph, const struct reliance_remark *r)
{
	printf("  %-10s  %-13s of %s", r->date[0] != '\0' ? r->date : "no date", reliance_remark_words[r->kind],
	    graph->vertices[r->of].code);
	if (r->label != NULL) {
		fputs(": ", stdout);
		safe_inline(stdout, (struct cairn_span){r->label, strlen(r->label)});
	}
	printf("  (coercion: %s)\n", reliance_coercion_words[r->coercion]);
}

static void
show_remarks(const struct reliance *graph, const struct independence *f)
{
	bool any = false;

	for (uint32_t i = 0; i < graph->remark_count; i++) {
		if (!independence_concerns(f, &graph->remarks[i]))
			continue;
		if (!any)
			puts("\nBeside it, and changing no figure:");
		any = true;
		show_remark(graph, &graph->remarks[i]);
	}
}

void
independence_words(const struct reliance *graph, const struct independence *found, const struct independence *apart)
{
	struct independence f = *found;

	show_claim(graph, found->claim);
	show_figures(found, apart);
	show_cut(graph, found);
	show_falls(graph, &f);
	puts("\nGrades, which enter no count:");
	show_grades("of those who were there", &found->of_origins);
	show_grades("of those who pass it on", &found->of_others);
	show_remarks(graph, found);
}
