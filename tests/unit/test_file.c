// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "cairn/file.h"

#define PIECE CAIRN_BLOB_PIECE_BYTES

static uint8_t content[PIECE];
static uint8_t piece[PIECE];
static uint8_t blob[CAIRN_BLOB_BYTES];
static struct cairn_manifest manifest;

/* A file of one blob and a half, and its second blob. */
static int
begin(void **state)
{
	(void)state;
	manifest = (struct cairn_manifest){{0xf1}, 2, PIECE + 1000, {0x5a}, {"image/jpeg", 10}};
	memset(content, 'c', sizeof content);
	cairn_blob_seal(blob, content, 1000, manifest.fk, 1);
	return 0;
}

static void
a_file_has_as_many_blobs_as_it_needs(void **state)
{
	(void)state;
	assert_int_equal(cairn_file_blobs(0), 0);
	assert_int_equal(cairn_file_blobs(1), 1);
	assert_int_equal(cairn_file_blobs(PIECE), 1);
	assert_int_equal(cairn_file_blobs(PIECE + 1), 2);
	assert_int_equal(cairn_file_blobs((uint64_t)PIECE * UINT32_MAX), UINT32_MAX);
	assert_int_equal(cairn_file_blobs((uint64_t)PIECE * UINT32_MAX + 1), 0);
	assert_int_equal(cairn_file_blobs(UINT64_MAX), 0);
}

static void
pieces_are_full_but_the_last(void **state)
{
	(void)state;
	assert_int_equal(cairn_file_piece_bytes(PIECE + 7, 0), PIECE);
	assert_int_equal(cairn_file_piece_bytes(PIECE + 7, 1), 7);
	assert_int_equal(cairn_file_piece_bytes(PIECE + 7, 2), 0);
	assert_int_equal(cairn_file_piece_bytes(PIECE, 0), PIECE);
	assert_int_equal(cairn_file_piece_bytes(UINT64_MAX, UINT32_MAX), PIECE);
}

static void
every_blob_has_an_id_of_its_own(void **state)
{
	uint8_t a[CAIRN_BLOB_ID_BYTES], b[CAIRN_BLOB_ID_BYTES];

	(void)state;
	cairn_blob_id(a, manifest.fk, 0);
	cairn_blob_id(b, manifest.fk, 1);
	assert_memory_not_equal(a, b, sizeof a);
}

static void
a_blob_opens_to_its_content_and_zeros(void **state)
{
	static const uint8_t zeros[PIECE];

	(void)state;
	assert_ok(cairn_blob_open(piece, blob, &manifest, 1));
	assert_memory_equal(piece, content, 1000);
	assert_memory_equal(piece + 1000, zeros, PIECE - 1000);
}

static void
a_blob_opens_in_its_place_only(void **state)
{
	(void)state;
	assert_err(cairn_blob_open(piece, blob, &manifest, 0), CAIRN_ERR_CRYPTO);
}

static void
a_changed_blob_does_not_open_and_leaves_zeros(void **state)
{
	(void)state;
	blob[CAIRN_BLOB_BYTES - 1] ^= 1;
	memset(piece, 0xff, sizeof piece);
	assert_err(cairn_blob_open(piece, blob, &manifest, 1), CAIRN_ERR_CRYPTO);
	assert_true(sodium_is_zero(piece, sizeof piece));
}

static void
nothing_hides_behind_the_content(void **state)
{
	(void)state;
	manifest.size--;
	assert_err(cairn_blob_open(piece, blob, &manifest, 1), CAIRN_ERR_FORMAT);
	assert_true(sodium_is_zero(piece, sizeof piece));
}

static void
a_manifest_comes_back_as_written(void **state)
{
	struct cairn_manifest read;
	uint8_t out[203];
	size_t bytes;

	(void)state;
	assert_ok(cairn_manifest_write(out, &bytes, &manifest));
	assert_int_equal(bytes, 86);
	assert_ok(cairn_manifest_read(&read, out, bytes));
	assert_memory_equal(read.fk, manifest.fk, sizeof read.fk);
	assert_int_equal(read.count, 2);
	assert_int_equal(read.size, PIECE + 1000);
	assert_memory_equal(read.sha256, manifest.sha256, sizeof read.sha256);
	assert_int_equal(read.media_type.size, 10);
	assert_memory_equal(read.media_type.text, "image/jpeg", 10);
}

