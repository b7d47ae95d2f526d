// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_FILE_H
#define CAIRN_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/span.h"
#include "cairn/tlv.h"

/*
 * Files, person to desk (docs/protocol.md, section 6): blobs of one size, each sealed under a key of its own
 * and put at an id that tells nothing; then a manifest, in a cell. A file is not empty.
 */

#define CAIRN_BLOB_BYTES 262144U
#define CAIRN_BLOB_PIECE_BYTES 262128U /* of content, the last one filled up with zeros */
#define CAIRN_BLOB_ID_BYTES 32U
#define CAIRN_FILE_SIZE_MAX 52428800U /* 50 MiB: what a client of version 1 sends and a desk fetches */
#define CAIRN_MEDIA_TYPE_MAX 127U

struct cairn_manifest {
	uint8_t fk[CAIRN_KEY_BYTES]; /* secret; fresh for each reading of the file */
	uint32_t count;              /* of blobs: ceil(size / CAIRN_BLOB_PIECE_BYTES) */
	uint64_t size;               /* bytes of content, at least 1 */
	uint8_t sha256[CAIRN_SHA256_BYTES];
	struct cairn_span media_type; /* "image/jpeg": 3 to 127 bytes; a view when read */
};

/* ceil(size / CAIRN_BLOB_PIECE_BYTES); 0 for an empty file, and for one whose blobs a u32 cannot count. */
uint32_t cairn_file_blobs(uint64_t size);

/* Content bytes of blob i of a file of that size; 0 behind its end. */
size_t cairn_file_piece_bytes(uint64_t size, uint32_t i);

void cairn_blob_id(uint8_t id[CAIRN_BLOB_ID_BYTES], const uint8_t fk[CAIRN_KEY_BYTES], uint32_t i);

/* Seals piece[piece_bytes], 1 to CAIRN_BLOB_PIECE_BYTES. blob and piece may not overlap. */
void cairn_blob_seal(uint8_t blob[CAIRN_BLOB_BYTES], const uint8_t *piece, size_t piece_bytes,
    const uint8_t fk[CAIRN_KEY_BYTES], uint32_t i);

/*
 * Opens blob i of the file into piece[CAIRN_BLOB_PIECE_BYTES]; the first cairn_file_piece_bytes() of it are
 * content. CAIRN_ERR_CRYPTO: it does not open; CAIRN_ERR_FORMAT: what follows the content is not zero.
 */
CAIRN_NODISCARD int cairn_blob_open(uint8_t piece[CAIRN_BLOB_PIECE_BYTES],
    const uint8_t blob[CAIRN_BLOB_BYTES], const struct cairn_manifest *manifest, uint32_t i);

/* The value of a file record. *ret_bytes is 79 to 203. CAIRN_ERR_RANGE when a field is out of it. */
CAIRN_NODISCARD int cairn_manifest_write(uint8_t out[203], size_t *ret_bytes,
    const struct cairn_manifest *manifest);

/* CAIRN_ERR_FORMAT: not a manifest, an empty file, or a count that is not the size's. */
CAIRN_NODISCARD int cairn_manifest_read(struct cairn_manifest *manifest, const uint8_t *value,
    size_t value_bytes);

#endif
