// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <math.h>
#include <string.h>

#include "attack/statistics.h"
#include "lib/vaulted.h"

/*
 * C8, for a desk: somebody has the file of a vault, and a passphrase that opens a part of it or none. He cannot tell
 * whether the other part is in use: not by what the program answers, reads or takes, nor by the bytes of the file.
 * Linked with --wrap=pread64, so that every read is seen.
 */

#define BYTES ((uint64_t)8 << 20)
#define SLOTS (BYTES / SLOT_BYTES)
#define TRIES 4U

static struct vaulted place;

/* --- what is read --- */

#define READS_MAX 64U
static struct {
	off_t at;
	size_t bytes;
} reads[READS_MAX];
static size_t read_count;

ssize_t __real_pread64(int fd, void *out, size_t bytes, off_t at);
ssize_t __wrap_pread64(int fd, void *out, size_t bytes, off_t at);

ssize_t
__wrap_pread64(int fd, void *out, size_t bytes, off_t at)
{
	if (read_count < READS_MAX) {
		reads[read_count].at = at;
		reads[read_count].bytes = bytes;
	}
	read_count++;
	return __real_pread64(fd, out, bytes, at);
}

/* --- three files: both parts random, one in use, both in use --- */

enum file {
	FILE_RANDOM,
	FILE_ONE,
	FILE_TWO,
	FILES,
};
static char paths[FILES][80];

/* A desk's worth of pages, so that most of a part is in use. */
static void
fill(struct vault *vault)
{
	struct db *db = vaulted_db(vault);

	assert_ok(db_script(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT);"
				"INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE"
				" i < 20000) SELECT i, 'They came to our street at night and asked for him.' FROM n;"
				"DELETE FROM t WHERE id % 3 = 0"));
	db_close(db);
	vault_close(vault);
}

static int
set_up(void **state)
{
	static const char *const names[] = {"random", "one", "two"};

	(void)state;
	vaulted_init(&place, BYTES);
	for (int i = 0; i < FILES; i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s/%s", place.folder, names[i]);
		assert_ok(container_create(paths[i], BYTES, NULL, NULL));
		for (unsigned region = 0; region < CONTAINER_REGIONS && (int)region < i; region++) {
			struct vault *vault;
			uint8_t master[32];

			vaulted_key(master, region == 0 ? "first" : "second");
			assert_ok(vault_make(&vault, paths[i], region, master, NULL));
			fill(vault);
		}
	}
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	for (int i = 0; i < FILES; i++)
		unlink(paths[i]);
	vaulted_release(&place);
	return 0;
}

static void
a_wrong_passphrase_gives_the_same_answer_and_the_same_reads(void **state)
{
	struct vault *vault;
	uint8_t master[32];
	size_t first_count = 0;
	off_t offsets[READS_MAX];

	(void)state;
	vaulted_key(master, "wrong");
	for (int i = 0; i < FILES; i++) {
		read_count = 0;
		assert_err(vault_open(&vault, paths[i], master, NULL), CAIRN_ERR_CRYPTO);
		assert_true(read_count > 0 && read_count <= READS_MAX);
		if (i == 0)
			first_count = read_count;
		assert_int_equal(read_count, first_count);
		for (size_t r = 0; r < read_count; r++) {
			if (i == 0)
				offsets[r] = reads[r].at;
			assert_int_equal(reads[r].at, offsets[r]);
			assert_int_equal(reads[r].bytes, reads[0].bytes);
		}
	}
}

static void
the_right_passphrase_reads_the_same_before_it_opens(void **state)
{
	struct vault *vault;
	uint8_t master[32];
	size_t wrong;

	(void)state;
	vaulted_key(master, "wrong");
	read_count = 0;
	assert_err(vault_open(&vault, paths[FILE_TWO], master, NULL), CAIRN_ERR_CRYPTO);
	wrong = read_count;
	for (unsigned region = 0; region < CONTAINER_REGIONS; region++) {
		vaulted_key(master, region == 0 ? "first" : "second");
		read_count = 0;
		assert_ok(vault_open(&vault, paths[FILE_TWO], master, NULL));
		assert_int_equal(read_count, wrong);
		vault_close(vault);
	}
}

/* In turn, so that whatever the machine does besides hits both. */
static double
chance_of_difference(enum file other)
{
	static double took[2][SAMPLES_MAX];
	const enum file files[2] = {FILE_RANDOM, other};
	struct vault *vault;
	uint8_t master[32];
	double chance;

	for (unsigned i = 0; i < SAMPLES_MAX; i++)
		for (unsigned f = 0; f < 2; f++) {
			unsigned which = (f + i) % 2;
			double begin = cpu_ms();

			for (unsigned n = 0; n < TRIES; n++) {
				randombytes_buf(master, sizeof(master));
				assert_err(vault_open(&vault, paths[files[which]], master, NULL), CAIRN_ERR_CRYPTO);
			}
			took[which][i] = cpu_ms() - begin;
		}
	medians_differ(took[0], took[1], SAMPLES_MAX, &chance);
	return chance;
}

