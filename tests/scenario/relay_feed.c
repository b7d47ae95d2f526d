// SPDX-License-Identifier: GPL-3.0-or-later
/* The feed, by which a desk's devices keep in step (docs/http.md, "Staff"). */
#include "lib/test.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/bytes.h"
#include "lib/relay_desk.h"

static struct relay_process relay;
static struct relay_desk desk;
static uint64_t head; /* of the feed: what the tests before have left there */

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
append(size_t bytes)
{
	static uint8_t record[CAIRN_FEED_RECORD_BYTES_MAX];

	relay_feed_record(&desk, record, bytes, head, head);
	assert_int_equal(relay_feed_append(&desk, head, record, bytes, NULL), 204);
	head++;
}

/* An answer of 200, read by the reader that devices have. */
static void
read_answer(struct cairn_feed_answer *read, const struct http_answer *answer, uint64_t from)
{
	assert_int_equal(answer->status, 200);
	assert_ok(cairn_feed_answer_read(read, answer->body, answer->bytes, from));
}

static uint64_t
head_of(const struct http_answer *answer)
{
	uint64_t n;

	assert_ok(cairn_feed_head_read(&n, answer->body, answer->bytes));
	return n;
}

static void
an_empty_feed_has_no_records(void **state)
{
	struct http_answer answer;

	(void)state;
	relay_feed_get(&desk, &answer, 0, 0);
	assert_int_equal(answer.status, 200);
	assert_int_equal(head_of(&answer), 0);
	http_free(&answer);
}

static void
records_of_four_sizes_are_taken_and_no_others(void **state)
{
	static const size_t good[] = {1024, 4096, 16384, 65536};
	static const size_t bad[] = {0, 1, 1023, 1025, 8192, 65535};
	static uint8_t record[65537];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(relay_feed_append(&desk, head, record, bad[i], NULL), 400);
	assert_int_equal(relay_feed_append(&desk, head, record, 65537, NULL), 413);
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		append(good[i]);
}

static void
what_was_appended_comes_back_in_order(void **state)
{
	static uint8_t record[CAIRN_FEED_RECORD_BYTES_MAX];
	struct cairn_feed_answer read;
	struct cairn_feed_entry entry;
	struct http_answer answer;
	size_t at = 0;

	(void)state;
	relay_feed_get(&desk, &answer, 1, 0);
	read_answer(&read, &answer, 1);
	assert_int_equal(read.head, head);
	for (uint64_t seq = 1; seq < head; seq++) {
		assert_true(cairn_feed_answer_next(&read, &at, &entry));
		assert_int_equal(entry.seq, seq);
		assert_false(entry.deleted);
		relay_feed_record(&desk, record, entry.size, seq, seq);
		assert_memory_equal(entry.bytes, record, entry.size);
	}
	assert_false(cairn_feed_answer_next(&read, &at, &entry));
	http_free(&answer);
}

static void
only_the_next_seq_is_taken(void **state)
{
	uint8_t record[1024];
	uint64_t told = 0;

	(void)state;
	relay_feed_record(&desk, record, sizeof record, head + 1, 12345);
	assert_int_equal(relay_feed_append(&desk, head + 1, record, sizeof record, &told), 409);
	assert_int_equal(told, head);
	relay_feed_record(&desk, record, sizeof record, head - 1, 12345);
	assert_int_equal(relay_feed_append(&desk, head - 1, record, sizeof record, &told), 409);
	assert_int_equal(told, head);
}

static void
the_same_record_again_is_no_fault_also_after_a_restart(void **state)
{
	uint8_t record[1024];

	(void)state;
	append(1024);
	relay_feed_record(&desk, record, sizeof record, head - 1, head - 1);
	assert_int_equal(relay_feed_append(&desk, head - 1, record, sizeof record, NULL), 204);
	assert_int_equal(relay_stop(&relay), 0);
	assert_true(relay_start(&relay, NULL));
	assert_int_equal(relay_feed_append(&desk, head - 1, record, sizeof record, NULL), 204);
	append(1024);
}

/* --- what a record says of itself --- */

