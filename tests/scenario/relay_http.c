// SPDX-License-Identifier: GPL-3.0-or-later
/* What anyone may ask of the relay (docs/http.md, "Anyone"), and what he gets for asking wrongly. */
#include "lib/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cairn/cairn.h"
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
post_cell(struct http_answer *answer, const uint8_t *cell, size_t bytes, const char *headers)
{
	char target[256];

	relay_ask(&relay, answer, "POST", relay_desk_path(&desk, target, "drop/intake"), headers, cell, bytes);
	return answer->status;
}

static int
post_status(const uint8_t *cell, size_t bytes, const char *headers)
{
	struct http_answer answer;
	int status = post_cell(&answer, cell, bytes, headers);

	http_free(&answer);
	return status;
}

static int
status(const char *method, const char *rest)
{
	char target[256];

	return relay_status(&relay, method, relay_desk_path(&desk, target, rest), "", NULL, 0);
}

static void
a_cell_gets_a_receipt_that_checks(void **state)
{
	uint8_t cell[8192], hash[32];
	struct http_answer answer;
	uint32_t hour;

	(void)state;
	relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, 1);
	assert_int_equal(post_cell(&answer, cell, sizeof cell, ""), 200);
	cairn_hash(hash, cell, sizeof cell);
	assert_ok(cairn_receipt_check(&hour, answer.body, answer.bytes, desk.paper.desk_id, hash, desk.relay_key));
	assert_in_range(hour, relay_now(&relay) / 3600 - 1, relay_now(&relay) / 3600);
	http_free(&answer);
}

static void
the_same_cell_gets_the_same_receipt(void **state)
{
	struct http_answer first, again;
	uint8_t cell[8192];

	(void)state;
	relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, 2);
	assert_int_equal(post_cell(&first, cell, sizeof cell, ""), 200);
	assert_int_equal(post_cell(&again, cell, sizeof cell, ""), 200);
	assert_int_equal(first.bytes, 68);
	assert_memory_equal(first.body, again.body, 68);
	http_free(&first);
	http_free(&again);
}

static void
a_cell_of_another_size_is_refused(void **state)
{
	static const size_t sizes[] = {0, 1, 8, 8191, 8193, 100000};
	uint8_t *cell = calloc(1, 100000);

	(void)state;
	relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, 3);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		assert_int_equal(post_status(cell, sizes[i], ""), sizes[i] > 8192 ? 413 : 400);
	free(cell);
}

static void
a_cell_of_another_version_door_or_day_is_refused(void **state)
{
	uint8_t cell[8192];
	uint32_t today = (uint32_t)(relay_now(&relay) / 86400);
	const struct cairn_drop_header wrong[] = {
	    {.door = CAIRN_DOOR_CAMPAIGN, .day = today},
	    {.door = CAIRN_DOOR_INTAKE, .day = today - 2},
	    {.door = CAIRN_DOOR_INTAKE, .day = today + 2},
	    {.door = CAIRN_DOOR_INTAKE, .day = 0},
	    {.door = CAIRN_DOOR_INTAKE, .day = UINT32_MAX},
	    {.door = (enum cairn_door)3, .day = today},
	};

	(void)state;
	relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, 4);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		cairn_drop_header_write(cell, &wrong[i]);
		assert_int_equal(post_status(cell, sizeof cell, ""), 400);
	}
	relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, 4);
	cell[0] = 2;
	assert_int_equal(post_status(cell, sizeof cell, ""), 400);
}

static void
yesterday_and_tomorrow_are_taken(void **state)
{
	uint32_t today = (uint32_t)(relay_now(&relay) / 86400);
	uint8_t cell[8192];

	(void)state;
	relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, 5);
	for (uint32_t day = today - 1; day <= today + 1; day++) {
		cairn_drop_header_write(cell, &(struct cairn_drop_header){.door = CAIRN_DOOR_INTAKE, .day = day});
		assert_int_equal(post_status(cell, sizeof cell, ""), 200);
	}
}

