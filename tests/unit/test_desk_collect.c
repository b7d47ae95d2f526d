// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <unistd.h>

#include <sodium.h>

#include "base/bytes.h"
#include "desk/alarm.h"
#include "desk/epoch.h"
#include "desk/files.h"
#include "desk/talk.h"
#include "lib/staffed.h"

static struct staffed s;
static struct speaker amina, boris;

static int
begin(void **state)
{
	(void)state;
	staffed_init(&s);
	speaker_init(&amina);
	speaker_init(&boris);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	staffed_release(&s);
	return 0;
}

static struct received
collect(void)
{
	struct received got = {.kept = 0};

	assert_ok(desk_collect(s.desk, CAIRN_DOOR_INTAKE, &got, s.now));
	assert_ok(desk_collect(s.desk, CAIRN_DOOR_CAMPAIGN, &got, s.now));
	return got;
}

/* A cell of p at intake with one record. */
static size_t
write_record(const struct speaker *p, uint16_t type, const void *value, size_t bytes)
{
	uint8_t room[CAIRN_DROP_PLAIN_BYTES], msgid[CAIRN_MSGID_BYTES];
	struct cairn_tlv_writer w;

	randombytes_buf(msgid, sizeof(msgid));
	cairn_tlv_begin(&w, room, sizeof(room));
	cairn_tlv_put(&w, type, value, bytes);
	assert_int_equal(w.err, CAIRN_OK);
	return staffed_write(&s, p, CAIRN_DOOR_INTAKE, 0, msgid, room, w.used);
}

static struct alarm
one_alarm(void)
{
	struct alarm alarm;
	size_t count;

	assert_ok(alarm_newest(s.desk->state, &alarm, 1, &count));
	assert_int_equal(count, 1);
	return alarm;
}

static void
everything_is_taken_and_then_gone_from_the_drop(void **state)
{
	struct received got;

	(void)state;
	for (int i = 0; i < 70; i++) /* more than one lease */
		(void)staffed_say(&s, i % 2 == 0 ? &amina : &boris, "word", NULL);
	got = collect();
	assert_int_equal(got.kept, 70);
	assert_int_equal(got.begun, 2);
	for (size_t i = 0; i < s.relay->cell_count; i++)
		assert_false(s.relay->cells[i].there);
	assert_int_equal(collect().kept, 0);
}

static void
a_message_sealed_anew_is_shown_once(void **state)
{
	static const uint8_t msgid[CAIRN_MSGID_BYTES] = {9};
	struct received got;

	(void)state;
	(void)staffed_say(&s, &amina, "once", msgid);
	(void)staffed_say(&s, &amina, "once", msgid);
	(void)staffed_say(&s, &boris, "another's", msgid); /* of another conversation: not the same */
	got = collect();
	assert_int_equal(got.kept, 2);
	assert_int_equal(got.known, 1);
}

static void
cells_that_do_not_open_are_counted_and_dropped(void **state)
{
	struct received got;

	(void)state;
	s.relay->cells[staffed_say(&s, &amina, "torn", NULL)].bytes[4000] ^= 1;
	s.relay->cells[staffed_say(&s, &amina, "no version", NULL)].bytes[0] = 9;
	put_u16(s.relay->cells[staffed_say(&s, &amina, "no such key", NULL)].bytes + 2, 77);
	got = collect();
	assert_int_equal(got.kept, 0);
	assert_int_equal(got.refused, 2);
	assert_int_equal(got.unopened, 1);
	for (size_t i = 0; i < s.relay->cell_count; i++)
		assert_false(s.relay->cells[i].there);
}

static void
a_wrong_mac_is_dropped_without_a_trace(void **state)
{
	struct speaker forger = amina;
	struct received got;

	(void)state;
	forger.conv.auth_secret[3] ^= 0x10; /* knows the hello block, not the passphrase */
	(void)staffed_say(&s, &forger, "it is me", NULL);
	got = collect();
	assert_int_equal(got.kept, 0);
	assert_int_equal(got.refused, 1);
	assert_int_equal(got.begun, 0);
}

