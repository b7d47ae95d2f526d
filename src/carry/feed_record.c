// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/feed_record.h"

#include <string.h>

#include <sodium.h>

#include "base/reader.h"
#include "base/writer.h"
#include "cairn/hpke.h"

#define THRESHOLD_LABEL "cairn/1 threshold"
#define INNER_AAD_BYTES (CAIRN_HASH_BYTES + FEED_ID_BYTES + 4U + 4U + 8U + FEED_ID_BYTES)
#define ENVELOPE_AT (FEED_HEAD_BYTES + FEED_NONCE_BYTES)

static const size_t record_sizes[] = {1024, 4096, 16384, FEED_RECORD_MAX};

bool
feed_is_desk(const uint8_t compartment[FEED_ID_BYTES])
{
	return sodium_is_zero(compartment, FEED_ID_BYTES) == 1;
}

size_t
feed_record_size(size_t inner_bytes)
{
	for (size_t i = 0; i < sizeof(record_sizes) / sizeof(record_sizes[0]); i++)
		if (inner_bytes <= record_sizes[i] - FEED_RECORD_COST)
			return record_sizes[i];
	return 0;
}

/* What an inner of these operations comes to. */
static size_t
inner_size(const struct feed_envelope *envelope)
{
	if (feed_is_desk(envelope->compartment))
		return envelope->inner.size;
	return envelope->inner.size + (envelope->gen == FEED_GEN_THRESHOLD ? FEED_THRESHOLD_COST : FEED_INNER_COST);
}

/* What ties an inner to its place: it opens in no other record, compartment or desk. */
static void
inner_aad(uint8_t aad[INNER_AAD_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_feed_head *head,
    const struct feed_envelope *envelope)
{
	struct writer w;

	writer_init(&w, aad, INNER_AAD_BYTES);
	write_bytes(&w, desk_id, CAIRN_HASH_BYTES);
	write_bytes(&w, envelope->compartment, FEED_ID_BYTES);
	write_u32(&w, envelope->gen);
	write_u32(&w, envelope->day);
	write_u64(&w, head->seq);
	write_bytes(&w, head->device, FEED_ID_BYTES);
}

static size_t
threshold_info(uint8_t info[CAIRN_HPKE_INFO_MAX], const uint8_t desk_id[CAIRN_HASH_BYTES],
    const struct cairn_feed_head *head, const struct feed_envelope *envelope)
{
	const size_t label = sizeof(THRESHOLD_LABEL) - 1;

	memcpy(info, THRESHOLD_LABEL, label);
	inner_aad(info + label, desk_id, head, envelope);
	return label + INNER_AAD_BYTES;
}

/* nonce || sealed operations, at out. */
static void
inner_seal(uint8_t *out, const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_feed_head *head,
    const struct feed_envelope *envelope, const uint8_t ck[CAIRN_KEY_BYTES])
{
	uint8_t aad[INNER_AAD_BYTES], key[CAIRN_KEY_BYTES];

	inner_aad(aad, desk_id, head, envelope);
	cairn_derive(key, ck, "operations", NULL, 0);
	randombytes_buf(out, FEED_NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + FEED_NONCE_BYTES, NULL,
	    (const uint8_t *)envelope->inner.text, envelope->inner.size, aad, sizeof(aad), NULL, out, key);
	sodium_memzero(key, sizeof(key));
}

/* enc || sealed operations, at out. */
static int
inner_seal_threshold(uint8_t *out, const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_feed_head *head,
    const struct feed_envelope *envelope, const uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES])
{
	uint8_t info[CAIRN_HPKE_INFO_MAX], eseed[CAIRN_XWING_ESEED_BYTES];
	size_t info_bytes = threshold_info(info, desk_id, head, envelope);
	int err;

	randombytes_buf(eseed, sizeof(eseed));
	err = cairn_hpke_seal(out, out + CAIRN_XWING_ENC_BYTES, (const uint8_t *)envelope->inner.text,
	    envelope->inner.size, public_key, info, info_bytes, eseed);
	sodium_memzero(eseed, sizeof(eseed));
	return err;
}

static int
inner_make(uint8_t *out, const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_feed_head *head,
    const struct feed_envelope *envelope, const uint8_t *inner_key)
{
	if (feed_is_desk(envelope->compartment)) {
		if (envelope->inner.size > 0)
			memcpy(out, envelope->inner.text, envelope->inner.size);
		return CAIRN_OK;
	}
	if (envelope->gen == FEED_GEN_THRESHOLD)
		return inner_seal_threshold(out, desk_id, head, envelope, inner_key);
	inner_seal(out, desk_id, head, envelope, inner_key);
	return CAIRN_OK;
}

