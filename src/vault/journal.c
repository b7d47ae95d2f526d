// SPDX-License-Identifier: GPL-3.0-or-later
#include "vault/inside.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"

/*
 * The rollback journal: blocks that grow from the region's end towards the pages. Number 0, the head, is sealed under
 * the region's data key and holds a key of its own for this one journal; the blocks behind it are sealed under that.
 * To end a journal is to overwrite its head: then nothing of it opens any more, old pages in it neither.
 *
 *	head     u8 version, u8 state (0 none, 1 there), key[32], zeros
 *	block    u16 used, bytes[used], zeros
 *
 * A block that was flushed is never written again: what follows begins a new one. So a torn write costs only
 * what no flush has promised. The first block that does not open is the journal's end.
 */
#define HEAD_VERSION 1U
#define HEAD_EMPTY 0U
#define HEAD_THERE 1U
#define BLOCK_HEAD_BYTES 2U
#define BLOCK_MOST (SLOT_CONTENT_BYTES - BLOCK_HEAD_BYTES)
#define JOURNAL_MAGIC_BYTES 28

struct journal_file {
	sqlite3_file base;
	struct vault *vault;
	struct page_file *pages;
	bool there;                  /* a head with this key is written */
	uint8_t key[CAIRN_KEY_BYTES];
	uint64_t *ends;              /* of each block that is written, in bytes of the journal */
	uint32_t count, room;        /* blocks are numbered from 1: ends[n - 1] */
	uint32_t open_used;          /* bytes in the open block, which is not written yet */
	uint32_t view_number;        /* the block in view; 0 for none */
	uint8_t open[SLOT_BYTES];
	uint8_t view[SLOT_BYTES];
};

#define FILE_OF(file) ((struct journal_file *)(file))

size_t
journal_file_bytes(void)
{
	return sizeof(struct journal_file);
}

/* --- the head --- */

static int
head_write(const struct vault *vault, uint8_t state, const uint8_t *key)
{
	uint8_t slot[SLOT_BYTES] = {HEAD_VERSION, state};
	int err;

	if (key != NULL)
		memcpy(slot + 2, key, CAIRN_KEY_BYTES);
	slot_seal(slot, slot, vault->data_key, vault_slot(vault, SLOT_JOURNAL, 0));
	err = container_write(&vault->container, slot, vault->region, journal_slot(vault, 0), 1);
	sodium_memzero(slot, sizeof(slot));
	return err;
}

/* A head that does not open was torn while it was written: there is no journal, or it has just been ended. */
static int
head_read(const struct vault *vault, bool *ret, uint8_t key[CAIRN_KEY_BYTES])
{
	uint8_t slot[SLOT_BYTES];
	int err = container_read(&vault->container, slot, vault->region, journal_slot(vault, 0), 1);

	if (err != CAIRN_OK)
		return err;
	*ret = slot_open(slot, vault->data_key, vault_slot(vault, SLOT_JOURNAL, 0)) && slot[0] == HEAD_VERSION &&
	    slot[1] == HEAD_THERE;
	memcpy(key, slot + 2, CAIRN_KEY_BYTES);
	sodium_memzero(slot, sizeof(slot));
	return CAIRN_OK;
}

int
journal_there(const struct vault *vault, bool *ret)
{
	uint8_t key[CAIRN_KEY_BYTES];
	int err = head_read(vault, ret, key);

	sodium_memzero(key, sizeof(key));
	return err;
}

int
journal_cut(const struct vault *vault)
{
	return head_write(vault, HEAD_EMPTY, NULL);
}

/* --- blocks --- */

static uint64_t
written_bytes(const struct journal_file *j)
{
	return j->count == 0 ? 0 : j->ends[j->count - 1];
}

static uint64_t
journal_bytes(const struct journal_file *j)
{
	return written_bytes(j) + j->open_used;
}

static int
ends_add(struct journal_file *j, uint32_t used)
{
	if (j->count == j->room) {
		uint32_t room = j->room == 0 ? 64 : 2 * j->room;
		uint64_t *ends = realloc(j->ends, room * sizeof(*ends));

		if (ends == NULL)
			return SQLITE_NOMEM;
		j->ends = ends;
		j->room = room;
	}
	j->ends[j->count] = written_bytes(j) + used;
	j->count++;
	return SQLITE_OK;
}

