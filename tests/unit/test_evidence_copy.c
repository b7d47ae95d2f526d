// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>
#include <vips/vips.h>

#include "base/bytes.h"
#include "lib/evidenced.h"
#include "record/evidence_copy.h"

/* Copies without metadata, and copies without what was to go: made by the real cairn-clean. */

#define CANARY "59.9343N-30.3351E"
#define WIDTH 160
#define HEIGHT 96

static struct evidenced e;

static int
set_up(void **state)
{
	(void)state;
	evidenced_init(&e);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	evidenced_release(&e);
	return 0;
}

/* --- making pictures --- */

struct bytes {
	void *at;
	size_t size;
};

/* Noise that is the same each time; seed changes the inside of the box alone. */
static VipsImage *
make_picture(int seed)
{
	static uint8_t pixels[WIDTH * HEIGHT * 3];
	uint32_t r = 1;

	for (size_t i = 0; i < sizeof(pixels); i++) {
		size_t x = i / 3 % WIDTH, y = i / 3 / WIDTH;
		bool inside = x >= 64 && x < 96 && y >= 32 && y < 64;

		r = r * 1664525U + 1013904223U;
		pixels[i] = (uint8_t)(inside ? r >> (8 + seed) : r >> 24);
	}
	return vips_image_new_from_memory_copy(pixels, sizeof(pixels), WIDTH, HEIGHT, 3, VIPS_FORMAT_UCHAR);
}

static struct bytes
save(VipsImage *image, const char *suffix)
{
	struct bytes b = {NULL, 0};

	assert_ok(vips_image_write_to_buffer(image, suffix, &b.at, &b.size, NULL));
	g_object_unref(image);
	return b;
}

static VipsImage *
load(const uint8_t *bytes, size_t size)
{
	VipsImage *image = vips_image_new_from_buffer(bytes, size, "", NULL), *copy;

	assert_non_null(image);
	copy = vips_image_copy_memory(image);
	assert_non_null(copy);
	g_object_unref(image);
	return copy;
}

static void
put_blob(VipsImage *image, const char *name, const char *text)
{
	vips_image_set_blob_copy(image, name, text, strlen(text));
}