static void
every_wrong_cell_gets_the_same_answer(void **state)
{
	struct http_answer size, version;
	uint8_t cell[8192];

	(void)state;
	relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, 6);
	post_cell(&size, cell, 8191, "");
	cell[0] = 9;
	post_cell(&version, cell, 8192, "");
	assert_string_equal(size.head, version.head);
	assert_int_equal(size.bytes, 3);
	assert_memory_equal(size.body, "no\n", 3);
	http_free(&size);
	http_free(&version);
}

static void
a_door_says_challenge_and_difficulty(void **state)
{
	struct cairn_door_answer door;
	struct http_answer answer;
	char target[256];

	(void)state;
	relay_ask(&relay, &answer, "GET", relay_desk_path(&desk, target, "drop/campaign"), "", NULL, 0);
	assert_int_equal(answer.status, 200);
	assert_ok(cairn_door_answer_read(&door, (struct cairn_span){(char *)answer.body, answer.bytes}));
	assert_int_equal(door.difficulty, 0);
	assert_in_range(door.hour, relay_now(&relay) / 3600 - 1, relay_now(&relay) / 3600);
	http_free(&answer);
}

static void
what_is_not_there_is_404(void **state)
{
	static const char *const paths[] = {
	    "",
	    "x",
	    "board",
	    "board/",
	    "board/x",
	    "board/head",
	    "board/../roster",
	    "board/batch/0",
	    "board/batch/00",
	    "board/batch/-1",
	    "board/batch/9007199254740992",
	    "board/tile/0/000",
	    "board/tile/0/0",
	    "board/tile/x/000",
	    "board/tile/entries/000",
	    "board/epoch/intake/1.0",
	    "board/epoch/intake/1",
	    "board/epoch/x/1.0",
	    "drop",
	    "drop/",
	    "drop/x",
	    "drop/intake/",
	    "drop/Intake",
	    "drop/intake/blob",
	    "drop/intake/blob/12",
	    "drop/intake?x=1",
	    "board/card?x",
	    "drop/intake/lease",
	    "drop/intake/lease?max=",
	    "drop/intake/lease?max=-1",
	    "drop/intake/lease?max=1&x=2",
	    "board/append?size=01",
	    "roster?key=12",
	    "board/%63ard",
	    "board//card",
	};

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		if (status("GET", paths[i]) != 404)
			print_message("path: %s\n", paths[i]);
		assert_int_equal(status("GET", paths[i]), 404);
	}
}

static void
an_unknown_desk_and_an_unknown_path_are_alike(void **state)
{
	struct http_answer unknown, path;

	(void)state;
	relay_ask(&relay, &unknown, "GET",
	    "/d/0000000000000000000000000000000000000000000000000000000000000000/drop/intake", "", NULL, 0);
	relay_ask(&relay, &path, "GET", "/nothing", "", NULL, 0);
	assert_int_equal(unknown.status, 404);
	assert_string_equal(unknown.head, path.head);
	http_free(&unknown);
	http_free(&path);
}

static void
a_path_has_one_form(void **state)
{
	char upper[256], target[256];

	(void)state;
	relay_desk_path(&desk, upper, "drop/intake");
	for (char *at = upper + 3; *at != '/'; at++)
		if (*at >= 'a' && *at <= 'f')
			*at = (char)(*at - 'a' + 'A');
	assert_int_equal(relay_status(&relay, "GET", upper, "", NULL, 0), 404);
	snprintf(target, sizeof target, "//d/%s/drop/intake", desk.hex);
	assert_int_equal(relay_status(&relay, "GET", target, "", NULL, 0), 404);
	snprintf(target, sizeof target, "/d/%s/drop/intake/", desk.hex);
	assert_int_equal(relay_status(&relay, "GET", target, "", NULL, 0), 404);
}

