// SPDX-License-Identifier: GPL-3.0-or-later
#include "vault/inside.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

/*
 * The table by which SQLite finds database and journal of one vault. It knows no other files: what SQLite would put
 * beside them (temporary files, logs) is refused, and so never leaves memory.
 */
static struct vault *
vault_of(sqlite3_vfs *vfs)
{
	return vfs->pAppData;
}

int
vfs_error(int err, int otherwise)
{
	switch (err) {
	case CAIRN_OK:
		return SQLITE_OK;
	case CAIRN_ERR_SPACE:
		return SQLITE_FULL;
	case CAIRN_ERR_NOMEM:
		return SQLITE_NOMEM;
	default:
		return otherwise;
	}
}

static bool
is_journal(const char *name)
{
	static const char end[] = "-journal";
	size_t length = strlen(name);

	return length >= sizeof(end) && strcmp(name + length - (sizeof(end) - 1), end) == 0;
}

static int
vfs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out)
{
	int rc = SQLITE_CANTOPEN;

	file->pMethods = NULL;
	if (name != NULL && (flags & SQLITE_OPEN_MAIN_DB) != 0)
		rc = pages_open(vault_of(vfs), (struct page_file *)file);
	else if (name != NULL && (flags & SQLITE_OPEN_MAIN_JOURNAL) != 0)
		rc = journal_open(vault_of(vfs), file, (struct page_file *)sqlite3_database_file_object(name));
	if (rc == SQLITE_OK && out != NULL)
		*out = flags;
	return rc;
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	struct vault *vault = vault_of(vfs);
	bool there;
	int err;

	if (!is_journal(name))
		return SQLITE_IOERR_DELETE;
	err = journal_there(vault, &there);
	if (err == CAIRN_OK && there)
		err = journal_cut(vault);
	if (err == CAIRN_OK && sync != 0)
		err = container_sync(&vault->container);
	return vfs_error(err, SQLITE_IOERR_DELETE);
}

static int
vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	struct vault *vault = vault_of(vfs);
	bool there = strcmp(name, VAULT_DATABASE) == 0;
	int err = is_journal(name) ? journal_there(vault, &there) : CAIRN_OK;

	(void)flags;
	*out = there;
	return vfs_error(err, SQLITE_IOERR_ACCESS);
}

static int
vfs_full_path(sqlite3_vfs *vfs, const char *name, int room, char *out)
{
	(void)vfs;
	return snprintf(out, (size_t)room, "%s", name) < room ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int
vfs_randomness(sqlite3_vfs *vfs, int bytes, char *out)
{
	(void)vfs;
	randombytes_buf(out, (size_t)bytes);
	return bytes;
}

int
vfs_register(struct vault *vault)
{
	static unsigned last;
	const sqlite3_vfs *system = sqlite3_vfs_find(NULL);

	if (system == NULL)
		return CAIRN_ERR_IO;
	snprintf(vault->vfs_name, sizeof(vault->vfs_name), "cairn-vault-%u", ++last);
	vault->vfs = *system;
	vault->vfs.iVersion = 1;
	vault->vfs.szOsFile = (int)(sizeof(struct page_file) > journal_file_bytes() ? sizeof(struct page_file)
										     : journal_file_bytes());
	vault->vfs.pNext = NULL;
	vault->vfs.zName = vault->vfs_name;
	vault->vfs.pAppData = vault;
	vault->vfs.xOpen = vfs_open;
	vault->vfs.xDelete = vfs_delete;
	vault->vfs.xAccess = vfs_access;
	vault->vfs.xFullPathname = vfs_full_path;
	vault->vfs.xRandomness = vfs_randomness;
	return sqlite3_vfs_register(&vault->vfs, 0) == SQLITE_OK ? CAIRN_OK : CAIRN_ERR_NOMEM;
}

void
vfs_unregister(struct vault *vault)
{
	if (vault->vfs.pAppData != NULL)
		sqlite3_vfs_unregister(&vault->vfs);
}
