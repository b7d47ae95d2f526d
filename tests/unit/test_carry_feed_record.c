// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "carry/feed_record.h"

static uint8_t desk_id[CAIRN_HASH_BYTES], desk_ck[CAIRN_KEY_BYTES], ck[CAIRN_KEY_BYTES];
static uint8_t sign_key[32], sign_secret[64];
static uint8_t record[FEED_RECORD_MAX], room[FEED_RECORD_MAX], plain[FEED_RECORD_MAX], ops[FEED_RECORD_MAX];
static struct cairn_xwing_key threshold;
static struct cairn_feed_head head;
static struct feed_envelope envelope;
static size_t bytes;

static int
setup(void **state)
{
	uint8_t seed[CAIRN_XWING_SEED_BYTES];

	(void)state;
	randombytes_buf(desk_id, sizeof(desk_id));
	randombytes_buf(desk_ck, sizeof(desk_ck));
	randombytes_buf(ck, sizeof(ck));
	randombytes_buf(ops, sizeof(ops));
	randombytes_buf(seed, sizeof(seed));
	cairn_xwing_key_init(&threshold, seed);
	return crypto_sign_keypair(sign_key, sign_secret);
}

static int
fresh(void **state)
{
	(void)state;
	head = (struct cairn_feed_head){.seq = 7, .gen = 2, .day = 20000};
	memset(head.prev, 0x11, sizeof(head.prev));
	memset(head.device, 0x22, sizeof(head.device));
	envelope = (struct feed_envelope){.gen = 3, .day = 19999, .inner = {(const char *)ops, 500}};
	memset(envelope.compartment, 0x33, sizeof(envelope.compartment));
	return 0;
}

static int
make(const uint8_t *inner_key)
{
	return feed_record_make(record, &bytes, desk_id, &head, &envelope, desk_ck, inner_key, sign_secret);
}

static void
assert_opens(const struct cairn_xwing_key *key)
{
	struct cairn_feed_head read;
	struct feed_envelope opened;
	struct cairn_span got;

	assert_ok(cairn_feed_record_head(&read, record, bytes));
	assert_memory_equal(&read, &head, sizeof(head));
	assert_ok(cairn_feed_record_verify(desk_id, record, bytes, sign_key));
	assert_ok(feed_record_open(&opened, room, record, bytes, desk_ck));
	assert_memory_equal(opened.compartment, envelope.compartment, FEED_ID_BYTES);
	if (key != NULL)
		assert_ok(feed_inner_open_threshold(&got, plain, desk_id, &read, &opened, key));
	else
		assert_ok(feed_inner_open(&got, plain, desk_id, &read, &opened, ck));
	assert_int_equal(got.size, envelope.inner.size);
	assert_memory_equal(got.text, ops, got.size);
}

/* Opens what make() made after something was changed: what the envelope gives, and what the inner gives. */
static int
open_inner(const uint8_t *key)
{
	struct cairn_feed_head read;
	struct feed_envelope opened;
	struct cairn_span got;
	int err = cairn_feed_record_head(&read, record, bytes);

	if (err == CAIRN_OK)
		err = feed_record_open(&opened, room, record, bytes, desk_ck);
	return err == CAIRN_OK ? feed_inner_open(&got, plain, desk_id, &read, &opened, key) : err;
}

static void
a_record_of_the_desk_opens(void **state)
{
	(void)state;
	memset(envelope.compartment, 0, sizeof(envelope.compartment));
	assert_ok(make(NULL));
	assert_opens(NULL);
}

static void
a_record_of_a_compartment_opens(void **state)
{
	(void)state;
	assert_ok(make(ck));
	assert_opens(NULL);
}

static void
a_record_of_a_threshold_compartment_opens_with_its_key_only(void **state)
{
	struct cairn_feed_head read;
	struct feed_envelope opened;
	struct cairn_span got;
	struct cairn_xwing_key other;

	(void)state;
	envelope.gen = FEED_GEN_THRESHOLD;
	assert_ok(make(threshold.public_key));
	assert_opens(&threshold);
	assert_err(open_inner(ck), CAIRN_ERR_STATE);
	cairn_xwing_key_init(&other, ck);
	assert_ok(cairn_feed_record_head(&read, record, bytes));
	assert_ok(feed_record_open(&opened, room, record, bytes, desk_ck));
	assert_err(feed_inner_open_threshold(&got, plain, desk_id, &read, &opened, &other), CAIRN_ERR_CRYPTO);
	assert_true(sodium_is_zero(plain, sizeof(plain)));
}

