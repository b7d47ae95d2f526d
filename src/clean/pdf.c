// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <cairo-pdf.h>
#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <poppler.h>
#include <vips/vips.h>

#include "clean/clean.h"

/*
 * PDF by poppler: each page is drawn as a picture, and the pictures become a new PDF. Nothing of the old one's
 * structure goes along: no text that is covered but there, no earlier version, no script, file, form, link or name.
 */

#define DPI 150.0
#define POINTS 72.0 /* to the inch: the unit of boxes, from the upper left corner */
#define JPEG_QUALITY 88
#define PAGE_POINTS_MAX 14400.0

enum clean_exit
pdf_prepare(void)
{
	return FcInit() ? picture_prepare() : CLEAN_FAILED;
}

/* --- a page as a picture --- */

static void
cover(cairo_t *cairo, const struct clean_job *job, uint32_t page)
{
	cairo_identity_matrix(cairo);
	cairo_scale(cairo, DPI / POINTS, DPI / POINTS);
	cairo_set_source_rgb(cairo, 0, 0, 0);
	/* Without smoothing every pixel that a box touches is black through and through. */
	cairo_set_antialias(cairo, CAIRO_ANTIALIAS_NONE);
	for (size_t i = 0; i < job->count; i++)
		if (job->boxes[i].page == page) {
			cairo_rectangle(
			    cairo, job->boxes[i].left, job->boxes[i].top, job->boxes[i].width, job->boxes[i].height);
			cairo_fill(cairo);
		}
}

static enum clean_exit
check_boxes(const struct clean_job *job, uint32_t page, double width, double height)
{
	for (size_t i = 0; i < job->count; i++)
		if (job->boxes[i].page == page &&
		    !box_fits(&job->boxes[i], (uint64_t)(width + 1), (uint64_t)(height + 1)))
			return CLEAN_OUTSIDE;
	return CLEAN_DONE;
}

static enum clean_exit
draw(cairo_surface_t **ret, PopplerPage *page, const struct clean_job *job, uint32_t number)
{
	double width, height;
	cairo_t *cairo;
	enum clean_exit code;

	poppler_page_get_size(page, &width, &height);
	if (!(width >= 1 && height >= 1 && width <= PAGE_POINTS_MAX && height <= PAGE_POINTS_MAX) ||
	    width * height * (DPI / POINTS) * (DPI / POINTS) > (double)CLEAN_PIXELS_MAX)
		return CLEAN_TOO_LARGE;
	code = check_boxes(job, number, width, height);
	if (code != CLEAN_DONE)
		return code;
	*ret = cairo_image_surface_create(
	    CAIRO_FORMAT_RGB24, (int)(width * DPI / POINTS + 0.5), (int)(height * DPI / POINTS + 0.5));
	cairo = cairo_create(*ret);
	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_paint(cairo);
	cairo_scale(cairo, DPI / POINTS, DPI / POINTS);
	poppler_page_render(page, cairo);
	cover(cairo, job, number);
	code = cairo_status(cairo) == CAIRO_STATUS_SUCCESS ? CLEAN_DONE : CLEAN_FAILED;
	cairo_destroy(cairo);
	cairo_surface_flush(*ret);
	return code;
}

/* --- a picture as a page --- */

/* Cairo's words of 0x00RRGGBB as three bytes a pixel. */
static uint8_t *
rgb_of(cairo_surface_t *surface)
{
	int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
	const uint8_t *data = cairo_image_surface_get_data(surface);
	size_t stride = (size_t)cairo_image_surface_get_stride(surface), used = 0;
	uint8_t *rgb = g_try_malloc((size_t)width * (size_t)height * 3);

	for (int y = 0; rgb != NULL && data != NULL && y < height; y++)
		for (int x = 0; x < width; x++) {
			uint32_t pixel;

			memcpy(&pixel, data + (size_t)y * stride + (size_t)x * 4, sizeof(pixel));
			rgb[used++] = (uint8_t)(pixel >> 16);
			rgb[used++] = (uint8_t)(pixel >> 8);
			rgb[used++] = (uint8_t)pixel;
		}
	return rgb;
}