static void
another_tag_key_in_the_same_month_is_shown(void **state)
{
	struct speaker other = amina;

	(void)state;
	(void)staffed_say(&s, &amina, "first", NULL);
	other.conv.root[0] ^= 1; /* the same keys, another chain: the holder of an epoch key could do that */
	(void)staffed_say(&s, &other, "second", NULL);
	assert_int_equal(collect().alarms, 1);
	assert_int_equal(one_alarm().kind, ALARM_TAGS);
	assert_int_equal(one_alarm().conv, staffed_conversation(&s, &amina));
}

static void
neither_tag_key_nor_file_key_stays_with_the_text(void **state)
{
	uint8_t plain[CAIRN_DROP_PLAIN_BYTES], kept[CAIRN_DROP_PLAIN_BYTES], block[CAIRN_HELLO_BLOCK_BYTES];
	uint8_t value[203], msgid[CAIRN_MSGID_BYTES] = {1}, fk[32], tag[32];
	struct cairn_manifest manifest = {.count = 1, .size = 5, .media_type = {"text/plain", 10}};
	struct cairn_tlv_writer w;
	size_t bytes;

	(void)state;
	randombytes_buf(fk, sizeof(fk));
	memcpy(manifest.fk, fk, sizeof(fk));
	assert_ok(cairn_manifest_write(value, &bytes, &manifest));
	cairn_hello_block(block, &boris.conv, desk_day(s.now));
	memcpy(tag, block + sizeof(block) - 32, 32);
	cairn_tlv_begin(&w, plain, sizeof(plain));
	cairn_tlv_put(&w, CAIRN_TLV_msgid, msgid, sizeof(msgid));
	cairn_tlv_put(&w, CAIRN_TLV_file, value, bytes);
	cairn_tlv_put(&w, CAIRN_TLV_second, block, sizeof(block));
	assert_ok(cairn_tlv_end(&w));
	bytes = receive_scrub(kept, plain);
	assert_null(memmem(kept, bytes, fk, sizeof(fk)));
	assert_null(memmem(kept, bytes, tag, sizeof(tag)));
	assert_non_null(memmem(kept, bytes, "text/plain", 10));
}

/* --- seen --- */

static void
write_seen(uint64_t size, const uint8_t root[32], uint32_t hour)
{
	uint8_t seen[44];

	put_u64(seen, size);
	memcpy(seen + 8, root, 32);
	put_u32(seen + 40, hour);
	(void)write_record(&amina, CAIRN_TLV_seen, seen, sizeof(seen));
}

static void
publish_at(uint64_t now)
{
	struct published p;

	staffed_at(&s, now);
	assert_ok(desk_turn(s.desk, &(size_t){0}, s.now));
	assert_ok(desk_publish(s.desk, &p, s.now));
}

static void
root_of(uint64_t size, uint8_t root[32], uint32_t *hour)
{
	struct query q = query(s.desk->state, SQL_BOARD_AT);

	bind_int(&q, size);
	assert_true(query_row(&q));
	*hour = (uint32_t)query_int(&q, 0);
	query_bytes(&q, 1, root, 32);
	assert_ok(query_end(&q));
}

static void
a_person_who_saw_our_board_raises_nothing(void **state)
{
	uint8_t root[32];
	uint32_t hour;

	(void)state;
	publish_at(s.now);
	publish_at(s.now + 600);
	root_of(1, root, &hour);
	write_seen(1, root, hour);
	root_of(2, root, &hour);
	write_seen(2, root, hour);
	assert_int_equal(collect().alarms, 0);
}

static void
a_fork_is_shown(void **state)
{
	uint8_t root[32];
	uint32_t hour;

	(void)state;
	publish_at(s.now);
	root_of(1, root, &hour);
	root[9] ^= 1;
	write_seen(1, root, hour);
	assert_int_equal(collect().alarms, 1);
	assert_int_equal(one_alarm().kind, ALARM_FORK);
}

static void
another_text_of_the_same_root_is_a_fork_too(void **state)
{
	uint8_t root[32];
	uint32_t hour;

	(void)state;
	publish_at(s.now);
	root_of(1, root, &hour);
	write_seen(1, root, hour + 1);
	assert_int_equal(collect().alarms, 1);
	assert_int_equal(one_alarm().kind, ALARM_FORK);
}

