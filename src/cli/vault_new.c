// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/vault_new.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "cli/exit.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/unlock.h"

static bool
on_filled(void *arg, uint64_t done, uint64_t total)
{
	struct progress *p = arg;

	p->total = total >> 20;
	progress_at(p, done >> 20);
	return true;
}

int
vault_new_container(const char *path, uint64_t mib)
{
	uint64_t bytes = (mib == 0 ? VAULT_MIB_DEFAULT : mib) << 20;
	struct progress p;
	int err;

	if (mib > VAULT_MIB_MOST)
		return fail(CAIRN_EXIT_USAGE, "a vault has at most %u MiB", VAULT_MIB_MOST);
	progress_begin(&p, "filling the vault with random bytes, MiB", bytes >> 20);
	err = container_create(path, bytes, on_filled, &p);
	progress_end(&p);
	if (err == CAIRN_ERR_RANGE)
		return fail(CAIRN_EXIT_USAGE, "a vault has at least %llu MiB",
		    (unsigned long long)CONTAINER_BYTES_LEAST >> 20);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : unlock_fail(err, path);
}

static int
make_region(struct vault_new *v, unsigned region, int fd)
{
	uint8_t master[CAIRN_KEY_BYTES];
	int code = unlock_master_new(master, v->path, fd), err;

	if (code != CAIRN_EXIT_OK)
		return code;
	err = vault_make(&v->vault, v->path, region, master, NULL);
	sodium_memzero(master, sizeof(master));
	if (err == CAIRN_ERR_CONFLICT)
		return fail(CAIRN_EXIT_REFUSED, "this passphrase opens the other part of the vault: take another");
	return err == CAIRN_OK ? CAIRN_EXIT_OK : unlock_fail(err, v->path);
}

/* Which region comes first must not tell that there is another: it is drawn. */
int
vault_new_begin(struct vault_new *v, const char *folder, int fd, uint64_t mib)
{
	int code;

	memset(v, 0, sizeof(*v));
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return fail(CAIRN_EXIT_STORAGE, "%s: %s", folder, strerror(errno));
	code = unlock_folder(folder);
	if (code == CAIRN_EXIT_OK)
		code = unlock_path(v->path, folder);
	if (code == CAIRN_EXIT_OK)
		code = vault_new_container(v->path, mib);
	if (code != CAIRN_EXIT_OK)
		return code;
	v->made = true;
	return make_region(v, randombytes_uniform(CONTAINER_REGIONS), fd);
}

int
vault_new_second(struct vault_new *v, const char *folder, int fd, int beside_fd)
{
	struct vault *beside;
	unsigned region;
	int code = unlock_path(v->path, folder);

	v->vault = NULL;
	v->made = false;
	if (code == CAIRN_EXIT_OK)
		code = unlock_by_passphrase(&beside, folder, beside_fd,
		    "The passphrase of the desk that is in this vault already");
	if (code != CAIRN_EXIT_OK)
		return code;
	region = CONTAINER_REGIONS - 1 - vault_region(beside);
	vault_close(beside);
	return make_region(v, region, fd);
}

void
vault_new_end(struct vault_new *v, bool good)
{
	vault_close(v->vault);
	v->vault = NULL;
	if (v->made && !good)
		unlink(v->path);
}