static void
another_method_is_405(void **state)
{
	static const char *const methods[] = {"DELETE", "PATCH", "TRACE", "X", "post", "AVERYLONGMETHODNAME"};
	struct http_answer answer;
	char value[256], target[256];

	(void)state;
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		assert_int_equal(status(methods[i], "drop/intake"), 405);
	assert_int_equal(status("PUT", "board/card"), 405);
	assert_int_equal(status("POST", "board/card"), 405);
	relay_ask(&relay, &answer, "DELETE", relay_desk_path(&desk, target, "drop/intake"), "", NULL, 0);
	assert_string_not_equal(http_header(&answer, "Allow", value), "");
	http_free(&answer);
}

static void
head_is_get_without_a_body(void **state)
{
	struct http_answer get, head;
	char target[256];

	(void)state;
	relay_desk_path(&desk, target, "drop/intake");
	relay_ask(&relay, &get, "GET", target, "", NULL, 0);
	relay_ask(&relay, &head, "HEAD", target, "", NULL, 0);
	assert_int_equal(head.status, 200);
	assert_string_equal(get.head, head.head);
	assert_int_equal(head.bytes, 0);
	http_free(&get);
	http_free(&head);
}

static void
any_origin_may_ask_without_credentials(void **state)
{
	static const char *const paths[] = {"board/checkpoint", "drop/intake", "drop/campaign/blob/12"};
	struct http_answer answer;
	char value[256], target[256];

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		relay_ask(&relay, &answer, "OPTIONS", relay_desk_path(&desk, target, paths[i]),
		    "Origin: null\r\nAccess-Control-Request-Method: POST\r\n", NULL, 0);
		assert_int_equal(answer.status, 204);
		assert_string_equal(http_header(&answer, "Access-Control-Allow-Origin", value), "*");
		assert_non_null(strstr(http_header(&answer, "Access-Control-Allow-Methods", value), "POST"));
		assert_non_null(strstr(http_header(&answer, "Access-Control-Allow-Headers", value), "Cairn-Work"));
		assert_string_equal(http_header(&answer, "Access-Control-Allow-Credentials", value), "");
		http_free(&answer);
	}
}

static void
nothing_is_kept_by_browsers(void **state)
{
	static const char *const paths[] = {"drop/intake", "drop/spent", "nothing"};
	struct http_answer answer;
	char value[256], target[256];

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		relay_ask(&relay, &answer, "GET", relay_desk_path(&desk, target, paths[i]), "", NULL, 0);
		assert_string_equal(http_header(&answer, "Cache-Control", value), "no-store");
		assert_string_equal(http_header(&answer, "Date", value), "");
		assert_string_equal(http_header(&answer, "Set-Cookie", value), "");
		assert_string_equal(http_header(&answer, "Server", value), "");
		http_free(&answer);
	}
}

static void
no_pass_is_spent_yet(void **state)
{
	struct http_answer answer;
	char target[256];

	(void)state;
	relay_ask(&relay, &answer, "GET", relay_desk_path(&desk, target, "drop/spent"), "", NULL, 0);
	assert_int_equal(answer.status, 200);
	assert_int_equal(answer.bytes, 0);
	http_free(&answer);
}

/* --- blobs --- */

static void
blob_path(char rest[128], uint8_t n)
{
	snprintf(rest, 128, "drop/intake/blob/%062d%02x", 0, n);
}

static int
put_blob(uint8_t n, uint8_t fill, size_t bytes)
{
	uint8_t *blob = malloc(bytes + 1);
	char rest[128], target[256];
	int got;

	memset(blob, fill, bytes);
	blob_path(rest, n);
	got = relay_status(&relay, "PUT", relay_desk_path(&desk, target, rest), "", blob, bytes);
	free(blob);
	return got;
}

