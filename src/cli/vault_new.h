// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_VAULT_NEW_H
#define CAIRN_CLI_VAULT_NEW_H

#include "vault/vault.h"

/*
 * A vault for a new desk: a new container in a folder, which is made where it is not there; or the other region of
 * one that stands, which takes the passphrase of the region in use, so that that one is not the one overwritten. All
 * return an enum cairn_exit and have told what was wrong.
 */
#define VAULT_MIB_DEFAULT 2048U
#define VAULT_MIB_MOST (1024U * 1024U)

struct vault_new {
	struct vault *vault; /* open; the caller closes it by vault_new_end() */
	char path[4096];
	bool made; /* the container was made here */
};

/* fd is -1 to make a passphrase of words and show it. mib is 0 for the default. */
int vault_new_begin(struct vault_new *v, const char *folder, int fd, uint64_t mib);
/* beside_fd: where the passphrase of the region in use comes from, or -1. */
int vault_new_second(struct vault_new *v, const char *folder, int fd, int beside_fd);

/* good: what was made stays. Otherwise a container that was made here is taken away again. */
void vault_new_end(struct vault_new *v, bool good);

/* A container of mib at path, with a bar. */
int vault_new_container(const char *path, uint64_t mib);

#endif