static void
a_board_that_is_ahead_of_ours_is_shown(void **state)
{
	uint8_t root[32] = {1};

	(void)state;
	publish_at(s.now);
	write_seen(5, root, desk_hour(s.now));
	assert_int_equal(collect().alarms, 1);
	assert_int_equal(one_alarm().kind, ALARM_AHEAD);
}

static void
a_frozen_board_is_shown(void **state)
{
	uint8_t root[32];
	uint32_t hour;

	(void)state;
	publish_at(s.now);
	root_of(1, root, &hour);
	publish_at(s.now + 86400);
	staffed_at(&s, s.now + 2 * 86400);
	write_seen(1, root, hour);
	assert_int_equal(collect().alarms, 1);
	assert_int_equal(one_alarm().kind, ALARM_FROZEN);
}

/* --- second --- */

static void
a_second_conversation_is_kept_beside_the_first(void **state)
{
	uint8_t block[CAIRN_HELLO_BLOCK_BYTES];
	struct talk_second seconds[4];
	uint64_t first, second;
	size_t count;

	(void)state;
	cairn_hello_block(block, &boris.conv, desk_day(s.now));
	(void)write_record(&amina, CAIRN_TLV_second, block, sizeof(block));
	(void)collect();
	first = staffed_conversation(&s, &amina);
	second = staffed_conversation(&s, &boris);
	assert_int_not_equal(second, 0);
	assert_ok(talk_seconds(s.desk->state, second, seconds, 4, &count));
	assert_int_equal(count, 1);
	assert_int_equal(seconds[0].conv, first);
	assert_int_equal(seconds[0].other, second);
}

static void
a_second_takes_nothing_from_a_conversation_that_is_known(void **state)
{
	struct speaker lie = boris;
	uint8_t block[CAIRN_HELLO_BLOCK_BYTES];

	(void)state;
	(void)staffed_say(&s, &boris, "mine", NULL);
	(void)collect();
	lie.conv.root[0] ^= 1;
	cairn_hello_block(block, &lie.conv, desk_day(s.now));
	(void)write_record(&amina, CAIRN_TLV_second, block, sizeof(block));
	assert_int_equal(collect().alarms, 1);
	assert_int_equal(one_alarm().kind, ALARM_SECOND_TAGS);
	/* His own next message continues the chain that is held. */
	(void)staffed_say(&s, &boris, "still mine", NULL);
	assert_int_equal(collect().alarms, 0);
}

/* --- the campaign door --- */

static void
letters_without_a_conversation_are_kept_apart(void **state)
{
	struct inbox_line line;
	struct received got;

	(void)state;
	(void)staffed_say(&s, NULL, "I sign", NULL);
	(void)staffed_say(&s, NULL, "I sign too", NULL);
	got = collect();
	assert_int_equal(got.kept, 2);
	assert_int_equal(got.begun, 0);
	assert_ok(inbox_get(s.desk->state, &line, 0));
	assert_int_equal(line.unread, 2);
}

/* --- files --- */

static uint8_t content[600000];

static void
attach(struct cairn_manifest *manifest, bool whole)
{
	uint8_t value[203];
	size_t bytes;

	*manifest = (struct cairn_manifest){.size = sizeof(content),
	    .count = cairn_file_blobs(sizeof(content)),
	    .media_type = {"image/jpeg", 10}};
	randombytes_buf(content, sizeof(content));
	randombytes_buf(manifest->fk, sizeof(manifest->fk));
	crypto_hash_sha256(manifest->sha256, content, sizeof(content));
	for (uint32_t i = 0; i < manifest->count && whole; i++) {
		struct staffed_blob *blob = &s.relay->blobs[s.relay->blob_count++];

		cairn_blob_id(blob->id, manifest->fk, i);
		cairn_blob_seal(blob->bytes, content + i * CAIRN_BLOB_PIECE_BYTES,
		    cairn_file_piece_bytes(manifest->size, i), manifest->fk, i);
		blob->there = true;
	}
	assert_ok(cairn_manifest_write(value, &bytes, manifest));
	(void)write_record(&amina, CAIRN_TLV_file, value, bytes);
}

static struct files_tally
fetch(void)
{
	struct files_tally tally = {.kept = 0};

	assert_ok(files_fetch(s.desk, &tally, NULL, NULL));
	return tally;
}

