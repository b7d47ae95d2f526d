// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The relay's store, board, blobs and feeds while things fail: a story is told again and again, and at each telling
 * the k-th call of a kind fails, for k = 1, 2, 3 ... until it is told to the end. Once, as when memory or room
 * was short for a moment; and from there on for good, as when the power went. Afterwards, with nothing failing: what
 * was acknowledged is there, once; what was removed is not; a board is the old one or the new one; of a feed nothing
 * is on disk but what can be read from it.
 */
#include "lib/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>
#include <sqlite3.h>

#include "base/bytes.h"
#include "lib/fault.h"
#include "lib/relay_desk.h"
#include "relay/blobs.h"
#include "relay/board.h"
#include "relay/desks.h"
#include "relay/files.h"
#include "relay/head.h"
#include "relay/store.h"
#include "relay/tiles.h"

#define HOUR 500000U
#define CELLS 9U
#define STORY_MAX 100000UL

/* --- what fails --- */

enum kind {
	MEMORY,
	FILES,
	FLUSH,
	STEPS,
	DATABASE_MEMORY,
	DATABASE_FILES,
	KINDS,
};

static const char *const kind_names[KINDS] = {"memory", "files", "flush", "steps", "database memory",
	"database files"};

static struct {
	enum kind kind;
	unsigned long left; /* calls until one fails; 0: none will */
	bool for_good;
	bool struck;
} fault;

static void
arm(enum kind kind, unsigned long k, bool for_good)
{
	fault.kind = kind;
	fault.left = k;
	fault.for_good = for_good;
	fault.struck = false;
	/* Writes and flushes of SQLite, by the VFS of lib/fault.h: for good alone. */
	fault_arm(kind == DATABASE_FILES ? k : 0);
}

static void
mend(void)
{
	fault.struck = fault.struck || fault_struck();
	fault.left = 0;
	fault_mend();
}

static bool
fails(enum kind kind)
{
	if (kind != fault.kind || fault.left == 0)
		return false;
	if (fault.left > 1) {
		fault.left--;
		return false;
	}
	fault.struck = true;
	if (!fault.for_good)
		fault.left = 0;
	return true;
}

static bool
disk_fails(enum kind kind)
{
	errno = ENOSPC;
	return fails(kind);
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
ssize_t __real_write(int fd, const void *bytes, size_t size);
int __real_fsync(int fd);
int __real_fdatasync(int fd);
int __real_openat(int dir, const char *path, int flags, ...);
int __real_renameat(int from_dir, const char *from, int to_dir, const char *to);
int __real_mkdirat(int dir, const char *path, mode_t mode);
int __real_sqlite3_step(sqlite3_stmt *st);
int __real_sqlite3_exec(sqlite3 *db, const char *sql, int (*each)(void *, int, char **, char **), void *arg,
    char **message);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
ssize_t __wrap_write(int fd, const void *bytes, size_t size);
int __wrap_fsync(int fd);
int __wrap_fdatasync(int fd);
int __wrap_openat(int dir, const char *path, int flags, ...);
int __wrap_renameat(int from_dir, const char *from, int to_dir, const char *to);
int __wrap_mkdirat(int dir, const char *path, mode_t mode);
int __wrap_sqlite3_step(sqlite3_stmt *st);
int __wrap_sqlite3_exec(sqlite3 *db, const char *sql, int (*each)(void *, int, char **, char **), void *arg,
    char **message);

void *
__wrap_malloc(size_t size)
{
	return fails(MEMORY) ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return fails(MEMORY) ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *memory, size_t size)
{
	return fails(MEMORY) ? NULL : __real_realloc(memory, size);
}

/* Half of it gets written: a torn file. */
ssize_t
__wrap_write(int fd, const void *bytes, size_t size)
{
	if (!disk_fails(FILES))
		return __real_write(fd, bytes, size);
	if (size > 1)
		(void)!__real_write(fd, bytes, size / 2);
	errno = ENOSPC;
	return -1;
}

int
__wrap_fsync(int fd)
{
	return disk_fails(FLUSH) ? -1 : __real_fsync(fd);
}

int
__wrap_fdatasync(int fd)
{
	return disk_fails(FLUSH) ? -1 : __real_fdatasync(fd);
}

int
__wrap_openat(int dir, const char *path, int flags, ...)
{
	va_list args;
	unsigned mode = 0;

	if (flags & O_CREAT) {
		va_start(args, flags);
		mode = va_arg(args, unsigned);
		va_end(args);
	}
	return disk_fails(FILES) ? -1 : __real_openat(dir, path, flags, mode);
}

int
__wrap_renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return disk_fails(FILES) ? -1 : __real_renameat(from_dir, from, to_dir, to);
}

