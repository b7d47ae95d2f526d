// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/bytes.h"
#include "lib/evidenced.h"
#include "lib/tsa.h"
#include "record/evidence_copy.h"
#include "record/evidence_stamp.h"
#include "record/evidence_token.h"
#include "record/evidence_verify.h"

/* Time stamps at a fixed pace, and the check of a whole custody chain by somebody who has nothing but it. */

#define BUNDLE_MAX (1U << 20)

static struct evidenced e;
static struct tsa tsa;
static struct evidence_tsa way;
static uint8_t identity_key[32];
static uint64_t now;

static int
set_up(void **state)
{
	(void)state;
	evidenced_init_quick(&e);
	evidenced_close(&e);
	/* The desk's id is the hash of its identity key. */
	randombytes_buf(identity_key, sizeof(identity_key));
	cairn_hash(e.desk_id, identity_key, sizeof(identity_key));
	assert_ok(evidenced_open(&e, NULL));
	tsa_init(&tsa);
	way = (struct evidence_tsa){.post = tsa_post, .arg = &tsa, .ca = tsa_pem(&tsa), .pace_s = 100};
	now = (uint64_t)time(NULL);
	now -= now % 100;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	tsa_release(&tsa);
	evidenced_release(&e);
	return 0;
}

/* --- stamping --- */

static struct evidence_tick tick;

static int
stamp(uint64_t at)
{
	return evidence_stamp_tick(e.ev, &way, at, &tick);
}

static void
what_waits_is_stamped(void **state)
{
	struct evidence_item item;
	enum evidence_action actions[8];

	(void)state;
	evidenced_add(&e, &item, "x", 1);
	assert_ok(stamp(now));
	assert_int_equal(tick.stamped, 2);
	assert_int_equal(tick.waiting, 0);
	assert_int_equal(evidenced_log(&e, item.id, actions, 8), 4);
	assert_int_equal(actions[3], EVIDENCE_STAMPED);
}

static void
a_tick_sends_one_request_of_one_size_whatever_waits(void **state)
{
	struct evidence_item item;
	size_t bytes;

	(void)state;
	assert_ok(stamp(now));
	assert_int_equal(tsa.asked, 1);
	bytes = tsa.ask_bytes;
	for (unsigned i = 0; i < 40; i++)
		evidenced_add(&e, &item, "x", 1);
	assert_ok(stamp(now + 100));
	assert_int_equal(tsa.asked, 2);
	assert_int_equal(tsa.ask_bytes, bytes);
	assert_int_equal(tick.stamped, EVIDENCE_LEAVES);
	assert_int_equal(tick.waiting, 80 - EVIDENCE_LEAVES);
	assert_ok(stamp(now + 200));
	assert_int_equal(tick.stamped, 80 - EVIDENCE_LEAVES);
}

static void
a_second_tick_in_one_step_sends_nothing(void **state)
{
	(void)state;
	assert_ok(stamp(now));
	assert_ok(stamp(now + 99));
	assert_false(tick.due);
	assert_int_equal(tsa.asked, 1);
	assert_int_equal(tick.next, now + 100);
}

static void
a_failed_request_keeps_the_pace_and_what_waits(void **state)
{
	struct evidence_item item;

	(void)state;
	evidenced_add(&e, &item, "x", 1);
	tsa.err = CAIRN_ERR_IO;
	assert_err(stamp(now), CAIRN_ERR_IO);
	tsa.err = CAIRN_OK;
	assert_ok(stamp(now + 50));
	assert_int_equal(tsa.asked, 1);
	assert_ok(stamp(now + 100));
	assert_int_equal(tick.stamped, 2);
}

static void
an_answer_that_was_given_before_is_refused(void **state)
{
	struct evidence_item item;

	(void)state;
	assert_ok(stamp(now));
	evidenced_add(&e, &item, "x", 1);
	tsa.replay = 1;
	assert_err(stamp(now + 100), CAIRN_ERR_CRYPTO);
	assert_int_equal(evidenced_log(&e, item.id, NULL, 0), 2);
}

static void
an_answer_for_another_hash_is_refused(void **state)
{
	(void)state;
	tsa.take = "another hash of thirty-two bytes";
	assert_err(stamp(now), CAIRN_ERR_CRYPTO);
}

static void
an_answer_of_another_authority_is_refused(void **state)
{
	struct tsa other;

	(void)state;
	tsa_init(&other);
	way.ca = tsa_pem(&other);
	assert_err(stamp(now), CAIRN_ERR_CRYPTO);
	tsa_release(&other);
}

struct proofs {
	size_t count;
	uint8_t roots[8][32];
	uint8_t leaves[8][4];
};

