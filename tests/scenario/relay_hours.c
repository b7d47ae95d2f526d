// SPDX-License-Identifier: GPL-3.0-or-later
/* What time does to the drop: hours turn, receipts keep theirs, what is past goes; and what a restart keeps. */
#include "lib/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cairn/cairn.h"
#include "lib/relay_desk.h"
#include "relay/files.h"

static struct relay_process relay;
static struct relay_desk desk;

static int
set_up(void **state)
{
	(void)state;
	relay_init(&relay);
	/* Ten minutes past an hour, so that no test meets a turn that it did not make. */
	*relay.clock = 3600 - (int64_t)(relay_now(&relay) % 3600) + 600;
	if (!relay_start(&relay, NULL))
		return -1;
	relay_desk_init(&desk, &relay, 1);
	return 0;
}

static int
tear_down(void **state)
{
	int code = relay_stop(&relay);

	(void)state;
	relay_desk_release(&desk);
	relay_release(&relay);
	return code;
}

/* Posts cell n of the day on which the test began. */
static uint32_t
post_hour(uint64_t n, uint8_t receipt[68])
{
	static uint8_t cells[256][8192];
	static bool made[256];
	uint8_t hash[32];
	struct http_answer answer;
	char target[256];
	uint32_t hour = 0;

	if (!made[n])
		relay_desk_cell(&desk, cells[n], CAIRN_DOOR_INTAKE, n);
	made[n] = true;
	relay_ask(&relay, &answer, "POST", relay_desk_path(&desk, target, "drop/intake"), "", cells[n], 8192);
	assert_int_equal(answer.status, 200);
	cairn_hash(hash, cells[n], 8192);
	assert_ok(cairn_receipt_check(&hour, answer.body, answer.bytes, desk.paper.desk_id, hash, desk.relay_key));
	memcpy(receipt, answer.body, 68);
	http_free(&answer);
	return hour;
}

static size_t
collect(bool and_delete)
{
	struct http_answer answer;
	uint8_t hashes[64][32];
	size_t count;

	relay_desk_ask(&desk, &answer, "POST", "drop/intake/lease?max=64", NULL, 0);
	assert_int_equal(answer.status, 200);
	count = answer.bytes / 8192;
	for (size_t i = 0; i < count; i++)
		cairn_hash(hashes[i], answer.body + i * 8192, 8192);
	http_free(&answer);
	if (and_delete && count > 0)
		assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/delete", hashes, count * 32), 204);
	return count;
}

static size_t
spools(void)
{
	struct file_names names;
	size_t count = 0;

	assert_ok(file_names(&names, AT_FDCWD, relay.data));
	for (size_t i = 0; i < names.count; i++)
		count += strncmp(names.names[i], "spool-", 6) == 0;
	file_names_clear(&names);
	return count;
}

static void
a_receipt_keeps_its_hour(void **state)
{
	uint8_t first[68], again[68];
	uint32_t hour = post_hour(1, first);

	(void)state;
	assert_int_equal(hour, relay_now(&relay) / 3600);
	relay_move_clock(&relay, 3600);
	assert_int_equal(post_hour(1, again), hour);
	assert_memory_equal(first, again, 68);
	assert_int_equal(post_hour(2, again), hour + 1);
}

static void
the_spool_of_an_hour_goes_when_it_turns(void **state)
{
	uint8_t receipt[68];

	(void)state;
	post_hour(3, receipt);
	assert_true(spools() > 0);
	relay_move_clock(&relay, 3600);
	assert_int_equal(spools(), 0);
}

static void
cells_are_there_after_their_hour_once(void **state)
{
	(void)state;
	assert_int_equal(collect(false), 3);
	assert_int_equal(collect(false), 0);
}

static void
a_leased_cell_is_not_given_again_when_it_moves(void **state)
{
	uint8_t receipt[68];

	(void)state;
	*relay.clock += 601;
	assert_int_equal(collect(true), 3);
	post_hour(10, receipt);
	*relay.clock += 3600 - (int64_t)(relay_now(&relay) % 3600) - 20;
	assert_int_equal(collect(false), 1);
	relay_move_clock(&relay, 60);
	assert_int_equal(spools(), 0);
	assert_int_equal(collect(false), 0);
	*relay.clock += 601;
	assert_int_equal(collect(true), 1);
}

