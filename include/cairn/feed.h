// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_FEED_H
#define CAIRN_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/desk_keys.h"
#include "cairn/err.h"
#include "cairn/hash.h"

/*
 * The feed as the relay gives it, and what it sees of a record (docs/protocol.md, section 8; docs/http.md). All else
 * that a record has in it is sealed.
 */

#define CAIRN_FEED_RECORD_BYTES_MAX 65536U
#define CAIRN_FEED_HEAD_BYTES 8U
#define CAIRN_FEED_ENTRY_HEAD_BYTES 13U
#define CAIRN_FEED_ANSWER_BYTES_MAX 1048576U
#define CAIRN_FEED_DELETE_MAX 4096U /* seqs at once */
#define CAIRN_FEED_WAIT_MAX_S 60U

/* Of a record in the clear: version, seq, prev, device, gen, day. And what it ends with. */
#define CAIRN_FEED_RECORD_HEAD_BYTES 65U
#define CAIRN_FEED_SIGNATURE_BYTES 64U

/* The generation of a compartment that opens with its members' consent only; no head has it. */
#define CAIRN_FEED_GEN_THRESHOLD 0xffffffffU

/* 1, 4, 16 or 64 KiB: what a record may be long. */
bool cairn_feed_record_bytes_ok(size_t size);

/* --- one record --- */

/* What everybody sees of a record, the relay as well. */
struct cairn_feed_head {
	uint64_t seq;
	uint8_t prev[CAIRN_HASH_BYTES]; /* H(the record before), zeros at seq 0 */
	uint8_t device[CAIRN_DEVICE_ID_BYTES];
	uint32_t gen; /* of the desk compartment's key, that the envelope is under */
	uint32_t day;
};

/*
 * Reads the head; nothing of it is true before cairn_feed_record_verify(). CAIRN_ERR_FORMAT: not one of the four
 * sizes, another version, a seq over INT64_MAX, a threshold's generation, or a first record that has one before it.
 */
CAIRN_NODISCARD int cairn_feed_record_head(struct cairn_feed_head *head, const uint8_t *record, size_t bytes);
void cairn_feed_record_head_write(uint8_t out[CAIRN_FEED_RECORD_HEAD_BYTES], const struct cairn_feed_head *head);

/* Signs all of it in its last bytes, for this desk. bytes is one of the four sizes; the key is secret. */
void cairn_feed_record_sign(uint8_t *record, size_t bytes, const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t sign_secret[64]);

/* The device's signature, for this desk. CAIRN_ERR_CRYPTO when it is not; CAIRN_ERR_FORMAT: not one of the sizes. */
CAIRN_NODISCARD int cairn_feed_record_verify(const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t *record,
    size_t bytes, const uint8_t sign_key[32]);

/* Where and by whom a record is appended, as the relay knows it. */
struct cairn_feed_place {
	const uint8_t *desk_id;  /* [CAIRN_HASH_BYTES] */
	const uint8_t *device;   /* [CAIRN_DEVICE_ID_BYTES]: who asks */
	const uint8_t *sign_key; /* [32] of that device */
	uint64_t seq;
	uint64_t now; /* Unix seconds */
};

/*
 * All that the relay asks of a record that is appended, but for prev, which is head->prev to compare with what stands
 * there: else one device could append what makes every other stop. CAIRN_ERR_FORMAT as cairn_feed_record_head();
 * CAIRN_ERR_RANGE: another seq; CAIRN_ERR_DENIED: another device; CAIRN_ERR_CLOCK: neither today nor yesterday;
 * CAIRN_ERR_CRYPTO: not signed by that device.
 */
CAIRN_NODISCARD int cairn_feed_record_check(struct cairn_feed_head *head, const uint8_t *record, size_t bytes,
    const struct cairn_feed_place *place);

/* --- an answer --- */

/* One record, or what is left of one that was deleted. Views into the answer. */
struct cairn_feed_entry {
	uint64_t seq;
	bool deleted;
	const uint8_t *bytes; /* deleted: H(record), [CAIRN_HASH_BYTES] */
	size_t size;
};

/* An answer to GET feed that was checked. */
struct cairn_feed_answer {
	uint64_t head; /* the number of records that the relay has */
	const uint8_t *entries;
	size_t bytes;
};

/*
 * Reads a whole answer of status 200 to a request from that seq on. CAIRN_ERR_FORMAT: not in that form, entries that
 * do not follow each other from there on, or go beyond head, or none where there is one; answer is then zeros.
 */
CAIRN_NODISCARD int cairn_feed_answer_read(struct cairn_feed_answer *answer, const void *bytes, size_t size,
    uint64_t from);
/* One after the other, from *at = 0; false when there are no more. */
bool cairn_feed_answer_next(const struct cairn_feed_answer *answer, size_t *at, struct cairn_feed_entry *entry);

/* The eight bytes of a head, as they come with 409. CAIRN_ERR_FORMAT. */
CAIRN_NODISCARD int cairn_feed_head_read(uint64_t *ret_head, const void *bytes, size_t size);

#endif
