// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <sodium.h>

#include "cairn/note.h"
#include "lib/recorded.h"
#include "lib/staffed.h"
#include "record/apply.h"
#include "record/bundle.h"
#include "record/import.h"

static struct staffed desk;
static struct cairn_xwing_key partner;
static const uint8_t partner_seed[CAIRN_XWING_SEED_BYTES] = {7};
static const uint8_t other_seed[CAIRN_XWING_SEED_BYTES] = {8};

/* ---- a desk with a record ---- */

static int
setup(void **state)
{
	struct record_local local;
	struct record_sink sink;
	struct dice d = {.state = 3};

	(void)state;
	staffed_init(&desk);
	cairn_xwing_key_init(&partner, partner_seed);
	assert_ok(record_prepare(desk.desk->state));
	local = (struct record_local){desk.desk, desk.now};
	sink = record_local_sink(&local);
	assert_ok(db_begin(desk.desk->state));
	for (int i = 0; i < 20; i++) {
		struct record_change change;

		dice_change(&d, &change, true);
		if (change.kind->number != RECORD_account &&
		    record_change_find(&change, RECORD_any_accounts, RECORD_ADD) == NULL)
			assert_ok(record_emit(desk.desk->state, &sink, &change));
		record_change_clear(&change);
	}
	return db_end(desk.desk->state, CAIRN_OK);
}

static int
teardown(void **state)
{
	(void)state;
	staffed_release(&desk);
	return 0;
}

static void
make(uint8_t **bytes, size_t *size, enum record_purpose purpose, const uint8_t *to)
{
	struct record_wish wish = {
	    .purpose = purpose, .partner = {"Clinic", purpose == RECORD_PURPOSE_PARTNER ? 6 : 0}};
	struct record_selection selection;

	assert_ok(record_select(desk.desk->state, &wish, NULL, &selection));
	assert_ok(record_bundle_make(bytes, size, desk.desk, &selection, &wish, to, desk.now));
	record_selection_clear(&selection);
}