static void
the_first_record_has_none_before_it(void **state)
{
	struct cairn_feed_head read;

	(void)state;
	head.seq = 0;
	assert_ok(make(ck));
	assert_err(cairn_feed_record_head(&read, record, bytes), CAIRN_ERR_FORMAT);
	memset(head.prev, 0, sizeof(head.prev));
	assert_ok(make(ck));
	assert_opens(NULL);
}

static void
the_size_is_the_least_that_holds_it(void **state)
{
	static const size_t sizes[] = {1024, 4096, 16384, 65536};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		envelope.inner.size = sizes[i] - FEED_RECORD_COST - FEED_INNER_COST;
		assert_ok(make(ck));
		assert_int_equal(bytes, sizes[i]);
		assert_opens(NULL);
		if (i == 3)
			break;
		envelope.inner.size++;
		assert_ok(make(ck));
		assert_int_equal(bytes, sizes[i + 1]);
		assert_opens(NULL);
	}
}

static void
the_most_that_fits_does_and_no_more(void **state)
{
	(void)state;
	envelope.inner.size = FEED_CASE_OPS_MAX;
	assert_ok(make(ck));
	assert_opens(NULL);
	envelope.inner.size = FEED_CASE_OPS_MAX + 1;
	assert_err(make(ck), CAIRN_ERR_RANGE);
	assert_true(sodium_is_zero(record, sizeof(record)));
	envelope.gen = FEED_GEN_THRESHOLD;
	envelope.inner.size = FEED_THRESHOLD_OPS_MAX;
	assert_ok(make(threshold.public_key));
	assert_opens(&threshold);
	envelope.inner.size = FEED_THRESHOLD_OPS_MAX + 1;
	assert_err(make(threshold.public_key), CAIRN_ERR_RANGE);
	memset(envelope.compartment, 0, sizeof(envelope.compartment));
	envelope.inner.size = FEED_DESK_OPS_MAX;
	assert_ok(make(NULL));
	assert_opens(NULL);
	envelope.inner.size = FEED_DESK_OPS_MAX + 1;
	assert_err(make(NULL), CAIRN_ERR_RANGE);
	envelope.inner.size = SIZE_MAX;
	assert_err(make(NULL), CAIRN_ERR_RANGE);
}

static void
a_record_without_operations_opens(void **state)
{
	(void)state;
	envelope.inner = (struct cairn_span){NULL, 0};
	assert_ok(make(ck));
	assert_int_equal(open_inner(ck), CAIRN_OK);
	memset(envelope.compartment, 0, sizeof(envelope.compartment));
	assert_ok(make(NULL));
	assert_int_equal(open_inner(NULL), CAIRN_OK);
}

static void
any_altered_byte_breaks_the_signature(void **state)
{
	(void)state;
	assert_ok(make(ck));
	for (size_t i = 0; i < bytes; i++) {
		record[i] ^= 1;
		assert_err(cairn_feed_record_verify(desk_id, record, bytes, sign_key), CAIRN_ERR_CRYPTO);
		record[i] ^= 1;
	}
	assert_ok(cairn_feed_record_verify(desk_id, record, bytes, sign_key));
}

static void
any_altered_byte_before_the_signature_breaks_the_envelope(void **state)
{
	struct feed_envelope opened;

	(void)state;
	assert_ok(make(ck));
	for (size_t i = 0; i < bytes - FEED_SIGNATURE_BYTES; i++) {
		record[i] ^= 1;
		assert_err(feed_record_open(&opened, room, record, bytes, desk_ck),
		    i == 0 ? CAIRN_ERR_FORMAT : CAIRN_ERR_CRYPTO);
		assert_true(sodium_is_zero(room, sizeof(room)));
		record[i] ^= 1;
	}
}

