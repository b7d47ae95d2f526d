// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "bench.h"
#include "carry/exposure.h"
#include "carry/keys.h"
#include "carry/membership.h"
#include "lib/many.h"

/*
 * A desk of 30 devices whose feed is long: how fast a device that was away takes it in, into its vault, and how much
 * memory a device wants whose vault holds the work of a year. Operations come as staff say them: some twenty in a
 * record, as after a day off line, in compartments that all know.
 */
#define DEVICES 30U
#define COMPARTMENTS 200U
#define OPS_IN_RECORD 20U
#define FEW 100000U
#define MANY 1000000U

#define LARGE_VAULT ((uint64_t)1 << 30) /* of the two devices that read everything */
#define SMALL_VAULT ((uint64_t)16 << 20)

#define CASES 15000U
#define OPS_IN_ALL 500000U

struct compartments {
	size_t count;
	uint8_t (*ids)[OP_ID_BYTES];
	uint64_t *counters; /* by device */
	uint64_t lamport;
};

static void
must(int err, const char *what)
{
	if (err != CAIRN_OK)
		bench_die("%s: %s", what, cairn_strerror(err));
}

static struct many *
desk_of(size_t devices, const char *folder)
{
	struct many *m = many_new_vaults("", folder, LARGE_VAULT);

	for (size_t i = 1; i < devices; i++) {
		many_join(m, "intake");
		m->vault_bytes = SMALL_VAULT;
	}
	many_settle(m);
	return m;
}

static void
compartments_make(struct compartments *c, struct many *m, size_t count)
{
	c->count = count;
	c->lamport = 1000000;
	c->ids = calloc(count, sizeof(*c->ids));
	c->counters = calloc(MANY_DEVICES_MAX, sizeof(*c->counters));
	if (c->ids == NULL || c->counters == NULL)
		bench_die("memory");
	for (size_t i = 0; i < MANY_DEVICES_MAX; i++)
		c->counters[i] = 1000000;
	for (size_t i = 0; i < count; i++) {
		uint8_t case_id[OP_ID_BYTES] = {0};

		must(carry_open(m->devices[0].carry, c->ids[i], KIND_CONTACT, case_id, NULL, 0, false, m->now),
		    "open");
	}
	many_settle(m);
}

static void
compartments_free(struct compartments *c)
{
	free(c->ids);
	free(c->counters);
}

/* A record of that many operations by device d, made with the keys of the first, and put to the relay. */
static void
record_make(struct many *m, struct compartments *c, size_t d, size_t at, unsigned ops)
{
	static uint8_t inner[65536], body[512], record[FEED_RECORD_MAX];
	struct carry *carry = m->devices[0].carry;
	struct carry_compartment compartment;
	struct cairn_feed_head head = {.seq = m->feed.record_count, .gen = 1};
	struct feed_envelope envelope;
	uint8_t desk_key[32], key[32];
	char text[128];
	struct writer w, b;
	size_t bytes;

	memcpy(head.prev, m->feed.records[m->feed.record_count - 1].hash, CAIRN_HASH_BYTES);
	memcpy(head.device, m->devices[d].self.device, OP_ID_BYTES);
	must(compartment_get(carry, &compartment, c->ids[at]), "compartment");
	head.day = carry_day(m->now);
	must(key_of_day(carry, desk_key, CARRY_DESK, 1, head.day), "desk key");
	must(key_of_day(carry, key, compartment.n, 1, head.day), "key");
	writer_init(&w, inner, sizeof(inner));
	for (unsigned i = 0; i < ops; i++) {
		struct op_set set = {.field = (uint16_t)(1 + i % 8)};
		struct op op = {.type = OP_SET, .counter = ++c->counters[d], .lamport = ++c->lamport, .time = m->now};

		snprintf(text, sizeof(text), "what somebody wrote down on the way, number "
					     "%llu",
		    (unsigned long long)c->lamport);
		set.value = (struct cairn_span){text, strlen(text)};
		writer_init(&b, body, sizeof(body));
		op_body_write(&b, OP_SET, &set);
		op.body = (struct cairn_span){(const char *)body, b.used};
		op_write(&w, &op);
	}
	memcpy(envelope.compartment, c->ids[at], OP_ID_BYTES);
	envelope.gen = 1;
	envelope.day = head.day;
	envelope.inner = (struct cairn_span){(const char *)inner, w.used};
	must(feed_record_make(record, &bytes, m->desk_id, &head, &envelope, desk_key, key,
		 m->devices[d].self.sign_secret),
	    "record");
	paper_feed_append(&m->feed, record, bytes);
}

/* Operations a second that one device applies, on one core. */
static double
apply(struct many *m, struct many_device *d, unsigned ops)
{
	struct sync sync;
	double begin = bench_cpu_seconds();

	must(many_sync(d, &sync), "sync");
	if (sync.read.operations < ops)
		bench_die("not all was applied: %zu of %u", sync.read.operations, ops);
	(void)m;
	return ops / (bench_cpu_seconds() - begin);
}

