// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/token.h"
#include "cli/unlock.h"
#include "cli/vault_new.h"

struct grow_options {
	struct desk_options desk;
	uint64_t vault_mib;
	const char *from;
	int beside_fd;
};

#define G struct grow_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(G, desk),
    OPTION(NUMBER, G, vault_mib, "vault-size", "MIB", "size of the new vault's file, for good (2048)"),
    OPTION(TEXT, G, from, "from", "FILE", "move the desk in this old vault into the other part of the new one"),
    OPTION(FD, G, beside_fd, "beside-fd", "N", "with --from: read the passphrase of the part in use from here"),
    OPTIONS_END,
};
const struct option_table desk_grow_options = {defs, sizeof(G)};

/* What moves, where to, and the passphrase that opens it before and after. */
struct growing {
	struct cairn_passphrase pass;
	struct vault *old;
	char old_path[UNLOCK_PATH_MAX];
	char new_path[UNLOCK_PATH_MAX];
	unsigned region; /* of the new one */
};

static bool
on_page(void *arg, uint64_t done, uint64_t total)
{
	struct progress *p = arg;

	p->total = total;
	progress_at(p, done);
	return true;
}

static int
open_old(struct growing *g, const G *o)
{
	uint8_t master[CAIRN_KEY_BYTES];
	int code = ask_passphrase(&g->pass, o->desk.vault_fd, "The passphrase of the desk that moves"), err;

	if (code == CAIRN_EXIT_OK)
		code = unlock_stretch(master, g->old_path, &g->pass);
	if (code != CAIRN_EXIT_OK)
		return code;
	err = vault_open(&g->old, g->old_path, master, &token_factor);
	sodium_memzero(master, sizeof(master));
	return err == CAIRN_OK ? CAIRN_EXIT_OK : unlock_fail(err, g->old_path);
}

/* The same passphrase opens it, and the same token; only the salt is another. */
static int
move(struct growing *g)
{
	uint8_t master[CAIRN_KEY_BYTES];
	struct vault *new;
	struct progress p;
	int code = unlock_stretch(master, g->new_path, &g->pass), err;

	if (code != CAIRN_EXIT_OK)
		return code;
	progress_begin(&p, "moving pages", 0);
	err = vault_move(&new, g->old, g->new_path, g->region, master, vault_enrolled(g->old), on_page, &p);
	progress_end(&p);
	sodium_memzero(master, sizeof(master));
	vault_close(new);
	if (err == CAIRN_ERR_SPACE)
		return fail(CAIRN_EXIT_REFUSED, "the desk does not fit into a vault of that size");
	if (err == CAIRN_ERR_CRYPTO)
		return fail(CAIRN_EXIT_REFUSED, "a page is damaged: 'cairn desk vault --check' names it");
	return err == CAIRN_OK ? CAIRN_EXIT_OK : unlock_fail(err, g->new_path);
}

/* Both names change at once: there is a vault of that name at every moment. The old one is then the .old one. */
static int
swap(const struct growing *g, const char *folder)
{
	char aside[UNLOCK_PATH_MAX + 8];
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good;

	snprintf(aside, sizeof(aside), "%s.old", g->old_path);
	good = fd >= 0 && renameat2(AT_FDCWD, g->new_path, AT_FDCWD, g->old_path, RENAME_EXCHANGE) == 0 &&
	    rename(g->new_path, aside) == 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return good ? CAIRN_EXIT_OK : fail(CAIRN_EXIT_STORAGE, "%s: %s", g->old_path, strerror(errno));
}

static int
grow(struct growing *g, const G *o, const char *folder)
{
	char aside[UNLOCK_PATH_MAX + 8];
	int code = unlock_path(g->old_path, folder);

	if (code != CAIRN_EXIT_OK)
		return code;
	snprintf(aside, sizeof(aside), "%s.old", g->old_path);
	if (access(aside, F_OK) == 0)
		return fail(CAIRN_EXIT_STORAGE,
		    "%s is there from an earlier move: see that nothing in it is needed, and remove it", aside);
	snprintf(g->new_path, sizeof(g->new_path), "%.4080s.new", g->old_path);
	code = open_old(g, o);
	if (code == CAIRN_EXIT_OK)
		code = vault_new_container(g->new_path, o->vault_mib);
	if (code != CAIRN_EXIT_OK)
		return code;
	g->region = randombytes_uniform(CONTAINER_REGIONS);
	code = move(g);
	if (code == CAIRN_EXIT_OK)
		code = swap(g, folder);
	if (code != CAIRN_EXIT_OK)
		unlink(g->new_path);
	return code;
}

/* The other desk of the old vault follows, into the part that the first did not take. */
static int
follow(struct growing *g, const G *o, const char *folder)
{
	struct vault *beside;
	int code = unlock_path(g->new_path, folder);

	if (code == CAIRN_EXIT_OK)
		code = unlock_by_passphrase(&beside, folder, o->beside_fd,
		    "The passphrase of the desk that is in the new vault already");
	if (code != CAIRN_EXIT_OK)
		return code;
	g->region = CONTAINER_REGIONS - 1 - vault_region(beside);
	vault_close(beside);
	snprintf(g->old_path, sizeof(g->old_path), "%s", o->from);
	code = open_old(g, o);
	return code == CAIRN_EXIT_OK ? move(g) : code;
}

static int
finish(struct growing *g, const G *o)
{
	if (vault_forget(g->old) != CAIRN_OK)
		complain("the old vault could not be overwritten: the passphrase still opens it");
	if (o->from != NULL)
		remark("The desk is in the new vault. Nothing of it can be read in the old one any more");
	else
		remark("The desk is in the new vault. Nothing of it can be read in vault.old any more. If another "
		       "desk lies in that, move it with --from; then remove the file");
	return CAIRN_EXIT_OK;
}

int
cmd_desk_grow(const void *options, int argc, char **argv)
{
	const G *o = options;
	const char *folder = desk_folder(&o->desk);
	struct growing g = {.old = NULL};
	int code;

	(void)argc;
	(void)argv;
	if (folder == NULL)
		return CAIRN_EXIT_USAGE;
	code = unlock_folder(folder);
	if (code == CAIRN_EXIT_OK)
		code = unlock_lock_folder(folder);
	if (code == CAIRN_EXIT_OK)
		code = o->from == NULL ? grow(&g, o, folder) : follow(&g, o, folder);
	if (code == CAIRN_EXIT_OK)
		code = finish(&g, o);
	vault_close(g.old);
	cairn_passphrase_clear(&g.pass);
	return code;
}
