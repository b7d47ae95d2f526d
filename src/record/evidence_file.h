// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_EVIDENCE_FILE_H
#define CAIRN_RECORD_EVIDENCE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#include "cairn/err.h"
#include "cairn/hash.h"

/*
 * One sealed file of the evidence folder (docs/protocol.md, section 14): pieces of 262,144 bytes, each sealed on
 * its own under the file's key with its number as nonce, so that a flipped bit is found and its piece named.
 * Written once: there is no call that changes one. The file's name is random.
 */
#define EVIDENCE_PIECE_BYTES 262128U
#define EVIDENCE_SEALED_BYTES 262144U
#define EVIDENCE_NAME_BYTES 16U
#define EVIDENCE_FILE_MAX (UINT64_C(1) << 44) /* bytes of content */

/* Secret. */
struct evidence_writer {
	int folder;
	int fd; /* open while sealed is not NULL */
	uint8_t name[EVIDENCE_NAME_BYTES];
	uint8_t key[CAIRN_KEY_BYTES];
	uint64_t size;          /* content so far */
	EVP_CIPHER_CTX *cipher; /* under the file's key */
	size_t pieces;          /* sealed, and not written yet */
	uint8_t *sealed;        /* aligned, as writing past the page cache wants it */
};

/*
 * begin makes the file, with a fresh name and a fresh key; folder is a descriptor that outlives the writer. put takes
 * a piece, of which used bytes are content and the rest zeros; only the last may have fewer than all, and there is at
 * least one. end flushes file and folder to disk and takes the right to write away. drop, after any failure
 * or instead of begin or end, removes the file, if there is one. The key stays until evidence_writer_wipe(), which is
 * to come last. All zeros are a writer that was not begun.
 * CAIRN_ERR_IO, CAIRN_ERR_SPACE: the disk is full; CAIRN_ERR_RANGE: over EVIDENCE_FILE_MAX; CAIRN_ERR_NOMEM.
 */
CAIRN_NODISCARD int evidence_writer_begin(struct evidence_writer *w, int folder);
CAIRN_NODISCARD int evidence_writer_put(
    struct evidence_writer *w, const uint8_t piece[EVIDENCE_PIECE_BYTES], size_t used);
CAIRN_NODISCARD int evidence_writer_end(struct evidence_writer *w);
void evidence_writer_drop(struct evidence_writer *w);
void evidence_writer_wipe(struct evidence_writer *w);

/* Secret. Large: not on the stack. */
struct evidence_reader {
	int fd;
	uint8_t key[CAIRN_KEY_BYTES];
	uint64_t size;
	uint64_t pieces;
	uint8_t piece[EVIDENCE_PIECE_BYTES];
	uint8_t sealed[EVIDENCE_SEALED_BYTES];
};

/* Pieces of a file of so much content: at least one. */
uint64_t evidence_pieces(uint64_t size);

/*
 * Opens a file whose content has that size. CAIRN_ERR_UNKNOWN: it is not there; CAIRN_ERR_CRYPTO: the file on disk is
 * longer or shorter than that. r->fd is -1 then.
 */
CAIRN_NODISCARD int evidence_reader_begin(struct evidence_reader *r, int folder,
    const uint8_t name[EVIDENCE_NAME_BYTES], const uint8_t key[CAIRN_KEY_BYTES], uint64_t size);
/*
 * Piece i, from 0, into r->piece, *ret_bytes of content. CAIRN_ERR_CRYPTO: it is not what was written: a bit flipped,
 * another file, another place, or the zeros behind the content are none.
 */
CAIRN_NODISCARD int evidence_reader_piece(struct evidence_reader *r, uint64_t i, size_t *ret_bytes);
void evidence_reader_end(struct evidence_reader *r);

/* The file's name in the folder: 32 hex digits and a zero. */
#define EVIDENCE_PATH_BYTES (2U * EVIDENCE_NAME_BYTES + 1U)
void evidence_path(char out[EVIDENCE_PATH_BYTES], const uint8_t name[EVIDENCE_NAME_BYTES]);

#endif
