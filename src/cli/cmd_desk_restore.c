// SPDX-License-Identifier: GPL-3.0-or-later
#include <sodium.h>

#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/share_load.h"
#include "cli/token.h"
#include "cli/unlock.h"
#include "cli/vault_new.h"
#include "desk/backup.h"
#include "record/apply.h"

struct restore_options {
	struct desk_options desk;
	struct option_list shares;
	int backup_fd;
	uint64_t vault_mib;
};

#define R struct restore_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(R, desk),
    OPTION(LIST, R, shares, "share", "FILE", "a share of the backup's key (twice)"),
    OPTION(FD, R, backup_fd, "backup-fd", "N", "read the backup's passphrase from this descriptor"),
    OPTION(NUMBER, R, vault_mib, "vault-size", "MIB", "size of the new vault's file, for good (2048)"),
    OPTIONS_END,
};
const struct option_table desk_restore_options = {defs, sizeof(R)};

static int
open_backup(struct vault **ret, struct db **ret_db, const char *path, int fd)
{
	uint8_t master[CAIRN_KEY_BYTES];
	int code = unlock_master(master, path, fd, "The passphrase of the backup"), err;

	if (code != CAIRN_EXIT_OK)
		return code;
	err = vault_open(ret, path, master, &token_factor);
	sodium_memzero(master, sizeof(master));
	if (err == CAIRN_OK)
		err = db_open(ret_db, VAULT_DATABASE, vault_vfs(*ret));
	if (err != CAIRN_OK)
		return unlock_fail(err, path);
	return backup_is(*ret_db) ? CAIRN_EXIT_OK : fail(CAIRN_EXIT_REFUSED, "%s is no backup of a desk", path);
}

static int
copy_into(struct vault *vault, struct db *backup)
{
	struct db *db;
	int err = db_open(&db, VAULT_DATABASE, vault_vfs(vault));

	if (err == CAIRN_OK)
		err = db_copy(db, backup);
	db_close(db);
	if (err == CAIRN_ERR_SPACE)
		return fail(CAIRN_EXIT_REFUSED, "the backup does not fit into a vault of that size");
	return err == CAIRN_OK ? CAIRN_EXIT_OK : unlock_fail(err, "the new vault");
}

static int
restore_fail(int err)
{
	switch (err) {
	case CAIRN_ERR_RANGE:
		return fail(CAIRN_EXIT_REFUSED, "that is the same share twice: two different ones are needed");
	case CAIRN_ERR_CONFLICT:
	case CAIRN_ERR_CRYPTO:
		return fail(CAIRN_EXIT_REFUSED, "these two shares are not both of this backup");
	default:
		return unlock_fail(err, "the new vault");
	}
}

/* In the new vault: a state of its own, with another key of erasure, and the device's keys back. */
static int
revive(struct vault *vault, const struct share shares[SHARES_NEEDED])
{
	struct db *state;
	int err = state_open(&state, vault, &desk_rooms);

	if (err == CAIRN_OK)
		err = backup_restore(state, &shares[0], &shares[1], desk_now());
	if (err == CAIRN_OK)
		err = db_begin(state);
	if (err == CAIRN_OK)
		err = db_end(state, record_restored(state));
	state_close(state);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : restore_fail(err);
}

static void
what_follows(bool alone)
{
	if (alone)
		puts("What the backup held is back, and can be read: cases, the record, who wrote. The desk had no "
		     "other device\nthat could give this one its keys again, so that nothing can be said or "
		     "published with it any more: make a\nnew desk, and publish its address (docs/desk.md, \"If the "
		     "machine is gone\").");
	else
		puts("What the backup held is back. Never use the old device again, nor this backup twice. What "
		     "follows:\n  'cairn desk admit' on a device with the role admin, and 'cairn desk join --again' "
		     "here, as after a long\n  time away; then words and keys come back from the others.\n"
		     "  If it was the publisher: 'cairn desk publisher --take-over' here, with two shares of the "
		     "identity key.");
}

static int
restore(const R *o, const char *folder, struct db *backup, const struct share shares[SHARES_NEEDED])
{
	struct vault_new v;
	bool alone;
	int code = vault_new_begin(&v, folder, o->desk.vault_fd, o->vault_mib), err;

	if (code == CAIRN_EXIT_OK)
		code = copy_into(v.vault, backup);
	if (code == CAIRN_EXIT_OK)
		code = revive(v.vault, shares);
	vault_new_end(&v, code == CAIRN_EXIT_OK);
	if (code == CAIRN_EXIT_OK) {
		err = backup_alone(&alone, backup);
		if (err != CAIRN_OK)
			return unlock_fail(err, "the backup");
		what_follows(alone);
	}
	return code;
}

int
cmd_desk_restore(const void *options, int argc, char **argv)
{
	const R *o = options;
	const char *folder = desk_folder(&o->desk);
	struct share *shares;
	struct vault *vault = NULL;
	struct db *backup = NULL;
	int code = CAIRN_EXIT_OK;

	(void)argc;
	if (folder == NULL)
		return CAIRN_EXIT_USAGE;
	if (o->shares.count != SHARES_NEEDED)
		return fail(CAIRN_EXIT_USAGE, "two shares are needed: --share FILE --share FILE");
	shares = sodium_malloc(SHARES_NEEDED * sizeof(*shares));
	if (shares == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	for (size_t i = 0; i < SHARES_NEEDED && code == CAIRN_EXIT_OK; i++)
		code = share_load(&shares[i], o->shares.items[i]);
	if (code == CAIRN_EXIT_OK)
		code = open_backup(&vault, &backup, argv[0], o->backup_fd);
	if (code == CAIRN_EXIT_OK)
		code = restore(o, folder, backup, shares);
	db_close(backup);
	vault_close(vault);
	sodium_free(shares);
	return code;
}
