// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/feed_record.h"
#include "desk.h"

/*
 * As bytes, and, since what stands behind a seal is out of reach, as the head and the envelope of a record that a
 * device of the desk seals: whatever it says, it reads within its bounds, or not at all.
 */
static const uint8_t desk_id[CAIRN_HASH_BYTES] = {1}, ck[CAIRN_KEY_BYTES] = {2};
static uint8_t record[FEED_RECORD_MAX], room[FEED_RECORD_MAX], plain[FEED_RECORD_MAX];

static void
open_record(const uint8_t *bytes, size_t size)
{
	struct feed_envelope envelope;
	struct cairn_feed_head head, seen;
	struct cairn_span ops;
	const struct cairn_feed_place place = {desk_id, bytes, ck, 1, 86400};
	int err = cairn_feed_record_head(&head, bytes, size);

	FUZZ_CHECK(cairn_feed_record_verify(desk_id, bytes, size, ck) != CAIRN_OK);
	FUZZ_CHECK(size < FEED_ID_BYTES || cairn_feed_record_check(&seen, bytes, size, &place) != CAIRN_OK);
	if (feed_record_open(&envelope, room, bytes, size, ck) != CAIRN_OK)
		return;
	FUZZ_CHECK(err == CAIRN_OK && fuzz_within(envelope.inner, room, size));
	if (feed_inner_open(&ops, plain, desk_id, &head, &envelope, ck) == CAIRN_OK)
		FUZZ_CHECK(feed_is_desk(envelope.compartment) && ops.text == envelope.inner.text);
}

/* Takes the head and the envelope's plaintext from bytes, and seals. */
static size_t
seal(const uint8_t *bytes, size_t size)
{
	const size_t at = FEED_HEAD_BYTES + FEED_NONCE_BYTES;
	size_t rest = size > FEED_HEAD_BYTES ? size - FEED_HEAD_BYTES : 0, whole, plain_bytes;
	uint8_t key[CAIRN_KEY_BYTES];

	whole = feed_record_size(rest);
	if (whole == 0 || rest == 0)
		return 0;
	plain_bytes = whole - at - FEED_TAG_BYTES - FEED_SIGNATURE_BYTES;
	memset(record, 0, sizeof(record));
	memset(room, 0, sizeof(room));
	memcpy(record, bytes, FEED_HEAD_BYTES);
	memcpy(room, bytes + FEED_HEAD_BYTES, rest);
	cairn_derive(key, ck, "envelope", NULL, 0);
	crypto_aead_xchacha20poly1305_ietf_encrypt(record + at, NULL, room, plain_bytes, record, FEED_HEAD_BYTES,
	    NULL, record + FEED_HEAD_BYTES, key);
	return whole;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	size_t whole;

	open_record(bytes, size);
	whole = seal(bytes, size);
	if (whole > 0)
		open_record(record, whole);
	return 0;
}
