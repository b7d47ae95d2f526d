// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "record/evidence_entry.h"

/* One line of a custody log: form and signature. */

static uint8_t desk_id[32], public_key[32], secret[64];
static uint8_t bytes[EVIDENCE_ENTRY_MAX];
static size_t size;

static void
fill(struct evidence_entry *e)
{
	static const uint8_t hash[32] = {1, 2, 3}, number[8] = {0, 0, 0, 0, 0, 0, 0, 9};

	memset(e, 0, sizeof(*e));
	e->action = EVIDENCE_RECEIVED;
	e->at = 1795000000;
	memset(e->item, 5, sizeof(e->item));
	evidence_set(e, EVIDENCE_FIELD_SHA256, hash, 32);
	evidence_set(e, EVIDENCE_FIELD_BLAKE2B, hash, 32);
	evidence_set(e, EVIDENCE_FIELD_SIZE, number, 8);
	evidence_set_text(e, EVIDENCE_FIELD_MEDIA, "image/jpeg");
	evidence_set_text(e, EVIDENCE_FIELD_PARTY, "courier-7");
}

static int
set_up(void **state)
{
	struct evidence_entry e;

	(void)state;
	if (sodium_init() < 0)
		return -1;
	randombytes_buf(desk_id, sizeof(desk_id));
	crypto_sign_keypair(public_key, secret);
	fill(&e);
	return evidence_entry_write(bytes, sizeof(bytes), &size, &e, desk_id, secret);
}

static void
an_entry_comes_back_as_it_was_written(void **state)
{
	struct evidence_entry e;

	(void)state;
	assert_ok(evidence_entry_read(&e, bytes, size));
	assert_int_equal(e.action, EVIDENCE_RECEIVED);
	assert_int_equal(e.at, 1795000000);
	assert_memory_equal(e.sign_key, public_key, 32);
	assert_int_equal(e.fields[EVIDENCE_FIELD_PARTY].size, 9);
	assert_memory_equal(e.fields[EVIDENCE_FIELD_PARTY].text, "courier-7", 9);
	assert_false(evidence_has(&e, EVIDENCE_FIELD_NOTE));
	assert_ok(evidence_entry_check(bytes, size, &e, desk_id));
}

static void
any_changed_byte_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < size; i++) {
		struct evidence_entry e;

		bytes[i] ^= 1;
		if (evidence_entry_read(&e, bytes, size) == CAIRN_OK)
			assert_err(evidence_entry_check(bytes, size, &e, desk_id), CAIRN_ERR_CRYPTO);
		bytes[i] ^= 1;
	}
}

static void
an_entry_of_another_desk_is_told(void **state)
{
	struct evidence_entry e;

	(void)state;
	assert_ok(evidence_entry_read(&e, bytes, size));
	desk_id[0] ^= 1;
	assert_err(evidence_entry_check(bytes, size, &e, desk_id), CAIRN_ERR_CRYPTO);
}

static void
a_cut_or_longer_entry_is_refused(void **state)
{
	struct evidence_entry e;

	(void)state;
	for (size_t i = 0; i < size; i++)
		assert_err(evidence_entry_read(&e, bytes, i), CAIRN_ERR_FORMAT);
	bytes[size] = 0;
	assert_err(evidence_entry_read(&e, bytes, size + 1), CAIRN_ERR_FORMAT);
}

static void
what_an_action_must_say_is_asked_for(void **state)
{
	struct evidence_entry e;
	size_t n;

	(void)state;
	fill(&e);
	e.fields[EVIDENCE_FIELD_BLAKE2B].text = NULL;
	assert_err(evidence_entry_write(bytes, sizeof(bytes), &n, &e, desk_id, secret), CAIRN_ERR_FORMAT);
}

static void
what_an_action_may_not_say_is_refused(void **state)
{
	struct evidence_entry e;
	size_t n;

	(void)state;
	fill(&e);
	evidence_set_text(&e, EVIDENCE_FIELD_METHOD, "by hand");
	assert_err(evidence_entry_write(bytes, sizeof(bytes), &n, &e, desk_id, secret), CAIRN_ERR_FORMAT);
}

static void
only_a_first_entry_begins(void **state)
{
	struct evidence_entry e;
	size_t n;

	(void)state;
	fill(&e);
	e.prev_count = 1;
	assert_err(evidence_entry_write(bytes, sizeof(bytes), &n, &e, desk_id, secret), CAIRN_ERR_FORMAT);
	memset(&e, 0, sizeof(e));
	e.action = EVIDENCE_OPENED;
	assert_err(evidence_entry_write(bytes, sizeof(bytes), &n, &e, desk_id, secret), CAIRN_ERR_FORMAT);
}

static void
text_is_well_formed_and_within_its_size(void **state)
{
	static char longer[514];
	struct evidence_entry e;
	size_t n;

	(void)state;
	fill(&e);
	evidence_set(&e, EVIDENCE_FIELD_PARTY, "\xff", 1);
	assert_err(evidence_entry_write(bytes, sizeof(bytes), &n, &e, desk_id, secret), CAIRN_ERR_FORMAT);
	evidence_set(&e, EVIDENCE_FIELD_PARTY, "a\0b", 3);
	assert_err(evidence_entry_write(bytes, sizeof(bytes), &n, &e, desk_id, secret), CAIRN_ERR_FORMAT);
	memset(longer, 'x', 513);
	evidence_set_text(&e, EVIDENCE_FIELD_PARTY, longer);
	assert_err(evidence_entry_write(bytes, sizeof(bytes), &n, &e, desk_id, secret), CAIRN_ERR_FORMAT);
}

#define CASE(name) cmocka_unit_test_setup(name, set_up)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(an_entry_comes_back_as_it_was_written),
	    CASE(any_changed_byte_is_told),
	    CASE(an_entry_of_another_desk_is_told),
	    CASE(a_cut_or_longer_entry_is_refused),
	    CASE(what_an_action_must_say_is_asked_for),
	    CASE(what_an_action_may_not_say_is_refused),
	    CASE(only_a_first_entry_begins),
	    CASE(text_is_well_formed_and_within_its_size),
	};

	return RUN_TESTS(tests);
}