static void
a_file_comes_whole_and_leaves_the_relay(void **state)
{
	struct cairn_manifest manifest;
	char path[128];
	uint8_t *back = malloc(sizeof(content) + 1);
	FILE *file;

	(void)state;
	attach(&manifest, true);
	(void)collect();
	assert_int_equal(fetch().kept, 1);
	for (size_t i = 0; i < s.relay->blob_count; i++) {
		assert_true(s.relay->blobs[i].claimed);
		assert_false(s.relay->blobs[i].there);
	}
	snprintf(path, sizeof(path), "%s/out.jpg", s.folder);
	assert_ok(files_save(s.desk, staffed_conversation(&s, &amina), 1, path));
	file = fopen(path, "rb");
	assert_non_null(file);
	assert_int_equal(fread(back, 1, sizeof(content) + 1, file), sizeof(content));
	fclose(file);
	assert_memory_equal(back, content, sizeof(content));
	free(back);
	/* The key is of no use any more, and a second saving does not overwrite. */
	assert_false(staffed_file_holds(&s, manifest.fk, sizeof(manifest.fk)));
	assert_err(files_save(s.desk, staffed_conversation(&s, &amina), 1, path), CAIRN_ERR_IO);
}

static void
a_file_that_is_not_there_is_asked_for_again_and_given_up_at_last(void **state)
{
	struct cairn_manifest manifest;
	struct talk_file file;
	size_t count;

	(void)state;
	attach(&manifest, false);
	(void)collect();
	for (unsigned i = 1; i < FILES_TRIES; i++)
		assert_int_equal(fetch().waiting, 1);
	assert_int_equal(fetch().failed, 1);
	assert_ok(talk_files(s.desk->state, staffed_conversation(&s, &amina), &file, 1, &count));
	assert_int_equal(file.state, FILE_MISSING);
	assert_int_equal(fetch().waiting, 0);
}

static void
blobs_that_are_not_the_file_are_never_handed_out(void **state)
{
	struct cairn_manifest manifest;

	(void)state;
	attach(&manifest, true);
	s.relay->blobs[1].bytes[77] ^= 1;
	(void)collect();
	assert_int_equal(fetch().waiting, 1);
	s.relay->blobs[1].bytes[77] ^= 1; /* the relay comes to its senses */
	assert_int_equal(fetch().kept, 1);
}

static void
a_fetching_that_was_stopped_goes_on_where_it_was(void **state)
{
	struct cairn_manifest manifest;

	(void)state;
	attach(&manifest, true);
	(void)collect();
	s.relay->blobs[2].there = false;
	assert_int_equal(fetch().waiting, 1);
	s.relay->blobs[2].there = true;
	s.relay->blobs[0].there = false; /* is kept already */
	assert_int_equal(fetch().kept, 1);
}

/* --- epoch keys --- */

static size_t
erase(void)
{
	size_t erased;
	uint32_t warn;

	assert_ok(epoch_erase(s.desk, s.now, &erased, &warn));
	return erased;
}

static void
a_key_goes_when_its_day_is_past_and_the_drop_is_empty(void **state)
{
	(void)state;
	staffed_at(&s, s.now + 3 * 86400);
	(void)collect();
	assert_int_equal(erase(), 0); /* not more than three days yet */
	staffed_at(&s, s.now + 86400);
	assert_int_equal(erase(), 0); /* not emptied since */
	(void)collect();
	assert_int_equal(erase(), 2); /* one a door */
}

static void
a_lease_that_broke_off_keeps_the_keys(void **state)
{
	struct received got = {.kept = 0};
	bool whole;

	(void)state;
	staffed_at(&s, s.now + 5 * 86400);
	assert_ok(epoch_drain_begin(s.desk, CAIRN_DOOR_INTAKE, s.now, &whole)); /* and then the machine died */
	staffed_at(&s, s.now + 60);
	assert_ok(desk_collect(s.desk, CAIRN_DOOR_INTAKE, &got, s.now));
	assert_int_equal(erase(), 0);
	staffed_at(&s, s.now + EPOCH_LEASE_S);
	assert_ok(desk_collect(s.desk, CAIRN_DOOR_INTAKE, &got, s.now));
	assert_int_equal(erase(), 2); /* two days of this door */
}