/* A difference that is there shows each time; one that chance made does not show three times. */
static void
a_wrong_passphrase_takes_the_same_time(void **state)
{
	(void)state;
	for (enum file other = FILE_ONE; other < FILES; other++) {
		bool shows = true;

		for (unsigned i = 0; i < 3 && shows; i++)
			shows = chance_of_difference(other) < 0.001;
		assert_false(shows);
	}
}

static uint8_t *
load(const char *path)
{
	uint8_t *bytes = malloc(BYTES);
	int fd = open(path, O_RDONLY);

	assert_non_null(bytes);
	assert_int_equal(read(fd, bytes, BYTES), (ssize_t)BYTES);
	close(fd);
	return bytes;
}

/* How many deviations the sum of squares is off what random bytes give, in cells of the given width. */
static double
deviations(const uint8_t *bytes, size_t size, size_t cells)
{
	uint32_t *counts = calloc(cells, sizeof(*counts));
	size_t n = cells == 256 ? size : size / 2;
	double expected = (double)n / (double)cells, sum = 0;

	assert_non_null(counts);
	for (size_t i = 0; i < n; i++)
		counts[cells == 256 ? bytes[i] : (size_t)bytes[2 * i] << 8 | bytes[2 * i + 1]]++;
	for (size_t i = 0; i < cells; i++)
		sum += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
	free(counts);
	return (sum - (double)(cells - 1)) / sqrt(2.0 * (double)(cells - 1));
}

static void
chi_square_finds_nothing(void **state)
{
	(void)state;
	for (int i = 0; i < FILES; i++) {
		uint8_t *bytes = load(paths[i]);

		for (unsigned half = 0; half < 2; half++) {
			const uint8_t *from = bytes + SLOT_BYTES + half * ((SLOTS - 1) / 2 * SLOT_BYTES);

			assert_true(fabs(deviations(from, BYTES / 2 - SLOT_BYTES, 256)) < 6);
			assert_true(fabs(deviations(from, BYTES / 2 - SLOT_BYTES, 65536)) < 6);
		}
		free(bytes);
	}
}

/* Each byte of a slot by itself, over all slots: a field that stands at the same place in each would show. */
static void
no_place_in_a_slot_is_special(void **state)
{
	(void)state;
	for (int i = 0; i < FILES; i++) {
		uint8_t *bytes = load(paths[i]);

		for (size_t at = 0; at < SLOT_BYTES; at++) {
			uint32_t ones = 0;

			for (size_t slot = 1; slot < SLOTS; slot++)
				ones += (uint32_t)__builtin_popcount(bytes[slot * SLOT_BYTES + at]);
			assert_true(
			    fabs((double)ones - 4.0 * (double)(SLOTS - 1)) < 6 * sqrt(2.0 * (double)(SLOTS - 1)));
		}
		free(bytes);
	}
}

static void
compression_finds_nothing(void **state)
{
	(void)state;
	for (int i = 0; i < FILES; i++) {
		char command[400];
		unsigned long size = 0;
		FILE *out;

		snprintf(command, sizeof(command), "gzip -9 -c '%s' | wc -c", paths[i]);
		out = popen(command, "r");
		assert_non_null(out);
		assert_int_equal(fscanf(out, "%lu", &size), 1);
		assert_int_equal(pclose(out), 0);
		assert_true(size >= BYTES);
	}
}

static int
by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, 16);
}

/* Nor does anything stand twice: no nonce, no page of zeros, no head. */
static void
no_sixteen_bytes_stand_twice(void **state)
{
	(void)state;
	for (int i = 0; i < FILES; i++) {
		uint8_t *bytes = load(paths[i]);

		qsort(bytes, BYTES / 16, 16, by_bytes);
		for (size_t at = 16; at < BYTES; at += 16)
			assert_memory_not_equal(bytes + at, bytes + at - 16, 16);
		free(bytes);
	}
}

/* What the page says on two images: written halves show. Told in docs/threats.md, so it must stay true. */
static void
two_images_show_which_half_was_written_and_only_that(void **state)
{
	uint8_t *before = load(paths[FILE_TWO]), *after;
	size_t half = (SLOTS - 1) / 2 * SLOT_BYTES;
	struct vault *vault;
	uint8_t master[32];
	struct db *db;

	(void)state;
	vaulted_key(master, "second");
	assert_ok(vault_open(&vault, paths[FILE_TWO], master, NULL));
	db = vaulted_db(vault);
	assert_ok(db_script(db, "UPDATE t SET text = 'x' WHERE id = 1"));
	db_close(db);
	vault_close(vault);
	after = load(paths[FILE_TWO]);
	assert_memory_equal(before, after, SLOT_BYTES + half);
	assert_memory_not_equal(before + SLOT_BYTES + half, after + SLOT_BYTES + half, half);
	free(before);
	free(after);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_wrong_passphrase_gives_the_same_answer_and_the_same_reads),
	    cmocka_unit_test(the_right_passphrase_reads_the_same_before_it_opens),
	    cmocka_unit_test(a_wrong_passphrase_takes_the_same_time),
	    cmocka_unit_test(chi_square_finds_nothing),
	    cmocka_unit_test(no_place_in_a_slot_is_special),
	    cmocka_unit_test(compression_finds_nothing),
	    cmocka_unit_test(no_sixteen_bytes_stand_twice),
	    cmocka_unit_test(two_images_show_which_half_was_written_and_only_that),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