/* Writes the open block, and begins another. */
static int
block_close(struct journal_file *j)
{
	uint32_t number = j->count + 1;
	uint8_t slot[SLOT_BYTES];
	int rc;

	if (j->open_used == 0)
		return SQLITE_OK;
	put_u16(j->open, (uint16_t)j->open_used);
	memset(j->open + BLOCK_HEAD_BYTES + j->open_used, 0, BLOCK_MOST - j->open_used);
	slot_seal(slot, j->open, j->key, vault_slot(j->vault, SLOT_JOURNAL, number));
	if (container_write(&j->vault->container, slot, j->vault->region, journal_slot(j->vault, number), 1) !=
	    CAIRN_OK)
		return SQLITE_IOERR_WRITE;
	rc = ends_add(j, j->open_used);
	if (rc == SQLITE_OK)
		j->open_used = 0;
	return rc;
}

/* False where it does not open: the journal ends before it. */
static bool
block_read(struct journal_file *j, uint32_t number)
{
	if (j->view_number == number)
		return true;
	j->view_number = 0;
	if (number > j->vault->container.region_slots - REGION_PAGES - 1 ||
	    container_read(&j->vault->container, j->view, j->vault->region, journal_slot(j->vault, number), 1) !=
		CAIRN_OK ||
	    !slot_open(j->view, j->key, vault_slot(j->vault, SLOT_JOURNAL, number)) || get_u16(j->view) > BLOCK_MOST)
		return false;
	j->view_number = number;
	return true;
}

/* The blocks of a journal that somebody left. */
static int
blocks_find(struct journal_file *j)
{
	int rc = SQLITE_OK;

	while (rc == SQLITE_OK && block_read(j, j->count + 1))
		rc = ends_add(j, get_u16(j->view));
	return rc;
}

static void
forget(struct journal_file *j)
{
	sodium_memzero(j->key, sizeof(j->key));
	sodium_memzero(j->open, sizeof(j->open));
	sodium_memzero(j->view, sizeof(j->view));
	j->there = false;
	j->count = 0;
	j->open_used = 0;
	j->view_number = 0;
	if (j->pages != NULL)
		j->pages->journal_blocks = 0;
}

/* --- what SQLite calls --- */

static int
file_close(sqlite3_file *file)
{
	struct journal_file *j = FILE_OF(file);

	forget(j);
	free(j->ends);
	j->ends = NULL;
	return SQLITE_OK;
}

/* The block that byte at lies in; at is before the end of what is written. */
static uint32_t
block_at(const struct journal_file *j, uint64_t at)
{
	uint32_t low = 0, high = j->count - 1;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (at < j->ends[middle])
			high = middle;
		else
			low = middle + 1;
	}
	return low + 1;
}

/* Copies what one block has of it; 0 where that does not open. */
static size_t
read_some(struct journal_file *j, uint8_t *out, size_t bytes, uint64_t from)
{
	uint64_t written = written_bytes(j);
	const uint8_t *block = j->open;
	uint64_t begin = written, end = written + j->open_used;

	if (from < written) {
		uint32_t number = block_at(j, from);

		if (!block_read(j, number))
			return 0;
		block = j->view;
		begin = number == 1 ? 0 : j->ends[number - 2];
		end = j->ends[number - 1];
	}
	if (bytes > end - from)
		bytes = (size_t)(end - from);
	memcpy(out, block + BLOCK_HEAD_BYTES + (from - begin), bytes);
	return bytes;
}

