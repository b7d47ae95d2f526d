// SPDX-License-Identifier: GPL-3.0-or-later
#include <sodium.h>

#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/unlock.h"

struct passphrase_options {
	struct desk_options desk;
	int new_fd;
};

#define P struct passphrase_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(P, desk),
    OPTION(FD, P, new_fd, "new-fd", "N", "read the new passphrase from this descriptor; else one is made and shown"),
    OPTIONS_END,
};
const struct option_table desk_passphrase_options = {defs, sizeof(P)};

static int
change(struct vault *vault, const char *folder, int new_fd)
{
	char path[UNLOCK_PATH_MAX];
	uint8_t master[CAIRN_KEY_BYTES];
	int code = unlock_path(path, folder), err;

	if (code == CAIRN_EXIT_OK)
		code = unlock_master_new(master, path, new_fd);
	if (code != CAIRN_EXIT_OK)
		return code;
	err = vault_rekey(vault, master, vault_enrolled(vault));
	sodium_memzero(master, sizeof(master));
	if (err == CAIRN_ERR_CONFLICT)
		return fail(CAIRN_EXIT_REFUSED, "this passphrase opens the other part of the vault: take another");
	if (err != CAIRN_OK)
		return unlock_fail(err, path);
	remark("The vault opens with the new passphrase. Copies of its file that were made before still open with "
	       "the old one");
	return CAIRN_EXIT_OK;
}

int
cmd_desk_passphrase(const void *options, int argc, char **argv)
{
	const P *o = options;
	const char *folder = desk_folder(&o->desk);
	struct vault *vault;
	int code;

	(void)argc;
	(void)argv;
	if (folder == NULL)
		return CAIRN_EXIT_USAGE;
	code = unlock_by_passphrase(&vault, folder, o->desk.vault_fd, "The passphrase that the vault has now");
	if (code == CAIRN_EXIT_OK)
		code = change(vault, folder, o->new_fd);
	vault_close(vault);
	return code;
}