static void
a_manifest_with_a_field_out_of_range_is_not_written(void **state)
{
	struct cairn_manifest wrong;
	uint8_t out[203];
	size_t bytes;

	(void)state;
	wrong = manifest;
	wrong.count = 1;
	assert_err(cairn_manifest_write(out, &bytes, &wrong), CAIRN_ERR_RANGE);
	wrong = manifest;
	wrong.size = 0;
	wrong.count = 0;
	assert_err(cairn_manifest_write(out, &bytes, &wrong), CAIRN_ERR_RANGE);
	wrong = manifest;
	wrong.media_type = (struct cairn_span){"a/", 2};
	assert_err(cairn_manifest_write(out, &bytes, &wrong), CAIRN_ERR_RANGE);
	wrong.media_type = (struct cairn_span){(const char *)content, CAIRN_MEDIA_TYPE_MAX + 1};
	assert_err(cairn_manifest_write(out, &bytes, &wrong), CAIRN_ERR_RANGE);
	wrong.media_type.size--;
	assert_ok(cairn_manifest_write(out, &bytes, &wrong));
	assert_int_equal(bytes, 203);
}

static void
a_count_that_is_not_the_sizes_is_no_manifest(void **state)
{
	/* ceil wraps to the count in 32 bits for the last two. */
	static const struct {
		uint32_t count;
		uint64_t size;
	} rows[] = {{0, 0}, {1, 0}, {1, PIECE + 1}, {2, PIECE}, {0, (uint64_t)PIECE << 32},
	    {1, ((uint64_t)PIECE << 32) + 1}};
	struct cairn_manifest read;
	uint8_t out[203];
	size_t bytes;

	(void)state;
	assert_ok(cairn_manifest_write(out, &bytes, &manifest));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		put_u32(out + 32, rows[i].count);
		put_u64(out + 36, rows[i].size);
		assert_err(cairn_manifest_read(&read, out, bytes), CAIRN_ERR_FORMAT);
	}
}

static void
a_media_type_is_text_of_3_to_127_bytes(void **state)
{
	struct cairn_manifest read;
	uint8_t out[204];
	size_t bytes;

	(void)state;
	assert_ok(cairn_manifest_write(out, &bytes, &manifest));
	assert_ok(cairn_manifest_read(&read, out, 79));
	assert_err(cairn_manifest_read(&read, out, 78), CAIRN_ERR_FORMAT);
	assert_err(cairn_manifest_read(&read, out, 0), CAIRN_ERR_FORMAT);
	memset(out + 76, 'a', 128);
	assert_ok(cairn_manifest_read(&read, out, 203));
	assert_err(cairn_manifest_read(&read, out, 204), CAIRN_ERR_FORMAT);
	out[80] = 0;
	assert_err(cairn_manifest_read(&read, out, 203), CAIRN_ERR_FORMAT);
	out[80] = 0xff;
	assert_err(cairn_manifest_read(&read, out, 203), CAIRN_ERR_FORMAT);
}

#define CASE(name) cmocka_unit_test_setup(name, begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_file_has_as_many_blobs_as_it_needs),
	    CASE(pieces_are_full_but_the_last),
	    CASE(every_blob_has_an_id_of_its_own),
	    CASE(a_blob_opens_to_its_content_and_zeros),
	    CASE(a_blob_opens_in_its_place_only),
	    CASE(a_changed_blob_does_not_open_and_leaves_zeros),
	    CASE(nothing_hides_behind_the_content),
	    CASE(a_manifest_comes_back_as_written),
	    CASE(a_manifest_with_a_field_out_of_range_is_not_written),
	    CASE(a_count_that_is_not_the_sizes_is_no_manifest),
	    CASE(a_media_type_is_text_of_3_to_127_bytes),
	};

	return sodium_init() < 0 ? 1 : RUN_TESTS(tests);
}
