// SPDX-License-Identifier: GPL-3.0-or-later
/* What the desk's devices ask of the relay (docs/http.md, "Staff"), and what nobody else can. */
#include "lib/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cairn/cairn.h"
#include "lib/relay_desk.h"
#include "relay/http.h"

static struct relay_process relay;
static struct relay_desk desk;

static int
set_up(void **state)
{
	(void)state;
	relay_init(&relay);
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

static void
post(enum cairn_door door, uint64_t n, uint8_t hash[32])
{
	char target[256], rest[32];
	uint8_t cell[8192];

	relay_desk_cell(&desk, cell, door, n);
	if (hash != NULL)
		cairn_hash(hash, cell, sizeof cell);
	snprintf(rest, sizeof rest, "drop/%s", cairn_door_name(door));
	assert_int_equal(relay_status(&relay, "POST", relay_desk_path(&desk, target, rest), "", cell, sizeof cell),
	    200);
}

/* Leases and, if asked to, deletes what came. Returns how many there were. */
static size_t
collect(const char *rest, bool and_delete)
{
	struct http_answer answer;
	uint8_t hashes[64][32];
	size_t count;

	relay_desk_ask(&desk, &answer, "POST", rest, NULL, 0);
	assert_int_equal(answer.status, 200);
	assert_int_equal(answer.bytes % 8192, 0);
	count = answer.bytes / 8192;
	assert_true(count <= 64);
	for (size_t i = 0; i < count; i++)
		cairn_hash(hashes[i], answer.body + i * 8192, 8192);
	http_free(&answer);
	rest = strstr(rest, "intake") != NULL ? "drop/intake/delete" : "drop/campaign/delete";
	if (and_delete && count > 0)
		assert_int_equal(relay_desk_status(&desk, "POST", rest, hashes, count * 32), 204);
	return count;
}

static void
an_empty_drop_gives_nothing(void **state)
{
	(void)state;
	assert_int_equal(collect("drop/intake/lease?max=64", false), 0);
}

static void
a_lease_gives_the_very_bytes(void **state)
{
	struct http_answer answer;
	uint8_t cell[8192], hash[32];

	(void)state;
	post(CAIRN_DOOR_INTAKE, 1, hash);
	relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, 1);
	relay_desk_ask(&desk, &answer, "POST", "drop/intake/lease?max=1", NULL, 0);
	assert_int_equal(answer.bytes, 8192);
	assert_memory_equal(answer.body, cell, 8192);
	http_free(&answer);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/delete", hash, 32), 204);
}

static void
a_leased_cell_comes_again_after_ten_minutes_only(void **state)
{
	(void)state;
	post(CAIRN_DOOR_INTAKE, 2, NULL);
	assert_int_equal(collect("drop/intake/lease?max=64", false), 1);
	assert_int_equal(collect("drop/intake/lease?max=64", false), 0);
	*relay.clock += 599;
	assert_int_equal(collect("drop/intake/lease?max=64", false), 0);
	*relay.clock += 2;
	assert_int_equal(collect("drop/intake/lease?max=64", true), 1);
	*relay.clock += 700;
	assert_int_equal(collect("drop/intake/lease?max=64", false), 0);
}

static void
a_lease_gives_at_most_what_is_asked(void **state)
{
	(void)state;
	for (uint64_t n = 10; n < 80; n++)
		post(CAIRN_DOOR_INTAKE, n, NULL);
	assert_int_equal(collect("drop/intake/lease?max=3", true), 3);
	assert_int_equal(collect("drop/intake/lease?max=64", true), 64);
	assert_int_equal(collect("drop/intake/lease?max=64", true), 3);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/lease?max=0", NULL, 0), 400);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/lease?max=65", NULL, 0), 400);
}

static void
doors_have_queues_of_their_own(void **state)
{
	(void)state;
	post(CAIRN_DOOR_CAMPAIGN, 100, NULL);
	assert_int_equal(collect("drop/intake/lease?max=64", false), 0);
	assert_int_equal(collect("drop/campaign/lease?max=64", true), 1);
}