static void
a_record_of_another_desk_or_device_is_refused(void **state)
{
	uint8_t other_id[CAIRN_HASH_BYTES], other_key[32], other_secret[64];

	(void)state;
	assert_ok(make(ck));
	memcpy(other_id, desk_id, sizeof(other_id));
	other_id[0] ^= 1;
	crypto_sign_keypair(other_key, other_secret);
	assert_err(cairn_feed_record_verify(other_id, record, bytes, sign_key), CAIRN_ERR_CRYPTO);
	assert_err(cairn_feed_record_verify(desk_id, record, bytes, other_key), CAIRN_ERR_CRYPTO);
}

static void
a_device_that_is_no_member_sees_the_compartment_and_no_operation(void **state)
{
	uint8_t other[CAIRN_KEY_BYTES];
	struct feed_envelope opened;

	(void)state;
	assert_ok(make(ck));
	randombytes_buf(other, sizeof(other));
	assert_err(open_inner(other), CAIRN_ERR_CRYPTO);
	assert_err(open_inner(desk_ck), CAIRN_ERR_CRYPTO);
	assert_ok(feed_record_open(&opened, room, record, bytes, desk_ck));
	assert_memory_equal(opened.compartment, envelope.compartment, FEED_ID_BYTES);
	assert_null(memmem(room, sizeof(room), ops, 16));
	assert_null(memmem(record, bytes, envelope.compartment, FEED_ID_BYTES));
}

/* A member who seals the inner of one record into another: it opens nowhere else than where it was said. */
static void
an_inner_moved_to_another_place_does_not_open(void **state)
{
	struct cairn_feed_head there;
	struct feed_envelope opened, moved;
	struct cairn_span got;

	(void)state;
	assert_ok(make(ck));
	assert_ok(feed_record_open(&opened, room, record, bytes, desk_ck));
	there = head;
	there.seq++;
	assert_err(feed_inner_open(&got, plain, desk_id, &there, &opened, ck), CAIRN_ERR_CRYPTO);
	there = head;
	there.device[0] ^= 1;
	assert_err(feed_inner_open(&got, plain, desk_id, &there, &opened, ck), CAIRN_ERR_CRYPTO);
	moved = opened;
	moved.compartment[0] ^= 1;
	assert_err(feed_inner_open(&got, plain, desk_id, &head, &moved, ck), CAIRN_ERR_CRYPTO);
	moved = opened;
	moved.day++;
	assert_err(feed_inner_open(&got, plain, desk_id, &head, &moved, ck), CAIRN_ERR_CRYPTO);
	assert_ok(feed_inner_open(&got, plain, desk_id, &head, &opened, ck));
}

/* Seals record's envelope again after change, as a device with the desk's key can. */
static void
reseal(void (*change)(uint8_t *plain_envelope, size_t plain_bytes))
{
	const size_t at = FEED_HEAD_BYTES + FEED_NONCE_BYTES;
	size_t plain_bytes = bytes - at - FEED_SIGNATURE_BYTES - FEED_TAG_BYTES;
	const uint8_t *nonce = record + FEED_HEAD_BYTES;
	uint8_t key[CAIRN_KEY_BYTES];

	cairn_derive(key, desk_ck, "envelope", NULL, 0);
	assert_ok(crypto_aead_xchacha20poly1305_ietf_decrypt(room, NULL, NULL, record + at,
	    plain_bytes + FEED_TAG_BYTES, record, FEED_HEAD_BYTES, nonce, key));
	change(room, plain_bytes);
	crypto_aead_xchacha20poly1305_ietf_encrypt(record + at, NULL, room, plain_bytes, record, FEED_HEAD_BYTES,
	    NULL, nonce, key);
}

static void
dirty_padding(uint8_t *at, size_t size)
{
	at[size - 1] = 1;
}

static void
longer_than_all(uint8_t *at, size_t size)
{
	put_u32(at + 24, (uint32_t)(size - FEED_ENVELOPE_HEAD_BYTES + 1));
}

