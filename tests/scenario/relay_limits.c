// SPDX-License-Identifier: GPL-3.0-or-later
/* What bounds the relay: work, quota, rate, disk, connections, memory; and its configuration while it runs. */
#include "lib/test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sodium.h>

#include "cairn/cairn.h"
#include "lib/relay_desk.h"

static struct relay_process relay;
static struct relay_desk desk;

static void
write_config(const char *text)
{
	FILE *file = fopen(relay.config, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* A relay with that configuration. */
static void
begin(const char *config, const char *const *flags)
{
	relay_init(&relay);
	write_config(config);
	assert_true(relay_start(&relay, flags));
	relay_desk_init(&desk, &relay, 1);
}

static void
end(void)
{
	assert_int_equal(relay_stop(&relay), 0);
	relay_desk_release(&desk);
	relay_release(&relay);
}

static int
post(enum cairn_door door, uint64_t n, const char *headers)
{
	char target[256], rest[32];
	uint8_t cell[8192];

	relay_desk_cell(&desk, cell, door, n);
	snprintf(rest, sizeof rest, "drop/%s", cairn_door_name(door));
	return relay_status(&relay, "POST", relay_desk_path(&desk, target, rest), headers, cell, sizeof cell);
}

/* --- work --- */

static void
challenge(struct cairn_door_answer *door)
{
	struct http_answer answer;
	char target[256];

	relay_ask(&relay, &answer, "GET", relay_desk_path(&desk, target, "drop/campaign"), "", NULL, 0);
	assert_ok(cairn_door_answer_read(door, (struct cairn_span){(char *)answer.body, answer.bytes}));
	http_free(&answer);
}

static void
work_for(char line[64], const struct cairn_door_answer *door, const uint8_t *body, size_t bytes)
{
	uint8_t hash[32], nonce[8];
	char hex[17];
	uint64_t next = 0;

	cairn_hash(hash, body, bytes);
	assert_ok(cairn_work_search(nonce, &next, 100000, door->difficulty, hash, door->challenge));
	sodium_bin2hex(hex, sizeof hex, nonce, sizeof nonce);
	snprintf(line, 64, "Cairn-Work: %s\r\n", hex);
}

/*
 * What a door says to cell n with that line, by the two challenges that it takes: a wrong nonce is right one time
 * in 16.
 */
static int
status_by(const struct cairn_door_answer *now, const struct cairn_door_answer *before, uint64_t n, const char *line)
{
	uint8_t cell[8192], hash[32], nonce[8], digest[32];
	unsigned bits, bits_before;

	relay_desk_cell(&desk, cell, CAIRN_DOOR_CAMPAIGN, n);
	cairn_hash(hash, cell, sizeof cell);
	assert_ok(sodium_hex2bin(nonce, sizeof nonce, line + strlen("Cairn-Work: "), 16, NULL, NULL, NULL));
	assert_ok(cairn_work_bits(&bits, digest, hash, now->challenge, nonce));
	assert_ok(cairn_work_bits(&bits_before, digest, hash, before->challenge, nonce));
	return bits >= now->difficulty || bits_before >= now->difficulty ? 200 : 403;
}

static void
a_door_that_asks_for_work_takes_nothing_without(void **state)
{
	struct cairn_door_answer door[4];
	uint8_t cell[8192];
	char line[64];

	(void)state;
	begin("difficulty campaign 4\n", NULL);
	challenge(&door[0]);
	relay_move_clock(&relay, 3600);
	challenge(&door[1]);
	assert_int_equal(door[1].difficulty, 4);
	assert_int_equal(post(CAIRN_DOOR_CAMPAIGN, 1, ""), 403);
	relay_desk_cell(&desk, cell, CAIRN_DOOR_CAMPAIGN, 1);
	work_for(line, &door[1], cell, sizeof cell);
	for (uint64_t n = 10; n < 15; n++)
		assert_int_equal(post(CAIRN_DOOR_CAMPAIGN, n, line), status_by(&door[1], &door[0], n, line));
	assert_int_equal(post(CAIRN_DOOR_CAMPAIGN, 1, line), 200);
	assert_int_equal(post(CAIRN_DOOR_CAMPAIGN, 1, "Cairn-Work: 12\r\n"), 400);
	assert_int_equal(post(CAIRN_DOOR_INTAKE, 3, ""), 200);
	/* This hour's and the last's, no older. */
	relay_move_clock(&relay, 3600);
	challenge(&door[2]);
	assert_int_equal(post(CAIRN_DOOR_CAMPAIGN, 1, line), 200);
	relay_move_clock(&relay, 3600);
	challenge(&door[3]);
	assert_int_equal(post(CAIRN_DOOR_CAMPAIGN, 1, line), status_by(&door[3], &door[2], 1, line));
	end();
}

static void
a_blob_comes_with_work_too(void **state)
{
	uint8_t *blob = calloc(1, CAIRN_BLOB_BYTES);
	struct cairn_door_answer door;
	char target[256], rest[128], line[64];

	(void)state;
	begin("difficulty campaign 3\n", NULL);
	challenge(&door);
	work_for(line, &door, blob, CAIRN_BLOB_BYTES);
	snprintf(rest, sizeof rest, "drop/campaign/blob/%064d", 1);
	relay_desk_path(&desk, target, rest);
	assert_int_equal(relay_status(&relay, "PUT", target, "", blob, CAIRN_BLOB_BYTES), 403);
	assert_int_equal(relay_status(&relay, "PUT", target, line, blob, CAIRN_BLOB_BYTES), 204);
	free(blob);
	end();
}

static void
difficulty_changes_while_it_runs(void **state)
{
	(void)state;
	begin("", NULL);
	assert_int_equal(post(CAIRN_DOOR_CAMPAIGN, 1, ""), 200);
	write_config("difficulty campaign 20\n");
	kill(relay.pid, SIGHUP);
	relay_move_clock(&relay, 0);
	assert_int_equal(post(CAIRN_DOOR_CAMPAIGN, 2, ""), 403);
	/* A configuration with a fault changes nothing. */
	write_config("difficulty campaign 0\nnonsense\n");
	kill(relay.pid, SIGHUP);
	relay_move_clock(&relay, 0);
	assert_int_equal(post(CAIRN_DOOR_CAMPAIGN, 2, ""), 403);
	end();
}

/* --- quota and rate --- */

static void
a_full_door_leaves_the_other_open(void **state)
{
	(void)state;
	begin("quota campaign 2 1\n", NULL);
	assert_int_equal(post(CAIRN_DOOR_CAMPAIGN, 1, ""), 200);
	assert_int_equal(post(CAIRN_DOOR_CAMPAIGN, 2, ""), 200);
	assert_int_equal(post(CAIRN_DOOR_CAMPAIGN, 3, ""), 503);
	assert_int_equal(post(CAIRN_DOOR_CAMPAIGN, 1, ""), 200);
	assert_int_equal(post(CAIRN_DOOR_INTAKE, 4, ""), 200);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/campaign/lease?max=64", NULL, 0), 200);
	end();
}

static void
a_full_door_says_when_to_come_again(void **state)
{
	struct http_answer answer;
	uint8_t cell[8192];
	char target[256], value[256];

	(void)state;
	begin("quota intake 1 1\n", NULL);
	assert_int_equal(post(CAIRN_DOOR_INTAKE, 1, ""), 200);
	relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, 2);
	relay_ask(&relay, &answer, "POST", relay_desk_path(&desk, target, "drop/intake"), "", cell, sizeof cell);
	assert_int_equal(answer.status, 503);
	assert_int_equal(answer.bytes, 6);
	assert_memory_equal(answer.body, "later\n", 6);
	assert_string_not_equal(http_header(&answer, "Retry-After", value), "");
	http_free(&answer);
	end();
}

static int
connect_from(const char *from, uint16_t port)
{
	struct sockaddr_in own = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	inet_pton(AF_INET, from, &own.sin_addr);
	inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
	assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

static int
post_from(const char *from, uint16_t port, uint64_t n)
{
	char head[512], target[256];
	struct http_answer answer;
	uint8_t cell[8192];
	int fd = connect_from(from, port);
	int status;

	relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, n);
	snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 8192\r\n\r\n",
	    relay_desk_path(&desk, target, "drop/intake"));
	http_send_text(fd, head);
	http_send(fd, cell, sizeof cell);
	http_read(fd, &answer, false);
	status = answer.status;
	http_free(&answer);
	close(fd);
	return status;
}

