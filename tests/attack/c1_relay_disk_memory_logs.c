// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * C1: who has the relay's disk, memory and logs at any moment reads no message, finds no name, passphrase or address
 * but of connections open at that moment, and links no two cells beyond "both came in the same hour".
 *
 * The attacker takes the whole data folder byte for byte (free pages and journals with it), all writable memory of
 * the process while it works, and its logs. He looks for everything that was planted, and for any order among what
 * came in an hour that is over: by place in files and memory, by times and inodes of files. Each search is first
 * tried where it must succeed.
 */
#include "lib/test.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "attack/loot.h"
#include "attack/people.h"
#include "lib/relay_desk.h"

/* A sanitizer's allocator keeps what is given back, on purpose: disk and logs alone are searched then. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MEMORY_KEPT 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define MEMORY_KEPT 1
#endif
#ifndef MEMORY_KEPT
#define MEMORY_KEPT 0
#endif

#define CELLS 400U
#define MARK 24U /* bytes of a cell that tell it from all else */

static struct relay_process relay;
static struct relay_desk desk;
static uint16_t port;

/* Canaries, not as literals: nothing but the relay may have them in memory as they are searched. */
static const char agent[] = "Zntavsvprag-Oebjfre/9.9";
static const char forwarded[] = "198.51.100.77";
static const char from[] = "127.77.88.99";