static void
after_thirty_days_a_key_goes_in_any_case_and_staff_hear_of_it_before(void **state)
{
	size_t erased;
	uint32_t warn;

	(void)state;
	staffed_at(&s, s.now + 23 * 86400);
	assert_ok(epoch_erase(s.desk, s.now, &erased, &warn));
	assert_int_equal(warn, UINT32_MAX);
	staffed_at(&s, s.now + 86400);
	assert_ok(epoch_erase(s.desk, s.now, &erased, &warn));
	assert_int_equal(warn, desk_day(STAFFED_NOW));
	assert_int_equal(erased, 0);
	staffed_at(&s, s.now + 7 * 86400);
	assert_int_equal(erase(), 2);
}

static void
an_erased_key_is_nowhere_in_the_file(void **state)
{
	const struct sealed_row row = {"epoch", CAIRN_DOOR_INTAKE, desk_day(s.now), 0};
	struct query q = query(s.desk->state, SQL_EPOCH_SEED);
	uint8_t seed[CAIRN_XWING_SEED_BYTES], again[CAIRN_XWING_SEED_BYTES], sealed[ERASURE_SEALED_BYTES];

	(void)state;
	bind_int(&q, CAIRN_DOOR_INTAKE);
	bind_int(&q, desk_day(s.now));
	bind_int(&q, 0);
	assert_true(query_row(&q));
	query_sealed(&q, 0, seed, row);
	query_bytes(&q, 0, sealed, sizeof(sealed));
	assert_ok(query_end(&q));
	assert_false(staffed_file_holds(&s, seed, sizeof(seed)));
	assert_ok(staffed_unseal(&s, again, sealed, row));
	assert_memory_equal(again, seed, sizeof(seed));
	staffed_at(&s, s.now + 4 * 86400);
	(void)collect();
	(void)erase();
	assert_ok(desk_forget(s.desk));
	/* Nor does a copy of its row open any more. */
	assert_err(staffed_unseal(&s, again, sealed, row), CAIRN_ERR_FORMAT);
	assert_false(staffed_file_holds(&s, seed, sizeof(seed)));
}

static void
what_was_sealed_to_an_erased_key_is_counted_as_lost(void **state)
{
	(void)state;
	staffed_at(&s, s.now + 4 * 86400);
	(void)collect();
	(void)staffed_write(&s, &amina, CAIRN_DOOR_INTAKE, -4, (const uint8_t[CAIRN_MSGID_BYTES]){1}, NULL, 0);
	(void)erase();
	assert_int_equal(collect().unopened, 1);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
	    CASE(everything_is_taken_and_then_gone_from_the_drop),
	    CASE(a_message_sealed_anew_is_shown_once),
	    CASE(cells_that_do_not_open_are_counted_and_dropped),
	    CASE(a_wrong_mac_is_dropped_without_a_trace),
	    CASE(another_tag_key_in_the_same_month_is_shown),
	    CASE(neither_tag_key_nor_file_key_stays_with_the_text),
	    CASE(a_person_who_saw_our_board_raises_nothing),
	    CASE(a_fork_is_shown),
	    CASE(another_text_of_the_same_root_is_a_fork_too),
	    CASE(a_board_that_is_ahead_of_ours_is_shown),
	    CASE(a_frozen_board_is_shown),
	    CASE(a_second_conversation_is_kept_beside_the_first),
	    CASE(a_second_takes_nothing_from_a_conversation_that_is_known),
	    CASE(letters_without_a_conversation_are_kept_apart),
	    CASE(a_file_comes_whole_and_leaves_the_relay),
	    CASE(a_file_that_is_not_there_is_asked_for_again_and_given_up_at_last),
	    CASE(blobs_that_are_not_the_file_are_never_handed_out),
	    CASE(a_fetching_that_was_stopped_goes_on_where_it_was),
	    CASE(a_key_goes_when_its_day_is_past_and_the_drop_is_empty),
	    CASE(a_lease_that_broke_off_keeps_the_keys),
	    CASE(after_thirty_days_a_key_goes_in_any_case_and_staff_hear_of_it_before),
	    CASE(an_erased_key_is_nowhere_in_the_file),
	    CASE(what_was_sealed_to_an_erased_key_is_counted_as_lost),
	};

	return RUN_TESTS(tests);
}