static void
one_address_can_send_so_much_a_minute(void **state)
{
	char listen[64];
	uint16_t port = (uint16_t)(20000 + getpid() % 20000);

	(void)state;
	snprintf(listen, sizeof listen, "127.0.0.1:%u counted", (unsigned)port);
	begin("rate 5\n", (const char *const[]){"--listen", listen, NULL});
	/* All within one minute of the relay's clock. */
	*relay.clock += 60 - (int64_t)(relay_now(&relay) % 60);
	for (uint64_t n = 0; n < 5; n++)
		assert_int_equal(post_from("127.0.0.2", port, n), 200);
	assert_int_equal(post_from("127.0.0.2", port, 5), 503);
	assert_int_equal(post_from("127.0.0.3", port, 5), 200);
	/* The socket of the onion is not counted. */
	for (uint64_t n = 10; n < 20; n++)
		assert_int_equal(post(CAIRN_DOOR_INTAKE, n, ""), 200);
	*relay.clock += 60;
	assert_int_equal(post_from("127.0.0.2", port, 6), 200);
	end();
}

/* --- the disk is full --- */

/* From some size on no file grows: what a full disk does, to one process. */
static void
limit_files(rlim_t bytes)
{
	struct rlimit limit = {bytes, RLIM_INFINITY};

	assert_int_equal(prlimit(relay.pid, RLIMIT_FSIZE, &limit, NULL), 0);
}

