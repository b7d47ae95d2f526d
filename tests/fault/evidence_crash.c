// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "lib/evidenced.h"
#include "lib/fault.h"

/*
 * A file is taken in, or erased, with the power cut at its k-th write, sync, opening or removal, for k = 1, 2, 3, ...
 * until a run gets through. After each cut the next start must find the item whole, with its log, or nothing of it.
 * Then the same with single calls that fail once.
 */

/* Several writes, and more pieces than are under way at once. */
#define CONTENT (9 * EVIDENCE_PIECE_BYTES + 1234)
#define POINTS_LEAST 10 /* fewer would mean that nothing was tried */

static struct evidenced e;
static uint8_t content[CONTENT];
static bool once; /* the call fails, and what comes after it does not */

static bool
fails(void)
{
	bool struck = fault_point();

	if (struck && once)
		fault_arm(0);
	return struck;
}

#define WRAPPED(type, name, params, args)  \
	type __real_##name params;         \
	type __wrap_##name params;         \
	type __wrap_##name params          \
	{                                  \
		if (fails()) {             \
			errno = EIO;       \
			return -1;         \
		}                          \
		return __real_##name args; \
	}

WRAPPED(ssize_t, write, (int fd, const void *bytes, size_t size), (fd, bytes, size))
WRAPPED(int, fsync, (int fd), (fd))
WRAPPED(int, fchmod, (int fd, mode_t mode), (fd, mode))
WRAPPED(int, unlinkat, (int fd, const char *path, int flags), (fd, path, flags))

int __real_openat(int folder, const char *path, int flags, ...);
int __wrap_openat(int folder, const char *path, int flags, ...);

int
__wrap_openat(int folder, const char *path, int flags, ...)
{
	va_list args;
	int mode;

	va_start(args, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg(args, int) : 0;
	va_end(args);
	if (fails()) {
		errno = EIO;
		return -1;
	}
	return __real_openat(folder, path, flags, mode);
}

static int
set_up(void **state)
{
	(void)state;
	evidenced_init_quick(&e);
	randombytes_buf(content, sizeof(content));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	fault_mend();
	evidenced_release(&e);
	return 0;
}

static void
open_faulty(void)
{
	evidenced_close(&e);
	fault_vfs();
	assert_ok(evidenced_open(&e, "fault"));
}

struct found {
	size_t count;
	struct evidence_item last;
};

static int
count_item(void *arg, const struct evidence_item *item)
{
	struct found *f = arg;

	f->count++;
	f->last = *item;
	return CAIRN_OK;
}

/* The next start, with the power back. */
static struct found
start_again(void)
{
	struct found found = {0};

	fault_mend();
	evidenced_close(&e);
	assert_ok(evidenced_open(&e, NULL));
	assert_ok(evidence_list(e.ev, count_item, &found));
	return found;
}

static void
check_whole(const struct evidence_item *item)
{
	enum evidence_action actions[4];
	uint8_t *got;
	size_t bytes;

	assert_ok(evidenced_content(&e, item, &got, &bytes));
	assert_int_equal(bytes, sizeof(content));
	assert_memory_equal(got, content, sizeof(content));
	free(got);
	assert_int_equal(evidenced_log(&e, item->id, actions, 4), 2);
}

/* Whole, or not there; what add said is right either way but for a cut in the middle of the answer. */
static void
check_added(int err, size_t before)
{
	struct found found = start_again();

	assert_in_range(found.count, before, before + 1);
	if (err == CAIRN_OK)
		assert_int_equal(found.count, before + 1);
	if (found.count > before)
		check_whole(&found.last);
	assert_int_equal(evidenced_files(&e), found.count);
}

static void
add_with_cuts(void)
{
	uint8_t id[EVIDENCE_ITEM_BYTES];
	unsigned long k = 0;
	size_t before = 0;
	int err;

	do {
		open_faulty();
		fault_arm(++k);
		err = evidenced_try(&e, id, content, sizeof(content));
		check_added(err, before);
		before = start_again().count;
	} while (err != CAIRN_OK);
	assert_true(k > POINTS_LEAST);
}

static void
a_cut_while_taking_in_leaves_all_or_nothing(void **state)
{
	(void)state;
	once = false;
	add_with_cuts();
}

static void
a_call_that_fails_once_leaves_all_or_nothing(void **state)
{
	(void)state;
	once = true;
	add_with_cuts();
}

/* Either it is all there still, or neither content nor file is. */
static void
check_erased(int err)
{
	struct found found = start_again();

	assert_int_equal(found.count, 1);
	if (err == CAIRN_OK)
		assert_true(found.last.erased);
	if (!found.last.erased) {
		check_whole(&found.last);
		return;
	}
	assert_err(evidence_content(e.ev, &found.last, NULL, NULL), CAIRN_ERR_UNKNOWN);
	assert_int_equal(evidenced_files(&e), 0);
}

static void
a_cut_while_erasing_leaves_all_or_nothing(void **state)
{
	unsigned long k = 0;
	int err;

	(void)state;
	once = false;
	do {
		struct evidence_item item;

		evidenced_release(&e);
		evidenced_init_quick(&e);
		open_faulty();
		evidenced_add(&e, &item, content, sizeof(content));
		fault_arm(++k);
		err = evidence_erase(e.ev, &item, NULL, EVIDENCED_NOW);
		check_erased(err);
	} while (err != CAIRN_OK);
	assert_true(k > POINTS_LEAST);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_cut_while_taking_in_leaves_all_or_nothing),
	    CASE(a_call_that_fails_once_leaves_all_or_nothing),
	    CASE(a_cut_while_erasing_leaves_all_or_nothing),
	};

	return RUN_TESTS(tests);
}