/* The drawing's bytes as JPEG go along with it, and cairo puts them into the PDF as they are. */
static enum clean_exit
attach_jpeg(cairo_surface_t *surface)
{
	int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
	uint8_t *rgb = rgb_of(surface);
	VipsImage *image = rgb == NULL ? NULL
				       : vips_image_new_from_memory(rgb, (size_t)width * (size_t)height * 3, width,
					     height, 3, VIPS_FORMAT_UCHAR);
	void *jpeg = NULL;
	size_t size = 0;
	bool good = image != NULL &&
	    vips_jpegsave_buffer(image, &jpeg, &size, "Q", JPEG_QUALITY, "strip", TRUE, NULL) == 0 &&
	    cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG, jpeg, size, g_free, jpeg) ==
		CAIRO_STATUS_SUCCESS;

	if (image != NULL)
		g_object_unref(image);
	g_free(rgb);
	return good ? CLEAN_DONE : CLEAN_FAILED;
}

static void
add_page(cairo_surface_t *pdf, cairo_surface_t *surface)
{
	double width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
	cairo_t *cairo;

	cairo_pdf_surface_set_size(pdf, width * POINTS / DPI, height * POINTS / DPI);
	cairo = cairo_create(pdf);
	cairo_scale(cairo, POINTS / DPI, POINTS / DPI);
	cairo_set_source_surface(cairo, surface, 0, 0);
	cairo_paint(cairo);
	cairo_show_page(cairo);
	cairo_destroy(cairo);
}

static cairo_status_t
on_bytes(void *arg, const unsigned char *bytes, unsigned size)
{
	enum clean_exit *code = arg;

	if (*code == CLEAN_DONE)
		*code = clean_put(bytes, size);
	return *code == CLEAN_DONE ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static enum clean_exit
copy_page(cairo_surface_t *pdf, PopplerDocument *document, const struct clean_job *job, int number)
{
	PopplerPage *page = poppler_document_get_page(document, number);
	cairo_surface_t *surface = NULL;
	enum clean_exit code = page == NULL ? CLEAN_BROKEN : draw(&surface, page, job, (uint32_t)number);

	if (code == CLEAN_DONE)
		code = attach_jpeg(surface);
	if (code == CLEAN_DONE)
		add_page(pdf, surface);
	if (surface != NULL)
		cairo_surface_destroy(surface);
	if (page != NULL)
		g_object_unref(page);
	return code;
}

static enum clean_exit
copy_pages(PopplerDocument *document, const struct clean_job *job, int count)
{
	enum clean_exit code = CLEAN_DONE, written = CLEAN_DONE;
	cairo_surface_t *pdf = cairo_pdf_surface_create_for_stream(on_bytes, &written, 1, 1);

	/* Otherwise it would be the moment of copying. */
	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
	for (int i = 0; code == CLEAN_DONE && i < count; i++)
		code = copy_page(pdf, document, job, i);
	cairo_surface_finish(pdf);
	if (code == CLEAN_DONE && cairo_surface_status(pdf) != CAIRO_STATUS_SUCCESS)
		code = CLEAN_FAILED;
	cairo_surface_destroy(pdf);
	return code == CLEAN_DONE ? written : code;
}

enum clean_exit
pdf_answer(const struct clean_job *job, struct cairn_span in)
{
	GBytes *bytes = g_bytes_new_static(in.text, in.size);
	PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, NULL);
	int count = document == NULL ? 0 : poppler_document_get_n_pages(document);
	enum clean_exit code;

	/* One that wants a password is "broken" too: it cannot be read here. */
	if (count < 1)
		return CLEAN_BROKEN;
	if (count > (int)CLEAN_PAGES_MAX)
		return CLEAN_TOO_LARGE;
	for (size_t i = 0; i < job->count; i++)
		if (job->boxes[i].page >= (uint32_t)count)
			return CLEAN_OUTSIDE;
	code = clean_put_kind(CLEAN_PDF);
	return code == CLEAN_DONE ? copy_pages(document, job, count) : code;
}