static void
a_full_disk_is_503_and_passes_by_itself(void **state)
{
	uint64_t n = 0;
	size_t kept = 0;
	size_t found = 0;
	int status = 200;

	(void)state;
	begin("", NULL);
	limit_files(200000);
	for (; status == 200 && n < 100; n++) {
		status = post(CAIRN_DOOR_INTAKE, n, "");
		kept += status == 200;
	}
	assert_int_equal(status, 503);
	assert_int_equal(post(CAIRN_DOOR_INTAKE, n, ""), 503);
	limit_files(RLIM_INFINITY);
	assert_int_equal(post(CAIRN_DOOR_INTAKE, 1000, ""), 200);
	assert_int_equal(relay_stop(&relay), 0);
	assert_true(relay_start(&relay, NULL));
	/* Each that was acknowledged is there, none that was refused: */
	for (;;) {
		struct http_answer answer;

		relay_desk_ask(&desk, &answer, "POST", "drop/intake/lease?max=64", NULL, 0);
		assert_int_equal(answer.status, 200);
		found += answer.bytes / 8192;
		if (answer.bytes == 0) {
			http_free(&answer);
			break;
		}
		http_free(&answer);
	}
	assert_int_equal(found, kept + 1);
	end();
}

static void
a_blob_on_a_full_disk_leaves_nothing(void **state)
{
	uint8_t *blob = calloc(1, CAIRN_BLOB_BYTES);
	char target[256], rest[128];

	(void)state;
	begin("", NULL);
	snprintf(rest, sizeof rest, "drop/intake/blob/%064d", 1);
	relay_desk_path(&desk, target, rest);
	limit_files(100000);
	assert_int_equal(relay_status(&relay, "PUT", target, "", blob, CAIRN_BLOB_BYTES), 503);
	limit_files(RLIM_INFINITY);
	assert_int_equal(relay_desk_status(&desk, "GET", rest, NULL, 0), 404);
	assert_int_equal(relay_status(&relay, "PUT", target, "", blob, CAIRN_BLOB_BYTES), 204);
	free(blob);
	end();
}

