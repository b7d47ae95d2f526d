// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The power goes at the k-th write, sync or cut of the database, for k = 1, 2, 3, ..., while a record is taken in.
 * Then the file is opened again: all of it stands there, or nothing, and what the program said was true.
 */
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "lib/fault.h"
#include "lib/recorded.h"
#include "record/apply.h"
#include "record/import.h"

#define ENTITIES 6

static struct db *
opened(const char *path, const char *vfs)
{
	struct db *db = NULL;

	assert_ok(db_open(&db, path, vfs));
	return db;
}

static int
take(void *arg, const uint8_t compartment[RECORD_COMPARTMENT_BYTES], const void *bytes, size_t size)
{
	struct record_origin origin = {.device = {1}, .at = 1};
	struct db *db = arg;
	int err = record_clock(db, origin.device, &origin.counter, &origin.lamport);

	memcpy(origin.compartment, compartment, sizeof(origin.compartment));
	return err == CAIRN_OK ? record_apply(db, bytes, size, &origin) : err;
}

/* The same entities each time. */
static void
fill(struct record_document *document)
{
	struct dice d = {.state = 5};

	memset(document, 0, sizeof(*document));
	for (int i = 0; i < ENTITIES; i++)
		dice_change(&d, record_document_more(document), true);
}

static int
take_in(struct db *db)
{
	struct record_import import = {.compartment = NULL};
	struct record_sink sink = {take, db};
	struct record_document document;
	struct record_imported did;
	int err;

	fill(&document);
	err = record_import(db, &sink, &import, &document, &did);
	record_document_clear(&document);
	return err;
}

static size_t
standing(const char *path)
{
	struct db *db = opened(path, NULL);
	struct record_head *heads;
	size_t count;

	assert_ok(record_list(db, NULL, &heads, &count));
	free(heads);
	/* And it goes on from there. */
	assert_ok(take_in(db));
	db_close(db);
	return count;
}

static void
a_power_cut_leaves_all_of_an_import_or_nothing(void **state)
{
	unsigned long k = 1, all = 0, nothing = 0;
	bool through = false;

	(void)state;
	fault_vfs();
	for (; !through; k++) {
		struct recorded *r = recorded_new();
		struct db *db;
		size_t count;
		int err;

		db_close(r->db);
		db = opened(r->path, "fault");
		fault_arm(k);
		err = take_in(db);
		through = !fault_struck();
		db_close(db);
		fault_mend();
		count = standing(r->path);
		assert_true(count == 0 || count == ENTITIES);
		assert_true(err != CAIRN_OK || count == ENTITIES);
		all += count == ENTITIES;
		nothing += count == 0;
		r->db = NULL;
		recorded_free(r);
	}
	assert_true(k > 5 && all > 0 && nothing > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_power_cut_leaves_all_of_an_import_or_nothing),
	};

	if (sodium_init() < 0)
		return 1;
	return RUN_TESTS(tests);
}