static void
a_deleted_cell_stays_away_and_keeps_its_receipt(void **state)
{
	struct http_answer first, again;
	uint8_t cell[8192];
	char target[256];

	(void)state;
	relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, 200);
	relay_desk_path(&desk, target, "drop/intake");
	relay_ask(&relay, &first, "POST", target, "", cell, sizeof cell);
	assert_int_equal(collect("drop/intake/lease?max=64", true), 1);
	relay_ask(&relay, &again, "POST", target, "", cell, sizeof cell);
	assert_int_equal(again.status, 200);
	assert_memory_equal(first.body, again.body, 68);
	assert_int_equal(collect("drop/intake/lease?max=64", true), 0);
	http_free(&first);
	http_free(&again);
}

static void
deleting_what_is_not_there_is_no_fault(void **state)
{
	static const uint8_t hashes[64][32];

	(void)state;
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/delete", hashes, 64 * 32), 204);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/delete", hashes, 33), 400);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/delete", hashes, 0), 400);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/delete", NULL, 0), 400);
}

/* --- blobs --- */

static void
blob_path(char rest[128], uint8_t n, uint8_t id[32])
{
	memset(id, 0, 32);
	id[31] = n;
	snprintf(rest, 128, "drop/intake/blob/%062d%02x", 0, n);
}

static void
put_blob(uint8_t n, uint8_t id[32])
{
	uint8_t *blob = malloc(CAIRN_BLOB_BYTES);
	char rest[128], target[256];

	memset(blob, n, CAIRN_BLOB_BYTES);
	blob_path(rest, n, id);
	assert_int_equal(
	    relay_status(&relay, "PUT", relay_desk_path(&desk, target, rest), "", blob, CAIRN_BLOB_BYTES), 204);
	free(blob);
}

static void
a_blob_is_given_claimed_and_deleted(void **state)
{
	uint8_t id[32];
	char rest[128];

	(void)state;
	put_blob(1, id);
	blob_path(rest, 1, id);
	assert_int_equal(relay_desk_status(&desk, "GET", rest, NULL, 0), 200);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/blob/claim", id, 32), 204);
	assert_int_equal(relay_desk_status(&desk, "GET", rest, NULL, 0), 200);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/blob/delete", id, 32), 204);
	assert_int_equal(relay_desk_status(&desk, "GET", rest, NULL, 0), 404);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/blob/delete", id, 32), 204);
}

static void
lists_of_ids_have_a_form(void **state)
{
	static const uint8_t ids[257][32];

	(void)state;
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/blob/claim", ids, 0), 400);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/blob/claim", ids, 31), 400);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/blob/claim", ids, 256 * 32), 204);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/blob/claim", ids, 257 * 32), 413);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/blob/delete", ids, 256 * 32), 204);
}

static void
an_unclaimed_blob_goes_after_72_hours(void **state)
{
	uint8_t claimed[32], other[32];
	char rest_claimed[128], rest_other[128];

	(void)state;
	put_blob(2, claimed);
	put_blob(3, other);
	blob_path(rest_claimed, 2, claimed);
	blob_path(rest_other, 3, other);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/blob/claim", claimed, 32), 204);
	relay_move_clock(&relay, 72 * 3600);
	assert_int_equal(relay_desk_status(&desk, "GET", rest_other, NULL, 0), 200);
	relay_move_clock(&relay, 2 * 3600);
	assert_int_equal(relay_desk_status(&desk, "GET", rest_other, NULL, 0), 404);
	assert_int_equal(relay_desk_status(&desk, "GET", rest_claimed, NULL, 0), 200);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/blob/delete", claimed, 32), 204);
	assert_int_equal(relay_desk_status(&desk, "GET", rest_claimed, NULL, 0), 404);
}

/* --- who it is --- */

#define LEASE "drop/intake/lease?max=1"