static void
an_append_on_a_full_disk_leaves_the_old_board(void **state)
{
	struct http_answer answer;
	uint8_t old[CAIRN_CHECKPOINT_BYTES_MAX];
	char target[256];
	size_t bytes;

	(void)state;
	begin("", NULL);
	assert_int_equal(relay_desk_append(&desk, 0), 204);
	bytes = paper_file(&desk.paper, "board/checkpoint")->size;
	memcpy(old, paper_file(&desk.paper, "board/checkpoint")->bytes, bytes);
	for (rlim_t limit = 0; limit < 32768; limit += 3000) {
		limit_files(limit);
		if (desk.paper.size == 0)
			assert_int_equal(relay_desk_publish(&desk), 503);
		else
			assert_int_equal(relay_desk_append(&desk, 0), 503);
		relay_ask(&relay, &answer, "GET", relay_desk_path(&desk, target, "board/checkpoint"), "", NULL, 0);
		assert_int_equal(answer.bytes, bytes);
		assert_memory_equal(answer.body, old, bytes);
		http_free(&answer);
		assert_int_equal(relay_status(&relay, "GET", relay_desk_path(&desk, target, "board/batch/0"), "",
				     NULL, 0),
		    404);
	}
	limit_files(RLIM_INFINITY);
	assert_int_equal(relay_desk_append(&desk, 0), 204);
	assert_int_equal(relay_status(&relay, "GET", relay_desk_path(&desk, target, "board/batch/0"), "", NULL, 0),
	    200);
	end();
}

static void
below_the_reserve_only_the_desk_may_write(void **state)
{
	(void)state;
	begin("reserve 1000000\n", NULL);
	relay_move_clock(&relay, 0);
	assert_int_equal(post(CAIRN_DOOR_INTAKE, 1, ""), 503);
	assert_int_equal(relay_desk_append(&desk, 0), 204);
	end();
}

/* --- the feed --- */

static int
append(uint64_t seq)
{
	static uint8_t record[65536];

	relay_feed_record(&desk, record, sizeof record, seq, seq);
	return relay_feed_append(&desk, seq, record, sizeof record, NULL);
}

static void
a_full_feed_takes_more_when_some_is_deleted(void **state)
{
	const uint64_t first[] = {0, 1};
	uint64_t seq = 0;

	(void)state;
	begin("feed 1\n", NULL);
	while (append(seq) == 204)
		seq++;
	assert_int_equal(seq, 15);
	assert_int_equal(append(seq), 503);
	assert_int_equal(append(seq - 1), 204);
	assert_int_equal(relay_feed_delete(&desk, first, 2), 204);
	assert_int_equal(append(seq), 204);
	write_config("feed 2\n");
	kill(relay.pid, SIGHUP);
	relay_move_clock(&relay, 0);
	assert_int_equal(append(seq + 1), 204);
	assert_int_equal(append(seq + 2), 204);
	end();
}

static void
a_device_appends_no_more_than_its_part_of_a_day(void **state)
{
	const struct relay_device *other;
	uint64_t seq = 0;

	(void)state;
	begin("", NULL);
	write_config("feed 200\n");
	kill(relay.pid, SIGHUP);
	relay_move_clock(&relay, 0);
	other = relay_desk_device(&desk, "intake");
	while (seq < 2000 && append(seq) == 204)
		seq++;
	assert_int_equal(seq, 1024); /* 64 MiB */
	desk.as = other;
	assert_int_equal(append(seq), 204);
	desk.as = NULL;
	assert_int_equal(append(seq + 1), 503);
	relay_move_clock(&relay, 86400);
	assert_int_equal(append(seq + 1), 204);
	end();
}

static void
below_the_reserve_a_feed_shrinks_and_does_not_grow(void **state)
{
	const uint64_t first = 0;

	(void)state;
	begin("", NULL);
	assert_int_equal(append(0), 204);
	write_config("reserve 1000000\n");
	kill(relay.pid, SIGHUP);
	relay_move_clock(&relay, 0);
	assert_int_equal(append(1), 503);
	assert_int_equal(relay_feed_delete(&desk, &first, 1), 204);
	end();
}

