// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/reader.h"
#include "cairn/file.h"
#include "fuzz.h"

static uint8_t piece[CAIRN_BLOB_PIECE_BYTES];
static uint8_t blob[CAIRN_BLOB_BYTES];

/*
 * A u64 size of the file, a u32 blob, a u32 place of a flipped bit, then the content's beginning. What
 * opens is what was sealed, with zeros behind the file's end.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct cairn_manifest manifest = {{1}, 0, 0, {0}, {"a/b", 3}};
	struct reader r;
	uint32_t i, flip;
	size_t content;

	reader_init(&r, bytes, size);
	take_u64(&r, &manifest.size);
	take_u32(&r, &i);
	take_u32(&r, &flip);
	if (r.failed || r.left == 0 || r.left > sizeof piece)
		return 0;
	cairn_blob_seal(blob, r.next, r.left, manifest.fk, i);
	if (flip < sizeof blob)
		blob[flip] ^= 1;
	content = cairn_file_piece_bytes(manifest.size, i);
	FUZZ_CHECK(content <= sizeof piece);
	if (cairn_blob_open(piece, blob, &manifest, i) != CAIRN_OK) {
		FUZZ_CHECK(sodium_is_zero(piece, sizeof piece));
		return 0;
	}
	FUZZ_CHECK(flip >= sizeof blob);
	FUZZ_CHECK(memcmp(piece, r.next, r.left) == 0);
	FUZZ_CHECK(sodium_is_zero(piece + content, sizeof piece - content));
	return 0;
}