static int
take_proof(void *arg, const uint8_t *bytes, size_t size)
{
	struct proofs *p = arg;
	struct evidence_entry entry;

	assert_ok(evidence_entry_read(&entry, bytes, size));
	if (entry.action != EVIDENCE_STAMPED)
		return CAIRN_OK;
	assert_ok(evidence_stamp_check(&entry));
	assert_int_equal(entry.fields[EVIDENCE_FIELD_PROOF].size, 6 * 32);
	assert_int_equal(get_u32(evidence_get(&entry, EVIDENCE_FIELD_LEAVES)), EVIDENCE_LEAVES);
	memcpy(p->roots[p->count], evidence_get(&entry, EVIDENCE_FIELD_ROOT), 32);
	memcpy(p->leaves[p->count++], evidence_get(&entry, EVIDENCE_FIELD_LEAF), 4);
	return CAIRN_OK;
}

static void
proofs_are_of_one_shape_and_lead_to_the_root(void **state)
{
	struct evidence_item item;
	struct proofs proofs = {0};

	(void)state;
	evidenced_add(&e, &item, "x", 1);
	assert_ok(stamp(now));
	assert_ok(evidence_log(e.ev, item.id, take_proof, &proofs));
	assert_int_equal(proofs.count, 2);
	assert_memory_equal(proofs.roots[0], proofs.roots[1], 32);
	assert_memory_not_equal(proofs.leaves[0], proofs.leaves[1], 4);
}

/* --- checking --- */

static uint8_t bundle[BUNDLE_MAX];
static size_t bundle_bytes;
static char said[16384];
static const uint8_t *content;
static size_t content_bytes;

static int
keep_bundle(void *arg, const uint8_t *bytes, size_t size)
{
	(void)arg;
	assert_true(size <= BUNDLE_MAX - bundle_bytes);
	memcpy(bundle + bundle_bytes, bytes, size);
	bundle_bytes += size;
	return CAIRN_OK;
}

static void export(const struct evidence_item *item, bool sources)
{
	struct evidence_desk desk = {.identity_key = identity_key};

	bundle_bytes = 0;
	assert_ok(evidence_bundle_write(e.ev, item, &desk, sources, keep_bundle, NULL));
}

static void
keep_sentence(void *arg, enum evidence_finding finding, const char *sentence)
{
	size_t used = strlen(said);

	(void)arg;
	snprintf(said + used, sizeof(said) - used, "%d %s\n", (int)finding, sentence);
}

static int
read_content(void *arg, uint8_t *out, size_t room, size_t *ret_bytes)
{
	(void)arg;
	*ret_bytes = content_bytes < room ? content_bytes : room;
	memcpy(out, content, *ret_bytes);
	content += *ret_bytes;
	content_bytes -= *ret_bytes;
	return CAIRN_OK;
}

static struct evidence_verdict
judge(const char *text)
{
	struct evidence_verify_options options = {.desk_id = e.desk_id, .ca = tsa_pem(&tsa), .say = keep_sentence};
	struct evidence_verdict verdict;
	struct evidence_bundle b;

	said[0] = '\0';
	if (text != NULL) {
		content = (const uint8_t *)text;
		content_bytes = strlen(text);
		options.content = read_content;
	}
	assert_ok(evidence_bundle_read(&b, bundle, bundle_bytes));
	assert_ok(evidence_verify(&verdict, &b, &options));
	evidence_bundle_free(&b);
	return verdict;
}

static bool
was_said(const char *text)
{
	if (strstr(said, text) == NULL)
		fprintf(stderr, "# not said: %s\n%s", text, said);
	return strstr(said, text) != NULL;
}

/* Record n of a kind, from 0: where it begins and how long it is, head and all. */
static uint8_t *
record_at(enum evidence_bundle_kind kind, size_t n, size_t *ret_bytes)
{
	for (size_t at = strlen("cairn evidence 1\n"); at < bundle_bytes; at += *ret_bytes) {
		*ret_bytes = 5 + get_u32(bundle + at + 1);
		if (bundle[at] == kind && n-- == 0)
			return bundle + at;
	}
	abort();
}

static void
cut_record(enum evidence_bundle_kind kind, size_t n)
{
	size_t bytes;
	uint8_t *at = record_at(kind, n, &bytes);

	memmove(at, at + bytes, (size_t)(bundle + bundle_bytes - (at + bytes)));
	bundle_bytes -= bytes;
}