static void
a_feed_on_a_full_disk_goes_on_when_there_is_room(void **state)
{
	struct cairn_feed_answer read;
	struct http_answer answer;
	uint64_t seq = 0;

	(void)state;
	begin("", NULL);
	limit_files(300000);
	while (append(seq) == 204)
		seq++;
	assert_in_range(seq, 1, 5);
	assert_int_equal(append(seq), 503);
	limit_files(RLIM_INFINITY);
	assert_int_equal(append(seq), 204);
	relay_feed_get(&desk, &answer, 0, 0);
	assert_int_equal(answer.status, 200);
	assert_ok(cairn_feed_answer_read(&read, answer.body, answer.bytes, 0));
	assert_int_equal(read.head, seq + 1);
	http_free(&answer);
	end();
}

static int
wait_as(const struct relay_device *device)
{
	char head[1024], line[320], target[256];
	int fd = relay_connect(&relay);

	desk.as = device;
	relay_desk_sign(&desk, line, "GET", relay_desk_path(&desk, target, "feed?from=0&wait=60"), NULL, 0);
	desk.as = NULL;
	snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n", target, line);
	assert_true(http_send_text(fd, head));
	http_taken(fd);
	return fd;
}

/* A quarter of the places, whoever it is that waits. */
static void
those_who_wait_leave_places_for_others(void **state)
{
	enum { MANY = 6 };
	const struct relay_device *devices[MANY];
	struct http_answer answer;
	int fds[MANY];

	(void)state;
	begin("connections 16\n", NULL);
	for (int i = 0; i < MANY; i++)
		devices[i] = relay_desk_device(&desk, "case");
	for (int i = 0; i < MANY; i++)
		fds[i] = wait_as(devices[i]);
	for (int i = 4; i < MANY; i++) {
		http_read(fds[i], &answer, false);
		assert_int_equal(answer.status, 503);
		http_free(&answer);
		close(fds[i]);
	}
	assert_int_equal(post(CAIRN_DOOR_INTAKE, 1, ""), 200);
	assert_int_equal(append(0), 204);
	for (int i = 0; i < 4; i++) {
		http_read(fds[i], &answer, false);
		assert_int_equal(answer.status, 200);
		http_free(&answer);
		close(fds[i]);
	}
	end();
}

/* --- connections and memory --- */

static void
slow_ones_are_cut_and_others_served(void **state)
{
	enum { MANY = 24 };
	int fds[MANY];
	char byte;

	(void)state;
	begin("connections 32\n", NULL);
	for (int i = 0; i < MANY; i++) {
		fds[i] = relay_connect(&relay);
		assert_true(fds[i] >= 0);
		assert_true(http_send_text(fds[i], "POST /d/"));
	}
	assert_int_equal(post(CAIRN_DOOR_INTAKE, 1, ""), 200);
	/* A byte now and then keeps the library's own clock from running out, and not this one. */
	relay_move_clock(&relay, 250);
	for (int i = 0; i < MANY; i++) {
		http_send_text(fds[i], "a");
		assert_true(recv(fds[i], &byte, 1, 0) <= 0);
		close(fds[i]);
	}
	assert_int_equal(post(CAIRN_DOOR_INTAKE, 2, ""), 200);
	end();
}

