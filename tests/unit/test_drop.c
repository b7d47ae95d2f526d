// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "cairn/drop.h"

#define DAY 20002U

static const uint8_t desk_id[CAIRN_HASH_BYTES] = {0xde};
static const uint8_t eseed[CAIRN_XWING_ESEED_BYTES] = {0x5e};
static const uint8_t msgid[CAIRN_MSGID_BYTES] = {0x1d};
static const uint8_t zeros[CAIRN_DROP_CELL_BYTES];
static const struct cairn_drop_header intake = {CAIRN_DOOR_INTAKE, 0, DAY};
static const struct cairn_drop_header campaign = {CAIRN_DOOR_CAMPAIGN, 3, DAY};

static struct cairn_conversation person;
static struct cairn_xwing_key epoch;
static uint8_t plain[CAIRN_DROP_PLAIN_BYTES];
static uint8_t opened[CAIRN_DROP_PLAIN_BYTES];
static uint8_t cell[CAIRN_DROP_CELL_BYTES];

/* A person, an epoch key, and a good intake cell sealed to it. */
static int
begin(void **state)
{
	static const uint8_t root[CAIRN_KEY_BYTES] = {7}, seed[CAIRN_XWING_SEED_BYTES] = {8};
	struct cairn_tlv_writer w;

	(void)state;
	cairn_conversation_init(&person, root);
	cairn_xwing_key_init(&epoch, seed);
	memset(opened, 0xff, sizeof opened);
	assert_ok(cairn_drop_begin(&w, plain, &intake, &person, epoch.public_key, msgid));
	cairn_tlv_put_u8(&w, CAIRN_TLV_urgency, 2);
	assert_ok(cairn_tlv_end(&w));
	return cairn_drop_seal(cell, plain, &intake, desk_id, epoch.public_key, eseed);
}

static void
doors_have_names(void **state)
{
	enum cairn_door door;

	(void)state;
	assert_string_equal(cairn_door_name(CAIRN_DOOR_INTAKE), "intake");
	assert_null(cairn_door_name((enum cairn_door)3));
	assert_ok(cairn_door_find(&door, (struct cairn_span){"campaign", 8}));
	assert_int_equal(door, CAIRN_DOOR_CAMPAIGN);
	assert_err(cairn_door_find(&door, (struct cairn_span){"Intake", 6}), CAIRN_ERR_UNKNOWN);
	assert_err(cairn_door_find(&door, (struct cairn_span){"intake/", 7}), CAIRN_ERR_UNKNOWN);
}

static void
a_header_comes_back_as_written(void **state)
{
	static const uint8_t want[] = {1, 2, 0, 3, 0, 0, 0x4e, 0x22};
	uint8_t out[CAIRN_DROP_HEADER_BYTES];
	struct cairn_drop_header header;

	(void)state;
	cairn_drop_header_write(out, &campaign);
	assert_memory_equal(out, want, sizeof want);
	assert_ok(cairn_drop_header_read(&header, out));
	assert_int_equal(header.door, CAIRN_DOOR_CAMPAIGN);
	assert_int_equal(header.gen, 3);
	assert_int_equal(header.day, DAY);
}

static void
other_versions_and_doors_are_no_header(void **state)
{
	static const uint8_t wrong[][CAIRN_DROP_HEADER_BYTES] = {{0, 1}, {2, 1}, {1, 0}, {1, 3}, {1, 255}};
	struct cairn_drop_header header;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_err(cairn_drop_header_read(&header, wrong[i]), CAIRN_ERR_FORMAT);
}

static void
a_cell_opens_to_what_was_sealed(void **state)
{
	(void)state;
	assert_ok(cairn_drop_open(opened, cell, desk_id, &epoch));
	assert_memory_equal(opened, plain, sizeof plain);
}

static void
a_changed_bit_anywhere_does_not_open(void **state)
{
	static const size_t at[] = {2, 7, 8, 8 + 1087, 8 + 1088, 1128, 4000, 8191};

	(void)state;
	for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
		cell[at[i]] ^= 1;
		assert_err(cairn_drop_open(opened, cell, desk_id, &epoch), CAIRN_ERR_CRYPTO);
		assert_memory_equal(opened, zeros, sizeof opened);
		cell[at[i]] ^= 1;
	}
}

static void
a_cell_opens_for_its_desk_only(void **state)
{
	static const uint8_t other[CAIRN_HASH_BYTES] = {0xdf};

	(void)state;
	assert_err(cairn_drop_open(opened, cell, other, &epoch), CAIRN_ERR_CRYPTO);
}

static void
a_cell_opens_with_its_epoch_key_only(void **state)
{
	static const uint8_t seed[CAIRN_XWING_SEED_BYTES] = {9};
	struct cairn_xwing_key other;

	(void)state;
	cairn_xwing_key_init(&other, seed);
	assert_err(cairn_drop_open(opened, cell, desk_id, &other), CAIRN_ERR_CRYPTO);
}

static void
a_cell_of_another_version_is_not_even_tried(void **state)
{
	(void)state;
	cell[0] = 2;
	assert_err(cairn_drop_open(opened, cell, desk_id, &epoch), CAIRN_ERR_FORMAT);
	assert_memory_equal(opened, zeros, sizeof opened);
}