/* Alters one that would be taken, signs it again, and the relay must refuse it. */
static void
refused(size_t at, uint8_t bits, bool sign)
{
	uint8_t record[1024];

	relay_feed_record(&desk, record, sizeof record, head, head);
	record[at] ^= bits;
	if (sign)
		relay_feed_sign(&desk, record, sizeof record);
	assert_int_equal(relay_feed_append(&desk, head, record, sizeof record, NULL), 400);
}

static void
a_record_of_another_place_version_or_device_is_refused(void **state)
{
	(void)state;
	refused(0, 3, true);   /* version */
	refused(8, 1, true);   /* seq */
	refused(9, 1, true);   /* the one before */
	refused(41, 1, true);  /* device */
	refused(61, 255, true); /* its day's first byte: years */
	append(1024);
}

static void
a_record_that_its_device_did_not_sign_is_refused(void **state)
{
	const struct relay_device *other = relay_desk_device(&desk, "intake");
	uint8_t record[1024];

	(void)state;
	refused(500, 1, false);
	relay_feed_record(&desk, record, sizeof record, head, head);
	desk.as = other;
	assert_int_equal(relay_feed_append(&desk, head, record, sizeof record, NULL), 400);
	relay_feed_sign(&desk, record, sizeof record); /* in the first one's name */
	assert_int_equal(relay_feed_append(&desk, head, record, sizeof record, NULL), 400);
	append(1024);
	desk.as = NULL;
	append(1024);
}

static void
a_record_goes_on_from_the_one_before_it_also_from_a_deleted_one(void **state)
{
	uint64_t last = head - 1;
	uint8_t record[1024];

	(void)state;
	assert_int_equal(relay_feed_delete(&desk, &last, 1), 204);
	relay_feed_record(&desk, record, sizeof record, head, head);
	memset(record + 9, 0, 32);
	relay_feed_sign(&desk, record, sizeof record);
	assert_int_equal(relay_feed_append(&desk, head, record, sizeof record, NULL), 400);
	append(1024);
}

/* The status of a record dated so many days from the relay's own. */
static int
dated(int days)
{
	uint8_t record[1024];

	relay_feed_record(&desk, record, sizeof record, head, head);
	put_u32(record + 61, get_u32(record + 61) + (uint32_t)days);
	relay_feed_sign(&desk, record, sizeof record);
	return relay_feed_append(&desk, head, record, sizeof record, NULL);
}

static void
a_record_is_of_today_or_yesterday(void **state)
{
	(void)state;
	assert_int_equal(dated(2), 400);
	assert_int_equal(dated(-3), 400);
	assert_int_equal(dated(0), 204);
	head++;
}

static void
a_device_that_is_ahead_is_told(void **state)
{
	struct http_answer answer;

	(void)state;
	relay_feed_get(&desk, &answer, head + 1, 0);
	assert_int_equal(answer.status, 409);
	assert_int_equal(head_of(&answer), head);
	http_free(&answer);
	relay_feed_get(&desk, &answer, head + 1, 5);
	assert_int_equal(answer.status, 409);
	http_free(&answer);
}

static void
much_comes_in_pieces(void **state)
{
	uint64_t from = 0;
	unsigned pieces = 0;

	(void)state;
	for (int i = 0; i < 20; i++)
		append(65536);
	while (from < head) {
		struct cairn_feed_answer read;
		struct cairn_feed_entry entry;
		struct http_answer answer;

		relay_feed_get(&desk, &answer, from, 0);
		read_answer(&read, &answer, from);
		assert_true(answer.bytes <= CAIRN_FEED_ANSWER_BYTES_MAX);
		for (size_t at = 0; cairn_feed_answer_next(&read, &at, &entry);)
			from++;
		pieces++;
		http_free(&answer);
	}
	assert_int_equal(pieces, 2);
}

/* --- deleting --- */