static double
verifications(void)
{
	uint8_t public_key[32], secret[64], signature[64], message[4096];
	unsigned bad = 0;
	double begin;

	randombytes_buf(message, sizeof(message));
	crypto_sign_keypair(public_key, secret);
	crypto_sign_detached(signature, NULL, message, sizeof(message), secret);
	begin = bench_cpu_seconds();
	for (unsigned i = 0; i < 20000; i++)
		bad += crypto_sign_verify_detached(signature, message, sizeof(message), public_key) != 0;
	if (bad != 0)
		bench_die("a signature does not verify");
	return 20000 / (bench_cpu_seconds() - begin);
}

static void
feed_grow(struct many *m, struct compartments *c, unsigned ops)
{
	for (unsigned done = 0; done < ops; done += OPS_IN_RECORD)
		record_make(m, c, 2 + (done / OPS_IN_RECORD) % (DEVICES - 2), (done / OPS_IN_RECORD) % c->count,
		    OPS_IN_RECORD);
}

void
bench_sync_ops(void)
{
	char folder[256];
	struct compartments c;
	struct many *m;
	double few, many;

	bench_folder(folder);
	m = desk_of(DEVICES, folder);
	compartments_make(&c, m, COMPARTMENTS);
	feed_grow(m, &c, FEW);
	few = apply(m, &m->devices[1], FEW);
	feed_grow(m, &c, MANY);
	many = apply(m, &m->devices[1], MANY);
	bench_row("sync_ops", many, "ops/s", verifications());
	bench_row("sync_ops_linear", many, "ops/s", few);
	compartments_free(&c);
	many_free(m);
	bench_folder_remove(folder);
}

/*
 * What a program does that opens the device: looks at the desk as a whole, and reads some cases. In a process of its
 * own, so that its memory is not that of the one which made it all. Prints its peak in MB.
 */
int
bench_desk_rss_child(const char *folder)
{
	static const struct erasure_column columns[] = {CARRY_ERASURE_COLUMNS, ERASURE_COLUMNS_END};
	uint8_t master[CAIRN_KEY_BYTES];
	char path[512];
	struct carry_self self;
	struct exposure_most most;
	struct erasure *erasure;
	struct vault *vault;
	struct carry *carry;
	struct db *db;
	FILE *file;

	snprintf(path, sizeof(path), "%s/self", folder);
	file = fopen(path, "r");
	if (file == NULL || fread(&self, sizeof(self), 1, file) != 1)
		bench_die("no device in %s", folder);
	fclose(file);
	snprintf(path, sizeof(path), "%s/0.vault", folder);
	many_master(master, 0);
	must(vault_open(&vault, path, master, NULL), "vault_open");
	must(db_open(&db, VAULT_DATABASE, vault_vfs(vault)), "db_open");
	must(erasure_new_vault(&erasure, db, columns, vault), "erasure");
	must(carry_new(&carry, db, erasure, &self), "carry_new");
	must(exposure_most(carry, &most), "exposure");
	if (most.people < CASES)
		bench_die("only %zu cases", most.people);
	for (uint64_t n = 2; n < CASES; n += 15) {
		struct carry_compartment c;
		struct view view;

		must(compartment_at(carry, &c, n), "compartment");
		must(view_make(carry, &view, c.id, 0), "view");
		view_end(&view);
	}
	printf("%.1f\n", bench_rss_mb(getpid()));
	return 0;
}

static double
rss_of_child(const char *folder)
{
	char self[256], command[600];
	ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);
	FILE *out;
	double mb;

	if (size <= 0)
		bench_die("/proc is not there");
	self[size] = '\0';
	snprintf(command, sizeof(command), "'%s' --desk-rss '%s'", self, folder);
	out = popen(command, "r");
	if (out == NULL || fscanf(out, "%lf", &mb) != 1)
		bench_die("the child said nothing");
	pclose(out);
	return mb;
}

void
bench_desk_rss(void)
{
	char folder[256], path[512];
	struct compartments c;
	struct many *m;
	FILE *file;

	bench_folder(folder);
	m = desk_of(2, folder);
	compartments_make(&c, m, CASES);
	for (unsigned i = 0; i < OPS_IN_ALL; i += OPS_IN_RECORD)
		record_make(m, &c, 1, (i / OPS_IN_RECORD) % CASES, OPS_IN_RECORD);
	many_synced(&m->devices[0]);
	snprintf(path, sizeof(path), "%s/self", folder);
	file = fopen(path, "w");
	if (file == NULL || fwrite(&m->devices[0].self, sizeof(m->devices[0].self), 1, file) != 1 ||
	    fclose(file) != 0)
		bench_die("cannot write %s", path);
	bench_row("desk_rss", rss_of_child(folder), "MB", 128);
	compartments_free(&c);
	many_free(m);
	bench_folder_remove(folder);
}