static void
endless(uint8_t *at, size_t size)
{
	(void)size;
	put_u32(at + 24, UINT32_MAX);
}

static void
of_the_desk(uint8_t *at, size_t size)
{
	(void)size;
	memset(at, 0, FEED_ID_BYTES);
}

static void
no_inner(uint8_t *at, size_t size)
{
	memset(at + 24, 0, size - 24);
}

static void
an_envelope_that_lies_is_refused(void **state)
{
	void (*const changes[])(uint8_t *, size_t) = {dirty_padding, longer_than_all, endless, of_the_desk};
	struct feed_envelope opened;

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		assert_ok(make(ck));
		reseal(changes[i]);
		assert_err(feed_record_open(&opened, room, record, bytes, desk_ck), CAIRN_ERR_FORMAT);
		assert_true(sodium_is_zero(room, sizeof(room)));
	}
}

static void
an_inner_too_short_for_a_seal_does_not_open(void **state)
{
	(void)state;
	assert_ok(make(ck));
	reseal(no_inner);
	assert_err(open_inner(ck), CAIRN_ERR_CRYPTO);
}

static void
other_sizes_and_versions_are_no_records(void **state)
{
	static const size_t sizes[] = {0, 1, FEED_RECORD_COST - 1, FEED_RECORD_COST, 1023, 1025, 65535, 65537,
	    SIZE_MAX};
	struct cairn_feed_head read;

	(void)state;
	assert_ok(make(ck));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_err(cairn_feed_record_head(&read, record, sizes[i]), CAIRN_ERR_FORMAT);
		assert_err(cairn_feed_record_verify(desk_id, record, sizes[i], sign_key), CAIRN_ERR_FORMAT);
	}
	record[0] = 2;
	assert_err(cairn_feed_record_head(&read, record, bytes), CAIRN_ERR_FORMAT);
	record[0] = 1;
	record[1] = 0x80;
	assert_err(cairn_feed_record_head(&read, record, bytes), CAIRN_ERR_FORMAT);
	record[1] = 0;
	memset(record + 57, 0xff, 4);
	assert_err(cairn_feed_record_head(&read, record, bytes), CAIRN_ERR_FORMAT);
}

static void
a_key_moves_on_and_not_back(void **state)
{
	uint8_t key[CAIRN_KEY_BYTES], want[CAIRN_KEY_BYTES];

	(void)state;
	memcpy(key, ck, sizeof(key));
	cairn_derive(want, ck, "day", NULL, 0);
	feed_key_next_day(key);
	assert_memory_equal(key, want, sizeof(key));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_record_of_the_desk_opens, fresh),
	    cmocka_unit_test_setup(a_record_of_a_compartment_opens, fresh),
	    cmocka_unit_test_setup(a_record_of_a_threshold_compartment_opens_with_its_key_only, fresh),
	    cmocka_unit_test_setup(the_first_record_has_none_before_it, fresh),
	    cmocka_unit_test_setup(the_size_is_the_least_that_holds_it, fresh),
	    cmocka_unit_test_setup(the_most_that_fits_does_and_no_more, fresh),
	    cmocka_unit_test_setup(a_record_without_operations_opens, fresh),
	    cmocka_unit_test_setup(any_altered_byte_breaks_the_signature, fresh),
	    cmocka_unit_test_setup(any_altered_byte_before_the_signature_breaks_the_envelope, fresh),
	    cmocka_unit_test_setup(a_record_of_another_desk_or_device_is_refused, fresh),
	    cmocka_unit_test_setup(a_device_that_is_no_member_sees_the_compartment_and_no_operation, fresh),
	    cmocka_unit_test_setup(an_inner_moved_to_another_place_does_not_open, fresh),
	    cmocka_unit_test_setup(an_envelope_that_lies_is_refused, fresh),
	    cmocka_unit_test_setup(an_inner_too_short_for_a_seal_does_not_open, fresh),
	    cmocka_unit_test_setup(other_sizes_and_versions_are_no_records, fresh),
	    cmocka_unit_test_setup(a_key_moves_on_and_not_back, fresh),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests_name("test_carry_feed_record.c", tests, setup, NULL);
}
