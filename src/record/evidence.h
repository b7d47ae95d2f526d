// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_EVIDENCE_H
#define CAIRN_RECORD_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "db/db.h"
#include "record/evidence_entry.h"
#include "record/evidence_file.h"
#include "vault/erasure.h"

/*
 * The evidence of one desk on one device: items, their sealed files, their custody logs (docs/record.md,
 * docs/protocol.md, section 14). An item is what came in, or a copy made of one; it is never changed. Every act
 * on it is an entry of its log, written before the act's fruit is given out.
 *
 * now is Unix seconds by this device's clock. Functions leave a sentence for staff in ev->trouble beside the error.
 */
#define EVIDENCE_FOLDER "evidence"
#define EVIDENCE_MEDIA_MAX 128U
#define EVIDENCE_FILE_NAME_MAX 960U /* bytes of an original file name that are kept */
#define EVIDENCE_TROUBLE_MAX 512U

/* To be among the columns of the database's erasure. */
#define EVIDENCE_ERASURE_COLUMN ERASURE_COLUMN("evidence_key", "sealed")

/* What devices tell each other. Each is canonical bytes; applying one twice changes nothing. */
enum evidence_op {
	EVIDENCE_OP_ENTRY = 1, /* an entry of a custody log, signed */
	EVIDENCE_OP_TOKEN = 2, /* root[32] of a tick, and the answer of the time-stamping authority */
};

/*
 * Called for every operation of this device, inside the transaction that makes it: what it stores in the same
 * database is there exactly when the operation is. An error undoes both. bytes last until it returns.
 */
typedef int evidence_sink(void *arg, enum evidence_op op, const uint8_t *bytes, size_t size);

struct evidence_options {
	struct db *db;           /* outlives the evidence, as do the next three */
	struct erasure *erasure; /* its columns name EVIDENCE_ERASURE_COLUMN */
	const char *folder;      /* of the sealed files: made 0700 where it is not there */
	const char *cleaner;     /* path of cairn-clean; NULL: nothing can be looked at or copied */
	uint8_t desk_id[CAIRN_HASH_BYTES];
	uint8_t device[CAIRN_DEVICE_ID_BYTES];
	const uint8_t *sign_secret; /* [64] of the device; outlives the evidence */
	evidence_sink *sink;        /* may be NULL */
	void *sink_arg;
};

struct evidence {
	struct evidence_options options;
	int folder;
	char trouble[EVIDENCE_TROUBLE_MAX];
};

/* The tables. Call it before erasure_new(): a rotation that was broken off goes over them. */
CAIRN_NODISCARD int evidence_prepare(struct db *db);

/*
 * Opens, and wipes what a crash left in the folder: files that no item names, unless another process is taking
 * something in at this moment. On failure *ret is NULL, and trouble[EVIDENCE_TROUBLE_MAX] says why.
 */
CAIRN_NODISCARD int evidence_open(struct evidence **ret, const struct evidence_options *options, char *trouble);
/* NULL is fine. */
void evidence_close(struct evidence *ev);