int
__wrap_mkdirat(int dir, const char *path, mode_t mode)
{
	return disk_fails(FILES) ? -1 : __real_mkdirat(dir, path, mode);
}

int
__wrap_sqlite3_step(sqlite3_stmt *st)
{
	return fails(STEPS) ? SQLITE_IOERR : __real_sqlite3_step(st);
}

int
__wrap_sqlite3_exec(sqlite3 *db, const char *sql, int (*each)(void *, int, char **, char **), void *arg,
    char **message)
{
	return fails(STEPS) ? SQLITE_FULL : __real_sqlite3_exec(db, sql, each, arg, message);
}

static sqlite3_mem_methods database_memory;

static void *
database_malloc(int size)
{
	return fails(DATABASE_MEMORY) ? NULL : database_memory.xMalloc(size);
}

static void *
database_realloc(void *memory, int size)
{
	return fails(DATABASE_MEMORY) ? NULL : database_memory.xRealloc(memory, size);
}

static int
set_up(void **state)
{
	sqlite3_mem_methods ours;

	(void)state;
	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &database_memory) != SQLITE_OK)
		return -1;
	ours = database_memory;
	ours.xMalloc = database_malloc;
	ours.xRealloc = database_realloc;
	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) != SQLITE_OK || sodium_init() < 0)
		return -1;
	fault_vfs();
	return sqlite3_vfs_register(sqlite3_vfs_find("fault"), 1) == SQLITE_OK ? 0 : -1;
}

/* --- a folder for each telling --- */

static char folder[64];
static int data;

