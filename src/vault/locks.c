// SPDX-License-Identifier: GPL-3.0-or-later
#include "vault/inside.h"

/*
 * SQLite's five levels, as its own VFS for Unix has them, on three bytes: readers hold SHARED; who means to write
 * holds RESERVED beside it; PENDING keeps new readers out; EXCLUSIVE is SHARED held for writing.
 */
static int
lock_rc(int err)
{
	if (err == CAIRN_OK)
		return SQLITE_OK;
	return err == CAIRN_ERR_BUSY ? SQLITE_BUSY : SQLITE_IOERR_LOCK;
}

static int
hold(struct page_file *f, enum container_lock what, enum container_hold how)
{
	return lock_rc(container_lock(f->lock_fd, f->vault->region, what, how, false));
}

static int
take_shared(struct page_file *f)
{
	int rc = hold(f, LOCK_PENDING_BYTE, HOLD_READ);

	if (rc != SQLITE_OK)
		return rc;
	rc = hold(f, LOCK_SHARED_BYTE, HOLD_READ);
	if (hold(f, LOCK_PENDING_BYTE, HOLD_NONE) != SQLITE_OK && rc == SQLITE_OK)
		rc = SQLITE_IOERR_UNLOCK;
	if (rc == SQLITE_OK)
		f->level = SQLITE_LOCK_SHARED;
	return rc;
}

static int
take_reserved(struct page_file *f)
{
	int rc = hold(f, LOCK_RESERVED_BYTE, HOLD_WRITE);

	if (rc == SQLITE_OK)
		f->level = SQLITE_LOCK_RESERVED;
	return rc;
}

static int
take_exclusive(struct page_file *f)
{
	int rc = SQLITE_OK;

	if (f->level < SQLITE_LOCK_PENDING) {
		rc = hold(f, LOCK_PENDING_BYTE, HOLD_WRITE);
		if (rc != SQLITE_OK)
			return rc;
		f->level = SQLITE_LOCK_PENDING;
	}
	rc = hold(f, LOCK_SHARED_BYTE, HOLD_WRITE);
	if (rc == SQLITE_OK)
		f->level = SQLITE_LOCK_EXCLUSIVE;
	return rc;
}

int
locks_take(struct page_file *f, int level)
{
	switch (level) {
	case SQLITE_LOCK_SHARED:
		return take_shared(f);
	case SQLITE_LOCK_RESERVED:
		return take_reserved(f);
	default:
		return take_exclusive(f);
	}
}

int
locks_drop(struct page_file *f, int level)
{
	int rc = SQLITE_OK;

	if (level >= f->level)
		return SQLITE_OK;
	if (f->level > SQLITE_LOCK_SHARED) {
		if (level == SQLITE_LOCK_SHARED)
			rc = hold(f, LOCK_SHARED_BYTE, HOLD_READ);
		if (hold(f, LOCK_PENDING_BYTE, HOLD_NONE) != SQLITE_OK)
			rc = SQLITE_IOERR_UNLOCK;
		if (hold(f, LOCK_RESERVED_BYTE, HOLD_NONE) != SQLITE_OK)
			rc = SQLITE_IOERR_UNLOCK;
	}
	if (level == SQLITE_LOCK_NONE && hold(f, LOCK_SHARED_BYTE, HOLD_NONE) != SQLITE_OK)
		rc = SQLITE_IOERR_UNLOCK;
	f->level = level;
	return rc;
}

int
locks_reserved(struct page_file *f, int *out)
{
	bool held = f->level > SQLITE_LOCK_SHARED;

	if (!held && container_locked(f->lock_fd, f->vault->region, LOCK_RESERVED_BYTE, &held) != CAIRN_OK)
		return SQLITE_IOERR_CHECKRESERVEDLOCK;
	*out = held;
	return SQLITE_OK;
}