static void
envelope_head_write(uint8_t out[FEED_ENVELOPE_HEAD_BYTES], const struct cairn_feed_head *head,
    const struct feed_envelope *envelope, size_t inner_bytes)
{
	bool desk = feed_is_desk(envelope->compartment);
	struct writer w;

	writer_init(&w, out, FEED_ENVELOPE_HEAD_BYTES);
	write_bytes(&w, envelope->compartment, FEED_ID_BYTES);
	write_u32(&w, desk ? head->gen : envelope->gen);
	write_u32(&w, desk ? head->day : envelope->day);
	write_u32(&w, (uint32_t)inner_bytes);
}

/* Seals record[ENVELOPE_AT...], of plain_bytes, where it lies. */
static void
envelope_seal(uint8_t *record, size_t plain_bytes, const uint8_t desk_ck[CAIRN_KEY_BYTES])
{
	uint8_t *nonce = record + FEED_HEAD_BYTES, *at = record + ENVELOPE_AT;
	uint8_t key[CAIRN_KEY_BYTES];

	cairn_derive(key, desk_ck, "envelope", NULL, 0);
	randombytes_buf(nonce, FEED_NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(at, NULL, at, plain_bytes, record, FEED_HEAD_BYTES, NULL,
	    nonce, key);
	sodium_memzero(key, sizeof(key));
}

int
feed_record_make(uint8_t out[FEED_RECORD_MAX], size_t *ret_bytes, const uint8_t desk_id[CAIRN_HASH_BYTES],
    const struct cairn_feed_head *head, const struct feed_envelope *envelope, const uint8_t desk_ck[CAIRN_KEY_BYTES],
    const uint8_t *inner_key, const uint8_t sign_secret[64])
{
	size_t inner_bytes = 0, size = 0;
	int err = CAIRN_ERR_RANGE;

	sodium_memzero(out, FEED_RECORD_MAX);
	if (envelope->inner.size <= FEED_DESK_OPS_MAX && head->seq <= INT64_MAX && head->gen != FEED_GEN_THRESHOLD) {
		inner_bytes = inner_size(envelope);
		size = feed_record_size(inner_bytes);
	}
	if (size > 0)
		err = inner_make(out + ENVELOPE_AT + FEED_ENVELOPE_HEAD_BYTES, desk_id, head, envelope, inner_key);
	if (err != CAIRN_OK)
		return err;
	cairn_feed_record_head_write(out, head);
	envelope_head_write(out + ENVELOPE_AT, head, envelope, inner_bytes);
	envelope_seal(out, FEED_ENVELOPE_HEAD_BYTES + size - FEED_RECORD_COST, desk_ck);
	cairn_feed_record_sign(out, size, desk_id, sign_secret);
	*ret_bytes = size;
	return CAIRN_OK;
}

static int
envelope_unseal(uint8_t *plain, const uint8_t *record, size_t bytes, const uint8_t desk_ck[CAIRN_KEY_BYTES])
{
	uint8_t key[CAIRN_KEY_BYTES];
	int err;

	cairn_derive(key, desk_ck, "envelope", NULL, 0);
	err = crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, record + ENVELOPE_AT,
	    bytes - ENVELOPE_AT - FEED_SIGNATURE_BYTES, record, FEED_HEAD_BYTES, record + FEED_HEAD_BYTES, key);
	sodium_memzero(key, sizeof(key));
	return err == 0 ? CAIRN_OK : CAIRN_ERR_CRYPTO;
}

static int
envelope_read(struct feed_envelope *envelope, const uint8_t *plain, size_t plain_bytes,
    const struct cairn_feed_head *head)
{
	struct reader r;
	uint32_t length;

	reader_init(&r, plain, plain_bytes);
	take_bytes(&r, envelope->compartment, sizeof(envelope->compartment));
	take_u32(&r, &envelope->gen);
	take_u32(&r, &envelope->day);
	take_u32(&r, &length);
	envelope->inner = (struct cairn_span){(const char *)take_view(&r, length), length};
	if (r.failed || sodium_is_zero(r.next, r.left) != 1)
		return CAIRN_ERR_FORMAT;
	if (feed_is_desk(envelope->compartment) && (envelope->gen != head->gen || envelope->day != head->day))
		return CAIRN_ERR_FORMAT;
	return CAIRN_OK;
}

