// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/unlock.h"
#include "cli/vault_new.h"
#include "desk/backup.h"
#include "desk/share_file.h"

#define PAGES_A_MIB 256U

struct backup_options {
	struct desk_options desk;
	const char *out;
	const char *shares;
	int backup_fd;
};

#define B struct backup_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(B, desk),
    OPTION(TEXT, B, out, "out", "FILE", "the backup: a new file, which is a vault of its own"),
    OPTION(TEXT, B, shares, "shares", "DIR", "folder for the three shares of the key of this device's own keys"),
    OPTION(FD, B, backup_fd, "backup-fd", "N", "read the backup's passphrase from this descriptor; else one is made"),
    OPTIONS_END,
};
const struct option_table desk_backup_options = {defs, sizeof(B)};

/* A vault with a database in it, which goes when its step is over. */
struct stage {
	struct vault *vault;
	struct db *db;
};

static void
stage_end(struct stage *s)
{
	db_close(s->db);
	vault_close(s->vault);
}

static int
stage_db(struct stage *s)
{
	int err = db_open(&s->db, VAULT_DATABASE, vault_vfs(s->vault));

	return err == CAIRN_OK ? CAIRN_EXIT_OK : unlock_fail(err, "the vault");
}

static int
copy(struct stage *to, struct stage *from)
{
	int err = db_copy(to->db, from->db);

	return err == CAIRN_OK ? CAIRN_EXIT_OK : unlock_fail(err, "the copy");
}

/* Room for so many pages in each half, and as much again for a journal. */
static uint64_t
mib_for(uint32_t pages)
{
	return 4 * (uint64_t)(pages / PAGES_A_MIB + 1) + 1;
}

/*
 * What is dropped stays in the free pages of a copy. So the first copy, in a vault whose key is never written, is
 * stripped, and what is left is copied into the backup, which has another.
 */
static int
strip(struct stage *stripped, struct stage *from, struct share shares[SHARES], const char *path, uint64_t mib)
{
	uint8_t master[CAIRN_KEY_BYTES];
	int code = vault_new_container(path, mib), err;

	if (code != CAIRN_EXIT_OK)
		return code;
	randombytes_buf(master, sizeof(master));
	err = vault_make(&stripped->vault, path, 0, master, NULL);
	sodium_memzero(master, sizeof(master));
	if (err != CAIRN_OK)
		return unlock_fail(err, path);
	code = stage_db(stripped);
	if (code == CAIRN_EXIT_OK)
		code = copy(stripped, from);
	if (code != CAIRN_EXIT_OK)
		return code;
	err = backup_strip(stripped->db, desk_sealed, shares);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : unlock_fail(err, path);
}

static int
put_shares(const struct share shares[SHARES], const B *o)
{
	char path[SHARE_PATH_MAX];
	int err = shares_put(path, o->shares, shares, "this device", SHARE_OF_BACKUP);

	return err == CAIRN_OK ? CAIRN_EXIT_OK : fail(CAIRN_EXIT_STORAGE, "a share could not be written: %s", path);
}

static int
write_backup(struct stage *stripped, const struct share shares[SHARES], const B *o, uint64_t mib)
{
	uint8_t master[CAIRN_KEY_BYTES];
	struct stage out = {NULL, NULL};
	int code = vault_new_container(o->out, mib), err;

	if (code != CAIRN_EXIT_OK)
		return code;
	code = unlock_master_new(master, o->out, o->backup_fd);
	if (code == CAIRN_EXIT_OK) {
		err = vault_make(&out.vault, o->out, randombytes_uniform(CONTAINER_REGIONS), master, NULL);
		code = err == CAIRN_OK ? stage_db(&out) : unlock_fail(err, o->out);
	}
	sodium_memzero(master, sizeof(master));
	if (code == CAIRN_EXIT_OK)
		code = copy(&out, stripped);
	if (code == CAIRN_EXIT_OK)
		code = put_shares(shares, o);
	stage_end(&out);
	if (code != CAIRN_EXIT_OK)
		unlink(o->out);
	return code;
}

static int
back_up(struct stage *from, const B *o)
{
	char part[UNLOCK_PATH_MAX];
	struct share *shares = sodium_malloc(SHARES * sizeof(*shares));
	struct stage stripped = {NULL, NULL};
	uint32_t used, pages;
	int code, err = vault_room(from->vault, &used, &pages);

	if (shares == NULL || err != CAIRN_OK)
		code = unlock_fail(shares == NULL ? CAIRN_ERR_NOMEM : err, "the vault");
	else if (snprintf(part, sizeof(part), "%s.part", o->out) >= (int)sizeof(part))
		code = fail(CAIRN_EXIT_USAGE, "the file's name is too long");
	else {
		code = strip(&stripped, from, shares, part, mib_for(used));
		if (code == CAIRN_EXIT_OK)
			code = write_backup(&stripped, shares, o, mib_for(used));
		if (stripped.vault != NULL) {
			err = vault_forget(stripped.vault);
			unlink(part);
			if (err != CAIRN_OK && code == CAIRN_EXIT_OK)
				code = unlock_fail(err, "the copy that the backup was made of");
		}
	}
	stage_end(&stripped);
	sodium_free(shares);
	return code;
}

/* What this backup is not good for. */
static int
limits_tell(struct db *db)
{
	struct query q = db_query(db, "SELECT count(*) FROM outbox");
	uint64_t count;
	bool alone = false;
	int err = query_number(&q, &count);

	if (err == CAIRN_OK && count > 0)
		complain("NOT SENT, and so not in the backup: %llu things that were said on this device ('cairn desk "
			 "sync' sends them)",
		    (unsigned long long)count);
	if (err == CAIRN_OK)
		err = backup_alone(&alone, db);
	if (alone)
		complain("this desk has one device: out of this backup it can be read, and not go on, since the keys "
			 "that are erased are nowhere else. Admit a second one");
	return err == CAIRN_OK ? CAIRN_EXIT_OK : unlock_fail(err, "the vault");
}

int
cmd_desk_backup(const void *options, int argc, char **argv)
{
	const B *o = options;
	const char *folder = desk_folder(&o->desk);
	struct stage from = {NULL, NULL};
	int code;

	(void)argc;
	(void)argv;
	if (folder == NULL)
		return CAIRN_EXIT_USAGE;
	if (o->out == NULL || o->shares == NULL)
		return fail(CAIRN_EXIT_USAGE, "--out FILE and --shares DIR are needed");
	code = unlock_vault(&from.vault, folder, o->desk.vault_fd);
	if (code == CAIRN_EXIT_OK)
		code = stage_db(&from);
	if (code == CAIRN_EXIT_OK)
		code = back_up(&from, o);
	if (code == CAIRN_EXIT_OK)
		code = limits_tell(from.db);
	stage_end(&from);
	if (code == CAIRN_EXIT_OK)
		remark("The backup is made. Keep it, its passphrase and the three shares apart from each other. It "
		       "holds what the desk knows, and none of the keys that are erased by the day");
	return code;
}
