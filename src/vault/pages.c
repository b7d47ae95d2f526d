// SPDX-License-Identifier: GPL-3.0-or-later
#include "vault/inside.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/bytes.h"

/*
 * The database as SQLite sees it: a file of pages. How long it is stands in page 1 (bytes 28 to 31), which SQLite
 * itself keeps, and journals before it changes it. Where page 1 is torn, or a journal is about to be rolled back, the
 * file counts as long as it could be: rolling back then only ever cuts it, to the length that the journal says.
 */
#define HEADER_PAGE_SIZE 16
#define HEADER_RESERVED 20
#define HEADER_PAGES 28

#define FILE_OF(file) ((struct page_file *)(file))

int
pages_count(const struct vault *vault, uint8_t first[SLOT_BYTES], uint32_t *ret)
{
	int err = container_read(&vault->container, first, vault->region, page_slot(1), 1);

	if (err != CAIRN_OK)
		return err;
	if (!slot_open(first, vault->data_key, vault_slot(vault, SLOT_DATABASE, 1)))
		return CAIRN_ERR_CRYPTO;
	*ret = get_u32(first + HEADER_PAGES);
	return *ret > pages_beside(vault, 0) ? CAIRN_ERR_CRYPTO : CAIRN_OK;
}

int
pages_make_empty(struct vault *vault)
{
	uint8_t slot[SLOT_BYTES] = {0};

	slot_seal(slot, slot, vault->data_key, vault_slot(vault, SLOT_DATABASE, 1));
	return container_write(&vault->container, slot, vault->region, page_slot(1), 1);
}

/* Page 1 stays the same for as long as this connection holds a lock, but for what it writes itself. */
static int
size_now(struct page_file *f, uint32_t *ret)
{
	int err = CAIRN_OK;

	if (f->tracked) {
		*ret = f->pages;
	} else if (f->first_known && f->level > SQLITE_LOCK_NONE) {
		*ret = get_u32(f->first + HEADER_PAGES);
	} else {
		err = pages_count(f->vault, f->first, ret);
		f->first_known = err == CAIRN_OK;
		if (err == CAIRN_ERR_CRYPTO) {
			*ret = pages_beside(f->vault, 0);
			err = CAIRN_OK;
		}
	}
	return vfs_error(err, SQLITE_IOERR_FSTAT);
}

static int
file_close(sqlite3_file *file)
{
	struct page_file *f = FILE_OF(file);

	if (f->lock_fd >= 0)
		close(f->lock_fd);
	f->lock_fd = -1;
	sodium_memzero(f->first, sizeof(f->first));
	return SQLITE_OK;
}

/* What does not open: without a lock it may be that somebody writes it just now. */
static int
read_page(struct page_file *f, uint8_t out[SLOT_BYTES], uint32_t page)
{
	if (page == 1 && f->first_known && f->level > SQLITE_LOCK_NONE) {
		memcpy(out, f->first, SLOT_BYTES);
		return SQLITE_OK;
	}
	if (container_read(&f->vault->container, out, f->vault->region, page_slot(page), 1) != CAIRN_OK)
		return SQLITE_IOERR_READ;
	if (slot_open(out, f->vault->data_key, vault_slot(f->vault, SLOT_DATABASE, page)))
		return SQLITE_OK;
	memset(out, 0, SLOT_BYTES);
	return f->level == SQLITE_LOCK_NONE ? SQLITE_IOERR_SHORT_READ : SQLITE_CORRUPT;
}

static int
file_read(sqlite3_file *file, void *out, int bytes, sqlite3_int64 from)
{
	struct page_file *f = FILE_OF(file);
	uint32_t page = (uint32_t)(from / SLOT_BYTES) + 1;
	uint32_t within = (uint32_t)(from % SLOT_BYTES);
	uint8_t whole[SLOT_BYTES];
	uint32_t pages;
	int rc = size_now(f, &pages);

	if (rc == SQLITE_OK && (bytes < 0 || within + (uint32_t)bytes > SLOT_BYTES))
		rc = SQLITE_IOERR_READ;
	if (rc == SQLITE_OK && page > pages) {
		memset(out, 0, (size_t)bytes);
		return SQLITE_IOERR_SHORT_READ;
	}
	if (rc != SQLITE_OK || bytes == SLOT_BYTES)
		return rc == SQLITE_OK ? read_page(f, out, page) : rc;
	rc = read_page(f, whole, page);
	memcpy(out, whole + within, (size_t)bytes);
	sodium_memzero(whole, sizeof(whole));
	return rc;
}

/* A database without room for nonce and tag in its pages would lose the end of each. */
static bool
first_fits(const uint8_t *page)
{
	return sodium_is_zero(page, SLOT_BYTES) ||
	    (get_u16(page + HEADER_PAGE_SIZE) == SLOT_BYTES && page[HEADER_RESERVED] == SLOT_RESERVED_BYTES);
}

