// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/claimed.h"
#include "site/claim_opening.h"

static struct claimed *c;
static struct claim_check found;

static int
set_up(void **state)
{
	(void)state;
	c = calloc(1, sizeof *c);
	claimed_init(c, 10, 12);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	claimed_release(c);
	free(c);
	return 0;
}

/* ---- the file ---- */

static void
a_published_claim_holds(void **state)
{
	(void)state;
	claimed_publish(c);
	assert_ok(claimed_check(c, &found));
	assert_int_equal(found.stage, CLAIM_STAGE_DONE);
	assert_int_equal(found.claim.accounts, 10);
	assert_int_equal(found.index, 0);
	assert_int_equal(found.log_size, 1);
	assert_int_equal(found.witnesses, 1);
	assert_int_equal(found.cosigned, 0);
	assert_true(found.approvals.agreed);
	assert_int_equal(found.approvals.count, 2);
}

static void
without_a_roster_nobody_is_said_to_have_agreed(void **state)
{
	struct cairn_span file;

	(void)state;
	claimed_publish(c);
	file = (struct cairn_span){(const char *)c->file, c->file_bytes};
	assert_ok(claim_check(&found, file, &c->card, c->desk_id, NULL));
	assert_false(found.has_roster);
	assert_false(found.approvals.agreed);
	assert_int_equal(found.signature_count, 2);
}

static void
a_witness_is_counted(void **state)
{
	(void)state;
	claimed_publish(c);
	claimed_witness(c);
	assert_ok(claimed_check(c, &found));
	assert_int_equal(found.cosigned, 1);
}

/* The name of a signer that is not known is passed over, in every note: then the witness is not counted. */
static void
a_witness_whose_line_was_altered_is_not_counted(void **state)
{
	(void)state;
	claimed_publish(c);
	claimed_witness(c);
	for (size_t i = c->file_bytes - 140; i < c->file_bytes; i++) {
		c->file[i] ^= 1;
		if (claimed_check(c, &found) == CAIRN_OK && found.cosigned != 0)
			fail_msg("byte %zu of %zu", i, c->file_bytes);
		c->file[i] ^= 1;
	}
}

/* Each byte of the whole file, one after the other: text, signatures, proof, checkpoint. */
static void
every_byte_altered_refuses(void **state)
{
	(void)state;
	claimed_publish(c);
	for (size_t i = 0; i < c->file_bytes; i++) {
		uint8_t keep = c->file[i];

		c->file[i] ^= 1;
		if (claimed_check(c, &found) == CAIRN_OK)
			fail_msg("byte %zu of %zu", i, c->file_bytes);
		c->file[i] = keep;
	}
	assert_ok(claimed_check(c, &found));
}

/* Also for those who have no roster: the log has the signatures too. */
static void
every_byte_altered_refuses_without_a_roster(void **state)
{
	struct cairn_span file;

	(void)state;
	claimed_publish(c);
	file = (struct cairn_span){(const char *)c->file, c->file_bytes};
	for (size_t i = 0; i < c->file_bytes; i++) {
		c->file[i] ^= 1;
		if (claim_check(&found, file, &c->card, c->desk_id, NULL) == CAIRN_OK)
			fail_msg("byte %zu of %zu", i, c->file_bytes);
		c->file[i] ^= 1;
	}
}

static void
every_file_cut_short_refuses(void **state)
{
	size_t whole;

	(void)state;
	claimed_publish(c);
	whole = c->file_bytes;
	for (c->file_bytes = 0; c->file_bytes < whole; c->file_bytes++)
		if (claimed_check(c, &found) == CAIRN_OK)
			fail_msg("%zu of %zu bytes", c->file_bytes, whole);
}

static void
the_stage_that_fails_is_told(void **state)
{
	uint8_t other[CAIRN_HASH_BYTES] = {1};
	struct cairn_span file;

	(void)state;
	claimed_publish(c);
	file = (struct cairn_span){(const char *)c->file, c->file_bytes};
	assert_err(claim_check(&found, file, &c->card, other, NULL), CAIRN_ERR_UNKNOWN);
	assert_int_equal(found.stage, CLAIM_STAGE_DESK);
	c->file[c->file_bytes - 10] ^= 1;
	assert_int_not_equal(claimed_check(c, &found), CAIRN_OK);
	assert_int_equal(found.stage, CLAIM_STAGE_LOG);
	c->file[c->file_bytes - 10] ^= 1;
	c->file[0] ^= 1;
	assert_err(claimed_check(c, &found), CAIRN_ERR_FORMAT);
	assert_int_equal(found.stage, CLAIM_STAGE_FORM);
}

