// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_LOG_H
#define CAIRN_SITE_LOG_H

#include "cairn/desk_keys.h"
#include "cairn/tlog.h"

/*
 * The public log of a desk's site and claims, cairn/<desk_id>/site: a C2SP tlog in files below a folder, as any host
 * can serve them (docs/protocol.md, section 16). Its checkpoint has three lines, so that a size has one text whoever
 * signs it again; an entry is what kind of thing was published, and its hash.
 */
#define SITE_ENTRY_BYTES 33U /* u8 kind || SHA-256[32] */
#define SITE_LOG_MAX 1000000U
#define SITE_CHECKPOINT_MAX CAIRN_NOTE_BYTES_MAX

enum site_entry_kind {
	SITE_ENTRY_CLAIM = 1, /* a claim's note, with its signatures */
	SITE_ENTRY_PAGES = 2, /* the manifest of all files of the site */
};

void site_entry(uint8_t out[SITE_ENTRY_BYTES], enum site_entry_kind kind, const void *bytes, size_t size);

struct site_checkpoint {
	uint64_t size;
	uint8_t root[32];
};

/* The three lines, unverified. CAIRN_ERR_FORMAT. */
CAIRN_NODISCARD int site_checkpoint_read(struct site_checkpoint *checkpoint, struct cairn_span text,
    struct cairn_span origin);

/*
 * keys[0] is a site key, which must have signed, and its name the origin; the others are witnesses. signed_by as in
 * cairn_note_verify(). CAIRN_ERR_CRYPTO, CAIRN_ERR_FORMAT, CAIRN_ERR_RANGE; checkpoint is then zeros.
 */
CAIRN_NODISCARD int site_checkpoint_open(struct site_checkpoint *checkpoint, uint64_t *signed_by, const void *bytes,
    size_t size, const struct cairn_note_key *keys, size_t count);

/* An open log. Zeros and folder = -1 are none. */
struct site_log {
	int folder;
	uint8_t desk_id[CAIRN_HASH_BYTES];
	uint32_t size;
	uint32_t room;
	uint32_t signed_size; /* of the checkpoint that lies in the folder */
	uint8_t (*entries)[SITE_ENTRY_BYTES];
	uint8_t (*leaves)[32];
	uint8_t checkpoint[SITE_CHECKPOINT_MAX];
	size_t checkpoint_bytes; /* 0: nothing was signed yet */
};

/*
 * Opens the log in a folder, which is made where it is missing, and checks it whole: the checkpoint by site_key, the
 * entries by its root. CAIRN_ERR_CRYPTO: not signed by that key, or the entries are others; CAIRN_ERR_FORMAT: files
 * are missing or broken; CAIRN_ERR_IO, CAIRN_ERR_SPACE, CAIRN_ERR_NOMEM, CAIRN_ERR_RANGE.
 */
CAIRN_NODISCARD int site_log_open(struct site_log *log, const char *path, const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t site_key[32]);
void site_log_close(struct site_log *log);

/* Puts an entry behind the others, in memory. *ret_index is its number. CAIRN_ERR_RANGE, CAIRN_ERR_NOMEM. */
CAIRN_NODISCARD int site_log_append(struct site_log *log, uint64_t *ret_index,
    const uint8_t entry[SITE_ENTRY_BYTES]);

/*
 * Writes entries and tiles, flushes them, then signs and puts the checkpoint in place: a crash leaves the log as it
 * was or as it is. Nothing is to be told of an entry before this returns. CAIRN_ERR_IO, CAIRN_ERR_SPACE.
 */
CAIRN_NODISCARD int site_log_sign(struct site_log *log, const uint8_t site_secret[64]);

/*
 * Takes the checkpoint back from witnesses, who put cosignatures below it. CAIRN_ERR_CONFLICT: it is not of the log
 * as it lies in the folder; CAIRN_ERR_CRYPTO: a wrong signature.
 */
CAIRN_NODISCARD int site_log_cosigned(struct site_log *log, const void *note, size_t size,
    const struct cairn_note_key *keys, size_t count);

/* The proof for an entry, against the checkpoint that lies in the folder. CAIRN_ERR_RANGE: not in that. */
CAIRN_NODISCARD int site_log_prove(const struct site_log *log, uint8_t (*proof)[32], size_t *ret_count,
    uint64_t index);
/* The number of that entry; CAIRN_ERR_UNKNOWN. */
CAIRN_NODISCARD int site_log_find(const struct site_log *log, uint64_t *ret_index,
    const uint8_t entry[SITE_ENTRY_BYTES]);

#endif