/* A picture that tells where it was taken, in every place that there is. */
static struct bytes
telling_picture(const char *suffix)
{
	VipsImage *image = make_picture(0), *copy = NULL;

	assert_ok(vips_copy(image, &copy, NULL));
	g_object_unref(image);
	vips_image_set_string(
	    copy, "exif-ifd0-ImageDescription", CANARY " (" CANARY ", ASCII, 17 components, 17 bytes)");
	vips_image_set_string(copy, "exif-ifd3-GPSMapDatum", CANARY " (" CANARY ", ASCII, 17 components, 17 bytes)");
	put_blob(copy, VIPS_META_XMP_NAME, "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">" CANARY "</x:xmpmeta>");
	put_blob(copy, VIPS_META_IPTC_NAME, "Photoshop 3.0 8BIM " CANARY);
	vips_image_set_string(copy, "png-comment-0-Location", CANARY);
	return save(copy, suffix);
}

/* --- taking copies --- */

static struct bytes
copy_of(const struct evidence_item *source, const struct evidence_box *boxes, size_t count, bool keep,
    struct evidence_item *ret_item)
{
	uint8_t id[EVIDENCE_ITEM_BYTES], *bytes;
	struct bytes b;
	int err = count == 0 ? evidence_copy(e.ev, source, NULL, EVIDENCED_NOW, id)
			     : evidence_redact(e.ev, source, boxes, count, keep, NULL, EVIDENCED_NOW, id);

	if (err != CAIRN_OK)
		fprintf(stderr, "# %s\n", e.ev->trouble);
	assert_ok(err);
	assert_ok(evidence_get_item(e.ev, ret_item, id));
	assert_ok(evidenced_content(&e, ret_item, &bytes, &b.size));
	b.at = bytes;
	return b;
}

static struct bytes
copy_bytes(struct bytes from, const struct evidence_box *boxes, size_t count, bool keep)
{
	struct evidence_item source, copy;

	evidenced_add(&e, &source, from.at, from.size);
	return copy_of(&source, boxes, count, keep, &copy);
}

static bool
holds(struct bytes b, const char *text)
{
	return memmem(b.at, b.size, text, strlen(text)) != NULL;
}

static void
check_nothing_told(struct bytes copy)
{
	VipsImage *image = load(copy.at, copy.size);

	assert_false(holds(copy, CANARY));
	assert_false(holds(copy, "Exif"));
	assert_false(holds(copy, "xmpmeta"));
	assert_false(holds(copy, "Photoshop"));
	assert_false(holds(copy, "ICC_PROFILE"));
	assert_int_equal(vips_image_get_typeof(image, VIPS_META_EXIF_NAME), 0);
	assert_int_equal(vips_image_get_typeof(image, VIPS_META_XMP_NAME), 0);
	assert_int_equal(vips_image_get_typeof(image, VIPS_META_IPTC_NAME), 0);
	assert_int_equal(vips_image_get_typeof(image, VIPS_META_ICC_NAME), 0);
	assert_int_equal(vips_image_get_typeof(image, "png-comment-0-Location"), 0);
	g_object_unref(image);
}

static void
a_copy_tells_nothing_that_the_picture_does_not_show(void **state)
{
	static const char *const suffixes[] = {".jpg", ".png", ".webp[lossless]", ".tif"};

	(void)state;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		struct bytes source = telling_picture(suffixes[i]), copy;

		/* PNG packs it. */
		assert_true(holds(source, CANARY) || i == 1);
		copy = copy_bytes(source, NULL, 0, false);
		check_nothing_told(copy);
		g_free(source.at);
		free(copy.at);
	}
}

static void
a_png_copy_has_the_chunks_of_a_picture_alone(void **state)
{
	struct bytes source = telling_picture(".png"), copy = copy_bytes(source, NULL, 0, false);
	const uint8_t *at = copy.at;

	(void)state;
	for (size_t i = 8; i + 12 <= copy.size; i += 12 + get_u32(at + i))
		assert_non_null(strstr("IHDR PLTE IDAT IEND pHYs bKGD",
		    (const char[]){(char)at[i + 4], (char)at[i + 5], (char)at[i + 6], (char)at[i + 7], 0}));
	g_free(source.at);
	free(copy.at);
}

static void
a_copy_stands_upright(void **state)
{
	VipsImage *turned = NULL, *image = make_picture(0);
	struct bytes source, copy;

	(void)state;
	assert_ok(vips_copy(image, &turned, NULL));
	g_object_unref(image);
	vips_image_set_int(turned, VIPS_META_ORIENTATION, 6);
	source = save(turned, ".jpg");
	copy = copy_bytes(source, NULL, 0, false);
	image = load(copy.at, copy.size);
	assert_int_equal(image->Xsize, HEIGHT);
	assert_int_equal(image->Ysize, WIDTH);
	g_object_unref(image);
	g_free(source.at);
	free(copy.at);
}

static void
what_lies_under_transparent_pixels_is_gone(void **state)
{
	VipsImage *picture = make_picture(0), *clear = NULL, *both = NULL, *image;
	struct bytes source, copy;

	(void)state;
	assert_ok(vips_black(&clear, WIDTH, HEIGHT, NULL));
	assert_ok(vips_bandjoin2(picture, clear, &both, NULL));
	g_object_unref(picture);
	g_object_unref(clear);
	assert_ok(vips_copy(both, &picture, "interpretation", VIPS_INTERPRETATION_sRGB, NULL));
	g_object_unref(both);
	source = save(picture, ".png");
	copy = copy_bytes(source, NULL, 0, false);
	image = load(copy.at, copy.size);
	assert_int_equal(image->Bands, 3);
	for (size_t i = 0; i < (size_t)WIDTH * HEIGHT * 3; i++)
		assert_int_equal(((const uint8_t *)image->data)[i], 255);
	g_object_unref(image);
	g_free(source.at);
	free(copy.at);
}