/* Expects that it does not open, and says so with these words. */
static void
refused(const void *bytes, size_t size, const char *why)
{
	struct record_bundle b;

	assert_int_not_equal(record_bundle_open(&b, bytes, size, partner_seed), CAIRN_OK);
	assert_non_null(b.fault);
	if (strstr(b.fault, why) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", b.fault, why);
	record_bundle_clear(&b);
}

/* ---- there and back ---- */

static char *
json_text(struct db *db)
{
	struct record_wish wish = {.purpose = RECORD_PURPOSE_INTERNAL};
	struct record_selection selection;
	json_t *json;
	char *text;

	assert_ok(record_select(db, &wish, NULL, &selection));
	json = record_json(selection.entities, selection.count);
	text = json_dumps(json, JSON_INDENT(1));
	json_decref(json);
	record_selection_clear(&selection);
	return text;
}

static void
there_and_back(const uint8_t *to)
{
	struct recorded *r = recorded_new();
	struct record_sink sink = recorded_sink(r);
	struct record_import import = {.compartment = NULL};
	struct record_imported did;
	struct record_bundle b;
	uint8_t *bytes;
	size_t size;
	char *before, *after;

	make(&bytes, &size, RECORD_PURPOSE_INTERNAL, to);
	assert_ok(record_bundle_open(&b, bytes, size, partner_seed));
	assert_memory_equal(b.manifest.desk_id, desk.self.desk_id, sizeof(b.manifest.desk_id));
	assert_int_equal(b.manifest.created, desk.now);
	assert_ok(record_import(r->db, &sink, &import, &b.document, &did));
	before = json_text(desk.desk->state);
	after = json_text(r->db);
	assert_string_equal(before, after);
	free(before);
	free(after);
	free(bytes);
	record_bundle_clear(&b);
	recorded_free(r);
}

static void
another_desk_opens_a_bundle_and_nothing_is_lost(void **state)
{
	(void)state;
	there_and_back(NULL);
}

static void
a_sealed_bundle_opens_for_its_device_alone(void **state)
{
	struct record_bundle b;
	uint8_t *bytes;
	size_t size;

	(void)state;
	there_and_back(partner.public_key);
	make(&bytes, &size, RECORD_PURPOSE_INTERNAL, partner.public_key);
	assert_err(record_bundle_open(&b, bytes, size, other_seed), CAIRN_ERR_CRYPTO);
	record_bundle_clear(&b);
	for (size_t at = 0; at < size; at += 97) {
		bytes[at] ^= 1;
		assert_int_not_equal(record_bundle_open(&b, bytes, size, partner_seed), CAIRN_OK);
		record_bundle_clear(&b);
		bytes[at] ^= 1;
	}
	free(bytes);
}

static void
the_manifest_says_for_what_and_whom(void **state)
{
	struct record_bundle b;
	uint8_t *bytes;
	size_t size;

	(void)state;
	make(&bytes, &size, RECORD_PURPOSE_PARTNER, NULL);
	assert_ok(record_bundle_open(&b, bytes, size, partner_seed));
	assert_int_equal(b.manifest.purpose, RECORD_PURPOSE_PARTNER);
	assert_memory_equal(b.manifest.partner.text, "Clinic", 6);
	record_bundle_clear(&b);
	free(bytes);
}

/* ---- altered ---- */

/* Opens a bundle's tar, lets alter() at it, and packs it again. */
static void
repacked(void (*alter)(struct tar *tar), const char *why)
{
	struct tar tar;
	uint8_t *bytes, *again;
	size_t size, again_size;

	make(&bytes, &size, RECORD_PURPOSE_INTERNAL, NULL);
	assert_ok(tar_read(&tar, bytes, size));
	alter(&tar);
	assert_ok(tar_write(&again, &again_size, &tar, desk.now));
	refused(again, again_size, why);
	free(again);
	free(bytes);
	tar_clear(&tar);
}

static struct tar_file *
file(struct tar *tar, const char *name)
{
	return (struct tar_file *)(uintptr_t)tar_find(tar, name);
}

static void
alter_record(struct tar *tar)
{
	file(tar, "record.json")->bytes[40] ^= 1;
}

static void
drop_last_csv(struct tar *tar)
{
	struct tar_file *last = NULL;

	for (size_t i = 0; i < tar->count; i++)
		if (strncmp(tar->files[i].name, "csv/", 4) == 0)
			last = &tar->files[i];
	free(last->bytes);
	*last = tar->files[--tar->count];
}

static void
add_another(struct tar *tar)
{
	assert_ok(tar_add(tar, "readme", (uint8_t *)strdup("x"), 1));
}

static void
alter_manifest(struct tar *tar)
{
	struct tar_file *manifest = file(tar, "manifest");
	char *at = memmem(manifest->bytes, manifest->size, "purpose internal", 16);

	memcpy(at, "purpose help\npar", 16);
	memcpy(at, "purpose partner ", 16);
	at[15] = '\n';
}

static void
take_manifest_away(struct tar *tar)
{
	memcpy(file(tar, "manifest")->name, "manifesto", 10);
}

static void
take_roster_away(struct tar *tar)
{
	memcpy(file(tar, "roster")->name, "roaster", 8);
}

static void
sign_as_stranger(struct tar *tar)
{
	struct tar_file *manifest = file(tar, "manifest");
	char name[CAIRN_KEY_NAME_BYTES];
	uint8_t key[32], secret[64], *note = malloc(32768);
	struct cairn_note read;
	size_t size;

	crypto_sign_keypair(key, secret);
	assert_ok(cairn_note_read(&read, manifest->bytes, manifest->size));
	assert_ok(cairn_note_sign(
	    note, 32768, &size, read.text, cairn_key_name(name, desk.self.desk_id, "device"), secret));
	free(manifest->bytes);
	manifest->bytes = note;
	manifest->size = size;
}

static void
what_was_altered_since_is_refused(void **state)
{
	(void)state;
	repacked(alter_record, "altered");
	repacked(drop_last_csv, "missing");
	repacked(add_another, "does not name");
	repacked(alter_manifest, "signature");
	repacked(take_manifest_away, "no manifest");
	repacked(take_roster_away, "roster");
	repacked(sign_as_stranger, "signature");
}

/* A manifest that names one file twice instead of another, signed by the device itself. */
static void
a_file_named_twice_does_not_hide_another(void **state)
{
	struct cairn_note read;
	struct tar tar;
	char name[CAIRN_KEY_NAME_BYTES], *text, *json, *csv;
	uint8_t *bytes, *again;
	size_t size, again_size;
	struct tar_file *manifest;

	(void)state;
	make(&bytes, &size, RECORD_PURPOSE_INTERNAL, NULL);
	assert_ok(tar_read(&tar, bytes, size));
	manifest = file(&tar, "manifest");
	assert_ok(cairn_note_read(&read, manifest->bytes, manifest->size));
	text = calloc(1, read.text.size + 512);
	memcpy(text, read.text.text, read.text.size);
	csv = strstr(text, "csv/");
	while (csv[-1] != '\n')
		csv--;
	json = strstr(text, "record.json");
	while (json[-1] != '\n')
		json--;
	/* The line of the first csv file becomes that of the record again. */
	{
		size_t line = (size_t)(strchr(json, '\n') - json) + 1, old = (size_t)(strchr(csv, '\n') - csv) + 1;
		char *copy = strndup(json, line);

		memmove(csv + line, csv + old, strlen(csv + old) + 1);
		memcpy(csv, copy, line);
		free(copy);
	}
	manifest->bytes = realloc(manifest->bytes, 65536);
	assert_ok(cairn_note_sign(manifest->bytes, 65536, &manifest->size, (struct cairn_span){text, strlen(text)},
	    cairn_key_name(name, desk.self.desk_id, "device"), desk.self.sign_secret));
	assert_ok(tar_write(&again, &again_size, &tar, desk.now));
	refused(again, again_size, "twice");
	free(text);
	free(again);
	free(bytes);
	tar_clear(&tar);
}

static void
a_sealed_one_cannot_be_handed_on_as_sealed_to_another(void **state)
{
	struct record_bundle b;
	uint8_t *bytes, *inner;
	size_t size, inner_size;

	(void)state;
	make(&bytes, &size, RECORD_PURPOSE_INTERNAL, partner.public_key);
	assert_ok(record_bundle_open(&b, bytes, size, partner_seed));
	assert_ok(tar_write(&inner, &inner_size, &b.tar, desk.now));
	record_bundle_clear(&b);
	refused(inner, inner_size, "another device");
	free(inner);
	free(bytes);
}

/* ---- hostile tars ---- */

struct wanted {
	const char *name;
	unsigned type;
	const char *link; /* hard, where type is 0 */
	const char *data;
};

static void
hostile(const struct wanted *files, size_t count, int filter)
{
	static uint8_t room[1 << 20];
	struct archive *out = archive_write_new();
	struct tar tar;
	size_t used;

	archive_write_set_format_pax(out);
	if (filter == ARCHIVE_FILTER_GZIP)
		archive_write_add_filter_gzip(out);
	assert_int_equal(archive_write_open_memory(out, room, sizeof(room), &used), ARCHIVE_OK);
	for (size_t i = 0; i < count; i++) {
		struct archive_entry *entry = archive_entry_new();

		archive_entry_set_pathname(entry, files[i].name);
		archive_entry_set_perm(entry, 0600);
		if (files[i].type == 0)
			archive_entry_set_hardlink(entry, files[i].link);
		else
			archive_entry_set_filetype(entry, files[i].type);
		if (files[i].type == AE_IFLNK)
			archive_entry_set_symlink(entry, files[i].link);
		archive_entry_set_size(entry, files[i].data == NULL ? 0 : (la_int64_t)strlen(files[i].data));
		archive_write_header(out, entry);
		if (files[i].data != NULL)
			archive_write_data(out, files[i].data, strlen(files[i].data));
		archive_entry_free(entry);
	}
	archive_write_close(out);
	archive_write_free(out);
	assert_int_not_equal(tar_read(&tar, room, used), CAIRN_OK);
	tar_clear(&tar);
}

static void
paths_links_devices_and_names_twice_are_refused(void **state)
{
	static const struct wanted bad[] = {{"../manifest", AE_IFREG, NULL, "x"},
	    {"/etc/passwd", AE_IFREG, NULL, "x"}, {"a/../b", AE_IFREG, NULL, "x"}, {"a/b/c", AE_IFREG, NULL, "x"},
	    {"a//b", AE_IFREG, NULL, "x"}, {"A", AE_IFREG, NULL, "x"}, {"a b", AE_IFREG, NULL, "x"},
	    {".a", AE_IFREG, NULL, "x"}, {"-a", AE_IFREG, NULL, "x"}, {"csv/", AE_IFDIR, NULL, NULL},
	    {"link", AE_IFLNK, "/etc/passwd", NULL}, {"hard", 0, "manifest", NULL}, {"fifo", AE_IFIFO, NULL, NULL},
	    {"dev", AE_IFCHR, NULL, NULL}, {"a\\b", AE_IFREG, NULL, "x"}};
	static const struct wanted twice[] = {{"a", AE_IFREG, NULL, "x"}, {"a", AE_IFREG, NULL, "y"}};
	static const struct wanted plain[] = {{"a", AE_IFREG, NULL, "x"}};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		hostile(&bad[i], 1, ARCHIVE_FILTER_NONE);
	hostile(twice, 2, ARCHIVE_FILTER_NONE);
	hostile(plain, 1, ARCHIVE_FILTER_GZIP);
	hostile(plain, 0, ARCHIVE_FILTER_NONE);
}

static void
more_files_than_are_allowed_are_refused(void **state)
{
	static struct wanted many[TAR_FILES_MAX + 1];
	static char names[TAR_FILES_MAX + 1][8];

	(void)state;
	for (size_t i = 0; i <= TAR_FILES_MAX; i++) {
		snprintf(names[i], sizeof(names[i]), "f%zu", i);
		many[i] = (struct wanted){names[i], AE_IFREG, NULL, "x"};
	}
	hostile(many, TAR_FILES_MAX + 1, ARCHIVE_FILTER_NONE);
}

/* A sparse file of 8 GiB in a tar of 2 KiB, as GNU tar writes them; and a header that promises more than there is. */
static void
a_file_that_would_grow_is_refused(void **state)
{
	static uint8_t room[8192];
	struct archive *out = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	struct tar tar;
	uint8_t *bytes;
	size_t used, size;

	(void)state;
	archive_write_set_format_pax(out);
	assert_int_equal(archive_write_open_memory(out, room, sizeof(room), &used), ARCHIVE_OK);
	archive_entry_set_pathname(entry, "bomb");
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_size(entry, INT64_C(8) << 30);
	archive_entry_sparse_add_entry(entry, 0, 1);
	assert_true(archive_write_header(out, entry) >= ARCHIVE_WARN);
	archive_write_data(out, "x", 1);
	archive_entry_free(entry);
	archive_write_free(out);
	assert_int_not_equal(tar_read(&tar, room, used < 4096 ? 4096 : used), CAIRN_OK);
	tar_clear(&tar);

	make(&bytes, &size, RECORD_PURPOSE_INTERNAL, NULL);
	assert_int_not_equal(tar_read(&tar, bytes, size / 2), CAIRN_OK);
	tar_clear(&tar);
	free(bytes);
}

static void
a_manifest_in_another_form_is_refused(void **state)
{
	static const char *const bad[] = {"", "cairn bundle 2\n", "cairn bundle 1\n", "cairn bundle 1\ndesk 00\n"};
	struct record_manifest m;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_err(record_manifest_read(&m, (struct cairn_span){bad[i], strlen(bad[i])}), CAIRN_ERR_FORMAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(another_desk_opens_a_bundle_and_nothing_is_lost),
	    cmocka_unit_test(a_sealed_bundle_opens_for_its_device_alone),
	    cmocka_unit_test(the_manifest_says_for_what_and_whom),
	    cmocka_unit_test(what_was_altered_since_is_refused),
	    cmocka_unit_test(a_file_named_twice_does_not_hide_another),
	    cmocka_unit_test(a_sealed_one_cannot_be_handed_on_as_sealed_to_another),
	    cmocka_unit_test(paths_links_devices_and_names_twice_are_refused),
	    cmocka_unit_test(more_files_than_are_allowed_are_refused),
	    cmocka_unit_test(a_file_that_would_grow_is_refused),
	    cmocka_unit_test(a_manifest_in_another_form_is_refused),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests_name("test_record_bundle.c", tests, setup, teardown);
}