static void
a_card_without_that_site_key_refuses(void **state)
{
	struct signer stranger;

	(void)state;
	signer_init(&stranger, 99);
	c->site = stranger;
	claimed_publish(c);
	assert_err(claimed_check(c, &found), CAIRN_ERR_CRYPTO);
	assert_int_equal(found.stage, CLAIM_STAGE_LOG);
}

/* ---- two devices ---- */

static int
publish_with(const enum claimed_device *devices, size_t count)
{
	claimed_write(c);
	for (size_t i = 0; i < count; i++)
		claimed_approve(c, devices[i]);
	return claim_publish(&c->log, c->note, c->note_bytes, &c->roster, c->site.secret);
}

#define PUBLISH_WITH(...) \
	publish_with((const enum claimed_device[]){__VA_ARGS__}, \
	    sizeof((const enum claimed_device[]){__VA_ARGS__}) / sizeof(enum claimed_device))

static void
one_device_alone_publishes_nothing(void **state)
{
	(void)state;
	assert_err(PUBLISH_WITH(CLAIMED_PUBLISHER), CAIRN_ERR_DENIED);
	assert_int_equal(c->log.size, 0);
}

/* Its two roles are those of one device. */
static void
one_device_with_both_roles_publishes_nothing(void **state)
{
	(void)state;
	assert_err(PUBLISH_WITH(CLAIMED_SECURITY), CAIRN_ERR_DENIED);
}

static void
two_devices_of_which_neither_publishes_are_not_enough(void **state)
{
	(void)state;
	assert_err(PUBLISH_WITH(CLAIMED_DOCUMENTALIST, CLAIMED_INTAKE), CAIRN_ERR_DENIED);
}

static void
a_device_of_no_such_role_is_no_second(void **state)
{
	(void)state;
	assert_err(PUBLISH_WITH(CLAIMED_PUBLISHER, CLAIMED_INTAKE), CAIRN_ERR_DENIED);
}

static void
publisher_and_security_publish(void **state)
{
	(void)state;
	assert_ok(PUBLISH_WITH(CLAIMED_PUBLISHER, CLAIMED_SECURITY));
}

static void
a_device_signs_once(void **state)
{
	size_t bytes;

	(void)state;
	claimed_write(c);
	claimed_approve(c, CLAIMED_PUBLISHER);
	bytes = c->note_bytes;
	assert_err(claim_approve(c->note, sizeof c->note, &c->note_bytes, c->desk_id, c->ids[CLAIMED_PUBLISHER],
	               c->devices[CLAIMED_PUBLISHER].secret),
	    CAIRN_ERR_CONFLICT);
	assert_int_equal(c->note_bytes, bytes);
}

/* One key under two ids is one device. */
static void
one_key_under_two_ids_publishes_nothing(void **state)
{
	static char text[CAIRN_NOTE_BYTES_MAX];
	char key[64], other[64];

	(void)state;
	sodium_bin2base64(key, sizeof key, c->devices[CLAIMED_PUBLISHER].key, 32, sodium_base64_VARIANT_ORIGINAL);
	sodium_bin2base64(other, sizeof other, c->devices[CLAIMED_DOCUMENTALIST].key, 32,
	    sodium_base64_VARIANT_ORIGINAL);
	memcpy(text, c->roster_note.bytes, c->roster_note.size);
	text[c->roster_note.size] = '\0';
	strstr(text, "\n\n")[1] = '\0';
	assert_int_equal(replace(text, sizeof text, other, key), 0);
	assert_ok(sign_as(&c->roster_note, text, &c->identity, c->desk_id, "identity"));
	assert_ok(cairn_roster_open(&c->roster, c->roster_note.bytes, c->roster_note.size, c->desk_id,
	    c->identity.key, 0));
	c->devices[CLAIMED_DOCUMENTALIST] = c->devices[CLAIMED_PUBLISHER];
	assert_err(PUBLISH_WITH(CLAIMED_PUBLISHER, CLAIMED_DOCUMENTALIST), CAIRN_ERR_DENIED);
}