static void
of_a_deleted_record_the_hash_stays(void **state)
{
	uint8_t record[1024], hash[32];
	struct cairn_feed_answer read;
	struct cairn_feed_entry entry;
	struct http_answer answer;
	uint64_t seq = head;
	size_t at = 0;

	(void)state;
	append(1024);
	append(1024);
	relay_feed_record(&desk, record, sizeof record, seq, seq);
	cairn_hash(hash, record, sizeof record);
	assert_int_equal(relay_feed_delete(&desk, &seq, 1), 204);
	assert_int_equal(relay_feed_delete(&desk, &seq, 1), 204);
	relay_feed_get(&desk, &answer, seq, 0);
	read_answer(&read, &answer, seq);
	assert_true(cairn_feed_answer_next(&read, &at, &entry));
	assert_true(entry.deleted);
	assert_memory_equal(entry.bytes, hash, 32);
	assert_true(cairn_feed_answer_next(&read, &at, &entry));
	assert_false(entry.deleted);
	http_free(&answer);
	/* It was there, and does not come back. */
	assert_int_equal(relay_feed_append(&desk, seq, record, sizeof record, NULL), 204);
	relay_feed_get(&desk, &answer, seq, 0);
	assert_int_equal(answer.body[16], 0);
	http_free(&answer);
}

static void
a_list_of_seqs_has_a_form(void **state)
{
	uint64_t *many = calloc(CAIRN_FEED_DELETE_MAX + 1, sizeof *many);
	const uint64_t twice[] = {0, 0}, down[] = {1, 0}, ahead[] = {0, head}, far[] = {UINT64_MAX};

	(void)state;
	assert_int_equal(relay_feed_delete(&desk, twice, 2), 400);
	assert_int_equal(relay_feed_delete(&desk, down, 2), 400);
	assert_int_equal(relay_feed_delete(&desk, ahead, 2), 400);
	assert_int_equal(relay_feed_delete(&desk, far, 1), 400);
	assert_int_equal(relay_desk_status(&desk, "POST", "feed/delete", NULL, 0), 400);
	assert_int_equal(relay_desk_status(&desk, "POST", "feed/delete", "abcdefghi", 9), 400);
	assert_int_equal(relay_feed_delete(&desk, many, CAIRN_FEED_DELETE_MAX + 1), 413);
	free(many);
}

/* --- waiting --- */

/* Asks, without reading the answer. */
static int
ask_on(uint64_t from, unsigned seconds)
{
	char head_lines[1024], line[320], target[256], rest[80];
	int fd = relay_connect(&relay);

	snprintf(rest, sizeof rest, "feed?from=%llu&wait=%u", (unsigned long long)from, seconds);
	relay_desk_sign(&desk, line, "GET", relay_desk_path(&desk, target, rest), NULL, 0);
	snprintf(head_lines, sizeof head_lines, "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n", target, line);
	assert_true(http_send_text(fd, head_lines));
	http_taken(fd);
	return fd;
}

static int
answer_of(int fd, struct http_answer *answer)
{
	http_read(fd, answer, false);
	close(fd);
	return answer->status;
}

static void
who_waits_gets_what_comes(void **state)
{
	struct cairn_feed_answer read;
	struct http_answer answer;
	int fd = ask_on(head, 60);

	(void)state;
	/* It does wait: this is asked and answered meanwhile. */
	relay_feed_get(&desk, &answer, head, 0);
	assert_int_equal(head_of(&answer), head);
	http_free(&answer);
	append(4096);
	assert_int_equal(answer_of(fd, &answer), 200);
	read_answer(&read, &answer, head - 1);
	assert_int_equal(read.head, head);
	http_free(&answer);
}

static void
who_has_waited_long_enough_gets_the_head(void **state)
{
	struct http_answer answer;
	int fd = ask_on(head, 60);

	(void)state;
	relay_move_clock(&relay, 70);
	assert_int_equal(answer_of(fd, &answer), 200);
	assert_int_equal(head_of(&answer), head);
	http_free(&answer);
	relay_feed_get(&desk, &answer, head, 61);
	assert_int_equal(answer.status, 400);
	http_free(&answer);
}

static bool
has_answer(int fd)
{
	struct pollfd come = {.fd = fd, .events = POLLIN};

	return poll(&come, 1, 0) == 1;
}

static void
a_device_that_waits_too_often_has_its_oldest_answered(void **state)
{
	enum { MANY = 12 };
	struct http_answer answer;
	unsigned answered = 0;
	int fds[MANY];

	(void)state;
	for (int i = 0; i < MANY; i++)
		fds[i] = ask_on(head, 60);
	for (int tries = 0; tries < 500 && answered != MANY - 3; tries++) {
		usleep(10000);
		answered = 0;
		for (int i = 0; i < MANY; i++)
			answered += has_answer(fds[i]);
	}
	assert_int_equal(answered, MANY - 3);
	append(1024);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(answer_of(fds[i], &answer), 200);
		http_free(&answer);
	}
}

