// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_FEED_H
#define CAIRN_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"

/* The feed as the relay gives it (docs/protocol.md, section 8; docs/http.md). What a record has in it is sealed. */

#define CAIRN_FEED_RECORD_BYTES_MAX 65536U
#define CAIRN_FEED_HEAD_BYTES 8U
#define CAIRN_FEED_ENTRY_HEAD_BYTES 13U
#define CAIRN_FEED_ANSWER_BYTES_MAX 1048576U
#define CAIRN_FEED_DELETE_MAX 4096U /* seqs at once */
#define CAIRN_FEED_WAIT_MAX_S 60U

/* 1, 4, 16 or 64 KiB: what a record may be long. */
bool cairn_feed_record_bytes_ok(size_t size);

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