/* --- redaction --- */

static const struct evidence_box box = {0, 64, 32, 32, 32};

static void
check_black(const uint8_t *pixels, unsigned slack)
{
	for (size_t y = 32; y < 64; y++)
		for (size_t x = 64 * 3; x < 96 * 3; x++)
			assert_in_range(pixels[y * WIDTH * 3 + x], 0, slack);
}

static void
a_box_is_black_and_all_else_as_it_was(void **state)
{
	VipsImage *before = make_picture(0), *after;
	struct bytes source, copy;
	const uint8_t *a, *b;

	(void)state;
	g_object_ref(before);
	source = save(before, ".png");
	copy = copy_bytes(source, &box, 1, false);
	after = load(copy.at, copy.size);
	a = before->data;
	b = after->data;
	check_black(b, 0);
	for (size_t i = 0; i < (size_t)WIDTH * HEIGHT * 3; i++) {
		size_t x = i / 3 % WIDTH, y = i / 3 / WIDTH;

		if (x < 64 || x >= 96 || y < 32 || y >= 64)
			assert_int_equal(a[i], b[i]);
	}
	g_object_unref(before);
	g_object_unref(after);
	g_free(source.at);
	free(copy.at);
}

/* Two sources that differ in the region alone must give the same bytes: then nothing of it can be in them. */
static void
pictures_that_differ_in_the_box_give_the_same_copy(void **state)
{
	static const char *const suffixes[] = {".png", ".tif", ".webp[lossless]"};

	(void)state;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		struct bytes a = save(make_picture(0), suffixes[i]), b = save(make_picture(3), suffixes[i]);
		struct bytes copy_a = copy_bytes(a, &box, 1, false), copy_b = copy_bytes(b, &box, 1, false);

		assert_false(a.size == b.size && memcmp(a.at, b.at, a.size) == 0);
		assert_int_equal(copy_a.size, copy_b.size);
		assert_memory_equal(copy_a.at, copy_b.at, copy_a.size);
		g_free(a.at);
		g_free(b.at);
		free(copy_a.at);
		free(copy_b.at);
	}
}

static void
a_box_in_a_jpeg_is_black(void **state)
{
	struct bytes source = save(make_picture(0), ".jpg[Q=95,no_subsample]"),
		     copy = copy_bytes(source, &box, 1, false);
	VipsImage *image = load(copy.at, copy.size);

	(void)state;
	/* Encoding rings at the edge; what rings is the picture around. */
	check_black(image->data, 48);
	g_object_unref(image);
	g_free(source.at);
	free(copy.at);
}

static void
a_box_beyond_the_picture_is_refused(void **state)
{
	static const struct evidence_box bad[] = {
	    {0, 150, 0, 20, 10}, {0, 0, 90, 10, 10}, {1, 0, 0, 10, 10}, {0, 200, 0, 1, 1}, {0, UINT32_MAX, 0, 2, 2}};
	struct bytes source = save(make_picture(0), ".png");
	struct evidence_item item;
	uint8_t id[EVIDENCE_ITEM_BYTES];

	(void)state;
	evidenced_add(&e, &item, source.at, source.size);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_err(evidence_redact(e.ev, &item, &bad[i], 1, false, NULL, EVIDENCED_NOW, id), CAIRN_ERR_RANGE);
	assert_int_equal(evidenced_files(&e), 1);
	g_free(source.at);
}

