// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_FILES_H
#define CAIRN_DESK_FILES_H

#include "cairn/file.h"
#include "desk/desk.h"

/*
 * Files that people attached. The manifest comes in a cell; the blobs are fetched afterwards,
 * checked, kept in the state, and only then deleted from the relay. The file's key goes once it is
 * not needed any more.
 */

enum file_state {
	FILE_WANTED,
	FILE_FETCHED, /* kept whole; the relay still has the blobs */
	FILE_KEPT,
	FILE_MISSING, /* the relay does not have it, asked FILES_TRIES times */
	FILE_BROKEN,  /* it does not open, or is not what its manifest says */
	FILE_TOO_LARGE,
};

#define FILES_TRIES 20U

const char *file_state_name(enum file_state state);

/* Notes down a manifest. In the transaction that keeps its message. */
CAIRN_NODISCARD int files_want(struct db *state, uint64_t conv, uint64_t message, enum cairn_door door,
    const struct cairn_record *record);

struct files_tally {
	size_t kept;
	size_t failed;  /* that will not come any more */
	size_t waiting; /* that the relay does not have yet */
	uint64_t bytes;
};

/*
 * Goes on with every file that is wanted. progress is called after each piece, and may be NULL; it
 * stops the work, with CAIRN_OK, when it returns false.
 */
typedef bool files_progress(void *arg, uint32_t piece, uint32_t count);
CAIRN_NODISCARD int files_fetch(struct desk *desk, struct files_tally *tally, files_progress *progress, void *arg);

/* Writes the n-th file (from 1) of a conversation to a new file of mode 0600; checks it once more. */
CAIRN_NODISCARD int files_save(struct desk *desk, uint64_t conv, uint64_t n, const char *path);

/* A piece as it was kept: exactly bytes. CAIRN_ERR_UNKNOWN: not there. */
CAIRN_NODISCARD int files_piece(struct db *state, uint64_t file, uint32_t i, uint8_t *out, size_t bytes);

#endif
