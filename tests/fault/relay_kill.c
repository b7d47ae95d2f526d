// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * kill -9 of the relay at random moments under load, 200 times: no cell that was acknowledged is missing, none
 * comes twice, none that was deleted comes back. People write on four connections, the desk collects and deletes
 * meanwhile, and now and then the hour turns. A device appends to the feed and deletes from it all the time: each
 * record that was acknowledged is there, at its place, and nothing of one whose deletion was.
 */
#include "lib/test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "base/bytes.h"
#include "lib/relay_desk.h"

#define ROUNDS 200
#define WRITERS 4
#define CELLS_MAX 400000U
#define RUN_MS_MAX 120U /* before the kill */

static struct relay_process relay;
static struct relay_desk desk;

enum { UNSENT, SENT, KEPT, ASKED, REMOVED };
static _Atomic uint8_t cells[CELLS_MAX]; /* by number */
static atomic_uint next_cell = 1;
static atomic_uint faults;

static void
fault(const char *what, unsigned n)
{
	print_message("%s: %u\n", what, n);
	faults++;
}

static void
make_cell(uint8_t cell[8192], unsigned n)
{
	relay_desk_cell(&desk, cell, CAIRN_DOOR_INTAKE, n);
	put_u32(cell + 8, n);
}

/* Writes until the relay is gone. */
static void *
write_cells(void *arg)
{
	char head[512], target[256];
	uint8_t cell[8192];
	int fd = relay_connect(&relay);

	(void)arg;
	snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 8192\r\n\r\n",
	    relay_desk_path(&desk, target, "drop/intake"));
	while (fd >= 0) {
		struct http_answer answer = {0};
		unsigned n = next_cell++;

		if (n >= CELLS_MAX)
			break;
		make_cell(cell, n);
		cells[n] = SENT;
		if (http_send_text(fd, head) && http_send(fd, cell, sizeof cell))
			http_read(fd, &answer, false);
		/* The desk may have had it already. */
		if (answer.status == 200 && answer.bytes == 68)
			atomic_compare_exchange_strong(&cells[n], &(uint8_t){SENT}, KEPT);
		else if (answer.status != 0)
			fault("refused", n);
		if (answer.status == 0)
			n = CELLS_MAX;
		http_free(&answer);
		if (n == CELLS_MAX)
			break;
	}
	if (fd >= 0)
		close(fd);
	return NULL;
}

/* Each of them once in one lease, the very bytes, none that is deleted. */
static void
check_leased(const struct http_answer *answer, uint8_t (*hashes)[32], unsigned *numbers)
{
	uint8_t cell[8192];

	for (size_t i = 0; i < answer->bytes / 8192; i++) {
		const uint8_t *got = answer->body + i * 8192;
		unsigned n = get_u32(got + 8);

		numbers[i] = n;
		cairn_hash(hashes[i], got, 8192);
		if (n >= CELLS_MAX || cells[n] == UNSENT || cells[n] == REMOVED) {
			fault("came back, or was never sent", n);
			continue;
		}
		make_cell(cell, n);
		/* The day may have changed with the clock. */
		if (memcmp(cell + 8, got + 8, 8184) != 0)
			fault("altered", n);
		for (size_t j = 0; j < i; j++)
			if (numbers[j] == n)
				fault("twice", n);
	}
}

/* One lease and its delete. Returns how many cells there were; -1: the relay is gone. */
static int
collect_once(void)
{
	static uint8_t hashes[64][32];
	static unsigned numbers[64];
	struct http_answer answer;
	int count;

	relay_desk_ask(&desk, &answer, "POST", "drop/intake/lease?max=64", NULL, 0);
	if (answer.status != 200) {
		http_free(&answer);
		return -1;
	}
	count = (int)(answer.bytes / 8192);
	check_leased(&answer, hashes, numbers);
	http_free(&answer);
	for (int i = 0; i < count; i++)
		if (cells[numbers[i]] == KEPT || cells[numbers[i]] == SENT)
			cells[numbers[i]] = ASKED;
	if (count > 0 && relay_desk_status(&desk, "POST", "drop/intake/delete", hashes, (size_t)count * 32) == 204)
		for (int i = 0; i < count; i++)
			cells[numbers[i]] = REMOVED;
	return count;
}

static void *
collect(void *arg)
{
	(void)arg;
	while (collect_once() >= 0)
		usleep(2000);
	return NULL;
}

/* --- the feed --- */

#define DELETE_EACH 3U

static struct relay_desk feeder; /* the same device, with nonces of its own */
static uint64_t appended;        /* acknowledged */
static uint64_t deleted;         /* up to there each third is, acknowledged */