static void
both_logs_tell_of_the_copy_and_not_where_the_box_was(void **state)
{
	struct bytes source = save(make_picture(0), ".png"), copy;
	enum evidence_action actions[4];
	struct evidence_item item, made;

	(void)state;
	evidenced_add(&e, &item, source.at, source.size);
	copy = copy_of(&item, &box, 1, false, &made);
	assert_int_equal(evidenced_log(&e, item.id, actions, 4), 3);
	assert_int_equal(actions[2], EVIDENCE_REDACTED);
	assert_int_equal(evidenced_log(&e, made.id, actions, 4), 2);
	assert_int_equal(actions[0], EVIDENCE_DERIVED);
	assert_true(made.derived);
	assert_memory_equal(made.source, item.id, sizeof(item.id));
	g_free(source.at);
	free(copy.at);
}

/* --- text --- */

static struct bytes
text(const char *t)
{
	return (struct bytes){(void *)(uintptr_t)t, strlen(t)};
}

static void
check_text(const char *from, const struct evidence_box *boxes, size_t count, bool keep, const char *to)
{
	struct bytes copy = copy_bytes(text(from), boxes, count, keep);

	assert_int_equal(copy.size, strlen(to));
	assert_memory_equal(copy.at, to, copy.size);
	free(copy.at);
}

static void
a_span_leaves_a_mark_of_one_length(void **state)
{
	static const struct evidence_box three = {0, 9, 0, 3, 1}, seven = {0, 9, 0, 7, 1};

	(void)state;
	check_text("They took Ali to the station.\n", &(struct evidence_box){0, 10, 0, 3, 1}, 1, false,
	    "They took █████ to the station.\n");
	check_text("Вчера был Али там, в отделе.\n", &(struct evidence_box){0, 10, 0, 3, 1}, 1, false,
	    "Вчера был █████ там, в отделе.\n");
	check_text("They met Ali and went away from there.\n", &three, 1, false,
	    "They met █████ and went away from there.\n");
	check_text("They met Magomed and went away from there.\n", &seven, 1, false,
	    "They met █████ and went away from there.\n");
}

static void
spans_that_touch_are_one(void **state)
{
	static const struct evidence_box two[] = {{0, 5, 0, 4, 1}, {0, 9, 0, 3, 1}};

	(void)state;
	check_text("They took Ali.\n", two, 2, false, "They █████i.\n");
}

static void
lengths_show_where_they_are_asked_for(void **state)
{
	static const struct evidence_box one = {0, 5, 0, 8, 1};

	(void)state;
	check_text("They took\nAli away.\n", &one, 1, true, "They ████\n███ away.\n");
}

static void
what_does_not_show_is_left_out_of_text(void **state)
{
	(void)state;
	check_text("\xef\xbb\xbfThis is\xe2\x80\x8b a plain text,\r\nnothing more.\n", NULL, 0, false,
	    "This is a plain text,\nnothing more.\n");
	/* The joiners of Persian and the marks of Arabic stay. */
	check_text("می\xe2\x80\x8cخواهم بروم.\n", NULL, 0, false, "می\xe2\x80\x8cخواهم بروم.\n");
}

/* --- PDF --- */

/* A page with a word on it, and everything that a PDF can hide. */
static struct bytes
make_pdf(char out[4096], const char *word)
{
	int n = snprintf(out, 4096,
	    "%%PDF-1.4\n"
	    "1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"
	    "/Names<</EmbeddedFiles<</Names[(a.txt) 6 0 R]>>>>>>endobj\n"
	    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
	    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R"
	    "/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
	    "4 0 obj<</Length 80>>stream\n"
	    "BT /F1 24 Tf 20 150 Td (Seen by all) Tj ET BT /F1 24 Tf 20 50 Td (%-10.10s) Tj ET\nendstream endobj\n"
	    "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
	    "6 0 obj<</Type/Filespec/F(a.txt)/EF<</F 7 0 R>>>>endobj\n"
	    "7 0 obj<</Type/EmbeddedFile/Length 17>>stream\n" CANARY "\nendstream endobj\n"
	    "8 0 obj<</Author(" CANARY ")/Producer(x)>>endobj\n"
	    "trailer<</Root 1 0 R/Info 8 0 R/Size 9>>\n%%%%EOF\n",
	    word);

	return (struct bytes){out, (size_t)n};
}

