// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "lib/evidenced.h"

/* Evidence as it lies on a device: sealed, found damaged, erased, its log as operations. */

/* More pieces than are under way at once. */
#define LARGE (9 * EVIDENCE_PIECE_BYTES + 4567)

static struct evidenced e;
static uint8_t large[LARGE];

static int
set_up(void **state)
{
	(void)state;
	evidenced_init(&e);
	randombytes_buf(large, sizeof(large));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	evidenced_release(&e);
	return 0;
}

static void
check_round(const uint8_t *bytes, size_t size)
{
	struct evidence_item item;
	uint8_t *got, sha256[32], blake2b[32];
	size_t got_bytes;

	evidenced_add(&e, &item, bytes, size);
	assert_int_equal(item.size, size);
	crypto_hash_sha256(sha256, bytes, size);
	crypto_generichash(blake2b, 32, bytes, size, NULL, 0);
	assert_memory_equal(item.sha256, sha256, 32);
	assert_memory_equal(item.blake2b, blake2b, 32);
	assert_ok(evidenced_content(&e, &item, &got, &got_bytes));
	assert_int_equal(got_bytes, size);
	assert_memory_equal(got, bytes, size);
	free(got);
}

static void
what_comes_in_comes_out_at_every_size(void **state)
{
	static const size_t sizes[] = {
	    0, 1, EVIDENCE_PIECE_BYTES - 1, EVIDENCE_PIECE_BYTES, EVIDENCE_PIECE_BYTES + 1,
	    4 * EVIDENCE_PIECE_BYTES, 8 * EVIDENCE_PIECE_BYTES, LARGE};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		check_round(large, sizes[i]);
}

static bool
holds(const uint8_t *bytes, size_t size, const void *what, size_t what_bytes)
{
	return memmem(bytes, size, what, what_bytes) != NULL;
}

static void
the_disk_tells_neither_content_nor_name(void **state)
{
	static const char text[] = "they came at night, four men in a white car";
	struct evidence_item item;
	char path[160];
	uint8_t *file;
	size_t bytes;

	(void)state;
	evidenced_add(&e, &item, text, sizeof(text) - 1);
	evidenced_path(&e, &item, path);
	file = evidenced_read_file(path, &bytes);
	assert_int_equal(bytes, EVIDENCE_SEALED_BYTES);
	assert_false(holds(file, bytes, text, sizeof(text) - 1));
	free(file);
	evidenced_close(&e);
	snprintf(path, sizeof(path), "%s/desk.db", e.dir);
	file = evidenced_read_file(path, &bytes);
	assert_false(holds(file, bytes, "IMG_2017", 8));
	free(file);
}

static void
the_name_comes_back(void **state)
{
	char name[EVIDENCE_FILE_NAME_MAX + 1];
	struct evidence_item item;

	(void)state;
	evidenced_add(&e, &item, "x", 1);
	assert_ok(evidence_name(e.ev, &item, name));
	assert_string_equal(name, "IMG_2017.jpg");
}

static void
a_sealed_file_is_for_reading_only(void **state)
{
	struct evidence_item item;
	struct stat st;
	char path[160];

	(void)state;
	evidenced_add(&e, &item, "x", 1);
	evidenced_path(&e, &item, path);
	assert_ok(stat(path, &st));
	assert_int_equal(st.st_mode & 0777, 0400);
}

static void
flip(const char *path, long at)
{
	FILE *f;
	int c;

	assert_ok(chmod(path, 0600));
	f = fopen(path, "r+b");
	assert_non_null(f);
	assert_ok(fseek(f, at, SEEK_SET));
	c = fgetc(f);
	assert_ok(fseek(f, at, SEEK_SET));
	fputc(c ^ 1, f);
	assert_ok(fclose(f));
}

static void
a_flipped_bit_is_found_and_its_piece_named(void **state)
{
	struct evidence_item item;
	char path[160];

	(void)state;
	evidenced_add(&e, &item, large, sizeof(large));
	evidenced_path(&e, &item, path);
	flip(path, EVIDENCE_SEALED_BYTES + 99);
	assert_err(evidence_content(e.ev, &item, NULL, NULL), CAIRN_ERR_CRYPTO);
	assert_non_null(strstr(e.ev->trouble, "piece 2 of 10"));
}

static void
a_cut_file_is_found(void **state)
{
	struct evidence_item item;
	char path[160];

	(void)state;
	evidenced_add(&e, &item, large, sizeof(large));
	evidenced_path(&e, &item, path);
	assert_ok(chmod(path, 0600));
	assert_ok(truncate(path, EVIDENCE_SEALED_BYTES));
	assert_err(evidence_content(e.ev, &item, NULL, NULL), CAIRN_ERR_CRYPTO);
	assert_non_null(strstr(e.ev->trouble, "cut short"));
}

