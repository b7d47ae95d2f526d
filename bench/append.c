// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "bench.h"
#include "lib/relay_desk.h"
#include "relay/store.h"

/*
 * What an append to the feed costs over HTTP, with the device's signatures and all that the relay looks at, beside
 * the same records put into the store alone. One device, one record after the other, each on disk when it
 * is answered.
 */

#define RECORDS 1000U
#define RECORD_BYTES 4096U

static double
over_http(void)
{
	struct relay_process relay;
	struct relay_desk *desk = calloc(1, sizeof *desk);
	uint8_t record[RECORD_BYTES];
	double begin;

	if (desk == NULL)
		bench_die("memory");
	setenv("RELAY_ON_DISK", "1", 1);
	relay_init(&relay);
	if (!relay_start(&relay, NULL))
		bench_die("cairnd does not start");
	relay_desk_init(desk, &relay, 1);
	begin = bench_seconds();
	for (unsigned i = 0; i < RECORDS; i++) {
		relay_feed_record(desk, record, sizeof record, i, i);
		if (relay_feed_append(desk, i, record, sizeof record, NULL) != 204)
			bench_die("record %u was not taken", i);
	}
	begin = bench_seconds() - begin;
	relay_desk_release(desk);
	relay_stop(&relay);
	relay_release(&relay);
	free(desk);
	return RECORDS / begin;
}

static double
alone(void)
{
	static const uint8_t of[CAIRN_HASH_BYTES];
	uint8_t record[RECORD_BYTES], hash[CAIRN_HASH_BYTES], prev[CAIRN_HASH_BYTES] = {0};
	char folder[256];
	struct store *store;
	double begin;

	bench_folder(folder);
	if (store_sqlite_open(&store, folder, 0) != CAIRN_OK)
		bench_die("no store in %s", folder);
	randombytes_buf(record, sizeof record);
	begin = bench_seconds();
	for (unsigned i = 0; i < RECORDS; i++) {
		struct store_append append = {.desk = of, .seq = i, .prev = prev, .hash = hash, .bytes = record,
		    .size = sizeof record, .quota = UINT32_MAX};

		record[0] ^= (uint8_t)i;
		cairn_hash(hash, record, sizeof record);
		if (store_feed_append(store, &append) != CAIRN_OK)
			bench_die("record %u was not kept", i);
		memcpy(prev, hash, sizeof prev);
	}
	begin = bench_seconds() - begin;
	store_close(store);
	bench_folder_remove(folder);
	return RECORDS / begin;
}

void
bench_feed_append(void)
{
	double http[BENCH_RUNS], store[BENCH_RUNS];

	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		http[i] = over_http();
		store[i] = alone();
	}
	bench_row("feed_append", bench_median(http, BENCH_RUNS), "records/s", bench_median(store, BENCH_RUNS));
}
