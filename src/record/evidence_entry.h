// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_EVIDENCE_ENTRY_H
#define CAIRN_RECORD_EVIDENCE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/desk_keys.h"
#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/span.h"

/*
 * One line of an item's custody log (docs/protocol.md, section 14): who did what with it, and when, signed by the
 * device and chained by hash to what that device knew before. Pure: no I/O, no clock.
 */

#define EVIDENCE_ITEM_BYTES 16U
#define EVIDENCE_HASH_BYTES 32U
#define EVIDENCE_PREVS_MAX 8U /* heads that one entry joins */
#define EVIDENCE_ENTRY_MAX 8192U
#define EVIDENCE_PROOF_MAX 2048U /* bytes: 64 hashes */

/* X(name, number, word) */
#define EVIDENCE_ACTIONS(X)              \
	X(RECEIVED, 1, "received")       \
	X(SEALED, 2, "sealed")           \
	X(DERIVED, 3, "derived")         \
	X(OPENED, 4, "opened")           \
	X(COPIED, 5, "copied")           \
	X(REDACTED, 6, "redacted")       \
	X(HANDED_OVER, 7, "handed over") \
	X(EXPORTED, 8, "exported")       \
	X(STAMPED, 9, "time-stamped")    \
	X(VERIFIED, 10, "verified")      \
	X(ERASED, 11, "erased")

enum evidence_action {
#define EVIDENCE_ACTION_ENUM(name, number, word) EVIDENCE_##name = number,
	EVIDENCE_ACTIONS(EVIDENCE_ACTION_ENUM)
#undef EVIDENCE_ACTION_ENUM
};

/* X(name, number, least bytes, most bytes, is text) */
#define EVIDENCE_FIELDS(X)                                 \
	X(SHA256, 1, 32, 32, false)                        \
	X(BLAKE2B, 2, 32, 32, false)                       \
	X(SIZE, 3, 8, 8, false)                            \
	X(MEDIA, 4, 3, 127, true)                          \
	X(NAME, 5, 41, 1064, false) /* sealed file name */ \
	X(SOURCE, 6, 16, 16, false)                        \
	X(SOURCE_SHA256, 7, 32, 32, false)                 \
	X(COPY, 8, 16, 16, false)                          \
	X(COPY_SHA256, 9, 32, 32, false)                   \
	X(METHOD, 10, 1, 512, true)                        \
	X(PARTY, 11, 1, 512, true)                         \
	X(NOTE, 12, 1, 2048, true)                         \
	X(STAMPED_ENTRY, 13, 32, 32, false)                \
	X(BLIND, 14, 32, 32, false)                        \
	X(LEAF, 15, 4, 4, false)                           \
	X(LEAVES, 16, 4, 4, false)                         \
	X(PROOF, 17, 0, EVIDENCE_PROOF_MAX, false)         \
	X(ROOT, 18, 32, 32, false)

enum evidence_field {
#define EVIDENCE_FIELD_ENUM(name, number, least, most, text) EVIDENCE_FIELD_##name = number,
	EVIDENCE_FIELDS(EVIDENCE_FIELD_ENUM)
#undef EVIDENCE_FIELD_ENUM
	    EVIDENCE_FIELDS_END
};

/* Views look into the bytes that were read, or into what the caller put there. A NULL text: no such field. */
struct evidence_entry {
	enum evidence_action action;
	uint8_t item[EVIDENCE_ITEM_BYTES];
	uint64_t at; /* Unix seconds, by the device's clock */
	uint8_t device[CAIRN_DEVICE_ID_BYTES];
	uint8_t sign_key[32];
	size_t prev_count;                                      /* 0 for the first entry only */
	uint8_t prevs[EVIDENCE_PREVS_MAX][EVIDENCE_HASH_BYTES]; /* ascending */
	struct cairn_span fields[EVIDENCE_FIELDS_END];
};

/* Sets a field to bytes that outlive the entry. */
void evidence_set(struct evidence_entry *entry, enum evidence_field field, const void *bytes, size_t size);
void evidence_set_text(struct evidence_entry *entry, enum evidence_field field, const char *text);
bool evidence_has(const struct evidence_entry *entry, enum evidence_field field);
/* The bytes of a field of fixed size that is there. */
const uint8_t *evidence_get(const struct evidence_entry *entry, enum evidence_field field);

/*
 * Takes an entry apart and checks its form: each field within its sizes, once, in order; text is UTF-8; the fields
 * that its action must have are there and no others. CAIRN_ERR_FORMAT; entry is then zeros.
 */
CAIRN_NODISCARD int evidence_entry_read(struct evidence_entry *entry, const void *bytes, size_t size);

/*
 * Writes and signs. device's secret is libsodium's Ed25519 secret key; sign_key is filled in from it, prevs are
 * sorted. CAIRN_ERR_FORMAT: what read would refuse. CAIRN_ERR_SPACE.
 */
CAIRN_NODISCARD int evidence_entry_write(uint8_t *out, size_t room, size_t *ret_bytes, struct evidence_entry *entry,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t secret[64]);

/* Is it signed by the key that it names, for that desk? CAIRN_ERR_CRYPTO. */
CAIRN_NODISCARD int evidence_entry_check(
    const void *bytes, size_t size, const struct evidence_entry *entry, const uint8_t desk_id[CAIRN_HASH_BYTES]);

/* What the next entry names: H of all bytes. */
static inline void
evidence_entry_hash(uint8_t out[EVIDENCE_HASH_BYTES], const void *bytes, size_t size)
{
	cairn_hash(out, bytes, size);
}

/* "handed over" */
const char *evidence_action_word(enum evidence_action action);

#endif