static void
more_connections_than_places_wait_their_turn(void **state)
{
	enum { MANY = 60 };
	int fds[MANY];

	(void)state;
	begin("connections 16\n", NULL);
	for (int i = 0; i < MANY; i++)
		fds[i] = relay_connect(&relay);
	for (int i = 0; i < MANY; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	assert_int_equal(post(CAIRN_DOOR_INTAKE, 1, ""), 200);
	end();
}

static long
resident_kib(void)
{
	char path[64], line[256];
	long kib = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/status", (int)relay.pid);
	file = fopen(path, "r");
	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		if (strncmp(line, "VmRSS:", 6) == 0)
			kib = strtol(line + 6, NULL, 10);
	if (file != NULL)
		fclose(file);
	return kib;
}

static void
half_a_body_on_every_connection_costs_little_memory(void **state)
{
	enum { MANY = 400 };
	static uint8_t half[200000];
	char head[512], target[256], rest[128];
	int fds[MANY];
	long before;

	(void)state;
	begin("connections 500\n", NULL);
	before = resident_kib();
	for (int i = 0; i < MANY; i++) {
		snprintf(rest, sizeof rest, "drop/intake/blob/%064d", i);
		snprintf(head, sizeof head, "PUT %s HTTP/1.1\r\nHost: x\r\nContent-Length: 262144\r\n\r\n",
		    relay_desk_path(&desk, target, rest));
		fds[i] = relay_connect(&relay);
		assert_true(http_send_text(fds[i], head) && http_send(fds[i], half, sizeof half));
	}
	usleep(300000);
	assert_true(resident_kib() - before < 24 * 1024);
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
	assert_int_equal(post(CAIRN_DOOR_INTAKE, 1, ""), 200);
	end();
}

static void
a_stranger_cannot_send_a_large_body_as_staff(void **state)
{
	static uint8_t body[500000];
	char line[320], target[256];

	(void)state;
	begin("", NULL);
	memset(desk.device, 0xee, sizeof desk.device);
	relay_desk_path(&desk, target, "board/append?size=0");
	relay_desk_sign(&desk, line, "POST", target, body, sizeof body);
	assert_int_equal(relay_status(&relay, "POST", target, line, body, sizeof body), 401);
	end();
}

/* --- starting --- */

static void
a_configuration_with_a_fault_is_told(void **state)
{
	(void)state;
	relay_init(&relay);
	write_config("listen 0.0.0.0:80\n");
	assert_int_equal(relay_command(&relay, (const char *const[]){"--check-config", NULL}), 2);
	write_config("listen 0.0.0.0:80\nanywhere yes\n");
	assert_int_equal(relay_command(&relay, (const char *const[]){"--check-config", NULL}), 0);
	write_config("nonsense\n");
	assert_int_equal(relay_command(&relay, (const char *const[]){"--check-config", NULL}), 2);
	assert_int_equal(relay_command(&relay, (const char *const[]){"nonsense", NULL}), 2);
	relay_release(&relay);
}

static void
two_daemons_do_not_share_a_folder(void **state)
{
	char socket[128];

	(void)state;
	begin("", NULL);
	snprintf(socket, sizeof socket, "unix:%s/other", relay.folder);
	assert_int_equal(relay_command(&relay, (const char *const[]){"--listen", socket, NULL}), 1);
	assert_int_equal(post(CAIRN_DOOR_INTAKE, 1, ""), 200);
	end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_door_that_asks_for_work_takes_nothing_without),
	    cmocka_unit_test(a_blob_comes_with_work_too),
	    cmocka_unit_test(difficulty_changes_while_it_runs),
	    cmocka_unit_test(a_full_door_leaves_the_other_open),
	    cmocka_unit_test(a_full_door_says_when_to_come_again),
	    cmocka_unit_test(one_address_can_send_so_much_a_minute),
	    cmocka_unit_test(a_full_disk_is_503_and_passes_by_itself),
	    cmocka_unit_test(a_blob_on_a_full_disk_leaves_nothing),
	    cmocka_unit_test(an_append_on_a_full_disk_leaves_the_old_board),
	    cmocka_unit_test(below_the_reserve_only_the_desk_may_write),
	    cmocka_unit_test(a_full_feed_takes_more_when_some_is_deleted),
	    cmocka_unit_test(a_device_appends_no_more_than_its_part_of_a_day),
	    cmocka_unit_test(below_the_reserve_a_feed_shrinks_and_does_not_grow),
	    cmocka_unit_test(a_feed_on_a_full_disk_goes_on_when_there_is_room),
	    cmocka_unit_test(those_who_wait_leave_places_for_others),
	    cmocka_unit_test(slow_ones_are_cut_and_others_served),
	    cmocka_unit_test(more_connections_than_places_wait_their_turn),
	    cmocka_unit_test(half_a_body_on_every_connection_costs_little_memory),
	    cmocka_unit_test(a_stranger_cannot_send_a_large_body_as_staff),
	    cmocka_unit_test(a_configuration_with_a_fault_is_told),
	    cmocka_unit_test(two_daemons_do_not_share_a_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