static int
file_read(sqlite3_file *file, void *out, int bytes, sqlite3_int64 from)
{
	struct journal_file *j = FILE_OF(file);
	uint8_t *to = out;
	size_t left = (size_t)bytes;
	uint64_t at = (uint64_t)from;

	while (left > 0 && at < journal_bytes(j)) {
		size_t n = read_some(j, to, left, at);

		if (n == 0)
			break;
		to += n;
		at += n;
		left -= n;
	}
	memset(to, 0, left);
	return left == 0 ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
begin(struct journal_file *j)
{
	int err;

	randombytes_buf(j->key, sizeof(j->key));
	err = head_write(j->vault, HEAD_THERE, j->key);
	j->there = err == CAIRN_OK;
	return vfs_error(err, SQLITE_IOERR_WRITE);
}

static int
append(struct journal_file *j, const uint8_t *bytes, size_t size)
{
	int rc = SQLITE_OK;

	while (rc == SQLITE_OK && size > 0) {
		size_t n = BLOCK_MOST - j->open_used;

		/* One more block must fit between the pages and the blocks that there are. */
		if (j->open_used == 0 && pages_beside(j->vault, j->count + 1) < j->pages->pages)
			return SQLITE_FULL;
		j->pages->journal_blocks = j->count + 1;
		if (n > size)
			n = size;
		memcpy(j->open + BLOCK_HEAD_BYTES + j->open_used, bytes, n);
		j->open_used += (uint32_t)n;
		bytes += n;
		size -= n;
		if (j->open_used == BLOCK_MOST)
			rc = block_close(j);
	}
	return rc;
}

/* What could not be ended goes on, whole: SQLite rolls back with it. */
static int
cut(struct journal_file *j)
{
	int err = j->there ? journal_cut(j->vault) : CAIRN_OK;

	if (err == CAIRN_OK)
		forget(j);
	else if (head_write(j->vault, HEAD_THERE, j->key) != CAIRN_OK)
		err = CAIRN_ERR_IO;
	return vfs_error(err, SQLITE_IOERR_TRUNCATE);
}

/* SQLite only ever appends, but that journal_mode PERSIST zeroes the beginning to end a journal. */
static int
file_write(sqlite3_file *file, const void *in, int bytes, sqlite3_int64 to)
{
	struct journal_file *j = FILE_OF(file);
	int rc = SQLITE_OK;

	if (to == 0 && bytes == JOURNAL_MAGIC_BYTES && sodium_is_zero(in, JOURNAL_MAGIC_BYTES))
		return cut(j);
	if (bytes < 0 || (uint64_t)to != journal_bytes(j))
		return SQLITE_IOERR_WRITE;
	if (!j->there)
		rc = begin(j);
	return rc == SQLITE_OK ? append(j, in, (size_t)bytes) : rc;
}

static int
file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return size == 0 ? cut(FILE_OF(file)) : SQLITE_OK;
}

static int
file_sync(sqlite3_file *file, int flags)
{
	struct journal_file *j = FILE_OF(file);
	int rc = block_close(j);

	(void)flags;
	return rc == SQLITE_OK ? vfs_error(container_sync(&j->vault->container), SQLITE_IOERR_FSYNC) : rc;
}

static int
file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)journal_bytes(FILE_OF(file));
	return SQLITE_OK;
}

static int
file_lock(sqlite3_file *file, int level)
{
	(void)file;
	(void)level;
	return SQLITE_OK;
}

static int
file_reserved(sqlite3_file *file, int *out)
{
	(void)file;
	*out = 0;
	return SQLITE_OK;
}

static int
file_control(sqlite3_file *file, int op, void *arg)
{
	(void)file;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int
file_sector(sqlite3_file *file)
{
	(void)file;
	return SLOT_BYTES;
}

static int
file_traits(sqlite3_file *file)
{
	(void)file;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE | SQLITE_IOCAP_SAFE_APPEND;
}

static const sqlite3_io_methods journal_methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_lock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
};

int
journal_open(struct vault *vault, sqlite3_file *file, struct page_file *pages)
{
	struct journal_file *j = FILE_OF(file);
	int rc = SQLITE_OK;

	memset(j, 0, sizeof(*j));
	j->vault = vault;
	j->pages = pages;
	if (head_read(vault, &j->there, j->key) != CAIRN_OK)
		return SQLITE_CANTOPEN;
	if (j->there)
		rc = blocks_find(j);
	if (rc != SQLITE_OK) {
		free(j->ends);
		return rc;
	}
	j->base.pMethods = &journal_methods;
	return SQLITE_OK;
}