int
feed_record_open(struct feed_envelope *envelope, uint8_t room[FEED_RECORD_MAX], const uint8_t *record, size_t bytes,
    const uint8_t desk_ck[CAIRN_KEY_BYTES])
{
	struct cairn_feed_head head;
	int err;

	memset(envelope, 0, sizeof(*envelope));
	err = cairn_feed_record_head(&head, record, bytes);
	if (err == CAIRN_OK)
		err = envelope_unseal(room, record, bytes, desk_ck);
	if (err == CAIRN_OK)
		err = envelope_read(envelope, room, FEED_ENVELOPE_HEAD_BYTES + bytes - FEED_RECORD_COST, &head);
	if (err != CAIRN_OK) {
		memset(envelope, 0, sizeof(*envelope));
		sodium_memzero(room, FEED_RECORD_MAX);
	}
	return err;
}

static int
inner_unseal(uint8_t *plain, const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_feed_head *head,
    const struct feed_envelope *envelope, const uint8_t ck[CAIRN_KEY_BYTES])
{
	const uint8_t *nonce = (const uint8_t *)envelope->inner.text;
	uint8_t aad[INNER_AAD_BYTES], key[CAIRN_KEY_BYTES];
	int err;

	inner_aad(aad, desk_id, head, envelope);
	cairn_derive(key, ck, "operations", NULL, 0);
	err = crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, nonce + FEED_NONCE_BYTES,
	    envelope->inner.size - FEED_NONCE_BYTES, aad, sizeof(aad), nonce, key);
	sodium_memzero(key, sizeof(key));
	return err == 0 ? CAIRN_OK : CAIRN_ERR_CRYPTO;
}

/* Whichever way it was opened: what is left of it. */
static int
inner_end(struct cairn_span *ops, uint8_t *room, const struct feed_envelope *envelope, size_t cost, int err)
{
	*ops = (struct cairn_span){NULL, 0};
	if (err != CAIRN_OK)
		sodium_memzero(room, FEED_RECORD_MAX);
	else
		*ops = (struct cairn_span){(const char *)room, envelope->inner.size - cost};
	return err;
}

int
feed_inner_open(struct cairn_span *ops, uint8_t room[FEED_RECORD_MAX], const uint8_t desk_id[CAIRN_HASH_BYTES],
    const struct cairn_feed_head *head, const struct feed_envelope *envelope, const uint8_t *ck)
{
	int err = CAIRN_ERR_CRYPTO;

	if (feed_is_desk(envelope->compartment)) {
		*ops = envelope->inner;
		return CAIRN_OK;
	}
	if (envelope->gen == FEED_GEN_THRESHOLD)
		err = CAIRN_ERR_STATE;
	else if (envelope->inner.size >= FEED_INNER_COST && envelope->inner.size <= FEED_DESK_OPS_MAX)
		err = inner_unseal(room, desk_id, head, envelope, ck);
	return inner_end(ops, room, envelope, FEED_INNER_COST, err);
}

int
feed_inner_open_threshold(struct cairn_span *ops, uint8_t room[FEED_RECORD_MAX],
    const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_feed_head *head, const struct feed_envelope *envelope,
    const struct cairn_xwing_key *key)
{
	const uint8_t *enc = (const uint8_t *)envelope->inner.text;
	uint8_t info[CAIRN_HPKE_INFO_MAX];
	int err = CAIRN_ERR_CRYPTO;

	if (feed_is_desk(envelope->compartment) || envelope->gen != FEED_GEN_THRESHOLD)
		err = CAIRN_ERR_STATE;
	else if (envelope->inner.size >= FEED_THRESHOLD_COST && envelope->inner.size <= FEED_DESK_OPS_MAX)
		err = cairn_hpke_open(room, enc, enc + CAIRN_XWING_ENC_BYTES,
		    envelope->inner.size - CAIRN_XWING_ENC_BYTES, key, info,
		    threshold_info(info, desk_id, head, envelope));
	return inner_end(ops, room, envelope, FEED_THRESHOLD_COST, err);
}

void
feed_key_next_day(uint8_t ck[CAIRN_KEY_BYTES])
{
	uint8_t next[CAIRN_KEY_BYTES];

	cairn_derive(next, ck, "day", NULL, 0);
	memcpy(ck, next, sizeof(next));
	sodium_memzero(next, sizeof(next));
}