static int
blob_fill(uint8_t n)
{
	struct http_answer answer;
	char rest[128];
	int fill;

	blob_path(rest, n);
	relay_desk_ask(&desk, &answer, "GET", rest, NULL, 0);
	fill = answer.status == 200 && answer.bytes == CAIRN_BLOB_BYTES ? answer.body[0] : -1;
	http_free(&answer);
	return fill;
}

static void
the_first_write_of_a_blob_wins(void **state)
{
	(void)state;
	assert_int_equal(put_blob(1, 'a', CAIRN_BLOB_BYTES), 204);
	assert_int_equal(put_blob(1, 'b', CAIRN_BLOB_BYTES), 204);
	assert_int_equal(blob_fill(1), 'a');
}

static void
a_blob_of_another_size_is_refused(void **state)
{
	(void)state;
	assert_int_equal(put_blob(2, 'a', 0), 400);
	assert_int_equal(put_blob(2, 'a', CAIRN_BLOB_BYTES - 1), 400);
	assert_int_equal(put_blob(2, 'a', CAIRN_BLOB_BYTES + 1), 413);
	assert_int_equal(blob_fill(2), -1);
}

static void
a_blob_cut_short_leaves_nothing(void **state)
{
	char rest[128], target[256], head[512];
	int fd = relay_connect(&relay);

	(void)state;
	blob_path(rest, 3);
	snprintf(head, sizeof head, "PUT %s HTTP/1.1\r\nHost: x\r\nContent-Length: 262144\r\n\r\nabc",
	    relay_desk_path(&desk, target, rest));
	assert_true(http_send_text(fd, head));
	close(fd);
	usleep(200000);
	assert_int_equal(blob_fill(3), -1);
	snprintf(head, sizeof head, "ls %s/tmp | grep -q .", relay.data);
	assert_int_not_equal(system(head), 0);
}

static void
knowing_an_id_lets_nobody_read(void **state)
{
	char rest[128];

	(void)state;
	assert_int_equal(put_blob(4, 'a', CAIRN_BLOB_BYTES), 204);
	blob_path(rest, 4);
	assert_int_equal(status("GET", rest), 401);
	assert_int_equal(status("DELETE", rest), 405);
}

/* --- bytes on the line --- */

static void
raw(const char *text, struct http_answer *answer)
{
	int fd = relay_connect(&relay);

	assert_true(fd >= 0);
	http_send_text(fd, text);
	http_read(fd, answer, false);
	close(fd);
}

/* Whatever is sent, the relay is there afterwards and has stored nothing. */
static void
what_is_no_http_is_refused_or_cut(void **state)
{
	static const char *const lines[] = {
	    "\r\n\r\n",
	    "GET\r\n\r\n",
	    "GET / HTTP/9.9\r\n\r\n",
	    "GET / HTTP/1.1\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost\r\n\r\n",
	    "\x16\x03\x01\x02",
	    "GET http://a b HTTP/1.1\r\n\r\n",
	    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
	    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
	    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
	    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	};
	struct http_answer answer;

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		int fd = relay_connect(&relay);

		http_send_text(fd, lines[i]);
		shutdown(fd, SHUT_WR);
		http_read(fd, &answer, false);
		assert_true(answer.status == 0 || answer.status >= 400);
		http_free(&answer);
		close(fd);
	}
	assert_int_equal(status("GET", "drop/intake"), 200);
}

static void
long_lines_and_many_headers_are_refused(void **state)
{
	size_t size = 200000;
	char *text = malloc(size);
	struct http_answer answer;
	int fd = relay_connect(&relay);

	(void)state;
	memset(text, 'a', size - 1);
	text[size - 1] = '\0';
	memcpy(text, "GET /", 5);
	http_send_text(fd, text);
	http_read(fd, &answer, false);
	assert_true(answer.status == 0 || answer.status >= 400);
	http_free(&answer);
	close(fd);
	fd = relay_connect(&relay);
	memcpy(text, "GET / HTTP/1.1\r\n", 16);
	for (size_t i = 16; i + 8 < size; i += 8)
		memcpy(text + i, "a: bcd\r\n", 8);
	http_send_text(fd, text);
	http_read(fd, &answer, false);
	assert_true(answer.status == 0 || answer.status >= 400);
	http_free(&answer);
	close(fd);
	free(text);
	assert_int_equal(status("GET", "drop/intake"), 200);
}

