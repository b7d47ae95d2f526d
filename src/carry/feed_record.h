// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_FEED_RECORD_H
#define CAIRN_CARRY_FEED_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/feed.h"
#include "cairn/hash.h"
#include "cairn/span.h"
#include "cairn/xwing.h"

/*
 * A record of the feed (docs/protocol.md, section 8): operations of one compartment, sealed to it, in an envelope
 * that every device of the desk opens, signed by the device that appends it. The relay sees its size, one of four.
 *
 * To read one: cairn_feed_record_head(), look up the device's sign key, cairn_feed_record_verify(), look up the
 * desk's key for the head's gen and day, feed_record_open(), and for a member of the compartment feed_inner_open().
 * Nothing here knows whether seq, prev, generation or day are the right ones: that is the engine's.
 */
#define FEED_ID_BYTES 16U
#define FEED_RECORD_MAX CAIRN_FEED_RECORD_BYTES_MAX
#define FEED_HEAD_BYTES CAIRN_FEED_RECORD_HEAD_BYTES /* in the clear, and authenticated */
#define FEED_NONCE_BYTES 24U
#define FEED_TAG_BYTES 16U
#define FEED_SIGNATURE_BYTES CAIRN_FEED_SIGNATURE_BYTES
#define FEED_ENVELOPE_HEAD_BYTES 28U /* compartment, gen, day, length */

/* What a record has besides its inner, and what an inner has besides its operations. */
#define FEED_RECORD_COST \
	(FEED_HEAD_BYTES + FEED_NONCE_BYTES + FEED_ENVELOPE_HEAD_BYTES + FEED_TAG_BYTES + FEED_SIGNATURE_BYTES)
#define FEED_INNER_COST (FEED_NONCE_BYTES + FEED_TAG_BYTES)
#define FEED_THRESHOLD_COST (CAIRN_XWING_ENC_BYTES + FEED_TAG_BYTES)

/* The most bytes of operations in one record: of the desk, of another compartment, of a threshold compartment. */
#define FEED_DESK_OPS_MAX (FEED_RECORD_MAX - FEED_RECORD_COST)
#define FEED_CASE_OPS_MAX (FEED_DESK_OPS_MAX - FEED_INNER_COST)
#define FEED_THRESHOLD_OPS_MAX (FEED_DESK_OPS_MAX - FEED_THRESHOLD_COST)

/* The generation of a compartment that opens with its members' consent only: its key is an X-Wing key. */
#define FEED_GEN_THRESHOLD CAIRN_FEED_GEN_THRESHOLD

/* What every device of the desk sees of it. */
struct feed_envelope {
	uint8_t compartment[FEED_ID_BYTES]; /* zeros: the desk compartment */
	uint32_t gen;                       /* of that compartment's key; for the desk compartment the head's */
	uint32_t day;
	struct cairn_span inner; /* to make: the operations; opened: what feed_inner_open() takes */
};

/* Is it the desk compartment, of which every device is a member? */
bool feed_is_desk(const uint8_t compartment[FEED_ID_BYTES]);

/* The least of 1024, 4096, 16384, 65536 that holds an inner of so many bytes; 0 when none does. */
size_t feed_record_size(size_t inner_bytes);

/*
 * Makes a record. envelope->inner is the operations, bare, and must not lie in out. inner_key is NULL for the desk
 * compartment (whose gen and day are the head's, whatever the envelope says); the public key[1216] where
 * envelope->gen is FEED_GEN_THRESHOLD; else the compartment's key[32] of that generation and day. desk_ck is the
 * desk compartment's key of the head's generation and day. Keys and operations are secret, but for a public one.
 * CAIRN_ERR_RANGE: more operations than fit, or a seq over INT64_MAX; CAIRN_ERR_KEY: a public key that must not
 * be used. out is then zeros.
 */
CAIRN_NODISCARD int feed_record_make(uint8_t out[FEED_RECORD_MAX], size_t *ret_bytes,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_feed_head *head, const struct feed_envelope *envelope,
    const uint8_t desk_ck[CAIRN_KEY_BYTES], const uint8_t *inner_key, const uint8_t sign_secret[64]);

/*
 * Opens the envelope into room, of which at most FEED_RECORD_MAX bytes are used and which is the caller's to wipe;
 * envelope->inner looks into it. CAIRN_ERR_FORMAT: not a record, or a length or padding that lies, or a desk
 * compartment's key that is not the head's; CAIRN_ERR_CRYPTO: it does not open. room and *envelope are then zeros.
 */
CAIRN_NODISCARD int feed_record_open(struct feed_envelope *envelope, uint8_t room[FEED_RECORD_MAX],
    const uint8_t *record, size_t bytes, const uint8_t desk_ck[CAIRN_KEY_BYTES]);

/*
 * Opens what feed_record_open() gave, into *ops, which looks into room or, for the desk compartment, where ck is not
 * looked at, into envelope->inner. ck is the compartment's key of the envelope's generation and day.
 * CAIRN_ERR_CRYPTO: it does not open; CAIRN_ERR_STATE: a threshold compartment. room and *ops are then zeros.
 */
CAIRN_NODISCARD int feed_inner_open(struct cairn_span *ops, uint8_t room[FEED_RECORD_MAX],
    const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_feed_head *head, const struct feed_envelope *envelope,
    const uint8_t *ck);

/* The same for a threshold compartment, with the key that its members' shares gave (threshold.h). */
CAIRN_NODISCARD int feed_inner_open_threshold(struct cairn_span *ops, uint8_t room[FEED_RECORD_MAX],
    const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_feed_head *head, const struct feed_envelope *envelope,
    const struct cairn_xwing_key *key);

/* A compartment's key of the day after: derive(ck, "day", ""). In place; the earlier one is gone. Secret. */
void feed_key_next_day(uint8_t ck[CAIRN_KEY_BYTES]);

#endif