static void
a_pdf_becomes_pictures_of_its_pages(void **state)
{
	char room[4096];
	struct bytes source = make_pdf(room, "Hello"), copy = copy_bytes(source, NULL, 0, false);

	(void)state;
	assert_memory_equal(copy.at, "%PDF", 4);
	assert_true(holds(copy, "/DCTDecode"));
	assert_false(holds(copy, CANARY));
	assert_false(holds(copy, "JavaScript"));
	assert_false(holds(copy, "Embedded"));
	assert_false(holds(copy, "/Author"));
	assert_false(holds(copy, "/Font"));
	free(copy.at);
}

static void
pages_that_differ_in_the_box_give_the_same_copy(void **state)
{
	static const struct evidence_box covering = {0, 10, 120, 200, 50};
	char room_a[4096], room_b[4096];
	struct bytes a = make_pdf(room_a, "Magomed"), b = make_pdf(room_b, "Ali"), open_a, copy_a, copy_b;

	(void)state;
	open_a = copy_bytes(a, NULL, 0, false);
	copy_a = copy_bytes(a, &covering, 1, false);
	copy_b = copy_bytes(b, &covering, 1, false);
	assert_false(open_a.size == copy_a.size && memcmp(open_a.at, copy_a.at, open_a.size) == 0);
	assert_int_equal(copy_a.size, copy_b.size);
	assert_memory_equal(copy_a.at, copy_b.at, copy_a.size);
	free(open_a.at);
	free(copy_a.at);
	free(copy_b.at);
}

/* --- what is hostile, broken, or nothing that can be cleaned --- */

static int
try_copy(const void *bytes, size_t size)
{
	struct evidence_item item;
	uint8_t id[EVIDENCE_ITEM_BYTES];

	evidenced_add(&e, &item, bytes, size);
	return evidence_copy(e.ev, &item, NULL, EVIDENCED_NOW, id);
}

static void
a_cut_picture_is_refused(void **state)
{
	struct bytes source = save(make_picture(0), ".png");

	(void)state;
	assert_err(try_copy(source.at, source.size / 2), CAIRN_ERR_FORMAT);
	g_free(source.at);
}

static void
a_picture_too_large_to_be_true_is_refused(void **state)
{
	struct bytes source = save(make_picture(0), ".tif");
	uint8_t *at;

	(void)state;
	g_free(source.at);
	source = save(make_picture(0), ".png");
	at = source.at;
	put_u32(at + 16, 100000);
	put_u32(at + 20, 100000);
	assert_int_not_equal(try_copy(source.at, source.size), CAIRN_OK);
	g_free(source.at);
}

static void
damaged_pictures_do_no_harm(void **state)
{
	struct bytes source = telling_picture(".jpg");
	uint8_t *bytes = malloc(source.size);
	uint32_t r = 7;

	(void)state;
	for (unsigned run = 0; run < 8; run++) {
		memcpy(bytes, source.at, source.size);
		for (unsigned i = 0; i < 40; i++) {
			r = r * 1664525U + 1013904223U;
			bytes[4 + r % (source.size - 4)] = (uint8_t)(r >> 24);
		}
		(void)try_copy(bytes, source.size);
	}
	assert_true(evidenced_files(&e) >= 8);
	free(bytes);
	g_free(source.at);
}

static void
what_cannot_be_cleaned_is_said_in_words(void **state)
{
	static const char archive[] = "\x1f\x8b\x08\0\0\0\0\0\0\3\3\0\0\0\0\0\0\0\0";
	static const char sound[] = "OggS\0\002\0\0\0\0\0\0\0\0\1\2\3\4\0\0\0\0\1\2\3\4\1\036\1vorbis\0\0\0\0\1";

	(void)state;
	assert_err(try_copy(archive, sizeof(archive)), CAIRN_ERR_FORMAT);
	assert_non_null(strstr(e.ev->trouble, "an archive is a heap of files"));
	assert_err(try_copy(sound, sizeof(sound)), CAIRN_ERR_FORMAT);
	assert_non_null(strstr(e.ev->trouble, "a voice is a name"));
	assert_err(try_copy("\0\1\2\3\4\5\6\7\x80\x81\xfe\xff", 12), CAIRN_ERR_FORMAT);
}

