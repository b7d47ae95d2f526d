// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/fault.h"

#include <sqlite3.h>

static unsigned long at, strike;
static bool struck;

void
fault_arm(unsigned long k)
{
	at = 0;
	strike = k;
	struck = false;
}

void
fault_mend(void)
{
	fault_arm(0);
}

bool
fault_point(void)
{
	at++;
	struck = struck || (strike != 0 && at == strike);
	return struck;
}

bool
fault_struck(void)
{
	return struck;
}

/* --- the VFS: each method is passed on, some may fail --- */

struct fault_file {
	sqlite3_file base;
	sqlite3_file *real; /* behind this struct, in the same piece of memory */
};

static sqlite3_vfs *system_vfs;
static sqlite3_vfs fault_table;

#define REAL(file) (((struct fault_file *)(file))->real)

static int
file_close(sqlite3_file *file)
{
	return REAL(file)->pMethods == NULL ? SQLITE_OK : REAL(file)->pMethods->xClose(REAL(file));
}

static int
file_read(sqlite3_file *file, void *out, int bytes, sqlite3_int64 from)
{
	return REAL(file)->pMethods->xRead(REAL(file), out, bytes, from);
}

static int
file_write(sqlite3_file *file, const void *in, int bytes, sqlite3_int64 to)
{
	return fault_point() ? SQLITE_IOERR_WRITE : REAL(file)->pMethods->xWrite(REAL(file), in, bytes, to);
}

static int
file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return fault_point() ? SQLITE_IOERR_TRUNCATE : REAL(file)->pMethods->xTruncate(REAL(file), size);
}

static int
file_sync(sqlite3_file *file, int flags)
{
	return fault_point() ? SQLITE_IOERR_FSYNC : REAL(file)->pMethods->xSync(REAL(file), flags);
}

static int
file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return REAL(file)->pMethods->xFileSize(REAL(file), size);
}

static int
file_lock(sqlite3_file *file, int level)
{
	return REAL(file)->pMethods->xLock(REAL(file), level);
}

static int
file_unlock(sqlite3_file *file, int level)
{
	return REAL(file)->pMethods->xUnlock(REAL(file), level);
}

static int
file_reserved(sqlite3_file *file, int *out)
{
	return REAL(file)->pMethods->xCheckReservedLock(REAL(file), out);
}

static int
file_control(sqlite3_file *file, int op, void *arg)
{
	return REAL(file)->pMethods->xFileControl(REAL(file), op, arg);
}

static int
file_sector(sqlite3_file *file)
{
	return REAL(file)->pMethods->xSectorSize(REAL(file));
}

static int
file_traits(sqlite3_file *file)
{
	return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}

static const sqlite3_io_methods file_methods = {
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

static int
vfs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out)
{
	struct fault_file *f = (struct fault_file *)file;
	int rc;

	(void)vfs;
	f->real = (sqlite3_file *)(f + 1);
	rc = system_vfs->xOpen(system_vfs, name, f->real, flags, out);
	f->base.pMethods = rc == SQLITE_OK ? &file_methods : NULL;
	return rc;
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs;
	return fault_point() ? SQLITE_IOERR_DELETE : system_vfs->xDelete(system_vfs, name, sync);
}

void
fault_vfs(void)
{
	if (system_vfs != NULL)
		return;
	system_vfs = sqlite3_vfs_find(NULL);
	fault_table = *system_vfs;
	fault_table.zName = "fault";
	fault_table.pNext = NULL;
	fault_table.szOsFile = (int)sizeof(struct fault_file) + system_vfs->szOsFile;
	fault_table.xOpen = vfs_open;
	fault_table.xDelete = vfs_delete;
	sqlite3_vfs_register(&fault_table, 0);
}
