// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <unistd.h>

#include <sodium.h>

#include "cli/unlock.h"

/* For scripts: runs SQL in the vault of a desk's folder, whose passphrase comes on standard input. */
int
main(int argc, char **argv)
{
	struct vault *vault = NULL;
	struct db *db = NULL;
	int bad = argc != 3 || sodium_init() < 0 ||
	    unlock_by_passphrase(&vault, argv[1], STDIN_FILENO, "words") != 0 ||
	    db_open(&db, VAULT_DATABASE, vault_vfs(vault)) != CAIRN_OK || db_script(db, argv[2]) != CAIRN_OK;

	db_close(db);
	vault_close(vault);
	return bad;
}
