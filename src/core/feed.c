// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/feed.h"

#include <string.h>

#include <sodium.h>

#include "base/reader.h"
#include "base/writer.h"
#include "cairn/staff.h"

#define FEED_VERSION 1U
#define SIGNED_LABEL "cairn/1 feed"
#define SIGNED_BYTES (sizeof(SIGNED_LABEL) - 1 + 2 * CAIRN_HASH_BYTES)
#define DAY_S 86400U

enum state {
	DELETED,
	THERE,
};

bool
cairn_feed_record_bytes_ok(size_t size)
{
	return size == 1024 || size == 4096 || size == 16384 || size == CAIRN_FEED_RECORD_BYTES_MAX;
}

/* --- one record --- */

int
cairn_feed_record_head(struct cairn_feed_head *head, const uint8_t *record, size_t bytes)
{
	struct reader r;
	uint8_t version;

	memset(head, 0, sizeof *head);
	if (!cairn_feed_record_bytes_ok(bytes))
		return CAIRN_ERR_FORMAT;
	reader_init(&r, record, CAIRN_FEED_RECORD_HEAD_BYTES);
	take_u8(&r, &version);
	take_u64(&r, &head->seq);
	take_bytes(&r, head->prev, sizeof head->prev);
	take_bytes(&r, head->device, sizeof head->device);
	take_u32(&r, &head->gen);
	take_u32(&r, &head->day);
	if (reader_end(&r) == CAIRN_OK && version == FEED_VERSION && head->seq <= INT64_MAX &&
	    head->gen != CAIRN_FEED_GEN_THRESHOLD &&
	    (head->seq > 0 || sodium_is_zero(head->prev, sizeof head->prev) == 1))
		return CAIRN_OK;
	memset(head, 0, sizeof *head);
	return CAIRN_ERR_FORMAT;
}

void
cairn_feed_record_head_write(uint8_t out[CAIRN_FEED_RECORD_HEAD_BYTES], const struct cairn_feed_head *head)
{
	struct writer w;

	writer_init(&w, out, CAIRN_FEED_RECORD_HEAD_BYTES);
	write_u8(&w, FEED_VERSION);
	write_u64(&w, head->seq);
	write_bytes(&w, head->prev, sizeof head->prev);
	write_bytes(&w, head->device, sizeof head->device);
	write_u32(&w, head->gen);
	write_u32(&w, head->day);
}

/* What is signed: the record by its hash, so that nobody copies 64 KiB to put a label in front. */
static void
signed_text(uint8_t text[SIGNED_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t *record, size_t bytes)
{
	const size_t label = sizeof SIGNED_LABEL - 1;

	memcpy(text, SIGNED_LABEL, label);
	memcpy(text + label, desk_id, CAIRN_HASH_BYTES);
	cairn_hash(text + label + CAIRN_HASH_BYTES, record, bytes - CAIRN_FEED_SIGNATURE_BYTES);
}

void
cairn_feed_record_sign(uint8_t *record, size_t bytes, const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t sign_secret[64])
{
	uint8_t text[SIGNED_BYTES];

	signed_text(text, desk_id, record, bytes);
	crypto_sign_detached(record + bytes - CAIRN_FEED_SIGNATURE_BYTES, NULL, text, sizeof text, sign_secret);
}

int
cairn_feed_record_verify(const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t *record, size_t bytes,
    const uint8_t sign_key[32])
{
	const uint8_t *signature;
	uint8_t text[SIGNED_BYTES];

	if (!cairn_feed_record_bytes_ok(bytes))
		return CAIRN_ERR_FORMAT;
	signature = record + bytes - CAIRN_FEED_SIGNATURE_BYTES;
	signed_text(text, desk_id, record, bytes);
	return crypto_sign_verify_detached(signature, text, sizeof text, sign_key) == 0 ? CAIRN_OK : CAIRN_ERR_CRYPTO;
}

/*
 * The day that it is for the device whose clock is the fastest that is let in, or the one before. A later day would
 * stop devices whose clocks are right; an earlier one those that have moved their keys on, which they do up to the
 * day before their own.
 */
static bool
day_ok(uint32_t day, uint64_t now)
{
	uint64_t last = (now + CAIRN_REQUEST_WINDOW_S) / DAY_S;

	return day <= last && day + 1ULL >= last;
}

int
cairn_feed_record_check(struct cairn_feed_head *head, const uint8_t *record, size_t bytes,
    const struct cairn_feed_place *place)
{
	int err = cairn_feed_record_head(head, record, bytes);

	if (err != CAIRN_OK)
		return err;
	if (head->seq != place->seq)
		return CAIRN_ERR_RANGE;
	if (memcmp(head->device, place->device, sizeof head->device) != 0)
		return CAIRN_ERR_DENIED;
	if (!day_ok(head->day, place->now))
		return CAIRN_ERR_CLOCK;
	return cairn_feed_record_verify(place->desk_id, record, bytes, place->sign_key);
}

/* --- an answer --- */

static int
entry_take(struct cairn_feed_entry *entry, struct reader *r)
{
	uint32_t size;
	uint8_t state;

	take_u64(r, &entry->seq);
	take_u8(r, &state);
	take_u32(r, &size);
	entry->deleted = state == DELETED;
	entry->size = size;
	entry->bytes = take_view(r, size);
	if (r->failed || state > THERE)
		return CAIRN_ERR_FORMAT;
	if (entry->deleted ? size != CAIRN_HASH_BYTES : !cairn_feed_record_bytes_ok(size))
		return CAIRN_ERR_FORMAT;
	return CAIRN_OK;
}

static int
entries_check(struct reader r, uint64_t from, uint64_t head)
{
	struct cairn_feed_entry entry;
	uint64_t seq = from;

	while (r.left > 0) {
		if (entry_take(&entry, &r) != CAIRN_OK || entry.seq != seq || seq >= head)
			return CAIRN_ERR_FORMAT;
		seq++;
	}
	/* A relay that says there is more and gives none would have its devices ask without end. */
	return from > head || (seq == from && from < head) ? CAIRN_ERR_FORMAT : CAIRN_OK;
}

int
cairn_feed_answer_read(struct cairn_feed_answer *answer, const void *bytes, size_t size, uint64_t from)
{
	struct reader r;
	uint64_t head;

	memset(answer, 0, sizeof *answer);
	if (size > CAIRN_FEED_ANSWER_BYTES_MAX)
		return CAIRN_ERR_FORMAT;
	reader_init(&r, bytes, size);
	take_u64(&r, &head);
	if (r.failed || entries_check(r, from, head) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	answer->head = head;
	answer->entries = r.next;
	answer->bytes = r.left;
	return CAIRN_OK;
}

bool
cairn_feed_answer_next(const struct cairn_feed_answer *answer, size_t *at, struct cairn_feed_entry *entry)
{
	struct reader r;

	if (*at >= answer->bytes)
		return false;
	reader_init(&r, answer->entries + *at, answer->bytes - *at);
	if (entry_take(entry, &r) != CAIRN_OK)
		return false;
	*at = answer->bytes - r.left;
	return true;
}

int
cairn_feed_head_read(uint64_t *ret_head, const void *bytes, size_t size)
{
	struct reader r;

	reader_init(&r, bytes, size);
	take_u64(&r, ret_head);
	return reader_end(&r);
}
