// SPDX-License-Identifier: GPL-3.0-or-later
#include <sodium.h>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/token.h"
#include "cli/unlock.h"

struct token_options {
	struct desk_options desk;
	bool add;
	bool remove;
};

#define T struct token_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(T, desk),
    OPTION(FLAG, T, add, "add", "", "from now on the vault wants the token that is plugged in as well"),
    OPTION(FLAG, T, remove, "remove", "", "from now on the passphrase alone opens it"),
    OPTIONS_END,
};
const struct option_table desk_token_options = {defs, sizeof(T)};

static int
change(struct vault *vault, const char *path, const uint8_t master[CAIRN_KEY_BYTES], bool add)
{
	struct vault_enrolled *enrolled = sodium_malloc(sizeof(*enrolled));
	int code = enrolled == NULL ? fail(CAIRN_EXIT_MEMORY, "out of memory") : CAIRN_EXIT_OK, err;

	if (code == CAIRN_EXIT_OK && add)
		code = token_add(enrolled);
	if (code == CAIRN_EXIT_OK) {
		err = vault_rekey(vault, master, add ? enrolled : NULL);
		code = err == CAIRN_OK ? CAIRN_EXIT_OK : unlock_fail(err, path);
	}
	sodium_free(enrolled);
	return code;
}

static int
within(const T *o, const char *path, const uint8_t master[CAIRN_KEY_BYTES])
{
	struct vault *vault;
	int err = vault_open(&vault, path, master, &token_factor), code;

	if (err != CAIRN_OK)
		return unlock_fail(err, path);
	code = change(vault, path, master, o->add);
	vault_close(vault);
	if (code == CAIRN_EXIT_OK)
		remark(o->add ? "The vault wants its token now. Nothing opens it when that is lost: keep a backup"
			      : "The passphrase alone opens the vault now");
	return code;
}

int
cmd_desk_token(const void *options, int argc, char **argv)
{
	const T *o = options;
	const char *folder = desk_folder(&o->desk);
	char path[UNLOCK_PATH_MAX];
	uint8_t master[CAIRN_KEY_BYTES];
	int code;

	(void)argc;
	(void)argv;
	if (folder == NULL)
		return CAIRN_EXIT_USAGE;
	if (o->add == o->remove)
		return fail(CAIRN_EXIT_USAGE, "say --add or --remove");
	code = unlock_folder(folder);
	if (code == CAIRN_EXIT_OK)
		code = unlock_path(path, folder);
	if (code == CAIRN_EXIT_OK)
		code = unlock_master(master, path, o->desk.vault_fd, "Vault passphrase");
	if (code == CAIRN_EXIT_OK)
		code = within(o, path, master);
	sodium_memzero(master, sizeof(master));
	return code;
}