static size_t
record_bytes(uint64_t n)
{
	static const size_t sizes[] = {1024, 4096, 1024, 16384};

	return sizes[n % 4];
}

/* One append, one delete now and then, until the relay is gone. What was on its way is sent again the next time. */
static void *
append_records(void *arg)
{
	uint8_t record[16384];

	(void)arg;
	for (;;) {
		int status;

		relay_feed_record(&feeder, record, record_bytes(appended), appended, appended);
		status = relay_feed_append(&feeder, appended, record, record_bytes(appended), NULL);
		if (status == 204)
			appended++;
		else if (status != 0)
			fault("append refused", (unsigned)appended);
		if (status != 204)
			return NULL;
		if (appended % 8 == 0 && deleted + DELETE_EACH < appended) {
			if (relay_feed_delete(&feeder, &deleted, 1) != 204)
				return NULL;
			deleted += DELETE_EACH;
		}
	}
}

static void
check_entry(const struct cairn_feed_entry *entry)
{
	uint8_t record[16384];
	unsigned n = (unsigned)entry->seq;
	bool to_be_deleted = entry->seq % DELETE_EACH == 0 && entry->seq < deleted;

	relay_feed_record(&feeder, record, record_bytes(entry->seq), entry->seq, entry->seq);
	if (!entry->deleted &&
	    (entry->size != record_bytes(entry->seq) || memcmp(entry->bytes, record, entry->size) != 0))
		fault("another record", n);
	if (to_be_deleted && !entry->deleted)
		fault("deleted and back", n);
	/* The one whose delete was cut off may be there or not. */
	if (!to_be_deleted && entry->deleted && entry->seq != deleted)
		fault("deleted by nobody", n);
}

static void
check_feed(void)
{
	uint64_t from = 0, head = 1;

	while (from < head) {
		struct cairn_feed_answer answer;
		struct cairn_feed_entry entry;
		struct http_answer got;

		relay_feed_get(&feeder, &got, from, 0);
		assert_int_equal(got.status, 200);
		assert_ok(cairn_feed_answer_read(&answer, got.body, got.bytes, from));
		head = answer.head;
		for (size_t at = 0; cairn_feed_answer_next(&answer, &at, &entry); from++)
			check_entry(&entry);
		http_free(&got);
	}
	print_message("%llu records, %llu deleted\n", (unsigned long long)head,
	    (unsigned long long)(deleted / DELETE_EACH));
	assert_in_range(head, appended, appended + 1);
	assert_true(appended > ROUNDS);
}

static void
one_round(bool collects)
{
	struct timespec pause = {0, (long)(randombytes_uniform(RUN_MS_MAX) + 1) * 1000000};
	pthread_t threads[WRITERS + 2];
	int count = 0;

	for (; count < WRITERS; count++)
		assert_int_equal(pthread_create(&threads[count], NULL, write_cells, NULL), 0);
	assert_int_equal(pthread_create(&threads[count++], NULL, append_records, NULL), 0);
	if (collects)
		assert_int_equal(pthread_create(&threads[count++], NULL, collect, NULL), 0);
	nanosleep(&pause, NULL);
	relay_kill(&relay);
	while (count > 0)
		pthread_join(threads[--count], NULL);
}

static void
what_was_acknowledged_outlives_200_kills(void **state)
{
	unsigned kept = 0;
	int round, count;

	(void)state;
	relay_init(&relay);
	assert_true(relay_start(&relay, NULL));
	relay_desk_init(&desk, &relay, 1);
	feeder = desk;
	feeder.nonces = 1U << 31;
	for (round = 0; round < ROUNDS; round++) {
		one_round(round % 3 == 0);
		if (round % 10 == 9)
			*relay.clock += 3600;
		assert_true(relay_start(&relay, NULL));
	}
	check_feed();
	/* All that waits, to the last. */
	while ((count = collect_once()) != 0)
		assert_true(count > 0);
	for (unsigned n = 0; n < CELLS_MAX; n++) {
		kept += cells[n] == REMOVED;
		/* A cell whose delete was cut off may be there or not: it was collected in any case. */
		if (cells[n] == KEPT)
			fault("missing", n);
	}
	print_message("%u cells kept over %d kills\n", kept, round);
	assert_true(kept > ROUNDS);
	assert_int_equal(faults, 0);
	assert_int_equal(relay_stop(&relay), 0);
	relay_desk_release(&desk);
	relay_release(&relay);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_acknowledged_outlives_200_kills),
	};

	return cmocka_run_group_tests_name(__FILE_NAME__, tests, NULL, NULL);
}