static void
what_is_whole_holds(void **state)
{
	struct evidence_verdict v;
	struct evidence_item item;

	(void)state;
	evidenced_add(&e, &item, "four men", 8);
	tsa.shift_s = (int64_t)EVIDENCED_NOW - time(NULL) + 60;
	assert_ok(stamp(now));
	export(&item, false);
	v = judge("four men");
	assert_int_equal(v.broken, 0);
	assert_int_equal(v.entries, 4);
	assert_true(was_said("The content is, to the bit"));
	assert_true(was_said("chained without a gap"));
	assert_true(was_said("All 4 signatures hold"));
}

static void
a_stamp_that_is_older_than_what_it_stamps_is_told(void **state)
{
	struct evidence_item item;

	(void)state;
	evidenced_add(&e, &item, "four men", 8);
	tsa.shift_s = (int64_t)EVIDENCED_NOW - time(NULL) - 86400;
	assert_ok(stamp(now));
	export(&item, false);
	assert_int_equal(judge("four men").broken, 2);
	assert_true(was_said("but was stamped before"));
}

static void
a_stamp_of_its_time_holds(void **state)
{
	struct evidence_item item;
	struct evidence_verdict v;

	(void)state;
	evidenced_add(&e, &item, "four men", 8);
	tsa.shift_s = (int64_t)EVIDENCED_NOW - time(NULL) + 60;
	assert_ok(stamp(now));
	export(&item, false);
	v = judge("four men");
	assert_int_equal(v.broken, 0);
	assert_int_equal(v.stamped, 2);
	assert_true(was_said("at the latest, says the authority \"CN=Time of Nobody\""));
}

static void
a_missing_line_is_a_gap(void **state)
{
	struct evidence_item item;

	(void)state;
	evidenced_add(&e, &item, "four men", 8);
	assert_ok(evidence_note_act(e.ev, &item, EVIDENCE_HANDED_OVER, "lawyer-2", NULL, EVIDENCED_NOW));
	export(&item, false);
	assert_int_equal(judge("four men").broken, 0);
	cut_record(EVIDENCE_BUNDLE_ENTRY, 1);
	assert_true(judge("four men").broken > 0);
	assert_true(was_said("the log has a gap"));
}

static void
a_missing_beginning_is_told(void **state)
{
	struct evidence_item item;

	(void)state;
	evidenced_add(&e, &item, "four men", 8);
	export(&item, false);
	cut_record(EVIDENCE_BUNDLE_ENTRY, 0);
	assert_true(judge("four men").broken > 0);
	assert_true(was_said("The log does not begin"));
}

static void
a_changed_order_is_told(void **state)
{
	uint8_t first[EVIDENCE_ENTRY_MAX + 5], *at;
	struct evidence_item item;
	size_t bytes, next;

	(void)state;
	evidenced_add(&e, &item, "four men", 8);
	export(&item, false);
	at = record_at(EVIDENCE_BUNDLE_ENTRY, 0, &bytes);
	memcpy(first, at, bytes);
	next = 5 + get_u32(at + bytes + 1);
	memmove(at, at + bytes, next);
	memcpy(at + next, first, bytes);
	assert_true(judge("four men").broken > 0);
	assert_true(was_said("the order was changed"));
}

static void
a_line_that_stands_twice_is_told(void **state)
{
	struct evidence_item item;
	uint8_t *at;
	size_t bytes;

	(void)state;
	evidenced_add(&e, &item, "four men", 8);
	export(&item, false);
	at = record_at(EVIDENCE_BUNDLE_ENTRY, 1, &bytes);
	memcpy(bundle + bundle_bytes, at, bytes);
	bundle_bytes += bytes;
	assert_true(judge("four men").broken > 0);
	assert_true(was_said("the same as line 2"));
}

static void
another_content_is_told(void **state)
{
	struct evidence_item item;

	(void)state;
	evidenced_add(&e, &item, "four men", 8);
	export(&item, false);
	assert_int_equal(judge("five men").broken, 1);
	assert_int_equal(judge("four men").broken, 0);
}

static void
an_identity_key_of_another_desk_is_told(void **state)
{
	struct evidence_item item;

	(void)state;
	evidenced_add(&e, &item, "four men", 8);
	identity_key[0] ^= 1;
	export(&item, false);
	assert_true(judge("four men").broken > 0);
	assert_true(was_said("does not belong to the desk's id"));
}

static void
without_a_roster_devices_are_not_checked(void **state)
{
	struct evidence_item item;

	(void)state;
	evidenced_add(&e, &item, "four men", 8);
	export(&item, false);
	(void)judge("four men");
	assert_true(was_said("Whether the devices that signed were the desk's cannot be told"));
}