static int
ask_with(const char *line)
{
	char target[256];

	return relay_status(&relay, "POST", relay_desk_path(&desk, target, LEASE), line, NULL, 0);
}

static void
sign(char line[320])
{
	char target[256];

	relay_desk_sign(&desk, line, "POST", relay_desk_path(&desk, target, LEASE), NULL, 0);
}

static void
a_request_is_taken_once(void **state)
{
	char line[320];

	(void)state;
	sign(line);
	assert_int_equal(ask_with(line), 200);
	assert_int_equal(ask_with(line), 401);
}

static void
without_a_signature_there_is_no_answer(void **state)
{
	char line[320];

	(void)state;
	assert_int_equal(ask_with(""), 401);
	assert_int_equal(ask_with("Authorization: Basic YTpi\r\n"), 401);
	assert_int_equal(ask_with("Authorization: Cairn\r\n"), 401);
	sign(line);
	line[strlen(line) - 10] = line[strlen(line) - 10] == 'A' ? 'B' : 'A';
	assert_int_equal(ask_with(line), 401);
}

static void
a_signature_is_for_one_method_path_and_body(void **state)
{
	char line[320], target[256];

	(void)state;
	sign(line);
	assert_int_equal(relay_status(&relay, "POST",
			     relay_desk_path(&desk, target, "drop/intake/lease?max=2"), line, NULL, 0),
	    401);
	assert_int_equal(relay_status(&relay, "POST",
			     relay_desk_path(&desk, target, "drop/campaign/lease?max=1"), line, NULL, 0),
	    401);
	relay_desk_sign(&desk, line, "POST", relay_desk_path(&desk, target, "drop/intake/delete"), "a", 1);
	assert_int_equal(relay_status(&relay, "POST", target, line, "b", 1), 401);
	/* The refusals have used up no nonce. */
	sign(line);
	assert_int_equal(relay_status(&relay, "POST",
			     relay_desk_path(&desk, target, "drop/intake/lease?max=2"), line, NULL, 0),
	    401);
	assert_int_equal(ask_with(line), 200);
}

static void
a_request_holds_for_a_minute_to_either_side(void **state)
{
	char line[320];

	(void)state;
	for (int64_t apart = -62; apart <= 62; apart += 31) {
		sign(line);
		*relay.clock += apart;
		assert_int_equal(ask_with(line), apart == -62 || apart == 62 ? 401 : 200);
		*relay.clock -= apart;
	}
}

static void
a_device_has_the_roles_of_the_roster(void **state)
{
	(void)state;
	assert_int_equal(relay_desk_roster(&desk, 2, "publish", 0, UINT32_MAX), 204);
	assert_int_equal(relay_desk_status(&desk, "POST", LEASE, NULL, 0), 401);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/campaign/lease?max=1", NULL, 0), 200);
	assert_int_equal(relay_desk_roster(&desk, 3, "intake", 0, UINT32_MAX), 204);
	assert_int_equal(relay_desk_status(&desk, "POST", LEASE, NULL, 0), 200);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/campaign/lease?max=1", NULL, 0), 401);
	assert_int_equal(relay_desk_status(&desk, "POST", "board/append?size=0", "x", 1), 401);
	assert_int_equal(relay_desk_roster(&desk, 4, "intake,publish", 0, UINT32_MAX), 204);
}

#define BLOB "drop/intake/blob/" ZEROS
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

/* Each staff path with the role that it asks for; NULL: any. As many as the relay's table has. */
static const struct {
	const char *method, *rest, *role;
} staff_paths[] = {
    {"POST", "drop/intake/lease?max=1", "intake"},
    {"POST", "drop/intake/delete", "intake"},
    {"GET", BLOB, "intake"},
    {"POST", "drop/intake/blob/claim", "intake"},
    {"POST", "drop/intake/blob/delete", "intake"},
    {"POST", "board/append?size=0", "publish"},
    {"POST", "feed?seq=0", NULL},
    {"GET", "feed?from=0", NULL},
    {"GET", "feed?from=0&wait=0", NULL},
    {"POST", "feed/delete", NULL},
    {"POST", "join/open", NULL},
    {"POST", "join/close", NULL},
};