static void
a_cell_deleted_in_its_hour_is_still_known_after(void **state)
{
	uint8_t first[68], again[68];

	(void)state;
	post_hour(20, first);
	assert_int_equal(collect(true), 1);
	relay_move_clock(&relay, 3600);
	post_hour(20, again);
	assert_memory_equal(first, again, 68);
	assert_int_equal(collect(true), 0);
}

static void
what_was_acknowledged_is_there_after_a_restart(void **state)
{
	uint8_t first[68], again[68];

	(void)state;
	post_hour(30, first);
	assert_int_equal(relay_stop(&relay), 0);
	assert_true(relay_start(&relay, NULL));
	post_hour(30, again);
	assert_memory_equal(first, again, 68);
	assert_int_equal(collect(true), 1);
}

static void
an_hour_that_ended_while_it_was_down_is_turned(void **state)
{
	uint8_t receipt[68];

	(void)state;
	post_hour(31, receipt);
	assert_int_equal(relay_stop(&relay), 0);
	*relay.clock += 7200;
	assert_true(relay_start(&relay, NULL));
	relay_move_clock(&relay, 0);
	assert_int_equal(spools(), 0);
	assert_int_equal(collect(true), 1);
}

static void
a_clock_that_goes_back_opens_no_old_hour(void **state)
{
	uint8_t receipt[68];
	uint32_t hour;

	(void)state;
	hour = post_hour(40, receipt);
	*relay.clock -= 7200;
	assert_true(post_hour(41, receipt) >= hour);
	*relay.clock += 7200;
	assert_int_equal(collect(true), 2);
}

static void
blobs_lose_the_time_they_came(void **state)
{
	uint8_t *blob = calloc(1, CAIRN_BLOB_BYTES);
	uint32_t hour = (uint32_t)(relay_now(&relay) / 3600);
	char rest[128], target[256], path[256];

	(void)state;
	snprintf(rest, sizeof rest, "drop/intake/blob/%064d", 7);
	assert_int_equal(
	    relay_status(&relay, "PUT", relay_desk_path(&desk, target, rest), "", blob, CAIRN_BLOB_BYTES), 204);
	relay_move_clock(&relay, 3600);
	snprintf(path, sizeof path, "%s/desks/%s/blob/now-%u", relay.data, desk.hex, hour);
	assert_false(file_exists(AT_FDCWD, path));
	snprintf(path, sizeof path, "%s/desks/%s/blob/at-%u/intake-%064d", relay.data, desk.hex, hour, 7);
	assert_true(file_exists(AT_FDCWD, path));
	assert_int_equal(relay_desk_status(&desk, "GET", rest, NULL, 0), 200);
	free(blob);
}

static void
cells_whose_keys_are_erased_everywhere_go(void **state)
{
	uint8_t receipt[68];

	(void)state;
	post_hour(50, receipt);
	relay_move_clock(&relay, 33 * 86400);
	*relay.clock += 601;
	assert_int_equal(collect(false), 1);
	relay_move_clock(&relay, 2 * 86400);
	assert_int_equal(collect(false), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_receipt_keeps_its_hour),
	    cmocka_unit_test(the_spool_of_an_hour_goes_when_it_turns),
	    cmocka_unit_test(cells_are_there_after_their_hour_once),
	    cmocka_unit_test(a_leased_cell_is_not_given_again_when_it_moves),
	    cmocka_unit_test(a_cell_deleted_in_its_hour_is_still_known_after),
	    cmocka_unit_test(what_was_acknowledged_is_there_after_a_restart),
	    cmocka_unit_test(an_hour_that_ended_while_it_was_down_is_turned),
	    cmocka_unit_test(a_clock_that_goes_back_opens_no_old_hour),
	    cmocka_unit_test(blobs_lose_the_time_they_came),
	    cmocka_unit_test(cells_whose_keys_are_erased_everywhere_go),
	};

	return cmocka_run_group_tests_name(__FILE_NAME__, tests, set_up, tear_down);
}