static int
file_write(sqlite3_file *file, const void *in, int bytes, sqlite3_int64 to)
{
	struct page_file *f = FILE_OF(file);
	uint32_t page = (uint32_t)(to / SLOT_BYTES) + 1;
	uint8_t slot[SLOT_BYTES];

	if (bytes != SLOT_BYTES || to % SLOT_BYTES != 0 || (page == 1 && !first_fits(in)))
		return SQLITE_IOERR_WRITE;
	if (page > pages_beside(f->vault, f->journal_blocks) ||
	    (page > f->pages && page > pages_beside(f->vault, journal_reserve(f->vault))))
		return SQLITE_FULL;
	/* Before it is written: a write that fails half-way has made the file longer too, and is to be cut off. */
	if (page > f->pages)
		f->pages = page;
	if (page == 1)
		f->first_known = false;
	slot_seal(slot, in, f->vault->data_key, vault_slot(f->vault, SLOT_DATABASE, page));
	if (container_write(&f->vault->container, slot, f->vault->region, page_slot(page), 1) != CAIRN_OK)
		return SQLITE_IOERR_WRITE;
	if (page == 1) {
		memcpy(f->first, in, SLOT_BYTES);
		f->first_known = true;
	}
	return SQLITE_OK;
}

/* Slots behind the end keep what they held, sealed. */
static int
file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct page_file *f = FILE_OF(file);

	f->pages = (uint32_t)((size + SLOT_BYTES - 1) / SLOT_BYTES);
	if (f->pages > 0)
		return SQLITE_OK;
	f->first_known = false;
	return vfs_error(pages_make_empty(f->vault), SQLITE_IOERR_TRUNCATE);
}

static int
file_sync(sqlite3_file *file, int flags)
{
	(void)flags;
	return vfs_error(container_sync(&FILE_OF(file)->vault->container), SQLITE_IOERR_FSYNC);
}

static int
file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	uint32_t pages = 0;
	int rc = size_now(FILE_OF(file), &pages);

	*size = (sqlite3_int64)pages * SLOT_BYTES;
	return rc;
}

/* From the lock on that keeps others from writing, the length is counted here. */
static int
file_lock(sqlite3_file *file, int level)
{
	struct page_file *f = FILE_OF(file);
	bool rolls_back = f->level == SQLITE_LOCK_SHARED && level == SQLITE_LOCK_EXCLUSIVE;
	uint32_t pages = 0;
	int rc;

	if (level <= f->level)
		return SQLITE_OK;
	if (f->level == SQLITE_LOCK_NONE)
		f->first_known = false;
	rc = locks_take(f, level);
	if (rc != SQLITE_OK || level < SQLITE_LOCK_RESERVED || f->tracked)
		return rc;
	/* A journal that somebody left, or the first write of a transaction. */
	if (rolls_back)
		pages = pages_beside(f->vault, 0);
	else
		rc = size_now(f, &pages);
	if (rc == SQLITE_OK) {
		f->pages = pages;
		f->tracked = true;
		f->first_known = f->first_known && !rolls_back;
	}
	return rc;
}

static int
file_unlock(sqlite3_file *file, int level)
{
	struct page_file *f = FILE_OF(file);

	if (level <= SQLITE_LOCK_SHARED) {
		f->tracked = false;
		f->first_known = false;
	}
	return locks_drop(f, level);
}

static int
file_reserved(sqlite3_file *file, int *out)
{
	return locks_reserved(FILE_OF(file), out);
}

static int
file_control(sqlite3_file *file, int op, void *arg)
{
	switch (op) {
	case SQLITE_FCNTL_LOCKSTATE:
		*(int *)arg = FILE_OF(file)->level;
		return SQLITE_OK;
	case SQLITE_FCNTL_HAS_MOVED:
		*(int *)arg = 0;
		return SQLITE_OK;
	default:
		return SQLITE_NOTFOUND;
	}
}

static int
file_sector(sqlite3_file *file)
{
	(void)file;
	return SLOT_BYTES;
}

/*
 * Nothing is promised about a write that is broken off but this: it harms no other slot, and a journal never shows
 * what was not written (its blocks do not open).
 */
static int
file_traits(sqlite3_file *file)
{
	(void)file;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE | SQLITE_IOCAP_SAFE_APPEND;
}

static const sqlite3_io_methods page_methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
};

int
pages_open(struct vault *vault, struct page_file *f)
{
	memset(f, 0, sizeof(*f));
	f->vault = vault;
	f->lock_fd = open(vault->path, O_RDWR | O_CLOEXEC);
	if (f->lock_fd < 0)
		return SQLITE_CANTOPEN;
	f->base.pMethods = &page_methods;
	return SQLITE_OK;
}
