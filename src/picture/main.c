// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vips/vips.h>

/*
 * cairn-picture: pictures to share, one for each line on stdin (site/picture.c): path, WIDTHxHEIGHT, language, date,
 * site, title, with tabs between. Text on plain paper, and nothing else.
 */
#define FIELDS 6
#define LINE_MAX_BYTES 8192
#define SIDE_MIN 100
#define SIDE_MAX 4000

static const double paper[] = {250, 249, 246}, ink[] = {26, 26, 26}, faint[] = {92, 88, 80}, rule[] = {122, 28, 28};

enum { PATH, SIZE, LANG, DATE, SITE, TITLE };

/* In place; false: another number of fields. */
static bool
cut(char *fields[FIELDS], char *line)
{
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < FIELDS; i++) {
		fields[i] = line;
		line = line == NULL ? NULL : strchr(line, '\t');
		if (line != NULL)
			*line++ = '\0';
	}
	return fields[FIELDS - 1] != NULL && line == NULL;
}

/* The mask of a text of that width; the height comes out. Titles are text, and no markup. */
static VipsImage *
letters(const char *text, const char *lang, const char *font, int width)
{
	VipsImage *mask = NULL;
	char *escaped = g_markup_escape_text(text, -1);
	char *marked = g_strdup_printf("<span lang=\"%s\">%s</span>", lang, escaped);

	if (vips_text(&mask, marked, "font", font, "width", width, "dpi", 72, "wrap", VIPS_TEXT_WRAP_WORD_CHAR,
	    NULL) != 0)
		mask = NULL;
	g_free(marked);
	g_free(escaped);
	return mask;
}

/* Lays colour where the mask is. */
static int
lay(VipsImage **page, VipsImage *mask, const double colour[3], int x, int y)
{
	VipsImage *paint = NULL, *place = NULL, *out = NULL;
	int width = vips_image_get_width(*page), height = vips_image_get_height(*page);
	int err = vips_embed(mask, &place, x, y, width, height, NULL);

	if (err == 0) {
		VipsImage *black = NULL;

		err = vips_black(&black, width, height, "bands", 3, NULL);
		if (err == 0)
			err = vips_linear(black, &paint, (const double[]){1, 1, 1}, (double *)(uintptr_t)colour, 3,
			    "uchar",
			    TRUE, NULL);
		g_clear_object(&black);
	}
	if (err == 0)
		err = vips_ifthenelse(place, paint, *page, &out, "blend", TRUE, NULL);
	g_clear_object(&paint);
	g_clear_object(&place);
	if (err != 0)
		return err;
	g_object_unref(*page);
	*page = out;
	return 0;
}

static int
lay_text(VipsImage **page, const char *text, const char *lang, const char *font, const double colour[3], int margin,
    int y, int *ret_height)
{
	int width = vips_image_get_width(*page) - 2 * margin;
	VipsImage *mask = letters(text, lang, font, width);
	bool right = strcmp(lang, "ar") == 0 || strcmp(lang, "fa") == 0 || strcmp(lang, "he") == 0;
	int err;

	if (mask == NULL)
		return -1;
	*ret_height = vips_image_get_height(mask);
	err = lay(page, mask, colour, right ? margin + width - vips_image_get_width(mask) : margin, y);
	g_object_unref(mask);
	return err;
}

static int
lay_rule(VipsImage **page, int margin)
{
	VipsImage *bar = NULL, *white = NULL;
	int err = vips_black(&bar, margin, 6, NULL);

	if (err == 0)
		err = vips_linear1(bar, &white, 1, 255, "uchar", TRUE, NULL);
	if (err == 0)
		err = lay(page, white, rule, margin, margin);
	g_clear_object(&bar);
	g_clear_object(&white);
	return err;
}

static int
draw(char *fields[FIELDS], int width, int height)
{
	VipsImage *black = NULL, *page = NULL;
	int margin = (width < height ? width : height) / 12, used = 0;
	int large = strlen(fields[TITLE]) > 120 ? margin * 6 / 10 : margin * 8 / 10;
	char *font = g_strdup_printf("serif bold %d", large), *small = g_strdup_printf("sans %d", margin * 4 / 10);
	int err = vips_black(&black, width, height, "bands", 3, NULL);

	if (err == 0)
		err = vips_linear(black, &page, (const double[]){1, 1, 1}, (double *)(uintptr_t)paper, 3, "uchar",
		    TRUE, NULL);
	if (err == 0)
		err = lay_rule(&page, margin);
	if (err == 0)
		err = lay_text(&page, fields[DATE], fields[LANG], small, faint, margin, margin * 3 / 2, &used);
	if (err == 0)
		err = lay_text(&page, fields[TITLE], fields[LANG], font, ink, margin, margin * 9 / 4, &used);
	if (err == 0)
		err = lay_text(&page, fields[SITE], fields[LANG], small, faint, margin, height - margin * 3 / 2,
		    &used);
	if (err == 0)
		err = vips_pngsave(page, fields[PATH], "compression", 9, "strip", TRUE, "palette", TRUE, "bitdepth",
		    4, NULL);
	g_clear_object(&page);
	g_clear_object(&black);
	g_free(font);
	g_free(small);
	return err;
}

/* 0: it is none. */
static int
side(const char *digits, char **end)
{
	long side = strtol(digits, end, 10);

	return side >= SIDE_MIN && side <= SIDE_MAX ? (int)side : 0;
}

static int
draw_line(char *line)
{
	char *fields[FIELDS], *end;
	int width, height;

	if (!cut(fields, line))
		return -1;
	width = side(fields[SIZE], &end);
	if (width == 0 || *end != 'x')
		return -1;
	height = side(end + 1, &end);
	return height == 0 || *end != '\0' ? -1 : draw(fields, width, height);
}

int
main(int argc, char **argv)
{
	static char line[LINE_MAX_BYTES];
	int err;

	(void)argc;
	if ((err = VIPS_INIT(argv[0])) != 0)
		return 1;
	vips_concurrency_set(1);
	while (err == 0 && fgets(line, sizeof line, stdin) != NULL)
		err = draw_line(line);
	if (err != 0)
		fprintf(stderr, "cairn-picture: %s\n", vips_error_buffer());
	vips_shutdown();
	return err == 0 ? 0 : 1;
}