/* What a request gets that nobody signed: byte for byte, but for what differs between connections. */
static void
assert_uniform(const struct http_answer *answer, const char *method, const char *rest)
{
	struct http_answer unsigned_one;
	char target[256];

	relay_ask(&relay, &unsigned_one, method, relay_desk_path(&desk, target, rest), "", NULL, 0);
	assert_int_equal(answer->status, 401);
	assert_string_equal(answer->head, unsigned_one.head);
	assert_int_equal(answer->bytes, unsigned_one.bytes);
	assert_memory_equal(answer->body, unsigned_one.body, answer->bytes);
	http_free(&unsigned_one);
}

static void
a_path_asks_for_its_role_and_says_no_more_than_to_a_stranger(void **state)
{
	static const char *const roles[] = {"intake", "publish", "case,security"};
	const struct relay_device *devices[3];
	struct http_answer answer;
	size_t staff = 0;

	(void)state;
	for (size_t i = 0; i < route_count; i++)
		staff += (route_table[i].flags & ROUTE_STAFF) != 0;
	assert_int_equal(staff, sizeof staff_paths / sizeof *staff_paths);
	for (size_t i = 0; i < 3; i++)
		devices[i] = relay_desk_device(&desk, roles[i]);
	for (size_t i = 0; i < 3 * staff; i++) {
		const char *role = staff_paths[i / 3].role;

		desk.as = devices[i % 3];
		relay_desk_ask(&desk, &answer, staff_paths[i / 3].method, staff_paths[i / 3].rest, NULL, 0);
		if (role == NULL || strcmp(role, roles[i % 3]) == 0)
			assert_int_not_equal(answer.status, 401);
		else
			assert_uniform(&answer, staff_paths[i / 3].method, staff_paths[i / 3].rest);
		http_free(&answer);
	}
	desk.as = NULL;
	desk.more_count = 0;
	assert_int_equal(relay_desk_roster(&desk, desk.roster_serial + 1, desk.roles, 0, UINT32_MAX), 204);
}

static void
a_device_holds_from_its_first_day_to_its_last(void **state)
{
	uint32_t today = (uint32_t)(relay_now(&relay) / 86400);

	(void)state;
	assert_int_equal(relay_desk_roster(&desk, 5, "intake", today + 1, UINT32_MAX), 204);
	assert_int_equal(relay_desk_status(&desk, "POST", LEASE, NULL, 0), 401);
	assert_int_equal(relay_desk_roster(&desk, 6, "intake", 0, today - 1), 204);
	assert_int_equal(relay_desk_status(&desk, "POST", LEASE, NULL, 0), 401);
	assert_int_equal(relay_desk_roster(&desk, 7, "intake,publish", today, today), 204);
	assert_int_equal(relay_desk_status(&desk, "POST", LEASE, NULL, 0), 200);
	assert_int_equal(relay_desk_roster(&desk, 8, "intake,publish", 0, UINT32_MAX), 204);
}

static void
an_older_roster_is_refused(void **state)
{
	(void)state;
	assert_int_equal(relay_desk_roster(&desk, 7, "intake", 0, UINT32_MAX), 400);
	assert_int_equal(relay_desk_roster(&desk, 8, "intake", 0, UINT32_MAX), 400);
	assert_int_equal(relay_desk_roster(&desk, 8, "intake,publish", 0, UINT32_MAX), 204);
	assert_int_equal(relay_desk_status(&desk, "POST", LEASE, NULL, 0), 200);
}