static void
folder_new(void)
{
	snprintf(folder, sizeof folder, "%s/faults-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(folder));
	data = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(data >= 0);
	assert_ok(file_folders(data, "desks/"));
	assert_ok(file_folders(data, "tmp/"));
}

static void
folder_remove(void)
{
	close(data);
	assert_ok(file_remove_tree(AT_FDCWD, folder));
}

/* Tells a story with each call failing in turn, in both ways. Every 7th where there are many. */
static void
tell(void (*story)(void), void (*check)(void))
{
	for (unsigned kind = 0; kind < KINDS; kind++)
		for (int for_good = 0; for_good < 2; for_good++) {
			unsigned long k = 1;

			for (;; k += k < 200 ? 1 : 7) {
				folder_new();
				arm((enum kind)kind, k, for_good == 1);
				story();
				mend();
				if (!fault.struck)
					break;
				check();
				folder_remove();
				assert_true(k < STORY_MAX);
			}
			check();
			folder_remove();
			print_message("%s, %s: %lu places\n", kind_names[kind], for_good ? "for good" : "once",
			    k - 1);
		}
}

/* --- cells --- */

static const uint8_t desk[32] = {9};
static uint8_t cells[CELLS][CAIRN_DROP_CELL_BYTES];
static uint8_t hashes[CELLS][32];
static bool kept[CELLS];    /* acknowledged */
static bool removed[CELLS]; /* acknowledged too */
static bool asked[CELLS];   /* to be removed; it may be there or not */
static uint32_t hours[CELLS];

static void
put_cells(struct store *store, size_t first, size_t count, uint32_t hour)
{
	struct store_put puts[3];
	struct store_put *list[3];

	for (size_t i = 0; i < count; i++) {
		puts[i] = (struct store_put){.desk = desk, .door = CAIRN_DOOR_INTAKE, .day = HOUR / 24,
			.hash = hashes[first + i], .cell = cells[first + i], .quota = 100};
		list[i] = &puts[i];
	}
	(void)!store_put(store, list, count, hour);
	for (size_t i = 0; i < count; i++)
		if (puts[i].err == CAIRN_OK) {
			assert_true(!kept[first + i] || hours[first + i] == puts[i].hour);
			kept[first + i] = true;
			hours[first + i] = puts[i].hour;
		}
}

static void
remove_cell(struct store *store, size_t n)
{
	asked[n] = true;
	/* One that was not acknowledged may still turn up: nobody can have known it, to remove it. */
	if (store_remove(store, desk, CAIRN_DOOR_INTAKE, (const uint8_t(*)[32])hashes[n], 1) == CAIRN_OK && kept[n])
		removed[n] = true;
}

static void
turn(struct store *store, uint32_t hour)
{
	for (int i = 0; i < 20 && store_turn(store, hour) == CAIRN_ERR_BUSY; i++)
		continue;
}

static void
cells_story(void)
{
	struct store *store;
	uint8_t id[1][32] = {{1}};
	bool claimed;

	memset(kept, 0, sizeof kept);
	memset(removed, 0, sizeof removed);
	memset(asked, 0, sizeof asked);
	for (size_t n = 0; n < CELLS; n++) {
		memset(cells[n], (int)n + 1, sizeof cells[n]);
		cairn_hash(hashes[n], cells[n], sizeof cells[n]);
	}
	if (store_sqlite_open(&store, folder, HOUR) != CAIRN_OK)
		return;
	put_cells(store, 0, 3, HOUR);
	put_cells(store, 2, 3, HOUR);
	remove_cell(store, 1);
	turn(store, HOUR + 1);
	put_cells(store, 5, 2, HOUR + 1);
	put_cells(store, 0, 1, HOUR + 1);
	remove_cell(store, 2);
	remove_cell(store, 5);
	(void)!store_claim(store, desk, CAIRN_DOOR_INTAKE, (const uint8_t(*)[32])id, 1);
	(void)!store_claimed(store, &claimed, desk, CAIRN_DOOR_INTAKE, id[0]);
	(void)!store_expire(store, HOUR + 1);
	turn(store, HOUR + 2);
	put_cells(store, 7, 2, HOUR + 2);
	store_close(store);
}

static unsigned times_seen[CELLS];

static bool
see(void *arg, const uint8_t *hash, const uint8_t *cell)
{
	(void)arg;
	for (size_t n = 0; n < CELLS; n++)
		if (memcmp(hash, hashes[n], 32) == 0) {
			assert_memory_equal(cell, cells[n], CAIRN_DROP_CELL_BYTES);
			times_seen[n]++;
			return true;
		}
	fail_msg("a cell that nobody sent");
	return false;
}

static void
check_cells_in(struct store *store, bool moving)
{
	memset(times_seen, 0, sizeof times_seen);
	assert_ok(store_visit_cells(store, desk, CAIRN_DOOR_INTAKE, see, NULL));
	for (size_t n = 0; n < CELLS; n++) {
		assert_true(!kept[n] || asked[n] || times_seen[n] > 0);
		assert_true(!removed[n] || times_seen[n] == 0);
		assert_true(times_seen[n] <= (moving ? 2 : 1));
	}
}

static void
check_cells(void)
{
	struct store *store;
	int turned;

	assert_ok(store_sqlite_open(&store, folder, HOUR + 2));
	/* What has moved in part may show in both places, until it has moved. */
	check_cells_in(store, true);
	while ((turned = store_turn(store, HOUR + 3)) == CAIRN_ERR_BUSY)
		continue;
	assert_ok(turned);
	check_cells_in(store, false);
	/* The same bytes have the same receipt, and are not kept anew where they were removed. */
	for (size_t n = 0; n < CELLS; n++)
		if (kept[n])
			put_cells(store, n, 1, HOUR + 3);
	check_cells_in(store, false);
	store_close(store);
}

static void
cells_survive_every_fault(void **state)
{
	(void)state;
	tell(cells_story, check_cells);
}

/* --- a board --- */

#define APPENDS 3U

static struct relay_desk paper_desk;
static struct append_body {
	uint8_t *bytes;
	size_t size;
} appends[APPENDS];
static unsigned appended; /* acknowledged */

static int
append(size_t n)
{
	struct append *parsed = malloc(sizeof *parsed);
	int err = parsed == NULL ? CAIRN_ERR_NOMEM : append_read(parsed, appends[n].bytes, appends[n].size);

	if (err == CAIRN_OK)
		err = board_append(data, paper_desk.paper.desk_id, n == 0 ? 0 : n - 1, parsed, HOUR);
	free(parsed);
	return err;
}

static void
board_story(void)
{
	appended = 0;
	for (size_t n = 0; n < APPENDS; n++) {
		if (append(n) != CAIRN_OK)
			return;
		appended++;
		(void)!board_tidy(data, paper_desk.paper.desk_id);
	}
}

/* Everything that a checkpoint speaks of is there and is what it says. */
static void
check_board_files(const struct head *head)
{
	struct cairn_checkpoint checkpoint;
	struct cairn_note note;
	struct cairn_tree tree;
	char name[CAIRN_KEY_NAME_BYTES], path[FILES_PATH_MAX];
	uint8_t root[32];

	assert_ok(cairn_note_read(&note, head->checkpoint.text, head->checkpoint.size));
	assert_ok(cairn_checkpoint_read(&checkpoint, note.text,
	    cairn_key_name(name, paper_desk.paper.desk_id, "board")));
	assert_int_equal(checkpoint.size, head->size);
	assert_ok(tiles_edge(&tree, data, paper_desk.paper.desk_id, head->size));
	cairn_tree_root(root, &tree);
	assert_memory_equal(root, checkpoint.root, 32);
	for (uint64_t n = 0; n < head->size; n++) {
		assert_ok(desk_path(path, paper_desk.paper.desk_id, "board/batch/%llu", (unsigned long long)n));
		assert_true(file_exists(data, path));
	}
	for (uint32_t day = paper_desk.paper.epoch_first; day <= paper_desk.paper.epoch_last; day++) {
		assert_ok(desk_path(path, paper_desk.paper.desk_id, "board/epoch/intake/%u.0", day));
		assert_true(file_exists(data, path));
	}
}

static void
check_board(void)
{
	struct head head;

	assert_ok(head_load(&head, data, paper_desk.paper.desk_id));
	if (appended > 0 || head.checkpoint.size > 0) {
		assert_true(head.size + 1 >= appended);
		assert_true(head.size <= appended);
		check_board_files(&head);
	}
	head_clear(&head);
	/* It goes on from there, also by sending again what was not acknowledged. */
	for (size_t n = appended; n < APPENDS; n++)
		assert_ok(append(n));
	assert_ok(head_load(&head, data, paper_desk.paper.desk_id));
	assert_int_equal(head.size, APPENDS - 1);
	check_board_files(&head);
	head_clear(&head);
}

static void
a_board_is_the_old_or_the_new_one(void **state)
{
	(void)state;
	paper_init(&paper_desk.paper, 3, HOUR);
	for (size_t n = 0; n < APPENDS; n++) {
		if (n > 0) {
			paper_publish(&paper_desk.paper, HOUR, NULL, 0);
			paper_sign(&paper_desk.paper, HOUR);
		}
		appends[n].bytes = relay_desk_append_body(&paper_desk, &appends[n].size, true);
	}
	tell(board_story, check_board);
	for (size_t n = 0; n < APPENDS; n++)
		free(appends[n].bytes);
	paper_release(&paper_desk.paper);
}

/* --- blobs --- */

#define BLOBS 4U
static bool blob_kept[BLOBS], blob_removed[BLOBS], blob_asked[BLOBS];

static void
put_blob(struct blobs *blobs, uint8_t n)
{
	uint8_t id[32] = {n}, content[64];
	char temp[32];
	int fd;

	memset(content, n, sizeof content);
	snprintf(temp, sizeof temp, "tmp/%u", (unsigned)n);
	fd = openat(data, temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	if (file_write_all(fd, content, sizeof content) == CAIRN_OK &&
	    blobs_put(blobs, desk, CAIRN_DOOR_INTAKE, id, temp, fd, HOUR) == CAIRN_OK)
		blob_kept[n] = true;
	close(fd);
	unlinkat(data, temp, 0);
}

static void
blobs_story(void)
{
	struct store *store;
	struct blobs *blobs;
	uint8_t id[32] = {1};

	memset(blob_kept, 0, sizeof blob_kept);
	memset(blob_removed, 0, sizeof blob_removed);
	memset(blob_asked, 0, sizeof blob_asked);
	if (store_sqlite_open(&store, folder, HOUR) != CAIRN_OK)
		return;
	if (blobs_new(&blobs, data, store) == CAIRN_OK) {
		for (uint8_t n = 0; n < BLOBS; n++)
			put_blob(blobs, n);
		(void)!blobs_tidy(blobs, desk, HOUR + 1);
		blob_asked[1] = true;
		blob_removed[1] = blobs_remove(blobs, desk, CAIRN_DOOR_INTAKE, id) == CAIRN_OK;
		(void)!blobs_tidy(blobs, desk, HOUR + 2);
		blobs_free(blobs);
	}
	store_close(store);
}

static void
check_blob(struct blobs *blobs, uint8_t n)
{
	uint8_t id[32] = {n}, content[65];
	int fd;
	int err = blobs_open(blobs, &fd, desk, CAIRN_DOOR_INTAKE, id);

	assert_true(err == CAIRN_OK || err == CAIRN_ERR_UNKNOWN);
	assert_true(!blob_kept[n] || blob_asked[n] || err == CAIRN_OK);
	assert_true(!blob_removed[n] || err == CAIRN_ERR_UNKNOWN);
	if (err != CAIRN_OK)
		return;
	/* One whose removal failed may be zeros already; any other is whole. */
	assert_int_equal(read(fd, content, sizeof content), 64);
	assert_true(blob_asked[n] || content[63] == n);
	close(fd);
}

static void
check_blobs(void)
{
	struct store *store;
	struct blobs *blobs;

	assert_ok(store_sqlite_open(&store, folder, HOUR + 2));
	assert_ok(blobs_new(&blobs, data, store));
	for (uint8_t n = 0; n < BLOBS; n++)
		check_blob(blobs, n);
	assert_ok(blobs_tidy(blobs, desk, HOUR + 3));
	for (uint8_t n = 0; n < BLOBS; n++)
		check_blob(blobs, n);
	blobs_free(blobs);
	store_close(store);
}

static void
blobs_survive_every_fault(void **state)
{
	(void)state;
	tell(blobs_story, check_blobs);
}

/* --- feeds --- */

#define RECORDS 6U
#define VARIANTS 2U /* of the record at one place: who is refused may come back with another */
#define RECORD_BYTES 1024U

static unsigned record_kept[RECORDS]; /* acknowledged: 1 + the variant */
static bool record_asked[RECORDS], record_deleted[RECORDS];

static void
make_record(uint8_t record[RECORD_BYTES], uint8_t hash[32], size_t n, unsigned variant)
{
	memset(record, (int)(0x50 + n * VARIANTS + variant), RECORD_BYTES);
	cairn_hash(hash, record, RECORD_BYTES);
}

static int
append_variant(struct store *store, size_t n, unsigned variant, const uint8_t prev[32])
{
	uint8_t record[RECORD_BYTES], hash[32];
	struct store_append append = {.desk = desk, .seq = n, .prev = prev, .hash = hash, .bytes = record,
		.size = sizeof record,
		.quota = 100000};

	make_record(record, hash, n, variant);
	return store_feed_append(store, &append);
}

static void
append_record(struct store *store, size_t n)
{
	uint8_t record[RECORD_BYTES], prev[32] = {0};

	if (n > 0)
		make_record(record, prev, n - 1, record_kept[n - 1] == 0 ? 0 : record_kept[n - 1] - 1);
	for (unsigned variant = 0; variant < VARIANTS && record_kept[n] == 0; variant++)
		if (append_variant(store, n, variant, prev) == CAIRN_OK)
			record_kept[n] = 1 + variant;
}

static void
delete_record(struct store *store, uint64_t n)
{
	record_asked[n] = true;
	record_deleted[n] = store_feed_delete(store, desk, &n, 1) == CAIRN_OK;
}

static void
feed_story(void)
{
	struct store *store;

	memset(record_kept, 0, sizeof record_kept);
	memset(record_asked, 0, sizeof record_asked);
	memset(record_deleted, 0, sizeof record_deleted);
	if (store_sqlite_open(&store, folder, HOUR) != CAIRN_OK)
		return;
	for (size_t n = 0; n < 4; n++)
		append_record(store, n);
	delete_record(store, 1);
	append_record(store, 4);
	delete_record(store, 3);
	(void)!store_feed_tidy(store);
	append_record(store, 5);
	store_close(store);
}

struct feed_seen {
	size_t count;
	bool bytes[RECORDS][VARIANTS]; /* can be read */
	uint8_t last[32];              /* the hash of the last */
};

static bool
see_record(void *arg, const struct store_record *record)
{
	struct feed_seen *seen = arg;
	size_t n = seen->count++;
	uint8_t bytes[RECORD_BYTES], hash[32];
	unsigned variant = 0;

	assert_true(n < RECORDS && record->seq == n);
	do
		make_record(bytes, hash, n, variant);
	while (memcmp(hash, record->hash, sizeof hash) != 0 && ++variant < VARIANTS);
	assert_true(variant < VARIANTS);
	assert_true(record_kept[n] == 0 || record_kept[n] == 1 + variant);
	assert_true(record->bytes != NULL || record_asked[n]);
	assert_true(record->bytes == NULL || !record_deleted[n]);
	if (record->bytes != NULL)
		assert_memory_equal(record->bytes, bytes, sizeof bytes);
	seen->bytes[n][variant] = record->bytes != NULL;
	memcpy(seen->last, hash, sizeof hash);
	return true;
}

/* Of what cannot be read not even some bytes lie in the file. */
static void
check_feed_file(const struct feed_seen *seen)
{
	char path[FILES_PATH_MAX], hex[65];
	uint8_t record[RECORD_BYTES], hash[32];
	uint8_t *file;
	size_t bytes;
	int err;

	sodium_bin2hex(hex, sizeof hex, desk, sizeof desk);
	snprintf(path, sizeof path, "feed/%s", hex);
	err = file_read(&file, &bytes, data, path, 100000);
	if (err == CAIRN_ERR_UNKNOWN)
		return;
	assert_ok(err);
	for (size_t n = 0; n < RECORDS; n++)
		for (unsigned variant = 0; variant < VARIANTS; variant++) {
			make_record(record, hash, n, variant);
			assert_true((memmem(file, bytes, record, 32) != NULL) == seen->bytes[n][variant]);
		}
	free(file);
}

static void
run_to_the_end(struct store *store, int (*slice)(struct store *store))
{
	int err;

	while ((err = slice(store)) == CAIRN_ERR_BUSY)
		continue;
	assert_ok(err);
}

static int
forget_slice(struct store *store)
{
	return store_forget(store, desk);
}

static void
check_feed(void)
{
	struct feed_seen seen = {0}, none = {0};
	struct store *store;
	uint64_t head;

	assert_ok(store_sqlite_open(&store, folder, HOUR));
	assert_ok(store_feed_visit(store, &head, desk, 0, see_record, &seen));
	assert_int_equal(seen.count, head);
	for (size_t n = head; n < RECORDS; n++)
		assert_int_equal(record_kept[n], 0);
	run_to_the_end(store, store->ops->feed_tidy);
	check_feed_file(&seen);
	/* It goes on from there. */
	if (head < RECORDS)
		assert_ok(append_variant(store, head, 1, seen.last));
	run_to_the_end(store, forget_slice);
	check_feed_file(&none);
	assert_ok(store_feed_visit(store, &head, desk, 0, see_record, &seen));
	assert_int_equal(head, 0);
	store_close(store);
}

static void
feeds_survive_every_fault(void **state)
{
	(void)state;
	tell(feed_story, check_feed);
}

/* A desk is forgotten while things fail: it is gone in the end, and nothing of it is left. */
static void
forget_story(void)
{
	struct store *store;

	feed_story();
	if (store_sqlite_open(&store, folder, HOUR) != CAIRN_OK)
		return;
	for (int i = 0; i < 8; i++)
		(void)!store_forget(store, desk);
	store_close(store);
	/* What was kept is to be forgotten: only that nothing is left is looked at. */
	memset(record_kept, 0, sizeof record_kept);
}

static bool
see_any(void *arg, const struct store_record *record)
{
	(void)arg, (void)record;
	return true;
}

static void
check_forgotten(void)
{
	struct feed_seen none = {0};
	struct store *store;
	uint64_t head;

	assert_ok(store_sqlite_open(&store, folder, HOUR));
	run_to_the_end(store, forget_slice);
	check_feed_file(&none);
	assert_ok(store_feed_visit(store, &head, desk, 0, see_any, NULL));
	assert_int_equal(head, 0);
	assert_ok(append_variant(store, 0, 0, (const uint8_t[32]){0}));
	store_close(store);
}

static void
a_desk_is_forgotten_through_every_fault(void **state)
{
	(void)state;
	tell(forget_story, check_forgotten);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_survive_every_fault),
		cmocka_unit_test(a_board_is_the_old_or_the_new_one),
		cmocka_unit_test(blobs_survive_every_fault),
		cmocka_unit_test(feeds_survive_every_fault),
		cmocka_unit_test(a_desk_is_forgotten_through_every_fault),
	};

	return cmocka_run_group_tests_name(__FILE_NAME__, tests, set_up, NULL);
}