static void
a_device_that_is_not_valid_on_the_day_is_none(void **state)
{
	(void)state;
	c->claim.day = 16999;
	c->claim.before = span_of("2016-05");
	assert_err(PUBLISH_WITH(CLAIMED_PUBLISHER, CLAIMED_SECURITY), CAIRN_ERR_DENIED);
}

static void
a_wrong_signature_of_a_device_refuses(void **state)
{
	char *line;

	(void)state;
	claimed_write(c);
	claimed_approve(c, CLAIMED_PUBLISHER);
	claimed_approve(c, CLAIMED_DOCUMENTALIST);
	line = (char *)c->note + c->note_bytes - 20;
	*line = *line == 'A' ? 'B' : 'A';
	assert_err(claim_publish(&c->log, c->note, c->note_bytes, &c->roster, c->site.secret), CAIRN_ERR_CRYPTO);
}

/* ---- the log ---- */

static void
many_claims_are_proved_in_a_log_that_grows_over_tiles(void **state)
{
	uint8_t entry[SITE_ENTRY_BYTES] = {SITE_ENTRY_PAGES};
	uint64_t index;

	(void)state;
	for (uint32_t i = 0; i < 600; i++) {
		entry[1] = (uint8_t)i;
		entry[2] = (uint8_t)(i >> 8);
		assert_ok(site_log_append(&c->log, &index, entry));
		if (i == 254 || i == 300)
			assert_ok(site_log_sign(&c->log, c->site.secret));
	}
	claimed_publish(c);
	assert_ok(claimed_check(c, &found));
	assert_int_equal(found.index, 600);
	assert_int_equal(found.log_size, 601);
	site_log_close(&c->log);
	assert_ok(site_log_open(&c->log, c->folder, c->desk_id, c->site.key));
	assert_int_equal(c->log.size, 601);
	assert_ok(claim_file_make(c->file, sizeof c->file, &c->file_bytes, &c->log, c->note, c->note_bytes));
	assert_ok(claimed_check(c, &found));
}

static void
a_claim_is_entered_once(void **state)
{
	(void)state;
	claimed_publish(c);
	assert_ok(claim_publish(&c->log, c->note, c->note_bytes, &c->roster, c->site.secret));
	assert_int_equal(c->log.size, 1);
}

static void
a_log_whose_entries_were_altered_does_not_open(void **state)
{
	char path[128];
	uint8_t byte = 9;
	int fd;

	(void)state;
	claimed_publish(c);
	site_log_close(&c->log);
	(void)snprintf(path, sizeof path, "%s/tile/entries/000.p/1", c->folder);
	fd = open(path, O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, &byte, 1, 10), 1);
	close(fd);
	assert_err(site_log_open(&c->log, c->folder, c->desk_id, c->site.key), CAIRN_ERR_CRYPTO);
	(void)unlink(path);
	assert_err(site_log_open(&c->log, c->folder, c->desk_id, c->site.key), CAIRN_ERR_FORMAT);
}

static void
a_checkpoint_of_another_size_is_not_taken_from_a_witness(void **state)
{
	static uint8_t old[CAIRN_NOTE_BYTES_MAX];
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_note_key key = {.type = CAIRN_KEY_ED25519};
	uint8_t entry[SITE_ENTRY_BYTES] = {SITE_ENTRY_PAGES};
	size_t bytes;
	uint64_t index;

	(void)state;
	key.name = cairn_key_name(name, c->desk_id, "site");
	memcpy(key.key, c->site.key, 32);
	claimed_publish(c);
	bytes = c->log.checkpoint_bytes;
	memcpy(old, c->log.checkpoint, bytes);
	assert_ok(site_log_append(&c->log, &index, entry));
	assert_ok(site_log_sign(&c->log, c->site.secret));
	assert_err(site_log_cosigned(&c->log, old, bytes, &key, 1), CAIRN_ERR_CONFLICT);
}

