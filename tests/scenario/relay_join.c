// SPDX-License-Identifier: GPL-3.0-or-later
/* The mailbox by which a new device and one that admits it find each other (docs/http.md). */
#include "lib/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "lib/relay_desk.h"

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

static int
open_slot(uint8_t n)
{
	const uint8_t slot[16] = {n};

	return relay_desk_status(&desk, "POST", "join/open", slot, sizeof slot);
}

static int
close_slot(uint8_t n)
{
	const uint8_t slot[16] = {n};

	return relay_desk_status(&desk, "POST", "join/close", slot, sizeof slot);
}

static const char *
path(char target[256], uint8_t slot, const char *rest)
{
	char piece[80];

	snprintf(piece, sizeof piece, "join/%02x%030d/%s", slot, 0, rest);
	return relay_desk_path(&desk, target, piece);
}

static int
put(uint8_t slot, const char *n, const void *bytes, size_t size)
{
	char target[256];

	return relay_status(&relay, "PUT", path(target, slot, n), "", bytes, size);
}

static int
get(uint8_t slot, const char *n, struct http_answer *answer)
{
	char target[256];

	relay_ask(&relay, answer, "GET", path(target, slot, n), "", NULL, 0);
	return answer->status;
}

static int
get_status(uint8_t slot, const char *n)
{
	struct http_answer answer;
	int status = get(slot, n, &answer);

	http_free(&answer);
	return status;
}

static void
three_messages_are_exchanged(void **state)
{
	struct http_answer answer;

	(void)state;
	assert_int_equal(open_slot(1), 204);
	assert_int_equal(put(1, "1", "one", 3), 204);
	assert_int_equal(put(1, "2", "two", 3), 204);
	assert_int_equal(put(1, "3", "three", 5), 204);
	assert_int_equal(get(1, "3", &answer), 200);
	assert_int_equal(answer.bytes, 5);
	assert_memory_equal(answer.body, "three", 5);
	http_free(&answer);
	assert_int_equal(get_status(1, "1"), 200);
	assert_int_equal(close_slot(1), 204);
	assert_int_equal(get_status(1, "1"), 404);
	assert_int_equal(close_slot(1), 204);
}

static void
the_first_write_wins_and_none_is_left_out(void **state)
{
	(void)state;
	assert_int_equal(open_slot(2), 204);
	assert_int_equal(put(2, "2", "two", 3), 409);
	assert_int_equal(put(2, "1", "one", 3), 204);
	assert_int_equal(put(2, "1", "one", 3), 204);
	assert_int_equal(put(2, "1", "uno", 3), 409);
	assert_int_equal(put(2, "1", "on", 2), 409);
	assert_int_equal(put(2, "3", "three", 5), 409);
	assert_int_equal(open_slot(2), 204);
	assert_int_equal(put(2, "1", "uno", 3), 409);
	assert_int_equal(close_slot(2), 204);
}

static void
what_nobody_opened_is_like_what_is_not_there(void **state)
{
	struct http_answer none, other;
	char target[256];

	(void)state;
	assert_int_equal(get(9, "1?wait=60", &none), 404);
	relay_ask(&relay, &other, "GET", relay_desk_path(&desk, target, "nothing"), "", NULL, 0);
	assert_string_equal(none.head, other.head);
	assert_int_equal(none.bytes, other.bytes);
	http_free(&none);
	http_free(&other);
	assert_int_equal(put(9, "1", "one", 3), 404);
	assert_int_equal(open_slot(9), 204);
	assert_int_equal(put(9, "5", "x", 1), 404);
	assert_int_equal(put(9, "0", "x", 1), 404);
	assert_int_equal(get_status(9, "1?wait=61"), 400);
	assert_int_equal(close_slot(9), 204);
}

static void
a_message_has_from_one_to_32768_bytes(void **state)
{
	static uint8_t bytes[32769];
	struct http_answer answer;

	(void)state;
	assert_int_equal(open_slot(3), 204);
	assert_int_equal(put(3, "1", bytes, 0), 400);
	assert_int_equal(put(3, "1", bytes, 32769), 413);
	assert_int_equal(put(3, "1", bytes, 32768), 204);
	assert_int_equal(get(3, "1", &answer), 200);
	assert_int_equal(answer.bytes, 32768);
	http_free(&answer);
	assert_int_equal(relay_desk_status(&desk, "POST", "join/open", bytes, 15), 400);
	assert_int_equal(relay_desk_status(&desk, "POST", "join/open", bytes, 17), 413);
	assert_int_equal(relay_desk_status(&desk, "POST", "join/close", bytes, 15), 400);
	assert_int_equal(close_slot(3), 204);
}

static void
four_slots_are_open_at_most_and_for_half_an_hour(void **state)
{
	(void)state;
	for (uint8_t n = 10; n < 14; n++)
		assert_int_equal(open_slot(n), 204);
	assert_int_equal(open_slot(14), 503);
	assert_int_equal(open_slot(12), 204);
	assert_int_equal(put(10, "1", "one", 3), 204);
	*relay.clock += 29 * 60;
	assert_int_equal(get_status(10, "1"), 200);
	*relay.clock += 2 * 60;
	assert_int_equal(get_status(10, "1"), 404);
	assert_int_equal(open_slot(14), 204);
	assert_int_equal(close_slot(14), 204);
}

static void
only_staff_opens_and_closes(void **state)
{
	char target[256];

	(void)state;
	relay_desk_path(&desk, target, "join/open");
	assert_int_equal(relay_status(&relay, "POST", target, "", NULL, 0), 401);
	relay_desk_path(&desk, target, "join/close");
	assert_int_equal(relay_status(&relay, "POST", target, "", NULL, 0), 401);
}

/* Asks for the first message of a slot that has none, and waits. */
static int
wait_at(uint8_t slot)
{
	char head[512], target[256];
	int fd = relay_connect(&relay);

	snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path(target, slot, "1?wait=60"));
	assert_true(http_send_text(fd, head));
	http_taken(fd);
	return fd;
}

static int
answer_of(int fd)
{
	struct http_answer answer;
	int status;

	http_read(fd, &answer, false);
	status = answer.status;
	http_free(&answer);
	close(fd);
	return status;
}

static void
who_waits_gets_what_comes(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(open_slot(20), 204);
	fd = wait_at(20);
	assert_int_equal(put(20, "1", "one", 3), 204);
	assert_int_equal(answer_of(fd), 200);
	assert_int_equal(close_slot(20), 204);
}

static void
who_waits_in_vain_is_told_as_much(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(open_slot(21), 204);
	fd = wait_at(21);
	relay_move_clock(&relay, 70);
	assert_int_equal(answer_of(fd), 404);
	fd = wait_at(21);
	assert_int_equal(close_slot(21), 204);
	assert_int_equal(answer_of(fd), 404);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(three_messages_are_exchanged),
	    cmocka_unit_test(the_first_write_wins_and_none_is_left_out),
	    cmocka_unit_test(what_nobody_opened_is_like_what_is_not_there),
	    cmocka_unit_test(a_message_has_from_one_to_32768_bytes),
	    cmocka_unit_test(four_slots_are_open_at_most_and_for_half_an_hour),
	    cmocka_unit_test(only_staff_opens_and_closes),
	    cmocka_unit_test(who_waits_gets_what_comes),
	    cmocka_unit_test(who_waits_in_vain_is_told_as_much),
	};

	return cmocka_run_group_tests_name(__FILE_NAME__, tests, set_up, tear_down);
}
