// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>
#include <sqlite3.h>

#include "desk/files.h"
#include "desk/talk.h"
#include "lib/fault.h"
#include "lib/staffed.h"

/*
 * The crash rule (docs/protocol.md, section 8): a device writes what it opened durably, and only
 * then deletes from the drop; a crash anywhere in between loses nothing and shows nothing twice.
 * And section 4: the publisher signs at most one text a size.
 *
 * A whole round is run (collect, fetch a file, publish twice) with the power cut at its k-th write,
 * sync, request or answer, for k = 1, 2, 3, ... until a run gets through. After each cut the desk
 * is opened again, and two more rounds must bring everything to the same end. Then the same with
 * single calls that fail and are not fatal.
 */

/* Every checkpoint text that was ever signed, by its size: what a second one would contradict. */
static struct {
	size_t bytes;
	char text[512];
} signed_texts[STAFFED_BOARD_MAX + 1];
static unsigned contradictions;

int __real_cairn_note_sign(uint8_t *out, size_t room, size_t *ret_bytes, struct cairn_span text,
    struct cairn_span name, const uint8_t secret[64]);
int __wrap_cairn_note_sign(uint8_t *out, size_t room, size_t *ret_bytes, struct cairn_span text,
    struct cairn_span name, const uint8_t secret[64]);

int
__wrap_cairn_note_sign(uint8_t *out, size_t room, size_t *ret_bytes, struct cairn_span text,
    struct cairn_span name, const uint8_t secret[64])
{
	struct cairn_checkpoint checkpoint;

	if (cairn_checkpoint_read(&checkpoint, text, name) == CAIRN_OK) {
		if (signed_texts[checkpoint.size].bytes == 0) {
			signed_texts[checkpoint.size].bytes = text.size;
			memcpy(signed_texts[checkpoint.size].text, text.text, text.size);
		} else if (signed_texts[checkpoint.size].bytes != text.size ||
		    memcmp(signed_texts[checkpoint.size].text, text.text, text.size) != 0) {
			contradictions++;
		}
	}
	return __real_cairn_note_sign(out, room, ret_bytes, text, name, secret);
}

/* The k-th step of SQLite fails, once; 0: none. */
static unsigned long step_at, step_fails;
static bool step_failed;

int __real_sqlite3_step(sqlite3_stmt *stmt);
int __wrap_sqlite3_step(sqlite3_stmt *stmt);

int
__wrap_sqlite3_step(sqlite3_stmt *stmt)
{
	if (step_fails != 0 && ++step_at == step_fails) {
		step_failed = true;
		return SQLITE_NOMEM;
	}
	return __real_sqlite3_step(stmt);
}

#define LETTERS 5U
#define ANSWERS 3U
#define FILE_BYTES 300000U

static struct staffed first, s;
static struct speaker amina, boris;
static struct staffed_relay *relay_first;
static uint8_t content[FILE_BYTES];

static void
attach(void)
{
	uint8_t value[203], room[CAIRN_DROP_PLAIN_BYTES];
	const uint8_t msgid[CAIRN_MSGID_BYTES] = {0xf1};
	struct cairn_manifest manifest = {.size = FILE_BYTES, .media_type = {"image/jpeg", 10}};
	struct cairn_tlv_writer w;
	size_t bytes;

	manifest.count = cairn_file_blobs(FILE_BYTES);
	randombytes_buf(content, sizeof(content));
	randombytes_buf(manifest.fk, sizeof(manifest.fk));
	crypto_hash_sha256(manifest.sha256, content, sizeof(content));
	for (uint32_t i = 0; i < manifest.count; i++) {
		struct staffed_blob *blob = &first.relay->blobs[first.relay->blob_count++];

		cairn_blob_id(blob->id, manifest.fk, i);
		cairn_blob_seal(blob->bytes, content + i * CAIRN_BLOB_PIECE_BYTES,
		    cairn_file_piece_bytes(manifest.size, i), manifest.fk, i);
		blob->there = true;
	}
	assert_ok(cairn_manifest_write(value, &bytes, &manifest));
	cairn_tlv_begin(&w, room, sizeof(room));
	cairn_tlv_put(&w, CAIRN_TLV_file, value, bytes);
	(void)staffed_write(&first, &amina, CAIRN_DOOR_INTAKE, 0, msgid, room, w.used);
}

/* A desk that knows amina and owes her answers, with letters of both and a file in the drop. */
static int
setup(void **state)
{
	struct tick tick = {.roster_put = true};
	struct answered answered;
	uint64_t conv;

	(void)state;
	fault_vfs();
	staffed_init(&first);
	speaker_init(&amina);
	speaker_init(&boris);
	(void)staffed_say(&first, &amina, "hello", NULL);
	staffed_tick(&first, &tick);
	conv = staffed_conversation(&first, &amina);
	for (unsigned i = 0; i < ANSWERS; i++) {
		const struct answer answer = {.text = {"an answer", 9}};

		assert_ok(desk_answer(first.desk, &answered, conv, &answer, first.now));
	}
	for (uint8_t i = 0; i < LETTERS; i++) {
		const uint8_t msgid[CAIRN_MSGID_BYTES] = {0xee, i};

		(void)staffed_say(&first, i % 2 == 0 ? &amina : &boris, "a letter", msgid);
	}
	attach();
	staffed_close(&first);
	relay_first = first.relay;
	s = first;
	snprintf(s.folder, sizeof(s.folder), "%.50s-run", first.folder);
	s.relay = malloc(sizeof(*s.relay));
	return s.relay == NULL || mkdir(s.folder, 0700) != 0;
}