/* The same size has the same text whoever signs it again: nothing contradicts itself. */
static void
signing_a_size_again_gives_the_same_text(void **state)
{
	static uint8_t first[CAIRN_NOTE_BYTES_MAX];
	size_t bytes;

	(void)state;
	claimed_publish(c);
	bytes = c->log.checkpoint_bytes;
	memcpy(first, c->log.checkpoint, bytes);
	assert_ok(site_log_sign(&c->log, c->site.secret));
	assert_int_equal(c->log.checkpoint_bytes, bytes);
	assert_memory_equal(c->log.checkpoint, first, bytes);
}

static void
a_full_disk_leaves_the_log_as_it_was(void **state)
{
	char path[128];

	(void)state;
	claimed_publish(c);
	/* Where the next tile should go a folder is in the way. */
	(void)snprintf(path, sizeof path, "mkdir -p %s/tile/0/000.p/2/x", c->folder);
	assert_int_equal(system(path), 0);
	memset(c->claim.id, 8, sizeof c->claim.id);
	memset(c->secrets.claim_id, 8, sizeof c->secrets.claim_id);
	c->secrets.count = 12;
	for (size_t i = 0; i < 12; i++) {
		c->secrets.items[i] = (struct claim_secret){.account = {(uint8_t)i}};
		(void)snprintf(c->secrets.items[i].code, CLAIM_CODE_BYTES, "B%zu", i);
	}
	assert_err(PUBLISH_WITH(CLAIMED_PUBLISHER, CLAIMED_SECURITY), CAIRN_ERR_IO);
	site_log_close(&c->log);
	assert_ok(site_log_open(&c->log, c->folder, c->desk_id, c->site.key));
	assert_int_equal(c->log.size, 1);
}

/* ---- for a court ---- */

static uint8_t sealed[CLAIM_OPENING_MAX];
static size_t sealed_bytes;
static struct cairn_xwing_key court;
static struct claim_opening opening;

static const char *
account_code(size_t n)
{
	for (size_t i = 0; i < c->secrets.count; i++)
		if (!c->secrets.items[i].dummy && n-- == 0)
			return c->secrets.items[i].code;
	return NULL;
}

static int
seal(const char *const *codes, size_t count)
{
	static const uint8_t seed[32] = {5}, eseed[CAIRN_XWING_ESEED_BYTES] = {6};
	size_t missing;

	cairn_xwing_key_init(&court, seed);
	return claim_opening_seal(sealed, sizeof sealed, &sealed_bytes, &missing, &c->secrets, codes, count,
	    court.public_key, eseed);
}

static void
chosen_commitments_are_opened_to_the_court(void **state)
{
	const char *codes[2];
	size_t bad;

	(void)state;
	claimed_publish(c);
	assert_ok(claimed_check(c, &found));
	codes[0] = account_code(0);
	codes[1] = account_code(5);
	assert_ok(seal(codes, 2));
	assert_ok(claim_opening_open(&opening, sealed, sealed_bytes, &court));
	assert_int_equal(opening.count, 2);
	assert_ok(claim_opening_check(&opening, &found.claim, &bad));
	for (size_t i = 0; i < c->secrets.count; i++) {
		bool opened = strcmp(c->secrets.items[i].code, codes[0]) == 0 || strcmp(c->secrets.items[i].code,
		    codes[1]) == 0;

		assert_int_equal(claim_opening_find(&opening, c->secrets.items[i].account) < opening.count, opened);
	}
}

static void
nobody_else_opens_it_and_no_byte_may_change(void **state)
{
	static const uint8_t seed[32] = {7};
	struct cairn_xwing_key other;
	const char *code;

	(void)state;
	claimed_publish(c);
	code = account_code(0);
	assert_ok(seal(&code, 1));
	cairn_xwing_key_init(&other, seed);
	assert_err(claim_opening_open(&opening, sealed, sealed_bytes, &other), CAIRN_ERR_CRYPTO);
	for (size_t i = 0; i < sealed_bytes; i += i < 1200 ? 7 : 61) {
		sealed[i] ^= 1;
		if (claim_opening_open(&opening, sealed, sealed_bytes, &court) == CAIRN_OK)
			fail_msg("byte %zu", i);
		assert_int_equal(opening.count, 0);
		sealed[i] ^= 1;
	}
	assert_err(claim_opening_open(&opening, sealed, sealed_bytes - 1, &court), CAIRN_ERR_FORMAT);
	assert_err(claim_opening_open(&opening, sealed, 0, &court), CAIRN_ERR_FORMAT);
}