static void
a_roster_by_another_key_is_refused(void **state)
{
	uint8_t key[32], secret[64];

	(void)state;
	memcpy(key, desk.paper.identity_key, 32);
	memcpy(secret, desk.paper.identity_secret, 64);
	/* Names the true key, signs with another. */
	memcpy(desk.paper.identity_secret, desk.paper.board_secret, 64);
	assert_int_equal(relay_desk_roster(&desk, 9, "intake", 0, UINT32_MAX), 400);
	/* Names the other too. */
	memcpy(desk.paper.identity_key, desk.paper.board_key, 32);
	assert_int_equal(relay_desk_roster(&desk, 9, "intake", 0, UINT32_MAX), 400);
	memcpy(desk.paper.identity_key, key, 32);
	memcpy(desk.paper.identity_secret, secret, 64);
	assert_int_equal(relay_desk_status(&desk, "POST", LEASE, NULL, 0), 200);
}

static void
a_device_of_one_desk_is_nobody_at_another(void **state)
{
	static struct relay_desk other;
	char line[320], target[256];

	(void)state;
	relay_desk_init(&other, &relay, 2);
	relay_desk_sign(&desk, line, "POST", relay_desk_path(&other, target, LEASE), NULL, 0);
	assert_int_equal(relay_status(&relay, "POST", target, line, NULL, 0), 401);
	assert_int_equal(relay_desk_status(&other, "POST", LEASE, NULL, 0), 200);
	relay_desk_release(&other);
}

static void
a_desk_that_was_removed_is_gone(void **state)
{
	static struct relay_desk other;
	char target[256];

	(void)state;
	relay_desk_init(&other, &relay, 3);
	relay_desk_path(&other, target, "drop/intake");
	assert_int_equal(relay_status(&relay, "GET", target, "", NULL, 0), 200);
	assert_int_equal(relay_command(&relay, (const char *const[]){"desk", "remove", other.hex, NULL}), 2);
	assert_int_equal(relay_command(&relay, (const char *const[]){"desk", "remove", other.hex, "--yes", NULL}), 0);
	relay_move_clock(&relay, 0);
	assert_int_equal(relay_status(&relay, "GET", target, "", NULL, 0), 404);
	assert_int_equal(relay_command(&relay, (const char *const[]){"desk", "remove", other.hex, "--yes", NULL}), 1);
	relay_desk_release(&other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_empty_drop_gives_nothing),
	    cmocka_unit_test(a_lease_gives_the_very_bytes),
	    cmocka_unit_test(a_leased_cell_comes_again_after_ten_minutes_only),
	    cmocka_unit_test(a_lease_gives_at_most_what_is_asked),
	    cmocka_unit_test(doors_have_queues_of_their_own),
	    cmocka_unit_test(a_deleted_cell_stays_away_and_keeps_its_receipt),
	    cmocka_unit_test(deleting_what_is_not_there_is_no_fault),
	    cmocka_unit_test(a_blob_is_given_claimed_and_deleted),
	    cmocka_unit_test(lists_of_ids_have_a_form),
	    cmocka_unit_test(an_unclaimed_blob_goes_after_72_hours),
	    cmocka_unit_test(a_request_is_taken_once),
	    cmocka_unit_test(without_a_signature_there_is_no_answer),
	    cmocka_unit_test(a_signature_is_for_one_method_path_and_body),
	    cmocka_unit_test(a_request_holds_for_a_minute_to_either_side),
	    cmocka_unit_test(a_device_has_the_roles_of_the_roster),
	    cmocka_unit_test(a_device_holds_from_its_first_day_to_its_last),
	    cmocka_unit_test(an_older_roster_is_refused),
	    cmocka_unit_test(a_roster_by_another_key_is_refused),
	    cmocka_unit_test(a_device_of_one_desk_is_nobody_at_another),
	    cmocka_unit_test(a_desk_that_was_removed_is_gone),
	    cmocka_unit_test(a_path_asks_for_its_role_and_says_no_more_than_to_a_stranger),
	};

	return cmocka_run_group_tests_name(__FILE_NAME__, tests, set_up, tear_down);
}