static void
ending_wakes_all_who_wait(void **state)
{
	struct http_answer answer;
	int fd = ask_on(head, 60);

	(void)state;
	relay_feed_get(&desk, &answer, head, 0);
	http_free(&answer);
	assert_int_equal(relay_stop(&relay), 0);
	http_read(fd, &answer, false);
	http_free(&answer);
	close(fd);
	assert_true(relay_start(&relay, NULL));
}

/* --- who --- */

static void
any_device_of_the_desk_and_no_other(void **state)
{
	static struct relay_desk other;
	struct http_answer answer;
	char target[256];

	(void)state;
	assert_int_equal(relay_desk_roster(&desk, desk.roster_serial + 1, "nothing-else", 0, UINT32_MAX), 204);
	append(1024);
	relay_desk_path(&desk, target, "feed?from=0");
	assert_int_equal(relay_status(&relay, "GET", target, "", NULL, 0), 401);
	relay_desk_path(&desk, target, "feed?seq=0");
	assert_int_equal(relay_status(&relay, "POST", target, "", NULL, 0), 401);
	relay_desk_path(&desk, target, "feed/delete");
	assert_int_equal(relay_status(&relay, "POST", target, "", NULL, 0), 401);
	relay_desk_init(&other, &relay, 2);
	relay_feed_get(&other, &answer, 0, 0);
	assert_int_equal(head_of(&answer), 0);
	http_free(&answer);
	relay_desk_release(&other);
}

static void
a_desk_that_is_removed_and_added_begins_anew(void **state)
{
	static struct relay_desk other;
	struct http_answer answer;
	uint8_t record[1024];

	(void)state;
	relay_desk_init(&other, &relay, 3);
	relay_feed_record(&other, record, sizeof record, 0, 0);
	assert_int_equal(relay_feed_append(&other, 0, record, sizeof record, NULL), 204);
	assert_int_equal(relay_command(&relay, (const char *const[]){"desk", "remove", other.hex, "--yes", NULL}), 0);
	relay_move_clock(&relay, 3600);
	relay_move_clock(&relay, 0);
	relay_desk_release(&other);
	relay_desk_init(&other, &relay, 3);
	other.nonces = 1000;
	relay_feed_get(&other, &answer, 0, 0);
	assert_int_equal(answer.status, 200);
	assert_int_equal(head_of(&answer), 0);
	http_free(&answer);
	relay_desk_release(&other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_empty_feed_has_no_records),
	    cmocka_unit_test(records_of_four_sizes_are_taken_and_no_others),
	    cmocka_unit_test(what_was_appended_comes_back_in_order),
	    cmocka_unit_test(only_the_next_seq_is_taken),
	    cmocka_unit_test(the_same_record_again_is_no_fault_also_after_a_restart),
	    cmocka_unit_test(a_record_of_another_place_version_or_device_is_refused),
	    cmocka_unit_test(a_record_that_its_device_did_not_sign_is_refused),
	    cmocka_unit_test(a_record_goes_on_from_the_one_before_it_also_from_a_deleted_one),
	    cmocka_unit_test(a_record_is_of_today_or_yesterday),
	    cmocka_unit_test(a_device_that_is_ahead_is_told),
	    cmocka_unit_test(much_comes_in_pieces),
	    cmocka_unit_test(of_a_deleted_record_the_hash_stays),
	    cmocka_unit_test(a_list_of_seqs_has_a_form),
	    cmocka_unit_test(who_waits_gets_what_comes),
	    cmocka_unit_test(who_has_waited_long_enough_gets_the_head),
	    cmocka_unit_test(a_device_that_waits_too_often_has_its_oldest_answered),
	    cmocka_unit_test(ending_wakes_all_who_wait),
	    cmocka_unit_test(any_device_of_the_desk_and_no_other),
	    cmocka_unit_test(a_desk_that_is_removed_and_added_begins_anew),
	};

	return cmocka_run_group_tests_name(__FILE_NAME__, tests, set_up, tear_down);
}
