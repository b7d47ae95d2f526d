// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * C4, retention: of a record that was deleted from the feed the relay has nothing but its hash, so that keys that are
 * found or broken later have nothing to open.
 *
 * The attacker kills the relay the moment it has said that records are deleted, and looks for their bytes in the
 * whole data folder: database, its log, free pages, files. Each search is first tried where it must succeed.
 */
#include "lib/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attack/loot.h"
#include "lib/relay_desk.h"

#define RECORDS 90U
#define MARK 24U /* bytes of a record that tell it from all else */

static struct relay_process relay;
static struct relay_desk desk, other;

static int
set_up(void **state)
{
	(void)state;
	relay_init(&relay);
	if (!relay_start(&relay, NULL))
		return -1;
	relay_desk_init(&desk, &relay, 1);
	relay_desk_init(&other, &relay, 2);
	return 0;
}

static int
tear_down(void **state)
{
	int code = relay_stop(&relay);

	(void)state;
	relay_desk_release(&other);
	relay_desk_release(&desk);
	relay_release(&relay);
	return code;
}

static size_t
bytes_of(uint64_t n)
{
	static const size_t sizes[] = {1024, 4096, 1024, 16384, 1024, 65536};

	return sizes[n % 6];
}

/* Records of the other desk are numbered from there on. */
static uint64_t
number(const struct relay_desk *of, uint64_t seq)
{
	return of == &desk ? seq : RECORDS + seq;
}

static void
append(struct relay_desk *to, uint64_t seq)
{
	static uint8_t record[CAIRN_FEED_RECORD_BYTES_MAX];

	relay_feed_record(to, record, bytes_of(seq), seq, number(to, seq));
	assert_int_equal(relay_feed_append(to, seq, record, bytes_of(seq), NULL), 204);
}

/* How many of what is sealed at its beginning, of its middle and its end are there. */
static unsigned
parts_found(const struct loot *loot, const struct relay_desk *of, uint64_t seq)
{
	static uint8_t record[CAIRN_FEED_RECORD_BYTES_MAX];
	size_t bytes = bytes_of(seq);
	const size_t parts[] = {CAIRN_FEED_RECORD_HEAD_BYTES, bytes / 2, bytes - MARK};
	unsigned found = 0;

	relay_feed_record(of, record, bytes, seq, number(of, seq));
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		found += loot_has(loot, record + parts[i], MARK);
	return found;
}

static bool
hash_found(const struct loot *loot, uint64_t seq)
{
	static uint8_t record[CAIRN_FEED_RECORD_BYTES_MAX];
	uint8_t hash[32];

	relay_feed_record(&desk, record, bytes_of(seq), seq, number(&desk, seq));
	cairn_hash(hash, record, bytes_of(seq));
	return loot_has(loot, hash, sizeof hash);
}

static bool
is_deleted(uint64_t seq)
{
	return seq % 3 != 0;
}

static void
check_disk(bool deleted)
{
	struct loot disk = {0};

	loot_folder(&disk, relay.data);
	for (uint64_t seq = 0; seq < RECORDS; seq++) {
		assert_int_equal(parts_found(&disk, &desk, seq), deleted && is_deleted(seq) ? 0 : 3);
		assert_int_equal(parts_found(&disk, &other, seq), 3);
		assert_true(hash_found(&disk, seq));
	}
	loot_release(&disk);
}

static void
of_a_deleted_record_the_disk_has_the_hash_alone(void **state)
{
	uint64_t seqs[RECORDS];
	size_t count = 0;

	(void)state;
	for (uint64_t seq = 0; seq < RECORDS; seq++) {
		append(&desk, seq);
		append(&other, seq);
		if (is_deleted(seq))
			seqs[count++] = seq;
	}
	check_disk(false);
	/* One by one, then all that is left: no process is there any more to do something later. */
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(relay_feed_delete(&desk, &seqs[i], 1), 204);
	assert_int_equal(relay_feed_delete(&desk, seqs, count), 204);
	relay_kill(&relay);
	check_disk(true);
	assert_true(relay_start(&relay, NULL));
	check_disk(true);
}

static void
of_a_desk_that_was_removed_the_disk_has_nothing(void **state)
{
	struct loot disk = {0};

	(void)state;
	assert_int_equal(relay_command(&relay, (const char *const[]){"desk", "remove", other.hex, "--yes", NULL}), 0);
	relay_move_clock(&relay, 3600);
	relay_move_clock(&relay, 0);
	loot_folder(&disk, relay.data);
	for (uint64_t seq = 0; seq < RECORDS; seq++) {
		assert_int_equal(parts_found(&disk, &other, seq), 0);
		assert_int_equal(parts_found(&disk, &desk, seq), is_deleted(seq) ? 0 : 3);
	}
	loot_release(&disk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_deleted_record_the_disk_has_the_hash_alone),
		cmocka_unit_test(of_a_desk_that_was_removed_the_disk_has_nothing),
	};

	return cmocka_run_group_tests_name(__FILE_NAME__, tests, set_up, tear_down);
}