static void
put_roster(const uint8_t identity_secret[64], const uint8_t key[32])
{
	uint8_t text[1024], note[2048], device[16];
	char name[CAIRN_KEY_NAME_BYTES], desk[65], id[33], hash[65];
	size_t bytes = 0;
	char base64[64];

	memset(device, 7, sizeof(device));
	sodium_bin2hex(desk, sizeof(desk), e.desk_id, 32);
	sodium_bin2hex(id, sizeof(id), device, 16);
	memset(hash, '0', 64);
	hash[64] = '\0';
	sodium_bin2base64(base64, sizeof(base64), key, 32, sodium_base64_VARIANT_ORIGINAL);
	snprintf((char *)text, sizeof(text), "cairn roster 1\ndesk %s\nserial 1\ndevice %s %s %s intake 1 -\n", desk,
	    id, base64, hash);
	assert_ok(cairn_note_sign(note, sizeof(note), &bytes,
	    (struct cairn_span){(const char *)text, strlen((const char *)text)},
	    cairn_key_name(name, e.desk_id, "identity"), identity_secret));
	assert_ok(evidence_keep_roster(e.ev, note, bytes, 1));
}

static void
check_roster(const uint8_t *device_key, size_t broken, const char *text)
{
	struct evidence_item item;
	uint8_t secret[64];

	evidenced_close(&e);
	crypto_sign_keypair(identity_key, secret);
	cairn_hash(e.desk_id, identity_key, 32);
	assert_ok(evidenced_open(&e, NULL));
	put_roster(secret, device_key);
	evidenced_add(&e, &item, "four men", 8);
	export(&item, false);
	assert_int_equal(judge("four men").broken, broken);
	assert_true(was_said(text));
}

static void
a_device_on_the_roster_holds(void **state)
{
	(void)state;
	check_roster(e.secret + 32, 0, "Every device that signed was on the desk's roster");
}

static void
a_device_that_no_roster_names_is_told(void **state)
{
	(void)state;
	check_roster(identity_key, 2, "signed by a device that no roster of the desk names");
}

static void
make_copy(struct evidence_item *source, struct evidence_item *copy)
{
	uint8_t id[EVIDENCE_ITEM_BYTES];

	evidenced_close(&e);
	e.quick = false;
	assert_ok(evidenced_open(&e, NULL));
	evidenced_add(&e, source, "They took Ali to the station.\n", 30);
	assert_ok(evidence_copy(e.ev, source, NULL, EVIDENCED_NOW, id));
	assert_ok(evidence_get_item(e.ev, copy, id));
}

static void
the_way_of_a_copy_holds_when_both_logs_are_there(void **state)
{
	struct evidence_item source, copy;

	(void)state;
	make_copy(&source, &copy);
	export(&copy, true);
	assert_int_equal(judge("They took Ali to the station.\n").broken, 0);
	assert_true(was_said("both logs say so"));
	export(&copy, false);
	assert_int_equal(judge("They took Ali to the station.\n").broken, 0);
	assert_true(was_said("whose log is not in the bundle"));
}

static void
a_copy_that_its_source_does_not_know_is_told(void **state)
{
	struct evidence_item source, copy;

	(void)state;
	make_copy(&source, &copy);
	export(&copy, true);
	/* The copy's two lines, the source's two, and the one that tells of the copy. */
	cut_record(EVIDENCE_BUNDLE_ENTRY, 4);
	assert_int_equal(judge("They took Ali to the station.\n").broken, 1);
	assert_true(was_said("does not tell of the copy"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(what_waits_is_stamped),
	    CASE(a_tick_sends_one_request_of_one_size_whatever_waits),
	    CASE(a_second_tick_in_one_step_sends_nothing),
	    CASE(a_failed_request_keeps_the_pace_and_what_waits),
	    CASE(an_answer_that_was_given_before_is_refused),
	    CASE(an_answer_for_another_hash_is_refused),
	    CASE(an_answer_of_another_authority_is_refused),
	    CASE(proofs_are_of_one_shape_and_lead_to_the_root),
	    CASE(what_is_whole_holds),
	    CASE(a_stamp_that_is_older_than_what_it_stamps_is_told),
	    CASE(a_stamp_of_its_time_holds),
	    CASE(a_missing_line_is_a_gap),
	    CASE(a_missing_beginning_is_told),
	    CASE(a_changed_order_is_told),
	    CASE(a_line_that_stands_twice_is_told),
	    CASE(another_content_is_told),
	    CASE(an_identity_key_of_another_desk_is_told),
	    CASE(without_a_roster_devices_are_not_checked),
	    CASE(a_device_on_the_roster_holds),
	    CASE(a_device_that_no_roster_names_is_told),
	    CASE(the_way_of_a_copy_holds_when_both_logs_are_there),
	    CASE(a_copy_that_its_source_does_not_know_is_told),
	};

	return RUN_TESTS(tests);
}
