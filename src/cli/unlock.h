// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_UNLOCK_H
#define CAIRN_CLI_UNLOCK_H

#include <stdint.h>

#include "cairn/passphrase.h"
#include "vault/vault.h"

/*
 * Opening the vault in a desk's folder: with a passphrase from a descriptor; else through 'cairn desk open', which
 * hands out what opens it for as long as it runs; else with a passphrase typed on the terminal. All return an enum
 * cairn_exit and have told what was wrong.
 */
#define UNLOCK_FILE "vault"
#define UNLOCK_SOCKET "unlock"
#define UNLOCK_PATH_MAX 4096U

/* fd is -1 where none was given. On failure *ret is NULL. */
int unlock_vault(struct vault **ret, const char *folder, int fd);

/* The same without help of 'cairn desk open': for what changes header or passphrase. what is "Vault passphrase". */
int unlock_by_passphrase(struct vault **ret, const char *folder, int fd, const char *what);

/* The path of the container in this folder. */
int unlock_path(char out[UNLOCK_PATH_MAX], const char *folder);

/* The folder is there and nobody else's to read. */
int unlock_folder(const char *folder);

/* What a passphrase gives for this container: the slow step. */
int unlock_stretch(uint8_t master[CAIRN_KEY_BYTES], const char *path, const struct cairn_passphrase *pass);

/* A passphrase, from fd or typed, and what it gives for this container. */
int unlock_master(uint8_t master[CAIRN_KEY_BYTES], const char *path, int fd, const char *what);

/* A new passphrase: from fd as it is, else of words, shown once and typed again. */
int unlock_master_new(uint8_t master[CAIRN_KEY_BYTES], const char *path, int fd);

/* One open desk a folder: whoever holds this lock. Ends with the process. */
int unlock_lock_folder(const char *folder);

/* Tells what an error of the vault means, and returns the exit code for it. */
int unlock_fail(int err, const char *path);

/*
 * Hands what opens this vault to processes of the same user that ask on a socket in the folder, until
 * unlock_stop(). NULL is fine.
 */
struct unlock_server;
int unlock_serve(struct unlock_server **ret, const struct vault *vault, const char *folder);
void unlock_stop(struct unlock_server *server);

/* Asks for it. CAIRN_ERR_UNKNOWN: nobody is there. */
CAIRN_NODISCARD int unlock_ask(struct vault_grant *grant, const char *folder);

#endif