static void
the_mac_covers_header_msgid_and_itself(void **state)
{
	struct cairn_drop_header other = intake;

	(void)state;
	other.gen = 1;
	assert_ok(cairn_drop_plain_check(plain, &intake, &epoch));
	assert_err(cairn_drop_plain_check(plain, &other, &epoch), CAIRN_ERR_CRYPTO);
	plain[4 + 1316 - 1] ^= 0x80;
	assert_err(cairn_drop_plain_check(plain, &intake, &epoch), CAIRN_ERR_CRYPTO);
	plain[4 + 1316 - 1] ^= 0x80;
	plain[4 + 1316 + 4] ^= 1;
	assert_err(cairn_drop_plain_check(plain, &intake, &epoch), CAIRN_ERR_CRYPTO);
}

static void
a_hello_block_without_the_passphrase_has_no_mac(void **state)
{
	struct cairn_conversation thief = person;
	struct cairn_tlv_writer w;

	(void)state;
	/* He has the block, which the desk has too, and a secret of his own. */
	thief.auth_secret[5] ^= 1;
	assert_ok(cairn_drop_begin(&w, plain, &intake, &thief, epoch.public_key, msgid));
	assert_err(cairn_drop_plain_check(plain, &intake, &epoch), CAIRN_ERR_CRYPTO);
}

static void
a_wrong_mac_refuses_at_campaign_too(void **state)
{
	struct cairn_tlv_writer w;

	(void)state;
	assert_ok(cairn_drop_begin(&w, plain, &campaign, &person, epoch.public_key, msgid));
	assert_ok(cairn_drop_plain_check(plain, &campaign, &epoch));
	plain[4 + 1316 - 1] ^= 1;
	assert_err(cairn_drop_plain_check(plain, &campaign, &epoch), CAIRN_ERR_CRYPTO);
}

static void
campaign_takes_a_cell_without_hello_and_intake_does_not(void **state)
{
	struct cairn_tlv_writer w;

	(void)state;
	assert_ok(cairn_drop_begin(&w, plain, &campaign, NULL, epoch.public_key, msgid));
	assert_int_equal(w.used, 4 + CAIRN_MSGID_BYTES);
	assert_ok(cairn_drop_plain_check(plain, &campaign, &epoch));
	assert_err(cairn_drop_plain_check(plain, &intake, &epoch), CAIRN_ERR_FORMAT);
}

static void
an_opened_cell_that_is_refused_leaves_zeros(void **state)
{
	(void)state;
	plain[sizeof plain - 1] = 1;
	assert_ok(cairn_drop_seal(cell, plain, &intake, desk_id, epoch.public_key, eseed));
	assert_err(cairn_drop_open(opened, cell, desk_id, &epoch), CAIRN_ERR_FORMAT);
	assert_memory_equal(opened, zeros, sizeof opened);
}

static void
an_epoch_key_that_must_not_be_used_is_refused(void **state)
{
	uint8_t bad[CAIRN_XWING_PUBLIC_BYTES];
	struct cairn_tlv_writer w;

	(void)state;
	memcpy(bad, epoch.public_key, sizeof bad);
	memset(bad, 0xff, 2); /* a coefficient above q */
	assert_err(cairn_drop_begin(&w, plain, &intake, &person, bad, msgid), CAIRN_ERR_KEY);
	assert_err(cairn_tlv_end(&w), CAIRN_ERR_KEY);
	assert_memory_equal(plain, zeros, sizeof plain);
	assert_err(cairn_drop_seal(cell, plain, &intake, desk_id, bad, eseed), CAIRN_ERR_KEY);
	assert_memory_equal(cell, zeros, sizeof cell);
}

static void
a_relay_takes_yesterday_to_tomorrow(void **state)
{
	(void)state;
	for (uint32_t hour = DAY * 24; hour < DAY * 24 + 24; hour++) {
		assert_false(cairn_drop_day_taken(DAY - 2, hour));
		assert_true(cairn_drop_day_taken(DAY - 1, hour));
		assert_true(cairn_drop_day_taken(DAY, hour));
		assert_true(cairn_drop_day_taken(DAY + 1, hour));
		assert_false(cairn_drop_day_taken(DAY + 2, hour));
	}
	assert_false(cairn_drop_day_taken(UINT32_MAX, 0));
	assert_true(cairn_drop_day_taken(0, 0));
}

#define CASE(name) cmocka_unit_test_setup(name, begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(doors_have_names),
	    CASE(a_header_comes_back_as_written),
	    CASE(other_versions_and_doors_are_no_header),
	    CASE(a_cell_opens_to_what_was_sealed),
	    CASE(a_changed_bit_anywhere_does_not_open),
	    CASE(a_cell_opens_for_its_desk_only),
	    CASE(a_cell_opens_with_its_epoch_key_only),
	    CASE(a_cell_of_another_version_is_not_even_tried),
	    CASE(the_mac_covers_header_msgid_and_itself),
	    CASE(a_hello_block_without_the_passphrase_has_no_mac),
	    CASE(a_wrong_mac_refuses_at_campaign_too),
	    CASE(campaign_takes_a_cell_without_hello_and_intake_does_not),
	    CASE(an_opened_cell_that_is_refused_leaves_zeros),
	    CASE(an_epoch_key_that_must_not_be_used_is_refused),
	    CASE(a_relay_takes_yesterday_to_tomorrow),
	};

	return sodium_init() < 0 ? 1 : RUN_TESTS(tests);
}