/* Leaves a sentence and returns err. */
int evidence_trouble(struct evidence *ev, int err, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same for an error of the database or the disk that has no sentence yet. CAIRN_OK stays. */
int evidence_state_trouble(struct evidence *ev, int err);

/* --- custody --- */

/*
 * Adds an entry of this device to the item's log, in the caller's transaction: prevs, device and time are filled in
 * here, action, item and fields by the caller. ret_hash may be NULL.
 */
CAIRN_NODISCARD int evidence_emit(
    struct evidence *ev, struct evidence_entry *entry, uint64_t now, uint8_t ret_hash[EVIDENCE_HASH_BYTES]);

/*
 * Takes an operation of another device, in a transaction of its own or the caller's. origin is the key that the
 * roster gives for the device it came from: an entry must be signed by it. CAIRN_ERR_FORMAT, CAIRN_ERR_CRYPTO;
 * CAIRN_ERR_UNKNOWN: it stands on an entry that is not here yet; CAIRN_ERR_CONFLICT: a second beginning of an item.
 */
CAIRN_NODISCARD int evidence_apply(
    struct evidence *ev, enum evidence_op op, const uint8_t *bytes, size_t size, const uint8_t origin[32]);

/* Keeps a roster for bundles: signatures of devices that left the desk are checked against the one of their time. */
CAIRN_NODISCARD int evidence_keep_roster(struct evidence *ev, const uint8_t *note, size_t size, uint64_t serial);

/* Calls each with the entries of an item, in the order in which they came; a value other than CAIRN_OK ends it. */
typedef int evidence_each(void *arg, const uint8_t *bytes, size_t size);
CAIRN_NODISCARD int evidence_log(
    struct evidence *ev, const uint8_t item[EVIDENCE_ITEM_BYTES], evidence_each *each, void *arg);

/* An item as the first entry of its log describes it. */
struct evidence_item {
	uint8_t id[EVIDENCE_ITEM_BYTES];
	bool here; /* its file lies on this device */
	bool erased;
	bool derived; /* made of source */
	uint8_t file[EVIDENCE_NAME_BYTES];
	uint8_t source[EVIDENCE_ITEM_BYTES];
	uint8_t sha256[32];
	uint8_t blake2b[32];
	uint64_t size;
	uint64_t added;
	char media[EVIDENCE_MEDIA_MAX];
	uint8_t name[1064]; /* sealed */
	size_t name_bytes;  /* 0: none was kept */
};

/*
 * By the first hex digits of its id, at least 4. CAIRN_ERR_UNKNOWN; CAIRN_ERR_CONFLICT: more than one begins so;
 * CAIRN_ERR_FORMAT: no such digits.
 */
CAIRN_NODISCARD int evidence_find(struct evidence *ev, struct evidence_item *item, struct cairn_span id);
CAIRN_NODISCARD int evidence_get_item(
    struct evidence *ev, struct evidence_item *item, const uint8_t id[EVIDENCE_ITEM_BYTES]);

/* All items, oldest first; a value other than CAIRN_OK ends it. */
typedef int evidence_each_item(void *arg, const struct evidence_item *item);
CAIRN_NODISCARD int evidence_list(struct evidence *ev, evidence_each_item *each, void *arg);

/* --- originals --- */

/* Gives up to room bytes; *ret_bytes is 0 at the end. */
typedef int evidence_read(void *arg, uint8_t *out, size_t room, size_t *ret_bytes);

struct evidence_intake {
	evidence_read *read;
	void *arg;
	const char *name;  /* original file name, sealed with the item; may be NULL */
	const char *party; /* who handed it in, as far as it is to be known; may be NULL */
	const char *note;  /* may be NULL */
};

/*
 * Takes a file in: hashed and sealed as it streams by, flushed, and then known, with the entries "received" and
 * "sealed". After a crash at any point the item is there whole or not at all.
 */
CAIRN_NODISCARD int evidence_add(
    struct evidence *ev, const struct evidence_intake *in, uint64_t now, uint8_t ret_id[EVIDENCE_ITEM_BYTES]);

/*
 * Is the content of the item on this device? CAIRN_ERR_UNKNOWN: no, or it was erased. To be asked before an entry
 * says that it is given out.
 */
CAIRN_NODISCARD int evidence_content_here(struct evidence *ev, const struct evidence_item *item);

/*
 * Gives all bytes to write, each piece checked before; at the end both hashes are compared. CAIRN_ERR_CRYPTO: the
 * trouble names the piece (write may have got those before it). No entry is made: see below.
 */
typedef int evidence_write(void *arg, const uint8_t *bytes, size_t size);
CAIRN_NODISCARD int evidence_content(
    struct evidence *ev, const struct evidence_item *item, evidence_write *write, void *arg);

/* The original file name into out[EVIDENCE_FILE_NAME_MAX + 1], ended by a zero; empty where there is none. */
CAIRN_NODISCARD int evidence_name(struct evidence *ev, const struct evidence_item *item, char *out);

/* One entry in a transaction of its own: opened, handed over, exported, verified. */
CAIRN_NODISCARD int evidence_note_act(struct evidence *ev, const struct evidence_item *item,
    enum evidence_action action, const char *party, const char *note, uint64_t now);

/* Destroys key and file; the log stays, and says so. */
CAIRN_NODISCARD int evidence_erase(
    struct evidence *ev, const struct evidence_item *item, const char *note, uint64_t now);

#endif