/* Nobody counts them by the size, up to 42. */
static void
one_and_many_opened_are_of_one_size(void **state)
{
	const char *codes[12];
	size_t one;

	(void)state;
	claimed_publish(c);
	for (size_t i = 0; i < 12; i++)
		codes[i] = account_code(i);
	assert_ok(seal(codes, 1));
	one = sealed_bytes;
	assert_ok(seal(codes, 12));
	assert_int_equal(sealed_bytes, one);
}

static void
what_is_no_account_of_the_claim_is_not_opened(void **state)
{
	const char *codes[] = {"nobody", "nobody"};
	const char *twice[2];

	(void)state;
	claimed_publish(c);
	assert_err(seal(codes, 1), CAIRN_ERR_UNKNOWN);
	assert_err(seal(codes, 0), CAIRN_ERR_RANGE);
	/* A dummy has no code: the empty one finds none of them. */
	codes[0] = "";
	assert_err(seal(codes, 1), CAIRN_ERR_UNKNOWN);
	twice[0] = twice[1] = account_code(0);
	assert_err(seal(twice, 2), CAIRN_ERR_CONFLICT);
}

static void
an_opening_that_lies_is_found_out(void **state)
{
	const char *codes[2];
	size_t bad;

	(void)state;
	claimed_publish(c);
	assert_ok(claimed_check(c, &found));
	codes[0] = account_code(0);
	codes[1] = account_code(1);
	assert_ok(seal(codes, 2));
	assert_ok(claim_opening_open(&opening, sealed, sealed_bytes, &court));
	opening.items[1].account[0] ^= 1;
	assert_err(claim_opening_check(&opening, &found.claim, &bad), CAIRN_ERR_CRYPTO);
	assert_int_equal(bad, 1);
	opening.items[1] = opening.items[0];
	assert_err(claim_opening_check(&opening, &found.claim, &bad), CAIRN_ERR_CONFLICT);
	/* Follows from its account, and is not in the claim. */
	opening.count = 1;
	opening.items[0].blinding[0] ^= 1;
	claim_commit(opening.items[0].commitment, found.claim.id,
	    &(struct claim_secret){.account = {0}, .blinding = {0}});
	memset(opening.items[0].account, 0, 32);
	memset(opening.items[0].blinding, 0, 32);
	assert_err(claim_opening_check(&opening, &found.claim, &bad), CAIRN_ERR_CONFLICT);
	opening.claim_id[0] ^= 1;
	assert_err(claim_opening_check(&opening, &found.claim, &bad), CAIRN_ERR_CONFLICT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_published_claim_holds, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(without_a_roster_nobody_is_said_to_have_agreed, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_witness_is_counted, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_witness_whose_line_was_altered_is_not_counted, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(every_byte_altered_refuses, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(every_byte_altered_refuses_without_a_roster, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(every_file_cut_short_refuses, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_stage_that_fails_is_told, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_card_without_that_site_key_refuses, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(one_device_alone_publishes_nothing, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(one_device_with_both_roles_publishes_nothing, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(two_devices_of_which_neither_publishes_are_not_enough, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_device_of_no_such_role_is_no_second, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(publisher_and_security_publish, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_device_signs_once, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(one_key_under_two_ids_publishes_nothing, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_device_that_is_not_valid_on_the_day_is_none, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_wrong_signature_of_a_device_refuses, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(many_claims_are_proved_in_a_log_that_grows_over_tiles, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_claim_is_entered_once, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_log_whose_entries_were_altered_does_not_open, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_checkpoint_of_another_size_is_not_taken_from_a_witness, set_up,
	    tear_down),
	    cmocka_unit_test_setup_teardown(signing_a_size_again_gives_the_same_text, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_full_disk_leaves_the_log_as_it_was, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(chosen_commitments_are_opened_to_the_court, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(nobody_else_opens_it_and_no_byte_may_change, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(one_and_many_opened_are_of_one_size, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_is_no_account_of_the_claim_is_not_opened, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_opening_that_lies_is_found_out, set_up, tear_down),
	};

	if (sodium_init() < 0)
		return 1;
	return RUN_TESTS(tests);
}
