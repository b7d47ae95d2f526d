// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SEND_H
#define CAIRN_SEND_H

#include "cairn/admission.h"
#include "cairn/conversation.h"
#include "cairn/drop.h"
#include "cairn/file.h"
#include "cairn/opening.h"

/* Sending to the drop: cells, and the blobs of a file before them (docs/protocol.md, section 6). */

/*
 * Bringing one body to a door: ask the door, work if it asks for it, post, and again after a refusal or under
 * load, a bounded number of times. Part of the two machines below; private to them.
 */
struct cairn_delivery {
	struct cairn_request request;
	int err;
	uint32_t pause_ms;
	enum cairn_door door;
	unsigned state;
	unsigned tries;
	bool has_pass;
	uint8_t pass[CAIRN_PASS_BYTES];
	struct cairn_door_answer asked;
	uint64_t work_next;
	struct cairn_request post; /* what is to be delivered */
	uint8_t body_hash[CAIRN_HASH_BYTES];
	uint8_t receipt[CAIRN_RECEIPT_BYTES];
	size_t receipt_bytes;
};

#define CAIRN_SEND_CELLS_MAX 64U
#define CAIRN_SEND_RECORDS_MAX CAIRN_DROP_PLAIN_BYTES

/*
 * What goes into one cell beside hello, msgid and seen, which the machine adds: records as cairn_tlv_begin() and
 * cairn_tlv_put() write them, without the end; bytes is the writer's used. msgid is random, and stays the
 * same when the cell is sent again.
 */
struct cairn_letter {
	uint8_t msgid[CAIRN_MSGID_BYTES];
	uint8_t records[CAIRN_SEND_RECORDS_MAX];
	size_t bytes;
};

struct cairn_send {
	struct cairn_request request;
	int err;
	uint32_t pause_ms;
	struct cairn_opening opening;

	/* progress; a cell's receipt is valid once sent is above its index */
	size_t sent;
	uint8_t cell_hashes[CAIRN_SEND_CELLS_MAX][CAIRN_HASH_BYTES];
	uint8_t receipts[CAIRN_SEND_CELLS_MAX][CAIRN_RECEIPT_BYTES];

	/* private */
	const struct cairn_client *client;
	const struct cairn_conversation *conv;
	const struct cairn_letter *letters;
	size_t count;
	struct cairn_drop_header header;
	uint8_t entropy[32];
	uint32_t draws;
	unsigned state;
	struct cairn_delivery delivery;
	uint8_t epoch_public[CAIRN_XWING_PUBLIC_BYTES];
	uint8_t cell[CAIRN_DROP_CELL_BYTES];
	uint8_t plain[CAIRN_DROP_PLAIN_BYTES];
};

/*
 * Sends letters[count] (1 to CAIRN_SEND_CELLS_MAX) to a door. conv is NULL for a cell without hello (campaign only).
 * pass may be NULL. entropy is 32 fresh random bytes for this one machine. Everything pointed to must
 * outlive it.
 *
 * err after CAIRN_STEP_FAILED, beside opening's: CAIRN_ERR_UNKNOWN the desk has no key for today: it was not seen
 * since opening.epochs.hour; or no such door; CAIRN_ERR_BUSY under attack or overloaded; CAIRN_ERR_DENIED refused;
 * CAIRN_ERR_SPACE a letter that does not fit.
 */
void cairn_send_init(struct cairn_send *send, const struct cairn_client *client, struct cairn_memory *memory,
    enum cairn_door door, const struct cairn_conversation *conv, const struct cairn_letter *letters,
    size_t count, const uint8_t *pass, const uint8_t entropy[32]);
enum cairn_step cairn_send_next(struct cairn_send *send);
void cairn_send_answer(struct cairn_send *send, int status, const uint8_t *body, size_t bytes);
void cairn_send_clear(struct cairn_send *send);

/* The blobs of one file. */
struct cairn_attach {
	struct cairn_request request;
	int err;
	uint32_t pause_ms;
	uint64_t offset;                        /* CAIRN_STEP_READ: fill piece from here, */
	size_t want;                            /* so many bytes of it */
	uint8_t piece[CAIRN_BLOB_PIECE_BYTES];
	uint32_t sent;                          /* blobs that are kept by the relay, of manifest.count */
	struct cairn_manifest manifest;         /* whole after CAIRN_STEP_DONE */

	/* private */
	uint8_t entropy[32];
	unsigned state;
	struct cairn_delivery delivery;
	_Alignas(8) uint8_t sha256_state[128]; /* libsodium's */
	char media_type[CAIRN_MEDIA_TYPE_MAX];
	uint8_t blob[CAIRN_BLOB_BYTES];
};

/* CAIRN_ERR_RANGE: an empty file, one over CAIRN_FILE_SIZE_MAX, or no media type of 3 to 127 bytes. */
CAIRN_NODISCARD int cairn_attach_init(struct cairn_attach *attach, enum cairn_door door, uint64_t size,
    struct cairn_span media_type, const uint8_t entropy[32]);
enum cairn_step cairn_attach_next(struct cairn_attach *attach);
/* got is less than want where the file is shorter than it was: the machine fails with CAIRN_ERR_IO. */
void cairn_attach_read(struct cairn_attach *attach, size_t got);
void cairn_attach_answer(struct cairn_attach *attach, int status, const uint8_t *body, size_t bytes);
/* Goes on after CAIRN_STEP_FAILED with CAIRN_ERR_IO or CAIRN_ERR_BUSY, at the blob that did not get through. */
void cairn_attach_resume(struct cairn_attach *attach);
void cairn_attach_clear(struct cairn_attach *attach);

#endif