static void
two_lengths_of_one_body_are_refused(void **state)
{
	char text[512], target[256];
	struct http_answer answer;

	(void)state;
	snprintf(text, sizeof text,
	    "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 8192\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	    relay_desk_path(&desk, target, "drop/intake"));
	raw(text, &answer);
	assert_true(answer.status == 400 || answer.status == 0);
	http_free(&answer);
}

static void
a_body_in_chunks_is_taken(void **state)
{
	char head[512], target[256];
	struct http_answer answer;
	uint8_t cell[8192];
	int fd = relay_connect(&relay);

	(void)state;
	relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, 20);
	snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
	    relay_desk_path(&desk, target, "drop/intake"));
	http_send_text(fd, head);
	for (size_t i = 0; i < 2; i++) {
		http_send_text(fd, "1000\r\n");
		http_send(fd, cell + i * 4096, 4096);
		http_send_text(fd, "\r\n");
	}
	http_send_text(fd, "0\r\n\r\n");
	http_read(fd, &answer, false);
	assert_int_equal(answer.status, 200);
	http_free(&answer);
	close(fd);
}

static void
chunks_without_end_are_cut(void **state)
{
	char head[512], target[256];
	static char chunk[0x10000 + 12];
	int fd = relay_connect(&relay);
	bool open = true;

	(void)state;
	snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
	    relay_desk_path(&desk, target, "drop/intake"));
	http_send_text(fd, head);
	memset(chunk, 'x', sizeof chunk);
	memcpy(chunk, "10000\r\n", 7);
	memcpy(chunk + 7 + 0x10000, "\r\n", 2);
	for (int i = 0; open && i < 200; i++)
		open = http_send(fd, chunk, 7 + 0x10000 + 2);
	assert_false(open);
	close(fd);
}

static void
expect_gets_continue_or_the_refusal(void **state)
{
	char head[512], target[256];
	struct http_answer answer;
	uint8_t cell[8192];
	int fd = relay_connect(&relay);

	(void)state;
	relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, 21);
	snprintf(head, sizeof head,
	    "POST %s HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 8192\r\n\r\n",
	    relay_desk_path(&desk, target, "drop/intake"));
	http_send_text(fd, head);
	usleep(50000);
	http_send(fd, cell, sizeof cell);
	http_read(fd, &answer, false);
	assert_int_equal(answer.status, 200);
	http_free(&answer);
	close(fd);
	/* No body is waited for where there will be no use for it. */
	snprintf(head, sizeof head,
	    "POST %s HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n", target);
	raw(head, &answer);
	assert_int_equal(answer.status, 413);
	http_free(&answer);
}

static void
requests_may_follow_one_another(void **state)
{
	char text[1024], target[256];
	struct http_answer answer;
	int fd = relay_connect(&relay);

	(void)state;
	relay_desk_path(&desk, target, "drop/intake");
	snprintf(text, sizeof text,
	    "GET %s HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
	    "GET %s HTTP/1.1\r\nHost: x\r\n\r\n",
	    target, target);
	http_send_text(fd, text);
	for (int i = 0; i < 3; i++) {
		http_read(fd, &answer, false);
		assert_int_equal(answer.status, i == 1 ? 404 : 200);
		http_free(&answer);
	}
	close(fd);
}

