// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/unlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <sodium.h>

#include "cli/ask.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/token.h"

#define VAULT_WORDS "english"

int
unlock_path(char out[UNLOCK_PATH_MAX], const char *folder)
{
	int n = snprintf(out, UNLOCK_PATH_MAX, "%s/" UNLOCK_FILE, folder);

	if (n < 0 || (size_t)n >= UNLOCK_PATH_MAX)
		return fail(CAIRN_EXIT_USAGE, "the folder's name is too long");
	return CAIRN_EXIT_OK;
}

int
unlock_folder(const char *folder)
{
	struct stat st;

	if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode))
		return fail(CAIRN_EXIT_STORAGE, "%s holds no desk: name its folder with --dir or CAIRN_DESK, or make "
						"one with 'cairn desk init'",
		    folder);
	if ((st.st_mode & 077) != 0)
		return fail(CAIRN_EXIT_STORAGE,
		    "%s may be read by others on this machine: 'chmod 700' it, and ask who did that", folder);
	return CAIRN_EXIT_OK;
}

int
unlock_lock_folder(const char *folder)
{
	char path[UNLOCK_PATH_MAX];
	int fd;

	if (snprintf(path, sizeof(path), "%s/open.lock", folder) >= (int)sizeof(path))
		return fail(CAIRN_EXIT_USAGE, "the folder's name is too long");
	fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(CAIRN_EXIT_STORAGE, "%s: %s", path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return fail(CAIRN_EXIT_STORAGE, "this desk is open already, in another terminal");
	return CAIRN_EXIT_OK; /* the descriptor is the lock: it stays open */
}

int
unlock_fail(int err, const char *path)
{
	switch (err) {
	case CAIRN_ERR_UNKNOWN:
		return fail(CAIRN_EXIT_STORAGE, "there is no vault at %s: name the desk's folder with --dir or "
						"CAIRN_DESK, or make one with 'cairn desk init'",
		    path);
	case CAIRN_ERR_CRYPTO:
		return fail(CAIRN_EXIT_REFUSED, "this opens nothing in the vault. Try again, word by word");
	case CAIRN_ERR_FORMAT:
		return fail(CAIRN_EXIT_STORAGE, "%s is no vault, or of a newer version of cairn", path);
	case CAIRN_ERR_SPACE:
		return fail(CAIRN_EXIT_STORAGE, "there is no room on the disk, or in the vault; nothing is lost");
	case CAIRN_ERR_BUSY:
		return fail(CAIRN_EXIT_STORAGE, "another program holds the vault: try again in a moment");
	case CAIRN_ERR_NOMEM:
		return fail(CAIRN_EXIT_MEMORY, "not enough memory: 256 MiB are needed for a moment");
	case CAIRN_ERR_CONFLICT:
		return fail(CAIRN_EXIT_STORAGE,
		    "there is something at %s already, which stays as it is. If a command broke off and left it, so "
		    "that no desk was ever in it, remove it and begin anew",
		    path);
	case CAIRN_ERR_STATE:
		return fail(CAIRN_EXIT_REFUSED,
		    "this vault was opened by 'cairn desk open': the passphrase itself is needed for this");
	default:
		return fail(CAIRN_EXIT_STORAGE, "%s cannot be read or written: check the disk, and that it is yours",
		    path);
	}
}

int
unlock_stretch(uint8_t master[CAIRN_KEY_BYTES], const char *path, const struct cairn_passphrase *pass)
{
	struct container container;
	int err = container_open(&container, path);

	if (err == CAIRN_OK) {
		err = container_master(master, &container, pass->input, pass->bytes, &container_cost);
		container_close(&container);
	}
	return err == CAIRN_OK ? CAIRN_EXIT_OK : unlock_fail(err, path);
}

static int
stretch(uint8_t master[CAIRN_KEY_BYTES], const char *path, struct cairn_passphrase *pass)
{
	int code = unlock_stretch(master, path, pass);

	cairn_passphrase_clear(pass);
	return code;
}

int
unlock_master(uint8_t master[CAIRN_KEY_BYTES], const char *path, int fd, const char *what)
{
	struct cairn_passphrase pass;
	int code = ask_passphrase(&pass, fd, what);

	return code == CAIRN_EXIT_OK ? stretch(master, path, &pass) : code;
}

int
unlock_master_new(uint8_t master[CAIRN_KEY_BYTES], const char *path, int fd)
{
	struct cairn_passphrase pass;
	int code;

	if (fd >= 0)
		return unlock_master(master, path, fd, "The new vault passphrase");
	code = ask_passphrase_new(&pass, cairn_wordlist_find(VAULT_WORDS),
	    "It opens the vault on this machine. Whoever has both has the desk; without it nobody\n"
	    "opens it, you neither.");
	return code == CAIRN_EXIT_OK ? stretch(master, path, &pass) : code;
}

int
unlock_by_passphrase(struct vault **ret, const char *folder, int fd, const char *what)
{
	char path[UNLOCK_PATH_MAX];
	uint8_t master[CAIRN_KEY_BYTES];
	int code = unlock_folder(folder), err;

	*ret = NULL;
	if (code == CAIRN_EXIT_OK)
		code = unlock_path(path, folder);
	if (code == CAIRN_EXIT_OK)
		code = unlock_master(master, path, fd, what);
	if (code != CAIRN_EXIT_OK)
		return code;
	err = vault_open(ret, path, master, &token_factor);
	sodium_memzero(master, sizeof(master));
	return err == CAIRN_OK ? CAIRN_EXIT_OK : unlock_fail(err, path);
}

int
unlock_vault(struct vault **ret, const char *folder, int fd)
{
	char path[UNLOCK_PATH_MAX];
	struct vault_grant grant;
	int code = unlock_folder(folder), err;

	*ret = NULL;
	if (code == CAIRN_EXIT_OK)
		code = unlock_path(path, folder);
	if (code != CAIRN_EXIT_OK)
		return code;
	if (fd >= 0 || unlock_ask(&grant, folder) != CAIRN_OK)
		return unlock_by_passphrase(ret, folder, fd, "Vault passphrase");
	err = vault_open_granted(ret, path, &grant);
	sodium_memzero(&grant, sizeof(grant));
	return err == CAIRN_OK ? CAIRN_EXIT_OK : unlock_fail(err, path);
}
