// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/claimed.h"
#include "lib/fault.h"

/*
 * The power goes at the k-th write, sync, rename or folder of a publishing, for k = 1, 2, 3, ... until it gets
 * through. After each the log opens whole: with the new claim, or without it; what it signed before it still proves;
 * and publishing again enters the claim once.
 */
ssize_t __real_write(int fd, const void *bytes, size_t size);
int __real_fsync(int fd);
int __real_renameat(int from, const char *old, int to, const char *new);
int __real_mkdirat(int fd, const char *path, mode_t mode);
ssize_t __wrap_write(int fd, const void *bytes, size_t size);
int __wrap_fsync(int fd);
int __wrap_renameat(int from, const char *old, int to, const char *new);
int __wrap_mkdirat(int fd, const char *path, mode_t mode);

/* Half of what was to be written is there. */
ssize_t
__wrap_write(int fd, const void *bytes, size_t size)
{
	if (!fault_point())
		return __real_write(fd, bytes, size);
	(void)!__real_write(fd, bytes, size / 2);
	errno = ENOSPC;
	return -1;
}

#define LOST(call)                  \
	do {                        \
		if (fault_point()) { \
			errno = EIO; \
			return -1;  \
		}                   \
		return call;        \
	} while (0)

int
__wrap_fsync(int fd)
{
	LOST(__real_fsync(fd));
}

int
__wrap_renameat(int from, const char *old, int to, const char *new)
{
	LOST(__real_renameat(from, old, to, new));
}

int
__wrap_mkdirat(int fd, const char *path, mode_t mode)
{
	LOST(__real_mkdirat(fd, path, mode));
}

static struct claimed *c;
static uint8_t before[CLAIM_FILE_MAX];
static size_t before_bytes;

/* 255 entries and a claim: the next one begins a tile of every kind. */
static void
fill_log(void)
{
	uint8_t entry[SITE_ENTRY_BYTES] = {SITE_ENTRY_PAGES};
	uint64_t index;

	for (uint8_t i = 0; i < 255; i++) {
		entry[1] = i;
		assert_ok(site_log_append(&c->log, &index, entry));
	}
	claimed_publish(c);
	memcpy(before, c->file, c->file_bytes);
	before_bytes = c->file_bytes;
	memset(c->claim.id, 8, sizeof c->claim.id);
	memcpy(c->secrets.claim_id, c->claim.id, sizeof c->claim.id);
	memset(c->secrets.items, 0, sizeof c->secrets.items);
	for (c->secrets.count = 0; c->secrets.count < 12; c->secrets.count++) {
		(void)snprintf(c->secrets.items[c->secrets.count].code, CLAIM_CODE_BYTES, "B%zu", c->secrets.count);
		c->secrets.items[c->secrets.count].account[0] = (uint8_t)c->secrets.count;
	}
	claimed_write(c);
	claimed_approve(c, CLAIMED_PUBLISHER);
	claimed_approve(c, CLAIMED_SECURITY);
}

static int
publish(void)
{
	return claim_publish(&c->log, c->note, c->note_bytes, &c->roster, c->site.secret);
}

static void
open_again(void)
{
	site_log_close(&c->log);
	assert_ok(site_log_open(&c->log, c->folder, c->desk_id, c->site.key));
	assert_in_range(c->log.size, 256, 257);
}

/* The claim that was public before is still proved by what the log now has. */
static void
check_both(void)
{
	struct claim_check found;

	assert_ok(claim_check(&found, (struct cairn_span){(const char *)before, before_bytes}, &c->card, c->desk_id,
	    NULL));
	assert_ok(claim_file_make(c->file, sizeof c->file, &c->file_bytes, &c->log, c->note, c->note_bytes));
	assert_ok(claimed_check(c, &found));
	assert_int_equal(found.index, 256);
	assert_int_equal(found.log_size, 257);
}

static bool
one_run(unsigned long k)
{
	bool through;

	fault_arm(k);
	through = publish() == CAIRN_OK;
	assert_int_equal(through, !fault_struck());
	fault_mend();
	open_again();
	if (through)
		assert_int_equal(c->log.size, 257);
	assert_ok(publish());
	check_both();
	return through;
}

static void
a_publishing_that_breaks_off_anywhere_leaves_a_whole_log(void **state)
{
	unsigned long k = 0;
	bool through = false;

	(void)state;
	while (!through) {
		c = calloc(1, sizeof *c);
		claimed_init(c, 10, 12);
		fill_log();
		through = one_run(++k);
		claimed_release(c);
		free(c);
	}
	/* Entries, two tiles and the checkpoint: each a write, two syncs and a rename. */
	assert_true(k > 12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_publishing_that_breaks_off_anywhere_leaves_a_whole_log),
	};

	if (sodium_init() < 0)
		return 1;
	return RUN_TESTS(tests);
}