static void
without_the_cleaner_originals_are_taken_in_all_the_same(void **state)
{
	struct evidence_item item;
	uint8_t id[EVIDENCE_ITEM_BYTES];

	(void)state;
	e.ev->options.cleaner = "/nonexistent/cairn-clean";
	evidenced_add(&e, &item, "%PDF-1.4\n", 9);
	assert_string_equal(item.media, "application/octet-stream");
	snprintf(item.media, sizeof(item.media), "%s", "application/pdf");
	assert_err(evidence_copy(e.ev, &item, NULL, EVIDENCED_NOW, id), CAIRN_ERR_DENIED);
}

/* --- other people's pictures, which lie beside the repository --- */

static void
check_vector(const char *path)
{
	struct bytes source, copy;
	struct evidence_item item;
	uint8_t id[EVIDENCE_ITEM_BYTES], *bytes;

	source.at = evidenced_read_file(path, &source.size);
	assert_non_null(source.at);
	evidenced_add(&e, &item, source.at, source.size);
	free(source.at);
	if (evidence_copy(e.ev, &item, NULL, EVIDENCED_NOW, id) != CAIRN_OK) {
		assert_non_null(strstr(path, "pngsuite_x"));
		return;
	}
	assert_ok(evidence_get_item(e.ev, &item, id));
	assert_ok(evidenced_content(&e, &item, &bytes, &copy.size));
	copy.at = bytes;
	if (strcmp(item.media, "application/pdf") != 0)
		check_nothing_told(copy);
	else
		assert_false(holds(copy, "<x:xmpmeta") || holds(copy, "/Author"));
	free(copy.at);
}

static void
pictures_of_other_people_tell_nothing(void **state)
{
	DIR *dir = opendir(IMAGES_DIR);
	struct dirent *entry;
	char path[600];

	(void)state;
	if (dir == NULL) {
		skip();
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.' || strstr(entry->d_name, ".json") != NULL)
			continue;
		snprintf(path, sizeof(path), "%s/%s", IMAGES_DIR, entry->d_name);
		check_vector(path);
	}
	closedir(dir);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_copy_tells_nothing_that_the_picture_does_not_show),
	    CASE(a_png_copy_has_the_chunks_of_a_picture_alone),
	    CASE(a_copy_stands_upright),
	    CASE(what_lies_under_transparent_pixels_is_gone),
	    CASE(a_box_is_black_and_all_else_as_it_was),
	    CASE(pictures_that_differ_in_the_box_give_the_same_copy),
	    CASE(a_box_in_a_jpeg_is_black),
	    CASE(a_box_beyond_the_picture_is_refused),
	    CASE(both_logs_tell_of_the_copy_and_not_where_the_box_was),
	    CASE(a_span_leaves_a_mark_of_one_length),
	    CASE(spans_that_touch_are_one),
	    CASE(lengths_show_where_they_are_asked_for),
	    CASE(what_does_not_show_is_left_out_of_text),
	    CASE(a_pdf_becomes_pictures_of_its_pages),
	    CASE(pages_that_differ_in_the_box_give_the_same_copy),
	    CASE(a_cut_picture_is_refused),
	    CASE(a_picture_too_large_to_be_true_is_refused),
	    CASE(damaged_pictures_do_no_harm),
	    CASE(what_cannot_be_cleaned_is_said_in_words),
	    CASE(without_the_cleaner_originals_are_taken_in_all_the_same),
	    CASE(pictures_of_other_people_tell_nothing),
	};

	(void)argc;
	if (VIPS_INIT(argv[0]) != 0)
		return 1;
	return RUN_TESTS(tests);
}
