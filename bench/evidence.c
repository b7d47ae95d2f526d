// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "bench.h"
#include "record/evidence.h"
#include "record/evidence_digest.h"

/*
 * Taking in 1 GiB, until it is on the disk and known, against reading and hashing the same file and nothing else.
 * Both read it from the disk anew, and both figures are bytes a second of the file; processor time beside, since that
 * does not hang on who else is at work here.
 */
#define FILE_BYTES (UINT64_C(1) << 30)
#define RUNS 3U

static uint8_t buffer[1U << 20];

static void
make_file(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	randombytes_buf(buffer, sizeof buffer);
	for (uint64_t i = 0; i < FILE_BYTES; i += sizeof buffer)
		if (write(fd, buffer, sizeof buffer) != (ssize_t)sizeof buffer)
			bench_die("%s: %s", path, strerror(errno));
	if (fd < 0 || fsync(fd) != 0 || close(fd) != 0)
		bench_die("%s: %s", path, strerror(errno));
}

/* Nothing of it in memory. */
static int
open_cold(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) != 0)
		bench_die("%s: %s", path, strerror(errno));
	return fd;
}

static int
read_some(void *arg, uint8_t *out, size_t room, size_t *ret_bytes)
{
	ssize_t n = read(*(const int *)arg, out, room);

	if (n < 0)
		return CAIRN_ERR_IO;
	*ret_bytes = (size_t)n;
	return CAIRN_OK;
}

/* Of one pass over the file. */
struct pass {
	double seconds;
	double cpu_seconds;
};

static struct pass
begin_pass(void)
{
	return (struct pass){bench_seconds(), bench_cpu_seconds()};
}

static struct pass
end_pass(struct pass from)
{
	return (struct pass){bench_seconds() - from.seconds, bench_cpu_seconds() - from.cpu_seconds};
}

static struct pass
hash_alone(const char *path)
{
	struct evidence_digest digest;
	uint8_t sha256[32], blake2b[32];
	int fd = open_cold(path);
	struct pass pass = begin_pass();
	size_t bytes = 1;

	if (evidence_digest_begin(&digest) != CAIRN_OK)
		bench_die("no memory");
	while (read_some(&fd, buffer, EVIDENCE_PIECE_BYTES, &bytes) == CAIRN_OK && bytes > 0)
		evidence_digest_put(&digest, buffer, bytes);
	evidence_digest_end(&digest, sha256, blake2b);
	pass = end_pass(pass);
	close(fd);
	return pass;
}

static struct pass
ingest(struct evidence *ev, const char *path)
{
	int fd = open_cold(path);
	struct evidence_intake in = {.read = read_some, .arg = &fd};
	uint8_t id[EVIDENCE_ITEM_BYTES];
	struct evidence_item item;
	struct pass pass = begin_pass();

	if (evidence_add(ev, &in, 1, id) != CAIRN_OK)
		bench_die("%s", ev->trouble);
	pass = end_pass(pass);
	close(fd);
	if (evidence_get_item(ev, &item, id) != CAIRN_OK || evidence_erase(ev, &item, NULL, 2) != CAIRN_OK)
		bench_die("%s", ev->trouble);
	return pass;
}

static void
measure(struct evidence *ev, const char *path)
{
	double with[RUNS], alone[RUNS], with_cpu[RUNS], alone_cpu[RUNS];

	for (unsigned i = 0; i < RUNS; i++) {
		struct pass a = hash_alone(path), w = ingest(ev, path);

		alone[i] = (double)FILE_BYTES / a.seconds / 1e6;
		with[i] = (double)FILE_BYTES / w.seconds / 1e6;
		alone_cpu[i] = a.cpu_seconds;
		with_cpu[i] = w.cpu_seconds;
	}
	bench_row("evidence_ingest", bench_median(with, RUNS), "MB/s", bench_median(alone, RUNS));
	bench_row("evidence_ingest_cpu", bench_median(with_cpu, RUNS), "s", bench_median(alone_cpu, RUNS));
}

void
bench_evidence_ingest(void)
{
	static const struct erasure_column columns[] = {EVIDENCE_ERASURE_COLUMN, ERASURE_COLUMNS_END};
	char folder[256], path[300], sealed[300], trouble[EVIDENCE_TROUBLE_MAX];
	struct evidence_options options = {.folder = sealed};
	uint8_t key[32], secret[64];
	struct evidence *ev;
	int fd;

	bench_folder(folder);
	snprintf(sealed, sizeof sealed, "%s/evidence", folder);
	snprintf(path, sizeof path, "%s/desk.db", folder);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0 || close(fd) != 0 || db_open(&options.db, path, NULL) != CAIRN_OK ||
	    evidence_prepare(options.db) != CAIRN_OK ||
	    erasure_new_memory(&options.erasure, options.db, columns) != CAIRN_OK)
		bench_die("%s", path);
	crypto_sign_keypair(key, secret);
	options.sign_secret = secret;
	if (evidence_open(&ev, &options, trouble) != CAIRN_OK)
		bench_die("%s", trouble);
	snprintf(path, sizeof path, "%s/source", folder);
	make_file(path);
	measure(ev, path);
	evidence_close(ev);
	erasure_free(options.erasure);
	db_close(options.db);
	bench_folder_remove(folder);
}