static void
cells_may_follow_one_another(void **state)
{
	char head[512], target[256];
	struct http_answer answer;
	uint8_t cell[8192];
	int fd = relay_connect(&relay);

	(void)state;
	snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 8192\r\n\r\n",
	    relay_desk_path(&desk, target, "drop/intake"));
	for (uint64_t i = 0; i < 3; i++) {
		relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, 30 + i);
		http_send_text(fd, head);
		http_send(fd, cell, sizeof cell);
	}
	for (int i = 0; i < 3; i++) {
		http_read(fd, &answer, false);
		assert_int_equal(answer.status, 200);
		assert_int_equal(answer.bytes, 68);
		http_free(&answer);
	}
	close(fd);
}

static void
one_that_shut_its_side_gets_its_receipt(void **state)
{
	char head[512], target[256];
	struct http_answer answer;
	uint8_t cell[8192];
	int fd = relay_connect(&relay);

	(void)state;
	relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, 40);
	snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 8192\r\n\r\n",
	    relay_desk_path(&desk, target, "drop/intake"));
	http_send_text(fd, head);
	http_send(fd, cell, sizeof cell);
	shutdown(fd, SHUT_WR);
	http_read(fd, &answer, false);
	/* Stored in any case: a receipt, or no answer at all, never a refusal. */
	assert_true(answer.status == 200 || answer.status == 0);
	http_free(&answer);
	close(fd);
	assert_int_equal(post_status(cell, sizeof cell, ""), 200);
}

static void
nothing_about_anybody_is_logged(void **state)
{
	char line[1024];
	FILE *log = fopen(relay.log, "r");

	(void)state;
	assert_non_null(log);
	while (fgets(line, sizeof line, log) != NULL) {
		assert_null(strstr(line, desk.hex));
		assert_null(strstr(line, "GET"));
		assert_null(strstr(line, "POST"));
		assert_null(strstr(line, "127."));
	}
	fclose(log);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_cell_gets_a_receipt_that_checks),
	    cmocka_unit_test(the_same_cell_gets_the_same_receipt),
	    cmocka_unit_test(a_cell_of_another_size_is_refused),
	    cmocka_unit_test(a_cell_of_another_version_door_or_day_is_refused),
	    cmocka_unit_test(yesterday_and_tomorrow_are_taken),
	    cmocka_unit_test(every_wrong_cell_gets_the_same_answer),
	    cmocka_unit_test(a_door_says_challenge_and_difficulty),
	    cmocka_unit_test(what_is_not_there_is_404),
	    cmocka_unit_test(an_unknown_desk_and_an_unknown_path_are_alike),
	    cmocka_unit_test(a_path_has_one_form),
	    cmocka_unit_test(another_method_is_405),
	    cmocka_unit_test(head_is_get_without_a_body),
	    cmocka_unit_test(any_origin_may_ask_without_credentials),
	    cmocka_unit_test(nothing_is_kept_by_browsers),
	    cmocka_unit_test(no_pass_is_spent_yet),
	    cmocka_unit_test(the_first_write_of_a_blob_wins),
	    cmocka_unit_test(a_blob_of_another_size_is_refused),
	    cmocka_unit_test(a_blob_cut_short_leaves_nothing),
	    cmocka_unit_test(knowing_an_id_lets_nobody_read),
	    cmocka_unit_test(what_is_no_http_is_refused_or_cut),
	    cmocka_unit_test(long_lines_and_many_headers_are_refused),
	    cmocka_unit_test(two_lengths_of_one_body_are_refused),
	    cmocka_unit_test(a_body_in_chunks_is_taken),
	    cmocka_unit_test(chunks_without_end_are_cut),
	    cmocka_unit_test(expect_gets_continue_or_the_refusal),
	    cmocka_unit_test(requests_may_follow_one_another),
	    cmocka_unit_test(cells_may_follow_one_another),
	    cmocka_unit_test(one_that_shut_its_side_gets_its_receipt),
	    cmocka_unit_test(nothing_about_anybody_is_logged),
	};

	return cmocka_run_group_tests_name(__FILE_NAME__, tests, set_up, tear_down);
}