/* What a run added at the relay. */
static void
let_go(void)
{
	for (uint64_t size = relay_first->size + 1; size <= s.relay->size; size++)
		free(s.relay->batches[size].cells);
	paper_feed_release(&s.relay->feed);
}

static int
teardown(void **state)
{
	char path[128];

	(void)state;
	let_go();
	free(s.relay);
	snprintf(path, sizeof(path), "%s/desk.db", s.folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/desk.erasure", s.folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/desk.db-journal", s.folder);
	unlink(path);
	rmdir(s.folder);
	staffed_release(&first);
	return 0;
}

/* Everything as it was at the beginning. */
static void
restart(void)
{
	static bool begun;

	if (begun)
		let_go();
	begun = true;
	*s.relay = *relay_first;
	paper_feed_copy(&s.relay->feed, &relay_first->feed);
	s.now = first.now;
	memset(signed_texts, 0, sizeof(signed_texts));
	contradictions = 0;
	staffed_copy(&s, &first);
}

/* One round as cairn desk open has it; errors are what the test is about. */
static void
run(const char *vfs)
{
	struct tick tick = {.roster_put = true};

	if (staffed_open(&s, vfs) != CAIRN_OK) {
		s.desk = NULL;
		return;
	}
	desk_tick(s.desk, &tick, s.now, NULL, NULL);
	staffed_at(&s, s.now + 600);
	desk_tick(s.desk, &tick, s.now, NULL, NULL);
	staffed_close(&s);
}

static void
check_letters(void)
{
	assert_int_equal(staffed_number(&s, "SELECT count(*) FROM message"), LETTERS + 2);
	assert_int_equal(staffed_number(&s, "SELECT count(DISTINCT msgid) FROM message"), LETTERS + 2);
	assert_int_equal(staffed_number(&s, "SELECT count(*) FROM conversation WHERE id > 0"), 2);
	assert_int_equal(staffed_number(&s, "SELECT sum(unread) FROM conversation"), LETTERS + 2);
	for (size_t i = 0; i < s.relay->cell_count; i++)
		assert_false(s.relay->cells[i].there);
}

static void
check_file(void)
{
	char path[128];
	static uint8_t back[FILE_BYTES + 1];
	FILE *file;

	assert_int_equal(staffed_number(&s, "SELECT count(*) FROM file"), 1);
	snprintf(path, sizeof(path), "%s/out", s.folder);
	assert_ok(files_save(s.desk, staffed_conversation(&s, &amina), 1, path));
	file = fopen(path, "rb");
	assert_non_null(file);
	assert_int_equal(fread(back, 1, sizeof(back), file), FILE_BYTES);
	fclose(file);
	unlink(path);
	assert_memory_equal(back, content, FILE_BYTES);
	for (size_t i = 0; i < s.relay->blob_count; i++)
		assert_false(s.relay->blobs[i].there);
}

static void
check_board(void)
{
	static uint8_t heard[16][CAIRN_REPLY_PLAIN_BYTES];
	size_t count = staffed_heard(&s, &amina, heard, 16);

	assert_int_equal(contradictions, 0);
	assert_int_equal(s.relay->contradictions, 0);
	assert_int_equal(count, ANSWERS);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(heard[i], heard[j], CAIRN_REPLY_PLAIN_BYTES);
	assert_int_equal(staffed_number(&s, "SELECT count(*) FROM reply WHERE state <> 2"), 0);
	assert_int_equal(staffed_number(&s, "SELECT max(size) FROM board"), s.relay->size);
	assert_int_equal(staffed_number(&s, "SELECT count(*) FROM alarm"), 0);
}

/* The power is back; leases of the round that died have run out; two rounds, and all must be well. */
static void
recover_and_check(void)
{
	fault_mend();
	step_fails = 0;
	staffed_at(&s, s.now + 700);
	run(NULL);
	staffed_at(&s, s.now + 700);
	run(NULL);
	assert_ok(staffed_open(&s, NULL));
	check_letters();
	check_file();
	check_board();
	staffed_close(&s);
}

static void
a_power_cut_anywhere_loses_nothing_and_doubles_nothing(void **state)
{
	unsigned long k = 0;
	bool struck = true;

	(void)state;
	while (struck) {
		restart();
		fault_arm(++k);
		run("fault");
		struck = fault_struck();
		recover_and_check();
	}
	assert_in_range(k, 60, 2000); /* the faults did reach the round */
	print_message("%lu places\n", k);
}

static void
a_single_step_that_fails_loses_nothing_and_doubles_nothing(void **state)
{
	unsigned long k = 0;

	(void)state;
	do {
		restart();
		step_at = 0;
		step_failed = false;
		step_fails = ++k;
		run(NULL);
		recover_and_check();
	} while (step_failed);
	assert_in_range(k, 100, 5000);
	print_message("%lu steps\n", k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_power_cut_anywhere_loses_nothing_and_doubles_nothing),
	    cmocka_unit_test(a_single_step_that_fails_loses_nothing_and_doubles_nothing),
	};

	return cmocka_run_group_tests_name("desk_crash_rule.c", tests, setup, teardown);
}