static int
set_up(void **state)
{
	static char listen[64];

	(void)state;
	relay_init(&relay);
	*relay.clock = 3600 - (int64_t)(relay_now(&relay) % 3600) + 60;
	port = (uint16_t)(20000 + getpid() % 20000);
	snprintf(listen, sizeof listen, "127.0.0.1:%u counted", (unsigned)port);
	if (!relay_start(&relay, (const char *const[]){"--listen", listen, "--test-dumpable", NULL}))
		return -1;
	relay_desk_init(&desk, &relay, 1);
	return relay_desk_append(&desk, 0) == 204 ? 0 : -1;
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

/* --- what the attacker takes --- */

/* Everything that is mapped readable: heap, stacks, data, libraries. */
static void
loot_memory(struct loot *loot)
{
	char path[64], line[512];
	unsigned long low, high;
	FILE *maps;
	int mem;

	if (MEMORY_KEPT) {
		loot_add(loot, "", 1);
		return;
	}
	snprintf(path, sizeof path, "/proc/%d/maps", (int)relay.pid);
	maps = fopen(path, "r");
	snprintf(path, sizeof path, "/proc/%d/mem", (int)relay.pid);
	mem = open(path, O_RDONLY);
	assert_non_null(maps);
	assert_true(mem >= 0);
	while (fgets(line, sizeof line, maps) != NULL) {
		char read_right;

		if (sscanf(line, "%lx-%lx %c", &low, &high, &read_right) != 3 || read_right != 'r' ||
		    strstr(line, "[v") != NULL)
			continue;
		for (unsigned long at = low; at < high; at += 4096) {
			uint8_t page[4096];

			if (pread(mem, page, sizeof page, (off_t)at) == (ssize_t)sizeof page)
				loot_add(loot, page, sizeof page);
		}
	}
	close(mem);
	fclose(maps);
}

/* An IPv4 address as the kernel gives it, behind a family and any port. */
static bool
has_address(const struct loot *loot, const char *address)
{
	uint8_t binary[4];
	const uint8_t *at = loot->bytes;
	const uint8_t *end = loot->bytes + loot->size;

	assert_int_equal(inet_pton(AF_INET, address, binary), 1);
	while ((at = memmem(at, (size_t)(end - at), binary, 4)) != NULL) {
		if (at - loot->bytes >= 4 && at[-4] == AF_INET && at[-3] == 0)
			return true;
		at++;
	}
	return false;
}

/* --- what is planted --- */

static int
connect_from(const char *address)
{
	struct sockaddr_in own = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	inet_pton(AF_INET, address, &own.sin_addr);
	inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
	assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

static void
send_on(int fd, const char *method, const char *rest, const void *body, size_t bytes)
{
	char head[1024], target[256];

	snprintf(head, sizeof head,
	    "%s %s HTTP/1.1\r\nHost: x\r\nUser-Agent: %s\r\nX-Forwarded-For: %s\r\nContent-Length: %zu\r\n\r\n",
	    method, relay_desk_path(&desk, target, rest), agent, forwarded, bytes);
	assert_true(http_send_text(fd, head));
	assert_true(http_send(fd, body, bytes));
}

static void
expect(int fd, int status)
{
	struct http_answer answer;

	http_read(fd, &answer, false);
	assert_int_equal(answer.status, status);
	http_free(&answer);
}

static unsigned
descriptors(void)
{
	char path[64];
	unsigned count = 0;
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%d/fd", (int)relay.pid);
	dir = opendir(path);
	assert_non_null(dir);
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count;
}

/* Until the relay has closed what the other side has: on a busy machine that is not at once. */
static void
wait_for_descriptors(unsigned most)
{
	for (int tries = 0; descriptors() > most; tries++) {
		assert_true(tries < 3000);
		usleep(10000);
	}
}

/* Requests that end in other ways than well: cut off in the headers, in the body, closed by either side. */
static void
plant_broken(void)
{
	static const char *const ends[] = {
		"\r\n", "Content-Length: 8192\r\n\r\nabc", "Connection: close\r\n\r\n", "Expect: x\r\n\r\n",
		"Content-Length: 99999999\r\n\r\n", "\r\n\r\n", "bad\r\n\r\n",
	};
	char head[512];

	for (size_t i = 0; i < 4 * sizeof ends / sizeof *ends; i++) {
		int fd = connect_from(from);
		struct http_answer answer;

		snprintf(head, sizeof head,
		    "POST /%s HTTP/1.1\r\nHost: x\r\nUser-Agent: %s\r\nX-Forwarded-For: %s\r\n%s", agent, agent,
		    forwarded, ends[i / 4]);
		http_send_text(fd, head);
		shutdown(fd, SHUT_WR);
		http_read(fd, &answer, false);
		http_free(&answer);
		close(fd);
	}
}

static struct person *
plant(const char *text, uint8_t *file, size_t file_bytes)
{
	struct person *person = person_new(&desk.paper);
	uint8_t *blob = malloc(CAIRN_BLOB_BYTES);
	uint8_t fk[32];
	char rest[128];
	int fd = connect_from(from);

	person_say(&desk.paper, person, text);
	for (size_t i = 0; i < desk.paper.drop_count; i++) {
		send_on(fd, "POST", "drop/intake", desk.paper.drop[i], CAIRN_DROP_CELL_BYTES);
		expect(fd, 200);
	}
	randombytes_buf(file, file_bytes);
	randombytes_buf(fk, sizeof fk);
	cairn_blob_seal(blob, file, file_bytes, fk, 0);
	snprintf(rest, sizeof rest, "drop/intake/blob/%064d", 1);
	send_on(fd, "PUT", rest, blob, CAIRN_BLOB_BYTES);
	expect(fd, 204);
	close(fd);
	free(blob);
	plant_broken();
	return person;
}

static void
assert_nothing_planted(const struct loot *loot, const struct person *person, const char *text,
    const uint8_t *file, size_t file_bytes)
{
	assert_false(loot_has_text(loot, text));
	assert_false(loot_has(loot, file, file_bytes));
	assert_false(loot_has(loot, person->conv.root, 32));
	assert_false(loot_has(loot, person->conv.id, CAIRN_CONV_ID_BYTES));
	assert_false(loot_has(loot, person->conv.auth_key, 32));
	assert_false(loot_has(loot, person->conv.auth_secret, 32));
	assert_false(loot_has(loot, person->conv.reply.public_key, 64));
	assert_false(loot_has_text(loot, agent));
	assert_false(loot_has_text(loot, forwarded));
	assert_false(loot_has_text(loot, from));
	assert_false(has_address(loot, from));
}

static void
nothing_that_was_said_is_found_and_no_address(void **state)
{
	static const char text[] = "V nz va gur frpbaq ubhfr oruvaq gur zvyy";
	struct loot disk = {0}, memory = {0}, logs = {0};
	uint8_t file[64];
	unsigned before = descriptors();
	struct person *person = plant(text, file, sizeof file);
	int open_fd, other;

	(void)state;
	/* Its database of the hour, and what that has beside it, stay open. */
	wait_for_descriptors(before + 3);
	open_fd = connect_from("127.66.55.44");
	other = connect_from("127.66.55.45");
	/* While it handles traffic: one connection in the middle of a body, one in the middle of its headers. */
	http_send_text(open_fd, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 8192\r\n\r\nabc");
	http_send_text(other, "GET /x HTTP/1.1\r\nUser-Agent: Uhdjkeh-Qwop");
	usleep(200000);
	loot_folder(&disk, relay.data);
	loot_memory(&memory);
	loot_file(&logs, relay.log);
	assert_nothing_planted(&disk, person, text, file, sizeof file);
	assert_nothing_planted(&memory, person, text, file, sizeof file);
	assert_nothing_planted(&logs, person, text, file, sizeof file);
	/* The search does find what is being worked on: */
	assert_true(MEMORY_KEPT || loot_has_text(&memory, "Uhdjkeh-Qwop"));
	/* and, more than is claimed, no address even of those. */
	assert_false(has_address(&memory, "127.66.55.44"));
	close(open_fd);
	close(other);
	loot_release(&disk);
	loot_release(&memory);
	loot_release(&logs);
	person_free(person);
}

/* --- order --- */

static void
mark_of(uint8_t mark[MARK], unsigned n, bool campaign)
{
	uint8_t cell[CAIRN_DROP_CELL_BYTES];

	relay_desk_cell(&desk, cell, campaign ? CAIRN_DOOR_CAMPAIGN : CAIRN_DOOR_INTAKE, n);
	memcpy(mark, cell + 16, MARK);
}

/* The end of a cell lies on pages of its own, which a database takes one behind the other. */
static void
tail_of(uint8_t mark[MARK], unsigned n, bool campaign)
{
	uint8_t cell[CAIRN_DROP_CELL_BYTES];

	relay_desk_cell(&desk, cell, campaign ? CAIRN_DOOR_CAMPAIGN : CAIRN_DOOR_INTAKE, n);
	memcpy(mark, cell + sizeof cell - MARK - 8, MARK);
}

static void
hash_mark(uint8_t mark[MARK], unsigned n, bool campaign)
{
	uint8_t cell[CAIRN_DROP_CELL_BYTES], hash[32];

	relay_desk_cell(&desk, cell, campaign ? CAIRN_DOOR_CAMPAIGN : CAIRN_DOOR_INTAKE, n);
	cairn_hash(hash, cell, sizeof cell);
	memcpy(mark, hash, MARK);
}

struct found {
	size_t place;
	unsigned n;
};

static int
by_place(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return x->place < y->place ? -1 : x->place > y->place;
}

/*
 * How far the order of places is the order of arrival: rank correlation, and how near neighbours on the disk are in
 * time (1: not at all). *ret_count is how many were found.
 */
static void
look_for_order(const struct loot *loot, void (*mark)(uint8_t *, unsigned, bool), bool last, size_t *ret_count,
    double *correlation, double *nearness)
{
	struct found found[CELLS];
	size_t count = 0;
	double sum = 0, near = 0;

	for (unsigned n = 0; n < CELLS; n++) {
		uint8_t m[MARK];
		const uint8_t *at = loot->bytes;
		const uint8_t *hit = NULL;

		mark(m, n, false);
		while ((at = memmem(at, (size_t)(loot->bytes + loot->size - at), m, MARK)) != NULL) {
			hit = at++;
			if (!last)
				break;
		}
		if (hit != NULL)
			found[count++] = (struct found){(size_t)(hit - loot->bytes), n};
	}
	*ret_count = count;
	*correlation = 0;
	*nearness = 1;
	if (count < 3)
		return;
	qsort(found, count, sizeof *found, by_place);
	for (size_t i = 0; i < count; i++) {
		/* found[i].n stands for a rank well enough: all or nearly all are found. */
		double d = (double)i / (double)count - (double)found[i].n / CELLS;

		sum += d * d;
		if (i > 0)
			near += fabs((double)found[i].n - (double)found[i - 1].n);
	}
	*correlation = 1 - 6 * sum / (double)count;
	*nearness = near / (double)(count - 1) / (CELLS / 3.0);
}

/* In a random order the correlation has a deviation of 0.05, the nearness one of 0.035: five of each. */
static void
assert_no_order(const struct loot *loot)
{
	void (*const marks[])(uint8_t *, unsigned, bool) = {mark_of, tail_of, hash_mark};
	double correlation, nearness;
	size_t count;

	for (size_t i = 0; i < 6; i++) {
		look_for_order(loot, marks[i / 2], i % 2 == 1, &count, &correlation, &nearness);
		assert_true(count == 0 || fabs(correlation) < 0.25);
		assert_true(count == 0 || nearness > 0.82);
	}
}

static void
post_in_order(void)
{
	uint8_t cell[CAIRN_DROP_CELL_BYTES];
	int fd = relay_connect(&relay);

	for (unsigned n = 0; n < CELLS; n++) {
		relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, n);
		send_on(fd, "POST", "drop/intake", cell, sizeof cell);
		expect(fd, 200);
	}
	close(fd);
}

/* Every third, as a desk does that takes what it is given. */
static void
delete_some(void)
{
	uint8_t cell[CAIRN_DROP_CELL_BYTES], hash[32];

	for (unsigned n = 0; n < CELLS; n += 3) {
		relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, n);
		cairn_hash(hash, cell, sizeof cell);
		assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/delete", hash, 32), 204);
	}
}

static void
no_order_of_an_hour_that_is_over_is_on_disk_or_in_memory(void **state)
{
	struct loot disk = {0}, memory = {0};
	double correlation, nearness;
	size_t count;

	(void)state;
	post_in_order();
	/* Within the hour the order may be there; that it is found shows that the search works. */
	loot_folder(&disk, relay.data);
	look_for_order(&disk, tail_of, false, &count, &correlation, &nearness);
	assert_int_equal(count, CELLS);
	assert_true(fabs(correlation) > 0.9 || nearness < 0.5);
	loot_release(&disk);

	/* The clock turns, and the day with it stays: cells are found by the bytes that do not depend on it. */
	relay_move_clock(&relay, 3600);
	loot_folder(&disk, relay.data);
	loot_memory(&memory);
	look_for_order(&disk, mark_of, false, &count, &correlation, &nearness);
	assert_int_equal(count, CELLS);
	assert_no_order(&disk);
	assert_no_order(&memory);
	loot_release(&disk);
	loot_release(&memory);

	delete_some();
	loot_folder(&disk, relay.data);
	assert_no_order(&disk);
	loot_release(&disk);
}

static void
what_was_deleted_is_not_on_the_disk_an_hour_later(void **state)
{
	struct loot disk = {0};
	uint8_t mark[MARK];

	(void)state;
	relay_move_clock(&relay, 3600);
	loot_folder(&disk, relay.data);
	for (unsigned n = 0; n < CELLS; n += 3) {
		mark_of(mark, n, false);
		assert_false(loot_has(&disk, mark, MARK));
	}
	mark_of(mark, 1, false);
	assert_true(loot_has(&disk, mark, MARK));
	loot_release(&disk);
}

static void
a_restart_in_the_hour_leaves_no_order_either(void **state)
{
	struct loot disk = {0};
	double correlation, nearness;
	size_t count;

	(void)state;
	/* Another day: the same bytes anew. */
	relay_move_clock(&relay, 3 * 86400);
	post_in_order();
	relay_kill(&relay);
	assert_true(relay_start(&relay, NULL));
	assert_int_equal(relay_stop(&relay), 0);
	*relay.clock += 3600;
	assert_true(relay_start(&relay, (const char *const[]){"--test-dumpable", NULL}));
	relay_move_clock(&relay, 0);
	loot_folder(&disk, relay.data);
	look_for_order(&disk, mark_of, false, &count, &correlation, &nearness);
	assert_int_equal(count, CELLS);
	assert_no_order(&disk);
	loot_release(&disk);
}

/* --- blobs --- */

#define BLOBS 24U

/* Arrives as number n, has an id that says nothing of it. */
static void
blob_rest(char rest[128], unsigned n)
{
	uint8_t id[32];
	char hex[65];

	cairn_hash(id, &n, sizeof n);
	sodium_bin2hex(hex, sizeof hex, id, sizeof id);
	snprintf(rest, 128, "drop/intake/blob/%s", hex);
}

/* Correlation of arrival with a number that the file system tells of each blob. */
static double
blob_order(uint32_t hour, long long (*tells)(const struct stat *))
{
	struct found found[BLOBS];
	double sum = 0;
	bool same = true;

	for (unsigned n = 0; n < BLOBS; n++) {
		char rest[128], path[512];
		struct stat st;

		blob_rest(rest, n);
		snprintf(path, sizeof path, "%s/desks/%s/blob/at-%u/intake-%s", relay.data, desk.hex, hour,
		    strrchr(rest, '/') + 1);
		assert_int_equal(lstat(path, &st), 0);
		found[n] = (struct found){(size_t)tells(&st), n};
		same = same && found[n].place == found[0].place;
	}
	if (same)
		return 0;
	qsort(found, BLOBS, sizeof *found, by_place);
	for (size_t i = 0; i < BLOBS; i++)
		sum += ((double)i - found[i].n) * ((double)i - found[i].n);
	return 1 - 6 * sum / (BLOBS * (BLOBS * BLOBS - 1.0));
}

static long long
inode(const struct stat *st)
{
	return (long long)st->st_ino;
}

static long long
nanoseconds(const struct timespec *t)
{
	return (long long)t->tv_sec * 1000000000 + t->tv_nsec;
}

static long long
changed(const struct stat *st)
{
	return nanoseconds(&st->st_ctim);
}

static long long
modified(const struct stat *st)
{
	return nanoseconds(&st->st_mtim);
}

static void
files_of_blobs_tell_no_order(void **state)
{
	uint8_t *blob = calloc(1, CAIRN_BLOB_BYTES);
	uint32_t hour = (uint32_t)(relay_now(&relay) / 3600);
	int fd = relay_connect(&relay);
	char rest[128];

	(void)state;
	for (unsigned n = 0; n < BLOBS; n++) {
		blob_rest(rest, n);
		send_on(fd, "PUT", rest, blob, CAIRN_BLOB_BYTES);
		expect(fd, 204);
	}
	close(fd);
	relay_move_clock(&relay, 3600);
	/* 24 in a random order: a deviation of 0.21; the ids are fixed, so this comes out the same each time. */
	assert_true(fabs(blob_order(hour, inode)) < 0.6);
	assert_true(fabs(blob_order(hour, changed)) < 0.6);
	assert_true(blob_order(hour, modified) == 0);
	free(blob);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_that_was_said_is_found_and_no_address),
		cmocka_unit_test(no_order_of_an_hour_that_is_over_is_on_disk_or_in_memory),
		cmocka_unit_test(what_was_deleted_is_not_on_the_disk_an_hour_later),
		cmocka_unit_test(a_restart_in_the_hour_leaves_no_order_either),
		cmocka_unit_test(files_of_blobs_tell_no_order),
	};

	return cmocka_run_group_tests_name(__FILE_NAME__, tests, set_up, tear_down);
}