static void
pieces_that_changed_places_are_found(void **state)
{
	static uint8_t swap[2][EVIDENCE_SEALED_BYTES];
	struct evidence_item item;
	char path[160];
	int fd;

	(void)state;
	evidenced_add(&e, &item, large, sizeof(large));
	evidenced_path(&e, &item, path);
	assert_ok(chmod(path, 0600));
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(pread(fd, swap, sizeof(swap), 0), sizeof(swap));
	assert_int_equal(pwrite(fd, swap[1], sizeof(swap[1]), 0), sizeof(swap[1]));
	assert_int_equal(pwrite(fd, swap[0], sizeof(swap[0]), sizeof(swap[0])), sizeof(swap[0]));
	close(fd);
	assert_err(evidence_content(e.ev, &item, NULL, NULL), CAIRN_ERR_CRYPTO);
}

static void
a_missing_file_is_said(void **state)
{
	struct evidence_item item;
	char path[160];

	(void)state;
	evidenced_add(&e, &item, "x", 1);
	evidenced_path(&e, &item, path);
	assert_ok(unlink(path));
	assert_err(evidence_content(e.ev, &item, NULL, NULL), CAIRN_ERR_UNKNOWN);
	assert_non_null(strstr(e.ev->trouble, "gone"));
}

static void
the_kind_is_told_by_content_not_by_name(void **state)
{
	static const char pdf[] = "%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n";
	struct evidence_item item;

	(void)state;
	evidenced_add(&e, &item, pdf, sizeof(pdf) - 1);
	assert_string_equal(item.media, "application/pdf");
}

static void
the_log_begins_with_received_and_sealed(void **state)
{
	enum evidence_action actions[4];
	struct evidence_item item;

	(void)state;
	evidenced_add(&e, &item, "x", 1);
	assert_int_equal(evidenced_log(&e, item.id, actions, 4), 2);
	assert_int_equal(actions[0], EVIDENCE_RECEIVED);
	assert_int_equal(actions[1], EVIDENCE_SEALED);
}

static void
erasing_leaves_the_log_alone(void **state)
{
	enum evidence_action actions[4];
	struct evidence_item item;
	char path[160];

	(void)state;
	evidenced_add(&e, &item, "x", 1);
	evidenced_path(&e, &item, path);
	assert_ok(evidence_erase(e.ev, &item, "asked for by the witness", EVIDENCED_NOW));
	assert_int_equal(access(path, F_OK), -1);
	assert_ok(evidence_get_item(e.ev, &item, item.id));
	assert_true(item.erased);
	assert_err(evidence_content(e.ev, &item, NULL, NULL), CAIRN_ERR_UNKNOWN);
	assert_int_equal(evidenced_log(&e, item.id, actions, 4), 3);
	assert_int_equal(actions[2], EVIDENCE_ERASED);
}

static void
leftovers_go_at_the_next_start_and_nothing_else(void **state)
{
	struct evidence_item item;
	char path[160];
	int fd;

	(void)state;
	evidenced_add(&e, &item, "x", 1);
	snprintf(path, sizeof(path), "%s/0123456789abcdef0123456789abcdef", e.folder);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	evidenced_close(&e);
	assert_ok(evidenced_open(&e, NULL));
	assert_int_equal(evidenced_files(&e), 1);
	assert_ok(evidence_content(e.ev, &item, NULL, NULL));
}

static void
an_item_is_found_by_the_beginning_of_its_id(void **state)
{
	struct evidence_item item, found;
	char hex[33];

	(void)state;
	evidenced_add(&e, &item, "x", 1);
	sodium_bin2hex(hex, sizeof(hex), item.id, sizeof(item.id));
	assert_ok(evidence_find(e.ev, &found, (struct cairn_span){hex, 8}));
	assert_memory_equal(found.id, item.id, sizeof(item.id));
	assert_err(evidence_find(e.ev, &found, (struct cairn_span){hex, 3}), CAIRN_ERR_FORMAT);
	hex[31] = hex[31] == '0' ? '1' : '0';
	assert_err(evidence_find(e.ev, &found, (struct cairn_span){hex, 32}), CAIRN_ERR_UNKNOWN);
	assert_err(evidence_find(e.ev, &found, (struct cairn_span){"%%%%", 4}), CAIRN_ERR_FORMAT);
}

/* --- operations --- */

#define OPS 16U
static struct {
	uint8_t bytes[EVIDENCE_ENTRY_MAX];
	size_t size;
} ops[OPS];
static size_t op_count;
static int sink_err;

static int
keep_op(void *arg, enum evidence_op op, const uint8_t *bytes, size_t size)
{
	(void)arg;
	if (op != EVIDENCE_OP_ENTRY || sink_err != CAIRN_OK)
		return sink_err;
	memcpy(ops[op_count].bytes, bytes, size);
	ops[op_count++].size = size;
	return CAIRN_OK;
}

static void
with_sink(void)
{
	op_count = 0;
	sink_err = CAIRN_OK;
	evidenced_close(&e);
	e.options.sink = keep_op;
	assert_ok(evidenced_open(&e, NULL));
}

/* A second device of the same desk. */
static void
init_other(struct evidenced *other)
{
	evidenced_init(other);
	evidenced_close(other);
	memcpy(other->desk_id, e.desk_id, sizeof(e.desk_id));
	assert_ok(evidenced_open(other, NULL));
}

