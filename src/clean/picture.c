// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <vips/vips.h>

#include "clean/clean.h"

/* Pictures, by libvips: decoded by the one reader for their kind, and encoded anew from pixels alone. */

#define JPEG_QUALITY 92
#define PNG_COMPRESSION 6

enum clean_exit
picture_prepare(void)
{
	/* Large pictures would go through a file on disk; memory instead. Everything here is used once. */
	if (!g_setenv("VIPS_DISC_THRESHOLD", "8g", TRUE) || !g_setenv("VIPS_CONCURRENCY", "1", TRUE))
		return CLEAN_FAILED;
	if (VIPS_INIT("cairn-clean") != 0)
		return CLEAN_FAILED;
	vips_cache_set_max(0);
	vips_concurrency_set(1);
	return CLEAN_DONE;
}

/* --- reading --- */

typedef int load_page(struct cairn_span in, VipsImage **out, int page);

#define LOADER(name, call, ...)                                                                          \
	static int load_##name(struct cairn_span in, VipsImage **out, int page)                          \
	{                                                                                                \
		(void)page;                                                                              \
		return call((void *)(uintptr_t)in.text, in.size, out, "fail_on", VIPS_FAIL_ON_TRUNCATED, \
		    ##__VA_ARGS__, NULL);                                                                \
	}

LOADER(jpeg, vips_jpegload_buffer)
LOADER(png, vips_pngload_buffer)
LOADER(gif, vips_gifload_buffer, "page", page)
LOADER(webp, vips_webpload_buffer, "page", page)
LOADER(tiff, vips_tiffload_buffer, "page", page)

static const struct {
	const char *media;
	load_page *load;
	enum clean_kind kind; /* of the copy */
} kinds[] = {
    {"image/jpeg", load_jpeg, CLEAN_JPEG},
    {"image/png", load_png, CLEAN_PNG},
    {"image/gif", load_gif, CLEAN_PNG},
    {"image/webp", load_webp, CLEAN_PNG},
    {"image/tiff", load_tiff, CLEAN_PNG},
};

/* Moves *image on to what a call made of it; where the call failed *image stays. */
static bool
moved(VipsImage **image, VipsImage **made, int failed)
{
	if (failed != 0)
		return false;
	g_object_unref(*image);
	*image = *made;
	return true;
}

static bool
to_srgb(VipsImage **image)
{
	VipsImage *made = NULL;

	/* A profile that cannot be used is passed over: colours may be a little off, and nothing else. */
	if (vips_image_get_typeof(*image, VIPS_META_ICC_NAME) != 0)
		(void)moved(image, &made, vips_icc_transform(*image, &made, "srgb", "embedded", TRUE, NULL));
	vips_error_clear();
	return moved(image, &made, vips_colourspace(*image, &made, VIPS_INTERPRETATION_sRGB, NULL));
}

/* On white: under transparent pixels lie colours that nobody sees, and programs do. */
static bool
flatten(VipsImage **image)
{
	VipsArrayDouble *white = vips_array_double_newv(1, 255.0);
	VipsImage *made = NULL;
	bool good = !vips_image_hasalpha(*image) ||
	    moved(image, &made, vips_flatten(*image, &made, "background", white, NULL));

	vips_area_unref(VIPS_AREA(white));
	return good;
}

/* Upright, 8 bits a channel, no alpha, and one resolution for all: a picture like any other. */
static bool
make_plain(VipsImage **image)
{
	VipsImage *made = NULL;

	return moved(image, &made, vips_autorot(*image, &made, NULL)) && to_srgb(image) && flatten(image) &&
	    moved(image, &made, vips_cast_uchar(*image, &made, NULL)) &&
	    moved(image, &made, vips_copy(*image, &made, "xres", 1.0, "yres", 1.0, NULL));
}

/* In memory, so that it is decoded once, and painted on. */
static bool
to_memory(VipsImage **image)
{
	VipsImage *made = vips_image_copy_memory(*image);

	return moved(image, &made, made == NULL);
}

static enum clean_exit
paint(VipsImage *image, const struct clean_job *job, uint32_t page)
{
	for (size_t i = 0; i < job->count; i++) {
		const struct clean_box *b = &job->boxes[i];

		if (b->page != page)
			continue;
		if (!box_fits(b, (uint64_t)image->Xsize, (uint64_t)image->Ysize))
			return CLEAN_OUTSIDE;
		if (vips_draw_rect1(
			image, 0, (int)b->left, (int)b->top, (int)b->width, (int)b->height, "fill", TRUE, NULL) != 0)
			return CLEAN_FAILED;
	}
	return CLEAN_DONE;
}

/* One page of it, ready; *ret is the caller's. */
static enum clean_exit
read_page(
    VipsImage **ret, int *ret_pages, load_page *load, const struct clean_job *job, struct cairn_span in, int page)
{
	VipsImage *image = NULL;
	enum clean_exit code = CLEAN_BROKEN;

	if (load(in, &image, page) != 0)
		return CLEAN_BROKEN;
	*ret_pages = vips_image_get_n_pages(image);
	if ((uint64_t)image->Xsize * (uint64_t)image->Ysize > CLEAN_PIXELS_MAX)
		code = CLEAN_TOO_LARGE;
	else if (make_plain(&image) && to_memory(&image))
		code = paint(image, job, (uint32_t)page);
	if (code != CLEAN_DONE)
		g_object_unref(image);
	else
		*ret = image;
	return code;
}

/* --- writing --- */

static enum clean_exit
encode(VipsImage *image, enum clean_kind kind)
{
	void *bytes = NULL;
	size_t size = 0;
	enum clean_exit code;
	int failed = kind == CLEAN_JPEG
	    ? vips_jpegsave_buffer(
		  image, &bytes, &size, "Q", JPEG_QUALITY, "strip", TRUE, "optimize_coding", TRUE, NULL)
	    : vips_pngsave_buffer(image, &bytes, &size, "strip", TRUE, "compression", PNG_COMPRESSION, NULL);

	/* Pixels are decoded before: what fails here is not the content. */
	if (failed != 0)
		return CLEAN_FAILED;
	code = clean_put_kind(kind);
	if (code == CLEAN_DONE)
		code = clean_put(bytes, size);
	g_free(bytes);
	return code;
}

/* Pages one under the other. */
static enum clean_exit
encode_pages(VipsImage **pages, int count, enum clean_kind kind)
{
	VipsImage *joined = NULL;
	enum clean_exit code;

	if (count == 1)
		return encode(pages[0], kind);
	if (vips_arrayjoin(pages, &joined, count, "across", 1, NULL) != 0)
		return CLEAN_FAILED;
	code = (uint64_t)joined->Xsize * (uint64_t)joined->Ysize > CLEAN_PIXELS_MAX ? CLEAN_TOO_LARGE
										    : encode(joined, kind);
	g_object_unref(joined);
	return code;
}

static enum clean_exit
boxes_have_pages(const struct clean_job *job, int count)
{
	for (size_t i = 0; i < job->count; i++)
		if (job->boxes[i].page >= (uint32_t)count)
			return CLEAN_OUTSIDE;
	return CLEAN_DONE;
}

static enum clean_exit
read_pages(VipsImage *pages[CLEAN_PAGES_MAX], int *ret_count, load_page *load, const struct clean_job *job,
    struct cairn_span in)
{
	uint64_t pixels = 0;
	enum clean_exit code = CLEAN_DONE;
	int count = 1;

	for (*ret_count = 0; code == CLEAN_DONE && *ret_count < count; *ret_count += code == CLEAN_DONE) {
		int now = count;

		code = read_page(&pages[*ret_count], &now, load, job, in, *ret_count);
		if (code != CLEAN_DONE)
			break;
		if (*ret_count == 0)
			count = now;
		pixels += (uint64_t)pages[*ret_count]->Xsize * (uint64_t)pages[*ret_count]->Ysize;
		if (count > (int)CLEAN_PAGES_MAX || pixels > CLEAN_PIXELS_MAX)
			return CLEAN_TOO_LARGE;
	}
	return code == CLEAN_DONE ? boxes_have_pages(job, count) : code;
}

enum clean_exit
picture_answer(const struct clean_job *job, struct cairn_span in)
{
	VipsImage *pages[CLEAN_PAGES_MAX];
	enum clean_exit code;
	int count;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(job->media, kinds[i].media) != 0)
			continue;
		code = read_pages(pages, &count, kinds[i].load, job, in);
		return code == CLEAN_DONE ? encode_pages(pages, count, kinds[i].kind) : code;
	}
	return CLEAN_UNKNOWN;
}