static int
apply(struct evidenced *other, size_t i)
{
	return evidence_apply(other->ev, EVIDENCE_OP_ENTRY, ops[i].bytes, ops[i].size, e.secret + 32);
}

static void
another_device_learns_the_log_from_operations(void **state)
{
	struct evidenced other;
	struct evidence_item item, there;

	(void)state;
	with_sink();
	evidenced_add(&e, &item, "x", 1);
	init_other(&other);
	assert_int_equal(op_count, 2);
	assert_ok(apply(&other, 0));
	assert_ok(apply(&other, 1));
	assert_ok(apply(&other, 1)); /* twice is once */
	assert_ok(evidence_get_item(other.ev, &there, item.id));
	assert_memory_equal(there.sha256, item.sha256, 32);
	assert_false(there.here);
	assert_int_equal(evidenced_log(&other, item.id, NULL, 0), 2);
	evidenced_release(&other);
}

static void
an_operation_of_another_key_or_changed_is_refused(void **state)
{
	struct evidenced other;
	struct evidence_item item;

	(void)state;
	with_sink();
	evidenced_add(&e, &item, "x", 1);
	init_other(&other);
	assert_err(evidence_apply(other.ev, EVIDENCE_OP_ENTRY, ops[0].bytes, ops[0].size, other.secret + 32),
	    CAIRN_ERR_CRYPTO);
	ops[0].bytes[30] ^= 1;
	assert_err(apply(&other, 0), CAIRN_ERR_CRYPTO);
	evidenced_release(&other);
}

static void
an_operation_before_its_time_is_told(void **state)
{
	struct evidenced other;
	struct evidence_item item;

	(void)state;
	with_sink();
	evidenced_add(&e, &item, "x", 1);
	init_other(&other);
	assert_err(apply(&other, 1), CAIRN_ERR_UNKNOWN);
	assert_ok(apply(&other, 0));
	assert_ok(apply(&other, 1));
	evidenced_release(&other);
}

static void
two_devices_that_wrote_apart_are_joined(void **state)
{
	struct evidenced other;
	struct evidence_item item, there;
	struct evidence_entry last;
	size_t before;

	(void)state;
	with_sink();
	evidenced_add(&e, &item, "x", 1);
	init_other(&other);
	other.options.sink = keep_op;
	evidenced_close(&other);
	assert_ok(evidenced_open(&other, NULL));
	assert_ok(apply(&other, 0));
	assert_ok(apply(&other, 1));
	assert_ok(evidence_get_item(other.ev, &there, item.id));
	assert_ok(evidence_note_act(e.ev, &item, EVIDENCE_HANDED_OVER, "the lawyer", NULL, EVIDENCED_NOW));
	before = op_count;
	assert_ok(evidence_note_act(other.ev, &there, EVIDENCE_HANDED_OVER, "the doctor", NULL, EVIDENCED_NOW));
	assert_ok(evidence_apply(e.ev, EVIDENCE_OP_ENTRY, ops[before].bytes, ops[before].size, other.secret + 32));
	assert_ok(evidence_note_act(e.ev, &item, EVIDENCE_EXPORTED, NULL, NULL, EVIDENCED_NOW));
	assert_ok(evidence_entry_read(&last, ops[op_count - 1].bytes, ops[op_count - 1].size));
	assert_int_equal(last.prev_count, 2);
	evidenced_release(&other);
}

static void
what_the_sink_refuses_did_not_happen(void **state)
{
	uint8_t id[EVIDENCE_ITEM_BYTES];
	struct evidence_item item;

	(void)state;
	with_sink();
	sink_err = CAIRN_ERR_SPACE;
	assert_err(evidenced_try(&e, id, "x", 1), CAIRN_ERR_SPACE);
	assert_err(evidence_get_item(e.ev, &item, id), CAIRN_ERR_UNKNOWN);
	evidenced_close(&e);
	assert_ok(evidenced_open(&e, NULL));
	assert_int_equal(evidenced_files(&e), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(what_comes_in_comes_out_at_every_size),
	    CASE(the_disk_tells_neither_content_nor_name),
	    CASE(the_name_comes_back),
	    CASE(a_sealed_file_is_for_reading_only),
	    CASE(a_flipped_bit_is_found_and_its_piece_named),
	    CASE(a_cut_file_is_found),
	    CASE(pieces_that_changed_places_are_found),
	    CASE(a_missing_file_is_said),
	    CASE(the_kind_is_told_by_content_not_by_name),
	    CASE(the_log_begins_with_received_and_sealed),
	    CASE(erasing_leaves_the_log_alone),
	    CASE(leftovers_go_at_the_next_start_and_nothing_else),
	    CASE(an_item_is_found_by_the_beginning_of_its_id),
	    CASE(another_device_learns_the_log_from_operations),
	    CASE(an_operation_of_another_key_or_changed_is_refused),
	    CASE(an_operation_before_its_time_is_told),
	    CASE(two_devices_that_wrote_apart_are_joined),
	    CASE(what_the_sink_refuses_did_not_happen),
	};

	return RUN_TESTS(tests);
}
